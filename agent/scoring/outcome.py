"""What a condition comes to: an interval between not met and met, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.scoring.units import UNIT

Say = str | Callable[[], str]
"""A sentence, or how to make it: most sentences of a bulk run are never read, so they are made on demand."""


class Outcome:
    """An interval of shares `[low, high]`; decided when both are equal.

    `conflicting` marks an interval that is open because evidence disagrees. `evidence` holds the ids the
    reason rests on, best first. A plain class with slots: thousands are made a second.
    """

    __slots__ = ("_say", "conflicting", "evidence", "high", "low")

    kept: Any = None  # Any: see `SharedOutcome`

    def __init__(
        self, low: int, high: int, say: Say, evidence: tuple[str, ...] = (), conflicting: bool = False
    ) -> None:
        self.low = low
        self.high = high
        self._say = say
        self.evidence = evidence
        self.conflicting = conflicting

    @property
    def reason(self) -> str:
        """The sentence that says why."""
        said = self._say
        return said if isinstance(said, str) else said()


class SharedOutcome(Outcome):
    """An outcome that one criterion hands out for many accounts; `kept` is what was built from it."""

    __slots__ = ("kept",)

    def __init__(self, low: int, high: int, say: Say) -> None:
        super().__init__(low, high, say)
        self.kept: Any = None  # Any: a CriterionVerdict or a NotRuledOut, as its one owner builds it


def met(say: Say, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition proven to hold."""
    return Outcome(UNIT, UNIT, say, evidence)


def not_met(say: Say, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition proven not to hold."""
    return Outcome(0, 0, say, evidence)


def unknown(say: Say, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition that nothing decides."""
    return Outcome(0, UNIT, say, evidence)


def conflict(say: Say, evidence: tuple[str, ...] = (), low: int = 0, high: int = UNIT) -> Outcome:
    """Return the outcome of a condition on which evidence disagrees; decided if both sides come to the same."""
    return Outcome(low, high, say, evidence, conflicting=low != high)
