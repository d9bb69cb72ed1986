"""Measure batch runs on many machines, as ratios within one run, on a PostgreSQL server of the bench's own.

    python -m evals.bench.scale_out [ACCOUNTS]

- two_over_one: accounts a second of two workers, over one worker's; each takes as many accounts at once as
  leaves a 2-core machine idle, so that what is measured is how well the work is spread (target 1.8)
- token_use: tokens that four processes got through one shared limit, over what it allows (target 0.95), their
  estimates being wrong by up to a quarter either way
- refused_share: answers 429 over all answers in that (target at most 0.01)
- gap_kept: the smallest gap between two requests that any of them began to one shared host, over the one to
  be kept (target 1); gap_used: how many of the host's turns were used
- machine_load: of the machine after each of the two runs; far above its cores, two_over_one measures the machine
- engine_share: CPU of leasing, heartbeats and shared limits, over the product's own, a worker (target 0.15)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from evals.bench.batch_runs import ICP_TEXT, Target, print_targets
from evals.bench.batch_world import World, WorldSettings, serving, test_hosts, write_list
from evals.bench.postgres_server import Server, running

CONCURRENCY = 4
SLOW = WorldSettings(latency=0.15, model_latency=1.2, page_kilobytes=2)
"""Slow enough that a worker's places, not the machine's two cores, set the pace."""
PROCESSES, LIMIT_SECONDS = 4, 20.0
TOKENS_PER_MINUTE, SHARED_GAP = 600_000.0, 0.25
LOADING = 2.5
"""Seconds in which a worker's processes load what reads; that is start, and not counted."""
ENGINE_THREADS = ("dbos", "queue-worker", "Thread-", "heart", "lease", "limits")


class Speed(NamedTuple):
    """One run by some workers: accounts a second once they are at it, and the workers' CPU."""

    accounts_a_second: float
    engine_cpu: float
    product_cpu: float


def main() -> int:
    """Print the figures as JSON, then a line a target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", nargs="?", type=int, default=48)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--taker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        print(json.dumps(_worker(json.loads(arguments.worker))))
        return 0
    if arguments.taker:
        print(json.dumps(asyncio.run(_take(json.loads(arguments.taker)))))
        return 0
    with running() as server, tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        speeds, loads = {}, []
        for count in (1, 2):
            with serving(SLOW) as world:
                speeds[count] = _speed(server, world, Path(folder), arguments.accounts, workers=count)
            loads.append(round(os.getloadavg()[0], 1))
        limits = _limits(server)
    one, two = speeds[1], speeds[2]
    figures = {
        "accounts": arguments.accounts,
        "one_worker_a_second": round(one.accounts_a_second, 3),
        "two_workers_a_second": round(two.accounts_a_second, 3),
        "two_over_one": round(two.accounts_a_second / one.accounts_a_second, 2),
        "machine_load": loads,
        **limits,
        "engine_share": round((one.engine_cpu + two.engine_cpu) / (one.product_cpu + two.product_cpu), 3),
        "product_ms_an_account": round(1000 * (one.product_cpu + two.product_cpu) / (2 * arguments.accounts)),
    }
    print(json.dumps(figures, indent=2))
    return print_targets(
        "scale_out",
        arguments.accounts,
        figures,
        (
            Target("two_over_one", 1.8),
            Target("token_use", 0.95),
            Target("refused_share", 0.01, most=True),
            Target("gap_kept", 1.0),
            Target("engine_share", 0.15, most=True),
        ),
    )


def _settings(url: str, home: Path, world: World, accounts: int) -> dict[str, str]:
    return {
        "home": str(home),
        "database_url": url,
        "test_hosts": test_hosts(world.port),
        "openai_base_url": f"http://127.0.0.1:{world.port}/v1",
        "model": "loopback",
    }


@contextmanager
def _children(option: str, orders: list[dict[str, object]]) -> Iterator[list[subprocess.Popen[str]]]:
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "evals.bench.scale_out", option, json.dumps(order)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for order in orders
    ]
    try:
        yield children
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
            child.wait()


def _speed(server: Server, world: World, folder: Path, accounts: int, *, workers: int) -> Speed:
    """Run a list with idle workers waiting for it; the rate counts from the first account's end to the last's.

    A worker's first accounts, one a place, are not counted: they wait for modules that load when first used.
    """
    from agent.batch.campaign import run_campaign
    from agent.batch.fleet import Fleet
    from agent.batch.order import BatchOrder
    from agent.icp import parse_icp
    from agent.settings import Settings
    from agent.store.store import Store

    server.execute(f"CREATE DATABASE speed{workers}")
    here = folder / str(workers)
    here.mkdir()
    write_list(here / "accounts.csv", accounts)
    settings = Settings.model_validate(
        _settings(server.url(f"speed{workers}"), here / "home", world, accounts)
    )
    order = BatchOrder(
        list_path=here / "accounts.csv",
        folder=here / "out",
        icps=(parse_icp(ICP_TEXT),),
        full=True,
        pages=False,
        engine="dbos",
    )
    with _children("--worker", [settings.model_dump(mode="json")] * workers) as children:
        with Store(here, settings.database_url) as store:
            while Fleet(store).alive() < workers:
                time.sleep(0.2)
            time.sleep(2.0)
            outcome = asyncio.run(run_campaign(order, settings))
            if outcome.done != accounts:
                raise SystemExit(
                    f"only {outcome.done} of {accounts} accounts came to an end: {outcome.stopped}"
                )
            first, last = store.read(
                "SELECT extract(epoch FROM MIN(finished_at)::timestamptz)::float8,"
                " extract(epoch FROM MAX(finished_at)::timestamptz)::float8 FROM batch_accounts"
            )[0]
        for child in children:
            child.send_signal(signal.SIGTERM)
        said = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
    return Speed(
        (accounts - workers * CONCURRENCY) / (float(str(last)) - float(str(first))),
        sum(each["engine"] for each in said),
        sum(each["product"] for each in said),
    )


def _worker(settings: dict[str, object]) -> dict[str, float]:
    """Be one worker until SIGTERM; return the CPU its threads took, start not counted."""
    from agent.batch.worker import run_worker
    from agent.settings import Settings

    taken: dict[int, tuple[str, float]] = {}
    readers: dict[int, list[float]] = {}
    """CPU of each process that reads, once it has loaded, and at the last look."""
    begun = time.monotonic()
    ended = threading.Event()
    at_start: list[float] = []

    def sample() -> None:
        while not ended.wait(0.25):
            for thread in threading.enumerate():
                if thread.native_id is not None:
                    task = Path(f"/proc/self/task/{thread.native_id}/stat")
                    taken[thread.native_id] = (thread.name, _cpu_of(task))
            for child in multiprocessing.active_children() if time.monotonic() - begun > LOADING else ():
                cpu = _cpu_of(Path(f"/proc/{child.pid}/stat"))
                seen = readers.setdefault(child.pid or 0, [cpu, cpu])
                seen[1] = max(seen[1], cpu)  # one that just ended tells nothing

    def begin(_: str) -> None:
        nonlocal begun
        if not at_start:
            begun = time.monotonic()
            at_start.append(_cpu())
            threading.Thread(target=sample, daemon=True, name="sampler").start()

    asyncio.run(
        run_worker(Settings.model_validate(settings), concurrency=CONCURRENCY, processes=1, say=begin)
    )
    ended.set()
    engine = sum(cpu for name, cpu in taken.values() if name.startswith(ENGINE_THREADS))
    reading = sum(last - first for first, last in readers.values())
    return {"engine": engine, "product": _cpu() - at_start[0] - engine + reading}


def _cpu() -> float:
    """Return the CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _cpu_of(stat: Path) -> float:
    """Return the CPU seconds in a process's or thread's `stat`; none once it ended."""
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _limits(server: Server) -> dict[str, object]:
    """Let four processes share one endpoint and one host for a while."""
    server.execute("CREATE DATABASE limits")
    url = server.url("limits")
    world_settings = WorldSettings(latency=0.02, model_latency=0.6, tokens_per_minute=TOKENS_PER_MINUTE)
    with serving(world_settings) as world:
        orders: list[dict[str, object]] = [
            {"url": url, "port": world.port, "seed": n} for n in range(PROCESSES)
        ]
        with _children("--taker", orders) as children:
            said = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
        seen = world.seen()
    calls = [call for each in said for call in each["calls"]]
    # Measured while all four are at it: they start and stop a little apart.
    first, last = max(each["began"] for each in said) + 1.0, min(each["ended"] for each in said)
    starts = sorted(at for each in said for at in each["starts"])
    used = sum(tokens for at, tokens in calls if first <= at < last)
    return {
        "token_use": round(used / (TOKENS_PER_MINUTE / 60 * (last - first)), 3),
        "refused_share": round(seen.refused / max(1, seen.model + seen.refused), 4),
        "gap_kept": round(min(b - a for a, b in pairwise(starts)) / SHARED_GAP, 3),
        "gap_used": round(SHARED_GAP * len(starts) / (starts[-1] - starts[0]), 3),
        "calls": len(calls),
    }


async def _take(order: dict[str, object]) -> dict[str, object]:
    """Be one of the processes: sixty callers of the model, and one that asks a host everybody asks."""
    import httpx

    from agent.batch.pace import EndpointPace, SharedRate
    from agent.store.limits import SharedHosts, SharedLimits

    chance = random.Random(int(str(order["seed"])))
    limits = SharedLimits(str(order["url"]))
    pace = EndpointPace(
        requests=SharedRate(limits, "requests", None), tokens=SharedRate(limits, "tokens", TOKENS_PER_MINUTE)
    )
    hosts = SharedHosts(limits)
    hosts.slow_down("boards.example", SHARED_GAP)
    calls: list[tuple[float, int]] = []
    starts: list[float] = []
    began = time.time()
    base = f"http://127.0.0.1:{order['port']}"

    async def ask(client: httpx.AsyncClient) -> None:
        while time.time() < began + LIMIT_SECONDS:
            size = chance.randrange(2_000, 12_000)
            guess = round(size / 4 * chance.uniform(0.75, 1.25))
            await pace.admit(guess)
            body = json.dumps({"messages": [f"{chance.random()}" + "x" * size]})
            answer = await client.post(f"{base}/v1/chat/completions", content=body)
            if answer.status_code == 429:
                pace.refused(429, float(answer.headers["retry-after"]), guess)
                continue
            used = answer.json()["usage"]["total_tokens"]
            calls.append((time.time(), used))
            pace.answered(answer.headers, guess, used)

    async def fetch(client: httpx.AsyncClient) -> None:
        while time.time() < began + LIMIT_SECONDS:
            async with hosts.slot("boards.example"):
                starts.append(time.time())
                await client.get(f"{base}/about", headers={"Host": "boards.example"})

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=80)) as client:
        await asyncio.gather(fetch(client), *(ask(client) for _ in range(60)))
    ended = began + LIMIT_SECONDS
    limits.close()
    return {"began": began, "ended": ended, "calls": calls, "starts": starts}


if __name__ == "__main__":
    raise SystemExit(main())
