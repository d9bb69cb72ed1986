"""The HTML report is one closed file, and page text in it stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from agent.models import Evidence, Exclusion, NextFact
from agent.report.html import WINDOW, cut_text, render_html
from agent.report.markdown import render_markdown
from agent.report.text import WIDTH, render_text, score_bar
from agent.report.waterfall import NARROW, WIDE, Shape, draw_waterfall


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.seen


@pytest.fixture
def html(sample: Any) -> str:
    return render_html(sample.report, sample.text_of)


def test_nothing_is_loaded_from_anywhere(html: str) -> None:
    for tag, attributes in tags(html):
        assert tag not in ("link", "img", "iframe", "object", "embed")
        assert "src" not in attributes
    assert "default-src 'none'" in html


def test_page_text_cannot_become_markup(html: str) -> None:
    assert sum(tag == "script" for tag, _ in tags(html)) == 1
    assert "<b>freight</b>" not in html
    assert not any((attributes.get("href") or "").startswith("javascript:") for _, attributes in tags(html))


def test_every_quote_links_to_its_highlighted_text(sample: Any, html: str) -> None:
    anchors = {attributes.get("id") for _, attributes in tags(html)}
    for item in sample.report.evidence:
        assert f"q-{item.id}" in anchors
        assert f'href="#q-{item.id}"' in html


def test_the_scripts_and_styles_are_those_the_policy_names(html: str) -> None:
    import base64
    from hashlib import sha256

    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(sha256(body.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in html.replace("&#39;", "'").replace("&#43;", "+")


def test_what_is_known_in_part_is_not_called_nothing_found(sample: Any) -> None:
    verdict = sample.report.verdicts[0]
    known = next(each for each in verdict.criteria if each.evidence)
    open_fact = NextFact(
        criterion=known.id,
        attribute="employee_count",
        absence="read_nothing_found",
        points=3,
        could_change_tier=True,
        ask="How many people work there?",
    )
    partly = verdict.model_copy(update={"next_facts": (open_fact,)})
    report = sample.report.model_copy(update={"verdicts": (partly,)})
    shown = render_html(report, sample.text_of)
    [line] = [each for each in shown.split("<li>") if "up to 3 points" in each]
    assert "known in part" in line
    assert "nothing found" not in line


def test_a_long_text_is_cut_around_its_quotes_and_says_so(sample: Any) -> None:
    text = "x" * 50_000 + "QUOTE" + "y" * 50_000
    item = sample.report.evidence[0].model_copy(update={"start": 50_000, "end": 50_005, "quote": "QUOTE"})
    pieces = cut_text(text, [item])
    assert [piece.kind for piece in pieces] == ["cut", "plain", "mark", "plain", "cut"]
    assert sum(len(piece.text) for piece in pieces if piece.kind == "plain") == 2 * WINDOW


def test_overlapping_quotes_share_one_highlight(sample: Any) -> None:
    first: Evidence = sample.report.evidence[0]
    pieces = cut_text(
        "abcdefghij",
        [first.model_copy(update={"start": 2, "end": 6}), first.model_copy(update={"start": 4, "end": 8})],
    )
    assert [piece.text for piece in pieces] == ["ab", "cdefgh", "ij"]
    assert "".join(piece.text for piece in pieces) == "abcdefghij"


def test_the_terminal_report_leads_with_the_verdict_and_fits(sample: Any) -> None:
    text = render_text(sample.report)
    lines = text.splitlines()
    assert "TIER 2, not certain yet" in lines[2]
    assert max(map(len, lines)) <= WIDTH
    for wanted in ("“a team of about 340 people”", "Unknown, and what to ask", "Not ruled out", "receipt"):
        assert wanted in text


def test_page_text_cannot_drive_the_terminal(sample: Any) -> None:
    assert "\x1b" not in render_text(sample.report)
    assert "\u202e" not in render_text(sample.report)


def test_a_name_a_tier_or_a_profile_cannot_drive_the_terminal_either(sample: Any) -> None:
    evil = "Acme\x1b]0;owned\x07\u202e\x9b2J"
    report = sample.report
    verdict = report.verdicts[0].model_copy(update={"tier": evil})
    account = report.account.model_copy(update={"name": evil, "status": evil})
    text = render_text(report.model_copy(update={"account": account, "verdicts": (verdict,)}))
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)


def test_markdown_escapes_page_text_and_links_only_the_web(sample: Any) -> None:
    markdown = render_markdown(sample.report)
    assert "<script>" not in markdown
    assert "](<javascript" not in markdown


@pytest.mark.parametrize(
    ("score", "possible", "expected"),
    [(0, 0, "·" * 40), (100, 100, "█" * 40), (50, 75, "█" * 20 + "▒" * 10 + "·" * 10)],
)
def test_the_bar_shows_proven_possible_and_out_of_reach(score: float, possible: float, expected: str) -> None:
    assert score_bar(score, possible) == expected


@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_the_waterfall_adds_up_to_the_points_and_stays_inside_its_drawing(sample: Any, shape: Shape) -> None:
    verdict = sample.report.verdicts[0]
    drawn = draw_waterfall(verdict, shape)
    points = shape.plot / 100
    proven = sum(bar.proven if bar.status != "penalty" else -bar.proven for bar in drawn.bars) / points
    taken = sum(one.points for one in verdict.excluded if one.effect == "penalty")
    assert proven == pytest.approx(max(0, sum(one.points for one in verdict.criteria) - taken))
    for bar, criterion in zip(drawn.bars, verdict.criteria, strict=False):
        assert bar.name == criterion.id
        assert len(bar.label) <= shape.letters
        assert 0 <= bar.x - shape.plot_x <= bar.x - shape.plot_x + bar.proven + bar.open <= shape.plot + 1
    assert [bar.y for bar in drawn.bars] == sorted(bar.y for bar in drawn.bars)
    assert drawn.height > drawn.bars[-1].y + shape.bar + shape.thickness


def test_a_long_name_is_cut_with_an_ellipsis_and_told_in_full(sample: Any) -> None:
    verdict = sample.report.verdicts[0]
    name = "the-sector-in-which-the-account-earns-most-of-its-revenue"
    longer = verdict.criteria[0].model_copy(update={"id": name})
    changed = verdict.model_copy(update={"criteria": (longer, *verdict.criteria[1:])})
    page = render_html(sample.report.model_copy(update={"verdicts": (changed,)}), sample.text_of)
    assert f"{name[:21]}…<title>{name}</title>" in page
    assert f"{name[:31]}…<title>{name}</title>" in page


def test_a_penalty_says_what_it_costs_and_a_disqualifier_does_not(sample: Any) -> None:
    verdict = sample.report.verdicts[0].model_copy(
        update={
            "excluded": (
                Exclusion(id="layoffs", effect="penalty", reason="It shrinks.", points=12.5),
                Exclusion(id="public", effect="disqualify", reason="It is a ministry."),
            )
        }
    )
    report = sample.report.model_copy(update={"verdicts": (verdict,)})
    text = render_text(report)
    assert "x layoffs (penalty, -12.5 points): It shrinks." in text
    assert "x public (disqualify): It is a ministry." in text
    markdown = render_markdown(report)
    assert "Marked down by **layoffs**" in markdown
    assert "Excluded by **public**" in markdown
    assert "(penalty, -12.5 points)" in render_html(report, sample.text_of)
