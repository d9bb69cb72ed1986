"""Read pages that have no text without JavaScript, in a real browser under the fetcher's guard.

The browser itself never reaches the network: every request it makes is answered by a `Fetcher`, so the
address guard, robots.txt, the pace, the size cap, the cache and the recording hold for scripts and data
too. Needs the extra `[browser]` and an installed Chromium.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from contextlib import suppress
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, Self

from tools.documents import FetchFailure
from tools.fetching.api import Fetcher, FetchRequest, Response
from tools.fetching.rendering import with_html

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser that talks to nobody but us: no background traffic, no proxy of the environment, and names
# that our routes did not answer resolve to nothing.
_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--blink-settings=imagesEnabled=false",
)
_NEEDED: Final = frozenset(("document", "script", "xhr", "fetch"))
_MOST_REQUESTS: Final = 150
_MOST_HTML: Final = 5_000_000
_MISSING: Final = "install the extra account-dossier[browser] and Chromium to read it"


@lru_cache(maxsize=4)
def _installed_program(path: str | None) -> str | None:
    """Return the browser in the search path; looked for once, as every account makes a renderer."""
    return next(filter(None, (shutil.which(name, path=path) for name in _PROGRAMS)), None)


class BrowserRenderer:
    """Renders pages of one account over its fetcher; an async context manager.

    The browser starts on the first `render`. `program` is the Chromium to run, by default the installed
    one. `seconds` bounds one page, `quiet` is how long a loaded page may go on working, `most` how many
    pages are rendered. `slots` bounds the browsers of the process: one is held while this browser runs.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        program: str | None = None,
        seconds: float = 20.0,
        quiet: float = 3.0,
        most: int = 20,
        slots: asyncio.Semaphore | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._left = most
        self._slots, self._holds_slot = slots, False
        self._program = program or _installed_program(os.environ.get("PATH"))
        self._seconds, self._quiet = seconds, quiet
        self._playwright: Any = None  # Any: playwright is optional, so its types are not known here
        self._browser: Any = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop the browser."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            await browser.close()
        if playwright is not None:
            await playwright.stop()
        if self._slots is not None and self._holds_slot:
            self._holds_slot = False
            self._slots.release()

    async def render(self, url: str) -> Response | FetchFailure:
        """Return the page as it stands once its scripts have run, as HTML in UTF-8.

        Status, headers, redirects and time are those of the page's own request. Without the extra or a
        browser it is a `FetchFailure(parse)` that says what to install.
        """
        page = await self._fetcher.fetch(FetchRequest(url=url))
        if isinstance(page, FetchFailure):
            return page
        async with self._one_at_a_time:
            problem = await self._start()
            if problem is not None:
                return FetchFailure(url=url, reason="parse", detail=problem)
            if self._left <= 0:
                detail = "it needs JavaScript, and enough such pages were rendered in this run"
                return FetchFailure(url=url, reason="budget", detail=detail)
            self._left -= 1
            return await self._render(page)

    async def _start(self) -> str | None:
        """Start the browser; return why it cannot be."""
        if self._browser is not None and self._browser.is_connected():
            return None
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            return _MISSING
        if self._program is None:
            return _MISSING
        if self._slots is not None and not self._holds_slot:
            await self._slots.acquire()
            self._holds_slot = True
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses to run as root
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=self._program, args=list(_FLAGS), chromium_sandbox=not root
            )
        except Error as error:
            first = str(error).strip().splitlines()[0]
            return f"{self._program} does not start ({first}); check that it runs"
        return None

    async def _render(self, page: Response) -> Response | FetchFailure:
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(self._seconds + self._quiet):
                context = await self._browser.new_context(
                    service_workers="block", accept_downloads=False, java_script_enabled=True
                )
                try:
                    html = await self._run_scripts(context, page)
                finally:
                    await context.close()
        except TimeoutError:
            detail = f"its scripts did not finish in {self._seconds:g} seconds; try again later"
            return FetchFailure(url=page.url, reason="timeout", detail=detail)
        except Error as error:
            first = str(error).strip().splitlines()[0]
            return FetchFailure(
                url=page.url, reason="parse", detail=f"the browser could not show it ({first})"
            )
        body = html.encode("utf-8", "replace")
        if len(body) > _MOST_HTML:
            detail = f"more than {_MOST_HTML // 10**6} MB once its scripts have run; not read"
            return FetchFailure(url=page.url, reason="too_large", detail=detail)
        return with_html(page, body)

    async def _run_scripts(self, context: Any, page: Response) -> str:  # Any: see __init__
        from playwright.async_api import TimeoutError as StillBusy

        answers = _Answers(self._fetcher, page)
        await context.route("**/*", answers.answer)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        tab = await context.new_page()
        tab.on("dialog", lambda dialog: dialog.dismiss())
        await tab.goto(page.final_url, wait_until="load", timeout=self._seconds * 1000)
        with suppress(StillBusy):  # pages that poll never fall silent; a visitor sees what they show by now
            await tab.wait_for_load_state("networkidle", timeout=self._quiet * 1000)
        return str(await tab.content())


class _Answers:
    """Answers a browser's requests from a fetcher: documents, scripts and data, nothing else."""

    def __init__(self, fetcher: Fetcher, page: Response) -> None:
        self._fetcher = fetcher
        self._page = page
        self._asked = 0

    async def answer(self, route: Any) -> None:  # Any: playwright's Route
        """Fulfil one intercepted request, or refuse it."""
        from playwright.async_api import Error

        try:
            answer = await self._fetch(route.request)
            if answer is None:
                await route.abort()
            else:
                headers = {name: value for name, value in answer.headers if name.lower() != "set-cookie"}
                await route.fulfill(status=answer.status, headers=headers, body=answer.body)
        except Error:
            return  # the tab was closed meanwhile

    async def _fetch(self, request: Any) -> Response | None:  # Any: playwright's Request
        url = request.url.partition("#")[0]
        if request.resource_type == "document":
            return self._page if url == self._page.final_url.partition("#")[0] else None
        self._asked += 1
        if request.resource_type not in _NEEDED or self._asked > _MOST_REQUESTS:
            return None
        posted = None
        if request.method == "POST":
            try:
                posted = json.loads(request.post_data or "")
            except (ValueError, RecursionError):
                return None
        elif request.method != "GET":
            return None
        answer = await self._fetcher.fetch(FetchRequest(url=url, accept="any", json_body=posted))
        return answer if isinstance(answer, Response) else None
