"""Boards are found by their addresses, tokens are validated, and nothing is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.ats.api import Board, BoardPosting
from tools.ats.boards import DECLINED, NO_READER, board_of, find_boards, hosted_on
from tools.ats.documents import distinct_openings


@pytest.mark.parametrize(
    ("url", "board"),
    [
        ("https://boards.greenhouse.io/acme", Board("greenhouse", "acme")),
        ("https://boards.greenhouse.io/embed/job_board/js?for=acme", Board("greenhouse", "acme")),
        ("https://boards.greenhouse.io/embed/job_board?foo=1&for=acme&b=2", Board("greenhouse", "acme")),
        ("https://boards.greenhouse.io/embed/job_app?for=acme&token=12", Board("greenhouse", "acme")),
        ("https://job-boards.greenhouse.io/acme/jobs/4679941006", Board("greenhouse", "acme")),
        ("https://job-boards.eu.greenhouse.io/acme/jobs/1", Board("greenhouse", "acme", "eu")),
        ("https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true", Board("greenhouse", "acme")),
        ("https://jobs.lever.co/acme/1b-2c?lever-source=x", Board("lever", "acme")),
        ("https://jobs.eu.lever.co/acme", Board("lever", "acme", "eu")),
        ("https://api.lever.co/v0/postings/acme?mode=json", Board("lever", "acme")),
        ("https://jobs.ashbyhq.com/Acme%20Labs/uuid", Board("ashby", "Acme Labs")),
        ("https://jobs.ashbyhq.com/acme.io?embed=js", Board("ashby", "acme.io")),
        ("https://api.ashbyhq.com/posting-api/job-board/acme", Board("ashby", "acme")),
        ("https://apply.workable.com/acme/j/AB12/", Board("workable", "acme")),
        ("https://www.workable.com/api/accounts/acme?details=true", Board("workable", "acme")),
        ("https://acme.workable.com/", Board("workable", "acme")),
        ("https://careers.smartrecruiters.com/AcmeCorp", Board("smartrecruiters", "AcmeCorp")),
        ("https://jobs.smartrecruiters.com/AcmeCorp/7440-nurse", Board("smartrecruiters", "AcmeCorp")),
        ("https://acme.recruitee.com/o/nurse", Board("recruitee", "acme")),
        ("https://acme.jobs.personio.com/?language=de", Board("personio", "acme", "acme.jobs.personio.com")),
        ("https://acme.teamtailor.com/jobs", Board("teamtailor", "acme", "acme.teamtailor.com")),
        ("https://acme.na.teamtailor.com/jobs", Board("teamtailor", "acme", "acme.na.teamtailor.com")),
        (
            "https://acme.wd5.myworkdayjobs.com/en-US/Careers/job/x",
            Board("workday", "acme", "acme.wd5.myworkdayjobs.com", "Careers"),
        ),
        (
            "https://acme.wd1.myworkdayjobs.com/wday/cxs/acme/Ext/jobs",
            Board("workday", "acme", "acme.wd1.myworkdayjobs.com", "Ext"),
        ),
        (
            "https://wd5.myworkdaysite.com/en-US/recruiting/acme/Ext",
            Board("workday", "acme", "wd5.myworkdaysite.com", "Ext"),
        ),
        ("https://ats.rippling.com/en-GB/acme-careers/jobs", Board("rippling", "acme-careers")),
        ("https://ats.rippling.com/api/v2/board/acme/jobs", Board("rippling", "acme")),
        ("https://acme.applytojob.com/apply/Xy1/Nurse", Board("jazzhr", "acme")),
        ("https://app.jazz.co/widgets/basic/create/acme", Board("jazzhr", "acme")),
    ],
)
def test_addresses_name_their_board(url: str, board: Board) -> None:
    assert board_of(url) == board


@pytest.mark.parametrize(
    "url",
    [
        "https://www.greenhouse.com/",
        "https://boards.greenhouse.io/embed/job_board/js",
        "https://lever.co/customers",
        "https://apply.workable.com/j/AB12",
        "https://www.workable.com/pricing",
        "https://www.recruitee.com/",
        "https://www.teamtailor.com/en/",
        "https://notlever.co/acme",
        "https://evil.example/?u=xboards.greenhouse.io.evil.example/acme",
        "https://acme.wd5.myworkdayjobs.com/en-US",
        "https://boards.greenhouse.io/%2e%2e",
        "https://jobs.lever.co/%00",
        "https://acme.example/careers/greenhouse",
    ],
)
def test_addresses_without_a_valid_token_name_no_board(url: str) -> None:
    assert board_of(url) is None


@pytest.mark.parametrize(
    ("url", "vendor", "why"),
    [
        ("https://acme.bamboohr.com/jobs/", "BambooHR", DECLINED),
        ("https://acme.breezy.hr/p/1", "Breezy", DECLINED),
        ("https://acme.pinpointhq.com/en/postings/1", "Pinpoint", DECLINED),
        ("https://careers-acme.icims.com/jobs", "iCIMS", NO_READER),
        ("https://jobs.jobvite.com/acme", "Jobvite", NO_READER),
        ("https://recruiting.paylocity.com/recruiting/jobs/All/1", "Paylocity", NO_READER),
        ("https://acme.fa.em2.oraclecloud.com/hcmUI/CandidateExperience/en", "Oracle Recruiting", NO_READER),
        ("https://acme.eightfold.ai/careers", "Eightfold", NO_READER),
    ],
)
def test_boards_that_are_not_read_are_named_with_the_reason(url: str, vendor: str, why: str) -> None:
    found = find_boards([url])
    assert found.boards == ()
    assert [(board.vendor, board.why) for board in found.unread] == [(vendor, why)]


def test_embedded_board_comes_before_linked_ones_and_these_by_frequency() -> None:
    links = [
        "https://jobs.lever.co/twice/1",
        "https://jobs.lever.co/twice/2",
        "https://jobs.ashbyhq.com/once",
    ]
    found = find_boards(links, ["https://boards.greenhouse.io/embed/job_board/js?for=acme"])
    assert [board.token for board in found.boards] == ["acme", "twice", "once"]


def test_letter_case_does_not_make_two_boards() -> None:
    found = find_boards(
        ["https://careers.smartrecruiters.com/Acme", "https://jobs.smartrecruiters.com/acme/1"]
    )
    assert len(found.boards) == 1


def test_escaped_addresses_in_inline_scripts_are_found() -> None:
    source = r'{"api":"https:\/\/api.lever.co\/v0\/postings\/acme","b":"https:\u002F\u002Fjobs.ashbyhq.com\u002Fother"}'
    assert {board.token for board in find_boards([], source=source).boards} == {"acme", "other"}


def test_career_site_on_the_employers_host_is_known_by_the_vendors_marks() -> None:
    marks = "script https://app.teamtailor-cdn.com/assets/application.js"
    assert hosted_on("https://career.acme.example/jobs", marks) == Board(
        "teamtailor", "career.acme.example", "career.acme.example"
    )
    assert hosted_on("https://career.acme.example/jobs", "script https://acme.example/app.js") is None


def test_a_board_behind_hostile_source_is_found() -> None:
    names = (
        " greenhouse.io icims.com workable.com myworkdayjobs.com recruitee.com oraclecloud teamtailor.com "
    )
    hostile = "a-" * 400_000 + names + "acme.wd" * 100_000
    assert find_boards([], source=hostile).boards == ()
    assert find_boards([], source=f"{hostile} https://jobs.lever.co/acme").boards == (Board("lever", "acme"),)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcAZ09.-_/%?=&:", max_size=80))
def test_any_token_found_stands_in_the_address(tail: str) -> None:
    for host in ("boards.greenhouse.io/", "jobs.lever.co/", "jobs.ashbyhq.com/", "apply.workable.com/"):
        board = board_of(f"https://{host}{tail}")
        if board is not None and "%" not in tail:
            assert board.token.lower() in tail.lower()


def test_one_opening_in_two_places_is_remote_only_where_both_rows_say_so() -> None:
    text = (
        "You plan the loads of a fleet of forty trucks between the ports of the north, by day and by night."
    )
    one = BoardPosting(
        key="1", title="Load Planner", url="https://b.example/1", description=text, remote=True
    )
    rows = [
        replace(one, locations=("Leeds",), posted_on=date(2026, 10, 5)),
        replace(one, key="2", locations=("Hull",), posted_on=date(2026, 10, 1), remote=False),
    ]
    [opening] = distinct_openings(rows)
    assert (opening.locations, opening.posted_on, opening.remote) == (
        ("Leeds", "Hull"),
        date(2026, 10, 1),
        None,
    )
