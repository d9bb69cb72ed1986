"""A saved site's links and its archive may spell one page differently."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.archive import ReplayFetcher, WarcRecorder
from tools.fetching.answers import Exchange
from tools.fetching.api import FetchRequest, Response

AT = datetime(2026, 11, 2, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)


async def ask(tmp_path: Path, held: str, asked: str) -> object:
    path = tmp_path / "a.warc.gz"
    with WarcRecorder(path) as recorder:
        recorder.exchange(Exchange("GET", held, None, 200, HTML, AT, b"<p>the page"))
    async with ReplayFetcher(path) as fetcher:
        return await fetcher.fetch(FetchRequest(url=asked))


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("https://acme.example/press/", "https://acme.example/press/index.html"),
        ("https://acme.example/press", "https://acme.example/press/index.html"),
        ("https://acme.example/press/index.html", "https://acme.example/press/"),
        ("https://acme.example/press/index.html", "https://acme.example/press"),
        ("https://acme.example/", "https://acme.example/index.html"),
        ("http://www.acme.example/press/", "https://acme.example/press/index.html"),
    ],
)
async def test_a_folder_and_its_index_are_one_page(tmp_path: Path, held: str, asked: str) -> None:
    found = await ask(tmp_path, held, asked)
    assert isinstance(found, Response)
    assert found.body == b"<p>the page"


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("https://acme.example/press/", "https://acme.example/press/index.html?page=2"),
        ("https://acme.example/press/", "https://acme.example/pressindex.html"),
        ("https://acme.example/a/index.html", "https://acme.example/b/"),
    ],
)
async def test_other_pages_stay_other_pages(tmp_path: Path, held: str, asked: str) -> None:
    assert not isinstance(await ask(tmp_path, held, asked), Response)
