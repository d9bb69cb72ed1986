"""What can be counted over accounts: which values each one has, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from agent.canonical.industries import industry_label, sector_of
from agent.icp.catalogue import use_of
from agent.models import Findings
from agent.scoring.view import MICRO, amount_of

SIZE_BANDS = ((1, 10), (11, 50), (51, 200), (201, 500), (501, 1_000), (1_001, 5_000), (5_001, None))
_SKIPPED = frozenset(
    ("name", "parent", "subsidiary", "content_topic", "pain_point", "goal", "team_structure")
)


class Feature(NamedTuple):
    """One countable property: an attribute, its value as a profile writes it, and how people read it.

    `field` is what `where` narrows for signals and events, or empty.
    """

    attribute: str
    value: str
    field: str
    label: str


class Traits(NamedTuple):
    """One account's features, the one-valued attributes that are known at all, and its size if known."""

    features: frozenset[Feature]
    known: frozenset[str]
    employees: int | None


def traits_of(findings: Findings) -> Traits:
    """Return what is known of one account; denied and contradicted facts count as not known."""
    features: set[Feature] = set()
    known: set[str] = set()
    employees: int | None = None
    for fact in findings.facts:
        if fact.status != "supported" or fact.attribute in _SKIPPED:
            continue
        if fact.attribute == "employee_count":
            amount = amount_of(fact.value)
            if amount is not None:
                low, high, _ = amount
                employees = (low + min(high, 4 * low)) // 2 // MICRO
                known.add("employee_count")
                features.add(_size_feature(employees))
            continue
        known.add(fact.attribute)
        features.update(_features(fact.attribute, fact.value))
    return Traits(frozenset(features), frozenset(known), employees)


def comparable(feature: Feature, traits: Traits) -> bool:
    """Tell whether an account can say anything about a feature.

    Of a one-valued attribute only accounts where it is known can; for many-valued ones "not seen" is all
    there is, on both sides alike.
    """
    single = feature.attribute == "employee_count" or use_of(feature.attribute).shape == "one"
    return feature.attribute in traits.known if single else True


def size_band(employees: int) -> tuple[int, int | None]:
    """Return the usual size band a number of employees falls in."""
    return next(band for band in SIZE_BANDS if band[1] is None or employees <= band[1])


def _size_feature(employees: int) -> Feature:
    low, high = size_band(max(1, employees))
    label = f"{low:,}–{high:,} employees" if high else f"{low:,} employees or more"
    return Feature("employee_count", f"{low}-{high or ''}", "", label)


def _features(attribute: str, value: Any) -> Iterator[Feature]:  # Any: JSON
    shape, subject = use_of(attribute).shape, use_of(attribute).subject
    if attribute in ("industry", "sub_industry") and isinstance(value, Mapping):
        sector = sector_of(str(value.get("code")))
        yield Feature("industry", sector, "", f"industry {industry_label(sector)}")
    elif attribute == "headquarters" and isinstance(value, Mapping):
        yield Feature(attribute, str(value.get("country")), "", f"headquarters in {value.get('country')}")
    elif attribute == "technology" and isinstance(value, Mapping):
        if value.get("relation") == "uses":
            yield Feature(attribute, str(value.get("product")), "", f"uses {value.get('product')}")
    elif attribute == "hiring" and isinstance(value, Mapping):
        team = str(value.get("department"))
        yield Feature(attribute, team, "department", f"hires in {team.replace('_', ' ')}")
    elif shape == "event" or shape == "flag":
        yield Feature(attribute, "", "", f"{subject} seen")
    elif shape in ("one", "many") and isinstance(value, str):
        yield Feature(attribute, value, "", f"{subject} {value.replace('_', ' ')}")
