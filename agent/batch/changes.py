"""What changed since the last run of the same list, and why: evidence, time, profile, prompt, model, code.

Why a tier moved is not guessed from the texts. The old report's facts are scored again under one change at a
time: with the old facts on the new day, a moved tier is age; under the new profile, it is the profile; what
is left came from new or lost evidence, and the criteria that carry it are named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import JsonValue

from agent.icp import ICP
from agent.models import Evidence, Fact, Findings, Frozen, SourceCoverage
from agent.report.view import counted, describe_fact, tier_name
from agent.scoring import score_account
from agent.store.ledger import BatchRun, Ledger

Cause = Literal["new_evidence", "evidence_gone", "evidence_aged", "icp_changed", "prompt_or_model_changed"]
_MOST_SIGNALS = 10
_DATED_SIGNALS = frozenset(
    {
        "funding_round", "leadership_change", "acquisition", "expansion", "product_launch", "partnership", "layoffs",
        "vendor_evaluation", "event_attendance", "website_change", "third_party_intent", "hiring",
    }
)  # fmt: skip


class CriterionChange(Frozen):
    """One criterion whose outcome is another than last time."""

    id: str
    before: str
    after: str
    points: float


class TierChange(Frozen):
    """One account whose tier moved, and why."""

    domain: str
    icp: str
    before: str
    after: str
    score_before: float
    score_after: float
    causes: tuple[Cause, ...]
    criteria: tuple[CriterionChange, ...]


class NewSignals(Frozen):
    """Intent signals and website changes of one account that were not there last time."""

    domain: str
    signals: tuple[str, ...]


class ChangeReport(Frozen):
    """The difference between two runs of one list."""

    before: str
    after: str
    before_as_of: date
    after_as_of: date
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[TierChange, ...]
    signals: tuple[NewSignals, ...]


class _Said(NamedTuple):
    """What of a stored public report this comparison needs."""

    as_of: date
    verdicts: Mapping[str, Mapping[str, Any]]  # Any: a report's JSON
    findings: Findings
    made_with: tuple[object, ...]


def compare_runs(ledger: Ledger, before: BatchRun, after: BatchRun, icps: Sequence[ICP]) -> ChangeReport:
    """Return what changed between two runs, accounts in the later run's ranking."""
    moved: list[TierChange] = []
    signals: list[NewSignals] = []
    added: list[str] = []
    seen: set[str] = set()
    profiles = {icp.name: icp for icp in icps}
    for account in ledger.finished(after.id):
        seen.add(account.domain)
        new = _said(ledger.report(after.id, account.domain))
        old = _said(ledger.report(before.id, account.domain))
        if new is None:
            continue
        if old is None:
            added.append(account.domain)
            continue
        moved += _moves(account.domain, old, new, profiles)
        fresh = _new_signals(old, new)
        if fresh:
            signals.append(NewSignals(domain=account.domain, signals=fresh))
    removed = tuple(account.domain for account in ledger.finished(before.id) if account.domain not in seen)
    return ChangeReport(
        before=before.id,
        after=after.id,
        before_as_of=before.as_of,
        after_as_of=after.as_of,
        added=tuple(added),
        removed=removed,
        moved=tuple(moved),
        signals=tuple(signals),
    )


def _said(report: str | None) -> _Said | None:
    if report is None:
        return None
    public = json.loads(report)
    run = public["run"]
    return _Said(
        date.fromisoformat(public["as_of"]),
        {verdict["icp"]["name"]: verdict for verdict in public["verdicts"]},
        Findings(
            facts=tuple(Fact.model_validate(each) for each in public["facts"]),
            evidence=tuple(Evidence.model_validate(each) for each in public["evidence"]),
            coverage=tuple(SourceCoverage.model_validate(each) for each in public["coverage_of_sources"]),
        ),
        (run["extractor"], run["model"], tuple(run["prompts"])),
    )


def _moves(domain: str, old: _Said, new: _Said, profiles: Mapping[str, ICP]) -> Iterator[TierChange]:
    for name, verdict in new.verdicts.items():
        earlier = old.verdicts.get(name)
        if earlier is None or earlier["tier"] == verdict["tier"]:
            continue
        yield TierChange(
            domain=domain,
            icp=name,
            before=earlier["tier"],
            after=verdict["tier"],
            score_before=earlier["score"],
            score_after=verdict["score"],
            causes=_causes(earlier, verdict, old, new, profiles.get(name)),
            criteria=_criteria(earlier, verdict),
        )


def _causes(
    earlier: Mapping[str, Any], verdict: Mapping[str, Any], old: _Said, new: _Said, icp: ICP | None
) -> tuple[Cause, ...]:
    """Change one thing at a time and see what it does to the old facts' score."""
    causes: list[Cause] = []
    reached = (earlier["tier"], earlier["score"])
    same_profile = earlier["icp"]["sha256"] == verdict["icp"]["sha256"]
    if icp is not None:
        if not same_profile:
            under_new = score_account(icp, old.findings, old.as_of)
            if (under_new.tier, under_new.score) != reached:
                causes.append("icp_changed")
                reached = (under_new.tier, under_new.score)
        aged = score_account(icp, old.findings, new.as_of)
        if new.as_of != old.as_of and (aged.tier, aged.score) != reached:
            causes.append("evidence_aged")
            reached = (aged.tier, aged.score)
    elif not same_profile:
        causes.append("icp_changed")
    if (verdict["tier"], verdict["score"]) != reached:
        before, after = _claims(old), _claims(new)
        if after - before:
            causes.append("new_evidence")
        if before - after:
            causes.append("evidence_gone")
        if old.made_with != new.made_with:
            causes.append("prompt_or_model_changed")
    return tuple(causes)


def _claims(said: _Said) -> set[str]:
    """Return what the evidence says, whatever document or extractor said it."""
    return {
        json.dumps([each.attribute, each.value, each.polarity], sort_keys=True, ensure_ascii=False)
        for each in said.findings.evidence
    }


def _criteria(earlier: Mapping[str, Any], verdict: Mapping[str, Any]) -> tuple[CriterionChange, ...]:
    before = {each["id"]: each for each in earlier["criteria"]}
    changes = [
        CriterionChange(
            id=each["id"],
            before=before[each["id"]]["status"],
            after=each["status"],
            points=round(each["points"] - before[each["id"]]["points"], 2),
        )
        for each in verdict["criteria"]
        if each["id"] in before
        and (each["status"], each["points"]) != (before[each["id"]]["status"], before[each["id"]]["points"])
    ]
    return tuple(sorted(changes, key=lambda change: (-abs(change.points), change.id)))


def _new_signals(old: _Said, new: _Said) -> tuple[str, ...]:
    """Return the intent signals of the new report whose like the old one did not have."""
    before = {_signal_key(fact) for fact in old.findings.facts}
    fresh = [
        describe_fact(fact)
        for fact in new.findings.facts
        if fact.attribute in _DATED_SIGNALS and fact.status != "denied" and _signal_key(fact) not in before
    ]
    return tuple(dict.fromkeys(fresh))[:_MOST_SIGNALS]


def _signal_key(fact: Fact) -> str:
    value: JsonValue = fact.value
    if fact.attribute == "hiring" and isinstance(value, dict):
        value = {
            key: value.get(key) for key in ("department", "title")
        }  # a count that moves is no new signal
    return json.dumps([fact.attribute, value], sort_keys=True, ensure_ascii=False)


_WORDS: Mapping[Cause, str] = {
    "new_evidence": "new evidence",
    "evidence_gone": "evidence is gone",
    "evidence_aged": "evidence aged",
    "icp_changed": "the profile changed",
    "prompt_or_model_changed": "the prompt or model changed",
}


def describe_changes(report: ChangeReport) -> str:
    """Return the report as text for a person."""
    lines = [
        f"Since {report.before_as_of}: {counted(len(report.moved), 'tier')} moved, "
        f"{counted(len(report.signals), 'account')} with new signals, {counted(len(report.added), 'account')} added, "
        f"{len(report.removed):,} removed."
    ]
    for change in report.moved:
        why = ", ".join(_WORDS[cause] for cause in change.causes) or "no cause found"
        lines.append(
            f"{change.domain}: {tier_name(change.before)} -> {tier_name(change.after)} under {change.icp} "
            f"({change.score_before:g} -> {change.score_after:g}): {why}"
        )
        lines += [
            f"  {each.id}: {each.before} -> {each.after} ({each.points:+g})" for each in change.criteria[:5]
        ]
    for fresh in report.signals:
        lines.append(f"{fresh.domain}: new: " + "; ".join(fresh.signals))
    return "\n".join(lines) + "\n"
