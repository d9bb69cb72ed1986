"""The durable state of batch runs: the list as read, how far each account is, what was paid for it.

Every step of a run is one row here before anything else happens, so that a killed process loses nothing: an
account is `pending`, `running`, `waiting` (for a model batch), `deferred` (could not be reached; later), `done`
or `failed`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from agent.store.store import Store, stamp

AccountState = Literal["pending", "running", "waiting", "deferred", "done", "failed"]
MOST_ROWS = 20
"""Rows of one account that are handed out; a contact list may name one company a thousand times."""
_PAGE = 200


class BatchRun(NamedTuple):
    """One run of one list into one folder. `entry` is JSON that describes the order for people."""

    id: str
    folder: str
    list_path: str
    list_sha256: str
    order_key: str
    round: int
    as_of: date
    started_at: datetime
    finished_at: datetime | None
    entry: str


class PendingAccount(NamedTuple):
    """An account that waits for its turn; `deaths` is how often a process died while it was under way."""

    domain: str
    position: int
    tries: int
    deaths: int


class FinishedAccount(NamedTuple):
    """An account that came to an end; `entry` is the JSON of its result row, `None` when it broke off."""

    domain: str
    state: AccountState
    detail: str
    entry: str | None
    position: int


class Spent(NamedTuple):
    """What a run has paid so far, to its model and to paid providers. `cost_usd` is `None` when one call's price was not known."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


class UsualAccount(NamedTuple):
    """What one account took on average, over so many that finished lately."""

    accounts: int
    documents: float
    calls: float
    input_tokens: float
    output_tokens: float


class ListRow(NamedTuple):
    """One row of the list: its number in the file and its cells."""

    number: int
    cells: list[str]


class Ledger:
    """Batch runs in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def shared(self) -> bool:
        """Tell whether other machines may keep their runs in the same store."""
        return self._store.engine.shared

    # Runs

    def add_run(self, run: BatchRun) -> None:
        """Begin a run."""
        self._store.write(
            "INSERT INTO batch_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                (
                    run.id,
                    run.folder,
                    run.list_path,
                    run.list_sha256,
                    run.order_key,
                    run.round,
                    run.as_of.isoformat(),
                    stamp(run.started_at),
                    stamp(run.finished_at) if run.finished_at else None,
                    run.entry,
                )
            ],
        )

    def run(self, run_id: str) -> BatchRun | None:
        """Return a run by id."""
        rows = self._store.read("SELECT * FROM batch_runs WHERE id = ?", run_id)
        return _run(rows[0]) if rows else None

    def latest_run(self, folder: str) -> BatchRun | None:
        """Return the latest run into a folder."""
        rows = self._store.read(
            "SELECT * FROM batch_runs WHERE folder = ? ORDER BY round DESC, started_at DESC, id LIMIT 1",
            folder,
        )
        return _run(rows[0]) if rows else None

    def run_before(self, run: BatchRun) -> BatchRun | None:
        """Return the last finished run of the same list before this one: same file, same content or same folder."""
        rows = self._store.read(
            "SELECT * FROM batch_runs WHERE id <> ? AND finished_at IS NOT NULL AND started_at <= ?"
            " AND (list_path = ? OR list_sha256 = ? OR folder = ?) ORDER BY started_at DESC, round DESC, id LIMIT 1",
            run.id,
            stamp(run.started_at),
            run.list_path,
            run.list_sha256,
            run.folder,
        )
        return _run(rows[0]) if rows else None

    def mark_finished(self, run_id: str, finished_at: datetime | None) -> None:
        """Say when every account of a run came to an end, or, with `None`, that it goes on."""
        self._store.write(
            "UPDATE batch_runs SET finished_at = ? WHERE id = ?",
            [(stamp(finished_at) if finished_at else None, run_id)],
        )

    def given_to_workers(self, run_id: str) -> bool:
        """Tell whether workers on other machines may be at work on a run."""
        return bool(
            self._store.read("SELECT 1 FROM batch_orders WHERE run_id = ? AND stopped IS NULL", run_id)
        )

    # The list

    def replace_list(
        self,
        run_id: str,
        rows: Iterable[tuple[int, str, Sequence[str]]],
        rejects: Iterable[tuple[int, str, Sequence[str]]],
        *,
        list_sha256: str,
    ) -> None:
        """Take in a list: (number, domain, cells) and (number, reason, cells). All of it lands, or none.

        `rejects` is walked after `rows`. Accounts that the list no longer names leave the run; new ones wait; the others keep what they have.
        """
        store = self._store
        with store.transaction():
            for table in ("batch_rows", "batch_rejects"):
                store.write(f"DELETE FROM {table} WHERE run_id = ?", [(run_id,)])  # noqa: S608  two literals
            store.write(
                "INSERT INTO batch_rows VALUES (?, ?, ?, ?)",
                ((run_id, domain, number, _cells(cells)) for number, domain, cells in rows),
            )
            store.write(
                "INSERT INTO batch_rejects VALUES (?, ?, ?, ?)",
                ((run_id, number, reason, _cells(cells)) for number, reason, cells in rejects),
            )
            store.write(
                "DELETE FROM batch_accounts WHERE run_id = ? AND domain NOT IN"
                " (SELECT domain FROM batch_rows WHERE run_id = ?)",
                [(run_id, run_id)],
            )
            store.write(
                "INSERT INTO batch_accounts"
                " SELECT run_id, domain, MIN(number), 'pending', 0, 0, '', '', NULL, NULL, NULL"
                " FROM batch_rows WHERE run_id = ? GROUP BY run_id, domain"
                " ON CONFLICT (run_id, domain) DO UPDATE SET position = excluded.position",
                [(run_id,)],
            )
            store.write("UPDATE batch_runs SET list_sha256 = ? WHERE id = ?", [(list_sha256, run_id)])

    def rows_of(self, run_id: str, domain: str) -> list[ListRow]:
        """Return the list's rows that name an account, in file order, the first `MOST_ROWS`."""
        rows = self._store.read(
            "SELECT number, cells FROM batch_rows WHERE run_id = ? AND domain = ? ORDER BY number LIMIT ?",
            run_id,
            domain,
            MOST_ROWS,
        )
        return [ListRow(int(str(number)), json.loads(str(cells))) for number, cells in rows]

    def rejects(self, run_id: str) -> Iterator[tuple[int, str, list[str]]]:
        """Yield the rows that name no account: number, reason, cells."""
        last = 0
        while rows := self._store.read(
            "SELECT number, reason, cells FROM batch_rejects WHERE run_id = ? AND number > ? ORDER BY number LIMIT ?",
            run_id,
            last,
            _PAGE,
        ):
            for number, reason, cells in rows:
                last = int(str(number))
                yield last, str(reason), json.loads(str(cells))

    def duplicates(self, run_id: str) -> Iterator[tuple[str, list[int]]]:
        """Yield the accounts that several rows name, with the rows' numbers (the first hundred)."""
        for domain, _ in self._store.read(
            "SELECT domain, COUNT(*) FROM batch_rows WHERE run_id = ? GROUP BY domain HAVING COUNT(*) > 1"
            " ORDER BY MIN(number)",
            run_id,
        ):
            numbers = self._store.read(
                "SELECT number FROM batch_rows WHERE run_id = ? AND domain = ? ORDER BY number LIMIT 100",
                run_id,
                domain,
            )
            yield str(domain), [int(str(row[0])) for row in numbers]

    def count_rows(self, run_id: str) -> tuple[int, int]:
        """Return how many rows name an account, and how many do not."""
        (used,) = self._store.read("SELECT COUNT(*) FROM batch_rows WHERE run_id = ?", run_id)[0]
        (refused,) = self._store.read("SELECT COUNT(*) FROM batch_rejects WHERE run_id = ?", run_id)[0]
        return int(str(used)), int(str(refused))

    # Accounts

    def recover(self, run_id: str) -> int:
        """Put accounts that were under way when the process died back in line; return how many."""
        with self._store.transaction():
            found = self._store.read(
                "SELECT COUNT(*) FROM batch_accounts WHERE run_id = ? AND state = 'running'", run_id
            )
            self._store.write(
                "UPDATE batch_accounts SET state = 'pending', deaths = deaths + 1"
                " WHERE run_id = ? AND state = 'running'",
                [(run_id,)],
            )
        return int(str(found[0][0]))

    def waiting(
        self, run_id: str, state: AccountState, *, after: int, deaths: tuple[int, int], limit: int = 100
    ) -> list[PendingAccount]:
        """Return the next accounts in a state, by position; `deaths` bounds how often one took the process down."""
        rows = self._store.read(
            "SELECT domain, position, tries, deaths FROM batch_accounts WHERE run_id = ? AND state = ?"
            " AND position > ? AND deaths BETWEEN ? AND ? ORDER BY position LIMIT ?",
            run_id,
            state,
            after,
            *deaths,
            limit,
        )
        return [
            PendingAccount(str(domain), int(str(at)), int(str(tries)), int(str(deaths)))
            for domain, at, tries, deaths in rows
        ]

    def start(self, run_id: str, domain: str) -> None:
        """Say that an account is under way."""
        self._store.write(
            "UPDATE batch_accounts SET state = 'running' WHERE run_id = ? AND domain = ?", [(run_id, domain)]
        )

    def put_back(self, run_id: str, domain: str, *, deferred: bool = False, deaths: int = 0) -> None:
        """Say that an account was left unfinished: to go on with at once or, `deferred`, later.

        `deaths` is added to how often a process died while it was under way.
        """
        state, tries = ("deferred", 1) if deferred else ("pending", 0)
        self._store.write(
            "UPDATE batch_accounts SET state = ?, tries = tries + ?, deaths = deaths + ?"
            " WHERE run_id = ? AND domain = ?",
            [(state, tries, deaths, run_id, domain)],
        )

    def finish(
        self,
        run_id: str,
        domain: str,
        *,
        state: Literal["done", "failed"],
        ranking: str,
        detail: str,
        entry: str | None,
        report: str | None,
        now: datetime,
    ) -> None:
        """Keep an account's end: its result row, and its report as one line of JSON."""
        packed = self._store.pack(report.encode()) if report is not None else None
        self._store.write(
            "UPDATE batch_accounts SET state = ?, ranking = ?, detail = ?, entry = ?, report = ?, finished_at = ?"
            " WHERE run_id = ? AND domain = ?",
            [(state, ranking, detail, entry, packed, stamp(now), run_id, domain)],
        )

    def reopen(self, run_id: str, state: AccountState) -> int:
        """Put every account in a state back in line; return how many."""
        with self._store.transaction():
            found = self._store.read(
                "SELECT COUNT(*) FROM batch_accounts WHERE run_id = ? AND state = ?", run_id, state
            )
            self._store.write(
                "UPDATE batch_accounts SET state = 'pending', deaths = 0, tries = 0 WHERE run_id = ? AND state = ?",
                [(run_id, state)],
            )
        return int(str(found[0][0]))

    def reopen_account(self, run_id: str, domain: str) -> None:
        """Put one account back in line."""
        self._store.write(
            "UPDATE batch_accounts SET state = 'pending', deaths = 0, tries = 0 WHERE run_id = ? AND domain = ?",
            [(run_id, domain)],
        )

    def carry_over(self, run_id: str, before: str, *, finished_since: datetime) -> int:
        """Take over what an earlier run finished since a moment; return how many accounts that were."""
        with self._store.transaction():
            self._store.write(
                "UPDATE batch_accounts SET (state, ranking, detail, entry, report, finished_at) ="
                " (SELECT old.state, old.ranking, old.detail, old.entry, old.report, old.finished_at"
                "  FROM batch_accounts AS old WHERE old.run_id = ? AND old.domain = batch_accounts.domain)"
                " WHERE run_id = ? AND state = 'pending' AND domain IN"
                " (SELECT domain FROM batch_accounts WHERE run_id = ? AND state = 'done' AND finished_at >= ?)",
                [(before, run_id, before, stamp(finished_since))],
            )
            found = self._store.read(
                "SELECT COUNT(*) FROM batch_accounts WHERE run_id = ? AND state = 'done'", run_id
            )
        return int(str(found[0][0]))

    def count_done_before(self, run_id: str, moment: datetime) -> int:
        """Return how many accounts of a run came to an end before a moment."""
        rows = self._store.read(
            "SELECT COUNT(*) FROM batch_accounts WHERE run_id = ? AND state IN ('done', 'failed')"
            " AND finished_at < ?",
            run_id,
            stamp(moment),
        )
        return int(str(rows[0][0]))

    def counts(self, run_id: str) -> Counter[str]:
        """Return how many accounts are in each state."""
        rows = self._store.read(
            "SELECT state, COUNT(*) FROM batch_accounts WHERE run_id = ? GROUP BY state", run_id
        )
        return Counter({str(state): int(str(count)) for state, count in rows})

    def finished(self, run_id: str) -> Iterator[FinishedAccount]:
        """Yield the accounts that came to an end, best first, in flat memory."""
        rank, domain = "", ""
        while rows := self._store.read(
            "SELECT ranking, domain, state, detail, entry, position FROM batch_accounts WHERE run_id = ?"
            " AND state IN ('done', 'failed') AND (ranking > ? OR (ranking = ? AND domain > ?))"
            " ORDER BY ranking, domain LIMIT ?",
            run_id,
            rank,
            rank,
            domain,
            _PAGE,
        ):
            for row in rows:
                rank, domain = str(row[0]), str(row[1])
                yield _finished(row[1:])

    def finished_account(self, run_id: str, domain: str) -> FinishedAccount | None:
        """Return one account's end in a run."""
        rows = self._store.read(
            "SELECT domain, state, detail, entry, position FROM batch_accounts WHERE run_id = ? AND domain = ?"
            " AND state IN ('done', 'failed')",
            run_id,
            domain,
        )
        return _finished(rows[0]) if rows else None

    def report(self, run_id: str, domain: str) -> str | None:
        """Return an account's report as one line of JSON."""
        rows = self._store.read(
            "SELECT report FROM batch_accounts WHERE run_id = ? AND domain = ? AND report IS NOT NULL",
            run_id,
            domain,
        )
        return self._store.unpack(rows[0][0]).decode() if rows else None

    # Payments

    def pay(self, run_id: str, domain: str, key: str, spent: Spent) -> None:
        """Keep that a completion was paid for by this run, for this account."""
        self._store.write(
            "INSERT INTO batch_payments VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(run_id, domain, key, *spent)],
        )

    def paid(self, run_id: str, domain: str, key: str) -> bool:
        """Tell whether this run paid for a completion of this account."""
        return bool(
            self._store.read(
                "SELECT 1 FROM batch_payments WHERE run_id = ? AND domain = ? AND key = ?",
                run_id,
                domain,
                key,
            )
        )

    def paid_questions(self, run_id: str) -> int:
        """Return how many answers of paid providers a run has paid for; they took no model call."""
        row = self._store.read("SELECT COUNT(*) FROM batch_payments WHERE run_id = ? AND calls = 0", run_id)[
            0
        ]
        return int(str(row[0]))

    def spent(self, run_id: str) -> Spent:
        """Return what a run has paid so far."""
        row = self._store.read(
            "SELECT COALESCE(SUM(calls), 0), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0),"
            " SUM(cost_usd), COUNT(*) - COUNT(cost_usd) FROM batch_payments WHERE run_id = ?",
            run_id,
        )[0]
        calls, input_tokens, output_tokens, cost, unknown = row
        known = None if unknown else round(float(str(cost or 0.0)), 6)
        return Spent(int(str(calls)), int(str(input_tokens)), int(str(output_tokens)), known)

    def usual_account(self, most: int = 500) -> UsualAccount:
        """Return what the accounts that finished last took on average, in any run of this store."""
        rows = self._store.read(
            "SELECT entry FROM batch_accounts WHERE state = 'done' AND entry IS NOT NULL"
            " ORDER BY finished_at DESC LIMIT ?",
            most,
        )
        entries = [json.loads(str(row[0])) for row in rows]
        if not entries:
            return UsualAccount(0, 0.0, 0.0, 0.0, 0.0)
        keys = ("documents", "model_calls", "input_tokens", "output_tokens")
        return UsualAccount(
            len(entries), *(sum(entry[key] for entry in entries) / len(entries) for key in keys)
        )


def _cells(cells: Sequence[str]) -> str:
    return json.dumps(list(cells), ensure_ascii=False)


def _run(row: Sequence[object]) -> BatchRun:
    identifier, folder, path, digest, order, number, as_of, started, finished, entry = row
    return BatchRun(
        str(identifier),
        str(folder),
        str(path),
        str(digest),
        str(order),
        int(str(number)),
        date.fromisoformat(str(as_of)),
        datetime.fromisoformat(str(started)),
        datetime.fromisoformat(str(finished)) if finished else None,
        str(entry),
    )


def _finished(row: Sequence[object]) -> FinishedAccount:
    domain, state, detail, entry, position = row
    ended: AccountState = "done" if state == "done" else "failed"
    return FinishedAccount(
        str(domain), ended, str(detail), str(entry) if entry is not None else None, int(str(position))
    )
