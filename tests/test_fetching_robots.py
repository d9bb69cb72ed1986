"""What robots.txt lets a live fetcher ask, and what it makes of one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
import respx
from respx_web import HOME, failed, fetched, get

from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace


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
