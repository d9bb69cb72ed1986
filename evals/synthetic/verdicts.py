"""The right verdict, worked out from the truth by plain arithmetic, not by the product's scorer.

It knows only what the two profiles in `evals/icps` ask. That it agrees with the scorer on gold findings is
a test of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from agent.attributes import OPEN_ENDED
from agent.models import CriterionStatus
from evals.synthetic.company import AS_OF

UNKNOWN = (0.0, 1.0)


class Truth(NamedTuple):
    """What the profiles ask of, as the site states it.

    `sizes` are the stated ranges, several when they clash; `lacks` the products denied or being left.
    """

    sizes: tuple[tuple[int, int], ...]
    industry: str | None
    country: str | None
    uses: frozenset[str]
    lacks: frozenset[str]
    hiring: Mapping[str, tuple[date, ...]]
    hires_nobody: bool
    board_read: bool
    funding: tuple[date | None, ...]
    leaders: tuple[date | None, ...]
    layoffs: tuple[date | None, ...]


class Verdict(NamedTuple):
    """The tier, and the status of each criterion."""

    tier: str
    criteria: dict[str, CriterionStatus]


def mid_market(truth: Truth) -> Verdict:
    """Judge by `evals/icps/mid-market.yaml`."""
    sector = {"logistics", "manufacturing", "software", "cybersecurity", "construction", "ecommerce"}
    marks = {
        "size": (25.0, _size(truth, 200, 1_000, 100, 2_000)),
        "sector": (50 / 3, _one_of(truth.industry, sector)),
        "market": (25 / 3, _one_of(truth.country, {"US", "GB", "DE", "FR", "NL"})),
        "crm": (20.0, _uses(truth, {"Salesforce", "HubSpot"})),
        "sales-hiring": (20.0, _hires(truth, "sales", 2)),
        "fresh-money": (10.0, _recent(truth.funding, 365)),
    }
    penalty = 10.0 if _recent(truth.layoffs, 180) == (1.0, 1.0) else 0.0
    return _verdict(truth, marks, tiny=20, penalty=penalty, required=())


def developer_tools(truth: Truth) -> Verdict:
    """Judge by `evals/icps/developer-tools.yaml`."""
    sector = {"software", "cybersecurity", "fintech", "ecommerce"}
    marks = {
        "size": (20.0, _size(truth, 50, 2_000, 20, 5_000)),
        "sector": (10.0, _one_of(truth.industry, sector)),
        "cloud": (16.0, _uses(truth, {"AWS", "Google Cloud", "Microsoft Azure"})),
        "containers": (16.0, _uses(truth, {"Kubernetes", "Docker"})),
        "code-host": (8.0, _uses(truth, {"GitHub", "GitLab"})),
        "engineering-hiring": (20.0, _hires(truth, "engineering", 3)),
        "new-leader": (10.0, _recent(truth.leaders, 180)),
    }
    return _verdict(truth, marks, tiny=10, penalty=0.0, required=("sector",))


def _size(truth: Truth, low: int, high: int, least: int, most: int) -> tuple[float, float]:
    def at(n: int) -> float:
        if n < least or n > most:
            return 0.0
        if n < low:
            return max((n - least) / (low - least), 1e-6)
        return 1.0 if n <= high else max((most - n) / (most - high), 1e-6)

    ends: list[float] = []
    for first, last in truth.sizes:
        ends += [at(first), at(last)]
        if first <= high and last >= low:
            ends.append(1.0)
    return (min(ends), max(ends)) if ends else UNKNOWN


def _one_of(value: str | None, wanted: set[str]) -> tuple[float, float]:
    if value is None:
        return UNKNOWN
    return (1.0, 1.0) if value in wanted else (0.0, 0.0)


def _uses(truth: Truth, wanted: set[str]) -> tuple[float, float]:
    if truth.uses & wanted:
        return (1.0, 1.0)
    return (0.0, 0.0) if wanted <= truth.lacks else UNKNOWN


def _hires(truth: Truth, department: str, wanted: int) -> tuple[float, float]:
    fresh = sum((AS_OF - on).days <= 90 for on in truth.hiring.get(department, ()))
    if fresh == 0:
        return (0.0, 0.0) if truth.hires_nobody else UNKNOWN
    share = min(fresh, wanted) / wanted
    return share, share if truth.board_read else 1.0


def _recent(days: tuple[date | None, ...], within: int) -> tuple[float, float]:
    fresh = any(on is not None and (AS_OF - on).days <= within for on in days)
    return (1.0, 1.0) if fresh else UNKNOWN


def _verdict(
    truth: Truth, marks: dict[str, tuple[float, tuple[float, float]]], *, tiny: int, penalty: float, required: tuple[str, ...]
) -> Verdict:  # fmt: skip
    conflict = len(truth.sizes) > 1
    statuses = {name: _status(share, conflict and name == "size") for name, (_, share) in marks.items()}
    score = sum(points * low for points, (low, _) in marks.values()) - penalty
    coverage = sum(points for points, (low, high) in marks.values() if low == high) / 100
    if truth.sizes and all(high < tiny for _, high in truth.sizes):
        return Verdict("disqualified", statuses)
    if any(marks[name][1] == (0.0, 0.0) for name in required):
        return Verdict("not_a_fit", statuses)
    for name, least in (("Tier 1", 75), ("Tier 2", 50), ("Tier 3", 30)):
        if score >= least - 1e-9:
            return Verdict(name, statuses)
    return Verdict("insufficient_evidence" if coverage < 0.4 - 1e-9 else "not_a_fit", statuses)


def _status(share: tuple[float, float], conflicting: bool) -> CriterionStatus:
    low, high = share
    if conflicting and low != high:
        return "conflicting"
    if low == 1.0:
        return "met"
    if high == 0.0:
        return "not_met"
    return "partly_met" if low > 0 else "unknown"


def size_range(value: Any) -> tuple[int, int]:  # Any: a canonical employee count
    """Return the ends of a stated size; an open end is very far."""
    return int(value["low"]), int(value["high"]) if value["high"] else OPEN_ENDED
