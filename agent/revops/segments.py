"""Find out whether won accounts fall into two groups that differ enough to deserve two profiles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from agent.models import Findings
from agent.revops.features import Feature, Traits, traits_of

LEAST = 15
"""Accounts a segment needs: fewer are not worth a profile."""
APART = 0.35
"""Mean silhouette from which two groups count as different."""
_MOST = 300
_TELLING = frozenset(("industry", "headquarters", "employee_count", "business_model", "customer_segment"))


class Segment(NamedTuple):
    """One group: its domains, and the features that set it apart with their share here and in the other."""

    domains: tuple[str, ...]
    marks: tuple[tuple[str, float, float], ...]


class Segments(NamedTuple):
    """Two groups and how far they stand apart (mean silhouette, -1 to 1)."""

    silhouette: float
    groups: tuple[Segment, Segment]


def find_segments(won: Sequence[tuple[str, Findings]]) -> Segments | None:
    """Return two segments of the won accounts, or `None` when they are one group or too few.

    Two medoids by Jaccard distance over sector, country, size band, model and customers. The medoids are
    the pair that splits best, so there is no seed and the order of the accounts does not matter.
    """
    known = sorted((domain, _telling(traits_of(findings))) for domain, findings in won)
    known = [one for one in known if one[1]][:_MOST]
    if len(known) < 2 * LEAST:
        return None
    kinds = sorted({features for _, features in known}, key=sorted)
    distance = {(a, b): _apart(a, b) for a in kinds for b in kinds}
    counts = [features for _, features in known]
    best = min(
        _medoid_pairs(kinds),
        key=lambda pair: (_cost(pair, counts, distance), [sorted(m) for m in pair]),
        default=None,
    )
    if best is None:
        return None
    first = [one for one in known if distance[one[1], best[0]] <= distance[one[1], best[1]]]
    second = [one for one in known if distance[one[1], best[0]] > distance[one[1], best[1]]]
    if min(len(first), len(second)) < LEAST:
        return None
    score = _silhouette([one[1] for one in first], [one[1] for one in second], distance)
    if score < APART:
        return None
    return Segments(score, (_segment(first, second), _segment(second, first)))


Features = frozenset[Feature]
Distances = dict[tuple[Features, Features], float]


def _telling(traits: Traits) -> Features:
    return frozenset(feature for feature in traits.features if feature.attribute in _TELLING)


def _apart(left: Features, right: Features) -> float:
    return 1 - len(left & right) / len(left | right)


def _medoid_pairs(kinds: list[Features]) -> list[tuple[Features, Features]]:
    """Return the pairs to try: all of them, or those of evenly chosen kinds when there are many."""
    step = max(1, len(kinds) // 40)
    return list(combinations(kinds[::step], 2))


def _cost(pair: tuple[Features, Features], accounts: list[Features], distance: Distances) -> float:
    return sum(min(distance[one, pair[0]], distance[one, pair[1]]) for one in accounts)


def _silhouette(first: list[Features], second: list[Features], distance: Distances) -> float:
    total = 0.0
    for own, other in ((first, second), (second, first)):
        for one in own:
            inside = sum(distance[one, mate] for mate in own) / max(1, len(own) - 1)
            outside = sum(distance[one, mate] for mate in other) / len(other)
            total += (outside - inside) / (max(inside, outside) or 1.0)
    return total / (len(first) + len(second))


def _segment(own: list[tuple[str, Features]], other: list[tuple[str, Features]]) -> Segment:
    features = {feature for _, held in own for feature in held}
    marks = []
    for feature in features:
        here = sum(feature in held for _, held in own) / len(own)
        there = sum(feature in held for _, held in other) / len(other)
        if here - there >= 0.3:
            marks.append((feature.label, here, there))
    marks.sort(key=lambda mark: (mark[2] - mark[1], mark[0]))
    return Segment(tuple(domain for domain, _ in own), tuple(marks[:5]))
