"""The public JSON is the contract exactly, and its receipt seals it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.report.contract import public_report, receipt_of, render_json, report_schema

TOP = [
    "schema_version",
    "account",
    "as_of",
    "verdicts",
    "best_icp",
    "facts",
    "evidence",
    "documents",
    "failures",
    "rejected",
    "quarantined",
    "coverage_of_sources",
    "run",
]
VERDICT = [
    "icp",
    "score",
    "possible",
    "coverage",
    "tier",
    "tier_certain",
    "dimensions",
    "criteria",
    "excluded",
    "not_ruled_out",
    "next_facts",
    "flip",
]
EVIDENCE = [
    "id",
    "attribute",
    "value",
    "quote",
    "document",
    "start",
    "end",
    "url",
    "source_kind",
    "source_tier",
    "published_at",
    "polarity",
    "extractor",
]
RUN = [
    "id",
    "started_at",
    "seconds",
    "extractor",
    "model",
    "prompts",
    "llm_calls",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "code_version",
    "receipt",
]


def test_the_keys_are_the_contracts_and_no_others(sample: Any) -> None:
    public = public_report(sample.report)
    assert list(public) == TOP
    assert list(public["verdicts"][0]) == VERDICT
    assert list(public["evidence"][0]) == EVIDENCE
    assert list(public["run"]) == RUN
    assert list(public["account"]) == ["domain", "name", "status", "final_domain"]
    assert list(public["failures"][0]) == ["url", "reason", "detail"]
    assert list(public["rejected"][0]) == ["attribute", "quote", "reason", "url"]
    assert list(public["verdicts"][0]["excluded"][0]) == ["id", "effect", "evidence"]


def test_the_json_is_one_object_with_its_text_unescaped(sample: Any) -> None:
    rendered = render_json(sample.report)
    assert rendered.endswith("}\n")
    assert json.loads(rendered) == public_report(sample.report)


def test_rendering_twice_gives_the_same_bytes(sample: Any) -> None:
    assert render_json(sample.report) == render_json(sample.report.model_copy(deep=True))


def test_the_schema_names_exactly_the_keys_of_the_object(sample: Any) -> None:
    schema, public = report_schema(), public_report(sample.report)

    def check(value: Any, rule: dict[str, Any], where: str) -> None:
        if "$ref" in rule:
            rule = schema["$defs"][rule["$ref"].removeprefix("#/$defs/")]
        for option in rule.get("anyOf", []):
            if isinstance(value, dict) and option.get("properties"):
                rule = option
        if isinstance(value, dict) and "properties" in rule:
            assert sorted(value) == sorted(rule["required"]) == sorted(rule["properties"]), where
            for key, entry in value.items():
                check(entry, rule["properties"][key], f"{where}.{key}")
        if isinstance(value, list) and isinstance(rule.get("items"), dict):
            for number, entry in enumerate(value):
                check(entry, rule["items"], f"{where}[{number}]")

    check(public, schema, "report")


@pytest.mark.parametrize("key", ["id", "started_at", "seconds"])
def test_when_it_ran_does_not_change_the_receipt(sample: Any, key: str) -> None:
    public = public_report(sample.report)
    changed = {**public, "run": {**public["run"], key: "something else"}}
    assert receipt_of(changed) == public["run"]["receipt"]


@pytest.mark.parametrize("path", [("evidence", 0, "quote"), ("verdicts", 0, "tier"), ("facts", 0, "status")])
def test_any_other_change_changes_the_receipt(sample: Any, path: tuple[str, int, str]) -> None:
    public = json.loads(render_json(sample.report))
    public[path[0]][path[1]][path[2]] += "x"
    assert receipt_of(public) != public["run"]["receipt"]
