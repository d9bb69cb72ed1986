"""Undo content encodings a bounded piece at a time, so that a small bomb stays small."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

_PIECE: Final = 65536
_HEAD: Final = 4
_ZSTD_WINDOW: Final = 1 << 27


class BodyTooLarge(Exception):
    """The decompressed body passed the cap."""


class BodyDamaged(Exception):
    """The body is not in the encoding it claims."""


class _Decoder(Protocol):
    def feed(self, data: bytes, out: Callable[[bytes], None]) -> None: ...


class Inflater:
    """Collects one body: feed raw pieces, then `finish`.

    `encoding` is the Content-Encoding header (several are undone last first). A body that does not
    begin like its encoding is taken as it is: servers and archives often leave a stale header behind.
    Feeding raises `BodyTooLarge` beyond `cap` decompressed bytes and `BodyDamaged` on nonsense.
    """

    def __init__(self, encoding: str | None, cap: int) -> None:
        self._encodings = [name.strip() for name in (encoding or "").lower().split(",") if name.strip()]
        self._cap = cap
        self._decoders: list[_Decoder] = []
        self._begun = False
        self._waiting = b""
        self._pieces: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take the next raw piece."""
        if not self._begun:
            data, self._waiting = self._waiting + data, b""
            if self._encodings and len(data) < _HEAD:
                self._waiting = data
                return
            self._begin(data)
        self._push(data, 0)

    def finish(self) -> bytes:
        """Return the whole body; a body cut short gives what was whole."""
        if self._waiting:
            data, self._waiting = self._waiting, b""
            self._begin(data)
            self._push(data, 0)
        return self.body

    @property
    def body(self) -> bytes:
        """The body so far, never longer than the cap."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    def _begin(self, head: bytes) -> None:
        self._decoders = _decoders(self._encodings, head)
        self._begun = True

    def _push(self, data: bytes, depth: int) -> None:
        if depth < len(self._decoders):
            try:
                self._decoders[depth].feed(data, lambda piece: self._push(piece, depth + 1))
            except (zlib.error, brotli.error, zstandard.ZstdError) as error:
                raise BodyDamaged(str(error)) from error
            return
        if data:
            self._pieces.append(data[: max(0, self._cap - self.size)])
        self.size += len(data)
        if self.size > self._cap:
            raise BodyTooLarge


def inflate(body: bytes, encoding: str | None, cap: int) -> bytes:
    """Return a whole body decompressed; raises as `Inflater` does."""
    inflater = Inflater(encoding, cap)
    inflater.feed(body)
    return inflater.finish()


def _decoders(encodings: list[str], head: bytes) -> list[_Decoder]:
    """Choose decoders for the encodings, outermost first; only the outermost can be checked by its head."""
    chosen: list[_Decoder] = []
    for position, name in enumerate(reversed(encodings)):
        outermost = position == 0
        if name in ("gzip", "x-gzip"):
            if not outermost or head[:2] == b"\x1f\x8b":
                chosen.append(_Zlib(16 + zlib.MAX_WBITS))
        elif name == "deflate":
            if not outermost or not _is_plain(head):
                chosen.append(_Zlib(zlib.MAX_WBITS if _is_zlib(head) or not outermost else -zlib.MAX_WBITS))
        elif name == "br":
            if not outermost or not _is_plain(head):
                chosen.append(_Brotli())
        elif name == "zstd" and (not outermost or head[:4] == b"\x28\xb5\x2f\xfd"):
            chosen.append(_Zstandard())
    return chosen


def _is_zlib(head: bytes) -> bool:
    return len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] * 256 + head[1]) % 31 == 0


def _is_plain(head: bytes) -> bool:
    """Tell whether a body begins as markup or JSON does, so its encoding header is stale."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{", b"[") and all(
        byte in b"\t\n\r" or byte >= 32 for byte in head[:64]
    )


class _Zlib:
    """gzip (several members) or deflate."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner = zlib.decompressobj(bits)

    def feed(self, data: bytes, out: Callable[[bytes], None]) -> None:
        while data:
            if self._inner.eof:
                if self._bits < 16 or data[:2] != b"\x1f\x8b":
                    return  # padding after the end
                self._inner = zlib.decompressobj(self._bits)
            out(self._inner.decompress(data, _PIECE))
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes, out: Callable[[bytes], None]) -> None:
        if self._inner.is_finished():
            return
        out(self._inner.process(data, output_buffer_limit=_PIECE))
        while not self._inner.is_finished() and not self._inner.can_accept_more_data():
            out(self._inner.process(b"", output_buffer_limit=_PIECE))


class _Zstandard:
    """zstd; its decompressor has no output limit, so it is fed slivers and its window is capped."""

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    def feed(self, data: bytes, out: Callable[[bytes], None]) -> None:
        for start in range(0, len(data), 256):
            if self._inner.eof:
                return
            out(self._inner.decompress(data[start : start + 256]))
