"""The report as one self-contained HTML file: every quote opens its archived text, highlighted.

Nothing in it loads anything: styles and the one small script are inline and named by hash in the page's
own Content-Security-Policy, and all page text goes through autoescaping, so a hostile page stays text.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.models import AccountReport, AccountVerdict, Evidence
from agent.report.text import printable
from agent.report.view import (
    STATE_WORDS,
    ReportView,
    describe_value,
    effect_words,
    extractor_note,
    headline,
    label,
    number,
    tier_name,
)
from agent.report.waterfall import NARROW, WIDE, Waterfall, draw_waterfall
from tools.failure_words import why

TEMPLATES = Path(__file__).parent / "templates"
WINDOW = 1_500
"""Characters of page text kept on either side of a quote; what lies further away is cut, and says so."""
WHOLE_TEXT = 12_000
"""Texts up to this many characters are shown whole."""


class Piece(NamedTuple):
    """A run of archived text: plain, highlighted (with the anchors of its quotes), or a stated cut."""

    kind: str
    text: str
    anchors: tuple[str, ...] = ()


class ArchivedText(NamedTuple):
    """One document as the report shows it."""

    id: str
    title: str
    url: str
    kind: str
    fetched: str
    published: str
    pieces: tuple[Piece, ...]


class VerdictPanel(NamedTuple):
    """A verdict with its drawing."""

    verdict: AccountVerdict
    tier: str
    tone: str
    waterfalls: tuple[Waterfall, ...]


def render_html(report: AccountReport, texts: Callable[[str], str | None]) -> str:
    """Return the whole HTML file; `texts` gives a stored document's text by id, `None` when it is not kept."""
    view = ReportView(report)
    style, script = _asset("report.css"), _asset("report.js")
    template = _environment().get_template("report.html")
    return template.render(
        report=report,
        view=view,
        headline=headline(report),
        panels=[_panel(v) for v in sorted(report.verdicts, key=lambda v: v.icp.name != report.best_icp)],
        archived=list(_archived(report, texts)),
        style=style,
        script=script,
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        state_words=STATE_WORDS,
        extractor_note=extractor_note(report),
    )


def _panel(verdict: AccountVerdict) -> VerdictPanel:
    tone = "good"
    if verdict.tier in ("not_a_fit", "disqualified"):
        tone = "bad"
    elif verdict.tier == "insufficient_evidence" or not verdict.tier_certain:
        tone = "open"
    return VerdictPanel(
        verdict,
        tier_name(verdict.tier),
        tone,
        tuple(draw_waterfall(verdict, shape) for shape in (WIDE, NARROW)),
    )


def _archived(report: AccountReport, texts: Callable[[str], str | None]) -> Iterator[ArchivedText]:
    cited: dict[str, list[Evidence]] = {}
    for item in report.evidence:
        cited.setdefault(item.document, []).append(item)
    for entry in report.documents:
        quotes = cited.get(entry.id)
        if not quotes:
            continue
        text = texts(entry.id)
        pieces = (
            cut_text(text, quotes)
            if text is not None
            else (Piece("cut", "This text is not in the store any more; run the research again to see it."),)
        )
        yield ArchivedText(
            id=entry.id,
            title=entry.title or entry.url,
            url=entry.url,
            kind=entry.kind.replace("_", " "),
            fetched=entry.fetched_at.strftime("%Y-%m-%d"),
            published=entry.published_at.isoformat() if entry.published_at else "undated",
            pieces=pieces,
        )


def cut_text(text: str, quotes: Sequence[Evidence]) -> tuple[Piece, ...]:
    """Split a text into plain, highlighted and cut pieces; overlapping quotes share one highlight."""
    marks: list[tuple[int, int, list[str]]] = []
    for item in sorted(quotes, key=lambda e: (e.start, e.end, e.id)):
        if marks and item.start < marks[-1][1]:
            start, end, anchors = marks[-1]
            marks[-1] = (start, max(end, item.end), [*anchors, item.id])
        else:
            marks.append((item.start, item.end, [item.id]))
    margin = len(text) if len(text) <= WHOLE_TEXT else WINDOW
    pieces: list[Piece] = []
    position = 0
    for number_, (start, end, anchors) in enumerate(marks):
        following = marks[number_ + 1][0] if number_ + 1 < len(marks) else len(text)
        pieces += _gap(text, position, start, keep_tail=margin, keep_head=margin if number_ else 0)
        pieces.append(Piece("mark", text[start:end], tuple(anchors)))
        position = end
        if number_ + 1 == len(marks):
            pieces += _gap(text, position, following, keep_tail=0, keep_head=margin)
    return tuple(piece for piece in pieces if piece.text)


def _gap(text: str, start: int, end: int, *, keep_tail: int, keep_head: int) -> list[Piece]:
    if end - start <= keep_head + keep_tail:
        return [Piece("plain", text[start:end])]
    cut = end - start - keep_head - keep_tail
    return [
        Piece("plain", text[start : start + keep_head]),
        Piece("cut", f"[{cut:,} characters of the archived text are not shown here]"),
        Piece("plain", text[end - keep_tail : end]),
    ]


def template_environment(folder: Path) -> Environment:
    """Return an environment over a folder of templates: all is escaped, and a misspelled name is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _environment() -> Environment:
    environment = template_environment(TEMPLATES)
    environment.filters.update(
        effect=effect_words,
        number=number,
        label=label,
        value=describe_value,
        clean=printable,
        safe_url=safe_url,
        tier=tier_name,
        why=why,
    )
    return environment


def safe_url(url: str) -> str:
    """Return the URL when it is plain http(s), else nothing: a page must not choose what a click runs."""
    return url if url.startswith(("https://", "http://")) else ""


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _csp_hash(content: str) -> str:
    digest = base64.b64encode(sha256(content.encode()).digest()).decode()
    return f"sha256-{digest}"
