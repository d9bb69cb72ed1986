"""The values of a set test: read from a profile, written canonically, and matched against a fact's value.

Hierarchies live here: a sector contains its branches, a region its countries, "SOC 2" both its types.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from pydantic import JsonValue

from agent.attributes import canonical_value, entry
from agent.canonical.countries import (
    city_country,
    country_code,
    named_country,
    region_countries,
    region_country,
    region_name,
)
from agent.canonical.industries import industry_code, sector_of
from agent.icp.catalogue import use_of
from agent.icp.cursor import Cursor, fold, nearest
from tools.technographics import canonical_product

_PLACE_ATTRIBUTES = frozenset(("headquarters", "operating_region"))
_MOST_KNOWN = 4096
_LABEL_FIELDS = ("code", "product", "role", "stage", "title", "partner", "event", "subject", "topic")


def read_term(attribute: str, cursor: Cursor) -> str:
    """Return the canonical form of one value of a set test, or fail naming what is allowed.

    Closed vocabularies refuse what they do not know, since such a value could never match. Open ones
    (technologies, topics) take any text; `dossier icp lint` points out unknown products.
    """
    text = cursor.text(at_most=200)
    if attribute in _PLACE_ATTRIBUTES:
        return _read_place(attribute, text, cursor)
    if attribute in ("industry", "sub_industry"):
        code = industry_code(text)
        if code is None:
            _refuse(attribute, text, cursor)
        return code
    if attribute == "technology":
        product = canonical_product(text)
        return product.name if product else text
    closed = entry(attribute).closed
    if closed:
        canonical = canonical_value(attribute, text)
        name = _label(canonical) if canonical is not None else None
        by_fold = {fold(known): known for known in closed}
        found = name if name in closed else by_fold.get(fold(text))
        if found is None:
            _refuse(attribute, text, cursor)
        return found
    return text


def _refuse(attribute: str, text: str, cursor: Cursor) -> NoReturn:
    closed = entry(attribute).closed
    cursor.fail(
        f"unknown {use_of(attribute).subject} {text!r}{nearest(text, closed)}; allowed: {', '.join(closed)}"
    )


def _read_place(attribute: str, text: str, cursor: Cursor) -> str:
    code = country_code(text.upper()) if len(text) == 2 else named_country(text)
    finer = _finer_place(text)
    if code is not None and finer.country not in (None, code):
        cursor.fail(f"{text!r} is a country and a US state; allowed: {code} for the country, '{text}, US'")
    if code is not None and finer.country is None:
        return code
    if region_countries(text):
        return text
    if len(text) == 2:
        cursor.fail(f"unknown country code {text!r}; allowed: ISO 3166 alpha-2 codes such as US, DE")
    if attribute == "headquarters":
        return text  # a state or a city: any text may be one
    cursor.fail(
        f"unknown country or region {text!r}; allowed: countries, ISO codes, or regions such as DACH, EU"
    )


class _Place(NamedTuple):
    """A state or city as named, and the country it lies in, if that is known."""

    name: str
    country: str | None
    is_state: bool


@lru_cache(maxsize=4096)
def _finer_place(text: str) -> _Place:
    name, comma, rest = text.partition(",")
    within = named_country(rest.strip()) if comma else None
    if within is None:
        name = text
    # Two letters are a country's code here: CA is Canada.
    state = region_country(name) if len(name) > 2 else None
    if state is not None and within in (None, state):
        return _Place(region_name(name) or name, state, is_state=True)
    return _Place(name, within, is_state=False)


def compile_doubt(attribute: str, terms: tuple[str, ...]) -> Callable[[JsonValue], bool] | None:
    """Return the test whether a head office that matches no term may lie in one of them all the same.

    "Somewhere in the US" may be Texas, and München may be the Munich that is wanted: a state or city is
    ruled out by another country, and within the US by another state or city. `None` when no term is one.
    """
    finer = [
        _finer_place(term)
        for term in terms
        if attribute == "headquarters"
        and not any(token.startswith("country:") for token in term_tokens(attribute, term))
    ]
    if not finer:
        return None

    def may(value: Any) -> bool:  # Any: JSON
        place = value if isinstance(value, dict) else {"country": value}
        country = place.get("country")
        for one in finer:
            home = one.country or city_country(one.name)
            known = place.get("region") if one.is_state else place.get("city")
            if (home is None or country is None or home == country) and not (country == "US" and known):
                return True
        return False

    return may


@lru_cache(maxsize=4096)
def term_tokens(attribute: str, term: str) -> frozenset[str]:
    """Return the tokens a fact may carry to match `term`: the countries of a region, else the term itself."""
    if attribute in _PLACE_ATTRIBUTES:
        countries = region_countries(term)
        if countries:
            return frozenset(f"country:{code}" for code in countries)
        if len(term) == 2 and term.isupper():
            return frozenset((f"country:{term}",))
        return frozenset((fold(_finer_place(term).name),))
    return frozenset((fold(term),))


def compile_match(attribute: str, wanted: frozenset[str]) -> Callable[[JsonValue], bool]:
    """Return the test whether a fact's value carries one of the wanted tokens; it remembers what it has seen."""
    known: dict[JsonValue | tuple[JsonValue, ...], bool] = {}
    places = attribute in _PLACE_ATTRIBUTES

    def match(value: Any) -> bool:  # Any: JSON
        if type(value) is str:
            key: Any = value  # Any: what the tokens of the value depend on, nothing else
        elif places:
            if not isinstance(value, dict):
                return False
            key = (value.get("country"), value.get("region"), value.get("city"))
        else:
            key = _label(value)
        held = known.get(key)
        if held is None:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            held = known[key] = not wanted.isdisjoint(value_tokens(attribute, value))
        return held

    return match


def value_tokens(attribute: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tokens of a fact's value, its ancestors included: a branch of industry also names its sector."""
    if attribute in _PLACE_ATTRIBUTES:
        return _place_tokens(value)
    label = _label(value)
    if label is None:
        return ()
    return _tokens(attribute, label)


@lru_cache(maxsize=16_384)
def _tokens(attribute: str, label: str) -> tuple[str, ...]:
    token = fold(label)
    if attribute in ("industry", "sub_industry"):
        return (token, fold(sector_of(label)))
    if attribute == "certification" and " type " in token:
        return (token, token.partition(" type ")[0])
    return (token,)


def _place_tokens(value: Any) -> tuple[str, ...]:  # Any: JSON
    if isinstance(value, str):
        return (f"country:{value}", fold(value))
    if not isinstance(value, dict):
        return ()
    tokens = [f"country:{value.get('country')}"]
    tokens += [fold(part) for part in (value.get("region"), value.get("city")) if isinstance(part, str)]
    return tuple(tokens)


def _label(value: Any) -> str | None:  # Any: JSON
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        for field in _LABEL_FIELDS:
            part = value.get(field)
            if isinstance(part, str):
                return part
        return next((str(part) for part in value.values() if isinstance(part, str)), None)
    return None if value is None else str(value)
