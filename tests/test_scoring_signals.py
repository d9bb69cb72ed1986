"""Signals: how many, how fresh, of which kind, and what an unread board leaves open."""

from __future__ import annotations

import pytest
from scored_account import ALL_READ, AS_OF, SALES, Account, scored

from agent.icp import parse_icp
from agent.scoring import score_account


@pytest.mark.parametrize("state", ["read", "read_nothing_found", "unreadable", "not_looked"])
def test_an_empty_or_unread_careers_page_is_unknown_never_not_met(state: str) -> None:
    for account in (Account(jobs=state), Account(jobs=state).openings("engineering", 3, 4)):
        outcome = scored(account, SALES)
        assert (outcome.status, outcome.points, outcome.possible_points) == ("unknown", 0, 100)


def test_a_count_that_falls_short_is_final_only_when_the_board_was_read() -> None:
    read = scored(Account(jobs="read").openings("sales", 5), SALES)
    assert (read.status, read.points, read.possible_points) == ("partly_met", 33.33, 33.33)
    assert "that is all" in read.reason
    unread = scored(Account(jobs="unreadable").openings("sales", 5), SALES)
    assert (unread.status, unread.points, unread.possible_points) == ("partly_met", 33.33, 100)
    enough = scored(Account(jobs="read").openings("sales", 5, 6, 7, 8), SALES)
    assert enough.status == "met"
    assert enough.reason.startswith("Hiring (sales): 4 (3 wanted) within 90 days")


def test_a_board_cut_off_by_the_cap_is_never_final() -> None:
    findings = Account(jobs="read").openings("sales", 5).findings()
    cut = tuple(entry.model_copy(update={"truncated": True}) for entry in findings.coverage)
    icp = parse_icp(f"icp: test\ncriteria:\n  - {{id: c, {SALES}}}\n", "test.yaml")
    [outcome] = score_account(icp, findings.model_copy(update={"coverage": cut}), AS_OF).criteria
    assert (outcome.points, outcome.possible_points) == (33.33, 100)


def test_each_posting_decays_by_its_own_age() -> None:
    account = Account(jobs="read").openings("sales", 0, 45, 90)
    outcome = scored(account, SALES + ", half_life_days: 45")
    assert outcome.points == pytest.approx(100 * (1 + 0.5 + 0.25) / 3, abs=0.006)


def test_a_board_and_the_careers_page_are_not_added_up() -> None:
    account = Account(jobs="read").openings("sales", 5, 6)
    for days in (5, 6):
        account.quote(
            "hiring", {"department": "sales", "seniority": None, "title": "AE", "count": 1}, "AE", days
        )
    fact = account.facts[0]
    account.facts[0] = fact.model_copy(update={"evidence": tuple(item.id for item in account.evidence)})
    assert scored(account, SALES).points == 66.67


def test_a_stated_total_counts_as_that_many() -> None:
    total = {"department": "sales", "seniority": None, "title": None, "count": 12}
    account = Account(jobs="read").fact("hiring", total, 10, quote="12 open roles in Sales")
    assert scored(account, SALES).status == "met"


def test_undated_signals_are_never_fresh_but_leave_the_end_open() -> None:
    outcome = scored(Account(jobs="read").openings("sales", None, None, None), SALES)
    assert (outcome.status, outcome.points, outcome.possible_points) == ("unknown", 0, 100)
    assert "never taken as fresh" in outcome.reason
    some = scored(Account(jobs="read").openings("sales", 5, None), SALES)
    assert (some.points, some.possible_points) == (33.33, 66.67)


def test_old_signals_count_nothing_and_prove_nothing() -> None:
    criterion = "attribute: funding_round, within_days: 180, half_life_days: 90"
    series_a = {"stage": "series_a", "amount": 5_000_000, "currency": "USD"}
    for days, points, possible in ((0, 100, 100), (90, 50, 50), (180, 25, 25), (181, 0, 100)):
        outcome = scored(Account(news="read").fact("funding_round", series_a, days), criterion)
        assert (outcome.points, outcome.possible_points) == (points, possible)
    old = scored(Account(news="read").fact("funding_round", series_a, 400), criterion)
    assert old.status == "unknown"
    assert "400 days ago" in old.reason


def test_an_event_dated_after_as_of_has_not_happened() -> None:
    account = Account().fact("funding_round", {"stage": "seed", "amount": None, "currency": None}, -5)
    outcome = scored(account, "attribute: funding_round, within_days: 180")
    assert outcome.status == "unknown"
    assert "not yet happened" in outcome.reason


def test_the_latest_telling_of_an_event_counts() -> None:
    account = Account().fact(
        "funding_round", {"stage": "seed", "amount": None, "currency": None}, 300, None, 20
    )
    assert scored(account, "attribute: funding_round, within_days: 30").status == "met"


def test_a_denial_of_hiring_is_not_met_unless_it_is_old() -> None:
    none = {"department": "other", "seniority": None, "title": None, "count": 1}
    today = Account(jobs="read").fact("hiring", none, status="denied", polarity="denies", quote="not hiring")
    assert scored(today, SALES).status == "not_met"
    old = Account(jobs="read").fact(
        "hiring", none, 200, status="denied", polarity="denies", quote="not hiring"
    )
    assert scored(old, SALES).status == "unknown"


def test_where_narrows_by_free_text_words() -> None:
    account = Account().fact(
        "leadership_change", {"title": "Chief Revenue Officer", "change": "appointed"}, 10
    )
    base = "attribute: leadership_change, within_days: 90, where: "
    assert scored(account, base + "{title: revenue}").status == "met"
    assert scored(account, base + "{title: [sales, Chief Revenue]}").status == "met"
    assert scored(account, base + "{title: venue}").status == "unknown"
    assert scored(account, base + "{title: revenue, change: departed}").status == "unknown"


@pytest.mark.parametrize("count", [1, 2])
def test_the_last_day_of_the_window_counts_and_the_day_after_does_not(count: int) -> None:
    def earned(*days_ago: int) -> float:
        account = Account(**ALL_READ)
        for at, days in enumerate(days_ago):
            account.fact("product_launch", {"product": f"P{at}"}, days)
        return scored(account, f"attribute: product_launch, within_days: 90, min_count: {count}").points

    assert earned(*[90] * count) == 100
    assert earned(*[91] * count) == 0


def test_of_more_signals_than_wanted_the_freshest_count() -> None:
    account = Account(**ALL_READ)
    for days in (80, 0, 40, 0):
        account.fact("product_launch", {"product": f"P{days}"}, days)
    assert scored(account, "attribute: product_launch, min_count: 2, half_life_days: 40").points == 100
    assert scored(account, "attribute: product_launch, min_count: 3, half_life_days: 40").points == 83.33


def test_the_latest_telling_of_an_event_is_cited_before_the_older_ones() -> None:
    account = Account().fact("layoffs", {"count": 5, "percent": None}, 200, 10, 90)
    told = scored(account, "attribute: layoffs, within_days: 180")
    assert told.evidence == ("e1", "e0", "e2")
    assert "the latest 10 days ago" in told.reason
