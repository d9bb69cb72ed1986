"""An audit of the text, titles and dates read from every saved real page, archives included; `-rP` shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator

from tools.fetching.api import Response
from tools.news.article import byline_date, read_article
from tools.pages.api import Page
from tools.pages.consent import without_consent
from tools.pages.parse import parse_page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CONSENT = re.compile(
    r"\b(?:we use cookies|this (?:web)?site uses cookies|accept all cookies|reject all|cookie settings|manage (?:cookies|consent)"
    r"|verwendet cookies|cookies akzeptieren|utilise des cookies|do not sell)\b",
    re.I,
)
STATED = ("article:published_time", "datepublished", "dc.date.issued")


def saved_pages(shared: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (address, body) of each distinct saved page, those inside the archives too."""
    folder, seen = shared / "fixtures" / "pages", set()
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        body = (folder / entry["file"]).read_bytes()
        seen.add(body)
        yield entry["url"] or f"https://saved.example/{entry['file']}", body
    for archive in sorted((shared / "fixtures" / "archives").glob("*.warc.gz")):
        with archive.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response" or record.http_headers.get_statuscode() != "200":
                    continue
                body = record.content_stream().read()
                if body not in seen and b"<html" in body[:5000].lower():
                    seen.add(body)
                    yield record.rec_headers.get_header("WARC-Target-URI"), body


def page_of(url: str, body: bytes) -> Page:
    return parse_page(Response(url=url, final_url=url, status=200, body=body, fetched_at=NOW))


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def code_of(body: bytes) -> str:
    """Return the page's scripts and styles without those that carry data, letters and digits only."""
    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    texts = [
        node.text() or ""
        for node in tree.css("script, style")
        if "json" not in (node.attributes.get("type") or "")
        and "self.__next_f" not in (node.text() or "")[:40]
    ]
    return letters("\n".join(texts))


@pytest.mark.shared
def test_saved_real_pages_give_text_titles_and_dates_and_nothing_else(shared: Path) -> None:
    lines = code = consent = menu = titled = stated = dated = 0
    pages = list(saved_pages(shared))
    for url, body in pages:
        page = page_of(url, body)
        main = page.text[: page.footer_start].split("\n")
        scripts = code_of(body)
        lines += len(main)
        code += sum(
            len(letters(line)) > 25 and letters(line) in scripts and bool(re.search(r"[{};=]", line))
            for line in main
        )
        consent += sum(bool(CONSENT.search(line)) for line in main)
        only_menu = {link.text for link in page.links if link.region == "nav"} - {
            link.text for link in page.links if link.region != "nav"
        }
        menu += sum(line in only_menu for line in main if len(line) > 3)
        titled += bool(page.title) or "filings/" in url
        if any(page.meta.get(name) for name in STATED):
            stated += 1
            dated += page.published_at is not None
    print(
        f"{len(pages)} pages, {lines} lines of main text: script or style {code}, consent {consent}, menu {menu};"
        f" titles {titled}; dates {dated} of {stated} stated in the head"
    )  # fmt: skip
    assert len(pages) >= 70
    assert code == 0
    assert consent == 0
    assert menu <= 0.03 * lines
    assert titled == len(pages)
    assert dated >= stated - 1  # one states a time no clock shows ("+5.30")


@pytest.mark.shared
def test_saved_news_pages_have_their_dates(shared: Path) -> None:
    files = sorted((shared / "fixtures" / "pages" / "news").glob("*.html"))
    found = {}
    for file in files:
        page = page_of(f"https://saved.example/{file.name}", file.read_bytes())
        found[file.name] = read_article(
            page.response, page.text, page.footer_start, page.published_at, NOW
        ).published_at
    print(f"dates of {len(files)} news pages: {sum(day is not None for day in found.values())}")
    assert len(files) >= 20
    assert [name for name, day in found.items() if day is None] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("We make nets.\nThis website uses cookies. By continuing you agree.\nAccept all", "We make nets."),
        ("Wir bauen Boote.\nWir verwenden Cookies, um Inhalte zu verbessern.\nAlle akzeptieren\nCookie-Einstellungen", "Wir bauen Boote."),
        ("Nous utilisons des cookies.\nTout accepter\nTout refuser\nNos bateaux", "Nos bateaux"),
        ("Utilizamos cookies propias.\nAceptar todas\nBarcos", "Barcos"),
        ("Deze website gebruikt cookies.\nAlles accepteren\nNetten", "Netten"),
        ("Our cookies are baked fresh.\nWe sell cookies in 12 countries.", "Our cookies are baked fresh.\nWe sell cookies in 12 countries."),
        ("Accept all payments.\nDo not sell yourself short.", "Accept all payments.\nDo not sell yourself short."),
        ("Manage Cookies\nDo Not Sell or Share My Personal Information\nBoards", "Boards"),
        ("\n".join(["We use cookies for this and that."] * 13), "\n".join(["We use cookies for this and that."] * 13)),
    ],
)  # fmt: skip
def test_a_consent_banner_without_a_name_is_no_text(text: str, left: str) -> None:
    assert without_consent(text) == left


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("Headline\n30. Juli 2018\nText", date(2018, 7, 30)),
        ("Von Ada Brandt publiziert am 25. September 2018\nHeadline\nText", date(2018, 9, 25)),
        ("Published on 3 May 2026 by Ada\nHeadline", date(2026, 5, 3)),
        ("Headline\nMay 3, 2026\nMay 4, 2026", None),
        ("Headline\nOn 3 May 2026 the boats leave for the north, and nobody knows when they return.", None),
        ("Headline\nA\nB\nC\nD\nE\n3 May 2026", None),
        ("", None),
    ],
)
def test_a_byline_s_day_is_the_publication_date(shown: str, day: date | None) -> None:
    assert byline_date(shown) == day
