"""From cases to results: run them, or score again what an earlier run kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.errors import InputError
from agent.facts import resolve_facts
from agent.icp import ICP
from agent.llm.api import LLM
from evals.baseline import Baseline
from evals.gates import Gates, judge_gates
from evals.labels import Case, load_case, load_cases
from evals.measures.score import CaseScore, score_case
from evals.measures.verdicts import rescored
from evals.results import RunResults, assemble
from evals.running.config import (
    RunConfig,
    RunIdentity,
    code_hash,
    dataset_hash,
    icp_label,
    identify,
    load_icps,
    recorded_domains,
)
from evals.running.outcome import CaseOutcome, load_outcome
from prompts import load_prompt


def chosen_cases(config: RunConfig) -> tuple[Case, ...]:
    """Return the cases a run is over: those named, in a replay those recorded, else the whole half.

    None at all, or a name that is no case, is an `InputError`.
    """
    cases = load_cases(config.accounts, None if config.split == "all" else config.split)
    if config.only:
        known = {case.domain for case in cases}
        unknown = [name for name in config.only if name not in known]
        if unknown:
            raise InputError(f"no case {unknown[0]!r} in the {config.split} half of {str(config.accounts)!r}")
        cases = tuple(case for case in cases if case.domain in config.only)
    elif config.mode == "replay":
        recorded = recorded_domains(config.completions)
        cases = tuple(case for case in cases if case.domain in recorded)
        if not cases:
            raise InputError(
                f"no account of the {config.split} half was recorded in {str(config.completions)!r}; "
                "record some with `dossier-eval run --record`"
            )
    if not cases:
        raise InputError(f"no labelled account in the {config.split} half of {str(config.accounts)!r}")
    return cases


def measure(
    config: RunConfig,
    out: Path,
    gates: Gates,
    baseline: Baseline,
    *,
    workers: int | None = None,
    llm: LLM | None = None,
    started: Callable[[int], None] = lambda _: None,
    progress: Callable[..., None] = lambda _: None,
) -> RunResults:
    """Run what is missing under `out` and return the judged results.

    `started` hears how many cases there are, `progress` each case as it ends.
    """
    from evals.running.pool import claim_folder, run_cases

    cases, icps = chosen_cases(config), load_icps(config.icps)
    identity = identify(config, cases, icps)
    claim_folder(out, identity)
    started(len(cases))
    begun = time.monotonic()
    end = run_cases(cases, config, icps, out, workers=workers, llm=llm, progress=progress)
    ran = [case for case in cases if case.domain not in end.left_out]
    scores = score_outcomes(ran, icps, out, config.repeat)
    results = _judged(identity, scores, gates, baseline, time.monotonic() - begun, end.left_out)
    return results.model_copy(update={"prompt_texts": _prompt_texts(config)})


def remeasure(
    results: RunResults, config: RunConfig, out: Path, gates: Gates, baseline: Baseline
) -> RunResults:
    """Score the kept evidence of an earlier run again, with today's labels, facts and scorer.

    Nothing is fetched, extracted or asked. Facts and verdicts are made anew from the stored evidence.
    """
    icps = load_icps(config.icps)
    wanted = {case.domain for case in results.cases}
    cases = [
        load_case(config.accounts / name) for name in sorted(wanted) if (config.accounts / name).is_dir()
    ]
    if missing := sorted(wanted - {case.domain for case in cases}):
        raise InputError(f"{missing[0]!r} is no labelled account any more; run again instead of re-scoring")
    scores = score_outcomes(cases, icps, out, results.identity.repeat, again=True)
    identity = results.identity.model_copy(
        update={
            "rescored_with": code_hash(),
            "dataset_sha256": dataset_hash(cases),
            "icps": tuple(icp_label(icp) for icp in icps),
        }
    )
    again = _judged(identity, scores, gates, baseline, results.seconds, results.left_out)
    return again.model_copy(update={"prompt_texts": results.prompt_texts})


def _prompt_texts(config: RunConfig) -> dict[str, str]:
    if config.extractor == "rules":
        return {}
    prompt = load_prompt(config.prompt)
    return {prompt.id: prompt.text}


def score_outcomes(
    cases: Sequence[Case], icps: tuple[ICP, ...], out: Path, repeats: int, *, again: bool = False
) -> list[CaseScore]:
    """Return the score of every case from what is kept under `out`; `again` makes facts and verdicts anew."""
    scores = []
    for case in cases:
        kept = [load_outcome(out, case.domain, "main", repeat) for repeat in range(repeats)]
        outcomes = [outcome for outcome in kept if outcome is not None]
        if not outcomes:
            raise InputError(f"nothing is kept of {case.domain} in {str(out)!r}; run again")
        clean = load_outcome(out, case.domain, "clean", 0)
        if again:
            outcomes = [_again(case, outcome, icps) for outcome in outcomes]
            clean = _again(case, clean, icps) if clean else None
        scores.append(score_case(case, outcomes, clean, icps))
    return scores


def _again(case: Case, outcome: CaseOutcome, icps: tuple[ICP, ...]) -> CaseOutcome:
    if outcome.error:
        return outcome
    fresh = outcome.model_copy(update={"facts": resolve_facts(outcome.evidence, outcome.as_of)})
    return fresh.model_copy(update={"verdicts": rescored(fresh.findings, case, icps)})


def _judged(
    identity: RunIdentity,
    scores: Sequence[CaseScore],
    gates: Gates,
    baseline: Baseline,
    seconds: float,
    left_out: Sequence[str],
) -> RunResults:
    results = assemble(identity, scores, finished_at=datetime.now(UTC), seconds=seconds, left_out=left_out)
    return results.model_copy(update={"gates": judge_gates(results, gates, baseline)})
