"""Choose and read the pages of the account's own site, by what they are for.

Candidates come from the home page's links, `llms.txt` and the sitemap; each purpose has a quota, so that
forty product pages do not push out the one that says who the company is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from tools.documents import Account, FetchFailure, GatherLimits, PagePurpose
from tools.domains import registrable
from tools.fetching.api import FetchRequest, Response
from tools.fetching.charset import decode_body
from tools.pages.api import Page, PageReader, SitePage
from tools.pages.duplicates import SeenPages
from tools.pages.purpose import guess_purpose, is_pdf, language_of_path
from tools.pages.sitemap import Sitemap, read_sitemap, sitemaps_in_robots
from tools.pages.urls import page_key, spellings

_QUOTA: Final[dict[PagePurpose, int]] = {
    "about": 3, "careers": 2, "pricing": 1, "customers": 2, "product": 3, "press": 2, "security": 1,
    "contact": 1, "faq": 1, "partners": 1, "legal": 1, "blog": 1,
}  # fmt: skip
_ORDER: Final[tuple[PagePurpose, ...]] = tuple(_QUOTA)
_PROBES: Final[dict[PagePurpose, tuple[str, ...]]] = {
    "about": ("/about", "/about-us", "/company"),
    "careers": ("/careers", "/jobs"),
    "contact": ("/contact", "/impressum"),
}
_MAX_PROBES: Final = 4
_BATCH: Final = 4
_MAX_SITEMAPS: Final = 4
_SKIPPED_HOSTS: Final = re.compile(
    r"\A(?:app|apps|login|auth|accounts?|my|id|sso|portal|docs?|help|support|status|api|developers?|dev|cdn|static|assets|"
    r"img|images|media-cdn|files|download|downloads|community|forum|forums|shop|store|mail|webmail|console|dashboard|admin|"
    r"staging|stage|test|demo|sandbox|go|info|link|links|click|email|m|events?|learn|academy|university|wiki)\d*\Z"
)
_MARKDOWN_LINK: Final = re.compile(r"\[([^\]\n]{1,160})\]\(\s*(https?://[^\s)]{1,1000}|/[^\s)]{0,1000})\s*\)")
_MISSING_TITLE: Final = re.compile(
    r"\A\s*(?:404|error 404|page not found|not found|oops|seite nicht gefunden|page (?:introuvable|non trouvée)|"
    r"página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden|nie znaleziono)",
    re.I,
)


class _Candidate(NamedTuple):
    url: str
    purpose: PagePurpose
    score: float
    probe: bool = False


async def read_site(account: Account, reader: PageReader, limits: GatherLimits) -> tuple[SitePage, ...]:
    """Return the pages read from the account's own site, home page first, at most `limits.max_pages` of them.

    A page that could not be read stands there with its `FetchFailure` and does not count against the
    limit; tries are bounded. Empty when the domain is dead, parked or leads to somebody else's site.
    Computed once per account and run, however many gatherers ask.
    """
    key = f"site {account.final_domain} {limits.max_pages}"
    return await reader.once(key, lambda: _read_site(account, reader, limits))


async def read_llms_txt(account: Account, reader: PageReader) -> Response | FetchFailure:
    """Return the site's `llms.txt`, fetched once."""
    url = urljoin(account.home_url, "/llms.txt")
    return await reader.once(
        f"llms {url}", lambda: reader.fetcher.fetch(FetchRequest(url=url, accept="text"))
    )


async def _read_site(account: Account, reader: PageReader, limits: GatherLimits) -> tuple[SitePage, ...]:
    if account.status in ("dead", "parked", "blocked") or limits.max_pages < 1:
        return ()
    home = await reader.read(account.home_url)
    if isinstance(home, FetchFailure):
        return (SitePage("home", account.home_url, home),)
    if registrable(home.url) != account.final_domain:
        return ()
    visit = _Visit(account, reader, limits)
    visit.keep("home", home)
    start = await visit.read_english_home(home)
    candidates = await visit.list_candidates(home, start)
    await visit.read_candidates(candidates)
    return visit.result()


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
        self._language = account.language
        self._market: str | None = None

    def keep(self, purpose: PagePurpose, page: Page) -> None:
        """Keep a page, unless it repeats one that is kept already."""
        self._asked.update((page_key(page.response.url), page_key(page.url)))
        if self._seen.add(page):
            self._kept.append(SitePage(purpose, page.url, page))

    def result(self) -> tuple[SitePage, ...]:
        """Return pages in reading order, then the failures worth telling."""
        read = {page.purpose for page in self._kept}
        told: list[SitePage] = []
        missing: set[PagePurpose] = set()
        for failed in self._failed:
            if isinstance(failed.page, FetchFailure) and failed.page.reason == "not_in_archive":
                # An archive holds what it holds: one line for each purpose that nothing was read for.
                if failed.purpose in read or failed.purpose in missing:
                    continue
                missing.add(failed.purpose)
            told.append(failed)
        return (*self._kept, *told)

    async def read_english_home(self, home: Page) -> Page:
        """Return the English home page where the site offers one, and keep it; else the home page."""
        self._language = home.language
        self._market = language_of_path(home.url)
        if home.language in (None, "en"):
            return home
        for url in _english_variants(home):
            if registrable(url) not in self._account.domains or page_key(url) in self._asked:
                continue
            self._asked.add(page_key(url))
            page = await self._reader.read(url)
            if isinstance(page, Page) and page.language in (None, "en") and len(page.text) > 200:
                self.keep("home", page)
                self._language = "en"
                self._market = language_of_path(page.url)
                return page
        return home

    async def list_candidates(self, home: Page, start: Page) -> list[_Candidate]:
        """Return possible pages, best first within a purpose, from links, `llms.txt` and the sitemap."""
        links = [(link.url, link.text, 0.4 if link.region != "main" else 0.0) for link in start.links]
        if start is not home:
            links += [(link.url, link.text, -1.0) for link in home.links]
        listed, sitemap = await asyncio.gather(self._llms_links(), self._sitemap_urls())
        links += [(url, text, -0.3) for url, text in listed]
        links += [(url, "", -0.8) for url in sitemap]
        best: dict[str, _Candidate] = {}
        for url, text, bonus in links:
            candidate = self._judge(url, text, bonus)
            if candidate is None:
                continue
            key = page_key(url)
            if key not in best or candidate.score > best[key].score:
                best[key] = candidate
        ranked = sorted(best.values(), key=lambda item: (-item.score, len(item.url), item.url))
        return [*ranked, *self._probes(ranked)]

    async def read_candidates(self, candidates: Iterable[_Candidate]) -> None:
        """Read candidates by turns of purposes until the page limit, the quotas or the tries are used up."""
        queues: dict[PagePurpose, list[_Candidate]] = {purpose: [] for purpose in _ORDER}
        for each in candidates:
            queues.setdefault(each.purpose, []).append(each)
        counts = dict.fromkeys(queues, 0)
        tries = dict.fromkeys(queues, 0)
        rounds = 1
        while (room := self._limits.max_pages - len(self._kept)) > 0:
            batch: list[_Candidate] = []
            # Purposes take turns: one without a page yet goes first, then the one tried least.
            for purpose in sorted(_ORDER, key=lambda name: (counts[name], tries[name])):
                if len(batch) >= min(room, _BATCH) or counts[purpose] >= rounds * _QUOTA[purpose]:
                    continue
                if (following := self._next(queues[purpose])) is not None:
                    batch.append(following)
                    tries[purpose] += 1
            if not batch and rounds == 1:
                rounds = 2  # room is left: the quotas, once more
                continue
            if not batch or not self._may_try(len(batch)):
                return
            answers = await asyncio.gather(*(self._read(candidate) for candidate in batch))
            for candidate, answer in zip(batch, answers, strict=True):
                before = len(self._kept)
                self._take(candidate, answer)
                counts[candidate.purpose] += len(self._kept) - before

    def _next(self, queue: list[_Candidate]) -> _Candidate | None:
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

    async def _read(self, candidate: _Candidate) -> Page | FetchFailure:
        if is_pdf(candidate.url):
            return FetchFailure(url=candidate.url, reason="not_text", detail="PDF files are not read")
        answer = await self._reader.read(candidate.url)
        if isinstance(answer, FetchFailure) and answer.reason == "not_in_archive":
            for url in spellings(candidate.url):
                other = await self._reader.read(url)
                if isinstance(other, Page):
                    return other
        return answer

    def _take(self, candidate: _Candidate, answer: Page | FetchFailure) -> None:
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
        self.keep(candidate.purpose, answer)

    def _judge(self, url: str, text: str, bonus: float) -> _Candidate | None:
        if registrable(url) not in self._account.domains:
            return None
        host = (urlsplit(url).hostname or "").lower()
        label = host.split(".")[0]
        if host.count(".") > self._account.final_domain.count(".") and _SKIPPED_HOSTS.match(label):
            return None
        guess = guess_purpose(url, text)
        if guess is None:
            return None
        score = guess.score + bonus + self._language_bonus(url)
        return _Candidate(url, guess.purpose, score) if score > -2 else None

    def _language_bonus(self, url: str) -> float:
        """Prefer the language chosen for the site, and its own market (`en-us` over `en-gb`)."""
        market = language_of_path(url)
        if market == self._market:
            return 0.3
        if market is None:
            return 0.0
        language = market.split("-")[0]
        if self._language and language == self._language:
            return -1.0
        if language == "en" and self._language != "en":
            return -0.2
        return -4.0

    def _probes(self, ranked: list[_Candidate]) -> list[_Candidate]:
        """Return a few well-known addresses for purposes that no link leads to."""
        linked = {candidate.purpose for candidate in ranked if candidate.score > 1.5}
        root = self._kept[0].url if self._kept else self._account.home_url
        probes: list[_Candidate] = []
        for purpose, paths in _PROBES.items():
            if purpose not in linked:
                probes += [_Candidate(urljoin(root, path), purpose, 0.0, probe=True) for path in paths]
        return probes[:_MAX_PROBES]

    async def _llms_links(self) -> list[tuple[str, str]]:
        answer = await read_llms_txt(self._account, self._reader)
        if isinstance(answer, FetchFailure):
            return []
        text = decode_body(answer)[:200_000]
        return [(urljoin(answer.final_url, found[2]), found[1]) for found in _MARKDOWN_LINK.finditer(text)][
            :500
        ]

    async def _sitemap_urls(self) -> list[str]:
        root = self._account.home_url
        robots = await self._reader.fetcher.fetch(
            FetchRequest(url=urljoin(root, "/robots.txt"), accept="text")
        )
        named = () if isinstance(robots, FetchFailure) else sitemaps_in_robots(decode_body(robots))
        pending = [url for url in named if registrable(url) in self._account.domains] or [
            urljoin(root, "/sitemap.xml")
        ]
        pages: dict[str, None] = {}
        asked = 0
        while pending and asked < _MAX_SITEMAPS:
            sitemap = await self._sitemap(pending.pop(0))
            asked += 1
            pages.update(dict.fromkeys(sitemap.pages))
            own = [url for url in sitemap.sitemaps if registrable(url) in self._account.domains]
            pending = sorted([*pending, *own], key=_sitemap_rank)
        return list(pages)[:10_000]

    async def _sitemap(self, url: str) -> Sitemap:
        answer = await self._reader.fetcher.fetch(FetchRequest(url=url, accept="any"))
        return Sitemap() if isinstance(answer, FetchFailure) else read_sitemap(answer.body)


def _english_variants(home: Page) -> list[str]:
    exact = [url for language, url in home.alternates if language == "en"]
    regional = [url for language, url in home.alternates if language.startswith(("en-", "en_"))]
    preferred = [url for language, url in home.alternates if language.startswith(("en-us", "en-gb"))]
    linked = [
        link.url
        for link in home.links
        if link.text.strip().lower() in ("en", "english", "eng", "international (english)")
        or (language_of_path(link.url) == "en" and urlsplit(link.url).path.strip("/").lower() == "en")
    ]
    return list(dict.fromkeys([*exact, *preferred, *regional, *linked]))[:2]


def _sitemap_rank(url: str) -> tuple[int, str]:
    """Order sitemaps of an index: pages first, then English, then the rest; media and products last."""
    name = url.lower()
    if re.search(r"page|main|core|static|site(?:map)?-?(?:0|1)?\.xml|company", name):
        return 0, url
    if re.search(r"image|video|product|post|tag|categor|author|news|blog|attachment|template", name):
        return 2, url
    return 1, url
