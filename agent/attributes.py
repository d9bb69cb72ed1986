"""The attribute catalogue: every attribute evidence may speak about, in one place.

Adding an attribute is adding one entry. Values are JSON; the value models below are their shapes.
"""

from __future__ import annotations

from typing import Literal

from tools.documents import Department, Frozen, Seniority

OPEN_ENDED = 10_000_000
"""Upper end of "500+": larger than any employer, so that a range always has two ends."""

Relation = Literal["uses", "integrates_with", "sells", "migrating_from", "evaluates"]


class EmployeeCount(Frozen):
    """People employed: the exact number if one was stated, and the range it lies in, ends included."""

    exact: int | None
    low: int
    high: int


class Money(Frozen):
    """An amount in whole units of an ISO 4217 currency."""

    amount: int
    currency: str


class Headquarters(Frozen):
    """Where the head office is; `country` is ISO 3166 alpha-2."""

    city: str | None
    region: str | None
    country: str


class Technology(Frozen):
    """A product by its canonical name, its category, and how the account relates to it."""

    product: str
    category: str
    relation: Relation


class Hiring(Frozen):
    """Openings: `count` of them in `department`; `title` when it is one posting."""

    department: Department
    seniority: Seniority | None
    title: str | None
    count: int


class FundingRound(Frozen):
    """A financing event. `stage` is canonical (`seed`, `series_a` ...)."""

    stage: str | None
    amount: int | None
    currency: str | None
