"""Sentences: values, bands, dates and quotes as a salesperson reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from agent.attributes import OPEN_ENDED
from agent.canonical.industries import industry_label
from agent.icp.catalogue import use_of
from agent.icp.model import Band
from agent.models import SOURCES
from agent.scoring.view import FactRow, Reading, View

Words = Callable[[Any], str]  # Any: JSON
"""How a fact's value is put in words."""

_LONGEST_QUOTE = 90
SOURCE_WORDS = {
    "website": "the website",
    "jobs": "the careers page or job board",
    "news": "news and press",
    "technographics": "site code and DNS",
    "registries": "public registries",
}


def said(view: View, fact: FactRow) -> str:
    """Return what a fact says and its citation."""
    return f"{value_words(fact['attribute'], fact['value'])}{cite(view, fact['evidence'])}"


def cite(view: View, ids: tuple[str, ...]) -> str:
    """Return ` ("quote", host, date)` for the first piece of evidence that is there, or nothing.

    A long quote is cut at a word.
    """
    known = view.evidence
    for name in ids:
        item = known.get(name)
        if item is None:
            continue
        quote = item["quote"]
        if "\n" in quote or "\t" in quote:
            quote = " ".join(quote.split())
        if len(quote) > _LONGEST_QUOTE:
            quote = quote[:_LONGEST_QUOTE].rpartition(" ")[0] + " …"
        on = item["published_at"]
        return f' ("{quote}", {host(item["url"])}, {"undated" if on is None else _day(on)})'
    return ""


@lru_cache(maxsize=16_384)
def _day(on: date) -> str:
    return on.isoformat()


@lru_cache(maxsize=4096)
def host(url: str) -> str:
    """Return the host of a URL without `www.`, for showing only."""
    rest = url.partition("://")[2] or url
    return rest.partition("/")[0].partition("?")[0].removeprefix("www.")


def number(value: Decimal | int | float) -> str:
    """Write a number with thousands separators and no superfluous zeros."""
    if type(value) is int:
        return _whole(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"


@lru_cache(maxsize=16_384)
def _whole(value: int) -> str:
    return f"{value:,}"


def value_words(attribute: str, value: Any) -> str:  # Any: JSON
    """Return a fact's value in words: `300 employees`, `USD 12,000,000`, `Austin, Texas, US`."""
    return words_of(attribute)(value)


@lru_cache(maxsize=1024)
def words_of(attribute: str) -> Words:
    """Return how the values of one attribute are put in words, ready for many of them."""
    own, subject = _OWN_WORDS.get(attribute), use_of(attribute).subject

    def words(value: Any) -> str:  # Any: JSON
        if type(value) is dict:
            if own is not None and "label" not in value:
                return own(value)
            if "label" in value:
                return str(value["label"])
            if "currency" in value and ("amount" in value or "low" in value):
                return _money(value)
            parts = [str(part).replace("_", " ") for part in value.values() if part is not None]
            return ", ".join(parts) if parts else subject
        if type(value) is str:
            return value.replace("_", " ")
        if attribute == "employee_count":
            return _employees(value)
        if attribute == "founded_year":
            return f"founded {value}"
        return subject if value is True else str(value).replace("_", " ")

    return words


def _growth(value: dict[str, Any]) -> str:  # Any: JSON
    return f"{number(value.get('percent', 0))} % growth in {value.get('measure', 'size')}"


def _product(value: dict[str, Any]) -> str:  # Any: JSON
    relation = value.get("relation", "uses")
    product = str(value.get("product"))
    return product if relation == "uses" else f"{product} ({str(relation).replace('_', ' ')})"


def _openings(value: dict[str, Any]) -> str:  # Any: JSON
    if value.get("title"):
        return str(value["title"])
    count, department = (
        value.get("count", 1),
        str(value.get("department", "some department")).replace("_", " "),
    )
    if count == 0:  # as denials carry it
        return "any opening" if department == "other" else f"any opening in {department}"
    return f"{count:,} opening{'s' if count != 1 else ''} in {department}"


def _place(value: dict[str, Any]) -> str:  # Any: JSON
    return ", ".join([str(value[key]) for key in ("city", "region", "country") if value.get(key)])


def _employees(value: Any) -> str:  # Any: JSON
    return _size(value) + " employees"


def _size(value: Any) -> str:  # Any: JSON
    if not isinstance(value, dict):
        return number(value) if isinstance(value, int) else str(value)
    exact = value.get("exact")
    if exact is not None:
        return number(exact)
    low, high = value.get("low", 0), value.get("high", 0)
    if low == high:
        return number(low)
    return f"at least {number(low)}" if high >= OPEN_ENDED else f"{number(low)}–{number(high)}"


def _money(value: Any) -> str:  # Any: JSON
    low = high = value.get("amount")
    if "amount" not in value:
        low, high = value.get("low"), value.get("high")
    if low is None or high is None:
        return str(value.get("stage") or "an amount not told").replace("_", " ")
    amount = number(low) if low == high else f"{number(low)}–{number(high)}"
    stage = value.get("stage")
    return f"{value['currency']} {amount}" + (f" ({str(stage).replace('_', ' ')})" if stage else "")


_OWN_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {  # Any: JSON
    "employee_count": _employees,
    "growth_rate": _growth,
    "technology": _product,
    "hiring": _openings,
    "headquarters": _place,
}


def band_words(band: Band, *, years: bool = False) -> str:
    """Return a band in words: `200–1,000`, `at least 200`, `below 20`; years stand without separators."""
    low, high = (None if end is None else f"{end}" if years else number(end) for end in (band.low, band.high))
    if low is None:
        return f"{'below' if band.high_open else 'at most'} {high or 0}"
    if high is None:
        return f"{'above' if band.low_open else 'at least'} {low}"
    if band.low_open or band.high_open:
        return f"{'above' if band.low_open else 'from'} {low} {'to below' if band.high_open else 'to'} {high}"
    return f"{low}–{high}"


def terms_words(attribute: str, terms: tuple[str, ...], joined_by: str = "or") -> str:
    """Return a list of terms in words: `Salesforce or HubSpot`; a long list is cut."""
    names = [industry_label(term) if attribute in ("industry", "sub_industry") else term for term in terms]
    names = [name.replace("_", " ") for name in names]
    if len(names) > 8:
        names = [*names[:7], f"{len(names) - 7} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joined_by} {names[-1]}"


def nothing_known(view: View, attribute: str, what: str) -> str:
    """Return why `what` is unknown, naming the sources that were not looked at, unreadable or silent."""
    return f"{what}: unknown; {_silence(attribute, view.reading)}."


@lru_cache(maxsize=4096)
def _silence(attribute: str, reading: Reading) -> str:
    states: dict[str, list[str]] = {"silent": [], "unreadable": [], "not_looked": []}
    for source in use_of(attribute).sources:
        state = reading[SOURCES.index(source)]
        states[state if state in states else "silent"].append(SOURCE_WORDS[source])
    parts = []
    if states["silent"]:
        parts.append(f"nothing found in {' or '.join(states['silent'])}")
    if states["unreadable"]:
        parts.append(f"could not read {' or '.join(states['unreadable'])}")
    if states["not_looked"]:
        parts.append(f"did not look at {' or '.join(states['not_looked'])}")
    return ", ".join(parts)


def both_sides(view: View, fact: FactRow, ending: str = "") -> str:
    """Return what speaks for a contradicted fact and what against it, with an ending that closes the sentence."""
    against = cite(view, fact["against"]) or " (no quote)"
    told = f"{value_words(fact['attribute'], fact['value'])}{cite(view, fact['evidence'])}"
    return f"{told} is contradicted{against}{ending}"


def days_words(days: int) -> str:
    """Return how long ago that many days are: `today`, `1 day ago`, `45 days ago`."""
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{days:,} days ago"
