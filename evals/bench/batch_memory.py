"""Measure memory: megabytes an account in flight, and a list ten times as long.

    python -m evals.bench.batch_memory [ACCOUNTS]

The longer list has ten times ACCOUNTS. Peaks are those of the process that runs the loop.
"""

from __future__ import annotations

from pathlib import Path

from evals.bench.batch_runs import bench, run_list
from evals.bench.batch_world import WorldSettings, serving

_PLACES = 64


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Return the ratios and the peaks in megabytes."""
    # A slow model keeps many accounts waiting with all they have read.
    with serving(
        WorldSettings(model_latency=3.0, open_prose=True, page_kilobytes=4, markup_kilobytes=40)
    ) as world:
        one = run_list(world, folder / "one", 1)
        many = run_list(world, folder / "many", accounts, concurrency=500)
    with serving(WorldSettings(latency=0.01, model_latency=0.05, open_prose=True, page_kilobytes=1)) as world:
        short = run_list(world, folder / "short", accounts, concurrency=_PLACES)
        long = run_list(world, folder / "long", 10 * accounts, concurrency=_PLACES)
    grown = (many.figures.peak - one.figures.peak) / 1024
    return {
        "most_under_way": many.figures.most_under_way,
        "mb_an_account_in_flight": round(grown / max(1, many.figures.most_under_way), 3),
        "peak_mb_of_one": round(one.figures.peak / 1024, 1),
        "peak_mb_of_many": round(many.figures.peak / 1024, 1),
        "peak_mb_short": round(short.figures.peak / 1024, 1),
        "peak_mb_long": round(long.figures.peak / 1024, 1),
        "long_over_short": round(long.figures.peak / short.figures.peak, 3),
    }


if __name__ == "__main__":
    raise SystemExit(bench(measure, accounts=1_000))
