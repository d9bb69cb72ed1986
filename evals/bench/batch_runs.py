"""Run `dossier batch` in a process of its own against a loopback world, and say what it took.

The benches beside this file use it; each of their figures is a ratio within one run:

    python -m evals.bench.batch_bound [ACCOUNTS]      the model's limit is what a run takes
    python -m evals.bench.batch_cost [ACCOUNTS]       CPU over a floor script, warm over cold, stored over fetched
    python -m evals.bench.batch_memory [ACCOUNTS]     megabytes an account in flight, ten times the list
    python -m evals.bench.batch_decided [ACCOUNTS]    model calls saved by stopping when decided
    python -m evals.bench.batch_crash [ACCOUNTS]      what kill -9 costs
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
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from evals.bench.batch_world import BOARD_HOST, PAGES, World, host_name, test_hosts, write_list

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
    work_peak: int
    """Peak kilobytes before the ranked files are written: pyarrow's 60 MB would hide what accounts take."""
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


def run_list(
    world: World,
    folder: Path,
    accounts: int,
    *,
    full: bool = True,
    limit: float | None = None,
    concurrency: int = 200,
    extractor: str = "auto",
) -> Cost:
    """Run a list of so many companies of a world; the same folder again goes on with the same run."""
    folder.mkdir(exist_ok=True)
    write_list(folder / "accounts.csv", accounts)
    before = world.seen()
    order = {
        "folder": str(folder),
        "port": world.port,
        "full": full,
        "limit": limit,
        "concurrency": concurrency,
        "extractor": extractor,
    }
    done = subprocess.run(
        [sys.executable, "-m", "evals.bench.batch_runs", json.dumps(order)],
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
    from agent.batch.pool import HealingPool
    from agent.icp import parse_icp
    from agent.services import Services
    from agent.settings import Settings

    folder = Path(str(order["folder"]))
    settings = Settings(
        home=folder / "home",
        test_hosts=test_hosts(int(str(order["port"]))),
        openai_base_url=f"http://127.0.0.1:{order['port']}/v1",
        model="loopback",
    )
    batch = BatchOrder(
        concurrency=int(str(order["concurrency"])),
        list_path=folder / "accounts.csv",
        folder=folder / "out",
        icps=(parse_icp(ICP_TEXT),),
        full=bool(order["full"]),
        extractor=str(order.get("extractor", "auto")),
        tokens_per_minute=float(str(order["limit"])) if order["limit"] else None,
    )
    begun = time.perf_counter()
    work_peak = _WorkPeak()
    work_peak.start()
    with Services.open(settings) as services:
        # A pool of ours is waited for at the end: only then does the system count what its processes took.
        services.parsers = HealingPool(1)
        outcome = asyncio.run(run_campaign(batch, settings, services=services))
        wall = time.perf_counter() - begun
        services.parsers.shutdown(wait=True)
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return RunFigures(
        wall=wall,
        cpu=cpu,
        peak=own.ru_maxrss,
        work_peak=work_peak.kilobytes,
        work_wall=wall,
        lag_p99=outcome.loop_lag_p99,
        most_under_way=outcome.most_under_way,
    )


class _WorkPeak(threading.Thread):
    """Watches this process's memory until it loads what writes results.parquet, which comes after the work."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.kilobytes = 0

    def run(self) -> None:
        """Look twenty times a second."""
        page = resource.getpagesize() // 1024
        while "pyarrow" not in sys.modules:
            resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self.kilobytes = max(self.kilobytes, page * resident)
            time.sleep(0.05)


def floor_cpu(world: World, accounts: int, *, calls: int) -> float:
    """Return the CPU seconds an account of a script that only fetches, parses and calls.

    It fetches what a company of the world has: its ten pages, its feed and its board. It uses what the product does, as one would by hand: a small HTTP client an account over one TLS context
    (one of its own costs 35 ms to build), and the openai package for the calls.
    """
    import ssl

    import httpx
    from openai import AsyncOpenAI
    from selectolax.lexbor import LexborHTMLParser

    context = ssl.create_default_context()

    async def account(number: int, model: AsyncOpenAI) -> None:
        async with httpx.AsyncClient(headers={"Host": host_name(number)}, verify=context) as client:
            for path in (*PAGES, "feed.xml"):
                answer = await client.get(f"http://127.0.0.1:{world.port}/{path}")
                LexborHTMLParser(answer.content).text()
            board = f"http://127.0.0.1:{world.port}/v1/boards/company{number}/jobs"
            for job in (await client.get(board, headers={"Host": BOARD_HOST})).json()["jobs"]:
                LexborHTMLParser(job["content"]).text()
            for n in range(calls):
                await model.chat.completions.create(
                    model="floor", messages=[{"role": "user", "content": f"{number} {n} " + "x" * 20_000}]
                )

    async def run(first: int, last: int) -> None:
        async with AsyncOpenAI(api_key="none", base_url=f"http://127.0.0.1:{world.port}/v1") as model:
            for start in range(first, last, 20):
                await asyncio.gather(*(account(n, model) for n in range(start, min(last, start + 20))))

    asyncio.run(run(0, 1))  # what is loaded and built once is start, and left out of the product's figure too
    begun = time.process_time()
    asyncio.run(run(0, accounts))
    return (time.process_time() - begun) / accounts


def fetched_bytes(home: Path) -> int:
    """Return the bytes of all bodies of a store as they were fetched, each once."""
    import zstandard

    from agent.store.store import Store

    unpack = zstandard.ZstdDecompressor()
    with Store(home) as store:
        return sum(
            len(unpack.decompress(row[0]))
            for row in store.read("SELECT body FROM bodies")
            if isinstance(row[0], bytes)
        )


def tiers_of(folder: Path) -> dict[str, str]:
    """Return every account's tier in a run's results."""
    with (folder / "out" / "results.csv").open(encoding="utf-8", newline="") as file:
        return {row["domain"]: row["tier"] for row in csv.DictReader(file)}


class Target(NamedTuple):
    """What a figure is held against; `most` for what must not be larger."""

    figure: str
    value: float
    most: bool = False

    def line(self, name: str, n: int, figures: dict[str, object]) -> str:
        """Return one line: bench, figure, n, measured, target, PASS or FAIL."""
        measured = float(str(figures[self.figure]))
        held = measured <= self.value if self.most else measured >= self.value
        sign = "<=" if self.most else ">="
        return f"{name}: {self.figure} n={n} {measured:g} (target {sign} {self.value:g}) {'PASS' if held else 'FAIL'}"


def bench(
    measure: Callable[[Path, int], dict[str, object]], *, accounts: int, targets: tuple[Target, ...]
) -> int:
    """Run a bench on as many accounts as the command line says; print its figures, then a line a target.

    Exit 0 when every target was held, else 1.
    """
    name = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", nargs="?", type=int, default=accounts, help=f"default: {accounts}")
    n = parser.parse_args().accounts
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder:
        figures = measure(Path(folder), n)
    print(json.dumps({"accounts": n, **figures, "seconds_taken": round(time.monotonic() - began)}, indent=2))
    return print_targets(name, n, figures, targets)


def print_targets(name: str, n: int, figures: dict[str, object], targets: tuple[Target, ...]) -> int:
    """Print a line a target; return 0 when every one was held, else 1."""
    lines = [target.line(name, n, figures) for target in targets]
    print("\n".join(lines), flush=True)
    return 0 if all(line.endswith("PASS") for line in lines) else 1


if __name__ == "__main__" and len(sys.argv) > 1:
    print(json.dumps(asdict(_child(json.loads(sys.argv[1])))))
