"""A page that is empty without JavaScript: rendered by a real Chromium over loopback, recorded, replayed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.archive import Archive, ReplayFetcher, WarcRecorder
from tools.documents import FetchFailure, GatherLimits
from tools.fetching.api import DnsAnswer, FetchRequest, PageCache, RecordType, Response
from tools.fetching.browser import BrowserRenderer
from tools.fetching.live import LiveFetcher
from tools.fetching.rendering import KeptRenderer, with_html
from tools.identity import resolve_account
from tools.pages.api import Page
from tools.pages.reader import Reader
from tools.website import gather_website

HOME = "http://acme.test/"
SHELL = (
    "<!doctype html><html lang=en><title>Acme</title><div id=root></div><script src=/app.js></script></html>"
)
SCRIPT = """
(async () => {
  const company = await (await fetch('/company.json')).json();
  let reached = 'nothing else';
  for (const url of ['http://127.0.0.1:PORT/secret', 'http://acme.test/away', 'http://169.254.169.254/']) {
    try { if ((await fetch(url)).ok) reached = url; } catch (error) {}
  }
  document.getElementById('root').innerHTML =
    '<main><p>' + company.claim + ' It reached ' + reached + '.</p><a href="/about">About us</a></main>';
})();
"""
CLAIM = "Acme plans loading docks for mid-sized forwarders in the Baltic states."


class Kept(PageCache):
    """A page cache in memory."""

    def __init__(self) -> None:
        self.pages: dict[str, Response] = {}

    def load(self, key: str, *, not_before: datetime) -> Response | None:
        return self.pages.get(key)

    def save(self, key: str, response: Response) -> None:
        self.pages[key] = response


class Site:
    """A loopback site whose pages are made by a script; `asked` lists the paths it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (line := await reader.readline()).strip():
            path = line.split()[1].decode()
            while (await reader.readline()).strip():
                pass
            self.asked.append(path)
            kind, body, status, extra = "text/html", SHELL, "200 OK", ""
            if path == "/app.js":
                kind, body = "text/javascript", SCRIPT.replace("PORT", str(self.port))
            elif path == "/company.json":
                kind, body = "application/json", f'{{"claim": "{CLAIM}"}}'
            elif path == "/away":  # a redirect into private space
                status, extra = "302 Found", f"Location: http://127.0.0.1:{self.port}/secret\r\n"
            elif path in ("/robots.txt", "/sitemap.xml", "/llms.txt"):
                status, body = "404 Not Found", ""
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            await writer.drain()
        writer.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


def live(site: Site, recorder: WarcRecorder | None = None) -> LiveFetcher:
    return LiveFetcher(
        agent="Dossier/test",
        test_hosts=dict.fromkeys(("acme.test", "www.acme.test"), ("127.0.0.1", site.port)),
        recorder=recorder,
    )


async def test_a_page_made_by_scripts_is_read_recorded_kept_and_replayed(
    site: Site, chromium: str, tmp_path: Path
) -> None:
    cache, record = Kept(), tmp_path / "acme.warc.gz"
    with WarcRecorder(record) as recorder:
        async with live(site, recorder) as fetcher, BrowserRenderer(fetcher, program=chromium) as browser:
            kept = KeptRenderer(browser, fetcher, cache=cache, recorder=recorder)
            page = await Reader(fetcher, renderer=kept).read(HOME)
    assert isinstance(page, Page)
    assert page.text == f"{CLAIM} It reached nothing else.\nAbout us"
    assert "js_only" not in page.flags
    assert [link.url for link in page.links] == ["http://acme.test/about"]
    assert "/secret" not in site.asked

    async with ReplayFetcher(Archive(record)) as replay:
        again = await Reader(replay, renderer=replay).read(HOME)
    assert isinstance(again, Page)
    assert (again.text, again.links) == (page.text, page.links)
    assert again.response.body == page.response.body

    async with live(site) as fetcher, BrowserRenderer(fetcher, program="/nonexistent") as browser:
        third = await Reader(fetcher, renderer=KeptRenderer(browser, fetcher, cache=cache)).read(HOME)
    assert isinstance(third, Page)
    assert third.text == page.text


async def test_without_a_browser_the_site_is_unreadable_and_the_detail_names_the_extra(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no Chromium to be found
    record = tmp_path / "acme.warc.gz"
    with WarcRecorder(record) as recorder:
        async with live(site, recorder) as fetcher, BrowserRenderer(fetcher) as browser:
            reader = Reader(fetcher, renderer=KeptRenderer(browser, fetcher, recorder=recorder))
            told = [await _look(reader)]
    async with ReplayFetcher(Archive(record)) as replay:
        told.append(await _look(Reader(replay, renderer=replay)))
    for status, state, detail in told:
        assert (status, state) == ("unreadable", "unreadable")
        assert "account-dossier[browser]" in detail


async def _look(reader: Reader) -> tuple[str, str, str]:
    account, _ = await resolve_account("acme.test", reader)
    gathered = await gather_website(account, reader, GatherLimits())
    return account.status, gathered.state, gathered.detail


async def test_an_archive_without_a_rendering_says_how_to_get_one(site: Site, tmp_path: Path) -> None:
    record = tmp_path / "acme.warc"
    with WarcRecorder(record) as recorder:
        async with live(site, recorder) as fetcher:
            await fetcher.fetch(FetchRequest(url=HOME))
    async with ReplayFetcher(Archive(record)) as replay:
        answer = await replay.render(HOME)
    assert isinstance(answer, FetchFailure)
    assert answer.reason == "not_in_archive"
    assert "account-dossier[browser]" in answer.detail


async def test_conversions_into_other_formats_are_no_renderings(tmp_path: Path) -> None:
    record = tmp_path / "foreign.warc"
    block = b"Acme plans loading docks."
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://acme.test/\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + SHELL.encode()
    answer = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://acme.test/\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    record.write_bytes(answer.encode() + page + b"\r\n\r\n" + head.encode() + block + b"\r\n\r\n")
    async with ReplayFetcher(Archive(record)) as replay:
        assert isinstance(await replay.render(HOME), FetchFailure)
        assert replay.now() == datetime(2026, 1, 1, tzinfo=UTC)


async def test_browsers_of_a_process_take_turns(site: Site, chromium: str) -> None:
    slots = asyncio.Semaphore(1)
    async with live(site) as fetcher:
        first = BrowserRenderer(fetcher, program="/bin/false", slots=slots)
        second = BrowserRenderer(fetcher, program="/bin/false", slots=slots)
        assert isinstance(await first.render(HOME), FetchFailure)
        waiting = asyncio.ensure_future(second.render(HOME))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        await first.aclose()
        assert isinstance(await waiting, FetchFailure)
        await second.aclose()
    assert not slots.locked()


class Answers:
    """A site whose every page is an empty shell, and a renderer that answers with `html`, or not at all."""

    def __init__(self, html: str | None) -> None:
        self.html = html

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        if request.url != HOME:
            return FetchFailure(url=request.url, reason="http_status", status=404)
        shell = SHELL.encode()
        return Response(url=HOME, final_url=HOME, status=200, body=shell, fetched_at=self.now())

    async def render(self, url: str) -> Response | FetchFailure:
        page = await self.fetch(FetchRequest(url=url))
        if self.html is None or isinstance(page, FetchFailure):
            return FetchFailure(url=url, reason="http_status", status=429, detail="asked too often (429)")
        return with_html(page, self.html.encode())

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=f"dns:{name}", reason="dns")

    def now(self) -> datetime:
        return datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "state"),
    [
        pytest.param(
            f"<html lang=en><title>Acme</title><main><p>{CLAIM}</p></main></html>", "read", id="realistic"
        ),
        pytest.param(SHELL, "unreadable", id="empty"),
        pytest.param(f"<html lang=en><div <<p <main><p>{CLAIM}</p><sp", "read", id="malformed"),
        pytest.param(f"<html lang=en><main><p>{CLAIM}</p>{'<p>One more.</p>' * 20_000}", "read", id="long"),
        pytest.param(None, "unreadable", id="rate-limited"),
    ],
)
async def test_whatever_a_rendering_comes_to_the_page_is_read_or_called_unreadable(
    html: str | None, state: str
) -> None:
    answers = Answers(html)
    _, told, detail = await _look(Reader(answers, renderer=answers))
    assert told == state
    assert ("asked too often (429)" in detail) is (html is None)
    page = await Reader(answers, renderer=answers).read(HOME)
    assert isinstance(page, Page)
    assert (CLAIM in page.text) is (state == "read")
