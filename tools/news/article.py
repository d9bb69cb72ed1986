"""Read one article page: its text without menus and teasers of other posts, and when it was published."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tools.fetching.charset import decode_body
from tools.news.dates import stated_date
from tools.pages.api import Page
from tools.pages.nesting import prepare_markup
from tools.registries.payload import one_line, scrubbed

_MAX_HTML = 3_000_000
_MAX_TEXT = 60_000
_SHORT = 250
# trafilatura and htmldate report every oddity of a page on their loggers; a page's oddities are not ours.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Article(NamedTuple):
    """An article's visible text and its stated publication date (`None` when the page states none)."""

    text: str
    published_at: date | None


async def read_article(page: Page, today: datetime) -> Article:
    """Return the article on a page, extracted off the event loop.

    A teaser of another post would carry this post's date, so only the article itself is kept, and of it
    only lines that the page shows (`Page.text`): what is hidden must not be quoted. A page on which no
    article is found gives its main text. The date is the one the page's own data states
    (`Page.published_at`), else the one its markup or byline does; a date after `today` is none.
    """
    html = prepare_markup(decode_body(page.response)[:_MAX_HTML]).markup
    text = await asyncio.to_thread(_extract, html)
    lines = visible_lines(text, page.text)
    main = page.text[: page.footer_start].strip()
    whole = "\n".join(lines)
    if len(whole) < _SHORT and len(main) > len(whole):
        whole = main
    stated = page.published_at or await asyncio.to_thread(_find_date, html, today)
    return Article(scrubbed(whole[:_MAX_TEXT]), not_future(stated, today))


def visible_lines(text: str, shown: str) -> list[str]:
    """Return the lines of an extracted text that occur in the visible text, letters and digits compared."""
    letters = _letters(shown)
    lines = (one_line(line, 5000) for line in text.split("\n"))
    return [line for line in lines if (part := _letters(line)) and part in letters]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


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
