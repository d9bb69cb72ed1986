"""The terminal's report: verdict first, then why, why now, who, what is open, and what was not read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Literal, NamedTuple

from agent.models import AccountReport, AccountVerdict, CriterionVerdict
from agent.report.view import (
    Line,
    ReportView,
    checked_note,
    effect_words,
    extractor_note,
    headline,
    number,
    tier_name,
)

WIDTH = 88
BAR = 40
Style = Literal["title", "good", "warn", "bad", "quote", "dim", "plain"]
STYLES: dict[Style, str] = {
    "title": "bold",
    "good": "green",
    "warn": "yellow",
    "bad": "red",
    "quote": "cyan",
    "dim": "dim",
    "plain": "",
}
MARKS = {"met": "+", "partly_met": "~", "not_met": "-", "unknown": "?", "conflicting": "!"}


class Printed(NamedTuple):
    """One line and how it looks on a colour terminal."""

    text: str
    style: Style = "plain"


def render_text(report: AccountReport, *, colour: bool = False) -> str:
    """Return the report as text of at most `WIDTH` columns; with ANSI colours when `colour`."""
    # Every line is cleaned here, whatever it was made of: a name or a tier may hold control characters too.
    lines = [Printed(printable(line.text), line.style) for line in _lines(report)]
    if not colour:
        return "\n".join(line.text for line in lines) + "\n"
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    buffer = StringIO()
    console = Console(file=buffer, force_terminal=True, width=WIDTH + 1, highlight=False)
    for line in lines:
        console.print(Text(line.text, style=STYLES[line.style]), soft_wrap=True)
    return buffer.getvalue()


def _lines(report: AccountReport) -> Iterator[Printed]:
    view = ReportView(report)
    yield Printed(f"{headline(report)}   as of {report.as_of}", "title")
    if report.account.status not in ("live", "redirected"):
        yield Printed(f"Domain status: {report.account.status}", "bad")
    if not report.verdicts:
        yield Printed("No ICP was given, so there is no verdict; the facts follow. Try --icp FILE.", "warn")
        yield from _brief(view)
        yield from _facts(view)
    for verdict in _best_first(report):
        yield Printed("")
        yield from _verdict(view, verdict)
    best = _best_first(report)[0] if report.verdicts else None
    yield from _section("Why now", view.why_now(), most=6)
    yield from _section("Who", view.who(best), most=6)
    yield from _section("Sources disagree", view.contradictions(), most=4, style="warn")
    yield from _section("To distrust", [Line(text) for text in view.suspicious()], most=4, style="bad")
    yield from _section("Set aside", [Line(text) for text in view.set_aside()], most=4, style="dim")
    yield from _section(
        "Not read, or nothing found", [Line(text) for text in view.not_read()], most=8, style="dim"
    )
    yield Printed("")
    yield from _footer(report)


def _best_first(report: AccountReport) -> list[AccountVerdict]:
    return sorted(report.verdicts, key=lambda verdict: verdict.icp.name != report.best_icp)


def _verdict(view: ReportView, verdict: AccountVerdict) -> Iterator[Printed]:
    style: Style = "bad" if verdict.tier in ("not_a_fit", "disqualified") else "good"
    if verdict.tier == "insufficient_evidence":
        style = "warn"
    certain = "" if verdict.tier_certain else ", not certain yet"
    yield Printed(
        f"{tier_name(verdict.tier).upper()}{certain}   {verdict.icp.name} v{verdict.icp.version}", style
    )
    yield Printed(
        f"{score_bar(verdict.score, verdict.possible)}  proven {number(verdict.score)}, "
        f"possible {number(verdict.possible)} of 100"
    )
    yield Printed(f"{verdict.coverage:.0%} of the weight is decided by evidence", "dim")
    for warning in verdict.warnings:
        yield from _wrapped(f"! {warning}", "  ", "warn")
    for exclusion in verdict.excluded:
        yield from _wrapped(f"x {exclusion.id} ({effect_words(exclusion)}): {exclusion.reason}", "  ", "bad")
        yield from _citations(Line("", view.citations(exclusion.evidence, most=1)))
    decided = view.criteria(verdict, "met", "partly_met", "conflicting")
    if verdict is _best_first(view.report)[0]:
        yield from _brief(view)
    if decided:
        yield from _heading("Why")
        for criterion in decided:
            yield from _criterion(view, criterion)
    missed = view.criteria(verdict, "not_met")
    if missed:
        yield from _heading("Against")
        for criterion in missed:
            yield from _criterion(view, criterion)
    if verdict.not_ruled_out:
        yield from _heading("Not ruled out")
        for entry in verdict.not_ruled_out:
            yield from _wrapped(f"? {entry.id} ({entry.effect}): {entry.reason}", "  ")
    if verdict.next_facts:
        yield from _heading("Unknown, and what to ask")
        for fact in verdict.next_facts[:6]:
            mark = "could change the tier" if fact.could_change_tier else "would not change the tier"
            yield from _wrapped(
                f"? {fact.criterion} (up to {number(fact.points)} points, {mark}): {fact.ask}", "  "
            )
        if len(verdict.next_facts) > 6:
            yield Printed(f"  and {len(verdict.next_facts) - 6} more", "dim")
    if verdict.flip:
        yield from _wrapped(f"> {verdict.flip.reason}", "  ")


def _brief(view: ReportView) -> Iterator[Printed]:
    """Yield the brief, each sentence with the place its first quote stands; the quotes themselves follow below."""
    if not view.report.brief:
        return
    yield from _heading("Brief")
    for title, sentences in view.brief():
        yield Printed(f"  {title}", "dim")
        for sentence in sentences:
            cited = view.citations(sentence.evidence, most=1)
            where = f" [{cited[0].where}]" if cited else ""
            yield from _wrapped(f"- {sentence.text}{where}", "    ")
    if view.report.brief_note:
        yield from _wrapped(view.report.brief_note, "  ", "dim")


def _criterion(view: ReportView, criterion: CriterionVerdict) -> Iterator[Printed]:
    style: Style = {"met": "good", "not_met": "bad"}.get(criterion.status, "warn")  # type: ignore[assignment]
    points = f"{number(criterion.points)}/{number(criterion.max_points)}"
    yield from _wrapped(
        f"{MARKS[criterion.status]} {criterion.id:<14} {points:>9}  {criterion.reason}", "  ", style
    )
    yield from _citations(Line("", view.unquoted(criterion)))


def score_bar(score: float, possible: float) -> str:
    """Return a bar: proven solid, still possible shaded, out of reach dotted."""
    proven = round(max(0.0, min(score, 100.0)) / 100 * BAR)
    reach = max(proven, round(max(0.0, min(possible, 100.0)) / 100 * BAR))
    return "█" * proven + "▒" * (reach - proven) + "·" * (BAR - reach)


def _facts(view: ReportView) -> Iterator[Printed]:
    from agent.report.view import describe_fact

    lines = [Line(describe_fact(fact), view.citations(fact.evidence, most=1)) for fact in view.report.facts]
    yield from _section("Facts", lines, most=40)


def _section(title: str, lines: list[Line], *, most: int, style: Style = "plain") -> Iterator[Printed]:
    if not lines:
        return
    yield from _heading(title)
    for line in lines[:most]:
        yield from _wrapped(f"- {line.text}", "  ", style)
        yield from _citations(line)
    if len(lines) > most:
        yield Printed(f"  and {len(lines) - most} more (see the JSON or HTML report)", "dim")


def _heading(title: str) -> Iterator[Printed]:
    yield Printed("")
    yield Printed(title, "title")


def _citations(line: Line) -> Iterator[Printed]:
    for citation in line.citations:
        quote = " ".join(citation.quote.split())
        if len(quote) > 160:
            quote = quote[:157].rstrip() + "..."
        day = f", {citation.day}" if citation.day else ""
        yield from _wrapped(f"“{quote}” {citation.where}{day}", "      ", "quote")


def _wrapped(text: str, indent: str, style: Style = "plain") -> Iterator[Printed]:
    for part in textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent and indent + "  ",
        break_on_hyphens=False,
    ) or [indent]:
        yield Printed(part, style)


def printable(text: str) -> str:
    """Return text without control characters, so that a page cannot drive the reader's terminal."""
    return "".join(c if c.isprintable() or c in " \t" else " " for c in text)


def _footer(report: AccountReport) -> Iterator[Printed]:
    yield from _wrapped(extractor_note(report), "", "dim")
    yield from _wrapped(checked_note(report), "", "dim")
    yield Printed(f"receipt {report.run.receipt}", "dim")
