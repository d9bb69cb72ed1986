"""Measure what an account costs this machine: CPU, loop lag, bytes kept, and the same command again.

    python -m evals.bench.batch_cost [ACCOUNTS]

- cpu_over_floor: CPU of a run an account, start left out, over a script that only fetches, parses and calls
- warm_over_cold_cpu: the same command again over the finished list; it must ask nobody anything
- stored_over_raw: bytes of the store, over bytes fetched
"""

from __future__ import annotations

from pathlib import Path

from evals.bench.batch_runs import Target, bench, fetched_bytes, floor_cpu, run_list
from evals.bench.batch_world import WorldSettings, serving

LATENCY = 0.05


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Return the ratios and what they are made of."""
    with serving(
        WorldSettings(latency=LATENCY, open_prose=True, page_kilobytes=6, markup_kilobytes=100)
    ) as world:
        idle = run_list(world, folder / "nothing", 1)
        cold = run_list(world, folder / "list", accounts)
        warm = run_list(world, folder / "list", accounts)
        floor = floor_cpu(world, accounts, calls=max(1, round(cold.model / accounts)))
    home = folder / "list" / "home"
    stored = (home / "dossier.sqlite3").stat().st_size
    start = idle.figures.cpu  # a run of one account is nearly all start
    cost = (cold.figures.cpu - start) / max(1, accounts - 1)
    return {
        "cpu_ms_an_account": round(1000 * cost, 1),
        "floor_ms_an_account": round(1000 * floor, 1),
        "cpu_over_floor": round(cost / floor, 2),
        "start_cpu_seconds": round(start, 2),
        "warm_fetches": warm.web,
        "warm_calls": warm.model,
        "warm_over_cold_cpu": round(warm.figures.cpu / cold.figures.cpu, 3),
        "stored_over_raw": round(stored / max(1, fetched_bytes(home)), 3),
        "loop_lag_p99_over_site_latency": round(cold.figures.lag_p99 / LATENCY, 2),
        "most_under_way": cold.figures.most_under_way,
    }


if __name__ == "__main__":
    raise SystemExit(
        bench(
            measure,
            accounts=1_000,
            targets=(
                Target("cpu_over_floor", 3.0, most=True),
                Target("warm_fetches", 0, most=True),
                Target("warm_calls", 0, most=True),
                Target("warm_over_cold_cpu", 0.1, most=True),
                Target("stored_over_raw", 0.25, most=True),
                Target("loop_lag_p99_over_site_latency", 1.0, most=True),
            ),
        )
    )
