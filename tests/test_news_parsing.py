"""Dates, feeds, newsroom lists, copies of a story, and search answers: the pure parts of the news."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.documents import Account
from tools.fetching.api import Response
from tools.news.dates import slash_order, stated_date, stated_moment
from tools.news.feeds import html_text, parse_feed
from tools.news.newsroom import listed_posts
from tools.news.search import NewsSearch
from tools.news.searches import Brave, Gdelt, GoogleNews, HackerNews, Tavily, chosen_searches
from tools.news.story import Story, best_first, distinct, is_announcement, same_story
from tools.providers.keys import SourceKeys

BASE = "https://acme-freight.example/news/"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACCOUNT = Account(
    domain="acme-freight.example",
    final_domain="acme-freight.example",
    status="live",
    home_url="https://acme-freight.example/",
    name="Acme Freight",
    names=("Acme Freight",),
)
SEARCHES: list[NewsSearch] = [HackerNews(), Gdelt(), GoogleNews(), Tavily("k"), Brave("k")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("January 5, 2026", date(2026, 1, 5)),
        ("Published 5th of January 2026 by the team", date(2026, 1, 5)),
        ("5. Januar 2026", date(2026, 1, 5)),
        ("5 de enero de 2026", date(2026, 1, 5)),
        ("1er février 2025", date(2025, 2, 1)),
        ("3 stycznia 2024", date(2024, 1, 3)),
        ("21 мая 2025", date(2025, 5, 21)),
        ("2024年5月3日", date(2024, 5, 3)),
        ("31.12.2025", date(2025, 12, 31)),
        ("2025-12-31T23:59:59-05:00", date(2025, 12, 31)),
        ("13/04/2025", date(2025, 4, 13)),
        ("04/13/2025", date(2025, 4, 13)),
        ("15-Jan-2025", date(2025, 1, 15)),
        ("03/04/2025", None),
        ("3 hours ago", None),
        ("yesterday", None),
        ("May 2024", None),
        ("Q3 2024", None),
        ("2025-02-30", None),
        ("", None),
    ],
)
def test_only_a_date_written_out_is_a_date(text: str, expected: date | None) -> None:
    assert stated_date(text) == expected


def test_the_page_s_other_dates_settle_the_order_of_a_slashed_one() -> None:
    assert slash_order("6/19/2024 and 5/1/2024") == "month-first"
    assert slash_order("28/11/2024 and 10/12/2024") == "day-first"
    assert slash_order("6/19/2024 and 28/11/2024") is None
    assert stated_date("5/1/2024", "month-first") == date(2024, 5, 1)
    assert stated_date("5/1/2024", "day-first") == date(2024, 1, 5)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_reading_dates_is_total(text: str) -> None:
    stated_date(text)
    stated_moment(text)


def feed(*rows: str) -> bytes:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(rows)}</channel></rss>".encode()


def row(title: str = "A title", link: str = "/a", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


@pytest.mark.parametrize(
    ("name", "count", "title", "published"),
    [
        ("feed_utf16_encoded.xml", 1, "UTF-16 Entry 1", date(2024, 1, 3)),
        ("feed_malformed_rss_namespaced.xml", 2, "Test Entry 1", date(2024, 1, 1)),
        ("feed_json_feed_sample.json", 2, "First JSON Feed Item", date(2024, 1, 15)),
        ("feed_postgis.xml", 10, "PostGIS 3.5.0", date(2024, 9, 26)),
        ("feed_pypy.xml", 10, "Guest Post: Final Encoding in RPython Interpreters", date(2024, 11, 14)),
        ("feed_stackoverflow.xml", 2, 'Setuptools "development" Requirements', date(2015, 2, 13)),
        (
            "org_feed_real.xml",
            10,
            "Trump Illegally Decimates Bears Ears and Grand Staircase-Escalante",
            date(2026, 7, 14),
        ),
        (
            "google_news_rss_real.xml",
            80,
            "Trump again shrinks two national monuments in Utah - The Washington Post",
            None,
        ),
    ],
)
def test_real_feeds_are_read(shared: Path, name: str, count: int, title: str, published: date | None) -> None:
    entries = parse_feed((shared / "fixtures/news" / name).read_bytes(), "https://example.org/")
    assert entries is not None
    assert (len(entries), entries[0].title) == (count, title)
    assert published is None or entries[0].published_at == published
    assert all(entry.url.startswith("http") and "<" not in entry.title for entry in entries)


def test_an_update_is_no_publication(shared: Path) -> None:
    entries = parse_feed((shared / "fixtures/news/feed_kagi.xml").read_bytes(), BASE)
    assert entries is not None
    assert {entry.published_at for entry in entries} == {None}


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Tue, 02 Jan 2024 23:30:00 -0500", date(2024, 1, 2)),
        ("2024-01-02", date(2024, 1, 2)),
        ("31.12.2025", date(2025, 12, 31)),
        ("3 hours ago", None),
        ("now", None),
        ("May 2024", None),
        ("03/04/2025", None),
        ("0000-00-00", None),
    ],
)
def test_a_feed_dates_an_entry_only_in_its_own_words(stamp: str, expected: date | None) -> None:
    entries = parse_feed(feed(row(rest=f"<pubDate>{stamp}</pubDate>")), BASE)
    assert entries is not None
    assert [entry.published_at for entry in entries] == [expected]


def test_links_are_made_absolute_and_only_web_links_count() -> None:
    rows = (
        row(link="../posts/1"),
        row(link="javascript:alert(1)"),
        row(link="mailto:x@acme-freight.example"),
    )
    entries = parse_feed(feed(*rows, row(title="", link="/2")), BASE)
    assert entries is not None
    assert [entry.url for entry in entries] == ["https://acme-freight.example/posts/1"]


def test_an_excerpt_is_not_the_whole_post() -> None:
    long = "word " * 300
    rows = (
        row(rest=f"<description>{long}</description>"),
        row(link="/b", rest=f"<description>{long}[…]</description>"),
    )
    entries = parse_feed(feed(*rows), BASE)
    assert entries is not None
    assert [entry.complete for entry in entries] == [True, False]


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<html><body>404</body></html>", b"{}", b"[]", b"\x00\x01", b"{" * 5000]
)
def test_what_is_no_feed_is_none_or_empty(body: bytes) -> None:
    assert not parse_feed(body, BASE)


def test_entity_bombs_and_external_entities_expand_to_nothing() -> None:
    bomb = "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10 if i else 'x' * 10}'>" for i in range(9))
    entries = parse_feed(f"<!DOCTYPE r [{bomb}]>".encode() + feed(row(title="T &a8;")), BASE)
    assert not entries or len(entries[0].title) < 400
    outside = b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + feed(row(title="T &x;"))
    entries = parse_feed(outside, BASE)
    assert not entries or entries[0].title == "T"


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"<rss><channel><item>",
            b"<feed><entry>",
            b'{"version":"https://jsonfeed.org/version/1","items":[',
        ]
    ),
)
@settings(max_examples=200, deadline=None)
def test_parsing_a_feed_is_total_on_any_bytes(body: bytes, start: bytes) -> None:
    for entry in parse_feed(start + body, BASE) or []:
        (entry.title + entry.text + entry.url).encode()


def test_html_becomes_lines_without_scripts() -> None:
    assert (
        html_text("<p>One&nbsp;two<b>three</b></p><script>x()</script><ul><li>four</li></ul>")
        == "One twothree\nfour"
    )


@pytest.mark.parametrize(
    "hostile", ["<div>" * 100_000, "<ul>" + "<li><a href=/news/q>aa bb cc dd</a>" * 20_000, "<" * 500_000]
)
def test_hostile_markup_is_read_to_an_end(hostile: str) -> None:
    assert len(listed_posts(hostile, BASE)) <= 1
    assert len(html_text(hostile)) <= len(hostile)


def test_a_newsroom_is_read_as_its_cards() -> None:
    page = """<nav><a href="/news/all-our-news-in-one-place">All our news in one place</a></nav><main>
      <article><header><h3><a href="/news/series-b">Acme Freight raises $40 million in Series B</a></h3></header>
        <time datetime="2026-01-20">Jan 20</time><p>The round was led by Example Capital and brings the total to $60 million.</p>
        <a href="/news/series-b">Read more</a></article>
      <article><a href="/news/ceo"><img><h3>Acme Freight appoints a new chief executive</h3></a><span>3/25/2025</span></article>
      <article><a href="https://daily.example/acme"><h3>Acme Freight in the Daily Example</h3></a><span>4/5/2025</span></article>
      <div><a href="/pricing-and-plans">See our pricing and plans today</a></div>
      <a href="/news/category/press">Press category of the company</a><a href="/news/page/2">Next page of all news</a>
    </main><footer><a href="/news/old-footer-link">An old footer link to news</a></footer>"""
    posts = listed_posts(page, BASE)
    assert [(post.url, post.title, post.published_at) for post in posts] == [
        (
            "https://acme-freight.example/news/series-b",
            "Acme Freight raises $40 million in Series B",
            date(2026, 1, 20),
        ),
        (
            "https://acme-freight.example/news/ceo",
            "Acme Freight appoints a new chief executive",
            date(2025, 3, 25),
        ),
        ("https://daily.example/acme", "Acme Freight in the Daily Example", date(2025, 4, 5)),
    ]
    assert posts[0].teaser.startswith("The round was led by Example Capital")


@pytest.mark.parametrize(
    "page", ["", "<main></main>", "no markup", "<a href='//['>A headline of some length</a>"]
)
def test_a_list_without_posts_is_empty(page: str) -> None:
    assert listed_posts(page, BASE) == []


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_reading_a_list_is_total(page: str) -> None:
    listed_posts(f"<main><article><a href='/news/x'>{page}", BASE)


def test_real_newsrooms_list_dated_posts(shared: Path) -> None:
    warcio = pytest.importorskip("warcio.archiveiterator")
    found: dict[str, Any] = {}
    with (shared / "fixtures/archives/sumup.com.warc.gz").open("rb") as stream:
        for record in warcio.ArchiveIterator(stream):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type == "response" and url.endswith("/press/"):
                found[url] = listed_posts(record.content_stream().read().decode("utf-8", "replace"), url)
    assert len(found) == 3
    for posts in found.values():
        assert len(posts) >= 5
        assert all(post.published_at for post in posts)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (
            "Acme Freight raises $40 million in Series B funding",
            "Acme Freight Raises $40 Million in Series B Funding",
            True,
        ),
        (
            "Acme Freight raises $40 million in Series B funding",
            "Acme Freight raises $50 million in Series B funding",
            False,
        ),
        ("Acme Freight reports Q2 results", "Acme Freight reports Q3 results", False),
        ("Acme Freight opens an office in Lyon", "Acme Freight appoints a new chief executive", False),
    ],
)
def test_headlines_that_differ_in_a_number_are_other_stories(left: str, right: str, same: bool) -> None:
    assert same_story(left, "", right, "") is same


LEAD = "UTRECHT, Jan 20 - Acme Freight, the freight platform, today announced that it has raised new money from Example Capital to grow in Europe."


def test_a_wire_copy_with_another_headline_is_a_copy() -> None:
    assert same_story(
        "Freight platform Acme secures fresh capital", LEAD, "Acme Freight announces funding", f"{LEAD} More."
    )
    assert not same_story(
        "Acme Freight announces funding",
        LEAD,
        "Acme Freight announces funding",
        "Another text entirely. " * 9,
    )


def story(title: str, day: date | None = None, origin: Any = "blog", url: str = "", text: str = "") -> Story:
    response = Response(url=BASE, final_url=BASE, status=200, body=b"", fetched_at=NOW)
    url = url or f"{BASE}{title.replace(' ', '-')}"
    return Story(url, title, text, day, origin, response, "acme-freight.example", "first-party-text")


def test_fresh_announcements_are_read_first_and_old_news_last() -> None:
    stories = [
        story("How to read a waybill", date(2026, 2, 20)),
        story("Acme Freight acquires Example Haulage", date(2020, 1, 1)),
        story("Undated note on pallets"),
        story("Acme Freight opens an office", date(2025, 6, 1)),
    ]
    assert [item.title for item in best_first(stories, NOW.date(), 730)] == [
        "Acme Freight opens an office",
        "How to read a waybill",
        "Undated note on pallets",
        "Acme Freight acquires Example Haulage",
    ]


def test_everything_in_a_newsroom_is_an_announcement() -> None:
    assert is_announcement(story("A quiet headline", origin="press"))
    assert is_announcement(story("Acme übernimmt Beispiel Logistik"))
    assert not is_announcement(story("How to read a waybill"))


def test_one_story_from_list_and_feed_keeps_what_both_know() -> None:
    listed = story("Acme opens an office", date(2026, 1, 5), "press", f"{BASE}office/")
    fed = story(
        "Acme opens an office!",
        date(2026, 1, 4),
        "blog",
        "http://www.acme-freight.example/news/office?utm_source=rss",
        "Long text",
    )
    (merged,) = distinct([listed, fed])
    assert (merged.title, merged.text, merged.published_at, merged.origin) == (
        "Acme opens an office",
        "Long text",
        date(2026, 1, 4),
        "press",
    )


@pytest.mark.parametrize(
    ("name", "search", "urls"),
    [
        (
            "shape_gdelt.json",
            Gdelt(),
            ["https://example.com/news/rust-2026", "https://news.example.org/rust-foundation"],
        ),
        (
            "shape_gdelt_response.json",
            Gdelt(),
            ["https://example.com/article1", "https://example.com/article2"],
        ),
        ("shape_vgi_tavily.json", Tavily("k"), ["https://duckdblabs.com", "https://duckdb.org/foundation"]),
        (
            "shape_vgi_brave.json",
            Brave("k"),
            ["https://duckdb.org/docs/arrow", "https://example.com/arrow-flight"],
        ),
        (
            "shape_brave_api.json",
            Brave("k"),
            ["https://www.rust-lang.org/", "https://en.wikipedia.org/wiki/Rust_(programming_language)"],
        ),
    ],
)
def test_search_answers_of_each_shape_are_read(
    shared: Path, name: str, search: NewsSearch, urls: list[str]
) -> None:
    hits = search.parse((shared / "fixtures/news" / name).read_bytes())
    assert hits is not None
    assert [hit.url for hit in hits] == urls
    assert all(hit.title and "<" not in hit.title + hit.text for hit in hits)


def test_the_day_a_search_saw_a_page_is_no_publication(shared: Path) -> None:
    for hit in Gdelt().parse((shared / "fixtures/news/shape_gdelt.json").read_bytes()) or []:
        assert hit.published_at is None


def test_a_generated_answer_is_no_hit(shared: Path) -> None:
    hits = Tavily("k").parse((shared / "fixtures/news/shape_vgi_tavily.json").read_bytes()) or []
    assert not any("maintained by" in hit.text for hit in hits)
    assert [hit.published_at for hit in hits] == [date(2024, 3, 15), None]


def test_hacker_news_dates_are_the_discussion_s(shared: Path) -> None:
    hits = HackerNews().parse((shared / "fixtures/news/shape_hackernews.json").read_bytes()) or []
    assert [(hit.url, hit.points_to, hit.published_at) for hit in hits] == [
        ("https://news.ycombinator.com/item?id=38765432", "https://example.com/metasearch", date(2026, 5, 1))
    ]
    real = HackerNews().parse((shared / "fixtures/news/hn_search.json").read_bytes()) or []
    assert [hit.published_at for hit in real] == [date(2026, 9, 1), date(2026, 9, 1), date(2026, 8, 3)]
    old = (
        b'{"hits": [{"objectID": "1", "title": "Acme Freight (2015)", "created_at": "2026-01-01T00:00:00Z"}]}'
    )
    assert [hit.published_at for hit in HackerNews().parse(old) or []] == [None]


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.name)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Your query was too short</html>",
        b"Please limit requests to one every 5 seconds",
        b"[1]",
        b"null",
    ],
)
def test_an_error_page_is_not_an_answer(search: NewsSearch, body: bytes) -> None:
    assert not search.parse(body)
    if not isinstance(search, GoogleNews):
        assert search.parse(body) is None


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.name)
@given(body=st.binary(max_size=100))
@settings(max_examples=40, deadline=None)
def test_parsing_an_answer_is_total(search: NewsSearch, body: bytes) -> None:
    search.parse(body)
    search.parse(b'{"results": [' + body + b'], "hits": [], "articles": []}')


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.name)
def test_a_question_is_the_same_at_every_time_and_holds_no_key_in_its_url(search: NewsSearch) -> None:
    request = search.request(ACCOUNT)
    assert request is not None
    assert request == search.request(ACCOUNT)
    assert request.origin == "api"
    assert "=k" not in request.url


def test_only_sources_with_a_key_or_an_opt_in_are_asked() -> None:
    assert [search.name for search in chosen_searches(SourceKeys(), ())] == ["Hacker News", "GDELT"]
    every = chosen_searches(SourceKeys(tavily="t", brave="b"), ("google-news",))
    assert [search.name for search in every] == ["Hacker News", "GDELT", "Tavily", "Brave", "Google News"]


def test_a_nameless_account_is_not_searched_by_name() -> None:
    nameless = ACCOUNT.model_copy(update={"name": None, "names": ()})
    assert Gdelt().request(nameless) is None
    assert GoogleNews().request(nameless) is None
    assert HackerNews().request(nameless) is not None
