"""What a reader gets: one safe HTML file, JUnit, a summary; and never the test half's content."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.baseline import Baseline
from evals.comparing import compare_runs
from evals.gates import load_gates
from evals.handmade import write_case, write_sample
from evals.measuring import measure
from evals.reporting.html import render_html
from evals.reporting.junit import render_junit
from evals.reporting.pages import _Mark, segments
from evals.reporting.summary import render_summary
from evals.reporting.text import render_results
from evals.results import RunResults
from evals.running.config import RunConfig

HOSTILE = "Nasty</pre><script>alert(1)</script>"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResults, Path]:
    folder = tmp_path_factory.mktemp("report")
    accounts, icps = write_sample(folder, 7)
    secret = yaml.safe_load((accounts / "pumpwerk6.example" / "labels.yaml").read_text(encoding="utf-8"))
    secret["split"] = "test"
    secret["verdicts"]["sample"]["tier"] = "Tier 1"
    (accounts / "pumpwerk6.example" / "labels.yaml").write_text(yaml.safe_dump(secret), encoding="utf-8")
    domain = "nasty.example"
    page = (
        "<html><head><title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title></head><body><main>"
        "<h1>Nasty</h1><p>We are a team of 640 employees &lt;script&gt;alert(1)&lt;/script&gt;.</p></main></body></html>"
    )
    label = {
        "attribute": "employee_count",
        "accept": [{"low": 641, "high": 641}],
        "spans": [{"url": f"https://{domain}/", "quote": "We are a team of 640 employees"}],
    }
    write_case(
        accounts,
        domain,
        {"/": page},
        {"labels": [label], "verdicts": {"sample": {"tier": "Tier 1", "criteria": {"size": "not_met"}}}},
    )
    config = RunConfig(accounts=accounts, icps=icps, split="all")
    return measure(config, folder / "run", load_gates(), Baseline(), workers=1), folder / "run"


def test_the_page_loads_nothing_and_names_its_own_code_by_hash(ran: tuple[RunResults, Path]) -> None:
    page = render_html(*ran)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(sha256(bodies[0].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert not re.search(r'\b(?:src|href)="(?!#)', page)
    assert "@import" not in page
    assert "url(" not in page


def test_page_text_stays_text(ran: tuple[RunResults, Path]) -> None:
    page = render_html(*ran)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_labelled_found_and_both_are_marked_apart(ran: tuple[RunResults, Path]) -> None:
    page = render_html(*ran)
    assert 'class="gold predicted"' in page
    assert re.search(r'<mark class="predicted"[^>]*>', page)


def test_the_test_half_is_counted_and_not_shown(ran: tuple[RunResults, Path]) -> None:
    results, folder = ran
    hidden = next(case for case in results.cases if case.domain == "pumpwerk6.example")
    assert hidden.sums["tier_accuracy"] == (0, 1)
    assert (hidden.judgements, hidden.verdicts, hidden.spans, hidden.tags) == ((), (), (), ())
    page = render_html(results, folder)
    assert "1 accounts of the test half are counted above and not shown" in page
    assert "pumpwerk6" not in page
    assert "Pumpwerk6" not in results.model_dump_json()


def test_every_figure_has_its_n(ran: tuple[RunResults, Path]) -> None:
    text = render_results(ran[0])
    for measure_ in ran[0].measures:
        if measure_.group not in ("model", "robustness"):
            assert measure_.label in text
    assert "n=" in text
    assert "gates" in text


def test_junit_has_a_test_for_each_gate_and_account(ran: tuple[RunResults, Path]) -> None:
    results, _ = ran
    root = ElementTree.fromstring(render_junit(results))
    gates, accounts = root.findall("testsuite")
    assert len(gates.findall("testcase")) == len(results.gates)
    assert len(accounts.findall("testcase")) == len(results.cases)
    assert gates.get("failures") == str(sum(gate.state == "fail" for gate in results.gates))
    broken = results.model_copy(
        update={"cases": (results.cases[0].model_copy(update={"error": "bad \x00\x1b byte"}),)}
    )
    assert ElementTree.fromstring(render_junit(broken)).find(".//error") is not None


def test_the_summary_leads_with_the_gates(ran: tuple[RunResults, Path]) -> None:
    text = render_summary(ran[0], compare_runs(ran[0], ran[0]))
    assert text.startswith("## dossier-eval: ")
    assert "no difference seen" in text or "too few cases" in text


def test_a_comparison_shows_what_flipped(ran: tuple[RunResults, Path]) -> None:
    results, folder = ran
    other = results.cases[0].model_copy(
        update={"sums": {**results.cases[0].sums, "recall": (0, 3)}, "judgements": ()}
    )
    worse = results.model_copy(update={"cases": (other, *results.cases[1:])})
    page = render_html(worse, folder, compare_runs(results, worse))
    assert f"<b>{other.domain}</b>" in page


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1, max_size=2000),
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(1, 400), st.sampled_from(["gold", "predicted"])),
        max_size=8,
    ),
)
def test_marking_loses_no_character_but_those_it_says(text: str, raw: list[tuple[int, int, str]]) -> None:
    marks = [
        _Mark(start % len(text), min(len(text), start % len(text) + length), kind, kind)
        for start, length, kind in raw
    ]
    pieces = list(segments(text, marks))
    shown = sum(len(piece.text) for piece in pieces if not piece.cut)
    cut = sum(int(re.sub(r"[^\d]", "", piece.text)) for piece in pieces if piece.cut)
    assert shown + cut == len(text)
    marked = {place for mark in marks for place in range(mark.start, mark.end)}
    assert sum(len(piece.text) for piece in pieces if piece.marks) == len(marked)
