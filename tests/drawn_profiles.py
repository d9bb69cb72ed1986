"""Profiles and accounts drawn at random, for the properties that any scoring must have."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings

from agent.icp.model import (
    DEFAULT_DIMENSIONS,
    ICP,
    Criterion,
    DimensionShare,
    ExclusionRule,
)
from agent.models import Evidence, Fact, Findings, SourceCoverage
from agent.scoring.outcome import Outcome, Rulings

AS_OF = date(2026, 6, 30)
FAST = settings(
    max_examples=35, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def evidence(name: str, attribute: str, value: Any, on: date | None, polarity: str = "asserts") -> Evidence:
    quote = f"quote {name}"
    return Evidence(
        id=name,
        attribute=attribute,
        value=value,
        quote=quote,
        document=f"doc-{name}",
        start=0,
        end=len(quote),
        url="https://acme.example/page",
        source_kind="website",
        source_tier="first-party-text",
        published_at=on,
        polarity=polarity,
        extractor="rule:test@1",
    )


def findings_of(facts: list[tuple[Fact, list[Evidence]]], states: dict[str, str] | None = None) -> Findings:
    read = states or {}
    return Findings(
        facts=tuple(fact for fact, _ in facts),
        evidence=tuple(item for _, items in facts for item in items),
        coverage=tuple(SourceCoverage(source=name, state=state, documents=3) for name, state in read.items()),
    )


def profile(criteria: tuple[Criterion, ...], rules: tuple[ExclusionRule, ...] = (), **more: Any) -> ICP:
    shares = tuple(DimensionShare(dimension=name, share=share) for name, share in DEFAULT_DIMENSIONS)
    return ICP(name="p", dimensions=shares, criteria=criteria, exclude=rules, **more)


RULINGS = Rulings(lambda view, told: "r.")


def share(low: int, high: int) -> Outcome:
    return RULINGS.of(low, high), None, ()
