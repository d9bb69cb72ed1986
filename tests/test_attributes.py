"""The catalogue: complete, total, and the same value however it is given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.attributes import (
    attribute_names,
    canonical_value,
    entry,
    fact_key,
    known_attribute,
    nearest_attribute,
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "exact",
                    "low",
                    "high",
                    "amount",
                    "currency",
                    "stage",
                    "title",
                    "count",
                    "percent",
                    "year",
                    "code",
                    "city",
                    "country",
                    "answer",
                    "role",
                    "product",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
QUESTION = "question:0123456789ab"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*attribute_names(), QUESTION, "nonsense"]), _JSON)
def test_any_json_has_a_canonical_value_or_none_and_canonical_values_stay(
    attribute: str, raw: object
) -> None:
    value = canonical_value(attribute, raw)  # type: ignore[arg-type]
    if value is not None:
        assert canonical_value(attribute, value) == value
        assert isinstance(fact_key(attribute, value), str)


@pytest.mark.parametrize(
    ("attribute", "raw", "value"),
    [
        ("employee_count", "51-200", {"exact": None, "low": 51, "high": 200}),
        ("employee_count", 120, {"exact": 120, "low": 120, "high": 120}),
        ("employee_count", {"low": 500}, {"exact": None, "low": 500, "high": 10_000_000}),
        ("founded_year", "2012-05-01", 2012),
        ("headquarters", "Austin, TX", {"city": "Austin", "region": "Texas", "country": "US"}),
        ("headquarters", {"city": "Berlin"}, {"city": "Berlin", "region": None, "country": "DE"}),
        ("industry", "Logistik", {"code": "logistics", "label": "Logistics & Transportation"}),
        ("total_funding", "$45M", {"amount": 45_000_000, "currency": "USD"}),
        ("funding_round", "Series B", {"stage": "series_b", "amount": None, "currency": None}),
        (
            "hiring",
            "Customer Success",
            {"department": "customer_success", "seniority": None, "title": None, "count": 1},
        ),
        ("certification", "iso27001", "ISO 27001"),
        ("technology", "hubspot", {"product": "HubSpot", "category": "crm", "relation": "uses"}),
        ("buying_role", "CTO", {"role": "technical", "title": "CTO"}),
        ("growth_rate", "35%", {"percent": 35, "measure": "other"}),
        (QUESTION, "Yes", {"answer": "yes"}),
        ("api_offered", "yes", True),
    ],
)
def test_written_values_become_canonical(attribute: str, raw: object, value: object) -> None:
    found = canonical_value(attribute, raw)  # type: ignore[arg-type]
    if attribute == "technology" and isinstance(found, dict):
        assert (found["product"], found["relation"]) == ("HubSpot", "uses")
    else:
        assert found == value


@pytest.mark.parametrize(
    ("attribute", "raw"),
    [
        ("employee_count", "a lot"),
        ("employee_count", {"low": 200, "high": 100}),
        ("founded_year", 20120),
        ("headquarters", {"city": "Nowhere"}),
        ("headquarters", {"city": "Berlin", "country": "Narnia"}),
        ("industry", "things"),
        ("total_funding", {"amount": 5}),
        ("hiring", {"department": "wizardry"}),
        ("certification", "ISO 99999"),
        (QUESTION, "maybe"),
        ("question:xyz", "yes"),
        ("nonsense", 1),
        ("pain_point", "x" * 2000),
    ],
)
def test_values_in_the_wrong_field_are_refused(attribute: str, raw: object) -> None:
    assert canonical_value(attribute, raw) is None  # type: ignore[arg-type]


def test_every_entry_is_filled() -> None:
    for name in attribute_names():
        found = entry(name)
        assert found.label
        assert found.ask.endswith("?")
        assert found.look_in
        assert found.tiers
    assert entry(QUESTION).name == "question"


def test_keys_tell_facts_apart() -> None:
    uses = canonical_value("technology", "Salesforce")
    leaving = canonical_value("technology", {"product": "Salesforce", "relation": "migrating_from"})
    assert fact_key("technology", uses) != fact_key("technology", leaving)
    assert fact_key("employee_count", canonical_value("employee_count", 5)) == ""


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("employe_count", "employee_count"),
        ("company size", "employee_count"),
        ("sector", "industry"),
        ("technologies", "technology"),
        ("zzzzzz", None),
    ],
)
def test_a_mistyped_attribute_finds_its_neighbour(name: str, nearest: str | None) -> None:
    assert nearest_attribute(name) == nearest


def test_unknown_attributes_are_known_to_be_unknown() -> None:
    assert not known_attribute("nonsense")
    assert not known_attribute("question:short")
    assert known_attribute(QUESTION)
