"""A page that is empty without JavaScript, rendered by the installed Chromium (skipped where there is none)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tools.documents import FetchFailure
from tools.fetching.api import DnsAnswer, Fetcher, FetchRequest, RecordType, Response
from tools.fetching.browser import BrowserRenderer

HOME = "https://acme.example/"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
APP = b"""<!doctype html><html><head><title>Acme</title></head><body><div id="root"></div>
<script src="/app.js"></script><img src="/logo.png"></body></html>"""
SCRIPT = b"""
fetch('/api/company.json').then(r => r.json()).then(async company => {
  let reached = 'nothing';
  for (const url of ['http://127.0.0.1:PORT/', 'http://169.254.169.254/', 'http://localhost:PORT/']) {
    try { await fetch(url, {mode: 'no-cors'}); reached = url; } catch (error) {}
  }
  document.getElementById('root').innerText = company.claim + ' reached ' + reached;
});
"""


class Site:
    """A fetcher over a dictionary of pages that notes what it was asked."""

    def __init__(self, pages: dict[str, tuple[str, bytes]]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request.url)
        if request.url not in self.pages:
            return FetchFailure(url=request.url, reason="blocked_address", detail="not a public address")
        kind, body = self.pages[request.url]
        return Response(
            url=request.url,
            final_url=request.url,
            status=200,
            headers=(("Content-Type", kind), ("Server", "nginx")),
            body=body,
            fetched_at=NOW,
        )

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        raise AssertionError("a browser asks no DNS questions of ours")

    def now(self) -> datetime:
        return NOW


def site(port: int = 9) -> Site:
    return Site(
        {
            HOME: ("text/html; charset=iso-8859-1", APP),
            HOME + "app.js": ("text/javascript", SCRIPT.replace(b"PORT", str(port).encode())),
            HOME + "api/company.json": ("application/json", '{"claim": "Freight für Europe"}'.encode()),
            HOME + "endless": ("text/html", b"<script>for (;;) {}</script>"),
        }
    )


@pytest.fixture
async def listener() -> AsyncIterator[tuple[int, list[Any]]]:
    """A loopback server that no page may reach."""
    reached: list[Any] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], reached
    server.close()


async def test_scripts_run_and_reach_nothing_but_the_fetcher(
    chromium: str, listener: tuple[int, list[Any]]
) -> None:
    port, reached = listener
    web = site(port)
    fetcher: Fetcher = web
    async with BrowserRenderer(fetcher, program=chromium) as browser:
        page = await browser.render(HOME)
    assert isinstance(page, Response)
    text = page.body.decode()
    assert "Freight für Europe reached nothing" in text
    assert page.header("content-type") == "text/html; charset=utf-8"
    assert page.header("server") == "nginx"
    assert (page.url, page.final_url, page.fetched_at) == (HOME, HOME, NOW)
    assert reached == []
    assert HOME + "logo.png" not in web.asked


async def test_a_page_whose_scripts_never_end_is_a_timeout(chromium: str) -> None:
    async with BrowserRenderer(site(), program=chromium, seconds=1.0, quiet=0.5) as browser:
        answer = await browser.render(HOME + "endless")
    assert isinstance(answer, FetchFailure)
    assert answer.reason in ("timeout", "parse")


async def test_a_page_that_cannot_be_fetched_starts_no_browser() -> None:
    async with BrowserRenderer(site(), program="/nonexistent") as browser:
        answer = await browser.render("https://elsewhere.example/")
    assert isinstance(answer, FetchFailure)
    assert answer.reason == "blocked_address"


async def test_without_the_extra_the_failure_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    async with BrowserRenderer(site()) as browser:
        answer = await browser.render(HOME)
    assert isinstance(answer, FetchFailure)
    assert "account-dossier[browser]" in answer.detail


async def test_a_browser_that_does_not_start_is_a_failure(chromium: str) -> None:
    async with BrowserRenderer(site(), program="/bin/false") as browser:
        answer = await browser.render(HOME)
    assert isinstance(answer, FetchFailure)
    assert "/bin/false does not start" in answer.detail
