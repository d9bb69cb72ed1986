"""Keyed providers: when they are asked, what counts as their answer, and that the key stays hidden."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.documents import Account, FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.providers.ask import ask_provider
from tools.providers.keys import SourceKeys
from tools.providers.people_data_labs import PeopleDataLabs

PDL = PeopleDataLabs()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight",),
)
COMPANY: dict[str, Any] = {
    "status": 200,
    "name": "acme freight",
    "display_name": "Acme Freight",
    "website": "acme-freight.example",
    "alternative_domains": ["acme.example"],
    "size": "201-500",
    "employee_count": 312,
    "founded": 1999,
    "industry": "logistics and supply chain",
    "industry_v2": "transportation, logistics, supply chain and storage",
    "location": {"locality": "utrecht", "region": "utrecht", "country": "netherlands"},
    "type": "private",
    "inferred_revenue": "$50M-$100M",
    "total_funding_raised": 5500000,
    "latest_funding_stage": "series_a",
    "last_funding_date": "2024-06-01",
    "employee_growth_rate": {"12_month": 0.083},
    "ticker": None,
}


class Fetcher:
    """Gives one answer to every question and keeps the questions."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request)
        if isinstance(self.answer, FetchFailure):
            return self.answer
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        return Response(url=request.url, final_url=request.url, status=200, body=body, fetched_at=NOW)

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=name, reason="not_in_archive")

    def now(self) -> datetime:
        return NOW


async def test_the_answer_is_a_third_party_document_naming_its_provider() -> None:
    fetcher = Fetcher(COMPANY)
    gathered = (await ask_provider(ACCOUNT, {"employee_count"}, fetcher, "secret-key", PDL)).gathered
    (document,) = gathered.documents
    assert (document.tier, document.provider, document.published_at) == (
        "third-party",
        "people-data-labs",
        None,
    )
    assert document.text.split("\n") == [
        "Name: Acme Freight",
        "Official website: acme-freight.example",
        "Employees: 312",
        "Employee range: 201-500",
        "Founded: 1999",
        "Industry: logistics and supply chain",
        "Industry group: transportation, logistics, supply chain and storage",
        "Headquarters: utrecht, utrecht, netherlands",
        "Ownership: private",
        "Revenue range: $50M-$100M",
        "Total funding: 5,500,000 USD",
        "Funding stage: series a (as of 2024-06-01)",
        "Employee growth in 12 months: 8.3%",
    ]
    assert json.loads(document.body) == COMPANY


async def test_the_key_is_in_no_url_document_or_repr() -> None:
    fetcher = Fetcher(COMPANY)
    gathered = (await ask_provider(ACCOUNT, {"employee_count"}, fetcher, "secret-key", PDL)).gathered
    assert "secret-key" not in fetcher.asked[0].url + gathered.model_dump_json()
    assert "secret-key" not in repr(
        SourceKeys(tavily="secret-key", brave="secret-key", people_data_labs="secret-key")
    )


@pytest.mark.parametrize(
    ("open_attributes", "key"), [(set(), "k"), ({"hiring"}, "k"), ({"employee_count"}, "")]
)
async def test_it_is_asked_only_with_a_key_and_for_what_is_open(open_attributes: set[str], key: str) -> None:
    fetcher = Fetcher(COMPANY)
    gathered = (await ask_provider(ACCOUNT, open_attributes, fetcher, key, PDL)).gathered
    assert gathered.state == "not_looked"
    assert "not asked" in gathered.detail
    assert fetcher.asked == []


async def test_an_answer_about_another_company_is_quarantined() -> None:
    other = COMPANY | {"website": "acme-freight-holding.example", "alternative_domains": []}
    gathered = (await ask_provider(ACCOUNT, {"employee_count"}, Fetcher(other), "k", PDL)).gathered
    assert gathered.documents == ()
    assert "acme-freight-holding.example" in gathered.quarantined[0].reason


async def test_an_unknown_company_is_nothing_found() -> None:
    missing = FetchFailure(url="x", reason="http_status", status=404)
    gathered = (await ask_provider(ACCOUNT, {"employee_count"}, Fetcher(missing), "k", PDL)).gathered
    assert (gathered.state, gathered.failures) == ("read_nothing_found", ())


@pytest.mark.parametrize(
    "answer",
    [
        FetchFailure(url="x", reason="http_status", status=429),
        b"",
        b"<html>",
        {"error": {"type": "invalid_key"}},
        [],
    ],
)
async def test_a_refusal_is_a_failure(answer: Any) -> None:
    gathered = (await ask_provider(ACCOUNT, {"employee_count"}, Fetcher(answer), "k", PDL)).gathered
    assert gathered.state == "unreadable"
    assert len(gathered.failures) == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(COMPANY)), inner, max_size=6)
        ),
        max_leaves=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_parsing_is_total_on_any_json(payload: Any) -> None:
    PeopleDataLabs().parse(json.dumps(payload).encode())
