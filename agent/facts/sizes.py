"""Sizes (employees, revenue, money raised): ranges that overlap agree and intersect; numbers age."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from pydantic import JsonValue

from agent.facts.ranking import STALE_AFTER_DAYS, Statement, cluster_strength, ids, strength, without
from agent.models import Fact

_TOLERANCE = 1.25
"""Two counts of one company differ by what is counted (contractors, the day): up to a quarter agrees."""


class _Range(NamedTuple):
    low: int
    high: int
    unit: str


def merge_size(attribute: str, asserted: list[Statement], denied: list[Statement], as_of: date) -> Fact:
    """Return the size the statements come to.

    The strongest statement leads: tier, then how many documents agree with it, then the latest date; an
    undated one goes before one a year or more old.
    Overlapping ranges narrow it; near numbers support it. A number dated a year or more before the
    leading one (before `as_of`, when the leader is undated) is stale, not contrary: it stays in
    `against` without making the fact contradicted.
    """

    def rank(statement: Statement) -> tuple[int, int, int, str]:
        """Rank as `strength`, but last year's number after an undated one, which a page says today."""
        tier, undated, day, key = strength(statement)
        outdated = statement.on is not None and (as_of - statement.on).days >= STALE_AFTER_DAYS
        return (tier, 2 if outdated else int(undated), day, key)

    statements = sorted(asserted, key=rank)
    clusters = [[other for other in statements if _agree(leader, other)] for leader in statements]
    current = [c for c in clusters if not _outdated(c, statements, as_of)] or clusters
    winners = min(current, key=lambda cluster: (cluster_strength(cluster), ids(cluster)))
    leader = min(winners, key=rank)
    supporting = [s for s in statements if _agree(leader, s)]
    losers = without(statements, supporting)
    contrary = [s for s in losers if not _stale(s, leader, as_of)]
    against = [*losers, *denied]
    return Fact(
        attribute=attribute,
        value=_narrowed(leader, supporting),
        status="contradicted" if contrary or denied else "supported",
        evidence=ids(supporting),
        against=ids(against),
    )


def _outdated(cluster: list[Statement], everything: list[Statement], as_of: date) -> bool:
    """Tell whether every statement of a cluster is stale beside some later one of the same or a better tier."""
    inside = {s.evidence.id for s in cluster}
    return all(
        s.on is not None
        and any(
            _stale(s, other, as_of)
            and other.evidence.id not in inside
            and strength(other)[0] <= strength(s)[0]
            for other in everything
        )
        for s in cluster
    )


def _stale(older: Statement, newer: Statement, as_of: date) -> bool:
    if older.on is None:
        return False
    reference = newer.on or as_of
    return (reference - older.on).days >= STALE_AFTER_DAYS


def _range(value: JsonValue) -> _Range:
    fields: Any = value  # Any: a canonical JSON object
    if "amount" in fields:
        return _Range(fields["amount"], fields["amount"], fields["currency"])
    return _Range(fields["low"], fields["high"], fields.get("currency") or "")


def _agree(left: Statement, right: Statement) -> bool:
    first, second = _range(left.value), _range(right.value)
    if first.unit != second.unit:
        return False
    years = [statement.value.get("year") for statement in (left, right) if isinstance(statement.value, dict)]
    if None not in years and len(set(years)) > 1:
        return False
    return max(first.low, second.low) <= min(first.high, second.high) * _TOLERANCE


def _narrowed(leader: Statement, supporting: list[Statement]) -> JsonValue:
    """Return the leader's value narrowed by every supporting range that overlaps what is left."""
    fields: Any = leader.value  # Any: a canonical JSON object
    if "amount" in fields:
        return leader.value
    low, high = fields["low"], fields["high"]
    exact = fields.get("exact")
    for other in supporting:
        wider: Any = other.value  # Any: a canonical JSON object
        if max(low, wider["low"]) <= min(high, wider["high"]):
            low, high = max(low, wider["low"]), min(high, wider["high"])
            if exact is None and wider.get("exact") is not None:
                exact = wider["exact"]
    return (
        {**fields, "low": low, "high": high}
        if "exact" not in fields
        else {"exact": exact, "low": low, "high": high}
    )
