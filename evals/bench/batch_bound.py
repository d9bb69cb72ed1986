"""Measure how well a run uses the model's token limit: the time the limit alone takes, over the time it took.

    python -m evals.bench.batch_bound [ACCOUNTS]

Ten pages with openings and a feed an account at 50 ms, jittered; calls of 600 ms. A few accounts tell first
how many tokens one takes; the limit then lets through an account in `SECONDS_AN_ACCOUNT`, so that the limit
and not this machine is what a run waits for. 1,000 accounts take about ten minutes. `first_to_last` is
measured from the first call to the last answer, `whole` from start to end of the work.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals.bench.batch_runs import Target, bench, run_list
from evals.bench.batch_world import WorldSettings, serving

SECONDS_AN_ACCOUNT = 0.55
_PROBED = 6


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Return the ratios and what the run did."""
    settings = WorldSettings(open_prose=True, page_kilobytes=6)
    with serving(settings) as world:
        probe = run_list(world, folder / "probe", _PROBED)
    limit = 60 * probe.tokens / _PROBED / SECONDS_AN_ACCOUNT
    with serving(replace(settings, tokens_per_minute=limit)) as world:
        bound = run_list(world, folder / "bound", accounts, limit=limit)
    ideal = bound.tokens / (limit / 60)
    return {
        "calls_an_account": round(bound.model / accounts, 2),
        "tokens_a_minute": round(limit),
        "seconds_ideal": round(ideal, 1),
        "seconds": round(bound.figures.wall, 1),
        "ideal_over_first_to_last": round(ideal / bound.model_seconds, 3),
        "ideal_over_whole": round(ideal / bound.figures.wall, 3),
        "refused_share": round(bound.refused / max(1, bound.model + bound.refused), 4),
        "cpu_ms_an_account": round(1000 * bound.figures.cpu / accounts),
        "most_under_way": bound.figures.most_under_way,
    }


if __name__ == "__main__":
    raise SystemExit(bench(measure, accounts=1_000, targets=(Target("ideal_over_whole", 0.95),)))
