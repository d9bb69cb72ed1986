"""Cut one of two workers off from the database for eight seconds, in a network namespace of its own.

    python -m evals.bench.cut_off [ACCOUNTS]

Needs root and iproute2 on Linux, and skips with a reason elsewhere. The cut is shorter than the lease, so the
worker must go on with its shards: nothing lost, nobody given up, no call made twice. Exit 1 when it is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.bench.batch_runs import ICP_TEXT, Target, print_targets
from evals.bench.batch_world import WorldSettings, serving, test_hosts, write_list
from evals.bench.postgres_server import running

CUT_SECONDS = 8.0
_HERE, _THERE, _NETWORK = "10.213.77.1", "10.213.77.2", "10.213.77.0/30"
_WORLD = WorldSettings(latency=0.1, model_latency=1.0, page_kilobytes=1, open_prose=True)


def main() -> int:
    """Print the figures as JSON, then a line a target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts", nargs="?", type=int, default=48)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        _be_worker(arguments.worker[0], int(arguments.worker[1]))
        return 0
    if (reason := _cannot()) is not None:
        print(json.dumps({"skipped": reason}))
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="dossier-bench-") as folder,
        _namespace() as (name, link),
        running(address=_HERE, network=_NETWORK) as server,
    ):
        server.execute("CREATE DATABASE cut")
        url = server.url("cut")
        figures = _run(Path(folder), url, url.replace("127.0.0.1", _HERE), name, link, arguments.accounts)
    print(json.dumps(figures, indent=2))
    targets = (
        *(Target(figure, 0, most=True) for figure in ("lost", "repeated_calls", "given_up")),
        Target("calls_of_the_cut_worker", 1),  # else the other did it all, and nothing was tried
    )
    return print_targets("cut_off", arguments.accounts, figures, targets)


def _cannot() -> str | None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "a network namespace needs root"
    if shutil.which("ip") is None:
        return "iproute2 (the command ip) is not installed"
    probe = subprocess.run(
        ["ip", "netns", "add", f"dossier-probe-{os.getpid()}"], capture_output=True, text=True
    )
    if probe.returncode:
        return f"no network namespace can be made here: {probe.stderr.strip()[:200]}"
    _ip("netns", "del", f"dossier-probe-{os.getpid()}")
    return None


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


@contextmanager
def _namespace() -> Iterator[tuple[str, str]]:
    """Make a namespace whose only way out is a cable to this machine; yield its name and our end's."""
    name, ours, theirs = (
        f"dossier-{os.getpid()}",
        f"dcut{os.getpid() % 10_000}a",
        f"dcut{os.getpid() % 10_000}b",
    )
    _ip("netns", "add", name)
    try:
        _ip("link", "add", ours, "type", "veth", "peer", "name", theirs)
        _ip("link", "set", theirs, "netns", name)
        _ip("addr", "add", f"{_HERE}/30", "dev", ours)
        _ip("link", "set", ours, "up")
        _ip("-n", name, "addr", "add", f"{_THERE}/30", "dev", theirs)
        _ip("-n", name, "link", "set", theirs, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        yield name, ours
    finally:
        _ip("netns", "del", name)


def _run(folder: Path, url: str, url_there: str, name: str, link: str, accounts: int) -> dict[str, object]:
    from agent.batch.campaign import run_campaign
    from agent.batch.fleet import Fleet
    from agent.batch.order import BatchOrder
    from agent.icp import parse_icp
    from agent.settings import Settings
    from agent.store.store import Store

    write_list(folder / "accounts.csv", accounts)
    me = [sys.executable, "-m", "evals.bench.cut_off", "--worker"]
    workers = [
        subprocess.Popen([*prefix, *me, where, str(accounts)], stdin=-1, stdout=-1, text=True)
        for prefix, where in ((["ip", "netns", "exec", name], url_there), ([], url))
    ]
    try:
        settings = Settings(
            home=folder / "home", database_url=url, openai_base_url="http://127.0.0.1:9/v1", model="loopback"
        )
        order = BatchOrder(
            list_path=folder / "accounts.csv",
            folder=folder / "out",
            icps=(parse_icp(ICP_TEXT),),
            full=True,
            pages=False,
            engine="dbos",
        )
        with Store(folder, url) as store:
            while Fleet(store).alive() < 2:
                time.sleep(0.2)
            cutter = threading.Thread(target=_cut_once_at_work, args=(url, link), daemon=True)
            cutter.start()
            outcome = asyncio.run(run_campaign(order, settings))
            cutter.join()
            given_up = int(str(store.read("SELECT COUNT(*) FROM workers WHERE dead = 1")[0][0]))
        calls: Counter[str] = Counter()
        shares = []
        for worker in workers:
            said = json.loads(worker.communicate("end\n")[0].splitlines()[-1])
            calls.update(said)
            shares.append(sum(said.values()))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return {
        "accounts": accounts,
        "cut_seconds": CUT_SECONDS,
        "lost": accounts - outcome.done,
        "calls": sum(calls.values()),
        "calls_of_the_cut_worker": shares[0],
        "repeated_calls": sum(calls.values()) - len(calls),
        "given_up": given_up,
    }


def _cut_once_at_work(url: str, link: str) -> None:
    from agent.store.store import Store

    with Store(Path(), url) as store:
        while int(str(store.read("SELECT COUNT(*) FROM batch_payments")[0][0])) < 3:
            time.sleep(0.1)
    _ip("link", "set", link, "down")
    time.sleep(CUT_SECONDS)
    _ip("link", "set", link, "up")


def _be_worker(url: str, accounts: int) -> None:
    """Serve a world on this namespace's loopback, and work until a line arrives; print the calls by key."""
    with serving(_WORLD) as world:
        env = {
            **os.environ,
            "DOSSIER_DATABASE_URL": url,
            "DOSSIER_TEST_HOSTS": test_hosts(world.port),
            "OPENAI_BASE_URL": f"http://127.0.0.1:{world.port}/v1",
            "DOSSIER_MODEL": "loopback",
        }
        command = [sys.executable, "-c", "from agent.cli import entry; raise SystemExit(entry())"]
        worker = subprocess.Popen([*command, "worker", "--concurrency", "4", "--processes", "1"], env=env)
        sys.stdin.readline()
        worker.terminate()
        worker.wait()
        print(json.dumps(world.seen().by_key))


if __name__ == "__main__":
    raise SystemExit(main())
