"""Comparisons, gates and the baseline, on runs made by hand; a worse prompt is named a regression."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.errors import InputError
from agent.llm.api import Completion, CompletionRequest
from evals.baseline import Baseline, Refused, bless, load_baseline, save_baseline, sunken_floors
from evals.comparing import compare_runs
from evals.gates import GATES, Gates, is_red, judge_gates, load_gates
from evals.handmade import write_case, write_sample
from evals.measures.score import CaseScore, Sums
from evals.measures.verdicts import VerdictResult
from evals.measuring import measure
from evals.reporting.html import render_html
from evals.reporting.text import render_comparison
from evals.results import RunResults, assemble
from evals.running.config import RunConfig, RunIdentity
from prompts import load_prompt

WHEN = datetime(2026, 11, 2, tzinfo=UTC)


def identity(**more: Any) -> RunIdentity:
    fields: dict[str, Any] = {
        "extractor": "rules",
        "model": None,
        "prompts": (),
        "split": "dev",
        "repeat": 1,
        "mode": "live",
        "fault": "",
        "dataset_sha256": "d" * 64,
        "cases": 20,
        "icps": (),
        "code_version": "1",
        "code_sha256": "c" * 64,
        "commit": "a" * 40,
        "dirty": False,
        **more,
    }
    return RunIdentity.model_validate(fields)


def run(good: list[int], *, of: int = 4, more: Sums | None = None, **fields: Any) -> RunResults:
    """Return results with one account an entry, `good` of `of` facts right in each; tiers right when all are."""
    scores = []
    for number, count in enumerate(good):
        tier = (float(count == of), 1.0)
        sums: Sums = {
            "precision": (count, of),
            "recall": (count, of),
            "tier_accuracy": tier,
            "criterion_accuracy": (count, of),
            "citation_validity": (of, of),
            "crashed": (0, 1),
            **(more or {}),
        }
        verdict = VerdictResult(
            icp="sample",
            expected="Tier 1",
            got="Tier 1" if count == of else "Tier 2",
            distance=int(count != of),
        )
        scores.append(
            CaseScore(domain=f"a{number:02}.example", split="dev", tags=(), sums=sums, verdicts=(verdict,))
        )
    return assemble(identity(**fields), scores, finished_at=WHEN, seconds=1)


def verdicts(a: RunResults, b: RunResults) -> dict[str, str]:
    return {f"{row.key}/{row.test}": row.verdict for row in compare_runs(a, b).measures}


def test_a_broad_drop_is_a_regression_and_a_broad_rise_an_improvement() -> None:
    before, after = run([4] * 20), run([2] * 20)
    assert compare_runs(before, after).verdict == "regression"
    assert verdicts(before, after)["recall/paired permutation"] == "regression"
    assert verdicts(before, after)["tier_accuracy/McNemar exact"] == "regression"
    assert compare_runs(after, before).verdict == "improvement"


def test_nothing_different_is_no_difference_seen_not_proof_of_equality() -> None:
    same = verdicts(run([4, 3] * 10), run([4, 3] * 10))
    assert same["recall/paired permutation"] == "no difference seen"
    mixed = compare_runs(run([4, 3] * 10), run([3, 4] * 10))
    assert mixed.verdict == "no difference seen"
    row = next(row for row in mixed.measures if row.key == "recall")
    assert row.detectable is not None
    assert row.detectable > 0


def test_five_accounts_or_few_that_differ_are_too_few_cases() -> None:
    assert compare_runs(run([4] * 5), run([0] * 5)).verdict == "too few cases"
    few = verdicts(run([4] * 20), run([4] * 18 + [0] * 2))
    assert few["recall/paired permutation"] == "too few cases"
    nothing = verdicts(run([4] * 20), run([4] * 20))
    assert nothing["hallucination/paired permutation"] == "too few cases"


def test_lower_is_better_for_errors() -> None:
    clean, dirty = (
        run([4] * 20, more={"hallucination": (0, 3)}),
        run([4] * 20, more={"hallucination": (2, 3)}),
    )
    assert verdicts(clean, dirty)["hallucination/paired permutation"] == "regression"
    assert verdicts(dirty, clean)["hallucination/paired permutation"] == "improvement"


def test_flipped_accounts_are_named_with_what_flipped() -> None:
    comparison = compare_runs(run([4] * 20), run([4] * 10 + [1] * 10))
    assert [case.domain for case in comparison.flipped] == [f"a{n:02}.example" for n in range(10, 20)]
    assert comparison.flipped[0].direction == "worse"
    assert comparison.flipped[0].details[0] == "sample: Tier 1 became Tier 2 (now wrong)"
    text = render_comparison(comparison, "a", "b")
    assert "verdict: regression" in text
    assert "a19.example (worse)" in text


def test_runs_over_other_datasets_are_not_compared() -> None:
    with pytest.raises(InputError, match="different datasets"):
        compare_runs(run([4] * 9), run([4] * 9, dataset_sha256="e" * 64))


def test_the_shipped_gates_load_and_hold_a_clean_run_back_from_nothing() -> None:
    gates = load_gates(GATES)
    answers = judge_gates(run([4] * 20), gates, Baseline())
    assert not is_red(answers)
    assert {answer.state for answer in answers} == {"pass", "unknown"}


@pytest.mark.parametrize(
    ("sums", "red"),
    [
        ({"citation_validity": (3, 4)}, "every citation holds"),
        ({"injection_changed": (1, 1)}, "nothing is changed by a poisoned page"),
        ({"crashed": (1, 1)}, "the product fails on no account"),
    ],
)
def test_hard_gates_turn_red_whatever_the_baseline(sums: Sums, red: str) -> None:
    answers = judge_gates(run([4] * 20, more=sums), load_gates(), Baseline())
    assert [answer.name for answer in answers if answer.state == "fail"] == [red]


def test_no_citation_at_all_is_red_because_nothing_was_looked_at() -> None:
    answers = judge_gates(run([4] * 20, more={"citation_validity": (0, 0)}), load_gates(), Baseline())
    assert "nothing was counted" in next(a.detail for a in answers if a.state == "fail")


def _bless(results: RunResults, baseline: Baseline | None = None, **more: Any) -> Baseline:
    fields: dict[str, Any] = {
        "dataset_now": "d" * 64,
        "code_now": "c" * 64,
        "dirty": False,
        "today": date(2026, 11, 2),
        **more,
    }
    return bless(results, baseline or Baseline(), **fields)


def test_a_drop_against_the_baseline_is_red_and_a_wobble_is_not(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    save_baseline(_bless(run([4, 3] * 10)), path)
    baseline = load_baseline(path)
    assert is_red(judge_gates(run([1] * 20), load_gates(), baseline))
    assert not is_red(judge_gates(run([3, 4] * 10), load_gates(), baseline))
    other = judge_gates(run([1] * 20, dataset_sha256="e" * 64), load_gates(), baseline)
    assert not is_red(other)
    assert any("another dataset" in answer.detail for answer in other)


def test_one_more_rare_error_is_red_where_runs_repeat_exactly() -> None:
    rare: Sums = {"wrong_polarity": (0, 1)}
    baseline = _bless(run([4] * 3, more=rare))
    worse = run([4] * 3, more={"wrong_polarity": (1, 1)})
    names = [a.name for a in judge_gates(worse, load_gates(), baseline) if a.state == "fail"]
    assert names == ["wrong_polarity is no worse than the baseline"]


def test_budget_gates_count_what_was_used() -> None:
    gates = Gates.model_validate(
        {
            "schema": 1,
            "budget": [
                {"name": "free", "usage": "cost_usd", "max": 0},
                {"name": "quick", "usage": "p95_seconds", "max": 1},
            ],
        }
    )
    results = run([4] * 5)
    assert [a.state for a in judge_gates(results, gates, Baseline())] == ["pass", "unknown"]
    dear = results.model_copy(update={"usage": results.usage.model_copy(update={"cost_usd": 1.0})})
    assert judge_gates(dear, gates, Baseline())[0].state == "fail"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 2", "schema"),
        ("schema: 1\nhard: [{name: x, measure: nope, min: 1}]", "no measure named 'nope'"),
        ("schema: 1\nhard: [{name: x, measure: recall}]", "give min or max"),
        ("schema: 1\nstrict: [nope]", "no measure named 'nope'"),
        ("schema: [", "not YAML"),
    ],
)
def test_a_faulty_gates_file_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gates.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_gates(path)


@pytest.mark.parametrize(
    ("results", "now", "said"),
    [
        (run([4]), {"dirty": True}, "not committed"),
        (run([4]), {"dirty": None}, "no git repository"),
        (run([4], dirty=True), {}, "uncommitted changes"),
        (run([4]), {"code_now": "f" * 64}, "other code"),
        (run([4]), {"dataset_now": "f" * 64}, "other accounts"),
        (run([4], fault="drop-quotes"), {}, "seeded fault"),
        (run([4], rescored_with="c" * 64), {}, "scored again"),
        (run([4]).model_copy(update={"left_out": ("b.example",)}), {}, "left out"),
    ],
)
def test_a_baseline_is_refused_for_anything_unclean(
    results: RunResults, now: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        _bless(results, **now)


def test_a_red_hard_gate_is_never_blessed() -> None:
    results = run([4] * 9, more={"citation_validity": (1, 2)})
    judged = results.model_copy(update={"gates": judge_gates(results, load_gates(), Baseline())})
    with pytest.raises(Refused, match="every citation holds"):
        _bless(judged)


def test_lowering_a_floor_needs_a_reason_which_is_kept() -> None:
    baseline = _bless(run([4] * 9))
    with pytest.raises(Refused, match=r"recall was 1 and is 0\.75"):
        _bless(run([3] * 9), baseline)
    lowered = _bless(run([3] * 9), baseline, allow_regression="labels were too kind")
    entry = lowered.entries["rules/dev"]
    assert entry.floors["recall"] == 0.75
    assert "labels were too kind" in entry.why[0]
    assert _bless(run([4] * 9), lowered).entries["rules/dev"].why == ()


def test_another_dataset_needs_a_reason_too() -> None:
    baseline = _bless(run([4] * 9))
    grown = run([3] * 9, dataset_sha256="e" * 64)
    with pytest.raises(Refused, match="another dataset"):
        _bless(grown, baseline, dataset_now="e" * 64)
    assert _bless(grown, baseline, dataset_now="e" * 64, new_dataset="ten more accounts").entries


def test_a_floor_whose_figure_is_gone_has_sunk() -> None:
    assert sunken_floors({"recall": 0.5}, {}) == ["recall was 0.5 and has no score now"]
    assert sunken_floors({"hallucination": 0.1}, {"hallucination": 0.2}) == [
        "hallucination was 0.1 and is 0.2"
    ]


COPY = "copied from that sentence letter by letter"


class FollowsThePrompt:
    """A model that copies its quote where the prompt asks for that, and puts it in its own words elsewhere."""

    async def complete(self, request: CompletionRequest) -> Completion:
        asked = "\n".join(message.content for message in request.messages)
        quote = "Our staff is 340 strong" if COPY in asked else "a staff of 340"
        item = (
            f'{{"attribute": "employee_count", "value": "340", "sentences": [], "quote": "{quote}", '
            '"subject": "account", "polarity": "asserts", "relation": null, "event_date": null}'
        )
        found = item if "Our staff is 340 strong" in asked else ""
        text = f'{{"not_found": [], "items": [{found}], "answers": []}}'
        return Completion(outcome="ok", text=text, model="tiny", cost_usd=0.0)


def crews(tmp_path: Path, count: int) -> RunConfig:
    """Write accounts whose size no rule reads, and return a run over them with a scripted model."""
    _, icps = write_sample(tmp_path, 1)
    accounts = tmp_path / "crews"
    for number in range(count):
        domain = f"crew{number}.example"
        page = (
            f"<html><head><title>Crew{number}</title></head><body><main><h1>Crew{number}</h1>"
            "<p>Our staff is 340 strong and builds boats.</p></main></body></html>"
        )
        label = {
            "attribute": "employee_count",
            "accept": [{"low": 340, "high": 340}],
            "spans": [{"url": f"https://{domain}/", "quote": "Our staff is 340 strong"}],
        }
        criteria = {"size": "met", "crm": "unknown"}
        write_case(
            accounts,
            domain,
            {"/": page},
            {"labels": [label], "verdicts": {"sample": {"tier": "Tier 2", "criteria": criteria}}},
        )
    return RunConfig(
        accounts=accounts, icps=icps, extractor="llm", model="tiny", completions=tmp_path / "none"
    )


def worse_prompt(tmp_path: Path) -> str:
    """Write a draft that no longer asks for the page's own words; return its reference."""
    text = load_prompt("extract/v2").text
    assert COPY in text
    draft = tmp_path / "careless.md"
    draft.write_text(text.replace(COPY, "in your own words"), encoding="utf-8")
    return f"extract/draft:{draft}"


def test_a_prompt_made_worse_is_reported_as_a_regression_with_its_cases(tmp_path: Path) -> None:
    """The whole way: the shipped prompt, and one edited for the worse on purpose."""
    config = crews(tmp_path, 10).model_copy(update={"prompt": "extract/v2"})
    careless = config.model_copy(update={"prompt": worse_prompt(tmp_path)})
    gates = load_gates()
    good = measure(config, tmp_path / "good", gates, Baseline(), llm=FollowsThePrompt())
    bad = measure(careless, tmp_path / "bad", gates, Baseline(), llm=FollowsThePrompt())
    comparison = compare_runs(good, bad)
    assert comparison.verdict == "regression"
    assert {case.domain for case in comparison.flipped} == {f"crew{n}.example" for n in range(10)}
    first = comparison.flipped[0]
    assert "sample: Tier 2 became insufficient_evidence (now wrong)" in first.details
    assert any(detail.startswith("new: employee_count: missed") for detail in first.details)
    assert compare_runs(bad, good).verdict == "improvement"
    assert bad.misses == {"quote_rejected": 10}
    (tmp_path / "careless.md").unlink()
    page = render_html(bad, tmp_path / "bad", comparison)
    assert "-3. `quote`: the shortest run of words that says it, copied from that sentence letter" in page
    assert "in your own words" in page
    with pytest.raises(Refused, match="draft prompt"):
        bless(
            bad.model_copy(update={"identity": bad.identity.model_copy(update={"dirty": False})}),
            Baseline(),
            dataset_now=bad.identity.dataset_sha256,
            code_now=bad.identity.code_sha256,
            dirty=False,
            today=date(2026, 11, 3),
        )
