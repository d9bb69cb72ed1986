"""Fact resolution: the same facts from the same evidence in any order, contradictions kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.attributes import canonical_value
from agent.facts import resolve_facts
from agent.models import Evidence, Fact, SourceTier
from tools.documents import SourceKind

AS_OF = date(2026, 6, 1)


def evidence(
    name: str,
    attribute: str,
    raw: Any,
    *,
    tier: SourceTier = "first-party-text",
    on: date | None = None,
    denies: bool = False,
    document: str | None = None,
    kind: SourceKind = "website",
    extractor: str = "rule:x@1",
    start: int = 0,
) -> Evidence:
    value = canonical_value(attribute, raw)
    assert value is not None
    return Evidence(
        id=name,
        attribute=attribute,
        value=value,
        quote="q",
        document=document or f"doc-{name}",
        start=start,
        end=start + 1,
        url="https://halvard.example/",
        source_kind=kind,
        source_tier=tier,
        published_at=on,
        polarity="denies" if denies else "asserts",
        extractor=extractor,
    )


def one(*items: Evidence) -> Fact:
    facts = resolve_facts(items, AS_OF)
    assert len(facts) == 1
    return facts[0]


def test_overlapping_ranges_intersect() -> None:
    fact = one(
        evidence("a", "employee_count", "51-200"),
        evidence("b", "employee_count", "100+"),
        evidence("c", "employee_count", "120"),
    )
    assert fact.value == {"exact": 120, "low": 120, "high": 120}
    assert fact.status == "supported"
    assert set(fact.evidence) == {"a", "b", "c"}


def test_an_open_range_agrees_with_a_filing() -> None:
    fact = one(
        evidence("linkedin-sized", "employee_count", "500+", tier="third-party"),
        evidence("10-K", "employee_count", "4,300", tier="registry", on=date(2025, 12, 31)),
    )
    assert fact.value == {"exact": 4300, "low": 4300, "high": 4300}
    assert fact.status == "supported"


def test_sizes_that_cannot_both_be_true_stay_contradicted() -> None:
    fact = one(
        evidence("a", "employee_count", "501-1000", tier="third-party", on=date(2026, 5, 1)),
        evidence("b", "employee_count", "4,300", tier="registry", on=date(2026, 4, 1)),
    )
    assert (fact.status, fact.value["exact"] if isinstance(fact.value, dict) else None) == (
        "contradicted",
        4300,
    )
    assert (fact.evidence, fact.against) == (("b",), ("a",))


def test_growth_makes_an_old_number_stale_and_not_contrary() -> None:
    fact = one(
        evidence("old", "employee_count", "120", tier="registry", on=date(2019, 1, 1)),
        evidence("new", "employee_count", "340", tier="first-party-text"),
    )
    assert fact.status == "supported"
    assert (fact.evidence, fact.against) == (("new",), ("old",))


def test_a_later_number_of_the_same_tier_beats_an_old_one_told_twice() -> None:
    fact = one(
        evidence("a", "employee_count", "120", tier="news", on=date(2019, 1, 1)),
        evidence("b", "employee_count", "120", tier="news", on=date(2019, 2, 1)),
        evidence("c", "employee_count", "900", tier="news", on=date(2026, 1, 1)),
    )
    assert fact.evidence == ("c",)


def test_tier_then_agreement_then_recency() -> None:
    by_tier = one(
        evidence("site", "founded_year", 2012),
        evidence("paper", "founded_year", 2005, tier="news", on=date(2026, 5, 1)),
    )
    assert (by_tier.value, by_tier.status) == (2012, "contradicted")
    by_agreement = one(
        *(evidence(name, "founded_year", year) for name, year in (("a", 2012), ("b", 2005), ("c", 2012)))
    )
    assert by_agreement.value == 2012
    by_date = one(
        evidence("a", "ownership", "public", on=date(2025, 1, 1)),
        evidence("b", "ownership", "nonprofit", on=date(2025, 8, 1)),
    )
    assert by_date.value == "nonprofit"
    undated = one(
        evidence("a", "ownership", "public"), evidence("b", "ownership", "nonprofit", on=date(2020, 8, 1))
    )
    assert undated.value == "nonprofit"


def test_a_registration_a_year_later_is_no_contradiction() -> None:
    assert (
        one(evidence("a", "founded_year", 2012), evidence("b", "founded_year", 2013, tier="registry")).status
        == "supported"
    )


def test_a_country_is_filled_with_a_city_that_agrees() -> None:
    fact = one(
        evidence("a", "headquarters", {"country": "DE"}, tier="first-party-structured"),
        evidence("b", "headquarters", "Berlin, Germany", tier="registry"),
    )
    assert fact.value == {"city": "Berlin", "region": None, "country": "DE"}


def test_two_countries_are_a_contradiction_and_two_cities_are_shown() -> None:
    assert (
        one(evidence("a", "headquarters", "Berlin"), evidence("b", "headquarters", "Paris")).status
        == "contradicted"
    )
    cities = one(
        evidence("a", "headquarters", "Berlin", on=date(2026, 1, 1)),
        evidence("b", "headquarters", "München, Germany"),
    )
    assert (cities.status, cities.evidence, cities.against) == ("supported", ("a",), ("b",))


def test_names_prefer_the_legal_one() -> None:
    fact = one(
        evidence("a", "name", "Halvard", tier="first-party-structured"), evidence("b", "name", "Halvard GmbH")
    )
    assert (fact.value, fact.status, fact.against) == ("Halvard GmbH", "supported", ())


def test_the_evidence_shown_first_states_the_value_shown() -> None:
    items = (
        evidence("a", "name", "Halvard", tier="first-party-structured"),
        evidence("b", "name", "Halvard GmbH"),
        evidence("c", "name", "Halvard"),
    )
    for order in (items, items[::-1]):
        fact = one(*order)
        assert fact.evidence[0] == "b"
        assert sorted(fact.evidence) == ["a", "b", "c"]


def test_a_branch_agrees_with_its_sector() -> None:
    fact = one(
        evidence("a", "industry", "software"), evidence("b", "industry", "cybersecurity", tier="registry")
    )
    assert fact.status == "supported"
    assert isinstance(fact.value, dict)
    assert fact.value["code"] == "cybersecurity"


def test_the_latest_funding_stage_holds() -> None:
    fact = one(
        evidence("a", "funding_stage", "Series A", on=date(2022, 1, 1)),
        evidence("b", "funding_stage", "Series B", on=date(2025, 1, 1), tier="news"),
    )
    assert (fact.value, fact.status) == ("series_b", "supported")


def test_only_denied_is_denied_and_both_is_contradicted() -> None:
    no = evidence("no", "certification", "SOC 2", denies=True)
    assert one(no).status == "denied"
    both = one(no, evidence("yes", "certification", "SOC 2"))
    assert (both.status, both.evidence, both.against) == ("contradicted", ("yes",), ("no",))


def test_openings_are_counted_per_department_and_not_twice() -> None:
    def posting(name: str, title: str, tier: SourceTier) -> Evidence:
        value = {"department": "sales", "seniority": None, "title": title, "count": 1}
        return evidence(name, "hiring", value, tier=tier, kind="job_posting", on=date(2026, 5, 1))

    board = [posting(f"b{i}", f"SDR {i}", "ats") for i in range(3)]
    page = [posting(f"p{i}", f"SDR {i}", "first-party-text") for i in range(2)]
    facts = resolve_facts([*board, *page, evidence("e", "hiring", "engineering")], AS_OF)
    counts = {
        str(fact.value["department"]): fact.value["count"] for fact in facts if isinstance(fact.value, dict)
    }
    assert counts == {"sales": 3, "engineering": 1}
    sales = next(
        fact for fact in facts if isinstance(fact.value, dict) and fact.value["department"] == "sales"
    )
    assert len(sales.evidence) == 5


def test_one_round_told_twice_is_one_fact_and_two_rounds_are_two() -> None:
    full = {"stage": "series_b", "amount": 45_000_000, "currency": "USD"}
    told = (
        evidence("a", "funding_round", full, on=date(2026, 3, 10)),
        evidence("b", "funding_round", {"stage": "series_b"}, on=date(2026, 3, 12), tier="news"),
        evidence("c", "funding_round", {"stage": "series_a"}, on=date(2024, 3, 12), tier="news"),
        evidence("d", "funding_round", "Series B"),
    )
    facts = resolve_facts(told, AS_OF)
    assert [(fact.value, set(fact.evidence)) for fact in facts] == [
        (full, {"a", "b", "d"}),
        ({"stage": "series_a", "amount": None, "currency": None}, {"c"}),
    ]


def test_weak_technology_marks_need_a_second_document() -> None:
    weak = [evidence(name, "technology", "Salesforce", extractor="rule:technology_weak@1") for name in "ab"]
    assert resolve_facts(weak[:1], AS_OF) == ()
    assert len(resolve_facts(weak, AS_OF)) == 1


def test_what_happens_after_the_day_of_the_facts_is_left_out() -> None:
    assert resolve_facts([evidence("a", "founded_year", 2012, on=date(2027, 1, 1))], AS_OF) == ()


def test_a_tier_that_may_not_speak_is_not_heard() -> None:
    assert resolve_facts([evidence("a", "name", "Halvard", tier="ats")], AS_OF) == ()


_VALUES: dict[str, list[Any]] = {
    "employee_count": ["51-200", "120", "130", "4,300", "500+", "about 300"],
    "founded_year": [2005, 2012, 2013],
    "headquarters": ["Berlin", "Paris", "München, Germany", {"country": "DE"}],
    "industry": ["software", "cybersecurity", "logistics"],
    "funding_round": [
        "Series A",
        {"stage": "series_b", "amount": 5, "currency": "USD"},
        {"amount": 5, "currency": "USD"},
        "Series B",
    ],
    "hiring": [
        "sales",
        {"department": "sales", "title": "SDR", "count": 1},
        {"department": "sales", "count": 4},
    ],
    "technology": ["Salesforce", "HubSpot"],
    "certification": ["SOC 2"],
    "expansion": [{"kind": "office", "place": "Paris"}, {"kind": "office", "place": "Oslo"}],
    "layoffs": [{"count": 5}, {"percent": 10}],
}
_ITEMS = st.lists(
    st.builds(
        lambda number, attribute, pick, tier, day, denies: evidence(
            f"e{number:03d}",
            attribute,
            _VALUES[attribute][pick % len(_VALUES[attribute])],
            tier=tier,
            on=None if day is None else date.fromordinal(date(2019, 1, 1).toordinal() + day),
            denies=denies,
            document=f"d{number % 5}",
            start=number,
        ),
        st.integers(0, 40),
        st.sampled_from(sorted(_VALUES)),
        st.integers(0, 5),
        st.sampled_from(["first-party-structured", "first-party-text", "registry", "news", "third-party"]),
        st.none() | st.integers(0, 2600),
        st.booleans().map(bool),
    ),
    max_size=14,
    unique_by=lambda item: item.id,
)


@settings(max_examples=200, deadline=None)
@given(_ITEMS, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(items: list[Evidence], random: Any) -> None:
    facts = resolve_facts(items, AS_OF)
    shuffled = [*items, *items[: len(items) // 2]]
    random.shuffle(shuffled)
    assert resolve_facts(shuffled, AS_OF) == facts


@settings(max_examples=200, deadline=None)
@given(_ITEMS)
def test_every_id_stands_at_most_once_in_a_fact_and_every_fact_has_evidence(items: list[Evidence]) -> None:
    known = {item.id for item in items}
    for fact in resolve_facts(items, AS_OF):
        named = [*fact.evidence, *fact.against]
        assert len(named) == len(set(named))
        assert set(named) <= known
        assert fact.evidence
        assert fact.value is not None
        assert fact.status != "contradicted" or fact.against


@pytest.mark.parametrize("attribute", sorted(_VALUES))
def test_one_statement_is_its_fact(attribute: str) -> None:
    item = evidence("a", attribute, _VALUES[attribute][0])
    assert [fact.evidence for fact in resolve_facts([item], AS_OF)] == [("a",)]


def test_an_opening_read_twice_at_one_address_is_one() -> None:
    value = {"department": "operations", "seniority": None, "title": "Planner", "count": 1}
    page = evidence("page", "hiring", value, tier="first-party-structured", kind="job_posting")
    data = evidence("data", "hiring", value, tier="first-party-structured", kind="job_posting")
    there = page.model_copy(update={"url": "https://halvard.example/jobs/1"})
    again = data.model_copy(update={"url": "https://halvard.example/jobs/1#apply"})
    elsewhere = data.model_copy(update={"url": "https://halvard.example/jobs/2"})
    assert one(there, again).value["count"] == 1
    assert one(there, elsewhere).value["count"] == 2


def test_an_undated_home_page_beats_an_old_press_release_and_yields_to_a_new_one() -> None:
    home = evidence("home", "employee_count", "3,000+")
    old = one(home, evidence("press", "employee_count", "2,500", on=date(2021, 3, 1)))
    assert (old.value, old.status) == ({"exact": None, "low": 3000, "high": 10_000_000}, "supported")
    assert old.evidence[0] == "home"
    new = one(home, evidence("press", "employee_count", "1,200", on=date(2026, 5, 1)))
    assert (new.value, new.status) == ({"exact": 1200, "low": 1200, "high": 1200}, "contradicted")
    assert new.against == ("home",)


def test_two_branches_of_software_agree_and_two_of_manufacturing_do_not() -> None:
    both = one(
        evidence("a", "industry", "cybersecurity"), evidence("b", "industry", "artificial intelligence")
    )
    assert both.status == "supported"
    assert one(evidence("a", "industry", "automotive"), evidence("b", "industry", "chemicals")).against


@settings(max_examples=200, deadline=None)
@given(_ITEMS)
def test_no_statement_is_lost_and_the_best_tier_leads(items: list[Evidence]) -> None:
    """Whatever was stated of a size or a scalar stands for or against its fact; the value is a best tier's."""
    order = ["first-party-structured", "first-party-text", "registry", "news", "third-party"]
    for fact in resolve_facts(items, AS_OF):
        if fact.attribute not in ("employee_count", "headquarters", "founded_year", "industry"):
            continue
        stated = [item for item in items if item.attribute == fact.attribute]
        usable = {item.id for item in stated if item.published_at is None or item.published_at <= AS_OF}
        assert {*fact.evidence, *fact.against} == usable
        asserted = [item for item in stated if item.id in usable and item.polarity == "asserts"]
        if fact.attribute == "employee_count" or not asserted:
            continue  # a size may be outdated, whatever its tier
        leading = [item for item in asserted if item.id in fact.evidence]
        assert min(order.index(item.source_tier) for item in leading) == min(
            order.index(item.source_tier) for item in asserted
        )


@settings(max_examples=200, deadline=None)
@given(_ITEMS)
def test_a_size_lies_within_a_statement_that_supports_it(items: list[Evidence]) -> None:
    values = {item.id: item.value for item in items}
    for fact in resolve_facts(items, AS_OF):
        if fact.attribute != "employee_count" or fact.status == "denied" or not isinstance(fact.value, dict):
            continue
        low, high = fact.value["low"], fact.value["high"]
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert 0 <= low <= high
        supporting: list[Any] = [values[item] for item in fact.evidence]
        assert any(each["low"] <= low and high <= each["high"] for each in supporting)
