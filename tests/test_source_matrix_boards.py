"""Every job board against the same five answers: realistic, empty, malformed, paginated, rate-limited.

A board that is added without a row here fails `test_every_board_has_its_row`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.ats.api import Board
from tools.ats.boards import ADAPTERS
from tools.ats.read import BoardOutcome, read_board
from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE, TEXT = "Account Executive", "You sell freight to shippers across the region."
HTML = f"<p>{TEXT}</p>"


class Row(NamedTuple):
    """A board, and what it answers for the openings `first` to `first + count` of `total`."""

    board: Board
    answer: Callable[[int, int, int], str]
    dated: bool = True
    detailed: bool = False
    """Whether the text comes in an answer of its own."""


def _json(value: object) -> str:
    return json.dumps(value)


def _greenhouse(first: int, count: int, total: int) -> str:
    jobs = [
        {
            "id": number,
            "title": TITLE,
            "absolute_url": f"https://boards.greenhouse.io/acme/jobs/{number}",
            "location": {"name": "Leeds, UK"},
            "first_published": "2026-10-01T10:00:00Z",
            "updated_at": "2026-11-20T10:00:00Z",
            "departments": [{"name": "Sales"}],
            "content": HTML.replace("<", "&lt;").replace(">", "&gt;"),
        }
        for number in range(first, first + count)
    ]
    return _json({"jobs": jobs, "meta": {"total": total}})


def _lever(first: int, count: int, total: int) -> str:
    return _json(
        [
            {
                "id": f"a-{number}",
                "text": TITLE,
                "hostedUrl": f"https://jobs.lever.co/acme/a-{number}",
                "createdAt": 1790848800000,
                "categories": {"location": "Leeds", "team": "Sales"},
                "descriptionPlain": TEXT,
                "lists": [{"text": "You bring", "content": "<li>Patience</li>"}],
            }
            for number in range(first, first + count)
        ]
    )


def _ashby(first: int, count: int, total: int) -> str:
    jobs = [
        {
            "id": f"u-{number}",
            "title": TITLE,
            "jobUrl": f"https://jobs.ashbyhq.com/acme/u-{number}",
            "isListed": True,
            "location": "Leeds",
            "publishedAt": "2026-10-01T09:00:00.000+00:00",
            "department": "Sales",
            "descriptionPlain": TEXT,
        }
        for number in range(first, first + count)
    ]
    return _json({"jobs": jobs, "apiVersion": "1"})


def _workable(first: int, count: int, total: int) -> str:
    jobs = [
        {
            "title": TITLE,
            "shortcode": f"AB{number}",
            "department": "Sales",
            "url": f"https://apply.workable.com/acme/j/AB{number}/",
            "country": "United Kingdom",
            "city": "Leeds",
            "published_on": "2026-10-01",
            "description": HTML,
        }
        for number in range(first, first + count)
    ]
    return _json({"name": "Acme", "jobs": jobs})


def _smartrecruiters(first: int, count: int, total: int) -> str:
    content = [
        {
            "id": str(number),
            "name": TITLE,
            "company": {"identifier": "acme", "name": "Acme"},
            "releasedDate": "2026-10-01T02:11:28.000Z",
            "location": {"city": "Leeds", "country": "gb", "remote": False},
            "department": {"label": "Sales"},
        }
        for number in range(first, first + count)
    ]
    return _json({"offset": first, "limit": 100, "totalFound": total, "content": content})


def _recruitee(first: int, count: int, total: int) -> str:
    offers = [
        {
            "id": number,
            "title": TITLE,
            "status": "published",
            "careers_url": f"https://acme.recruitee.com/o/ae-{number}",
            "locations": [{"city": "Leeds", "country": "United Kingdom"}],
            "department": "Sales",
            "published_at": "2026-10-01 08:00:00 UTC",
            "description": HTML,
        }
        for number in range(first, first + count)
    ]
    return _json({"offers": offers})


def _personio(first: int, count: int, total: int) -> str:
    rows = "".join(
        f"<position><id>{number}</id><office>Leeds</office><department>Sales</department><name>{TITLE}</name>"
        f"<jobDescriptions><jobDescription><name>The role</name><value><![CDATA[{HTML}]]></value></jobDescription>"
        "</jobDescriptions><createdAt>2026-10-01T10:14:07+0200</createdAt></position>"
        for number in range(first, first + count)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><workzag-jobs>{rows}</workzag-jobs>'


def _teamtailor(first: int, count: int, total: int) -> str:
    rows = "".join(
        f"<item><title>{TITLE}</title><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description>"
        f"<pubDate>Thu, 01 Oct 2026 09:30:00 +0000</pubDate><link>https://acme.teamtailor.com/jobs/{number}-ae</link>"
        f"<guid>g-{number}</guid><tt:department>Sales</tt:department></item>"
        for number in range(first, first + count)
    )
    return (
        '<rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel><title>Acme jobs</title>'
        f"{rows}</channel></rss>"
    )


def _workday(first: int, count: int, total: int) -> str:
    rows = [
        {
            "title": TITLE,
            "externalPath": f"/job/Leeds/Account-Executive_R{number}",
            "locationsText": "Leeds",
            "postedOn": "Posted 3 Days Ago",
        }
        for number in range(first, first + count)
    ]
    return _json({"total": total, "jobPostings": rows})


def _rippling(first: int, count: int, total: int) -> str:
    rows = [
        {
            "id": f"id-{number}",
            "name": TITLE,
            "url": f"https://ats.rippling.com/acme/jobs/id-{number}",
            "department": {"name": "Sales"},
            "locations": [{"name": "Leeds", "countryCode": "GB"}],
        }
        for number in range(first, first + count)
    ]
    return _json({"items": rows, "page": first // 50, "pageSize": 50, "totalItems": total})


def _jazzhr(first: int, count: int, total: int) -> str:
    rows = "".join(
        f"<job><id>job_{number}</id><status>Open</status><title>{TITLE}</title><department>Sales</department>"
        f"<url>https://acme.applytojob.com/apply/K{number}/AE</url><city>Leeds</city><country>United Kingdom</country>"
        f"<description><![CDATA[{HTML}]]></description></job>"
        for number in range(first, first + count)
    )
    return f"<jobs><publisher>JazzHR</publisher><company>Acme</company>{rows}</jobs>"


MATRIX: dict[str, Row] = {
    "greenhouse": Row(Board("greenhouse", "acme"), _greenhouse),
    "lever": Row(Board("lever", "acme"), _lever),
    "lever (EU)": Row(Board("lever", "acme", "eu"), _lever),
    "ashby": Row(Board("ashby", "acme"), _ashby),
    "workable": Row(Board("workable", "acme"), _workable),
    "smartrecruiters": Row(Board("smartrecruiters", "acme"), _smartrecruiters, detailed=True),
    "recruitee": Row(Board("recruitee", "acme"), _recruitee),
    "personio": Row(Board("personio", "acme"), _personio),
    "teamtailor": Row(Board("teamtailor", "acme"), _teamtailor),
    "workday": Row(
        Board("workday", "acme", "acme.wd5.myworkdayjobs.com", "External"), _workday, detailed=True
    ),
    "rippling": Row(Board("rippling", "acme"), _rippling, dated=False, detailed=True),
    "jazzhr": Row(Board("jazzhr", "acme"), _jazzhr, dated=False),
}


class Server:
    """A board's server with `total` openings, from which it gives a page at a time; it may run out of patience."""

    def __init__(self, row: Row, total: int, *, patience: int = 1000, malformed: bool = False) -> None:
        self.row, self.total, self.patience, self.malformed = row, total, patience, malformed
        self.lists = 0

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        if self._is_detail(request):
            return FetchFailure(url=request.url, reason="http_status", status=404)
        self.lists += 1
        if self.lists > self.patience:
            return FetchFailure(url=request.url, reason="http_status", status=429, detail="slow down")
        size = ADAPTERS[self.row.board.provider].page_size or self.total
        first = self._offset(request, size)
        body = self.row.answer(first, max(min(size, self.total - first), 0), self.total)
        if self.malformed:
            body = body[: len(body) // 2]
        return Response(
            url=request.url, final_url=request.url, status=200, body=body.encode(), fetched_at=NOW
        )

    def _is_detail(self, request: FetchRequest) -> bool:
        adapter, board = ADAPTERS[self.row.board.provider], self.row.board
        lists = {adapter.request(board).url, *(other.url for other in adapter.other_requests(board))}
        return urlsplit(request.url).path not in {urlsplit(url).path for url in lists}

    @staticmethod
    def _offset(request: FetchRequest, size: int) -> int:
        if isinstance(request.json_body, dict):
            offset = request.json_body.get("offset")
            return offset if isinstance(offset, int) else 0
        query = parse_qs(urlsplit(request.url).query)
        if "page" in query:
            return int(query["page"][0]) * size
        return int(query.get("offset", ["0"])[0])

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return DnsAnswer(name=name, record_type=record_type, answers=(), fetched_at=NOW)

    def now(self) -> datetime:
        return NOW


async def read(row: Row, server: Server, most: int = 200) -> BoardOutcome:
    return await read_board(row.board, server, most)


def test_every_board_has_its_row() -> None:
    assert {row.board.provider for row in MATRIX.values()} == set(ADAPTERS)


@pytest.mark.parametrize("name", MATRIX)
async def test_a_realistic_board_is_read(name: str) -> None:
    row = MATRIX[name]
    outcome = await read(row, Server(row, 2))
    assert (len(outcome.postings), outcome.total, outcome.skipped) == (2, 2, ())
    for posting in outcome.postings:
        assert posting.title == TITLE
        assert posting.department == "Sales" or row.board.provider == "workday"  # whose list has none
        assert posting.url.startswith("https://")
        assert any("Leeds" in place for place in posting.locations) or row.board.provider == "teamtailor"
        assert row.detailed or TEXT in posting.description
        assert (posting.posted_on is not None) == row.dated
        assert posting.posted_on is None or date(2026, 10, 1) <= posting.posted_on <= date(2026, 11, 19)


@pytest.mark.parametrize("name", MATRIX)
async def test_an_empty_board_was_read_and_has_none(name: str) -> None:
    outcome = await read(MATRIX[name], Server(MATRIX[name], 0))
    assert (outcome.postings, outcome.total, outcome.failure) == ((), 0, None)


@pytest.mark.parametrize("name", MATRIX)
async def test_a_malformed_board_says_which_shape_was_expected(name: str) -> None:
    outcome = await read(MATRIX[name], Server(MATRIX[name], 2, malformed=True))
    assert outcome.postings == ()
    assert outcome.failure is not None
    assert outcome.failure.reason == "parse"
    assert outcome.failure.detail.startswith(f"{MATRIX[name].board.provider}: ")
    assert "expected" in outcome.failure.detail


@pytest.mark.parametrize("name", MATRIX)
async def test_a_long_board_is_read_page_by_page_to_the_cap_and_keeps_its_total(name: str) -> None:
    row = MATRIX[name]
    size = ADAPTERS[row.board.provider].page_size
    total = 2 * (size or 15) + 3
    whole = Server(row, total)
    outcome = await read(row, whole, most=1000)
    assert len({posting.key for posting in outcome.postings}) == outcome.total == total
    assert whole.lists == (3 if size else 1)
    capped = await read(row, Server(row, total), most=7)
    assert len(capped.postings) == 7
    assert capped.total >= (size or total)


@pytest.mark.parametrize("name", MATRIX)
async def test_a_rate_limited_board_is_unread_and_a_later_page_costs_only_itself(name: str) -> None:
    row = MATRIX[name]
    refused = await read(row, Server(row, 2, patience=0))
    assert refused.postings == ()
    assert refused.failure is not None
    assert refused.failure.status == 429
    size = ADAPTERS[row.board.provider].page_size
    if size:
        partly = await read(row, Server(row, size + 5, patience=1), most=1000)
        assert len(partly.postings) == size
        assert partly.failure is not None
        assert partly.failure.status == 429
