"""Have a run worked on by others: submit its shards, watch the store, write the files as accounts finish."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from agent.batch.admission import Admission
from agent.batch.dbos_engine import ShardQueue
from agent.batch.fleet import Fleet, plan_shards
from agent.batch.heart import LEASE, hand_on_the_dead
from agent.batch.order import BatchOrder, OpenedRun, account_run_id
from agent.batch.pool import write_report_page
from agent.batch.services import SharedModel
from agent.batch.session import Session, Sink
from agent.errors import InputError, StoreError
from agent.services import Services
from agent.settings import DEFAULT_MODEL
from agent.store.ledger import Ledger

_TICK, _LONGEST_TICK = 1.0, 15.0
_CLOCKS_DIFFER = timedelta(minutes=10)
_WIND_DOWN_SECONDS = 90.0
_MOST_IDLE_ROUNDS = 3
_SAY_NOBODY_SECONDS = 30.0


class Dispatcher:
    """Stands where a `BatchWorker` would: the work is done elsewhere, its outputs are written here."""

    def __init__(
        self,
        order: BatchOrder,
        opened: OpenedRun,
        services: Services,
        shared: SharedModel | None,
        sink: Sink,
        session: Session,
    ) -> None:
        url = services.settings.database_url
        if url is None:
            raise InputError("--engine dbos needs a store that all machines reach; give --database-url")
        if order.llm_batch or (shared is not None and shared.desk is not None):
            raise InputError(
                "--engine dbos and --llm-batch do not go together; finish the run's batches with --engine local"
            )
        model = order.model or services.settings.model or DEFAULT_MODEL
        self.order = replace(
            order, model=model if shared else order.model, extractor=_extractor(order, shared)
        )
        self.opened, self.services, self.shared, self.session = opened, services, shared, session
        self.admission = Admission(most=1)
        self._sink, self._url = sink, url
        self._fleet, self._ledger = Fleet(services.store), Ledger(services.store)
        self._stop = asyncio.Event()
        self._known: set[str] = set()
        self._latest: datetime | None = None
        self._nobody_since: float | None = None
        self._idle_rounds = 0

    def stop(self, reason: str, *, interrupted: bool = False) -> None:
        """End work on every machine; accounts under way go back in line."""
        if self.session.stopped is None:
            self.session.stopped, self.session.interrupted = reason, interrupted
        self._stop.set()

    async def work(self) -> None:
        """Submit what is left of the run and watch until it is done or stopped."""
        run_id = self.opened.run.id
        queue = await asyncio.to_thread(ShardQueue, self._url)
        try:
            self._known = {domain for domain, _ in self._fleet.finished_since(run_id, None)}
            await self._write_pages(sorted(self._known))
            self._fleet.put_order(self.order, self.opened)
            await self._submit(queue)
            await self._watch(queue)
        except StoreError as error:
            self.stop(str(error))
        finally:
            with contextlib.suppress(StoreError):
                await self._wind_down(queue)
            await asyncio.to_thread(queue.close)

    async def _watch(self, queue: ShardQueue) -> None:
        run_id, tick = self.opened.run.id, _TICK
        while not self._stop.is_set():
            began = time.monotonic()
            await self._take_finished()
            left = len(self._fleet.unfinished(run_id))
            if not left:
                return
            reason = self._fleet.stopped(run_id)
            if reason is not None:
                self.stop(reason)
                return
            self._say_when_nobody_works()
            await asyncio.to_thread(hand_on_the_dead, self.services.store, queue, LEASE)
            await self._submit_again(queue)
            # A long list takes long to look through; never more than a twentieth of the time.
            tick = min(_LONGEST_TICK, max(_TICK, 20 * (time.monotonic() - began)))
            self.session.pulse = time.monotonic()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(tick):
                    await self._stop.wait()

    async def _submit(self, queue: ShardQueue) -> int:
        run_id = self.opened.run.id
        taken = await asyncio.to_thread(queue.active, run_id)
        shards = plan_shards(
            run_id, self._fleet.unfinished(run_id), taken, workers=max(2, self._fleet.alive())
        )
        await asyncio.to_thread(queue.put, shards)
        return len(shards)

    async def _submit_again(self, queue: ShardQueue) -> None:
        """Submit what no shard holds any more: a shard may have ended without all of its accounts."""
        if await asyncio.to_thread(queue.active, self.opened.run.id):
            self._idle_rounds = 0
            return
        if not self._fleet.unfinished(self.opened.run.id):
            return
        self._idle_rounds += 1
        if self._idle_rounds > _MOST_IDLE_ROUNDS:
            self.stop("the workers end this run's shards without finishing them; see their output")
            return
        await self._submit(queue)

    def _say_when_nobody_works(self) -> None:
        now = time.monotonic()
        if self._fleet.alive():
            self._nobody_since = None
        elif self._nobody_since is None or now - self._nobody_since > _SAY_NOBODY_SECONDS:
            self._nobody_since = now
            sys.stderr.write(
                f"dossier: no worker is alive on {self.services.store.place}; start `dossier worker` there\n"
            )

    async def _take_finished(self) -> None:
        """Hand on every account that came to an end since the last look."""
        run_id = self.opened.run.id
        since = self._latest - _CLOCKS_DIFFER if self._latest is not None else None
        for domain, at in self._fleet.finished_since(run_id, since):
            moment = datetime.fromisoformat(at)
            self._latest = moment if self._latest is None else max(self._latest, moment)
            if domain in self._known:
                continue
            self._known.add(domain)
            account = self._ledger.finished_account(run_id, domain)
            if account is None:
                continue
            await self._write_pages([domain], again=True)
            self._sink.finished(account, self._ledger.report(run_id, domain))
            self._count(account.state == "failed", account.entry)
        if self.shared is not None:
            spent, limits = self._ledger.spent(run_id), self.shared.limits
            limits.calls, limits.cost_usd = spent.calls, spent.cost_usd

    def _count(self, failed: bool, entry: str | None) -> None:
        self.session.failed += failed
        self.session.done += not failed
        tier = json.loads(entry).get("tier") if entry else None
        if tier is not None:
            self.session.tiers[tier] += 1

    async def _write_pages(self, domains: Iterable[str], *, again: bool = False) -> None:
        pool = self.services.parsers
        if not self.order.pages or pool is None:
            return
        for domain in domains:
            target = self.order.folder / "reports" / f"{domain}.html"
            if target.exists() and not again:
                continue
            run_id = account_run_id(self.opened.run, domain)
            await asyncio.get_running_loop().run_in_executor(
                pool, write_report_page, self.services.settings, run_id, target
            )

    async def _wind_down(self, queue: ShardQueue) -> None:
        """Take what finished last; when work was stopped, wait until the workers have let go of it."""
        run_id = self.opened.run.id
        if self.session.stopped is not None:
            self._fleet.stop(run_id, self.session.stopped)
            await asyncio.to_thread(queue.drop_waiting, run_id)
            deadline = time.monotonic() + _WIND_DOWN_SECONDS
            while await asyncio.to_thread(queue.active, run_id) and time.monotonic() < deadline:
                if not self._fleet.alive():
                    break
                self.session.pulse = time.monotonic()
                await asyncio.sleep(_TICK)
        await self._take_finished()
        if not self._fleet.unfinished(run_id):
            self.session.stopped = None
            self._fleet.close_order(run_id)


def _extractor(order: BatchOrder, shared: SharedModel | None) -> str:
    """Return what workers extract with: what this machine found configured, whatever theirs is."""
    if order.extractor != "auto":
        return order.extractor
    return "llm" if shared is not None else "rules"
