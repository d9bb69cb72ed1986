"""The fetching seam: what gatherers ask for and what comes back, live, recorded or replayed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from pydantic import Field, JsonValue

from tools.documents import FetchFailure, Frozen

Accept = Literal["html", "json", "xml", "text", "any"]
RecordType = Literal["A", "AAAA", "MX", "TXT", "NS", "CNAME"]


class FetchRequest(Frozen):
    """One page to fetch. `json_body` makes it a POST; `accept` is the content family that will be parsed.

    `origin` says who chose the URL: `account` URLs obey robots.txt and the page limits; `api` URLs are
    documented public endpoints (job boards, registries) that are asked by their own terms.
    """

    url: str
    accept: Accept = "html"
    json_body: JsonValue = None
    origin: Literal["account", "api"] = "account"
    headers: tuple[tuple[str, str], ...] = ()


class Response(Frozen):
    """A 2xx answer. `body` is decompressed; `final_url` is where the redirects in `redirects` ended."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = Field(repr=False)
    fetched_at: datetime
    redirects: tuple[str, ...] = ()
    from_cache: bool = False

    def header(self, name: str) -> str | None:
        """Return the first header of that name, case-insensitively."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class DnsAnswer(Frozen):
    """The answers to one DNS question, in presentation format, sorted. Empty means it has none."""

    name: str
    record_type: RecordType
    answers: tuple[str, ...]
    fetched_at: datetime


class Fetcher(Protocol):
    """Gets pages and DNS answers. Implementations: live, recording (live plus a WARC), replay.

    Both methods return failures as values and never raise for anything the network does.
    The same URL asked twice in one account's run is fetched once.
    """

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        """Fetch one page; any status but 2xx is a `FetchFailure(http_status)`."""
        ...

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        """Ask one DNS question."""
        ...

    def now(self) -> datetime:
        """Return the time of the run: the clock when live, the recording's time in replay (UTC)."""
        ...


class PageCache(Protocol):
    """Where a live fetcher keeps bodies between runs; the store implements it."""

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        """Return the answer kept under `key` if it was fetched at or after `not_before`."""
        ...

    def save(self, key: str, response: Response) -> None:
        """Keep an answer."""
        ...
