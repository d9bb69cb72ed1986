"""Check that a claim's value stands in its quote: its numbers, money, dates and names, or a known alias.

One function a value shape. Each returns where in the quote the value stands, which is what the sentence
checks then look around, or `None` when the quote does not carry the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, get_args

from pydantic import JsonValue

from agent.canonical.countries import city_country, country_code, region_country
from agent.canonical.industries import industry_alias_names
from agent.canonical.money import find_money
from agent.canonical.numbers import NumberMention, find_numbers
from agent.canonical.sector_words import find_kind
from agent.canonical.terms import Vocabulary, spellings
from agent.grounding.cues import DEPARTMENT_WORDS, has_cue
from agent.grounding.names import find_name
from agent.grounding.products import bare_words, find_product, word_runs
from agent.grounding.sentences import Span
from tools.place_names import US_STATES

_I = re.IGNORECASE


def _numbers(text: str) -> list[NumberMention]:
    return list(find_numbers(text))


def _find_number(text: str, value: float | int | Decimal) -> Span | None:
    wanted = Decimal(str(value))
    return next((Span(each.start, each.end) for each in _numbers(text) if each.value == wanted), None)


def support(attribute: str, value: JsonValue, quote: str, *, structured: bool) -> Span | None:
    """Return where in `quote` the value of `attribute` stands, or `None` when the quote does not carry it.

    `structured` quotes (key/value sources) need no cue word such as "founded"; the value must be there.
    """
    checker = _CHECKERS.get(attribute)
    if checker is not None:
        return checker(value, quote, structured)
    if attribute.startswith("question:"):
        return Span(0, len(quote))
    vocabulary = _VOCABULARY_OF.get(attribute)
    if vocabulary is not None:
        return find_name(quote, spellings(vocabulary, value)) if isinstance(value, str) else None
    return _leaves(value, quote)


def _priced(value: JsonValue, quote: str, structured: bool) -> Span | None:
    """Check a pricing model by its words, or by the shape of a price: "$20/month", "€9 per user"."""
    shape = _PRICE_SHAPES.get(value) if isinstance(value, str) else None
    if shape is not None and (found := shape.search(quote)):
        return Span(*found.span())
    return find_name(quote, spellings("pricing_model", value)) if isinstance(value, str) else None


_PRICE = r"[$€£]\s?\d[\d.,]*"
_PRICE_SHAPES = {
    "subscription": re.compile(
        rf"{_PRICE}\s?(?:/\s?|per\s+|a\s+)(?:[a-z]+\s?/\s?|[a-z]+\s+per\s+)?(?:month|mo|year|yr)\b", _I
    ),
    "per_seat": re.compile(
        rf"{_PRICE}\s?(?:/\s?|per\s+)(?:(?:month|mo)\s?(?:/|per)\s?)?(?:user|seat|member|editor|agent)\b", _I
    ),
}


def _leaves(value: JsonValue, quote: str) -> Span | None:
    """Check every number and text in `value`; codes such as `acquirer` are closed sets and pass in dicts."""
    if isinstance(value, bool) or value is None:
        return Span(0, len(quote))
    if isinstance(value, int | float):
        return _find_number(quote, value)
    if isinstance(value, str):
        return find_name(quote, (value,))
    parts = list(value.values()) if isinstance(value, dict) else list(value)
    places = [_leaves(part, quote) for part in parts if part is not None]
    if not places or any(place is None for place in places):
        return None
    return places[0]


def _year(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    for found in re.finditer(rf"(?<![\d.,]){value}(?!\d|[.,]\d)", quote):
        before = quote[max(0, found.start() - 12) : found.start()]
        if re.search(r"©|\(c\)|copyright", before, _I):
            continue
        if structured or has_cue("founded_year", quote):
            return Span(*found.span())
    return None


def _money(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict):
        return None
    amounts = [value.get(key) for key in ("amount", "low", "high") if isinstance(value.get(key), int)]
    currency = value.get("currency")
    places = [_find_money(quote, amount, currency, structured) for amount in dict.fromkeys(amounts)]
    year = value.get("year")
    if isinstance(year, int) and not re.search(rf"(?<!\d){year}(?!\d)", quote):
        return None
    return places[0] if places and all(places) else None


def _find_money(quote: str, amount: Any, currency: Any, structured: bool) -> Span | None:  # Any: JSON
    for each in find_money(quote):
        if each.amount == amount and (currency is None or each.currency == currency):
            return Span(each.start, each.end)
    for first in re.finditer(
        r"([$€£])\s?(\d[\d.,]*)\s?[-–—]\s?[$€£]?\s?\d[\d.,]*\s?(m|bn|b|k|million|billion)\b", quote, _I
    ):
        if any(each.amount == amount for each in find_money(f"{first[1]}{first[2]}{first[3]}")):
            return Span(*first.span())
    if structured and isinstance(currency, str) and re.search(rf"\b{re.escape(currency)}\b", quote):
        return _find_number(quote, amount) if isinstance(amount, int) else None
    return None


_PERCENT = re.compile(r"\s?(?:%|percent|per\s+cent|prozent|pour\s+cent|por\s+ciento|procent|por\s+cento)", _I)


def _percent(value: JsonValue, quote: str, structured: bool) -> Span | None:
    percent = value.get("percent") if isinstance(value, dict) else value
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        return None
    for each in find_numbers(quote):
        if each.value == Decimal(str(abs(percent))) and (structured or _PERCENT.match(quote[each.end :])):
            return Span(each.start, each.end)
    multiple = Decimal(str(percent)) / 100 + 1
    if percent > 0 and multiple in (2, 3):
        return find_name(quote, {2: ("doubled", "2x", "2X"), 3: ("tripled", "3x")}[int(multiple)])
    return None


def _headquarters(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict):
        return None
    city, region, country = value.get("city"), value.get("region"), value.get("country")
    place: Span | None = None
    if isinstance(city, str):
        place = find_name(quote, (city,))
        if place is None:
            return None
    if isinstance(region, str):
        codes = [code for code, name in US_STATES.items() if name == region]
        found = find_name(quote, (region,)) or _find_code(quote, codes)
        if found is None:
            return None
        place = place or found
    if isinstance(country, str):
        named = _find_country(quote, country)
        implied = any(
            known == country
            for known in (
                city_country(city) if isinstance(city, str) else None,
                region_country(region) if isinstance(region, str) else None,
            )
        )
        if named is None and not implied:
            return None
        place = place or named
    return place


def _find_code(quote: str, codes: Iterable[str]) -> Span | None:
    for code in codes:
        if found := re.search(rf"(?<![A-Za-z]){re.escape(code)}(?![A-Za-z])", quote):
            return Span(*found.span())
    return None


def _country(value: JsonValue, quote: str, structured: bool) -> Span | None:
    """Find a country by its name, or by a well-known city in it ("offices in Berlin and Austin")."""
    if not isinstance(value, str):
        return None
    return _find_country(quote, value) or next(
        (place for place in word_runs(quote, 3) if city_country(bare_words(quote, place)) == value), None
    )


def _find_country(quote: str, code: str) -> Span | None:
    return next(
        (place for place in word_runs(quote, 5) if country_code(bare_words(quote, place)) == code), None
    )


def _industry(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if isinstance(value, str):
        return find_name(quote, (value, *industry_alias_names(value)))
    if not isinstance(value, dict):
        return None
    code, label = value.get("code"), value.get("label")
    names = {
        *(industry_alias_names(code) if isinstance(code, str) else ()),
        *((label,) if isinstance(label, str) else ()),
    }
    if isinstance(code, str) and (kind := find_kind(quote, code)):
        return Span(*kind)
    return find_name(quote, names)


def _technology(value: JsonValue, quote: str, structured: bool) -> Span | None:
    product = value.get("product") if isinstance(value, dict) else value
    return find_product(quote, product, structured=structured) if isinstance(product, str) else None


def _hiring(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict):
        return None
    title, count, department = value.get("title"), value.get("count"), value.get("department")
    place: Span | None = None
    if isinstance(title, str):
        place = find_name(quote, (title,))
        if place is None:
            return None
    if isinstance(count, int) and count > 1:
        found = _find_number(quote, count)
        if found is None:
            return None
        place = place or found
    if place is None and isinstance(department, str):
        place = find_name(quote, DEPARTMENT_WORDS.get(department, (department.replace("_", " "),)))
    return place


def _funding(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict):
        return None
    stage, amount = value.get("stage"), value.get("amount")
    places: list[Span | None] = []
    if isinstance(stage, str):
        places.append(find_name(quote, spellings("funding_stage", stage)))
    if isinstance(amount, int):
        places.append(_find_money(quote, amount, value.get("currency"), structured))
    return places[-1] if places and all(places) else None


_SEAT = re.compile(
    r"chief|officer|president|presiden[tc]|director|direct[eor]|direttor|direktor|diret|head|\bv\.?p\b|\b[se]vp\b|manag|\bc[a-z]{1,3}o\b|lead|chair|found|partner|counsel|secretary|treasurer|controller|principal"
    r"|executive|board|member|leit|chef|vorstand|geschäfts|vorsitz|gründer|respons|gérant|fondat|jefe|gerente|consejer|fundador|\bcap[oi]\b|amministrat|presidente|hoofd|bestuur|oprichter|supervisor|dean|rector|publisher|editor",
    _I,
)
"""A word that makes a title the title of somebody who leads; "400 employees" has none."""


def _change(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict) or not isinstance(value.get("title"), str):
        return None
    title = str(value["title"])
    return find_name(quote, _title_spellings(title)) if _SEAT.search(title) else None


def _title_spellings(title: str) -> tuple[str, ...]:
    initials = "".join(word[0] for word in title.split() if word[0].isupper())
    chief = (initials,) if title.lower().startswith("chief") and len(initials) == 3 else ()
    return (title, *chief)


def _expansion(value: JsonValue, quote: str, structured: bool) -> Span | None:
    if not isinstance(value, dict):
        return None
    place = value.get("place")
    if isinstance(place, str):
        return find_name(quote, (place,))
    country = value.get("country")
    return _country(country, quote, structured) if isinstance(country, str) else Span(0, len(quote))


def _acquisition(value: JsonValue, quote: str, structured: bool) -> Span | None:
    other = value.get("other") if isinstance(value, dict) else None
    acquired = re.search(
        r"\b(?:acqui\w+|b(?:uys|ought|uying)|merge\w*|takeover|übern\w+|rachat|rach[eè]t\w*|adqui(?:r|er)\w+|acquis\w+|overname|overgenomen|neemt\b[^.]{1,60}\bover|koopt|gekocht|verworven|kauft|gekauft|erworben|erwirbt|akquiriert|compra\w*|acquist\w+|rilev\w+|reprend|repris)\b",
        quote,
        _I,
    )
    return find_name(quote, (other,)) if isinstance(other, str) and acquired else None


def _layoffs(value: JsonValue, quote: str, structured: bool) -> Span | None:
    cue = re.search(
        r"\b(?:lay(?:s|ing)?[- ]?offs?|laid\s+off|job\s+cuts?|cut(?:s|ting)?\b[^.]{0,40}\b(?:jobs|staff|workforce|employees|roles|positions)|redundanc\w+"
        r"|(?:reduc|trim|shrink)\w*\b[^.]{0,30}\b(?:workforce|headcount|staff|team)|cut(?:s|ting)?\b[^.]{0,30}\bheadcount|let(?:s|ting)?\s+go|eliminat\w+\b[^.]{0,40}\b(?:jobs|roles|positions|employees|staff)|made\s+redundant"
        r"|\d[^.]{0,40}\b(?:streichen|abbauen|entlassen|kündigen|schrappen|ontslaan)|\bbaut\b[^.]{0,50}\bab\b|trennt\s+sich\s+von\s[^.]{0,20}\d|se\s+sépare\s+de\s[^.]{0,20}\d|(?:recortará|eliminará|suprimirá|prescinde\s+de|neemt\s+afscheid\s+van)\s[^.]{0,20}\d"
        r"|reduction\s+in\s+force|workforce\s+reduction|downsiz\w+|restructuring|stellenabbau|entl[aä]ss\w+|(?:streicht|kündigt|schrapt|supprim\w+|recorta|suprime|taglia|corta)\s[^.]{0,20}\d|licenci\w+|despid\w+|despedir\w+|demite|ontsla\w+|licenziament\w+|ontslag\w*)\b",
        quote,
        _I,
    )
    if not cue or not isinstance(value, dict):
        return None
    count = value.get("count")
    if isinstance(count, int) and not any(
        each.value == count and not _PERCENT.match(quote[each.end :]) for each in _numbers(quote)
    ):
        return None
    if value.get("percent") is not None and _percent(value, quote, structured) is None:
        return None
    return Span(*cue.span())


def _api(value: JsonValue, quote: str, structured: bool) -> Span | None:
    return find_name(quote, ("API", "APIs", "REST", "GraphQL", "SDK", "webhooks", "OpenAPI"))


def _role(value: JsonValue, quote: str, structured: bool) -> Span | None:
    title = value.get("title") if isinstance(value, dict) else value
    return find_name(quote, _title_spellings(title)) if isinstance(title, str) else None


def _department(value: JsonValue, quote: str, structured: bool) -> Span | None:
    return find_name(quote, DEPARTMENT_WORDS.get(value, (value,))) if isinstance(value, str) else None


_VOCABULARY_OF: dict[str, Vocabulary] = {
    name: name  # attribute and vocabulary carry one name
    for name in get_args(Vocabulary)
    if name != "leadership_change"
}
_Checker = Callable[[JsonValue, str, bool], Span | None]
_CHECKERS: dict[str, _Checker] = {
    "founded_year": _year,
    "pricing_model": _priced,
    "revenue": _money,
    "total_funding": _money,
    "growth_rate": _percent,
    "headquarters": _headquarters,
    "operating_region": _country,
    "industry": _industry,
    "sub_industry": _industry,
    "technology": _technology,
    "hiring": _hiring,
    "funding_round": _funding,
    "leadership_change": _change,
    "expansion": _expansion,
    "acquisition": _acquisition,
    "layoffs": _layoffs,
    "api_offered": _api,
    "buying_role": _role,
    "organisation_department": _department,
}
