"""The site, its marks, searches, news, registers, the paid provider and DNS against the job boards' five answers.

Realistic, empty, malformed, longer than is read, rate-limited. Renderings have theirs in `test_rendering.py`; a file that is
imported (`test_imports.py`) refuses nobody. A search, register or provider that is added
without a row here fails `test_every_source_has_its_row`.
"""

from __future__ import annotations

import gzip
import json
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

import tools.providers
import tools.registries
from tools.documents import Account, FetchFailure, GatherLimits, SourceDocument
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.jobs import gather_jobs_from
from tools.news.feeds import parse_feed
from tools.news.outside import read_filings, run_search
from tools.news.own import find_own_stories
from tools.news.searches import chosen_searches
from tools.pages.api import PagePurpose, SitePage
from tools.pages.reader import Reader
from tools.providers.ask import ask_provider
from tools.providers.keys import OPT_IN_SOURCES, SourceKeys
from tools.providers.people_data_labs import PeopleDataLabs
from tools.registries.gather import share_filer
from tools.registries.gleif import look_up_gleif
from tools.registries.sec import gather_filer, look_up_filer
from tools.registries.wikidata import look_up_wikidata
from tools.technographics.dns import dns_documents
from tools.technographics.gather import gather_from_pages
from tools.website import gather_website

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://acme-freight.example/"
ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url=HOME,
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight B.V."),
)
LEI = "5299000ACMEFREIGHT10"
SEARCHES = {
    search.name: search for search in chosen_searches(SourceKeys(tavily="t", brave="b"), OPT_IN_SOURCES)
}
EVENT = date(2026, 2, 2)
CAP = 40
LONG = 60
"""More rows than any of these sources is read for."""


class Outcome(NamedTuple):
    """What came of asking one source: how many things it gave, and the failures."""

    found: int
    failures: tuple[FetchFailure, ...]


Routes = Mapping[str, str | bytes]


class Server:
    """Answers every question with the answers of the first route whose part is in its address."""

    def __init__(self, routes: Routes, *, refuses: str | None = None, cuts: bool = False) -> None:
        self.routes, self.refuses, self.cuts = routes, refuses, cuts

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        if self.refuses is not None and self.refuses in request.url:
            return FetchFailure(url=request.url, reason="http_status", status=429, detail="slow down")
        for part, body in self.routes.items():
            if part in request.url:
                whole = body if isinstance(body, bytes) else body.encode()
                return Response(
                    url=request.url,
                    final_url=request.url,
                    status=200,
                    headers=(("content-type", "text/html; charset=utf-8"),),
                    body=whole[: len(whole) * 2 // 3] if self.cuts else whole,
                    fetched_at=NOW,
                )
        return FetchFailure(url=request.url, reason="http_status", status=404)

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        if self.refuses is not None:
            return FetchFailure(url=f"dns:{name}", reason="dns", detail="SERVFAIL")
        answers = tuple(str(self.routes.get(f"{name} {record_type}", "")).splitlines())
        return DnsAnswer(name=name, record_type=record_type, answers=answers, fetched_at=NOW)

    def now(self) -> datetime:
        return NOW


async def _search(name: str, server: Server) -> Outcome:
    found = await run_search(ACCOUNT, Reader(server), SEARCHES[name])
    return Outcome(len(found.stories), found.failures)


async def _own(purpose: PagePurpose, server: Server) -> Outcome:
    reader = Reader(server)
    home = "home" if purpose != "home" else "other"
    urls: list[tuple[PagePurpose, str]] = [(home, f"{HOME}other"), (purpose, f"{HOME}{purpose}")]
    site = [SitePage(which, url, await reader.read(url)) for which, url in urls]
    news = await find_own_stories(ACCOUNT, reader, site)
    return Outcome(len(news.stories), tuple(news.failures))


async def _wikidata(server: Server) -> Outcome:
    found = await look_up_wikidata(ACCOUNT, server)
    return Outcome(int(found.document is not None), (found.failure,) if found.failure else ())


async def _sec(server: Server) -> Outcome:
    found = await share_filer(ACCOUNT, Reader(server), "desk@acme-freight.example")
    return Outcome(int(found.filer is not None), (found.failure,) if found.failure else ())


async def _filings(server: Server) -> Outcome:
    """Ask for the events in the filer's 8-Ks; they stand in an index, each in a file of its own."""
    found = await read_filings(ACCOUNT, Reader(server), GatherLimits(), "desk@acme-freight.example")
    assert all(each.published_at == EVENT for each in found.documents)
    return Outcome(len(found.documents), found.failures)


async def _figures(server: Server) -> Outcome:
    """Ask for a filer's reported figures; its own entry is another source's affair."""
    lookup = await look_up_filer(ACCOUNT, Server(_tickers(1)), "desk@acme-freight.example")
    assert lookup.filer is not None
    documents, failure = await gather_filer(lookup.filer, server, "desk@acme-freight.example")
    assert documents[0].title == "SEC EDGAR: Acme Freight B.V."
    return Outcome(len(documents) - 1, (failure,) if failure else ())


async def _gleif(server: Server) -> Outcome:
    found = await look_up_gleif(ACCOUNT, server)
    assert found is not None
    return Outcome(int(found.document is not None), (found.failure,) if found.failure else ())


async def _provider(server: Server) -> Outcome:
    reply = await ask_provider(ACCOUNT, {"employee_count"}, server, "k", PeopleDataLabs())
    return Outcome(len(reply.gathered.documents), reply.gathered.failures)


async def _dns(server: Server) -> Outcome:
    found = await dns_documents(ACCOUNT, server)
    return Outcome(sum(isinstance(d, SourceDocument) for d in found.documents), found.failures)


async def _website(server: Server) -> Outcome:
    gathered = await gather_website(ACCOUNT, Reader(server), GatherLimits())
    told = [each for each in gathered.documents if each.tier == "first-party-text"]
    return Outcome(len(told), gathered.failures)


async def _sitemap(server: Server) -> Outcome:
    """Ask the site for the pages that nothing but its sitemap names."""
    gathered = await gather_website(ACCOUNT, Reader(server), GatherLimits())
    listed = [each for each in gathered.documents if each.tier == "first-party-text" and each.url != HOME]
    return Outcome(len(listed), gathered.failures)


async def _llms(server: Server) -> Outcome:
    gathered = await gather_website(ACCOUNT, Reader(server), GatherLimits())
    listing = [each for each in gathered.documents if each.title == "llms.txt"]
    assert all(len(each.text) <= 20_000 for each in listing)
    return Outcome(len(listing), gathered.failures)


async def _marks(server: Server) -> Outcome:
    home = SitePage("home", HOME, await Reader(server).read(HOME))
    gathered = await gather_from_pages(ACCOUNT, [home], server)
    refused = (home.page,) if isinstance(home.page, FetchFailure) else ()
    assert (gathered.state == "unreadable") is bool(refused)
    return Outcome(len(gathered.documents), refused)


async def _careers(server: Server) -> Outcome:
    """Ask the account's own careers page; what its openings' own pages do is their affair."""
    reader = Reader(server)
    site: list[SitePage] = []
    for purpose, url in (("home", f"{HOME}home"), ("careers", f"{HOME}careers")):
        site.append(SitePage("careers" if purpose == "careers" else "home", url, await reader.read(url)))
    gathered = await gather_jobs_from(ACCOUNT, reader, GatherLimits(max_postings=CAP), site)
    own = tuple(failure for failure in gathered.failures if failure.url == f"{HOME}careers")
    return Outcome(len(gathered.documents), own)


class Row(NamedTuple):
    """A source: how it is asked, and what it answers when it has `count` rows.

    `most` is what may come of a long answer; `shaped` says whether a cut-off answer is no answer at all.
    """

    ask: Callable[[Server], Awaitable[Outcome]]
    answer: Callable[[int], Routes]
    most: int
    shaped: bool = True


_WORDS = (
    "pallets",
    "cranes",
    "barges",
    "depots",
    "trucks",
    "customs",
    "wagons",
    "pilots",
    "docks",
    "ropes",
    "scales",
)
_PATHS = ("about", "careers", "pricing", "customers", "product", "press", "security", "contact", "partners")


def _page(number: int, links: str = "", head: str = "") -> str:
    lines = "".join(
        f"<p>Page {number} tells of {word} in its line {n}, for {_WORDS[(number * 7 + n) % len(_WORDS)]} and men.</p>"
        for n, word in enumerate(_WORDS)
    )
    return f"<html lang=en><head><title>{number}</title>{head}</head><body><nav>{links}</nav><main>{lines}</main></body></html>"


def _paths(count: int) -> list[str]:
    return [f"{_PATHS[n % len(_PATHS)]}/n{n}-" for n in range(count)]


def _site(count: int) -> dict[str, str]:
    """A home page and the pages it links, `count` in all; none of them says anything when that is 0."""
    if not count:
        return {HOME: "<html><body></body></html>"}
    paths = _paths(count - 1)
    links = "".join(f"<a href='/{path}'>{path.partition('/')[0]}</a>" for path in paths)
    return {f"{HOME}{path}": _page(n + 1) for n, path in enumerate(paths)} | {HOME: _page(0, links)}


_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _urlset(paths: list[str]) -> str:
    return f"<urlset {_SITEMAPS}>{''.join(f'<url><loc>{HOME}{path}</loc></url>' for path in paths)}</urlset>"


def _listed_site(count: int) -> Routes:
    paths = _paths(count)
    pages = {f"{HOME}{path}": _page(n + 1) for n, path in enumerate(paths)}
    return {f"{HOME}sitemap.xml": _urlset(paths)} | pages | {HOME: _page(0)}


def _indexed_site(count: int) -> Routes:
    """A sitemap index over three gzipped sitemaps, in files whose names say nothing of what they are."""
    paths, each = _paths(count), max(1, count // 3)
    packed = {
        f"{HOME}part{n}.xml.gz": gzip.compress(_urlset(paths[n : n + each]).encode())
        for n in range(0, count, each)
    }
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in packed)
    pages: dict[str, str | bytes] = {f"{HOME}{path}": _page(n + 1) for n, path in enumerate(paths)}
    home = {HOME: _page(0)}
    return {f"{HOME}sitemap.xml": f"<sitemapindex {_SITEMAPS}>{index}</sitemapindex>"} | packed | pages | home


def _llms_site(count: int) -> Routes:
    lines = "".join(
        f"- [Depot {n}]({HOME}depots/{n}): what the depot in port {n} stores, and for whom.\n" * 10
        for n in range(count)
    )
    return {f"{HOME}llms.txt": f"# Acme Freight\n\n{lines}" if count else "", HOME: _page(0)}


def _marked_site(count: int) -> dict[str, str]:
    scripts = "".join(f'<script src="https://cdn{n}.vendor.example/{n}.js"></script>' for n in range(count))
    return {HOME: _page(0, head=scripts)}


def _title(number: int) -> str:
    return f"Acme Freight opens office number {number} in Lyon"


def _rows(**names: str) -> Callable[[int], list[dict[str, str]]]:
    def build(count: int) -> list[dict[str, str]]:
        values = {"url": "https://wire.example/{}", "title": "Acme Freight opens office number {} in Lyon"}
        return [{names[key]: values[key].format(n) for key in names} for n in range(count)]

    return build


def _feed(count: int) -> str:
    items = "".join(
        f"<item><title>{_title(n)}</title><link>{HOME}news/{n}</link><pubDate>Mon, 02 Feb 2026 09:00:00 GMT</pubDate></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>"


def _newsroom(count: int) -> dict[str, str]:
    cards = "".join(
        f'<article><h3><a href="/news/{n}">{_title(n)}</a></h3><time datetime="2026-02-02">2 February 2026</time></article>'
        for n in range(count)
    )
    return {
        f"{HOME}press": f"<html lang=en><title>News</title><body><main><h1>Newsroom</h1>{cards}</main></body></html>"
    }


def _careers_page(body: str) -> dict[str, str]:
    story = "<p>We move pallets between the ports of the north and look after those who do.</p>" * 5
    return {
        f"{HOME}home": f"<html lang=en><title>Acme Freight</title><body><main>{story}</main></body></html>",
        f"{HOME}careers": f"<html lang=en><head><title>Careers | Acme Freight</title></head><body><main><h1>Careers</h1>{story}{body}</main></body></html>",
    }


def _listed_jobs(count: int) -> dict[str, str]:
    links = "".join(f'<li><a href="/careers/driver-{n}">Truck Driver {n}</a></li>' for n in range(count))
    none = "<p>There are currently no open positions.</p>"
    return _careers_page(f"<h2>Open roles</h2><ul>{links}</ul>" if count else none)


def _marked_jobs(count: int) -> dict[str, str]:
    nodes = [
        {
            "@type": "JobPosting",
            "title": f"Night Nurse {n}",
            "datePosted": "2026-02-02",
            "identifier": str(n),
            "hiringOrganization": {"@type": "Organization", "name": "Acme Freight"},
        }
        for n in range(count)
    ]
    script = json.dumps({"@context": "https://schema.org", "@graph": nodes})
    return _careers_page(f'<script type="application/ld+json">{script}</script>')


def _declared_feed(count: int) -> dict[str, str]:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    return {
        f"{HOME}feed.xml": _feed(count),
        f"{HOME}home": f"<html lang=en><head><title>Acme</title>{head}</head><body><main><p>Acme Freight</p></main></body></html>",
    }


def _hits(count: int) -> dict[str, str]:
    hits = [{"objectID": str(n), "title": _title(n), "url": f"{HOME}{n}"} for n in range(count)]
    return {"hn.algolia": json.dumps({"hits": hits})}


def _statement(value: object) -> dict[str, object]:
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def _entities(count: int) -> dict[str, str]:
    claims = {"P856": [_statement(HOME)], "P31": [_statement({"id": "Q4830453"})]}
    entry = {"id": "Q1", "labels": {"en": {"value": "Acme Freight"}}, "claims": claims}
    names = [{"title": f"Q{n + 1}"} for n in range(count)]
    return {
        "list=search": json.dumps({"query": {"search": names}}),
        "ids=": json.dumps({"entities": {"Q1": entry} if count else {}}),
        "wikidata": json.dumps({"search": []}),
    }


def _tickers(count: int) -> dict[str, str]:
    filers = {
        str(n): {"cik_str": n + 1, "title": "ACME FREIGHT B.V." if not n else f"OTHER {n} INC"}
        for n in range(count)
    }
    return {
        "company_tickers": json.dumps(filers),
        "submissions/": json.dumps({"name": "Acme Freight B.V.", "cik": "0000000001"}),
        "wikidata": json.dumps({"query": {"search": []}, "search": []}),
    }


def _filed(count: int) -> Routes:
    """A filer's index with `count` 8-Ks of one day, and their texts; old filings lie in a file that is not asked for."""
    column = {"form": "8-K", "items": "5.02,9.01", "filingDate": "2026-02-03", "reportDate": str(EVENT)}
    recent: dict[str, list[str]] = {name: [value] * count for name, value in column.items()}
    recent["accessionNumber"] = [f"0000000001-26-{n:06}" for n in range(count)]
    recent["primaryDocument"] = [f"event{n}.htm" for n in range(count)]
    filings = {"recent": recent, "files": [{"name": "CIK0000000001-submissions-001.json"}]}
    entry = {"name": "Acme Freight B.V.", "cik": "0000000001", "filings": filings}
    told = "Item 5.02 Departure of Certain Officers. On 2 February 2026 the head of depots, number {}, left."
    texts = {f"event{n}.htm": f"<html><body><p>{told.format(n)}</p></body></html>" for n in range(count)}
    return _tickers(1) | {"submissions/": json.dumps(entry)} | texts


def _years(count: int) -> Routes:
    rows = [
        {
            "end": f"{2025 - n}-12-31",
            "start": f"{2025 - n}-01-01",
            "val": 10_000_000 + n,
            "form": "10-K",
            "filed": "2026-02-01",
        }
        for n in range(count)
    ]
    facts = {"us-gaap": {"Revenues": {"units": {"EUR": rows}}}} if count else {}
    return {"companyfacts": json.dumps({"entityName": "Acme Freight B.V.", "facts": facts})}


def _records(count: int) -> dict[str, str]:
    def record(number: int) -> dict[str, object]:
        entity = {"legalName": {"name": "Acme Freight B.V."}, "status": "ACTIVE", "jurisdiction": "NL"}
        attributes = {"lei": LEI, "entity": entity, "registration": {"status": "ISSUED"}}
        return {"type": "lei-records", "id": f"{LEI[:-2]}{number + 10}", "attributes": attributes}

    return {"gleif": json.dumps({"data": [record(n) for n in range(count)]})}


def _company(count: int) -> dict[str, str]:
    company = {"display_name": "Acme Freight", "website": "acme-freight.example", "employee_count": 312}
    return {"peopledatalabs": json.dumps(company)} if count else {}


def _zone(count: int) -> dict[str, str]:
    return {"acme-freight.example TXT": "\n".join(f'"token-{n}={n}"' for n in range(count))} if count else {}


def _answers(part: str, wrap: Callable[[int], object]) -> Callable[[int], dict[str, str]]:
    return lambda count: {part: json.dumps(wrap(count))}


_PLAIN = _rows(url="url", title="title")
MATRIX: dict[str, Row] = {
    "website": Row(_website, _site, 15, shaped=False),
    "sitemap": Row(_sitemap, _listed_site, 14, shaped=False),
    "sitemap index": Row(_sitemap, _indexed_site, 14, shaped=False),
    "llms.txt": Row(_llms, _llms_site, 1, shaped=False),
    "marks": Row(_marks, _marked_site, 1, shaped=False),
    "Hacker News": Row(lambda s: _search("Hacker News", s), _hits, 5),
    "GDELT": Row(lambda s: _search("GDELT", s), _answers("gdelt", lambda n: {"articles": _PLAIN(n)}), 5),
    "Tavily": Row(lambda s: _search("Tavily", s), _answers("tavily", lambda n: {"results": _PLAIN(n)}), 5),
    "Brave": Row(lambda s: _search("Brave", s), _answers("brave", lambda n: {"results": _PLAIN(n)}), 5),
    "Google News": Row(lambda s: _search("Google News", s), lambda n: {"news.google": _feed(n)}, 5, shaped=False),
    "feed": Row(lambda s: _own("home", s), _declared_feed, LONG, shaped=False),
    "newsroom": Row(lambda s: _own("press", s), _newsroom, LONG, shaped=False),
    "careers page": Row(_careers, _listed_jobs, CAP, shaped=False),
    "JobPosting markup": Row(_careers, _marked_jobs, CAP, shaped=False),
    "wikidata": Row(_wikidata, _entities, 1),
    "sec": Row(_sec, _tickers, 1),
    "SEC 8-K": Row(_filings, _filed, 6),
    "SEC figures": Row(_figures, _years, 1),
    "gleif": Row(_gleif, _records, 0),  # more than one live entry ties to nobody
    "people_data_labs": Row(_provider, _company, 1),
    "DNS": Row(_dns, _zone, 1, shaped=False),
}  # fmt: skip

NO_SOURCES = {"gather", "lines", "payload", "tie", "wikidata_facts", "api", "ask", "keys"}


def test_every_source_has_its_row() -> None:
    modules = {
        module.name
        for package in (tools.registries, tools.providers)
        for module in pkgutil.iter_modules(package.__path__)
    }
    assert modules - NO_SOURCES <= set(MATRIX)
    assert set(SEARCHES) <= set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
async def test_a_realistic_answer_gives_something(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(1)))
    assert outcome.found == 1
    assert outcome.failures == () or name == "DNS"  # whose other names do not exist here


@pytest.mark.parametrize("name", MATRIX)
async def test_an_empty_answer_is_nothing_found_and_no_failure(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(0)))
    assert outcome == (0, ())


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.shaped])
async def test_a_cut_off_answer_is_a_parse_failure(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(3), cuts=True))
    assert outcome.found == 0
    assert [failure.reason for failure in outcome.failures] == ["parse"]


@pytest.mark.parametrize("name", ["careers page", "JobPosting markup"])
async def test_a_cut_off_careers_page_is_never_without_openings(name: str) -> None:
    server = Server(MATRIX[name].answer(3), cuts=True)
    reader = Reader(server)
    site = [SitePage("careers", f"{HOME}careers", await reader.read(f"{HOME}careers"))]
    gathered = await gather_jobs_from(ACCOUNT, reader, GatherLimits(), site)
    assert gathered.state != "read_nothing_found"
    assert len(gathered.documents) <= 3


async def test_an_empty_careers_page_says_so_and_a_refused_one_does_not() -> None:
    for answer, refuses, state in ((0, None, "read_nothing_found"), (2, "careers", "unreadable")):
        reader = Reader(Server(_listed_jobs(answer), refuses=refuses))
        home = SitePage("home", f"{HOME}home", await reader.read(f"{HOME}home"))
        careers = SitePage("careers", f"{HOME}careers", await reader.read(f"{HOME}careers"))
        gathered = await gather_jobs_from(ACCOUNT, reader, GatherLimits(), [home, careers])
        assert gathered.state == state


@pytest.mark.parametrize("name", ["website", "sitemap", "sitemap index", "llms.txt", "marks"])
async def test_a_cut_off_site_gives_what_stands_in_it(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(LONG), cuts=True))
    whole = await MATRIX[name].ask(Server(MATRIX[name].answer(LONG)))
    assert 0 < outcome.found <= whole.found


@pytest.mark.parametrize(
    "answer", ["", '"', "10", "10 ", "mail", "\x00\ufffd<<<", '"v=spf1 include:', "999999 . ." * 50]
)
async def test_a_malformed_dns_answer_is_quoted_as_it_is_or_left_out(answer: str) -> None:
    zone = {f"{ACCOUNT.domain} {kind}": answer for kind in ("MX", "TXT", "NS", "A", "CNAME")}
    documents = await dns_documents(ACCOUNT, Server(zone))
    assert documents.failures == ()
    assert all(answer.strip() in document.text for document in documents.documents)


@pytest.mark.parametrize("name", ["feed", "newsroom", "Google News"])
async def test_a_cut_off_list_gives_what_stands_in_it_or_fails(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(3), cuts=True))
    assert outcome.found < 3
    assert outcome.found or outcome.failures or name == "newsroom"
    assert parse_feed(b"\x00<<<", HOME) is None


@pytest.mark.parametrize("name", MATRIX)
async def test_a_long_answer_is_read_to_its_cap(name: str) -> None:
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(LONG)))
    assert outcome.found <= MATRIX[name].most
    assert outcome.found or name == "gleif"


@pytest.mark.parametrize("name", MATRIX)
async def test_a_rate_limited_source_is_a_failure_and_never_nothing_found(name: str) -> None:
    refuses = {
        "feed": "feed.xml",
        "careers page": "/careers",
        "JobPosting markup": "/careers",
        "sitemap": "sitemap.xml",
        "sitemap index": ".xml.gz",
        "llms.txt": "llms.txt",
        "SEC 8-K": "event0.htm",
    }
    outcome = await MATRIX[name].ask(Server(MATRIX[name].answer(1), refuses=refuses.get(name, "")))
    assert outcome.found == 0
    assert outcome.failures
    assert all(failure.status == 429 or name == "DNS" for failure in outcome.failures)
