"""Processes beside the event loop: parsing large pages, and writing report pages.

A page that takes its process down costs that page; the pool starts anew for the next one.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from agent.batch.ready import SELDOM

if TYPE_CHECKING:
    from agent.settings import Settings
    from agent.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")

_NICE = 3
"""Readers yield to the process whose loop all accounts wait for."""
_TASKS_PER_PROCESS = 5_000
"""Work items after which the processes are replaced: parsers keep memory of the largest page they ever saw."""


class HealingPool(Executor):
    """A process pool that starts anew after one of its processes died, and after `renew_after` items a process.

    Python's own `max_tasks_per_child` is not used: a pool whose last process has ended by it may start no other
    (python/cpython#115634), and whatever is submitted then waits without end. Submit from one thread.
    """

    def __init__(self, processes: int, *, renew_after: int = _TASKS_PER_PROCESS) -> None:
        self._processes = processes
        self._renew_after = renew_after * processes
        self._pool = self._start()
        self._submitted = 0
        self._next: ProcessPoolExecutor | None = None
        self._loading: list[Future[None]] = []

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin_process,
        )

    def load_ahead(self) -> None:
        """Start every process, and have each load what reads accounts, while this one loads what asks a model."""
        for _ in range(self._processes):
            self.submit(load_readers)

    # The parent's signature takes any function and arguments.
    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedule one call."""
        self._submitted += 1
        if self._submitted > self._renew_after:
            self._renew()
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            self._replace(self._start())
            return self._pool.submit(fn, *args, **kwargs)

    def _renew(self) -> None:
        """Start the processes that come next; take them once they have loaded what reads accounts."""
        if self._next is None:
            self._next = self._start()
            self._loading = [self._next.submit(load_readers) for _ in range(self._processes)]
        elif all(loading.done() for loading in self._loading):
            self._replace(self._next)
            self._next = None

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        """Submit to another pool from now on; what was submitted comes to its end where it is."""
        self._pool.shutdown(wait=False)
        self._pool, self._submitted = pool, 0

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes."""
        for pool in filter(None, (self._next, self._pool)):
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _begin_process() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, however it ended."""
    gc.set_threshold(*SELDOM)
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICE)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:  # Any: multiprocessing's own process handle
    parent.join()
    os._exit(0)


def load_readers() -> None:
    """Load what parses, reads and checks pages. Runs in the pool."""
    for name in (
        "agent.extraction.rules.dispatch",
        "agent.grounding",
        "agent.report.html",
        "fastfeedparser",
        "tools.news.article",
        "tools.news.feeds",
        "tools.pages.parse",
    ):
        import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded stays; the collector need not look through it again and again


def write_report_page(settings: Settings, run_id: str, target: Path) -> bool:
    """Write one stored report as a self-contained page; tell whether the report was there. Runs in the pool."""
    from agent.report.html import render_html

    with _reading(settings) as store:
        report = store.load_report(run_id)
        if report is None:
            return False
        page = render_html(report, store.load_text)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    partial.write_text(page, encoding="utf-8")
    partial.replace(target)
    return True


@contextlib.contextmanager
def _reading(settings: Settings) -> Iterator[Store]:
    """Yield the store; a process of the pool keeps a file's open, as opening it takes a fifth of a page's time."""
    from agent.store.store import Store

    if settings.database_url is None and multiprocessing.parent_process() is not None:
        yield _kept_store(settings.home)
        return
    with Store.configured(settings) as store:
        yield store


@lru_cache(maxsize=1)
def _kept_store(home: Path) -> Store:
    from agent.store.store import Store

    return Store(home)
