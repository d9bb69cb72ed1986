"""What many accounts need is loaded before the first of them, and the collector leaves it alone meanwhile."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from agent.batch.ready import give_back_memory, settled_process

FIRST_USES = """
import sys
from agent.batch.ready import load_ahead
load_ahead()
loaded = set(sys.modules)
from agent.canonical.dates import find_dates
from agent.graph.gather import load_sources
load_sources()
assert list(find_dates("On 3 March 2025 we moved."))
print(len(set(sys.modules) - loaded))
"""


def test_what_is_loaded_is_left_alone_only_while_accounts_are_worked_on() -> None:
    before = gc.get_freeze_count()
    with settled_process():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep no freed pages")
def test_memory_between_what_is_kept_goes_back_to_the_system() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )

    blocks = [b"x" * 40_000 for _ in range(2_000)]
    kept = blocks[::50]
    blocks.clear()
    before = resident()
    give_back_memory()
    assert before - resident() > 40_000_000
    assert len(kept) == 40


def test_the_first_account_finds_everything_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_USES], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
