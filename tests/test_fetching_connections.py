"""HTTP/1.1 over kept connections: read as strictly as h11 reads, reused only where that is safe."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import h11
import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.fetching.connections import Connections
from tools.fetching.http1 import request_bytes
from tools.fetching.streams import Stream

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Said:
    """A connection on which a server says what it was given, in those pieces, and then ends or falls silent."""

    def __init__(self, pieces: list[bytes], *, ends: bool = True) -> None:
        self.pieces = list(pieces)
        self.ends = ends
        self.sent: list[bytes] = []
        self.closed = False

    @property
    def ended(self) -> bool:
        return self.closed or (self.ends and not self.pieces)

    async def read(self, max_bytes: int, seconds: float | None) -> bytes:
        await asyncio.sleep(0)
        if self.pieces:
            return self.pieces.pop(0)
        if self.ends:
            return b""
        raise httpx.ReadTimeout("silent")

    async def write(self, buffer: bytes, seconds: float | None) -> None:
        self.sent.append(buffer)

    async def aclose(self) -> None:
        self.closed = True

    async def start_tls(self, context: ssl.SSLContext, name: str, seconds: float | None) -> Stream:
        raise AssertionError("no test asks for TLS here")


class Servers:
    """Gives the connections a test has prepared, in order."""

    def __init__(self, *streams: Said) -> None:
        self.waiting = list(streams)
        self.asked: list[tuple[str, int]] = []

    async def connect_tcp(self, host: str, port: int, seconds: float | None = None) -> Stream:
        self.asked.append((host, port))
        return self.waiting.pop(0)


def connections(*streams: Said) -> Connections:
    return Connections(Servers(*streams), ssl.create_default_context)


async def get(
    over: Connections, url: str = "http://acme.test/", method: str = "GET"
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    answer = await over.handle_async_request(httpx.Request(method, url))
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    try:
        body = b"".join([piece async for piece in answer.stream])
    finally:
        await answer.stream.aclose()
    return answer.status_code, told(answer.headers.raw), body


def told(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers but for those of the transfer, which h11 spells anew."""
    return [each for each in headers if each[0].lower() not in (b"content-length", b"transfer-encoding")]


def as_h11_reads(said: bytes, method: str) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
    """What h11 makes of an answer whose server then ends the connection; `None` when it refuses it."""
    reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=100 * 1024)
    reader.send(h11.Request(method=method, target="/", headers=[("Host", "acme.test")]))
    reader.send(h11.EndOfMessage())
    head: h11.Response | None = None
    body = b""
    try:
        reader.receive_data(said)
        while True:
            event = reader.next_event()
            if event is h11.NEED_DATA:
                reader.receive_data(b"")
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                return head.status_code, told(head.headers.raw_items()), bytes(body)
            elif event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                return None
    except h11.RemoteProtocolError:
        return None


async def as_we_read(pieces: list[bytes], method: str) -> Any:
    try:
        return await get(connections(Said(pieces)), method=method)
    except httpx.RemoteProtocolError:
        return None


_LINES = st.sampled_from(
    [
        b"Content-Type: text/html",
        b"content-length: 5",
        b"Content-Length: 5, 5",
        b"Content-Length: 6",
        b"Content-Length: +5",
        b"Content-Length: 5\t",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: Chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Connection: close",
        b"Connection: Keep-Alive, Close",
        b"X-Folded: a",
        b"\t b",
        b" c",
        b"X Y: a space in a name",
        b"No colon",
        b"X-Empty:",
        b"X-Blanks:  a \t b  ",
        b"X-\xff: name beyond ASCII",
        b"X-Obs: caf\xe9",
        b"X-Nul: a\x00b",
        b"X-Return: a\rb",
        b"X-Tab: a\x0bb",
    ]
)
_STATUSES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 ",
        b"HTTP/1.0 200 OK",
        b"HTTP/2.0 200 OK",
        b"HTTP/1.1 204 No Content",
        b"HTTP/1.1 304 Not Modified",
        b"HTTP/1.1 404 caf\xe9",
        b"HTTP/1.1 99 Odd",
        b"HTTP/1.1 2000 Odd",
        b"HTTP/1.1  200 OK",
        b"http/1.1 200 OK",
        b"ICY 200 OK",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK",
        b"",
        b"\r\nHTTP/1.1 200 OK",
    ]
)
_BODIES = st.sampled_from(
    [
        b"",
        b"hello",
        b"hello and more",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"5;name=value\r\nhello\r\n0\r\n\r\n",
        b"5  \r\nhello\r\n3\r\n !!\r\n0\r\nX-Trailer: 1\r\n\r\n",
        b"5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
        b"5\r\nhelloX\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5\r\nhel",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"0005\r\nhello\r\n00\r\n\r\n",
        b"0\r\n\r\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    status=_STATUSES,
    lines=st.lists(_LINES, max_size=4),
    body=_BODIES,
    ending=st.sampled_from([b"\r\n", b"\n"]),
    method=st.sampled_from(["GET", "HEAD"]),
    cuts=st.lists(st.integers(1, 120), max_size=3),
)
@example(
    b"HTTP/1.1 200 OK",
    [b"Transfer-Encoding: chunked"],
    b"5\r\nhello\r\n0\r\n\r\n",
    b"\r\n",
    "GET",
    [1, 46, 2],
)
def test_an_answer_is_read_or_refused_as_h11_does(
    status: bytes, lines: list[bytes], body: bytes, ending: bytes, method: str, cuts: list[int]
) -> None:
    said = ending.join([status, *lines, b"", b""]) + body
    pieces, rest = [], said
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    ours = asyncio.run(as_we_read([piece for piece in (*pieces, rest) if piece], method))
    assert ours == as_h11_reads(said, method)


@settings(max_examples=50, deadline=None)
@given(said=st.binary(max_size=60))
def test_any_bytes_are_an_answer_or_refused(said: bytes) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        assert asyncio.run(as_we_read([start + said], "GET")) == as_h11_reads(start + said, "GET")


async def test_a_connection_is_used_again_once_its_answer_was_read() -> None:
    stream = Said([OK, OK], ends=False)
    over = connections(stream)
    assert (await get(over))[2] == b"ok"
    assert (await get(over, "http://acme.test/next"))[2] == b"ok"
    assert [sent.split(b"\r\n")[0] for sent in stream.sent] == [b"GET / HTTP/1.1", b"GET /next HTTP/1.1"]
    await over.aclose()
    assert stream.closed


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext",
    ],
    ids=["it says so", "1.0", "more than one answer"],
)
async def test_a_connection_that_cannot_carry_another_request_is_closed(said: bytes) -> None:
    first, second = Said([said], ends=False), Said([OK], ends=False)
    over = connections(first, second)
    assert (await get(over))[2] == b"ok"
    assert first.closed
    assert (await get(over))[2] == b"ok"
    assert len(first.sent) == 1


async def test_a_connection_its_server_ended_while_idle_is_not_used() -> None:
    first, second = Said([OK], ends=True), Said([OK], ends=False)
    over = connections(first, second)
    await get(over)
    await get(over)
    assert (len(first.sent), len(second.sent)) == (1, 1)


async def test_an_answer_not_read_to_its_end_closes_its_connection() -> None:
    stream = Said([OK], ends=False)
    over = connections(stream)
    answer = await over.handle_async_request(httpx.Request("GET", "http://acme.test/"))
    await answer.aclose()
    assert stream.closed


async def test_other_hosts_schemes_and_ports_get_connections_of_their_own() -> None:
    servers = Servers(*(Said([OK], ends=False) for _ in range(3)))
    over = Connections(servers, ssl.create_default_context)
    for url in ("http://acme.test/", "http://www.acme.test/", "http://acme.test:8080/"):
        await get(over, url)
    assert servers.asked == [("acme.test", 80), ("www.acme.test", 80), ("acme.test", 8080)]


async def test_a_host_is_connected_to_in_its_ascii_spelling() -> None:
    servers = Servers(*(Said([OK], ends=False) for _ in range(2)))
    over = Connections(servers, ssl.create_default_context)
    for url in ("http://zürich.test/", "http://[2606:4700::1111]/"):
        await get(over, url)
    assert servers.asked == [("xn--zrich-kva.test", 80), ("2606:4700::1111", 80)]


async def test_no_more_than_eight_idle_connections_are_kept_and_all_are_closed_at_the_end() -> None:
    streams = [Said([OK], ends=False) for _ in range(12)]
    over = connections(*streams)
    await asyncio.gather(*(get(over, f"http://host-{n}.test/") for n in range(12)))
    assert sum(stream.closed for stream in streams) == 4
    await over.aclose()
    assert all(stream.closed for stream in streams)


async def test_the_seventeenth_request_waits_and_one_that_gives_up_leaves_its_place() -> None:
    class Slow(Said):
        async def read(self, max_bytes: int, seconds: float | None) -> bytes:
            await answering.wait()
            return await super().read(max_bytes, seconds)

    answering = asyncio.Event()
    servers = Servers(*(Slow([OK], ends=False) for _ in range(40)))
    over = Connections(servers, ssl.create_default_context)
    asking = [asyncio.ensure_future(get(over, f"http://host-{n}.test/")) for n in range(20)]
    await asyncio.sleep(0.01)
    assert len(servers.asked) == 16
    asking[0].cancel()
    await asyncio.sleep(0.01)
    assert len(servers.asked) == 17
    answering.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert sum(isinstance(each, tuple) for each in done) == 19


async def test_a_refusal_before_the_request_was_read_is_heard() -> None:
    class Refusing(Said):
        async def write(self, buffer: bytes, seconds: float | None) -> None:
            raise httpx.WriteError("the connection is closed")

    over = connections(Refusing([b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"]))
    assert (await get(over))[0] == 413


def test_a_line_break_in_a_header_is_not_sent() -> None:
    for header in ((b"Cookie", b"a\r\nX: b"), (b"A\nB", b"c"), (b"A", b"b\rc")):
        with pytest.raises(httpx.LocalProtocolError):
            request_bytes("GET", b"/", [header], b"")


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: a\r\n" * 40_000,
    ],
    ids=["head", "chunk size", "trailer"],
)
async def test_what_does_not_end_is_refused(said: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="does not end"):
        await get(connections(Said([said[n : n + 50_000] for n in range(0, len(said), 50_000)], ends=False)))
