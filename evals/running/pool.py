"""Run all cases side by side in worker processes, resume what was stopped, keep to the budget."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from agent.errors import DossierError, InputError
from agent.icp import ICP
from agent.llm.api import LLM
from evals.labels import Case, load_case
from evals.running.cases import planned, run_case
from evals.running.config import RunConfig, RunIdentity
from evals.running.outcome import outcome_path

RUN_FILE = "run.json"


class WorkerLost(DossierError):
    """A worker process died; exit 2, and the run can be resumed."""


class CaseDone(NamedTuple):
    """One finished case, for the progress line."""

    domain: str
    seconds: float
    cost_usd: float | None
    error: str


class RunEnd(NamedTuple):
    """How a run ended: cases that ran, and those left out because the budget was spent."""

    done: tuple[CaseDone, ...]
    left_out: tuple[str, ...]


def claim_folder(out: Path, identity: RunIdentity) -> None:
    """Make `out` this run's folder, or resume in it; another run's folder is refused."""
    path = out / RUN_FILE
    # When and where git stands does not change what is measured: the code's own hash does.
    mine = identity.model_dump(mode="json", exclude={"commit", "dirty"})
    if path.is_file():
        try:
            there = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path} is damaged ({error}); choose another --out") from error
        theirs = {key: there.get(key) for key in mine} if isinstance(there, dict) else {}
        changed = sorted(key for key in mine if theirs.get(key) != mine[key])
        if changed:
            raise InputError(
                f"{str(out)!r} holds another run (different {', '.join(changed)}); choose another --out"
            )
        return
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(identity.model_dump(mode="json"), indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def run_cases(
    cases: Sequence[Case],
    config: RunConfig,
    icps: tuple[ICP, ...],
    out: Path,
    *,
    workers: int | None = None,
    llm: LLM | None = None,
    progress: Callable[[CaseDone], None] = lambda _: None,
) -> RunEnd:
    """Run every case, in `workers` processes (default: one a core), and keep each outcome under `out`.

    With `max_cost`, a case is started only while money is left, and may spend what is left shared over the
    workers; the rest is left out and said so. One worker, or a model given as `llm`, runs in this process.
    """
    count = workers or min(os.cpu_count() or 1, max(1, len(cases)))
    if count == 1 or llm is not None:
        return _run_here(cases, config, icps, out, llm, progress)
    budget = _Budget(config.max_cost, count)
    done: list[CaseDone] = []
    # Heaviest first (poisoned accounts run twice), so that no worker is left alone with one at the end.
    queue = sorted(cases, key=lambda case: -sum(1 for _ in planned(case, config)))
    waiting: dict[Future[CaseDone], str] = {}
    left_out: list[str] = []
    with ProcessPoolExecutor(max_workers=count, mp_context=_context()) as pool:
        try:
            while queue or waiting:
                while queue and len(waiting) < count:
                    case = queue.pop(0)
                    if budget.is_spent and not _is_done(case, config, out):
                        left_out.append(case.domain)
                        continue
                    future = pool.submit(_work, case.folder, config, icps, out, budget.share())
                    waiting[future] = case.domain
                if not waiting:
                    break
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    waiting.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool as error:
                        raise WorkerLost(
                            "a worker process was ended from outside (out of memory?); finished accounts are "
                            "kept, the same command goes on with the rest, perhaps with fewer --workers"
                        ) from error
                    budget.spend(result.cost_usd)
                    done.append(result)
                    progress(result)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return RunEnd(tuple(sorted(done)), tuple(sorted(left_out)))


class _Budget:
    def __init__(self, limit: float | None, workers: int) -> None:
        self._left, self._workers = limit, workers

    @property
    def is_spent(self) -> bool:
        return self._left is not None and self._left <= 0

    def share(self) -> float | None:
        return None if self._left is None else max(0.0, self._left) / self._workers

    def spend(self, cost: float | None) -> None:
        if self._left is not None:
            self._left -= cost or 0.0


def _run_here(
    cases: Sequence[Case],
    config: RunConfig,
    icps: tuple[ICP, ...],
    out: Path,
    llm: LLM | None,
    progress: Callable[[CaseDone], None],
) -> RunEnd:
    budget, done, left_out = _Budget(config.max_cost, 1), [], []
    for case in cases:
        if budget.is_spent and not _is_done(case, config, out):
            left_out.append(case.domain)
            continue
        result = _run(case, config, icps, out, budget.share(), llm)
        budget.spend(result.cost_usd)
        done.append(result)
        progress(result)
    return RunEnd(tuple(done), tuple(left_out))


def _is_done(case: Case, config: RunConfig, out: Path) -> bool:
    return all(
        outcome_path(out, case.domain, variant, repeat).is_file() for variant, repeat in planned(case, config)
    )


def _work(
    folder: Path, config: RunConfig, icps: tuple[ICP, ...], out: Path, max_cost: float | None
) -> CaseDone:
    """Run one case in a worker process."""
    return _run(load_case(folder), config, icps, out, max_cost, None)


def _run(
    case: Case,
    config: RunConfig,
    icps: tuple[ICP, ...],
    out: Path,
    max_cost: float | None,
    llm: LLM | None,
) -> CaseDone:
    from evals.faults import faulty_steps

    steps = faulty_steps(config.fault) if config.fault else None
    outcomes = run_case(case, config, icps, out, steps=steps, llm=llm, max_cost=max_cost)
    costs = [outcome.cost_usd for outcome in outcomes]
    known = [cost for cost in costs if cost is not None]
    return CaseDone(
        domain=case.domain,
        seconds=round(sum(outcome.seconds for outcome in outcomes), 3),
        cost_usd=sum(known) if len(known) == len(costs) else None,
        error=next((outcome.error for outcome in outcomes if outcome.error), ""),
    )


def _context() -> multiprocessing.context.BaseContext:
    """Return how workers start: from a server that has the product loaded, where the platform has one."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["evals.running.warm"])
        return context
    return multiprocessing.get_context("spawn")
