"""Say when a page was published and last changed, from what the page itself states.

Structured data and meta tags first. Only pages that look like articles are searched further (URL, `<time>`,
then htmldate, which is slow): the date of a home page says nothing about when its statements were made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from tools.pages.structured import types_of

_EARLIEST: Final = date(1995, 1, 1)
_ARTICLE_TYPES: Final = re.compile(r"Article\Z|Posting\Z|\AReport\Z|Review\Z|PressRelease\Z|\ACreativeWork\Z")
_PUBLISHED_META: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dcterms.created",
    "dc.date.issued", "dcterms.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "parsely-pub-date", "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "article:published",
)  # fmt: skip
_MODIFIED_META: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "revised",
)  # fmt: skip
_ISO: Final = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T|\s|\Z)")
_IN_PATH: Final = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:[/_.-]|\Z)")
_ARTICLE_PATH: Final = re.compile(
    r"/(?:blog|news|press|presse|prensa|stampa|pers|media|newsroom|aktuelles|nachrichten|neuigkeiten|actualites|actualit[eé]s|"
    r"noticias|novidades|nieuws|aktualno[sś]ci|nyheter|nyheder|articles?|posts?|stories|story|insights|"
    r"press-?releases?|announcements?|pressemitteilung(?:en)?|communiques?|comunicados?|updates?|changelog)"
    r"/(?:[^/]+/)*[^/]*[a-z0-9]+(?:-[a-z0-9]+){2,}",
    re.I,
)


class PageDates(NamedTuple):
    """When a page was first published and last changed; `None` where it does not say."""

    published: date | None
    modified: date | None


def read_page_dates(
    url: str,
    meta: Mapping[str, str],
    json_ld: Iterable[dict[str, Any]],
    time_tags: Iterable[str],
    markup: str,
    read_on: date,
) -> PageDates:
    """Return the page's own dates. `time_tags` are the `datetime` values before the end of the first article."""
    published = modified = None
    home = _is_home(url)  # it may list its latest posts as articles; it is none itself
    article_node = False
    for node in json_ld:
        is_article = not home and any(_ARTICLE_TYPES.search(name) for name in types_of(node))
        if is_article:
            article_node = True
            published = published or _read(node.get("datePublished") or node.get("dateCreated"), read_on)
        if is_article or "WebPage" in types_of(node):
            modified = modified or _read(node.get("dateModified"), read_on)
    is_article = not home and (article_node or is_article_like(url, meta))
    if published is None and is_article:
        published = _first(meta, _PUBLISHED_META, read_on)
    modified = modified or _first(meta, _MODIFIED_META, read_on)
    if published is None and is_article:
        published = (
            _from_path(url, read_on) or _from_time_tags(time_tags, read_on) or _search(markup, url, read_on)
        )
    return PageDates(published, modified)


def is_article_like(url: str, meta: Mapping[str, str]) -> bool:
    """Return whether the page is one dated piece (a post, a press release), not a page about the company."""
    if meta.get("og:type", "").strip().lower() == "article" and "article:published_time" in meta:
        return True
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    if len(path) > 400:
        return False
    return _IN_PATH.search(path) is not None or _ARTICLE_PATH.search(path) is not None


def _is_home(url: str) -> bool:
    try:
        return urlsplit(url).path in ("", "/")
    except ValueError:
        return False


def read_date(text: object, latest: date) -> date | None:
    """Return the day an ISO 8601 text starts with, if it lies between 1995 and `latest`."""
    return _read(text, latest)


def _read(value: object, latest: date) -> date | None:
    if not isinstance(value, str):
        return None
    found = _ISO.match(value) or _COMPACT.match(value)
    if found is None:
        return _read_rfc(value, latest)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if _EARLIEST <= day <= latest else None


def _read_rfc(value: str, latest: date) -> date | None:
    for pattern in ("%a, %d %b %Y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y"):
        words = value.strip()[:40]
        try:
            day = datetime.strptime(
                words if "," not in pattern or pattern[1] != "a" else words[:16], pattern
            ).date()
        except ValueError:
            continue
        return day if _EARLIEST <= day <= latest else None
    return None


def _first(meta: Mapping[str, str], names: Iterable[str], latest: date) -> date | None:
    return next((day for name in names if (day := _read(meta.get(name), latest))), None)


def _from_path(url: str, latest: date) -> date | None:
    found = _IN_PATH.search(url[:600])
    return _read(f"{found[1]}-{found[2]}-{found[3]}", latest) if found else None


def _from_time_tags(values: Iterable[str], latest: date) -> date | None:
    return next((day for value in values if (day := _read(value, latest))), None)


def _search(markup: str, url: str, latest: date) -> date | None:
    """Search the page's markup with htmldate, as published when it is sure enough to say."""
    if not 200 <= len(markup) <= 1_500_000:
        return None
    from htmldate import find_date  # heavy: only articles without a stated date pay for it

    found = find_date(
        markup, url=url, extensive_search=False, original_date=True, outputformat="%Y-%m-%d",
        min_date=_EARLIEST.isoformat(), max_date=latest.isoformat(),
    )  # fmt: skip
    return _read(found, latest)
