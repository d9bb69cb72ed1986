"""Decide whether a body is the kind of text that was asked for, from its header and its first bytes."""

from __future__ import annotations

import re
from typing import Final

from tools.fetching.api import Accept

ACCEPT_HEADERS: Final[dict[Accept, str]] = {
    "html": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    "json": "application/json,*/*;q=0.5",
    "xml": "application/rss+xml,application/atom+xml,application/xml,text/xml,*/*;q=0.5",
    "text": "text/plain,*/*;q=0.5",
    "any": "*/*",
}
HEAD_BYTES: Final = 1024

_MAGIC: Final = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"RIFF", "an image, sound or film"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x00asm", "a program"),
)
_MAGIC_STARTS: Final = tuple(magic for magic, _ in _MAGIC)
_BINARY_FAMILIES: Final = ("image/", "audio/", "video/", "font/")
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")
_UNICODE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HTML_START: Final = re.compile(
    rb"(?:<\?xml[^>]{0,200}>|(?><!--.{0,400}?-->)|\s)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_WANTED: Final[dict[Accept, str]] = {
    "html": "a page",
    "json": "JSON",
    "xml": "XML",
    "text": "text",
    "any": "anything",
}


def is_gzip_file(body: bytes, accept: Accept) -> bool:
    """Tell whether a body is a gzip file standing in for the text asked for (`sitemap.xml.gz`)."""
    return accept in ("xml", "text", "json") and body[:3] == b"\x1f\x8b\x08"


def refuse_content(head: bytes, content_type: str | None, accept: Accept) -> str | None:
    """Return why a body that begins with `head` is not what was asked for, or `None` when it may be.

    The bytes outrank the header, which is often missing or wrong. The text says what came instead.
    """
    if accept == "any" or is_gzip_file(head, accept):
        return None
    family = (content_type or "").partition(";")[0].strip().lower()
    kind = _binary_kind(head, family)
    if kind is not None:
        return f"{kind} ({family or 'no content type'}), not {_WANTED[accept]}; Dossier reads text only"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if accept == "json" and start[:1] == b"<":
        return f"markup ({family or 'no content type'}) where JSON was expected"
    if accept == "xml" and start and _HTML_START.match(start):
        return "an HTML page where XML was expected"
    return None


def _binary_kind(head: bytes, family: str) -> str | None:
    """Name what kind of binary this is, or `None` for text."""
    if not head:
        return None
    if head.startswith(_MAGIC_STARTS):
        for magic, kind in _MAGIC:
            if head.startswith(magic) and (len(magic) > 3 or not _looks_like_text(head)):
                return kind
    if head[4:8] == b"ftyp":
        return "an image or film"
    if not head.startswith(_UNICODE_MARKS) and not _looks_like_text(head):
        return "binary data"
    if family.startswith(_BINARY_FAMILIES) and b"<" not in head:
        return f"content labelled {family}"
    if family == "image/svg+xml":
        return "an image"
    return None


def _looks_like_text(head: bytes) -> bool:
    """Tell text from binary by its control bytes; UTF-16 without a mark counts as text."""
    sample = head[:HEAD_BYTES]
    nul = sample.count(0)
    if nul and nul * 3 >= len(sample) and (not any(sample[0::2]) or not any(sample[1::2])):
        return True
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 20 <= len(sample)
