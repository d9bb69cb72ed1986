"""Closed forms: McNemar's exact test, Holm's correction, the rule of three, the exact bound of a rate."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, exp, lgamma, log, log1p


def rule_of_three(count: int) -> float:
    """Return the upper 95 % bound of a rate of which `count` independent trials showed not one case.

    The exact bound 1 - 0.05^(1/n), which the rule's 3/n approximates.
    """
    return 1.0 if count <= 0 else 1.0 - 0.05 ** (1.0 / count)


def exact_upper(hits: int, count: int) -> float:
    """Return the upper 95 % bound (Clopper-Pearson) of a rate that showed `hits` in `count` independent trials.

    Without a hit it is `rule_of_three`.
    """
    if count <= 0 or hits >= count:
        return 1.0
    low, high = hits / count, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        seen = sum(
            exp(_log_choose(count, k) + k * log(middle) + (count - k) * log1p(-middle))
            if middle < 1.0
            else 0.0
            for k in range(hits + 1)
        )
        low, high = (middle, high) if seen > 0.05 else (low, middle)
    return high


def _log_choose(count: int, chosen: int) -> float:
    return lgamma(count + 1) - lgamma(chosen + 1) - lgamma(count - chosen + 1)


def mcnemar_exact(worse: int, better: int) -> float:
    """Return the two-sided exact p of McNemar's test: accounts right before and wrong now, and the reverse.

    Accounts that did not change say nothing; with none changed p is 1.
    """
    flips = worse + better
    if flips == 0:
        return 1.0
    tail = sum(comb(flips, k) for k in range(min(worse, better) + 1))
    return min(1.0, 2.0 * tail / 2.0**flips)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p values, in the given order: the family's error stays at the nominal level."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted
