"""Measure `dossier rescore`: seconds for a full store, and whether memory grows with it.

    python -m evals.bench.rescore [--accounts N]

The store is filled with seeded accounts of about 40 attributes and 85 pieces of evidence each, once with a
tenth of N and once with N (default 10,000). The installed command rescores each store in a process of its
own, whose peak memory the kernel tells.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from agent.models import Account
from agent.settings import Settings
from agent.store.store import Store
from evals.bench.scoring import AS_OF, PROFILE, make_accounts

TARGET_SECONDS = 30
"""For 10,000 accounts on a quiet machine."""
MOST_GROWTH = 1.2
_AT_ONCE = 500
_NOW = datetime(2026, 6, 30, tzinfo=UTC)


class Cost(NamedTuple):
    """What one run of the command took; `cpu` leaves out what other processes of the machine took."""

    seconds: float
    cpu: float
    peak_mb: float
    lines: int


def fill(home: Path, accounts: int) -> None:
    """Store so many accounts, a few hundred made at a time; the same findings come again under new domains."""
    findings = make_accounts(min(accounts, _AT_ONCE))
    with Store.configured(Settings(home=home)) as store:
        for number in range(accounts):
            domain = f"account-{number}.example"
            account = Account(
                domain=domain, final_domain=domain, status="live", home_url=f"https://{domain}/"
            )
            store.save_findings(account, findings[number % len(findings)], as_of=AS_OF, now=_NOW)


def rescore(home: Path, profile: Path) -> Cost:
    """Run the command on a store and measure it."""
    command = [str(Path(sys.executable).parent / "dossier"), "rescore", "--icp", str(profile)]
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, "--as-of", AS_OF.isoformat(), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "DOSSIER_HOME": str(home)},
    ) as process:
        lines = sum(1 for _ in process.stdout or ())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"dossier rescore ended with {process.returncode}")
    seconds = time.perf_counter() - began
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines)


def run(folder: Path, accounts: int) -> dict[str, float]:
    """Return seconds and megabytes of a tenth of the accounts and of all, and how much memory grew."""
    profile = folder / "icp.yaml"
    profile.write_text(PROFILE, encoding="utf-8")
    few = max(1, accounts // 10)
    costs = {}
    for count in (few, accounts):
        home = folder / str(count)
        fill(home, count)
        costs[count] = rescore(home, profile)
        if costs[count].lines != count:
            raise SystemExit(f"{costs[count].lines} of {count} accounts came back")
    short, long = costs[few], costs[accounts]
    return {
        "accounts": accounts,
        "seconds": long.seconds,
        "cpu_seconds": long.cpu,
        "seconds_of_a_tenth": short.seconds,
        "peak_mb": long.peak_mb,
        "peak_mb_of_a_tenth": short.peak_mb,
        "memory_grew": long.peak_mb / short.peak_mb,
    }


def main() -> None:
    """Print the figures as JSON; exit 1 when memory grew with the store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), parser.parse_args().accounts)
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    if figures["seconds"] > TARGET_SECONDS * figures["accounts"] / 10_000 + 2:
        print(
            f"slower than the {TARGET_SECONDS} s per 10,000 accounts meant for a quiet machine",
            file=sys.stderr,
        )
    if figures["memory_grew"] > MOST_GROWTH:
        raise SystemExit(
            f"memory grew with the store: {figures['memory_grew']:.2f} times for ten times as many"
        )


if __name__ == "__main__":
    main()
