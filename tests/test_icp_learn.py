"""Learning a profile from deals: what sets won accounts apart, tested on unseen ones, and no more than that."""

from __future__ import annotations

import random

import pytest
from deal_tables import TODAY, companies, known

from agent.errors import InputError
from agent.icp import parse_icp
from agent.models import Findings
from agent.revops.features import traits_of
from agent.revops.learn import LEAST, learn_icp, measure_lifts
from agent.revops.lint import lint_icp
from agent.revops.segments import find_segments


def test_a_learned_draft_passes_lint_though_nothing_was_learned_about_intent() -> None:
    learned = learn_icp(known(companies(60, True)), known(companies(60, False)), [], name="x", as_of=TODAY)
    assert (
        "# Nothing was learned about intent.\ndimensions: {firmographic: 57, behavioral: 43}" in learned.yaml
    )
    assert "ICP018" not in [one.code for one in lint_icp(learned.icp, TODAY)]


def test_an_account_in_both_files_is_named_when_too_few_are_left() -> None:
    both = known(companies(40, True))
    with pytest.raises(InputError, match=r"both won and lost teach nothing: 40 left out \(w0\.example, w1"):
        learn_icp(both, both, [], name="x", as_of=TODAY)


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
