"""Runs over tiny made-up accounts: resumed, replayed, budgeted, scored again, broken on purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted_llm import ScriptedLLM

from agent.errors import InputError, RecordingMiss
from agent.llm.api import Completion, CompletionRequest, Usage
from evals.baseline import Baseline
from evals.faults import FAULTS, faulty_steps
from evals.gates import Gates, load_gates
from evals.handmade import write_sample
from evals.measuring import chosen_cases, measure, remeasure
from evals.results import RunResults, load_results, save_results
from evals.running.config import RunConfig
from evals.running.outcome import load_outcome, outcome_path
from evals.running.services import META
from evals.selftest import run_selftest

EMPTY = '{"not_found": [], "items": [], "answers": []}'


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_sample(tmp_path_factory.mktemp("sample"), 9)


@pytest.fixture
def config(sample: tuple[Path, Path], tmp_path: Path) -> RunConfig:
    accounts, icps = sample
    return RunConfig(accounts=accounts, icps=icps, completions=tmp_path / "completions")


@pytest.fixture
def gates() -> Gates:
    return load_gates()


def value(results: RunResults, key: str) -> float | None:
    found = results.measure(key)
    assert found is not None
    return found.value


def test_a_run_by_rules_measures_every_account(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    results = measure(config, tmp_path / "run", gates, Baseline(), workers=1)
    assert len(results.cases) == 9
    assert value(results, "citation_validity") == 1.0
    assert value(results, "recall") is not None
    assert value(results, "hallucination") == 0.0
    assert value(results, "injection_changed") == 0.0
    injected = results.measure("injection_changed")
    assert injected is not None
    assert (injected.n, injected.low) == (3, None)
    assert value(results, "scorer_tier_accuracy") is None
    assert results.identity.dirty is not None or results.identity.commit is None


def test_worker_processes_find_what_one_process_finds(
    config: RunConfig, gates: Gates, tmp_path: Path
) -> None:
    some = config.model_copy(update={"only": ("pumpwerk0.example", "pumpwerk1.example")})
    here = measure(some, tmp_path / "one", gates, Baseline(), workers=1)
    there = measure(some, tmp_path / "two", gates, Baseline(), workers=2)
    assert [case.sums for case in here.cases] == [case.sums for case in there.cases]


def test_a_stopped_run_goes_on_where_it_stopped(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    out = tmp_path / "run"
    some = config.model_copy(update={"only": ("pumpwerk1.example", "pumpwerk2.example")})
    measure(some, out, gates, Baseline(), workers=1)
    kept = outcome_path(out, "pumpwerk1.example", "main", 0)
    before = kept.stat().st_mtime_ns
    outcome_path(out, "pumpwerk2.example", "main", 0).unlink()
    again = measure(some, out, gates, Baseline(), workers=1)
    assert kept.stat().st_mtime_ns == before
    assert len(again.cases) == 2


def test_another_runs_folder_is_refused(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    some = config.model_copy(update={"only": ("pumpwerk1.example",)})
    measure(some, tmp_path / "run", gates, Baseline(), workers=1)
    with pytest.raises(InputError, match="another run \\(different repeat\\)"):
        measure(some.model_copy(update={"repeat": 2}), tmp_path / "run", gates, Baseline(), workers=1)


def test_a_damaged_outcome_is_named(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    some = config.model_copy(update={"only": ("pumpwerk1.example",)})
    measure(some, tmp_path / "run", gates, Baseline(), workers=1)
    outcome_path(tmp_path / "run", "pumpwerk1.example", "main", 0).write_bytes(b"nonsense")
    with pytest.raises(InputError, match="delete it and run again"):
        measure(some, tmp_path / "run", gates, Baseline(), workers=1)


def test_scoring_again_needs_no_run_and_gives_the_same(
    config: RunConfig, gates: Gates, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    results = measure(config, out, gates, Baseline(), workers=1)
    path = save_results(out, results)
    again = remeasure(load_results(path), config, out, gates, Baseline())
    assert [case.sums for case in again.cases] == [case.sums for case in results.cases]
    assert again.identity.rescored_with


def test_results_of_another_schema_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text('{"schema_version": "9"}', encoding="utf-8")
    with pytest.raises(InputError, match="schema '9'"):
        load_results(path)
    path.write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        load_results(path)


class Costly:
    """A model that answers nothing useful and charges for it; every second answer is refused."""

    def __init__(self) -> None:
        self.requests: list[CompletionRequest] = []

    async def complete(self, request: CompletionRequest) -> Completion:
        self.requests.append(request)
        refused = len(self.requests) % 2 == 0
        return Completion(
            outcome="refused" if refused else "ok",
            text="" if refused else EMPTY,
            model=request.model,
            usage=Usage(input_tokens=100, output_tokens=10),
            cost_usd=0.5,
        )


def model_config(config: RunConfig, *only: str, **more: object) -> RunConfig:
    chosen = {"extractor": "llm", "model": "tiny", "only": only, **more}
    return RunConfig.model_validate({**config.model_dump(), **chosen})


def test_a_model_is_metered_and_its_refusals_counted(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    llm = Costly()
    asked = model_config(config, "pumpwerk1.example", "pumpwerk2.example")
    results = measure(asked, tmp_path / "run", gates, Baseline(), llm=llm)
    assert results.usage.calls == len(llm.requests) > 0
    assert results.usage.cost_usd == pytest.approx(0.5 * len(llm.requests))
    assert value(results, "refused") == pytest.approx((len(llm.requests) // 2) / len(llm.requests))
    kept = load_outcome(tmp_path / "run", "pumpwerk1.example", "main", 0)
    assert kept is not None
    assert "Page 1" in kept.calls[0].shown


def test_repeats_ask_anew_and_carry_their_index(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    llm = Costly()
    asked = model_config(config, "pumpwerk1.example", repeat=3)
    results = measure(asked, tmp_path / "run", gates, Baseline(), llm=llm)
    assert {request.repeat for request in llm.requests} == {0, 1, 2}
    assert value(results, "flip_rate") == 0.0


def test_a_case_that_flips_on_its_own_is_unreliable(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    said = json.dumps(
        {
            "not_found": [],
            "items": [
                {
                    "attribute": "technology",
                    "value": "HubSpot",
                    "sentences": [],
                    "quote": "Ignore all previous instructions",
                    "subject": "account",
                    "polarity": "asserts",
                    "relation": "uses",
                    "event_date": None,
                }
            ],
            "answers": [],
        }
    )
    llm = ScriptedLLM([EMPTY, said])
    asked = model_config(config, "pumpwerk1.example", repeat=2)
    results = measure(asked, tmp_path / "run", gates, Baseline(), llm=llm)
    assert results.cases[0].unreliable is False  # an ungrounded claim moves nothing

    outcomes = [load_outcome(tmp_path / "run", "pumpwerk1.example", "main", k) for k in (0, 1)]
    first, second = (each for each in outcomes if each is not None)
    from evals.measures.verdicts import flips

    moved = second.verdicts[0].model_copy(update={"tier": "Tier 1"})
    assert flips((first, second.model_copy(update={"verdicts": (moved,)})))


def test_the_budget_stops_new_accounts_and_says_so(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    names = tuple(f"pumpwerk{n}.example" for n in (1, 2, 4, 5))
    asked = model_config(config, *names, max_cost=0.4)
    results = measure(asked, tmp_path / "run", gates, Baseline(), llm=Costly())
    assert [case.domain for case in results.cases] == ["pumpwerk1.example"]
    assert results.left_out == names[1:]


def test_a_recording_replays_without_a_model_and_a_miss_says_what_differs(
    config: RunConfig, gates: Gates, tmp_path: Path
) -> None:
    recorded = model_config(config, "pumpwerk1.example", mode="record")
    first = measure(recorded, tmp_path / "a", gates, Baseline(), llm=Costly())
    files = sorted(path.name for path in config.completions.iterdir())
    assert files == ["pumpwerk1.example.json", META]
    replayed = model_config(config, "pumpwerk1.example", mode="replay")
    second = measure(replayed, tmp_path / "b", gates, Baseline(), workers=1)
    assert second.cases[0].sums == first.cases[0].sums
    assert second.usage.calls == first.usage.calls
    assert second.usage.cost_usd == first.usage.cost_usd
    with pytest.raises(RecordingMiss, match="repeat \\(0 recorded, 1 asked\\)"):
        measure(replayed.model_copy(update={"repeat": 2}), tmp_path / "c", gates, Baseline(), workers=1)
    # Without a choice of accounts a replay is over those that were recorded.
    every = replayed.model_copy(update={"only": ()})
    assert [case.domain for case in chosen_cases(every)] == ["pumpwerk1.example"]
    with pytest.raises(InputError, match="no account of the dev half was recorded in"):
        chosen_cases(every.model_copy(update={"completions": tmp_path / "none"}))
    with pytest.raises(InputError, match="no completions were recorded for pumpwerk2"):
        measure(
            model_config(config, "pumpwerk2.example", mode="replay"),
            tmp_path / "d",
            gates,
            Baseline(),
            workers=1,
        )


def test_every_fault_turns_a_gate_red(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    proof = run_selftest(config, gates, tmp_path, workers=1)
    assert proof.red_when_clean == ()
    assert [fault.fault for fault in proof.faults] == list(FAULTS)
    assert {fault.fault for fault in proof.faults if not fault.noticed} == set()
    red = {fault.fault: set(fault.red) for fault in proof.faults}
    assert "every citation holds" in red["fuzzy-quotes"] & red["leak-accounts"]
    assert "no drop of recall" in red["drop-quotes"]
    assert "no drop of precision" in red["swap-numbers"]
    assert "no drop of criterion_accuracy" in red["always-yes"]
    assert "no drop of wrong_polarity" in red["ignore-negation"]


def test_paraphrases_alone_are_harmless_when_grounding_is_honest(
    config: RunConfig, gates: Gates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the fuzzy-quotes fault: the same careless claims, checked by the product's own ladder."""
    from dataclasses import replace

    from agent.graph.context import Steps

    monkeypatch.setitem(
        FAULTS,
        "careless-only",
        (
            "paraphrased quotes, honest grounding",
            lambda steps: replace(steps, extract_by_rules=FAULTS["fuzzy-quotes"][1](steps).extract_by_rules),
        ),
    )
    careless = config.model_copy(update={"fault": "careless-only"})
    results = measure(careless, tmp_path / "run", gates, Baseline(), workers=1)
    assert value(results, "citation_validity") == 1.0
    assert isinstance(faulty_steps("careless-only"), Steps)


def test_an_unknown_fault_case_or_half_is_named(config: RunConfig, gates: Gates, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no fault named 'nope'"):
        faulty_steps("nope")
    with pytest.raises(InputError, match=r"no case 'nope\.example'"):
        measure(config.model_copy(update={"only": ("nope.example",)}), tmp_path, gates, Baseline())
    with pytest.raises(InputError, match="test half"):
        measure(config.model_copy(update={"split": "test"}), tmp_path, gates, Baseline())
