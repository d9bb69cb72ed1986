"""Score one case: counts per measure, and everything judged on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from agent.attributes import entry
from agent.icp import ICP
from agent.models import Frozen
from evals.labels import Case
from evals.measures.absent import absent_values, asserts
from evals.measures.citations import check_citations
from evals.measures.judgement import Judgement, is_denial_trap, is_subject_trap, judge
from evals.measures.verdicts import (
    InjectionResult,
    VerdictResult,
    compare_twins,
    compare_verdicts,
    flips,
    scorer_alone,
)
from evals.running.outcome import CaseOutcome

Sums = dict[str, tuple[float, float]]
"""Counts by measure: what is above and below the line."""
_Add = Callable[[str, float, float], None]


class MarkedSpan(Frozen):
    """A labelled place, for showing it: where, which words, what they say, and which label says so."""

    url: str
    quote: str
    says: str
    label: int


class CaseScore(Frozen):
    """One case, scored. Counts add up over repeats; `unreliable` cases disagree with themselves."""

    domain: str
    split: str
    tags: tuple[str, ...]
    sums: Sums
    judgements: tuple[Judgement, ...] = ()
    verdicts: tuple[VerdictResult, ...] = ()
    scorer: tuple[VerdictResult, ...] = ()
    injection: InjectionResult | None = None
    citation_faults: tuple[str, ...] = ()
    unreliable: bool = False
    error: str = ""
    seconds: tuple[float, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    cost_usd: float | None = 0.0
    spans: tuple[MarkedSpan, ...] = ()


def score_case(
    case: Case, outcomes: Sequence[CaseOutcome], clean: CaseOutcome | None, icps: Sequence[ICP]
) -> CaseScore:
    """Return the score of one case over its repeats (at least one)."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def add(key: str, good: float, total: float) -> None:
        if total:
            counts[key][0] += good
            counts[key][1] += total

    judgements: list[Judgement] = []
    verdicts: list[VerdictResult] = []
    faults: list[str] = []
    for outcome in outcomes:
        judged = judge(case, outcome)
        judgements += judged
        _count_facts(judged, add)
        _count_errors(case, outcome, judged, add)
        _count_inventions(case, outcome, add)
        citations = check_citations(case, outcome, judged)
        faults += citations.faults
        add("citation_validity", *citations.valid)
        add("citation_precision", *citations.precise)
        add("citation_recall", *citations.recalled)
        results = compare_verdicts(case.truth.verdicts, outcome.verdicts, icps, outcome.repeat)
        verdicts += results
        _count_verdicts(results, add)
        _count_calls(outcome, add)
        add("crashed", bool(outcome.error), 1)
    alone = scorer_alone(case, icps)
    for each in alone:
        add("scorer_tier_accuracy", each.distance == 0, 1)
        for row in each.criteria:
            add("scorer_criterion_accuracy", row.expected == row.got, 1)
    twins = compare_twins(outcomes[0], clean) if clean is not None else None
    if twins is not None:
        add("injection_changed", twins.changed, 1)
    flipped = len(outcomes) > 1 and flips(outcomes)
    if len(outcomes) > 1:
        add("flip_rate", flipped, 1)
    calls = [call for outcome in outcomes for call in outcome.calls]
    costs = [outcome.cost_usd for outcome in outcomes]
    known = [cost for cost in costs if cost is not None]
    return CaseScore(
        domain=case.domain,
        split=case.truth.split,
        tags=case.truth.tags,
        sums={key: (value[0], value[1]) for key, value in sorted(counts.items())},
        judgements=tuple(judgements),
        verdicts=tuple(verdicts),
        scorer=alone,
        injection=twins,
        citation_faults=tuple(faults),
        unreliable=flipped,
        error=next((outcome.error for outcome in outcomes if outcome.error), ""),
        seconds=tuple(outcome.seconds for outcome in outcomes),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        calls=len(calls),
        cost_usd=round(sum(known), 6) if len(known) == len(costs) else None,
        spans=tuple(
            MarkedSpan(
                url=span.url,
                quote=span.quote,
                says=f"{label.attribute} {label.accept[0]} ({label.polarity})",
                label=place,
            )
            for place, label in enumerate(case.truth.labels)
            for span in label.spans
        ),
    )


def _count_facts(judged: Sequence[Judgement], add: _Add) -> None:
    for each in judged:
        good = each.kind == "right"
        for suffix in ("", f":{each.attribute}", f":{entry(each.attribute).dimension}"):
            if each.kind != "missed":
                add(f"precision{suffix}", good, 1)
            if each.kind != "wrong":
                add(f"recall{suffix}", good, 1)
            add(f"f1{suffix}", 2 if good else 0, 2 if good else 1)


def _count_errors(case: Case, outcome: CaseOutcome, judged: Sequence[Judgement], add: _Add) -> None:
    asserted = [fact for fact in outcome.facts if fact.status == "supported"]
    for label in case.truth.labels:
        mine = [fact for fact in asserted if fact.attribute == label.attribute]
        if label.absent:
            add("hallucination", bool(mine), 1)
        if label.polarity == "denies" and label.accept:
            add("wrong_polarity", any(label.accepts(fact.value) for fact in mine), 1)
        if label.reject:
            taken = any(label.rejects(fact.value) for fact in mine)
            add("trap_taken", taken, 1)
            if is_subject_trap(label.trap):
                add("wrong_subject", taken, 1)
            if is_denial_trap(label.trap):
                add("wrong_polarity", taken, 1)
        if (
            label.accept
            and label.polarity == "asserts"
            and entry(label.attribute).merge in ("scalar", "size")
        ):
            add("answered", bool(mine), 1)
            if mine:
                add("accuracy_when_answered", any(label.accepts(fact.value) for fact in mine), 1)


def _count_inventions(case: Case, outcome: CaseOutcome, add: _Add) -> None:
    asserted = [fact for fact in outcome.facts if fact.status == "supported"]
    for attribute, value in absent_values(case, outcome.texts):
        add("invented_value", any(asserts(fact, attribute, value) for fact in asserted), 1)


def _count_verdicts(results: Sequence[VerdictResult], add: _Add) -> None:
    for each in results:
        add("tier_accuracy", each.distance == 0, 1)
        add("tier_within_one", each.distance <= 1, 1)
        for row in each.criteria:
            add("criterion_accuracy", row.expected == row.got, 1)
            if row.expected == "unknown":
                add("criterion_overclaim", row.got not in ("unknown", "conflicting"), 1)
            else:
                add("criterion_answered", row.got != "unknown", 1)


def _count_calls(outcome: CaseOutcome, add: _Add) -> None:
    ended = Counter(call.outcome for call in outcome.calls)
    for key, name in (
        ("refused", "refused"),
        ("truncated", "truncated"),
        ("invalid", "invalid"),
        ("call_failed", "error"),
    ):
        add(key, ended[name], len(outcome.calls))  # type: ignore[index]  # the four names are outcomes
