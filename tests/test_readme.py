"""The verdict in the README is a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli import main

README = Path(__file__).resolve().parent.parent / "README.md"


def test_every_line_of_the_shown_verdict_is_printed_by_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    shown = README.read_text(encoding="utf-8").split("(shortened here):\n\n```\n", 1)[1].split("\n```", 1)[0]
    lines = [line.rstrip() for line in shown.splitlines() if line.strip() and line.strip() != "..."]
    assert len(lines) >= 15
    assert main(["demo", "--quiet"]) == 0
    printed = {line.rstrip() for line in capsys.readouterr().out.splitlines()}
    assert [line for line in lines if line not in printed] == []
