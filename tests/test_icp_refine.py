"""Refining, comparing and sizing profiles: weights that predict, who moved and why, how large the market is."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest
from deal_tables import PROFILE, TODAY, companies, known

from agent.errors import InputError
from agent.icp import parse_icp
from agent.revops.diff import TierChange, flows, tier_changes
from agent.revops.refine import refine_weights
from agent.revops.size import market_size
from agent.scoring import score_account


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
