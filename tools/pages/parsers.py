"""Parse pages in other processes, off the event loop, several a trip.

A trip to another process costs a millisecond here and half of one there whatever it carries, as much as parsing
a page. So a page waits a moment for others, and those that arrive while the processes are busy travel together.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import Any, Final, ParamSpec, TypeVar

from tools.documents import FetchFailure
from tools.fetching.api import Response
from tools.pages.api import Link, Page
from tools.pages.aside import PARSER_DIED
from tools.pages.parse import parse_page

P = ParamSpec("P")
T = TypeVar("T")

DEFAULT_PROCESSES: Final = os.cpu_count() or 1
"""As many as there are cores: reading costs more than fetching, and each waits for the other now and then."""

_MOST_PAGES: Final = 16
_WORTH_A_TRIP: Final = 8
_MOMENT: Final = 0.005
"""Seconds a page waits for others to travel with."""
_MOST_BYTES: Final = 2_000_000
_Waiting = tuple[Response, "asyncio.Future[Page]"]


class PageParsers:
    """Parses for every account of one event loop over a pool of processes that the caller owns.

    `trips` is how many may be under way at once: one more than the pool has processes keeps all busy. That one
    waits until it is worth while, the others for a moment only.
    """

    def __init__(self, executor: Executor, *, trips: int) -> None:
        self._executor = executor
        self._free = self._trips = trips
        self._waiting: deque[_Waiting] = deque()
        self._departure: asyncio.TimerHandle | None = None
        self._ripe = False
        """Whether a moment has passed that pages still waiting had to wait for others."""
        self._under_way: set[asyncio.Task[None]] = set()

    async def parse(self, response: Response) -> Page:
        """Return the page that a response holds; raises `BrokenProcessPool` when it took its process down."""
        done: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        self._waiting.append((response, done))
        self._set_off()
        return await done

    async def aside(
        self, url: str, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | FetchFailure:
        """Return what other work on something read comes to; it travels alone. See `tools.pages.aside`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, partial(work, *args, **kwargs))
        except BrokenProcessPool:
            return FetchFailure(url=url, reason="parse", detail=PARSER_DIED)

    def _set_off(self) -> None:
        """Begin the trips that there are pages and processes for."""
        while self._free and (len(self._waiting) >= _WORTH_A_TRIP or (self._ripe and self._waiting)):
            if self._free == 1 < self._trips and len(self._waiting) < _WORTH_A_TRIP:
                return  # every process has work; the next trip may as well carry more
            self._free -= 1
            trip = asyncio.ensure_future(self._carry(self._load()))
            self._under_way.add(trip)
            trip.add_done_callback(self._under_way.discard)
        if not self._waiting:
            self._ripe = False
        elif self._departure is None and not self._ripe:
            self._departure = asyncio.get_running_loop().call_later(_MOMENT, self._ripen)

    def _ripen(self) -> None:
        self._departure, self._ripe = None, True
        self._set_off()

    def _load(self) -> list[_Waiting]:
        """Return the pages of one trip: those that wait longest, at least one of them."""
        load = [self._waiting.popleft()]
        size = len(load[0][0].body)
        while self._waiting and len(load) < _MOST_PAGES:
            size += len(self._waiting[0][0].body)
            if size > _MOST_BYTES:
                break
            load.append(self._waiting.popleft())
        return load

    async def _carry(self, load: list[_Waiting]) -> None:
        try:
            try:
                await self._deliver(load)
            except BrokenProcessPool:
                if len(load) == 1:
                    raise
                for each in load:  # one of them did it; the others shall not pay for it
                    await self._alone(each)
        except asyncio.CancelledError:
            for _, done in load:
                done.cancel()
            raise
        except Exception as error:  # noqa: BLE001  it belongs to those who wait for the pages
            for _, done in load:
                if not done.done():
                    done.set_exception(error)
        finally:
            self._free += 1
            self._set_off()

    async def _alone(self, each: _Waiting) -> None:
        try:
            await self._deliver([each])
        except BrokenProcessPool as error:
            if not each[1].done():
                each[1].set_exception(error)

    async def _deliver(self, load: list[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        parcels = await loop.run_in_executor(self._executor, parse_pages, [response for response, _ in load])
        for (response, done), parcel in zip(load, parcels, strict=True):
            if not done.done():  # whoever waited may have been cancelled
                done.set_result(_unpack(response, parcel))


def parse_pages(responses: Sequence[Response]) -> list[_Parcel]:
    """Return the pages of several responses, packed for the way back; runs in the pool."""
    return [_pack(parse_page(response)) for response in responses]


_FIELDS: Final = tuple(field.name for field in fields(Page) if field.name not in ("response", "links"))
_values_of: Final = attrgetter(*_FIELDS)
_as_link: Final = partial(tuple.__new__, Link)  # what `Link._make` does, at a third of its cost
_Parcel = tuple[tuple[Any, ...], list[tuple[str, ...]]]  # Any: the values of a page's fields
"""A page's values and its links as plain tuples: a fifth of the cost of pickling the objects themselves."""


def _pack(page: Page) -> _Parcel:
    return _values_of(page), [tuple(link) for link in page.links]


def _unpack(response: Response, parcel: _Parcel) -> Page:
    values, links = parcel
    return Page(
        response=response, links=tuple(map(_as_link, links)), **dict(zip(_FIELDS, values, strict=True))
    )
