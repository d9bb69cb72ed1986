"""Processes beside the event loop come back after one of them died, and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from agent.batch.pool import HealingPool
from tools.documents import FetchFailure
from tools.pages.aside import PARSER_DIED
from tools.pages.parsers import PageParsers

PARENT = """
import os, time
from agent.batch.pool import HealingPool
if __name__ == "__main__":
    pool = HealingPool(1)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_a_page_that_takes_its_process_down_costs_that_page_only() -> None:
    pool = HealingPool(1)
    try:
        with pytest.raises(BrokenProcessPool):
            pool.submit(os._exit, 1).result()
        assert pool.submit(abs, -3).result() == 3
    finally:
        pool.shutdown()


def test_processes_are_replaced_after_their_share_of_work_and_none_of_it_waits_without_end() -> None:
    pool = HealingPool(1, renew_after=4)  # and three at a time: so Python's own limit makes a pool hang
    try:
        readers = []
        deadline = time.monotonic() + 60
        while len(set(readers)) < 3 and time.monotonic() < deadline:
            under_way = [pool.submit(os.getpid) for _ in range(3)]
            readers += [each.result(timeout=30) for each in under_way]
            time.sleep(0.02)
    finally:
        pool.shutdown()
    assert len(set(readers)) >= 3
    assert readers == sorted(readers, key=list(dict.fromkeys(readers)).index)  # never back to an earlier one
    while any(is_running(reader) for reader in readers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_running(reader) for reader in readers)


async def test_work_beside_the_loop_finds_its_modules_loaded_and_costs_its_own_page_when_it_dies() -> None:
    pool = HealingPool(1)
    try:
        pool.load_ahead()
        parsers = PageParsers(pool, trips=2)
        is_loaded = "{} <= set(__import__('sys').modules)".format(
            {"agent.extraction.rules.dispatch", "tools.news.article"}
        )
        assert await parsers.aside("https://a.example/", eval, is_loaded)
        died = await parsers.aside("https://a.example/post", os._exit, 1)
        assert isinstance(died, FetchFailure)
        assert (died.url, died.reason, died.detail) == ("https://a.example/post", "parse", PARSER_DIED)
        assert await parsers.aside("https://a.example/next", abs, -3) == 3
    finally:
        pool.shutdown()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this platform")
def test_a_killed_parent_leaves_no_process_behind(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = tmp_path_factory.mktemp("pool") / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and is_running(child):
            time.sleep(0.1)
        assert not is_running(child)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
