"""The loopback world of the benches: its boards are read like real ones, and its end is said."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from evals.bench.batch_world import WorldSettings, host_name, serving, test_hosts
from tools.documents import GatherLimits
from tools.fetching.live import LiveFetcher
from tools.fetching.network import parse_test_hosts
from tools.identity import resolve_account
from tools.jobs import gather_jobs
from tools.pages.reader import Reader

QUIET = WorldSettings(latency=0.0, page_kilobytes=1)


async def openings_of(number: int, port: int) -> tuple[str, str, list[str]]:
    name = host_name(number)
    own = {name: ("127.0.0.1", port), f"www.{name}": ("127.0.0.1", port)}
    async with LiveFetcher(agent="x", test_hosts=own | parse_test_hosts(test_hosts(port))) as fetcher:
        reader = Reader(fetcher)
        account, _ = await resolve_account(name, reader)
        jobs = await gather_jobs(account, reader, GatherLimits())
    return jobs.state, jobs.detail, [each.title for each in jobs.documents]


def test_a_company_s_openings_stand_on_the_board_that_its_careers_page_links() -> None:
    with serving(QUIET) as world:
        state, detail, titles = asyncio.run(openings_of(1, world.port))
        assert (state, detail) == ("read", "greenhouse board company1: 3 openings, 3 read")
        assert titles[0].startswith("Account Executive")
        state, detail, titles = asyncio.run(openings_of(2, world.port))
        assert (state, titles) == ("read_nothing_found", [])
        assert detail.startswith("greenhouse board company2 read: no openings")


def test_a_world_that_is_gone_says_so() -> None:
    with serving(QUIET) as world:
        assert world.seen().web == 0
        os.kill(world.process_id, signal.SIGKILL)
        while world.alive:
            time.sleep(0.01)
        with pytest.raises(RuntimeError, match="the loopback world ended with exit code -9"):
            world.seen()
