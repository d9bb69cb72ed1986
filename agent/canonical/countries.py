"""Countries, the states in them, well-known cities, and the regions salespeople speak of.

Names, aliases and cities are those of `tools.places`; here they are asked one part at a time.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

from functools import lru_cache

from tools.country_names import fold_name
from tools.place_names import PROVINCES, US_STATES
from tools.places import cities, country_of_field
from tools.places import country_name as _english_name

_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
_EUROPE = [*_EU, *"GB CH NO IS LI UA RS BA ME MK AL MD XK AD MC SM".split()]
_MIDDLE_EAST = "AE SA QA KW BH OM IL JO LB IQ IR YE SY PS TR EG".split()
_AFRICA = "ZA NG KE EG MA GH ET TZ UG DZ TN SN CI CM RW ZM ZW BW NA MU MZ AO LY SD CD".split()
_APAC = "AU NZ JP KR CN TW HK SG MY TH VN PH ID IN PK BD LK NP KH LA MM MN BN MO".split()
_LATAM = "MX BR AR CL CO PE UY PY BO EC VE CR PA GT HN NI SV DO CU PR".split()
_REGIONS: dict[str, list[str]] = {
    "eu": _EU, "european union": _EU, "europe": _EUROPE, "europa": _EUROPE,
    "dach": ["DE", "AT", "CH"], "benelux": ["BE", "NL", "LU"],
    "nordics": ["SE", "NO", "DK", "FI", "IS"], "nordic": ["SE", "NO", "DK", "FI", "IS"],
    "scandinavia": ["SE", "NO", "DK"], "baltics": ["EE", "LV", "LT"],
    "uki": ["GB", "IE"], "uk&i": ["GB", "IE"], "iberia": ["ES", "PT"],
    "emea": [*_EUROPE, *_MIDDLE_EAST, *_AFRICA], "mena": [*_MIDDLE_EAST, "MA", "DZ", "TN", "LY"],
    "middle east": _MIDDLE_EAST, "africa": _AFRICA, "gcc": "AE SA QA KW BH OM".split(),
    "apac": _APAC, "asia pacific": _APAC, "asia-pacific": _APAC, "anz": ["AU", "NZ"],
    "asean": "SG MY TH VN PH ID KH LA MM BN".split(), "southeast asia": "SG MY TH VN PH ID KH LA MM BN".split(),
    "north america": ["US", "CA", "MX"], "nam": ["US", "CA"], "latam": _LATAM, "latin america": _LATAM,
    "americas": ["US", "CA", *_LATAM], "cee": "PL CZ SK HU RO BG SI HR RS UA EE LV LT".split(),
}  # fmt: skip


_CITY_STATES = {"singapore": "SG", "hong kong": "HK", "luxembourg": "LU", "monaco": "MC", "dubai": "AE"}
_CANADA = {
    "ON": "Ontario", "QC": "Quebec", "BC": "British Columbia", "AB": "Alberta", "MB": "Manitoba",
    "SK": "Saskatchewan", "NS": "Nova Scotia", "NB": "New Brunswick",
}  # fmt: skip


def country_code(text: str) -> str | None:
    """Return the alpha-2 code of a country given by name (in some forty languages), alias or code, or `None`."""
    return country_of_field(text)


def named_country(text: str) -> str | None:
    """Return the code of a country *named* in `text`, never of a city, a state or a lower-case code."""
    stripped = text.strip()
    if len(stripped) == 2 and not stripped.isupper():
        return None
    if city_country(stripped) or fold_name(stripped) in _state_names() - {"georgia"}:
        return _CITY_STATES.get(fold_name(stripped))
    return country_of_field(stripped)


def country_name(code: str) -> str:
    """Return the English name of a country, or the code itself when there is none."""
    return _english_name(code.upper()) or code


def region_countries(text: str) -> frozenset[str] | None:
    """Return the countries of a sales region ("EMEA", "DACH", "Nordics", "EU"), or `None`."""
    countries = _REGIONS.get(text.strip().casefold().removeprefix("the "))
    return frozenset(countries) if countries else None


def region_name(text: str) -> str | None:
    """Return the name of a state or province written out or as its postal code, or `None`."""
    stripped = text.strip(" .,")
    if stripped in US_STATES:
        return US_STATES[stripped]
    if stripped in _CANADA:
        return _CANADA[stripped]
    return stripped if region_country(stripped) else None


def region_country(text: str) -> str | None:
    """Return the country a state or province lies in, or `None`; postal codes only in upper case."""
    stripped = text.strip(" .,")
    if stripped in US_STATES:
        return "US"
    if stripped in PROVINCES:
        return PROVINCES[stripped]
    folded = fold_name(stripped)
    if folded in _state_names():
        return "US"
    return PROVINCES.get(folded) if len(folded) > 3 else None


def city_country(text: str) -> str | None:
    """Return the country of a city known well enough to stand alone ("Berlin", "San Francisco"), or `None`."""
    return cities().get(fold_name(text)[:60])


@lru_cache(maxsize=1)
def _state_names() -> frozenset[str]:
    return frozenset(fold_name(name) for name in US_STATES.values())
