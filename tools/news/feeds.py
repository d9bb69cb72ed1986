"""Read RSS, Atom, RDF and JSON feeds: total on any bytes, and dated only as the feed itself says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from tools.fetching.charset import decode_bytes
from tools.news.dates import stated_moment
from tools.pages.nesting import prepare_markup
from tools.registries.payload import one_line, scrubbed

_MAX_ENTRIES = 80  # newest first by custom; far more than is ever read
_MAX_TEXT = 40_000
_MAX_FEED = 5_000_000
# An update is no publication: only these elements date an entry.
_DATES = re.compile(
    r"<(?:\w+:)?(?:pubDate|published|date|issued|created)\b[^<>]{0,200}>\s*(?:<!\[CDATA\[)?\s*([^<>\]]{4,80})"
    r"|\"date_published\"\s*:\s*\"([^\"\\]{4,80})\"",
    re.I,
)
_BLOCKS = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table"),
        *("blockquote", "pre", "section", "article", "figure", "figcaption", "hr", "dt", "dd"),
    )
)
_UNSEEN = ["script", "style", "template", "noscript", "iframe", "object", "svg"]


class FeedEntry(NamedTuple):
    """One entry: absolute link, title, the text the feed carries, its stated date, and whether text is whole."""

    url: str
    title: str
    text: str
    published_at: date | None
    complete: bool


def parse_feed(body: bytes, base_url: str) -> list[FeedEntry] | None:
    """Return the entries of a feed in its order, or `None` when the body is no feed.

    Never raises. Entries without an http(s) link or a title are left out; relative links are resolved
    against `base_url`. A date counts only when it is written out in the feed as the entry's publication.
    """
    import fastfeedparser

    if not body.strip() or len(body) > _MAX_FEED:
        return None
    try:
        parsed = fastfeedparser.parse(body, include_media=False, include_enclosures=False, include_tags=False)
        raw: list[Any] = list(parsed.entries)[:_MAX_ENTRIES]  # Any: the parser's own dictionaries
    except Exception:  # noqa: BLE001  # a third-party parser over hostile bytes: whatever it raises, this is no feed
        return None
    stated = _stated_dates(decode_bytes(body))
    entries = (_entry(entry, base_url, stated) for entry in raw if isinstance(entry, dict))
    return [entry for entry in entries if entry is not None]


def _entry(raw: dict[str, Any], base_url: str, stated: dict[datetime, date]) -> FeedEntry | None:
    url = web_url(base_url, str(raw.get("link") or raw.get("id") or ""))
    title = one_line(html_text(str(raw.get("title") or "")))
    if url is None or not title:
        return None
    contents = raw.get("content")
    whole = ""
    if isinstance(contents, list) and contents and isinstance(contents[0], dict):
        whole = html_text(str(contents[0].get("value") or ""))
    summary = html_text(str(raw.get("description") or ""))
    text = whole if len(whole) > len(summary) else summary
    cut = re.search(
        r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more|continue reading|weiterlesen)\W*$", text[-60:], re.I
    )
    last = text.rfind("\nThe post ")  # WordPress signs its entries: "The post X appeared first on Y."
    signed = last >= 0 and "appeared first on" in text[last : last + 500]
    appended = text[:last] if signed else text
    complete = len(appended) >= 800 and cut is None
    return FeedEntry(url, title, appended.strip(), _date(raw.get("published"), stated), complete)


def _date(published: object, stated: dict[datetime, date]) -> date | None:
    """Return the day the feed states for a moment the parser read; a moment the parser guessed has none."""
    try:
        moment = datetime.fromisoformat(str(published))
    except ValueError:
        return None
    return stated.get(_utc(moment))


def _stated_dates(feed: str) -> dict[datetime, date]:
    """Map every publication moment written in the feed to its day in the publisher's own time zone."""
    days: dict[datetime, date] = {}
    for match in _DATES.finditer(feed):
        moment = stated_moment(match[1] or match[2])
        if isinstance(moment, datetime):
            days.setdefault(_utc(moment), moment.date())
        elif moment is not None:
            days.setdefault(datetime(moment.year, moment.month, moment.day, tzinfo=UTC), moment)
    return days


def _utc(moment: datetime) -> datetime:
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def web_url(base: str, reference: str) -> str | None:
    """Return an absolute http(s) URL, or `None` where the reference leads nowhere on the web."""
    try:
        url = urljoin(base, reference.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 2000:
        return None
    return scrubbed(url)


def html_text(fragment: str) -> str:
    """Return the visible text of an HTML fragment, blocks on lines of their own, at most 40,000 characters."""
    fragment = scrubbed(fragment[: _MAX_TEXT * 5])
    if "<" not in fragment and "&" not in fragment:
        return _tidy(fragment)
    tree = LexborHTMLParser(prepare_markup(fragment).markup)
    tree.strip_tags(_UNSEEN)
    pieces: list[str] = []
    root = tree.body or tree.root
    if root is not None:
        for node in root.traverse(include_text=True):
            if node.tag == "-text":
                pieces.append(re.sub(r"\s+", " ", node.text(deep=False)))
            elif node.tag in _BLOCKS:
                pieces.append("\n")
    return _tidy("".join(pieces))


def _tidy(text: str) -> str:
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("\x00", "").split("\n"))
    return "\n".join(line for line in lines if line)[:_MAX_TEXT]
