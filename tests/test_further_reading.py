"""Pages sought for what is still open, and for what one language of a site does not say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.graph.further import purposes_for
from tools.archive import Archive, ReplayFetcher, WarcRecorder
from tools.documents import Account, GatherLimits
from tools.fetching.answers import Exchange
from tools.pages.api import Page, SitePage
from tools.pages.reader import Reader
from tools.site import read_further, read_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://acme-freight.com/"
PROFILE = """
icp: careful
version: 1
dimensions: {technographic: 60, firmographic: 40}
tiers: [{name: Tier 1, min: 50}]
criteria:
  - {id: safe, dimension: technographic, attribute: certification, any_of: [ISO 27001]}
  - {id: size, dimension: firmographic, attribute: employee_count, ideal: [200, 1000], acceptable: [100, 2000]}
"""


def html(topic: str, links: str = "", *, said: str = "", lang: str = "en", head: str = "") -> str:
    story = "".join(f"<p>Line {n} about {topic} in words of its own, for shippers.</p>" for n in range(8))
    return f"<html lang={lang}><head><title>Acme Freight</title>{head}</head><body><nav>{links}</nav><main><h1>{topic}</h1><p>{said}</p>{story}</main></body></html>"


def archive_of(path: Path, pages: dict[str, str]) -> Path:
    with WarcRecorder(path) as recorder:
        for url, body in pages.items():
            kind = "application/json" if body.startswith("{") else "text/html"
            recorder.exchange(Exchange("GET", url, None, 200, (("Content-Type", kind),), NOW, body.encode()))
    return path


def site_with(paths: list[str], **told: str) -> dict[str, str]:
    links = "".join(f"<a href='/{path}'>{path.rsplit('/')[-1]}</a>" for path in paths)
    pages = {HOME + path: html(path, said=told.get(path.replace("/", "_"), "")) for path in paths}
    return {HOME: html("home", links), **pages}


def research(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pages: dict[str, str],
    *extra: str,
    profile: str = PROFILE,
    answers: dict[str, str] | None = None,
) -> dict[str, Any]:
    (tmp_path / "icp.yaml").write_text(profile)
    archive = archive_of(tmp_path / "a.warc", pages | (answers or {}))
    report = tmp_path / "report.json"
    order = [
        "research",
        "acme-freight.com",
        "--archive",
        str(archive),
        "--icp",
        str(tmp_path / "icp.yaml"),
        "-q",
    ]
    assert main([*order, "--format", "json", "--output", str(report), *extra]) == 0
    assert main(["verify", str(report), "--archive", str(archive)]) == 0
    capsys.readouterr()
    return json.loads(report.read_text())  # type: ignore[no-any-return]


LARGE = [
    "about", "about/story", "about/values", "about/board", "careers", "careers/life", "careers/teams", "careers/jobs", "pricing",
    "customers", "customers/one", "customers/two", "customers/six", "product", "product/a", "product/b", "product/c", "product/d",
    "press", "press/x", "press/y", "press/z", "security", "security/reports", "security/rules", "security/audits",
]  # fmt: skip


def test_the_last_pages_of_the_budget_are_sought_for_what_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = "Acme Freight is ISO 27001 certified."
    pages = site_with(LARGE, security_audits=held, about="Acme Freight employs 400 people.")
    report = research(tmp_path, capsys, pages, "--max-pages", "20")
    [verdict] = report["verdicts"]
    assert {entry["id"]: entry["status"] for entry in verdict["criteria"]} == {"safe": "met", "size": "met"}
    [fact] = [each for each in report["facts"] if each["attribute"] == "certification"]
    cited = {each["id"]: each for each in report["evidence"]}
    assert cited[fact["evidence"][0]]["url"] == HOME + "security/audits"
    website = next(each for each in report["coverage_of_sources"] if each["source"] == "website")
    assert "2 more for certification" in website["detail"]
    assert len({each["url"] for each in report["documents"] if each["kind"] == "website"}) == 20


def test_a_sought_page_that_an_archive_lacks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = site_with(LARGE[:22])
    more = "".join(f"<a href='/security/{n}'>Security {n}</a>" for n in range(6))
    pages[HOME] = pages[HOME].replace("<nav>", f"<nav>{more}")
    report = research(tmp_path, capsys, pages, "--max-pages", "22")
    assert {each["reason"] for each in report["failures"] if "/security/" in each["url"]} == {
        "not_in_archive"
    }
    [verdict] = report["verdicts"]
    assert verdict["criteria"][0]["status"] == "unknown"


MARKS_AND_JOBS = """
icp: careful
version: 1
dimensions: {technographic: 60, intent: 40}
tiers: [{name: Tier 1, min: 50}]
criteria:
  - {id: suite, dimension: technographic, attribute: technology, relation: uses, any_of: [Intercom]}
  - {id: sales-hiring, dimension: intent, attribute: hiring, where: {department: sales}, min_count: 1}
"""
CAREERS = ["careers", "careers/life", "careers/teams", "careers/values", "careers/benefits"]
WIDGET = '<script src="https://widget.intercom.io/widget/abc123"></script>'


def opening(title: str) -> str:
    stated = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": title, "datePosted": "2026-02-20",
        "hiringOrganization": {"@type": "Organization", "name": "Acme Freight", "sameAs": HOME},
        "description": f"<p>{title} for our depots, with much to say about it.</p>",
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(stated)}</script>'


BOARD_URL = "https://boards-api.greenhouse.io/v1/boards/acmefreight/jobs?content=true"
BOARD = {
    "jobs": [{
        "id": 7, "title": "Account Executive", "absolute_url": "https://boards.greenhouse.io/acmefreight/jobs/7",
        "first_published": "2026-02-20T10:00:00Z", "location": {"name": "Berlin"}, "company_name": "Acme Freight",
        "content": "<p>Sell freight to shippers in every country, from our Berlin office.</p>", "departments": [],
    }],
    "meta": {"total": 1},
}  # fmt: skip


def large_site() -> dict[str, str]:
    others = [path for path in LARGE if not path.startswith("careers")]
    return site_with([*others, *CAREERS])


def source(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in report["coverage_of_sources"] if each["source"] == name)


def statuses(report: dict[str, Any]) -> dict[str, str]:
    [verdict] = report["verdicts"]
    return {entry["id"]: entry["status"] for entry in verdict["criteria"]}


def test_marks_and_postings_of_pages_read_further_count_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = large_site()
    late = HOME + "careers/benefits"
    pages[late] = pages[late].replace("</head>", f"{WIDGET}{opening('Account Executive')}</head>")
    report = research(tmp_path, capsys, pages, "--max-pages", "20", profile=MARKS_AND_JOBS)
    assert "more for technology, hiring" in source(report, "website")["detail"]
    assert statuses(report) == {"suite": "met", "sales-hiring": "met"}
    cited = {each["id"]: each for each in report["evidence"]}
    [tool] = [each for each in report["facts"] if each["attribute"] == "technology"]
    assert {cited[each]["url"] for each in tool["evidence"]} == {late}
    assert source(report, "jobs")["detail"] == "careers page read: 1 opening"
    assert "read further" in source(report, "technographics")["detail"]


def test_a_board_that_a_page_read_further_links_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = large_site()
    late = HOME + "careers/benefits"
    link = "<a href='https://boards.greenhouse.io/acmefreight'>See our openings</a>"
    pages[late] = pages[late].replace("<nav>", f"<nav>{link}")
    answers = {BOARD_URL: json.dumps(BOARD)}
    report = research(tmp_path, capsys, pages, "--max-pages", "20", profile=MARKS_AND_JOBS, answers=answers)
    assert statuses(report)["sales-hiring"] == "met"
    jobs = source(report, "jobs")
    assert (jobs["state"], jobs["documents"]) == ("read", 1)
    assert jobs["detail"] == "greenhouse board acmefreight: 1 opening, 1 read"


def test_openings_of_the_first_reading_stay_when_a_board_comes_to_light(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = large_site()
    first, late = HOME + "careers", HOME + "careers/benefits"
    pages[first] = pages[first].replace("</head>", f"{opening('Account Executive')}</head>")
    link = "<a href='https://boards.greenhouse.io/acmefreight'>See our openings</a>"
    pages[late] = pages[late].replace("<nav>", f"<nav>{link}")
    answers = {BOARD_URL: json.dumps(BOARD)}
    report = research(tmp_path, capsys, pages, "--max-pages", "20", profile=MARKS_AND_JOBS, answers=answers)
    [hiring] = [each for each in report["facts"] if each["attribute"] == "hiring"]
    assert hiring["value"]["count"] == 1  # the list and the board name the same opening
    assert source(report, "jobs")["documents"] == 2


def test_a_page_read_further_that_adds_nothing_changes_no_other_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = research(tmp_path, capsys, large_site(), "--max-pages", "20", profile=MARKS_AND_JOBS)
    assert statuses(report) == {"suite": "unknown", "sales-hiring": "unknown"}
    assert "read further" not in source(report, "technographics")["detail"]
    assert source(report, "jobs")["state"] == "read"
    assert source(report, "jobs")["detail"] == "careers page read: no list of openings recognised"


def account() -> Account:
    return Account(
        domain="acme-freight.com",
        final_domain="acme-freight.com",
        status="live",
        home_url=HOME,
        language="en",
    )


async def visit(
    tmp_path: Path, pages: dict[str, str], most: int, *wanted: Any
) -> tuple[list[str], list[str]]:
    reader = Reader(ReplayFetcher(Archive(archive_of(tmp_path / "b.warc", pages))))
    limits = GatherLimits(max_pages=most)
    first = await read_site(account(), reader, limits)
    further = await read_further(account(), reader, limits, wanted)
    assert await read_further(account(), reader, limits, ()) == further
    return _urls(first), _urls((*further.targeted, *further.others))


def _urls(entries: tuple[SitePage, ...]) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in entries if isinstance(entry.page, Page)]


async def test_both_readings_together_keep_to_the_budget(tmp_path: Path) -> None:
    for most in (1, 3, 4, 8, 15, 20, 40):
        (tmp_path / "b.warc").unlink(missing_ok=True)
        first, further = await visit(tmp_path, site_with(LARGE), most, "security", "press")
        assert len(first) + len(further) <= most
        assert not set(first) & set(further)
        assert {"about", "careers", "pricing", "customers", "security", "press"} <= set(first) or most < 12


@pytest.mark.parametrize(
    ("attributes", "purposes"),
    [
        (("certification",), ("security", "faq")),
        (("pricing_model",), ("pricing", "faq")),
        (("hiring",), ("careers",)),
        (("funding_round", "hiring"), ("press", "careers")),
        (("question:1",), ()),
        ((), ()),
    ],
)
def test_what_is_open_says_which_pages_to_seek(
    attributes: tuple[str, ...], purposes: tuple[str, ...]
) -> None:
    assert purposes_for(attributes) == purposes


GERMAN = '<link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" hreflang="en" href="/"><link rel="alternate" hreflang="x-default" href="/">'


@pytest.mark.parametrize(
    ("head", "links"),
    [(GERMAN, ""), ("", "<a href='/de/'>Deutsch</a>"), ("", "<a href='/de-at'>Austria</a><a href='/de/'>Deutsch</a>")],
)  # fmt: skip
async def test_what_one_language_lacks_is_read_in_another(tmp_path: Path, head: str, links: str) -> None:
    pages = {
        HOME: html("home", f"<a href='/about'>About</a>{links}", head=head),
        HOME + "about": html("about"),
        HOME + "de/": html(
            "Startseite", "<a href='/de/karriere'>Karriere</a><a href='/de/ueber-uns'>Über uns</a>", lang="de"
        ),
        HOME + "de/karriere": html("Karriere", lang="de"),
        HOME + "de/ueber-uns": html("Über uns", lang="de"),
    }
    first, further = await visit(tmp_path, pages, 15)
    assert "de/karriere" in first
    assert "de/" not in first  # the same page in another language
    assert not {"de/ueber-uns"} & {*first, *further}  # the chosen language has it


async def test_another_country_s_site_in_the_same_language_comes_first(tmp_path: Path) -> None:
    head = '<link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" hreflang="en-GB" href="/en-gb/">'
    pages = {
        HOME: html("home", "<a href='/about'>About</a>", head=head),
        HOME + "about": html("about"),
        HOME + "en-gb/": html("welcome", "<a href='/en-gb/careers'>Careers</a>"),
        HOME + "en-gb/careers": html("careers"),
        HOME + "de/": html("Startseite", "<a href='/de/karriere'>Karriere</a>", lang="de"),
        HOME + "de/karriere": html("Karriere", lang="de"),
    }
    first, _ = await visit(tmp_path, pages, 15)
    assert "en-gb/careers" in first
    assert "de/karriere" not in first
