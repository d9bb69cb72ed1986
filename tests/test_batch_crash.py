"""kill -9 at any moment loses no finished account, pays no completion twice and changes no final output."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from evals.bench.batch_command import TIMELESS, finish, start, timeless_reports, timeless_summary
from evals.bench.batch_world import WorldSettings, serving, write_list

COMPANIES = 8


def test_a_run_killed_at_random_moments_ends_like_one_that_was_not(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, COMPANIES)
    settings = WorldSettings(
        latency=0.01, model_latency=0.15, page_kilobytes=1, log=str(tmp_path / "whole.log")
    )
    with serving(settings) as world:
        finish(start(world, accounts, tmp_path / "whole", tmp_path / "whole-home"))
        paid = world.seen().by_key
    assert paid
    assert set(paid.values()) == {1}

    chance = random.Random(11)
    finished_before_kills: list[set[str]] = []
    in_flight = 0
    log = tmp_path / "killed.log"
    with serving(WorldSettings(latency=0.01, model_latency=0.15, page_kilobytes=1, log=str(log))) as world:
        kills = 0
        while kills < 3:
            process = start(
                world, accounts, tmp_path / "killed", tmp_path / "killed-home", "--concurrency", "4"
            )
            calls, deadline = world.seen().model, time.monotonic() + 60
            while world.seen().model < calls + 3 and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(chance.uniform(0.0, 1.2))
            if process.poll() is not None:
                process.communicate()
                break
            killed_at = time.monotonic()
            os.killpg(process.pid, signal.SIGKILL)
            seen = world.seen()  # an answer sent just before may not have been kept yet
            in_flight += seen.in_flight + sum(when > killed_at - 1.0 for when in seen.answered_at)
            process.communicate()
            kills += 1
            growing = tmp_path / "killed" / "reports.jsonl"
            whole_lines = growing.read_text(encoding="utf-8").split("\n")[:-1] if growing.exists() else []
            finished_before_kills.append({json.loads(line)["account"]["domain"] for line in whole_lines})
        assert kills >= 2
        finish(start(world, accounts, tmp_path / "killed", tmp_path / "killed-home"))
        asked = Counter(log.read_text(encoding="utf-8").split())
    # What was finished before a kill is finished, and is not researched again.
    for earlier, later in pairwise(finished_before_kills):
        assert earlier <= later
    assert set(asked) == set(paid)
    repeats = sum(asked.values()) - len(asked)
    assert repeats <= in_flight

    for name in TIMELESS:
        whole = (tmp_path / "whole" / name).read_bytes()
        assert (tmp_path / "killed" / name).read_bytes() == whole, name
    assert timeless_summary(tmp_path / "killed") == timeless_summary(tmp_path / "whole")
    assert timeless_reports(tmp_path / "killed") == timeless_reports(tmp_path / "whole")
    assert (tmp_path / "killed" / "index.html").read_bytes() == (
        tmp_path / "whole" / "index.html"
    ).read_bytes()


def test_the_same_command_again_asks_nobody_anything(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, 3)
    with serving(WorldSettings(latency=0.0, model_latency=0.01, page_kilobytes=2)) as world:
        finish(start(world, accounts, tmp_path / "out", tmp_path / "home"))
        first = world.seen()
        kept = {name: (tmp_path / "out" / name).read_bytes() for name in TIMELESS}
        finish(start(world, accounts, tmp_path / "out", tmp_path / "home"))
        assert (world.seen().web, world.seen().model) == (first.web, first.model)
    assert kept == {name: (tmp_path / "out" / name).read_bytes() for name in TIMELESS}


def test_ctrl_c_keeps_what_is_finished_and_pays_nothing_twice(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, COMPANIES)
    with serving(WorldSettings(latency=0.01, model_latency=0.3, page_kilobytes=1)) as world:
        process = start(world, accounts, tmp_path / "out", tmp_path / "home", "--concurrency", "3")
        deadline = time.monotonic() + 60
        while world.seen().model < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=90)
        assert process.returncode == 130, err
        assert "run the same command again to go on" in err
        summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
        assert summary["state"] == "stopped"
        assert 0 < summary["accounts"]["left"] <= COMPANIES
        finish(start(world, accounts, tmp_path / "out", tmp_path / "home"))
        assert world.seen().repeats == 0
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == COMPANIES
    assert [row["rank"] for row in rows] == [str(n) for n in range(1, COMPANIES + 1)]


@pytest.mark.parametrize(("option", "value"), [("--max-calls", "2"), ("--max-cost", "0")])
def test_a_spending_limit_ends_the_run_cleanly(tmp_path: Path, option: str, value: str) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, 4)
    with serving(WorldSettings(latency=0.0, model_latency=0.02, page_kilobytes=1)) as world:
        process = start(world, accounts, tmp_path / "out", tmp_path / "home", option, value)
        _, err = process.communicate(timeout=120)
        if option == "--max-calls":
            assert process.returncode == 1, err
            assert "--max-calls" in err
            assert world.seen().model <= 2
        else:
            assert process.returncode == 0, (
                err
            )  # a model on this machine is free, so no cost limit is reached
    assert "Traceback" not in err
