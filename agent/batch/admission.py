"""How many accounts may be under way at once: as many as the machine and the model keep up with.

The number grows while accounts wait for the network, and shrinks when the event loop falls behind. When requests
wait for the model, more accounts would only hold memory: as many stay as leave, so that the model never runs dry.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable

_TICK = 0.05
_REVIEW_TICKS = 10
_REMEMBERED_TICKS = 4 * _REVIEW_TICKS
_LAG_LIMIT = 0.007
"""Mean seconds the loop may be late: one tick in a hundred is up to seven times as late, and a site answers in 50 ms."""
_LAG_ROOM = 0.0035
"""Mean seconds below which more accounts may enter."""
_LONGEST_LAG = 0.1
"""What one tick counts at most: one pause of a second is not what many accounts make."""
_ENOUGH_WAIT, _LONG_WAIT = 8.0, 30.0
"""Seconds a request waits for the model: from the first on the number stands, beyond the second it shrinks.

The second is longer than an account takes from its entry to its first request, so that the line never empties
while new accounts are on their way to it.
"""
_START = 8


class Admission:
    """Adapts the number of accounts under way between `least` and `most`; see `allowed`.

    `wait` tells how many seconds a request waits for the model.
    """

    def __init__(self, *, most: int, least: int = _START, wait: Callable[[], float] = lambda: 0.0) -> None:
        self._most, self._least = most, min(least, most)
        self._wait = wait
        self._recent: deque[float] = deque(maxlen=_REMEMBERED_TICKS)
        self.allowed = min(_START, most)
        self.under_way = 0
        self.most_seen = 0
        self._was_full = False
        """Whether an account had to wait for a place since the last review."""
        self._lags: Counter[int] = Counter()
        """How often the loop was so many milliseconds late, over the whole run."""
        self._changed = asyncio.Event()

    async def watch(self) -> None:
        """Measure the loop and adapt; runs until it is cancelled."""
        due = time.monotonic() + _TICK
        while True:
            for _ in range(_REVIEW_TICKS):
                await asyncio.sleep(due - time.monotonic())
                late = max(0.0, time.monotonic() - due)
                self.note(late)
                due += _TICK * (1 + late // _TICK)
            self.review()

    def note(self, late: float) -> None:
        """Take note of one tick, and by how many seconds it was late.

        The ticks that fell into the same pause were late too: all of them tell how late the loop is.
        """
        self._recent.append(min(late, _LONGEST_LAG))
        for missed in range(1 + int(late // _TICK)):
            self._lags[round(1000 * (late - missed * _TICK))] += 1

    def review(self) -> None:
        """Adapt to the mean lag since the number last shrank, and to the wait for the model."""
        lag = sum(self._recent) / len(self._recent) if self._recent else 0.0
        wait = self._wait()
        if lag > _LAG_LIMIT:
            self._shrink(int(self.under_way * 0.85))
            self._recent.clear()  # what comes now shows whether that was enough
        elif wait > _LONG_WAIT:
            self._shrink(self.under_way - 1)
        elif lag <= _LAG_ROOM and wait < _ENOUGH_WAIT and self._was_full:
            self.allowed = min(self._most, self.allowed + max(1, self.allowed // 6))
        self._was_full = False
        self._changed.set()

    def _shrink(self, places: int) -> None:
        """Replace nobody until so few are under way; lower than they can follow, the places would be missed later."""
        self.allowed = min(self.allowed, max(self._least, places))

    def lag_p99(self) -> float:
        """Return the seconds that the loop was late at most, in 99 of 100 ticks."""
        longer = self._lags.total() - int(self._lags.total() * 0.99)
        for milliseconds in sorted(self._lags, reverse=True):
            longer -= self._lags[milliseconds]
            if longer <= 0:
                return milliseconds / 1000
        return 0.0

    async def enter(self, limit: int | None = None) -> None:
        """Wait for a place and take it; `limit` bounds the places further."""
        while self.under_way >= min(self.allowed, limit or self._most):
            self._was_full |= self.under_way >= self.allowed
            self._changed.clear()
            await self._changed.wait()
        self.under_way += 1
        self.most_seen = max(self.most_seen, self.under_way)

    def leave(self) -> None:
        """Give a place back."""
        self.under_way -= 1
        self._changed.set()
