"""Dates as texts give them, absolute or relative to the day of publication.

A period ("Q3 2025", "last month") is given by its first day: an event is never made fresher than the
text says. Ambiguous orders ("05/11/2025") are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale

Precision = Literal["day", "month", "quarter", "year"]
_LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt")


class DateMention(NamedTuple):
    """A date found in a text: characters `start` to `end`, first and last day it covers, and how exact it is."""

    start: int
    end: int
    first: date
    last: date
    precision: Precision


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for tag in _LOCALES:
        names = Locale.parse(tag).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    months.setdefault(name.casefold().rstrip("."), int(number))
    months.update({"sept": 9, "märz": 3, "marz": 3, "maerz": 3})
    return {name: number for name, number in months.items() if not name.isdigit()}


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    month = "|".join(sorted((re.escape(name) for name in _months()), key=len, reverse=True))
    year = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
    day = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|er|º|\.)?"
    patterns = (
        (r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})-(?P<m>[01][0-9])-(?P<day>[0-3][0-9])(?![0-9])", "day"),
        (r"(?<![0-9.])(?P<day>[0-3]?[0-9])\.\x20?(?P<m>[01]?[0-9])\.\x20?" + year, "day"),
        (rf"(?<![0-9]){day}[ ](?:de[ ]|of[ ])?(?P<month>{month})\.?,?[ ](?:de[ ]|del[ ])?{year}", "day"),
        (rf"(?<![^\W_])(?P<month>{month})\.?[ ]{day},?[ ]{year}", "day"),
        (rf"(?<![^\W_])(?P<month>{month})\.?,?[ ](?:of[ ]|de[ ]|del[ ])?{year}", "month"),
        (rf"(?<![^\W_])[QT](?P<quarter>[1-4])[ /-]{{1,3}}{year}", "quarter"),
        (
            r"(?<![^\W_])(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)[ ]quarter[ ](?:of[ ])?"
            + year,
            "quarter",
        ),
    )
    return tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in patterns)


_RELATIVE = re.compile(
    r"(?<![^\W_])(?P<phrase>today|yesterday|this[ ]week|last[ ]week|this[ ]month|last[ ]month|this[ ]quarter"
    r"|last[ ]quarter|this[ ]year|last[ ]year|heute|gestern|letzten[ ]monat|letztes[ ]jahr|le[ ]mois[ ]dernier"
    r"|l['’]an(?:née)?[ ]derni[eè]re?|el[ ]mes[ ]pasado|el[ ]año[ ]pasado)(?![^\W_])",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def find_dates(text: str, published: date | None = None) -> Iterator[DateMention]:
    """Yield the dates in `text`, absolute ones first; relative ones only when `published` is known."""
    taken: list[tuple[int, int]] = []
    for pattern, precision in _patterns():
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            mention = _absolute(match, precision)
            if mention is not None:
                taken.append((match.start(), match.end()))
                yield mention
    if published is None:
        return
    for match in _RELATIVE.finditer(text):
        first, last, precision = _relative(" ".join(match["phrase"].casefold().split()), published)
        yield DateMention(match.start(), match.end(), first, last, precision)
    yield from _bare_months(text, published, taken)


def month_span(year: int, month: int) -> tuple[date, date]:
    """Return the first and last day of a month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def _absolute(match: re.Match[str], kind: str) -> DateMention | None:
    groups = match.groupdict()
    year = int(groups["year"])
    try:
        if kind == "day":
            month = int(groups["m"]) if groups.get("m") else _months()[groups["month"].casefold().rstrip(".")]
            day = date(year, month, int(groups["day"]))
            return DateMention(match.start(), match.end(), day, day, "day")
        if kind == "month":
            first, last = month_span(year, _months()[groups["month"].casefold().rstrip(".")])
            return DateMention(match.start(), match.end(), first, last, "month")
    except (ValueError, KeyError):
        return None
    quarter = int(groups["quarter"]) if groups.get("quarter") else _ORDINALS[groups["ordinal"].casefold()]
    first, last = _quarter(year, quarter)
    return DateMention(match.start(), match.end(), first, last, "quarter")


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter)[1]


def _relative(phrase: str, published: date) -> tuple[date, date, Precision]:
    year, month = published.year, published.month
    monday = published - timedelta(days=published.weekday())
    quarter = (month - 1) // 3 + 1
    if phrase in {"today", "heute"}:
        return published, published, "day"
    if phrase in {"yesterday", "gestern"}:
        return published - timedelta(days=1), published - timedelta(days=1), "day"
    if phrase == "this week":
        return monday, published, "day"
    if phrase == "last week":
        return monday - timedelta(days=7), monday - timedelta(days=1), "day"
    if phrase == "this month":
        return published.replace(day=1), published, "month"
    if "month" in phrase or "monat" in phrase or "mois" in phrase or "mes" in phrase:
        previous = published.replace(day=1) - timedelta(days=1)
        return previous.replace(day=1), previous, "month"
    if phrase == "this quarter":
        return _quarter(year, quarter)[0], published, "quarter"
    if phrase == "last quarter":
        first, last = _quarter(year - (quarter == 1), quarter - 1 or 4)
        return first, last, "quarter"
    if phrase == "this year":
        return date(year, 1, 1), published, "year"
    return date(year - 1, 1, 1), date(year - 1, 12, 31), "year"


def _bare_months(text: str, published: date, taken: list[tuple[int, int]]) -> Iterator[DateMention]:
    """Read "in March" as the latest March that had begun by the day of publication."""
    names = "|".join(
        sorted((re.escape(n) for n in _months() if len(n) > 3 or n in {"mai", "may"}), key=len, reverse=True)
    )
    for match in re.finditer(
        rf"(?<![^\W_])(?:in|im|en|in[ ]early|in[ ]late)[ ]({names})(?![^\W_])(?![ ][0-9])",
        text,
        re.IGNORECASE,
    ):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        month = _months()[match[1].casefold()]
        first, last = month_span(published.year - (month > published.month), month)
        yield DateMention(match.start(), match.end(), first, last, "month")
