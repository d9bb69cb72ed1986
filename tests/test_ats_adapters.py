"""Every board's adapter: real recordings, empty, malformed, paginated, one bad posting among good ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.ats.api import Board, BoardReading
from tools.ats.boards import ADAPTERS
from tools.ats.shape import ShapeError

READ_ON = date(2026, 11, 22)
BOARDS = {name: Board(name, "acme") for name in ADAPTERS} | {
    "workday": Board("workday", "acme", "acme.wd5.myworkdayjobs.com", "External"),
    "lever": Board("lever", "acme", "eu"),
}

RECORDED = [
    ("greenhouse", "careerkit/greenhouse.json", 2, 37),
    ("greenhouse", "candidatezero/greenhouse_list.json", 3, 3),
    ("greenhouse", "openroles/greenhouse.json", 2, 2),
    ("lever", "careerkit/lever.json", 2, 2),
    ("lever", "candidatezero/lever_postings.json", 4, 4),
    ("lever", "openroles/lever.json", 1, 1),
    ("ashby", "careerkit/ashby.json", 2, 2),
    ("ashby", "candidatezero/ashby_board.json", 4, 4),
    ("ashby", "openroles/ashby.json", 1, 1),
    ("workable", "careerkit/workable.json", 1, 1),
    ("workable", "candidatezero/workable_account.json", 4, 4),
    ("workable", "openroles/workable.json", 2, 2),
    ("smartrecruiters", "careerkit/smartrecruiters.json", 1, 1),
    ("smartrecruiters", "candidatezero/smartrecruiters_postings.json", 3, 5),
    ("recruitee", "careerkit/recruitee.json", 2, 2),
    ("recruitee", "openroles/recruitee.json", 1, 1),
    ("personio", "careerkit/personio.xml", 1, 1),
    ("personio", "openroles/personio.xml", 2, 2),
    ("teamtailor", "careerkit/teamtailor.json", 2, 2),
    ("teamtailor", "openroles/teamtailor.xml", 2, 2),
    ("teamtailor", "tonttu84/teamtailor.rss", 2, 2),
    ("workday", "careerkit/workday.json", 2, 2),
    ("workday", "candidatezero/workday_jobs.json", 4, 347),
    ("workday", "openroles/workday_list.json", 2, 2),
    ("rippling", "careerkit/rippling.json", 1, 1),
    ("rippling", "openroles/rippling_list.json", 2, 2),
    ("jazzhr", "openroles/jazzhr.xml", 1, 1),
]

EMPTY = {
    "greenhouse": b'{"jobs": [], "meta": {"total": 0}}',
    "lever": b"[]",
    "ashby": b'{"jobs": [], "apiVersion": "1"}',
    "workable": b'{"name": "Acme", "jobs": []}',
    "smartrecruiters": b'{"offset": 0, "limit": 100, "totalFound": 0, "content": []}',
    "recruitee": b'{"offers": []}',
    "personio": b"<?xml version='1.0'?><workzag-jobs></workzag-jobs>",
    "teamtailor": b"<rss><channel><title>Acme</title></channel></rss>",
    "workday": b'{"total": 0, "jobPostings": []}',
    "rippling": b'{"items": [], "page": 0, "totalItems": 0}',
    "jazzhr": b"<jobs><publisher>JazzHR</publisher></jobs>",
}


def read(name: str, payload: bytes) -> BoardReading:
    return ADAPTERS[name].parse(payload, BOARDS[name], READ_ON)


def recorded(shared: Path, path: str) -> bytes:
    return (shared / "fixtures" / "jobs" / path).read_bytes()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "path", "openings", "total"), RECORDED)
def test_every_recorded_answer_of_a_board_is_read(
    shared: Path, name: str, path: str, openings: int, total: int
) -> None:
    reading = read(name, recorded(shared, path))
    assert (len(reading.postings), reading.total) == (openings, total)
    for posting in reading.postings:
        assert posting.title
        assert posting.url.startswith("https://")
        assert posting.raw
        assert "&lt;" not in posting.description
        assert "<p" not in posting.description


@pytest.mark.shared
def test_every_recorded_list_belongs_to_a_test(shared: Path) -> None:
    vendors = tuple(ADAPTERS)
    folder = shared / "fixtures" / "jobs"
    lists = {
        f"{path.parent.name}/{path.name}"
        for path in folder.glob("*/*")
        if path.name.startswith(vendors)
        and path.suffix != ".html"
        and not path.stem.endswith(("_detail", "_job"))
    }
    assert lists == {path for _, path, _, _ in RECORDED}


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_empty_board_has_no_openings(name: str) -> None:
    reading = read(name, EMPTY[name])
    assert (reading.postings, reading.total, reading.skipped) == ((), 0, ())


@pytest.mark.parametrize("name", sorted(ADAPTERS))
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"<html><body>Just a moment...</body></html>",
        b'"x"',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b"{}",
        b"<x/>",
    ],
    ids=["nothing", "null", "html", "string", "nested", "bytes", "object", "xml"],
)
def test_malformed_answer_is_a_named_shape_error(name: str, payload: bytes) -> None:
    with pytest.raises(ShapeError, match=r"expected .*, got "):
        read(name, payload)


def greenhouse_jobs(*jobs: object) -> bytes:
    return json.dumps({"jobs": jobs}).encode()


GOOD = {"id": 1, "title": "Account Executive", "absolute_url": "https://boards.greenhouse.io/acme/jobs/1"}


def test_one_bad_posting_is_named_and_loses_no_other() -> None:
    reading = read("greenhouse", greenhouse_jobs(GOOD, {**GOOD, "id": 2, "title": None}, {**GOOD, "id": 3}))
    assert [posting.key for posting in reading.postings] == ["1", "3"]
    assert reading.skipped == ("jobs[1].title: expected string, got null",)


def test_a_shape_changed_in_every_posting_fails_with_its_key_path() -> None:
    with pytest.raises(ShapeError, match=r"^jobs\[0\]\.title: expected string, got object$"):
        read("greenhouse", greenhouse_jobs({**GOOD, "title": {"en": "Engineer"}}))


def test_optional_value_of_another_type_is_noted_and_read_as_absent() -> None:
    reading = read("greenhouse", greenhouse_jobs({**GOOD, "location": "Leeds"}))
    assert reading.postings[0].locations == ()
    assert reading.skipped == ("jobs[0].location: expected object, got string",)


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        (
            "&lt;p&gt;Build &amp;amp; ship.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;SQL&lt;/li&gt;&lt;/ul&gt;",
            "Build & ship.\nSQL",
        ),
        ("&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;", "Twice"),
        ("<p>Plain<script>var x</script></p><p style='display:none'>ignore all</p>", "Plain"),
        ("Fewer than 5 < 10 people", "Fewer than 5 < 10 people"),
    ],
)
def test_greenhouse_content_is_visible_text_however_often_it_was_encoded(encoded: str, text: str) -> None:
    assert read("greenhouse", greenhouse_jobs({**GOOD, "content": encoded})).postings[0].description == text


def test_greenhouse_date_is_the_first_publication_never_the_update() -> None:
    updated = {**GOOD, "updated_at": "2026-11-01T00:00:00Z"}
    published = {**updated, "id": 2, "first_published": "2026-05-07T14:53:31-04:00"}
    postings = read("greenhouse", greenhouse_jobs(updated, published)).postings
    assert [posting.posted_on for posting in postings] == [None, date(2026, 5, 7)]


def test_lever_text_holds_opening_lists_and_closing() -> None:
    row = {
        "id": "a",
        "text": "Data Scientist",
        "hostedUrl": "https://jobs.lever.co/acme/a",
        "createdAt": 1_760_000_000_000,
        "country": "gb",
        "workplaceType": "hybrid",
        "categories": {"team": "Data", "location": "Leeds", "allLocations": ["Leeds", "York"]},
        "descriptionPlain": "We are Acme.",
        "lists": [{"text": "You need", "content": "<li>Python</li><li>R</li>"}],
        "additionalPlain": "Equal opportunity.",
    }
    posting = read("lever", json.dumps([row]).encode()).postings[0]
    assert posting.description == "We are Acme.\nYou need\nPython\nR\nEqual opportunity."
    assert (posting.posted_on, posting.countries, posting.remote) == (date(2025, 10, 9), ("GB",), False)
    assert posting.locations == ("Leeds", "York")


def test_ashby_drafts_are_no_openings() -> None:
    row = {"id": "1", "title": "Nurse", "jobUrl": "https://jobs.ashbyhq.com/acme/1", "isListed": True}
    reading = read("ashby", json.dumps({"jobs": [row, {**row, "id": "2", "isListed": False}]}).encode())
    assert (reading.total, [posting.key for posting in reading.postings]) == (1, ["1"])


def test_workable_rows_of_one_opening_are_one_posting_with_all_places() -> None:
    row = {
        "title": "Buyer",
        "shortcode": "AB",
        "url": "https://apply.workable.com/j/AB",
        "published_on": "2026-08-05",
    }
    rows = [{**row, "country": "Spain", "city": "Madrid"}, {**row, "country": "Portugal", "city": "Porto"}]
    reading = read("workable", json.dumps({"name": "Acme", "jobs": rows}).encode())
    assert reading.total == 1
    assert reading.postings[0].locations == ("Madrid, Spain", "Porto, Portugal")
    assert reading.postings[0].countries == ("ES", "PT")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Posted Today", date(2026, 11, 22)),
        ("Posted Yesterday", date(2026, 11, 21)),
        ("Posted 3 Days Ago", date(2026, 11, 19)),
        ("Posted 30+ Days Ago", None),
        ("Gestern ausgeschrieben", None),
        (None, None),
    ],
)
def test_workday_words_give_a_day_only_when_they_name_one(words: str | None, day: date | None) -> None:
    row = {
        "title": "Planner",
        "externalPath": "/job/Leeds/Planner_R1",
        "locationsText": "2 Locations",
        "postedOn": words,
    }
    posting = read("workday", json.dumps({"total": 1, "jobPostings": [row]}).encode()).postings[0]
    assert (posting.posted_on, posting.posted_note) == (day, words)
    assert posting.locations == ()
    assert posting.url == "https://acme.wd5.myworkdayjobs.com/External/job/Leeds/Planner_R1"


@pytest.mark.shared
def test_postings_are_completed_from_their_own_answers(shared: Path) -> None:
    cases = [
        (
            "smartrecruiters",
            "candidatezero/smartrecruiters_postings.json",
            "candidatezero/smartrecruiters_detail.json",
        ),
        ("workday", "candidatezero/workday_jobs.json", "candidatezero/workday_detail.json"),
        ("workday", "openroles/workday_list.json", "openroles/workday_job.json"),
        ("rippling", "openroles/rippling_list.json", "openroles/rippling_job.json"),
    ]
    for name, listed, detail in cases:
        posting = read(name, recorded(shared, listed)).postings[0]
        assert posting.description == ""
        request = ADAPTERS[name].detail_request(BOARDS[name], posting)
        assert request is not None
        assert request.url.startswith("https://")
        full = ADAPTERS[name].with_detail(posting, recorded(shared, detail), BOARDS[name])
        assert len(full.description) >= 20
        assert full.title == posting.title


@pytest.mark.parametrize("name", ["smartrecruiters", "workday", "rippling"])
def test_malformed_detail_is_a_named_shape_error(name: str) -> None:
    listed = {
        "smartrecruiters": {"content": [{"id": "1", "name": "Nurse"}]},
        "workday": {"jobPostings": [{"title": "Nurse", "externalPath": "/job/x"}]},
        "rippling": {"items": [{"id": "1", "name": "Nurse", "url": "https://ats.rippling.com/acme/jobs/1"}]},
    }
    posting = read(name, json.dumps(listed[name]).encode()).postings[0]
    for payload in (b"<html>", b"[]", b"{}"):
        with pytest.raises(ShapeError):
            ADAPTERS[name].with_detail(posting, payload, BOARDS[name])


@pytest.mark.parametrize("name", [name for name, adapter in ADAPTERS.items() if adapter.page_size])
def test_paginated_boards_ask_for_the_following_rows(name: str) -> None:
    adapter = ADAPTERS[name]
    first, second = adapter.request(BOARDS[name]), adapter.request(BOARDS[name], adapter.page_size or 0)
    assert (first.url, first.json_body) != (second.url, second.json_body)


def test_requests_are_public_and_escape_the_token() -> None:
    for name, adapter in ADAPTERS.items():
        request = adapter.request(BOARDS[name])
        assert request.url.startswith("https://")
        assert request.origin == "api"
    assert "/Acme%20Labs%2F..?" in ADAPTERS["ashby"].request(Board("ashby", "Acme Labs/..")).url


def test_xml_entities_are_never_expanded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE j [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<jobs><job><title>T &a; &f;</title><url>https://acme.applytojob.com/apply/1</url></job></jobs>"
    )
    reading = read("jazzhr", bomb)
    assert "aaaaaaaaaa" not in reading.postings[0].title
    assert "root" not in reading.postings[0].title


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["jobs", "content", "offers", "items", "jobPostings", "id", "title", "name", "text", "url", "absolute_url",
             "hostedUrl", "jobUrl", "externalPath", "location", "locations", "department", "categories", "isListed"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(sorted(ADAPTERS)))
def test_any_json_is_read_or_refused_by_key_path(value: object, name: str) -> None:
    try:
        reading = read(name, json.dumps(value).encode())
    except ShapeError:
        return
    assert all(posting.key and posting.title is not None for posting in reading.postings)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"<jobs><job>", b"<workzag-jobs><position>", b"<rss><channel><item>"]),
)
def test_any_bytes_in_xml_are_read_or_refused(tail: bytes, head: bytes) -> None:
    parse: dict[bytes, Callable[[], BoardReading]] = {
        b"<jobs><job>": lambda: read("jazzhr", head + tail),
        b"<workzag-jobs><position>": lambda: read("personio", head + tail),
        b"<rss><channel><item>": lambda: read("teamtailor", head + tail),
    }
    try:
        reading = parse[head]()
    except ShapeError:
        return
    assert reading.rows >= len(reading.postings)
