"""Measure memory: megabytes an account in flight, and a list ten times as long.

    python -m evals.bench.batch_memory [ACCOUNTS]

Light accounts (three pages, rules alone) make a list of ten times ACCOUNTS bearable. What an account adds to
the peak, measured between the two lists, tells what 10,000 take over 1,000; `long_over_short` is the plain
ratio of the two. Peaks are those of the process that runs the loop. Caches fill in the first thousand accounts, so
fewer than that tell too much of what 10,000 take; with 1,000 nothing is reckoned, both lists are run.
"""

from __future__ import annotations

from pathlib import Path

from evals.bench.batch_runs import Target, bench, run_list
from evals.bench.batch_world import WorldSettings, serving

_PLACES, _IN_FLIGHT = 64, 150


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Return the ratios and the peaks in megabytes."""
    # A slow model keeps many accounts waiting with all they have read.
    with serving(
        WorldSettings(model_latency=6.0, open_prose=True, page_kilobytes=4, markup_kilobytes=40)
    ) as world:
        few = run_list(world, folder / "few", 6, concurrency=2)
        many = run_list(world, folder / "many", _IN_FLIGHT, concurrency=500)
    light = WorldSettings(latency=0.01, page_kilobytes=1, pages=3)
    with serving(light) as world:
        short = run_list(world, folder / "short", accounts, concurrency=_PLACES, extractor="rules")
        long = run_list(world, folder / "long", 10 * accounts, concurrency=_PLACES, extractor="rules")
    grown = (many.figures.work_peak - few.figures.work_peak) / 1024
    slope = (long.figures.peak - short.figures.peak) / (9 * accounts)
    base = short.figures.peak - slope * accounts
    return {
        "most_under_way": many.figures.most_under_way,
        "mb_an_account_in_flight": round(grown / max(1, many.figures.most_under_way - 2), 3),
        "peak_mb_of_few": round(few.figures.work_peak / 1024, 1),
        "peak_mb_of_many": round(many.figures.work_peak / 1024, 1),
        "peak_mb_short": round(short.figures.peak / 1024, 1),
        "peak_mb_long": round(long.figures.peak / 1024, 1),
        "long_over_short": round(long.figures.peak / short.figures.peak, 3),
        "long_over_short_at_work": round(long.figures.work_peak / short.figures.work_peak, 3),
        "rss_10000_over_1000": round((base + 10_000 * slope) / (base + 1_000 * slope), 3),
    }


if __name__ == "__main__":
    raise SystemExit(
        bench(
            measure,
            accounts=300,
            targets=(
                Target("mb_an_account_in_flight", 0.5, most=True),
                Target("rss_10000_over_1000", 1.1, most=True),
            ),
        )
    )
