"""Read a location's country: names in many languages, codes, states and provinces, major cities.

Nothing is guessed: "Korea", "Georgia" and "CA" alone could be two places and read as `None`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tools.country_names import countries, fold_name
from tools.place_names import (
    AMBIGUOUS,
    CAUTIOUS_STATES,
    CITIES,
    COUNTRY_ALIASES,
    NOISE,
    PROVINCES,
    US_STATES,
    US_TOWNS,
)

_LONGEST = 300
_ALTERNATIVES = re.compile(r"\s*(?:[;|\n•]|\s/\s|\s+(?:or|and|oder|und|ou|et|o|y|&|\+)\s+)\s*")
_PARTS = re.compile(
    r"\s*(?:[,()\[\]:·–—/]|(?<=\w\w)\.(?=\w\w)|\s-+\s|-(?=remote\b)|(?<=remote)-|(?<=^[A-Z]{2})-)\s*",
    re.IGNORECASE,
)
_CODE_AT_END = re.compile(r"(?P<town>[^\d]{2,60}) (?P<code>[A-Z]{2,3})")
_WORDS = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")


def country_code(text: str | None) -> str | None:
    """Return the ISO 3166 alpha-2 code of the country a location text names, or `None`.

    Takes what location fields hold: `Germany`, `Allemagne`, `U.S.`, `Austin, TX`, `Paris, TX`, `Remote (UK)`,
    `USA.VA.Reston`, `London; Leeds`. Several places count only if they are in one country. Sentences are
    not read, and a name that could be two countries gives `None`.
    """
    if not text or len(text) > _LONGEST:
        return None
    text = " ".join(text.replace("\u200b", "").split()) if "\n" not in text else text.strip()
    whole = _name_code(text)
    if whole:
        return whole
    found: set[str] = set()
    for alternative in _ALTERNATIVES.split(text):
        parts = _meaningful(alternative)
        if not parts:
            continue
        code = _one_place(parts)
        if code is None:
            return None
        found.add(code)
    return found.pop() if len(found) == 1 else None


def country_of_field(value: str | None) -> str | None:
    """Return the code of a field that holds nothing but a country: a name, or an alpha-2 or alpha-3 code.

    Here `CA` is Canada and `Georgia` the country, for no state is meant.
    """
    if not value or len(value) > _LONGEST:
        return None
    text = value.strip()
    if len(text) == 2 and text.isascii():
        code = {"UK": "GB", "EL": "GR"}.get(text.upper(), text.upper())
        return code if code in countries() else None
    if fold_name(text) == "georgia":
        return "GE"
    return country_code(text)


def country_name(code: str) -> str | None:
    """Return the English name of an ISO 3166 alpha-2 code, or `None` if it is none."""
    country = countries().get(code)
    return country.name if country else None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Map every folded country name to its code; an everyday alias wins, an ambiguous name has none."""
    names = {folded: country.code for country in countries().values() for folded in country.folded}
    for code, aliases in COUNTRY_ALIASES.items():
        names |= {fold_name(alias): code for alias in aliases}
    return {name: code for name, code in names.items() if name not in AMBIGUOUS}


@lru_cache(maxsize=1)
def _alpha3() -> dict[str, str]:
    return {old: country.code for country in countries().values() for old in country.alpha3}


def _name_code(text: str) -> str | None:
    """Read a text that is a country's name or unmistakable code and nothing else."""
    bare = text.replace(".", "")
    if bare in ("US", "UK", "GB", "UAE"):
        return {"UK": "GB", "UAE": "AE"}.get(bare, bare)
    if len(text) == 2 and text.isascii() and text.isupper():
        return text if text in countries() and (text not in US_STATES or text == "DE") else None
    if len(text) == 3 and text.isascii() and text.isupper():
        return _alpha3().get(text)
    return _names().get(fold_name(text))


def _meaningful(alternative: str) -> list[str]:
    """Split one place into its parts, without the words that say how or where in it one works."""
    parts: list[str] = []
    for part in _PARTS.split(alternative):
        words = _WORDS.findall(part or "")
        kept = [word for word in words if fold_name(word) not in NOISE]
        if not kept:
            continue
        if _name_code(part) or fold_name(part) in _states():
            parts.append(part)
            continue
        part = part.strip() if len(kept) == len(words) else " ".join(kept)
        ended = _CODE_AT_END.fullmatch(part)
        if ended and (ended["code"] in US_STATES or ended["code"] in PROVINCES) and not _name_code(part):
            parts += [ended["town"], ended["code"]]
        else:
            parts.append(part)
    return parts


def _one_place(parts: list[str]) -> str | None:
    last = parts[-1].replace(".", "") if len(parts[-1]) < 6 else parts[-1]
    city = _city(parts[:-1])
    if fold_name(last) in AMBIGUOUS:
        return city if city and city in AMBIGUOUS[fold_name(last)] else None
    if len(parts) > 1:
        by_region = _region(last, city, parts[0])
        if by_region:
            return by_region
    elsewhere = (part for part in parts[:-1] if len(part) > 2 or part in ("US", "UK"))
    named = {code for code in (_name_code(last), *map(_name_code, elsewhere)) if code}
    if named:
        return named.pop() if len(named) == 1 else None
    return _state_name(last) or _city(parts)


def _region(last: str, city: str | None, town: str) -> str | None:
    """Read a state, province or country code at the end of `City, XX`."""
    folded = fold_name(last)
    if folded in PROVINCES and (city is None or city == PROVINCES[folded]):
        return PROVINCES[folded]
    if last.isupper() and len(last) in (2, 3):
        abroad = PROVINCES.get(last)
        if abroad and (last not in US_STATES or city == abroad):
            return abroad
        if last in US_STATES:
            if city == last and last in countries():
                return last
            if last in CAUTIOUS_STATES and last in countries() and city is None:
                return "US" if fold_name(town) in US_TOWNS.get(last, ()) else None
            return "US"
        if len(last) == 2:
            return _name_code(last)
        return None
    return "US" if folded in _states() else None


def _state_name(part: str) -> str | None:
    folded = fold_name(part)
    return "US" if folded in _states() else PROVINCES.get(folded)


@lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return frozenset(fold_name(name) for name in US_STATES.values()) - frozenset(AMBIGUOUS)


def _city(parts: list[str]) -> str | None:
    codes = {code for code in (cities().get(fold_name(part)) for part in parts) if code}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=1)
def cities() -> dict[str, str]:
    """Return the country of each well-known city, by its folded name."""
    return {fold_name(name): code for code, names in CITIES.items() for name in names.split("|")}
