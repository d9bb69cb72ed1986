"""Choose and read the pages of the account's own site, by what they are for.

Each purpose has a quota, so that forty product pages do not push out the one that says who the company is.
Where the chosen language has no page for a purpose, the site's other languages are asked for it. A few pages
of the budget are kept back for a second reading, by one who knows what is still open.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from tools.documents import Account, FetchFailure, GatherLimits, PagePurpose
from tools.domains import registrable
from tools.pages.api import Page, PageReader, SitePage
from tools.pages.duplicates import SeenPages
from tools.pages.purpose import is_pdf
from tools.pages.urls import page_key, spellings
from tools.site_links import Candidate, SiteLinks, english_variants, other_homes

_QUOTA: Final[dict[PagePurpose, int]] = {
    "about": 3, "careers": 2, "pricing": 1, "customers": 2, "product": 3, "press": 2, "security": 1,
    "contact": 1, "faq": 1, "partners": 1, "legal": 1, "blog": 1,
}  # fmt: skip
_ORDER: Final[tuple[PagePurpose, ...]] = tuple(_QUOTA)
_ONE_EACH: Final = dict.fromkeys(_ORDER, 1)
_TWICE: Final = {purpose: 2 * quota for purpose, quota in _QUOTA.items()}
_IN_ANY_LANGUAGE: Final[tuple[PagePurpose, ...]] = (
    "about", "careers", "pricing", "customers", "press", "security", "contact",
)  # fmt: skip
"""What is read in another language rather than not at all."""
_KEPT_BACK: Final = 3
"""Of the pages beyond the quotas, how many wait for the second reading; never more than a quarter of all."""
_BATCH: Final = 4
_MISSING_TITLE: Final = re.compile(
    r"\A\s*(?:404|error 404|page not found|not found|oops|seite nicht gefunden|page (?:introuvable|non trouvée)|"
    r"página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden|nie znaleziono)",
    re.I,
)


class FurtherPages(NamedTuple):
    """What the second reading gave: pages for what was wanted, and the rest of the budget's pages."""

    targeted: tuple[SitePage, ...] = ()
    others: tuple[SitePage, ...] = ()


async def read_site(account: Account, reader: PageReader, limits: GatherLimits) -> tuple[SitePage, ...]:
    """Return the pages read from the account's own site, home page first, at most `limits.max_pages` of them.

    A page that could not be read stands there with its `FetchFailure` and does not count against the
    limit; tries are bounded. Empty when the domain is dead, parked or leads to somebody else's site.
    Computed once per account and run, however many gatherers ask.
    """
    visit = await _visit(account, reader, limits)
    return visit.first if isinstance(visit, _Visit) else visit


async def read_further(
    account: Account, reader: PageReader, limits: GatherLimits, wanted: Sequence[PagePurpose]
) -> FurtherPages:
    """Return the pages that the budget still allows after `read_site`, those for `wanted` purposes first.

    At most `limits.max_pages` in both readings together; asked again, the same. Nothing is read that was
    tried before.
    """
    visit = await _visit(account, reader, limits)
    if not isinstance(visit, _Visit):
        return FurtherPages()
    return await reader.once(
        f"further {account.final_domain} {limits.max_pages}", lambda: visit.read_further(wanted)
    )


async def unread_sitemaps(
    account: Account, reader: PageReader, limits: GatherLimits
) -> tuple[FetchFailure, ...]:
    """Return why the site's sitemaps were not read, where it refused them; having none is no failure."""
    visit = await _visit(account, reader, limits)
    return visit.unread_sitemaps if isinstance(visit, _Visit) else ()


async def _visit(account: Account, reader: PageReader, limits: GatherLimits) -> _Visit | tuple[SitePage, ...]:
    key = f"site {account.final_domain} {limits.max_pages}"
    return await reader.once(key, lambda: _read_first(account, reader, limits))


async def _read_first(
    account: Account, reader: PageReader, limits: GatherLimits
) -> _Visit | tuple[SitePage, ...]:
    """Return the visit after its first reading; where there is no site to visit, what stands for it."""
    if account.status in ("dead", "parked", "blocked") or limits.max_pages < 1:
        return ()
    home = await reader.read(account.home_url)
    if isinstance(home, FetchFailure):
        return (SitePage("home", account.home_url, home),)
    if registrable(home.url) != account.final_domain:
        return ()
    visit = _Visit(account, reader, limits)
    await visit.read_first(home)
    return visit


class _Visit:
    """One account's site being read: what was kept, what failed, how many tries are left."""

    def __init__(self, account: Account, reader: PageReader, limits: GatherLimits) -> None:
        self._account = account
        self._reader = reader
        self._limits = limits
        self._kept: list[SitePage] = []
        self._failed: list[SitePage] = []
        self._seen = SeenPages()
        self._asked: set[str] = set()
        self._fetches = 0
        self._tries = 0
        self._links = SiteLinks(account, reader)
        self._language = account.language
        self._queues: dict[PagePurpose, list[Candidate]] = {purpose: [] for purpose in _ORDER}
        self._counts = dict.fromkeys(_ORDER, 0)
        self._tried = dict.fromkeys(_ORDER, 0)
        self.first: tuple[SitePage, ...] = ()

    @property
    def unread_sitemaps(self) -> tuple[FetchFailure, ...]:
        """Sitemaps the site refused to give."""
        return self._links.unread_sitemaps

    def _keep(self, purpose: PagePurpose, page: Page) -> None:
        """Keep a page, unless it repeats one that is kept already."""
        self._asked.update((page_key(page.response.url), page_key(page.url)))
        if self._seen.add(page):
            self._kept.append(SitePage(purpose, page.url, page))

    async def read_first(self, home: Page) -> None:
        """Read by the quotas; beyond them, leave a few pages for what may still be open."""
        most = self._limits.max_pages
        self._keep("home", home)
        start = await self._english_home(home)
        self._queue(await self._links.list_candidates(home, start, self._kept[0].url))
        await self._read_by_turns(_ONE_EACH, most)
        await self._read_other_languages()
        await self._read_by_turns(_QUOTA, most)
        await self._read_by_turns(_TWICE, most - min(_KEPT_BACK, most // 4))
        self.first = self._since(0, 0)

    async def read_further(self, wanted: Sequence[PagePurpose]) -> FurtherPages:
        """Read what is left of the budget: first for `wanted`, then as the first reading would have."""
        most = self._limits.max_pages
        kept, failed = len(self._kept), len(self._failed)
        sought = [purpose for purpose in dict.fromkeys(wanted) if purpose in self._queues]
        quota = {purpose: self._counts[purpose] + _KEPT_BACK for purpose in sought}
        await self._read_by_turns(quota, min(most, kept + _KEPT_BACK), sought)
        targeted = self._since(kept, failed)
        kept, failed = len(self._kept), len(self._failed)
        await self._read_by_turns(_TWICE, most)
        return FurtherPages(targeted, self._since(kept, failed))

    def _since(self, kept: int, failed: int) -> tuple[SitePage, ...]:
        """Return pages after the first `kept` in reading order, then the later failures worth telling."""
        read = {page.purpose for page in self._kept}
        told: list[SitePage] = []
        missing: set[PagePurpose] = set()
        for unread in self._failed[failed:]:
            if isinstance(unread.page, FetchFailure) and unread.page.reason == "not_in_archive":
                # An archive holds what it holds: one line for each purpose that nothing was read for.
                if unread.purpose in read or unread.purpose in missing:
                    continue
                missing.add(unread.purpose)
            told.append(unread)
        return (*self._kept[kept:], *told)

    async def _english_home(self, home: Page) -> Page:
        """Return the English home page where the site offers one, and keep it; else the home page."""
        self._language = home.language
        self._links.choose(home, home.language)
        if home.language in (None, "en"):
            return home
        for url in english_variants(home):
            if registrable(url) not in self._account.domains or page_key(url) in self._asked:
                continue
            self._asked.add(page_key(url))
            page = await self._reader.read(url)
            if isinstance(page, Page) and page.language in (None, "en") and len(page.text) > 200:
                self._keep("home", page)
                self._language = "en"
                self._links.choose(page, "en")
                return page
        return home

    async def _read_by_turns(
        self, quota: Mapping[PagePurpose, int], most: int, order: Sequence[PagePurpose] = _ORDER
    ) -> None:
        """Read until `most` pages are kept, or the purposes' quotas, candidates or tries are used up."""
        while (room := most - len(self._kept)) > 0:
            batch: list[Candidate] = []
            # Purposes take turns: one without a page yet goes first, then the one tried least.
            for purpose in sorted(order, key=lambda name: (self._counts[name], self._tried[name])):
                if len(batch) >= min(room, _BATCH) or self._counts[purpose] >= quota[purpose]:
                    continue
                if (following := self._next(self._queues[purpose])) is not None:
                    batch.append(following)
                    self._tried[purpose] += 1
            if not batch or not self._may_try(len(batch)):
                return
            answers = await asyncio.gather(*(self._read(candidate) for candidate in batch))
            for candidate, answer in zip(batch, answers, strict=True):
                before = len(self._kept)
                self._take(candidate, answer)
                self._counts[candidate.purpose] += len(self._kept) - before

    async def _read_other_languages(self) -> None:
        """Look on other languages' home pages for what this one has no page for."""
        missing = [purpose for purpose in _IN_ANY_LANGUAGE if not self._counts[purpose]]
        homes = [
            entry.page for entry in self._kept if entry.purpose == "home" and isinstance(entry.page, Page)
        ]
        for url in other_homes(homes, self._language, self._account.final_domain):
            missing = [purpose for purpose in missing if not self._counts[purpose]]
            if not missing or not self._may_try(1) or len(self._kept) >= self._limits.max_pages:
                return
            self._asked.add(page_key(url))
            page = await self._reader.read(url)
            self._tries += 1
            if isinstance(page, FetchFailure):
                continue
            self._fetches += 1
            self._queue(self._links.list_foreign(page, missing))
            await self._read_by_turns(_ONE_EACH, self._limits.max_pages, missing)

    def _queue(self, candidates: Iterable[Candidate]) -> None:
        for each in candidates:
            if each.purpose in self._queues:
                self._queues[each.purpose].append(each)

    def _next(self, queue: list[Candidate]) -> Candidate | None:
        while queue:
            candidate = queue.pop(0)
            key = page_key(candidate.url)
            if key not in self._asked:
                self._asked.add(key)
                return candidate
        return None

    def _may_try(self, wanted: int) -> bool:
        """Return whether the tries allow it: addresses missing from an archive cost nearly nothing."""
        pages = self._limits.max_pages
        return self._fetches + wanted <= 3 * pages + _BATCH and self._tries + wanted <= 12 * pages + _BATCH

    async def _read(self, candidate: Candidate) -> Page | FetchFailure:
        if is_pdf(candidate.url):
            return FetchFailure(url=candidate.url, reason="not_text", detail="PDF files are not read")
        answer = await self._reader.read(candidate.url)
        if isinstance(answer, FetchFailure) and answer.reason == "not_in_archive":
            for url in spellings(candidate.url):
                other = await self._reader.read(url)
                if isinstance(other, Page):
                    return other
        return answer

    def _take(self, candidate: Candidate, answer: Page | FetchFailure) -> None:
        self._tries += 1
        if isinstance(answer, FetchFailure):
            if answer.reason != "not_in_archive":
                self._fetches += 1
            guessed_wrong = candidate.probe and answer.reason in ("http_status", "not_in_archive")
            if not guessed_wrong:
                self._failed.append(SitePage(candidate.purpose, candidate.url, answer))
            return
        self._fetches += 1
        if registrable(answer.url) not in self._account.domains or _MISSING_TITLE.match(answer.title):
            return
        if "challenge" in answer.flags or "parked" in answer.flags:
            detail = "a bot challenge stood in place of the page"
            failure = FetchFailure(
                url=candidate.url, reason="http_status", detail=detail, status=answer.response.status
            )
            self._failed.append(SitePage(candidate.purpose, candidate.url, failure))
            return
        self._keep(candidate.purpose, answer)
