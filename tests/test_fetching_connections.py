"""Connections over aiohttp: whole bodies, time limits, TLS, reuse, checked addresses, and how an end shows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.fetching.connections import Connections
from tools.fetching.network import AddressRefused, CheckedAddresses, NameUnresolved

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
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TIMES = {"timeout": {"connect": 5.0, "read": 5.0}}


async def nobody(host: str) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def said(*answers: bytes, asked: list[bytes] | None = None) -> Answer:
    """A server that gives these answers on one connection, and then ends it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for each in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            if asked is not None:
                asked.append(head)
            writer.write(each)
            await writer.drain()

    return answer


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


@asynccontextmanager
async def connected(port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Connections]:
    """Connections on which `acme.test` and `other.test` lead to a loopback server."""
    hosts = dict.fromkeys(("acme.test", "other.test"), ("127.0.0.1", port))
    over = Connections(CheckedAddresses(nobody, hosts), lambda: tls or ssl.create_default_context())
    try:
        yield over
    finally:
        await over.aclose()


async def get(
    over: Connections, url: str = "http://acme.test/", *, read: float = 5.0
) -> tuple[int, httpx.Headers, bytes]:
    request = httpx.Request("GET", url, extensions={"timeout": {"connect": 5.0, "read": read}})
    answer = await over.handle_async_request(request)
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    try:
        return answer.status_code, answer.headers, b"".join([piece async for piece in answer.stream])
    finally:
        await answer.stream.aclose()


async def ask(answer: Answer, *, read: float = 5.0) -> tuple[int, httpx.Headers, bytes]:
    async with serving(answer) as port, connected(port) as over:
        return await get(over, read=read)


def server_context(folder: Path) -> ssl.SSLContext:
    pem = folder / "server.pem"
    pem.write_text(_KEY + _CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


MUCH = bytes(range(256)) * 8_000


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: %d\r\n\r\n" % len(MUCH) + MUCH,
        b"Connection: close\r\n\r\n" + MUCH,
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(MUCH) + MUCH + b"\r\n0\r\n\r\n",
    ],
    ids=["length", "until it closes", "chunked"],
)
async def test_a_large_body_arrives_whole(head: bytes) -> None:
    assert (await ask(said(b"HTTP/1.1 200 OK\r\n" + head)))[2] == MUCH


async def test_only_what_was_asked_for_is_sent() -> None:
    asked: list[bytes] = []
    headers = {"User-Agent": "Dossier/test", "Accept": "text/html", "Cookie": "a=1"}
    async with serving(said(OK, asked=asked)) as port, connected(port) as over:
        request = httpx.Request("GET", "http://acme.test/a%2Fb?q=%C3%BC+x", headers=headers, extensions=TIMES)
        await (await over.handle_async_request(request)).aclose()
    first, *lines = asked[0].decode().split("\r\n")
    assert first == "GET /a%2Fb?q=%C3%BC+x HTTP/1.1"
    assert sorted(filter(None, lines)) == [
        "Accept: text/html",
        "Cookie: a=1",
        "Host: acme.test",
        "User-Agent: Dossier/test",
    ]


async def test_a_body_stays_as_it_was_sent_and_a_redirect_is_an_answer() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    status, headers, body = await ask(said(moved))
    assert (status, headers["location"], body) == (302, "/b", b"abc")


async def test_a_post_sends_its_body() -> None:
    got = b""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal got
        await reader.readuntil(b"\r\n\r\n")
        got = await reader.readexactly(8)
        writer.write(OK)

    async with serving(answer) as port, connected(port) as over:
        request = httpx.Request("POST", "http://acme.test/jobs", content=b'{"a": 1}', extensions=TIMES)
        assert (await over.handle_async_request(request)).status_code == 200
    assert got == b'{"a": 1}'


async def test_a_silent_server_is_a_timeout() -> None:
    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with pytest.raises(httpx.ReadTimeout):
        await ask(stay_silent, read=0.01)


async def test_a_server_that_falls_silent_in_its_body_is_a_timeout() -> None:
    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        await reader.read()

    with pytest.raises(httpx.ReadTimeout):
        await ask(begin, read=0.05)


async def test_nobody_listening_is_a_connect_error() -> None:
    async with serving(said(OK)) as port:
        pass
    async with connected(port) as over:
        with pytest.raises(httpx.ConnectError):
            await get(over)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "disconnected"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "peer closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "peer closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n", "chunk size"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nno size\r\n" + b" " * 9,
            "chunk size",
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", "more than"),
    ],
    ids=["nothing", "half", "half a chunk", "no chunk", "no second chunk", "no HTTP", "no end of a header"],
)
async def test_an_answer_that_is_none_is_an_error_of_the_server(answer: bytes, words: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match=words):
        await ask(said(answer))


async def test_a_long_security_policy_is_no_error() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Security-Policy: " + b"a" * 30_000
    assert (await ask(said(head + b"\r\nContent-Length: 2\r\n\r\nok")))[2] == b"ok"


@settings(max_examples=60, deadline=None)
@given(rest=st.binary(max_size=60), start=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", OK[:38]]))
def test_any_bytes_are_an_answer_or_an_error_of_httpx(rest: bytes, start: bytes) -> None:
    async def run() -> None:
        try:
            await ask(said(start + rest))
        except httpx.HTTPError:
            return

    asyncio.run(run())


async def test_a_connection_is_used_again_once_its_answer_was_read() -> None:
    asked: list[bytes] = []
    async with serving(said(OK, OK, asked=asked)) as port, connected(port) as over:
        assert (await get(over))[2] == b"ok"
        assert (await get(over, "http://acme.test/next"))[2] == b"ok"
    assert len(asked) == 2  # each connection of this server gives its answers and ends


async def test_a_connection_its_server_ended_while_idle_is_not_used() -> None:
    async with serving(said(OK)) as port, connected(port) as over:
        for _ in range(3):
            assert (await get(over))[2] == b"ok"
            await asyncio.sleep(0.01)


async def test_an_answer_not_read_to_its_end_closes_its_connection() -> None:
    ended = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        await reader.read()
        ended.set()

    async with serving(answer) as port, connected(port) as over:
        await (await over.handle_async_request(httpx.Request("GET", "http://acme.test/"))).aclose()
        await asyncio.wait_for(ended.wait(), 5)


async def test_a_large_body_arrives_whole_under_tls(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cadata=_CERTIFICATE)
    much = said(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(MUCH) + MUCH)
    async with serving(much, server_context(tmp_path)) as port, connected(port, trusting) as over:
        assert (await get(over, "https://acme.test/"))[2] == MUCH


@pytest.mark.parametrize(("name", "trusted"), [("acme.test", False), ("other.test", True)])
async def test_a_certificate_that_does_not_hold_is_named_in_the_cause(
    name: str, trusted: bool, tmp_path: Path
) -> None:
    context = ssl.create_default_context(cadata=_CERTIFICATE if trusted else None)
    async with serving(said(OK), server_context(tmp_path)) as port, connected(port, context) as over:
        with pytest.raises(httpx.ConnectError) as failed:
            await get(over, f"https://{name}/")
    causes = [failed.value.__cause__, failed.value.__cause__ and failed.value.__cause__.__cause__]
    assert any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes)


@pytest.mark.parametrize(
    ("answer", "error"), [(["93.184.216.34", "127.0.0.1"], AddressRefused), ([], NameUnresolved)]
)
async def test_a_name_is_checked_before_anything_is_connected(
    answer: list[str], error: type[Exception]
) -> None:
    async def resolve(host: str) -> list[str]:
        return answer

    over = Connections(CheckedAddresses(resolve, {}), ssl.create_default_context)
    with pytest.raises(error):
        await get(over, "http://acme.example/")
    await over.aclose()


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"])
async def test_an_address_written_into_the_url_is_checked_at_the_socket(host: str) -> None:
    async with serving(said(OK)) as port:
        over = Connections(
            CheckedAddresses(nobody, {"acme.test": ("127.0.0.1", 1)}), ssl.create_default_context
        )
        with pytest.raises(AddressRefused):
            await get(over, f"http://{host}:{port}/")
        await over.aclose()


async def test_a_host_is_looked_up_in_its_ascii_spelling() -> None:
    asked: list[str] = []

    async def resolve(host: str) -> list[str]:
        asked.append(host)
        return []

    over = Connections(CheckedAddresses(resolve, {}), ssl.create_default_context)
    with pytest.raises(NameUnresolved):
        await get(over, "http://zürich.example/")
    await over.aclose()
    assert asked == ["xn--zrich-kva.example"]


async def test_requests_share_a_connection_under_tls(tmp_path: Path) -> None:
    asked: list[list[bytes]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append([])
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked[-1].append(head.split(b" ")[1])
            writer.write(OK)

    trusting = ssl.create_default_context(cadata=_CERTIFICATE)
    async with serving(answer, server_context(tmp_path)) as port, connected(port, trusting) as over:
        for path in ("/one", "/two"):
            assert (await get(over, f"https://acme.test{path}"))[2] == b"ok"
    assert asked == [[b"/one", b"/two"]]
