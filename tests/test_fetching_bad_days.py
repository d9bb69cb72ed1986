"""Hostile and broken servers, over real sockets on loopback."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.fetching.http import FetchLimits
from tools.fetching.inflate import BodyDamaged, BodyTooLarge, inflate
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace
from tools.identity import resolve_account
from tools.pages.reader import Reader

Handler = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[int]:
    """Serve `handler(path, writer)` on loopback; robots.txt is always absent."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            if path == "/robots.txt":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await handler(path, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def build(port: int, **limits: float) -> LiveFetcher:
    async def at_once(seconds: float) -> None:
        return None

    caps = FetchLimits(**{"read": 0.3, "connect": 0.5, "total": 2.0, "patience": 5.0, **limits})  # type: ignore[arg-type]
    return LiveFetcher(
        agent="Dossier/test",
        hosts=HostLimits(default=HostPace(0.0, 8), sleep=at_once),
        limits=caps,
        sleep=at_once,
        test_hosts={"acme.test": ("127.0.0.1", port)},
    )


async def ask(handler: Handler, url: str = "http://acme.test/", **limits: float) -> Response | FetchFailure:
    async with serving(handler) as port, build(port, **limits) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url))


def ok(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def reason(answer: Response | FetchFailure) -> str:
    assert isinstance(answer, FetchFailure), answer
    return answer.reason


async def test_a_page_crosses_a_real_socket_and_a_test_host_has_no_dns() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(
            ok(gzip.compress(b"<p>Acme moves freight</p>"), b"Content-Encoding: gzip", b"X-Name: Z\xfcrich")
        )

    async with serving(handler) as port, build(port) as fetcher:
        page = await fetcher.fetch(FetchRequest(url="http://acme.test/"))
        assert isinstance(page, Response)
        assert page.body == b"<p>Acme moves freight</p>"
        assert page.header("x-name") == "Zürich"
        secure = await fetcher.fetch(FetchRequest(url="https://acme.test/"))
        assert reason(secure) == "tls"
        answer = await fetcher.resolve("mail.acme.test", "MX")
        assert not isinstance(answer, FetchFailure)
        assert answer.answers == ()


async def test_loopback_is_refused_for_every_other_host() -> None:
    reached: list[str] = []

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        reached.append(path)

    async def rebound(host: str) -> list[str]:
        return ["127.0.0.1"]

    async with (
        serving(handler) as port,
        LiveFetcher(agent="x", resolve=rebound, test_hosts={"acme.test": ("127.0.0.1", port)}) as fetcher,
    ):
        for url in ("http://other.example:8080/", "http://127.0.0.1/", "http://2130706433/"):
            assert reason(await fetcher.fetch(FetchRequest(url=url))) == "blocked_address"
    assert reached == []


@pytest.mark.parametrize("levels", [1, 2])
async def test_a_gzip_bomb_is_stopped_at_the_cap(levels: int) -> None:
    bomb = zlib.compress(b"\0" * 60_000_000, 9, wbits=31)
    encoding = b"gzip"
    if levels == 2:
        bomb, encoding = gzip.compress(bomb), b"gzip, gzip"
    assert len(bomb) < 100_000

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(ok(bomb, b"Content-Encoding: " + encoding, b"Content-Type: text/html"))

    answer = await ask(handler)
    assert reason(answer) in ("too_large", "not_text")


async def test_a_text_bomb_is_too_large() -> None:
    bomb = gzip.compress(b"<p>freight</p>" * 1_000_000)

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(ok(bomb, b"Content-Encoding: gzip", b"Content-Type: text/html"))

    assert reason(await ask(handler)) == "too_large"


@pytest.mark.parametrize("declared", [True, False])
async def test_a_page_of_twenty_megabytes_is_not_read_to_its_end(declared: bool) -> None:
    sent = 0

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        length = b"Content-Length: 20000000\r\n" if declared else b""
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n" + length + b"\r\n"
        )
        for _ in range(200):
            writer.write(b"<p>freight</p>  " * 6250)
            sent += 100_000
            await writer.drain()

    assert reason(await ask(handler, read=1.0, total=5.0)) == "too_large"
    assert sent < 20_000_000


async def test_a_server_that_drips_bytes_is_cut_off_by_the_total_time() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    begin = time.monotonic()
    assert reason(await ask(handler, total=0.4)) == "timeout"
    assert time.monotonic() - begin < 3


async def drip(writer: asyncio.StreamWriter) -> None:
    """Answer a page that never ends, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.05)


async def test_a_dripping_home_page_is_asked_for_once_and_the_account_is_dead() -> None:
    asked: list[str] = []

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        asked.append(path)
        await drip(writer)

    async with (
        serving(handler) as port,
        LiveFetcher(
            agent="x",
            limits=FetchLimits(total=0.3),
            test_hosts={"acme.test": ("127.0.0.1", port), "www.acme.test": ("127.0.0.1", port)},
        ) as fetcher,
    ):
        account, failures = await resolve_account("acme.test", Reader(fetcher))
        again = await fetcher.fetch(FetchRequest(url="http://acme.test/about"))
    assert account.status == "dead"
    assert "timeout" in {failure.reason for failure in failures}
    assert asked.count("/") == 2  # once with www. and once without; no second try
    assert reason(again) == "timeout"
    assert "/about" not in asked  # a host that shows no page in time is not asked for its others


async def test_one_slow_page_does_not_close_a_site_that_shows_others() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        if path != "/stream":
            writer.write(ok(b"<p>freight</p>", b"Content-Type: text/html"))
            return
        await drip(writer)

    async with (
        serving(handler) as port,
        LiveFetcher(
            agent="x", limits=FetchLimits(total=0.3), test_hosts={"acme.test": ("127.0.0.1", port)}
        ) as fetcher,
    ):
        answers = [
            await fetcher.fetch(FetchRequest(url=f"http://acme.test/{name}"))
            for name in ("", "stream", "about")
        ]
    assert [isinstance(answer, FetchFailure) for answer in answers] == [False, True, False]


async def test_a_server_that_drips_headers_is_cut_off_too() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-More: 1\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    assert reason(await ask(handler, total=0.4)) == "timeout"


async def test_headers_without_end_are_refused() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 3_000_000)
        await writer.drain()

    assert reason(await ask(handler)) in ("parse", "timeout")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "parse"),
        (b"", "timeout"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<p>cut", "timeout"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "parse"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n", "http_status"),
        (b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n", "redirect_loop"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", None),
        (b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", "http_status"),
    ],
)
async def test_answers_that_are_hardly_http_are_values(raw: bytes, expected: str | None) -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    answer = await ask(handler)
    if expected is None:
        assert isinstance(answer, Response)
    elif expected == "redirect_loop":
        assert reason(answer) in ("redirect_loop", "http_status", "parse")
    else:
        assert reason(answer) == expected


async def test_nobody_listening_is_a_failure() -> None:
    async with serving(lambda path, writer: asyncio.sleep(0)) as port:
        pass
    async with build(port) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url="http://acme.test/"))
    assert reason(answer) == "timeout"


async def test_a_handshake_that_fails_is_a_tls_failure() -> None:
    from datetime import UTC, datetime

    import httpx

    from tools.fetching.http import exchange

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncHTTPTransport(verify=ssl.create_default_context(), trust_env=False) as transport:
        request = httpx.Request("GET", f"https://127.0.0.1:{port}/")
        answer = await exchange(
            transport, httpx.Cookies(), request, "html", FetchLimits(), lambda: datetime.now(UTC)
        )
    server.close()
    assert isinstance(answer, FetchFailure)
    assert answer.reason == "tls"


async def test_a_broken_encoding_is_a_failure_and_a_stale_header_is_not() -> None:
    whole = gzip.compress(b"<p>" + bytes(range(256)) * 40)
    broken = whole[:60] + b"\xff" * 200 + whole[260:]

    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(ok(broken if path == "/broken" else b"<p>plain</p>", b"Content-Encoding: gzip"))

    assert reason(await ask(handler, "http://acme.test/broken")) == "parse"
    answer = await ask(handler)
    assert isinstance(answer, Response)
    assert answer.body == b"<p>plain</p>"


async def test_a_packed_sitemap_is_unpacked_under_the_same_cap() -> None:
    async def handler(path: str, writer: asyncio.StreamWriter) -> None:
        size = 1_000_000 if path == "/bomb.xml.gz" else 1
        writer.write(ok(gzip.compress(b"<urlset>" + b"<url/>" * size), b"Content-Type: application/x-gzip"))

    async with serving(handler) as port, build(port) as fetcher:
        good = await fetcher.fetch(FetchRequest(url="http://acme.test/sitemap.xml.gz", accept="xml"))
        bomb = await fetcher.fetch(FetchRequest(url="http://acme.test/bomb.xml.gz", accept="xml"))
    assert isinstance(good, Response)
    assert good.body == b"<urlset><url/>"
    assert reason(bomb) == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "br", "zstd"])
@given(body=st.binary(max_size=3000))
def test_every_encoding_is_undone(encoding: str, body: bytes) -> None:
    packed = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
    }[encoding](body)
    assert inflate(packed, encoding, 10_000) == body


def test_raw_deflate_and_several_gzip_members_are_undone() -> None:
    assert inflate(zlib.compress(b"<p>freight", wbits=-15), "deflate", 100) == b"<p>freight"
    assert inflate(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", "gzip", 100) == b"ab"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip"])
def test_every_bomb_is_stopped(encoding: str) -> None:
    zeros = b"\0" * 30_000_000
    packed = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda data: brotli.compress(data, quality=3),
        "zstd": zstandard.ZstdCompressor().compress,
    }[encoding](zeros)
    with pytest.raises(BodyTooLarge):
        inflate(packed, encoding, 1_000_000)


@given(
    st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "nonsense", ""])
)
def test_any_bytes_inflate_or_are_damaged(body: bytes, encoding: str) -> None:
    with suppress(BodyDamaged, BodyTooLarge):
        inflate(body, encoding, 100_000)
