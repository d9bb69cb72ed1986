"""Model calls of a run: paid once, within the run's limits, and told the same way after a crash.

A completion and the mark that this run paid for it land together. When an account is taken up again after
a crash, its completions come from the store with what they cost this run, so that its receipt and its
remaining budget are those of a run that was never interrupted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agent.errors import DossierError, LLMError
from agent.graph.providers import ProviderBudget
from agent.llm.api import LLM, Completion, CompletionRequest, Usage, request_key
from agent.llm.budget import estimate_messages
from agent.llm.prices import Price, cost_of
from agent.store.completions import StoredCompletions
from agent.store.ledger import Ledger, Spent
from agent.store.store import Store

_MOST_FAILURES = 10


class LimitReached(DossierError):
    """The run's own limit on calls or cost is used up; what is unfinished stays in line."""


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

    def _refusal(self, ahead: float) -> str | None:
        if self.max_calls is not None and self.calls + self._reserved_calls >= self.max_calls:
            return f"the limit of {self.max_calls:,} model calls is reached (--max-calls)"
        if self.max_cost_usd is not None:
            spent = self.cost_usd if self.cost_usd is not None else self.max_cost_usd
            if spent + self._reserved_cost + ahead > self.max_cost_usd:
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


@dataclass
class RunProviderBudget(ProviderBudget):
    """A run's paid questions, kept with what its model calls cost, so that a crash changes no figure."""

    ledger: Ledger | None = None
    run_id: str = ""
    limits: RunLimits | None = None
    """The limits of the run's model, which already hold what earlier sessions paid; `None` without one."""

    def spent_usd(self, model_cost_usd: float | None) -> float | None:
        """Return what the whole run has spent, this account's model calls included."""
        return self.limits.cost_usd if self.limits is not None else self.cost_usd

    def settle(self, domain: str, question: str, *, answered: bool, kept: bool) -> float | None:
        """Note how a question ended. An answer that this run paid for before a crash costs what it did then."""
        cost = super().settle(domain, question, answered=answered, kept=kept)
        if self.ledger is None or not answered:
            return cost
        if kept:
            return self.price_usd if self.ledger.paid(self.run_id, domain, question) else cost
        self.ledger.pay(self.run_id, domain, question, Spent(0, 0, 0, cost))
        if self.limits is not None:
            known = self.limits.cost_usd
            self.limits.cost_usd = None if cost is None or known is None else round(known + cost, 6)
        return cost


class PaidLLM:
    """One account's model within a run."""

    def __init__(
        self,
        inner: LLM,
        *,
        store: Store,
        run_id: str,
        domain: str,
        limits: RunLimits,
        clock: Callable[[], datetime],
        calls: set[asyncio.Task[Completion]],
        failures: list[str],
    ) -> None:
        self._inner, self._store, self._limits = inner, store, limits
        self._ledger, self._kept = Ledger(store), StoredCompletions(store, clock)
        self._run_id, self._domain = run_id, domain
        self._calls, self._failures = calls, failures

    async def complete(self, request: CompletionRequest) -> Completion:
        """Return the kept completion, or ask, keep and mark it as paid by this run.

        A call that is under way is finished and kept even when its account is cancelled: it is paid for.
        """
        key = request_key(request)
        kept = self._kept.load(key)
        if kept is not None:
            if self._ledger.paid(self._run_id, self._domain, key):
                return kept
            free = {"from_cache": True, "calls": 0, "usage": Usage(), "cost_usd": 0.0}
            return kept.model_copy(update=free)
        reserved = await self._limits.reserve(estimate_messages(request.messages), request.max_output_tokens)
        call = asyncio.ensure_future(self._ask(request, key, reserved))
        self._calls.add(call)
        call.add_done_callback(self._forget)
        return await asyncio.shield(call)

    async def _ask(self, request: CompletionRequest, key: str, reserved: float) -> Completion:
        completion: Completion | None = None
        try:
            completion = await self._inner.complete(request)
            if completion.outcome != "error":
                usage = completion.usage
                spent = Spent(completion.calls, usage.input_tokens, usage.output_tokens, completion.cost_usd)
                with self._store.transaction():
                    self._kept.save(key, completion)
                    self._ledger.pay(self._run_id, self._domain, key, spent)
                self._limits.failed_in_a_row = 0
            else:
                self._failures.append(completion.detail)
                self._check_hopeless(completion.detail)
            return completion
        finally:
            await self._limits.settle(reserved, completion)

    def _check_hopeless(self, detail: str) -> None:
        """End the run when the endpoint will serve nobody: going on would call unread what was never asked."""
        self._limits.failed_in_a_row += 1
        if "quota" in detail or self._limits.failed_in_a_row >= _MOST_FAILURES:
            raise LLMError(
                f"the model endpoint fails every call ({detail}); mend that and run the same command again"
            )

    def _forget(self, call: asyncio.Task[Completion]) -> None:
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()  # the account that asked may be gone; its error was the run's to report
