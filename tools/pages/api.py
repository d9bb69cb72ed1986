"""The page seam: one fetched page, read once, used by every gatherer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from tools.documents import FetchFailure, PagePurpose
from tools.fetching.api import Fetcher, Response
from tools.pages.aside import Aside

T = TypeVar("T")


class Link(NamedTuple):
    """A link as a visitor sees it. `url` is absolute, without fragment; `region` is where on the page."""

    url: str
    text: str
    region: Literal["nav", "main", "footer"]


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page, parsed.

    `text` is visible text only: main part, then (from `footer_start`) the footer's. Menus, hidden
    elements, scripts and comments are not in it; `hidden_dropped` counts the hidden characters.
    `json_ld` holds the parsed JSON-LD nodes, `@graph` flattened; `json_ld_raw` the script texts verbatim.
    `meta` maps lower-case name/property to content, first one wins.
    `markup` lists the page's technical marks, one a line, verbatim values: script and link URLs, iframes,
    meta generator, response headers and cookie names. Fingerprints quote from it.
    `flags` names what a reader should distrust (`injection:<technique>`, `challenge`, `js_only`, `parked`).
    """

    response: Response
    title: str
    text: str
    footer_start: int
    language: str | None
    canonical: str | None
    links: tuple[Link, ...]
    feeds: tuple[str, ...]
    scripts: tuple[str, ...]
    iframes: tuple[str, ...]
    json_ld_raw: tuple[str, ...]
    json_ld: tuple[dict[str, Any], ...]  # Any: JSON-LD is whatever the page says
    meta: dict[str, str]
    markup: str
    published_at: date | None = None
    modified_at: date | None = None
    hidden_dropped: int = 0
    flags: tuple[str, ...] = field(default=())
    alternates: tuple[tuple[str, str], ...] = ()  # (hreflang, url)
    unrendered: str = ""  # why a page without text was not rendered in a browser

    @property
    def url(self) -> str:
        """Where the page was read, after redirects."""
        return self.response.final_url


class PageReader(Protocol):
    """Fetches and parses; a URL asked for twice in one account's run is fetched and parsed once."""

    @property
    def fetcher(self) -> Fetcher:
        """The fetcher beneath, for JSON, XML and DNS."""
        ...

    async def read(self, url: str) -> Page | FetchFailure:
        """Return the page at `url`."""
        ...

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """Return `make()`'s result, computed once per account and run under `key`, however many ask at once.

        Gatherers run in parallel and share work this way (the chosen site pages, the careers page).
        """
        ...

    @property
    def aside(self) -> Aside:
        """Does what would hold up the event loop, such as parsing a long list, beside it."""
        ...

    def now(self) -> datetime:
        """Return the time of the run (UTC)."""
        ...


class SitePage(NamedTuple):
    """One page chosen from the account's own site, and what reading it gave."""

    purpose: PagePurpose
    url: str
    page: Page | FetchFailure
