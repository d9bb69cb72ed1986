"""Canonical JSON values: each function takes whatever an extractor gave and returns the one shape, or `None`.

They are total: any JSON in, a value or `None` out. Never a guess: what does not fit is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, get_args

from pydantic import JsonValue

from agent.canonical.countries import country_code, region_country, region_name
from agent.canonical.employees import OPEN_ENDED, parse_size
from agent.canonical.industries import industry_code, industry_label
from agent.canonical.money import parse_money
from agent.canonical.numbers import parse_number, to_int
from agent.canonical.place import parse_place
from agent.canonical.roles import buying_role, role_of_title
from agent.canonical.terms import Vocabulary, canonical_term
from tools.documents import Department, Seniority
from tools.technographics import canonical_product

Canonicaliser = Callable[[JsonValue], JsonValue]

_LONGEST_TEXT = 300
_RELATIONS = ("uses", "integrates_with", "sells", "migrating_from", "evaluates")
_EARLIEST_YEAR, _LATEST_YEAR = 1600, 2100


def text(raw: JsonValue) -> JsonValue:
    """Return a short text with its whitespace collapsed."""
    if not isinstance(raw, str):
        return None
    collapsed = " ".join(raw.split())
    return collapsed if 0 < len(collapsed) <= _LONGEST_TEXT else None


def whole_number(raw: JsonValue) -> int | None:
    """Return a non-negative whole number from an int, a whole float or a written number."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw if 0 <= raw < 10**15 else None
    if isinstance(raw, float):
        return int(raw) if math.isfinite(raw) and raw == int(raw) and 0 <= raw < 10**15 else None
    return to_int(parse_number(raw)) if isinstance(raw, str) else None


def year(raw: JsonValue) -> JsonValue:
    """Return a plausible year from an int, "2012" or an ISO date."""
    if isinstance(raw, str):
        match = re.fullmatch(r"\s*([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:.+Z-]{0,30})?)?)?\s*", raw[:60])
        raw = int(match[1]) if match else None
    number = whole_number(raw)
    return number if number is not None and _EARLIEST_YEAR <= number <= _LATEST_YEAR else None


def industry(raw: JsonValue) -> JsonValue:
    """Return `{code, label}` of an industry's code, label or alias."""
    candidates = [raw.get("code"), raw.get("label")] if isinstance(raw, dict) else [raw]
    for candidate in candidates:
        code = industry_code(candidate) if isinstance(candidate, str) else None
        if code is not None:
            return {"code": code, "label": industry_label(code)}
    return None


def employee_count(raw: JsonValue) -> JsonValue:
    """Return `{exact, low, high}` from a number, a size text or such a dict."""
    if isinstance(raw, str):
        size = parse_size(raw)
        return None if size is None else {"exact": size.exact, "low": size.low, "high": size.high}
    if isinstance(raw, dict):
        exact = whole_number(raw.get("exact"))
        low, high = whole_number(raw.get("low")), whole_number(raw.get("high"))
        if exact is not None:
            low, high = exact, exact
        elif low is None and high is None:
            return None
        low, high = low if low is not None else 1, min(high, OPEN_ENDED) if high is not None else OPEN_ENDED
        return {"exact": exact, "low": low, "high": high} if 0 < low <= high else None
    number = whole_number(raw)
    return {"exact": number, "low": number, "high": number} if number and number < OPEN_ENDED else None


def money(raw: JsonValue) -> JsonValue:
    """Return `{amount, currency}` from such a dict or a text like "$45M"."""
    if isinstance(raw, str):
        mention = parse_money(raw)
        return None if mention is None else {"amount": mention.amount, "currency": mention.currency}
    if not isinstance(raw, dict):
        return None
    amount, currency = whole_number(raw.get("amount")), _currency(raw.get("currency"))
    return {"amount": amount, "currency": currency} if amount is not None and currency else None


def revenue(raw: JsonValue) -> JsonValue:
    """Return `{low, high, currency, year}`; `year` is `None` when unsaid."""
    if isinstance(raw, str):
        mention = parse_money(raw)
        if mention is None:
            return None
        return {"low": mention.amount, "high": mention.amount, "currency": mention.currency, "year": None}
    if not isinstance(raw, dict):
        return None
    amount = whole_number(raw.get("amount"))
    low = whole_number(raw.get("low")) if amount is None else amount
    high = whole_number(raw.get("high")) if amount is None else amount
    low, high = (high if low is None else low), (low if high is None else high)
    currency = _currency(raw.get("currency"))
    if low is None or high is None or low > high or currency is None:
        return None
    return {"low": low, "high": high, "currency": currency, "year": year(raw.get("year"))}


def growth_rate(raw: JsonValue) -> JsonValue:
    """Return `{percent, measure}`; measure is revenue, employees, customers or other."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"percent": raw}  # Any: JSON
    percent = fields.get("percent")
    if isinstance(percent, str):
        match = re.fullmatch(r"\s*([+-]?[0-9]{1,6}(?:[.,][0-9]{1,2})?)\s*(?:%|percent)?\s*", percent)
        percent = float(match[1].replace(",", ".")) if match else None
    if (
        isinstance(percent, bool)
        or not isinstance(percent, int | float)
        or not math.isfinite(percent)
        or abs(percent) > 10**6
    ):
        return None
    measure = fields.get("measure")
    known = measure if measure in ("revenue", "employees", "customers") else "other"
    return {"percent": int(percent) if percent == int(percent) else percent, "measure": known}


def headquarters(raw: JsonValue) -> JsonValue:
    """Return `{city, region, country}` from such a dict or a line like "Austin, Texas"."""
    if isinstance(raw, dict):
        city, region, country = (_words(raw.get(key)) for key in ("city", "region", "country"))
        code = country_code(country) if country else None
        if code is None:
            place = parse_place(", ".join(part for part in (city, region) if part))
            return None if place is None or country else _place(place.city, place.region, place.country)
        return _place(city, region, code)
    place = parse_place(raw) if isinstance(raw, str) else None
    return None if place is None else _place(place.city, place.region, place.country)


def country(raw: JsonValue) -> JsonValue:
    """Return an alpha-2 code from a country's name or code."""
    return country_code(raw if len(raw) != 2 else raw.upper()) if isinstance(raw, str) else None


def technology(raw: JsonValue) -> JsonValue:
    """Return `{product, category, relation}`; a bare name is a product in use."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"product": raw}  # Any: JSON
    product, category = _words(fields.get("product"), 80), _words(fields.get("category"), 60)
    relation = fields.get("relation", "uses")
    if product is None or relation not in _RELATIONS:
        return None
    known = canonical_product(product)
    if known is not None:
        product, category = known.name, known.category
    return {"product": product, "category": category or "other", "relation": relation}


def hiring(raw: JsonValue) -> JsonValue:
    """Return `{department, seniority, title, count}`; a bare department counts one opening, a denial none."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"department": raw}  # Any: JSON
    department = _one_of(fields.get("department"), get_args(Department))
    seniority = _one_of(fields.get("seniority"), get_args(Seniority))
    count = whole_number(fields.get("count", 1))
    if department is None or count is None or not 0 <= count <= 100_000:
        return None
    return {
        "department": department,
        "seniority": seniority,
        "title": _words(fields.get("title"), 200),
        "count": count,
    }


def funding_round(raw: JsonValue) -> JsonValue:
    """Return `{stage, amount, currency}`, at least one of stage and amount known."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"stage": raw}  # Any: JSON
    stage_text = fields.get("stage")
    stage = canonical_term("funding_stage", stage_text) if isinstance(stage_text, str) else None
    amount, currency = whole_number(fields.get("amount")), _currency(fields.get("currency"))
    if amount is None or currency is None:
        amount, currency = None, None
    if stage is None and amount is None:
        return None
    return {"stage": stage, "amount": amount, "currency": currency}


def leadership_change(raw: JsonValue) -> JsonValue:
    """Return `{title, change}`: a role that was filled or left, never a person's name."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"title": raw}  # Any: JSON
    title, change = _words(fields.get("title"), 120), fields.get("change", "appointed")
    known = canonical_term("leadership_change", change) if isinstance(change, str) else None
    return {"title": title, "change": known} if title and known else None


def expansion(raw: JsonValue) -> JsonValue:
    """Return `{kind, place, country}`; kind is office, market, facility or other."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"place": raw}  # Any: JSON
    place, kind = _words(fields.get("place"), 120), fields.get("kind")
    if place is None and kind is None:
        return None
    named = fields.get("country")
    code = country_code(named) if isinstance(named, str) else None
    if code is None and place is not None:
        found = parse_place(place)
        code = found.country if found else None
    return {
        "kind": kind if kind in ("office", "market", "facility") else "other",
        "place": place,
        "country": code,
    }


def acquisition(raw: JsonValue) -> JsonValue:
    """Return `{role, other}`: whether the account is the acquirer or the acquired, and who the other is."""
    if not isinstance(raw, dict):
        return None
    other, role = _words(raw.get("other"), 120), raw.get("role")
    return {"role": role, "other": other} if role in ("acquirer", "acquired") else None


def layoffs(raw: JsonValue) -> JsonValue:
    """Return `{count, percent}`; either may be `None`."""
    if not isinstance(raw, dict):
        return None
    count, percent = whole_number(raw.get("count")), whole_number(raw.get("percent"))
    return {"count": count, "percent": percent if percent is not None and percent <= 100 else None}


def named(key: str) -> Canonicaliser:
    """Return a canonicaliser of `{key: text}`, which also takes the bare text."""

    def canonicalise(raw: JsonValue) -> JsonValue:
        found = _words(raw.get(key) if isinstance(raw, dict) else raw, 200)
        return {key: found} if found else None

    return canonicalise


def buying_committee_role(raw: JsonValue) -> JsonValue:
    """Return `{role, title}`; a bare title is given the role it usually plays."""
    fields: dict[str, Any] = raw if isinstance(raw, dict) else {"title": raw}  # Any: JSON
    title, role = _words(fields.get("title"), 120), fields.get("role")
    known = buying_role(role) if isinstance(role, str) else (role_of_title(title) if title else None)
    return {"role": known, "title": title} if known and title else None


def answer(raw: JsonValue) -> JsonValue:
    """Return `{answer: "yes" | "no"}`."""
    said = raw.get("answer") if isinstance(raw, dict) else raw
    if isinstance(said, bool):
        return {"answer": "yes" if said else "no"}
    folded = said.strip().casefold() if isinstance(said, str) else ""
    return {"answer": folded} if folded in ("yes", "no") else None


def flag(raw: JsonValue) -> JsonValue:
    """Return `True` for a yes; a no is told by polarity, never by a value."""
    if isinstance(raw, str):
        return True if raw.strip().casefold() in ("yes", "true") else None
    return True if raw is True else None


def term(vocabulary: Vocabulary) -> Canonicaliser:
    """Return a canonicaliser for a closed vocabulary."""

    def canonicalise(raw: JsonValue) -> JsonValue:
        return canonical_term(vocabulary, raw) if isinstance(raw, str) else None

    return canonicalise


def department(raw: JsonValue) -> JsonValue:
    """Return a canonical department name."""
    return _one_of(raw, get_args(Department))


def _one_of(raw: object, allowed: tuple[str, ...]) -> str | None:
    if not isinstance(raw, str):
        return None
    folded = re.sub(r"[\s&-]+", "_", raw.strip().casefold())
    return folded if folded in allowed else None


def _currency(raw: object) -> str | None:
    if not isinstance(raw, str):
        return None
    upper = raw.strip().upper()
    if re.fullmatch(r"[A-Z]{3}", upper):
        return upper
    mention = parse_money(f"{raw.strip()}1")
    return mention.currency if mention else None


def _words(raw: object, longest: int = 120) -> str | None:
    collapsed = " ".join(raw.split()) if isinstance(raw, str) else ""
    return collapsed if 0 < len(collapsed) <= longest else None


def _place(city: str | None, region: str | None, country: str) -> JsonValue:
    if region is not None and country in ("US", "CA") and region_country(region) == country:
        region = region_name(region)
    return {"city": city, "region": region, "country": country}
