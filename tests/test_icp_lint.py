"""Lint names what loads but misleads, each code on a profile that has the fault and one that has not."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest

from agent.cli import main
from agent.icp import load_icp, parse_icp
from agent.icp.draft import Answers, draft_profile, template_names
from agent.revops.attainable import attainable_points
from agent.revops.lint import CODES, accepted_share, lint_icp, lint_icps
from agent.revops.reference import reference_accounts

TODAY = date(2026, 11, 22)
SOUND = """
icp: sound
review_by: 2027-01-31
criteria:
  - {id: size, attribute: employee_count, ideal: [50, 500], acceptable: [20, 2000]}
  - {id: crm, attribute: technology, any_of: [Salesforce, HubSpot]}
  - {id: hiring, attribute: hiring, where: {department: sales}, within_days: 120}
exclude:
  - {id: public-sector, attribute: industry, any_of: [government]}
"""


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint_icp(parse_icp(text), TODAY)]


def with_criterion(row: str) -> str:
    return SOUND.replace("exclude:", f"  - {{id: extra, {row}}}\nexclude:")


def with_exclusion(row: str) -> str:
    return SOUND + f"  - {{id: extra, {row}}}\n"


def test_a_sound_profile_has_no_findings() -> None:
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ICP001", SOUND.split("exclude:")[0]),
        ("ICP002", SOUND.replace("[50, 500], acceptable: [20, 2000]", "[1, null]") + "tiers: [{name: A, min: 10}]\n"),
        ("ICP003", SOUND.replace("[50, 500]", "[50, 500], required: true").replace("[Salesforce, HubSpot]", "[Salesforce], required: true") + "  - {id: out, attribute: employee_count, at_least: 1}\n"),
        ("ICP004", with_criterion("attribute: founded_year, above: 2000, weight: 0.02")),
        ("ICP005", SOUND + "tiers: [{name: A, min: 40}]\n"),
        ("ICP006", with_criterion("attribute: employee_count, ideal: [300, 900]")),
        ("ICP006", with_criterion("attribute: technology, any_of: [Salesforce, HubSpot]")),
        ("ICP006", with_criterion("attribute: founded_year, cases: [{grade: 3, at_least: 1990}, {grade: 5, at_least: 2000}]")),
        ("ICP007", with_criterion("attribute: employee_count, cases: [{grade: 3, ideal: [1, 50]}, {grade: 5, ideal: [200, 900]}]")),
        ("ICP008", with_criterion("attribute: employee_count, ideal: [3000, 9000], weight: 9") + "tiers: [{name: A, min: 99}, {name: B, min: 50}]\n"),
        ("ICP009", with_criterion("attribute: third_party_intent, within_days: 30")),
        ("ICP009", with_criterion("attribute: website_change, within_days: 30")),
        ("ICP010", with_criterion("attribute: industry, any_of: [government, software]")),
        ("ICP010", with_exclusion("attribute: employee_count, below: 100")),
        ("ICP010", SOUND.replace("[20, 2000]}", "[20, 2000], required: true}").replace("exclude:", "  - {id: extra, attribute: employee_count, above: 9000, required: true}\nexclude:")),
        ("ICP010", with_criterion("any_of: [{attribute: industry, any_of: [government]}, {attribute: api_offered, present: true}]")),
        ("ICP010", SOUND.replace("exclude:", "  - {id: extra, attribute: api_offered, present: true, required: true}\nexclude:\n  - {id: api, attribute: api_offered, present: true}")),
        ("ICP011", SOUND.replace("review_by: 2027-01-31\n", "")),
        ("ICP012", SOUND.replace("2027-01-31", "2026-11-21")),
        ("ICP012", SOUND.replace("2027-01-31", "2028-01-31")),
        ("ICP014", "icp: a\nreview_by: 2027-01-31\ncriteria:\n  - {id: size, attribute: employee_count, ideal: [50, 500]}\nexclude: []\n"),
        ("ICP015", SOUND.replace("HubSpot", "Salesfroce")),
        ("ICP016", SOUND.replace(", within_days: 120", "")),
        ("ICP017", with_criterion("attribute: revenue, at_least: 1M")),
        ("ICP018", SOUND.replace("  - {id: crm, attribute: technology, any_of: [Salesforce, HubSpot]}\n", "")),
        ("ICP019", SOUND + "tiers: [{name: B, min: 50}, {name: A, min: 75}]\n"),
    ],
)  # fmt: skip
def test_each_code_is_found_where_its_fault_is(code: str, text: str) -> None:
    findings = [finding for finding in lint_icp(parse_icp(text), TODAY) if finding.code == code]
    assert findings, codes(text)
    for finding in findings:
        assert finding.fix
        assert "\n" not in finding.message + finding.fix


def test_more_than_three_profiles_warn() -> None:
    profiles = [parse_icp(SOUND.replace("icp: sound", f"icp: p{n}")) for n in range(4)]
    assert [finding.code for finding in lint_icps(profiles, TODAY)] == ["ICP013"]
    assert lint_icps(profiles[:3], TODAY) == ()


def test_every_code_is_described_and_tested() -> None:
    assert set(CODES) == {f"ICP{number:03}" for number in range(1, 20)}


def test_the_order_of_tiers_is_told_and_is_no_part_of_a_profile_s_hash() -> None:
    sorted_, given = (
        parse_icp(SOUND + f"tiers: [{tiers}]\n")
        for tiers in ("{name: A, min: 75}, {name: B, min: 50}", "{name: B, min: 50}, {name: A, min: 75}")
    )
    assert (sorted_.sha256, sorted_.tiers) == (given.sha256, given.tiers)
    [finding] = lint_icp(given, TODAY)
    assert finding.message == "they are given as B, A, and count by their least score: A, B"


def test_a_misspelt_product_is_told_its_likely_name() -> None:
    (finding,) = lint_icp(parse_icp(SOUND.replace("HubSpot", "Salesfroce")), TODAY)
    assert "did you mean 'Salesforce'?" in finding.fix


def test_the_reference_set_is_the_same_every_time_and_declared_synthetic() -> None:
    icp = parse_icp(SOUND)
    first, second = list(reference_accounts(icp, 20)), list(reference_accounts(icp, 20))
    assert first == second
    assert {item.extractor for findings in first for item in findings.evidence} == {"synthetic"}
    assert 0.02 < accepted_share(icp) < 0.5


def test_competing_criteria_lower_what_an_account_can_reach() -> None:
    assert attainable_points(parse_icp(SOUND)) == 100
    apart = with_criterion("attribute: employee_count, ideal: [3000, 9000]")
    assert attainable_points(parse_icp(apart)) == 80
    sectors = (
        "icp: a\ncriteria:\n  - {id: a, attribute: industry, any_of: [retail], weight: 3}\n"
        "  - {id: b, attribute: industry, any_of: [software]}\n"
        "  - {id: c, attribute: industry, none_of: [retail]}\n"
    )
    assert attainable_points(parse_icp(sectors)) == 60


@pytest.mark.parametrize("name", template_names())
def test_templates_lint_clean_once_dated(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "icp.yaml"
    assert main(["icp", "new", "--template", name, "--output", str(file)]) == 0
    assert lint_icp(load_icp(file), load_icp(file).review_by or TODAY) == ()
    assert main(["icp", "lint", str(file)]) == 0
    assert capsys.readouterr().out == ""


def test_lint_exits_1_with_findings_and_prints_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "icp.yaml"
    file.write_text(SOUND.replace("HubSpot", "Salesfroce"))
    assert main(["icp", "lint", "--json", str(file)]) == 1
    assert json.loads(capsys.readouterr().out)[0]["code"] == "ICP015"
    assert main(["icp", "lint", str(file)]) == 1
    assert "fix: did you mean" in capsys.readouterr().out
    file.write_text(SOUND.replace("employee_count", "employe_count"))
    assert main(["icp", "lint", str(file)]) == 2
    assert "nearest: employee_count" in capsys.readouterr().err


def test_new_never_overwrites_and_names_unknown_templates(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "icp.yaml"
    file.write_text("mine")
    assert main(["icp", "new", "--template", "agency", "--output", str(file)]) == 2
    assert file.read_text() == "mine"
    assert "never overwritten" in capsys.readouterr().err
    assert main(["icp", "new", "--template", "agenzy"]) == 2
    assert "nearest: agency" in capsys.readouterr().err
    assert main(["icp", "new", "--template", "agency", "--output", str(tmp_path / "no" / "x.yaml")]) == 2
    assert main(["icp", "new", "--list"]) == 0
    assert "developer-tools" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answers",
    [
        Answers(name="bare"),
        Answers(name="tiny", industries=("logistics",), least_employees=1, most_employees=1),
        Answers(
            name="full",
            industries=("logistics", "retail"),
            least_employees=100,
            most_employees=900,
            markets=("DACH", "US"),
            technologies=("Salesforce", "AS/400", 'a "quoted": one'),
            hiring=("sales", "it"),
            excluded_industries=("government",),
            titles=("VP, Operations", "COO"),
        ),
    ],
)
def test_answers_make_a_profile_that_loads(answers: Answers) -> None:
    icp = parse_icp(draft_profile(answers, TODAY))
    assert icp.name == answers.name
    assert icp.review_by == date(2027, 2, 20)
    if answers.name == "full":
        assert [(finding.code, finding.where) for finding in lint_icp(icp, TODAY)] == [("ICP015", "stack")]


def test_the_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["required"] == ["icp", "criteria"]


# ---- `icp new` asks -------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """Typed lines, at a terminal."""

    def isatty(self) -> bool:
        return True


ANSWERS = "asked\nsoftware, logistics\n100\n1000\nDACH, US\nSalesforce\nsales\ngovernment\nVP Sales\n"


def test_answers_make_a_profile_that_passes_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "icp.yaml"
    monkeypatch.setattr(sys, "stdin", io.StringIO(ANSWERS))
    assert main(["icp", "new", "--output", str(file)]) == 0
    assert main(["icp", "lint", str(file)]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n" * 9))
    assert main(["icp", "new", "--output", str(tmp_path / "empty.yaml")]) == 0


def test_a_wrong_answer_is_asked_again_at_a_terminal_and_ends_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = (
        ANSWERS.replace("asked", "no name!\nasked")
        .replace("software, l", "softwrae\nsoftware, l")
        .replace("100\n1000", "many\n100\n10\n1000")
    )
    file = tmp_path / "icp.yaml"
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert main(["icp", "new", "--output", str(file)]) == 0
    said = capsys.readouterr().err
    for told in ("'no name!' is not a name", "nearest: software", "'many' is not a number", "runs backwards"):
        assert told in said
    assert "profile:" not in said
    monkeypatch.setattr(sys, "stdin", io.StringIO("asked\nsoftwrae\n"))
    assert main(["icp", "new"]) == 2
    assert "dossier: unknown industry 'softwrae'; nearest: software" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["icp", "new"]) == 2
    assert "use `dossier icp new --template NAME` instead" in capsys.readouterr().err
