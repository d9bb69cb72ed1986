"""Read sitemaps and sitemap indexes, plain or gzipped, within bounds and without resolving any entity."""

from __future__ import annotations

import re
import zlib
from typing import Final, NamedTuple

from lxml import etree

_MAX_BYTES: Final = 12_000_000
_MAX_URLS: Final = 5_000
_MAX_SITEMAPS: Final = 500
_GZIP: Final = b"\x1f\x8b"
_ROBOTS_LINE: Final = re.compile(r"^[ \t]{0,20}sitemap[ \t]{0,20}:[ \t]{0,20}(\S{1,2048})", re.I | re.M)


class Sitemap(NamedTuple):
    """The page URLs of a sitemap, and the sitemaps it names when it is an index."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(body: bytes) -> Sitemap:
    """Return what a sitemap lists: at most 5,000 pages of its first 12 MB. Anything unreadable is empty."""
    data = _inflate(body) if body.startswith(_GZIP) else body[:_MAX_BYTES]
    if b"<" not in data[:2000]:
        return _read_text_sitemap(data)
    pages: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    parser = etree.XMLPullParser(
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
    )
    try:
        for start in range(0, len(data), 65_536):
            parser.feed(data[start : start + 65_536])
            _take(parser, pages, sitemaps)
            if len(pages) >= _MAX_URLS or len(sitemaps) >= _MAX_SITEMAPS:
                break
    except etree.XMLSyntaxError:
        pass  # what came before the fault stands
    return Sitemap(tuple(pages)[:_MAX_URLS], tuple(sitemaps)[:_MAX_SITEMAPS])


def sitemaps_in_robots(text: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, in its order."""
    return tuple(dict.fromkeys(_ROBOTS_LINE.findall(text[:500_000])))[:20]


def _take(parser: etree.XMLPullParser, pages: dict[str, None], sitemaps: dict[str, None]) -> None:
    for _, element in parser.read_events():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name == "loc" and element.text:
            parent = element.getparent()
            holder = (
                etree.QName(parent).localname if parent is not None and isinstance(parent.tag, str) else ""
            )
            url = element.text.strip()
            if url.startswith(("http://", "https://")) and len(url) <= 2048:
                (sitemaps if holder == "sitemap" else pages).setdefault(url)
        elif name in ("url", "sitemap"):
            element.clear()
            while element.getprevious() is not None and element.getparent() is not None:
                del element.getparent()[0]


def _read_text_sitemap(data: bytes) -> Sitemap:
    lines = data[:2_000_000].decode("utf-8", "replace").split()
    return Sitemap(
        tuple(dict.fromkeys(line for line in lines if line.startswith(("http://", "https://"))))[:_MAX_URLS]
    )


def _inflate(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _MAX_BYTES)
    except zlib.error:
        return b""
