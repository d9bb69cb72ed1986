"""Labels: what a label may say, how values are compared, and what the linter refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError
from evals.labels import ACCOUNTS, Label, LabelSpan, lint_case, load_case, load_cases, value_matches
from evals.labels_lint import LOCK, file_hash, lint_cases, lock_test_half

SPAN = LabelSpan(url="https://a.example/about", quote="We are 340 people.")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    """One committed case of the dev half, copied so that a test may spoil it."""
    source = next(case for case in load_cases(split="dev") if case.truth.account.status == "live").folder
    return Path(shutil.copytree(source, tmp_path / source.name))


def change(folder: Path, **fields: object) -> None:
    path = folder / "labels.yaml"
    path.write_text(
        yaml.safe_dump({**yaml.safe_load(path.read_text("utf-8")), **fields}, allow_unicode=True), "utf-8"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"attribute": "headcount", "absent": True}, "did you mean 'employee_count'"),
        ({"attribute": "founded_year"}, "say what is right"),
        ({"attribute": "founded_year", "accept": [1999]}, "at least one span"),
        (
            {"attribute": "founded_year", "absent": True, "accept": [1999], "spans": [SPAN]},
            "nothing may say it",
        ),
        ({"attribute": "founded_year", "reject": [1999]}, "name of the trap"),
        ({"attribute": "founded_year", "absent": True, "spans": [SPAN]}, "nothing may say it"),
        ({"attribute": "founded_year", "accept": [1999], "spans": [SPAN], "aliases": ["x"]}, "absent label"),
    ],
)
def test_a_label_that_says_two_things_or_nothing_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Label.model_validate(fields)


def test_values_are_compared_on_the_keys_a_label_names_and_within_its_tolerance() -> None:
    label = Label(
        attribute="employee_count", accept=({"low": 340, "high": 340},), tolerance=0.1, spans=(SPAN,)
    )
    assert label.accepts({"exact": 350, "low": 350, "high": 350})
    assert not label.accepts({"exact": 400, "low": 400, "high": 400})
    assert not label.accepts({"low": 340})
    assert value_matches({"product": "salesforce "}, {"product": "Salesforce", "relation": "uses"})
    assert not value_matches(True, 1)


def test_a_rejected_value_that_is_also_right_is_right() -> None:
    label = Label(
        attribute="founded_year", accept=(1999,), spans=(SPAN,), reject=(1999, 1850), trap="customer"
    )
    assert not label.rejects(1999)
    assert label.rejects(1850)


@given(JSON)
def test_every_value_matches_itself(value: object) -> None:
    assert value_matches(value, value)  # type: ignore[arg-type]


def test_a_wrong_field_is_named_with_file_case_and_value(case_folder: Path) -> None:
    change(case_folder, split="training")
    with pytest.raises(InputError, match=rf"labels.yaml: case {case_folder.name}, split: .*training"):
        load_case(case_folder)


def test_a_folder_named_otherwise_is_refused(case_folder: Path) -> None:
    moved = case_folder.rename(case_folder.with_name("other.example"))
    with pytest.raises(InputError, match=r"the folder is called .other\.example."):
        load_case(moved)


@pytest.mark.parametrize("content", ["", "- 1\n", "a: [", "\x00"])
def test_a_file_that_is_no_label_file_is_an_input_error(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "a.example"
    folder.mkdir()
    (folder / "labels.yaml").write_text(content, "utf-8")
    with pytest.raises(InputError, match=r"labels\.yaml"):
        load_case(folder)


def test_a_committed_case_is_sound(case_folder: Path) -> None:
    assert lint_case(load_case(case_folder)) == ()


def test_lint_finds_an_invented_quote_a_false_absence_and_a_changed_archive(case_folder: Path) -> None:
    case = load_case(case_folder)
    known = next(label for label in case.truth.labels if label.spans)
    quote, url = known.spans[0].quote, known.spans[0].url
    labels = [
        {"attribute": "founded_year", "accept": [1066], "spans": [{"url": url, "quote": "founded in the year 1066"}]},
        {"attribute": "revenue", "absent": True, "aliases": [quote]},
        {"attribute": "layoffs", "accept": [{"count": 3}], "spans": [{"url": "https://elsewhere.example/", "quote": "x"}]},
        {"attribute": "layoffs", "absent": True},
    ]  # fmt: skip
    change(case_folder, labels=labels, archive_sha256="0" * 64)
    faults = "\n".join(lint_case(load_case(case_folder)))
    for expected in ("founded in the year 1066", "is said at", "is not in the archive", "gives layoffs a value", "hashes to"):  # fmt: skip
        assert expected in faults


def test_a_changed_test_case_breaks_the_lock_until_it_is_renewed_for_a_reason(tmp_path: Path) -> None:
    source = next(case for case in load_cases(split="test") if case.truth.account.status == "parked").folder
    folder = Path(shutil.copytree(source, tmp_path / source.name))
    assert any("not locked" in fault for fault in lint_cases(tmp_path))
    assert lock_test_half(tmp_path, why="a first lock") == len(list(folder.iterdir()))
    assert lint_cases(tmp_path) == ()
    (folder / "note.txt").write_text("late", "utf-8")
    assert any("not locked" in fault for fault in lint_cases(tmp_path))
    (folder / "note.txt").unlink()
    (folder / "gold.json").write_text('{"facts": []}', "utf-8")
    assert any("changed since it was locked" in fault for fault in lint_cases(tmp_path))
    with pytest.raises(InputError, match="needs a reason"):
        lock_test_half(tmp_path, why=" ")


def test_the_committed_lock_names_every_file_of_the_test_half() -> None:
    locked = yaml.safe_load((ACCOUNTS / LOCK).read_text("utf-8"))["files"]
    files = [path for case in load_cases(split="test") for path in case.folder.iterdir()]
    assert locked == {path.relative_to(ACCOUNTS).as_posix(): file_hash(path) for path in files}
