"""How often and how widely one host is asked; one object may be shared by all accounts of a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from tools.documents import FetchFailure


class HostPace(NamedTuple):
    """The least seconds between two starts on one host, and how many requests may be open at once."""

    interval: float
    concurrency: int


DEFAULT_PACE: Final = HostPace(interval=0.1, concurrency=4)

# Public endpoints that state their own rate.
KNOWN_PACES: Final[Mapping[str, HostPace]] = MappingProxyType(
    {
        "api.gdeltproject.org": HostPace(5.0, 1),
        "data.sec.gov": HostPace(0.125, 4),
        "www.sec.gov": HostPace(0.125, 4),
        "efts.sec.gov": HostPace(0.125, 4),
        "query.wikidata.org": HostPace(0.5, 2),
        "www.wikidata.org": HostPace(0.2, 2),
        "api.gleif.org": HostPace(1.0, 1),
    }
)
_MANY_HOSTS: Final = 1_000


_FAILURES_TO_CLOSE: Final = 5
_CLOSED_SECONDS: Final = 60.0
_LONGEST_CLOSED: Final = 600.0


@dataclass(slots=True)
class HostState:
    """One host as this process sees it."""

    pace: HostPace
    gate: asyncio.Semaphore
    next_start: float = 0.0
    users: int = field(default=0)
    failures: int = 0
    last_failure: FetchFailure | None = None
    closed_until: float = 0.0


class HostLimits:
    """Keeps every host's pace and concurrency; use one object for all accounts running in a process.

    Bound to the event loop it is first used on. A limiter shared between processes may subclass it.
    """

    def __init__(
        self,
        default: HostPace = DEFAULT_PACE,
        paces: Mapping[str, HostPace] = KNOWN_PACES,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._default = default
        self._paces = dict(paces)
        self._hosts: dict[str, HostState] = {}

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold one of its places."""
        state = self._state(host)
        state.users += 1
        try:
            async with state.gate:
                await self._take_turn(host, state)
                yield
        finally:
            state.users -= 1

    def belongs_to_account(self, domain: str) -> None:
        """Take note that a domain is an account's own; within one process that makes no difference."""

    def slow_down(self, host: str, interval: float) -> None:
        """Leave at least `interval` seconds between two starts on this host (a Crawl-delay)."""
        state = self._state(host)
        if interval > state.pace.interval:
            state.pace = state.pace._replace(interval=interval)

    def back_off(self, host: str, seconds: float) -> None:
        """Start nothing more on this host for so many seconds."""
        state = self._state(host)
        state.next_start = max(state.next_start, asyncio.get_running_loop().time() + seconds)

    def closed(self, host: str) -> FetchFailure | None:
        """Return why a host is not asked for the moment, or `None` when it may be.

        Five failures in a row, of whatever accounts, close a host for a minute, then ever longer. The last
        failure is the answer until then, word for word, so that a report does not tell who asked first.
        """
        state = self._hosts.get(host)
        if state is None or state.closed_until <= asyncio.get_running_loop().time():
            return None
        return state.last_failure

    def failed(self, host: str, failure: FetchFailure) -> None:
        """Take note that a host could not be reached, or refused everybody."""
        state = self._state(host)
        state.failures += 1
        state.last_failure = failure
        if state.failures >= _FAILURES_TO_CLOSE:
            doubled = _CLOSED_SECONDS * 2.0 ** min(state.failures - _FAILURES_TO_CLOSE, 8)
            state.closed_until = asyncio.get_running_loop().time() + min(doubled, _LONGEST_CLOSED)

    def answered(self, host: str) -> None:
        """Take note that a host answers."""
        state = self._hosts.get(host)
        if state is not None and state.failures:
            state.failures, state.last_failure, state.closed_until = 0, None, 0.0

    async def _take_turn(self, host: str, state: HostState) -> None:
        """Reserve the next start, then sleep until it; a longer pause set meanwhile is kept too."""
        clock = asyncio.get_running_loop().time
        start = max(clock(), state.next_start)
        state.next_start = start + state.pace.interval
        if start > clock():
            await self._sleep(start - clock())

    def _state(self, host: str) -> HostState:
        state = self._hosts.get(host)
        if state is None:
            if len(self._hosts) >= _MANY_HOSTS:
                self._forget_idle()
            pace = self._paces.get(host, self._default)
            state = self._hosts[host] = HostState(pace, asyncio.Semaphore(pace.concurrency))
        return state

    def _forget_idle(self) -> None:
        """Drop hosts nobody is asking, so that a million accounts do not leave a million entries."""
        now = asyncio.get_running_loop().time()
        self._hosts = {
            host: state
            for host, state in self._hosts.items()
            if state.users or state.next_start > now or state.closed_until > now
        }
