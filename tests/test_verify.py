"""Verification names the first thing that does not hold, and survives anything it is given."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.report.contract import public_report, receipt_of
from agent.report.verify import verify_report

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4)
    ),
    max_leaves=12,
)


def checked(sample: Any, public: Any) -> list[str]:
    texts = {key: document.text for key, document in sample.documents.items()}
    return verify_report(public, texts.get)


def reseal(public: dict[str, Any]) -> dict[str, Any]:
    public["run"]["receipt"] = receipt_of(public)
    return public


def test_an_untouched_report_holds(sample: Any) -> None:
    assert checked(sample, public_report(sample.report)) == []


def strings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from strings(entry, (*path, key))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from strings(entry, (*path, number))
    elif isinstance(value, str) and value:
        yield path, value


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_one_changed_character_anywhere_is_found(sample: Any, data: st.DataObject) -> None:
    public = public_report(sample.report)
    places = [
        place for place in strings(public) if place[0][:2] not in (("run", "id"), ("run", "started_at"))
    ]
    path, text = data.draw(st.sampled_from(places))
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("aZ7 é~").filter(lambda c: c != text[at]))
    target = copy.deepcopy(public)
    holder = target
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = text[:at] + letter + text[at + 1 :]
    assert checked(sample, target) != []


def test_a_forged_receipt_does_not_save_a_forged_quote(sample: Any) -> None:
    public = json.loads(json.dumps(public_report(sample.report)))
    public["evidence"][0]["quote"] = "a team of about 940 people"
    faults = checked(sample, reseal(public))
    assert faults
    assert "a team of about 940 people" in faults[0]


def test_a_quote_moved_to_another_document_is_found(sample: Any) -> None:
    public = json.loads(json.dumps(public_report(sample.report)))
    public["evidence"][0]["document"] = public["evidence"][2]["document"]
    assert checked(sample, reseal(public))


def test_a_cited_id_that_is_no_evidence_is_found(sample: Any) -> None:
    public = json.loads(json.dumps(public_report(sample.report)))
    public["verdicts"][0]["criteria"][0]["evidence"] = ["feedfeedfeedfeed"]
    faults = checked(sample, reseal(public))
    assert "feedfeedfeedfeed" in faults[0]


def test_a_missing_document_is_named(sample: Any) -> None:
    faults = verify_report(public_report(sample.report), lambda _: None)
    assert "is not in the store or archive" in faults[0]


@given(value=anything)
def test_any_json_at_all_is_answered_with_faults(value: Any) -> None:
    assert verify_report(value, lambda _: None) != []


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    key=st.sampled_from(["account", "verdicts", "facts", "evidence", "documents", "run", "failures"]),
    value=anything,
)
def test_any_part_replaced_by_anything_is_answered(sample: Any, key: str, value: Any) -> None:
    public = public_report(sample.report)
    if public[key] != value:
        assert checked(sample, {**public, key: value}) != []


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 10**400])
def test_numbers_json_cannot_hold_are_faults(sample: Any, bad: float) -> None:
    public = public_report(sample.report)
    public["verdicts"][0]["score"] = bad
    assert checked(sample, public) != []


@pytest.mark.parametrize("hostile", [5, None, "x", [3], [{}], [{"evidence": 1}], [{"evidence": [[1]]}]])
def test_hostile_exclusions_are_faults(sample: Any, hostile: Any) -> None:
    public = public_report(sample.report)
    public["verdicts"][0]["excluded"] = hostile
    assert checked(sample, public) != []


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_json_cannot_hold_in_a_value_are_faults(sample: Any, bad: float) -> None:
    public = public_report(sample.report)
    public["evidence"][0]["value"] = {"low": bad}
    assert checked(sample, public) != []
