"""The few statistics a profile is judged by: shares with Wilson intervals, and AUC with DeLong's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

Z95 = 1.959964


class Share(NamedTuple):
    """`hits` of `total`, with a 95 % Wilson interval; `value` is `None` of nothing."""

    hits: int
    total: int
    value: float | None
    low: float
    high: float


class Area(NamedTuple):
    """The area under the ROC curve with a 95 % interval and its standard error."""

    value: float
    low: float
    high: float
    error: float


class Difference(NamedTuple):
    """A difference of two shares with its 95 % interval (Newcombe's, from the two Wilson intervals)."""

    value: float
    low: float
    high: float


def wilson(count: int, total: int, z: float = Z95) -> Share:
    """Return a share with its Wilson interval (95 % by default); of nothing the interval is everything."""
    if total == 0:
        return Share(0, 0, None, 0.0, 1.0)
    share = count / total
    centre = share + z**2 / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    scale = 1 + z**2 / total
    low = 0.0 if count == 0 else (centre - spread) / scale
    high = 1.0 if count == total else (centre + spread) / scale
    return Share(count, total, share, max(0.0, low), min(1.0, high))


def difference(left: Share, right: Share) -> Difference:
    """Return `left - right` with Newcombe's interval; both must be of something."""
    if left.value is None or right.value is None:
        raise ValueError("a difference needs two shares that are of something")
    gap = left.value - right.value
    low = gap - sqrt((left.value - left.low) ** 2 + (right.high - right.value) ** 2)
    high = gap + sqrt((left.high - left.value) ** 2 + (right.value - right.low) ** 2)
    return Difference(gap, low, high)


def corrected_z(comparisons: int) -> float:
    """Return the z of a 95 % interval that holds over that many comparisons at once (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons))


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> Area | None:
    """Return how often a positive scores above a negative (ties count half), with DeLong's interval.

    `None` without at least two of each: one case has no spread. Where every pair falls the same way DeLong
    finds no spread either; then as many pairs as the smaller side has cases count, with Wilson's interval.
    """
    wins, losses = sorted(positive), sorted(negative)
    if len(wins) < 2 or len(losses) < 2:
        return None
    above = [(bisect_left(losses, x) + bisect_right(losses, x)) / 2 / len(losses) for x in wins]
    below = [1 - (bisect_left(wins, x) + bisect_right(wins, x)) / 2 / len(wins) for x in losses]
    value = sum(above) / len(above)
    error = sqrt(_variance(above) / len(above) + _variance(below) / len(below))
    if value in (0.0, 1.0):
        pairs = min(len(wins), len(losses))
        sure = wilson(round(value * pairs), pairs)
        return Area(value, sure.low, sure.high, error)
    return Area(value, max(0.0, value - Z95 * error), min(1.0, value + Z95 * error), error)


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted values lie, interpolated; needs one value."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def percent(share: Share) -> str:
    """Write a share with its count and interval: `40 % (4 of 10, 17–69 %)`."""
    if share.value is None:
        return "no cases"
    return f"{share.value * 100:.0f} % ({share.hits} of {share.total}, {share.low * 100:.0f}–{share.high * 100:.0f} %)"
