"""The commands over deals, as a person types them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deal_tables import PROFILE, TODAY, companies, csv_of, deals_csv, known

from agent.cli import main
from agent.icp import parse_icp
from agent.models import Account
from agent.store.store import Store


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "icp.yaml").write_text(PROFILE)
    (tmp_path / "won.csv").write_text(csv_of(companies(60, True)))
    (tmp_path / "lost.csv").write_text(csv_of(companies(60, False)))
    (tmp_path / "deals.csv").write_text(deals_csv(60))
    return tmp_path


def test_learn_writes_a_draft_once(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sides = ["--won", str(files / "won.csv"), "--lost", str(files / "lost.csv")]
    draft = files / "draft.yaml"
    assert main(["icp", "learn", *sides, "--output", str(draft)]) == 0
    assert parse_icp(draft.read_text()).name == "learned"
    assert "held out: 20 won, 20 lost; AUC" in capsys.readouterr().err
    assert main(["icp", "learn", *sides, "--output", str(draft)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert main(["icp", "learn", *sides, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["won"] == 40


def test_backtest_keeps_figures_and_flags_the_next_drop(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile, deals = str(files / "icp.yaml"), ["--deals", str(files / "deals.csv")]
    assert main(["icp", "backtest", profile, *deals, "--keep", "--html", str(files / "r.html")]) == 0
    assert "crm-users v1 on 120 deals: 60 won, 60 lost" in capsys.readouterr().out
    page = (files / "r.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "svg{max-width:100%;height:auto}" in page  # nothing is cut off on a telephone
    assert page.count('class="scroll"><table>') == 1
    (files / "icp.yaml").write_text(
        PROFILE.replace("logistics", "retail").replace("Salesforce]", "Pipedrive]")
    )
    assert main(["icp", "backtest", profile, *deals, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["drop"].startswith("AUC fell from")


def test_refine_prints_a_gain_or_no_gain(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    assert main(["icp", "refine", str(files / "icp.yaml"), "--deals", str(files / "deals.csv")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("AUC 0.")
    assert "no gain" in out or "→" in out


def test_size_of_a_list(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", "size", str(files / "icp.yaml"), "--list", str(files / "won.csv")]) == 0
    assert "fewer than the workable 500" in capsys.readouterr().out


def test_diff_reads_the_store(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = files / "other.yaml"
    other.write_text(PROFILE.replace("min: 70", "min: 99").replace("min: 40", "min: 98"))
    command = ["icp", "diff", str(files / "icp.yaml"), str(other)]
    assert main(command) == 2
    assert "no account is stored yet" in capsys.readouterr().err
    with Store(files / "home") as store:
        for domain, findings in known(companies(8, True)):
            account = Account(
                domain=domain, final_domain=domain, status="live", home_url=f"https://{domain}/"
            )
            store.save_findings(
                account, findings, as_of=TODAY, now=datetime(2026, 6, 30, tzinfo=UTC) + timedelta(0)
            )
    assert main(command) == 0
    assert "of 8 stored accounts change tier" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accounts"] == 8


@pytest.mark.parametrize("command", ["new", "lint", "schema", "learn", "backtest", "diff", "refine", "size"])
def test_every_icp_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", command, "--help"]) == 0
    assert "Usage: dossier icp" in capsys.readouterr().out
