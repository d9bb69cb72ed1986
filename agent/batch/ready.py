"""Get a process ready for many accounts: what is loaded or built once must not hold up those who wait for its loop."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Final, cast

_LOADED_AT_FIRST_USE: Final = ("anyio._backends._asyncio", "fastfeedparser")
"""What the first connection to a model and the first feed would load."""
SELDOM: Final = (20_000, 10, 50)
"""New values before the collector looks for cycles among them (Python's own number is 700), and how many such looks
before one at older values. What a run makes dies with its references; looking so often took a tenth of its time, and
looking at very many at once holds up the loop."""


def load_ahead() -> None:
    """Load and build what the first account would: some hundred milliseconds each, on the loop that all share."""
    from agent.canonical.dates import find_dates
    from agent.graph.build import compiled_graph
    from agent.graph.gather import load_sources
    from tools.domains import registrable
    from tools.fetching.network import shared_tls_context
    from tools.occupations import department_of, names_a_job, seniority_of
    from tools.places import country_code

    for name in _LOADED_AT_FIRST_USE:
        import_module(name)
    load_sources()
    compiled_graph()
    shared_tls_context()
    registrable("www.any.com"), country_code("Any"), list(find_dates(""))
    department_of("Any", "any"), seniority_of("Any"), names_a_job("Any planner")


def give_back_memory() -> None:
    """Give the system what the C library keeps of pages read and forgotten: a quarter of a megabyte an account.

    It takes a millisecond or two. Libraries other than glibc know no such call; there nothing is done.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        return cast(Callable[[int], int], ctypes.CDLL(None).malloc_trim)
    except (AttributeError, OSError, TypeError):
        return None


_GIVE_BACK: Final = 0.0005
"""Seconds after which a thread that computes gives the interpreter to the loop. Python's own number is ten times as
long, and the loop may wait for it whenever it has asked the system for something."""


@contextmanager
def settled_process() -> Iterator[None]:
    """Keep the collector, and other threads, from holding up the loop while accounts come and go.

    The collector need not look through all that is loaded, again and again: one look at the modules, schemas and
    patterns of a run takes a quarter of a second, in which nothing else runs; one at hundreds of accounts that wait
    for a model, a tenth.
    """
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(*SELDOM)
    sys.setswitchinterval(_GIVE_BACK)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        sys.setswitchinterval(interval)
