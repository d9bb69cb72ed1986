"""The whole way through the house, on the bundled archive."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from agent.cli import main
from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange

BASE = ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--icp", str(demo_icp()), "--quiet"]


def run_json(*extra: str, capsys: pytest.CaptureFixture[str]) -> dict:  # type: ignore[type-arg]
    assert main([*BASE, "--format", "json", *extra]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_demo_cites_evidence_from_several_kinds_of_source(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys=capsys)
    cited = {
        identifier
        for verdict in report["verdicts"]
        for criterion in verdict["criteria"]
        for identifier in criterion["evidence"]
    }
    kinds = Counter(e["source_kind"] for e in report["evidence"] if e["id"] in cited)
    assert sum(kinds.values()) >= 8
    assert len(kinds) >= 3


def test_the_traps_of_the_demo_are_not_taken_for_facts(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys=capsys)
    facts = {(f["attribute"], json.dumps(f["value"], sort_keys=True)): f for f in report["facts"]}
    [size] = [f for f in report["facts"] if f["attribute"] == "employee_count"]
    assert size["value"]["low"] <= 340 <= size["value"]["high"] < 1000
    assert not any(product in key for _, key in facts for product in ("Transplace", '"product": "SAP"'))
    assert [f["value"] for f in report["facts"] if f["attribute"] == "founded_year"] == [2014]
    assert not any("9,000" in e["quote"] for e in report["evidence"])
    used = {
        f["value"]["product"]
        for f in report["facts"]
        if f["attribute"] == "technology" and f["value"]["relation"] == "uses"
    }
    assert "Salesforce" in used
    assert "Pipedrive" not in used


def test_every_quote_is_the_documents_own_slice(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys=capsys)
    for item in report["evidence"]:
        assert main(["document", item["document"]]) == 0
        text = capsys.readouterr().out
        assert text[item["start"] : item["end"]] == item["quote"]


def test_two_runs_give_the_same_bytes_but_for_when_they_ran(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (run_json("--as-of", "2026-11-10", capsys=capsys) for _ in range(2))
    for report in (first, second):
        for key in ("id", "started_at", "seconds"):
            del report["run"][key]
    assert json.dumps(first) == json.dumps(second)


def test_as_of_moves_the_score_and_nothing_else_does(capsys: pytest.CaptureFixture[str]) -> None:
    now = run_json(capsys=capsys)
    later = run_json("--as-of", "2027-06-01", capsys=capsys)
    assert now["as_of"] == "2026-11-02"
    assert later["verdicts"][0]["score"] < now["verdicts"][0]["score"]
    assert now["evidence"] == later["evidence"]


def test_verify_holds_and_one_changed_character_breaks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    assert main([*BASE, "--output", str(report)]) == 0
    assert main(["verify", str(report)]) == 0
    assert main(["verify", str(report), "--archive", str(demo_archive())]) == 0
    public = json.loads(report.read_text())
    quote = public["evidence"][0]["quote"]
    public["evidence"][0]["quote"] = ("A" if quote[0] != "A" else "B") + quote[1:]
    report.write_text(json.dumps(public))
    capsys.readouterr()
    assert main(["verify", str(report)]) == 1
    assert public["evidence"][0]["id"] in capsys.readouterr().err


def test_a_stored_account_is_rescored_without_a_fetch(capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys=capsys)
    assert main(["rescore", "--icp", str(demo_icp()), "--as-of", report["as_of"], "--format", "json"]) == 0
    rescored = json.loads(capsys.readouterr().out)
    assert rescored["domain"] == DEMO_DOMAIN
    for key in ("score", "possible", "tier", "coverage"):
        assert rescored[key] == report["verdicts"][0][key]


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_every_format_says_the_verdict_and_that_no_model_read(
    format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*BASE, "--format", format_]) == 0
    out = capsys.readouterr().out
    assert "no model" in out
    assert "halyard" in out.lower()


def test_without_a_profile_there_are_facts_and_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--format", "json", "-q"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdicts"] == []
    assert report["best_icp"] is None
    assert report["facts"]


def test_an_account_the_archive_does_not_hold_ends_with_a_report_and_exit_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = main(
        [
            "research",
            "other.example",
            "--archive",
            str(demo_archive()),
            "--icp",
            str(demo_icp()),
            "--format",
            "json",
        ]
    )
    assert status == 1
    report = json.loads(capsys.readouterr().out)
    assert report["documents"] == []
    assert report["verdicts"][0]["tier"] == "insufficient_evidence"
    assert report["verdicts"][0]["score"] == 0


def test_the_run_says_what_day_the_archive_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert date.fromisoformat(run_json(capsys=capsys)["as_of"]) == date(2026, 11, 2)


def test_a_report_of_many_pages_is_verified_against_its_archive(tmp_path: Path) -> None:
    archive, report = tmp_path / "many.warc", tmp_path / "many.json"
    at, html = datetime(2026, 11, 2, tzinfo=UTC), (("Content-Type", "text/html; charset=utf-8"),)
    places = ("about", "product", "pricing", "customers", "security", "careers", "press", "contact")
    names = [f"{place}/part-{number}" for place in places for number in range(5)]
    links = "".join(f'<a href="/{name}">{name}</a> ' for name in names)
    with WarcRecorder(archive) as recorder:
        for name in ("", *names):
            body = f"<title>Acme {name}</title><h1>Acme {name}</h1><p>{name} tells more: {sha256(name.encode()).hexdigest()}</p>{links}"
            recorder.exchange(
                Exchange("GET", f"https://acme.example/{name}", None, 200, html, at, body.encode())
            )
    order = ["research", "acme.example", "--archive", str(archive), "--max-pages", "30", "-q"]
    assert main([*order, "-o", str(report)]) == 0
    read = [d for d in json.loads(report.read_text())["documents"] if d["kind"] == "website"]
    assert len(read) > 20
    assert main(["verify", str(report), "--archive", str(archive)]) == 0
