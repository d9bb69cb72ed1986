"""Model requests of a run that go out as batches: noted, sent together, waited for, handed to their accounts.

An account that needs a model notes its requests and steps aside; when no other account has work left, what was
noted is sent. Everything is kept before it is waited for: a killed run finds its batches again.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from agent.batch.limits import RunLimits
from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, request_key
from agent.llm.batches import (
    MOST_BYTES,
    MOST_REQUESTS,
    BatchItem,
    BatchState,
    OpenAIBatches,
    passing,
    read_item,
)
from agent.llm.client import OpenAILLM, size_of
from agent.llm.prices import Price, cost_of, half_price
from agent.store.batched import BatchedRequests, NotedRequest, SentBatch
from agent.store.ledger import Ledger, Spent
from agent.store.store import Store

logger = logging.getLogger(__name__)

_FIRST_POLL, _LONGEST_POLL = 1.0, 120.0
_QUEUE_PATIENCE = 6
"""How often a batch may be too much for the endpoint's queue with nothing else in it, each half the size."""
_QUEUE_PAUSE = 15.0
_MOST_PROBES = 3
_MOST_TOKENS = 10**12


@dataclass
class BatchDesk:
    """The batches of one run. `collects` is off when only batches of an earlier session are brought home."""

    llm: OpenAILLM
    api: OpenAIBatches
    store: Store
    run_id: str
    limits: RunLimits
    price: Price | None
    clock: Callable[[], datetime]
    collects: bool = True
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    tell: Callable[[str], None] = lambda _: None
    """Takes what a person may want to know while nothing else happens."""
    _probe: asyncio.Lock = field(default_factory=asyncio.Lock)
    _probes: int = 0
    _most_tokens: int = _MOST_TOKENS
    _refused_in_a_row: int = 0

    def __post_init__(self) -> None:
        self.kept = BatchedRequests(self.store)
        self.limits.hold(*self.kept.held(self.run_id))

    # For accounts

    def was_sent(self, key: str) -> bool:
        """Tell whether some batch is done with a request, whatever came of it."""
        return self.kept.answer(key) is not None

    def answered(self, request: CompletionRequest) -> Completion | None:
        """Return what a batch brought for a request; `None` when nothing did, or nothing usable."""
        key = request_key(request)
        found = self.kept.answer(key)
        if found is None:
            return None
        state, raw = found
        completion = read_item(raw, request, half_price(self.price)) if state == "answered" else None
        if completion is None and state == "failed":
            completion = read_item(raw, request, None)  # "too long" is an answer; anything else is none
        self.kept.use(key, completion.outcome if completion is not None else "asked again")
        if completion is None:
            logger.warning("stage=batch an item came to nothing and is asked by itself: %s", raw[:200])
        return completion

    async def asks_now(self, ask: Callable[[], Awaitable[Completion]], model: str) -> Completion | None:
        """Ask the first request of a session at once: it shows how the endpoint wants to be asked.

        Returns `None` when that is known, so that the request can wait for a batch. A wrong key or model
        then shows in a minute, not in a day.
        """
        if self.llm.settled(model) or self._probes >= _MOST_PROBES:
            return None
        async with self._probe:
            if self.llm.settled(model) or self._probes >= _MOST_PROBES:
                return None
            self._probes += 1
            return await ask()

    def note(self, request: CompletionRequest) -> NotedRequest:
        """Reserve a request at a batch's price and return it as a line; raises `LimitReached`."""
        reserved = self.limits.hold_one(request, half_price(self.price))
        key = request_key(request)
        return NotedRequest(key, self.api.line(key, request), size_of(request), reserved)

    def release(self, noted: list[NotedRequest]) -> None:
        """Give back what an account reserved that could not note all it needs."""
        for each in noted:
            self.limits.release(each.reserved)

    # For the run

    async def turn(self, stop: asyncio.Event) -> bool:
        """Send what was noted and wait until something came back; `False` when nothing is outstanding."""
        await self._recover()
        await self._send_noted(stop)
        mine = [batch for batch in self.kept.open_batches() if batch.run_id == self.run_id]
        if not mine:
            return False
        wait = _FIRST_POLL
        while not stop.is_set():
            ended = [await self._look(batch) for batch in self.kept.open_batches()]
            if any(ended):
                self.kept.wake(self.run_id)
                return True
            await self._pause(wait, stop)
            wait = min(_LONGEST_POLL, wait * 1.5)
        return True

    async def give_up(self) -> None:
        """Cancel this run's batches, for a run that is to go on without; answers that are there are kept."""
        await self._recover()
        self.kept.drop_noted(self.run_id)
        for batch in self.kept.open_batches():
            if batch.run_id == self.run_id and batch.batch_id is not None:
                self.tell(f"cancelling batch {batch.batch_id}; what it has answered is kept")
                await self.api.cancel(batch.batch_id)
        self.kept.wake(self.run_id)

    async def _recover(self) -> None:
        """Find batches that were made when a process died before it heard their names."""
        for batch in self.kept.open_batches():
            if batch.batch_id is None and batch.run_id == self.run_id:
                found = await self.api.find(batch.token)
                if found is None:
                    self.kept.undo(batch.token)
                else:
                    self.kept.name(batch.token, found.id)

    async def _send_noted(self, stop: asyncio.Event) -> None:
        if self._refused_in_a_row and not self.kept.open_batches():
            await self._pause(_QUEUE_PAUSE * 2**self._refused_in_a_row, stop)
        while self.collects and not stop.is_set():
            taken = self.kept.noted(
                self.run_id, most=MOST_REQUESTS, most_bytes=MOST_BYTES, most_tokens=self._most_tokens
            )
            if not taken:
                return
            if self._refused_in_a_row and self.kept.open_batches():
                return  # the endpoint's queue is full; one of ours has to end first
            token = uuid.uuid4().hex
            self.kept.begin(self.run_id, token, [each.key for each in taken], now=self.clock())
            try:
                made = await self.api.submit([each.line for each in taken], token)
            except BaseException as error:
                if isinstance(error, LLMError):
                    self.kept.undo(token)  # refused for good, so it was not made
                if passing(error):
                    raise LLMError(
                        f"the model endpoint could not be reached to send {len(taken):,} requests ({error}); "
                        "they are kept, run the same command again to go on"
                    ) from error
                raise
            self.kept.name(token, made.id)
            self.tell(f"sent {len(taken):,} requests as batch {made.id}; the answers come within 24 hours")

    async def _look(self, batch: SentBatch) -> bool:
        """Check on one batch and take in what it brought, if it ended; tell whether it did."""
        if batch.batch_id is None:
            return False
        try:
            state = await self.api.check(batch.batch_id)
            if batch.run_id == self.run_id:
                self.tell(
                    f"batch {state.id} is {state.status}, {state.answered + state.failed:,} of "
                    f"{state.total:,} requests done"
                )
            if not state.ended:
                return False
            if state.status == "failed" and not state.files:
                return self._refused(batch, state)
            items = await self.api.items(state)
        except Exception as error:
            if not passing(error):
                raise
            self.tell(f"batch {batch.batch_id} cannot be asked about just now; trying again")
            return False
        self._refused_in_a_row = 0
        self._take_in(batch, state, items)
        return True

    def _take_in(self, batch: SentBatch, state: BatchState, items: list[BatchItem]) -> None:
        price = half_price(self.price)
        with self.store.transaction():
            for key, raw, usage in items:
                spent = None
                if usage is not None:
                    spent = Spent(1, usage.input_tokens, usage.output_tokens, cost_of(usage, price))
                self.kept.take(batch, key, raw, spent)
            self.kept.close(batch, f"batch {state.id} {state.status} without an answer")
        if batch.run_id == self.run_id:
            self.limits.refresh(Ledger(self.store).spent(self.run_id), *self.kept.held(self.run_id))

    def _refused(self, batch: SentBatch, state: BatchState) -> bool:
        """Take a batch back that the endpoint would not even begin."""
        self.kept.undo(batch.token)
        if not state.queue_full:
            raise LLMError(
                f"the endpoint refuses batch {state.id} ({state.detail or 'no reason given'}); mend that, or run "
                "the same command without --llm-batch"
            )
        self._refused_in_a_row += 1
        if self._refused_in_a_row > _QUEUE_PATIENCE and not self.kept.open_batches():
            raise LLMError(
                f"the endpoint's batch queue stays full ({state.detail}); run the same command again later"
            )
        self._most_tokens = max(1, self._tokens_of(state) // 2)
        return True

    def _tokens_of(self, state: BatchState) -> int:
        noted = self.kept.noted(
            self.run_id, most=MOST_REQUESTS, most_bytes=MOST_BYTES, most_tokens=self._most_tokens
        )
        return sum(each.tokens for each in noted)

    async def _pause(self, seconds: float, stop: asyncio.Event) -> None:
        waiting = asyncio.ensure_future(self.sleep(seconds))
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in (waiting, stopped):
            task.cancel()
