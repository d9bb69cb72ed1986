"""Model calls of a run: paid once, within the run's limits, and told the same way after a crash.

A completion and the mark that this run paid for it land together. When an account is taken up again after
a crash, its completions come from the store with what they cost this run, so that its receipt and its
remaining budget are those of a run that was never interrupted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from agent.batch.limits import AwaitsBatch, RunLimits
from agent.errors import LLMError
from agent.graph.providers import ProviderBudget
from agent.llm.api import LLM, Completion, CompletionRequest, Usage, request_key
from agent.llm.budget import estimate_messages
from agent.store.batched import NotedRequest
from agent.store.completions import StoredCompletions
from agent.store.ledger import Ledger, Spent
from agent.store.store import Store

if TYPE_CHECKING:
    from agent.batch.desk import BatchDesk

_MOST_FAILURES = 10


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
        desk: BatchDesk | None = None,
        noted: list[NotedRequest] | None = None,
    ) -> None:
        self._inner, self._store, self._limits = inner, store, limits
        self._ledger, self._kept = Ledger(store), StoredCompletions(store, clock)
        self._run_id, self._domain = run_id, domain
        self._calls, self._failures = calls, failures
        self._desk, self._noted = desk, noted if noted is not None else []

    async def complete(self, request: CompletionRequest) -> Completion:
        """Return the kept completion, or ask, keep and mark it as paid by this run.

        A call that is under way is finished and kept even when its account is cancelled: it is paid for. A
        request that is to wait for a batch is noted and raises `AwaitsBatch`.
        """
        key = request_key(request)
        kept = self._kept.load(key)
        if kept is not None:
            if self._ledger.paid(self._run_id, self._domain, key):
                return kept
            free = {"from_cache": True, "calls": 0, "usage": Usage(), "cost_usd": 0.0}
            return kept.model_copy(update=free)
        if self._desk is not None:
            completion = await self._by_batch(request, key, self._desk)
            if completion is not None:
                return completion
        return await self._ask_now(request, key)

    async def _by_batch(self, request: CompletionRequest, key: str, desk: BatchDesk) -> Completion | None:
        """Return what a batch brought, or note the request for one; `None` when it is to be asked by itself."""
        if desk.was_sent(key):
            with self._store.transaction():
                completion = desk.answered(request)
                if completion is not None:
                    self._kept.save(key, completion)  # paid for when the batch came back
            return completion
        if not desk.collects:
            return None
        completion = await desk.asks_now(lambda: self._ask_now(request, key), request.model)
        if completion is None:
            self._noted.append(desk.note(request))
            raise AwaitsBatch("its model requests wait for a batch")
        return completion

    async def _ask_now(self, request: CompletionRequest, key: str) -> Completion:
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
