"""What many accounts need is loaded before the first of them, and the collector leaves it alone meanwhile."""

from __future__ import annotations

import gc
import subprocess
import sys

from agent.batch.ready import settled_process

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


def test_the_first_account_finds_everything_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_USES], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
