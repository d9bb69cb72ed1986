"""TCP and TLS connections on asyncio, as streams with time limits that end in httpx's errors."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import httpx

_MOST_WAITING: Final = 256_000
"""Bytes read ahead of whoever asks for them."""


class Stream(Protocol):
    """One connection."""

    @property
    def ended(self) -> bool:
        """Whether it is of no use for another request: the other side ended it, or said what nobody asked."""
        ...

    async def read(self, max_bytes: int, seconds: float | None) -> bytes:
        """Return what has arrived, at most `max_bytes`; b"" once the other side has ended."""
        ...

    async def write(self, buffer: bytes, seconds: float | None) -> None:
        """Send; waits only while the other side takes nothing more."""
        ...

    async def aclose(self) -> None:
        """Close, without waiting for the other side's farewell."""
        ...

    async def start_tls(self, context: ssl.SSLContext, name: str, seconds: float | None) -> Stream:
        """Go on under TLS with the server of that name; raises `ConnectError` with OpenSSL's error as its cause."""
        ...


class Backend(Protocol):
    """Opens connections."""

    async def connect_tcp(self, host: str, port: int, seconds: float | None = None) -> Stream:
        """Connect to a host; raises `httpx.ConnectError` or `ConnectTimeout`."""
        ...


class AsyncioBackend:
    """Opens TCP connections on the running event loop."""

    async def connect_tcp(self, host: str, port: int, seconds: float | None = None) -> Stream:
        """Connect to an address."""
        wire = _Wire()
        with _named(httpx.ConnectTimeout, httpx.ConnectError):
            async with asyncio.timeout(seconds):
                transport, _ = await asyncio.get_running_loop().create_connection(lambda: wire, host, port)
        return AsyncioStream(transport, wire)


class AsyncioStream:
    """One connection on the running event loop."""

    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport = transport
        self._wire = wire

    @property
    def ended(self) -> bool:
        """Whether it was closed, or holds bytes that belong to no answer."""
        return self._wire.ended or bool(self._wire.waiting)

    async def read(self, max_bytes: int, seconds: float | None) -> bytes:
        """Return what has arrived, at most `max_bytes`; b"" once the other side has ended."""
        wire = self._wire
        if not wire.waiting and not wire.ended:
            try:  # each page waits here, and a context manager takes its time
                await _wait(wire.wait_for_data, seconds)
            except TimeoutError as error:
                raise httpx.ReadTimeout(str(error)) from error
        if wire.error is not None and not wire.waiting:
            raise httpx.ReadError(str(wire.error)) from wire.error
        data = bytes(wire.waiting[:max_bytes])
        del wire.waiting[:max_bytes]
        if wire.paused and not wire.ended:
            wire.paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, seconds: float | None) -> None:
        """Send; waits only while the other side takes nothing more."""
        if not buffer:
            return
        if self._wire.ended or self._transport.is_closing():
            raise httpx.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._wire.full:
            with _named(httpx.WriteTimeout, httpx.WriteError):
                await _wait(self._wire.wait_for_room, seconds)

    async def aclose(self) -> None:
        """Close, without waiting for the other side's farewell."""
        self._transport.close()
        await asyncio.sleep(0)
        self._transport.abort()

    async def start_tls(self, context: ssl.SSLContext, name: str, seconds: float | None) -> Stream:
        """Go on under TLS; the connection is closed when that fails."""
        loop = asyncio.get_running_loop()
        try:
            with _named(httpx.ConnectTimeout, httpx.ConnectError):
                async with asyncio.timeout(seconds):
                    secured = await loop.start_tls(self._transport, self._wire, context, server_hostname=name)
        except BaseException:
            await self.aclose()
            raise
        if secured is None:
            raise httpx.ConnectError("the connection closed during the TLS handshake")
        self._wire.transport = secured
        return AsyncioStream(secured, self._wire)


class _Wire(asyncio.Protocol):
    """What has arrived on a connection, and who waits for more."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.ended = self.paused = self.full = False
        self.error: Exception | None = None
        self.transport: asyncio.BaseTransport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        _wake(self._reader)
        if len(self.waiting) > _MOST_WAITING and isinstance(self.transport, asyncio.ReadTransport):
            self.paused = True
            self.transport.pause_reading()

    def eof_received(self) -> None:
        self.ended = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.error, self.full = True, exc, False
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        _wake(self._writer)

    def wait_for_data(self) -> asyncio.Future[None]:
        self._reader = asyncio.get_running_loop().create_future()
        return self._reader

    def wait_for_room(self) -> asyncio.Future[None]:
        self._writer = asyncio.get_running_loop().create_future()
        return self._writer


async def _wait(begin: Callable[[], asyncio.Future[None]], seconds: float | None) -> None:
    """Wait for something of a connection; raises `TimeoutError`. One timer and no task, as this is hot."""
    future = begin()
    if seconds is None:
        return await future
    timer = asyncio.get_running_loop().call_later(seconds, _fail, future)
    try:
        return await future
    finally:
        timer.cancel()


def _fail(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


@contextlib.contextmanager
def _named(late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Raise httpx's errors for those of the system."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ssl.SSLError) as error:
        raise failed(str(error)) from error
