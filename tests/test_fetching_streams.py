"""Connections on asyncio: whole bodies, time limits, TLS, and how an end or an error shows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tools.fetching.connections import Connections
from tools.fetching.streams import AsyncioBackend, AsyncioStream, Stream

# A key made for these tests; it opens nothing.
_KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglVn8dCCX8YonVb0P
lcQhCIojjmwqv7NlVP3Q6NC+ntuhRANCAASdRnnUILNM0tgyXRglIliXY4UfxF4d
Y3YMdfpaW95AwzDzs8riV1wgfOGtyzkShrf5kr4Piuwl+aWhs1uw30qH
-----END PRIVATE KEY-----
"""
_CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUZaCHgnyTIp25SYF9W+ibY7cervswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJYWNtZS50ZXN0MCAXDTI2MTEyODA3MTg1NloYDzIxMjYxMTA0
MDcxODU2WjAUMRIwEAYDVQQDDAlhY21lLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASdRnnUILNM0tgyXRglIliXY4UfxF4dY3YMdfpaW95AwzDzs8riV1wg
fOGtyzkShrf5kr4Piuwl+aWhs1uw30qHo2kwZzAdBgNVHQ4EFgQUN3XIjC7dfoZ3
8v0G1Vsf3jN7RzQwHwYDVR0jBBgwFoAUN3XIjC7dfoZ38v0G1Vsf3jN7RzQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglhY21lLnRlc3QwCgYIKoZIzj0EAwID
SAAwRQIhAOy+E5//8ZtKPwGKw7Y7rBs15HBQWl+G1k95pQ3G4zMYAiABBhJOsuNf
LVVmCVTccdr+ctrsAqMZjDf2rqoTI2U8IQ==
-----END CERTIFICATE-----
"""

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answer, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve on loopback; give the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def connect(port: int) -> AsyncioStream:
    stream = await AsyncioBackend().connect_tcp("127.0.0.1", port, seconds=5)
    assert isinstance(stream, AsyncioStream)
    return stream


async def read_all(stream: Stream) -> bytes:
    pieces = []
    while piece := await stream.read(65_536, seconds=5):
        pieces.append(piece)
    return b"".join(pieces)


def server_context(folder: Path) -> ssl.SSLContext:
    pem = folder / "server.pem"
    pem.write_text(_KEY + _CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def send_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await reader.read(100)
    writer.write(asked + bytes(range(256)) * 8_000)
    await writer.drain()


async def test_a_body_larger_than_the_read_ahead_arrives_whole() -> None:
    async with serving(send_much) as port:
        stream = await connect(port)
        await stream.write(b"hello", seconds=5)
        await asyncio.sleep(0.05)  # the sender fills what is read ahead
        body = await read_all(stream)
        await stream.aclose()
    assert body == b"hello" + bytes(range(256)) * 8_000


async def test_what_is_sent_to_a_slow_reader_arrives_whole() -> None:
    received = bytearray()

    async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        while piece := await reader.read(50_000):
            received.extend(piece)
        writer.write(b"done")

    async with serving(read_slowly) as port:
        stream = await connect(port)
        for _ in range(20):
            await stream.write(b"x" * 200_000, seconds=5)
        stream._transport.write_eof()
        assert await stream.read(10, seconds=5) == b"done"
        await stream.aclose()
    assert len(received) == 4_000_000


async def test_a_silent_server_is_a_timeout() -> None:
    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(stay_silent) as port:
        stream = await connect(port)
        with pytest.raises(httpx.ReadTimeout):
            await stream.read(10, seconds=0.01)
        await stream.aclose()


async def test_a_closed_connection_shows_before_it_is_used_again() -> None:
    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))

    async with serving(answer_once) as port:
        stream = await connect(port)
        assert not stream.ended
        await stream.write(b"hello", seconds=5)
        assert await read_all(stream) == b"hello"
        assert stream.ended
        with pytest.raises(httpx.WriteError):
            await stream.write(b"again", seconds=5)
        await stream.aclose()


async def test_nobody_listening_is_a_connect_error() -> None:
    async with serving(send_much) as port:
        pass
    with pytest.raises(httpx.ConnectError):
        await connect(port)


async def test_a_large_body_arrives_whole_under_tls(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cadata=_CERTIFICATE)
    async with serving(send_much, server_context(tmp_path)) as port:
        stream = await (await connect(port)).start_tls(trusting, "acme.test", seconds=5)
        await stream.write(b"hello", seconds=5)
        await asyncio.sleep(0.05)
        body = await read_all(stream)
        assert isinstance(stream, AsyncioStream)
        assert stream._transport.get_extra_info("ssl_object") is not None
        await stream.aclose()
    assert body == b"hello" + bytes(range(256)) * 8_000


@pytest.mark.parametrize(("name", "trusted"), [("acme.test", False), ("other.test", True)])
async def test_a_certificate_that_does_not_hold_is_named_in_the_cause(
    name: str, trusted: bool, tmp_path: Path
) -> None:
    context = ssl.create_default_context(cadata=_CERTIFICATE if trusted else None)
    async with serving(send_much, server_context(tmp_path)) as port:
        stream = await connect(port)
        with pytest.raises(httpx.ConnectError) as failed:
            await stream.start_tls(context, name, seconds=5)
    assert isinstance(failed.value.__cause__, ssl.SSLCertVerificationError)


async def test_requests_share_a_connection_under_tls(tmp_path: Path) -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(b"")
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked[-1] += head.split(b" ")[1]
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    class Leading:
        """Leads every host to the server of this test."""

        async def connect_tcp(self, host: str, port: int, seconds: float | None = None) -> Stream:
            return await AsyncioBackend().connect_tcp("127.0.0.1", served, seconds)

    trusting = ssl.create_default_context(cadata=_CERTIFICATE)
    async with serving(answer, server_context(tmp_path)) as served:
        over = Connections(Leading(), lambda: trusting)
        for path in ("/one", "/two"):
            page = await over.handle_async_request(httpx.Request("GET", f"https://acme.test{path}"))
            assert await page.aread() == b"ok"
        with pytest.raises(httpx.ConnectError):
            await over.handle_async_request(httpx.Request("GET", "https://other.test/"))
        await over.aclose()
    assert asked == [b"/one/two"]
