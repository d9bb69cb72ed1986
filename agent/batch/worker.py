"""`dossier worker`: take shards of any run on the database, on as many machines as there are."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from agent.batch.admission import Admission
from agent.batch.campaign import watch_dog
from agent.batch.dbos_engine import ShardEngine, ShardQueue
from agent.batch.fleet import Fleet, Shard, ShardLedger, with_worker_limits
from agent.batch.heart import LEASE, Heart, start_anew
from agent.batch.pool import HealingPool
from agent.batch.ready import load_ahead, settled_process
from agent.batch.run import BatchWorker
from agent.batch.services import shared_model
from agent.batch.session import Session
from agent.errors import DossierError, InputError, StoreError
from agent.services import Services
from agent.settings import Settings
from agent.store.ledger import FinishedAccount
from agent.store.store import Store
from tools.pages.parsers import PageParsers

logger = logging.getLogger(__name__)

_STORE_PAUSE, _LONGEST_STORE_PAUSE = 3.0, 60.0


class _Nobody:
    """Takes no files: whoever submitted the run writes them from the store."""

    def finished(self, account: FinishedAccount, report: str | None) -> None:
        """Take one account's end."""


class ShardWorker:
    """Works on the shards that this process is given, all in one event loop."""

    def __init__(
        self,
        services: Services,
        fleet: Fleet,
        queue: ShardQueue,
        *,
        worker: str,
        concurrency: int,
        processes: int,
    ) -> None:
        self._services, self._fleet, self._queue, self._name = services, fleet, queue, worker
        self._concurrency, self._processes = concurrency, processes
        self._at_work: dict[Shard, BatchWorker] = {}
        self._ending = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._shards = 0
        self.admission = Admission(most=concurrency, wait=self._wait)

    def _wait(self) -> float:
        """Return the seconds that a request waits for the model; the shards' lines share one limit."""
        paces = [each.shared.pace for each in self._at_work.values() if each.shared and each.shared.pace]
        return sum(pace.wait for pace in paces)

    def runs(self) -> set[str]:
        """Return the runs that are worked on."""
        return {shard.run_id for shard in list(self._at_work)}

    def stop_run(self, run_id: str, reason: str) -> None:
        """End work on a run: somebody stopped it."""
        for shard, worker in list(self._at_work.items()):
            if shard.run_id == run_id:
                worker.stop(reason)

    async def end(self) -> None:
        """End all work; what is unfinished goes back in line and back into the queue."""
        self._ending.set()
        for worker in list(self._at_work.values()):
            worker.stop("the worker was stopped")
        await self._idle.wait()

    async def work(self, shard: Shard) -> str:
        """Work on one shard until its accounts came to an end; return how it ended, for people."""
        self._shards += 1
        self._idle.clear()
        pause = _STORE_PAUSE
        try:
            while True:
                try:
                    return await self._work(shard)
                except StoreError as error:
                    if self._ending.is_set():
                        raise
                    # The database is away: what this shard was doing is in its rows, and goes on from there.
                    logger.warning("stage=worker shard=%s waits: %s", shard.name(0), error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_STORE_PAUSE)
        finally:
            self._shards -= 1
            if not self._shards:
                self._idle.set()

    async def _work(self, shard: Shard) -> str:
        ordered = self._fleet.order(shard.run_id)
        if ordered is None:
            return "the run was stopped, or is done"
        if self._ending.is_set():
            return self._hand_back(shard)
        order = with_worker_limits(ordered[0], concurrency=self._concurrency, processes=self._processes)
        ledger = ShardLedger(self._services.store, shard)
        ledger.recover(shard.run_id)
        try:
            async with shared_model(
                self._services,
                extractor=order.extractor,
                model=order.model,
                run_id=shard.run_id,
                max_calls=order.max_calls,
                max_cost=order.max_cost,
                requests_per_minute=order.requests_per_minute,
                tokens_per_minute=order.tokens_per_minute,
                worker=self._name,
            ) as shared:
                worker = BatchWorker(
                    order,
                    ordered[1],
                    self._services,
                    shared,
                    _Nobody(),
                    Session(),
                    ledger=ledger,
                    admission=self.admission,
                )
                self._at_work[shard] = worker
                try:
                    await worker.work()
                finally:
                    del self._at_work[shard]
        except StoreError:
            raise
        except DossierError as error:
            self._fleet.stop(shard.run_id, f"worker {self._name}: {error}")
            return str(error)
        return self._ended(shard, ledger, worker.session)

    def _ended(self, shard: Shard, ledger: ShardLedger, session: Session) -> str:
        counts = ledger.counts(shard.run_id)  # a database that is away says so here
        if session.stopped is None or not sum(counts[s] for s in ("pending", "running", "deferred")):
            return "done"
        if self._ending.is_set():
            return self._hand_back(shard)
        if session.lost_store:
            raise StoreError(session.stopped)
        self._fleet.stop(shard.run_id, session.stopped)
        return session.stopped

    def _hand_back(self, shard: Shard) -> str:
        self._queue.put([shard])
        return "handed back"


async def run_worker(
    settings: Settings,
    *,
    concurrency: int,
    processes: int,
    lease: timedelta = LEASE,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Work until SIGINT or SIGTERM; a second signal ends at once. Raises our errors for what can be mended."""
    if settings.database_url is None:
        raise InputError(
            "a worker needs a store that all machines reach; give --database-url postgresql://..."
        )
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    loop = asyncio.get_running_loop()
    with contextlib.ExitStack() as stack:
        services = stack.enter_context(Services.open(settings))
        services.parsers = pool = HealingPool(processes)
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        pool.load_ahead()
        services.page_parsers = PageParsers(pool, trips=processes + 1)
        load_ahead()
        stack.enter_context(settled_process())
        fleet = Fleet(services.store)
        queue = await asyncio.to_thread(ShardQueue, settings.database_url)
        stack.callback(queue.close)
        worker = ShardWorker(
            services, fleet, queue, worker=name, concurrency=concurrency, processes=processes
        )

        def work(shard: Shard) -> str:
            return asyncio.run_coroutine_threadsafe(worker.work(shard), loop).result()

        def stopped(run_id: str, reason: str) -> None:
            loop.call_soon_threadsafe(worker.stop_run, run_id, reason)

        heart = Heart(
            stack.enter_context(Store(Path(), settings.database_url)),
            queue,
            name,
            lease,
            runs=worker.runs,
            on_stopped=stopped,
            on_lost=start_anew,
        )
        fleet.enroll(name, services.clock())
        heart.begin()
        engine = ShardEngine(settings.database_url, name, work)
        engine.start()
        say(f"worker {name} takes shards from {services.store.place}")
        watch = asyncio.ensure_future(worker.admission.watch())
        try:
            with watch_dog(pulse := Session()):
                await _until_signal(pulse)
                say("ending: what is unfinished goes to other workers")
                await worker.end()
        finally:
            watch.cancel()
            heart.end()
            engine.stop()
            with contextlib.suppress(StoreError):
                fleet.leave(name)
                queue.hand_on([name])  # what the queue gave out while this was ending


async def _until_signal(pulse: Session) -> None:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def stop() -> None:
        if asked.is_set():
            os._exit(130)  # asked twice: the store is whole at every moment
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop)
    while not asked.is_set():
        pulse.pulse = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await asked.wait()
