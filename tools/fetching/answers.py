"""Turn what a server answered into a `Response` or a `FetchFailure`: one set of rules for live and replay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.fetching.challenges import name_challenge
from tools.fetching.content import HEAD_BYTES, is_gzip_file, refuse_content
from tools.fetching.inflate import BodyDamaged, BodyTooLarge, inflate

REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
MAX_BODY: Final = 5_000_000
MAX_REDIRECTS: Final = 8

# They describe the transfer, not the page; the stored body is already plain.
_TRANSFER_HEADERS: Final = frozenset(
    ("content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive", "trailer")
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the server's answer to it, whatever its status; `body` is decompressed."""

    method: str
    url: str
    request_body: bytes | None
    status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the first header of that name, case-insensitively."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as the server wrote it; `None` when this is no usable redirect."""
        return self.header("location") if self.status in REDIRECTS else None


def page_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers that describe the page, without those that describe its transfer."""
    return tuple((name, value) for name, value in headers if name.lower() not in _TRANSFER_HEADERS)


def judge(request: FetchRequest, exchange: Exchange, redirects: tuple[str, ...]) -> Response | FetchFailure:
    """Return the answer at the end of the redirects as a response, or why it is none."""
    if not 200 <= exchange.status < 300:
        return status_failure(request, exchange)
    body = exchange.body
    if is_gzip_file(body, request.accept):
        try:
            body = inflate(body, "gzip", MAX_BODY)
        except BodyTooLarge:
            return too_large(request.url, MAX_BODY)
        except BodyDamaged:
            return FetchFailure(
                url=request.url, reason="parse", detail="the gzip file is damaged", status=exchange.status
            )
    refused = refuse_content(body[:HEAD_BYTES], exchange.header("content-type"), request.accept)
    if refused is not None:
        return FetchFailure(url=request.url, reason="not_text", detail=refused, status=exchange.status)
    if request.accept == "html" and (wall := name_challenge(exchange.headers, body)) is not None:
        return FetchFailure(
            url=request.url,
            reason="http_status",
            detail=f"a {wall} page came instead of the page; open it in a browser to read it",
            status=exchange.status,
        )
    return Response(
        url=request.url,
        final_url=exchange.url,
        status=exchange.status,
        headers=page_headers(exchange.headers),
        body=body,
        fetched_at=exchange.fetched_at,
        redirects=redirects,
    )


def status_failure(request: FetchRequest, exchange: Exchange) -> FetchFailure:
    """Return the failure for a status that is not 2xx, naming a bot wall where one answered."""
    status = exchange.status
    wall = name_challenge(exchange.headers, exchange.body)
    if wall is not None:
        detail = f"{_phrase(status)}: a {wall} page; open it in a browser to read it"
    elif status in REDIRECTS:
        detail = f"{_phrase(status)} without a usable Location; the page cannot be reached this way"
    else:
        detail = f"{_phrase(status)}{_NEXT_STEP.get(status, '')}"
    return FetchFailure(url=request.url, reason="http_status", detail=detail, status=status)


def redirect_loop(url: str, hops: int) -> FetchFailure:
    """Return the failure for redirects that lead in a circle or never end."""
    return FetchFailure(
        url=url,
        reason="redirect_loop",
        detail=f"still redirecting after {hops} hops; the site is misconfigured",
    )


def too_large(url: str, cap: int) -> FetchFailure:
    """Return the failure for a body over the cap."""
    return FetchFailure(
        url=url, reason="too_large", detail=f"more than {cap / 1_000_000:g} MB once decompressed; not read"
    )


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


_NEXT_STEP: Final = {
    401: ": the page needs a login",
    403: ": the server refuses automated readers; open it in a browser to read it",
    404: ": no such page",
    410: ": the page is gone",
    429: ": the server asks for fewer requests; try again later",
    451: ": withheld for legal reasons",
    500: ": the server failed; try again later",
    502: ": the server failed; try again later",
    503: ": the server is not available; try again later",
    504: ": the server failed; try again later",
}
