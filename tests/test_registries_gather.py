"""The registries together: each stands alone, and the state says what was read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.documents import Account, FetchFailure, GatherLimits
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.providers.keys import SourceKeys
from tools.registries.gather import gather_registries
from tools.registries.gleif import look_up_gleif, records_named, render_record
from tools.registries.lines import render_lines

T = TypeVar("T")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LEI = "5299000ACMEFREIGHT10"
ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight B.V."),
)
NAMELESS = ACCOUNT.model_copy(update={"name": None, "names": ()})
RATE_LIMITED = FetchFailure(url="x", reason="http_status", status=429, detail="slow down")


class Reader:
    """A reader over canned answers, by substring of the URL; it is its own fetcher."""

    def __init__(self, *routes: tuple[str, Any]) -> None:
        self.routes = routes
        self.asked: list[str] = []
        self.made: dict[str, Any] = {}

    @property
    def fetcher(self) -> Reader:
        return self

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request.url)
        for part, answer in self.routes:
            if part in request.url:
                if isinstance(answer, FetchFailure):
                    return answer.model_copy(update={"url": request.url})
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                return Response(url=request.url, final_url=request.url, status=200, body=body, fetched_at=NOW)
        return FetchFailure(url=request.url, reason="not_in_archive")

    async def read(self, url: str) -> FetchFailure:
        return FetchFailure(url=url, reason="not_in_archive")

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=name, reason="not_in_archive")

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        if key not in self.made:
            self.made[key] = await make()
        return self.made[key]  # type: ignore[no-any-return]

    def now(self) -> datetime:
        return NOW


def record(name: str, lei: str = LEI, **entity: Any) -> dict[str, Any]:
    return {
        "type": "lei-records",
        "id": lei,
        "attributes": {
            "lei": lei,
            "entity": {
                "legalName": {"name": name, "language": "nl"},
                "otherNames": [{"name": "Acme Haulage B.V.", "type": "PREVIOUS_LEGAL_NAME"}],
                "legalAddress": {"city": "Rotterdam", "region": "NL-ZH", "country": "NL"},
                "headquartersAddress": {"city": "Utrecht", "region": "NL-UT", "country": "NL"},
                "jurisdiction": "NL",
                "status": "ACTIVE",
                "creationDate": "1999-03-15T00:00:00Z",
                **entity,
            },
            "registration": {"lastUpdateDate": "2025-11-02T10:00:00Z", "status": "ISSUED"},
        },
        "relationships": {"direct-parent": {"links": {"lei-record": "https://api.gleif.org/x"}}},
    }


WIKIDATA_HIT = {"query": {"search": [{"title": "Q900001"}]}}
WIKIDATA_ENTRY = {
    "entities": {
        "Q900001": {
            "id": "Q900001",
            "labels": {"en": {"value": "Acme Freight"}},
            "claims": {
                "P856": [
                    {
                        "mainsnak": {
                            "snaktype": "value",
                            "datavalue": {"value": "https://acme-freight.example/"},
                        }
                    }
                ],
                "P1278": [{"mainsnak": {"snaktype": "value", "datavalue": {"value": LEI}}}],
            },
        }
    }
}
EMPTY = ("wikidata.org", {"query": {"search": []}, "search": []})


def test_an_lei_record_becomes_lines() -> None:
    assert render_lines(render_record(record("Acme Freight B.V."), record("Acme Holding N.V."))).split(
        "\n"
    ) == [
        "Legal name: Acme Freight B.V.",
        "Former name: Acme Haulage B.V.",
        f"LEI: {LEI}",
        "Status: ACTIVE",
        "Jurisdiction: NL",
        "Incorporated: 1999-03-15",
        "Headquarters: Utrecht, NL-UT, NL",
        "Legal address: Rotterdam, NL-ZH, NL",
        "Parent organisation: Acme Holding N.V.",
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["attributes", "entity", "legalName", "name", "otherNames", "headquartersAddress", "city"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_rendering_is_total_on_any_json(value: Any) -> None:
    render_lines(render_record(value, value)).encode()
    if isinstance(value, dict):
        records_named(("Acme Freight B.V.",), [value])


async def test_gleif_is_asked_by_lei_and_reads_the_parent() -> None:
    reader = Reader(
        ("/direct-parent", {"data": record("Acme Holding N.V.")}),
        (LEI, {"data": record("Acme Freight B.V.")}),
    )
    lookup = await look_up_gleif(ACCOUNT, reader, LEI)
    assert lookup is not None
    assert lookup.document is not None
    assert "Parent organisation: Acme Holding N.V." in lookup.document.text
    assert (lookup.document.provider, lookup.document.published_at) == ("gleif", date(2025, 11, 2))


async def test_one_live_entry_with_the_site_s_legal_name_ties() -> None:
    reader = Reader(
        (
            "filter",
            {
                "data": [
                    record("ACME FREIGHT BV"),
                    record("Acme Freight Services B.V.", "529900OTHER000000012"),
                ]
            },
        )
    )
    lookup = await look_up_gleif(ACCOUNT, reader)
    assert lookup is not None
    assert lookup.document is not None
    assert lookup.document.text.startswith("Legal name: ACME FREIGHT BV")


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (
            [record("Acme Freight BV"), record("Acme Freight B.V.", "529900OTHER000000012")],
            "several registered",
        ),
        ([record("Acme Freight GmbH")], "another legal name"),
        (
            [record("Acme Freight B.V.", status="INACTIVE")],
            "the entity of this legal name is no longer active",
        ),
    ],
)
async def test_what_is_not_exactly_one_live_entry_is_quarantined(records: list[Any], reason: str) -> None:
    lookup = await look_up_gleif(ACCOUNT, Reader(("filter", {"data": records})))
    assert lookup is not None
    assert lookup.document is None
    assert lookup.quarantined[0].reason.startswith(reason)


async def test_gleif_is_not_asked_by_a_mere_brand_name() -> None:
    reader = Reader()
    assert await look_up_gleif(NAMELESS, reader) is None
    assert reader.asked == []


async def test_every_register_that_ties_gives_a_document() -> None:
    reader = Reader(
        ("list=search", WIKIDATA_HIT),
        ("ids=", WIKIDATA_ENTRY),
        ("company_tickers", {"0": {"cik_str": 1, "title": "ACME FREIGHT B.V."}}),
        ("submissions", {"name": "Acme Freight B.V.", "cik": "0000000001"}),
        ("companyfacts", {"entityName": "Acme Freight B.V.", "facts": {}}),
        ("/direct-parent", FetchFailure(url="x", reason="http_status", status=404)),
        (LEI, {"data": record("Acme Freight B.V.")}),
    )
    gathered = await gather_registries(
        ACCOUNT, reader, GatherLimits(), keys=SourceKeys(contact="d@x.example")
    )
    assert gathered.state == "read"
    assert [document.provider for document in gathered.documents] == ["wikidata", "sec", "gleif"]
    assert gathered.failures == ()
    assert gathered.detail == "Wikidata: read; SEC EDGAR: read; GLEIF: read"


@pytest.mark.parametrize("broken", ["wikidata.org", "sec.gov", "gleif.org"])
async def test_a_register_that_fails_changes_no_other(broken: str) -> None:
    routes = [
        ("list=search", WIKIDATA_HIT),
        ("ids=", WIKIDATA_ENTRY),
        ("company_tickers", {"0": {"cik_str": 1, "title": "ACME FREIGHT B.V."}}),
        ("submissions", {"name": "Acme Freight B.V.", "cik": "0000000001"}),
        ("companyfacts", {"facts": {}}),
        ("filter", {"data": [record("Acme Freight B.V.")]}),
        ("/direct-parent", FetchFailure(url="x", reason="http_status", status=404)),
        (LEI, {"data": record("Acme Freight B.V.")}),
    ]
    keys = SourceKeys(contact="d@x.example")
    whole = await gather_registries(ACCOUNT, Reader(*routes), GatherLimits(), keys=keys)
    partly = await gather_registries(
        ACCOUNT, Reader((broken, RATE_LIMITED), *routes), GatherLimits(), keys=keys
    )
    gone = {"wikidata.org": "wikidata", "sec.gov": "sec", "gleif.org": "gleif"}[broken]
    kept = {document.provider: document.text for document in whole.documents if document.provider != gone}
    assert {document.provider: document.text for document in partly.documents} == kept
    assert [failure.status for failure in partly.failures] == [429]


async def test_an_account_in_no_register_is_read_and_not_found() -> None:
    gathered = await gather_registries(NAMELESS, Reader(EMPTY), GatherLimits())
    assert (gathered.state, gathered.documents, gathered.failures) == ("read_nothing_found", (), ())
    assert gathered.detail == (
        "Wikidata: no entry ties to the domain; SEC EDGAR not asked: it wants a contact address and none is "
        "configured; GLEIF not asked: the site states no legal name to ask by"
    )


async def test_registers_that_are_not_in_the_archive_were_not_looked_at() -> None:
    gathered = await gather_registries(ACCOUNT, Reader(), GatherLimits())
    assert gathered.state == "not_looked"
    assert [failure.reason for failure in gathered.failures] == ["not_in_archive", "not_in_archive"]


async def test_a_register_that_could_not_be_read_is_not_nothing_found() -> None:
    gathered = await gather_registries(NAMELESS, Reader(("wikidata", b"<html>")), GatherLimits())
    assert gathered.state == "unreadable"
