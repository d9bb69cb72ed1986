"""Countries, regions of the world and well-known cities, by ISO 3166 alpha-2 code.

Names come from CLDR (through Babel) in many languages, plus the aliases people really write.
A name that fits two countries ("Georgia" beside a US city, "Korea") is decided by the alias table or
not at all.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale

_LOCALES = "en de fr es it nl pt pl sv da nb fi cs hu ro el tr ru uk ja zh ko ar he id vi th".split()
_ALIASES: dict[str, str] = {
    "us": "US", "u.s.": "US", "u.s": "US", "usa": "US", "u.s.a.": "US", "united states of america": "US",
    "the united states": "US", "america": "US", "etats-unis": "US", "estados unidos": "US", "eua": "US", "eeuu": "US",
    "uk": "GB", "u.k.": "GB", "the uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "united kingdom": "GB", "the united kingdom": "GB",
    "south korea": "KR", "korea": "KR", "republic of korea": "KR", "russia": "RU", "russian federation": "RU",
    "uae": "AE", "u.a.e.": "AE", "dubai": "AE", "holland": "NL", "the netherlands": "NL", "czech republic": "CZ",
    "czechia": "CZ", "turkey": "TR", "türkiye": "TR", "vietnam": "VN", "taiwan": "TW", "hong kong": "HK",
    "macau": "MO", "deutschland": "DE", "schweiz": "CH", "suisse": "CH", "österreich": "AT", "republic of ireland": "IE",
    "bosnia": "BA", "ivory coast": "CI", "prc": "CN", "mainland china": "CN", "brasil": "BR", "españa": "ES",
}  # fmt: skip
_NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"))
_US_STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "DC": "District of Columbia",
}  # fmt: skip
_PROVINCES: dict[str, str] = {
    "ON": "Ontario", "QC": "Quebec", "BC": "British Columbia", "AB": "Alberta", "MB": "Manitoba",
    "SK": "Saskatchewan", "NS": "Nova Scotia", "NB": "New Brunswick",
}  # fmt: skip
_OTHER_REGIONS: dict[str, str] = {
    "new south wales": "AU", "nsw": "AU", "victoria": "AU", "queensland": "AU", "western australia": "AU",
    "bavaria": "DE", "bayern": "DE", "hessen": "DE", "baden-württemberg": "DE", "nordrhein-westfalen": "DE",
    "karnataka": "IN", "maharashtra": "IN", "tamil nadu": "IN", "telangana": "IN", "catalonia": "ES",
    "catalunya": "ES", "île-de-france": "FR", "ile-de-france": "FR", "québec": "CA", "noord-holland": "NL",
    "cambridgeshire": "GB", "oxfordshire": "GB", "surrey": "GB", "greater london": "GB",
    "greater manchester": "GB", "kent": "GB", "yorkshire": "GB", "lombardia": "IT", "são paulo": "BR",
}  # fmt: skip
_CITIES: dict[str, str] = {
    **dict.fromkeys(
        "new york|new york city|nyc|san francisco|los angeles|chicago|boston|seattle|austin|denver|atlanta|miami"
        "|dallas|houston|philadelphia|san diego|san jose|palo alto|mountain view|menlo park|redwood city|sunnyvale"
        "|santa clara|san mateo|oakland|brooklyn|silicon valley|washington, d.c.|washington dc|washington d.c."
        "|minneapolis|pittsburgh|salt lake city|raleigh|nashville|phoenix|las vegas|detroit|indianapolis|baltimore"
        "|cleveland|cincinnati|sacramento|san antonio|fort worth|orlando|tampa|milwaukee|kansas city|santa monica"
        "|new orleans|st. louis|scottsdale|bellevue|cupertino|san ramon|pleasanton|south san francisco".split("|"),
        "US",
    ),
    **dict.fromkeys("london manchester edinburgh glasgow bristol leeds belfast sheffield nottingham".split(), "GB"),
    **dict.fromkeys(
        "berlin münchen munich hamburg köln cologne frankfurt stuttgart düsseldorf dusseldorf leipzig dresden "
        "nürnberg nuremberg hannover karlsruhe mannheim bremen dortmund essen bonn darmstadt potsdam".split(),
        "DE",
    ),
    **dict.fromkeys("paris lyon marseille toulouse lille nantes bordeaux montpellier rennes grenoble".split(), "FR"),
    **dict.fromkeys("madrid barcelona málaga sevilla seville bilbao zaragoza".split(), "ES"),
    **dict.fromkeys("milan milano rome roma turin torino bologna florence firenze naples".split(), "IT"),
    **dict.fromkeys("amsterdam rotterdam utrecht eindhoven groningen|the hague|den haag".replace(" ", "|").split("|"), "NL"),
    **dict.fromkeys("lisbon lisboa porto braga".split(), "PT"),
    **dict.fromkeys("vienna wien graz linz".split(), "AT"),
    **dict.fromkeys("zurich zürich geneva genève genf basel bern lausanne zug".split(), "CH"),
    **dict.fromkeys("brussels bruxelles antwerp ghent leuven".split(), "BE"),
    **dict.fromkeys("dublin cork galway".split(), "IE"),
    **dict.fromkeys("stockholm gothenburg göteborg malmö uppsala".split(), "SE"),
    **dict.fromkeys("copenhagen københavn kopenhagen aarhus odense".split(), "DK"),
    **dict.fromkeys("oslo bergen trondheim".split(), "NO"),
    **dict.fromkeys("helsinki espoo tampere".split(), "FI"),
    **dict.fromkeys("warsaw warszawa kraków krakow wrocław wroclaw gdańsk gdansk poznań poznan łódź katowice".split(), "PL"),
    **dict.fromkeys("prague praha brno ostrava".split(), "CZ"),
    "budapest": "HU", "bucharest": "RO", "bucurești": "RO", "cluj-napoca": "RO", "sofia": "BG", "athens": "GR", "tbilisi": "GE",
    "belgrade": "RS", "zagreb": "HR", "ljubljana": "SI", "bratislava": "SK", "vilnius": "LT", "riga": "LV",
    "tallinn": "EE", "tartu": "EE", "kyiv": "UA", "kiev": "UA", "lviv": "UA", "istanbul": "TR", "ankara": "TR",
    "tel aviv": "IL", "tel-aviv": "IL", "herzliya": "IL", "jerusalem": "IL", "haifa": "IL", "abu dhabi": "AE",
    "riyadh": "SA", "doha": "QA", "cairo": "EG", "lagos": "NG", "nairobi": "KE", "cape town": "ZA",
    "johannesburg": "ZA", "bangalore": "IN", "bengaluru": "IN", "mumbai": "IN", "new delhi": "IN",
    "hyderabad": "IN", "chennai": "IN", "pune": "IN", "gurgaon": "IN", "gurugram": "IN", "noida": "IN",
    "tokyo": "JP", "osaka": "JP", "kyoto": "JP", "seoul": "KR", "beijing": "CN", "shanghai": "CN",
    "shenzhen": "CN", "hangzhou": "CN", "guangzhou": "CN", "taipei": "TW", "jakarta": "ID", "bangkok": "TH",
    "kuala lumpur": "MY", "manila": "PH", "ho chi minh city": "VN", "hanoi": "VN", "sydney": "AU",
    "melbourne": "AU", "brisbane": "AU", "perth": "AU", "adelaide": "AU", "auckland": "NZ",
    "wellington": "NZ", "toronto": "CA", "vancouver": "CA", "montreal": "CA", "montréal": "CA", "ottawa": "CA",
    "calgary": "CA", "waterloo": "CA", "mexico city": "MX", "ciudad de méxico": "MX", "bogotá": "CO", "bogota": "CO",
    "medellín": "CO", "buenos aires": "AR", "sao paulo": "BR", "são paulo": "BR", "rio de janeiro": "BR",
    "belo horizonte": "BR", "florianópolis": "BR", "lima": "PE", "montevideo": "UY", "santiago de chile": "CL",
    "singapore": "SG", "hong kong": "HK", "dubai": "AE", "luxembourg": "LU",
}  # fmt: skip
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


def _fold(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    return " ".join(text.split()).strip(" ,;:()[]")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Map folded names in all locales to codes; a name two locales disagree about is left out."""
    found: dict[str, set[str]] = {}
    for tag in _LOCALES:
        for code, name in Locale.parse(tag).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                found.setdefault(_fold(name), set()).add(code)
    names = {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}
    return {**names, **_ALIASES}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    codes = (str(code) for code in Locale.parse("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES - {"UK"}


def country_code(text: str) -> str | None:
    """Return the alpha-2 code of a country name in any of 27 languages, an alias or a code, or `None`.

    A bare two-letter code counts only in upper case: "in" and "it" are words.
    """
    stripped = text.strip()
    if len(stripped) > 80:
        return None
    if len(stripped) == 2 and stripped.isupper() and stripped in _codes():
        return stripped
    folded = _fold(stripped)
    return _names().get(folded) or _names().get(folded.removeprefix("the "))


def country_name(code: str) -> str:
    """Return the English name of a country, or the code itself when there is none."""
    return str(Locale.parse("en").territories.get(code.upper(), code))


def country_names(code: str) -> frozenset[str]:
    """Return the folded names and aliases under which a country may be written."""
    return frozenset(name for name, known in _names().items() if known == code.upper())


def region_countries(text: str) -> frozenset[str] | None:
    """Return the countries of a sales region ("EMEA", "DACH", "Nordics", "EU"), or `None`."""
    folded = _fold(text).removeprefix("the ")
    countries = _REGIONS.get(folded)
    return frozenset(countries) if countries else None


def region_name(text: str) -> str | None:
    """Return the name of a state or province written out or as its postal code, or `None`."""
    stripped = text.strip(" .,")
    if stripped in _US_STATES or stripped in _PROVINCES:
        return _US_STATES.get(stripped) or _PROVINCES.get(stripped)
    folded = _fold(stripped)
    for name in (*_US_STATES.values(), *_PROVINCES.values()):
        if name.casefold() == folded:
            return name
    return stripped if folded in _OTHER_REGIONS else None


def region_country(text: str) -> str | None:
    """Return the country a state or province lies in, or `None`; postal codes only in upper case."""
    stripped = text.strip(" .,")
    folded = _fold(stripped)
    if stripped in _US_STATES or any(name.casefold() == folded for name in _US_STATES.values()):
        return "US"
    if stripped in _PROVINCES or any(name.casefold() == folded for name in _PROVINCES.values()):
        return "CA"
    return _OTHER_REGIONS.get(folded)


def city_country(text: str) -> str | None:
    """Return the country of a city known well enough to stand alone ("Berlin", "San Francisco"), or `None`."""
    return _CITIES.get(_fold(re.sub(r"\s+", " ", text)))


def same_country(left: str, right: str) -> bool:
    """Tell whether two names, aliases or codes mean one country."""
    code = country_code(left)
    return code is not None and code == country_code(right)
