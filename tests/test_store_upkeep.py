"""The store says what is damaged, drops what is old, and gives out or forgets an account entirely."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.cli import main
from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp
from agent.store.store import Store
from agent.store.upkeep import delete_account, export_account, prune_store, verify_store
from evals.bench.postgres_server import Server

NOW = datetime.now(UTC)


class Researched(NamedTuple):
    """A store that holds the demo account: its folder, its database's URL, and the report's file."""

    home: Path
    database_url: str | None
    report: Path

    def open(self) -> Store:
        return Store(self.home, self.database_url)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def researched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Researched:
    """Research the demo account into a store of each kind once."""
    home, url = tmp_path_factory.mktemp("store"), None
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE researched")
        url = server.url("researched")
    output = home / "report.json"
    command = ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--icp", str(demo_icp()), "-q"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOSSIER_HOME", str(home))
        patch.setenv("DOSSIER_DATABASE_URL", url or "")
        assert main([*command, "-o", str(output)]) == 0
    return Researched(home, url, output)


@pytest.fixture
def home(
    researched: Researched,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Researched]:
    """Return a copy of the researched store, which the commands use too."""
    target = tmp_path / "home"
    target.mkdir()
    monkeypatch.setenv("DOSSIER_HOME", str(target))
    if researched.database_url is None:
        file = "dossier.sqlite3"
        (target / file).write_bytes((researched.home / file).read_bytes())
        yield Researched(target, None, researched.report)
        return
    assert not list(researched.home.glob("*.sqlite3"))
    server: Server = request.getfixturevalue("postgres")
    server.execute("CREATE DATABASE upkeep TEMPLATE researched")
    monkeypatch.setenv("DOSSIER_DATABASE_URL", server.url("upkeep"))
    yield Researched(target, server.url("upkeep"), researched.report)
    server.execute("DROP DATABASE upkeep WITH (FORCE)")


def test_a_whole_store_holds(home: Researched) -> None:
    with home.open() as store:
        assert list(verify_store(store)) == []


def test_a_changed_text_and_a_lost_text_are_named(home: Researched) -> None:
    with home.open() as store:
        ids = [str(row[0]) for row in store.read("SELECT id FROM texts ORDER BY id LIMIT 3")]
        store.write(
            "UPDATE texts SET text = (SELECT text FROM texts WHERE id = ?) WHERE id = ?", [(ids[1], ids[0])]
        )
        store.write("UPDATE texts SET text = ? WHERE id = ?", [(b"\0", ids[1])])
        store.write("DELETE FROM texts WHERE id = ?", [(ids[2],)])
        faults = "\n".join(verify_store(store))
    for identifier in ids:
        assert identifier in faults


def test_export_holds_every_text_and_quote(home: Researched) -> None:
    with home.open() as store:
        held = export_account(store, DEMO_DOMAIN)
        assert export_account(store, "absent.example") is None
    assert held is not None
    public = json.loads(json.dumps(held))
    texts = {document["id"]: document["text"] for document in public["documents"]}
    for item in public["findings"]["evidence"]:
        assert texts[item["document"]][item["start"] : item["end"]] == item["quote"]


def test_a_deleted_account_leaves_no_trace_in_the_file(home: Researched) -> None:
    with home.open() as store:
        assert delete_account(store, DEMO_DOMAIN)
        assert export_account(store, DEMO_DOMAIN) is None
        assert delete_account(store, DEMO_DOMAIN) == []
        assert list(verify_store(store)) == []
        for table in ("documents", "responses", "findings", "reports", "completions"):
            assert store.read(f"SELECT * FROM {table}") == []
    if home.database_url is None:
        left = b"".join(path.read_bytes() for path in home.home.iterdir())
        assert DEMO_DOMAIN.encode() not in left


def test_pruning_keeps_the_latest_report_verifiable(home: Researched) -> None:
    with home.open() as store:
        prune_store(store, before=NOW + timedelta(days=1))
        assert list(verify_store(store)) == []
        kept = json.loads(home.report.read_text(encoding="utf-8"))["run"]["id"]
        assert store.load_report(kept) is not None
    assert main(["verify", str(home.report)]) == 0


def test_the_commands_say_what_they_did(home: Researched, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "verify"]) == 0
    assert ": 1 account, all of it holds" in capsys.readouterr().out
    assert main(["store", "delete", DEMO_DOMAIN, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] > 0
    assert main(["store", "export", DEMO_DOMAIN]) == 2
    assert "nothing is stored" in capsys.readouterr().err
    with home.open() as store:
        store.write("INSERT INTO texts VALUES (?, ?)", [("ab", b"\0")])
    assert main(["store", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)
