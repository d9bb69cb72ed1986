"""8-K filings: which items count, what they tell, and that nothing odd in an index stops the reading."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.extraction.rules import extract_by_rules
from agent.grounding import ground_all
from agent.models import Account, SourceDocument, text_id
from tools.documents import FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.news.filings import EVENT_ITEMS, event_filings, filing_text, read_filing
from tools.registries.sec import SecFiler

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TODAY = date(2026, 5, 1)
ACME = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight Inc."),
)


def filer(**columns: Any) -> SecFiler:
    response = Response(
        url="https://x.example", final_url="https://x.example", status=200, body=b"{}", fetched_at=NOW
    )
    return SecFiler("0000123456", {"filings": {"recent": columns}}, response)


def row(
    items: Any = "5.02",
    *,
    form: Any = "8-K",
    number: Any = "0000123456-26-000001",
    name: Any = "a.htm",
    filed: Any = "2026-04-21",
    event: Any = "2026-04-20",
) -> dict[str, list[Any]]:
    return {"form": [form], "accessionNumber": [number], "primaryDocument": [name], "items": [items], "filingDate": [filed], "reportDate": [event]}  # fmt: skip


@pytest.mark.parametrize("item", sorted(EVENT_ITEMS))
def test_each_event_item_counts_beside_others(item: str) -> None:
    [filing] = event_filings(filer(**row(f"{item},9.01")), TODAY, 365)
    assert filing.items == (item,)
    assert filing.event_on == date(2026, 4, 20)


@pytest.mark.parametrize("items", ["5.07", "8.01,9.01", "3.02", "", None, 5.02, ["5.02"], "5.02x"])
def test_votes_exhibits_and_nonsense_are_no_events(items: Any) -> None:
    assert event_filings(filer(**row(items)), TODAY, 365) == []


@pytest.mark.parametrize(
    ("form", "counts"), [("8-K", True), ("8-K/A", True), ("10-K/A", False), ("8-K12B", False), (None, False)]
)
def test_an_amended_report_counts_and_other_forms_do_not(form: Any, counts: bool) -> None:
    assert bool(event_filings(filer(**row(form=form)), TODAY, 365)) is counts


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "../../etc/passwd"}, {"name": "a.pdf"}, {"name": ""}, {"name": None}, {"number": "1-2"}, {"number": 7},
        {"number": "0000123456-26-00000١"}, {"filed": "yesterday"}, {"filed": None}, {"event": "2031-01-01"}, {"filed": "1999-01-01", "event": ""},
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_right_is_left_out(odd: dict[str, Any]) -> None:
    assert event_filings(filer(**row(**odd)), TODAY, 365) == []


def test_an_event_without_a_day_of_its_own_is_dated_by_its_filing() -> None:
    [filing] = event_filings(filer(**row(event="")), TODAY, 365)
    assert filing.event_on == date(2026, 4, 21)


@pytest.mark.parametrize(
    "columns", [{}, {"form": []}, {"form": None, "items": 3}, {"form": ["8-K"], "items": ["5.02"]}]
)
def test_an_empty_or_broken_index_holds_no_events(columns: dict[str, Any]) -> None:
    assert event_filings(filer(**columns), TODAY, 365) == []


@given(
    st.dictionaries(
        st.sampled_from(list(row())),
        st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=25)), max_size=4),
    )
)
def test_reading_an_index_is_total(columns: dict[str, Any]) -> None:
    assert isinstance(event_filings(filer(**columns), TODAY, 365), list)


class Edgar:
    def __init__(self, body: bytes) -> None:
        self.body = body

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        return Response(url=request.url, final_url=request.url, status=200, body=self.body, fetched_at=NOW)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"\x00\xff", b"<html><ix:header>x"])
async def test_a_filing_without_text_is_a_named_failure_or_its_few_words(body: bytes) -> None:
    [filing] = event_filings(filer(**row()), TODAY, 365)
    answer = await read_filing(filing, Edgar(body), "Ada a@b.example")  # type: ignore[arg-type]
    if isinstance(answer, FetchFailure):
        assert (answer.reason, answer.detail) == ("parse", "the filing holds no text")
    else:
        assert answer.text.strip()


def told(item: str, sentence: str) -> list[tuple[str, Any, date | None]]:
    text = filing_text(
        f"<html><body><p>UNITED STATES</p><p>Item {item} {EVENT_ITEMS[item]}</p><p>{sentence}</p><p>SIGNATURE</p><p>x</p></body></html>"
    )
    document = SourceDocument(
        id=text_id(text), url="https://www.sec.gov/x.htm", final_url="https://www.sec.gov/x.htm", kind="news", source="news", tier="registry",
        title=f"8-K filed 2026-04-21: {item}", text=text, language="en", fetched_at=NOW, published_at=date(2026, 4, 20), purpose="press", provider="sec",
    )  # fmt: skip
    claims = extract_by_rules(document, ACME)
    evidence, _ = ground_all(claims, {document.id: document}, ACME, TODAY)
    return [(each.attribute, each.value, each.published_at) for each in evidence]


@pytest.mark.parametrize(
    ("item", "sentence", "attribute", "value"),
    [
        ("5.02", "On April 20, 2026, the Board of Directors appointed Jane Roe, 51, as the Company’s Chief Operating Officer.", "leadership_change", {"title": "Chief Operating Officer", "change": "appointed"}),
        ("5.02", "John Poe notified the Company of his decision to retire as Chief Financial Officer.", "leadership_change", {"title": "Chief Financial Officer", "change": "departed"}),
        ("5.02", "Ada Brandt was appointed Chief Executive Officer.", "leadership_change", {"title": "Chief Executive Officer", "change": "appointed"}),
        ("2.01", "On April 20, 2026, Acme Freight Inc. completed its previously announced acquisition of all of the outstanding shares of Northmark Systems, Inc.", "acquisition", {"role": "acquirer", "other": "Northmark Systems"}),
        ("2.05", "On April 20, 2026, the Company reduced its workforce by approximately 120 employees.", "layoffs", {"count": 120, "percent": None}),
        ("5.01", "Northmark Holdings completed its acquisition of the Company.", "acquisition", {"role": "acquired", "other": "Northmark Holdings"}),
    ],
)  # fmt: skip
def test_an_item_s_number_says_what_kind_of_event_its_text_tells(
    item: str, sentence: str, attribute: str, value: Any
) -> None:
    assert (attribute, value, date(2026, 4, 20)) in told(item, sentence)


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (
            "5.02",
            "Prior to joining the Company, Ms. Roe was appointed as Chief Financial Officer of Northmark.",
        ),
        ("5.02", "Jane Roe was appointed as President of Northmark Systems."),
        ("5.02", "Jane Roe was elected as a director of the Company."),
        ("2.01", "The Company did not complete its acquisition of Northmark Systems, Inc."),
        ("2.05", "The Company may reduce its workforce by approximately 120 employees."),
        ("2.02", "The Board appointed a committee to review the acquisition of assets."),
    ],
)
def test_other_lives_and_mere_possibilities_are_no_events(item: str, sentence: str) -> None:
    kinds = {attribute for attribute, _, _ in told(item, sentence)}
    assert not kinds & {"leadership_change", "acquisition", "layoffs"}
