"""One account's connections: few, kept while they last, one request at a time on each."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final, NamedTuple

import httpx

from tools.fetching.http1 import (
    CHUNKED,
    UNTIL_CLOSED,
    Head,
    find_head_end,
    find_trailer_end,
    read_chunk_size,
    read_head,
    request_bytes,
)
from tools.fetching.streams import Backend, Stream

_MOST: Final = 16
_MOST_IDLE: Final = 8
_KEPT_SECONDS: Final = 15.0
_READ_BYTES: Final = 65_536
_PORTS: Final = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Where a connection leads; the host in its ASCII spelling."""

    scheme: str
    host: str
    port: int


class Connections(httpx.AsyncBaseTransport):
    """Sends requests over HTTP/1.1; whoever gets an answer closes its stream, which frees the connection.

    At most 16 requests are under way, the rest wait in order; an idle connection is used again for 15 seconds
    unless its server ended it. Raises httpx's errors, and what `backend` raises about an address.
    """

    def __init__(self, backend: Backend, tls: Callable[[], ssl.SSLContext]) -> None:
        self._backend = backend
        self._tls = tls
        self._places = asyncio.Semaphore(_MOST)
        self._under_way = 0
        self._idle: list[_Connection] = []  # the longest idle first
        self._busy: set[_Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer as soon as its head is there."""
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        await self._places.acquire()
        self._under_way += 1
        connection: _Connection | None = None
        try:
            connection = await self._connection(request.url, timeouts.get("connect"))
            self._busy.add(connection)
            read = timeouts.get("read")
            head = await connection.ask(request, read, timeouts.get("write"))
        except BaseException:
            await self._leave(connection)
            raise
        body = _Body(connection.body(head, read), lambda: self._leave(connection))
        return httpx.Response(head.status, headers=head.headers, stream=body)

    async def aclose(self) -> None:
        """Close every connection, those in use too."""
        closing, self._idle, self._busy = [*self._idle, *self._busy], [], set()
        for connection in closing:
            await connection.stream.aclose()

    async def _connection(self, url: httpx.URL, seconds: float | None) -> _Connection:
        origin = Origin(url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        now = time.monotonic()
        for connection in [each for each in self._idle if each.kept_until < now or each.stream.ended]:
            self._idle.remove(connection)
            await connection.stream.aclose()
        for connection in self._idle:
            if connection.origin == origin:
                self._idle.remove(connection)
                return connection
        if self._idle and len(self._idle) + self._under_way > _MOST:
            await self._idle.pop(0).stream.aclose()
        stream = await self._backend.connect_tcp(origin.host, origin.port, seconds)
        if origin.scheme == "https":
            stream = await stream.start_tls(self._tls(), origin.host, seconds)
        return _Connection(origin, stream)

    async def _leave(self, connection: _Connection | None) -> None:
        """End a request; its connection is kept for the next one, or closed where it cannot carry one."""
        self._under_way -= 1
        self._places.release()
        if connection is None or connection not in self._busy:
            return  # never made, or closed together with all others
        self._busy.remove(connection)
        if connection.reusable and len(self._idle) < _MOST_IDLE:
            connection.kept_until = time.monotonic() + _KEPT_SECONDS
            self._idle.append(connection)
        else:
            await connection.stream.aclose()


class _Connection:
    """One connection, and what of an answer has arrived on it but was not read yet."""

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self.stream = stream
        self.kept_until = 0.0
        self.reusable = False
        """Whether the last answer was read to its end and left room for another."""
        self._data = bytearray()

    async def ask(self, request: httpx.Request, read: float | None, write: float | None) -> Head:
        """Send a request and return the head of its answer; interim answers are passed over."""
        self.reusable = False
        method = request.method
        with contextlib.suppress(httpx.WriteError):  # a server may refuse before it has read all, and say why
            await self.stream.write(
                request_bytes(method, request.url.raw_path, request.headers.raw, request.content), write
            )
        while True:
            head = await self._head(method, read)
            if head.status >= 200 or head.status == 101:
                return head

    async def body(self, head: Head, seconds: float | None) -> AsyncGenerator[bytes, None]:
        """Give the body of an answer as it arrives; raises `httpx.RemoteProtocolError` when it is cut short."""
        data, missing = self._data, head.length
        if missing == CHUNKED:
            while size := await self._chunk_size(seconds):
                while size:
                    if not data:
                        await self._more(seconds)
                    piece = self._take(size)
                    size -= len(piece)
                    yield piece
                await self._chunk_end(seconds)
            await self._trailer(seconds)
        elif missing == UNTIL_CLOSED:
            while data or await self._arrives(seconds):
                yield self._take(len(data))
        else:
            while missing:
                if not data:
                    await self._more(seconds)
                piece = self._take(missing)
                missing -= len(piece)
                yield piece
        self.reusable = head.keeps and not data

    async def _head(self, method: str, seconds: float | None) -> Head:
        searched = 0
        while (end := find_head_end(self._data, searched)) < 0:
            searched = len(self._data)
            if not await self._arrives(seconds):
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return read_head(self._take(end), method)

    async def _chunk_size(self, seconds: float | None) -> int:
        while (line := read_chunk_size(self._data)) is None:
            await self._more(seconds)
        size, begin = line
        del self._data[:begin]
        return size

    async def _chunk_end(self, seconds: float | None) -> None:
        while len(self._data) < 2:
            await self._more(seconds)
        if self._take(2) != b"\r\n":
            raise httpx.RemoteProtocolError("a chunk is longer than it says")

    async def _trailer(self, seconds: float | None) -> None:
        while (end := find_trailer_end(self._data)) < 0:
            await self._more(seconds)
        del self._data[:end]

    def _take(self, size: int) -> bytes:
        """Return the first bytes of what has arrived."""
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken

    async def _more(self, seconds: float | None) -> None:
        if not await self._arrives(seconds):
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    async def _arrives(self, seconds: float | None) -> bool:
        piece = await self.stream.read(_READ_BYTES, seconds)
        self._data += piece
        return bool(piece)


class _Body(httpx.AsyncByteStream):
    """An answer's body; closing it ends the request."""

    def __init__(self, pieces: AsyncGenerator[bytes, None], leave: Callable[[], Awaitable[None]]) -> None:
        self._pieces = pieces
        self._leave: Callable[[], Awaitable[None]] | None = leave

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        if self._leave is not None:
            leave, self._leave = self._leave, None
            await self._pieces.aclose()
            await leave()
