"""The store on PostgreSQL: migrated by many at once, clear about a bad day, and silent about passwords."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.cli import main
from agent.errors import InputError, StoreError
from agent.settings import Settings
from agent.store.batched import BatchedRequests, NotedRequest
from agent.store.ledger import BatchRun, Ledger
from agent.store.postgres import check_url, masked
from agent.store.store import Store
from agent.store.upkeep import verify_store
from evals.bench.postgres_server import PASSWORD, Server

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/d",
        "postgresql://u:hun@ter2@h/d",
        "postgresql://u:hunter2#x@h/d",
        "postgresql://u:hunter2/x@h/d",
        "postgresql://u:hunter2?x@h/d",
        "postgresql://u:hunter2@h:port/d",
        "postgresql://u:hunter2@h:99999/d",
        "postgresql://u:hunter2@[::1/d",
        "postgresql://u:hunter2@h",
        "hunter2",
        "",
    ],
)
def test_a_url_that_reads_two_ways_is_refused_without_being_repeated(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="postgresql://USER:PASSWORD@HOST") as caught:
        Store(tmp_path, url)
    assert "hun" not in str(caught.value)


def test_a_masked_url_names_the_place_and_no_secret() -> None:
    url = "postgresql://ann:hunter2@db.example:6000/leads?sslpassword=hunter2&sslmode=require"
    assert masked(url) == "postgresql://ann@db.example:6000/leads"
    assert check_url("postgres://ann@db.example/leads") == "postgresql://ann@db.example/leads"
    assert "hunter2" not in repr(Settings(home=Path(), database_url=url))


def test_a_wrong_password_and_a_dead_server_are_one_line_without_the_password(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = database.replace("s3cret", "s3cret-but-wrong")
    nowhere = database.rpartition(":")[0] + ":9/leads"
    for url in (wrong, nowhere, database + "-absent"):
        monkeypatch.setenv("DOSSIER_DATABASE_URL", url)
        assert main(["store", "verify"]) != 0
        said = capsys.readouterr().err
        assert said.startswith("dossier: ")
        assert "cannot be reached" in said
        assert said.count("\n") == 1
        assert "s3cret" not in said
        assert PASSWORD not in said
        assert "Traceback" not in said


def test_the_option_wins_over_the_environment(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOSSIER_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/leads")
    assert main(["store", "verify", "--database-url", database]) == 0
    said = capsys.readouterr()
    assert "0 accounts, all of it holds" in said.out
    assert PASSWORD not in said.out + said.err


def test_many_processes_may_migrate_at_once(database: str, tmp_path: Path) -> None:
    faults: list[Exception] = []

    def open_once() -> None:
        try:
            Store(tmp_path, database).close()
        except Exception as error:  # noqa: BLE001  whatever it is, the test names it
            faults.append(error)

    threads = [threading.Thread(target=open_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE dossier.schema_version SET version = 999", "newer dossier"),
        ("DROP TABLE dossier.texts", "has no table 'texts'"),
    ],
)
def test_a_newer_or_broken_schema_is_one_clear_error(
    database: str, tmp_path: Path, damage: str, says: str
) -> None:
    import psycopg

    Store(tmp_path, database).close()
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(damage.encode())
    with pytest.raises(StoreError, match=says):
        Store(tmp_path, database)


def test_a_database_from_before_batches_keeps_what_it_has_and_takes_a_batchs_requests(
    database: str, tmp_path: Path
) -> None:
    before_batches = 3
    with Store(tmp_path, database) as store:
        store.save_completion("key", "kept", now=NOW)
        for table in ("llm_batches", "llm_requests", "batch_snapshots"):
            store.write(f"DROP TABLE {table}", [()])
        store.write("UPDATE schema_version SET version = ?", [(before_batches,)])
    with Store(tmp_path, database) as store:
        assert store.load_completion("key") == "kept"
        kept = BatchedRequests(store)
        kept.note("run", "a.example", [NotedRequest("k", '{"custom_id": "k"}', 12, 0.5)], "{}")
        kept.begin("run", "token", ["k"], now=NOW)
        assert kept.snapshot("run", "a.example") == "{}"
    with Store(tmp_path, database) as store:
        assert BatchedRequests(store).held("run") == (1, 0.5)


def test_a_schema_of_somebody_else_is_left_alone(database: str, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(database, autocommit=True) as db:
        db.execute("CREATE SCHEMA dossier")
        db.execute("CREATE TABLE dossier.theirs (id BIGINT)")
    with pytest.raises(StoreError, match="not dossier's"):
        Store(tmp_path, database)
    with psycopg.connect(database) as db:
        assert db.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'dossier'").fetchone() == (1,)


def test_texts_sort_as_in_sqlite_and_a_nul_is_no_fault(database: str, tmp_path: Path) -> None:
    names = ["Zeta", "alpha", "Äther", "a\0b", "_x", "-y", "9", "é"]
    found = []
    for url in (None, database):
        with Store(tmp_path, url) as store:
            store.write("INSERT INTO texts VALUES (?, ?)", [(name.replace("\0", ""), b"") for name in names])
            found.append(store.read("SELECT id FROM texts ORDER BY id"))
    assert found[0] == found[1]
    with Store(tmp_path, database) as store:
        store.write("INSERT INTO texts VALUES (?, ?)", [("nul\0", b"\0")])
        assert store.read("SELECT text FROM texts WHERE id LIKE ?", "nul%") == [(b"\0",)]


def test_a_run_goes_through_the_ledger_alike_on_both(database: str, tmp_path: Path) -> None:
    told = []
    for url in (None, database):
        with Store(tmp_path, url) as store:
            ledger = Ledger(store)
            for run, as_of in (("old", NOW), ("new", NOW.replace(day=3))):
                ledger.add_run(
                    BatchRun(run, "folder", "list", "", "key", 1, as_of.date(), as_of, None, '{"icps": []}')
                )
                rows = [(n, f"company-{n % 4}.example", [f"Ä {n}", ""]) for n in range(1, 8)]
                ledger.replace_list(run, rows, [(9, "no domain", ["?"])], list_sha256="digest")
            ledger.start("old", "company-1.example")
            for n, state in ((1, "done"), (2, "failed")):
                ledger.finish(
                    "old",
                    f"company-{n}.example",
                    state=state,  # type: ignore[arg-type]
                    ranking=str(n),
                    detail="why",
                    entry='{"documents": 2, "model_calls": 1, "input_tokens": 5, "output_tokens": 3}',
                    report="line",
                    now=NOW,
                )
            ledger.start("old", "company-3.example")
            told.append(
                [
                    ledger.recover("old"),
                    ledger.carry_over("new", "old", finished_since=NOW),
                    ledger.counts("new"),
                    ledger.counts("old"),
                    list(ledger.finished("old")),
                    ledger.report("new", "company-1.example"),
                    list(ledger.duplicates("new")),
                    list(ledger.rejects("new")),
                    ledger.rows_of("new", "company-2.example"),
                    ledger.waiting("old", "pending", after=-1, deaths=(0, 9)),
                    ledger.spent("old"),
                    ledger.usual_account(),
                    ledger.latest_run("folder"),
                    ledger.reopen("old", "failed"),
                    list(verify_store(store)),
                ]
            )
    assert told[0] == told[1]


def test_a_connection_that_breaks_is_one_line_and_what_was_stored_stays(
    database: str, postgres: Server, tmp_path: Path
) -> None:
    with Store(tmp_path, database) as store:
        store.save_completion("kept", "{}", now=NOW)

        def save_two_and_lose_the_server() -> None:
            with store.transaction():
                store.save_completion("half", "{}", now=NOW)
                _end_sessions(postgres)
                store.save_completion("other half", "{}", now=NOW)

        with pytest.raises(StoreError, match=r"is gone .* what was stored is whole") as caught:
            save_two_and_lose_the_server()
        assert PASSWORD not in str(caught.value)
        assert store.load_completion("kept") == "{}"  # by a new connection
        assert store.load_completion("half") is None


def _end_sessions(server: Server) -> None:
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dossier'"
    )
