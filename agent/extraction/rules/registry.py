"""Registry entries and imported rows: one `Label: value` a line, dated by ` (as of YYYY-MM-DD)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import JsonValue

from agent.attributes import known_attribute
from agent.canonical.money import find_money
from agent.extraction.rules.reading import Reading
from agent.grounding.sentences import Span
from agent.models import Claim

_LINE = re.compile(
    r"^(?P<label>[A-Za-z][\w /-]{0,40}):[ ](?P<value>[^\n]{1,400}?)(?:[ ]\(as of (?P<as_of>[0-9]{4}(?:-[0-9]{2}){0,2})\))?[ ]*$",
    re.MULTILINE,
)
_LABELS: dict[str, str] = {
    "name": "name",
    "legal name": "name",
    "employees": "employee_count",
    "number of employees": "employee_count",
    "employee range": "employee_count",
    "employee growth in 12 months": "growth_rate",
    "founded": "founded_year",
    "inception": "founded_year",
    "headquarters": "headquarters",
    "industry": "industry",
    "revenue": "revenue",
    "revenue range": "revenue",
    "parent organisation": "parent",
    "parent organization": "parent",
    "subsidiary": "subsidiary",
    "total funding": "total_funding",
    "funding stage": "funding_stage",
    "ownership": "ownership",
}
_LISTED = re.compile(
    r"\b(?:nasdaq|nyse|new york stock|london stock|euronext|xetra|frankfurt|deutsche börse|tokyo|toronto|australian securities"
    r"|hong kong|bombay|national stock exchange|six swiss|borsa|stockholm|oslo|copenhagen|helsinki|warsaw|b3|bovespa)\b",
    re.IGNORECASE,
)


def read_registry(reading: Reading) -> Iterator[Claim]:
    """Yield what a registry's lines state; a line dated by the registry gives that day as the event date."""
    provider = reading.document.provider or "registry"
    for match in _LINE.finditer(reading.text):
        label, value = match["label"].strip().casefold(), match["value"].strip()
        span = Span(match.start(), match.start() + len(match[0].rstrip()))
        on = _day(match["as_of"])
        rule = f"registry_{re.sub(r'[^a-z0-9_]', '_', provider.casefold())[:30]}@1"
        if label == "stock exchange" and _LISTED.search(value):
            yield from reading.claim(rule, "ownership", "public", span, event_on=on, structured=True)
        attribute = _LABELS.get(label)
        if attribute is not None:
            yield from reading.claim(
                rule, attribute, _value(attribute, value, on), span, event_on=on, structured=True
            )


def read_imported(reading: Reading) -> Iterator[Claim]:
    """Yield what imported rows state: `attribute: value`, attributes named as in the catalogue."""
    for match in _LINE.finditer(reading.text):
        label = match["label"].strip().casefold().replace(" ", "_")
        attribute = label if known_attribute(label) else _LABELS.get(match["label"].strip().casefold())
        if attribute is None:
            continue
        span, on = Span(match.start(), match.start() + len(match[0].rstrip())), _day(match["as_of"])
        value = _value(attribute, match["value"].strip(), on)
        yield from reading.claim("imported_row@1", attribute, value, span, event_on=on, structured=True)


def _value(attribute: str, value: str, on: date | None) -> JsonValue:
    if attribute == "revenue":
        ends = list(find_money(value))[:2]
        if not ends or value.endswith("+"):  # an open end is no amount that a quote could hold
            return None
        low, high = ends[0], ends[-1]
        year = on.year if on else None
        return {"low": low.amount, "high": high.amount, "currency": low.currency, "year": year}
    if attribute == "growth_rate":
        return {"percent": value, "measure": "employees"}
    if attribute == "founded_year":
        return value[:4] if re.match(r"[0-9]{4}(?:-|$)", value) else None
    return value


def _day(text: str | None) -> date | None:
    """Return the first day of a year, month or day in ISO form."""
    if text is None:
        return None
    try:
        return date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return None
