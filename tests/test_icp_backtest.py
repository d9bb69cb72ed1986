"""Backtests: a profile held against deals, with intervals, only by evidence older than the deal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from deal_tables import PROFILE, TODAY, companies, csv_of, deals_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import InputError
from agent.icp import parse_icp
from agent.models import Evidence, Fact, Findings
from agent.revops.backtest import compare_kept, keep, known_before, run_backtest, score_deals
from agent.revops.backtest_report import backtest_html, backtest_text
from agent.revops.deals import read_deals
from agent.revops.statistics import area_under_curve, difference, wilson
from agent.revops.table import read_table


def nobody(_: str) -> Findings | None:
    return None


def test_precision_counts_everyone_who_scores_like_the_last_of_the_best() -> None:
    icp = parse_icp(PROFILE)
    deals = read_deals(read_table(deals_csv(60).encode(), "d.csv")).deals
    result = run_backtest(icp, deals, nobody, today=TODAY)
    scored = score_deals(icp, deals, nobody, today=TODAY).deals
    for row in result.precision:
        least = sorted((one.score for one in scored), reverse=True)[row.k - 1]
        top = [one for one in scored if one.score >= least]
        assert (row.won.total, row.won.hits) == (len(top), sum(one.won for one in top))
    same = tuple(deal._replace(given=deals[0].given) for deal in deals)
    alike = run_backtest(icp, same, nobody, today=TODAY)
    assert alike.precision == ()
    assert "every deal has the same score" in alike.notes[0]
    assert "120 of the deals were scored by the list's own columns" in alike.notes[-1]


def test_a_perfect_separation_of_few_is_not_certain() -> None:
    area = area_under_curve([3.0] * 30, [1.0] * 40)
    assert area is not None
    assert (area.value, round(area.low, 3), area.high) == (1.0, 0.886, 1.0)
    upside_down = area_under_curve([1.0] * 30, [3.0] * 40)
    assert upside_down is not None
    assert (upside_down.value, upside_down.low, round(upside_down.high, 3)) == (0.0, 0.0, 0.114)


def test_wilson_agrees_with_published_figures_and_is_total() -> None:
    share = wilson(15, 148)  # Newcombe 1998, table I: 0.0624 to 0.1605
    assert (round(share.low, 4), round(share.high, 4)) == (0.0624, 0.1605)
    assert wilson(0, 20).low == 0.0
    assert wilson(20, 20).high == 1.0
    assert (wilson(0, 0).value, wilson(0, 0).high) == (None, 1.0)
    gap = difference(wilson(56, 70), wilson(48, 80))  # Newcombe 1998: 0.0524 to 0.3339
    assert (round(gap.low, 4), round(gap.high, 4)) == (0.0524, 0.3339)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=12), st.lists(st.integers(0, 9), min_size=2, max_size=12)
)
def test_auc_is_the_share_of_pairs_in_the_right_order(won: list[int], lost: list[int]) -> None:
    pairs = [1.0 if w > x else 0.5 if w == x else 0.0 for w in won for x in lost]
    area = area_under_curve(won, lost)
    assert area is not None
    assert area.value == pytest.approx(sum(pairs) / len(pairs))
    assert area.low <= area.value <= area.high
    assert area_under_curve(won[:1], lost) is None


def evidence(name: str, on: date | None, count: int) -> Evidence:
    return Evidence(
        id=name,
        attribute="employee_count",
        value={"exact": count, "low": count, "high": count},
        quote=f"{count} people",
        document="d",
        start=0,
        end=len(f"{count} people"),
        url="https://a.example/",
        source_kind="website",
        source_tier="first-party-text",
        published_at=on,
        polarity="asserts",
        extractor="rule:t@1",
    )


def test_only_evidence_dated_before_the_deal_counts() -> None:
    findings = Findings(
        facts=(
            Fact(
                attribute="employee_count",
                value={"exact": 900, "low": 900, "high": 900},
                status="supported",
                evidence=("late",),
            ),
        ),
        evidence=(
            evidence("early", date(2025, 1, 1), 100),
            evidence("late", date(2026, 1, 1), 900),
            evidence("none", None, 500),
        ),
    )
    before = known_before(findings, date(2025, 6, 1), allow_undated=False)
    assert [item.id for item in before.evidence] == ["early"]
    assert before.facts[0].value == {"exact": 100, "low": 100, "high": 100}
    same_day = known_before(findings, date(2025, 1, 1), allow_undated=False)
    assert same_day.facts == ()
    assert len(known_before(findings, date(2025, 6, 1), allow_undated=True).evidence) == 2


def backtest(text: str, profile: str = PROFILE) -> Any:
    deals = read_deals(read_table(text.encode(), "d.csv"))
    return run_backtest(parse_icp(profile), deals.deals, nobody, today=TODAY)


def test_a_profile_that_predicts_has_an_auc_above_chance_and_rising_tiers() -> None:
    result = backtest(deals_csv(60, responded="yes", qualified="no", ltv="1000"))
    assert (result.deals, result.won, result.lost, result.too_few) == (120, 60, 60, None)
    assert result.area.low > 0.6
    rates = {row.tier: row.won.value for row in result.tiers if row.deals}
    assert rates["A"] > rates["not_a_fit"]
    assert sum(row.deals for row in result.tiers) == 120
    assert result.precision[0].k == 10
    assert result.gains[0] == (0.0, 0.0)
    assert result.gains[-1] == (1.0, 1.0)
    row = next(row for row in result.tiers if row.tier == "A")
    assert (row.responded.value, row.qualified.value, row.mean_value) == (1.0, 0.0, 1000.0)


def test_small_n_is_said_plainly() -> None:
    result = backtest(deals_csv(6))
    assert "n is too small to conclude anything: 6 won and 6 lost" in result.too_few
    assert "n is too small" in backtest_text(result, None)


def test_one_class_only_and_unknown_accounts_are_refused() -> None:
    won = csv_of([{**row, "outcome": "won"} for row in companies(30, True)])
    with pytest.raises(InputError, match="all 30 deals of known accounts are won: without lost ones"):
        backtest(won)
    with pytest.raises(InputError, match="not one account of 2 deals is known"):
        backtest("domain,outcome\na.example,won\nb.example,lost\n")


def test_constant_columns_give_a_coin_toss_and_a_warning() -> None:
    rows = [
        {
            "domain": f"x{at}.example",
            "employee_count": 500,
            "outcome": "won" if at % 2 else "lost",
            "date": "2026-01-01",
        }
        for at in range(60)
    ]
    result = backtest(csv_of(rows))
    assert result.area.value == 0.5
    assert any("same score" in note for note in result.notes)


def test_a_fall_since_the_kept_backtest_is_flagged() -> None:
    good, bad = (
        backtest(deals_csv(60)),
        backtest(deals_csv(60), PROFILE.replace("logistics", "retail").replace("Salesforce]", "Pipedrive]")),
    )
    kept = keep(good, date(2026, 3, 1))
    said = compare_kept(bad, kept)
    assert said is not None
    assert said.startswith(f"AUC fell from {good.area.value:.2f} (version 1, 2026-03-01, 120 deals)")
    assert compare_kept(good, kept) is None


def test_the_html_report_loads_nothing_and_escapes_names() -> None:
    result = backtest(deals_csv(60), PROFILE.replace("name: A", "name: '<b>A&'"))
    page = backtest_html(result, "AUC fell")
    assert "&lt;b&gt;A&amp;" in page
    assert "<b>A" not in page
    assert page.count("<svg") == 2
    for loads in ("http://", "https://", "<script", "<link", "@import", "url("):
        assert loads not in page
