"""Gather the account's job openings: its boards, its careers pages, and what could not be read.

A board must be linked or embedded where the site speaks of its own jobs; its token is never made up.
An unread or unrecognised careers page is said to be so, and is never "not hiring".
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.ats.api import Board, BoardPosting
from tools.ats.boards import ADAPTERS
from tools.ats.careers import PostingLink, listed_openings, posting_links, says_no_openings
from tools.ats.documents import distinct_openings, posting_document
from tools.ats.fragment import plain_text
from tools.ats.identity import another_company
from tools.ats.jobposting import stated_postings
from tools.ats.read import BoardOutcome, read_board
from tools.ats.site import SiteJobs, see_jobs
from tools.ats.workday import TOTAL_CAP
from tools.documents import (
    TELLING,
    Account,
    FetchFailure,
    Gathered,
    GatherLimits,
    Quarantined,
    SourceDocument,
    SourceState,
    SourceTier,
)
from tools.failure_words import why
from tools.occupations import names_a_job
from tools.pages.api import Page, PageReader, SitePage
from tools.pages.language import ENOUGH, SAMPLE, recognised_languages

MOST_BOARDS = 3
"""Boards read for one account: regions and subsidiaries may have their own."""

_AT_A_STRETCH = 20

MOST_POSTING_PAGES = 8
"""Posting pages of the account's own site that are opened for their text."""


@dataclass
class _Found:
    """One account's openings, and what there is to say about each place they were looked for."""

    account: Account
    reader: PageReader
    limits: GatherLimits
    site: SiteJobs
    documents: dict[str, SourceDocument] = field(default_factory=dict)
    failures: list[FetchFailure] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    said: list[tuple[SourceState, str]] = field(default_factory=list)
    total: int | None = None

    def say(self, state: SourceState, detail: str, openings: int | None = None) -> None:
        """Note how one place was read, and the openings it counts."""
        self.said.append((state, detail))
        if openings is not None:
            self.total = (self.total or 0) + openings

    async def keep(
        self, openings: Sequence[BoardPosting], *, provider: str, tier: SourceTier, where: str, url: str
    ) -> None:
        """Add the documents of openings, up to the account's cap, each text once."""
        for number, opening in enumerate(await self._in_their_languages(openings, url)):
            if len(self.documents) >= self.limits.max_postings:
                return
            if number % _AT_A_STRETCH == _AT_A_STRETCH - 1:
                await asyncio.sleep(0)  # others wait for a few openings, not for a whole board
            key = f"{provider}:{where}:{opening.key}"
            for told in (opening, replace(opening, reference=opening.key)):
                document = posting_document(
                    told,
                    provider=provider,
                    tier=tier,
                    key=key,
                    fallback_url=url,
                    fetched_at=self.reader.now(),
                )
                if document.id not in self.documents:
                    self.documents[document.id] = document
                    break

    async def _in_their_languages(self, openings: Sequence[BoardPosting], url: str) -> list[BoardPosting]:
        """Return openings with the language of each description; recognising one takes a model that is loaded aside."""
        unknown = [each.description[:SAMPLE] for each in openings if each.language is None]
        if not any(len(text) >= ENOUGH for text in unknown):
            return list(openings)
        found = await self.reader.aside(url, recognised_languages, unknown)
        if isinstance(found, FetchFailure):
            return list(openings)
        languages = iter(found)
        return [
            replace(each, language=next(languages, None)) if each.language is None else each
            for each in openings
        ]

    def gathered(self) -> Gathered:
        """Sum up: one place that was read makes the source read; a place not read outweighs an empty one."""
        states = {state for state, _ in self.said}
        return Gathered(
            source="jobs",
            state=next(state for state in TELLING if state in states),
            detail="; ".join(dict.fromkeys(detail for _, detail in self.said)),
            documents=tuple(self.documents.values()),
            failures=tuple(dict.fromkeys(self.failures)),
            quarantined=tuple(self.quarantined),
            total_postings=self.total,
        )


async def gather_jobs(account: Account, reader: PageReader, limits: GatherLimits) -> Gathered:
    """Return one document per opening, and how far the account's boards and careers pages could be read."""
    from tools.site import read_site  # another gatherer, and a heavy import

    return await gather_jobs_from(account, reader, limits, await read_site(account, reader, limits))


async def gather_further_jobs(
    account: Account, reader: PageReader, limits: GatherLimits, first: Gathered
) -> Gathered | None:
    """Return what the account's jobs come to with the second reading's careers pages; `None` when the same.

    To be asked once the site was read further (`tools.site.read_further`). `first` is what `gather_jobs` gave: its
    documents stay, as they were read already, and what the further pages show is added. A board that was
    asked is not asked again.
    """
    from tools.site import read_further, read_site  # as above

    pages = await read_site(account, reader, limits)
    further = await read_further(account, reader, limits, ())
    careers = [each for each in (*further.targeted, *further.others) if each.purpose == "careers"]
    if not any(isinstance(each.page, Page) for each in careers):
        return None
    known = (await see_jobs(account, reader, pages)).boards
    boards = (await see_jobs(account, reader, (*pages, *careers))).boards
    if known and set(boards[:MOST_BOARDS]) <= set(known):
        return None  # where the openings are was known, and is read
    again = await gather_jobs_from(account, reader, limits, (*pages, *careers))
    documents = {document.id: document for document in (*first.documents, *again.documents)}
    return again.model_copy(
        update={
            "state": "read" if first.documents else again.state,
            "documents": tuple(documents.values())[: limits.max_postings],
            "failures": tuple(dict.fromkeys((*first.failures, *again.failures))),
            "quarantined": tuple(dict.fromkeys((*first.quarantined, *again.quarantined))),
        }
    )


async def openings_by_page(
    account: Account, reader: PageReader, limits: GatherLimits
) -> list[SourceDocument]:
    """Return the openings that each careers page shows together with those before it.

    A reading of fewer pages may have found other openings, as a board takes the place of a plain list: this
    is how a report of such a reading is checked against its archive.
    """
    from tools.site import read_further, read_site  # as above

    first = await read_site(account, reader, limits)
    further = await read_further(account, reader, limits, ())
    pages = (*first, *further.targeted, *further.others)
    others = [each for each in pages if each.purpose != "careers"]
    careers = [each for each in pages if each.purpose == "careers"]
    documents: list[SourceDocument] = []
    for count in range(len(careers)):
        documents += (await gather_jobs_from(account, reader, limits, (*others, *careers[:count]))).documents
    return documents


async def gather_jobs_from(
    account: Account, reader: PageReader, limits: GatherLimits, pages: Sequence[SitePage]
) -> Gathered:
    """Gather from pages of the account's site that were chosen and read before."""
    site = await see_jobs(account, reader, pages)
    found = _Found(account, reader, limits, site)
    boards = site.boards[:MOST_BOARDS]
    for outcome in await asyncio.gather(*(_board_once(found, board) for board in boards)):
        await _take_board(found, outcome)
    for unread in site.unread:
        found.say("not_looked", f"board on {unread.vendor} found: {unread.why}")
    if not found.said and not any(isinstance(entry.page, Page) for entry in pages):
        # Nothing was found on a site that nobody saw: that says nothing about its openings.
        found.say("not_looked", "the site itself could not be read, so no careers page or board is known")
    elif not found.documents:
        await _take_own_pages(found)
    return found.gathered()


async def _board_once(found: _Found, board: Board) -> BoardOutcome:
    most = found.limits.max_postings
    return await found.reader.once(
        f"board {board} {most}", lambda: read_board(board, found.reader.fetcher, most, found.reader.aside)
    )


async def _take_board(found: _Found, outcome: BoardOutcome) -> None:
    board, failure = outcome.board, outcome.failure
    name, url = f"{board.provider} board {board.token}", ADAPTERS[board.provider].public_url(board)
    if failure is not None:
        found.failures.append(failure)
    if failure is not None and not outcome.postings:
        found.say("unreadable", f"{name} could not be read: {why(failure)}")
        return
    stranger = another_company(outcome.company, outcome.website, found.account, found.site.names_text)
    if stranger:
        found.quarantined.append(
            Quarantined(url=url, kind="job_posting", title=name, reason=f"the board {stranger}")
        )
        found.say("not_looked", f"{name} set aside: it {stranger}")
        return
    if not outcome.postings:
        found.say("read_nothing_found", f"{name} read: no openings", 0)
        return
    openings = distinct_openings(outcome.postings)
    await found.keep(openings, provider=board.provider, tier="ats", where=board.token, url=url)
    found.say("read", _board_detail(name, outcome, len(openings)), outcome.total)


def _board_detail(name: str, outcome: BoardOutcome, distinct: int) -> str:
    least = "at least " if outcome.board.provider == "workday" and outcome.total >= TOTAL_CAP else ""
    read = len(outcome.postings)
    detail = f"{name}: {least}{outcome.total} {_openings(outcome.total)}, {read} read"
    if distinct < read:
        detail += f" ({distinct} distinct, the others repeat one in another place)"
    if outcome.skipped:
        more = len(outcome.skipped) - 1
        detail += f", not readable: {outcome.skipped[0]}" + (f" and {more} more" if more else "")
    if outcome.failure is not None:
        detail += f", some texts or pages could not be read: {why(outcome.failure)}"
    return detail


async def _take_own_pages(found: _Found) -> None:
    """Read openings off the site's own pages, where no board gave any."""
    found.failures += [*found.site.failures, *found.site.lists_failed]
    readable: list[Page] = []
    for page in found.site.pages:
        refused = _refusal(page)
        if refused is None:
            readable.append(page)
        else:
            found.say("unreadable", f"careers page could not be opened: {refused}")
    if not readable:
        if not found.site.pages and found.site.failures:
            failure = found.site.failures[0]
            found.say("unreadable", f"careers page could not be opened: {why(failure)}")
        elif not found.said:
            found.say("not_looked", "no careers page or job board found on the site")
        return
    openings = await _own_openings(found, readable)
    if openings:
        await found.keep(
            openings,
            provider="careers page",
            tier="first-party-text",
            where=found.account.domain,
            url=readable[0].url,
        )
        found.say("read", f"careers page read: {len(openings)} {_openings(len(openings))}", len(openings))
    elif any(says_no_openings(page) for page in readable):
        found.say("read_nothing_found", "careers page read: no openings", 0)
    elif found.site.lists_failed and not found.said:
        failure = found.site.lists_failed[0]
        found.say(
            "unreadable", f"careers page read; its list of openings could not be opened: {why(failure)}"
        )
    elif not found.said:
        found.say("read", "careers page read: no list of openings recognised")


async def _own_openings(found: _Found, pages: list[Page]) -> list[BoardPosting]:
    """Return the openings that structured data, posting links or a plain list on the pages show."""
    openings: dict[str, BoardPosting] = {}
    for page in pages:
        for opening in _stated(found, page):
            openings.setdefault(opening.title.casefold() + "|".join(opening.locations), opening)
    links = {link.url: link for page in pages for link in posting_links(page)}
    titles = {opening.title.casefold() for opening in openings.values()}
    wanted = [link for link in links.values() if link.title is None or link.title.casefold() not in titles]
    for opening in await _linked(found, wanted[: found.limits.max_postings]):
        openings.setdefault(opening.url, opening)
    if not openings:
        for page in pages:
            openings |= {opening.key: opening for opening in listed_openings(page)}
    return distinct_openings(openings.values())


def _stated(found: _Found, page: Page) -> list[BoardPosting]:
    """Return the page's structured postings whose employer is the account, or is not named."""
    kept: list[BoardPosting] = []
    for stated in stated_postings(page):
        stranger = another_company(stated.employer, stated.website, found.account, found.site.names_text)
        if stranger is None:
            kept.append(stated.posting)
        else:
            reason = f"the posting {stranger}"
            found.quarantined.append(
                Quarantined(
                    url=stated.posting.url, kind="job_posting", title=stated.posting.title, reason=reason
                )
            )
    return kept


async def _linked(found: _Found, links: list[PostingLink]) -> list[BoardPosting]:
    """Open the first posting pages for their text; of the others the linked title is all there is."""
    opened = await asyncio.gather(*(found.reader.read(link.url) for link in links[:MOST_POSTING_PAGES]))
    openings: list[BoardPosting] = []
    for link, page in zip(links, [*opened, *[None] * (len(links) - len(opened))], strict=True):
        if isinstance(page, Page) and _refusal(page) is None:
            openings += _from_page(found, link, page)
        elif link.title is not None:
            openings.append(BoardPosting(key=link.url, title=link.title, url=link.url))
    return openings


def _from_page(found: _Found, link: PostingLink, page: Page) -> list[BoardPosting]:
    if any(True for _ in stated_postings(page)):
        return [replace(opening, url=page.url) for opening in _stated(found, page)[:1]]
    title = link.title or next((part for part in _title_parts(page.title) if names_a_job(part)), None)
    if title is None:
        return []
    text = plain_text(page.text[: page.footer_start])
    return [
        BoardPosting(
            key=link.url,
            title=title,
            url=page.url,
            description=text,
            posted_on=page.published_at,
            language=page.language,
            raw=page.response.body,
        )
    ]


def _title_parts(title: str) -> list[str]:
    for mark in ("|", "–", "—", " - ", "·", "»"):
        title = title.replace(mark, "\n")
    return [part.strip() for part in title.splitlines() if part.strip()]


def _refusal(page: Page) -> str | None:
    """Return why a page that came is no page to read, or `None`."""
    if "challenge" in page.flags:
        return "the site asks for a human check"
    if "js_only" in page.flags:
        return f"it shows no text without JavaScript; {page.unrendered}".rstrip("; ")
    return None


def _openings(count: int) -> str:
    return "opening" if count == 1 else "openings"
