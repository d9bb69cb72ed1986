"""Deals files as people have them, and what is learned, tested, compared and refined from them."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cli import main
from agent.errors import InputError
from agent.icp import parse_icp
from agent.models import Account, Evidence, Fact, Findings
from agent.revops.backtest import compare_kept, keep, known_before, run_backtest, score_deals
from agent.revops.backtest_report import backtest_html, backtest_text
from agent.revops.deals import outcome_of, read_accounts, read_deals
from agent.revops.diff import TierChange, flows, tier_changes
from agent.revops.features import traits_of
from agent.revops.learn import LEAST, learn_icp, measure_lifts
from agent.revops.lint import lint_icp
from agent.revops.refine import refine_weights
from agent.revops.segments import find_segments
from agent.revops.size import market_size
from agent.revops.statistics import area_under_curve, difference, wilson
from agent.revops.table import read_table
from agent.scoring import score_account
from agent.store.store import Store

TODAY = date(2026, 6, 30)
PROFILE = """
icp: crm-users
review_by: 2026-08-01
criteria:
  - {id: size, attribute: employee_count, ideal: [100, 1000], acceptable: [50, 2000]}
  - {id: sector, attribute: industry, any_of: [logistics]}
  - {id: crm, attribute: technology, any_of: [Salesforce]}
tiers: [{name: A, min: 70}, {name: B, min: 40}]
min_coverage: 0.3
exclude:
  - {id: public-sector, attribute: industry, any_of: [government]}
"""


def csv_of(rows: Iterable[dict[str, Any]], delimiter: str = ",") -> str:
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def company(number: int, wins: bool, rng: random.Random) -> dict[str, Any]:
    """Return one synthetic company's row: winners are mid-sized, in logistics and on Salesforce more often."""
    likely = 0.8 if wins else 0.25
    return {
        "domain": f"{'w' if wins else 'l'}{number}.example",
        "employee_count": rng.randint(120, 900) if rng.random() < likely else rng.randint(3, 60),
        "industry": "logistics"
        if rng.random() < likely
        else rng.choice(["software", "retail", "government"]),
        "technology": "Salesforce; Stripe" if rng.random() < likely else "Stripe",
    }


def companies(count: int, wins: bool, seed: int = 1) -> list[dict[str, Any]]:
    rng = random.Random(seed + wins)
    return [company(number, wins, rng) for number in range(count)]


def deals_csv(count: int, **more: Any) -> str:
    rows = [
        {**row, "outcome": "Closed Won" if wins else "lost", "close date": f"2026-0{1 + at % 5}-10", **more}
        for wins in (True, False)
        for at, row in enumerate(companies(count, wins))
    ]
    return csv_of(rows)


def known(rows: list[dict[str, Any]]) -> list[tuple[str, Findings]]:
    listed = read_accounts(read_table(csv_of(rows).encode(), "a.csv"))
    return [(domain, findings) for domain, findings in listed.accounts if findings is not None]


def nobody(_: str) -> Findings | None:
    return None


# ---- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_any_usual_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    text = f"Company Domain{delimiter}Close-Date{delimiter}Größe\nmüller.example{delimiter}2026-01-02{delimiter}ä\n"
    table = read_table(text.encode(encoding), "x.csv")
    assert table.columns == ("company_domain", "close_date", "größe")
    assert table.rows[0].cells["company_domain"] == "müller.example"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "x.csv: the file is empty"),
        (b"\xef\xbb\xbf\n\n", "x.csv: the file is empty"),
        (b"domain,outcome\n", "a header and no rows"),
        (b"domain,Domain\na,b\n", "the column 'domain' appears twice"),
        (b"PK\x03\x04\x00\x00binary", "not a text file"),
        (b"\xff\xfea", "broken utf-16"),
        (b"domain\n" + b'"' + b"x" * 200_000, "not a CSV line"),
    ],
)
def test_a_file_that_is_no_table_says_so(raw: bytes, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        read_table(raw, "x.csv")


def test_missing_columns_name_what_is_there_and_what_is_read() -> None:
    table = read_table(b"domains,stages\na.example,won\n", "x.csv")
    with pytest.raises(InputError, match=r"no column 'domain'; nearest: domains; it has: domains, stages"):
        read_deals(table)
    with pytest.raises(InputError, match=r"no column 'outcome'.*also read as 'outcome': status, stage"):
        read_deals(read_table(b"domain,x\na.example,won\n", "x.csv"))


@pytest.mark.parametrize(
    ("spelling", "outcome"),
    [
        ("won", "won"),
        ("Closed Won", "won"),
        ("closed-won", "won"),
        ("TRUE", "won"),
        ("1", "won"),
        ("Gewonnen", "won"),
        ("lost", "lost"),
        ("Closed / Lost", "lost"),
        ("no", "lost"),
        ("0", "lost"),
        ("verloren", "lost"),
        ("Churned", "churned"),
        ("cancelled", "churned"),
        ("in progress", "open"),
        ("maybe", None),
        ("", None),
    ],
)
def test_outcomes_are_read_however_they_are_spelled(spelling: str, outcome: str | None) -> None:
    assert outcome_of(spelling) == outcome


def test_rows_that_cannot_be_used_are_named_and_the_rest_goes_on() -> None:
    text = (
        "domain,outcome,date,amount,extra\n"
        'https://www.A.example/x,won,2026-01-02,"1,234.50",\n'
        "a.example,won,2026-01-02,,\n"
        "b.example,perhaps,2026-01-02,,\n"
        "not a domain,won,2026-01-02,,\n"
        "c.example,lost,05/11/2026,,\n"
        "d.example,lost,02.01.2026,1.234,,surplus\n"
        "e.example,open,,,\n"
    )
    deals = read_deals(read_table(text.encode(), "d.csv"))
    assert [(deal.domain, deal.outcome, deal.on) for deal in deals.deals] == [
        ("a.example", "won", date(2026, 1, 2)),
        ("d.example", "lost", date(2026, 1, 2)),
    ]
    assert str(deals.deals[0].value) == "1234.50"
    notes = " | ".join(deals.notes)
    for expected in (
        "d.csv:3: a.example is a duplicate",
        "d.csv:4: unknown outcome 'perhaps'",
        "d.csv:5: 'not a domain' is not a domain",
        "d.csv:6: '05/11/2026' is not a date",
        "d.csv:7: more cells than columns",
        "d.csv:8: e.example is still open",
    ):
        assert expected in notes


def test_a_file_without_one_usable_row_says_why() -> None:
    with pytest.raises(InputError, match=r"not one row has a deal .* unknown outcome 'maybe'"):
        read_deals(read_table(b"domain,outcome\na.example,maybe\n", "d.csv"))
    with pytest.raises(InputError, match="not one row has a domain"):
        read_accounts(read_table(b"domain\n???\n", "d.csv"))


def notes_of(text: str) -> tuple[str, ...]:
    return read_deals(read_table(text.encode(), "d.csv"), today=TODAY).notes


def test_a_deal_that_contradicts_another_or_lies_ahead_is_left_out() -> None:
    rows = (
        "domain,outcome,date\na.example,won,2026-01-02\na.example,lost,2026-01-02\nb.example,won,2031-01-01\n"
    )
    assert notes_of(rows) == (
        "d.csv:3: a.example is lost here and won on the same day in row 2",
        "d.csv:4: b.example is won on 2031-01-01, after today",
    )
    assert notes_of(rows.replace("a.example,lost,2026-01-02", "a.example,lost,2026-03-02")) == (
        "d.csv:4: b.example is won on 2031-01-01, after today",
    )


def test_cells_that_say_neither_yes_nor_no_are_told_once() -> None:
    rows = "domain,outcome,expanded,ltv\n" + "".join(f"a{n}.example,won,maybe,yes\n" for n in range(30))
    assert notes_of(rows) == (
        "d.csv: 30 cells of 'ltv' cannot be read, such as 'yes'; they do not count",
        "d.csv: 30 cells of 'expanded' cannot be read, such as 'maybe'; they do not count",
    )


def test_a_quotation_mark_that_never_closes_is_named() -> None:
    rows = 'domain,outcome\na.example,won\n"b.example,won\nc.example,lost\n'
    assert notes_of(rows) == (
        "d.csv:4: a quotation mark opens before 'b.example,won' and 1 more lines end in it; close it",
    )


def test_a_header_in_full_width_letters_is_the_same_header() -> None:
    assert read_table("ｄｏｍａｉｎ,ＯＵＴＣＯＭＥ\na.example,won\n".encode(), "x.csv").columns == (
        "domain",
        "outcome",
    )


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


def test_a_learned_draft_passes_lint_though_nothing_was_learned_about_intent() -> None:
    learned = learn_icp(known(companies(60, True)), known(companies(60, False)), [], name="x", as_of=TODAY)
    assert (
        "# Nothing was learned about intent.\ndimensions: {firmographic: 57, behavioral: 43}" in learned.yaml
    )
    assert "ICP018" not in [one.code for one in lint_icp(learned.icp, TODAY)]


def test_a_perfect_separation_of_few_is_not_certain() -> None:
    area = area_under_curve([3.0] * 30, [1.0] * 40)
    assert area is not None
    assert (area.value, round(area.low, 3), area.high) == (1.0, 0.886, 1.0)
    upside_down = area_under_curve([1.0] * 30, [3.0] * 40)
    assert upside_down is not None
    assert (upside_down.value, upside_down.low, round(upside_down.high, 3)) == (0.0, 0.0, 0.114)


def test_an_account_in_both_files_is_named_when_too_few_are_left() -> None:
    both = known(companies(40, True))
    with pytest.raises(InputError, match=r"both won and lost teach nothing: 40 left out \(w0\.example, w1"):
        learn_icp(both, both, [], name="x", as_of=TODAY)


def test_attribute_columns_become_facts_and_duplicate_domains_count_once() -> None:
    text = "domain,employee_count,technology,industry,founded_year\nwww.a.example,51-200,AWS; Salesforce,Logistik,1999\na.example,9,,,\n"
    accounts = read_accounts(read_table(text.encode(), "a.csv"))
    ((domain, findings),) = accounts.accounts
    assert domain == "a.example"
    assert findings is not None
    values = [(fact.attribute, fact.value) for fact in findings.facts]
    assert ("employee_count", {"exact": None, "low": 51, "high": 200}) in values
    assert ("founded_year", 1999) in values
    assert {
        fact.value["product"]
        for fact in findings.facts
        if isinstance(fact.value, dict) and "product" in fact.value
    } == {
        "AWS",
        "Salesforce",
    }
    assert "duplicate" in accounts.notes[0]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_a_table_or_one_line(raw: bytes) -> None:
    try:
        table = read_table(raw, "x.csv")
        read_deals(table)
    except InputError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said


# ---- statistics -----------------------------------------------------------------------------------------------


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


# ---- learn ------------------------------------------------------------------------------------------------------


def test_learning_finds_what_sets_won_accounts_apart_and_tests_it_on_unseen_ones() -> None:
    learned = learn_icp(
        known(companies(120, True)), known(companies(120, False)), [], name="learned", as_of=TODAY
    )
    wanted = {one.feature.label for one in learned.lifts if one.verdict == "wanted"}
    assert {"uses Salesforce", "industry Logistics & Transportation"} <= wanted
    assert "uses Stripe" not in wanted
    assert learned.size is not None
    assert learned.size.least <= learned.size.low < 120 < 600 < learned.size.high <= 900
    ids = {criterion.id for criterion in learned.icp.criteria}
    assert {"size", "industry", "technology-salesforce-1"} <= ids
    assert learned.held_out.won == learned.held_out.lost == 40
    assert learned.held_out.area is not None
    assert learned.held_out.area.low > 0.6
    assert "won 7" in learned.yaml or "won 8" in learned.yaml
    assert "95 % intervals" in learned.yaml
    assert parse_icp(learned.yaml).sha256 == learned.icp.sha256


def test_the_order_of_accounts_never_changes_what_is_learned() -> None:
    won, lost = known(companies(60, True)), known(companies(60, False))
    first = learn_icp(won, lost, [], name="a", as_of=TODAY)
    second = learn_icp(won[::-1], lost[::-1], [], name="a", as_of=TODAY)
    assert first.yaml == second.yaml


def test_what_no_won_account_has_is_excluded() -> None:
    lost = [{**row, "industry": "government"} for row in companies(90, False)]
    won = [{**row, "industry": "logistics"} for row in companies(90, True)]
    learned = learn_icp(known(won), known(lost), [], name="a", as_of=TODAY)
    excluded = {rule.id: rule.effect for rule in learned.icp.exclude}
    assert any(name.startswith("not-industry-government") for name in excluded)
    assert "disqualify" in excluded.values()


def test_what_churned_accounts_share_is_a_penalty() -> None:
    won = known([{**row, "ownership": "private"} for row in companies(60, True)])
    left = known(
        [{**row, "domain": f"c{row['domain']}", "ownership": "nonprofit"} for row in companies(40, True, 9)]
    )
    learned = learn_icp(won, known(companies(60, False)), left, name="a", as_of=TODAY)
    unwanted = {one.feature.label: one.churn_gap for one in learned.lifts if one.verdict == "unwanted"}
    assert "ownership nonprofit" in unwanted


def noise(seed: int) -> list[tuple[str, Findings]]:
    rng = random.Random(seed)
    models, tools = ["b2b", "b2c"], ["AWS", "Stripe"]
    rows = [
        {"domain": f"n{at}.example", "business_model": rng.choice(models), "technology": rng.choice(tools)}
        for at in range(160)
    ]
    return known(rows)


def test_noise_seldom_passes_for_knowledge() -> None:
    alarms = 0
    for seed in range(40):
        traits = [traits_of(findings) for _, findings in noise(seed)]
        alarms += any(one.verdict != "unclear" for one in measure_lifts(traits[:80], traits[80:], []))
    assert alarms <= 4  # 5 % of 40, and chance


def test_when_nothing_can_be_learned_the_draft_says_so() -> None:
    accounts = noise(1)
    learned = learn_icp(accounts[:80], accounts[80:], [], name="a", as_of=TODAY)
    assert "beyond chance" in learned.notes[0]
    assert "Nothing could be learned" in learned.yaml


def test_too_few_cases_are_refused_with_how_many_are_missing() -> None:
    with pytest.raises(
        InputError, match=rf"it takes {LEAST} of each, so 5 more won accounts and {LEAST - 4} more lost"
    ):
        learn_icp(known(companies(LEAST - 5, True)), known(companies(4, False)), [], name="a", as_of=TODAY)


def test_an_account_both_won_and_lost_teaches_nothing() -> None:
    won, lost = companies(50, True), companies(50, False)
    learned = learn_icp(known(won), known([*lost, won[0]]), [], name="a", as_of=TODAY)
    assert learned.notes[0] == "accounts that are both won and lost teach nothing: 1 left out (w0.example)"


def test_two_kinds_of_customer_are_two_segments_and_one_kind_is_none() -> None:
    small = [
        {
            "domain": f"s{at}.example",
            "employee_count": 30,
            "industry": "retail",
            "headquarters": "Paris, France",
        }
        for at in range(20)
    ]
    large = [
        {
            "domain": f"g{at}.example",
            "employee_count": 6000,
            "industry": "insurance",
            "headquarters": "Berlin, Germany",
        }
        for at in range(25)
    ]
    found = find_segments(known([*small, *large]))
    assert found is not None
    assert sorted(len(group.domains) for group in found.groups) == [20, 25]
    assert found.groups[0].marks[0][1] == 1.0
    assert find_segments(known(large + [{**row, "domain": f"h{row['domain']}"} for row in large])) is None
    assert find_segments(known(small)) is None


# ---- backtest -----------------------------------------------------------------------------------------------------


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
    with pytest.raises(InputError, match="not one of the 2 deals' accounts is known"):
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


# ---- diff, size, refine ----------------------------------------------------------------------------------------------


def test_diff_names_the_criterion_that_moved_each_account() -> None:
    before = parse_icp(PROFILE)
    after = parse_icp(PROFILE.replace("[Salesforce]", "[HubSpot]"))
    accounts = known(
        [
            {
                "domain": "a.example",
                "employee_count": 500,
                "industry": "logistics",
                "technology": "Salesforce",
            },
            {"domain": "b.example", "employee_count": 500, "industry": "logistics", "technology": "HubSpot"},
            {"domain": "c.example", "employee_count": 3, "industry": "retail", "technology": "AWS"},
        ]
    )
    found = list(tier_changes(accounts, before, after, TODAY))
    changes = [one for one in found if isinstance(one, TierChange)]
    assert [(one.domain, one.before, one.after) for one in changes] == [
        ("a.example", "A", "B"),
        ("b.example", "B", "A"),
    ]
    assert [(one.causes[0].id, one.causes[0].points) for one in changes] == [("crm", -42.86), ("crm", 42.86)]
    assert found[2] == "not_a_fit"
    assert [flow.accounts for flow in flows(changes)] == [1, 1]


def test_diff_tells_disqualifiers_required_criteria_and_thresholds() -> None:
    accounts = known(
        [{"domain": "a.example", "employee_count": 500, "industry": "logistics", "technology": "Salesforce"}]
    )

    def causes(after: str) -> list[tuple[str, str]]:
        (change,) = tier_changes(accounts, parse_icp(PROFILE), parse_icp(after), TODAY)
        assert isinstance(change, TierChange)
        return [(cause.id, cause.how) for cause in change.causes]

    out = PROFILE + "  - {id: crm-users, attribute: technology, any_of: [Salesforce]}\n"
    assert causes(out)[0] == ("crm-users", "disqualifies now")
    needed = PROFILE.replace("any_of: [logistics]}", "any_of: [retail], required: true}")
    assert causes(needed)[0] == ("sector", "not met now")
    assert causes(PROFILE.replace("name: A, min: 70", "name: Top, min: 70"))[0][0] == "tiers"


def test_size_counts_tiers_and_says_whether_the_market_is_workable() -> None:
    icp = parse_icp(PROFILE)
    good = {"employee_count": 500, "industry": "logistics", "technology": "Salesforce"}
    (_, fit), (_, out) = known(
        [{"domain": "a.example", **good}, {"domain": "b.example", **good, "industry": "government"}]
    )
    result = market_size(
        icp, [(f"a{n}.example", fit) for n in range(600)] + [("b.example", out), ("c.example", None)], TODAY
    )
    assert dict(result.tiers) == {
        "A": 600,
        "B": 0,
        "insufficient_evidence": 0,
        "not_a_fit": 0,
        "disqualified": 1,
    }
    assert (result.targets, result.accounts, result.unknown) == (600, 602, 1)
    assert "workable" in result.advice
    assert "fewer than the workable" in market_size(icp, [("a.example", fit)], TODAY).advice
    assert "more than the workable" in market_size(icp, [(str(n), fit) for n in range(5001)], TODAY).advice
    assert (
        "at this rate about"
        in market_size(icp, [("a", fit), *((str(n), None) for n in range(900))], TODAY).advice
    )
    assert "research the list first" in market_size(icp, [("a", None)], TODAY).advice


def verdicts(count: int, profile: str) -> list[tuple[Any, bool]]:
    icp = parse_icp(profile)
    return [
        (score_account(icp, findings, TODAY), wins)
        for wins in (True, False)
        for _, findings in known(companies(count, wins))
    ]


def test_refining_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    for name in [name for name in sys.modules if name.startswith("sklearn.")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"install account-dossier\[learn\]"):
        refine_weights(parse_icp(PROFILE), verdicts(25, PROFILE))


def test_refining_moves_weight_to_what_predicts_and_measures_the_gain() -> None:
    pytest.importorskip("sklearn")
    upside_down = PROFILE.replace("any_of: [Salesforce]", "any_of: [Stripe], weight: 9").replace(
        "criteria:", "criteria:\n  - {id: real, attribute: technology, any_of: [Salesforce], weight: 0.1}"
    )
    result = refine_weights(parse_icp(upside_down), verdicts(40, upside_down))
    proposed = {one.id: one for one in result.proposals}
    assert proposed["real"].proposed > proposed["real"].today
    assert proposed["crm"].remark == "the same on every deal: says nothing"
    assert result.auc_proposed > 0.5
    assert result.gain_low <= result.gain <= result.gain_high


def test_refining_noise_is_no_gain() -> None:
    pytest.importorskip("sklearn")
    rng = random.Random(5)
    shuffled = [(verdict, rng.random() < 0.5) for verdict, _ in verdicts(40, PROFILE)]
    assert not refine_weights(parse_icp(PROFILE), shuffled).worthwhile


def test_refining_refuses_few_deals_and_constant_criteria() -> None:
    icp = parse_icp(PROFILE)
    with pytest.raises(InputError, match="5 won and 5 lost deals are too few"):
        refine_weights(icp, verdicts(5, PROFILE))
    same = verdicts(1, PROFILE)[0][0]
    with pytest.raises(InputError, match="every criterion earned the same"):
        refine_weights(icp, [(same, at % 2 == 0) for at in range(60)])


# ---- the commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "icp.yaml").write_text(PROFILE)
    (tmp_path / "won.csv").write_text(csv_of(companies(60, True)))
    (tmp_path / "lost.csv").write_text(csv_of(companies(60, False)))
    (tmp_path / "deals.csv").write_text(deals_csv(60))
    return tmp_path


def test_learn_writes_a_draft_once(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sides = ["--won", str(files / "won.csv"), "--lost", str(files / "lost.csv")]
    draft = files / "draft.yaml"
    assert main(["icp", "learn", *sides, "--output", str(draft)]) == 0
    assert parse_icp(draft.read_text()).name == "learned"
    assert "held out: 20 won, 20 lost; AUC" in capsys.readouterr().err
    assert main(["icp", "learn", *sides, "--output", str(draft)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert main(["icp", "learn", *sides, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["won"] == 40


def test_backtest_keeps_figures_and_flags_the_next_drop(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile, deals = str(files / "icp.yaml"), ["--deals", str(files / "deals.csv")]
    assert main(["icp", "backtest", profile, *deals, "--keep", "--html", str(files / "r.html")]) == 0
    assert "crm-users v1 on 120 deals: 60 won, 60 lost" in capsys.readouterr().out
    page = (files / "r.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "svg{max-width:100%;height:auto}" in page  # nothing is cut off on a telephone
    assert page.count('class="scroll"><table>') == 1
    (files / "icp.yaml").write_text(
        PROFILE.replace("logistics", "retail").replace("Salesforce]", "Pipedrive]")
    )
    assert main(["icp", "backtest", profile, *deals, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["drop"].startswith("AUC fell from")


def test_refine_prints_a_gain_or_no_gain(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    assert main(["icp", "refine", str(files / "icp.yaml"), "--deals", str(files / "deals.csv")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("AUC 0.")
    assert "no gain" in out or "→" in out


def test_size_of_a_list(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", "size", str(files / "icp.yaml"), "--list", str(files / "won.csv")]) == 0
    assert "fewer than the workable 500" in capsys.readouterr().out


def test_diff_reads_the_store(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = files / "other.yaml"
    other.write_text(PROFILE.replace("min: 70", "min: 99").replace("min: 40", "min: 98"))
    command = ["icp", "diff", str(files / "icp.yaml"), str(other)]
    assert main(command) == 2
    assert "no account is stored yet" in capsys.readouterr().err
    with Store(files / "home") as store:
        for domain, findings in known(companies(8, True)):
            account = Account(
                domain=domain, final_domain=domain, status="live", home_url=f"https://{domain}/"
            )
            store.save_findings(
                account, findings, as_of=TODAY, now=datetime(2026, 6, 30, tzinfo=UTC) + timedelta(0)
            )
    assert main(command) == 0
    assert "of 8 stored accounts change tier" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accounts"] == 8


@pytest.mark.parametrize("command", ["new", "lint", "schema", "learn", "backtest", "diff", "refine", "size"])
def test_every_icp_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", command, "--help"]) == 0
    assert "Usage: dossier icp" in capsys.readouterr().out
