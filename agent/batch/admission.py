"""How many accounts may be under way at once: as many as the machine and the model keep up with.

The number grows while accounts wait for the network, and shrinks when the event loop falls behind or when
requests queue for the model, where more accounts would only hold memory.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

_TICK = 0.05
_REVIEW_TICKS = 10
_LAG_LIMIT = 0.03
"""Mean seconds the loop may be late: a site answers in 50 ms, and one tick in a hundred is later than most."""
_LAG_ROOM = 0.015
"""Mean seconds below which more accounts may enter."""
_START = 8


class Admission:
    """Adapts the number of accounts under way between `least` and `most`; see `allowed`."""

    def __init__(self, *, most: int, least: int = 4, queued: Callable[[], int] = lambda: 0) -> None:
        self._most, self._least = most, min(least, most)
        self._queued = queued
        self.allowed = min(_START, most)
        self.under_way = 0
        self.most_seen = 0
        self.lags: deque[float] = deque(maxlen=20_000)
        """How late the loop was, in seconds, tick by tick."""
        self._changed = asyncio.Event()

    async def watch(self) -> None:
        """Measure the loop and adapt; runs until it is cancelled."""
        recent: deque[float] = deque(maxlen=_REVIEW_TICKS * 4)
        ticks = 0
        while True:
            due = time.monotonic() + _TICK
            await asyncio.sleep(_TICK)
            late = max(0.0, time.monotonic() - due)
            recent.append(late)
            self.lags.append(late)
            ticks += 1
            if ticks % _REVIEW_TICKS == 0:
                self.review(sum(recent) / len(recent))

    def review(self, lag: float) -> None:
        """Adapt to the mean lag and to the queue for the model."""
        if lag > _LAG_LIMIT:
            self.allowed = max(self._least, int(self.allowed * 0.85))
        elif self._queued() > max(8, self.allowed // 2):
            self.allowed = max(self._least, self.allowed - 1)
        elif lag <= _LAG_ROOM and self.under_way >= self.allowed:
            self.allowed = min(self._most, self.allowed + max(1, self.allowed // 6))
        self._changed.set()

    def lag_p99(self) -> float:
        """Return the seconds that the loop was late at most, in 99 of 100 ticks."""
        lags = sorted(self.lags)
        return lags[int(len(lags) * 0.99)] if lags else 0.0

    async def enter(self, limit: int | None = None) -> None:
        """Wait for a place and take it; `limit` bounds the places further."""
        while self.under_way >= min(self.allowed, limit or self._most):
            self._changed.clear()
            await self._changed.wait()
        self.under_way += 1
        self.most_seen = max(self.most_seen, self.under_way)

    def leave(self) -> None:
        """Give a place back."""
        self.under_way -= 1
        self._changed.set()
