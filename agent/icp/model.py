"""A parsed Ideal Customer Profile: frozen values, every name canonical, every number exact.

A condition is one of six tests or a composition of them. Each later yields an interval between "not met"
(0) and "met" (1); how is the scorer's business (`agent/scoring/rules.py`), not the profile's.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from agent.models import Frozen, ICPReference, SourceName

Dimension = Literal["firmographic", "technographic", "behavioral", "needs", "intent"]
DIMENSIONS: tuple[Dimension, ...] = ("firmographic", "technographic", "behavioral", "needs", "intent")
INSIDE_BEHAVIORAL: frozenset[str] = frozenset(("technographic", "needs"))
"""Dimensions that share the behavioural part of the score unless the profile gives them their own."""
DEFAULT_DIMENSIONS: tuple[tuple[Dimension, Decimal], ...] = (
    ("firmographic", Decimal(40)),
    ("behavioral", Decimal(30)),
    ("intent", Decimal(30)),
)
Effect = Literal["disqualify", "penalty"]


class Where(Frozen):
    """One narrowing of a structured value: its `field` is one of `values` (lower case)."""

    field: str
    values: tuple[str, ...]


class Band(Frozen):
    """A range of numbers; `None` is open-ended. The ends belong to it unless they are marked open."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False


class NumberTest(Frozen):
    """A number inside `ideal` counts in full; outside `acceptable` nothing; linear in between.

    Without `acceptable` the test is yes or no. `currency` is an ISO 4217 code for amounts of money.
    """

    test: Literal["number"] = "number"
    attribute: str
    where: tuple[Where, ...] = ()
    ideal: Band
    acceptable: Band | None = None
    currency: str | None = None


class SetTest(Frozen):
    """Whether the attribute's value is among `values` (canonical, in the profile's order)."""

    test: Literal["set"] = "set"
    attribute: str
    mode: Literal["any_of", "all_of", "none_of"]
    values: tuple[str, ...]
    where: tuple[Where, ...] = ()
    read_sources: tuple[SourceName, ...] = ()


class SignalTest(Frozen):
    """Dated events: at least `min_count` of them within `within_days`, losing half their weight per half-life."""

    test: Literal["signal"] = "signal"
    attribute: str
    where: tuple[Where, ...] = ()
    min_count: int = 1
    within_days: int | None = None
    half_life_days: Decimal | None = None


class PresenceTest(Frozen):
    """Whether the attribute is known at all, or (`present: false`) was looked for in vain in `read_sources`."""

    test: Literal["presence"] = "presence"
    attribute: str
    present: bool = True
    where: tuple[Where, ...] = ()
    read_sources: tuple[SourceName, ...] = ()


class QuestionTest(Frozen):
    """A question in the profile's own words, met when the evidence answers it with `answer`."""

    test: Literal["question"] = "question"
    question: str
    answer: Literal["yes", "no"] = "yes"


class Composition(Frozen):
    """Conditions joined in three-valued logic. `not` has exactly one part."""

    test: Literal["all", "any", "not"]
    parts: tuple[Condition, ...]


class Case(Frozen):
    """One grade and when it applies; `when` is `None` for the last, unconditional case."""

    grade: int
    when: Condition | None


class Graded(Frozen):
    """A grade from 1 (nothing) to 5 (everything): the first case that holds decides."""

    test: Literal["graded"] = "graded"
    cases: tuple[Case, ...]


Condition = Annotated[
    NumberTest | SetTest | SignalTest | PresenceTest | QuestionTest | Composition | Graded,
    Field(discriminator="test"),
]


class Criterion(Frozen):
    """One thing the profile looks for, and how much of its dimension it is worth."""

    id: str
    dimension: Dimension
    weight: Decimal
    required: bool = False
    condition: Condition
    label: str | None = None
    ask: str | None = None


class ExclusionRule(Frozen):
    """A negative criterion: when it holds the account is out, or loses `points`."""

    id: str
    effect: Effect
    points: Decimal = Decimal(0)
    condition: Condition
    label: str | None = None
    ask: str | None = None


class Tier(Frozen):
    """A tier's name and the least proven score that earns it."""

    name: str
    min: Decimal


DEFAULT_TIERS: tuple[Tier, ...] = (
    Tier(name="Tier 1", min=Decimal(80)),
    Tier(name="Tier 2", min=Decimal(60)),
)


class Persona(Frozen):
    """A buying-committee role and the job titles that fill it."""

    role: str
    titles: tuple[str, ...]


class DimensionShare(Frozen):
    """The part of 100 that a dimension's criteria share."""

    dimension: Dimension
    share: Decimal


class ICP(Frozen):
    """A whole profile. `tiers` run from the best down; `dimensions` as given, or the default split.

    `tiers_as_given` names the tiers in the order of the file: how it is laid out, so no part of the hash.
    """

    name: str
    version: int = 1
    description: str | None = None
    review_by: date | None = None
    dimensions: tuple[DimensionShare, ...]
    default_dimensions: bool = False
    tiers: tuple[Tier, ...] = DEFAULT_TIERS
    tiers_as_given: tuple[str, ...] = Field(default=(), exclude=True, repr=False)
    min_coverage: Decimal = Decimal("0.5")
    criteria: tuple[Criterion, ...]
    exclude: tuple[ExclusionRule, ...] = ()
    personas: tuple[Persona, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Hash of the parsed profile as canonical JSON: layout and comments do not change it, meaning does."""
        dumped = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(dumped.encode()).hexdigest()

    @property
    def reference(self) -> ICPReference:
        """Return the name, version and hash that a verdict carries."""
        return ICPReference(name=self.name, version=self.version, sha256=self.sha256)

    def pool_of(self, dimension: Dimension) -> Dimension:
        """Return the dimension whose share pays for `dimension`'s criteria."""
        named = {share.dimension for share in self.dimensions}
        return "behavioral" if dimension in INSIDE_BEHAVIORAL and dimension not in named else dimension


def leaf_tests(
    condition: Condition,
) -> tuple[NumberTest | SetTest | SignalTest | PresenceTest | QuestionTest, ...]:
    """Return the single tests a condition is made of, in the profile's order."""
    if isinstance(condition, Composition):
        return tuple(leaf for part in condition.parts for leaf in leaf_tests(part))
    if isinstance(condition, Graded):
        return tuple(
            leaf for case in condition.cases if case.when is not None for leaf in leaf_tests(case.when)
        )
    return (condition,)


def tested_attribute(test: NumberTest | SetTest | SignalTest | PresenceTest | QuestionTest) -> str:
    """Return the attribute a single test looks at; a question has one of its own."""
    return question_attribute(test.question) if isinstance(test, QuestionTest) else test.attribute


def question_attribute(question: str) -> str:
    """Return the attribute under which answers to `question` are kept: the same words, the same attribute."""
    words = " ".join(question.split()).casefold()
    return "question:" + hashlib.sha256(words.encode()).hexdigest()[:12]


Composition.model_rebuild()
Graded.model_rebuild()
Criterion.model_rebuild()
ExclusionRule.model_rebuild()
ICP.model_rebuild()
