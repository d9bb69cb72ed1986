"""What a user is told when an archive is damaged: its pages are missing for that reason, not by choice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.cli import main
from tools.archive import WarcRecorder
from tools.fetching.answers import Exchange

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def test_a_torn_archive_is_told_to_whoever_researches_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "a.warc"
    with WarcRecorder(archive) as recorder:
        for url in ("https://acme.example/", "https://acme.example/about"):
            body = b"<title>Acme</title><p>" + b"Acme moves freight. " * 200
            recorder.exchange(Exchange("GET", url, None, 200, (("Content-Type", "text/html"),), NOW, body))
    archive.write_bytes(archive.read_bytes()[:-1_500])
    order = ["research", "acme.example", "--archive", str(archive), "--extractor", "rules"]
    assert main(order) == 0
    assert "the file ends in the middle of a record" in capsys.readouterr().err
