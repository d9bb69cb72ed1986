"""Count how many accounts of a list fall in each tier: is the market this profile describes workable?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from agent.icp.model import ICP
from agent.models import Findings
from agent.scoring.compiled import compile_icp
from agent.scoring.score import stand

WORKABLE = (500, 5_000)
"""Accounts a sales team can work: fewer run out within a quarter, more cannot all be reached."""


class MarketSize(NamedTuple):
    """Accounts by tier, how many are not known at all, and what that means."""

    tiers: tuple[tuple[str, int], ...]
    targets: int
    accounts: int
    unknown: int
    advice: str


def market_size(icp: ICP, accounts: Iterable[tuple[str, Findings | None]], as_of: date) -> MarketSize:
    """Return how many accounts reach each tier; an account without facts is unknown, never a miss."""
    profile = compile_icp(icp)
    counted: Counter[str] = Counter()
    total = unknown = 0
    for _, findings in accounts:
        total += 1
        if findings is None:
            unknown += 1
        else:
            counted[stand(profile, findings, as_of).tier] += 1
    names = [*(tier.name for tier in icp.tiers), "insufficient_evidence", "not_a_fit", "disqualified"]
    targets = sum(counted[tier.name] for tier in icp.tiers)
    return MarketSize(
        tiers=tuple((name, counted[name]) for name in names),
        targets=targets,
        accounts=total,
        unknown=unknown,
        advice=_advice(targets, total, unknown),
    )


def _advice(targets: int, total: int, unknown: int) -> str:
    low, high = WORKABLE
    known = total - unknown
    if not known:
        return "not one account is known; research the list first (`dossier batch`)"
    if low <= targets <= high:
        return f"{targets:,} target accounts: workable ({low:,} to {high:,})"
    if targets > high:
        return f"{targets:,} target accounts: more than the workable {high:,}; narrow a band or raise the lowest tier"
    if unknown and targets / known * total >= low:
        expected = round(targets / known * total)
        return (
            f"{targets:,} so far; at this rate about {expected:,} once the other {unknown:,} are researched"
        )
    return f"{targets:,} target accounts: fewer than the workable {low:,}; widen a band or lengthen the list"
