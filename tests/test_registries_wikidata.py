"""Wikidata: what ties, what is rendered, and what no JSON can break."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registry_answers import Fetcher, json_about

from tools.documents import Account, FetchFailure
from tools.registries.lines import render_lines
from tools.registries.tie import is_home_of, legal_names, same_legal_name
from tools.registries.wikidata import look_up_wikidata
from tools.registries.wikidata_facts import render_entity

ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://www.acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight B.V."),
)
JSON = json_about(
    "claims labels P1128 P571 P159 P856 P17 P414 mainsnak datavalue value qualifiers P585 time "
    "precision amount id en rank snaktype unit"
)


def item(value: str, **more: Any) -> dict[str, Any]:
    return claim({"entity-type": "item", "id": value}, **more)


def claim(value: Any, *, rank: str = "normal", **qualifiers: Any) -> dict[str, Any]:
    return {
        "mainsnak": {"snaktype": "value", "datavalue": {"value": value}},
        "rank": rank,
        "qualifiers": {
            name: [{"snaktype": "value", "datavalue": {"value": held}}] for name, held in qualifiers.items()
        },
    }


def when(text: str, precision: int) -> dict[str, Any]:
    return {"time": f"+{text}T00:00:00Z", "precision": precision}


def entity(entry: str, label: str, **claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": entry,
        "type": "item",
        "labels": {"en": {"language": "en", "value": label}},
        "claims": claims,
    }


COMPANY = entity(
    "Q900001",
    "Acme Freight",
    P856=[claim("https://www.acme-freight.example/nl/")],
    P31=[item("Q4830453")],
    P452=[item("Q177777")],
    P1128=[
        claim({"amount": "+3900", "unit": "1"}, P585=when("2021-00-00", 9)),
        claim({"amount": "+4300", "unit": "1"}, P585=when("2025-12-31", 11)),
        claim({"amount": "+9", "unit": "1"}, rank="deprecated", P585=when("2026-01-01", 11)),
    ],
    P571=[claim(when("1999-03-00", 10))],
    P159=[item("Q100", P582=when("2010-01-01", 11)), item("Q200")],
    P2139=[
        claim(
            {"amount": "+120000000", "unit": "http://www.wikidata.org/entity/Q4916"},
            P585=when("2024-00-00", 9),
        )
    ],
    P414=[item("Q300", P249="ACMF")],
    P749=[item("Q400")],
    P355=[item("Q501"), item("Q502")],
    P1278=[claim("5299000ACMEFREIGHT10")],
    P5531=[claim("0000123456")],
)
REFERENCED = {
    "Q4830453": entity("Q4830453", "business"),
    "Q177777": entity("Q177777", "freight transport"),
    "Q200": entity("Q200", "Utrecht", P17=[item("Q55")]),
    "Q55": entity("Q55", "Netherlands"),
    "Q4916": entity("Q4916", "euro", P498=[claim("EUR")]),
    "Q300": entity("Q300", "Euronext Amsterdam"),
    "Q400": entity("Q400", "Acme Holding"),
    "Q501": entity("Q501", "Acme Rail"),
    "Q502": entity("Q502", "Acme Sea"),
}


def test_each_fact_is_one_line_with_its_own_date() -> None:
    assert render_lines(render_entity(COMPANY, REFERENCED)).split("\n") == [
        "Name: Acme Freight",
        "Official website: https://www.acme-freight.example/nl/",
        "Type: business",
        "Industry: freight transport",
        "Parent organisation: Acme Holding",
        "Subsidiary: Acme Rail",
        "Subsidiary: Acme Sea",
        "Employees: 4,300 (as of 2025-12-31)",
        "Revenue: 120,000,000 EUR (as of 2024)",
        "Founded: 1999-03",
        "Headquarters: Utrecht, Netherlands",
        "Stock exchange: Euronext Amsterdam (ACMF)",
        "LEI: 5299000ACMEFREIGHT10",
        "CIK: 0000123456",
    ]


def test_undated_contradictions_inside_the_source_stay_visible() -> None:
    two = entity("Q1", "Acme", P1128=[claim({"amount": "+10"}), claim({"amount": "+20"})])
    assert render_lines(render_entity(two, {})) == "Name: Acme\nEmployees: 10\nEmployees: 20"


def test_a_statement_about_a_part_of_the_company_is_left_out() -> None:
    part = entity("Q1", "Acme", P1128=[claim({"amount": "+10"}, P518={"id": "Q2"})])
    assert render_lines(render_entity(part, {})) == "Name: Acme"


def test_an_amount_without_a_known_currency_is_no_fact() -> None:
    unknown = entity(
        "Q1", "Acme", P2139=[claim({"amount": "+10", "unit": "http://www.wikidata.org/entity/Q9"})]
    )
    assert "Revenue" not in render_lines(render_entity(unknown, {}))


def test_a_label_cannot_forge_a_second_line() -> None:
    forged = entity("Q1", "Acme\nEmployees: 99999\u2028Founded: 1900")
    assert render_lines(render_entity(forged, {})) == "Name: Acme Employees: 99999 Founded: 1900"


@given(JSON, st.dictionaries(st.text(max_size=4), JSON, max_size=3))
@settings(max_examples=150, deadline=None)
def test_rendering_is_total_on_any_json(value: Any, referenced: Mapping[str, Any]) -> None:
    render_lines(render_entity(value, referenced)).encode()


def test_real_answers_of_the_api_render(shared: Any) -> None:
    payload = json.loads((shared / "fixtures/news/shape_wikidata_entity.json").read_bytes())
    (only,) = payload["entities"].values()
    assert render_lines(render_entity(only, {})).startswith("Name: ")


async def test_the_entry_whose_website_is_the_domain_becomes_a_document() -> None:
    fetcher = Fetcher(
        ("list=search", {"query": {"search": [{"title": "Q900001"}]}}),
        ("ids=Q900001", {"entities": {"Q900001": COMPANY}}),
        ("ids=", {"entities": REFERENCED}),
    )
    lookup = await look_up_wikidata(ACCOUNT, fetcher)
    assert lookup.document is not None
    assert lookup.document.url == "https://www.wikidata.org/wiki/Q900001"
    assert (lookup.document.kind, lookup.document.tier, lookup.document.provider) == (
        "registry",
        "registry",
        "wikidata",
    )
    assert "Employees: 4,300 (as of 2025-12-31)" in lookup.document.text.split("\n")
    assert json.loads(lookup.document.body)["entities"]["Q900001"]
    assert (lookup.cik, lookup.lei) == ("0000123456", "5299000ACMEFREIGHT10")


async def test_a_namesake_with_another_website_is_quarantined() -> None:
    namesake = entity(
        "Q7", "Acme Freight", P856=[claim("https://acme-freight.invalid/")], P31=[item("Q4830453")]
    )
    fetcher = Fetcher(
        ("list=search", {"query": {"search": []}}),
        ("wbsearchentities", {"search": [{"id": "Q7"}]}),
        ("ids=Q7", {"entities": {"Q7": namesake}}),
    )
    lookup = await look_up_wikidata(ACCOUNT, fetcher)
    assert lookup.document is None
    assert [entry.reason for entry in lookup.quarantined] == [
        "its official website is https://acme-freight.invalid/, not acme-freight.example"
    ]


async def test_a_former_website_ties_nothing() -> None:
    moved = entity(
        "Q7", "Acme Freight", P856=[claim("https://acme-freight.example/", P582=when("2020-01-01", 11))]
    )
    fetcher = Fetcher(
        ("list=search", {"query": {"search": [{"title": "Q7"}]}}), ("ids=Q7", {"entities": {"Q7": moved}})
    )
    assert (await look_up_wikidata(ACCOUNT, fetcher)).document is None


async def test_of_two_entries_with_the_website_the_organisation_is_chosen() -> None:
    product = entity("Q5", "Acme Freight", P856=[claim("https://acme-freight.example")], P31=[item("Q7397")])
    fetcher = Fetcher(
        ("list=search", {"query": {"search": [{"title": "Q5"}, {"title": "Q900001"}]}}),
        ("ids=Q5%7CQ900001", {"entities": {"Q5": product, "Q900001": COMPANY}}),
        ("ids=", {"entities": REFERENCED}),
    )
    lookup = await look_up_wikidata(ACCOUNT, fetcher)
    assert lookup.entity["id"] == "Q900001"
    assert lookup.quarantined[0].reason.startswith("shares the account's website")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (FetchFailure(url="x", reason="http_status", status=429, detail="slow down"), "http_status"),
        (b"<html>Too many requests</html>", "parse"),
        (b"", "parse"),
        ({"error": {"code": "maxlag", "info": "Waiting for a server"}}, "parse"),
        (b"[" * 100_000, "parse"),
    ],
)
async def test_a_failing_api_is_one_failure_and_no_second_question(answer: Any, reason: str) -> None:
    fetcher = Fetcher(("wikidata.org", answer))
    lookup = await look_up_wikidata(ACCOUNT, fetcher)
    assert lookup.failure is not None
    assert lookup.failure.reason == reason
    assert len(fetcher.asked) == 1


async def test_labels_that_cannot_be_read_leave_out_only_what_needs_them() -> None:
    fetcher = Fetcher(
        ("list=search", {"query": {"search": [{"title": "Q900001"}]}}),
        ("ids=Q900001", {"entities": {"Q900001": COMPANY}}),
    )
    lookup = await look_up_wikidata(ACCOUNT, fetcher)
    assert lookup.failure is not None
    assert lookup.document is not None
    assert "Employees: 4,300 (as of 2025-12-31)" in lookup.document.text
    assert "Headquarters" not in lookup.document.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://acme-freight.example", True),
        ("http://www.acme-freight.example/en-GB/", True),
        ("https://www.acme-freight.example/index.html", True),
        ("https://nl.acme-freight.example/", True),
        ("https://acme-freight.example/some-project", False),
        ("https://docs.acme-freight.example/", False),
        ("https://notacme-freight.example/", False),
        ("https://acme-freight.example.evil.invalid/", False),
        ("https://[bad", False),
    ],
)
def test_only_the_front_page_of_the_domain_ties(url: str, expected: bool) -> None:
    assert is_home_of(ACCOUNT, url) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Acme Freight B.V.", "ACME FREIGHT BV", True),
        ("Acme, Inc.", "Acme Incorporated", True),
        ("Acme S.r.l.", "ACME SRL", True),
        ("Acme Sp. z o.o.", "Acme SP. Z O.O.", True),
        ("Acme s.r.o.", "Acme sro", True),
        ("Acme", "Acme", False),
        ("Acme Inc", "Acme Ltd", False),
        ("Acme Freight Inc", "Acme Inc", False),
    ],
)
def test_legal_names_agree_only_with_their_legal_form(left: str, right: str, expected: bool) -> None:
    assert same_legal_name(left, right) is expected


def test_the_account_s_legal_names_are_those_with_a_form() -> None:
    assert legal_names(ACCOUNT) == ("Acme Freight B.V.",)
