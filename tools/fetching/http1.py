"""HTTP/1.1 as bytes: what a request looks like, and what an answer's head says about its body.

No I/O here. An answer is read as strictly as h11 reads it (a test holds the two side by side), because what a
lenient reader makes of a broken answer depends on the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import httpx

Headers = Sequence[tuple[bytes, bytes]]

MOST_WAITING: Final = 100 * 1024
"""Bytes that may arrive without making up a whole head, chunk size or trailer."""
CHUNKED: Final = -1
UNTIL_CLOSED: Final = -2

_BLANK_LINE: Final = re.compile(rb"\n\r?\n")
_STATUS_LINE: Final = re.compile(rb"HTTP/([0-9]\.[0-9]) ([0-9]{3})(?: (?:[ \t]|[^\x00\s])*)?")
_HEADER: Final = re.compile(
    rb"([-!#$%&'*+.^_`|~0-9a-zA-Z]+):[ \t]*((?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?)[ \t]*"
)
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,20})(?:;.*)?[ \t]*")
_LENGTH: Final = re.compile(rb"[0-9]{1,20}")


class Head(NamedTuple):
    """An answer's status and headers, names spelled as the server spells them.

    `length` is the bytes its body has, or `CHUNKED`, or `UNTIL_CLOSED`. `keeps` tells whether the connection may
    carry another request after it.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    length: int
    keeps: bool


def request_bytes(method: str, target: bytes, headers: Headers, body: bytes) -> bytes:
    """Return a request as it is sent; raises `httpx.LocalProtocolError` for a line break inside a line."""
    lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), target)]
    lines += [b"%b: %b" % header for header in headers]
    head = b"\r\n".join(lines)
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        raise httpx.LocalProtocolError("a header of the request holds a line break")
    return head + b"\r\n\r\n" + body


def find_head_end(data: bytes | bytearray, start: int = 0) -> int:
    """Return where the body begins, -1 while the blank line has not come; `start` skips what was searched."""
    if data[:1] == b"\n" or data[:2] == b"\r\n":
        raise httpx.RemoteProtocolError("no response line received")
    blank = _BLANK_LINE.search(data, max(0, start - 2))
    if blank is None:
        _check_waiting(data)
        if data and data[0] < 0x21:
            raise httpx.RemoteProtocolError("illegal status line")
        return -1
    return blank.end()


def read_head(head: bytes, method: str) -> Head:
    """Read an answer's head, blank line included; raises `httpx.RemoteProtocolError` where it breaks the rules."""
    first, *lines = [line.removesuffix(b"\r") for line in head.split(b"\n")[:-2]]
    status_line = _STATUS_LINE.fullmatch(first)
    if status_line is None:
        raise httpx.RemoteProtocolError(f"illegal status line: {first[:100]!r}")
    status, keeps = int(status_line[2]), status_line[1] >= b"1.1"
    headers = read_headers(lines)
    length: int | None = None
    chunked = False
    for name, value in headers:
        match name.lower():
            case b"content-length":
                stated = _read_length(value)
                if length not in (None, stated):
                    raise httpx.RemoteProtocolError("conflicting Content-Length headers")
                length = stated
            case b"transfer-encoding":
                if chunked or value.lower() != b"chunked":
                    raise httpx.RemoteProtocolError("only Transfer-Encoding: chunked is supported")
                chunked = True
            case b"connection":
                keeps = keeps and b"close" not in (word.strip() for word in value.lower().split(b","))
    if status < 200 or status in (204, 304) or method == "HEAD":
        length = 0
    elif chunked:
        length = CHUNKED
    elif length is None:
        length = UNTIL_CLOSED
    return Head(status, headers, length, keeps and length != UNTIL_CLOSED and status != 101)


def read_headers(lines: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    """Return header lines as names and values; a line that begins with a blank goes on with the one before."""
    headers: list[tuple[bytes, bytes]] = []
    for line in _unfolded(lines):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise httpx.RemoteProtocolError(f"illegal header line: {line[:100]!r}")
        headers.append((header[1], header[2]))
    return headers


def read_chunk_size(data: bytes | bytearray) -> tuple[int, int] | None:
    """Return a chunk's size and where its bytes begin, `None` while its line has not come whole."""
    end = data.find(b"\r\n")
    if end < 0:
        _check_waiting(data)
        return None
    line = _CHUNK_SIZE.fullmatch(data, 0, end)
    if line is None:
        raise httpx.RemoteProtocolError(f"illegal chunk header: {bytes(data[: min(end, 100)])!r}")
    return int(line[1], 16), end + 2


def find_trailer_end(data: bytes | bytearray) -> int:
    """Return where the trailer after the last chunk ends, -1 while it has not come whole."""
    for empty in (b"\n", b"\r\n"):
        if data[: len(empty)] == empty:
            return len(empty)
    blank = _BLANK_LINE.search(data)
    if blank is None:
        _check_waiting(data)
        return -1
    read_headers(line.removesuffix(b"\r") for line in bytes(data[: blank.end()]).split(b"\n")[:-2])
    return blank.end()


def _read_length(value: bytes) -> int:
    stated = {part.strip() for part in value.split(b",")}
    if len(stated) != 1 or not _LENGTH.fullmatch(length := stated.pop()):
        raise httpx.RemoteProtocolError(f"bad Content-Length: {value[:100]!r}")
    return int(length)


def _unfolded(lines: Iterable[bytes]) -> list[bytes]:
    whole: list[bytes] = []
    folded: list[bytes] = []  # joined once, so that a thousand continuation lines cost no square
    for line in lines:
        if line[:1] not in (b" ", b"\t"):
            if folded:
                whole[-1] = b" ".join((whole[-1], *folded))
                folded = []
            whole.append(line)
        elif whole:
            folded.append(line.lstrip(b" \t"))
        else:
            raise httpx.RemoteProtocolError("continuation line at start of headers")
    if folded:
        whole[-1] = b" ".join((whole[-1], *folded))
    return whole


def _check_waiting(data: bytes | bytearray) -> None:
    if len(data) > MOST_WAITING:
        raise httpx.RemoteProtocolError("a line of the answer does not end")
