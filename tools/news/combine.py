"""Put the news sources together: what is read first, what is a copy, what counts, what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from tools.contain import contained
from tools.documents import Account, FetchFailure, Gathered, GatherLimits, SourceDocument, SourceState
from tools.failure_words import unasked, why
from tools.news.outside import Found, counted, one_each, read_filings, run_search
from tools.news.own import OwnNews, find_own_stories
from tools.news.reading import Tie, read_stories, without_copies
from tools.news.search import NewsSearch
from tools.news.searches import GOOGLE_NEWS_TERMS, chosen_searches
from tools.news.story import Story, best_first, distinct, same_story
from tools.pages.api import Page, PageReader, SitePage
from tools.providers.keys import GOOGLE_NEWS, SourceKeys

_QUARANTINE_SHOWN = 10
# A fifth of the places is kept for what others wrote, so that a busy blog does not hide it.
_OTHERS_SHARE = 5
_OTHERS_READ = 10


async def gather_from(
    account: Account,
    reader: PageReader,
    limits: GatherLimits,
    keys: SourceKeys,
    site: Sequence[SitePage],
    tie_reason: Tie,
) -> Gathered:
    """Gather the news of an account whose site pages are already read; see `gather_news`."""
    searches = chosen_searches(keys, limits.opt_in_sources)
    (own, filings), searched = await asyncio.gather(
        asyncio.gather(
            _own_stories(account, reader, site), read_filings(account, reader, limits, keys.contact)
        ),
        asyncio.gather(
            *(run_search(account, reader, search) for search in searches if not _left_out(search, limits))
        ),
    )
    today = reader.now().date()
    stories = distinct([*own.stories, *(story for found in searched for story in found.stories)])
    ordered = best_first(stories, today, limits.news_within_days)
    ours = [story for story in ordered if story.tier == "first-party-text"]
    told = [story for story in ordered if story.tier != "first-party-text"]
    theirs = [story for story in told if not any(_told_by(own_story, story) for own_story in ours)]
    told_before = len(told) - len(theirs)
    others = min(len(theirs) + len(filings.documents), limits.max_news // _OTHERS_SHARE)
    ours = ours[: max(limits.max_news - others, 0)]
    theirs = theirs[: min(max(limits.max_news - len(ours), 0), _OTHERS_READ)]
    read = await read_stories(account, reader, [*ours, *theirs], tie_reason)
    documents, copies = without_copies(read)
    copies += told_before
    kept = _capped(documents, filings.documents, limits.max_news)
    failures = [
        *own.failures,
        *one_each(entry.failure for entry in read if entry.failure),
        *filings.failures,
        *(failure for found in searched for failure in found.failures),
    ]
    quarantined = [entry.quarantined for entry in read if entry.quarantined]
    notes = [
        _own_note(own, kept, site),
        *_copies_note(copies),
        filings.note,
        *(found.note for found in searched if found.note),
    ]
    notes += [
        f"{search.name} not asked: left out of this run" for search in searches if _left_out(search, limits)
    ]
    if GOOGLE_NEWS in limits.opt_in_sources or any(
        found.note.startswith("Google News:") for found in searched
    ):
        notes.append(GOOGLE_NEWS_TERMS)
    return Gathered(
        source="news",
        state=_state(kept, own, searched),
        detail="; ".join(notes),
        documents=kept,
        failures=tuple({(failure.url, failure.reason): failure for failure in failures}.values()),
        quarantined=tuple(quarantined[:_QUARANTINE_SHOWN]),
    )


async def _own_stories(account: Account, reader: PageReader, site: Sequence[SitePage]) -> OwnNews:
    found = await contained(
        find_own_stories(account, reader, site), stage="the account's own news", url=account.home_url
    )
    return OwnNews(failures=[found]) if isinstance(found, FetchFailure) else found


def _left_out(search: NewsSearch, limits: GatherLimits) -> bool:
    return search.name.casefold() in limits.left_out_sources


def _capped(
    documents: Sequence[SourceDocument], filings: Sequence[SourceDocument], cap: int
) -> tuple[SourceDocument, ...]:
    """Return own posts, filings, then the rest, each document once, at most `cap`."""
    own = [document for document in documents if document.tier == "first-party-text"]
    rest = [document for document in documents if document.tier != "first-party-text"]
    room = max(cap - len(filings), 0)
    ordered = [*own[:room], *filings, *rest]
    return tuple({document.id: document for document in ordered}.values())[:cap]


def _state(documents: Sequence[SourceDocument], own: OwnNews, found: Iterable[Found]) -> SourceState:
    """Say what was read: a list that was read and empty is "nothing found", one that failed is not."""
    if documents:
        return "read"
    if own.read:
        return "read_nothing_found"
    # An archive or a spent budget means that nobody looked, not that what was there was unreadable.
    if any(not unasked(failure) for failure in own.failures):
        return "unreadable"
    if not own.failures and any(search.asked and not search.failures for search in found):
        return "read_nothing_found"
    return "not_looked"


def _told_by(left: Story, right: Story) -> bool:
    return same_story(left.title, left.text, right.title, right.text)


def _own_note(own: OwnNews, documents: Sequence[SourceDocument], site: Sequence[SitePage]) -> str:
    posts = sum(1 for document in documents if document.tier == "first-party-text")
    if own.read:
        return (
            f"{' and '.join(dict.fromkeys(own.read))} read: {counted(posts, 'post') if posts else 'no posts'}"
        )
    if own.failures:
        return f"the account's own news could not be read: {why(own.failures[0])}"
    if not any(isinstance(entry.page, Page) for entry in site):
        return "the site itself could not be read, so no newsroom, blog or feed is known"
    return "no newsroom, blog or feed found on the site"


def _copies_note(copies: int) -> list[str]:
    return [f"{'copy' if copies == 1 else 'copies'} of a story left out: {copies}"] if copies else []
