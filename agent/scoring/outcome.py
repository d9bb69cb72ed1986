"""What a condition comes to: an interval between not met and met, and the sentence that says why."""

from __future__ import annotations

from agent.scoring.units import UNIT


class Outcome:
    """An interval of shares `[low, high]`; decided when both are equal.

    `conflicting` marks an interval that is open because evidence disagrees. `evidence` holds the ids the
    reason rests on, best first. A plain class with slots: thousands are made a second.
    """

    __slots__ = ("conflicting", "evidence", "high", "low", "reason")

    def __init__(
        self, low: int, high: int, reason: str, evidence: tuple[str, ...] = (), conflicting: bool = False
    ) -> None:
        self.low = low
        self.high = high
        self.reason = reason
        self.evidence = evidence
        self.conflicting = conflicting


def met(reason: str, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition proven to hold."""
    return Outcome(UNIT, UNIT, reason, evidence)


def not_met(reason: str, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition proven not to hold."""
    return Outcome(0, 0, reason, evidence)


def unknown(reason: str, evidence: tuple[str, ...] = ()) -> Outcome:
    """Return the outcome of a condition that nothing decides."""
    return Outcome(0, UNIT, reason, evidence)


def conflict(reason: str, evidence: tuple[str, ...] = (), low: int = 0, high: int = UNIT) -> Outcome:
    """Return the outcome of a condition on which evidence disagrees; decided if both sides come to the same."""
    return Outcome(low, high, reason, evidence, conflicting=low != high)
