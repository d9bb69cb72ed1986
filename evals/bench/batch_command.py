"""Run `dossier batch` as a command against a loopback world, and compare what two runs wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from agent.demo import demo_icp
from evals.bench.batch_world import World, test_hosts

TIMELESS = ("results.csv", "failures.csv", "rejects.csv", "duplicates.csv", "hubspot.csv", "salesforce.csv")
"""Files of a campaign folder that are the same bytes whenever and however often interrupted a run was."""


def start(world: World, accounts: Path, folder: Path, home: Path, *options: str) -> subprocess.Popen[str]:
    """Start a full run of a list in a process group of its own, with a fixed day and the world's model."""
    command = [str(Path(sys.executable).parent / "dossier"), "batch", str(accounts), "--icp", str(demo_icp())]
    return subprocess.Popen(
        [*command, "--out", str(folder), "--quiet", "--as-of", "2026-11-02", "--full", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={
            "PATH": os.environ["PATH"],
            "DOSSIER_HOME": str(home),
            "DOSSIER_TEST_HOSTS": test_hosts(world.port),
            "OPENAI_BASE_URL": f"http://127.0.0.1:{world.port}/v1",
            "DOSSIER_MODEL": "loopback",
        },
    )


def finish(process: subprocess.Popen[str], *, within: float = 180.0) -> str:
    """Wait for a run to end well; return what it printed."""
    out, err = process.communicate(timeout=within)
    if process.returncode != 0 or "Traceback" in err:
        raise AssertionError(f"dossier batch ended with {process.returncode}: {err}")
    return out


def timeless_reports(folder: Path) -> list[str]:
    """Return the reports without what tells the time: start, seconds, fetch times, and the seal over those."""
    lines = []
    for line in (folder / "reports.jsonl").read_text(encoding="utf-8").splitlines():
        report = json.loads(line)
        for key in ("started_at", "seconds", "receipt"):
            del report["run"][key]
        for document in report["documents"]:
            del document["fetched_at"]
        lines.append(json.dumps(report, sort_keys=True))
    return lines


def timeless_summary(folder: Path) -> dict[str, object]:
    """Return `summary.json` without what tells the time."""
    summary: dict[str, object] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    del summary["times"]
    return summary
