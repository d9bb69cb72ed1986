"""What many machines know of one another through the store: orders, shards, who is alive, what is held back.

The store's rows are the truth: an account is done when its row says so. A shard is only a stretch of a run's
list that one worker takes at a time; a shard that is worked twice skips what is finished.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agent.batch.columns import Columns
from agent.batch.order import BatchOrder, OpenedRun
from agent.errors import StoreError
from agent.icp import ICP
from agent.store.ledger import AccountState, Ledger, PendingAccount
from agent.store.store import Store, stamp

SMALLEST_SHARD, LARGEST_SHARD = 12, 200
_SHARDS_A_WORKER = 4
_NOW = "extract(epoch FROM clock_timestamp())::float8"


class Shard(NamedTuple):
    """A stretch of a run's list, by the positions of its first and last account."""

    run_id: str
    first: int
    last: int

    def name(self, attempt: int) -> str:
        """Return the name of one attempt at the shard."""
        return f"{self.run_id}:{self.first}-{self.last}:{attempt}"

    @classmethod
    def of_name(cls, name: str) -> Shard:
        """Return the shard of an attempt's name."""
        run_id, stretch, _ = name.rsplit(":", 2)
        first, last = stretch.split("-")
        return cls(run_id, int(first), int(last))


class ShardLedger(Ledger):
    """The ledger as one shard's worker sees it: other shards' accounts are not there."""

    def __init__(self, store: Store, shard: Shard) -> None:
        super().__init__(store)
        self._bounds = (shard.first, shard.last)

    def recover(self, run_id: str) -> int:
        """Put the shard's accounts that were under way when its worker died back in line."""
        with self._store.transaction():
            found = self._store.read(
                "SELECT COUNT(*) FROM batch_accounts WHERE run_id = ? AND state = 'running'"
                " AND position BETWEEN ? AND ?",
                run_id,
                *self._bounds,
            )
            self._store.write(
                "UPDATE batch_accounts SET state = 'pending', deaths = deaths + 1"
                " WHERE run_id = ? AND state = 'running' AND position BETWEEN ? AND ?",
                [(run_id, *self._bounds)],
            )
        return int(str(found[0][0]))

    def waiting(
        self, run_id: str, state: AccountState, *, after: int, deaths: tuple[int, int], limit: int = 100
    ) -> list[PendingAccount]:
        """Return the shard's next accounts in a state, by position."""
        found = super().waiting(
            run_id, state, after=max(after, self._bounds[0] - 1), deaths=deaths, limit=limit
        )
        return [account for account in found if account.position <= self._bounds[1]]

    def counts(self, run_id: str) -> Counter[str]:
        """Return how many of the shard's accounts are in each state."""
        rows = self._store.read(
            "SELECT state, COUNT(*) FROM batch_accounts WHERE run_id = ? AND position BETWEEN ? AND ?"
            " GROUP BY state",
            run_id,
            *self._bounds,
        )
        return Counter({str(state): int(str(count)) for state, count in rows})


def plan_shards(
    run_id: str, positions: Sequence[int], taken: Sequence[Shard], *, workers: int
) -> list[Shard]:
    """Cut the positions that wait into shards, none of which overlaps one that is taken.

    A shard holds 12 to 200 accounts, fewer where the list or a gap between taken ones has no more: small
    enough that every worker gets several, and so that the last one to finish does not keep the others waiting.
    """
    held = sorted((shard.first, shard.last) for shard in taken)
    free = [at for at in sorted(positions) if not any(first <= at <= last for first, last in held)]
    size = -(-len(free) // (max(1, workers) * _SHARDS_A_WORKER))
    size = max(SMALLEST_SHARD, min(LARGEST_SHARD, size))
    shards: list[Shard] = []
    stretch: list[int] = []
    for at in free:
        crosses = stretch and any(stretch[-1] < first < at for first, _ in held)
        if stretch and (len(stretch) >= size or crosses):
            shards.append(Shard(run_id, stretch[0], stretch[-1]))
            stretch = []
        stretch.append(at)
    if stretch:
        shards.append(Shard(run_id, stretch[0], stretch[-1]))
    return shards


class Fleet:
    """Orders and workers in a store on PostgreSQL. Times are the database's own, so clocks need not agree."""

    def __init__(self, store: Store) -> None:
        if not store.engine.shared:
            raise StoreError(
                "many machines need a store that all of them reach; give --database-url postgresql://..."
            )
        self._store = store

    # Orders

    def put_order(self, order: BatchOrder, opened: OpenedRun) -> None:
        """Let workers work on a run; one that was stopped goes on."""
        self._store.write(
            "INSERT INTO batch_orders VALUES (?, ?, NULL) ON CONFLICT (run_id) DO UPDATE SET"
            " entry = excluded.entry, stopped = NULL",
            [(opened.run.id, order_entry(order, opened.columns))],
        )

    def order(self, run_id: str) -> tuple[BatchOrder, OpenedRun] | None:
        """Return a run's order as its workers need it, or `None` when it is stopped, done or gone."""
        rows = self._store.read("SELECT entry FROM batch_orders WHERE run_id = ? AND stopped IS NULL", run_id)
        run = Ledger(self._store).run(run_id)
        if not rows or run is None:
            return None
        order, columns = order_of_entry(str(rows[0][0]))
        return order, OpenedRun(run, columns, resumed=False, recovered=0)

    def stop(self, run_id: str, reason: str) -> None:
        """End work on a run on every machine; the first reason stays."""
        self._store.write(
            "UPDATE batch_orders SET stopped = ? WHERE run_id = ? AND stopped IS NULL", [(reason, run_id)]
        )

    def stopped(self, run_id: str) -> str | None:
        """Return why work on a run was ended, or `None`."""
        rows = self._store.read("SELECT stopped FROM batch_orders WHERE run_id = ?", run_id)
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def close_order(self, run_id: str) -> None:
        """Forget a run's order: its list is done."""
        self._store.write("DELETE FROM batch_orders WHERE run_id = ?", [(run_id,)])
        self._store.write("DELETE FROM batch_holds WHERE run_id = ?", [(run_id,)])

    def unfinished(self, run_id: str) -> list[int]:
        """Return the positions of the accounts that did not come to an end yet."""
        rows = self._store.read(
            "SELECT position FROM batch_accounts WHERE run_id = ? AND state IN ('pending', 'running', 'deferred')"
            " ORDER BY position",
            run_id,
        )
        return [int(str(row[0])) for row in rows]

    def finished_since(self, run_id: str, moment: datetime | None) -> list[tuple[str, str]]:
        """Return domain and time of the accounts that came to an end, by time."""
        since = stamp(moment) if moment else ""
        rows = self._store.read(
            "SELECT domain, finished_at FROM batch_accounts WHERE run_id = ? AND state IN ('done', 'failed')"
            " AND finished_at >= ? ORDER BY finished_at, domain",
            run_id,
            since,
        )
        return [(str(domain), str(at)) for domain, at in rows]

    # Workers

    def enroll(self, worker: str, now: datetime) -> None:
        """Begin a worker's life."""
        self._store.write(
            f"INSERT INTO workers VALUES (?, ?, {_NOW}, 0)",  # noqa: S608  a constant of this module
            [(worker, stamp(now))],
        )

    def beat(self, worker: str) -> bool:
        """Say that a worker is alive; `False` when the others have given it up and took its shards."""
        rows = self._store.read(
            f"UPDATE workers SET seen_at = {_NOW} WHERE id = ? AND dead = 0 RETURNING id",  # noqa: S608
            worker,
        )
        return bool(rows)

    def leave(self, worker: str) -> None:
        """End a worker's life; whatever it still holds goes to the others."""
        self._store.write("UPDATE workers SET dead = 1 WHERE id = ?", [(worker,)])
        self._store.write("DELETE FROM batch_holds WHERE worker = ?", [(worker,)])

    def alive(self) -> int:
        """Return how many workers live."""
        return int(str(self._store.read("SELECT COUNT(*) FROM workers WHERE dead = 0")[0][0]))

    def bury(self, lease: timedelta) -> list[str]:
        """Give up the workers that were not seen for a lease; return all that are given up, for a day.

        Call it within a transaction that goes on until their shards are handed out again: another machine
        that buries at the same moment waits.
        """
        self._store.engine.hold_writers(("workers",))
        self._store.write(
            f"UPDATE workers SET dead = 1 WHERE dead = 0 AND seen_at < {_NOW} - ?::float8",  # noqa: S608
            [(lease.total_seconds(),)],
        )
        self._store.write(f"DELETE FROM workers WHERE dead = 1 AND seen_at < {_NOW} - 86400", [()])  # noqa: S608
        self._store.write(
            "DELETE FROM batch_holds WHERE worker IN (SELECT id FROM workers WHERE dead = 1)", [()]
        )
        return [str(row[0]) for row in self._store.read("SELECT id FROM workers WHERE dead = 1 ORDER BY id")]


def order_entry(order: BatchOrder, columns: Columns) -> str:
    """Return what a worker has to know of an order, as JSON."""
    age = order.refresh_older_than
    return json.dumps(
        {
            "icps": [icp.model_dump(mode="json") for icp in order.icps],
            "list": order.list_path.name,
            "columns": columns._asdict(),
            "currency": order.currency,
            "extractor": order.extractor,
            "model": order.model,
            "max_pages": order.max_pages,
            "full": order.full,
            "with_gdelt": order.with_gdelt,
            "refresh_older_than": age.total_seconds() if age is not None else None,
            "max_calls": order.max_calls,
            "max_cost": order.max_cost,
            "requests_per_minute": order.requests_per_minute,
            "tokens_per_minute": order.tokens_per_minute,
        },
        ensure_ascii=False,
    )


def order_of_entry(entry: str) -> tuple[BatchOrder, Columns]:
    """Return the order and the list's columns that `order_entry` wrote. A worker writes no folder."""
    said = json.loads(entry)
    columns = said["columns"]
    age = said["refresh_older_than"]
    order = BatchOrder(
        list_path=Path(said["list"]),
        folder=Path(),
        icps=tuple(ICP.model_validate(icp) for icp in said["icps"]),
        currency=said["currency"],
        extractor=said["extractor"],
        model=said["model"],
        max_pages=said["max_pages"],
        full=said["full"],
        with_gdelt=said["with_gdelt"],
        refresh_older_than=timedelta(seconds=age) if age is not None else None,
        max_calls=said["max_calls"],
        max_cost=said["max_cost"],
        requests_per_minute=said["requests_per_minute"],
        tokens_per_minute=said["tokens_per_minute"],
        pages=False,
    )
    roles = {role: tuple(at) for role, at in columns["roles"].items()}
    return order, Columns(tuple(columns["names"]), roles, bool(columns["headerless"]))


def with_worker_limits(order: BatchOrder, *, concurrency: int, processes: int) -> BatchOrder:
    """Return an order with what one machine takes on at once."""
    return replace(order, concurrency=concurrency, processes=processes)
