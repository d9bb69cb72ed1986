"""Events: one fact each; told twice, it is one fact with two pieces of evidence."""

from __future__ import annotations

from typing import Any

from agent.attributes import fact_key
from agent.facts.ranking import Statement, ids, strength
from agent.models import Fact

_SAME_EVENT_DAYS = 120


def merge_events(attribute: str, asserted: list[Statement], denied: list[Statement]) -> list[Fact]:
    """Return one fact per event, latest first; an undated telling joins the latest event it fits."""
    clusters = _cluster(attribute, asserted)
    open_denials = list(denied)
    facts: list[Fact] = []
    for cluster in clusters:
        against = [d for d in open_denials if all(_same(attribute, d, other) for other in cluster)]
        open_denials = [d for d in open_denials if d not in against]
        facts.append(
            Fact(
                attribute=attribute,
                value=_fullest(cluster).value,
                status="contradicted" if against else "supported",
                evidence=ids(cluster),
                against=ids(against),
            )
        )
    for cluster in _cluster(attribute, open_denials):
        value = _fullest(cluster).value
        facts.append(Fact(attribute=attribute, value=value, status="denied", evidence=ids(cluster)))
    return facts


def _cluster(attribute: str, statements: list[Statement]) -> list[list[Statement]]:
    """Group tellings of one event. The fullest, latest tellings found the groups; the rest join them."""
    clusters: list[list[Statement]] = []
    for statement in sorted(statements, key=_founding_order):
        for cluster in clusters:
            if all(_same(attribute, statement, other) for other in cluster):
                cluster.append(statement)
                break
        else:
            clusters.append([statement])
    return sorted(clusters, key=lambda cluster: (_latest(cluster), ids(cluster)[0]))


def _founding_order(statement: Statement) -> tuple[bool, int, int, tuple[int, int, int, str]]:
    on = statement.on
    return (on is None, -_known(statement), -(on.toordinal() if on else 0), strength(statement))


def _known(statement: Statement) -> int:
    value = statement.value
    return sum(part is not None for part in value.values()) if isinstance(value, dict) else 1


def _latest(cluster: list[Statement]) -> int:
    return -max((s.on.toordinal() for s in cluster if s.on), default=0)


def _same(attribute: str, left: Statement, right: Statement) -> bool:
    """Tell whether two tellings can be of one event: nothing known differs, and the dates are near."""
    if left.on and right.on and abs((left.on - right.on).days) > _SAME_EVENT_DAYS:
        return False
    if attribute not in ("funding_round", "expansion", "layoffs"):
        return fact_key(attribute, left.value) == fact_key(attribute, right.value)
    first: Any = left.value  # Any: canonical JSON objects
    second: Any = right.value
    return all(first[key] is None or second[key] is None or _equal(first[key], second[key]) for key in first)


def _equal(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return left == right


def _fullest(cluster: list[Statement]) -> Statement:
    return min(cluster, key=lambda statement: (-_known(statement), strength(statement)))
