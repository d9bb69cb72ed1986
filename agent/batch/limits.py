"""What a run may spend in all, across its accounts, its sessions and its batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from agent.errors import DossierError
from agent.llm.api import Completion, CompletionRequest, Usage
from agent.llm.budget import estimate_messages
from agent.llm.prices import Price, cost_of
from agent.store.ledger import Spent


class LimitReached(DossierError):
    """The run's own limit on calls or cost is used up; what is unfinished stays in line."""


class AwaitsBatch(DossierError):
    """An account's requests are noted; it goes on when their answers are there. Never shown to a user."""


@dataclass
class RunLimits:
    """What a run may spend in all, and has spent, earlier sessions of the same run included.

    A call is reserved at its estimate before it is made. While calls are under way whose estimates stand in
    the way of another, that one waits for what they really take.
    """

    max_calls: int | None = None
    max_cost_usd: float | None = None
    price: Price | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    failed_in_a_row: int = 0
    """Calls that failed for good since the last that did not, over all accounts."""
    _reserved_calls: int = 0
    _reserved_cost: float = 0.0
    _held_calls: int = 0
    _held_cost: float = 0.0
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    @classmethod
    def after(
        cls, spent: Spent, *, max_calls: int | None, max_cost_usd: float | None, price: Price | None
    ) -> RunLimits:
        """Return the limits of a run that has already spent something."""
        return cls(
            max_calls,
            max_cost_usd,
            price,
            spent.calls,
            spent.input_tokens,
            spent.output_tokens,
            spent.cost_usd,
        )

    async def reserve(self, input_tokens: int, output_tokens: int) -> float:
        """Wait for room and reserve a call; return its estimated cost. Raises `LimitReached`."""
        ahead = cost_of(Usage(input_tokens=input_tokens, output_tokens=output_tokens), self.price) or 0.0
        async with self._settled:
            while refusal := self._refusal(ahead):
                if not self._reserved_calls:
                    raise LimitReached(refusal)
                await self._settled.wait()
            self._reserved_calls += 1
            self._reserved_cost += ahead
        return ahead

    @property
    def waits_for_batches(self) -> bool:
        """Tell whether requests of batches hold room that their answers may give back."""
        return self._held_calls > 0

    def hold(self, calls: int, cost_usd: float) -> None:
        """Count requests of batches that have no answer yet: they are not waited for like calls under way."""
        self._held_calls, self._held_cost = calls, cost_usd

    def hold_one(self, request: CompletionRequest, price: Price | None) -> float:
        """Reserve one request for a batch; return its estimated cost. Raises `LimitReached`."""
        usage = Usage(
            input_tokens=estimate_messages(request.messages), output_tokens=request.max_output_tokens
        )
        ahead = cost_of(usage, price) or 0.0
        if refusal := self._refusal(ahead):
            raise LimitReached(refusal)
        self._held_calls += 1
        self._held_cost += ahead
        return ahead

    def release(self, reserved: float) -> None:
        """Give back one request that was not noted after all."""
        self._held_calls -= 1
        self._held_cost = max(0.0, self._held_cost - reserved)

    def refresh(self, spent: Spent, held_calls: int, held_cost: float) -> None:
        """Take over what was paid, and what is still held, after a batch came back."""
        self.calls, self.input_tokens, self.output_tokens, self.cost_usd = spent
        self.hold(held_calls, held_cost)

    def _refusal(self, ahead: float) -> str | None:
        taken = self.calls + self._reserved_calls + self._held_calls
        if self.max_calls is not None and taken >= self.max_calls:
            return f"the limit of {self.max_calls:,} model calls is reached (--max-calls)"
        if self.max_cost_usd is not None:
            spent = self.cost_usd if self.cost_usd is not None else self.max_cost_usd
            if spent + self._reserved_cost + self._held_cost + ahead > self.max_cost_usd:
                return f"the limit of {self.max_cost_usd:g} US dollars is reached (--max-cost)"
        return None

    async def settle(self, reserved: float, completion: Completion | None) -> None:
        """Replace a reservation by what the call took; `None` when it came to nothing."""
        async with self._settled:
            self._reserved_calls -= 1
            self._reserved_cost = max(0.0, self._reserved_cost - reserved)
            if completion is not None:
                self.calls += completion.calls
                self.input_tokens += completion.usage.input_tokens
                self.output_tokens += completion.usage.output_tokens
                known = None if self.cost_usd is None else completion.cost_usd
                self.cost_usd = None if known is None else round((self.cost_usd or 0.0) + known, 6)
            self._settled.notify_all()
