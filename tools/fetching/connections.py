"""One account's connections: httpx's requests and answers over aiohttp, to addresses that were checked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from tools.fetching.network import AddressRefused, CheckedAddresses

_KEPT_SECONDS: Final = 15.0
_LONGEST_LINE: Final = 65_536
"""Bytes of a header line; security policies of 10 kB are common, and aiohttp's own limit is 8 kB."""
_MOST_HEADERS: Final = 1_000

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]


class Connections(httpx.AsyncBaseTransport):
    """Sends requests over HTTP/1.1; whoever gets an answer closes its stream, which frees the connection.

    An idle connection is used again for 15 seconds unless its server ended it. Redirects are answers, bodies
    stay as they were sent, cookies and environment are left alone. Raises httpx's errors, and `AddressRefused`
    and `NameUnresolved` as `addresses` does.
    """

    def __init__(self, addresses: CheckedAddresses, tls: Callable[[], ssl.SSLContext]) -> None:
        self._addresses = addresses
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer as soon as its head is there."""
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        encoding = request.headers.encoding
        url = URL(str(request.url), encoded=True)
        if self._addresses.in_the_clear(url.raw_host):
            url = url.with_scheme("http")
        with _httpx_errors():
            answer = await self._open().request(
                request.method,
                url,
                headers=[
                    (name.decode(encoding), value.decode(encoding)) for name, value in request.headers.raw
                ],
                data=request.content or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=timeouts.get("connect"), sock_read=timeouts.get("read")
                ),
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close every connection, those in use too."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:  # at the first request: it belongs to the loop that runs then
            connector = aiohttp.TCPConnector(
                resolver=_Resolver(self._addresses),
                use_dns_cache=False,
                ssl=self._tls(),
                limit=0,  # each host has its own, over all accounts
                keepalive_timeout=_KEPT_SECONDS,
                socket_factory=self._socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                max_line_size=_LONGEST_LINE,
                max_field_size=_LONGEST_LINE,
                max_headers=_MOST_HEADERS,
            )
        return self._session

    def _socket(self, info: AddressInfo) -> socket.socket:
        """Make the socket of a connection: the last place where an address can be refused."""
        self._addresses.check(str(info[4][0]), info[4][1])
        return socket.socket(info[0], info[1], info[2])


class _Resolver(AbstractResolver):
    """Gives aiohttp the addresses that were checked."""

    def __init__(self, addresses: CheckedAddresses) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=at,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address, at in await self._addresses.of(host, port)
        ]

    async def close(self) -> None:
        return None


class _Body(httpx.AsyncByteStream):
    """An answer's body as it arrives; closing it frees the connection, or ends one with more to say."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = self._answer.content.readany
        with _httpx_errors():
            while piece := await read():
                yield piece

    async def aclose(self) -> None:
        if not self._answer.closed:  # an answer read to its end has given its connection back
            self._answer.close()


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpx's errors for aiohttp's; the cause stays, as OpenSSL's word is found there."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except aiohttp.ServerTimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except aiohttp.ServerDisconnectedError as error:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.") from error
    except aiohttp.ClientPayloadError as error:
        if "Not enough data" in str(error):  # aiohttp has no error of its own for it
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
            ) from error
        raise httpx.RemoteProtocolError(f"the body breaks HTTP's rules: {error}") from error
    except aiohttp.InvalidUrlClientError as error:  # an address spelled as a number, to slip past a guard
        raise AddressRefused(str(error.url), str(error.url)) from error
    except aiohttp.ClientConnectionError as error:
        raise httpx.ReadError(str(error)) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise httpx.RemoteProtocolError(str(error)) from error
