"""Read one article page: its text without menus and teasers of other posts, and when it was published."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tools.fetching.charset import decode_body
from tools.news.dates import stated_date
from tools.pages.api import Page
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

    A teaser of another post would carry this post's date, so only the article itself is kept; a page on
    which none is found gives the page's main text. The date is the one the page's own data states
    (`Page.published_at`), else the one its markup or byline does; a date after `today` is none.
    """
    text, found = await asyncio.to_thread(_extract, decode_body(page.response)[:_MAX_HTML], today)
    if len(text) < _SHORT:
        main = page.text[: page.footer_start].strip()
        text = main if len(main) > len(text) else text
    return Article(scrubbed(text[:_MAX_TEXT]), not_future(page.published_at or found, today))


def not_future(when: date | None, today: datetime) -> date | None:
    """Return a publication date unless it lies in the future (a day's difference in time zones aside)."""
    return when if when is not None and when <= today.date() + timedelta(days=1) else None


def _extract(html: str, today: datetime) -> tuple[str, date | None]:
    """Return article text and publication date; what the libraries cannot read is empty and `None`."""
    import trafilatura
    from htmldate import find_date

    try:
        document = trafilatura.bare_extraction(html, fast=True, include_comments=False, with_metadata=False)
        text = str(getattr(document, "text", "") or "")
    except Exception:  # noqa: BLE001  # a third-party extractor over hostile bytes; the caller has another text
        text = ""
    try:
        stated = find_date(
            html, original_date=True, extensive_search=False, max_date=today.strftime("%Y-%m-%d")
        )
    except Exception:  # noqa: BLE001  # as above: no date is an answer
        stated = None
    lines = (one_line(line, 5000) for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip(" |")), stated_date(stated or "")
