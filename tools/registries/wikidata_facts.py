"""Render one Wikidata entry as fact lines: pure, and total on any JSON.

A current-state fact (size, head office, owner) is its one current statement: preferred rank first, then
the latest dated one. Ended statements and statements about a part of the company are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tools.registries.lines import FactLine
from tools.registries.payload import Json, dig, fields, items, number_of, text_of, with_separators

_TIME = re.compile(r"\+?(\d{4})-(\d{2})-(\d{2})T")
_LISTED = 12  # subsidiaries and the like: enough to know the group

# property, label: facts whose value is another entry, every current statement
_ENTRIES = (
    ("P31", "Type"),
    ("P452", "Industry"),
    ("P1454", "Legal form"),
    ("P749", "Parent organisation"),
    ("P127", "Owned by"),
    ("P355", "Subsidiary"),
)
_IDENTIFIERS = (("P946", "ISIN"), ("P1278", "LEI"), ("P5531", "CIK"))
_REFERRED = ("P159", "P17", "P414", *(name for name, _ in _ENTRIES))


def render_entity(entity: Json, referenced: Mapping[str, Json]) -> list[FactLine]:
    """Return the entry's facts as lines, in a fixed order.

    `referenced` maps entry ids to the entries that statements point at; a value whose entry or label is
    missing there is left out rather than shown as a bare id.
    """
    return [line for line in _facts(fields(entity), referenced) if line.value]


def _facts(entity: dict[str, Json], known: Mapping[str, Json]) -> Iterator[FactLine]:
    yield FactLine("Name", entity_label(entity))
    for claim in current(entity, "P1448"):
        yield FactLine("Legal name", text_of(_value(claim), "text"), as_of(claim))
    for claim in current(entity, "P856", everything=True):
        yield FactLine("Official website", text_of(_value(claim)))
    for name, label in _ENTRIES:
        for claim in current(entity, name, everything=True)[:_LISTED]:
            yield FactLine(label, _entry_label(claim, known), as_of(claim))
    for claim in current(entity, "P1128"):
        yield FactLine("Employees", _quantity(claim), as_of(claim))
    for claim in current(entity, "P2139"):
        yield FactLine("Revenue", _money(claim, known), as_of(claim))
    for claim in current(entity, "P571"):
        yield FactLine("Founded", time_of(_value(claim)))
    for claim in current(entity, "P576"):
        yield FactLine("Dissolved", time_of(_value(claim)))
    for claim in current(entity, "P159"):
        yield FactLine("Headquarters", _place(claim, entity, known), as_of(claim))
    for claim in current(entity, "P17", everything=True):
        yield FactLine("Country", _entry_label(claim, known))
    for claim in current(entity, "P414", everything=True):
        ticker = text_of(dig(claim, "qualifiers", "P249"), 0, "datavalue", "value")
        exchange = _entry_label(claim, known)
        yield FactLine("Stock exchange", f"{exchange} ({ticker})" if exchange and ticker else exchange)
    for name, label in _IDENTIFIERS:
        yield FactLine(label, external_id(entity, name))


def referenced_ids(entity: Json) -> list[str]:
    """Return the ids of the entries that `render_entity` will want to name."""
    ids = []
    for name in _REFERRED:
        for claim in current(fields(entity), name, everything=True)[:_LISTED]:
            ids.append(text_of(_value(claim), "id"))
            ids.append(text_of(dig(claim, "qualifiers", "P17"), 0, "datavalue", "value", "id"))
    ids.extend(_unit_id(claim) for claim in current(fields(entity), "P2139"))
    return [entry for entry in dict.fromkeys(ids) if entry]


def statements(entity: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    """Return the statements of one property that have a value and are not deprecated."""
    return [
        claim
        for claim in items(entity.get("claims"), name)
        if isinstance(claim, dict)
        and dig(claim, "rank") != "deprecated"
        and dig(claim, "mainsnak", "snaktype") == "value"
    ]


def in_force(claim: Json) -> bool:
    """Tell whether a statement still holds: no end time among its qualifiers."""
    return not items(claim, "qualifiers", "P582")


def current(entity: Mapping[str, Json], name: str, *, everything: bool = False) -> list[dict[str, Json]]:
    """Return the statements of a property that hold now.

    Preferred-rank ones if there are any. Unless `everything` is asked for, only the latest dated one,
    or, where none is dated, all of them: a contradiction inside the source must stay visible.
    """
    claims = [
        claim
        for claim in statements(entity, name)
        if in_force(claim) and not items(claim, "qualifiers", "P518")
    ]
    claims = [claim for claim in claims if dig(claim, "rank") == "preferred"] or claims
    if everything:
        return claims
    dated = sorted((claim for claim in claims if as_of(claim)), key=as_of, reverse=True)
    return dated[:1] or claims[:3]


def as_of(claim: Json) -> str:
    """Return the point in time (P585) a statement is true for: `2025`, `2025-12` or `2025-12-31`; else `""`."""
    return time_of(dig(items(claim, "qualifiers", "P585"), 0, "datavalue", "value"))


def time_of(value: Json) -> str:
    """Return a Wikidata time as far as its precision goes; coarser than a year is nothing."""
    match = _TIME.match(text_of(value, "time"))
    precision = number_of(value, "precision")
    if match is None or precision is None or precision < 9:
        return ""
    year, month, day = match.groups()
    if precision >= 11 and day != "00" and month != "00":
        return f"{year}-{month}-{day}"
    return f"{year}-{month}" if precision >= 10 and month != "00" else year


def external_id(entity: Mapping[str, Json], name: str) -> str:
    """Return the one current value of an identifier property, or `""` (also where there are several)."""
    values = {text_of(_value(claim)) for claim in current(entity, name, everything=True)}
    return values.pop() if len(values) == 1 else ""


def entity_label(entity: Json) -> str:
    """Return the English label, else the language-neutral one, else any (the first by language code)."""
    labels = fields(entity, "labels")
    for language in ("en", "mul", *sorted(labels)):
        if label := text_of(labels, language, "value"):
            return label
    return ""


def _value(claim: Json) -> Json:
    return dig(claim, "mainsnak", "datavalue", "value")


def _entry_label(claim: Json, known: Mapping[str, Json]) -> str:
    return entity_label(known.get(text_of(_value(claim), "id")))


def _quantity(claim: Json) -> str:
    number = number_of(_value(claim), "amount")
    return with_separators(number) if number is not None else ""


def _unit_id(claim: Json) -> str:
    return text_of(_value(claim), "unit").rpartition("/")[2]


def _money(claim: Json, known: Mapping[str, Json]) -> str:
    """Return amount and ISO 4217 code; an amount whose currency is not known is no fact."""
    code = external_id(fields(known.get(_unit_id(claim))), "P498")
    amount = _quantity(claim)
    return f"{amount} {code}" if amount and code else ""


def _place(claim: Json, entity: Mapping[str, Json], known: Mapping[str, Json]) -> str:
    """Return `city, country`; the country is the statement's own, else the place's, else the company's."""
    city = _entry_label(claim, known)
    place = fields(known.get(text_of(_value(claim), "id")))
    stated = text_of(dig(items(claim, "qualifiers", "P17"), 0, "datavalue", "value"), "id")
    countries = [entity_label(known.get(stated))]
    for holder in (place, entity):
        countries.extend(_entry_label(other, known) for other in current(holder, "P17"))
    country = next((name for name in countries if name), "")
    return ", ".join(part for part in dict.fromkeys((city, country)) if part) if city else ""
