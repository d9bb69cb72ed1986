"""Where the pages of a site may be: links, `llms.txt`, the sitemap, well-known addresses, other languages' homes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from tools.documents import Account, FetchFailure, PagePurpose
from tools.domains import registrable
from tools.fetching.api import FetchRequest, Response
from tools.fetching.charset import decode_body
from tools.pages.api import Page, PageReader
from tools.pages.purpose import guess_purpose, language_of_path
from tools.pages.sitemap import Sitemap, read_sitemap, sitemaps_in_robots
from tools.pages.urls import page_key

_PROBES: Final[dict[PagePurpose, tuple[str, ...]]] = {
    "about": ("/about", "/about-us", "/company"),
    "careers": ("/careers", "/jobs"),
    "contact": ("/contact", "/impressum"),
}
_MAX_PROBES: Final = 4
_MAX_SITEMAPS: Final = 4
_MAX_HOMES: Final = 3
_NO_SUCH_PAGE: Final = (404, 410)
_SKIPPED_HOSTS: Final = re.compile(
    r"\A(?:app|apps|login|auth|accounts?|my|id|sso|portal|docs?|help|support|status|api|developers?|dev|cdn|static|assets|"
    r"img|images|media-cdn|files|download|downloads|community|forum|forums|shop|store|mail|webmail|console|dashboard|admin|"
    r"staging|stage|test|demo|sandbox|go|info|link|links|click|email|m|events?|learn|academy|university|wiki)\d*\Z"
)
_MARKDOWN_LINK: Final = re.compile(r"\[([^\]\n]{1,160})\]\(\s*(https?://[^\s)]{1,1000}|/[^\s)]{0,1000})\s*\)")


class Candidate(NamedTuple):
    """A page that may be read, and how likely it is what its purpose says."""

    url: str
    purpose: PagePurpose
    score: float
    probe: bool = False


async def read_llms_txt(account: Account, reader: PageReader) -> Response | FetchFailure:
    """Return the site's `llms.txt`, fetched once."""
    url = urljoin(account.home_url, "/llms.txt")
    return await reader.once(
        f"llms {url}", lambda: reader.fetcher.fetch(FetchRequest(url=url, accept="text"))
    )


def is_refused(failure: FetchFailure) -> bool:
    """Tell whether a file that a site need not have may well be there: anything but "no such page"."""
    return failure.status not in _NO_SUCH_PAGE and failure.reason != "not_in_archive"


class SiteLinks:
    """The ways into one account's site, in the language chosen for it."""

    def __init__(self, account: Account, reader: PageReader) -> None:
        self._account = account
        self._reader = reader
        self._language = account.language
        self._market: str | None = None
        self.unread_sitemaps: tuple[FetchFailure, ...] = ()
        """Sitemaps the site may well have but did not give: pages that only they name are missed."""

    def choose(self, page: Page, language: str | None) -> None:
        """Prefer the language, and the market, of this home page from now on."""
        self._language = language
        self._market = language_of_path(page.url)

    async def list_candidates(self, home: Page, start: Page, root: str) -> list[Candidate]:
        """Return possible pages, best first within a purpose, from links, `llms.txt` and the sitemap."""
        links = [(link.url, link.text, 0.4 if link.region != "main" else 0.0) for link in start.links]
        if start is not home:
            links += [(link.url, link.text, -1.0) for link in home.links]
        listed, sitemap = await asyncio.gather(self._llms_links(), self._sitemap_urls())
        links += [(url, text, -0.3) for url, text in listed]
        links += [(url, "", -0.8) for url in sitemap]
        ranked = self._ranked(links)
        return [*ranked, *self._probes(ranked, root)]

    def list_foreign(self, page: Page, wanted: Iterable[PagePurpose]) -> list[Candidate]:
        """Return the pages for `wanted` that another language's home page leads to, best first."""
        links = [(link.url, link.text, 0.0) for link in page.links]
        return [each for each in self._ranked(links, foreign=True) if each.purpose in set(wanted)]

    def _ranked(self, links: Iterable[tuple[str, str, float]], *, foreign: bool = False) -> list[Candidate]:
        best: dict[str, Candidate] = {}
        for url, text, bonus in links:
            candidate = self._judge(url, text, bonus, foreign=foreign)
            if candidate is None:
                continue
            key = page_key(url)
            if key not in best or candidate.score > best[key].score:
                best[key] = candidate
        return sorted(best.values(), key=lambda item: (-item.score, len(item.url), item.url))

    def _judge(self, url: str, text: str, bonus: float, *, foreign: bool) -> Candidate | None:
        if registrable(url) not in self._account.domains:
            return None
        host = (urlsplit(url).hostname or "").lower()
        label = host.split(".")[0]
        if host.count(".") > self._account.final_domain.count(".") and _SKIPPED_HOSTS.match(label):
            return None
        guess = guess_purpose(url, text)
        if guess is None:
            return None
        score = guess.score + bonus + (0.0 if foreign else self._language_bonus(url))
        return Candidate(url, guess.purpose, score) if score > -2 else None

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

    def _probes(self, ranked: list[Candidate], root: str) -> list[Candidate]:
        """Return a few well-known addresses for purposes that no link leads to."""
        linked = {candidate.purpose for candidate in ranked if candidate.score > 1.5}
        probes: list[Candidate] = []
        for purpose, paths in _PROBES.items():
            if purpose not in linked:
                probes += [Candidate(urljoin(root, path), purpose, 0.0, probe=True) for path in paths]
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
        if not isinstance(answer, FetchFailure):
            return read_sitemap(answer.body)
        if is_refused(answer):
            self.unread_sitemaps += (answer,)
        return Sitemap()


def english_variants(home: Page) -> list[str]:
    """Return at most two addresses at which the site says its English home page is."""
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


def other_homes(pages: Iterable[Page], language: str | None, domain: str) -> list[str]:
    """Return the home pages of a site's other languages, at most three, the likeliest to know the company first.

    `language` is the one being read: another country's site in it comes first, then the language that the
    site opened in or that its top-level domain names. A language has one home page here, whatever the number
    of countries it is offered to.
    """
    pages = list(pages)
    homes: dict[str, list[str]] = {}
    known = {page_key(url) for page in pages for url in (page.url, page.response.url)}
    opened_in = next((page.language or "" for page in pages), "")
    for page in pages:
        named = [(name.replace("_", "-"), url) for name, url in page.alternates if name != "x-default"]
        named += [(market, link.url) for link in page.links if (market := _bare_market(link.url))]
        for name, url in named:
            spoken = name.split("-")[0]
            if page_key(url) not in known and registrable(url) == registrable(page.url):
                homes.setdefault(spoken, []).append(url)
    preferred = (language, opened_in, domain.rpartition(".")[2])
    order = sorted(homes, key=lambda spoken: spoken not in preferred)
    return [min(homes[spoken], key=lambda url: (len(urlsplit(url).path), url)) for spoken in order][
        :_MAX_HOMES
    ]


def _bare_market(url: str) -> str | None:
    """Return the market of an address that names nothing else: "/de/", "/de-at"."""
    market = language_of_path(url)
    path = urlsplit(url).path.strip("/").lower().replace("_", "-") if market else ""
    return market if market and path == market else None
