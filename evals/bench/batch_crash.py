"""Count what kill -9 at random moments costs: accounts lost, recorded calls repeated, calls repeated at all.

    python -m evals.bench.batch_crash [ACCOUNTS]

Waits are jittered and every call is counted when it is issued, so that a repeat cannot hide.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from agent.store.store import Store
from evals.bench.batch_command import TIMELESS, finish, start, timeless_reports
from evals.bench.batch_runs import Target, bench
from evals.bench.batch_world import WorldSettings, serving, write_list

_KILLS = 3


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Run a list whole, run it again with kills, and compare."""
    listed = folder / "accounts.csv"
    write_list(listed, accounts)
    log = folder / "calls.log"
    quick = WorldSettings(latency=0.02, model_latency=0.3, page_kilobytes=2)
    with serving(quick) as world:
        finish(start(world, listed, folder / "whole", folder / "whole-home"), within=3_000)
        whole = set(world.seen().by_key)
    chance, in_flight, kills, before = random.Random(5), 0, 0, 0
    with serving(WorldSettings(**{**vars(quick), "log": str(log)})) as world:
        while kills < _KILLS:
            process = start(world, listed, folder / "killed", folder / "home")
            goal = before + max(3, len(whole) // (_KILLS + 1))
            while world.seen().model < goal and process.poll() is None:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 1))
            if process.poll() is not None:
                break
            os.killpg(process.pid, signal.SIGKILL)
            at = time.monotonic()
            seen = world.seen()
            # An answer sent in the last moments may not have been kept yet: its call counts as in flight.
            in_flight += seen.in_flight + sum(when > at - 1.0 for when in seen.answered_at)
            process.communicate()
            kills, before = kills + 1, seen.model
        with Store(folder / "home") as store:
            recorded = int(str(store.read("SELECT COUNT(*) FROM completions")[0][0]))
        finish(start(world, listed, folder / "killed", folder / "home"), within=3_000)
        asked = Counter(log.read_text(encoding="utf-8").split())
    repeats = sum(asked.values()) - len(asked)
    same = timeless_reports(folder / "whole") == timeless_reports(folder / "killed")
    return {
        "kills": kills,
        "recorded_before_last_start": recorded,
        "calls": len(asked),
        "calls_lost_or_new": len(set(asked) ^ whole),
        "repeats": repeats,
        "in_flight_at_kills": in_flight,
        "repeats_over_in_flight": round(repeats / max(1, in_flight), 3),
        "same_reports": int(same),
        "same_files": int(
            all(
                (folder / "whole" / name).read_bytes() == (folder / "killed" / name).read_bytes()
                for name in TIMELESS
            )
        ),
    }


if __name__ == "__main__":
    raise SystemExit(
        bench(
            measure,
            accounts=48,
            targets=(
                Target("calls_lost_or_new", 0, most=True),
                Target("repeats_over_in_flight", 1.0, most=True),
                Target("same_reports", 1),
                Target("same_files", 1),
            ),
        )
    )
