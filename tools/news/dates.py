"""Read a publication date that was written out, and refuse every guess.

Relative dates ("3 hours ago"), dates without a year or a day, and 03/04/2025 are no date here: a wrong
date makes old news fresh, no date only makes it undated.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Literal

_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})[.\-]\s?(\d{1,2})[.\-]\s?((?:19|20)\d\d)(?!\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
_HAN = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_WORD = r"([^\W\d_]{3,12})"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?{_WORD}\.?,?\s+(?:de\s+|del\s+)?((?:19|20)\d\d)(?!\d)",
    re.I,
)
_MONTH_FIRST = re.compile(rf"{_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)", re.I)
_DASHED_WORD = re.compile(rf"(?<!\d)(\d{{1,2}})-{_WORD}-((?:19|20)\d\d)(?!\d)")
_LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "tr",
    "ru",
    "uk",
]


SlashOrder = Literal["day-first", "month-first"]


def stated_date(text: str, slashes: SlashOrder | None = None) -> date | None:
    """Return the first full calendar date written in `text` (its first 200 characters), or `None`.

    ISO, day.month.year, month names of nineteen languages, and East Asian forms. With slashes the order
    is only certain when one number exceeds 12, or when `slashes` says what the page's other dates prove.
    """
    text = unicodedata.normalize("NFKC", text[:200])
    if match := _ISO.search(text) or _HAN.search(text):
        return _day(match[1], match[2], match[3])
    if match := _DAY_FIRST.search(text) or _DASHED_WORD.search(text):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.search(text):
        return _day(match[3], _month(match[1]), match[2])
    if match := _DOTTED.search(text):
        return _day(match[3], match[2], match[1])
    if match := _SLASHED.search(text):
        first, second = int(match[1]), int(match[2])
        if second > 12 or first == second:
            return _day(match[3], match[1], match[2])
        if first > 12 or slashes == "day-first":
            return _day(match[3], match[2], match[1])
        return _day(match[3], match[1], match[2]) if slashes == "month-first" else None
    return None


def days_before(day: date, count: int) -> date:
    """Return the day `count` days earlier, the first day there is when that lies before it."""
    return date.fromordinal(max(1, day.toordinal() - count))


def slash_order(text: str) -> SlashOrder | None:
    """Return the order that the slashed dates of one page prove, or `None` where they prove none or both."""
    numbers = [(int(match[1]), int(match[2])) for match in _SLASHED.finditer(text)]
    day_first = any(first > 12 for first, _ in numbers)
    month_first = any(second > 12 for _, second in numbers)
    if day_first == month_first:
        return None
    return "day-first" if day_first else "month-first"


def stated_moment(text: str) -> datetime | date | None:
    """Return the moment of a feed's date (RFC 822, RFC 3339), or its day where it names only that."""
    text = text.strip()[:80]
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return stated_date(text)
    # The mail parser reads two-digit and missing years generously; a feed's date has to spell its year.
    return moment if str(moment.year) in text else stated_date(text)


def _day(year: str | int, month: str | int | None, day: str | int) -> date | None:
    if month is None:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(word: str) -> int | None:
    return _month_names().get(_folded(word))


@cache
def _month_names() -> dict[str, int]:
    """Map month names and abbreviations to numbers; a word that means two months is in no language's favour."""
    from babel.dates import get_month_names

    months: dict[str, int] = {}
    clashes: set[str] = set()
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    word = _folded(name)
                    if len(word) < 3 or not word.isalpha():
                        continue
                    if months.setdefault(word, number) != number:
                        clashes.add(word)
    months.update({"sept": 9, "set": 9, "janv": 1, "mrt": 3, "maart": 3})
    return {word: number for word, number in months.items() if word not in clashes}


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().rstrip("."))
    return "".join(char for char in plain if not unicodedata.combining(char))
