"""Compare two profiles on stored accounts: which change tier, and which criterion did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from agent.icp.model import ICP
from agent.models import AccountVerdict, Findings
from agent.scoring.compiled import compile_icp
from agent.scoring.score import score_account


class Cause(NamedTuple):
    """What one criterion or exclusion contributed to the change, in points, and how."""

    id: str
    points: float
    how: str


class TierChange(NamedTuple):
    """An account whose tier differs, with its causes, the largest first."""

    domain: str
    before: str
    after: str
    score_before: float
    score_after: float
    causes: tuple[Cause, ...]


def tier_changes(
    accounts: Iterable[tuple[str, Findings]], before: ICP, after: ICP, as_of: date
) -> Iterator[TierChange | str]:
    """Yield the accounts that change tier, and of the others just the tier they keep; nothing is held."""
    first, second = compile_icp(before), compile_icp(after)
    for domain, findings in accounts:
        old, new = score_account(first, findings, as_of), score_account(second, findings, as_of)
        if old.tier == new.tier:
            yield new.tier
        else:
            yield TierChange(domain, old.tier, new.tier, old.score, new.score, causes_of(old, new))


def causes_of(old: AccountVerdict, new: AccountVerdict) -> tuple[Cause, ...]:
    """Return what differs between two verdicts on the same facts.

    Disqualifiers and required criteria come first, since they decide alone; then points won or lost,
    criterion by criterion; then penalties. Criteria are the same when their ids are.
    """
    causes = [*_rejections(old, new)]
    points = {one.id: one.points for one in old.criteria}
    for one in new.criteria:
        change = round(one.points - points.pop(one.id, 0.0), 2)
        if change:
            known = any(other.id == one.id for other in old.criteria)
            causes.append(Cause(one.id, change, one.status if known else f"new, {one.status}"))
    causes += [Cause(name, -held, "dropped") for name, held in points.items() if held]
    charged = {one.id: one.points for one in old.excluded if one.effect == "penalty"}
    for penalty in new.excluded:
        change = round(charged.pop(penalty.id, 0.0) - penalty.points, 2)
        if penalty.effect == "penalty" and change:
            causes.append(Cause(penalty.id, change, "penalty"))
    causes += [Cause(name, held, "penalty dropped") for name, held in charged.items() if held]
    if not causes:
        causes.append(Cause("tiers", 0.0, "the thresholds or the least coverage changed"))
    return tuple(sorted(causes, key=lambda cause: (cause.points != 0, -abs(cause.points), cause.id)))


def _rejections(old: AccountVerdict, new: AccountVerdict) -> Iterator[Cause]:
    before = {one.id for one in old.excluded if one.effect == "disqualify"}
    now = {one.id for one in new.excluded if one.effect == "disqualify"}
    yield from (Cause(name, 0.0, "disqualifies now") for name in sorted(now - before))
    yield from (Cause(name, 0.0, "no longer disqualifies") for name in sorted(before - now))
    if "not_a_fit" in (old.tier, new.tier):
        was = {one.id: one.status for one in old.criteria}
        for one in new.criteria:
            if one.status == "not_met" and was.get(one.id) != "not_met":
                yield Cause(one.id, 0.0, "not met now")


class Flow(NamedTuple):
    """How many accounts go from one tier to another."""

    before: str
    after: str
    accounts: int


def flows(changes: Iterable[TierChange]) -> tuple[Flow, ...]:
    """Return the moves between tiers, the most frequent first."""
    counted = Counter((change.before, change.after) for change in changes)
    ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Flow(before, after, count) for (before, after), count in ranked)
