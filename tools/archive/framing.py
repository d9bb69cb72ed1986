"""Find the records of a WARC file: plain, or with one gzip member a record.

Every read is bounded and nothing is believed: a damaged member or record is stepped over, named in the
warnings, and reading goes on at the next one that begins like a record.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import IO, Final, NamedTuple

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
HEAD_BYTES: Final = 65536
_PIECE: Final = 65536
_RECORD_START: Final = b"WARC/"
_MOST_WARNINGS: Final = 20
_MOST_DAMAGES: Final = 1000


class RawRecord(NamedTuple):
    """One whole record: where it starts, its WARC headers (lower-case names) and the start of its block."""

    offset: int
    headers: dict[str, str]
    head: bytes
    length: int


class ManyInOneMember(Exception):
    """A gzip member holds several records, so the file has to be unpacked before it can be read."""


class _Damaged(Exception):
    """Bytes that are no whole record."""


class Warnings:
    """What is wrong with a file, first things first, and how much more there was."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._more = 0

    def add(self, line: str) -> None:
        """Note one fault."""
        if len(self._lines) < _MOST_WARNINGS:
            self._lines.append(line)
        else:
            self._more += 1

    @property
    def lines(self) -> tuple[str, ...]:
        """The faults, one line each."""
        return (*self._lines, *([f"and {self._more} more like these"] if self._more else []))


def scan_records(file: IO[bytes], warnings: Warnings) -> Iterator[RawRecord]:
    """Yield the whole records of a file in order; raises `ManyInOneMember` for a file gzipped as one piece."""
    size = file.seek(0, 2)
    offset = damages = 0
    while offset < size:
        file.seek(offset)
        start = file.read(len(GZIP_MAGIC))
        try:
            if start == GZIP_MAGIC:
                record, after = _read_member(file, offset)
            else:
                record, after = _read_plain(file, offset, size)
        except _Damaged as damage:
            damages += 1
            after = _find_next(file, offset + 1, size) if damages < _MOST_DAMAGES else size
            rest = "the rest of the file" if after == size else f"{after - offset} bytes"
            warnings.add(f"at byte {offset}: {damage}; {rest} skipped")
        else:
            if record is not None:
                yield record
        offset = after


def read_block(file: IO[bytes], record_offset: int, cap: int) -> bytes:
    """Return the block of the record at an offset, at most `cap` bytes of it."""
    stream, _ = _open_at(file, record_offset)
    try:
        headers, block = _read_headers(stream)
        wanted = min(_content_length(headers), cap)
        pieces, have = [block], len(block)
        while have < wanted and (piece := stream(_PIECE)):
            pieces.append(piece)
            have += len(piece)
    except _Damaged:
        return b""
    return b"".join(pieces)[:wanted]


def _open_at(file: IO[bytes], offset: int) -> tuple[Callable[[int], bytes], _Member | None]:
    """Return a function that reads the record at an offset, and its gzip member if it lies in one."""
    file.seek(offset)
    if file.read(len(GZIP_MAGIC)) == GZIP_MAGIC:
        member = _Member(file, offset)
        return member.read, member
    file.seek(offset)
    return file.read, None


class _Member:
    """One gzip member, unpacked a bounded piece at a time; `end` is where it ended."""

    def __init__(self, file: IO[bytes], offset: int) -> None:
        self._file = file
        self._next = offset
        self._waiting = b""
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.end = offset

    def read(self, most: int) -> bytes:
        """Return the next bytes, empty at the end of the member."""
        while not self._inner.eof:
            data = self._waiting or self._more()
            try:
                out = self._inner.decompress(data, most)
            except zlib.error as error:
                raise _Damaged("a gzip member is damaged") from error
            self._waiting = self._inner.unconsumed_tail
            if self._inner.eof:
                self.end = self._next - len(self._inner.unused_data)
            if out:
                return out
        return b""

    def _more(self) -> bytes:
        self._file.seek(self._next)
        data = self._file.read(_PIECE)
        if not data:
            raise _Damaged("the file ends in the middle of a record")
        self._next += len(data)
        return data


def _read_member(file: IO[bytes], offset: int) -> tuple[RawRecord | None, int]:
    member = _Member(file, offset)
    headers, head = _read_headers(member.read)
    length = _content_length(headers)
    read, beyond = len(head), head[length:][:64]
    kept = [head]
    while piece := member.read(_PIECE):
        if read < HEAD_BYTES:
            kept.append(piece)
        if read + len(piece) > length and len(beyond) < 64:
            beyond += piece[max(0, length - read) :][:64]
        read += len(piece)
    if beyond.strip(b"\r\n"):
        raise ManyInOneMember
    if read < length:
        raise _Damaged("a record is shorter than it says")
    return RawRecord(offset, headers, b"".join(kept)[: min(length, HEAD_BYTES)], length), member.end


def _read_plain(file: IO[bytes], offset: int, size: int) -> tuple[RawRecord | None, int]:
    file.seek(offset)
    if not file.read(_PIECE).strip(b"\r\n\x00"):
        return None, min(offset + _PIECE, size)  # padding between records, or after the last
    file.seek(offset)
    headers, head = _read_headers(file.read)
    length = _content_length(headers)
    block = file.tell() - len(head)
    after = block + length
    if after > size:
        raise _Damaged("the file ends in the middle of a record")
    return RawRecord(offset, headers, head[: min(length, HEAD_BYTES)], length), _skip_blank(file, after)


def _skip_blank(file: IO[bytes], offset: int) -> int:
    file.seek(offset)
    tail = file.read(16)
    return offset + len(tail) - len(tail.lstrip(b"\r\n"))


def _read_headers(read: Callable[[int], bytes]) -> tuple[dict[str, str], bytes]:
    """Read WARC headers; return them and what was read beyond them."""
    data = b""
    while True:
        piece = read(_PIECE)
        data = (data + piece).lstrip(b"\r\n")
        end, width = find_head_end(data)
        if end >= 0:
            break
        if not piece or len(data) > HEAD_BYTES:
            raise _Damaged("no WARC record begins here")
    if not data.startswith(_RECORD_START):
        raise _Damaged("no WARC record begins here")
    headers = {name.lower(): value for name, value in reversed(parse_head(data[:end])[1])}
    return headers, data[end + width :]


def find_head_end(data: bytes) -> tuple[int, int]:
    """Return where a head ends and how wide the blank line is; -1 when it does not."""
    crlf, lf = data.find(b"\r\n\r\n"), data.find(b"\n\n")
    if crlf >= 0 and (lf < 0 or crlf < lf):
        return crlf, 4
    return lf, 2


def parse_head(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the first line of a head and its headers in order."""
    first, *lines = _text(head).replace("\r\n", "\n").split("\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return first.strip(), headers


def _content_length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _Damaged("a record does not say how long it is")
    return int(text)


def _find_next(file: IO[bytes], offset: int, size: int) -> int:
    """Return where the next record may begin, `size` when none does."""
    overlap = len(_RECORD_START)
    while offset < size:
        file.seek(offset)
        data = file.read(_PIECE + overlap)
        found = [place for mark in (GZIP_MAGIC, b"\nWARC/") if (place := data.find(mark)) >= 0]
        if found:
            place = min(found)
            return offset + place + (data[place] == 0x0A)
        offset += _PIECE
    return size


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
