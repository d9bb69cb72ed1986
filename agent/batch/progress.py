"""One live line on a terminal, plain lines elsewhere: done, failed, tiers, cost, time left."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO

from agent.batch.limits import RunLimits
from agent.report.view import tier_name

_PLAIN_SECONDS = 30.0
_LIVE_SECONDS = 0.25
_MOST_TIERS = 5


class ProgressLine:
    """Shows how far a run is, on `stream`; `quiet` shows nothing."""

    def __init__(
        self,
        total: int,
        *,
        finished: int,
        failed: int,
        tiers: Counter[str],
        limits: RunLimits | None,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream or sys.stderr
        self._live = not quiet and self._stream.isatty()
        self._quiet = quiet
        self._total, self._finished, self._failed = total, finished, failed
        self._at_start = finished
        self._tiers = tiers
        self._limits = limits
        self._clock = clock
        self._begun = self._shown = clock()
        self._width = 0
        self._told = ""

    def account(self, *, failed: bool, tier: str | None) -> None:
        """Take note that an account came to an end."""
        self._finished += 1
        self._failed += failed
        if tier is not None:
            self._tiers[tier] += 1
        wait = _LIVE_SECONDS if self._live else _PLAIN_SECONDS
        if self._clock() - self._shown >= wait:
            self.show()

    def show(self) -> None:
        """Show the line now."""
        self._shown = self._clock()
        if self._quiet:
            return
        line = self.line()
        if self._live:
            padding = " " * max(0, self._width - len(line))
            self._stream.write(f"\r{line}{padding}")
            self._width = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def tell(self, line: str) -> None:
        """Show a line of its own, once for each new text."""
        if self._quiet or line == self._told:
            return
        self._told = line
        self._stream.write(f"\r{line:<{self._width}}\n" if self._live else f"{line}\n")
        self._width = 0
        self.show()

    def end(self) -> None:
        """Show the line a last time and leave it standing."""
        self.show()
        if self._live:
            self._stream.write("\n")
            self._stream.flush()

    def line(self) -> str:
        """Return the line."""
        parts = [f"{self._finished:,}/{self._total:,} done"]
        if self._failed:
            parts.append(f"{self._failed:,} failed")
        parts += [f"{tier_name(name)} {count:,}" for name, count in self._tiers.most_common(_MOST_TIERS)]
        if self._limits is not None:
            cost = self._limits.cost_usd
            parts.append(f"{self._limits.calls:,} calls")
            parts.append("cost unknown" if cost is None else f"${cost:,.2f}")
        left = self._left()
        if left is not None:
            parts.append(f"{_duration(left)} left")
        return ", ".join(parts)

    def _left(self) -> float | None:
        made = self._finished - self._at_start
        if made < 3 or self._finished >= self._total:
            return None
        return (self._clock() - self._begun) / made * (self._total - self._finished)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
