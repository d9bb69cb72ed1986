"""Whatever happens to a run, it goes on or stops in one clear line, and its state is whole."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agent.batch.campaign import CampaignOutcome, run_campaign
from agent.batch.order import BatchOrder, open_run
from agent.batch.pace import EndpointPace, Rate
from agent.batch.run import BatchWorker
from agent.llm.api import CompletionRequest, Message
from agent.llm.client import OpenAILLM
from agent.services import Services
from agent.settings import Settings
from agent.store.ledger import FinishedAccount, Ledger
from agent.store.upkeep import verify_store
from evals.bench.batch_world import World, WorldSettings, host_name, serving, test_hosts, write_list
from tools.fetching.dns import DnsReply
from tools.fetching.network import NameUnresolved
from tools.fetching.pace import HostLimits

COMPANIES = 9
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with serving(WorldSettings(latency=0.0, page_kilobytes=1)) as running:
        yield running


@pytest.fixture
def order(tmp_path: Path) -> BatchOrder:
    write_list(tmp_path / "accounts.csv", 3)
    return BatchOrder(
        list_path=tmp_path / "accounts.csv",
        folder=tmp_path / "out",
        as_of=date(2026, 11, 2),
        extractor="rules",
        pages=False,
    )


async def nobody_at(host: str) -> list[str]:
    raise NameUnresolved(host, "the name server does not answer", lasting=False)


async def no_records(name: str, record_type: str) -> DnsReply:
    return DnsReply()


class InThisProcess(Executor):
    """Runs everything at once, here; a call that is about the poison breaks the pool, as a dying parser does."""

    def __init__(self, poison: bytes = b"") -> None:
        self.poison = poison
        self.died = 0

    def submit(
        self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:  # Any: as the parent's
        future: Future[Any] = Future()
        if self.poison and self.poison in repr((fn, args)).encode():
            self.died += 1
            future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
            return future
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  what an executor does
            future.set_exception(error)
        return future


def run(
    order: BatchOrder,
    world: World,
    home: Path,
    *,
    clock: Callable[[], datetime],
    pool: Executor | None = None,
) -> CampaignOutcome:
    settings = Settings(home=home, test_hosts=test_hosts(world.port))

    async def work() -> CampaignOutcome:
        with Services.open(settings) as services:
            services.clock, services.resolve, services.dns = clock, nobody_at, no_records
            services.parsers = pool or InThisProcess()
            return await run_campaign(order, settings, services=services)

    return asyncio.run(work())


def faults(home: Path) -> list[str]:
    with Services.open(Settings(home=home)) as services:
        return list(verify_store(services.store))


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits on this platform")
def test_a_full_disk_stops_the_run_in_one_line_and_the_next_start_goes_on(
    order: BatchOrder, world: World, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", "import sys; from agent.cli import main; sys.exit(main(sys.argv[1:]))"]
    command += ["batch", str(order.list_path), "--out", str(order.folder), "--extractor", "rules", "--quiet"]
    command += ["--no-pages", "--as-of", "2026-11-02", "--processes", "1"]
    environment = {
        "PATH": os.environ["PATH"],
        "DOSSIER_HOME": str(tmp_path / "home"),
        "DOSSIER_TEST_HOSTS": test_hosts(world.port),
    }
    full = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000)),
    )
    assert full.returncode == 1, full.stderr
    assert "Traceback" not in full.stderr
    assert len(full.stderr.strip().splitlines()) == 1, full.stderr
    assert "could not" in full.stderr or "cannot" in full.stderr
    assert faults(tmp_path / "home") == []
    outcome = run(order, world, tmp_path / "home", clock=lambda: NOW)
    assert (outcome.done, outcome.failed, outcome.left) == (3, 0, 0)


def facts_of(folder: Path) -> list[object]:
    lines = (folder / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    return [(report["account"], report["facts"], report["as_of"]) for report in map(json.loads, lines)]


def test_a_clock_that_jumps_changes_no_result(order: BatchOrder, world: World, tmp_path: Path) -> None:
    jumps = [
        timedelta(),
        timedelta(days=400),
        timedelta(days=-30),
        timedelta(hours=1),
        timedelta(days=-4_000),
    ]
    calls = 0

    def jumping() -> datetime:
        nonlocal calls
        calls += 1
        return NOW + jumps[calls // 7 % len(jumps)]

    outcome = run(order, world, tmp_path / "home", clock=jumping)
    assert (outcome.done, outcome.failed) == (3, 0)
    steady = replace(order, folder=tmp_path / "steady")
    run(steady, world, tmp_path / "steady-home", clock=lambda: NOW)
    assert facts_of(order.folder) == facts_of(steady.folder) != []
    assert (order.folder / "results.csv").read_bytes() == (steady.folder / "results.csv").read_bytes()
    again = run(order, world, tmp_path / "home", clock=jumping)
    assert again.done == 3


class Finished:
    """A sink that only takes note."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}

    def finished(self, account: FinishedAccount, report: str | None) -> None:
        self.states[account.domain] = account.state


@pytest.mark.parametrize("companies", [1, 3, COMPANIES])
def test_a_network_that_is_gone_for_two_minutes_costs_no_account(
    order: BatchOrder, world: World, tmp_path: Path, companies: int
) -> None:
    write_list(order.list_path, companies)
    order.folder.mkdir()
    now = 0.0
    sink = Finished()

    async def work() -> BatchWorker:
        nonlocal now
        with Services.open(Settings(home=tmp_path / "home")) as services:
            services.clock, services.resolve, services.dns = (lambda: NOW), nobody_at, no_records
            services.parsers = InThisProcess()
            connected = Settings(home=tmp_path / "home", test_hosts=test_hosts(world.port))

            async def sleep(seconds: float) -> None:
                nonlocal now
                now += seconds
                await asyncio.sleep(0)
                if now >= 120 and services.settings is not connected:
                    services.settings = connected
                    services.hosts = (
                        HostLimits()
                    )  # the minutes for which a failing host is left alone are over

            opened = open_run(order, Ledger(services.store), NOW, extractor="rules")
            worker = BatchWorker(order, opened, services, None, sink, sleep=sleep, clock=lambda: now)
            await worker.work()
            return worker

    worker = asyncio.run(work())
    assert worker.session.stopped is None
    assert sink.states == {host_name(n): "done" for n in range(companies)}
    assert now >= 120


def test_a_network_that_stays_away_ends_the_run_in_one_line(order: BatchOrder, tmp_path: Path) -> None:
    write_list(order.list_path, 40)
    order.folder.mkdir()
    now = 0.0

    async def work() -> BatchWorker:
        with Services.open(Settings(home=tmp_path / "home")) as services:
            services.clock, services.resolve, services.dns = (lambda: NOW), nobody_at, no_records
            services.parsers = InThisProcess()

            async def sleep(seconds: float) -> None:
                nonlocal now
                now += 90 * seconds
                await asyncio.sleep(0)

            opened = open_run(order, Ledger(services.store), NOW, extractor="rules")
            worker = BatchWorker(order, opened, services, None, Finished(), sleep=sleep, clock=lambda: now)
            await worker.work()
            counts = worker.ledger.counts(opened.run.id)
            assert counts["pending"] + counts["deferred"] == 40
            return worker

    worker = asyncio.run(work())
    assert worker.session.stopped is not None
    assert "network seems to be gone" in worker.session.stopped
    assert now < 3 * 3_600


def test_an_account_whose_pages_kill_the_parser_costs_only_itself(
    order: BatchOrder, world: World, tmp_path: Path
) -> None:
    pool = InThisProcess(poison=host_name(1).encode())
    outcome = run(order, world, tmp_path / "home", clock=lambda: NOW, pool=pool)
    assert (outcome.done, outcome.failed, outcome.left) == (2, 1, 0)
    assert pool.died > 1  # it was tried again by itself before it was given up
    failure = (order.folder / "failures.csv").read_text(encoding="utf-8")
    assert host_name(1) in failure
    assert "parsing process die" in failure
    assert faults(tmp_path / "home") == []


class NothingFound(BaseModel):
    """The shape of the world's answers."""

    not_found: list[str]
    items: list[str]
    answers: list[str]


async def test_a_model_that_is_down_for_an_hour_fails_no_request(world: World) -> None:
    now, seen = 0.0, world.seen().model

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        await asyncio.sleep(0)
        if now >= 3_600:
            world.model_down(False)

    pace = EndpointPace(requests=Rate(None), tokens=Rate(None), clock=lambda: now, sleep=sleep)
    llm = OpenAILLM(api_key="k", base_url=f"http://127.0.0.1:{world.port}/v1", pace=pace, sleep=sleep)

    async def ask(text: str) -> str:
        message = Message(role="user", content=text)
        return (await llm.complete(CompletionRequest("m", "p/v1@0", (message,), NothingFound))).outcome

    assert await ask("before") == "ok"
    world.model_down(True)
    try:
        outcomes = await asyncio.gather(*(ask(f"question {n}") for n in range(8)))
    finally:
        world.model_down(False)
        await llm.aclose()
    assert outcomes == ["ok"] * 8
    assert now >= 3_600
    assert world.seen().model == seen + 9
