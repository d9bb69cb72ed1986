"""Places in one line: "Austin, Texas", "Berlin, Germany", "12 Rue X, 75002 Paris, France"."""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.canonical.countries import city_country, named_country, region_country, region_name

_POSTCODE = re.compile(
    r"\b[0-9]{2}-[0-9]{3}\b(?=[ ][^\W\d_])|(?:\b[A-Z]{1,2}-)?\b[0-9]{4,6}(?:-[0-9]{4})?\b|\b[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}\b"
    r"|\b[A-Z][0-9][A-Z][ ]?[0-9][A-Z][0-9]\b|\b[0-9]{4}[ ]?[A-Z]{2}\b"
)
_STREET = re.compile(
    r"[0-9]|\b(?:street|st|road|rd|avenue|ave|blvd|boulevard|suite|floor|building|lane|drive|square|way|rue|calle|via"
    r"|straße|strasse|str|platz|weg|allee|laan|straat|plein|house|tower|center|centre|unit|plaza|park)\b\.?",
    re.IGNORECASE,
)
_STATE_AND_ZIP = re.compile(r"(?<=[a-z])([ ]?)\b([A-Z]{2},?[ ]+[0-9]{5}(?:-[0-9]{4})?\b)")
_NATIONS = ("england", "scotland", "wales", "northern ireland")
"""Countries of the United Kingdom, which stand between a city and it."""
_CITY = re.compile(r"[^\W\d_][^\d_,;:!?()\[\]/|]{1,39}")


class Place(NamedTuple):
    """A place: `country` is ISO 3166 alpha-2; `city` and `region` are as written, or `None`."""

    city: str | None
    region: str | None
    country: str


def parse_place(text: str) -> Place | None:
    """Return the place a comma-separated line names, or `None` when no country can be told.

    The country comes from the last part that is a country, a state, or (alone) a well-known city. "Atlanta,
    Georgia" is the US state: a state beside a city goes before a country of the same name.
    """
    spaced = _STATE_AND_ZIP.sub(r"\1, \2 ", text[:300])
    parts = [part.strip(" .") for part in re.split(r"[,|·\n]|[ ][-–—][ ]", spaced) if part.strip(" .")]
    parts = [part for part in (" ".join(_POSTCODE.sub(" ", part).split()) for part in parts) if part]
    if not parts:
        return None
    if len(parts) > 1 and f"{parts[-2]}, {parts[-1]}".casefold() in {"washington, d.c", "washington, dc"}:
        return Place("Washington", "District of Columbia", "US")
    return _with_country(parts) or _with_region(parts) or _city_alone(parts)


def _with_country(parts: list[str]) -> Place | None:
    code = named_country(parts[-1])
    if code is None or (len(parts) > 1 and _is_state(parts)):
        return None
    rest = parts[:-1]
    region = None
    if rest and named_country(rest[-1]) == code and not (region_country(rest[-1]) or city_country(rest[-1])):
        region = rest[-1] if rest[-1].casefold() in _NATIONS else None  # else the country, said twice
        rest = rest[:-1]
    elif rest and region_country(rest[-1]) == code and (len(rest) > 1 or city_country(rest[-1]) is None):
        region = region_name(rest[-1])
        rest = rest[:-1]
    return Place(_city(rest), region, code)


def _is_state(parts: list[str]) -> bool:
    """Prefer the state when a part could be either ("Georgia", "CA", "DE") and the city allows it."""
    state = region_country(parts[-1])
    if state is None or named_country(parts[-1]) == named_country(parts[-2]):
        return False
    known = city_country(parts[-2])
    return known is None or known == state


def _with_region(parts: list[str]) -> Place | None:
    country = region_country(parts[-1])
    if country is None or len(parts) < 2:
        return None
    city = _city(parts[:-1])
    if city is None:
        return None
    return Place(city, region_name(parts[-1]), country)


def _city_alone(parts: list[str]) -> Place | None:
    for part in reversed(parts):
        country = city_country(part)
        if country is not None:
            return Place(part, None, country)
    return None


def _city(parts: list[str]) -> str | None:
    for part in reversed(parts):
        if city_country(part):
            return part
        if len(part) == 2 and part.isupper():
            continue  # a postal code of a state
        if _STREET.search(part) is None and _CITY.fullmatch(part) and part[0].isupper():
            return part
    return None
