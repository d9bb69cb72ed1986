"""Use Dossier's labelled accounts and scoring from inspect_ai.

inspect_ai has a fine log viewer; the suite itself stays small (`dossier-eval` needs none of this). Install
`inspect_ai` beside `account-dossier`, then:

    inspect eval examples/inspect_ai_adapter.py --model none

A sample is one account, the solver is Dossier itself behind its one door, and each score is a figure of one
account: facts right of those judged or labelled, tiers right, citations that hold.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from evals.labels import load_case, load_cases
from evals.measures.score import score_case
from evals.running.cases import run_case
from evals.running.config import ICPS, RunConfig, load_icps

FIGURES = ("f1", "tier_accuracy", "criterion_accuracy", "citation_validity")


@solver
def dossier(extractor: str = "rules", model: str | None = None) -> Solver:
    """Research the sample's account by Dossier; the counts go to the sample's metadata."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        config = RunConfig.model_validate({"extractor": extractor, "model": model})
        state.metadata["sums"] = await asyncio.to_thread(_measure, Path(state.metadata["folder"]), config)
        return state

    return solve


def _measure(folder: Path, config: RunConfig) -> dict[str, tuple[float, float]]:
    case, icps = load_case(folder), load_icps(ICPS)
    with tempfile.TemporaryDirectory(prefix="dossier-inspect-") as out:
        outcomes = run_case(case, config, icps, Path(out))
    main = [outcome for outcome in outcomes if outcome.variant == "main"]
    clean = next((outcome for outcome in outcomes if outcome.variant == "clean"), None)
    return score_case(case, main, clean, icps).sums


@scorer(metrics={name: [mean(), stderr()] for name in FIGURES})
def figures() -> Scorer:
    """Score one account's figures; a figure with nothing to count is left out rather than zero."""

    async def score(state: TaskState, target: Target) -> Score:
        sums = state.metadata["sums"]
        return Score(value={name: sums[name][0] / sums[name][1] for name in FIGURES if name in sums})

    return score


@task
def accounts(extractor: str = "rules", model: str | None = None) -> Task:
    """Measure the dev half of the labelled accounts."""
    samples = [
        Sample(input=case.domain, id=case.domain, metadata={"folder": str(case.folder)})
        for case in load_cases(split="dev")
    ]
    return Task(dataset=MemoryDataset(samples), solver=dossier(extractor, model), scorer=figures())
