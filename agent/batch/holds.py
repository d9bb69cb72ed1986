"""A run's limits on calls and cost where several processes spend: what each has reserved is one row."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from agent.batch.limits import LimitReached, RunLimits
from agent.errors import StoreError
from agent.llm.api import Completion, Usage
from agent.llm.prices import cost_of
from agent.store.ledger import Ledger
from agent.store.store import Store

_LOOK_AGAIN_SECONDS = 0.5


@dataclass
class HeldRunLimits(RunLimits):
    """`RunLimits` over all workers: what is paid stands in the ledger, what is under way in `batch_holds`."""

    store: Store | None = None
    run_id: str = ""
    worker: str = ""

    @classmethod
    def of(cls, limits: RunLimits, *, store: Store, run_id: str, worker: str) -> HeldRunLimits:
        """Return a run's limits as one worker keeps them."""
        return cls(
            limits.max_calls, limits.max_cost_usd, limits.price, store=store, run_id=run_id, worker=worker
        )

    async def reserve(self, input_tokens: int, output_tokens: int) -> float:
        """Wait for room and reserve a call for this worker; return its estimated cost. Raises `LimitReached`."""
        ahead = cost_of(Usage(input_tokens=input_tokens, output_tokens=output_tokens), self.price) or 0.0
        while True:
            refusal, others = self._try(ahead)
            if refusal is None:
                return ahead
            if not others:
                raise LimitReached(refusal)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _try(self, ahead: float) -> tuple[str | None, int]:
        """Reserve where there is room; return why there is none, and how many calls are under way anywhere."""
        store = self._open()
        with store.transaction():
            store.engine.hold_writers(("batch_holds",))
            spent = Ledger(store).spent(self.run_id)
            held = store.read(
                "SELECT COALESCE(SUM(calls), 0), COALESCE(SUM(cost_usd), 0) FROM batch_holds WHERE run_id = ?",
                self.run_id,
            )[0]
            self.calls, self.cost_usd = spent.calls, spent.cost_usd
            self._reserved_calls, self._reserved_cost = int(str(held[0])), float(str(held[1]))
            refusal = self._refusal(ahead)
            if refusal is None:
                self._hold(1, ahead)
        return refusal, self._reserved_calls

    async def settle(self, reserved: float, completion: Completion | None) -> None:
        """Let a reservation go; what the call took was kept with its completion."""
        self._hold(-1, -reserved)

    def _hold(self, calls: int, cost: float) -> None:
        self._open().write(
            "INSERT INTO batch_holds AS held VALUES (?, ?, ?, ?) ON CONFLICT (run_id, worker) DO UPDATE SET"
            " calls = held.calls + excluded.calls, cost_usd = held.cost_usd + excluded.cost_usd",
            [(self.run_id, self.worker, calls, cost)],
        )

    def _open(self) -> Store:
        if self.store is None:
            raise StoreError("limits of several workers need the store that they share")
        return self.store
