"""Measure what stopping when decided saves, on a list with a third obvious misfits.

python -m evals.bench.batch_decided [ACCOUNTS]
"""

from __future__ import annotations

from pathlib import Path

from evals.bench.batch_runs import Target, bench, run_list, tiers_of
from evals.bench.batch_world import WorldSettings, serving


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Return the share of model calls saved, and whether every tier is the same."""
    with serving(
        WorldSettings(latency=0.01, model_latency=0.05, open_prose=True, page_kilobytes=2, misfit_every=3)
    ) as world:
        full = run_list(world, folder / "full", accounts, full=True)
        decided = run_list(world, folder / "decided", accounts, full=False)
    return {
        "calls_full": full.model,
        "calls_decided": decided.model,
        "saved_calls": round(1 - decided.model / max(1, full.model), 3),
        "saved_fetches": round(1 - decided.web / max(1, full.web), 3),
        "same_tiers": int(tiers_of(folder / "full") == tiers_of(folder / "decided")),
    }


if __name__ == "__main__":
    raise SystemExit(
        bench(measure, accounts=100, targets=(Target("saved_calls", 0.4), Target("same_tiers", 1)))
    )
