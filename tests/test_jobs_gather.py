"""Gathering jobs end to end over a fake fetcher: states, identity, pagination, failures, own-site openings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar

import pytest

from tools.documents import Account, FetchFailure, Gathered, GatherLimits, text_id
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.jobs import gather_jobs_from
from tools.pages.api import SitePage
from tools.pages.aside import Aside
from tools.pages.reader import Reader

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME, CAREERS = "https://acme.example/", "https://acme.example/careers"
ACCOUNT = Account(
    domain="acme.example", final_domain="acme.example", status="live", home_url=HOME, name="Acme Freight",
    names=("Acme Freight", "Acme"),
)  # fmt: skip
GREENHOUSE = "https://boards-api.greenhouse.io/v1/boards/acme/jobs"

P = ParamSpec("P")
T = TypeVar("T")
Answer = str | bytes | FetchFailure | object


class FakeFetcher:
    """Answers from a table of URLs; what is not in it is a 404. Remembers what was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request)
        offset = request.json_body.get("offset") if isinstance(request.json_body, dict) else None
        key = request.url if offset is None else f"{request.url}@{offset}"
        answer = self.answers.get(key)
        if answer is None:
            return FetchFailure(url=request.url, reason="http_status", status=404)
        if isinstance(answer, FetchFailure):
            return answer
        body = (
            answer
            if isinstance(answer, bytes)
            else answer.encode()
            if isinstance(answer, str)
            else json.dumps(answer).encode()
        )
        html = request.accept == "html"
        return Response(
            url=request.url, final_url=request.url, status=200, body=body, fetched_at=NOW,
            headers=(("content-type", "text/html; charset=utf-8" if html else "application/json"),),
        )  # fmt: skip

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return DnsAnswer(name=name, record_type=record_type, answers=(), fetched_at=NOW)

    def now(self) -> datetime:
        return NOW


def html(body: str, title: str = "Acme Freight") -> str:
    filler = (
        "<p>Acme Freight moves pallets between the ports of the north and keeps every shipper informed.</p>"
    )
    return f"<html lang=en><head><title>{title}</title></head><body><main>{body}{filler * 4}</main></body></html>"


async def gather(
    answers: Mapping[str, Answer],
    *,
    careers: str | None = CAREERS,
    account: Account = ACCOUNT,
    most: int = 200,
    reader_type: type[Reader] = Reader,
) -> tuple[Gathered, FakeFetcher]:
    fetcher = FakeFetcher({HOME: html("<p>Home</p>")} | dict(answers))
    reader = reader_type(fetcher)
    site = [SitePage("home", HOME, await reader.read(HOME))]
    if careers is not None:
        site.append(SitePage("careers", careers, await reader.read(careers)))
    return await gather_jobs_from(account, reader, GatherLimits(max_postings=most), site), fetcher


def job(number: int, title: str = "Account Executive", **more: object) -> dict[str, object]:
    url = f"https://boards.greenhouse.io/acme/jobs/{number}"
    content = f"<p>Role number {number}: sell freight to shippers across the region, and keep the pipeline honest.</p>"
    return {"id": number, "title": title, "absolute_url": url, "content": content} | more


LINKS_BOARD = html('<a href="https://boards.greenhouse.io/acme">See open roles</a>')


async def test_linked_board_gives_one_document_per_opening_and_its_total() -> None:
    first = job(
        1, "Head of Sales", location={"name": "Leeds, UK"}, departments=[{"name": "Revenue"}],
        first_published="2026-10-01T08:00:00Z", updated_at="2026-11-20T08:00:00Z", company_name="Acme Freight Ltd",
    )  # fmt: skip
    gathered, _ = await gather(
        {CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": [first, job(2, "Nurse")]}}
    )
    assert (gathered.source, gathered.state, gathered.total_postings) == ("jobs", "read", 2)
    assert gathered.detail == "greenhouse board acme: 2 openings, 2 read"
    document = gathered.documents[0]
    assert document.text.startswith(
        "Head of Sales\nDepartment: Revenue\nLocation: Leeds, UK\nPosted: 2026-10-01\n\nRole number 1"
    )
    assert (document.kind, document.tier, document.provider) == ("job_posting", "ats", "greenhouse")
    assert document.published_at == date(2026, 10, 1)
    assert document.id == text_id(document.text)
    assert json.loads(document.body)["updated_at"] == "2026-11-20T08:00:00Z"
    posting = document.posting
    assert posting is not None
    assert (posting.department, posting.seniority, posting.country) == ("sales", "director", "GB")
    assert posting.department_label == "Revenue"


async def test_the_language_of_an_opening_is_told_beside_the_loop() -> None:
    beside: list[str] = []

    class Watched(Reader):
        @property
        def aside(self) -> Aside:
            async def work_aside(
                url: str, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
            ) -> T | FetchFailure:
                beside.append(work.__name__)
                return work(*args, **kwargs)

            return work_aside

    german = "<p>Sie verkaufen Fracht an Verlader in der ganzen Region und halten die Zahlen ehrlich.</p>" * 3
    jobs = [job(1), job(2, "Vertrieb", content=german), job(3)]
    answers = {CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": jobs}}
    gathered, _ = await gather(answers, reader_type=Watched)
    assert [document.language for document in gathered.documents] == [None, "de", None]
    assert beside == ["recognised_languages"]


async def test_empty_board_says_no_openings() -> None:
    gathered, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": []}})
    assert (gathered.state, gathered.total_postings) == ("read_nothing_found", 0)
    assert gathered.detail == "greenhouse board acme read: no openings"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            FetchFailure(url=GREENHOUSE, reason="http_status", status=429, detail="too many requests"),
            "too many requests (429)",
        ),
        (FetchFailure(url=GREENHOUSE, reason="timeout"), "no answer in time"),
        (FetchFailure(url=GREENHOUSE, reason="robots"), "robots.txt does not allow it"),
    ],
)
async def test_rate_limited_or_failing_board_is_unreadable_not_empty(
    failure: FetchFailure, words: str
) -> None:
    gathered, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": failure})
    assert gathered.state == "unreadable"
    assert words in gathered.detail
    assert failure in gathered.failures
    assert gathered.total_postings is None


async def test_changed_shape_is_a_parse_failure_with_its_key_path() -> None:
    gathered, _ = await gather(
        {CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": [job(1) | {"title": None}]}}
    )
    assert gathered.state == "unreadable"
    assert [(f.reason, f.detail) for f in gathered.failures] == [
        ("parse", "greenhouse: jobs[0].title: expected string, got null")
    ]


async def test_board_too_large_with_texts_is_read_without_them() -> None:
    large = FetchFailure(url=GREENHOUSE, reason="too_large")
    gathered, _ = await gather(
        {CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": large, GREENHOUSE: {"jobs": [job(1)]}}
    )
    assert (gathered.state, gathered.total_postings) == ("read", 1)


async def test_same_opening_in_two_cities_is_one_document_and_the_total_is_the_boards() -> None:
    text = {
        "content": "<p>Sell freight to shippers across the region, and keep the pipeline honest, week by week.</p>"
    }
    rows = [
        job(1, location={"name": "Leeds, UK"}, **text),
        job(2, location={"name": "Paris, France"}, **text),
    ]
    gathered, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": rows}})
    assert gathered.total_postings == 2
    (document,) = gathered.documents
    assert document.posting is not None
    assert (document.posting.location, document.posting.country) == ("Leeds, UK; Paris, France", None)


async def test_openings_that_read_the_same_stay_two_documents() -> None:
    rows = [job(number, content="", location={"name": "Leeds, UK"}) for number in (1, 2)]
    gathered, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": rows}})
    assert len(gathered.documents) == 2
    assert gathered.documents[1].text.endswith("Reference: 2")


WORKDAY = "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs"
LINKS_WORKDAY = html('<iframe src="https://acme.wd5.myworkdayjobs.com/en-US/External"></iframe>')


def workday_page(start: int, count: int, total: int) -> dict[str, object]:
    rows = [
        {"title": f"Planner {n}", "externalPath": f"/job/Leeds/P_{n}", "locationsText": "Leeds", "postedOn": "Posted 30+ Days Ago"}
        for n in range(start, start + count)
    ]  # fmt: skip
    return {"total": total, "jobPostings": rows}


async def test_paginated_board_is_read_to_the_cap_and_keeps_its_total() -> None:
    pages = {
        f"{WORKDAY}@{start}": workday_page(start, 20, 2_000 if start == 0 else 0) for start in (0, 20, 40, 60)
    }
    gathered, fetcher = await gather({CAREERS: LINKS_WORKDAY} | pages, most=45)
    offsets = [r.json_body["offset"] for r in fetcher.asked if isinstance(r.json_body, dict)]
    assert offsets == [0, 20, 40]
    assert len(gathered.documents) == 45
    assert gathered.total_postings == 2_000
    assert "at least 2000 openings, 45 read" in gathered.detail
    assert gathered.documents[0].published_at is None
    assert "Posted: Posted 30+ Days Ago" in gathered.documents[0].text


async def test_later_page_that_fails_leaves_the_first_pages_openings() -> None:
    limited = FetchFailure(url=WORKDAY, reason="http_status", status=429)
    gathered, _ = await gather(
        {CAREERS: LINKS_WORKDAY, f"{WORKDAY}@0": workday_page(0, 20, 60), f"{WORKDAY}@20": limited}
    )
    assert (gathered.state, len(gathered.documents), gathered.total_postings) == ("read", 20, 60)
    assert limited in gathered.failures
    assert "could not be read" in gathered.detail


async def test_board_that_repeats_its_page_ends() -> None:
    pages = {f"{WORKDAY}@{start}": workday_page(0, 20, 900) for start in range(0, 900, 20)}
    _, fetcher = await gather({CAREERS: LINKS_WORKDAY} | pages)
    assert sum(isinstance(r.json_body, dict) for r in fetcher.asked) == 2


async def test_board_of_another_company_is_quarantined() -> None:
    rows = [job(1, company_name="Umbrella Bakeries")]
    gathered, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": rows}})
    assert gathered.documents == ()
    assert gathered.state == "not_looked"
    assert [q.title for q in gathered.quarantined] == ["greenhouse board acme"]
    assert "Umbrella Bakeries" in gathered.quarantined[0].reason


async def test_board_under_the_legal_name_in_the_footer_ties() -> None:
    page = (
        html('<a href="https://boards.greenhouse.io/acme">Jobs</a>')
        + "<footer>© 2026 Northport Carriers, Inc.</footer>"
    )
    rows = [job(1, company_name="Northport Carriers")]
    gathered, _ = await gather({CAREERS: page, f"{GREENHOUSE}?content=true": {"jobs": rows}})
    assert len(gathered.documents) == 1


async def test_a_customers_board_linked_in_text_of_the_home_page_does_not_tie() -> None:
    home = html(
        '<p>Our customer is hiring: <a href="https://jobs.lever.co/umbrella">see how Umbrella does it</a></p>'
    )
    gathered, fetcher = await gather({HOME: home}, careers=None)
    assert gathered.detail == "no careers page or job board found on the site"
    assert not any("lever.co" in request.url for request in fetcher.asked)


async def test_home_pages_careers_link_to_a_board_ties() -> None:
    home = html("<p>x</p>") + '<footer><a href="https://boards.greenhouse.io/acme">Careers</a></footer>'
    gathered, _ = await gather({HOME: home, f"{GREENHOUSE}?content=true": {"jobs": [job(1)]}}, careers=None)
    assert len(gathered.documents) == 1


@pytest.mark.parametrize(
    ("link", "detail"),
    [
        ("https://acme.bamboohr.com/careers", "board on BambooHR found: its terms decline automated reading"),
        ("https://acme.breezy.hr/", "board on Breezy found: its terms decline automated reading"),
        ("https://acme.pinpointhq.com/", "board on Pinpoint found: its terms decline automated reading"),
        ("https://careers-acme.icims.com/jobs/search", "board on iCIMS found: no reader for this board yet"),
    ],
)
async def test_declined_and_unknown_boards_are_named_and_not_read(link: str, detail: str) -> None:
    gathered, fetcher = await gather({CAREERS: html(f'<a href="{link}">Open roles</a>')})
    assert (gathered.state, gathered.detail, gathered.total_postings) == ("not_looked", detail, None)
    assert {request.url for request in fetcher.asked} == {HOME, CAREERS}


async def test_careers_page_that_could_not_be_opened_is_unreadable() -> None:
    gathered, _ = await gather({CAREERS: FetchFailure(url=CAREERS, reason="http_status", status=403)})
    assert (gathered.state, gathered.detail) == (
        "unreadable",
        "careers page could not be opened: the server refused (403)",
    )
    assert gathered.total_postings is None


async def test_no_careers_page_is_not_looked() -> None:
    gathered, _ = await gather({}, careers=None)
    assert (gathered.state, gathered.detail) == (
        "not_looked",
        "no careers page or job board found on the site",
    )


async def test_unrecognised_careers_page_is_never_not_hiring() -> None:
    gathered, _ = await gather({CAREERS: html("<h1>Life at Acme</h1><p>We value craft.</p>")})
    assert (gathered.state, gathered.total_postings) == ("read", None)
    assert gathered.detail == "careers page read: no list of openings recognised"


@pytest.mark.parametrize(
    "sentence",
    [
        "There are currently no open positions.",
        "We don't have any open roles right now.",
        "No current openings.",
        "We are not currently hiring.",
        "Derzeit haben wir keine offenen Stellen.",
        "Aktuell keine Stellenangebote.",
        "Aucun poste ouvert pour le moment.",
        "Il n'y a pas d'offres d'emploi actuellement.",
        "Actualmente no hay vacantes.",
        "No momento não há vagas abertas.",
        "Er zijn momenteel geen vacatures.",
        "Al momento non ci sono posizioni aperte.",
    ],
)
async def test_careers_page_that_says_so_has_no_openings(sentence: str) -> None:
    gathered, _ = await gather({CAREERS: html(f"<h1>Careers</h1><p>{sentence}</p>")})
    assert (gathered.state, gathered.detail, gathered.total_postings) == (
        "read_nothing_found", "careers page read: no openings", 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "If there are no open positions for you, write to us.",
        "No open positions match your search.",
        "Wenn keine offenen Stellen passen, schreib uns.",
        "There is no position we value more than our drivers.",
    ],
)
async def test_conditional_words_are_no_statement_of_no_openings(sentence: str) -> None:
    gathered, _ = await gather({CAREERS: html(f"<p>{sentence}</p>")})
    assert gathered.detail == "careers page read: no list of openings recognised"


async def test_own_posting_pages_are_read_and_menu_items_are_not() -> None:
    page = html(
        '<h2>Open roles</h2><ul><li><a href="/careers/senior-driver-12">Senior Truck Driver</a></li>'
        '<li><a href="/careers/planer">Disponent (m/w/d)</a></li>'
        '<li><a href="/careers/benefits">Benefits</a></li><li><a href="/careers/engineering">Engineering</a></li></ul>'
    )
    own = html(
        "<h1>Senior Truck Driver</h1><p>Drive the night line to Hull.</p>", "Senior Truck Driver | Acme"
    )
    gathered, _ = await gather({CAREERS: page, "https://acme.example/careers/senior-driver-12": own})
    assert (gathered.state, gathered.detail) == ("read", "careers page read: 2 openings")
    titles = {d.title: d for d in gathered.documents}
    assert set(titles) == {"Senior Truck Driver", "Disponent (m/w/d)"}
    driver = titles["Senior Truck Driver"]
    assert driver.tier == "first-party-text"
    assert "Drive the night line to Hull." in driver.text
    assert driver.posting is not None
    assert (driver.posting.department, driver.posting.seniority) == ("supply_chain", "senior")


async def test_titles_listed_under_a_heading_are_openings() -> None:
    page = html(
        "<h2>Current openings</h2><h3>Warehouse Associate</h3><p>Hull</p><h3>Freight Broker Manager</h3><p>Leeds</p>"
        "<p>Pallets, pallets and yet more pallets: read on about the way that our people spend a whole long working "
        "day in the yard, and what they say about it afterwards in the canteen.</p><h3>Chief Executive Officer</h3>"
    )
    gathered, _ = await gather({CAREERS: page})
    assert {d.title for d in gathered.documents} == {"Warehouse Associate", "Freight Broker Manager"}
    assert all(d.published_at is None for d in gathered.documents)


def structured(organisation: object) -> str:
    node = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": "Night Nurse", "datePosted": "2026-10-30",
        "description": "&lt;p&gt;Care for drivers.&lt;/p&gt;", "hiringOrganization": organisation,
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Hull", "addressCountry": "GB"}},
    }  # fmt: skip
    return html(f'<script type="application/ld+json">{json.dumps(node)}</script><h1>Careers</h1>')


@pytest.mark.parametrize("organisation", [{"@type": "Organization", "name": "Acme Freight"}, "Acme", None])
async def test_structured_postings_of_the_account_are_openings(organisation: object) -> None:
    gathered, _ = await gather({CAREERS: structured(organisation)})
    (document,) = gathered.documents
    assert document.text == "Night Nurse\nLocation: Hull, GB\nPosted: 2026-10-30\n\nCare for drivers."
    assert document.posting is not None
    assert (document.posting.country, document.posting.department) == ("GB", "healthcare")


async def test_structured_posting_of_another_employer_is_quarantined() -> None:
    gathered, _ = await gather(
        {CAREERS: structured({"name": "Umbrella Bakeries", "sameAs": "https://umbrella.example"})}
    )
    assert gathered.documents == ()
    assert [q.title for q in gathered.quarantined] == ["Night Nurse"]


async def test_inline_address_of_the_boards_api_is_found() -> None:
    page = html(
        r'<div id="jobs"></div><script>fetch("https:\/\/boards-api.greenhouse.io\/v1\/boards\/acme\/jobs")</script>'
    )
    gathered, _ = await gather({CAREERS: page, f"{GREENHOUSE}?content=true": {"jobs": [job(1)]}})
    assert len(gathered.documents) == 1


async def test_posting_texts_stop_being_asked_for_after_a_refusal() -> None:
    base = "https://api.smartrecruiters.com/v1/companies/Acme/postings"
    rows = [{"id": str(n), "name": f"Nurse {n}", "company": {"name": "Acme"}} for n in range(12)]
    page = html('<a href="https://careers.smartrecruiters.com/Acme">Open roles</a>')
    refused = {f"{base}/{n}": FetchFailure(url=f"{base}/{n}", reason="robots") for n in range(12)}
    answers = {CAREERS: page, f"{base}?limit=100&offset=0": {"content": rows, "totalFound": 12}} | refused
    gathered, fetcher = await gather(answers)
    assert (gathered.state, len(gathered.documents)) == ("read", 12)
    details = [request for request in fetcher.asked if request.url.startswith(f"{base}/")]
    assert len(details) == 4
    assert {request.origin for request in details} == {"account"}


async def test_two_accounts_share_nothing() -> None:
    first, _ = await gather({CAREERS: LINKS_BOARD, f"{GREENHOUSE}?content=true": {"jobs": [job(1)]}})
    second, _ = await gather({}, careers=None)
    assert len(first.documents) == 1
    assert second.documents == ()


async def test_page_behind_a_challenge_is_unreadable() -> None:
    page = "<html><head><title>Just a moment...</title></head><body>Checking your browser<script src='/cdn-cgi/challenge-platform/h/b/x.js'></script></body></html>"
    gathered, _ = await gather({CAREERS: page})
    assert gathered.state == "unreadable"
    assert gathered.detail.startswith("careers page could not be opened:")


async def test_list_of_openings_that_could_not_be_opened_is_unreadable() -> None:
    gathered, _ = await gather(
        {CAREERS: html('<h1>Life at Acme</h1><a href="/careers/positions/">Explore open roles</a>')}
    )
    assert gathered.state == "unreadable"
    assert (
        gathered.detail
        == "careers page read; its list of openings could not be opened: the server refused (404)"
    )


async def test_list_of_openings_one_click_away_is_read() -> None:
    careers = html('<h1>Life at Acme</h1><a href="/careers/positions/">Explore open roles</a>')
    listed = html('<iframe src="https://boards.greenhouse.io/embed/job_board?for=acme"></iframe>')
    answers = {CAREERS: careers, "https://acme.example/careers/positions/": listed}
    gathered, _ = await gather(answers | {f"{GREENHOUSE}?content=true": {"jobs": [job(1)]}})
    assert (gathered.state, len(gathered.documents)) == ("read", 1)


@pytest.mark.parametrize("text", ["Cron Jobs", "Post a job", "Start Hiring", "Background jobs"])
async def test_links_about_other_jobs_are_no_careers_link(text: str) -> None:
    home = html(f'<a href="https://acme.example/docs/x">{text}</a>')
    gathered, fetcher = await gather({HOME: home}, careers=None)
    assert gathered.state == "not_looked"
    assert {request.url for request in fetcher.asked} == {HOME}


async def test_long_page_of_conditional_sentences_states_no_opening() -> None:
    text = "If no open positions fit, write. " * 20_000
    gathered, _ = await gather({CAREERS: html(f"<p>{text}</p>")})
    assert gathered.state == "read"
    assert not [each for each in gathered.documents if each.posting]
