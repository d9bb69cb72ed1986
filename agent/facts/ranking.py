"""Whose word counts first: source tier, then agreement, then recency. Undated is weaker than dated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue

from agent.models import Evidence, SourceTier

TIER_ORDER: tuple[SourceTier, ...] = (
    "first-party-structured",
    "first-party-text",
    "ats",
    "registry",
    "news",
    "third-party",
)
"""Best first."""


STALE_AFTER_DAYS = 365
"""A statement so much older than another tells of another time, and yields to it."""


class Statement(NamedTuple):
    """One piece of evidence with its canonical value."""

    value: JsonValue
    evidence: Evidence

    @property
    def denies(self) -> bool:
        """Whether it says that the value does not hold."""
        return self.evidence.polarity == "denies"

    @property
    def on(self) -> date | None:
        """When it was so; `None` is undated."""
        return self.evidence.published_at


def tier_rank(statement: Statement) -> int:
    """Return 0 for the best tier, more for weaker ones."""
    return TIER_ORDER.index(statement.evidence.source_tier)


def strength(statement: Statement) -> tuple[int, int, int, str]:
    """Return a sort key, strongest first: tier, then the latest date, undated last, then the id."""
    on = statement.on
    return (tier_rank(statement), on is None, -(on.toordinal() if on else 0), statement.evidence.id)


def without(statements: Iterable[Statement], left_out: Iterable[Statement]) -> list[Statement]:
    """Return the statements whose evidence is not among the second ones', in their order."""
    known = {statement.evidence.id for statement in left_out}
    return [statement for statement in statements if statement.evidence.id not in known]


def cluster_strength(cluster: list[Statement]) -> tuple[int, int, int, int, str]:
    """Return a sort key for agreeing statements, strongest first: tier, number of documents, latest date."""
    latest = max((s.on for s in cluster if s.on), default=None)
    documents = len({s.evidence.document for s in cluster})
    best = min(cluster, key=strength)
    return (
        tier_rank(best),
        -documents,
        latest is None,
        -(latest.toordinal() if latest else 0),
        best.evidence.id,
    )


def ids(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the evidence ids, strongest first, each once."""
    return tuple(dict.fromkeys(s.evidence.id for s in sorted(statements, key=strength)))
