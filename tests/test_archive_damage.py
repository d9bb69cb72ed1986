"""What a user is told when an archive is damaged: its pages are missing for that reason, not by choice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.cli import main
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """An archive of a home page and an about page whose file ends in the middle of the second."""
    archive = tmp_path / "a.warc"
    with WarcRecorder(archive) as recorder:
        for url in ("https://acme.example/", "https://acme.example/about"):
            body = b"<title>Acme</title><p>" + b"Acme moves freight. " * 200
            recorder.exchange(Exchange("GET", url, None, 200, (("Content-Type", "text/html"),), NOW, body))
    archive.write_bytes(archive.read_bytes()[:-1_500])
    return archive


def test_a_torn_archive_is_told_to_whoever_researches_from_it(
    torn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["research", "acme.example", "--archive", str(torn), "--extractor", "rules"]) == 0
    assert "the file ends in the middle of a record" in capsys.readouterr().err


@pytest.mark.parametrize("shape", ["text", "json", "markdown", "html"])
def test_every_report_from_a_torn_archive_says_so_once_even_quietly(
    torn: Path, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["research", "acme.example", "--archive", str(torn), "--extractor", "rules"]
    assert main([*order, "--quiet", "--format", shape]) == 0
    out, err = capsys.readouterr()
    assert "the archive is damaged" not in err
    said = " ".join(out.split())
    assert said.count("the archive is damaged, so what is missing may have been saved (at byte ") == 1


def test_the_json_tells_of_the_damage_beside_the_pages_that_were_read(
    torn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["research", "acme.example", "--archive", str(torn), "--extractor", "rules", "--format", "json"]
    assert main([*order, "--quiet"]) == 0
    website, *others = json.loads(capsys.readouterr().out)["coverage_of_sources"]
    assert website["source"] == "website"
    assert website["state"] == "read"
    assert website["detail"].startswith("1 page read")
    assert "the file ends in the middle of a record" in website["detail"]
    assert not [each for each in others if "damaged" in each["detail"]]


def test_an_archive_torn_in_the_home_page_is_not_called_a_dead_site_without_a_word(
    torn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torn.write_bytes(torn.read_bytes()[:3_000])
    order = ["research", "acme.example", "--archive", str(torn), "--extractor", "rules", "--format", "json"]
    assert main([*order, "--quiet"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert "the archive is damaged" in report["coverage_of_sources"][0]["detail"]


def test_a_report_that_a_torn_archive_cannot_confirm_is_told_why(
    tmp_path: Path, torn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    order = ["research", "acme.example", "--archive", str(torn), "--extractor", "rules", "-q"]
    assert main([*order, "--output", str(report)]) == 0
    assert main(["verify", str(report), "--archive", str(torn)]) == 0
    assert "hold" in capsys.readouterr().out
    shorter = tmp_path / "shorter.warc"
    shorter.write_bytes(torn.read_bytes()[:3_000])
    assert main(["verify", str(report), "--archive", str(shorter)]) == 1
    assert "; the archive is damaged, so what is missing may have been saved" in capsys.readouterr().err
