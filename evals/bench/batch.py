"""Measure batch runs against a loopback web and model: each figure is a ratio within one run.

    python -m evals.bench.batch [ACCOUNTS]

- model-bound: the time the model's token limit alone would take, over the time from first call to last answer
- cpu: CPU of a run an account, over a script that only fetches, parses and calls
- warm: CPU of the same command again an account, over the cold run; it must ask nobody anything
- stored: bytes in the store, over bytes fetched
- decided: model calls saved on a list with a third misfits, tiers being the same
- memory: growth of the process from one size of list to the fourfold, in flight bounded
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from evals.bench.batch_world import PAGES, World, WorldSettings, host_name, serving, test_hosts, write_list

ICP_TEXT = """
icp: bench
version: 1
dimensions: {firmographic: 60, behavioral: 40}
tiers: [{name: Tier 1, min: 80}, {name: Tier 2, min: 50}]
min_coverage: 0.3
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, weight: 2, ideal: [100, 2000], acceptable: [50, 4000]}
  - {id: home, dimension: firmographic, attribute: headquarters, any_of: [US, CA, DE]}
  - {id: trust, dimension: behavioral, attribute: certification, any_of: [SOC 2 Type II]}
  - {id: pain, dimension: behavioral, question: "Are detention fees a problem?"}
exclude:
  - {id: tiny, attribute: employee_count, below: 20, effect: disqualify}
"""


@dataclass(frozen=True)
class RunFigures:
    """What one run in a process of its own took: seconds, CPU seconds with its children, peak kilobytes."""

    wall: float
    cpu: float
    peak: int
    work_wall: float
    lag_p99: float
    most_under_way: int


class Cost(NamedTuple):
    """One run and what the world saw of it."""

    figures: RunFigures
    web: int
    model: int
    model_seconds: float
    refused: int
    tokens: int


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", nargs="?", type=int, default=40)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(asdict(_child(json.loads(arguments.child)))))
        return 0
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        print(json.dumps(measure(Path(folder), arguments.accounts), indent=2))
    return 0


def measure(folder: Path, accounts: int) -> dict[str, object]:
    """Run every figure on `accounts` accounts, and memory on four times as many at its largest."""
    real = WorldSettings(page_kilobytes=4, markup_kilobytes=40)
    with serving(real) as world:
        cold = _run(world, folder / "cold", accounts, full=True)
        idle = _run(world, folder / "nothing", 1, full=True)
        warm = _run(world, folder / "cold", accounts, full=True)
        started = _start_cpu(idle, accounts)
        floor = _floor_cpu(world, accounts, calls=max(1, round(cold.model / accounts)))
    fetched = _fetched_bytes(folder / "cold" / "home")
    stored = (folder / "cold" / "home" / "dossier.sqlite3").stat().st_size
    # A limit that takes half as long again as the work: what is then measured is how well it is used.
    limit = cold.tokens / (1.5 * cold.figures.wall / 60)
    with serving(replace(real, tokens_per_minute=limit)) as world:
        bound = _run(world, folder / "bound", accounts, full=True, limit=limit)
    with serving(WorldSettings(page_kilobytes=2, misfits=33)) as world:
        full = _run(world, folder / "full", accounts, full=True)
        decided = _run(world, folder / "decided", accounts, full=False)
    same = _tiers(folder / "full") == _tiers(folder / "decided")
    ideal = bound.tokens / (limit / 60)
    per_account = (cold.figures.cpu - started) / accounts
    return {
        "accounts": accounts,
        "model_bound_ratio": round(ideal / bound.model_seconds, 3),
        "refused_share": round(bound.refused / max(1, bound.model + bound.refused), 4),
        "cpu_ms_an_account": round(1000 * per_account, 1),
        "cpu_over_floor": round(per_account / floor, 2),
        "floor_ms_an_account": round(1000 * floor, 1),
        "warm_fetches": warm.web,
        "warm_calls": warm.model,
        "warm_over_cold_cpu": round(
            max(0.0, warm.figures.cpu - started) / max(1e-9, cold.figures.cpu - started), 3
        ),
        "stored_over_raw": round(stored / max(1, fetched), 3),
        "decided_saves_calls": round(1 - decided.model / max(1, full.model), 3),
        "decided_same_tiers": same,
        "loop_lag_p99_ms": round(1000 * cold.figures.lag_p99, 1),
        "most_under_way": cold.figures.most_under_way,
        "peak_mb": round(cold.figures.peak / 1024, 1),
        "peak_mb_of_one_account": round(idle.figures.peak / 1024, 1),
    }


def _start_cpu(idle: Cost, accounts: int) -> float:
    """Return the CPU that starting takes: a run of one account, which is nearly all start."""
    return idle.figures.cpu * (1 - 1 / (2 * max(2, accounts)))


def _run(world: World, folder: Path, accounts: int, *, full: bool, limit: float | None = None) -> Cost:
    folder.mkdir(exist_ok=True)
    write_list(folder / "accounts.csv", accounts)
    before = world.seen()
    order = {"folder": str(folder), "port": world.port, "accounts": accounts, "full": full, "limit": limit}
    done = subprocess.run(
        [sys.executable, "-m", "evals.bench.batch", "--child", json.dumps(order)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    after = world.seen()
    return Cost(
        RunFigures(**json.loads(done.stdout.splitlines()[-1])),
        after.web - before.web,
        after.model - before.model,
        after.model_ended - after.model_began,
        after.refused - before.refused,
        after.tokens - before.tokens,
    )


def _child(order: dict[str, object]) -> RunFigures:
    """Run one campaign in this process and measure it."""
    from agent.batch.campaign import run_campaign
    from agent.batch.order import BatchOrder
    from agent.icp import parse_icp
    from agent.settings import Settings

    folder, accounts = Path(str(order["folder"])), int(str(order["accounts"]))
    settings = Settings(
        home=folder / "home",
        test_hosts=test_hosts(int(str(order["port"])), accounts),
        openai_base_url=f"http://127.0.0.1:{order['port']}/v1",
        model="loopback",
    )
    batch = BatchOrder(
        list_path=folder / "accounts.csv",
        folder=folder / "out",
        icps=(parse_icp(ICP_TEXT),),
        full=bool(order["full"]),
        tokens_per_minute=float(str(order["limit"])) if order["limit"] else None,
    )
    begun = time.perf_counter()
    outcome = asyncio.run(run_campaign(batch, settings))
    wall = time.perf_counter() - begun
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return RunFigures(
        wall=wall,
        cpu=cpu,
        peak=own.ru_maxrss,
        work_wall=wall,
        lag_p99=outcome.loop_lag_p99,
        most_under_way=outcome.most_under_way,
    )


def _floor_cpu(world: World, accounts: int, *, calls: int) -> float:
    """Return the CPU seconds an account of a script that only fetches, parses and calls."""
    import httpx
    from selectolax.lexbor import LexborHTMLParser

    async def account(number: int, model: httpx.AsyncClient) -> None:
        async with httpx.AsyncClient(headers={"Host": host_name(number)}) as client:
            for path in PAGES:
                answer = await client.get(f"http://127.0.0.1:{world.port}/{path}")
                LexborHTMLParser(answer.content).text()
            for n in range(calls):
                body = {
                    "model": "floor",
                    "messages": [{"role": "user", "content": f"{number} {n} " + "x" * 20_000}],
                }
                json.loads((await model.post("/chat/completions", json=body)).content)

    async def run() -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{world.port}", timeout=60) as model:
            for first in range(0, accounts, 20):
                await asyncio.gather(*(account(n, model) for n in range(first, min(accounts, first + 20))))

    begun = time.process_time()
    asyncio.run(run())
    return (time.process_time() - begun) / accounts


def _fetched_bytes(home: Path) -> int:
    import zstandard

    from agent.store.store import Store

    unpack = zstandard.ZstdDecompressor()
    with Store(home) as store:
        return sum(
            len(unpack.decompress(row[0]))
            for row in store.read("SELECT body FROM bodies")
            if isinstance(row[0], bytes)
        )


def _tiers(folder: Path) -> dict[str, str]:
    with (folder / "out" / "results.csv").open(encoding="utf-8", newline="") as file:
        return {row["domain"]: row["tier"] for row in csv.DictReader(file)}


if __name__ == "__main__":
    raise SystemExit(main())
