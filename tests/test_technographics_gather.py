from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from tools.documents import Account, FetchFailure, GatherLimits, PagePurpose
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.pages.api import Page, SitePage
from tools.pages.parse import parse_page
from tools.technographics import match_dns, match_markup
from tools.technographics.gather import gather_from_pages, gather_technographics

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOME = "https://acme.example/"
ACCOUNT = Account(domain="acme.example", final_domain="acme.example", status="live", home_url=HOME)
SHELL = "<html lang=en><head><title>Acme</title><script src='https://js.hs-scripts.com/1.js'></script>"


class FakeWeb:
    """Answers for one made-up domain: pages by address, DNS by question; everything else fails."""

    def __init__(
        self,
        pages: dict[str, str],
        dns: dict[tuple[str, str], tuple[str, ...]] | None = None,
        *,
        dns_works: bool = True,
        refusal: FetchFailure | None = None,
    ) -> None:
        self.pages, self.dns, self.dns_works = pages, dns or {}, dns_works
        self.refusal = refusal

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        body = self.pages.get(request.url)
        if body is None:
            return self.refusal or FetchFailure(url=request.url, reason="http_status", status=404)
        return Response(
            url=request.url,
            final_url=request.url,
            status=200,
            headers=(("Content-Type", "text/html"), ("Server", "cloudflare")),
            body=body.encode(),
            fetched_at=NOW,
        )

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        if not self.dns_works:
            return FetchFailure(url=f"dns:{name}?type={record_type}", reason="timeout")
        answers = self.dns.get((name, record_type), ())
        return DnsAnswer(name=name, record_type=record_type, answers=answers, fetched_at=NOW)

    def now(self) -> datetime:
        return NOW


class FakeReader:
    """Reads pages from a `FakeWeb`, and shares what gatherers ask for once."""

    def __init__(self, web: FakeWeb) -> None:
        self.fetcher = web
        self._shared: dict[str, object] = {}

    async def read(self, url: str) -> Page | FetchFailure:
        response = await self.fetcher.fetch(FetchRequest(url=url))
        return response if isinstance(response, FetchFailure) else parse_page(response)

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        if key not in self._shared:
            self._shared[key] = await make()
        return self._shared[key]  # type: ignore[return-value]

    def now(self) -> datetime:
        return NOW


def site_page(url: str, purpose: PagePurpose, html: str) -> SitePage:
    body = html.encode()
    headers = (("Server", "cloudflare"),)
    response = Response(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=NOW)
    return SitePage(purpose, url, parse_page(response))


async def test_home_page_is_kept_whole_and_other_pages_add_only_what_is_new() -> None:
    pages = (
        site_page(f"{HOME}pricing", "pricing", SHELL + "<script src='https://js.stripe.com/v3/'></script>"),
        site_page(HOME, "home", SHELL),
        site_page(f"{HOME}about", "about", SHELL),
    )
    gathered = await gather_from_pages(
        ACCOUNT, pages, FakeWeb({}, {("acme.example", "MX"): ("1 smtp.google.com.",)})
    )
    home, pricing, dns = gathered.documents
    assert home.final_url == HOME
    assert "js.hs-scripts.com" in home.text
    assert "server: cloudflare" in home.text
    assert pricing.text == "script: https://js.stripe.com/v3/"
    assert {d.purpose for d in (home, pricing)} == {"markup"}
    assert {d.source for d in gathered.documents} == {"technographics"}
    assert dns.kind == "dns"
    assert gathered.state == "read"
    assert gathered.detail == "home page and 2 more pages, DNS: MX"
    own = ACCOUNT.domains
    assert {s.product for s in match_markup(home.text, own)} == {"HubSpot", "Cloudflare"}
    assert {s.product for s in match_markup(pricing.text, own)} == {"Stripe"}
    assert {s.product for s in match_dns(dns.text, own)} == {"Google Workspace"}


async def test_whole_way_reads_the_site_and_its_dns() -> None:
    web = FakeWeb(
        {HOME: SHELL + "<body><p>Acme makes anvils.</p>"}, {("acme.example", "NS"): ("ns1.dnsimple.com.",)}
    )
    gathered = await gather_technographics(ACCOUNT, FakeReader(web), GatherLimits(max_pages=3))
    assert gathered.state == "read"
    assert [document.kind for document in gathered.documents] == ["website", "dns"]
    assert gathered.detail == "home page, DNS: NS"


async def test_rate_limited_site_leaves_dns_to_speak() -> None:
    refusal = FetchFailure(url=HOME, reason="http_status", status=429, detail="429 Too Many Requests")
    web = FakeWeb({}, {("acme.example", "MX"): ("1 smtp.google.com.",)}, refusal=refusal)
    gathered = await gather_technographics(ACCOUNT, FakeReader(web), GatherLimits())
    assert gathered.state == "read"
    assert gathered.detail == "no page could be read, DNS: MX"


async def test_nothing_readable_is_unreadable_and_never_nothing_found() -> None:
    gathered = await gather_technographics(ACCOUNT, FakeReader(FakeWeb({}, dns_works=False)), GatherLimits())
    assert gathered.state == "unreadable"
    assert gathered.documents == ()
    assert gathered.failures
    assert {failure.reason for failure in gathered.failures} == {"timeout"}
    assert gathered.detail == "no page could be read, DNS could not be read: no answer in time"


async def test_domain_that_answers_with_nothing_was_read_and_had_nothing() -> None:
    gathered = await gather_from_pages(ACCOUNT, (), FakeWeb({}))
    assert gathered.state == "read_nothing_found"
    assert gathered.detail == "no page, DNS: no answers"


async def test_unanswered_dns_of_a_site_without_pages_is_unreadable() -> None:
    gathered = await gather_from_pages(ACCOUNT, (), FakeWeb({}, dns_works=False))
    assert gathered.state == "unreadable"
    assert gathered.detail == "no page, DNS could not be read: no answer in time"
