"""A worker's sign of life: a row in the database, and what it learns there from the others."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from agent.batch.dbos_engine import ShardQueue
from agent.batch.fleet import Fleet
from agent.errors import StoreError
from agent.store.store import Store

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A worker that was not seen for so long has lost its shards to the others."""
_BEATS_A_LEASE = 6


def hand_on_the_dead(store: Store, queue: ShardQueue, lease: timedelta) -> int:
    """Give the shards of workers that are not seen any more to the others; return how many shards."""
    with store.transaction():  # holds back whoever does the same at the same moment
        return queue.hand_on(Fleet(store).bury(lease))


class Heart(threading.Thread):
    """Beats until `end`, on a connection of its own.

    `on_stopped(run_id, reason)` is called for each run that was stopped; `on_lost(seconds)` when the lease
    ran out, because the database could not be reached or because the others gave this worker up: then its
    shards are theirs, and whatever this process still does is done twice.
    """

    def __init__(
        self,
        store: Store,
        queue: ShardQueue,
        worker: str,
        lease: timedelta,
        *,
        runs: Callable[[], set[str]],
        on_stopped: Callable[[str, str], None],
        on_lost: Callable[[float], None],
    ) -> None:
        super().__init__(name="heart", daemon=True)
        self._store, self._queue, self._worker, self._lease = store, queue, worker, lease
        self._runs, self._on_stopped, self._on_lost = runs, on_stopped, on_lost
        self._ended = threading.Event()
        self._last = time.monotonic()
        self._guard = threading.Thread(target=self._watch, name="lease", daemon=True)

    def begin(self) -> None:
        """Begin to beat, and to watch that beats arrive."""
        self.start()
        self._guard.start()

    def end(self) -> None:
        """Stop beating."""
        self._ended.set()
        self.join(timeout=5.0)

    def run(self) -> None:
        """Beat."""
        pause = self._lease.total_seconds() / _BEATS_A_LEASE
        fleet = Fleet(self._store)
        while not self._ended.wait(pause):
            began = time.monotonic()
            try:
                if not fleet.beat(self._worker):
                    self._on_lost(time.monotonic() - self._last)
                    return
                self._last = began
                for run_id in self._runs():
                    reason = fleet.stopped(run_id)
                    if reason is not None:
                        self._on_stopped(run_id, reason)
                hand_on_the_dead(self._store, self._queue, self._lease)
            except StoreError as error:
                logger.warning("stage=worker no beat: %s", error)
            except Exception as error:  # noqa: BLE001  the engine's own errors of a lost connection
                logger.warning("stage=worker no beat: %s", type(error).__name__)

    def _watch(self) -> None:
        """Notice a lease that ran out while a beat hangs in a dead connection."""
        while not self._ended.wait(self._lease.total_seconds() / (4 * _BEATS_A_LEASE)):
            silent = time.monotonic() - self._last
            if silent > 0.9 * self._lease.total_seconds():
                self._on_lost(silent)
                return


def start_anew(seconds: float) -> None:
    """Replace this process by a fresh one of the same command: its shards are others' now."""
    sys.stderr.write(
        f"dossier: no sign of the database for {seconds:.0f} s; other workers go on with this one's shards, "
        "this one starts anew\n"
    )
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  this very command
