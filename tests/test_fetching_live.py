"""What a live fetcher makes of ordinary and of failing servers; respx stands where the network is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
import respx

from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, FetchRequest, Response
from tools.fetching.dns import DnsReply
from tools.fetching.http import FetchLimits, retry_after
from tools.fetching.live import LiveFetcher, user_agent
from tools.fetching.pace import HostLimits, HostPace

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOME = "https://acme.example/"
AGENT = user_agent("0.1.0", "https://dossier.example/robot")


class Waits(list[float]):
    """Stands in for sleeping and remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class KeptPages(dict[str, Response]):
    """A page cache in memory."""

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        kept = self.get(key)
        return kept if kept is not None and kept.fetched_at >= not_before else None

    def save(self, key: str, response: Response) -> None:
        self[key] = response


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def make(waits: Waits, web: respx.Router) -> Callable[..., LiveFetcher]:
    def build(**more: object) -> LiveFetcher:
        defaults = {
            "agent": AGENT,
            "transport": httpx.MockTransport(web.async_handler),
            "clock": lambda: NOW,
            "sleep": waits,
            "hosts": HostLimits(default=HostPace(0.0, 8), sleep=Waits()),
            "limits": FetchLimits(patience=30.0),
        }
        return LiveFetcher(**{**defaults, **more})  # type: ignore[arg-type]

    return build


@pytest.fixture
async def fetcher(make: Callable[..., LiveFetcher]) -> AsyncIterator[LiveFetcher]:
    async with make() as live:
        yield live


@pytest.fixture
def web() -> respx.Router:
    router = respx.Router(assert_all_called=False)
    router.get(url__regex=r"^https?://[^/]+/robots\.txt$", name="robots").respond(404)
    return router


async def get(fetcher: LiveFetcher, url: str = HOME, **more: object) -> Response | FetchFailure:
    return await fetcher.fetch(FetchRequest(url=url, **more))  # type: ignore[arg-type]


def failed(answer: object) -> FetchFailure:
    assert isinstance(answer, FetchFailure), answer
    assert "\n" not in answer.detail
    assert answer.detail
    return answer


def fetched(answer: object) -> Response:
    assert isinstance(answer, Response), answer
    return answer


async def test_a_page_comes_with_its_headers_and_time(fetcher: LiveFetcher, web: respx.Router) -> None:
    web.get(HOME).respond(200, html="<p>Acme</p>", headers={"Server": "nginx", "Set-Cookie": "a=1"})
    page = fetched(await get(fetcher))
    assert (page.url, page.final_url, page.status, page.body) == (HOME, HOME, 200, b"<p>Acme</p>")
    assert (page.header("server"), page.header("SET-COOKIE"), page.fetched_at) == ("nginx", "a=1", NOW)
    assert page.header("content-length") is None
    assert page.redirects == ()


async def test_requests_say_who_asks_and_which_encodings_can_be_bounded(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    route = web.get(HOME).respond(200, html="x")
    await get(fetcher)
    sent = route.calls.last.request
    assert sent.headers["user-agent"] == "Dossier/0.1.0 (+https://dossier.example/robot)"
    assert sent.headers["accept-encoding"] == "gzip, deflate"
    assert "text/html" in sent.headers["accept"]


async def test_one_url_is_fetched_once_in_a_run_however_it_is_spelled(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    route = web.get(HOME).respond(200, html="x")
    answers = await asyncio.gather(
        *(get(fetcher, url) for url in (HOME, "https://ACME.example", HOME + "#top"))
    )
    assert route.call_count == 1
    assert [fetched(answer).url for answer in answers] == [HOME, "https://ACME.example", HOME + "#top"]


async def test_one_caller_giving_up_does_not_spoil_the_fetch_for_another(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    async def slowly(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.05)
        return httpx.Response(200, html="x")

    web.get(HOME).mock(side_effect=slowly)
    impatient, patient = asyncio.create_task(get(fetcher)), asyncio.create_task(get(fetcher))
    await asyncio.sleep(0.01)
    impatient.cancel()
    fetched(await patient)


async def test_redirects_are_followed_one_by_one_and_listed(fetcher: LiveFetcher, web: respx.Router) -> None:
    web.get("http://acme.example/").respond(301, headers={"Location": HOME})
    web.get(HOME).respond(302, headers={"Location": "/en"})
    web.get(HOME + "en").respond(200, html="x")
    page = fetched(await get(fetcher, "http://acme.example"))
    assert page.final_url == HOME + "en"
    assert page.redirects == ("http://acme.example/", HOME)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1:8080/",
        "https://acme.example:6379/",
        "http://user:pw@acme.example/",
    ],
)
async def test_a_redirect_inwards_is_refused(fetcher: LiveFetcher, web: respx.Router, target: str) -> None:
    web.get(HOME).respond(302, headers={"Location": target})
    inside = web.get(target)
    failure = failed(await get(fetcher))
    assert (failure.reason, failure.url) == ("blocked_address", HOME)
    assert not inside.called


@pytest.mark.parametrize(
    "target", ["ftp://acme.example/", "mailto:x@acme.example", "http://", "", "http://xn--/"]
)
async def test_a_redirect_to_nowhere_is_a_failure(
    fetcher: LiveFetcher, web: respx.Router, target: str
) -> None:
    web.get(HOME).respond(302, headers={"Location": target})
    assert failed(await get(fetcher)).reason in ("http_status", "parse", "redirect_loop")


async def test_redirects_in_a_circle_are_a_loop(fetcher: LiveFetcher, web: respx.Router) -> None:
    web.get(HOME).respond(302, headers={"Location": "/a"})
    web.get(HOME + "a").respond(302, headers={"Location": "/"})
    assert failed(await get(fetcher)).reason == "redirect_loop"


async def test_redirects_without_end_are_a_loop(fetcher: LiveFetcher, web: respx.Router) -> None:
    route = web.get(url__regex=r".*/\d*$").mock(
        side_effect=lambda request: httpx.Response(302, headers={"Location": f"/{len(route.calls)}"})
    )
    assert failed(await get(fetcher)).reason == "redirect_loop"
    assert route.call_count <= 9


async def test_a_page_may_redirect_to_itself_once_to_set_a_cookie(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "seen=1" in request.headers.get("cookie", ""):
            return httpx.Response(200, html="x")
        return httpx.Response(302, headers={"Location": HOME, "Set-Cookie": "seen=1"})

    web.get(HOME).mock(side_effect=answer)
    assert fetched(await get(fetcher)).redirects == ()


async def test_a_key_for_one_host_is_not_sent_on_to_another(fetcher: LiveFetcher, web: respx.Router) -> None:
    web.get("https://api.example/v1").respond(302, headers={"Location": "https://elsewhere.example/v1"})
    elsewhere = web.get("https://elsewhere.example/v1").respond(200, json={})
    await get(fetcher, "https://api.example/v1", accept="json", origin="api", headers=(("X-Key", "s3cret"),))
    assert "x-key" not in elsewhere.calls.last.request.headers


@pytest.mark.parametrize(
    ("status", "detail"), [(404, "no such page"), (401, "login"), (500, "try again"), (418, "418")]
)
async def test_other_statuses_are_failures_with_a_next_step(
    fetcher: LiveFetcher, web: respx.Router, status: int, detail: str
) -> None:
    web.get(HOME).respond(status)
    failure = failed(await get(fetcher))
    assert (failure.reason, failure.status) == ("http_status", status)
    assert detail in failure.detail


# robots.txt


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (410, True), (500, False), (503, False), (429, False)]
)
async def test_robots_status_decides_crawling(
    fetcher: LiveFetcher, web: respx.Router, status: int, allowed: bool
) -> None:
    web["robots"].respond(status)
    page = web.get(HOME).respond(200, html="x")
    answer = await get(fetcher)
    assert page.called is allowed
    if not allowed:
        assert failed(answer).reason == "robots"


async def test_robots_that_do_not_answer_in_time_forbid(fetcher: LiveFetcher, web: respx.Router) -> None:
    web["robots"].mock(side_effect=httpx.ReadTimeout)
    page = web.get(HOME).respond(200, html="x")
    assert failed(await get(fetcher)).reason == "robots"
    assert not page.called


async def test_a_host_that_cannot_be_reached_fails_for_that_reason(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    web["robots"].mock(side_effect=httpx.ConnectError("refused"))
    assert failed(await get(fetcher)).reason == "timeout"


async def test_robots_rules_are_read_once_and_obeyed(fetcher: LiveFetcher, web: respx.Router) -> None:
    rules = web["robots"].respond(
        200,
        text="User-agent: *\nDisallow: /\n\nUser-agent: dossier\nDisallow: /private\nAllow: /private/open\n",
    )
    web.get(url__regex=r".*").respond(200, html="x")
    fetched(await get(fetcher))
    fetched(await get(fetcher, HOME + "private/open"))
    assert failed(await get(fetcher, HOME + "private/x")).reason == "robots"
    assert rules.call_count == 1


async def test_robots_of_a_redirect_target_decide_too(fetcher: LiveFetcher, web: respx.Router) -> None:
    web["robots"].mock(
        side_effect=lambda request: httpx.Response(
            200, text=f"User-agent: *\nDisallow: /{'' if request.url.host == 'other.example' else 'x'}"
        )
    )
    web.get(HOME).respond(301, headers={"Location": "https://other.example/"})
    target = web.get("https://other.example/").respond(200, html="x")
    failure = failed(await get(fetcher))
    assert (failure.reason, failure.url) == ("robots", HOME)
    assert not target.called


async def test_documented_endpoints_are_not_gated_by_robots(fetcher: LiveFetcher, web: respx.Router) -> None:
    rules = web["robots"].respond(200, text="User-agent: *\nDisallow: /")
    web.get("https://api.example/v1").respond(200, json={"jobs": []})
    fetched(await get(fetcher, "https://api.example/v1", accept="json", origin="api"))
    assert not rules.called


async def test_crawl_delay_is_kept_up_to_ten_seconds(
    make: Callable[..., LiveFetcher], web: respx.Router
) -> None:
    class Noted(HostLimits):
        delays: list[float] = []  # noqa: RUF012  one test's own class

        def slow_down(self, host: str, interval: float) -> None:
            self.delays.append(interval)

    web["robots"].respond(200, text="User-agent: *\nCrawl-delay: 86400")
    web.get(HOME).respond(200, html="x")
    async with make(hosts=Noted(default=HostPace(0.0, 8))) as fetcher:
        fetched(await get(fetcher))
    assert Noted.delays == [10.0]


async def test_a_robots_file_of_any_size_is_read_to_its_cap(fetcher: LiveFetcher, web: respx.Router) -> None:
    text = "User-agent: *\nDisallow: /private\n" + "# padding\n" * 200_000
    web["robots"].respond(200, text=text)
    assert failed(await get(fetcher, HOME + "private")).reason == "robots"


# Retries


async def test_retry_after_is_honoured(fetcher: LiveFetcher, web: respx.Router, waits: Waits) -> None:
    web.get(HOME).mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, html="x")]
    )
    fetched(await get(fetcher))
    assert waits == [0.0]


async def test_a_wait_longer_than_patience_is_not_waited_for(
    fetcher: LiveFetcher, web: respx.Router, waits: Waits
) -> None:
    route = web.get(HOME).respond(503, headers={"Retry-After": "3600"})
    failure = failed(await get(fetcher))
    assert "3600" in failure.detail
    assert (route.call_count, waits) == (1, [])
    assert failed(await get(fetcher, HOME + "other")).status == 503
    assert route.call_count == 1


async def test_a_429_storm_is_bounded(fetcher: LiveFetcher, web: respx.Router, waits: Waits) -> None:
    route = web.get(url__regex=r".*/\d+$").respond(429, headers={"Retry-After": "0"})
    for number in range(40):
        failure = failed(await get(fetcher, f"{HOME}{number}"))
        assert (failure.reason, failure.status) == ("http_status", 429)
    assert route.call_count == 9
    assert len(waits) == 6


async def test_a_dropped_connection_is_tried_once_more(
    fetcher: LiveFetcher, web: respx.Router, waits: Waits
) -> None:
    web.get(HOME).mock(side_effect=[httpx.ReadError("reset"), httpx.Response(200, html="x")])
    fetched(await get(fetcher))
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
        ("²", None),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectTimeout("t"), "timeout"),
        (httpx.ReadTimeout("t"), "timeout"),
        (httpx.PoolTimeout("t"), "timeout"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), "timeout"),
        (httpx.RemoteProtocolError("illegal status line"), "parse"),
        (OSError("unreachable"), "timeout"),
    ],
)
async def test_network_errors_are_values(
    fetcher: LiveFetcher, web: respx.Router, error: Exception, reason: str
) -> None:
    web.get(HOME).mock(side_effect=error)
    assert failed(await get(fetcher)).reason == reason


# Content


@pytest.mark.parametrize(
    ("accept", "content_type", "body", "kind"),
    [
        ("html", "application/pdf", b"%PDF-1.7 ...", "a PDF"),
        ("html", "text/html", b"%PDF-1.7 ...", "a PDF"),
        ("html", "image/png", b"\x89PNG\r\n\x1a\n", "an image"),
        ("html", "image/svg+xml", b"<svg></svg>", "an image"),
        ("html", "application/octet-stream", bytes(range(256)) * 8, "binary"),
        ("html", None, b"PK\x03\x04" + bytes(100), "zip"),
        ("json", "application/json", b"<!doctype html><p>error</p>", "markup"),
        ("xml", "text/html", b"<!-- x --><!DOCTYPE html><html>", "HTML"),
        ("xml", "text/xml", b"<?xml version='1.0'?><html>", "HTML"),
    ],
)
async def test_what_is_not_the_text_asked_for_is_named(
    fetcher: LiveFetcher, web: respx.Router, accept: str, content_type: str | None, body: bytes, kind: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    web.get(HOME).respond(200, content=body, headers=headers)
    failure = failed(await get(fetcher, accept=accept))
    assert failure.reason == "not_text"
    assert kind in failure.detail


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        ("html", None, b"<html>"),
        ("html", "application/octet-stream", b"<html>"),
        ("html", "text/html", "é".encode("utf-16")),
        ("html", "text/html", "Zürich".encode("latin-1")),
        ("html", "text/html", b""),
        ("json", "text/html", b' {"a": 1}'),
        ("xml", "text/html", b"<rss version='2.0'>"),
        ("any", "application/pdf", b"%PDF"),
    ],
)
async def test_a_wrong_header_does_not_hide_text(
    fetcher: LiveFetcher, web: respx.Router, accept: str, content_type: str | None, body: bytes
) -> None:
    web.get(HOME).respond(200, content=body, headers={"Content-Type": content_type} if content_type else {})
    assert fetched(await get(fetcher, accept=accept)).body == body


def test_many_comments_before_no_html_are_scanned_in_time() -> None:
    from tools.fetching.content import refuse_content

    assert refuse_content(b"<!---->" * 140, "text/xml", "xml") is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "wall"),
    [
        (403, {"cf-mitigated": "challenge"}, "<title>Just a moment...</title>", "Cloudflare"),
        (200, {}, "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "Cloudflare"),
        (202, {"x-amzn-waf-action": "challenge"}, "", "AWS WAF"),
        (403, {}, "<h1>Access Denied</h1> errors.edgesuite.net", "Akamai"),
        (403, {}, '<script src="https://ct.captcha-delivery.com/c.js">', "DataDome"),
        (403, {}, '<div id="px-captcha"></div> Press & Hold', "PerimeterX"),
        (200, {}, '<h1>Are you a robot?</h1><div class="g-recaptcha"></div>', "CAPTCHA"),
        (200, {}, "<p>Request unsuccessful. Incapsula incident ID: 1-2</p>", "Imperva"),
    ],
)
async def test_bot_walls_are_named_whatever_their_status(
    fetcher: LiveFetcher, web: respx.Router, status: int, headers: dict[str, str], body: str, wall: str
) -> None:
    web.get(HOME).respond(status, html=body, headers=headers)
    failure = failed(await get(fetcher))
    assert (failure.reason, failure.status) == ("http_status", status)
    assert wall in failure.detail


async def test_a_captcha_on_a_contact_form_is_no_wall(fetcher: LiveFetcher, web: respx.Router) -> None:
    text = "<p>Our teams move freight across Europe every day.</p>" * 40
    script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    web.get(HOME).respond(200, html=f"{script}{text}<p>I am not a robot</p><div class='g-recaptcha'></div>")
    fetched(await get(fetcher))


# Cache


async def test_a_fresh_page_comes_from_the_cache_and_a_stale_one_does_not(
    make: Callable[..., LiveFetcher], web: respx.Router
) -> None:
    route = web.get(HOME).respond(200, html="x")
    pages = KeptPages()
    async with make(cache=pages) as first:
        assert not fetched(await get(first)).from_cache
    async with make(cache=pages) as second:
        kept = fetched(await get(second))
    assert kept.from_cache
    assert kept.body == b"x"
    async with make(cache=pages, clock=lambda: NOW + timedelta(days=2)) as later:
        assert not fetched(await get(later)).from_cache
    assert route.call_count == 2


async def test_refresh_bypasses_the_cache_and_renews_it(
    make: Callable[..., LiveFetcher], web: respx.Router
) -> None:
    pages = KeptPages()
    web.get(HOME).mock(side_effect=[httpx.Response(200, html="old"), httpx.Response(200, html="new")])
    async with make(cache=pages) as first:
        await get(first)
    async with make(cache=pages, refresh=True) as second:
        assert fetched(await get(second)).body == b"new"
    assert [page.body for page in pages.values()] == [b"new"]


async def test_failures_are_not_cached(make: Callable[..., LiveFetcher], web: respx.Router) -> None:
    pages = KeptPages()
    web.get(HOME).respond(404)
    async with make(cache=pages) as fetcher:
        failed(await get(fetcher))
    assert not pages


async def test_a_json_body_makes_a_post(fetcher: LiveFetcher, web: respx.Router) -> None:
    route = web.post("https://acme.wd5.example/jobs").respond(200, json={"total": 2})
    request = FetchRequest(
        url="https://acme.wd5.example/jobs", accept="json", origin="api", json_body={"limit": 20, "offset": 0}
    )
    assert fetched(await fetcher.fetch(request)).body == b'{"total":2}'
    sent = route.calls.last.request
    assert sent.content == b'{"limit":20,"offset":0}'
    assert sent.headers["content-type"] == "application/json"


# DNS


async def test_dns_answers_come_sorted_and_once(make: Callable[..., LiveFetcher]) -> None:
    asked: list[str] = []

    async def dns(name: str, record_type: str) -> DnsReply:
        asked.append(f"{name} {record_type}")
        return DnsReply(("20 b.mail.example.", "10 a.mail.example."))

    async with make(dns=dns) as fetcher:
        answers = await asyncio.gather(
            fetcher.resolve("Acme.example.", "MX"), fetcher.resolve("acme.example", "MX")
        )
    expected = DnsAnswer(
        name="acme.example",
        record_type="MX",
        answers=("10 a.mail.example.", "20 b.mail.example."),
        fetched_at=NOW,
    )
    assert answers == [expected, expected]
    assert asked == ["acme.example MX"]


@pytest.mark.parametrize(
    ("name", "fails"), [("acme.com", True), ("acme.co.uk", True), ("help.acme.com", False)]
)
async def test_a_registrable_domain_that_does_not_exist_is_a_failure_and_a_missing_host_is_not(
    make: Callable[..., LiveFetcher], name: str, fails: bool
) -> None:
    async def dns(name: str, record_type: str) -> DnsReply:
        return DnsReply(exists=False)

    async with make(dns=dns) as fetcher:
        answer = await fetcher.resolve(name, "CNAME")
    if fails:
        assert failed(answer).reason == "dns"
        assert "NXDOMAIN" in failed(answer).detail
    else:
        assert isinstance(answer, DnsAnswer)
        assert answer.answers == ()


async def test_dns_that_gives_no_answer_is_a_failure(make: Callable[..., LiveFetcher]) -> None:
    async def dns(name: str, record_type: str) -> DnsReply:
        return DnsReply(problem="the name servers did not answer in time; try again later")

    async with make(dns=dns) as fetcher:
        assert failed(await fetcher.resolve("acme.com", "TXT")).reason == "dns"


# Pace


async def test_a_host_is_asked_at_its_pace_and_no_wider_than_allowed() -> None:
    limits = HostLimits(default=HostPace(interval=0.02, concurrency=2))
    clock = asyncio.get_running_loop().time
    starts: list[float] = []
    open_now = widest = 0

    async def ask() -> None:
        nonlocal open_now, widest
        async with limits.slot("acme.example"):
            starts.append(clock())
            open_now += 1
            widest = max(widest, open_now)
            await asyncio.sleep(0.05)
            open_now -= 1

    await asyncio.gather(*(ask() for _ in range(5)))
    assert widest == 2
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.015


async def test_backing_off_holds_everybody_on_that_host_only() -> None:
    limits = HostLimits(default=HostPace(0.0, 4))
    clock = asyncio.get_running_loop().time
    begin = clock()
    limits.back_off("acme.example", 0.05)
    async with limits.slot("other.example"):
        assert clock() - begin < 0.04
    async with limits.slot("acme.example"):
        assert clock() - begin >= 0.045
