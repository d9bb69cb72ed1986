"""Read one article page: its text without menus and teasers of other posts, and when it was published."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from tools.fetching.api import Response
from tools.fetching.charset import decode_body
from tools.news.dates import stated_date
from tools.pages.nesting import prepare_markup, without_styles
from tools.registries.payload import one_line, scrubbed

_MAX_HTML = 3_000_000
_MAX_TEXT = 60_000
_SHORT = 250
_BYLINE_ROWS = 6
_BYLINE = 120
_DATE_ALONE = 24
_PUBLISHED = re.compile(
    r"\b(?:publi(?:shed|ziert|é|ée|cado|cada|ceerd|kováno)|posted|veröffentlicht|erschienen|gepubliceerd|geplaatst|pubblicato|opublikowan\w*)\b",
    re.I,
)
_SAME_BEGINNING = 12
_MAX_HEADINGS = 400
_MAX_ROWS = 1_500
_LONGEST_HEADING = 120
# trafilatura and htmldate report every oddity of a page on their loggers; a page's oddities are not ours.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Article(NamedTuple):
    """An article's visible text and its stated publication date (`None` when the page states none)."""

    text: str
    published_at: date | None


def read_article(
    response: Response, shown: str, footer_start: int, published_at: date | None, today: datetime
) -> Article:
    """Return the article on a page that shows so much and states such a date; takes tens of milliseconds.

    A teaser of another post would carry this post's date, so only the article itself is kept, and of it
    only lines that the page shows (`Page.text`): what is hidden must not be quoted. A page on which no
    article is found gives its main text. The date is the one the page's own data states
    (`Page.published_at`), else the one its markup or byline does; a date after `today` is none.
    """
    html = without_styles(prepare_markup(decode_body(response)[:_MAX_HTML]).markup)
    text = _extract(html)
    main = shown[:footer_start].strip()
    lines = with_headings(visible_lines(text, shown), main, _headings(html))
    whole = "\n".join(lines)
    if len(whole) < _SHORT and len(main) > len(whole):
        whole = main
    stated = published_at or _find_date(html, today) or byline_date(main)
    return Article(scrubbed(whole[:_MAX_TEXT]), not_future(stated, today))


def byline_date(shown: str) -> date | None:
    """Return the day that the lines around the headline state alone or as that of publication, if it is one day."""
    found: set[date] = set()
    for line in shown.split("\n")[:_BYLINE_ROWS]:
        alone = len(line) <= _DATE_ALONE
        if len(line) <= _BYLINE and (alone or _PUBLISHED.search(line)) and (day := stated_date(line)):
            found.add(day)
    return found.pop() if len(found) == 1 else None


def visible_lines(text: str, shown: str) -> list[str]:
    """Return the lines of an extracted text that occur in the visible text, letters and digits compared."""
    letters = _letters(shown)
    lines = (one_line(line, 5000) for line in text.split("\n"))
    return [line for line in lines if (part := _letters(line)) and part in letters]


def with_headings(lines: list[str], shown: str, headings: frozenset[str]) -> list[str]:
    """Return an article's lines with the headings that stand right above one of them in the shown text.

    The extractor drops some, and then nothing says whom the paragraph below is about ("About Northmark").
    `headings` are the page's, letters and digits only. Nothing is added above the first line.
    """
    rows = [(line, _letters(line)) for line in (one_line(each, 5000) for each in shown.split("\n"))]
    rows = [(line, letters) for line, letters in rows if letters][:_MAX_ROWS]
    whole: list[str] = []
    at = 0
    for number, line in enumerate(lines[:_MAX_ROWS]):
        letters = _letters(line)
        place = next((row for row in range(at, len(rows)) if _begins(rows[row][1], letters)), None)
        if place is not None:
            above = place
            while number and above > at and rows[above - 1][1] in headings:
                above -= 1
            if above < place:
                have = {_letters(each) for each in whole[-3:]}
                whole += [rows[row][0] for row in range(above, place) if rows[row][1] not in have]
            at = place + 1
        whole.append(line)
    return [*whole, *lines[_MAX_ROWS:]]


def _begins(row: str, letters: str) -> bool:
    """Say whether a shown row is the line, or its beginning: lines are cut at different places."""
    return row.startswith(letters) or (len(row) >= _SAME_BEGINNING and letters.startswith(row))


def _headings(html: str) -> frozenset[str]:
    """Return the page's headings, and its lines that are bold from end to end, letters and digits only."""
    tree = LexborHTMLParser(html)
    found: set[str] = set()
    for node in tree.css("h2, h3, h4, h5, h6, b, strong")[:_MAX_HEADINGS]:
        letters = _letters(node.text() or "")
        parent = node.parent
        whole = node.tag not in ("b", "strong") or (parent is not None and _letters(parent.text()) == letters)
        if whole and 0 < len(letters) <= _LONGEST_HEADING:
            found.add(letters)
    return frozenset(found)


@lru_cache(maxsize=512)  # each line of an article is compared several times
def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def not_future(when: date | None, today: datetime) -> date | None:
    """Return a publication date unless it lies in the future (a day's difference in time zones aside)."""
    return when if when is not None and when <= today.date() + timedelta(days=1) else None


def _extract(html: str) -> str:
    """Return the article's text; what the library cannot read is empty."""
    import trafilatura

    try:
        document = trafilatura.bare_extraction(html, fast=True, include_comments=False, with_metadata=False)
    except Exception:  # noqa: BLE001  # a third-party extractor over hostile bytes; the caller has another text
        return ""
    return str(getattr(document, "text", "") or "")


def _find_date(html: str, today: datetime) -> date | None:
    """Return the publication date that markup or byline states, if any."""
    from htmldate import find_date

    try:
        stated = find_date(
            html, original_date=True, extensive_search=False, max_date=today.strftime("%Y-%m-%d")
        )
    except Exception:  # noqa: BLE001  # as above: no date is an answer
        return None
    return stated_date(stated or "")
