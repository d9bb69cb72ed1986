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

from collections.abc import Sequence

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
from agent.scoring.outcome import Evaluate, Outcome, Rulings, reason
from agent.scoring.sets import compile_presence, compile_question, compile_set, tell_all
from agent.scoring.signals import compile_signal
from agent.scoring.units import UNIT
from agent.scoring.view import View


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


def labelled(label: str | None, part: Evaluate) -> Evaluate:
    """Return the evaluator whose sentences begin with the profile's own words for the criterion, if it has any."""
    if label is None:
        return part
    rulings = Rulings(lambda view, outcome: f"{label}: {reason(view, outcome)}")

    def evaluate(view: View) -> Outcome:
        outcome = part(view)
        ruling, _, evidence = outcome
        return rulings.of(ruling.low, ruling.high, ruling.conflicting), outcome, evidence

    return evaluate


def _compile_composition(condition: Composition) -> Evaluate:
    parts = tuple(compile_condition(part) for part in condition.parts)
    if condition.test == "not":
        return _negated(parts[0])
    every, rulings = condition.test == "all", Rulings(tell_all)

    def evaluate(view: View) -> Outcome:
        return join([part(view) for part in parts], rulings, every=every)

    return evaluate


def _negated(part: Evaluate) -> Evaluate:
    rulings = Rulings(_tell_not)

    def evaluate(view: View) -> Outcome:
        return negate(part(view), rulings)

    return evaluate


def negate(outcome: Outcome, rulings: Rulings) -> Outcome:
    """Return "not": what was in full is nothing, and an open end stays open."""
    ruling, _, evidence = outcome
    return rulings.of(UNIT - ruling.high, UNIT - ruling.low, ruling.conflicting), outcome, evidence


def _tell_not(view: View, outcome: Outcome) -> str:
    return f"Not: {reason(view, outcome)}"


def join(outcomes: list[Outcome], rulings: Rulings, *, every: bool) -> Outcome:
    """Return "all of" (`every`) or "any of", end by end; the reason names what decides."""
    pick = min if every else max
    low = pick([ruling.low for ruling, _, _ in outcomes])
    high = pick([ruling.high for ruling, _, _ in outcomes])
    settled = 0 if every else UNIT
    telling = [one for one in outcomes if one[0].low == one[0].high == settled][:1]
    if not telling:
        finished = UNIT - settled
        telling = [one for one in outcomes if not one[0].low == one[0].high == finished] or outcomes
    conflicting = any(ruling.conflicting for ruling, _, _ in telling)
    return rulings.of(low, high, conflicting), telling, _evidence(telling)


def _evidence(outcomes: list[Outcome]) -> tuple[str, ...]:
    if len(outcomes) == 1:
        return outcomes[0][2]
    return tuple(dict.fromkeys([name for _, _, names in outcomes for name in names]))


def grade_share(grade: int) -> int:
    """Return what a grade from 1 to 5 is worth: nothing, a quarter, half, three quarters, everything."""
    return (grade - 1) * UNIT // 4


def _compile_graded(condition: Graded) -> Evaluate:
    cases = tuple(
        (case.grade, None if case.when is None else compile_condition(case.when)) for case in condition.cases
    )
    rulings = Rulings(_grade_words)

    def evaluate(view: View) -> Outcome:
        possible: list[int] = []
        telling: list[Outcome] = []
        for grade, holds in cases:
            if holds is None:
                possible.append(grade)
                break
            outcome = holds(view)
            ruling = outcome[0]
            if ruling.high < UNIT:
                continue
            if ruling.low == UNIT and not possible:
                share = grade_share(grade)
                return rulings.of(share, share), ((grade,), (outcome,)), outcome[2]
            possible.append(grade)
            telling.append(outcome)
            if ruling.low == UNIT:
                break
        else:
            possible.append(1)
        if len(possible) == 1:
            low = high = grade_share(possible[0])
        else:
            low, high = grade_share(min(possible)), grade_share(max(possible))
        evidence = _evidence(telling)
        if low != high and not evidence:
            low = 0  # a grade for "otherwise" is not proven by knowing nothing
        conflicting = low != high and any(ruling.conflicting for ruling, _, _ in telling)
        return rulings.of(low, high, conflicting), (possible, telling), evidence

    return evaluate


def _grade_words(view: View, told: tuple[Sequence[int], Sequence[Outcome]]) -> str:
    possible, telling = told
    because = tell_all(view, telling) or "No case holds."
    if len(possible) == 1:
        return f"Grade {possible[0]} of 5: {because}"
    grades = " or ".join([str(grade) for grade in sorted(set(possible), reverse=True)])
    return f"Grade {grades} of 5: {because}"
