"""What a live fetcher makes of servers that refuse, drop or slow it, and the pace it keeps itself."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import httpx
import pytest
import respx
from respx_web import HOME, NOW, Waits, failed, fetched, get

from tools.fetching.http import retry_after
from tools.fetching.live import LiveFetcher
from tools.fetching.pace import HostLimits, HostPace


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
