"""What a session of a run keeps of itself, and who takes its accounts as they end."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from agent.store.ledger import FinishedAccount


class Sink(Protocol):
    """Takes accounts as they end: the files that grow during a run, and whoever watches."""

    def finished(self, account: FinishedAccount, report: str | None) -> None:
        """Take one account's end; `report` is its JSON on one line."""
        ...


@dataclass
class Session:
    """One process's share of a run: what has been done since it started, and why it stopped."""

    done: int = 0
    failed: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None
    """Why work ended before the list did; `None` when it did not."""
    interrupted: bool = False
    lost_store: bool = False
    """Whether it ended because the store could not be used."""
    started: float = field(default_factory=time.monotonic)
    pulse: float = field(default_factory=time.monotonic)
    """When the event loop last showed that it is alive."""
