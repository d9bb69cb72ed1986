"""One HTTP exchange under every cap: connection, time, size on the wire and decompressed, content type."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, cast

import httpx

from tools.documents import FailureReason, FetchFailure
from tools.fetching.answers import MAX_BODY, Exchange, too_large
from tools.fetching.api import Accept
from tools.fetching.content import HEAD_BYTES, refuse_content
from tools.fetching.inflate import BodyDamaged, BodyTooLarge, Inflater
from tools.fetching.network import AddressRefused, NameUnresolved

_ERROR_BODY: Final = 100_000
_MOST_HEADERS: Final = 200
_NETWORK_ERRORS: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    OSError,  # TimeoutError and ssl.SSLError among them
    UnicodeError,
    AddressRefused,
    NameUnresolved,
)
# How a connection that ended early is worded; httpx has no error of its own for it.
_CUT_SHORT: Final = re.compile(r"disconnected|peer closed")
NO_CONNECTION: Final = "no connection to "


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Caps on one exchange and on one page's retries; sizes in bytes after decompression, times in seconds.

    `total` bounds one exchange from start to last byte, and whoever needs longer is not asked for it again;
    `patience` bounds all tries of one request, waits included.
    """

    max_body: int = MAX_BODY
    connect: float = 10.0
    read: float = 15.0
    total: float = 20.0
    patience: float = 60.0
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Transient:
    """A failure that may pass: try again after `wait` seconds, or soon when the server named no time."""

    failure: FetchFailure
    exchange: Exchange | None = None
    wait: float | None = None
    tries: int | None = None
    overran: bool = False
    """Whether the answer came too slowly to be read to its end."""


class _Refused(Exception):
    """Carries a failure out of the reading of a body."""

    def __init__(self, failure: FetchFailure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


async def exchange(
    transport: httpx.AsyncBaseTransport,
    cookies: httpx.Cookies,
    request: httpx.Request,
    accept: Accept,
    limits: FetchLimits,
    clock: Callable[[], datetime],
    *,
    cut_at: int | None = None,
) -> Exchange | FetchFailure | Transient:
    """Send one request and read its answer; nothing the network does is raised.

    With `cut_at` a longer body is cut there instead of refused. The transport is asked itself: redirects,
    robots and retries are not a client's business here, and its machinery costs a fifth of a request.
    """
    url = str(request.url)
    if cookies:
        cookies.set_cookie_header(request)
    try:
        async with asyncio.timeout(limits.total):
            response = await transport.handle_async_request(request)
            response.request = request
            if "set-cookie" in response.headers:
                cookies.extract_cookies(response)
                _drop_unsendable(cookies)
            try:
                return await _read(request, url, response, accept, limits, clock, cut_at)
            finally:
                await response.aclose()
    except _Refused as refused:
        return refused.failure
    except _NETWORK_ERRORS as error:
        return _name_error(url, error)


def _drop_unsendable(cookies: httpx.Cookies) -> None:
    """Let go of cookies that no header can carry back: one would fail every later request to its site."""
    for cookie in [each for each in cookies.jar if not f"{each.name}{each.value}".isascii()]:
        cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


async def _read(
    request: httpx.Request,
    url: str,
    response: httpx.Response,
    accept: Accept,
    limits: FetchLimits,
    clock: Callable[[], datetime],
    cut_at: int | None,
) -> Exchange | Transient:
    headers = tuple((_text(name), _text(value)) for name, value in response.headers.raw[:_MOST_HEADERS])
    ok = 200 <= response.status_code < 300
    cap = cut_at or (limits.max_body if ok else _ERROR_BODY)
    inflater = Inflater(response.headers.get("content-encoding"), cap)
    declared = response.headers.get("content-length", "")
    if ok and cut_at is None and declared.isdigit() and int(declared[:15]) > limits.max_body:
        raise _Refused(too_large(url, limits.max_body))
    checked = not ok or cut_at is not None
    try:
        # The stream itself: `aiter_raw` would cut it anew and count it.
        async for piece in cast(httpx.AsyncByteStream, response.stream):
            inflater.feed(piece)
            if not checked and inflater.size >= HEAD_BYTES:
                checked = True
                kind = refuse_content(
                    inflater.body[:HEAD_BYTES], response.headers.get("content-type"), accept
                )
                if kind is not None:
                    raise _Refused(
                        FetchFailure(url=url, reason="not_text", detail=kind, status=response.status_code)
                    )
        inflater.finish()
    except BodyTooLarge:
        if ok and cut_at is None:
            raise _Refused(too_large(url, limits.max_body)) from None
    except BodyDamaged as error:
        raise _Refused(
            FetchFailure(
                url=url,
                reason="parse",
                detail="the body is not in the compression its header names",
                status=response.status_code,
            )
        ) from error
    answer = Exchange(
        method=request.method,
        url=url,
        request_body=request.content if request.method == "POST" else None,
        status=response.status_code,
        headers=headers,
        fetched_at=clock(),
        body=inflater.body,
    )
    if response.status_code in (429, 503):
        wait = retry_after(answer.header("retry-after"), answer.fetched_at)
        return Transient(FetchFailure(url=url, reason="http_status", status=answer.status), answer, wait)
    return answer


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks to wait (a number or a date), `None` without a usable one."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())


def _name_error(url: str, error: Exception) -> FetchFailure | Transient:
    """Give what the network did its name among the failure reasons."""

    def failure(reason: FailureReason, detail: str) -> FetchFailure:
        return FetchFailure(url=url, reason=reason, detail=detail)

    host = httpx.URL(url).host
    if isinstance(error, AddressRefused):
        return failure("blocked_address", f"{error}; Dossier reads public servers only")
    if isinstance(error, NameUnresolved):
        found = failure("dns", str(error))
        return found if error.lasting else Transient(found, tries=2)
    tls = _tls_error(error)
    if tls is not None:
        return failure("tls", f"no secure connection to {host} ({tls}); try http or look at its certificate")
    if isinstance(error, (httpx.ConnectTimeout, httpx.ConnectError)):
        return Transient(
            failure("timeout", f"{NO_CONNECTION}{host}; the server is down or the name stale"), tries=2
        )
    if isinstance(error, TimeoutError):  # the whole exchange's; a connection's or a read's are httpx's own
        detail = f"{host} answered too slowly to read the page to its end; try again later"
        return Transient(failure("timeout", detail), tries=1, overran=True)
    if isinstance(error, httpx.TimeoutException):
        return Transient(failure("timeout", f"{host} did not answer in time; try again later"), tries=2)
    if isinstance(error, (httpx.NetworkError, OSError)) or _CUT_SHORT.search(str(error)):
        return Transient(failure("timeout", f"{host} closed the connection; try again later"), tries=2)
    return failure("parse", f"{host} did not answer in HTTP ({type(error).__name__})")


def _tls_error(error: BaseException | None) -> str | None:
    """Return OpenSSL's word for a failed handshake found among an error's causes."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return str(getattr(error, "verify_message", None) or error.reason or type(error).__name__)
        error = error.__cause__ or error.__context__
    return None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
