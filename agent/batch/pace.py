"""The limits of one model endpoint, shared by all accounts of a run: requests and tokens per minute, pauses.

Rates follow the generic cell rate algorithm: one number says when the next request would be on time, so a
token is never counted in two windows. A bucket kept elsewhere (one for many machines) fits the same seam.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Protocol

from agent.errors import LLMError
from agent.store.limits import SharedLimits

logger = logging.getLogger(__name__)

_SHARE = 0.99
"""Part of a stated limit that is used: a server counts our tokens a little later than we send them."""
_BURST_SECONDS = 1.0
_AHEAD_SECONDS = 1.0
_FAILURES_TO_OPEN = 5
_LONGEST_PAUSE = 30.0
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class Bucket(Protocol):
    """One shared limit. `per_minute` of `None` is no limit (yet)."""

    per_minute: float | None

    async def take(self, amount: float) -> float:
        """Reserve an amount; return the seconds to wait before using it."""
        ...

    async def give_back(self, amount: float) -> None:
        """Correct a reservation by what was not used; a negative amount takes more."""
        ...

    async def hold(self, seconds: float) -> None:
        """Give nothing more out for so many seconds."""
        ...


class Rate:
    """So much a minute, evenly, within one process. `per_minute` of `None` is no limit (yet)."""

    def __init__(self, per_minute: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = 0.0
        self.per_minute = per_minute

    async def take(self, amount: float) -> float:
        """Reserve an amount; return the seconds to wait before using it."""
        if not self.per_minute:
            return 0.0
        rate = self.per_minute * _SHARE / 60
        now = self._clock()
        # What was saved up while idle is worth one second at most; the rest of a minute is not stored.
        start = max(self._due, now - _BURST_SECONDS)
        self._due = start + amount / rate
        return max(0.0, start - now)

    async def give_back(self, amount: float) -> None:
        """Correct a reservation by what was not used."""
        if self.per_minute:
            self._due -= amount / (self.per_minute * _SHARE / 60)

    async def hold(self, seconds: float) -> None:
        """Give nothing more out for so many seconds."""
        self._due = max(self._due, self._clock() + seconds)


class SharedRate:
    """A `Rate` that every process on one database keeps: its state is one row there.

    Of one process's requests one at a time asks the row, in their order, and reserves no further ahead than
    a second: what a process that dies had reserved costs the others that much at most.
    """

    def __init__(
        self,
        limits: SharedLimits,
        key: str,
        per_minute: float | None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits, self._key, self._sleep = limits, key, sleep
        self._turn = asyncio.Lock()
        self.per_minute = per_minute

    async def take(self, amount: float) -> float:
        """Reserve an amount; return the seconds to wait before using it. Raises `StoreError`."""
        if not self.per_minute:
            return 0.0
        cost = amount / (self.per_minute * _SHARE / 60)
        async with self._turn:
            while True:
                taken = await self._limits.reserve(
                    self._key, cost, saved=_BURST_SECONDS, ahead=_AHEAD_SECONDS
                )
                if taken.reserved:
                    return taken.wait
                await self._sleep(taken.wait - _AHEAD_SECONDS / 2)

    async def give_back(self, amount: float) -> None:
        """Correct a reservation by what was not used."""
        if self.per_minute:
            await self._limits.shift(self._key, -amount / (self.per_minute * _SHARE / 60))

    async def hold(self, seconds: float) -> None:
        """Give nothing more out to any process for so many seconds."""
        await self._limits.hold(self._key, seconds)


class EndpointPace:
    """Admits requests to one endpoint; see `agent.llm.client.Pace`.

    After five failures in a row the endpoint counts as down: one request at a time then tries it, ever more
    rarely, while all others wait. `patience` seconds without any answer end the run by an `LLMError`;
    an endpoint that never answered at all gets `first_patience`.
    """

    def __init__(
        self,
        *,
        requests: Bucket,
        tokens: Bucket,
        patience: float = 5_400.0,
        first_patience: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._requests, self._tokens = requests, tokens
        self._patience, self._first_patience = patience, first_patience
        self._clock, self._sleep = clock, sleep
        self._blocked_until = 0.0
        self._failures = 0
        self._failing_since: float | None = None
        self._answered_once = False
        self._probing = False
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._waiting: dict[object, tuple[float, int]] = {}
        """When each request that waits for its turn came, and its tokens; the first in line first."""
        self.refusals = 0
        """Answers 429 so far."""

    @property
    def down(self) -> bool:
        """Tell whether the endpoint answers nobody at the moment."""
        return self._failures >= _FAILURES_TO_OPEN

    @property
    def wait(self) -> float:
        """Seconds that a request which came now would wait: by what stands before it, or as the first in line does."""
        if not self._waiting:
            return 0.0
        arrivals = self._waiting.values()
        tokens = sum(tokens for _, tokens in arrivals)
        return max(
            self._clock() - next(iter(arrivals))[0],
            60 * tokens / self._tokens.per_minute if self._tokens.per_minute else 0.0,
            60 * len(arrivals) / self._requests.per_minute if self._requests.per_minute else 0.0,
        )

    async def admit(self, tokens: int) -> None:
        """Wait until a request of about so many tokens may be sent; raises `LLMError` when patience ends.

        Only the first in line reserves. Estimates are too high rather than too low, and what is given back
        must let the next go sooner: a line reserved far ahead would keep its estimates' pace to the end.
        """
        ticket = object()
        self._waiting[ticket] = self._clock(), tokens
        try:
            async with self._turn:
                await self._wait_for_endpoint()
                pause = max(await self._requests.take(1), await self._tokens.take(tokens))
                if pause > 0:
                    await self._sleep(pause)
                    await self._wait_for_endpoint()
        finally:
            del self._waiting[ticket]

    async def _wait_for_endpoint(self) -> None:
        while True:
            now = self._clock()
            self._check_patience(now)
            if now < self._blocked_until:
                await self._sleep(min(self._blocked_until - now, _LONGEST_PAUSE))
                continue
            if not self.down:
                return
            if not self._probing:
                self._probing = True
                return
            self._changed.clear()
            try:
                async with asyncio.timeout(_LONGEST_PAUSE):
                    await self._changed.wait()
            except TimeoutError:
                self._probing = False  # whoever was trying was cancelled; let the next one try

    def _check_patience(self, now: float) -> None:
        if self._failing_since is None:
            return
        waited = now - self._failing_since
        if waited > (self._patience if self._answered_once else self._first_patience):
            raise LLMError(
                f"the model endpoint has not answered for {waited / 60:.0f} minutes; what was finished is kept, "
                "run the same command again to go on"
            )

    def answered(self, headers: Mapping[str, str], reserved: int, used: int) -> None:
        """Take note of an answer, and of what its rate-limit headers say."""
        self._answered_once = True
        self._settled()
        if used:
            self._give_back(reserved - used)
        self._read_limit(headers, "requests", self._requests)
        self._read_limit(headers, "tokens", self._tokens)

    def refused(self, status: int | None, retry_after: float | None, reserved: int) -> None:
        """Take note of a failure: a refusal for rate makes everybody wait, a dead endpoint is tried rarely."""
        now = self._clock()
        self._give_back(reserved)
        if status == 429:
            self.refusals += 1
            self._answered_once = True
            self._settled()
            pause = retry_after if retry_after is not None else 2.0
            self._block(now + pause)
            _in_background(self._tokens.hold(pause))
        elif status is None or status >= 500:
            self._failures += 1
            self._failing_since = self._failing_since if self._failing_since is not None else now
            if retry_after is not None:
                self._block(now + retry_after)
            elif self.down:
                self._block(now + min(_LONGEST_PAUSE, 2.0 ** (self._failures - _FAILURES_TO_OPEN)))
            self._probing = False
            self._changed.set()
        elif status in (401, 403):
            raise LLMError(
                f"the model endpoint refuses the key (HTTP {status}); set OPENAI_API_KEY and run the same command again"
            )
        else:
            self._answered_once = True  # it answers; what it says is about this request
            self._settled()

    def _settled(self) -> None:
        if self.down:
            logger.warning("stage=model endpoint answers again")
        self._failures, self._failing_since, self._probing = 0, None, False
        self._changed.set()

    def _block(self, until: float) -> None:
        self._blocked_until = max(self._blocked_until, until)

    def _give_back(self, amount: int) -> None:
        _in_background(self._tokens.give_back(amount))

    def _read_limit(self, headers: Mapping[str, str], kind: str, bucket: Bucket) -> None:
        """Adopt a limit the server states, where the user stated none, and stop when it says nothing is left."""
        limit = _whole(headers.get(f"x-ratelimit-limit-{kind}"))
        if limit and bucket.per_minute is None:
            bucket.per_minute = float(limit)
        if _whole(headers.get(f"x-ratelimit-remaining-{kind}")) == 0:
            reset = parse_duration(headers.get(f"x-ratelimit-reset-{kind}") or "")
            if reset:
                self._block(self._clock() + min(reset, 60.0))


def _in_background(correction: Coroutine[object, object, None]) -> None:
    """Let a correction land on its own; one that cannot costs a little of the limit, and no request."""
    task = asyncio.ensure_future(correction)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())


def parse_duration(text: str) -> float | None:
    """Return the seconds of `6m0s`, `250ms`, `1.5` or `1h2m`; `None` when it is none of these."""
    text = text.strip()[:40]
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else None
