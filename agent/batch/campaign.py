"""From an order to a finished campaign folder: open the run, forecast it, work, write the files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from agent.batch.admission import Admission
from agent.batch.estimate import Estimate, estimate
from agent.batch.order import BatchOrder, OpenedRun, open_run
from agent.batch.outputs import Campaign, lock_folder, prepare_folder
from agent.batch.page import write_page
from agent.batch.pool import HealingPool
from agent.batch.progress import ProgressLine
from agent.batch.ready import load_ahead, settled_process
from agent.batch.result import ResultRow
from agent.batch.session import Session, Sink
from agent.errors import InputError
from agent.report.view import counted
from agent.services import Services
from agent.settings import DEFAULT_MODEL, Settings
from agent.store.batched import BatchedRequests
from agent.store.ledger import BatchRun, FinishedAccount, Ledger
from agent.version import code_version
from tools.pages.parsers import PageParsers

if TYPE_CHECKING:
    from agent.batch.changes import ChangeReport
    from agent.batch.services import SharedModel

SUMMARY_VERSION = "1.0"
_HANG_SECONDS = 300.0


@dataclass(frozen=True)
class CampaignOutcome:
    """How a session of a run ended. `stopped` says why work ended early, `None` when the list is done."""

    total: int
    done: int
    failed: int
    left: int
    stopped: str | None
    interrupted: bool
    summary: dict[str, object]
    loop_lag_p99: float = 0.0
    """Seconds by which the event loop was late at most, in 99 of 100 ticks."""
    most_under_way: int = 0
    changes: ChangeReport | None = None
    """What changed since the last run of the list; `None` for its first run."""


class _Watching:
    """Hands each account's end to the files and to the progress line."""

    def __init__(self, campaign: Campaign, progress: ProgressLine) -> None:
        self._campaign, self._progress = campaign, progress

    def finished(self, account: FinishedAccount, report: str | None) -> None:
        """Take one account's end."""
        self._campaign.finished(account, report)
        counted = account.entry if account.state == "done" else None  # a domain nobody could read has no tier
        tier = ResultRow.model_validate_json(counted).tier if counted else None
        self._progress.account(failed=account.state == "failed", tier=tier)


async def run_campaign(
    order: BatchOrder,
    settings: Settings,
    *,
    say: Callable[[str], None] = lambda _: None,
    quiet: bool = True,
    dry_run: bool = False,
    services: Services | None = None,
) -> CampaignOutcome:
    """Work through an order and write its folder. `say` takes lines for a person, such as the forecast.

    Raises our errors for what the caller can mend before work begins; what ends work later is in the outcome.
    """
    prepare_folder(order.folder)
    with lock_folder(order.folder), contextlib.ExitStack() as stack:
        services = services or stack.enter_context(Services.open(settings))
        ledger = Ledger(services.store)
        extractor = order.extractor
        if extractor == "auto":
            extractor = "llm" if settings.has_model else "rules"
        opened = open_run(order, ledger, services.clock(), extractor=extractor)
        counts = ledger.counts(opened.run.id)
        if not counts:
            raise InputError(_no_account(order, ledger, opened))
        left = sum(counts[state] for state in ("pending", "running", "waiting", "deferred"))
        if left and not dry_run:
            _start_readers(order, services, stack)
        # Loading what asks a model takes seconds; only the small local one must be opened to know its name.
        asks = left or extractor == "local"
        async with _model(order, services, extractor, opened) if asks else nullcontext() as shared:
            forecast = _forecast(order, ledger, left, shared)
            _announce(say, order, opened, ledger, forecast, shared, services)
            if dry_run:
                return CampaignOutcome(
                    sum(counts.values()), counts["done"], counts["failed"], left, None, False, {}
                )
            model = shared.template.model if shared else _remote_model(order, settings, extractor)
            return await _work(order, opened, services, shared, forecast, model=model, quiet=quiet)


def _start_readers(order: BatchOrder, services: Services, stack: contextlib.ExitStack) -> None:
    """Start the processes that read, unless who only watches others work needs none."""
    if services.parsers is None:
        services.parsers = HealingPool(order.processes)
        stack.callback(services.parsers.shutdown, wait=False, cancel_futures=True)
    if isinstance(services.parsers, HealingPool) and order.engine == "local":
        services.parsers.load_ahead()
    if services.page_parsers is None:
        services.page_parsers = PageParsers(services.parsers, trips=order.processes + 1)


def _remote_model(order: BatchOrder, settings: Settings, extractor: str) -> str | None:
    """Return the model a run asks at an endpoint, whether or not anything is left to ask."""
    return (order.model or settings.model or DEFAULT_MODEL) if extractor == "llm" else None


def _model(
    order: BatchOrder, services: Services, extractor: str, opened: OpenedRun
) -> AbstractAsyncContextManager[SharedModel | None]:
    """Open the run's model."""
    from agent.batch.services import shared_model

    return shared_model(
        services,
        extractor=extractor,
        model=order.model,
        run_id=opened.run.id,
        max_calls=order.max_calls,
        max_cost=order.max_cost,
        requests_per_minute=order.requests_per_minute,
        tokens_per_minute=order.tokens_per_minute,
        batches=order.llm_batch,
    )


def _no_account(order: BatchOrder, ledger: Ledger, opened: OpenedRun) -> str:
    _, refused = ledger.count_rows(opened.run.id)
    if not refused:
        return f"{str(order.list_path)!r} has a header and no accounts; give one account a row"
    number, reason, _ = next(ledger.rejects(opened.run.id))
    return f"no row of {str(order.list_path)!r} names an account ({refused:,} rows; row {number}: {reason})"


def _forecast(order: BatchOrder, ledger: Ledger, left: int, shared: SharedModel | None) -> Estimate:
    return estimate(
        ledger,
        accounts=left,
        max_pages=order.max_pages,
        model=shared.template.model if shared else None,
        price=shared.template.budget.price if shared else None,
        batched=order.llm_batch,
    )


def _announce(
    say: Callable[[str], None],
    order: BatchOrder,
    opened: OpenedRun,
    ledger: Ledger,
    forecast: Estimate,
    shared: SharedModel | None,
    services: Services,
) -> None:
    used, refused = ledger.count_rows(opened.run.id)
    counts = ledger.counts(opened.run.id)
    total = sum(counts.values())
    where = order.list_path.name + (f", {opened.sheet}" if opened.sheet else "")
    say(
        f"{where}: {counted(total, 'account')} in {counted(used, 'row')}, "
        f"{counted(used - total, 'row')} merged, {counted(refused, 'row')} left out"
    )
    if opened.resumed:
        again = f", {opened.recovered} of them again after a crash" if opened.recovered else ""
        say(
            f"going on with the run of {opened.run.started_at:%Y-%m-%d %H:%M} UTC: "
            f"{counts['done'] + counts['failed']:,} finished, {forecast.accounts:,} to do{again}"
        )
    if forecast.accounts:
        say(forecast.describe(shared.template.model if shared else None))
        if question := _paid_questions(forecast.accounts, services.settings):
            say(question)


def _paid_questions(accounts: int, settings: Settings) -> str | None:
    """Return what a paid provider may cost at most, or `None` when none is asked."""
    most = min(accounts, settings.people_data_labs_requests)
    if not settings.people_data_labs_key or not most:
        return None
    price = settings.people_data_labs_price
    cost = f"${most * price:,.2f} at most" if price is not None else "DOSSIER_PDL_PRICE gives no price"
    return f"People Data Labs is asked what stays open, at most {most:,} questions ({cost})"


async def _work(
    order: BatchOrder,
    opened: OpenedRun,
    services: Services,
    shared: SharedModel | None,
    forecast: Estimate,
    *,
    model: str | None,
    quiet: bool,
) -> CampaignOutcome:
    ledger = Ledger(services.store)
    run = opened.run
    campaign = Campaign(
        order.folder,
        run,
        ledger,
        opened.columns,
        icps=[icp.name for icp in order.icps],
        report_base=order.report_base,
        pages=order.pages,
    )
    session = Session()
    lag, most_under_way = 0.0, 0
    began = services.clock()
    if forecast.accounts:
        ledger.mark_finished(run.id, None)
        counts = ledger.counts(run.id)
        progress = ProgressLine(
            sum(counts.values()),
            finished=counts["done"] + counts["failed"],
            failed=counts["failed"],
            tiers=campaign.tiers("done"),
            limits=shared.limits if shared else None,
            quiet=quiet,
        )
        if shared is not None and shared.desk is not None:
            shared.desk.tell = progress.tell
        campaign.open()
        try:
            sink = _Watching(campaign, progress)
            worker = worker_of(order)(order, opened, services, shared, sink, session)
            if order.engine == "local":
                load_ahead()
            with _signals(worker), watch_dog(session), settled_process():
                await worker.work()
            lag, most_under_way = worker.admission.lag_p99(), worker.admission.most_seen
        finally:
            campaign.close()
        progress.end()
    counts = ledger.counts(run.id)
    left = sum(counts.values()) - counts["done"] - counts["failed"]
    if not left and (run.finished_at is None or forecast.accounts):
        ledger.mark_finished(run.id, services.clock())
    summary = _summary(order, opened, services, campaign, model, session, began)
    campaign.write_all()
    campaign.write_json("summary.json", summary)
    write_page(
        campaign,
        title=order.list_path.stem,
        icps=[icp.name for icp in order.icps],
        as_of=run.as_of,
        summary=_sentence(counts, left),
    )
    return CampaignOutcome(
        sum(counts.values()),
        counts["done"],
        counts["failed"],
        left,
        session.stopped,
        session.interrupted,
        summary,
        lag,
        most_under_way,
        _write_changes(order, ledger, run, campaign),
    )


def _write_changes(
    order: BatchOrder, ledger: Ledger, run: BatchRun, campaign: Campaign
) -> ChangeReport | None:
    """Write `changes.json` and `changes.txt` when the list was run before."""
    before = ledger.run_before(run)
    if before is None:
        return None
    from agent.batch.changes import compare_runs, describe_changes

    changes = compare_runs(ledger, before, run, order.icps)
    campaign.write_json("changes.json", changes.model_dump(mode="json"))
    with campaign.replacing("changes.txt") as file:
        file.write(describe_changes(changes))
    return changes


def _sentence(counts: dict[str, int], left: int) -> str:
    noun = "account" if counts["done"] == 1 else "accounts"
    said = f"{counts['done']:,} {noun} researched, {counts['failed']:,} could not be read"
    return f"{said}, {left:,} still to do." if left else f"{said}."


def _summary(
    order: BatchOrder,
    opened: OpenedRun,
    services: Services,
    campaign: Campaign,
    model: str | None,
    session: Session,
    began: datetime,
) -> dict[str, object]:
    """Return `summary.json`. Everything that tells the time or the order of work stands under `times`."""
    ledger, run = Ledger(services.store), opened.run
    counts = ledger.counts(run.id)
    used, refused = ledger.count_rows(run.id)
    spent = ledger.spent(run.id)
    total = sum(counts.values())
    left = total - counts["done"] - counts["failed"]
    unread = campaign.tiers("failed")
    return {
        "schema_version": SUMMARY_VERSION,
        "run": run.id,
        "list": order.list_path.name,
        "as_of": run.as_of.isoformat(),
        "state": "complete" if not left else "stopped",
        "stopped": session.stopped if left else None,
        "icps": json.loads(run.entry)["icps"],
        "accounts": {
            "total": total,
            "done": counts["done"],
            "failed": counts["failed"],
            "unread": unread.total(),
            "left": left,
        },
        "rows": {"used": used, "merged": used - total, "rejected": refused},
        "tiers": dict(sorted(campaign.tiers().items())),
        "unread_tiers": dict(sorted(unread.items())),
        "model": model,
        "spent": {
            "calls": spent.calls,
            "input_tokens": spent.input_tokens,
            "output_tokens": spent.output_tokens,
            "cost_usd": spent.cost_usd,
        },
        **_batched(services, run),
        "stop_when_decided": not order.full,
        "code_version": code_version(),
        "times": {
            "run_started_at": run.started_at.isoformat(),
            "session_started_at": began.isoformat(),
            "session_seconds": round((services.clock() - began).total_seconds(), 1),
        },
    }


def _batched(services: Services, run: BatchRun) -> dict[str, object]:
    """Return what went out as batches, when anything did."""
    figures = BatchedRequests(services.store).figures(run.id)
    return {"llm_batch": figures} if figures["batches"] else {}


class Worker(Protocol):
    """Brings a run to its end: by working itself, or by watching others work."""

    session: Session
    admission: Admission

    async def work(self) -> None:
        """Work until every account came to an end, or until `stop`."""
        ...

    def stop(self, reason: str, *, interrupted: bool = False) -> None:
        """End work soon and cleanly."""
        ...


def worker_of(
    order: BatchOrder,
) -> Callable[[BatchOrder, OpenedRun, Services, SharedModel | None, Sink, Session], Worker]:
    """Return who does an order's work: this process, or the workers on its database."""
    if order.engine == "dbos":
        from agent.batch.dispatch import Dispatcher

        return Dispatcher
    from agent.batch.run import BatchWorker

    return BatchWorker


@contextmanager
def _signals(worker: Worker) -> Iterator[None]:
    """End cleanly on the first Ctrl-C or SIGTERM, at once on the second."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if worker.session.stopped is not None:
            os._exit(130)  # asked twice: the store is whole at every moment
        worker.stop(
            "stopped by you; what was finished is kept, run the same command again to go on", interrupted=True
        )

    installed = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # A loop outside the main thread, or on Windows, takes no handlers; Ctrl-C then ends the process.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop)
            installed.append(number)
    try:
        yield
    finally:
        for number in installed:
            loop.remove_signal_handler(number)


@contextmanager
def watch_dog(session: Session) -> Iterator[None]:
    """End the process when its loop hangs: the next start takes what was under way one account at a time."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(5.0):
            if time.monotonic() - session.pulse > _HANG_SECONDS:
                sys.stderr.write(
                    f"\ndossier: one page has kept the process busy for {_HANG_SECONDS / 60:.0f} minutes; "
                    "what was finished is kept, run the same command again to go on\n"
                )
                sys.stderr.flush()
                os._exit(1)

    thread = threading.Thread(target=watch, daemon=True, name="watchdog")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
