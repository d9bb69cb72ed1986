"""What one criterion says of a value: bands, sets, relations, presence, questions, grades, compositions."""

from __future__ import annotations

import pytest
from scored_account import ALL_READ, AS_OF, BAND, Account, scored, size

from agent.icp import parse_icp, question_attribute
from agent.models import Fact, Findings
from agent.scoring import compile_icp, score_account
from agent.scoring.units import divide


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


@pytest.mark.parametrize("currencies", [("USD", "EUR"), ("EUR", "USD")])
def test_an_amount_is_not_taken_for_the_same_one_in_another_currency_read_before(
    currencies: tuple[str, str],
) -> None:
    criterion = "{id: r, attribute: revenue, at_least: 10M, currency: USD}"
    profile = compile_icp(parse_icp(f"icp: t\ncriteria:\n  - {criterion}\n"))
    for currency in currencies:
        account = Account().fact("revenue", {"amount": 50_000_000, "currency": currency})
        told = score_account(profile, account.findings(), AS_OF).criteria[0]
        assert told.status == ("met" if currency == "USD" else "unknown")


def test_shares_and_points_round_halves_to_even() -> None:
    assert [divide(number, 2) for number in (1, 3, 5, 7)] == [0, 2, 2, 4]
    assert [divide(number, 4) for number in (1, 2, 3, 6)] == [0, 0, 1, 2]
