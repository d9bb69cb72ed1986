"""Read the HTTP message in an archived block: any status line, chunked or not, compressed or not."""

from __future__ import annotations

from typing import Final, NamedTuple

from tools.archive.framing import find_head_end, parse_head
from tools.fetching.inflate import Inflater

_MOST_INTERIM: Final = 5


class HttpHead(NamedTuple):
    """Status and headers of an archived answer; `size` is how many bytes of the block they take."""

    status: int
    headers: tuple[tuple[str, str], ...]
    size: int

    def header(self, name: str) -> str | None:
        """Return the first header of that name, case-insensitively."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def parse_http_head(block: bytes) -> HttpHead | None:
    """Return the head of the HTTP answer a block begins with, `None` when it is none.

    Interim answers (`100 Continue`) before it are passed over; a missing reason phrase, a missing version
    and missing headers are all right.
    """
    start = 0
    for _ in range(_MOST_INTERIM):
        end, width = find_head_end(block[start:])
        if end < 0:
            end, width = len(block) - start, 0
        first, headers = parse_head(block[start : start + end])
        status = _status(first)
        if status is None:
            return None
        start += end + width
        if status >= 200:
            return HttpHead(status, tuple(headers), start)
    return None


def read_body(head: HttpHead, payload: bytes, cap: int) -> bytes:
    """Return the body of an answer without its transfer and content encodings.

    Raises `BodyTooLarge` over `cap` bytes and `BodyDamaged` on nonsense, as live.
    """
    if "chunked" in (head.header("transfer-encoding") or "").lower():
        payload = _join_chunks(payload)
    inflater = Inflater(head.header("content-encoding"), cap)
    inflater.feed(payload)
    return inflater.finish()


def _join_chunks(payload: bytes) -> bytes:
    """Undo chunking; a body that is not chunked after all (some tools store it joined) is returned as it is."""
    parts: list[bytes] = []
    position = 0
    while position < len(payload):
        end = payload.find(b"\n", position, position + 256)
        size = _chunk_size(payload[position:end]) if end >= 0 else None
        if size is None:
            return payload if not parts else b"".join(parts)
        if size == 0:
            break
        parts.append(payload[end + 1 : end + 1 + size])
        position = end + 1 + size
        if payload[position : position + 2] == b"\r\n":
            position += 2
        elif payload[position : position + 1] == b"\n":
            position += 1
        elif position < len(payload):
            return payload if len(parts) == 1 else b"".join(parts)
    return b"".join(parts)


def _chunk_size(line: bytes) -> int | None:
    text = line.partition(b";")[0].strip()
    if not text or len(text) > 8 or not all(byte in b"0123456789abcdefABCDEF" for byte in text):
        return None
    return int(text, 16)


def _status(line: str) -> int | None:
    """Return the status of `HTTP/1.1 200 OK`, `HTTP/2 200`, `200 OK` and their like."""
    words = line.split(None, 2)
    if words and words[0].upper().startswith("HTTP"):
        words = words[1:]
    code = words[0] if words else ""
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() and code >= "100" else None
