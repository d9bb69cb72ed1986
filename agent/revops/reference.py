"""A reference set of synthetic accounts, to see how many a profile would take.

Declared synthetic: no real company is behind any of them. Sizes, industries and countries follow rough
shares of the business world; whatever else a profile asks for is present with a fixed chance. The same
profile always meets the same accounts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import JsonValue

from agent.attributes import entry
from agent.canonical.industries import industry_codes, industry_label
from agent.icp.catalogue import use_of
from agent.icp.model import ICP, Criterion, ExclusionRule, QuestionTest, SetTest, leaf_tests, tested_attribute
from agent.models import Evidence, Fact, Findings, SourceCoverage
from tools.documents import Department

AS_OF = date(2026, 1, 1)
ACCOUNTS = 600
_SEED = 20260101
_SIZES = ((1, 10, 30), (11, 50, 30), (51, 200, 20), (201, 1_000, 12), (1_001, 5_000, 6), (5_001, 100_000, 2))
_COUNTRIES = {
    "US": 40,
    "GB": 10,
    "DE": 8,
    "CA": 6,
    "FR": 6,
    "IN": 6,
    "NL": 4,
    "AU": 4,
    "ES": 4,
    "SE": 3,
    "BR": 3,
    "JP": 3,
    "PL": 3,
}
_HIRING: tuple[Department, ...] = (
    "sales",
    "marketing",
    "engineering",
    "operations",
    "data",
    "support",
    "it",
    "finance",
)
_CHANCE = 0.3
_DAYS = 720


def reference_accounts(icp: ICP, count: int = ACCOUNTS) -> Iterator[Findings]:
    """Yield `count` synthetic accounts that know every attribute the profile asks about."""
    rng = random.Random(_SEED)  # noqa: S311 - a fixed sequence, not a secret
    rules: tuple[Criterion | ExclusionRule, ...] = (*icp.criteria, *icp.exclude)
    tests = [leaf for one in rules for leaf in leaf_tests(one.condition)]
    attributes = sorted(
        {tested_attribute(test) for test in tests} | {"employee_count", "industry", "headquarters"}
    )
    wanted: dict[str, list[JsonValue]] = {}
    for test in tests:
        if isinstance(test, SetTest):
            wanted.setdefault(test.attribute, []).extend(_named(test))
        elif not isinstance(test, QuestionTest) and test.where:
            wanted.setdefault(test.attribute, []).append({part.field: part.values[0] for part in test.where})
    for number in range(count):
        yield _account(rng, number, attributes, wanted)


def _named(test: SetTest) -> list[JsonValue]:
    if test.attribute != "technology":
        return list(test.values)
    return [{"product": value, "category": "other", "relation": "uses"} for value in test.values]


def _account(
    rng: random.Random, number: int, attributes: list[str], wanted: dict[str, list[JsonValue]]
) -> Findings:
    facts: list[Fact] = []
    evidence: list[Evidence] = []
    for attribute in attributes:
        for value, on in _values(rng, attribute, wanted.get(attribute, [])):
            name = f"synthetic-{number}-{len(evidence)}"
            evidence.append(_evidence(name, attribute, value, on))
            facts.append(Fact(attribute=attribute, value=value, status="supported", evidence=(name,)))
    return Findings(
        facts=tuple(facts),
        evidence=tuple(evidence),
        coverage=tuple(
            SourceCoverage(source=source, state="read", documents=1)
            for source in ("website", "jobs", "news", "technographics", "registries")
        ),
    )


def _evidence(name: str, attribute: str, value: JsonValue, on: date | None) -> Evidence:
    return Evidence(
        id=name,
        attribute=attribute,
        value=value,
        quote="synthetic",
        document=name,
        start=0,
        end=9,
        url="https://synthetic.example/",
        source_kind="website",
        source_tier="first-party-text",
        published_at=on,
        polarity="asserts",
        extractor="synthetic",
    )


def _values(
    rng: random.Random, attribute: str, wanted: list[JsonValue]
) -> list[tuple[JsonValue, date | None]]:
    """Return the values one account has for an attribute, with dates for signals."""
    shape = use_of(attribute).shape
    if attribute == "employee_count":
        low, high, _ = rng.choices(_SIZES, weights=[size[2] for size in _SIZES])[0]
        count = rng.randint(low, high)
        return [({"exact": count, "low": count, "high": count}, None)]
    if attribute == "industry":
        code = rng.choice(industry_codes())
        return [({"code": code, "label": industry_label(code)}, None)]
    if attribute == "headquarters":
        country = rng.choices(list(_COUNTRIES), weights=list(_COUNTRIES.values()))[0]
        return [({"city": None, "region": None, "country": country}, None)]
    if attribute.startswith("question:"):
        return [({"answer": "yes" if rng.random() < _CHANCE else "no"}, None)]
    if attribute == "hiring":
        return [
            ({"department": team, "seniority": None, "title": f"Role {at}", "count": 1}, _day(rng))
            for team in _HIRING
            if rng.random() < _CHANCE
            for at in range(rng.randint(1, 8))
        ]
    if shape == "event":
        return [(value, _day(rng)) for value in (wanted or [{}]) if rng.random() < _CHANCE]
    if shape == "number":
        return [(_number(rng, attribute), None)]
    if shape == "flag":
        return [(True, None)] if rng.random() < _CHANCE else []
    closed: list[JsonValue] = list(entry(attribute).closed) or wanted
    if shape == "one":
        return [(rng.choice(closed), None)] if closed else []
    return [(value, None) for value in closed if rng.random() < _CHANCE]


def _day(rng: random.Random) -> date:
    return AS_OF - timedelta(days=rng.randint(0, _DAYS))


def _number(rng: random.Random, attribute: str) -> JsonValue:
    if attribute == "founded_year":
        return rng.randint(1950, 2025)
    if attribute == "growth_rate":
        return {"percent": rng.randint(-20, 100), "measure": "revenue"}
    amount = round(10 ** rng.uniform(5, 9))
    if attribute == "revenue":
        return {"low": amount, "high": amount, "currency": "USD", "year": None}
    return {"amount": amount, "currency": "USD"}
