"""The command line answers every input in one clear line, and documents itself."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO

import click
import pytest

from agent.cli import main
from agent.cli.commands import COMMANDS, help_text
from agent.cli.output import write_text
from agent.cli.root import dossier
from agent.demo import DEMO_DOMAIN, demo_archive, demo_icp

README = Path(__file__).resolve().parent.parent / "README.md"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3
    assert f"dossier {name}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_docstring_and_every_option_help(name: str) -> None:
    with click.Context(dossier) as context:
        command = dossier.get_command(context, name)
    assert command is not None
    pending = [command]
    while pending:
        found = pending.pop()
        assert found.help, found.name
        for parameter in found.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name in ("format_", "as_json", "json_"), (
                    f"{found.name}: {parameter.name}"
                )
        if isinstance(found, click.Group):
            pending += found.commands.values()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_is_the_table_of_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out == help_text() + "\n"


def test_help_imports_no_framework() -> None:
    import subprocess

    code = (
        "import sys; from agent.cli import main; main(['--help']);"
        "heavy = {'click','langgraph','openai','httpx','pydantic','rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["research", "not a domain"], "not a domain"),
        (["research", "localhost"], "localhost"),
        (["research", "10.0.0.1"], "10.0.0.1"),
        (["research", ""], ""),
        (["research", "\x00"], ""),
        (["research", "someone@gmail.com"], "gmail.com"),
        (["research", DEMO_DOMAIN, "--archive", "nowhere.warc.gz"], "nowhere.warc.gz"),
        (
            ["research", DEMO_DOMAIN, "--icp", "nowhere.yaml", "--archive", str(demo_archive())],
            "nowhere.yaml",
        ),
        (["research", DEMO_DOMAIN, "--as-of", "yesterday"], "yesterday"),
        (["research", DEMO_DOMAIN, "--max-pages", "0"], "0"),
        (["research", DEMO_DOMAIN, "--extractor", "psychic"], "psychic"),
        (["research", DEMO_DOMAIN, "--archive", "a", "--record", "b"], "--archive"),
        (
            ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "-o", "no/such/folder/r.json"],
            "no/such/folder",
        ),
        (["reserch", DEMO_DOMAIN], "did you mean 'research'"),
        (["verify", __file__], "not a JSON report"),
        (["document", "zzzz"], "zzzz"),
        (["rescore", "--icp", "nowhere.yaml"], "nowhere.yaml"),
        (["import", "evidence", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_wrong_usage_is_exit_2_and_names_the_value(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_archive_that_is_no_archive_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"\x00 not a warc")
    assert main(["research", "acme.example", "--archive", str(tmp_path / "a.warc.gz")]) == 1
    err = capsys.readouterr().err.strip().splitlines()
    assert len(err) == 1
    assert "a.warc.gz" in err[0]


def test_recording_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept.warc.gz").write_bytes(b"precious")
    assert main(["research", "acme.example", "--record", str(tmp_path / "kept.warc.gz")]) == 2
    assert "already exists" in capsys.readouterr().err
    assert (tmp_path / "kept.warc.gz").read_bytes() == b"precious"


def test_an_extractor_without_its_configuration_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--extractor", "llm", "-q"])
    assert status in (1, 2)
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_the_schemas_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("report", "icp"):
        assert main(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"]


def test_doctor_tells_what_is_missing_and_shows_no_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-value")
    main(["doctor"])
    out = capsys.readouterr().out
    assert "sk-secret-value" not in out
    assert "data folder" in out
    assert "import tools" in out


def test_settings_that_make_no_sense_name_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOSSIER_CACHE_DAYS", "soon")
    assert main(["doctor"]) == 2
    assert "DOSSIER_CACHE_DAYS" in capsys.readouterr().err


def test_zero_cache_days_is_a_value_not_an_absence() -> None:
    from agent.settings import Settings

    assert Settings.from_environment({"DOSSIER_CACHE_DAYS": "0", "DOSSIER_HOME": "/tmp/x"}).cache_days == 0
    assert Settings.from_environment({"DOSSIER_CACHE_DAYS": " ", "DOSSIER_HOME": "/tmp/x"}).cache_days == 7


def test_a_report_file_is_checked_before_the_work_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "-o", str(tmp_path / "no" / "r.json")]) == 2
    assert "resolve" not in capsys.readouterr().err


def test_a_device_given_as_the_report_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "short")
        assert os.read(reader, 100) == b"short"
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert list(tmp_path.iterdir()) == [pipe]
    finally:
        os.close(reader)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("package", "command"), [("agent", ["schema", "report"]), ("evals", ["schema"])])
def test_a_full_disk_under_the_output_is_one_line_and_exit_1(package: str, command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = run_python(*command, stdout=full, package=package)
    name = {"agent": "dossier", "evals": "dossier-eval"}[package]
    assert done.returncode == 1
    assert done.stderr == f"{name}: the output is not complete: No space left on device\n"


def test_a_closed_output_costs_no_traceback() -> None:
    code = (
        "import os, sys; os.close(1); sys.stdout = None; from agent.cli import main; sys.exit(main(['demo']))"
    )
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=False)
    assert "Traceback" not in done.stderr


def run_python(*arguments: str, stdout: IO[str], package: str = "agent") -> subprocess.CompletedProcess[str]:
    code = f"import sys; from {package}.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DOSSIER_CACHE_DAYS", "99999999999"), ("DOSSIER_HOME", "~no-such-user-here/data")],
)
def test_settings_no_machine_can_keep_are_one_line(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["doctor"]) == 2
    assert variable in capsys.readouterr().err


def test_doctor_shows_no_password_of_the_endpoint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:hunter2@models.example:8080/v1")
    main(["doctor"])
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert "http://models.example:8080/v1" in out


def test_profiles_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(demo_icp().read_text(encoding="utf-8").replace("version: 3", "version: 4"))
    order = ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--icp", str(demo_icp())]
    assert main([*order, "--icp", str(again)]) == 2
    assert "mid-market-freight" in capsys.readouterr().err


def test_a_message_cannot_drive_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r.json"
    assert main(["demo", "--quiet", "-o", str(report)]) == 0
    public = json.loads(report.read_text(encoding="utf-8"))
    public["documents"][0] |= {"id": "0" * 64, "url": "https://acme.example/\x1b[2J\x07"}
    report.write_text(json.dumps(public), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(report)]) == 1
    assert not {"\x1b", "\x07"} & set(capsys.readouterr().err)


def test_a_report_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    assert main(["demo", "--quiet", "-o", str(report)]) == 0
    report.write_text(report.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert main(["verify", str(report)]) == 0


def test_more_than_three_profiles_are_warned_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "-q", "--format", "json"]
    for number in range(4):
        profile = tmp_path / f"{number}.yaml"
        profile.write_text(
            f"icp: p{number}\ncriteria:\n  - {{id: size, attribute: employee_count, ideal: [1, 500]}}\n"
        )
        arguments += ["--icp", str(profile)]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["verdicts"]) == 4
    assert "4 profiles in one run" in captured.err
    assert main(arguments[:-2]) == 0
    assert "profiles in one run" not in capsys.readouterr().err


def test_a_replay_reads_the_imports_too_and_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "crm.csv"
    rows.write_text(
        "domain,attribute,value,quote,source,date\n"
        f"{DEMO_DOMAIN},revenue,USD 31m,Annual revenue USD 31m,CRM,2026-10-01\n"
    )
    report = tmp_path / "report.json"
    assert main(["import", "evidence", str(rows)]) == 0
    order = ["research", DEMO_DOMAIN, "--archive", str(demo_archive()), "--icp", str(demo_icp())]
    assert main([*order, "--format", "json", "-o", str(report)]) == 0
    found = json.loads(report.read_text(encoding="utf-8"))
    (revenue,) = [item for item in found["evidence"] if item["attribute"] == "revenue"]
    assert revenue["source_kind"] == "imported"
    assert main(["verify", str(report)]) == 0
    assert main(["verify", str(report), "--archive", str(demo_archive())]) == 0
    assert "hold" in capsys.readouterr().err


def test_verify_prints_every_fault_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "r.json"
    assert main(["demo", "--quiet", "-o", str(report)]) == 0
    assert main(["verify", str(report), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    public = json.loads(report.read_text(encoding="utf-8"))
    public["evidence"][0]["quote"] = "Halyard moves everything."
    public["evidence"][1]["end"] += 1
    report.write_text(json.dumps(public), encoding="utf-8")
    assert main(["verify", str(report), "--json"]) == 1
    faults = json.loads(capsys.readouterr().out)
    for item in public["evidence"][:2]:
        assert any(item["id"] in fault for fault in faults)


def test_an_import_tells_as_json_what_it_took_and_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "crm.csv"
    rows.write_text(
        "domain,attribute,value,date\nacme.example,revenue,USD 31m,\nacme.example,revenue,1,05/11/2026\n"
    )
    assert main(["import", "evidence", str(rows), "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == {
        "rows": 1,
        "accounts": ["acme.example"],
        "rejects": [{"row": 3, "reason": "date '05/11/2026' is not a date like 2026-03-31"}],
    }
