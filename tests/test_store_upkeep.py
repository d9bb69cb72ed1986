"""The store says what is damaged, drops what is old, and gives out or forgets an account entirely."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.cli import main
from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp
from agent.store.store import Store
from agent.store.upkeep import delete_account, export_account, prune_store, verify_store

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def researched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Research the demo account into a store once."""
    home = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOSSIER_HOME", str(home))
        output = str(home / "report.json")
        assert (
            main(
                [
                    "research",
                    DEMO_DOMAIN,
                    "--archive",
                    str(demo_archive()),
                    "--icp",
                    str(demo_icp()),
                    "-q",
                    "-o",
                    output,
                ]
            )
            == 0
        )
    return home


@pytest.fixture
def home(researched: Path, tmp_path: Path) -> Path:
    """Return a copy of the researched store."""
    target = tmp_path / "home"
    target.mkdir()
    (target / "dossier.sqlite3").write_bytes((researched / "dossier.sqlite3").read_bytes())
    return target


def test_a_whole_store_holds(home: Path) -> None:
    with Store(home) as store:
        assert list(verify_store(store)) == []


def test_a_changed_text_and_a_lost_text_are_named(home: Path) -> None:
    with sqlite3.connect(home / "dossier.sqlite3") as db:
        ids = [row[0] for row in db.execute("SELECT id FROM texts ORDER BY id LIMIT 3")]
        db.execute(
            "UPDATE texts SET text = (SELECT text FROM texts WHERE id = ?) WHERE id = ?", (ids[1], ids[0])
        )
        db.execute("UPDATE texts SET text = X'00' WHERE id = ?", (ids[1],))
        db.execute("DELETE FROM texts WHERE id = ?", (ids[2],))
    db.close()
    with Store(home) as store:
        faults = "\n".join(verify_store(store))
    for identifier in ids:
        assert identifier in faults


def test_export_holds_every_text_and_quote(home: Path) -> None:
    with Store(home) as store:
        held = export_account(store, DEMO_DOMAIN)
        assert export_account(store, "absent.example") is None
    assert held is not None
    public = json.loads(json.dumps(held))
    texts = {document["id"]: document["text"] for document in public["documents"]}
    for item in public["findings"]["evidence"]:
        assert texts[item["document"]][item["start"] : item["end"]] == item["quote"]


def test_a_deleted_account_leaves_no_trace_in_the_file(home: Path) -> None:
    with Store(home) as store:
        assert delete_account(store, DEMO_DOMAIN)
        assert export_account(store, DEMO_DOMAIN) is None
        assert delete_account(store, DEMO_DOMAIN) == []
        assert list(verify_store(store)) == []
    left = b"".join(path.read_bytes() for path in home.iterdir())
    assert DEMO_DOMAIN.encode() not in left


def test_pruning_keeps_the_latest_report_verifiable(
    home: Path, researched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(home) as store:
        prune_store(store, before=NOW + timedelta(days=1))
        assert list(verify_store(store)) == []
        assert store.latest_report(DEMO_DOMAIN) is not None
    monkeypatch.setenv("DOSSIER_HOME", str(home))
    assert main(["verify", str(researched / "report.json")]) == 0


def test_the_commands_say_what_they_did(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOSSIER_HOME", str(home))
    assert main(["store", "verify"]) == 0
    assert "all of it holds" in capsys.readouterr().out
    assert main(["store", "delete", DEMO_DOMAIN, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] > 0
    assert main(["store", "export", DEMO_DOMAIN]) == 2
    assert "nothing is stored" in capsys.readouterr().err
    with sqlite3.connect(home / "dossier.sqlite3") as db:
        db.execute("INSERT INTO texts VALUES ('ab', X'00')")
    db.close()
    assert main(["store", "verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)
