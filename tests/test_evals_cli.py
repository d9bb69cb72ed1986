"""The commands: help, exit statuses, and the way from a mistake to a labelled case."""

from __future__ import annotations

import importlib
import io
import json
import sys
import time
from pathlib import Path

import click
import pytest

from agent.cli import main as dossier
from agent.demo import demo_archive, demo_icp
from evals.cli import main
from evals.cli.commands import COMMANDS, help_text
from evals.drafts import load_draft, open_labels
from evals.handmade import write_sample
from evals.labels import load_case
from evals.results import load_results


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_sample(tmp_path_factory.mktemp("cli"), 3)


def eval_run(sample: tuple[Path, Path], out: Path, *more: str) -> int:
    accounts, icps = sample
    return main(
        ["run", "--accounts", str(accounts), "--icps", str(icps), "--out", str(out), "--workers", "1", *more]
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_says_what_the_table_says(name: str) -> None:
    module, attribute = COMMANDS[name][0].split(":")
    command = getattr(importlib.import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert command.short_help == COMMANDS[name][1]
    assert all(option.help for option in command.params if isinstance(option, click.Option)) or name
    assert name in help_text()


def test_help_answers_without_importing_the_product() -> None:
    import subprocess

    code = (
        "import sys; from evals.cli import main; main(['--help']); "
        "print(any(m in sys.modules for m in ('click', 'agent.research', 'numpy', 'langgraph')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_a_run_writes_its_files_and_a_second_scoring_is_quick(
    sample: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert eval_run(sample, tmp_path / "run") == 0
    assert "Citations that hold" in capsys.readouterr().out
    assert {"results.json", "report.html", "junit.xml", "outcomes", "run.json"} == {
        path.name for path in (tmp_path / "run").iterdir()
    }
    assert summary.read_text(encoding="utf-8").startswith("## dossier-eval")
    begun = time.monotonic()
    assert eval_run(sample, tmp_path / "again", "--rescore", str(tmp_path / "run"), "-q") == 0
    assert time.monotonic() - begun < 2
    first, second = load_results(tmp_path / "run"), load_results(tmp_path / "again")
    assert [case.sums for case in first.cases] == [case.sums for case in second.cases]


def test_a_red_gate_exits_one_and_a_run_that_cannot_start_two(
    sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gates = tmp_path / "gates.yaml"
    gates.write_text("schema: 1\nhard: [{name: impossible, measure: recall, min: 2}]", encoding="utf-8")
    assert eval_run(sample, tmp_path / "run", "--gates", str(gates)) == 1
    for arguments in (
        ["run", "--accounts", str(tmp_path / "nowhere")],
        ["run", "--replay"],
        ["run", "--extractor", "llm", "--replay", "--record"],
        ["run", "--extractor", "llm", "--replay", "--completions", str(tmp_path / "none")],
        ["run", "--extractor", "llm", "--prompt", "extract=v99"],
        ["run", "--extractor", "llm", "--prompt", "extract"],
        ["run", "--rescore", str(tmp_path / "nothing.json")],
        ["rum"],
        ["compare", str(tmp_path), str(tmp_path)],
        ["selftest", "--fault", "nope"],
        ["label", str(tmp_path)],
    ):
        capsys.readouterr()
        assert main(arguments) == 2, arguments
        said = capsys.readouterr().err.strip()
        assert said
        assert "Traceback" not in said


def test_comparing_a_run_with_itself_is_no_regression(
    sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eval_run(sample, tmp_path / "run", "-q")
    assert main(["compare", str(tmp_path / "run"), str(tmp_path / "run")]) == 0
    assert "too few cases" in capsys.readouterr().out
    assert main(["compare", str(tmp_path / "run"), str(tmp_path / "run"), "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["flipped"] == []


def test_blessing_a_run_from_an_unclean_tree_exits_one(
    sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eval_run(sample, tmp_path / "run", "-q")
    raw = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"))
    raw["identity"]["code_sha256"] = "0" * 64
    (tmp_path / "run" / "results.json").write_text(json.dumps(raw), encoding="utf-8")
    baseline = tmp_path / "baseline.json"
    arguments = ["bless", str(tmp_path / "run"), "--baseline", str(baseline), "--accounts", str(sample[0])]
    assert main(arguments) == 1
    assert not baseline.exists()
    assert "dossier-eval: " in capsys.readouterr().err


@pytest.mark.parametrize("format_", ["text", "html", "summary", "junit"])
def test_reports_are_rendered_again(sample: tuple[Path, Path], tmp_path: Path, format_: str) -> None:
    eval_run(sample, tmp_path / "run", "-q")
    out = tmp_path / "report"
    run = str(tmp_path / "run")
    assert main(["report", run, "-f", format_, "-o", str(out), "--against", run]) == 0
    assert out.read_text(encoding="utf-8")


def test_lint_says_how_many_faults(
    sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--accounts", str(sample[0])]) == 0
    accounts, _ = write_sample(tmp_path, 1)
    (accounts / "pumpwerk0.example" / "archive.warc.gz").write_bytes(b"changed")
    assert main(["lint", "--accounts", str(accounts)]) == 1
    assert "archive_sha256" in capsys.readouterr().out
    assert main(["lint", "--accounts", str(tmp_path / "empty")]) == 2


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines) + "\n"))


def test_an_account_is_captured_labelled_in_two_sittings_and_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = tmp_path / "accounts"
    archive, icp = str(demo_archive()), str(demo_icp())
    arguments = ["capture", "halyard-logistics.example", "--accounts", str(accounts), "--icp", icp]
    assert main([*arguments, "--archive", archive]) == 0
    folder = accounts / "halyard-logistics.example"
    assert main(arguments) == 2  # never overwritten
    answers(monkeypatch, "y", "n", "q")
    assert main(["label", str(folder)]) == 0
    assert "labels are still open" in capsys.readouterr().err
    assert not (folder / "labels.yaml").exists()
    still_open = len(list(open_labels(load_draft(folder))))
    missed = ["colour", "founded_year", "2014", "Halyard Logistics", "1", "n"]
    answers(monkeypatch, *["s"] * still_open, *missed, "", "s")
    assert main(["label", str(folder)]) in (0, 1)
    said = capsys.readouterr().out
    assert "no attribute named 'colour'" in said
    case = load_case(folder)
    assert [bool(label.accept) for label in case.truth.labels[:2]] == [True, False]
    assert case.truth.labels[1].trap == "corrected"
    assert case.truth.verdicts == {}


def test_a_corrected_value_must_stand_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts, _ = write_sample(tmp_path, 2)
    folder = tmp_path / "cases" / "pumpwerk1.example"
    folder.mkdir(parents=True)
    (folder / "archive.warc.gz").write_bytes((accounts / folder.name / "archive.warc.gz").read_bytes())
    (folder / "labels.draft.yaml").write_text(
        "draft: 1\ndomain: pumpwerk1.example\nsynthetic: true\nas_of: 2026-11-02\nsplit: dev\n"
        "account: {name: [], status: live}\nlabels: [{attribute: employee_count, absent: true}]\n",
        encoding="utf-8",
    )
    answers(monkeypatch, "v", "many", "227", "a team of 999", "a team of 227 employees", "")
    assert main(["label", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "'many' is no employee_count" in said
    assert "stand on no page that was read" in said
    label = load_case(folder).truth.labels[0]
    assert label.accept == ({"exact": 227, "low": 227, "high": 227},)
    assert label.spans[0].quote == "a team of 227 employees"
    assert label.spans[0].url == "https://pumpwerk1.example/about"


def test_a_correction_rescores_and_becomes_a_draft_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report, fixed = tmp_path / "report.json", tmp_path / "fixed.json"
    assert dossier(["demo", "-q", "-o", str(report)]) == 0
    public = json.loads(report.read_text(encoding="utf-8"))
    size = next(item for item in public["evidence"] if item["attribute"] == "employee_count")
    arguments = ["correct", str(report), "-e", size["id"][:10], "--icp", str(demo_icp())]
    arguments += ["--why", "the parent's number", "--archive", str(demo_archive()), "-o", str(fixed)]
    assert dossier(arguments) == 0
    assert "set aside" in capsys.readouterr().out
    corrected = json.loads(fixed.read_text(encoding="utf-8"))
    assert size["id"] not in fixed.read_text(encoding="utf-8")
    assert len(corrected["evidence"]) == len(public["evidence"]) - 1
    assert dossier(["verify", str(fixed), "--archive", str(demo_archive())]) == 0
    assert dossier(arguments) == 2  # the draft is there already
    answers(monkeypatch, "y", "")
    folder = tmp_path / "halyard-logistics.example"
    assert main(["label", str(folder)]) == 0
    assert load_case(folder).truth.labels[0].reject == (size["value"],)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["-e", "zz", "--why", "x", "--icp", "ICP"], "no evidence 'zz'"),
        (["-e", "ID", "--why", " ", "--icp", "ICP"], "say why"),
        (["-e", "ID", "--why", "x"], "give that profile with --icp"),
        (["-e", "", "--why", "x", "--icp", "ICP"], "no evidence ''"),
    ],
)
def test_a_correction_that_makes_no_sense_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: list[str], said: str
) -> None:
    report = tmp_path / "report.json"
    dossier(["demo", "-q", "-o", str(report)])
    public = json.loads(report.read_text(encoding="utf-8"))
    known = {"ID": public["evidence"][0]["id"], "ICP": str(demo_icp())}
    capsys.readouterr()
    assert dossier(["correct", str(report), *(known.get(word, word) for word in change)]) == 2
    assert said in capsys.readouterr().err


def test_a_correction_of_another_json_or_profile_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    for text in ("[]", "{}", '{"rejected": []}', '{"rejected": [1], "verdicts": []}'):
        report.write_text(text, encoding="utf-8")
        assert dossier(["correct", str(report), "-e", "a", "--why", "x"]) == 2
    dossier(["demo", "-q", "-o", str(report), "-f", "json"])
    changed = tmp_path / "icp.yaml"
    changed.write_text(
        demo_icp().read_text(encoding="utf-8").replace("version: 3", "version: 4"), encoding="utf-8"
    )
    capsys.readouterr()
    assert dossier(["correct", str(report), "-e", "a", "--why", "x", "--icp", str(changed)]) == 2
    err = capsys.readouterr().err
    assert "has changed since the report" in err or "no evidence" in err or "fits several" in err
