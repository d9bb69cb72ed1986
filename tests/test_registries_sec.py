"""SEC EDGAR: which filer ties, and which figures are read out of real answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from registry_answers import ASKED_AT, Fetcher, json_about

from tools.documents import Account, FetchFailure
from tools.fetching.api import Response
from tools.news.filings import event_filings, filing_text, read_filing
from tools.registries.lines import render_lines
from tools.registries.sec import (
    SecFiler,
    filers_named,
    gather_filer,
    look_up_filer,
    render_company_facts,
    render_submissions,
    ties,
)

CONTACT = "Example Desk desk@acme-freight.example"
JSON = json_about(
    "facts us-gaap dei Revenues EntityNumberOfEmployees units USD val end start form fp filings "
    "recent items formerNames addresses business city exchanges"
)


def account(domain: str, *names: str) -> Account:
    return Account(
        domain=domain,
        final_domain=domain,
        status="live",
        home_url=f"https://{domain}/",
        name=names[0] if names else None,
        names=names,
    )


ACME = account("acme-freight.example", "Acme Freight", "Acme Freight Inc.")
ENTRY = {
    "cik": "0000123456",
    "name": "ACME FREIGHT INC /DE/",
    "website": "",
    "sic": "4213",
    "sicDescription": "Trucking",
}
TICKERS = {"0": {"cik_str": 123456, "ticker": "ACMF", "title": "ACME FREIGHT INC"}}


def test_a_real_entry_becomes_lines(shared: Path) -> None:
    payload = json.loads((shared / "fixtures/news/sec_submissions_CIK0000320193_real.json").read_bytes())
    lines = render_lines(render_submissions(payload)).split("\n")
    assert lines[:6] == [
        "Name: Apple Inc.",
        "Legal name: Apple Inc.",
        "SIC: 3571 Electronic Computers",
        "Industry: Electronic Computers",
        "Headquarters: CUPERTINO, CA, United States",
        "Stock exchange: Nasdaq (AAPL)",
    ]
    assert "Former name: APPLE COMPUTER INC (as of 2007-01-04)" in lines


def test_the_latest_full_year_is_the_revenue_not_a_later_quarter(shared: Path) -> None:
    payload = json.loads((shared / "fixtures/news/sec_companyfacts_320193_trimmed.json").read_bytes())
    assert (
        render_lines(render_company_facts(payload))
        == "Name: Apple Inc.\nRevenue: 391,035,000,000 USD (as of 2024-09-28)"
    )


def test_a_quarter_repeated_in_an_annual_form_is_no_year() -> None:
    rows = [
        {
            "start": "2025-10-01",
            "end": "2025-12-31",
            "val": 25,
            "form": "10-K",
            "fp": "FY",
            "filed": "2026-02-01",
        },
        {
            "start": "2024-01-01",
            "end": "2024-12-31",
            "val": 90,
            "form": "10-K",
            "fp": "FY",
            "filed": "2025-02-01",
        },
        {
            "start": "2024-01-01",
            "end": "2024-12-31",
            "val": 91,
            "form": "10-K/A",
            "fp": "FY",
            "filed": "2025-04-01",
        },
    ]
    staff = [{"end": "2025-12-31", "val": 4300, "form": "10-K", "filed": "2026-02-01"}]
    facts = {
        "entityName": "Acme",
        "facts": {
            "us-gaap": {"Revenues": {"units": {"USD": rows}}},
            "dei": {"EntityNumberOfEmployees": {"units": {"employee": staff}}},
        },
    }
    assert render_lines(render_company_facts(facts)).split("\n") == [
        "Name: Acme",
        "Employees: 4,300 (as of 2025-12-31)",
        "Revenue: 91 USD (as of 2024-12-31)",
    ]


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_rendering_is_total_on_any_json(value: Any) -> None:
    render_lines(render_submissions(value)).encode()
    render_lines(render_company_facts(value)).encode()
    filers_named(ACME, value)
    response = Response(
        url="https://x.example", final_url="https://x.example", status=200, body=b"", fetched_at=ASKED_AT
    )
    event_filings(
        SecFiler("0000000001", value if isinstance(value, dict) else {}, response), ASKED_AT.date(), 700
    )


def test_filers_are_found_by_name_in_the_real_list(shared: Path) -> None:
    tickers = json.loads((shared / "fixtures/news/sec_company_tickers_real.json").read_bytes())
    assert filers_named(account("apple.com", "Apple"), tickers) == ["0000320193"]
    assert filers_named(account("costco.com", "Costco Wholesale"), tickers) == ["0000909832"]
    assert filers_named(account("nothing.example", "No Such Company"), tickers) == []


@pytest.mark.parametrize(
    ("holder", "website", "expected"),
    [
        (account("acme-freight.example", "Acme Freight"), "", False),
        (account("acme-freight.example", "Acme Freight"), "https://www.acme-freight.example", True),
        (account("acme-freight.example", "Acme Freight, Inc."), "", True),
        (account("acme-freight.example", "Acme Freight Ltd"), "", False),
    ],
)
def test_a_name_alone_ties_no_filer(holder: Account, website: str, expected: bool) -> None:
    assert ties(holder, ENTRY | {"website": website}) is expected


async def test_the_filer_is_found_by_the_number_wikidata_states() -> None:
    fetcher = Fetcher(("submissions/CIK0000123456.json", ENTRY))
    lookup = await look_up_filer(account("acme-freight.example"), fetcher, CONTACT, "123456")
    assert lookup.filer is not None
    assert len(fetcher.asked) == 1
    assert ("User-Agent", f"account-dossier {CONTACT}") in fetcher.asked[0].headers


async def test_a_filer_of_the_same_name_that_does_not_tie_is_quarantined() -> None:
    fetcher = Fetcher(("company_tickers", TICKERS), ("submissions", ENTRY))
    lookup = await look_up_filer(account("acme-freight.example", "Acme Freight"), fetcher, CONTACT)
    assert lookup.filer is None
    assert [entry.title for entry in lookup.quarantined] == ["SEC EDGAR: ACME FREIGHT INC /DE/"]


async def test_an_account_that_files_nothing_is_no_failure() -> None:
    lookup = await look_up_filer(
        account("x.example", "Quiet Company"), Fetcher(("company_tickers", TICKERS)), CONTACT
    )
    assert (lookup.filer, lookup.failure, lookup.quarantined) == (None, None, ())


@pytest.mark.parametrize(
    "answer",
    [
        FetchFailure(url="x", reason="http_status", status=429, detail="rate limit"),
        b"<html>Request Rate Threshold Exceeded</html>",
        b"",
    ],
)
async def test_a_refused_entry_is_a_failure(answer: Any) -> None:
    lookup = await look_up_filer(ACME, Fetcher(("submissions", answer)), CONTACT, "123456")
    assert lookup.failure is not None
    assert lookup.filer is None


async def test_figures_that_fail_do_not_take_the_entry_along() -> None:
    limited = FetchFailure(url="x", reason="http_status", status=429)
    fetcher = Fetcher(("company_tickers", TICKERS), ("submissions", ENTRY), ("companyfacts", limited))
    lookup = await look_up_filer(ACME, fetcher, CONTACT)
    assert lookup.filer is not None
    documents, failure = await gather_filer(lookup.filer, fetcher, CONTACT)
    assert [document.provider for document in documents] == ["sec"]
    assert failure == limited


async def test_a_filer_without_structured_figures_is_no_failure() -> None:
    fetcher = Fetcher(("company_tickers", TICKERS), ("submissions", ENTRY))
    lookup = await look_up_filer(ACME, fetcher, CONTACT)
    assert lookup.filer is not None
    assert (await gather_filer(lookup.filer, fetcher, CONTACT))[1] is None


def test_real_filings_are_dated_by_their_event_and_only_event_items_count(shared: Path) -> None:
    body = (shared / "fixtures/news/sec_submissions_CIK0000320193_real.json").read_bytes()
    response = Response(
        url="https://x.example", final_url="https://x.example", status=200, body=body, fetched_at=ASKED_AT
    )
    filings = event_filings(SecFiler("0000320193", json.loads(body), response), date(2026, 5, 1), 365)
    assert filings[0].event_on == date(2026, 4, 17)
    assert filings[0].items == ("5.02",)
    assert (
        filings[0].url
        == "https://www.sec.gov/Archives/edgar/data/320193/000114036126015711/ef20071035_8k.htm"
    )
    assert all("5.07" not in filing.items for filing in filings)
    assert [filing.event_on for filing in filings] == sorted(
        (filing.event_on for filing in filings), reverse=True
    )


def test_a_real_filing_loses_its_cover_and_hidden_header(shared: Path) -> None:
    html = (shared / "fixtures/news/sec_8k_Oracle.8-K.html").read_text()
    text = filing_text(html)
    assert text.startswith("Item 5.07")
    assert "Emerging growth company" not in text
    assert "dei:" not in text


async def test_a_filing_that_cannot_be_read_is_a_failure() -> None:
    filing = event_filings(
        SecFiler(
            "0000123456",
            {
                "filings": {
                    "recent": {
                        "form": ["8-K", "10-Q"],
                        "accessionNumber": ["0000123456-26-000001", "0000123456-26-000002"],
                        "primaryDocument": ["a.htm", "b.htm"],
                        "items": ["2.02,9.01", ""],
                        "filingDate": ["2026-04-02", "2026-04-03"],
                        "reportDate": ["2026-04-01", ""],
                    }
                }
            },
            Response(
                url="https://x.example",
                final_url="https://x.example",
                status=200,
                body=b"",
                fetched_at=ASKED_AT,
            ),
        ),
        ASKED_AT.date(),
        700,
    )[0]
    assert isinstance(await read_filing(filing, Fetcher(), CONTACT), FetchFailure)
    page = b"<p>Item 2.02 Results</p><p>Acme Freight reported record revenue.</p><p>SIGNATURES</p><p>x</p>"
    document = await read_filing(filing, Fetcher(("Archives", page)), CONTACT)
    assert not isinstance(document, FetchFailure)
    assert document.text == "Item 2.02 Results\nAcme Freight reported record revenue."
    assert (document.tier, document.published_at) == ("registry", date(2026, 4, 1))
