"""A website of a few pages, given by address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tools.documents import FailureReason, FetchFailure, Gathered, GatherLimits
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.identity import resolve_account
from tools.pages.api import Page, SitePage
from tools.pages.reader import Reader
from tools.site import read_site
from tools.website import gather_website

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOME = "https://acme.example/"


class Web:
    """A small web on a table: a URL gives a body, a redirect (`-> URL`), a refusal (`!! 429`) or a failure.

    What is not in the table fails for the reason `otherwise`, with that status where there is one.
    """

    def __init__(
        self,
        pages: Mapping[str, str | bytes | FetchFailure],
        otherwise: FailureReason = "http_status",
        status: int | None = 404,
    ) -> None:
        self.pages = pages
        self.otherwise: FailureReason = otherwise
        self.status = status if otherwise == "http_status" else None
        self.asked: list[str] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request.url)
        url, hops = request.url, []
        while isinstance(entry := self.pages.get(url), str) and entry.startswith("-> "):
            url = entry[3:]
            hops.append(url)
        if entry is None:
            return FetchFailure(url=request.url, reason=self.otherwise, status=self.status)
        if isinstance(entry, FetchFailure):
            return entry
        if isinstance(entry, str) and entry.startswith("!! "):
            return FetchFailure(url=request.url, reason="http_status", status=int(entry[3:]))
        body = entry if isinstance(entry, bytes) else entry.encode()
        return Response(
            url=request.url, final_url=url, status=200, body=body, fetched_at=NOW, redirects=tuple(hops)
        )

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=name, reason="dns")

    def now(self) -> datetime:
        return NOW


def page(topic: str, *, links: str = "", head: str = "", lang: str = "en") -> str:
    story = "".join(f"<p>Sentence {n} about {topic} at Acme, told in its own words.</p>" for n in range(8))
    return f"<html lang={lang}><head><title>Acme</title>{head}</head><body><nav>{links}</nav><main><h1>{topic}</h1>{story}</main></body></html>"


async def gather(web: Web, *, max_pages: int = 15) -> tuple[Gathered, tuple[SitePage, ...]]:
    reader = Reader(web)
    account, _ = await resolve_account("acme.example", reader)
    limits = GatherLimits(max_pages=max_pages)
    return await gather_website(account, reader, limits), await read_site(account, reader, limits)


def purposes(pages: tuple[SitePage, ...]) -> dict[str, str]:
    return {entry.url.removeprefix(HOME): entry.purpose for entry in pages if isinstance(entry.page, Page)}
