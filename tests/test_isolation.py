"""No source's failure changes another's result: the whole workflow, with each source broken in turn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pytest

from agent.icp import parse_icp
from agent.models import AccountReport
from agent.research import ResearchRequest, research_account
from agent.services import Services
from agent.settings import Settings
from agent.store.store import Store
from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.pages.reader import Reader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOMAIN = "acme-freight.com"
HOME = f"https://{DOMAIN}/"
LEI = "5299000ACMEFREIGHT10"
TOLD = " ".join(
    f"In chapter {number} Acme Freight explains to shippers in Europe how a pallet travels."
    for number in range(9)
)

Break = Literal["malformed", "raises"]
"""`raises` gives an answer that no adapter can be made for, so that reading it fails inside dossier."""


def page(title: str, body: str, head: str = "") -> str:
    return (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><main>{body}</main>"
        "<footer>© 2026 Acme Freight Inc.</footer></body></html>"
    )


def article(title: str, day: str, text: str) -> str:
    head = f'<meta property="article:published_time" content="{day}">'
    told = " ".join(sha256(f"{title} {number}".encode()).hexdigest() for number in range(20))
    return page(title, f"<article><h1>{title}</h1><p>{text}</p><p>{told}</p></article>", head)


def statement(value: object) -> dict[str, object]:
    return {"rank": "normal", "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def lei_record() -> dict[str, object]:
    return {
        "data": {
            "type": "lei-records",
            "id": LEI,
            "attributes": {
                "lei": LEI,
                "entity": {
                    "legalName": {"name": "Acme Freight Inc."},
                    "legalAddress": {"city": "Dover", "region": "US-DE", "country": "US"},
                    "headquartersAddress": {"city": "Savannah", "region": "US-GA", "country": "US"},
                    "jurisdiction": "US",
                    "status": "ACTIVE",
                    "creationDate": "1999-03-15T00:00:00Z",
                },
                "registration": {"lastUpdateDate": "2025-11-02T10:00:00Z", "status": "ISSUED"},
            },
        }
    }


RECENT = {
    "form": ["8-K"],
    "accessionNumber": ["0000000001-26-000001"],
    "primaryDocument": ["a.htm"],
    "items": ["2.01"],
    "filingDate": ["2026-02-03"],
    "reportDate": ["2026-02-01"],
}
NAV = (
    '<nav><a href="/about">About us</a> <a href="/careers">Careers</a> <a href="/newsroom">Newsroom</a> '
    '<a href="/security">Security</a></nav>'
)
FEED = (
    "<rss version='2.0'><channel><title>Acme Freight</title><item><title>Acme Freight opens an office in Lyon</title>"
    f"<link>{HOME}news/lyon</link><pubDate>Mon, 02 Feb 2026 09:00:00 GMT</pubDate></item></channel></rss>"
)
TAVILY_URL, BRAVE_URL = "https://wire.example/acme-berlin", "https://daily.example/acme-porto"
GDELT_URL = "https://herald.example/acme-rail"

# Each part of an address, and what answers there; the first that fits counts.
WORLD: tuple[tuple[str, object], ...] = (
    (f"{HOME}about", page("About", "<h1>About Acme Freight</h1><p>Acme Freight was founded in 2004.</p>")),
    (f"{HOME}security", page("Security", "<h1>Security</h1><p>Acme Freight is SOC 2 Type II certified.</p>")),
    (
        f"{HOME}careers",
        page("Careers", f'<h1>Careers</h1><p>{TOLD}</p><a href="https://boards.greenhouse.io/acmefreight">Open roles</a>'),
    ),
    (f"{HOME}news/lyon", article("Acme Freight opens an office in Lyon", "2026-02-02", "We open an office in Lyon.")),
    (
        f"{HOME}news/series-b",
        article("Acme Freight raises $40 million Series B", "2026-01-20", "Acme Freight raised $40 million in a Series B."),
    ),
    (
        f"{HOME}newsroom",
        page(
            "Newsroom",
            '<h1>Newsroom</h1><article><h3><a href="/news/series-b">Acme Freight raises $40 million Series B</a></h3>'
            '<time datetime="2026-01-20">20 January 2026</time></article>',
        ),
    ),
    (f"{HOME}feed.xml", FEED),
    (
        "boards-api.greenhouse.io",
        {
            "jobs": [
                {
                    "id": number,
                    "title": "Account Executive",
                    "absolute_url": f"https://boards.greenhouse.io/acmefreight/jobs/{number}",
                    "content": f"<p>Territory {number}. You sell freight and keep the pipeline in Salesforce.</p>",
                    "first_published": "2026-02-10T08:00:00Z",
                    "departments": [{"name": "Sales"}],
                }
                for number in (1, 2, 3)
            ],
            "meta": {"total": 3},
        },
    ),
    (
        "hn.algolia.com",
        {
            "hits": [
                {
                    "objectID": "4242",
                    "title": "How Acme Freight counts pallets",
                    "url": f"{HOME}blog/pallets",
                    "story_text": "A note on pallets.",
                    "created_at": "2026-02-11T09:00:00Z",
                }
            ]
        },
    ),
    ("gdeltproject", {"articles": [{"url": GDELT_URL, "title": "Acme Freight buys rail wagons"}]}),
    (GDELT_URL, article("Acme Freight buys rail wagons", "2026-02-04", f"Acme Freight ({DOMAIN}) bought wagons.")),
    ("api.tavily.com", {"results": [{"url": TAVILY_URL, "title": "Acme Freight leases a depot in Berlin", "content": ""}]}),
    (TAVILY_URL, article("Acme Freight leases a depot in Berlin", "2026-02-05", f"Acme Freight ({DOMAIN}) leased it.")),
    ("api.search.brave.com", {"results": [{"url": BRAVE_URL, "title": "Acme Freight names a port partner in Porto"}]}),
    (BRAVE_URL, article("Acme Freight names a port partner in Porto", "2026-02-06", f"Acme Freight ({DOMAIN}) did.")),
    ("list=search", {"query": {"search": [{"title": "Q900001"}]}}),
    (
        "ids=Q900001",
        {
            "entities": {
                "Q900001": {
                    "id": "Q900001",
                    "labels": {"en": {"value": "Acme Freight"}},
                    "claims": {
                        "P856": [statement(HOME)],
                        "P1278": [statement(LEI)],
                        "P1128": [
                            statement({"amount": "+340", "unit": "1"})
                            | {
                                "qualifiers": {
                                    "P585": [
                                        {
                                            "snaktype": "value",
                                            "datavalue": {"value": {"time": "+2025-12-31T00:00:00Z", "precision": 11}},
                                        }
                                    ]
                                }
                            }
                        ],
                    },
                }
            }
        },
    ),
    ("company_tickers", {"0": {"cik_str": 1, "title": "ACME FREIGHT INC."}}),
    ("submissions", {"name": "Acme Freight Inc.", "cik": "0000000001", "sicDescription": "Trucking (No Local)", "filings": {"recent": RECENT}}),
    ("companyfacts", {"entityName": "Acme Freight Inc.", "facts": {}}),
    ("sec.gov/Archives", "<p>Item 2.01 Completion</p><p>Acme Freight completed its acquisition of Example Haulage.</p>"),
    ("gleif.org", lei_record()),
    (
        "peopledatalabs",
        {"display_name": "Acme Freight", "website": DOMAIN, "inferred_revenue": "$50M-$100M"},
    ),
    (
        HOME,
        page("Acme Freight", f"{NAV}<h1>Acme Freight</h1><p>Acme Freight moves pallets.</p>",
             '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><script src="https://js.hs-scripts.com/4242.js"></script>'),
    ),
)  # fmt: skip
RECORDS = {(DOMAIN, "MX"): ("10 aspmx.l.google.com.",), (DOMAIN, "NS"): ("ada.ns.cloudflare.com.",)}

SOURCES: dict[str, tuple[str, ...]] = {
    "about page": (f"{HOME}about",),
    "newsroom": (f"{HOME}newsroom", f"{HOME}news/series-b"),
    "feed": (f"{HOME}feed.xml", f"{HOME}news/lyon"),
    "careers page and board": (f"{HOME}careers", "greenhouse.io"),
    "board": ("greenhouse.io",),
    "Hacker News": ("hn.algolia.com", "news.ycombinator.com"),
    "GDELT": ("gdeltproject", GDELT_URL),
    "Tavily": ("api.tavily.com", TAVILY_URL),
    "Brave": ("api.search.brave.com", BRAVE_URL),
    "Wikidata": ("wikidata.org",),
    "SEC EDGAR": ("sec.gov",),
    "GLEIF": ("gleif.org",),
    "People Data Labs": ("peopledatalabs",),
    "DNS": ("dns:",),
}
"""Each source by the addresses it alone speaks from."""

PROFILE = """
icp: carriers
version: 1
dimensions: {firmographic: 50, technographic: 10, intent: 40}
tiers: [{name: Tier 1, min: 80}]
criteria:
  - {id: size, dimension: firmographic, attribute: employee_count, ideal: [200, 1000], acceptable: [100, 2000]}
  - {id: revenue, dimension: firmographic, attribute: revenue, at_least: 10000000}
  - {id: age, dimension: firmographic, attribute: founded_year, above: 2000}
  - {id: trust, dimension: firmographic, attribute: certification, any_of: [SOC 2 Type II]}
  - {id: mail, dimension: technographic, attribute: technology, relation: uses, any_of: [Google Workspace]}
  - {id: crm, dimension: technographic, attribute: technology, relation: uses, any_of: [HubSpot]}
  - {id: selling, dimension: intent, attribute: hiring, where: {department: sales}, min_count: 3, within_days: 90}
  - {id: money, dimension: intent, attribute: funding_round, within_days: 180}
"""


class Web:
    """A fetcher over `WORLD`, one source of it broken in one way."""

    def __init__(self, broken: tuple[str, ...] = (), how: Break = "gone") -> None:
        self.broken, self.how = broken, how

    def _is_broken(self, url: str) -> bool:
        return any(part in url for part in self.broken)

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        if self._is_broken(request.url):
            if self.how == "raises":
                return Response.model_construct(
                    url=request.url,
                    final_url=request.url,
                    status=200,
                    headers=(),
                    body=None,
                    fetched_at=NOW,
                    redirects=(),
                )
            if self.how != "malformed":
                return FetchFailure(url=request.url, reason="http_status", status=429)
            return self._answer(request.url, "\x00<<<{[")
        for part, answer in WORLD:
            if part in request.url and (part != HOME or request.url == HOME):
                return self._answer(request.url, answer)
        return FetchFailure(url=request.url, reason="http_status", status=404)

    def _answer(self, url: str, answer: object) -> Response:
        body = answer if isinstance(answer, str) else json.dumps(answer)
        kind = "text/html; charset=utf-8" if isinstance(answer, str) else "application/json"
        return Response(
            url=url,
            final_url=url,
            status=200,
            body=body.encode(),
            fetched_at=NOW,
            headers=(("content-type", kind),),
        )

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        if self._is_broken("dns:"):
            if self.how == "raises":
                return DnsAnswer.model_construct(
                    name=name, record_type=record_type, answers=None, fetched_at=NOW
                )
            if self.how != "malformed":
                return FetchFailure(url=f"dns:{name}", reason="dns", detail="no answer")
            return DnsAnswer(name=name, record_type=record_type, answers=("\x00 <<<",), fetched_at=NOW)
        return DnsAnswer(
            name=name, record_type=record_type, answers=RECORDS.get((name, record_type), ()), fetched_at=NOW
        )

    def now(self) -> datetime:
        return NOW


class WebServices(Services):
    """The product's services over a `Web`."""

    web: Web

    @asynccontextmanager
    async def reader(
        self, *, archive: Path | None, record: Path | None, refresh: bool
    ) -> AsyncIterator[Reader]:
        yield Reader(self.web)


async def research(folder: Path, web: Web) -> AccountReport:
    settings = Settings(
        home=folder, people_data_labs_key="p", tavily_key="t", brave_key="b", contact="desk@acme-freight.com"
    )
    with Store(folder) as store:
        services = WebServices(settings=settings, store=store, clock=lambda: NOW)
        services.web = web
        request = ResearchRequest(domain=DOMAIN, icps=(parse_icp(PROFILE),), extractor="rules")
        return await research_account(request, services)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> AccountReport:
    return asyncio.run(research(tmp_path_factory.mktemp("whole"), Web()))


def kept(entries: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    """Return what other addresses than the broken ones speak from, by id.

    Without the address itself: GLEIF is asked by the number that Wikidata states, or else by the legal name.
    """
    return {
        entry.id: entry.model_dump(mode="json", exclude={"url", "final_url"})
        for entry in entries
        if not any(part in entry.url for part in parts)
    }


async def test_every_source_of_the_whole_world_speaks(whole: AccountReport) -> None:
    urls = [document.url for document in whole.documents]
    silent = [
        name for name, parts in SOURCES.items() if not any(part in url for url in urls for part in parts)
    ]
    assert silent == []
    assert {criterion.status for criterion in whole.verdicts[0].criteria} == {"met"}


@pytest.mark.parametrize("how", ["malformed", "raises"])
@pytest.mark.parametrize("source", SOURCES)
async def test_a_broken_source_changes_no_other(
    whole: AccountReport, tmp_path: Path, source: str, how: Break
) -> None:
    parts = SOURCES[source]
    partly = await research(tmp_path, Web(parts, how))
    assert kept(partly.documents, parts) == kept(whole.documents, parts)
    assert kept(partly.evidence, parts) == kept(whole.evidence, parts)
    fed = {evidence.id for evidence in whole.evidence if any(part in evidence.url for part in parts)}
    for before, after in zip(whole.verdicts[0].criteria, partly.verdicts[0].criteria, strict=True):
        if not fed.intersection(before.evidence):
            assert after == before
    told = [failure.detail for failure in partly.failures] + [
        entry.detail for entry in partly.coverage_of_sources
    ]
    assert how != "raises" or any("inside dossier" in line for line in told)
