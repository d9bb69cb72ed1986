"""What a condition comes to: an interval between not met and met, and how to say why.

Bulk scoring meets the same values again and again. What is the same for every account is a `Ruling`, made
once and kept by the test that made it; what is this account's own (the fact and its evidence) travels
beside it. A sentence is put together only when it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.scoring.units import UNIT
from agent.scoring.view import FactRow, Reading, View
from agent.scoring.wording import Words, cite, nothing_known

MOST_KEPT = 4096
"""Rulings a test keeps before it starts anew, so that memory stays flat."""
Tell = Callable[[View, Any], str]
"""How a sentence is made; the second argument is what the outcome was told."""


class Ruling:
    """An interval of shares `[low, high]`; decided when both are equal.

    The sentence is `opening`, the fact's value in `words`, `middle`, the first citation and `ending`, unless
    `tell` says otherwise. `conflicting` marks an interval that is open because evidence disagrees.
    `constant` marks one that says the same of every account it is handed out for. `kept` is what the one
    criterion it belongs to has worked out from it.
    """

    __slots__ = (
        "conflicting",
        "constant",
        "ending",
        "high",
        "kept",
        "low",
        "middle",
        "opening",
        "tell",
        "words",
    )

    def __init__(
        self,
        low: int,
        high: int,
        ending: str = "",
        *,
        words: Words = str,
        opening: str = "",
        middle: str = "",
        tell: str | Tell | None = None,
        conflicting: bool = False,
        constant: bool = False,
    ) -> None:
        self.low = low
        self.high = high
        self.ending = ending
        self.words = words
        self.opening = opening
        self.middle = middle
        self.tell = tell
        self.conflicting = conflicting and low != high
        self.constant = constant
        self.kept: Any = None  # Any: the scorer's own, see `agent/scoring/score.py`


Outcome = tuple[Ruling, Any, tuple[str, ...]]
"""A ruling, what was told (a fact, or whatever the ruling's `tell` asks for), and evidence ids, best first.

A bare tuple, because thousands are made a second.
"""
Evaluate = Callable[[View], Outcome]


def reason(view: View, outcome: Outcome) -> str:
    """Return the sentence that says why."""
    ruling, told, names = outcome
    tell = ruling.tell
    if tell is None:
        return (
            f"{ruling.opening}{ruling.words(told['value'])}{ruling.middle}{cite(view, names)}{ruling.ending}"
        )
    return tell if isinstance(tell, str) else tell(view, told)


def met(
    sentence: str | Tell, told: Any = None, evidence: tuple[str, ...] = ()
) -> Outcome:  # Any: see `Outcome`
    """Return the outcome of a condition proven to hold."""
    return Ruling(UNIT, UNIT, tell=sentence), told, evidence


def not_met(
    sentence: str | Tell, told: Any = None, evidence: tuple[str, ...] = ()
) -> Outcome:  # Any: the same
    """Return the outcome of a condition proven not to hold."""
    return Ruling(0, 0, tell=sentence), told, evidence


def unknown(
    sentence: str | Tell, told: Any = None, evidence: tuple[str, ...] = ()
) -> Outcome:  # Any: the same
    """Return the outcome of a condition that nothing decides."""
    return Ruling(0, UNIT, tell=sentence), told, evidence


def conflict(sentence: str | Tell, fact: FactRow, low: int = 0) -> Outcome:
    """Return the outcome of a fact on which evidence disagrees; decided if both sides come to the same."""
    return Ruling(low, UNIT, tell=sentence, conflicting=True), fact, (*fact["evidence"], *fact["against"])


def compile_silence(attribute: str, what: str) -> Evaluate:
    """Return the evaluator of a criterion on an attribute nothing is known of.

    What it says depends only on which sources were read, and most criteria of most accounts are silent, so
    each reading's outcome is made once.
    """
    made: dict[Reading, Outcome] = {}

    def silent(view: View) -> Outcome:
        outcome = made.get(view.reading)
        if outcome is None:
            ruling = Ruling(0, UNIT, tell=nothing_known(view, attribute, what), constant=True)
            outcome = made[view.reading] = (ruling, None, ())
        return outcome

    return silent


class Rulings:
    """The rulings that tell their reason one way, by their interval; each is made once and kept."""

    __slots__ = ("_made", "_tell")

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._made: dict[tuple[int, int, bool], Ruling] = {}

    def of(self, low: int, high: int, conflicting: bool = False) -> Ruling:
        """Return the ruling with this interval."""
        ruling = self._made.get((low, high, conflicting))
        if ruling is None:
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            ruling = Ruling(low, high, tell=self._tell, conflicting=conflicting)
            self._made[(low, high, conflicting)] = ruling
        return ruling
