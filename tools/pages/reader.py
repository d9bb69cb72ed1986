"""Fetch and parse the pages of one account, each once, and share what gatherers compute from them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from tools.contain import contained
from tools.documents import FetchFailure
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.fetching.rendering import Renderer
from tools.pages.api import Page
from tools.pages.aside import PARSER_DIED, Aside, in_thread
from tools.pages.parse import parse_page
from tools.pages.parsers import PageParsers

T = TypeVar("T")

_INLINE_BYTES: Final = 60_000
"""A body this small parses in a millisecond or two: the event loop can spare that."""


_SOME_TEXT: Final = 40


class Reader:
    """The `PageReader` of one account and run.

    Parsing holds the interpreter lock, so threads only slow it down: a page is parsed inline, or by
    `parsers` (processes that the caller owns and may share between accounts) when it has more than
    `inline` bytes. A page without text is read again as `renderer` gives it, once its scripts have run. `forget` lets
    go of what the fetcher beneath holds of pages.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        parsers: PageParsers | None = None,
        inline: int = _INLINE_BYTES,
        renderer: Renderer | None = None,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self._fetcher = fetcher
        self._parsers = parsers
        self._inline = inline
        self._renderer = renderer
        self._forget = forget
        self._flights: dict[str, asyncio.Task[Any]] = {}  # Any: each key has a result type of its own

    @property
    def fetcher(self) -> Fetcher:
        """The fetcher beneath."""
        return self._fetcher

    @property
    def aside(self) -> Aside:
        """Works in the parsers' processes, or in a thread where there are none."""
        return in_thread if self._parsers is None else self._parsers.aside

    def now(self) -> datetime:
        """Return the time of the run (UTC)."""
        return self._fetcher.now()

    async def read(self, url: str) -> Page | FetchFailure:
        """Return the page at `url`; asked again, the same object without fetching or parsing."""
        page = await self.once(_page_flight(url), lambda: self._read(url))
        if isinstance(page, Page):
            # Where its redirects ended is the same page: reading that address again costs nothing.
            self._flights.setdefault(_page_flight(page.url), self._flights[_page_flight(url)])
        return page

    async def once(self, key: str, make: Callable[[], Awaitable[T]]) -> T:
        """Return `make()`'s result, computed once under `key`, however many ask at once.

        A caller that is cancelled does not cancel the work others wait for. An error reaches every caller.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.ensure_future(_await(make))
            self._flights[key] = flight
        return cast(T, await asyncio.shield(flight))

    def forget_pages(self) -> None:
        """Let go of all pages read, once nothing will read one again: hundreds of accounts wait for a model."""
        self._flights = {key: flight for key, flight in self._flights.items() if not flight.done()}
        self._forget()

    async def aclose(self) -> None:
        """Cancel work that nobody waits for any more, and let go of everything read."""
        pending = [flight for flight in self._flights.values() if not flight.done()]
        self._flights = {}
        for flight in pending:
            flight.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    async def _read(self, url: str) -> Page | FetchFailure:
        answer = await self._fetcher.fetch(FetchRequest(url=url, accept="html"))
        if isinstance(answer, FetchFailure):
            return answer
        return await contained(self._parse_shown(answer), stage=f"page {url}", url=url)

    async def _parse_shown(self, response: Response) -> Page | FetchFailure:
        """Return the page as a visitor sees it; an empty one, and why, where its scripts could not be run."""
        page = await self._parse(response)
        if self._renderer is None or not isinstance(page, Page) or "js_only" not in page.flags:
            return page
        rendered = await self._renderer.render(response.url)
        if isinstance(rendered, FetchFailure):
            return replace(page, unrendered=rendered.detail)
        shown = await self._parse(rendered)
        if isinstance(shown, Page) and len(shown.text) > max(_SOME_TEXT, len(page.text)):
            # Little text on a page of scripts is all there is, now that they have run.
            shown = replace(shown, flags=tuple(flag for flag in shown.flags if flag != "js_only"))
        return shown

    async def _parse(self, response: Response) -> Page | FetchFailure:
        if self._parsers is None or len(response.body) <= self._inline:
            await asyncio.sleep(0)  # let waiting sockets be served between two pages
            return parse_page(response)
        try:
            return await self._parsers.parse(response)
        except BrokenProcessPool:
            return FetchFailure(
                url=response.url,
                reason="parse",
                detail=PARSER_DIED,
            )


def _page_flight(url: str) -> str:
    return f"page {url.partition('#')[0]}"


async def _await(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
