"""Model requests that wait for a batch, the batches they went out with, and accounts that wait for both.

A request's way: `noted` -> `sent` (with a batch) -> `answered` | `failed` -> `used`. Each step is a row here
before anything else happens; the batch has a token of ours before the server gives it an id, so that a batch
which was made the moment the process died is found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from agent.store.ledger import Ledger, Spent
from agent.store.store import Store, stamp

_PAGE = 500


class NotedRequest(NamedTuple):
    """One model request as a line of a batch file. `reserved` is its estimated cost in US dollars."""

    key: str
    line: str
    tokens: int
    reserved: float


class SentBatch(NamedTuple):
    """One batch. `batch_id` is `None` while the server has not told it."""

    token: str
    run_id: str
    batch_id: str | None


class Held(NamedTuple):
    """What requests without an answer may yet take."""

    calls: int
    cost_usd: float


class BatchedRequests:
    """The requests of batches in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # Accounts

    def note(self, run_id: str, domain: str, requests: Sequence[NotedRequest], snapshot: str) -> None:
        """Keep what an account waits for, and how far it is; its state in the ledger is `waiting`."""
        store = self._store
        with store.transaction():
            store.write(
                "INSERT INTO llm_requests VALUES (?, ?, ?, ?, ?, ?, NULL, 'noted', NULL) ON CONFLICT DO NOTHING",
                [
                    (run_id, domain, each.key, store.pack(each.line.encode()), each.tokens, each.reserved)
                    for each in requests
                ],
            )
            store.write(
                "INSERT INTO batch_snapshots VALUES (?, ?, ?)"
                " ON CONFLICT (run_id, domain) DO UPDATE SET snapshot = excluded.snapshot",
                [(run_id, domain, store.pack(snapshot.encode()))],
            )
            store.write(
                "UPDATE batch_accounts SET state = 'waiting' WHERE run_id = ? AND domain = ?",
                [(run_id, domain)],
            )

    def snapshot(self, run_id: str, domain: str) -> str | None:
        """Return how far an account was when it began to wait."""
        rows = self._store.read(
            "SELECT snapshot FROM batch_snapshots WHERE run_id = ? AND domain = ?", run_id, domain
        )
        return self._store.unpack(rows[0][0]).decode() if rows else None

    def forget_snapshot(self, run_id: str, domain: str) -> None:
        """Drop an account's snapshot, once it came to an end."""
        self._store.write("DELETE FROM batch_snapshots WHERE run_id = ? AND domain = ?", [(run_id, domain)])

    def wake(self, run_id: str) -> None:
        """Put the accounts back in line that no longer wait for an answer."""
        self._store.write(
            "UPDATE batch_accounts SET state = 'pending' WHERE run_id = ? AND state = 'waiting' AND domain NOT IN"
            " (SELECT domain FROM llm_requests WHERE run_id = ? AND state IN ('noted', 'sent'))",
            [(run_id, run_id)],
        )

    def drop_noted(self, run_id: str) -> None:
        """Forget requests that were never sent: they are asked one by one instead."""
        self._store.write("DELETE FROM llm_requests WHERE run_id = ? AND state = 'noted'", [(run_id,)])

    # Batches

    def noted(self, run_id: str, *, most: int, most_bytes: int, most_tokens: int) -> list[NotedRequest]:
        """Return the next requests to send, each key once, at least one if there is any."""
        taken: list[NotedRequest] = []
        size = tokens = 0
        last = ""
        while rows := self._store.read(
            "SELECT key, line, tokens, reserved FROM llm_requests WHERE run_id = ? AND state = 'noted'"
            " AND key > ? ORDER BY key, domain LIMIT ?",
            run_id,
            last,
            _PAGE,
        ):
            for key, packed, count, reserved in rows:
                if str(key) == last:
                    continue
                last = str(key)
                line = self._store.unpack(packed).decode()
                size, tokens = size + len(line) * 2, tokens + int(str(count))
                full = len(taken) >= most or size > most_bytes or tokens > most_tokens
                if taken and full:
                    return taken
                taken.append(NotedRequest(last, line, int(str(count)), float(str(reserved))))
        return taken

    def begin(self, run_id: str, token: str, keys: Sequence[str], *, now: datetime) -> None:
        """Say that requests are about to be sent under a token."""
        with self._store.transaction():
            self._store.write(
                "INSERT INTO llm_batches VALUES (?, ?, NULL, 'open', ?, ?)",
                [(token, run_id, len(keys), stamp(now))],
            )
            self._store.write(
                "UPDATE llm_requests SET state = 'sent', token = ? WHERE run_id = ? AND key = ? AND state = 'noted'",
                [(token, run_id, key) for key in keys],
            )

    def name(self, token: str, batch_id: str) -> None:
        """Keep the server's id of a batch."""
        self._store.write("UPDATE llm_batches SET batch_id = ? WHERE token = ?", [(batch_id, token)])

    def undo(self, token: str) -> None:
        """Take a batch back that the server does not have, or will not do; its requests wait again."""
        with self._store.transaction():
            self._store.write("DELETE FROM llm_batches WHERE token = ?", [(token,)])
            self._store.write(
                "UPDATE llm_requests SET state = 'noted', token = NULL WHERE token = ? AND state = 'sent'",
                [(token,)],
            )

    def open_batches(self) -> list[SentBatch]:
        """Return the batches of all runs that are not done with."""
        rows = self._store.read(
            "SELECT token, run_id, batch_id FROM llm_batches WHERE state = 'open' ORDER BY created_at, token"
        )
        return [SentBatch(str(token), str(run), str(name) if name else None) for token, run, name in rows]

    def take(self, batch: SentBatch, key: str, answer: str, spent: Spent | None) -> None:
        """Keep one item of a batch: what came, and what it cost; `None` when it is not charged for."""
        state = "failed" if spent is None else "answered"
        domains = self._store.read(
            "SELECT domain FROM llm_requests WHERE token = ? AND key = ? AND state = 'sent' ORDER BY domain",
            batch.token,
            key,
        )
        self._store.write(
            "UPDATE llm_requests SET state = ?, answer = ? WHERE token = ? AND key = ? AND state = 'sent'",
            [(state, self._store.pack(answer.encode()), batch.token, key)],
        )
        if spent is not None and domains:
            Ledger(self._store).pay(batch.run_id, str(domains[0][0]), key, spent)

    def close(self, batch: SentBatch, why: str) -> None:
        """Say that a batch ended; requests without an answer failed, for `why`."""
        with self._store.transaction():
            self._store.write(
                "UPDATE llm_requests SET state = 'failed', answer = ? WHERE token = ? AND state = 'sent'",
                [(self._store.pack(why.encode()), batch.token)],
            )
            self._store.write("UPDATE llm_batches SET state = 'ended' WHERE token = ?", [(batch.token,)])

    # Answers

    def answer(self, key: str) -> tuple[str, str] | None:
        """Return (state, what came) for a request that some batch is done with, whatever run sent it.

        `used` comes with what became of it instead.
        """
        rows = self._store.read(
            "SELECT state, answer FROM llm_requests WHERE key = ? AND state IN ('answered', 'failed', 'used')"
            " ORDER BY state, run_id, domain LIMIT 1",
            key,
        )
        return (str(rows[0][0]), self._store.unpack(rows[0][1]).decode()) if rows else None

    def use(self, key: str, outcome: str) -> None:
        """Say what became of a request whose answer was read; the texts are no longer needed."""
        empty = self._store.pack(b"")
        self._store.write(
            "UPDATE llm_requests SET state = 'used', line = ?, answer = ? WHERE key = ?"
            " AND state IN ('answered', 'failed')",
            [(empty, self._store.pack(outcome.encode()), key)],
        )

    # Figures

    def held(self, run_id: str) -> Held:
        """Return what a run's requests without an answer may yet take."""
        calls, cost = self._store.read(
            "SELECT COUNT(*), COALESCE(SUM(reserved), 0.0) FROM llm_requests WHERE run_id = ?"
            " AND state IN ('noted', 'sent')",
            run_id,
        )[0]
        return Held(int(str(calls)), float(str(cost)))

    def figures(self, run_id: str) -> dict[str, int]:
        """Return how many batches a run sent, and what became of their items."""
        (batches,) = self._store.read("SELECT COUNT(*) FROM llm_batches WHERE run_id = ?", run_id)[0]
        items = {"waiting": 0, "answered": 0, "asked_again": 0}
        for state, outcome in self._outcomes(run_id):
            if state in ("noted", "sent"):
                items["waiting"] += 1
            elif state == "failed" or outcome == "asked again":
                items["asked_again"] += 1
            else:
                items["answered"] += 1
        return {"batches": int(str(batches)), **items}

    def _outcomes(self, run_id: str) -> Iterator[tuple[str, str]]:
        last = ("", "")
        while rows := self._store.read(
            "SELECT key, domain, state, answer FROM llm_requests WHERE run_id = ?"
            " AND (key > ? OR (key = ? AND domain > ?)) ORDER BY key, domain LIMIT ?",
            run_id,
            last[0],
            *last,
            _PAGE,
        ):
            for key, domain, state, answer in rows:
                last = (str(key), str(domain))
                said = self._store.unpack(answer).decode() if state == "used" else ""
                yield str(state), said
