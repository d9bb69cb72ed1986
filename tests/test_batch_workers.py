"""Many machines on one database: a worker that dies loses nothing, repeats no kept call, changes no output."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.batch.columns import Columns
from agent.batch.fleet import (
    LARGEST_SHARD,
    SMALLEST_SHARD,
    Fleet,
    Shard,
    ShardLedger,
    order_entry,
    order_of_entry,
    plan_shards,
)
from agent.batch.holds import HeldRunLimits
from agent.batch.limits import LimitReached, RunLimits
from agent.batch.order import BatchOrder
from agent.cli import main
from agent.demo import demo_icp
from agent.icp import load_icp
from agent.llm.prices import Price
from agent.store.ledger import BatchRun, Ledger, Spent
from agent.store.store import Store
from agent.store.upkeep import verify_store
from evals.bench.batch_command import TIMELESS, timeless_reports, timeless_summary
from evals.bench.batch_world import World, WorldSettings, serving, test_hosts, write_list
from evals.bench.postgres_server import PASSWORD, Server

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
COMPANIES = 24  # two of the smallest shards
LEASE = "5"


@given(
    st.lists(st.integers(0, 2_000), unique=True, max_size=300),
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 100)), max_size=5),
    st.integers(0, 20),
)
def test_shards_hold_every_waiting_account_once_and_none_that_is_taken(
    positions: list[int], held: list[tuple[int, int]], workers: int
) -> None:
    taken = [Shard("run", first, first + more) for first, more in held]
    shards = plan_shards("run", positions, taken, workers=workers)
    for at in positions:
        holders = sum(shard.first <= at <= shard.last for shard in shards)
        assert holders == (0 if any(one.first <= at <= one.last for one in taken) else 1)
    for shard in shards:
        assert not any(shard.first <= one.last and one.first <= shard.last for one in taken)
        assert sum(shard.first <= at <= shard.last for at in positions) <= LARGEST_SHARD
        assert Shard.of_name(shard.name(3)) == shard
    if not taken:
        assert all(
            sum(shard.first <= at <= shard.last for at in positions) >= SMALLEST_SHARD
            for shard in shards[:-1]
        )


def test_an_order_comes_to_a_worker_as_it_was_given() -> None:
    order = BatchOrder(
        list_path=Path("/lists/accounts.csv"),
        folder=Path("/out"),
        icps=(load_icp(demo_icp()),),
        currency="EUR",
        extractor="llm",
        model="m",
        max_calls=3,
        max_cost=0.5,
        full=True,
    )
    columns = Columns(("Company", "Website"), {"domain": (1,), "name": (0,)})
    found, found_columns = order_of_entry(order_entry(order, columns))
    assert found_columns == columns
    assert found.key == order.key
    assert (found.max_calls, found.max_cost, found.list_path.name) == (3, 0.5, "accounts.csv")


def make_run(store: Store, accounts: int) -> Ledger:
    ledger = Ledger(store)
    ledger.add_run(BatchRun("run", "f", "l", "", "k", 1, date(2026, 11, 2), NOW, None, '{"icps": []}'))
    rows = [(n, f"company-{n}.example", [""]) for n in range(accounts)]
    ledger.replace_list("run", rows, [], list_sha256="d")
    return ledger


def test_a_shards_ledger_sees_its_own_accounts_alone(database: str, tmp_path: Path) -> None:
    with Store(tmp_path, database) as store:
        ledger = make_run(store, 30)
        for n in (5, 12, 19, 20):
            ledger.start("run", f"company-{n}.example")
        mine = ShardLedger(store, Shard("run", 10, 19))
        assert mine.recover("run") == 2
        assert mine.counts("run") == {"pending": 10}
        assert [each.position for each in mine.waiting("run", "pending", after=-1, deaths=(0, 9))] == list(
            range(10, 20)
        )
        assert [each.position for each in mine.waiting("run", "pending", after=17, deaths=(0, 9))] == [18, 19]
        assert ledger.counts("run")["running"] == 2


def test_a_worker_that_is_not_seen_is_given_up_and_hears_of_it(database: str, tmp_path: Path) -> None:
    with Store(tmp_path, database) as store:
        fleet = Fleet(store)
        for name in ("here", "gone"):
            fleet.enroll(name, NOW)
        store.write("UPDATE workers SET seen_at = seen_at - 60 WHERE id = ?", [("gone",)])
        store.write("INSERT INTO batch_holds VALUES ('run', ?, 2, 0.5)", [("here",), ("gone",)])
        with store.transaction():
            assert fleet.bury(timedelta(seconds=30)) == ["gone"]
        assert fleet.alive() == 1
        assert fleet.beat("here")
        assert not fleet.beat("gone")
        assert store.read("SELECT worker FROM batch_holds") == [("here",)]


def test_many_machines_need_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_list(tmp_path / "list.csv", 1)
    command = ["batch", str(tmp_path / "list.csv"), "--out", str(tmp_path / "out"), "--engine", "dbos"]
    assert main([*command, "--quiet"]) == 2
    assert "--database-url" in capsys.readouterr().err
    assert main(["worker"]) == 2
    assert "--database-url" in capsys.readouterr().err


def environment(world: World, home: Path, database: str | None) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DOSSIER_HOME": str(home),
        "DOSSIER_TEST_HOSTS": test_hosts(world.port),
        "OPENAI_BASE_URL": f"http://127.0.0.1:{world.port}/v1",
        "DOSSIER_MODEL": "loopback",
        **({"DOSSIER_DATABASE_URL": database} if database else {}),
        "DBOS__CLOUD": "true",  # what an environment says must not make the engine speak to a vendor
    }


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    program = str(Path(sys.executable).parent / "dossier")
    return subprocess.Popen(
        [program, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=env,
    )


def batch(accounts: Path, folder: Path, *more: str) -> list[str]:
    command = ["batch", str(accounts), "--icp", str(demo_icp()), "--out", str(folder), "--full", "--no-pages"]
    return [*command, "--quiet", "--as-of", "2026-11-02", *more]


@contextmanager
def workers(count: int, env: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    started = [start(["worker", "--lease", LEASE, "--processes", "1"], env) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def test_a_killed_workers_shards_go_to_a_peer_and_outputs_are_those_of_one_machine(
    database: str, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, COMPANIES)
    calm = WorldSettings(latency=0.01, model_latency=0.3, page_kilobytes=1)
    with serving(calm) as world:
        alone = start(batch(accounts, tmp_path / "one"), environment(world, tmp_path / "one-home", None))
        _, said = alone.communicate(timeout=180)
        assert alone.returncode == 0, said
        paid = world.seen().by_key
    assert set(paid.values()) == {1}

    with serving(calm) as world:
        env = environment(world, tmp_path / "home", database)
        with workers(2, env) as (victim, peer):
            watcher = start(batch(accounts, tmp_path / "many", "--engine", "dbos"), env)
            deadline = time.monotonic() + 120
            while world.seen().model < len(paid) // 4 and time.monotonic() < deadline:
                time.sleep(0.05)
            killed_at = time.monotonic()
            os.killpg(victim.pid, signal.SIGKILL)
            seen = world.seen()
            in_flight = seen.in_flight + sum(when > killed_at - 1.0 for when in seen.answered_at)
            _, said = watcher.communicate(timeout=180)
            assert watcher.returncode == 0, said
            assert "Traceback" not in said
            repeated = world.seen().by_key
            assert peer.poll() is None
        assert victim.returncode == -signal.SIGKILL
        assert peer.returncode == 0
    with Store(tmp_path, database) as store:
        assert store.read("SELECT run_id FROM batch_orders") == []
        assert store.read("SELECT state, COUNT(*) FROM batch_accounts GROUP BY state") == [
            ("done", COMPANIES)
        ]
    assert set(repeated) == set(paid)
    assert sum(repeated.values()) - len(paid) <= in_flight
    for name in TIMELESS:
        assert (tmp_path / "many" / name).read_bytes() == (tmp_path / "one" / name).read_bytes(), name
    assert timeless_reports(tmp_path / "many") == timeless_reports(tmp_path / "one")
    assert timeless_summary(tmp_path / "many") == timeless_summary(tmp_path / "one")


def wait_for(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_a_worker_that_was_given_up_starts_anew_by_itself_and_works_on(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, 1)
    with serving(WorldSettings(latency=0.0, page_kilobytes=1)) as world, Store(tmp_path, database) as store:
        env = environment(world, tmp_path / "home", database)
        for variable in ("DOSSIER_HOME", "DOSSIER_TEST_HOSTS", "DOSSIER_DATABASE_URL"):
            monkeypatch.setenv(variable, env[variable])
        fleet = Fleet(store)
        with workers(1, env) as (worker,):
            wait_for(lambda: fleet.alive() == 1)
            [(given_up,)] = store.read("SELECT id FROM workers")
            store.write("UPDATE workers SET dead = 1", [()])
            wait_for(lambda: fleet.alive() == 1)
            [(again,)] = store.read("SELECT id FROM workers WHERE dead = 0")
            assert again != given_up
            # Host and process are the same: nobody else started it.
            assert str(again).rpartition("-")[0] == str(given_up).rpartition("-")[0]
            command = batch(accounts, tmp_path / "out", "--engine", "dbos", "--extractor", "rules")
            assert main(command) == 0
            assert worker.poll() is None


def held_limits(store: Store, worker: str, *, calls: int | None, cost: float | None) -> HeldRunLimits:
    spent = Ledger(store).spent("run")
    plain = RunLimits.after(spent, max_calls=calls, max_cost_usd=cost, price=Price(1e6, 1e6, 1e6))
    return HeldRunLimits.of(plain, store=store, run_id="run", worker=worker)


@pytest.mark.parametrize(("calls", "cost"), [(3, None), (None, 3.5)])
async def test_a_runs_limits_hold_over_all_workers_together(
    database: str, tmp_path: Path, calls: int | None, cost: float | None
) -> None:
    with Store(tmp_path, database) as one, Store(tmp_path, database) as other:
        mine = held_limits(one, "mine", calls=calls, cost=cost)
        theirs = held_limits(other, "theirs", calls=calls, cost=cost)
        assert await mine.reserve(1, 0) == await theirs.reserve(1, 0) == 1.0
        Ledger(one).pay("run", "a.example", "key", Spent(1, 1, 0, 1.0))
        await mine.settle(1.0, None)
        await mine.reserve(1, 0)  # one paid, two under way
        waits = asyncio.ensure_future(theirs.reserve(1, 0))
        done, _ = await asyncio.wait([waits], timeout=0.05)
        assert not done
        one.write("DELETE FROM batch_holds WHERE worker = ?", [("mine",)])  # it died, and is buried
        assert await waits == 1.0
        for _ in range(2):
            await theirs.settle(1.0, None)
        Ledger(one).pay("run", "b.example", "other", Spent(2, 2, 0, 2.0))
        with pytest.raises(LimitReached):
            await theirs.reserve(1, 0)


def test_a_database_that_goes_away_ends_a_run_in_one_line_and_nothing_is_lost(
    database: str,
    postgres: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, 8)
    name = database.rpartition("/")[2]
    with serving(WorldSettings(latency=0.05, page_kilobytes=1)) as world:
        for variable, value in environment(world, tmp_path / "home", database).items():
            if variable.startswith("DOSSIER_"):
                monkeypatch.setenv(variable, value)
        command = [*batch(accounts, tmp_path / "out"), "--extractor", "rules", "--concurrency", "2"]

        def cut() -> None:
            deadline = time.monotonic() + 60
            while world.seen().web < 40 and time.monotonic() < deadline:
                time.sleep(0.02)
            postgres.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
            postgres.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )

        cutter = threading.Thread(target=cut)
        cutter.start()
        code = main(command)
        cutter.join()
        said = capsys.readouterr().err
        assert code == 1
        assert said.startswith("dossier: the database postgresql://dossier@127.0.0.1:")
        assert said.count("\n") == 1
        assert PASSWORD not in said
        postgres.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        with Store(tmp_path, database) as store:
            assert list(verify_store(store)) == []
            finished = store.read("SELECT domain FROM batch_accounts WHERE state = 'done'")
            assert 0 < len(finished) < 8
        assert main(command) == 0
        with Store(tmp_path, database) as store:
            assert store.read("SELECT COUNT(*) FROM batch_accounts WHERE state = 'done'") == [(8,)]
