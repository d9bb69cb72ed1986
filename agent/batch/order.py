"""What a batch run was asked for, and which run of the store that is.

The same order into the same folder is the same run: it goes on where it stopped. The run keeps the day it
began as its `as_of`, so that a run that goes on after midnight scores like one that was never interrupted.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

from agent.batch.accounts import ListedRow, RejectedListRow, read_accounts
from agent.batch.columns import Columns
from agent.batch.imported import imported_document
from agent.batch.result import ResultRow
from agent.errors import InputError
from agent.icp import ICP
from agent.models import SourceDocument
from agent.store.ledger import BatchRun, Ledger, ListRow

RULES_OF_ORDER = 1
"""Part of every order's key; raised when a new version must not go on with runs of an older one."""


@dataclass(frozen=True)
class BatchOrder:
    """One order. What decides the results is part of `key`; limits and display are not."""

    list_path: Path
    folder: Path
    icps: tuple[ICP, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    """The sheet of a workbook that is the list; empty for the first that names accounts."""
    currency: str = ""
    extractor: str = "auto"
    model: str | None = None
    max_pages: int = 15
    as_of: date | None = None
    full: bool = False
    with_gdelt: bool = False
    """Whether to ask GDELT too, which takes one request every five seconds from everybody."""
    refresh_older_than: timedelta | None = None
    retry_failed: bool = False
    max_calls: int | None = None
    max_cost: float | None = None
    concurrency: int = 200
    processes: int = 1
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    llm_batch: bool = False
    """Whether model requests go out through the endpoint's Batch API; decides the price, not the results."""
    report_base: str = ""
    pages: bool = True
    engine: Literal["local", "dbos"] = "local"
    """Who works: this process, or `dossier worker` on any number of machines."""

    @property
    def key(self) -> str:
        """Return the hash of everything that decides what the results say."""
        said = {
            "rules": RULES_OF_ORDER,
            "icps": [icp_sha256(icp) for icp in self.icps],
            "columns": dict(sorted(self.columns.items())),
            "currency": self.currency,
            "extractor": self.extractor,
            "model": self.model,
            "max_pages": self.max_pages,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "full": self.full,
            "with_gdelt": self.with_gdelt,
        }
        if self.sheet:
            said["sheet"] = self.sheet.strip().casefold()
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class OpenedRun:
    """A run that is ready to work: its row in the store, the list's columns, and what came with it.

    `sheet` says which sheet of a workbook with several was read.
    """

    run: BatchRun
    columns: Columns
    resumed: bool
    recovered: int
    sheet: str = ""


def open_run(order: BatchOrder, ledger: Ledger, now: datetime, *, extractor: str) -> OpenedRun:
    """Find or begin the run of an order and bring its list up to date. Raises `InputError` for a bad list."""
    try:
        digest = sha256(order.list_path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            f"cannot read the list {str(order.list_path)!r}: {error.strerror or error}"
        ) from error
    listed = read_accounts(order.list_path, order.columns, order.sheet)
    folder = located(order.folder, ledger)
    before = ledger.latest_run(folder)
    key = f"{order.key}:{extractor}"
    due = None if order.refresh_older_than is None else now - order.refresh_older_than
    run, carried_from = before, None
    if run is None or run.order_key != key:
        run = _begin(order, ledger, key, digest, now, before)
    elif due is not None and ledger.count_done_before(run.id, due):
        carried_from = run.id
        run = _begin(order, ledger, key, digest, now, before)
    if order.engine == "local" and ledger.given_to_workers(run.id):
        raise InputError(
            "workers are at work on this run; watch it with --engine dbos, and stop it there (Ctrl-C) first"
        )
    resumed = before is not None and run.id == before.id
    if run.list_sha256 != digest:
        _take_list(ledger, run, listed.rows, digest)
        if resumed:
            _reopen_changed(ledger, run, listed.columns, order)
    if carried_from is not None and due is not None:
        ledger.carry_over(run.id, carried_from, finished_since=due)
    # With workers, an account that is under way is so on another machine; its shard's next worker recovers it.
    recovered = ledger.recover(run.id) if order.engine == "local" else 0
    if order.retry_failed:
        ledger.reopen(run.id, "failed")
    current = ledger.run(run.id)
    if current is None:
        raise RuntimeError("a run that was just kept is not there")
    return OpenedRun(current, listed.columns, resumed, recovered, listed.sheet)


def located(path: Path, ledger: Ledger) -> str:
    """Return a path as runs are found by: in a store that machines share, with this machine's name."""
    whole = str(path.resolve())
    return f"{socket.gethostname()}:{whole}" if ledger.shared else whole


def icp_sha256(icp: ICP) -> str:
    """Return the hash of a profile as verdicts cite it."""
    from agent.scoring import compile_icp

    return compile_icp(icp).reference.sha256


def _begin(
    order: BatchOrder, ledger: Ledger, key: str, digest: str, now: datetime, before: BatchRun | None
) -> BatchRun:
    number = before.round + 1 if before is not None else 1
    as_of = order.as_of or now.date()
    folder = located(order.folder, ledger)
    named = f"{key}\n{digest}\n{as_of.isoformat()}\n{number}"
    identifier = sha256(named.encode()).hexdigest()[:32]
    taken = ledger.run(identifier)
    if taken is not None and taken.folder != folder:
        identifier = sha256(f"{named}\n{folder}".encode()).hexdigest()[:32]
    entry = {
        "icps": [{"name": icp.name, "version": icp.version, "sha256": icp_sha256(icp)} for icp in order.icps],
        "list": order.list_path.name,
    }
    run = BatchRun(
        identifier,
        folder,
        located(order.list_path, ledger),
        "",
        key,
        number,
        as_of,
        now,
        None,
        json.dumps(entry, ensure_ascii=False),
    )
    ledger.add_run(run)
    return ledger.run(identifier) or run


def _take_list(
    ledger: Ledger, run: BatchRun, rows: Iterator[ListedRow | RejectedListRow], digest: str
) -> None:
    rejects: list[tuple[int, str, Sequence[str]]] = []

    def usable() -> Iterator[tuple[int, str, Sequence[str]]]:
        for row in rows:
            if isinstance(row, ListedRow):
                yield row.number, row.domain, row.cells
            else:
                rejects.append((row.number, row.reason, row.cells))

    ledger.replace_list(run.id, usable(), rejects, list_sha256=digest)


def _reopen_changed(ledger: Ledger, run: BatchRun, columns: Columns, order: BatchOrder) -> None:
    """Put accounts whose own columns now say something else back in line."""
    for account in list(ledger.finished(run.id)):
        if account.entry is None:
            continue
        document = brought_document(ledger.rows_of(run.id, account.domain), columns, order, run)
        if ResultRow.model_validate_json(account.entry).imported != (document.id if document else None):
            ledger.reopen_account(run.id, account.domain)


def brought_document(
    rows: Sequence[ListRow], columns: Columns, order: BatchOrder, run: BatchRun
) -> SourceDocument | None:
    """Return what an account's rows of the list say, as a document."""
    return imported_document(
        columns, rows, file=order.list_path.name, currency=order.currency, read_at=run.started_at
    )


def account_run_id(run: BatchRun, domain: str) -> str:
    """Return the id of one account's report within a run: the same whenever the account is taken up again."""
    return sha256(f"{run.id}\n{domain}".encode()).hexdigest()[:32]
