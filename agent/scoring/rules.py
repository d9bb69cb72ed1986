"""The table of rules: what each kind of criterion is worth, given what is known. Readable from top to bottom.

| Criterion | In full (1) | In part | Nothing (0) | Open |
|---|---|---|---|---|
| number, `ideal` | inside the ideal band | between acceptable and ideal, linear | outside acceptable | no number; a range across an edge |
| `any_of` | one value is known to be among them | never | the one value it has is another, or all are denied | nothing found |
| `all_of` | every value is known | never | one is ruled out | one is open |
| `none_of` | its one value is another; or all `read_sources` were read without a mention | never | one of them found | not all of them read |
| signal | `min_count` fresh ones | fewer, or older: each counts 0.5^(age / half-life) | denied | none found; undated; more may exist |
| `present` | known | never | denied | nothing found |
| `question` | answered as wanted | never | answered the other way | unanswered |
| `cases` | the first case that holds has grade 5 | grade 2, 3, 4: a quarter, half, three quarters | grade 1, or no case holds | more than one case may hold |
| all of / any of / not | the least / the greatest / one minus | the same | the same | the same, end by end |

Evidence that disagrees keeps both outcomes open. Nothing found is never "not met".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agent.icp.model import (
    Composition,
    Condition,
    Graded,
    NumberTest,
    PresenceTest,
    QuestionTest,
    SetTest,
    SignalTest,
)
from agent.scoring.numbers import compile_number
from agent.scoring.outcome import Outcome
from agent.scoring.sets import compile_presence, compile_question, compile_set
from agent.scoring.signals import compile_signal
from agent.scoring.units import UNIT
from agent.scoring.view import View

Evaluate = Callable[[View], Outcome]


def compile_condition(condition: Condition) -> Evaluate:
    """Return the evaluator of a condition: what its row of the table comes to for one account."""
    if isinstance(condition, NumberTest):
        return compile_number(condition)
    if isinstance(condition, SetTest):
        return compile_set(condition)
    if isinstance(condition, SignalTest):
        return compile_signal(condition)
    if isinstance(condition, PresenceTest):
        return compile_presence(condition)
    if isinstance(condition, QuestionTest):
        return compile_question(condition)
    if isinstance(condition, Graded):
        return _compile_graded(condition)
    return _compile_composition(condition)


def _compile_composition(condition: Composition) -> Evaluate:
    parts = tuple(compile_condition(part) for part in condition.parts)
    if condition.test == "not":
        return _negated(parts[0])
    every = condition.test == "all"

    def evaluate(view: View) -> Outcome:
        return join([part(view) for part in parts], every=every)

    return evaluate


def _negated(part: Evaluate) -> Evaluate:
    def evaluate(view: View) -> Outcome:
        return negate(part(view))

    return evaluate


def negate(outcome: Outcome) -> Outcome:
    """Return "not": what was in full is nothing, and an open end stays open."""
    return Outcome(
        UNIT - outcome.high,
        UNIT - outcome.low,
        lambda: f"Not: {outcome.reason}",
        outcome.evidence,
        outcome.conflicting,
    )


def join(outcomes: list[Outcome], *, every: bool) -> Outcome:
    """Return "all of" (`every`) or "any of", end by end; the reason names what decides."""
    pick = min if every else max
    low = pick(outcome.low for outcome in outcomes)
    high = pick(outcome.high for outcome in outcomes)
    settled = 0 if every else UNIT
    telling = [one for one in outcomes if one.low == one.high == settled][:1]
    if not telling:
        finished = UNIT - settled
        telling = [one for one in outcomes if not one.low == one.high == finished] or outcomes
    evidence = tuple(dict.fromkeys(name for one in telling for name in one.evidence))
    return Outcome(
        low,
        high,
        lambda: " ".join(one.reason for one in telling),
        evidence,
        low != high and any(one.conflicting for one in telling),
    )


def grade_share(grade: int) -> int:
    """Return what a grade from 1 to 5 is worth: nothing, a quarter, half, three quarters, everything."""
    return (grade - 1) * UNIT // 4


def _compile_graded(condition: Graded) -> Evaluate:
    cases = tuple(
        (case.grade, None if case.when is None else compile_condition(case.when)) for case in condition.cases
    )

    def evaluate(view: View) -> Outcome:
        possible: list[int] = []
        telling: list[Outcome] = []
        for grade, holds in cases:
            outcome = holds(view) if holds is not None else None
            if outcome is not None and outcome.high < UNIT:
                continue
            possible.append(grade)
            if outcome is not None:
                telling.append(outcome)
            if outcome is None or outcome.low == UNIT:
                break
        else:
            possible.append(1)
        low, high = grade_share(min(possible)), grade_share(max(possible))
        if low != high and not any(one.evidence for one in telling):
            low = 0  # a grade for "otherwise" is not proven by knowing nothing
        if len(telling) == 1:
            evidence = telling[0].evidence
        else:
            evidence = tuple(dict.fromkeys(name for one in telling for name in one.evidence))
        conflicting = low != high and any(one.conflicting for one in telling)
        return Outcome(low, high, partial(_grade_words, possible, telling), evidence, conflicting)

    return evaluate


def _grade_words(possible: list[int], telling: list[Outcome]) -> str:
    because = " ".join(one.reason for one in telling) or "No case holds."
    grades = " or ".join(str(grade) for grade in sorted(set(possible), reverse=True))
    return f"Grade {grades} of 5: {because}"
