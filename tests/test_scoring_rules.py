"""What each kind of criterion comes to, rule by rule, and the sentence that says why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from agent.icp import parse_icp, question_attribute
from agent.models import AccountVerdict, CriterionVerdict, Evidence, Fact, Findings, SourceCoverage
from agent.scoring import compile_icp, score_account

AS_OF = date(2026, 6, 30)
ALL_READ = dict.fromkeys(("website", "jobs", "news", "technographics", "registries"), "read")


class Account:
    """Findings under construction."""

    def __init__(self, **states: str) -> None:
        self.states = states
        self.facts: list[Fact] = []
        self.evidence: list[Evidence] = []

    def quote(self, attribute: str, value: Any, quote: str, days_ago: int | None, **more: Any) -> str:
        name = f"e{len(self.evidence)}"
        fields: dict[str, Any] = {
            "document": f"doc{len(self.evidence)}",
            "source_kind": "website",
            "source_tier": "first-party-text",
            "polarity": "asserts",
            **more,
        }
        self.evidence.append(
            Evidence(
                id=name,
                attribute=attribute,
                value=value,
                quote=quote,
                start=0,
                end=len(quote),
                url="https://www.acme.example/about?x=1",
                published_at=None if days_ago is None else AS_OF - timedelta(days=days_ago),
                extractor="rule:test@1",
                **fields,
            )
        )
        return name

    def fact(
        self,
        attribute: str,
        value: Any,
        *days_ago: int | None,
        quote: str = "as quoted",
        status: str = "supported",
        rival: Any = None,
        **more: Any,
    ) -> Account:
        told = tuple(self.quote(attribute, value, quote, days, **more) for days in days_ago or (None,))
        against = (self.quote(attribute, rival, "the other quote", None),) if rival is not None else ()
        fields: dict[str, Any] = {"status": status, "evidence": told, "against": against}
        self.facts.append(Fact(attribute=attribute, value=value, **fields))
        return self

    def openings(self, department: str, *days_ago: int | None, tier: str = "ats") -> Account:
        value = {"department": department, "seniority": None, "title": "Account Executive", "count": 1}
        told = tuple(
            self.quote(
                "hiring", value, "Account Executive", days, source_tier=tier, source_kind="job_posting"
            )
            for days in days_ago
        )
        total = {**value, "title": None, "count": len(told)}
        self.facts.append(Fact(attribute="hiring", value=total, status="supported", evidence=told))
        return self

    def findings(self) -> Findings:
        coverage = [{"source": name, "state": state, "documents": 1} for name, state in self.states.items()]
        return Findings(
            facts=tuple(self.facts),
            evidence=tuple(self.evidence),
            coverage=tuple(SourceCoverage.model_validate(entry) for entry in coverage),
        )


def verdict(account: Account, *criteria: str, more: str = "") -> AccountVerdict:
    rows = "".join(f"  - {{id: c{at}, {criterion}}}\n" for at, criterion in enumerate(criteria))
    return score_account(parse_icp(f"icp: test\ncriteria:\n{rows}{more}"), account.findings(), AS_OF)


def scored(account: Account, criterion: str) -> CriterionVerdict:
    return verdict(account, criterion).criteria[0]


def size(low: int, high: int | None = None) -> dict[str, Any]:
    return {"exact": low if high is None else None, "low": low, "high": low if high is None else high}


# ---- numbers ---------------------------------------------------------------------------------------------

BAND = "attribute: employee_count, ideal: [200, 1000], acceptable: [100, 2000]"


@pytest.mark.parametrize(
    ("count", "points", "status"),
    [
        (99, 0, "not_met"),
        (100, 0, "partly_met"),
        (150, 50, "partly_met"),
        (199, 99, "partly_met"),
        (200, 100, "met"),
        (1000, 100, "met"),
        (1500, 50, "partly_met"),
        (2000, 0, "partly_met"),
        (2001, 0, "not_met"),
    ],
)
def test_a_band_pays_linearly_between_acceptable_and_ideal(count: int, points: float, status: str) -> None:
    outcome = scored(Account().fact("employee_count", size(count)), BAND)
    assert (outcome.points, outcome.possible_points, outcome.status) == (points, points, status)


@pytest.mark.parametrize(
    ("low", "high", "points", "possible", "status"),
    [
        (300, 400, 100, 100, "met"),
        (150, 400, 50, 100, "partly_met"),
        (51, 200, 0, 100, "unknown"),
        (50, 90, 0, 0, "not_met"),
        (120, 170, 20, 70, "partly_met"),
        (50, 5000, 0, 100, "unknown"),
        (500, 10_000_000, 0, 100, "unknown"),
    ],
)
def test_a_known_range_gives_an_interval(
    low: int, high: int, points: float, possible: float, status: str
) -> None:
    outcome = scored(Account().fact("employee_count", size(low, high)), BAND)
    assert (outcome.points, outcome.possible_points, outcome.status) == (points, possible, status)


@pytest.mark.parametrize(
    ("test", "met_by", "not_met_by"),
    [("above: 20", 21, 20), ("below: 20", 19, 20), ("at_least: 20", 20, 19), ("at_most: 20", 20, 21)],
)
def test_open_and_closed_ends_of_a_bound(test: str, met_by: int, not_met_by: int) -> None:
    for count, status in ((met_by, "met"), (not_met_by, "not_met")):
        outcome = scored(Account().fact("employee_count", size(count)), f"attribute: employee_count, {test}")
        assert outcome.status == status


def test_the_reason_is_a_sentence_of_value_quote_host_date_and_band() -> None:
    account = Account().fact("employee_count", size(300), 121, quote="about 300 people")
    assert scored(account, BAND).reason == (
        '300 employees ("about 300 people", acme.example, 2026-03-01) is inside the ideal 200–1,000.'
    )


def test_a_range_of_one_number_reads_as_that_number() -> None:
    one = {"exact": None, "low": 340, "high": 340}
    assert scored(Account().fact("employee_count", one), BAND).reason.startswith("340 employees (")


def test_money_in_another_currency_stays_unknown_and_is_not_converted() -> None:
    account = Account().fact(
        "revenue", {"low": 5_000_000, "high": 5_000_000, "currency": "EUR", "year": 2025}
    )
    criterion = "attribute: revenue, at_least: 1M, currency: "
    assert scored(account, criterion + "EUR").status == "met"
    outcome = scored(account, criterion + "USD")
    assert outcome.status == "unknown"
    assert "nothing is converted" in outcome.reason


def test_contradicted_numbers_keep_both_outcomes_unless_they_come_to_the_same() -> None:
    apart = scored(Account().fact("employee_count", size(300), status="contradicted", rival=size(50)), BAND)
    assert (apart.status, apart.points, apart.possible_points) == ("conflicting", 0, 100)
    assert "the other quote" in apart.reason
    alike = scored(Account().fact("employee_count", size(300), status="contradicted", rival=size(400)), BAND)
    assert (alike.status, alike.points) == ("met", 100)


def test_a_fractional_growth_rate_is_exact() -> None:
    account = Account().fact("growth_rate", {"percent": 12.5, "measure": "revenue"})
    assert scored(account, "attribute: growth_rate, at_least: 12.5").status == "met"
    assert scored(account, "attribute: growth_rate, above: 12.5").status == "not_met"
    assert (
        scored(account, "attribute: growth_rate, where: {measure: employees}, above: 1").status == "unknown"
    )


# ---- sets and hierarchies --------------------------------------------------------------------------------


def test_a_sector_contains_its_branches_and_not_the_other_way_round() -> None:
    automotive = Account().fact("industry", {"code": "automotive", "label": "Automotive"})
    maker = Account().fact("industry", {"code": "manufacturing", "label": "Manufacturing"})
    assert scored(automotive, "attribute: industry, any_of: [manufacturing]").status == "met"
    assert scored(maker, "attribute: industry, any_of: [automotive]").status == "not_met"


@pytest.mark.parametrize(
    ("term", "status"),
    [
        ("DACH", "met"),
        ("EU", "met"),
        ("Germany", "met"),
        ("de", "met"),
        ("Ulm", "met"),
        ("Nordics", "not_met"),
    ],
)
def test_a_region_contains_its_countries(term: str, status: str) -> None:
    account = Account().fact("headquarters", {"city": "Ulm", "region": None, "country": "DE"})
    assert scored(account, f"attribute: headquarters, any_of: [{term}]").status == status


def test_soc_2_is_met_by_either_of_its_types() -> None:
    account = Account().fact("certification", "SOC 2 Type II")
    assert scored(account, "attribute: certification, any_of: [SOC 2]").status == "met"
    assert scored(account, "attribute: certification, any_of: [SOC 2 Type I]").status == "unknown"


def test_one_valued_attributes_can_miss_a_set_and_many_valued_ones_cannot() -> None:
    account = (
        Account(**ALL_READ)
        .fact("ownership", "public")
        .fact("technology", {"product": "HubSpot", "category": "crm", "relation": "uses"})
    )
    assert scored(account, "attribute: ownership, any_of: [private]").status == "not_met"
    assert scored(account, "attribute: technology, any_of: [Salesforce]").status == "unknown"


def test_the_relation_to_a_technology_counts() -> None:
    account = Account().fact(
        "technology", {"product": "Salesforce", "category": "crm", "relation": "migrating_from"}
    )
    assert scored(account, "attribute: technology, any_of: [Salesforce]").status == "unknown"
    assert (
        scored(account, "attribute: technology, relation: migrating_from, any_of: [Salesforce]").status
        == "met"
    )


def test_denied_values_rule_out_only_what_they_name() -> None:
    salesforce = {"product": "Salesforce", "category": "crm", "relation": "uses"}
    account = Account().fact("technology", salesforce, status="denied", polarity="denies")
    assert scored(account, "attribute: technology, any_of: [Salesforce, HubSpot]").status == "unknown"
    assert scored(account, "attribute: technology, any_of: [Salesforce]").status == "not_met"
    assert scored(account, "attribute: technology, all_of: [Salesforce, HubSpot]").status == "not_met"


def test_a_disputed_value_is_conflicting_for_both_sides() -> None:
    private = Account().fact("ownership", "private", status="contradicted", rival="public")
    for wanted in ("private", "public"):
        assert scored(private, f"attribute: ownership, any_of: [{wanted}]").status == "conflicting"
    assert scored(private, "attribute: ownership, any_of: [nonprofit]").status == "not_met"


def test_none_of_is_met_only_after_every_named_source_was_read() -> None:
    criterion = "attribute: technology, none_of: [Pipedrive], read_sources: [website, jobs]"
    assert scored(Account(website="read", jobs="read_nothing_found"), criterion).status == "met"
    unread = scored(Account(website="read", jobs="unreadable"), criterion)
    assert unread.status == "unknown"
    assert "jobs could not be read" in unread.reason
    assert scored(Account(website="read"), criterion).status == "unknown"
    user = Account(website="read", jobs="read").fact(
        "technology", {"product": "Pipedrive", "category": "crm", "relation": "uses"}
    )
    assert scored(user, criterion).status == "not_met"


def test_none_of_a_one_valued_attribute_needs_the_value_only() -> None:
    criterion = "attribute: industry, none_of: [government]"
    assert (
        scored(Account().fact("industry", {"code": "retail", "label": "Retail"}), criterion).status == "met"
    )
    assert scored(Account(**ALL_READ), criterion).status == "unknown"


def test_presence_and_absence() -> None:
    offered = Account(website="read").fact("api_offered", True)
    assert scored(offered, "attribute: api_offered, present: true").status == "met"
    assert (
        scored(offered, "attribute: api_offered, present: false, read_sources: [website]").status == "not_met"
    )
    silent = Account(website="read")
    assert scored(silent, "attribute: api_offered, present: true").status == "unknown"
    assert scored(silent, "attribute: api_offered, present: false, read_sources: [website]").status == "met"
    denied = Account().fact("api_offered", True, status="denied", polarity="denies")
    assert scored(denied, "attribute: api_offered, present: true").status == "not_met"
    category = "attribute: technology, where: {category: crm, relation: uses}, present: true"
    hubspot = Account().fact("technology", {"product": "HubSpot", "category": "crm", "relation": "uses"})
    assert scored(hubspot, category).status == "met"


@pytest.mark.parametrize(
    ("said", "status", "expected"),
    [("yes", "supported", "met"), ("no", "supported", "not_met"), ("yes", "denied", "not_met")],
)
def test_a_question_is_met_by_its_answer(said: str, status: str, expected: str) -> None:
    account = Account().fact(question_attribute("Is it so"), {"answer": said}, status=status)
    assert scored(account, "question: Is it so").status == expected
    opposite = {"met": "not_met", "not_met": "met"}[expected]
    assert scored(account, "question: Is it so, answer: no").status == opposite


# ---- signals ---------------------------------------------------------------------------------------------

SALES = "attribute: hiring, where: {department: sales}, min_count: 3, within_days: 90"


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


# ---- grades and composition ------------------------------------------------------------------------------

GRADES = "attribute: employee_count, cases: [{grade: 5, at_least: 500}, {grade: 3, at_least: 100}, {grade: 2, otherwise: true}]"


@pytest.mark.parametrize(("count", "points"), [(500, 100), (499, 50), (100, 50), (99, 25)])
def test_the_first_case_that_holds_decides_the_grade(count: int, points: float) -> None:
    assert scored(Account().fact("employee_count", size(count)), GRADES).points == points


def test_an_open_grade_is_an_interval_and_knowing_nothing_proves_no_grade() -> None:
    ranged = scored(Account().fact("employee_count", size(200, 800)), GRADES)
    assert (ranged.points, ranged.possible_points) == (50, 100)
    assert ranged.reason.startswith("Grade 5 or 3 of 5:")
    empty = scored(Account(), GRADES)
    assert (empty.status, empty.points, empty.possible_points) == ("unknown", 0, 100)


def test_composition_in_three_valued_logic() -> None:
    account = Account().fact("api_offered", True).fact("ownership", "public")
    yes, no, open_one = (
        "{attribute: api_offered, present: true}",
        "{attribute: ownership, any_of: [private]}",
        "{attribute: layoffs}",
    )
    table = {
        f"any_of: [{no}, {yes}, {open_one}]": "met",
        f"any_of: [{no}, {open_one}]": "unknown",
        f"any_of: [{no}, {no}]": "not_met",
        f"all_of: [{yes}, {open_one}]": "unknown",
        f"all_of: [{no}, {open_one}]": "not_met",
        f"all_of: [{yes}, {yes}]": "met",
        f"not: {no}": "met",
        f"not: {open_one}": "unknown",
        f"all_of: [{yes}, {{not: {{any_of: [{no}, {no}]}}}}]": "met",
    }
    assert {text: scored(account, text).status for text in table} == table


# ---- the verdict ------------------------------------------------------------------------------------------


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


def test_facts_without_their_evidence_are_scored_without_a_quote() -> None:
    findings = Findings(
        facts=(Fact(attribute="employee_count", value=size(300), status="supported", evidence=("gone",)),)
    )
    icp = parse_icp(f"icp: test\ncriteria:\n  - {{id: a, {BAND}}}\n")
    outcome = score_account(icp, findings, AS_OF).criteria[0]
    assert (outcome.status, outcome.reason) == ("met", "300 employees is inside the ideal 200–1,000.")


def test_years_are_written_without_separators_and_a_flag_as_yes() -> None:
    founded = Account().fact("founded_year", 2014, None, quote="since 2014")
    assert scored(founded, "attribute: founded_year, ideal: [1990, 2020]").reason == (
        'founded 2014 ("since 2014", acme.example, undated) is 1990–2020.'
    )
    assert scored(founded, "attribute: founded_year, below: 2000").reason.endswith(" is not below 2000.")
    api = Account().fact("api_offered", True, None, quote="a REST API")
    assert scored(api, "attribute: api_offered, present: true").reason == (
        'API offered: yes ("a REST API", acme.example, undated).'
    )


@pytest.mark.parametrize(
    ("wanted", "place", "status"),
    [
        ("Texas", ("Austin", "Texas", "US"), "met"),
        ("Texas", ("Boise", "Idaho", "US"), "not_met"),
        ("Texas", (None, None, "US"), "unknown"),
        ("Texas", ("Austin", None, "US"), "unknown"),
        ("Texas", ("Berlin", None, "DE"), "not_met"),
        ("'Georgia, US'", ("Savannah", "Georgia", "US"), "met"),
        ("'Georgia, US'", ("Tbilisi", None, "GE"), "not_met"),
        ("GE", ("Savannah", "Georgia", "US"), "not_met"),
        ("Austin", ("Austin", "Texas", "US"), "met"),
        ("Austin", ("Dallas", "Texas", "US"), "not_met"),
        ("Austin", (None, "Texas", "US"), "unknown"),
        ("Munich", ("München", "Bayern", "DE"), "unknown"),
        ("Munich", ("Wien", None, "AT"), "not_met"),
        ("CA", ("Toronto", "Ontario", "CA"), "met"),
        ("Deutschland", ("Ulm", None, "DE"), "met"),
    ],
)
def test_a_state_or_city_is_neither_its_country_nor_ruled_out_by_an_address_without_it(
    wanted: str, place: tuple[str | None, str | None, str], status: str
) -> None:
    city, region, country = place
    account = Account().fact("headquarters", {"city": city, "region": region, "country": country}, None)
    assert scored(account, f"attribute: headquarters, any_of: [{wanted}]").status == status


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
