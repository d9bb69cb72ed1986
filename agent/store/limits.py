"""Limits that every process on one PostgreSQL database keeps: one row a key.

A row says when the next use would be on time (the generic cell rate algorithm), by the database's clock, so
that machines whose clocks differ agree. A use moves it on by what it costs; a refusal pushes it back for all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from agent.store.postgres import PostgresEngine
from tools.domains import registrable
from tools.fetching.pace import HostLimits, HostState

T = TypeVar("T")

_NOW = "extract(epoch FROM clock_timestamp())::float8"
_RESERVE = f"""
INSERT INTO limits AS l (key, due) VALUES (?, {_NOW} - ?::float8 + ?::float8)
ON CONFLICT (key) DO UPDATE SET due = GREATEST(l.due, {_NOW} - ?::float8) + ?::float8
WHERE l.due <= {_NOW} + ?::float8
RETURNING due - ?::float8, {_NOW}
"""  # noqa: S608  constants of this module
_HOLD = f"""
INSERT INTO limits AS l (key, due) VALUES (?, {_NOW} + ?::float8)
ON CONFLICT (key) DO UPDATE SET due = GREATEST(l.due, excluded.due)
"""  # noqa: S608  constants of this module
_FORGET_SECONDS = 3_600.0
_MOST_ACCOUNTS = 10_000
_MOST_TURNS = 5
_AFTER_SECONDS = 0.005


class Turn(NamedTuple):
    """An answer of a row: seconds to wait, and whether the use is reserved or must be asked for again."""

    wait: float
    reserved: bool
    start: float = 0.0
    """When the reserved use begins, in seconds by the database's clock."""


class SharedLimits:
    """The rows of one database, asked on a connection and a thread of their own. Opened when first used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: PostgresEngine | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="limits")

    async def reserve(self, key: str, cost: float, *, saved: float = 0.0, ahead: float = 1e9) -> Turn:
        """Reserve a use that costs so many seconds of the limit. Raises `StoreError`.

        `saved` is how many unused seconds may be made up for; more than `ahead` seconds from now nothing is
        reserved, and the answer says how long it is until then.
        """
        return await self._run(lambda: self._reserve(key, cost, saved, ahead))

    async def shift(self, key: str, seconds: float) -> None:
        """Move a limit by what a use really cost, less (negative) or more than was reserved."""
        statement = "UPDATE limits SET due = due + ?::float8 WHERE key = ?"
        await self._run(lambda: self._write(statement, (seconds, key)))

    async def hold(self, key: str, seconds: float) -> None:
        """Let nobody begin for so many seconds."""
        await self._run(lambda: self._write(_HOLD, (key, seconds)))

    def close(self) -> None:
        """Close the connection."""
        self._thread.shutdown(wait=True)
        if self._engine is not None:
            self._engine.close()

    async def _run(self, ask: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    def _open(self) -> PostgresEngine:
        if self._engine is None:
            self._engine = PostgresEngine(self._url)
            self._engine.write(f"DELETE FROM limits WHERE due < {_NOW} - ?::float8", [(_FORGET_SECONDS,)])  # noqa: S608
        return self._engine

    def _reserve(self, key: str, cost: float, saved: float, ahead: float) -> Turn:
        engine = self._open()
        rows = engine.read(_RESERVE, (key, saved, cost, saved, cost, ahead, cost))
        if rows:
            start, now = (float(str(value)) for value in rows[0])
            return Turn(max(0.0, start - now), True, start)
        found = engine.read(f"SELECT due - {_NOW} FROM limits WHERE key = ?", (key,))  # noqa: S608
        return Turn(max(0.0, float(str(found[0][0]))) if found else 0.0, False)

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        self._open().write(statement, [row])


class SharedHosts(HostLimits):
    """Host gaps that every process keeps, but for an account's own hosts: those only its one worker asks."""

    def __init__(self, limits: SharedLimits) -> None:
        super().__init__()
        self._limits = limits
        self._own: OrderedDict[str, None] = OrderedDict()
        self._corrections: set[asyncio.Task[None]] = set()

    def belongs_to_account(self, domain: str) -> None:
        """Take note that a domain is the account's own."""
        self._own[domain] = None
        self._own.move_to_end(domain)
        if len(self._own) > _MOST_ACCOUNTS:
            self._own.popitem(last=False)

    def back_off(self, host: str, seconds: float) -> None:
        """Start nothing more on this host for so many seconds, in any process."""
        super().back_off(host, seconds)
        if not self._is_own(host):
            task = asyncio.ensure_future(self._limits.hold(f"host {host}", seconds))
            self._corrections.add(task)
            task.add_done_callback(self._corrections.discard)
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _is_own(self, host: str) -> bool:
        return registrable(host) in self._own

    async def _take_turn(self, host: str, state: HostState) -> None:
        if not self._is_own(host):
            await self._take_shared_turn(f"host {host}", state.pace.interval)
        await super()._take_turn(host, state)

    async def _take_shared_turn(self, key: str, interval: float) -> None:
        """Take the host's turn when it has come, never ahead: a gap counts from the start before, not its plan.

        An answer that took long to arrive is a turn gone by: who asks late would come close to the next.
        """
        clock = asyncio.get_running_loop().time
        for _ in range(_MOST_TURNS):
            while True:
                asked = clock()
                turn = await self._limits.reserve(key, interval, ahead=0.0)
                if turn.reserved:
                    break
                await self._sleep(turn.wait + _AFTER_SECONDS)
            if clock() - asked <= max(_AFTER_SECONDS, interval / 10):
                return
