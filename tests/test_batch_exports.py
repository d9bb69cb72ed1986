"""Whole exports of HubSpot, Salesforce, Apollo and Clay: read as they come, to checked evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent.batch.accounts import ListedRow, RejectedListRow, read_accounts
from agent.batch.imported import imported_document
from agent.extraction.rules import extract_by_rules
from agent.grounding.check import ground_all
from agent.models import Account

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HUBSPOT = (
    "Record ID,Company name,Company owner,City,State/Region,Country/Region,Industry,Number of Employees,"
    "Annual Revenue,Company Domain Name,Website URL,Year Founded,Web Technologies\n"
    '"900001","Acme","Ann","Savannah","GA","United States","TRANSPORTATION_TRUCKING_RAILROAD","350.0",'
    '"25000000.0","acme.example","https://www.acme.example","1998.0","google_analytics;hubspot"\n'
)
SALESFORCE = (
    '"Accounts of spring"\n\n'
    '"Account Name","Account ID","Website","Employees","Annual Revenue Currency","Annual Revenue",'
    '"Billing City","Billing State/Province","Billing Country","Industry"\n'
    '"Acme","001Aa00000XyZabIAF","http://www.acme.example","420","EUR","12.500.000,00","London","England",'
    '"United Kingdom","Not For Profit"\n'
    '"Grand Totals","","","","","","","","",""\n\n'
    '"Confidential Information - Do Not Distribute"\n'
    '"Copyright © 2000-2026 Salesforce, Inc."\n'
)
APOLLO = (
    "Company,Company Name for Emails,# Employees,Industry,Website,Company City,Company State,Company Country,"
    "Technologies,Total Funding,Annual Revenue,Founded Year\n"
    "Acme,Acme,510,logistics & supply chain,http://www.acme.example,Columbus,Ohio,United States,"
    '"Salesforce, Google Tag Manager",15000000,48000000,2001\n'
)
CLAY = (
    "Name,Primary Industry,Size,Location,Country,Domain,Annual Revenue\n"
    'Acme,Truck Transportation,201-500 employees,"Hamburg, Germany",Germany,acme.example,$10M-$25M\n'
)


def evidence_of(path: Path, export: str, currency: str, encoding: str) -> tuple[list[JsonValue], list[int]]:
    """Return the values that hold as `[attribute, value]`, and the rows that were left out."""
    path.write_bytes(export.encode(encoding))
    listed = read_accounts(path)
    rows = list(listed.rows)
    [row] = [each for each in rows if isinstance(each, ListedRow)]
    document = imported_document(
        listed.columns, [(row.number, row.cells)], file=path.name, currency=currency, read_at=NOW
    )
    assert document is not None
    account = Account(
        domain="acme.example", final_domain="acme.example", status="live", home_url="https://acme.example/"
    )
    claims = extract_by_rules(document, account)
    evidence, rejected = ground_all(claims, {document.id: document}, account, NOW.date())
    assert not rejected
    return (
        [[each.attribute, each.value] for each in evidence],
        [each.number for each in rows if isinstance(each, RejectedListRow)],
    )


def size(people: int) -> JsonValue:
    return ["employee_count", {"exact": people, "low": people, "high": people}]


def industry(code: str, label: str) -> JsonValue:
    return ["industry", {"code": code, "label": label}]


def uses(product: str, category: str) -> JsonValue:
    return ["technology", {"product": product, "category": category, "relation": "uses"}]


def revenue(low: int, high: int, currency: str) -> JsonValue:
    return ["revenue", {"low": low, "high": high, "currency": currency, "year": None}]


def place(city: str | None, region: str | None, country: str) -> JsonValue:
    return ["headquarters", {"city": city, "region": region, "country": country}]


LOGISTICS = industry("logistics", "Logistics & Transportation")


@pytest.mark.parametrize(
    ("export", "currency", "encoding", "stated", "left_out"),
    [
        (
            HUBSPOT,
            "USD",
            "utf-8-sig",
            [
                size(350),
                LOGISTICS,
                ["founded_year", 1998],
                revenue(25_000_000, 25_000_000, "USD"),
                place("Savannah", "Georgia", "US"),
                uses("Google Analytics", "analytics"),
                uses("HubSpot", "crm"),
            ],
            [],
        ),
        (
            SALESFORCE,
            "",
            "latin-1",
            [
                size(420),
                industry("nonprofit", "Non-profit"),
                revenue(12_500_000, 12_500_000, "EUR"),
                place("London", "England", "GB"),
            ],
            [1, 5, 7, 8],
        ),
        (
            APOLLO,
            "USD",
            "utf-16-le",
            [
                size(510),
                LOGISTICS,
                ["founded_year", 2001],
                revenue(48_000_000, 48_000_000, "USD"),
                ["total_funding", {"amount": 15_000_000, "currency": "USD"}],
                place("Columbus", "Ohio", "US"),
                uses("Salesforce", "crm"),
                uses("Google Tag Manager", "tag_manager"),
            ],
            [],
        ),
        (
            CLAY,
            "",
            "utf-16",
            [
                ["employee_count", {"exact": None, "low": 201, "high": 500}],
                LOGISTICS,
                revenue(10_000_000, 25_000_000, "USD"),
                place(None, None, "DE"),
            ],
            [],
        ),
    ],
    ids=["hubspot", "salesforce", "apollo", "clay"],
)
def test_an_export_is_evidence_as_it_comes(
    tmp_path: Path, export: str, currency: str, encoding: str, stated: list[JsonValue], left_out: list[int]
) -> None:
    assert evidence_of(tmp_path / "crm.csv", export, currency, encoding) == (stated, left_out)


@pytest.mark.parametrize(
    "titled",
    [
        "My accounts\n\nName;Domain;Size\nAcme;acme.example;50\n",
        "My accounts;;\n;;\nName;Domain;Size\nAcme;acme.example;50\n",
    ],
)
def test_a_title_above_the_header_is_left_out(tmp_path: Path, titled: str) -> None:
    values, left_out = evidence_of(tmp_path / "crm.csv", titled, "", "utf-8")
    assert values == [size(50)]
    assert left_out == [1]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("\n\ndomain,name\nno domain,x\nacme.example,y\n", encoding="utf-8")
    assert [row.number for row in read_accounts(path).rows] == [4, 5]


def test_an_account_above_a_word_that_could_be_a_header_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("who,where\nx,a.example\nWebsite,b.example\n", encoding="utf-8")
    rows = list(read_accounts(path).rows)
    assert [row.domain for row in rows if isinstance(row, ListedRow)] == ["a.example", "b.example"]


def test_json_of_bare_domains_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "l.json"
    path.write_text('["a.example", "b.example"]', encoding="utf-8")
    assert [row.domain for row in read_accounts(path).rows if isinstance(row, ListedRow)] == [
        "a.example",
        "b.example",
    ]
