"""The report as Markdown, for a ticket, a wiki or a CRM note."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.models import AccountReport, AccountVerdict
from agent.report.text import printable
from agent.report.view import (
    Citation,
    Line,
    ReportView,
    checked_note,
    describe_coverage,
    describe_fact,
    effect_words,
    extractor_note,
    headline,
    number,
    tier_name,
)
from tools.failure_words import why

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!])")
_URL_UNSAFE = re.compile(r"[\s()<>\"']")


def render_markdown(report: AccountReport) -> str:
    """Return the report as CommonMark; page text in it is escaped and links only http(s)."""
    return "\n".join(_blocks(report)) + "\n"


def _blocks(report: AccountReport) -> Iterator[str]:
    view = ReportView(report)
    yield f"# {_escape(headline(report))}"
    yield ""
    yield f"As of {report.as_of}. Domain status: {_escape(report.account.status)}."
    if not report.verdicts:
        yield from _brief(view)
    for place, verdict in enumerate(sorted(report.verdicts, key=lambda v: v.icp.name != report.best_icp)):
        yield from _verdict(view, verdict, with_brief=place == 0)
    yield from _section("Why now", view.why_now())
    yield from _section("Who", view.who(report.verdicts[0] if report.verdicts else None))
    yield from _section("Sources disagree", view.contradictions())
    yield from _section(
        "Facts", [Line(describe_fact(f), view.citations(f.evidence, most=1)) for f in report.facts]
    )
    yield from _section("To distrust", [Line(text) for text in view.suspicious()])
    yield from _section("What was read", [Line(describe_coverage(c)) for c in report.coverage_of_sources])
    if report.failures:
        yield from _section(
            "What could not be read",
            [Line(f"{f.url}: {why(f)}") for f in report.failures],
        )
    yield from _section("Set aside: not about this account", [Line(text) for text in view.set_aside()])
    yield ""
    yield "---"
    yield ""
    yield _escape(extractor_note(report))
    yield ""
    yield f"{checked_note(report)} Receipt `{report.run.receipt}`."


def _brief(view: ReportView) -> Iterator[str]:
    if not view.report.brief:
        return
    yield ""
    yield "### Brief"
    for title, sentences in view.brief():
        yield ""
        yield f"**{title}**"
        yield ""
        for sentence in sentences:
            cited = "; ".join(_cite(citation) for citation in view.references(sentence.evidence))
            yield f"- {_escape(sentence.text)}{' ' + cited if cited else ''}"
    if view.report.brief_note:
        yield ""
        yield _escape(view.report.brief_note)


def _verdict(view: ReportView, verdict: AccountVerdict, *, with_brief: bool) -> Iterator[str]:
    certain = "" if verdict.tier_certain else " (not certain yet)"
    yield ""
    yield f"## {_escape(tier_name(verdict.tier))}{certain}: {_escape(verdict.icp.name)} v{verdict.icp.version}"
    yield ""
    yield (
        f"Proven **{number(verdict.score)}**, possible **{number(verdict.possible)}** of 100; "
        f"{verdict.coverage:.0%} of the weight decided."
    )
    for warning in verdict.warnings:
        yield f"\n> {_escape(warning)}"
    for exclusion in verdict.excluded:
        held = "Excluded" if exclusion.effect == "disqualify" else "Marked down"
        yield (
            f"\n> {held} by **{_escape(exclusion.id)}** ({effect_words(exclusion)}): {_escape(exclusion.reason)}"
        )
    if with_brief:
        yield from _brief(view)
    if verdict.criteria:
        yield ""
        yield "| Criterion | Status | Points | Reason | Evidence |"
        yield "|---|---|---|---|---|"
        for c in verdict.criteria:
            cited = "<br>".join(_cite(citation) for citation in view.citations(c.evidence, most=2))
            yield (
                f"| {_escape(c.id)} | {c.status.replace('_', ' ')} | {number(c.points)}/{number(c.max_points)} "
                f"| {_escape(c.reason)} | {cited} |"
            )
    yield from _section(
        "Not ruled out", [Line(f"{n.id} ({n.effect}): {n.reason}") for n in verdict.not_ruled_out]
    )
    yield from _section(
        "Unknown, and what to ask",
        [Line(f"{n.criterion} (up to {number(n.points)} points): {n.ask}") for n in verdict.next_facts],
    )
    if verdict.flip:
        yield ""
        yield _escape(verdict.flip.reason)


def _section(title: str, lines: list[Line]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield f"### {title}"
    yield ""
    for line in lines:
        cited = "; ".join(_cite(citation) for citation in line.citations)
        yield f"- {_escape(line.text)}{': ' + cited if cited else ''}"


def _cite(citation: Citation) -> str:
    day = f", {citation.day}" if citation.day else ""
    where = _escape(citation.where)
    if citation.url.startswith(("http://", "https://")) and not _URL_UNSAFE.search(citation.url):
        where = f"[{where}](<{citation.url}>)"
    return f"“{_escape(citation.quote)}” {where}{day}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))
