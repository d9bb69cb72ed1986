"""A profile made ready for scoring: evaluators, and every weight as whole units of one common size.

A criterion's points are its dimension's share times its weight over the dimension's weights. All of these
are fractions with one common denominator, so scores add up exactly and scaling all weights changes nothing.
A dimension without criteria gives its share to the others in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm

from agent.icp.catalogue import use_of
from agent.icp.model import (
    DIMENSIONS,
    ICP,
    Condition,
    Criterion,
    Dimension,
    ExclusionRule,
    QuestionTest,
    SetTest,
    Tier,
    leaf_tests,
    question_attribute,
    tested_attribute,
)
from agent.models import DimensionScore, ICPReference
from agent.scoring.outcome import Evaluate
from agent.scoring.personas import TITLED, CompiledPersona, compile_persona
from agent.scoring.rules import compile_condition, labelled
from agent.scoring.units import UNIT, as_fraction, divide, least_rounding_to
from agent.scoring.wording import terms_words


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """A criterion's evaluator; `units` is what it is worth in full, in the profile's units.

    `at` is where it stands in the profile, `place` where its dimension stands among the profile's.
    """

    id: str
    dimension: Dimension
    evaluate: Evaluate
    at: int
    place: int
    units: int
    max_points: float
    required: bool
    attribute: str
    ask: str
    look_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledExclusion:
    """An exclusion's evaluator; `units` is what a penalty costs."""

    id: str
    disqualifies: bool
    evaluate: Evaluate
    units: int
    points: float


@dataclass(frozen=True, slots=True)
class CompiledICP:
    """A profile ready for scoring. One point is `scale` score units.

    `tiers` are names with the least score, in score units, that is shown as reaching them, best first: a
    tier follows the two decimals a reader sees. `least_coverage` is in hundredths. `sums` keeps
    the dimension scores by place, proven and possible score units.
    """

    icp: ICP
    reference: ICPReference
    criteria: tuple[CompiledCriterion, ...]
    exclusions: tuple[CompiledExclusion, ...]
    personas: tuple[CompiledPersona, ...]
    used: frozenset[str]
    dimensions: tuple[tuple[Dimension, float], ...]
    tiers: tuple[tuple[str, int], ...]
    scale: int
    total_units: int
    least_coverage: Decimal
    places: range
    sums: dict[tuple[int, int, int], DimensionScore] = field(default_factory=dict, compare=False)

    def hundredths(self, score: int) -> int:
        """Return a score in hundredths of a point, halves to even, never below 0."""
        return 0 if score <= 0 else divide(score * 100, self.scale)

    def points(self, score: int) -> float:
        """Return a score in points with two decimals; negative scores stay negative."""
        return divide(score * 100, self.scale) / 100

    def tier_at(self, score: int) -> str | None:
        """Return the best tier a score earns, or `None` below the lowest."""
        for name, least in self.tiers:
            if score >= least:
                return name
        return None


def compile_icp(icp: ICP) -> CompiledICP:
    """Return the profile ready for scoring; do this once, then score many accounts."""
    worth = criterion_points(icp)
    costs = [as_fraction(rule.points) for rule in icp.exclude]
    per_point = lcm(1, *(points.denominator for points in (*worth, *costs)))
    scale = per_point * UNIT
    units = [int(points * per_point) for points in worth]
    used = [name for name in DIMENSIONS if any(one.dimension == name for one in icp.criteria)]
    criteria = tuple(
        _criterion(one, at, used.index(one.dimension), points, size)
        for at, (one, points, size) in enumerate(zip(icp.criteria, worth, units, strict=True))
    )
    exclusions = tuple(
        _exclusion(rule, int(cost * per_point)) for rule, cost in zip(icp.exclude, costs, strict=True)
    )
    most = {name: Fraction(0) for name in used}
    for one, points in zip(icp.criteria, worth, strict=True):
        most[one.dimension] += points
    return CompiledICP(
        icp=icp,
        reference=icp.reference,
        criteria=criteria,
        exclusions=exclusions,
        personas=tuple(compile_persona(persona) for persona in icp.personas),
        used=used_attributes(icp),
        dimensions=tuple((name, _two_decimals(points)) for name, points in most.items()),
        tiers=tuple((tier.name, _least_score(tier, scale, sum(costs))) for tier in icp.tiers),
        scale=scale,
        total_units=sum(units),
        least_coverage=icp.min_coverage * 100,
        places=range(len(used)),
    )


def _least_score(tier: Tier, scale: int, most_penalties: Fraction | int) -> int:
    """Return the least score that earns a tier; a tier from 0 is earned by any score, penalties included."""
    if tier.min == 0:
        return -(int(most_penalties) + 1) * scale
    return least_rounding_to(int(tier.min * 100), scale)


def used_attributes(icp: ICP) -> frozenset[str]:
    """Return the attributes that criteria, exclusions and personas look at."""
    conditions = [one.condition for one in icp.criteria] + [rule.condition for rule in icp.exclude]
    tested = {tested_attribute(test) for condition in conditions for test in leaf_tests(condition)}
    return frozenset(tested | set(TITLED)) if icp.personas else frozenset(tested)


def criterion_points(icp: ICP) -> list[Fraction]:
    """Return what each criterion is worth of 100 points, exactly, in the profile's order."""
    shares = {share.dimension: as_fraction(share.share) for share in icp.dimensions}
    weights: dict[Dimension, Fraction] = {}
    for criterion in icp.criteria:
        pool = icp.pool_of(criterion.dimension)
        weights[pool] = weights.get(pool, Fraction(0)) + as_fraction(criterion.weight)
    paid = sum((shares[pool] for pool in weights), Fraction(0))
    points = []
    for criterion in icp.criteria:
        pool = icp.pool_of(criterion.dimension)
        share = shares[pool] * 100 / paid
        points.append(share * as_fraction(criterion.weight) / weights[pool])
    return points


def _criterion(criterion: Criterion, at: int, place: int, points: Fraction, units: int) -> CompiledCriterion:
    attribute, ask, look_in = asking(criterion)
    return CompiledCriterion(
        id=criterion.id,
        dimension=criterion.dimension,
        evaluate=labelled(criterion.label, compile_condition(criterion.condition)),
        at=at,
        place=place,
        units=units,
        max_points=_two_decimals(points),
        required=criterion.required,
        attribute=attribute,
        ask=ask,
        look_in=look_in,
    )


def _exclusion(rule: ExclusionRule, units: int) -> CompiledExclusion:
    return CompiledExclusion(
        id=rule.id,
        disqualifies=rule.effect == "disqualify",
        evaluate=labelled(rule.label, compile_condition(rule.condition)),
        units=units,
        points=float(rule.points),
    )


def asking(criterion: Criterion) -> tuple[str, str, tuple[str, ...]]:
    """Return the attribute a criterion asks about first, the question to ask, and where to look."""
    tests = leaf_tests(criterion.condition)
    if not tests:
        return question_attribute(criterion.id), criterion.ask or criterion.id, ()
    first = tests[0]
    attribute = tested_attribute(first)
    use = use_of(attribute)
    asked = first.question if isinstance(first, QuestionTest) else use.ask + _sought(first)
    return attribute, criterion.ask or asked, use.look_in


def _sought(condition: Condition) -> str:
    if not isinstance(condition, SetTest):
        return ""
    words = terms_words(condition.attribute, condition.values)
    return f" (unwanted: {words})" if condition.mode == "none_of" else f" (sought: {words})"


def _two_decimals(points: Fraction) -> float:
    return divide(points.numerator * 100, points.denominator) / 100
