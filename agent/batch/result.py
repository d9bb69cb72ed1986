"""One account's row of the results, and where it stands in the ranking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from agent.icp import ICP
from agent.models import AccountReport, AccountVerdict, Frozen
from agent.report.contract import public_report
from agent.report.view import ReportView, describe_value
from agent.scoring import best_match

_MOST_REASONS = 3
_LONGEST_REASON = 240
_AFTER_TIERS = {"insufficient_evidence": 900, "not_a_fit": 910, "disqualified": 920}
_UNREAD = 905
_NO_PROFILE, _BROKE_OFF = 800, 999
NO_RANKING = f"{_BROKE_OFF:03d}"
"""The ranking of an account that broke off: after all others."""


class OtherVerdict(Frozen):
    """The verdict of a profile that does not fit best."""

    icp: str
    tier: str
    score: float
    possible: float


class ResultRow(Frozen):
    """What the results say about one account. Nothing in it tells the time, so equal work gives equal rows.

    `imported` is the id of the document made from the list's own columns, where there is one; `run_id` names
    the report in the store.
    """

    domain: str
    name: str | None
    final_domain: str
    status: str
    as_of: date
    icp: str | None = None
    tier: str | None = None
    tier_certain: bool | None = None
    score: float | None = None
    possible: float | None = None
    coverage: float | None = None
    reasons: tuple[str, ...] = ()
    why_now: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    employees: str | None = None
    industry: str | None = None
    headquarters: str | None = None
    documents: int = 0
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    stopped: str = ""
    others: tuple[OtherVerdict, ...] = ()
    imported: str | None = None
    run_id: str


def result_row(report: AccountReport, *, imported: str | None) -> ResultRow:
    """Return an account's row: the best profile's verdict, why, why now, and what is open."""
    verdict = best_match(report.verdicts) or next(iter(report.verdicts), None)
    view = ReportView(report)
    facts = {fact.attribute: fact for fact in reversed(report.facts) if fact.status != "denied"}
    account, run = report.account, report.run
    row = ResultRow(
        domain=account.domain,
        name=account.name,
        final_domain=account.final_domain,
        status=account.status,
        as_of=report.as_of,
        why_now=tuple(_short(line.text) for line in view.why_now()[:_MOST_REASONS]),
        employees=describe_value(facts["employee_count"]) if "employee_count" in facts else None,
        industry=_label(facts["industry"].value) if "industry" in facts else None,
        headquarters=describe_value(facts["headquarters"]) if "headquarters" in facts else None,
        documents=len(report.documents),
        model_calls=run.llm_calls,
        input_tokens=run.input_tokens,
        output_tokens=run.output_tokens,
        cost_usd=run.cost_usd,
        stopped=next(
            (
                entry.detail.removeprefix("not read: ")
                for entry in report.coverage_of_sources
                if entry.detail.startswith("not read: already decided")
            ),
            "",
        ),
        imported=imported,
        run_id=run.id,
    )
    if verdict is None:
        return row
    return row.model_copy(update={**_verdict(verdict, view), "others": _others(report.verdicts, verdict)})


def report_line(report: AccountReport) -> str:
    """Return a report's public object as one line of JSON."""
    return json.dumps(public_report(report), ensure_ascii=False, separators=(",", ":"))


def _verdict(verdict: AccountVerdict, view: ReportView) -> dict[str, object]:
    proven = [f"{entry.id}: {entry.reason}" for entry in verdict.excluded]
    met = [f"{each.id}: {each.reason}" for each in view.criteria(verdict, "met", "partly_met")]
    return {
        "icp": verdict.icp.name,
        "tier": verdict.tier,
        "tier_certain": verdict.tier_certain,
        "score": verdict.score,
        "possible": verdict.possible,
        "coverage": verdict.coverage,
        "reasons": tuple(_short(reason) for reason in (*proven, *met)[:_MOST_REASONS]),
        "open_questions": tuple(_short(each.ask) for each in verdict.next_facts[:_MOST_REASONS]),
    }


def _others(verdicts: Sequence[AccountVerdict], best: AccountVerdict) -> tuple[OtherVerdict, ...]:
    return tuple(
        OtherVerdict(icp=each.icp.name, tier=each.tier, score=each.score, possible=each.possible)
        for each in verdicts
        if each is not best
    )


def ranking(row: ResultRow, icps: Sequence[ICP], *, unread: bool = False) -> str:
    """Return a text whose order is the ranking: tier, proven score, possible score, coverage; the domain breaks ties.

    An account of which nothing could be read stands behind the read ones without a tier: of it everything is
    still possible, but only because nothing is known.
    """
    if row.tier is None or row.score is None or row.possible is None or row.coverage is None:
        return f"{_NO_PROFILE:03d}"
    tiers = next((icp.tiers for icp in icps if icp.name == row.icp), ())
    names = [tier.name for tier in sorted(tiers, key=lambda tier: -tier.min)]
    place = names.index(row.tier) if row.tier in names else _AFTER_TIERS.get(row.tier, _NO_PROFILE)
    if unread and row.tier == "insufficient_evidence":
        place = _UNREAD
    parts = (round(row.score * 100), round(row.possible * 100), round(row.coverage * 10_000))
    return f"{place:03d}" + "".join(f"-{5_000_000 - part:07d}" for part in parts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 3].rstrip() + "..."


def _label(value: object) -> str | None:
    label = value.get("label") if isinstance(value, dict) else value
    return str(label) if label else None
