"""The news feed of a site, as RSS 2.0 or Atom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple


class Item(NamedTuple):
    """One entry: its headline, address, day and summary."""

    title: str
    url: str
    on: date
    summary: str


def rss(title: str, home: str, items: Sequence[Item]) -> bytes:
    """Return an RSS 2.0 feed."""
    rows = "".join(
        f"<item><title>{escape(item.title)}</title><link>{item.url}</link><guid>{item.url}</guid>"
        f"<pubDate>{item.on.strftime('%a, %d %b %Y')} 08:00:00 GMT</pubDate>"
        f"<description>{escape(item.summary)}</description></item>"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>{home}</link><description>{escape(title)}</description>{rows}</channel></rss>"
    ).encode()


def atom(title: str, home: str, items: Sequence[Item]) -> bytes:
    """Return an Atom feed."""
    rows = "".join(
        f"<entry><title>{escape(item.title)}</title><link href={item.url!r}/><id>{item.url}</id>"
        f"<published>{item.on}T08:00:00Z</published><updated>{item.on}T08:00:00Z</updated>"
        f"<summary>{escape(item.summary)}</summary></entry>"
        for item in items
    )
    newest = max((item.on for item in items), default=date(2026, 1, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(title)}</title>'
        f'<link href="{home}"/><id>{home}</id><updated>{newest}T08:00:00Z</updated>{rows}</feed>'
    ).encode()
