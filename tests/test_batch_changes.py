"""What changed between two runs is told with its cause, found by changing one thing at a time."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.batch.changes import ChangeReport, compare_runs, describe_changes
from agent.icp import ICP, parse_icp
from agent.models import Evidence, Fact, Findings
from agent.scoring import score_account
from agent.store.ledger import BatchRun, Ledger
from agent.store.store import Store

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ICP_TEXT = """
icp: signals
version: 1
dimensions: {firmographic: 50, intent: 50}
tiers: [{name: Tier 1, min: 80}, {name: Tier 2, min: 40}]
min_coverage: 0.1
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, ideal: [100, 1000], acceptable: [50, 2000]}
  - {id: money, dimension: intent, attribute: funding_round, within_days: 60}
"""


def size(people: int) -> Fact:
    value = {"exact": people, "low": people, "high": people}
    return Fact(attribute="employee_count", value=value, status="supported", evidence=(f"size{people:012d}",))


def funding(day: date) -> Fact:
    value = {"stage": "series_a", "amount": 10_000_000, "currency": "USD"}
    return Fact(
        attribute="funding_round", value=value, status="supported", evidence=(f"fund{day:%Y%m%d}0000",)
    )


def evidence(fact: Fact) -> Evidence:
    day = fact.evidence[0][4:12]
    dated = date(int(day[:4]), int(day[4:6]), int(day[6:8])) if fact.attribute == "funding_round" else None
    return Evidence(
        id=fact.evidence[0], attribute=fact.attribute, value=fact.value, quote="q", document="0" * 64, start=0, end=1,
        url="https://a.example/", source_kind="website", source_tier="first-party-text", published_at=dated,
        polarity="asserts", extractor="rule:test@1",
    )  # fmt: skip


def report(icp: ICP, facts: list[Fact], as_of: date, *, model: str | None = None) -> str:
    held = [evidence(fact) for fact in facts]
    verdict = score_account(icp, Findings(facts=tuple(facts), evidence=tuple(held)), as_of)
    public: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "verdicts": [verdict.model_dump(mode="json")],
        "facts": [fact.model_dump(mode="json") for fact in facts],
        "evidence": [item.model_dump(mode="json") for item in held],
        "coverage_of_sources": [],
        "run": {"extractor": "llm" if model else "rules", "model": model, "prompts": []},
    }
    return json.dumps(public)


def compare(tmp_path: Path, before: str, after: str, icp: ICP, days: tuple[date, date]) -> ChangeReport:
    with Store(tmp_path) as store:
        ledger = Ledger(store)
        runs = []
        for number, (line, day) in enumerate(zip((before, after), days, strict=True), start=1):
            moment = NOW.replace(hour=number)
            run = BatchRun(f"run-{number}", "/out", "/list", "", "key", number, day, moment, moment, "{}")
            ledger.add_run(run)
            ledger.replace_list(run.id, [(2, "a.example", ["a.example"])], [], list_sha256=f"sha-{number}")
            ledger.finish(
                run.id,
                "a.example",
                state="done",
                ranking="000",
                detail="",
                entry="{}",
                report=line,
                now=moment,
            )
            runs.append(run)
        return compare_runs(ledger, runs[0], runs[1], [icp])


OCTOBER, NOVEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2027, 1, 15)


def test_a_new_signal_moves_a_tier_and_is_named(tmp_path: Path) -> None:
    icp = parse_icp(ICP_TEXT)
    before = report(icp, [size(300)], NOVEMBER)
    after = report(icp, [size(300), funding(OCTOBER)], NOVEMBER)
    changes = compare(tmp_path, before, after, icp, (NOVEMBER, NOVEMBER))
    [move] = changes.moved
    assert (move.before, move.after, move.causes) == ("Tier 2", "Tier 1", ("new_evidence",))
    assert [change.id for change in move.criteria] == ["money"]
    [fresh] = changes.signals
    assert fresh.domain == "a.example"
    assert "Tier 2 -> Tier 1" in describe_changes(changes)
    assert describe_changes(changes).startswith("Since 2026-11-01: 1 tier moved, 1 account with new signals")


def test_evidence_that_only_aged_is_told_as_aged(tmp_path: Path) -> None:
    icp = parse_icp(ICP_TEXT)
    facts = [size(300), funding(OCTOBER)]
    changes = compare(
        tmp_path, report(icp, facts, NOVEMBER), report(icp, facts, JANUARY), icp, (NOVEMBER, JANUARY)
    )
    [move] = changes.moved
    assert move.causes == ("evidence_aged",)
    assert changes.signals == ()


def test_evidence_that_is_gone_is_told_as_gone(tmp_path: Path) -> None:
    icp = parse_icp(ICP_TEXT)
    before = report(icp, [size(300), funding(OCTOBER)], NOVEMBER)
    changes = compare(tmp_path, before, report(icp, [size(300)], NOVEMBER), icp, (NOVEMBER, NOVEMBER))
    assert [move.causes for move in changes.moved] == [("evidence_gone",)]


def test_a_changed_profile_is_told_as_such(tmp_path: Path) -> None:
    old = parse_icp(ICP_TEXT)
    new = parse_icp(ICP_TEXT.replace("[100, 1000]", "[2000, 3000]").replace("[50, 2000]", "[1500, 4000]"))
    facts = [size(300), funding(OCTOBER)]
    changes = compare(
        tmp_path, report(old, facts, NOVEMBER), report(new, facts, NOVEMBER), new, (NOVEMBER, NOVEMBER)
    )
    assert [move.causes for move in changes.moved] == [("icp_changed",)]


def test_another_model_is_named_beside_what_it_changed(tmp_path: Path) -> None:
    icp = parse_icp(ICP_TEXT)
    before = report(icp, [size(300)], NOVEMBER, model="one")
    after = report(icp, [size(300), funding(OCTOBER)], NOVEMBER, model="two")
    [move] = compare(tmp_path, before, after, icp, (NOVEMBER, NOVEMBER)).moved
    assert set(move.causes) == {"new_evidence", "prompt_or_model_changed"}


@pytest.mark.parametrize("count", [1, 7])
def test_a_count_that_moves_is_no_new_signal(tmp_path: Path, count: int) -> None:
    icp = parse_icp(ICP_TEXT)

    def hiring(openings: int) -> Fact:
        value = {"department": "sales", "seniority": None, "title": None, "count": openings}
        return Fact(attribute="hiring", value=value, status="supported", evidence=(f"hire{openings:012d}",))

    before, after = report(icp, [hiring(3)], NOVEMBER), report(icp, [hiring(count)], NOVEMBER)
    assert compare(tmp_path, before, after, icp, (NOVEMBER, NOVEMBER)).signals == ()
