"""Each judgement, miss reason and citation check on outcomes made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.grounding import Span, evidence_id
from agent.models import Evidence, Fact, RejectedClaim, text_id
from evals.labels import Case, CaseTruth
from evals.measures.absent import absent_values
from evals.measures.citations import check_citations, citation_fault
from evals.measures.judgement import judge
from evals.measures.misses import miss_reason
from evals.measures.score import score_case
from evals.measures.verdicts import compare_twins, flips, tier_distance
from evals.results import assemble
from evals.running.outcome import CaseOutcome, ModelCall, StoredText

URL = "https://acme.example/about"
TEXT = "Acme was founded in 1990. We are a team of 340 employees. Globex employs 12,000 people."
SIZE = {"exact": 340, "low": 340, "high": 340}
BIG = {"exact": 12000, "low": 12000, "high": 12000}
SPAN = {"url": URL, "quote": "We are a team of 340 employees"}


def case(*labels: dict[str, Any], complete: tuple[str, ...] = (), **more: Any) -> Case:
    truth = CaseTruth.model_validate(
        {
            "schema": 1,
            "domain": "acme.example",
            "synthetic": True,
            "as_of": date(2026, 11, 2),
            "split": "dev",
            "archive_sha256": "0" * 64,
            "account": {"name": ["Acme"], "status": "live"},
            "labels": labels,
            "complete": complete,
            **more,
        }
    )
    return Case(folder=Path("acme.example"), truth=truth)


def evidence(value: Any, quote: str, attribute: str = "employee_count", **more: Any) -> Evidence:
    start = TEXT.index(quote)
    span = Span(start, start + len(quote))
    fields: dict[str, Any] = {
        "id": evidence_id(attribute, value, text_id(TEXT), span, "asserts", "rule:t@1"),
        "attribute": attribute,
        "value": value,
        "quote": quote,
        "document": text_id(TEXT),
        "start": span.start,
        "end": span.end,
        "url": URL,
        "source_kind": "website",
        "source_tier": "first-party-text",
        "published_at": None,
        "polarity": "asserts",
        "extractor": "rule:t@1",
        **more,
    }
    return Evidence.model_validate(fields)


def outcome(*items: Evidence, facts: tuple[Fact, ...] = (), **more: Any) -> CaseOutcome:
    stored = StoredText(id=text_id(TEXT), url=URL, final_url=URL, kind="website", title="About", text=TEXT)
    fields: dict[str, Any] = {"texts": (stored,), **more}
    return CaseOutcome(domain="acme.example", as_of=date(2026, 11, 2), evidence=items, facts=facts, **fields)


def fact(value: Any, *items: Evidence, attribute: str = "employee_count", status: Any = "supported") -> Fact:
    return Fact(attribute=attribute, value=value, status=status, evidence=tuple(e.id for e in items))


RIGHT = evidence(SIZE, "We are a team of 340 employees")
OTHERS = evidence(BIG, "Globex employs 12,000 people")
SIZE_LABEL = {"attribute": "employee_count", "accept": [{"low": 340, "high": 340}], "spans": [SPAN]}
TRAP = {**SIZE_LABEL, "reject": [{"low": 12000}], "trap": "customer-number"}


def test_a_right_fact_is_right_and_cited_at_its_label() -> None:
    found = outcome(RIGHT, facts=(fact(SIZE, RIGHT),))
    judged = judge(case(SIZE_LABEL), found)
    assert [each.kind for each in judged] == ["right"]
    citations = check_citations(case(SIZE_LABEL), found, judged)
    assert (citations.valid, citations.precise, citations.recalled) == ((1, 1), (1, 1), (1, 1))


@pytest.mark.parametrize(
    ("label", "value", "fault"),
    [
        (TRAP, BIG, "wrong_subject"),
        ({**TRAP, "trap": "stale-number"}, BIG, "stale"),
        (SIZE_LABEL, BIG, "wrong_value"),
        ({"attribute": "employee_count", "absent": True}, BIG, "hallucination"),
        ({**SIZE_LABEL, "polarity": "denies"}, SIZE, "wrong_polarity"),
    ],
)
def test_each_wrong_fact_has_its_name(label: dict[str, Any], value: Any, fault: str) -> None:
    judged = judge(case(label), outcome(OTHERS, facts=(fact(value, OTHERS),)))
    assert [each.fault for each in judged if each.kind == "wrong"] == [fault]


def test_an_unlabelled_value_of_a_set_is_not_judged_unless_labels_are_complete() -> None:
    found = outcome(
        facts=(fact({"product": "Slack", "category": "x", "relation": "uses"}, attribute="technology"),)
    )
    assert judge(case(), found) == ()
    assert [each.fault for each in judge(case(complete=("technology",)), found)] == ["spurious"]


def test_a_contradicted_fact_is_no_answer_neither_right_nor_wrong() -> None:
    judged = judge(case(TRAP), outcome(RIGHT, OTHERS, facts=(fact(SIZE, RIGHT, status="contradicted"),)))
    assert [(each.kind, each.reason) for each in judged] == [("missed", "merged_wrongly")]


def _rejected(reason: Any) -> RejectedClaim:
    return RejectedClaim(
        attribute="employee_count", value=SIZE, quote="x", reason=reason, url=URL, extractor="rule:t@1"
    )


def _call(shown: str) -> ModelCall:
    return ModelCall(outcome="ok", input_tokens=1, output_tokens=1, cost_usd=0, seconds=0, shown=shown)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (outcome(texts=()), "not_fetched"),
        (outcome(calls=(_call("Page 1: something else"),)), "not_in_passage"),
        (outcome(calls=(_call("[S1] We are a team of 340 employees."),)), "missed"),
        (outcome(), "missed"),
        (outcome(OTHERS, facts=(fact({**BIG, "exact": 7, "low": 7, "high": 7}, OTHERS),)), "wrong_value"),
        (outcome(OTHERS, facts=(fact(BIG, OTHERS),)), "wrong_subject"),
        (outcome(RIGHT.model_copy(update={"polarity": "denies"})), "polarity"),
        (outcome(rejected=(_rejected("negated"),)), "polarity"),
        (outcome(rejected=(_rejected("stale"),)), "stale"),
        (outcome(rejected=(_rejected("wrong_subject"),)), "wrong_subject"),
        (outcome(rejected=(_rejected("value_not_in_quote"),)), "quote_rejected"),
        (outcome(RIGHT), "merged_wrongly"),
    ],
)
def test_every_miss_has_its_reason(found: CaseOutcome, reason: str) -> None:
    judged = [each for each in judge(case(TRAP), found) if each.kind == "missed"]
    assert [each.reason for each in judged] == [reason]
    assert miss_reason(case(TRAP).truth.labels[0], found, found.facts, [])


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "We are a team of 341 employees"},
        {"start": 1},
        {"end": 3},
        {"document": "f" * 64},
        {"quote": ""},
    ],
)
def test_a_citation_that_does_not_hold_is_found_out(change: dict[str, Any]) -> None:
    texts = {text.id: text for text in outcome().texts}
    assert citation_fault(RIGHT, texts) == ""
    assert citation_fault(RIGHT.model_copy(update=change), texts)


def test_a_citation_of_nothing_and_a_changed_text_are_faults() -> None:
    dangling = outcome(facts=(fact(SIZE, RIGHT),))
    assert check_citations(case(), dangling, ()).valid == (0, 1)
    changed = outcome().texts[0].model_copy(update={"text": TEXT + "!"})
    assert "hash" in citation_fault(RIGHT, {text_id(TEXT): changed})


def test_evidence_elsewhere_than_labelled_costs_citation_precision() -> None:
    label = {**SIZE_LABEL, "accept": [{"low": 12000}]}
    found = outcome(OTHERS, facts=(fact(BIG, OTHERS),))
    citations = check_citations(case(label), found, judge(case(label), found))
    assert (citations.valid, citations.precise, citations.recalled) == ((1, 1), (0, 1), (0, 1))


def test_tier_distance_counts_rungs_and_keeps_unknown_apart_from_no() -> None:
    ladder = ["Tier 1", "Tier 2", "Tier 3"]
    assert tier_distance(ladder, "Tier 1", "Tier 1") == 0
    assert tier_distance(ladder, "Tier 1", "Tier 3") == 2
    assert tier_distance(ladder, "Tier 3", "insufficient_evidence") == 1
    assert tier_distance(ladder, "Tier 1", "not_a_fit") == 3
    assert tier_distance(ladder, "not_a_fit", "insufficient_evidence") == 2


def test_twins_differ_by_other_pages_evidence_too() -> None:
    poisoned, clean = outcome(RIGHT, OTHERS), outcome(RIGHT)
    result = compare_twins(poisoned, clean)
    assert result.changed
    assert "12000" in result.other_evidence[0]
    assert not compare_twins(clean, clean).changed
    assert flips((clean, clean)) is False


def test_zero_samples_are_no_score_never_zero(tmp_path: Path) -> None:
    from evals.running.config import RunConfig, identify

    score = score_case(case(), [outcome()], None, ())
    results = assemble(
        identify(RunConfig(), (), ()),
        [score],
        finished_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1,
    )
    for key in ("precision", "recall", "hallucination", "citation_validity", "tier_accuracy"):
        measure = results.measure(key)
        assert measure is not None
        assert (measure.value, measure.n, measure.low) == (None, 0, None)


def test_hallucination_counts_absent_labels_and_traps_count_once() -> None:
    absent = {"attribute": "revenue", "absent": True}
    found = outcome(OTHERS, facts=(fact(BIG, OTHERS), fact({"low": 1, "high": 2}, attribute="revenue")))
    score = score_case(case(TRAP, absent), [found], None, ())
    assert score.sums["hallucination"] == (1, 1)
    assert score.sums["wrong_subject"] == (1, 1)
    assert score.sums["precision:employee_count"] == (0, 1)
    assert score.sums["accuracy_when_answered"] == (0, 1)


def test_a_crash_is_counted_and_costs_recall() -> None:
    crashed = outcome(error="ValueError: boom", texts=())
    score = score_case(case(SIZE_LABEL), [crashed], None, ())
    assert score.sums["crashed"] == (1, 1)
    assert score.sums["recall"] == (0, 1)
    assert score.error.startswith("ValueError")


def test_where_the_site_contradicts_itself_saying_so_is_the_right_answer() -> None:
    other = {**SIZE_LABEL, "accept": [{"low": 12000}]}
    both = Fact(
        attribute="employee_count",
        value=SIZE,
        status="contradicted",
        evidence=(RIGHT.id,),
        against=(OTHERS.id,),
    )
    judged = judge(case(SIZE_LABEL, other), outcome(RIGHT, OTHERS, facts=(both,)))
    assert [each.kind for each in judged] == ["right", "right"]
    picked = judge(case(SIZE_LABEL, other), outcome(RIGHT, facts=(fact(SIZE, RIGHT),)))
    assert sorted(each.kind for each in picked) == ["missed", "right"]


def _run(*scores: Any) -> Any:
    from evals.running.config import RunConfig, identify

    when = datetime(2026, 1, 1, tzinfo=UTC)
    return assemble(identify(RunConfig(), (), ()), list(scores), finished_at=when, seconds=1)


def test_a_worked_example_of_every_count() -> None:
    """Two accounts counted by hand: what stands above and below the line of each measure."""
    revenue = {"attribute": "revenue", "absent": True}
    founded = {
        "attribute": "founded_year",
        "accept": [1990],
        "spans": [{"url": URL, "quote": "founded in 1990"}],
    }
    denied = {**SIZE_LABEL, "attribute": "api_offered", "accept": [True], "polarity": "denies"}
    right_year = evidence(1990, "founded in 1990", "founded_year")
    calls = (
        ModelCall(outcome="ok", input_tokens=100, output_tokens=10, cost_usd=0.5, seconds=1, shown=""),
        ModelCall(outcome="refused", input_tokens=50, output_tokens=0, cost_usd=0.0, seconds=1, shown=""),
        ModelCall(outcome="truncated", input_tokens=50, output_tokens=9, cost_usd=0.1, seconds=1, shown=""),
        ModelCall(outcome="invalid", input_tokens=50, output_tokens=9, cost_usd=0.1, seconds=1, shown=""),
    )
    # First account: one right, one of another company, one hallucinated, one asserted though denied.
    first = outcome(
        RIGHT,
        OTHERS,
        right_year,
        facts=(
            fact(1990, right_year, attribute="founded_year"),
            fact(BIG, OTHERS),
            fact({"low": 1, "high": 2}, attribute="revenue"),
            fact(True, attribute="api_offered"),
        ),
        calls=calls,
        cost_usd=0.7,
        seconds=4.0,
    )
    # Second account: one right, one missed, nothing said where nothing is to be said.
    second = outcome(RIGHT, facts=(fact(SIZE, RIGHT),), seconds=1.0)
    labels = (TRAP, founded, revenue)
    results = _run(
        score_case(case(*labels, denied), [first], None, ()),
        score_case(case(*labels), [second], None, ()).model_copy(update={"domain": "beta.example"}),
    )

    def figure(key: str) -> tuple[float | None, int]:
        measure = results.measure(key)
        return measure.value, measure.n

    assert figure("precision") == (2 / 5, 5)  # right: 1990, 340; wrong: 12,000, revenue, API
    assert figure("recall") == (2 / 5, 5)  # of 2 sizes, 2 years and one denial, 340 and 1990 are found
    assert figure("f1") == (4 / 10, 10)  # 2 * 2 / (2 * 2 + 3 wrong + 3 missed)
    assert figure("hallucination") == (1 / 2, 2)
    assert figure("wrong_subject") == (1 / 2, 2)
    assert figure("wrong_polarity") == (1.0, 1)
    assert figure("trap_taken") == (1 / 2, 2)
    assert figure("citation_validity") == (1.0, 4)
    assert figure("citation_precision") == (1.0, 2)
    assert figure("answered") == (3 / 4, 4)  # coverage: sizes twice, a year once, of four
    assert figure("accuracy_when_answered") == (2 / 3, 3)
    assert figure("refused") == figure("truncated") == figure("invalid") == (1 / 4, 4)
    assert figure("call_failed") == (0.0, 4)
    assert figure("flip_rate") == (None, 0)
    assert figure("tier_accuracy") == (None, 0)
    # The size was read and another taken; the model was not shown the denial; the year was not noticed.
    assert results.misses == {"merged_wrongly": 1, "not_in_passage": 1, "missed": 1}
    usage = results.usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens, usage.cost_usd) == (4, 250, 28, 0.7)
    assert (usage.p50_seconds, usage.p95_seconds) == (1.0, 4.0)


def test_an_invented_value_is_one_of_a_vocabulary_that_nothing_says() -> None:
    """Held: ISO 27001. Denied: SOC 2 Type II. Named in the text: HubSpot. Everything else is never said."""
    held = {
        "attribute": "certification",
        "accept": ["ISO 27001"],
        "spans": [{"url": URL, "quote": "ISO 27001"}],
    }
    denied = {"attribute": "certification", "reject": ["SOC 2 Type II"], "trap": "denied"}
    truth = case(held, denied, complete=("certification",))
    text = StoredText(
        id="x", url=URL, final_url=URL, kind="website", title="", text="We integrate with HubSpot."
    )
    values = set(absent_values(truth, (text,)))
    assert ("certification", "ISO 9001") in values
    assert ("technology", "Salesforce") in values
    named = {"ISO 27001", "SOC 2 Type II", "SOC 2", "HubSpot"}
    assert not named & {value for _, value in values}
    assert {attribute for attribute, _ in values} == {
        "certification",
        "technology",
    }  # others are not complete
    claimed = Fact(
        attribute="certification", value="ISO 9001", status="supported", evidence=(RIGHT.id,), against=()
    )
    score = score_case(truth, [outcome(RIGHT, facts=(claimed,))], None, ())
    assert score.sums["invented_value"][0] == 1
    assert score.sums["invented_value"][1] == len(set(absent_values(truth, outcome(RIGHT).texts)))
