"""News from outside the account's own site: searches, and filings. Each source stands or falls alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from tools.contain import contained
from tools.documents import Account, FetchFailure, GatherLimits, SourceDocument
from tools.failure_words import unasked, why
from tools.news.filings import event_filings, read_filing
from tools.news.search import NewsSearch
from tools.news.story import Story, names_in
from tools.pages.api import PageReader
from tools.registries.gather import NO_CONTACT, is_unrecorded, share_filer
from tools.registries.payload import one_line
from tools.registries.sec import SecLookup
from tools.registries.tie import host_of, speaks_for

_FILINGS = 6
_PER_SEARCH = 5


class Found(NamedTuple):
    """What one outside source gave, and one line about it."""

    note: str
    stories: tuple[Story, ...] = ()
    documents: tuple[SourceDocument, ...] = ()
    failures: tuple[FetchFailure, ...] = ()
    asked: bool = True


async def run_search(account: Account, reader: PageReader, search: NewsSearch) -> Found:
    """Ask one search; a mistake in reading it stays its own. See `_run_search`."""
    found = await contained(_run_search(account, reader, search), stage=search.name, url=account.home_url)
    if isinstance(found, FetchFailure):
        return Found(f"{search.name} could not be read", failures=(found,))
    return found


async def _run_search(account: Account, reader: PageReader, search: NewsSearch) -> Found:
    """Ask one search; keep the hits that name the account in their headline or link to its domain.

    A failed search is one failure and one line; it never touches what the others found.
    """
    request = search.request(account)
    if request is None:
        return Found(f"{search.name} not asked: the account's name is too short to search by", asked=False)
    answer = await reader.fetcher.fetch(request)
    if isinstance(answer, FetchFailure) and search.only_recorded and answer.reason == "not_in_archive":
        return Found("", asked=False)
    if isinstance(answer, FetchFailure):
        return Found(_not_asked(search.name, answer), failures=(answer,))
    hits = search.parse(answer.body)
    if hits is None:
        detail = f"{search.name} answered no result list: {one_line(answer.body[:200].decode('utf-8', 'replace'), 100)}"
        failure = FetchFailure(url=request.url, reason="parse", detail=detail, status=answer.status)
        return Found(f"{search.name} could not be read", failures=(failure,))
    kept = [hit for hit in hits if _worth_reading(account, hit.title, hit.points_to or hit.url)]
    stories = tuple(
        Story(
            url=hit.url,
            title=hit.title,
            text=hit.text,
            published_at=hit.published_at,
            origin="third-party",
            response=answer,
            provider=host_of(hit.url) if search.reads_articles else host_of(answer.url),
            tier="first-party-text" if speaks_for(account, hit.url) else "news",
            complete=not search.reads_articles,
            points_to=hit.points_to,
        )
        for hit in kept[:_PER_SEARCH]
    )
    return Found(f"{search.name}: {counted(len(hits), 'hit')}, {len(stories)} to check", stories)


def _worth_reading(account: Account, title: str, url: str) -> bool:
    """Tell whether a hit can tie at all: its link is the account's, or its headline says the name."""
    return speaks_for(account, url) or names_in(title, account.names)


async def read_filings(account: Account, reader: PageReader, limits: GatherLimits, contact: str) -> Found:
    """Read the filer's recent events; a mistake in reading them stays their own. See `_read_filings`."""
    found = await contained(
        _read_filings(account, reader, limits, contact), stage="SEC EDGAR filings", url="https://www.sec.gov/"
    )
    if isinstance(found, FetchFailure):
        return Found("SEC EDGAR filings could not be read", failures=(found,))
    return found


async def _read_filings(account: Account, reader: PageReader, limits: GatherLimits, contact: str) -> Found:
    """Read the filer's recent 8-Ks that tell an event; without a contact EDGAR is not asked."""
    lookup = await share_filer(account, reader, contact) if contact else SecLookup()
    if not contact or is_unrecorded(lookup, contact):
        return Found(NO_CONTACT, asked=False)
    if lookup.filer is None:
        if lookup.failure:
            return Found(_not_asked("SEC EDGAR", lookup.failure), failures=(lookup.failure,))
        return Found("SEC EDGAR: no filer ties to the domain")
    filings = event_filings(lookup.filer, reader.now().date(), limits.news_within_days)[:_FILINGS]
    answers = await asyncio.gather(
        *(read_filing(filing, reader.fetcher, contact, reader.aside) for filing in filings)
    )
    documents = tuple(answer for answer in answers if isinstance(answer, SourceDocument))
    failures = tuple(answer for answer in answers if isinstance(answer, FetchFailure))
    note = f"SEC EDGAR: {counted(len(documents), '8-K')} of {len(filings)} with an event read"
    return Found(note, documents=documents, failures=one_each(failures))


def _not_asked(name: str, failure: FetchFailure) -> str:
    said = "not asked: " if unasked(failure) else "could not be asked: "
    return f"{name} {said}{why(failure)}"


def one_each(failures: Iterable[FetchFailure]) -> tuple[FetchFailure, ...]:
    """Return one failure per host and reason, saying how many more there were."""
    groups: dict[tuple[str, str], list[FetchFailure]] = {}
    for failure in failures:
        groups.setdefault((host_of(failure.url), failure.reason), []).append(failure)
    return tuple(_withcounted(group) for group in groups.values())


def _withcounted(group: list[FetchFailure]) -> FetchFailure:
    first, more = group[0], len(group) - 1
    if not more:
        return first
    others = f"and {counted(more, 'more article')} there"
    return first.model_copy(update={"detail": f"{first.detail}; {others}" if first.detail else others})


def counted(number: int, noun: str) -> str:
    """Return `1 post`, `2 posts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
