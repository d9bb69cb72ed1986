"""From criteria to a verdict: penalties, requirements, tiers, coverage, dimensions, personas, what is asked next."""

from __future__ import annotations

from typing import Any

import pytest
from scored_account import ALL_READ, BAND, SALES, Account, scored, size, verdict

from agent.icp import parse_icp
from agent.models import AccountVerdict
from agent.scoring import best_match, compile_icp


def test_penalties_subtract_and_open_ones_are_not_ruled_out() -> None:
    more = "exclude:\n  - {id: cut, attribute: layoffs, within_days: 90, effect: penalty, points: 12.5}\n"
    plain = Account(news="read").fact("employee_count", size(300))
    before = verdict(plain, BAND, more=more)
    assert (before.score, before.possible, before.tier, before.tier_certain) == (100, 100, "Tier 1", True)
    assert [entry.id for entry in before.not_ruled_out] == ["cut"]
    after = verdict(plain.fact("layoffs", {"count": 5, "percent": None}, 3), BAND, more=more)
    assert (after.score, after.excluded[0].points, after.not_ruled_out) == (87.5, 12.5, ())


def test_a_score_never_falls_below_zero() -> None:
    more = "exclude:\n  - {id: cut, attribute: layoffs, effect: penalty, points: 90}\n"
    account = Account().fact("layoffs", {"count": 5, "percent": None}, 3)
    assert verdict(account, BAND, more=more).score == 0


def test_required_proven_unmet_is_not_a_fit_whatever_the_score() -> None:
    account = Account().fact("employee_count", size(300)).fact("ownership", "public")
    rejected = verdict(
        account, BAND + ", weight: 9", "attribute: ownership, any_of: [private], required: true"
    )
    assert (rejected.score, rejected.tier, rejected.tier_certain, rejected.flip) == (
        90,
        "not_a_fit",
        True,
        None,
    )
    open_one = verdict(
        account, BAND + ", weight: 9", "attribute: funding_stage, any_of: [seed], required: true"
    )
    assert (open_one.tier, open_one.tier_certain) == ("Tier 1", False)
    assert open_one.flip is not None
    assert (open_one.flip.to_tier, open_one.flip.criteria) == ("not_a_fit", ("c1",))


def test_too_little_evidence_is_not_a_low_tier_and_enough_is_not_a_fit() -> None:
    unknowns = ["attribute: ownership, any_of: [private]", "attribute: founded_year, above: 2000"]
    thin = verdict(Account().fact("employee_count", size(5)), BAND, *unknowns)
    assert (thin.tier, thin.coverage, thin.tier_certain) == ("insufficient_evidence", 0.33, False)
    account = Account().fact("employee_count", size(5)).fact("ownership", "public")
    told = verdict(account, BAND, *unknowns)
    assert (told.tier, told.coverage, told.tier_certain) == ("not_a_fit", 0.67, True)


def test_a_tier_follows_the_two_decimals_that_are_shown() -> None:
    # 2 of 3 equal criteria: 66.666... is shown as 66.67.
    account = Account().fact("employee_count", size(300)).fact("api_offered", True)
    criteria = [
        BAND,
        "dimension: firmographic, attribute: api_offered",
        "attribute: ownership, any_of: [private]",
    ]
    at = verdict(account, *criteria, more="tiers: [{name: Top, min: 66.67}]\n")
    assert (at.score, at.tier) == (66.67, "Top")
    below = verdict(account, *criteria, more="tiers: [{name: Top, min: 66.68}]\n")
    assert below.tier == "not_a_fit"


def test_dimensions_split_the_points_and_empty_ones_give_theirs_away() -> None:
    both = verdict(Account(), BAND, "attribute: layoffs")
    assert [(one.dimension, one.max_points) for one in both.dimensions] == [
        ("firmographic", 57.14),
        ("intent", 42.86),
    ]
    inside = verdict(
        Account(),
        BAND,
        "attribute: technology, any_of: [AWS]",
        "attribute: goal, any_of: [grow]",
        "attribute: layoffs",
    )
    assert [(one.dimension, one.max_points) for one in inside.dimensions] == [
        ("firmographic", 40),
        ("technographic", 15),
        ("needs", 15),
        ("intent", 30),
    ]


@pytest.mark.parametrize(
    ("states", "absence"),
    [
        ({}, "not_looked"),
        ({"jobs": "not_looked"}, "not_looked"),
        ({"jobs": "unreadable"}, "unreadable"),
        ({"jobs": "read_nothing_found"}, "read_nothing_found"),
        ({"jobs": "read"}, "read_nothing_found"),
    ],
)
def test_absence_has_a_name(states: dict[str, str], absence: str) -> None:
    (entry,) = verdict(Account(**states), SALES).next_facts
    assert entry.absence == absence
    assert entry.ask == "Is it hiring, and for which teams?"
    assert entry.look_in


def test_a_conflict_is_a_next_fact_of_its_own_kind() -> None:
    account = Account(**ALL_READ).fact("employee_count", size(300), status="contradicted", rival=size(50))
    (entry,) = verdict(account, BAND).next_facts
    assert (entry.absence, entry.points, entry.could_change_tier) == ("contradicted", 100, True)


def test_a_question_of_ones_own_is_asked_in_ones_own_words() -> None:
    entries = verdict(
        Account(), "question: Is it so", "attribute: layoffs, ask: Did they cut staff"
    ).next_facts
    assert {entry.ask for entry in entries} == {"Is it so", "Did they cut staff"}


def test_personas_are_present_hiring_or_not_seen() -> None:
    account = Account().fact("buying_role", {"role": "economic", "title": "Vice President of Operations"})
    account.openings("sales", 3)
    more = (
        "personas:\n  - {role: economic_buyer, titles: [VP Operations]}\n"
        "  - {role: user, titles: [Account Executive]}\n  - {role: technical, titles: [CTO]}\n"
    )
    seen = verdict(account, BAND, more=more).personas
    assert [(one.role, one.state) for one in seen] == [
        ("economic_buyer", "present"),
        ("user", "hiring"),
        ("technical", "not_seen"),
    ]
    assert seen[0].titles == ("Vice President of Operations",)
    assert seen[1].evidence


def test_a_title_known_from_an_opening_alone_is_being_hired_not_in_place() -> None:
    role = {"role": "economic", "title": "Head of Operations"}
    more = "personas:\n  - {role: economic_buyer, titles: [Head of Operations]}\n"
    opening = Account().fact("buying_role", role, 3, source_kind="job_posting")
    assert [each.state for each in verdict(opening, BAND, more=more).personas] == ["hiring"]
    both = opening.fact("buying_role", role, 3)
    assert [each.state for each in verdict(both, BAND, more=more).personas] == ["present"]


def test_someone_who_left_is_not_present() -> None:
    account = Account().fact("leadership_change", {"title": "CTO", "change": "departed"}, 3)
    seen = verdict(
        account, BAND, more="personas:\n  - {role: technical, titles: [Chief Technology Officer]}\n"
    ).personas
    assert seen[0].state == "not_seen"


def test_a_profile_past_its_review_says_so_by_as_of_never_by_the_clock() -> None:
    assert verdict(Account(), BAND, more="review_by: 2026-06-29\n").warnings
    assert not verdict(Account(), BAND, more="review_by: 2026-06-30\n").warnings


def test_what_is_built_without_validation_is_what_validation_would_make() -> None:
    account = Account(**ALL_READ).fact("employee_count", size(150, 400)).openings("sales", 3, None)
    more = (
        "exclude:\n  - {id: tiny, attribute: employee_count, below: 20}\n  - {id: cut, attribute: layoffs}\n"
        "  - {id: big, attribute: employee_count, above: 100, effect: penalty, points: 3}\n"
        "personas:\n  - {role: user, titles: [Account Executive]}\n"
    )
    built = verdict(account, BAND, SALES, "attribute: ownership, any_of: [private]", more=more)
    checked = AccountVerdict.model_validate(built.model_dump())
    assert checked == built
    assert checked.model_dump_json() == built.model_dump_json()
    assert AccountVerdict.model_validate_json(built.model_dump_json()) == built
    assert built.model_copy(update={"tier": "x"}).tier == "x"


def test_a_tier_begins_where_its_score_is_shown() -> None:
    icp = parse_icp(
        "icp: a\ncriteria:\n  - {id: a, attribute: employee_count, ideal: [2, 9], weight: 3}\n"
        "  - {id: b, attribute: founded_year, above: 1, weight: 4}\n"
        "tiers: [{name: A, min: 71.43}, {name: B, min: 33.33}, {name: C, min: 0.01}]\n"
    )
    profile = compile_icp(icp)
    for tier, (name, least) in zip(icp.tiers, profile.tiers, strict=True):
        assert profile.tier_at(least) == name == tier.name
        assert profile.tier_at(least - 1) != name
        assert profile.hundredths(least) == tier.min * 100 > profile.hundredths(least - 1)


def test_coverage_that_just_suffices_makes_a_low_score_a_verdict() -> None:
    rows = ("attribute: employee_count, ideal: [900, 999], weight: 1", "attribute: founded_year, above: 1")
    account = Account().fact("employee_count", size(5), None)
    assert verdict(account, *rows, more="min_coverage: 0.5\n").tier == "not_a_fit"
    assert verdict(account, *rows, more="min_coverage: 0.51\n").tier == "insufficient_evidence"


@pytest.mark.parametrize(
    ("weights", "least", "deciding"),
    [((3, 3, 3, 1), 50, 3), ((5, 4, 1), 90, 2), ((5, 4, 1), 91, 3)],
)
def test_only_answers_that_some_other_answers_make_decisive_could_change_the_tier(
    weights: tuple[int, ...], least: int, deciding: int
) -> None:
    rows = [f"question: 'Q{at}?', dimension: intent, weight: {weight}" for at, weight in enumerate(weights)]
    outcome = verdict(Account(), *rows, more=f"tiers: [{{name: A, min: {least}}}]\n")
    could = [one.criterion for one in outcome.next_facts if one.could_change_tier]
    assert could == [f"c{at}" for at in range(deciding)]


def test_an_open_penalty_keeps_a_tier_from_being_certain() -> None:
    account = Account().fact("employee_count", size(300), None)
    more = "exclude:\n  - {id: x, attribute: layoffs, within_days: 90, effect: penalty, points: 30}\n"
    assert verdict(account, BAND).tier_certain
    assert not verdict(account, BAND, more=more).tier_certain


def test_a_label_opens_the_reason_of_its_criterion_and_exclusion() -> None:
    rule = "exclude:\n  - {id: cut, attribute: layoffs, effect: disqualify, label: Shrinking}\n"
    account = Account(news="read").fact("employee_count", size(300))
    told = verdict(account, BAND + ", label: The right size", more=rule)
    plain = verdict(account, BAND, more=rule.replace(", label: Shrinking", ""))
    assert told.criteria[0].reason == f"The right size: {plain.criteria[0].reason}"
    assert told.not_ruled_out[0].reason == f"Shrinking: {plain.not_ruled_out[0].reason}"
    assert (told.score, told.criteria[0].evidence) == (plain.score, plain.criteria[0].evidence)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"score": 70.0, "possible": 71.0}, {"score": 69.0, "possible": 99.0}),
        ({"possible": 90.0, "coverage": 0.1}, {"possible": 80.0, "coverage": 0.9}),
        ({"coverage": 0.9, "name": "b"}, {"coverage": 0.1, "name": "a"}),
        ({"name": "a", "sha256": "f"}, {"name": "b", "sha256": "0"}),
    ],
)
def test_of_two_profiles_the_score_decides_then_what_is_possible_coverage_and_name(
    better: dict[str, Any], worse: dict[str, Any]
) -> None:
    def under(**told: Any) -> AccountVerdict:
        plain = verdict(Account(), BAND)
        reference = {"name": told.pop("name", "x"), "sha256": told.pop("sha256", "e")}
        icp = plain.icp.model_copy(update=reference)
        same = {"tier": "Tier 2", "score": 65.0, "possible": 80.0, "coverage": 0.5}
        return plain.model_copy(update={**same, **told, "icp": icp})

    first, second = under(**better), under(**worse)
    assert best_match([first, second]) == first == best_match([second, first])


def test_facts_of_one_attribute_are_told_in_one_order_however_they_came() -> None:
    told = []
    for products in (["HubSpot", "Salesforce"], ["Salesforce", "HubSpot"]):
        account = Account()
        for product in products:
            account.fact(
                "technology", {"product": product, "category": "crm", "relation": "uses"}, quote=product
            )
        told.append(
            scored(account, "attribute: technology, relation: uses, any_of: [Salesforce, HubSpot]").reason
        )
    assert told[0] == told[1]


def test_a_conflict_names_what_speaks_for_it_before_what_speaks_against_it() -> None:
    account = Account().fact("api_offered", True, status="contradicted", rival=False)
    assert scored(account, "attribute: api_offered, present: true").evidence == ("e0", "e1")
