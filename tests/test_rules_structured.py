"""Key/value sources: JSON-LD, registries, imported rows, job boards, markup; and the rules as a whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_reading import ACCOUNT, claims_of, page

from agent.extraction.rules import extract_by_rules
from agent.extraction.rules.jsonspans import find_objects
from agent.models import Claim, SourceDocument, text_id
from tools.documents import PagePurpose, Posting


def read(text: str, purpose: PagePurpose = "structured_data", **fields: Any) -> list[Claim]:
    return claims_of(page(text, purpose, tier="first-party-structured", **fields))


def pairs(claims: tuple[Claim, ...]) -> list[tuple[str, object]]:
    return [(claim.attribute, claim.value) for claim in claims]


def test_the_accounts_own_node_speaks() -> None:
    node = {
        "@context": "https://schema.org",
        "@type": "Corporation",
        "url": "https://www.halvard.example/",
        "name": "Halvard",
        "foundingDate": "2012-05-01",
        "numberOfEmployees": {"@type": "QuantitativeValue", "value": 340},
        "address": {"@type": "PostalAddress", "addressLocality": "Oslo", "addressCountry": "NO"},
        "parentOrganization": {"@type": "Organization", "name": "Osterfield Group"},
    }
    claims = read(json.dumps(node))
    assert dict(pairs(claims)) == {
        "name": "Halvard",
        "founded_year": 2012,
        "employee_count": {"exact": 340, "low": 340, "high": 340},
        "headquarters": {"city": "Oslo", "region": None, "country": "NO"},
        "parent": "Osterfield Group",
    }
    assert all(claim.structured for claim in claims)
    assert '"foundingDate": "2012-05-01"' in [claim.quote for claim in claims]


@pytest.mark.parametrize(
    "node",
    [
        {
            "@type": "Organization",
            "name": "Osterfield",
            "url": "https://osterfield.example",
            "foundingDate": "1987",
        },
        {
            "@type": "Article",
            "publisher": {"@type": "Organization", "name": "Osterfield", "foundingDate": "1987"},
        },
        {
            "@type": "Review",
            "itemReviewed": {"@type": "Organization", "name": "Tanager", "foundingDate": "1987"},
        },
        {"@type": "Person", "name": "Halvard", "foundingDate": "1987"},
        {"@type": "Organization", "name": "Halvard", "foundingDate": "soon"},
        {"@type": "Organization", "name": "Halvard", "numberOfEmployees": "many"},
        {
            "@type": "Store",
            "name": "Halvard",
            "address": {"addressLocality": "Bergen", "addressCountry": "NO"},
        },
        {
            "@type": "Organization",
            "name": "Halvard",
            "address": [
                {"addressLocality": "Bergen", "addressCountry": "NO"},
                {"addressLocality": "Oslo", "addressCountry": "NO"},
            ],
        },
    ],
)
def test_other_nodes_and_other_shapes_say_nothing(node: object) -> None:
    assert [a for a, _ in pairs(read(json.dumps(node))) if a != "name"] == []


def test_a_range_of_employees_and_a_second_script_after_a_broken_one() -> None:
    text = '{"@type": "Organization", broken\n{"@graph":[{"@type":["Organization"],"name":"Halvard","numberOfEmployees":{"minValue":51,"maxValue":200}}]}'
    assert ("employee_count", {"exact": None, "low": 51, "high": 200}) in pairs(read(text))


def test_deep_nesting_is_survived() -> None:
    assert read("[" * 50_000) == []
    assert read('{"a":' * 50_000) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=6), _JSON, min_size=1, max_size=4), st.booleans())
def test_every_member_is_where_its_span_says(value: dict[str, object], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    outer = next(find_objects(text))
    assert set(outer.members) == set(value)
    for key, (start, node) in outer.members.items():
        assert json.loads("{" + text[start : node.end] + "}") == {key: value[key]}


def test_registry_lines_carry_their_own_day() -> None:
    text = (
        "Legal name: Halvard GmbH\nEmployees: 4,300 (as of 2025-12-31)\nFounded: 1998-03\nHeadquarters: Utrecht, Netherlands\n"
        "Industry: Logistics\nRevenue: 9,000,000 USD (as of 2024)\nStock exchange: Euronext Amsterdam (HLV)\nParent organisation: Osterfield Group"
    )
    claims = read(text, kind="registry", provider="wikidata")
    assert dict(pairs(claims)) == {
        "name": "Halvard GmbH",
        "employee_count": {"exact": 4300, "low": 4300, "high": 4300},
        "founded_year": 1998,
        "headquarters": {"city": "Utrecht", "region": None, "country": "NL"},
        "industry": {"code": "logistics", "label": "Logistics & Transportation"},
        "revenue": {"low": 9_000_000, "high": 9_000_000, "currency": "USD", "year": 2024},
        "ownership": "public",
        "parent": "Osterfield Group",
    }
    days = {claim.attribute: claim.event_on for claim in claims}
    assert days["employee_count"] == date(2025, 12, 31)
    assert days["founded_year"] is None
    assert {claim.extractor for claim in claims} == {"rule:registry_wikidata@1"}


def test_imported_rows_are_read_by_catalogue_name() -> None:
    claims = read(
        "employee_count: 51-200 (as of 2026-01-01)\nfavourite_colour: blue\nthird_party_intent: freight software\nwebsite_change: new pricing page",
        kind="imported",
    )
    assert pairs(claims) == [
        ("employee_count", {"exact": None, "low": 51, "high": 200}),
        ("third_party_intent", {"topic": "freight software"}),
        ("website_change", {"change": "new pricing page"}),
    ]


def test_a_posting_is_one_opening_and_a_role_by_title_only() -> None:
    posting = Posting(
        key="1",
        title="VP of Sales",
        url="https://jobs.example/1",
        department="sales",
        seniority="vp",
        posted_on=date(2026, 5, 2),
    )
    claims = read("VP of Sales\nOslo\nJoin teams of 5 people.", "other", kind="job_posting", posting=posting)
    assert pairs(claims) == [
        ("buying_role", {"role": "economic", "title": "VP of Sales"}),
        ("hiring", {"department": "sales", "seniority": "vp", "title": "VP of Sales", "count": 1}),
        ("organisation_department", "sales"),
    ]
    assert {claim.event_on for claim in claims} == {date(2026, 5, 2)}
    assert {claim.quote for claim in claims} == {"VP of Sales"}


def test_counts_on_the_careers_page() -> None:
    claims = read("We have 12 open positions in Sales and great coffee.", "careers")
    assert ("hiring", {"department": "sales", "seniority": None, "title": None, "count": 12}) in pairs(claims)
    assert [a for a, _ in pairs(read("12 open positions in total", "careers"))] == []


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        (
            "Halvard is a freight forwarder from Oslo.",
            "industry",
            {"code": "logistics", "label": "Logistics & Transportation"},
        ),
        (
            "We're a leading digital marketing agency.",
            "industry",
            {"code": "marketing_advertising", "label": "Marketing & Advertising"},
        ),
        (
            "Halvard is a financial technology company, not a bank.",
            "industry",
            {"code": "fintech", "label": "Fintech"},
        ),
        ("Halvard (NASDAQ: HLVD) moves freight.", "ownership", "public"),
        ("Halvard is a privately held company.", "ownership", "private"),
        ("Wir sind ein Familienunternehmen.", "ownership", "family_owned"),
        ("Halvard is a subsidiary of Osterfield Group.", "parent", "Osterfield Group"),
        ("© 2019-2026 Halvard GmbH", "name", "Halvard GmbH"),
        ("API reference", "api_offered", True),
        ("Become a partner", "partner_program", "general"),
        ("Built for small businesses that ship.", "customer_segment", "small_business"),
        ("Start free trial", "go_to_market", "self_serve"),
        ("Contact sales", "go_to_market", "sales_led"),
    ],
)
def test_company_and_commercial_traits(text: str, attribute: str, value: object) -> None:
    assert (attribute, value) in pairs(read(text, "home"))


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("Halvard is a platform for insurance companies.", "industry"),
        ("Halvard is trusted by every leading bank.", "industry"),
        ("Osterfield is a freight forwarder.", "industry"),
        ("Osterfield (NASDAQ: OSTF) is our customer.", "ownership"),
        ("We serve family-owned businesses.", "ownership"),
        ("Halvard is part of everyday life.", "parent"),
        ("© 2026 Osterfield GmbH", "name"),
        ("How to build your partner program", "partner_program"),
        ("Do you need software for small businesses?", "customer_segment"),
        ("Our customers contact sales teams by phone.", "go_to_market"),
    ],
)
def test_traits_of_others_are_left(text: str, attribute: str) -> None:
    assert attribute not in [name for name, _ in pairs(read(text, "home"))]


def test_pricing_is_read_from_the_pricing_page() -> None:
    text = "Team\n$12 per user / month\nStart free trial\nEnterprise\nContact sales\nFree plan"
    found = {(a, str(v)) for a, v in pairs(read(text, "pricing"))}
    assert {
        ("pricing_model", "per_seat"),
        ("pricing_model", "freemium"),
        ("go_to_market", "sales_led"),
    } <= found


def test_team_titles_need_two_people_and_no_other_company() -> None:
    text = "Our team\nAda Roe\nChief Executive Officer\nBob Doe\nVP of Sales"
    document_url = "https://halvard.example/team"
    document = SourceDocument(
        id=text_id(text),
        url=document_url,
        final_url=document_url,
        kind="website",
        source="website",
        tier="first-party-text",
        title="x",
        text=text,
        fetched_at=datetime(2026, 6, 1, tzinfo=UTC),
        purpose="about",
    )
    titles = [
        claim.value for claim in extract_by_rules(document, ACCOUNT) if claim.attribute == "buying_role"
    ]
    assert titles == [
        {"role": "economic", "title": "Chief Executive Officer"},
        {"role": "economic", "title": "VP of Sales"},
    ]
    assert not any(
        "Roe" in claim.quote
        for claim in extract_by_rules(document, ACCOUNT)
        if claim.attribute == "buying_role"
    )


def test_markup_gives_technologies() -> None:
    found = pairs(read("script: https://js.hs-scripts.com/48211733.js", "markup"))
    assert ("technology", {"product": "HubSpot", "category": "crm", "relation": "uses"}) in [
        (a, {**v, "category": "crm"}) if isinstance(v, dict) else (a, v)
        for a, v in found
        if isinstance(v, dict) and v["product"] == "HubSpot"
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=400),
    st.sampled_from(
        ["home", "about", "careers", "press", "pricing", "security", "legal", "structured_data", "markup"]
    ),
)
def test_any_text_gets_an_answer(text: str, purpose: PagePurpose) -> None:
    read(text.encode("utf-8", "replace").decode(), purpose)


@pytest.mark.parametrize(
    "piece",
    [
        "1,",
        "$1",
        "We are a team of ",
        "A " * 3 + "is ",
        "Founded by a ",
        "Headquarters in A, ",
        '"a":',
        "SOC 2 ",
        "Series B raised $5M ",
        "for for ",
        "\n1\nEmployees",
        "ISO 27001 certified ",
        "Halvard ",
    ],
)
def test_a_year_behind_hostile_repetition_is_read_and_nothing_else(piece: str) -> None:
    claims = read(piece * 4000 + "\nHalvard was founded in 1998.", "about")
    assert [(claim.attribute, claim.value) for claim in claims] == [("founded_year", 1998)]
