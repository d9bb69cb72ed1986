"""Work through a run: many accounts side by side, each kept the moment it ends, nothing paid twice."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta

from agent.batch.admission import Admission
from agent.batch.limits import AwaitsBatch, LimitReached
from agent.batch.order import BatchOrder, OpenedRun, account_run_id, brought_document
from agent.batch.outage import OutageWatch, unreached
from agent.batch.payments import RunProviderBudget
from agent.batch.pool import write_report_page
from agent.batch.ready import give_back_memory, load_ahead
from agent.batch.result import NO_RANKING, ranking, report_line, result_row
from agent.batch.services import SharedModel, WatchedPages, account_services
from agent.batch.session import Session, Sink
from agent.errors import ArchiveError, DossierError, LLMError, StoreError
from agent.graph.context import Workspace
from agent.graph.snapshot import restore_snapshot, take_snapshot
from agent.models import AccountReport
from agent.research import ResearchRequest, research_account
from agent.services import Services
from agent.store.batched import NotedRequest
from agent.store.ledger import AccountState, FinishedAccount, Ledger, PendingAccount
from tools.pages.aside import PARSER_DIED

logger = logging.getLogger(__name__)

ACCOUNT_SECONDS = 900.0
"""The longest one account may take before it is given up."""
_LAST_CALLS_SECONDS = 60.0
_ALONE_AFTER_DEATHS, _GIVE_UP_AFTER_DEATHS = 2, 5
_MOST_TRIES, _MOST_TRIES_AFTER_OUTAGE = 1, 3
_OUTAGE_PAUSE, _OUTAGE_PATIENCE = 10.0, 3_600.0
_OUTAGE_GRACE = 300.0
"""Seconds for which an account is tried again when an outage was seen since the run began."""


class BatchWorker:
    """Works through the accounts of one run in this process."""

    def __init__(
        self,
        order: BatchOrder,
        opened: OpenedRun,
        services: Services,
        shared: SharedModel | None,
        sink: Sink,
        session: Session | None = None,
        *,
        ledger: Ledger | None = None,
        admission: Admission | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.order, self.opened, self.services, self.shared = order, opened, services, shared
        self.ledger = ledger or Ledger(services.store)
        self.session = session or Session()
        self._admission_is_shared = admission is not None
        self.admission = admission or Admission(
            most=order.concurrency, wait=lambda: shared.pace.wait if shared and shared.pace else 0.0
        )
        self.outage = OutageWatch(sum(self.ledger.counts(opened.run.id).values()))
        self._sleep, self._clock = sleep, clock
        settings, spent = services.settings, self.ledger.spent(opened.run.id)
        self.providers = RunProviderBudget(
            most_questions=settings.people_data_labs_requests,
            price_usd=settings.people_data_labs_price,
            max_cost_usd=order.max_cost,
            questions=self.ledger.paid_questions(opened.run.id),
            cost_usd=spent.cost_usd,
            ledger=self.ledger,
            run_id=opened.run.id,
            limits=shared.limits if shared else None,
        )
        self._sink = sink
        self._pages = WatchedPages(services.store)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._outage_since: float | None = None
        self._unreached_since: dict[str, float] = {}
        self._no_room = False
        """Whether the run's limits are full with requests whose batches will tell what they really took."""

    def stop(self, reason: str, *, interrupted: bool = False) -> None:
        """End work soon: nothing more is started, accounts under way go back in line."""
        if self.session.stopped is None:
            self.session.stopped = reason
            self.session.interrupted = interrupted
            logger.warning("stage=batch stopped: %s", reason)
        self._stop.set()

    async def work(self) -> None:
        """Work until every account came to an end, or until `stop`."""
        load_ahead()
        self.services.store.engine.checkpoint_beside()
        beside = [asyncio.ensure_future(self._beat())]
        if not self._admission_is_shared:
            beside.append(asyncio.ensure_future(self.admission.watch()))
        try:
            self._give_up_killers()
            await self._work_in_turns()
        finally:
            await self._wind_down()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _work_in_turns(self) -> None:
        """Do all that can be done, then what batches brought, until none is outstanding."""
        desk = self.shared.desk if self.shared else None
        try:
            if desk is not None and not desk.collects:
                await desk.give_up()
            while True:
                self._no_room = False
                await self._do_what_can_be_done()
                if desk is None or self._stop.is_set() or not await desk.turn(self._stop):
                    return
        except LLMError as error:
            self.stop(str(error))

    async def _do_what_can_be_done(self) -> None:
        await self._pass("pending", deaths=(0, _ALONE_AFTER_DEATHS - 1), limit=None)
        await self._pass("pending", deaths=(_ALONE_AFTER_DEATHS, _GIVE_UP_AFTER_DEATHS - 1), limit=1)
        while not self._over and self.ledger.counts(self.opened.run.id)["deferred"]:
            if self.outage.seen:
                await self._pause(_OUTAGE_PAUSE * 3)
            await self._pass("deferred", deaths=(0, _GIVE_UP_AFTER_DEATHS), limit=None)

    @property
    def _over(self) -> bool:
        """Tell whether no more accounts are to be started for now."""
        return self._stop.is_set() or self._no_room

    async def _beat(self) -> None:
        while True:
            self.session.pulse = time.monotonic()
            give_back_memory()
            await asyncio.sleep(1.0)

    def _give_up_killers(self) -> None:
        run = self.opened.run
        while found := self.ledger.waiting(
            run.id, "pending", after=-1, deaths=(_GIVE_UP_AFTER_DEATHS, 1_000_000)
        ):
            for account in found:
                self._break_off(
                    account.domain, f"the process died {_GIVE_UP_AFTER_DEATHS} times while reading it"
                )

    async def _pass(self, state: AccountState, *, deaths: tuple[int, int], limit: int | None) -> None:
        """Start every account in a state once, as places get free, and wait for them."""
        after = -1
        while not self._over:
            batch = self.ledger.waiting(self.opened.run.id, state, after=after, deaths=deaths)
            if not batch:
                break
            for account in batch:
                after = account.position
                await self._wait_out_outage()
                await self._enter(limit)
                if self._over:
                    if not self._stop.is_set():
                        self.admission.leave()
                    break
                task = asyncio.ensure_future(self._account(account))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        while self._tasks and not self._stop.is_set():
            stopped = asyncio.ensure_future(self._stop.wait())
            await asyncio.wait({*self._tasks, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()

    async def _enter(self, limit: int | None) -> None:
        entering = asyncio.ensure_future(self.admission.enter(limit))
        stopped = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({entering, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not entering.done():
            entering.cancel()

    async def _wait_out_outage(self) -> None:
        if not self.outage.suspected:
            self._outage_since = None
            return
        now = self._clock()
        self._outage_since = self._outage_since if self._outage_since is not None else now
        if now - self._outage_since > _OUTAGE_PATIENCE:
            self.stop("no account could be reached for an hour; the network seems to be gone")
            return
        while self._tasks and not self._stop.is_set():  # one at a time tries whether it is back
            await asyncio.wait(self._tasks, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
        if self.outage.suspected:
            await self._pause(_OUTAGE_PAUSE)

    async def _pause(self, seconds: float) -> None:
        waiting = (asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._stop.wait()))
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _wind_down(self) -> None:
        """Cancel accounts under way, and let model calls that are paid for arrive."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        calls = set(self.shared.calls) if self.shared else set()
        if calls:
            await asyncio.wait(calls, timeout=_LAST_CALLS_SECONDS)

    async def _account(self, account: PendingAccount) -> None:
        run_id = self.opened.run.id
        try:
            self.ledger.start(run_id, account.domain)
            await self._research(account)
        except asyncio.CancelledError:
            self._put_back(account)
            raise
        except LimitReached as error:
            self._put_back(account)
            if self.shared is not None and self.shared.limits.waits_for_batches:
                self._no_room = True
            else:
                self.stop(str(error))
        except (LLMError, StoreError, ArchiveError) as error:
            self.session.lost_store |= isinstance(error, StoreError)
            self._put_back(account)
            self.stop(str(error))
        except BrokenProcessPool:
            self._pool_died(account)
        except OSError as error:
            self._put_back(account)
            self.stop(f"cannot go on: {error}")
        except DossierError as error:
            self._break_off(account.domain, str(error))
        except TimeoutError:
            self._break_off(account.domain, f"took longer than {ACCOUNT_SECONDS / 60:.0f} minutes")
        except Exception as error:
            # One account's bug must not cost the others; it is recorded and shown.
            logger.exception("account=%s stage=batch", account.domain)
            self._break_off(account.domain, f"failed inside dossier ({type(error).__name__}: {error})"[:500])
        finally:
            self.admission.leave()

    def _pool_died(self, account: PendingAccount) -> None:
        """Take an account up again by itself: a parsing process died, perhaps on another account's page."""
        if account.deaths >= _ALONE_AFTER_DEATHS:
            self._break_off(account.domain, "its pages make the parsing process die")
        else:
            self.ledger.put_back(self.opened.run.id, account.domain, deaths=_ALONE_AFTER_DEATHS)

    def _put_back(self, account: PendingAccount) -> None:
        with contextlib.suppress(
            StoreError
        ):  # on a full disk the row stays `running`, which is put back later
            self.ledger.put_back(self.opened.run.id, account.domain)

    async def _research(self, account: PendingAccount) -> None:
        run, order, domain = self.opened.run, self.order, account.domain
        document = brought_document(self.ledger.rows_of(run.id, domain), self.opened.columns, order, run)
        services = account_services(
            self.services,
            shared=self.shared,
            pages=self._pages,
            max_age=self._max_age(),
            run_id=run.id,
            domain=domain,
            providers=self.providers,
        )
        request = ResearchRequest(
            domain=domain,
            icps=order.icps,
            as_of=run.as_of,
            extractor=order.extractor,
            model=order.model,
            max_pages=order.max_pages,
            imported=(document,) if document else (),
            stop_when_decided=not order.full,
            left_out_sources=() if order.with_gdelt else ("gdelt",),
            run_id=account_run_id(run, domain),
        )
        workspace = self._workspace(domain)
        try:
            async with asyncio.timeout(ACCOUNT_SECONDS):
                report = await research_account(request, services, workspace=workspace)
        except AwaitsBatch:
            self._step_aside(domain, services.noted, workspace)
            return
        except BaseException:
            if self.shared is not None and self.shared.desk is not None:
                self.shared.desk.release(services.noted)
            raise
        finally:
            workspace.forget()
        if self._pages.fault is not None:
            raise self._pages.fault
        if account.deaths < _ALONE_AFTER_DEATHS and any(
            failure.detail == PARSER_DIED for failure in report.failures
        ):
            raise BrokenProcessPool(PARSER_DIED)
        self.outage.note(report)
        if self._try_later(account, report):
            self.ledger.put_back(run.id, domain, deferred=True)
            return
        await self._write_page(report)
        self._finish(report, services.failed_calls, imported=document.id if document else None)

    def _workspace(self, domain: str) -> Workspace:
        """Return what was read of an account before it stepped aside, else an empty workspace."""
        if self.shared is None or self.shared.desk is None:
            return Workspace()
        snapshot = self.shared.desk.kept.snapshot(self.opened.run.id, domain)
        restored = restore_snapshot(snapshot, self.services.store) if snapshot is not None else None
        return restored or Workspace()

    def _step_aside(self, domain: str, noted: list[NotedRequest], workspace: Workspace) -> None:
        """Keep what an account waits for and how far it is."""
        if self._pages.fault is not None:
            raise self._pages.fault
        if self.shared is not None and self.shared.desk is not None:
            self.shared.desk.kept.note(self.opened.run.id, domain, noted, take_snapshot(workspace))

    def _max_age(self) -> timedelta | None:
        """Return how old a kept page may be: never older than what the order calls out of date."""
        kept = timedelta(days=self.services.settings.cache_days)
        wanted = self.order.refresh_older_than
        return min(kept, wanted) if wanted is not None else kept

    def _try_later(self, account: PendingAccount, report: AccountReport) -> bool:
        if not unreached(report):
            return False
        now = self._clock()
        since = self._unreached_since.setdefault(account.domain, now)
        if self.outage.seen and now - since < _OUTAGE_GRACE:
            return True
        return account.tries < (_MOST_TRIES_AFTER_OUTAGE if self.outage.seen else _MOST_TRIES)

    async def _write_page(self, report: AccountReport) -> None:
        pool = self.services.parsers
        if not self.order.pages or pool is None:
            return
        target = self.order.folder / "reports" / f"{report.account.domain}.html"
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(pool, write_report_page, self.services.settings, report.run.id, target)

    def _finish(self, report: AccountReport, failed_calls: list[str], *, imported: str | None) -> None:
        row = result_row(report, imported=imported)
        state: AccountState = "done"
        detail = ""
        unread = not any(document.kind != "imported" for document in report.documents)
        if unread:
            state, detail = "failed", _why_unread(report)
        elif failed_calls:
            state, detail = "failed", f"a model call failed: {failed_calls[0]}"[:500]
        entry, line = row.model_dump_json(), report_line(report)
        self.ledger.finish(
            self.opened.run.id,
            row.domain,
            state="done" if state == "done" else "failed",
            ranking=ranking(row, self.order.icps, unread=unread),
            detail=detail,
            entry=entry,
            report=line,
            now=self.services.clock(),
        )
        if self.shared is not None and self.shared.desk is not None:
            self.shared.desk.kept.forget_snapshot(self.opened.run.id, row.domain)
        self._count(row.domain, state, detail, entry, line, row.tier)

    def _break_off(self, domain: str, detail: str) -> None:
        self.ledger.finish(
            self.opened.run.id,
            domain,
            state="failed",
            ranking=NO_RANKING,
            detail=detail,
            entry=None,
            report=None,
            now=self.services.clock(),
        )
        self._count(domain, "failed", detail, None, None, None)

    def _count(
        self,
        domain: str,
        state: AccountState,
        detail: str,
        entry: str | None,
        line: str | None,
        tier: str | None,
    ) -> None:
        if state == "done":
            self.session.done += 1
        else:
            self.session.failed += 1
        if tier is not None:
            self.session.tiers[tier] += 1
        self._sink.finished(FinishedAccount(domain, state, detail, entry, 0), line)


def _why_unread(report: AccountReport) -> str:
    """Return why nothing was read: the first failure, unless a page took its reading process down."""
    died = (failure for failure in report.failures if failure.detail == PARSER_DIED)
    first = next(died, next(iter(report.failures), None))
    if first is None:
        return f"nothing could be read; the domain is {report.account.status}"
    return f"nothing could be read: {first.url}: {first.reason}" + (
        f" ({first.detail})" if first.detail else ""
    )
