"""Judge one research against its labels: every fact and every label gets at most one verdict.

A fact is an answer when it is `supported`. A `contradicted` fact is the product saying that it does not
know which is true: no answer, neither right nor wrong, unless the labels contradict each other as well; then
it is the right answer. A `denied` fact answers labels that deny.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from pydantic import JsonValue

from agent.attributes import entry, fact_key
from agent.models import Fact, Frozen
from evals.labels import Case, Label
from evals.measures.misses import Miss, miss_reason
from evals.running.outcome import CaseOutcome

Kind = Literal["right", "wrong", "missed"]
Fault = Literal[
    "hallucination", "wrong_value", "wrong_subject", "wrong_polarity", "stale", "trap", "spurious", ""
]
_SUBJECT = re.compile(
    r"customer|client|partner|competitor|namesake|subsidiar|parent|investor|vendor|sister|other_compan", re.I
)
_STALE = re.compile(r"stale|old|past|former|undated|outdated|historic", re.I)
_DENIED = re.compile(r"denied|denial|negat", re.I)
_EXCLUSIVE = ("scalar", "size")


class Judgement(Frozen):
    """One fact or label, judged. `wrong` is a false positive, `missed` a false negative.

    `fault` says what kind of wrong, `reason` why it was missed; `expected` are the label's right values.
    `repeat` tells which of several runs it is of.
    """

    attribute: str
    kind: Kind
    fault: Fault = ""
    reason: Miss | None = None
    value: JsonValue = None
    expected: tuple[JsonValue, ...] = ()
    trap: str = ""
    label: int | None = None
    evidence: tuple[str, ...] = ()
    repeat: int = 0


def judge(case: Case, outcome: CaseOutcome) -> tuple[Judgement, ...]:
    """Return every judgement on one research, by attribute.

    Facts that no label speaks about are not judged, unless the attribute's labels are complete or only one
    value can be true.
    """
    labels: dict[str, list[tuple[int, Label]]] = defaultdict(list)
    for place, label in enumerate(case.truth.labels):
        labels[label.attribute].append((place, label))
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in outcome.facts:
        facts[fact.attribute].append(fact)
    found: list[Judgement] = []
    for attribute in sorted({*labels, *case.truth.complete}):
        found += _judge_attribute(
            attribute,
            labels[attribute],
            facts[attribute],
            outcome,
            is_complete=attribute in case.truth.complete,
        )
    return tuple(each.model_copy(update={"repeat": outcome.repeat}) for each in found)


def _same_thing(fact: Fact, label: Label) -> bool:
    """Tell whether a fact speaks of what a label speaks of (one department's openings), with another value."""
    return any(
        isinstance(value, dict)
        and isinstance(fact.value, dict)
        and "" != fact_key(fact.attribute, value) == fact_key(fact.attribute, fact.value)
        for value in label.accept
    )


def is_subject_trap(trap: str | None) -> bool:
    """Tell whether a trap tempts to take another company's value."""
    return bool(trap and _SUBJECT.search(trap))


def is_denial_trap(trap: str | None) -> bool:
    """Tell whether a trap tempts to take what the text denies."""
    return bool(trap and _DENIED.search(trap))


def _trap_fault(trap: str) -> Fault:
    if is_subject_trap(trap):
        return "wrong_subject"
    if is_denial_trap(trap):
        return "wrong_polarity"
    return "stale" if _STALE.search(trap) else "trap"


def _judge_attribute(
    attribute: str,
    labels: Sequence[tuple[int, Label]],
    facts: Sequence[Fact],
    outcome: CaseOutcome,
    *,
    is_complete: bool,
) -> list[Judgement]:
    judged: list[Judgement] = []
    asserted = [fact for fact in facts if fact.status == "supported"]
    denied = [fact for fact in facts if fact.status == "denied"]
    open_labels: list[tuple[int, Label]] = []
    unused = list(asserted)
    for place, label in labels:
        if not label.accept:
            continue
        pool = unused if label.polarity == "asserts" else denied
        match = next((fact for fact in pool if label.accepts(fact.value)), None)
        told = (
            _told_both(label, facts, outcome) if match is None and _is_contested(attribute, labels) else None
        )
        if told is not None:
            judged.append(_right(attribute, place, label, told))
            continue
        if match is None:
            open_labels.append((place, label))
            continue
        pool.remove(match)
        judged.append(_right(attribute, place, label, match))
    wrong = [
        _wrong(attribute, fact, labels, outcome, fault, trap)
        for fact in unused
        if (found := _fault(fact, [label for _, label in labels], is_complete=is_complete)) is not None
        for fault, trap in (found,)
    ]
    for place, label in open_labels:
        reason = miss_reason(label, outcome, facts, [(each.fault, each.trap) for each in wrong])
        judged.append(
            Judgement(
                attribute=attribute,
                kind="missed",
                reason=reason,
                expected=label.accept,
                label=place,
                trap=label.trap or "",
            )
        )
    return [*judged, *wrong]


def _is_contested(attribute: str, labels: Sequence[tuple[int, Label]]) -> bool:
    """Tell whether the site gives two values where only one can be true."""
    asserting = [label for _, label in labels if label.accept and label.polarity == "asserts"]
    return entry(attribute).merge in _EXCLUSIVE and len(asserting) > 1


def _told_both(label: Label, facts: Sequence[Fact], outcome: CaseOutcome) -> Fact | None:
    """Return the contradicted fact that cites the label's value on either of its sides."""
    values = {item.id: item.value for item in outcome.evidence}
    for fact in facts:
        cited = [values[name] for name in (*fact.evidence, *fact.against) if name in values]
        if fact.status == "contradicted" and any(label.accepts(value) for value in cited):
            return fact
    return None


def _right(attribute: str, place: int, label: Label, fact: Fact) -> Judgement:
    return Judgement(
        attribute=attribute,
        kind="right",
        value=fact.value,
        expected=label.accept,
        label=place,
        evidence=fact.evidence,
    )


def _wrong(
    attribute: str,
    fact: Fact,
    labels: Sequence[tuple[int, Label]],
    outcome: CaseOutcome,
    fault: Fault,
    trap: str,
) -> Judgement:
    asserting = [label for _, label in labels if label.polarity == "asserts"]
    # Of many departments, show the label of the fact's own.
    nearest = [label for label in asserting if _same_thing(fact, label)] or asserting
    expected = tuple(value for label in nearest for value in label.accept)
    return Judgement(
        attribute=attribute,
        kind="wrong",
        fault=fault,
        value=fact.value,
        expected=expected,
        trap=trap,
        evidence=fact.evidence,
    )


def _fault(fact: Fact, labels: Sequence[Label], *, is_complete: bool) -> tuple[Fault, str] | None:
    """Return what is wrong with a fact that matched no free label, or `None` when it is not judged."""
    asserting = [label for label in labels if label.accept and label.polarity == "asserts"]
    for label in labels:
        if label.rejects(fact.value):
            trap = label.trap or ""
            if label.absent and not trap:
                return "hallucination", ""
            return _trap_fault(trap), trap
    if any(label.polarity == "denies" and label.accepts(fact.value) for label in labels):
        return "wrong_polarity", ""
    if any(label.accepts(fact.value) for label in asserting):
        return None  # said twice; the label is already answered
    if any(label.absent for label in labels):
        return "hallucination", ""
    exclusive = entry(fact.attribute).merge in _EXCLUSIVE
    if asserting and exclusive:
        return "wrong_value", ""
    if not is_complete:
        return None
    return ("wrong_value" if any(_same_thing(fact, label) for label in asserting) else "spurious"), ""
