"""A run as one self-contained HTML file: figures, what flipped, and every dev case with its marked pages.

It looks like the account report and keeps its rules: nothing is loaded, styles and the script stand inline
and are named by hash in the page's Content-Security-Policy, page text is only ever escaped text.
"""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

from agent.report.html import TEMPLATES as REPORT_TEMPLATES
from agent.report.html import template_environment
from agent.report.text import printable
from evals.comparing import Comparison
from evals.gates import headline, is_red
from evals.measures.catalogue import PRIMARY
from evals.measures.judgement import Judgement
from evals.measures.misses import MISS_WORDS
from evals.measures.score import CaseScore
from evals.reporting.pages import MarkedPage, marked_pages
from evals.reporting.text import interval, percent
from evals.results import Measure, RunResults
from evals.running.outcome import CaseOutcome, load_outcome

TEMPLATES = Path(__file__).parent / "templates"
_TONES = ("bad", "open", "good")
_MOST_PAGES = 12
"""Pages shown of one case, those with something to look at first."""


class CaseView(NamedTuple):
    """One case with its marked pages."""

    score: CaseScore
    pages: tuple[MarkedPage, ...]
    hidden_pages: int
    tone: str
    headline: str
    off: tuple[tuple[Judgement, str], ...]
    """What was wrong or missed, each with the words it rests on or should have."""


class Card(NamedTuple):
    """One headline figure with its interval drawn on a scale from 0 to 100."""

    measure: Measure
    value: str
    interval: str
    left: float
    width: float
    point: float | None


def write_html(path: Path, results: RunResults, outcomes: Path) -> None:
    """Write the report of a run whose outcomes lie in `outcomes`."""
    path.write_text(render_html(results, outcomes), encoding="utf-8")


def render_html(results: RunResults, outcomes: Path, comparison: Comparison | None = None) -> str:
    """Return the whole file; a `comparison` adds the verdict against another run and what flipped."""
    style = (REPORT_TEMPLATES / "report.css").read_text(encoding="utf-8") + _asset("eval.css")
    script = (REPORT_TEMPLATES / "report.js").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("eval.html")
        .render(
            results=results,
            identity=results.identity,
            headline=headline(results.gates),
            red=is_red(results.gates),
            cards=[_card(measure) for key in PRIMARY if (measure := results.measure(key)) is not None],
            groups=_groups(results.measures),
            confusion=_confusion(results),
            comparison=comparison,
            prompt_diff=_prompt_diff(comparison),
            cases=sorted(
                (_case(score, outcomes) for score in results.cases if score.split != "test"),
                key=lambda case: _TONES.index(case.tone),
            ),
            hidden_cases=sum(score.split == "test" for score in results.cases),
            miss_words=MISS_WORDS,
            style=style,
            script=script,
            style_hash=_csp_hash(style),
            script_hash=_csp_hash(script),
        )
    )


def _card(measure: Measure) -> Card:
    low = measure.low if measure.low is not None else measure.value
    high = measure.high if measure.high is not None else measure.value
    return Card(
        measure=measure,
        value=percent(measure.value),
        interval=interval(measure),
        left=100 * (low or 0.0),
        width=100 * ((high or 0.0) - (low or 0.0)),
        point=None if measure.value is None else 100 * measure.value,
    )


def _groups(measures: Sequence[Measure]) -> list[tuple[str, list[Measure]]]:
    names = list(dict.fromkeys(measure.group for measure in measures))
    return [(name, [measure for measure in measures if measure.group == name]) for name in names]


class _Cell(NamedTuple):
    total: int
    right: bool
    shade: int


class _Matrix(NamedTuple):
    icp: str
    columns: list[str]
    rows: list[tuple[str, list[_Cell]]]


def _confusion(results: RunResults) -> list[_Matrix]:
    tables = []
    for icp, rows in results.confusion.items():
        names = sorted({*rows, *(got for row in rows.values() for got in row)})
        most = max((count for row in rows.values() for count in row.values()), default=1)
        tables.append(
            _Matrix(
                icp=icp,
                columns=names,
                rows=[
                    (
                        expected,
                        [
                            _Cell(
                                total=rows.get(expected, {}).get(got, 0),
                                right=expected == got,
                                shade=round(4 * rows.get(expected, {}).get(got, 0) / most),
                            )
                            for got in names
                        ],
                    )
                    for expected in names
                ],
            )
        )
    return tables


def _case(score: CaseScore, outcomes: Path) -> CaseView:
    outcome = load_outcome(outcomes, score.domain, "main", 0)
    pages = marked_pages(score, outcome) if outcome is not None else ()
    wrong = sum(each.kind == "wrong" for each in score.judgements)
    missed = sum(each.kind == "missed" for each in score.judgements)
    right = sum(each.kind == "right" for each in score.judgements)
    tiers = sum(each.distance != 0 for each in score.verdicts)
    tone = "bad" if wrong or score.error or score.citation_faults else "open" if missed or tiers else "good"
    return CaseView(
        score=score,
        pages=pages[:_MOST_PAGES],
        hidden_pages=max(0, len(pages) - _MOST_PAGES),
        tone=tone,
        headline=f"{right} right, {wrong} wrong, {missed} missed; "
        + (f"{tiers} of {len(score.verdicts)} verdicts differ" if tiers else "verdicts as labelled"),
        off=tuple(_off(score, outcome)),
    )


def _off(score: CaseScore, outcome: CaseOutcome | None) -> Iterator[tuple[Judgement, str]]:
    quotes = {item.id: item.quote for item in outcome.evidence} if outcome is not None else {}
    places: dict[int, str] = {}
    for span in score.spans:
        places.setdefault(span.label, span.quote)
    for each in score.judgements:
        if each.kind == "wrong":
            yield each, next((quotes[name] for name in each.evidence if name in quotes), "")
        elif each.kind == "missed":
            yield each, places.get(each.label if each.label is not None else -1, "")


def _prompt_diff(comparison: Comparison | None) -> list[tuple[str, str]]:
    """Return the lines of the difference between the two runs' prompts, each with its kind."""
    if comparison is None or len(comparison.prompts) != 2:
        return []
    (old, before), (new, after) = comparison.prompts
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return [
        (kinds.get(each[:1], "same"), each)
        for each in difflib.unified_diff(before.splitlines(), after.splitlines(), old, new, lineterm="")
    ]


@cache
def _environment() -> Environment:
    environment = template_environment(TEMPLATES)
    environment.filters.update(
        percent=percent,
        interval=interval,
        json=lambda value: json.dumps(value, ensure_ascii=False),
        clean=printable,
        label=lambda name: str(name).replace("_", " "),
    )
    return environment


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _csp_hash(content: str) -> str:
    return f"sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}"
