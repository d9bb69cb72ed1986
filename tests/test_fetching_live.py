"""What a live fetcher makes of ordinary servers: pages, redirects, cookies, statuses, a page kept from before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import respx
from respx_web import HOME, NOW, KeptPages, failed, fetched, get

from tools.fetching.api import FetchRequest
from tools.fetching.live import LiveFetcher


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


async def test_a_cookie_that_no_header_can_carry_is_let_go_and_the_site_is_read(
    fetcher: LiveFetcher, web: respx.Router
) -> None:
    cookies = [(b"Set-Cookie", "städte=1".encode("latin-1")), (b"Set-Cookie", b"plain=1")]
    web.get(HOME).mock(return_value=httpx.Response(200, headers=cookies, html="x"))
    about = web.get(HOME + "about").respond(200, html="y")
    fetched(await get(fetcher))
    fetched(await get(fetcher, HOME + "about"))
    assert about.calls.last.request.headers["cookie"] == "plain=1"


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
