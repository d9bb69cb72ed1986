"""Connections for httpcore straight on asyncio: its own go through anyio, at a third of a request's cost."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import httpcore

_MOST_WAITING: Final = 256_000
"""Bytes read ahead of whoever asks for them."""


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections on the running event loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # Any: httpcore's own union of option tuples
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an address; raises httpcore's `ConnectError` or `ConnectTimeout`."""
        wire = _Wire()
        local = (local_address, 0) if local_address else None
        with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                transport, _ = await asyncio.get_running_loop().create_connection(
                    lambda: wire, host, port, local_addr=local
                )
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return AsyncioStream(transport, wire)

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks its backend to."""
        await asyncio.sleep(seconds)


class AsyncioStream(httpcore.AsyncNetworkStream):
    """One connection: reads and writes end in httpcore's own errors."""

    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport = transport
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return what has arrived, at most `max_bytes`; b"" once the other side has ended."""
        wire = self._wire
        if not wire.waiting and not wire.ended:
            with _named(httpcore.ReadTimeout, httpcore.ReadError):
                await _wait(wire.wait_for_data, timeout)
        if wire.error is not None and not wire.waiting:
            raise httpcore.ReadError(str(wire.error)) from wire.error
        data = bytes(wire.waiting[:max_bytes])
        del wire.waiting[:max_bytes]
        if wire.paused and not wire.ended:
            wire.paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send; waits only while the other side takes nothing more."""
        if not buffer:
            return
        if self._wire.ended or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._wire.full:
            with _named(httpcore.WriteTimeout, httpcore.WriteError):
                await _wait(self._wire.wait_for_room, timeout)

    async def aclose(self) -> None:
        """Close, without waiting for the other side's farewell."""
        self._transport.close()
        await asyncio.sleep(0)
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Go on under TLS; raises `ConnectError` with OpenSSL's error as its cause."""
        loop = asyncio.get_running_loop()
        try:
            with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    secured = await loop.start_tls(
                        self._transport, self._wire, ssl_context, server_hostname=server_hostname
                    )
        except BaseException:
            await self.aclose()
            raise
        if secured is None:
            raise httpcore.ConnectError("the connection closed during the TLS handshake")
        self._wire.transport = secured
        return AsyncioStream(secured, self._wire)

    def get_extra_info(self, info: str) -> Any:  # Any: httpcore's signature
        """Return what httpcore asks of a connection; whether it is readable tells it that it was closed."""
        if info == "is_readable":
            return bool(self._wire.waiting) or self._wire.ended
        names = {
            "ssl_object": "ssl_object",
            "socket": "socket",
            "client_addr": "sockname",
            "server_addr": "peername",
        }
        return self._transport.get_extra_info(names[info]) if info in names else None


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


async def _wait(begin: Callable[[], asyncio.Future[None]], timeout: float | None) -> None:  # noqa: ASYNC109
    """Wait for something of a connection; raises `TimeoutError`. One timer and no task, as this is hot."""
    future = begin()
    if timeout is None:
        return await future
    timer = asyncio.get_running_loop().call_later(timeout, _fail, future)
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
    """Raise httpcore's errors for those of the system."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, ssl.SSLError) as error:
        raise failed(str(error)) from error
