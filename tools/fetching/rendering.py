"""Pages as they stand once their scripts have run: who gives them, and how they are kept.

A rendering is an outcome of its own beside the page's answer: it is cached and recorded like one, so that a
replay shows the same text without a browser.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from tools.documents import FetchFailure
from tools.fetching.api import Fetcher, FetchRequest, PageCache, Response
from tools.fetching.urls import canonical_url


class Renderer(Protocol):
    """Gives pages that have no text without JavaScript. Implementations: a browser, and a replay."""

    async def render(self, url: str) -> Response | FetchFailure:
        """Return the page with the HTML its scripts made, or why there is none; `detail` is for a person."""
        ...


class RenderingRecorder(Protocol):
    """Sees every rendering; the WARC recorder implements it."""

    def rendering(self, url: str, outcome: Response | FetchFailure, at: datetime) -> None:
        """Keep one rendering, or why there is none."""
        ...


def rendering_key(url: str) -> str:
    """Return what identifies a page's rendering in the cache and in an archive."""
    return f"RENDER {canonical_url(url)}"


def with_html(page: Response, html: bytes) -> Response:
    """Return a page's answer with other HTML, in UTF-8, as its body."""
    headers = tuple((name, value) for name, value in page.headers if name.lower() != "content-type")
    return page.model_copy(
        update={"body": html, "headers": (*headers, ("Content-Type", "text/html; charset=utf-8"))}
    )


class KeptRenderer:
    """Another renderer behind the page cache and before the recorder, as the pages themselves are."""

    def __init__(
        self,
        renderer: Renderer,
        fetcher: Fetcher,
        *,
        cache: PageCache | None = None,
        max_age: timedelta = timedelta(days=1),
        refresh: bool = False,
        recorder: RenderingRecorder | None = None,
    ) -> None:
        self._renderer, self._fetcher = renderer, fetcher
        self._cache, self._max_age, self._refresh = cache, max_age, refresh
        self._recorder = recorder

    async def render(self, url: str) -> Response | FetchFailure:
        """Return a rendering that is fresh enough, else a new one; a page that cannot be fetched has none."""
        page = await self._fetcher.fetch(FetchRequest(url=url))
        if isinstance(page, FetchFailure):
            return page
        outcome: Response | FetchFailure | None = None
        if self._cache is not None and not self._refresh:
            kept = self._cache.load(rendering_key(url), not_before=self._fetcher.now() - self._max_age)
            outcome = kept.model_copy(update={"from_cache": True, "url": url}) if kept is not None else None
        if outcome is None:
            outcome = await self._renderer.render(url)
            if self._cache is not None and isinstance(outcome, Response):
                self._cache.save(rendering_key(url), outcome)
        if self._recorder is not None:
            self._recorder.rendering(url, outcome, self._fetcher.now())
        return outcome
