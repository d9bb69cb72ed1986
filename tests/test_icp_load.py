"""Profiles load exactly, and every mistake is one line that says where and what is allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # it has no stubs of its own
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import ICPError
from agent.icp import load_icp, parse_icp, question_attribute
from agent.icp.json_schema import profile_schema
from agent.icp.model import ICP, Composition, Graded, NumberTest, SetTest, SignalTest
from agent.icp.yaml_source import MAX_BYTES

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "agent/icp/templates").glob("*.yaml"))
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
HEAD = "icp: test\ncriteria:\n"
SIZE = "  - {id: size, attribute: employee_count, ideal: [200, 1000]}\n"


def message(text: str) -> str:
    """Return the one line a bad profile is refused with."""
    with pytest.raises(ICPError) as caught:
        parse_icp(text, "icp.yaml")
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith("icp.yaml")
    assert caught.value.exit_code == 2
    return said


def refusal(text: str) -> str | None:
    """Return what a text is refused with, or `None` when it is a profile."""
    try:
        parse_icp(text)
    except ICPError as error:
        return str(error)
    return None


def one(criterion: str) -> str:
    return message(HEAD + f"  - {{id: a, {criterion}}}\n")


# ---- what a good profile becomes ------------------------------------------------------------------------


def test_a_profile_is_read_whole() -> None:
    icp = parse_icp(
        """
icp: freight
version: 3
review_by: 2027-02-15
dimensions: {firmographic: 40, technographic: 15, behavioural: 15, intent: 30}
tiers: [{name: B, min: 40}, {name: A, min: 80.5}]
min_coverage: 0.6
criteria:
  - {id: size, attribute: employee_count, weight: 3, ideal: [200, 1k], acceptable: [100, 2_000]}
  - {id: sector, attribute: industry, any_of: [freight, Maschinenbau], required: true}
  - {id: crm, attribute: technology, any_of: [salesforce, HubSpot]}
  - {id: jobs, attribute: hiring, where: {department: sales}, min_count: 3, within_days: 90, half_life_days: 45}
  - {id: pain, dimension: behavioural, question: Is detention a problem}
exclude:
  - {id: tiny, attribute: employee_count, below: 20}
  - {id: erp, attribute: technology, any_of: [AS/400], effect: penalty, points: 15}
personas:
  - {role: economic_buyer, titles: [VP Operations, COO]}
"""
    )
    assert (icp.name, icp.version, str(icp.review_by)) == ("freight", 3, "2027-02-15")
    assert [tier.name for tier in icp.tiers] == ["A", "B"]
    assert icp.tiers[0].min == Decimal("80.5")
    assert [(share.dimension, int(share.share)) for share in icp.dimensions] == [
        ("firmographic", 40),
        ("technographic", 15),
        ("behavioral", 15),
        ("intent", 30),
    ]
    size, sector, crm, jobs, pain = (criterion.condition for criterion in icp.criteria)
    assert isinstance(size, NumberTest)
    assert size.acceptable is not None
    assert [size.ideal.low, size.ideal.high, size.acceptable.high] == [
        Decimal(200),
        Decimal(1000),
        Decimal(2000),
    ]
    assert isinstance(sector, SetTest)
    assert sector.values == ("logistics", "manufacturing")
    assert isinstance(crm, SetTest)
    assert crm.values == ("Salesforce", "HubSpot")
    assert [(part.field, part.values) for part in crm.where] == [("relation", ("uses",))]
    assert isinstance(jobs, SignalTest)
    assert (jobs.min_count, jobs.within_days, str(jobs.half_life_days)) == (3, 90, "45")
    assert [criterion.dimension for criterion in icp.criteria] == [
        "firmographic",
        "firmographic",
        "technographic",
        "intent",
        "behavioral",
    ]
    assert pain.test == "question"
    assert icp.exclude[0].effect == "disqualify"
    assert icp.personas[0].titles == ("VP Operations", "COO")


def test_defaults_are_40_30_30_and_tiers_at_80_and_60() -> None:
    icp = parse_icp(HEAD + SIZE)
    assert [(share.dimension, int(share.share)) for share in icp.dimensions] == [
        ("firmographic", 40),
        ("behavioral", 30),
        ("intent", 30),
    ]
    assert [(tier.name, int(tier.min)) for tier in icp.tiers] == [("Tier 1", 80), ("Tier 2", 60)]
    assert icp.min_coverage == Decimal("0.5")
    assert icp.pool_of("technographic") == icp.pool_of("needs") == "behavioral"


def test_hash_follows_meaning_not_layout() -> None:
    plain = parse_icp(HEAD + SIZE)
    laid_out = parse_icp(
        "# a comment\nicp: 'test'\nversion: 1\ncriteria:\n- attribute: employee_count\n  id: size\n"
        "  weight: 1.0\n  ideal: [2e2, 1000]\n".replace("2e2", "200.0")
    )
    changed = parse_icp(HEAD + SIZE.replace("200", "201"))
    assert plain.sha256 == laid_out.sha256 != changed.sha256
    assert ICP.model_validate_json(plain.model_dump_json()).sha256 == plain.sha256


def test_compositions_cases_and_absences_are_read() -> None:
    icp = parse_icp(
        HEAD
        + """
  - id: stack
    any_of:
      - {attribute: technology, any_of: [AWS]}
      - all_of:
          - {attribute: technology, any_of: [Kubernetes]}
          - {not: {attribute: technology, relation: sells, any_of: [Docker]}}
  - id: grade
    attribute: employee_count
    cases:
      - {grade: 5, ideal: [200, 1000]}
      - {grade: 3, at_least: 100}
      - {grade: 1, otherwise: true}
  - {id: no-rival, attribute: technology, none_of: [Pipedrive], read_sources: [website, jobs]}
  - {id: quiet, attribute: layoffs, present: false, read_sources: news}
"""
    )
    stack, grade = icp.criteria[0].condition, icp.criteria[1].condition
    assert isinstance(stack, Composition)
    assert stack.test == "any"
    assert isinstance(stack.parts[1], Composition)
    assert isinstance(grade, Graded)
    assert [case.grade for case in grade.cases] == [5, 3, 1]
    assert grade.cases[2].when is None


def test_words_that_yaml_1_1_takes_for_booleans_stay_words() -> None:
    icp = parse_icp(HEAD + "  - {id: a, attribute: headquarters, any_of: [NO, SE, DK]}\n")
    condition = icp.criteria[0].condition
    assert isinstance(condition, SetTest)
    assert condition.values == ("NO", "SE", "DK")


@pytest.mark.parametrize(
    "path", [*TEMPLATES, *EXAMPLES, ROOT / "agent/demo/icp.yaml"], ids=lambda path: path.name
)
def test_shipped_profiles_load_and_pass_the_published_schema(path: Path) -> None:
    assert load_icp(path).criteria
    document = json.loads(json.dumps(yaml.safe_load(path.read_text()), default=str))
    jsonschema.Draft202012Validator(profile_schema()).validate(document)


def test_there_are_five_templates() -> None:
    assert {path.stem for path in TEMPLATES} >= {
        "b2b-saas-mid-market",
        "enterprise",
        "developer-tools",
        "agency",
        "e-commerce",
    }


def test_the_schema_refuses_what_the_reader_refuses_by_name() -> None:
    validator = jsonschema.Draft202012Validator(profile_schema())
    for text in (
        "icp: a",
        HEAD + "  - {id: a, attribute: employe_count, ideal: [1, 2]}",
        HEAD + SIZE + "colour: red",
        HEAD + SIZE + "tiers: []",
    ):
        assert list(validator.iter_errors(yaml.safe_load(text)))
        message(text)


def test_the_same_question_has_the_same_attribute_however_it_is_spaced() -> None:
    assert (
        question_attribute("Is it  so? ") == question_attribute("is it so?") != question_attribute("Is it?")
    )


# ---- messages: file, line, key path, value, what is allowed, nearest -----------------------------------------


def test_unknown_attribute_names_line_path_nearest_and_allowed() -> None:
    text = (
        "icp: test\n\ncriteria:\n"
        + SIZE
        + "  - id: b\n    weight: 2\n    attribute: employe_count\n    below: 3\n"
    )
    said = message(text)
    assert said.startswith(
        "icp.yaml:7: criteria[1].attribute: unknown attribute 'employe_count'; nearest: employee_count; allowed: name, "
    )


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("attribute: employee_count", "names 'employee_count' but no test"),
        ("atribute: industry", "unknown key 'atribute'; nearest: attribute; allowed: id, dimension"),
        (
            "attribute: industry, any_of: [logistcs]",
            "unknown industry 'logistcs'; nearest: logistics; allowed: ",
        ),
        ("attribute: industry, ideal: [1, 2]", "'industry' is not a number; allowed for it: any_of"),
        (
            "attribute: employee_count, any_of: [1]",
            "'employee_count' has no set of values; allowed for it: ideal",
        ),
        ("attribute: hiring, any_of: [sales]", "narrow an event with where"),
        ("attribute: hiring, where: {departement: sales}", "unknown key 'departement'; nearest: department"),
        (
            "attribute: hiring, where: {department: sale}",
            "unknown value 'sale'; nearest: sales; allowed: sales, ",
        ),
        ("attribute: headquarters, any_of: [XX]", "unknown country code 'XX'"),
        (
            "attribute: headquarters, any_of: [Georgia]",
            "is a country and a US state; allowed: GE for the country, 'Ge",
        ),
        (
            "attribute: operating_region, any_of: [Texas]",
            "unknown country or region 'Texas'; allowed: countries",
        ),
        ("attribute: operating_region, any_of: [Atlantis], where: {}", "no fields to narrow"),
        ("attribute: employee_count, ideal: [200]", "is not a band; allowed: [low, high]"),
        ("attribute: employee_count, ideal: [1000, 200]", "runs backwards"),
        ("attribute: employee_count, ideal: [null, null]", "open at both ends"),
        ("attribute: employee_count, ideal: [a, 2]", "'a' is not a number"),
        ("attribute: employee_count, ideal: [200, 1000], acceptable: [300, 2000]", "must contain the ideal"),
        ("attribute: employee_count, ideal: [200, 1000], acceptable: [null, 2000]", "open below the ideal"),
        ("attribute: employee_count, above: 5, below: 3", "no number is above 5 and below 3"),
        ("attribute: employee_count, above: 5, at_least: 3", "keep one lower end"),
        ("attribute: employee_count, below: 5, ideal: [1, 2]", "use one or the other"),
        ("attribute: employee_count, acceptable: [1, 2]", "has no ideal band"),
        (
            "attribute: revenue, ideal: [1M, 5M], currency: dollars",
            "'dollars' is not a currency; allowed: an ISO",
        ),
        ("attribute: technology, none_of: [Salesforce]", "read_sources: [technographics, jobs]"),
        ("attribute: technology, any_of: [A], all_of: [B]", "stands beside any_of"),
        ("attribute: ownership, all_of: [public, private]", "can never be all of 2"),
        ("attribute: layoffs, present: false", "add read_sources: [news]"),
        ("attribute: layoffs, present: true, read_sources: [news]", "belongs to present: false"),
        ("attribute: technology, any_of: [A], read_sources: [news]", "belongs to none_of or present: false"),
        (
            "attribute: technology, none_of: [A], read_sources: [twitter]",
            "unknown value 'twitter'; allowed: website",
        ),
        ("attribute: industry, any_of: []", "is an empty list"),
        ("attribute: industry, any_of: [logistics], min_count: 2", "is not a dated signal"),
        ("attribute: hiring, min_count: 0", "0 is not a whole number from 1"),
        ("attribute: hiring, within_days: ninety", "'ninety' is not a whole number"),
        ("attribute: industry, relation: uses, any_of: [logistics]", "belongs to attribute technology"),
        ("attribute: technology, relation: owns, any_of: [AWS]", "unknown value 'owns'; allowed: uses, "),
        ("question: Is it, attribute: industry", "does not go with a question"),
        ("question: ''", "is empty"),
        ("weight: 2", "says nothing to look for"),
        ("attribute: api_offered, present: true, weight: 0", "more than 0"),
        (
            "attribute: api_offered, present: true, weight: -1",
            "-1 is not a number more than 0 and at most 1000",
        ),
        (
            "attribute: api_offered, present: true, weight: .nan",
            "'.nan' is not a number more than 0 and at most",
        ),
        (
            "attribute: api_offered, present: true, weight: .inf",
            "'.inf' is not a number more than 0 and at most",
        ),
        (
            "attribute: api_offered, present: true, weight: 1e400",
            "'1e400' is not a number more than 0 and at",
        ),
        ("attribute: api_offered, present: true, weight: true", "true is not a number"),
        ("attribute: api_offered, present: maybe", "'maybe' is not true or false"),
        ("attribute: api_offered, dimension: intentions", "unknown value 'intentions'; nearest: intent"),
        ("attribute: employee_count, cases: [{ideal: [1, 2]}]", "has no grade"),
        (
            "attribute: employee_count, cases: [{grade: 6, ideal: [1, 2]}]",
            "6 is not a whole number from 1 to 5",
        ),
        (
            "attribute: employee_count, cases: [{grade: 1, otherwise: true}, {grade: 2, below: 3}]",
            "must come last",
        ),
        (
            "attribute: employee_count, cases: [{grade: 5, ideal: [2, 3], acceptable: [1, 4]}]",
            "must be yes or no",
        ),
        ("any_of: [{attribute: industry, any_of: [logistics]}, nonsense]", "'nonsense' is not a mapping"),
        ("any_of: [{question: A}], all_of: [{question: B}]", "nest one inside the other"),
        ("not: [1]", "a list is not a mapping"),
        ("id: b, attribute: api_offered", "key 'id' appears twice"),
    ],
)
def test_each_mistake_in_a_criterion_has_its_message(criterion: str, expected: str) -> None:
    said = one(criterion)
    assert expected in said
    assert said.startswith("icp.yaml:3: criteria[0]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "icp.yaml:1: the file is empty"),
        ("# only a comment\n", "icp.yaml:1: the file is empty"),
        ("null", "icp.yaml:1: the file is empty"),
        ("- a\n- b\n", "icp.yaml:1: a profile is a mapping"),
        ("just words", "icp.yaml:1: a profile is a mapping"),
        (SIZE, "a profile is a mapping"),
        ("criteria:\n" + SIZE, "no 'icp' key"),
        ("icp: test\n", "no 'criteria' key"),
        ("icp: a b c\ncriteria:\n" + SIZE, "icp.yaml:1: icp: 'a b c' is not a name"),
        ("icp: test\ncriteria: none\n", "icp.yaml:2: criteria: 'none' is not a list"),
        ("icp: test\ncriteria: [1]\n", "criteria[0]: 1 is not a mapping"),
        (
            HEAD + SIZE + "exclde: []\n",
            "icp.yaml:4: exclde: unknown key 'exclde'; nearest: exclude; allowed: icp",
        ),
        (HEAD + SIZE + SIZE, "icp.yaml:4: criteria[1].id: id 'size' is already taken on line 3"),
        (HEAD + SIZE + "version: zero\n", "version: 'zero' is not a whole number"),
        (HEAD + SIZE + "version: 1.5\n", "version: 1.5 is not a whole number"),
        (
            HEAD + SIZE + "review_by: soon\n",
            "review_by: 'soon' is not a date; allowed: a day of the calendar",
        ),
        (HEAD + SIZE + "review_by: 2027-02-30\n", "'2027-02-30' is not a date"),
        (HEAD + SIZE + "dimensions: {firmographic: 50, intent: 40}\n", "the shares add up to 90"),
        (HEAD + SIZE + "dimensions: {firm: 100}\n", "unknown key 'firm'"),
        (HEAD + SIZE + "dimensions: {behavioral: 50, behavioural: 50}\n", "in two spellings"),
        (HEAD + SIZE + "dimensions: {intent: 100}\n", "dimension 'firmographic' has no share"),
        (
            HEAD + SIZE + "dimensions: {intent: 100, firmographic: 0}\n",
            "no criterion belongs to a dimension with",
        ),
        (HEAD + SIZE + "tiers: [{name: A}]\n", "tiers[0]: has no 'min'"),
        (HEAD + SIZE + "tiers: [{name: A, min: 101}]\n", "101 is not a number of at least 0 and at most 100"),
        (HEAD + SIZE + "tiers: [{name: A, min: 1}, {name: A, min: 2}]\n", "named twice"),
        (HEAD + SIZE + "tiers: [{name: A, min: 5}, {name: B, min: 5}]\n", "begin at the same score"),
        (HEAD + SIZE + "tiers: [{name: disqualified, min: 5}]\n", "choose another name"),
        (HEAD + SIZE + "min_coverage: 50\n", "min_coverage: 50 is not a number of at least 0 and at most 1"),
        (HEAD + SIZE + "exclude: [{attribute: layoffs}]\n", "exclude[0]: has no id"),
        (HEAD + SIZE + "exclude: [{id: x, attribute: layoffs, effect: penalty}]\n", "a penalty needs points"),
        (HEAD + SIZE + "exclude: [{id: x, attribute: layoffs, points: 3}]\n", "belongs to effect: penalty"),
        (
            HEAD + SIZE + "exclude: [{id: x, attribute: layoffs, effect: reject}]\n",
            "allowed: disqualify, penalty",
        ),
        (HEAD + SIZE + "exclude: [{id: x, attribute: layoffs, half_life_days: 3}]\n", "must be yes or no"),
        (HEAD + SIZE + "personas: [{role: a, titles: []}]\n", "personas[0].titles: is an empty list"),
        (HEAD + SIZE + "personas: [{role: a, titles: [b]}, {role: a, titles: [c]}]\n", "is listed twice"),
        (HEAD + SIZE + "icp: again\n", "icp.yaml:4: icp: key 'icp' appears twice (first on line 1)"),
        (HEAD + SIZE + "---\nicp: b\n", "a second document begins here"),
        ("icp: test\ncriteria:\n\t- {id: a}\n", "icp.yaml:3: not valid YAML: found character '\\t'"),
        ("icp: test\ncriteria: [\n", "not valid YAML"),
        ("icp: !!python/object/apply:os.system ['true']\n", "icp.yaml:1: tag 'tag:yaml.org,2002:python"),
        ("icp: !mine x\n", "tag '!mine' is not allowed"),
        ("? [a, b]\n: c\n", "a key must be a plain word"),
        ("a: &x 1\n<<: *x\n", "merge keys"),
        ("a: *nowhere\n", "alias '*nowhere' refers to no finished anchor"),
        ("a: &a [*a]\n", "alias '*a' refers to no finished anchor"),
        ("icp: a\nversion: b\x00\n", "icp.yaml:2: holds the control character 0x0000; delete it"),
        ("icp: a\ncriteria:\n\t- {id: a}\n", "cannot start any token; indent with spaces, not tabs"),
        ("icp: a\ndescription: who: what\n", "put a text that holds ': ' in quotes"),
    ],
)
def test_each_mistake_in_a_file_has_its_message(text: str, expected: str) -> None:
    assert expected in message(text)


# ---- hostile files ------------------------------------------------------------------------------------------


def test_alias_bombs_and_deep_nesting_are_refused_at_once() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert "more than" in message(bomb)
    assert "nested deeper than" in message("a: " + "[" * 100_000)
    assert "nested deeper than" in message("a: " + "{a: " * 5_000)
    assert "nested deeper than" in message("\n".join(" " * n + "a:" for n in range(300)))


def test_aliases_within_reason_are_read() -> None:
    icp = parse_icp(
        "icp: test\ncriteria:\n"
        "  - {id: a, attribute: technology, any_of: &crm [Salesforce, HubSpot]}\n"
        "  - {id: b, attribute: technology, relation: evaluates, any_of: *crm}\n"
    )
    second = icp.criteria[1].condition
    assert isinstance(second, SetTest)
    assert second.values == ("Salesforce", "HubSpot")


def test_a_mistake_behind_an_alias_is_told_at_the_alias() -> None:
    said = message(
        "icp: test\ncriteria:\n  - {id: a, attribute: industry, any_of: &x [logistics, tech & more]}\n"
        "  - {id: b, attribute: ownership, any_of: *x}\n"
    )
    assert said.startswith("icp.yaml:3: criteria[0].any_of[1]: unknown industry")


def test_size_and_encoding_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "icp.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + SIZE).encode())
    assert load_icp(file).name == "test"
    file.write_bytes(HEAD.encode() + b"  - {id: caf\xe9}\n")
    with pytest.raises(ICPError, match=r"^icp\.yaml:3: not UTF-8 text \(byte 0xe9\)"):
        load_icp(file)
    file.write_text((HEAD + SIZE), encoding="utf-16")
    with pytest.raises(ICPError, match="not UTF-8"):
        load_icp(file)
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ICPError, match="larger than 256 kB"):
        load_icp(file)
    with pytest.raises(ICPError, match=r"no profile at .*`dossier icp new` writes one"):
        load_icp(tmp_path / "missing.yaml")
    with pytest.raises(ICPError, match="cannot read the profile"):
        load_icp(tmp_path)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_profile_or_one_line(text: str) -> None:
    assert "\n" not in (refusal(text) or "")


FRAGMENTS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(
            ["size", "industry", "logistics", "hiring", "employee_count", "sales", "é", "x" * 400, ""]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "attribute",
                    "any_of",
                    "all_of",
                    "not",
                    "ideal",
                    "where",
                    "question",
                    "weight",
                    "cases",
                    "grade",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=3), FRAGMENTS)
def test_any_structure_is_a_profile_or_one_line(criteria: list[object], exclude: object) -> None:
    text = json.dumps({"icp": "test", "criteria": criteria, "exclude": exclude}, ensure_ascii=False)
    assert "\n" not in (refusal(text) or "")


def test_loading_pulls_in_no_heavy_import() -> None:
    code = "import sys, agent.icp; print([m for m in ('openai', 'langgraph', 'httpx', 'sklearn', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
