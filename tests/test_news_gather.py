"""News end to end over a fake fetcher: what is read first, what is set aside, what the state says."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tools.documents import Account, FetchFailure, Gathered, GatherLimits
from tools.fetching.api import DnsAnswer, FetchRequest, RecordType, Response
from tools.identity import tie_reason
from tools.news.combine import gather_from
from tools.news.gather import gather_news
from tools.pages.api import PagePurpose, SitePage
from tools.pages.reader import Reader
from tools.providers.keys import SourceKeys

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://www.acme-freight.com/"
NEWS = f"{HOME}news/"
ACCOUNT = Account(
    domain="acme-freight.com",
    final_domain="acme-freight.com",
    status="live",
    home_url=HOME,
    name="Acme Freight",
    names=("Acme Freight", "Acme Freight B.V."),
)
BODY = " ".join(
    f"Sentence {number} of the announcement tells what Acme Freight did for shippers in Europe this year."
    for number in range(12)
)
Routes = dict[str, Any]


class Fetcher:
    """Answers exact URLs from a dictionary; anything else is a 404, or not in the archive when told so."""

    def __init__(self, routes: Routes, *, archive: bool = False) -> None:
        self.routes = routes
        self.archive = archive
        self.asked: list[str] = []

    async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
        self.asked.append(request.url)
        for key, answer in self.routes.items():
            if request.url == key or (key.startswith("*") and key[1:] in request.url):
                if isinstance(answer, FetchFailure):
                    return answer.model_copy(update={"url": request.url})
                body = answer if isinstance(answer, bytes) else str(answer).encode()
                kind = (("content-type", "text/html; charset=utf-8"),)
                return Response(
                    url=request.url,
                    final_url=request.url,
                    status=200,
                    headers=kind,
                    body=body,
                    fetched_at=NOW,
                )
        if self.archive:
            return FetchFailure(url=request.url, reason="not_in_archive")
        return FetchFailure(url=request.url, reason="http_status", status=404)

    async def resolve(self, name: str, record_type: RecordType) -> DnsAnswer | FetchFailure:
        return FetchFailure(url=name, reason="not_in_archive")

    def now(self) -> datetime:
        return NOW


def card(slug: str, title: str, day: str = "") -> str:
    stamp = f'<time datetime="{day}">{day}</time>' if day else ""
    return f'<article><h3><a href="{slug}">{title}</a></h3>{stamp}</article>'


def listing(*cards: str) -> str:
    return f"<html lang=en><head><title>News</title></head><body><main><h1>Newsroom</h1>{''.join(cards)}</main></body></html>"


def article(title: str, text: str = BODY, day: str = "", extra: str = "") -> str:
    meta = f'<meta property="article:published_time" content="{day}">' if day else ""
    return (
        f"<html lang=en><head><title>{title}</title>{meta}</head><body><nav>Products Prices</nav><main><article>"
        f"<h1>{title}</h1><p>{text}</p></article>{extra}</main><footer>Acme Freight B.V.</footer></body></html>"
    )


def feed(*rows: tuple[str, str, str, str]) -> str:
    entries = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><description>{text}</description></item>"
        for title, link, day, text in rows
    )
    return f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>"


NO_HITS: Routes = {"*hn.algolia.com": '{"hits": []}', "*gdeltproject": "{}"}


async def gathered(
    routes: Routes,
    *lists: tuple[PagePurpose, str],
    keys: SourceKeys | None = None,
    limits: GatherLimits | None = None,
    archive: bool = False,
) -> tuple[Gathered, Fetcher]:
    fetcher = Fetcher(routes, archive=archive)
    reader = Reader(fetcher)
    site = [SitePage(purpose, url, await reader.read(url)) for purpose, url in (("home", HOME), *lists)]
    result = await gather_from(
        ACCOUNT, reader, limits or GatherLimits(), keys or SourceKeys(), site, tie_reason
    )
    await reader.aclose()
    return result, fetcher


async def test_newsroom_posts_become_dated_first_party_documents() -> None:
    title = "Acme Freight opens an office in Lyon"
    routes = NO_HITS | {
        HOME: listing(),
        NEWS: listing(card("/news/lyon", title, "2026-02-01")),
        f"{HOME}news/lyon": article(title, day="2026-02-03"),
    }
    result, _ = await gathered(routes, ("press", NEWS))
    (document,) = result.documents
    assert (document.kind, document.source, document.tier, document.purpose) == (
        "news",
        "news",
        "first-party-text",
        "press",
    )
    assert document.published_at == date(2026, 2, 1)
    assert document.text.startswith(f"{title}")
    assert "Sentence 11 of the announcement" in document.text
    assert "Products Prices" not in document.text
    assert result.state == "read"
    assert result.detail.startswith("newsroom read: 1 post;")


async def test_other_posts_teasers_do_not_come_with_an_article() -> None:
    title = "Acme Freight opens an office in Lyon"
    teasers = "".join(
        card(f"/news/{n}", f"Acme Freight raised {n} million dollars in 2019") for n in range(3)
    )
    page = article(title, day="2026-02-01", extra=f"<aside class=related><h2>Related</h2>{teasers}</aside>")
    routes = NO_HITS | {HOME: listing(), NEWS: listing(card("/news/lyon", title)), f"{HOME}news/lyon": page}
    result, _ = await gathered(routes, ("press", NEWS))
    assert "raised 2 million" not in result.documents[0].text


async def test_hidden_text_of_an_article_is_not_quoted() -> None:
    title = "Acme Freight opens an office in Lyon"
    page = article(title, f'{BODY}</p><p style="display:none">Acme Freight employs 99,000 people in secret.')
    routes = NO_HITS | {HOME: listing(), NEWS: listing(card("/news/lyon", title)), f"{HOME}news/lyon": page}
    result, _ = await gathered(routes, ("press", NEWS))
    assert "99,000" not in result.documents[0].text


async def test_a_post_that_cannot_be_read_is_kept_as_its_headline() -> None:
    routes = NO_HITS | {
        HOME: listing(),
        NEWS: listing(
            *(
                card(f"/news/{n}x", f"Acme Freight wins award number {n}", f"2026-01-0{n}")
                for n in range(1, 5)
            )
        ),
    }
    result, _ = await gathered(routes, ("press", NEWS))
    assert [document.text for document in result.documents] == [
        f"Acme Freight wins award number {n}" for n in (4, 3, 2, 1)
    ]
    assert result.documents[0].final_url == NEWS
    assert [failure.detail for failure in result.failures] == ["and 3 more articles there"]


async def test_feed_and_newsroom_tell_one_story_once() -> None:
    title = "Acme Freight opens an office in Lyon"
    home = listing().replace(
        "</head>", '<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>'
    )
    rows = (
        (title, "/news/lyon?utm_source=rss", "Sun, 01 Feb 2026 09:00:00 +0100", "A short summary."),
        ("Five tips for pallets", "/blog/tips", "Mon, 02 Feb 2026 09:00:00 +0100", f"{BODY} " * 2),
    )
    routes = NO_HITS | {HOME: home, NEWS: listing(card("/news/lyon", title)), f"{HOME}feed.xml": feed(*rows)}
    result, fetcher = await gathered(routes, ("press", NEWS))
    assert [(document.title, document.published_at) for document in result.documents] == [
        (title, date(2026, 2, 1)),
        ("Five tips for pallets", date(2026, 2, 2)),
    ]
    assert result.detail.startswith("newsroom and feed read: 2 posts")
    assert f"{HOME}blog/tips" not in fetcher.asked  # the feed carried the whole post
    assert f"{HOME}rss.xml" not in fetcher.asked  # a declared feed leaves nothing to guess


async def test_without_a_declared_feed_few_usual_places_are_tried_and_their_absence_is_no_failure() -> None:
    result, fetcher = await gathered(NO_HITS | {HOME: listing()})
    assert [url for url in fetcher.asked if url.startswith(HOME)] == [
        HOME,
        f"{HOME}feed",
        f"{HOME}rss.xml",
        f"{HOME}blog/rss.xml",
    ]
    assert result.failures == ()
    assert result.state == "read_nothing_found"
    assert result.detail.startswith("no newsroom, blog or feed found on the site; ")


async def test_an_empty_newsroom_was_read_and_an_unread_one_was_not() -> None:
    empty, _ = await gathered(NO_HITS | {HOME: listing(), NEWS: listing()}, ("press", NEWS))
    assert (empty.state, empty.detail.split(";")[0]) == ("read_nothing_found", "newsroom read: no posts")
    refused = FetchFailure(url=NEWS, reason="http_status", status=403)
    unread, _ = await gathered(NO_HITS | {HOME: listing(), NEWS: refused}, ("press", NEWS))
    assert (unread.state, unread.documents) == ("unreadable", ())
    assert [failure.url for failure in unread.failures] == [NEWS]


async def test_in_an_archive_without_news_nothing_was_looked_at_and_each_source_fails_once() -> None:
    result, _ = await gathered({HOME: listing()}, ("press", NEWS), archive=True)
    assert (result.state, result.documents) == ("not_looked", ())
    assert [failure.reason for failure in result.failures] == ["not_in_archive"] * 3


async def test_the_cap_keeps_fresh_announcements() -> None:
    cards = [card(f"/news/o{n}", f"Acme Freight opens warehouse number {n}", "2019-01-01") for n in range(6)]
    cards += [
        card(f"/news/f{n}", f"Acme Freight launches service number {n}", f"2026-01-0{n + 1}")
        for n in range(3)
    ]
    routes = NO_HITS | {HOME: listing(), NEWS: listing(*cards)}
    result, fetcher = await gathered(routes, ("press", NEWS), limits=GatherLimits(max_news=3))
    assert [document.title for document in result.documents] == [
        f"Acme Freight launches service number {n}" for n in (2, 1, 0)
    ]
    assert not [url for url in fetcher.asked if "/news/o" in url]


def gdelt(*hits: tuple[str, str]) -> str:
    return json.dumps(
        {"articles": [{"url": url, "title": title, "seendate": "20260228T101500Z"} for url, title in hits]}
    )


async def test_a_tied_third_party_article_is_news_and_its_date_is_its_own() -> None:
    title = "Acme Freight takes over Example Haulage"
    url = "https://daily.invalid/acme"
    routes = {
        "*hn.algolia": '{"hits": []}',
        "*gdelt": gdelt((url, title), ("https://x.invalid/a", "Other firms do things")),
    }
    routes |= {
        HOME: listing(),
        url: article(title, f"{BODY} See acme-freight.com for more.", day="2026-01-15"),
    }
    result, fetcher = await gathered(routes)
    (document,) = result.documents
    assert (document.tier, document.published_at, document.provider) == (
        "news",
        date(2026, 1, 15),
        "daily.invalid",
    )
    assert "https://x.invalid/a" not in fetcher.asked


async def test_a_namesake_in_the_news_is_quarantined() -> None:
    url = "https://daily.invalid/acme"
    routes = {"*hn.algolia": '{"hits": []}', "*gdelt": gdelt((url, "Acme Freight, the band, goes on tour"))}
    result, _ = await gathered(
        routes | {HOME: listing(), url: article("Acme Freight, the band", "A concert. " * 60)}
    )
    assert result.documents == ()
    assert [entry.url for entry in result.quarantined] == [url]


async def test_an_article_without_a_stated_date_is_undated_whatever_day_it_was_seen() -> None:
    url = "https://daily.invalid/acme"
    title = "Acme Freight takes over Example Haulage"
    routes = {"*hn.algolia": '{"hits": []}', "*gdelt": gdelt((url, title)), HOME: listing()}
    result, _ = await gathered(routes | {url: article(title, f"{BODY} acme-freight.com")})
    assert [document.published_at for document in result.documents] == [None]


async def test_a_wire_copy_of_an_own_post_counts_once_and_the_own_copy_stays() -> None:
    title = "Acme Freight opens an office in Lyon"
    url = "https://wire.invalid/lyon"
    routes = {"*hn.algolia": '{"hits": []}', "*gdelt": gdelt((url, title)), HOME: listing()}
    routes |= {NEWS: listing(card("/news/lyon", title, "2026-02-01")), f"{HOME}news/lyon": article(title)}
    result, _ = await gathered(routes | {url: article(title, f"{BODY} acme-freight.com")}, ("press", NEWS))
    assert [document.tier for document in result.documents] == ["first-party-text"]
    assert "copy of a story left out: 1" in result.detail


async def test_press_coverage_the_newsroom_lists_ties_when_its_headline_names_the_account() -> None:
    cards = (
        card("https://daily.invalid/acme-story", "Acme Freight takes over Example Haulage", "2026-01-15"),
        card("https://daily.invalid/ten-trends", "Ten trends in logistics to watch now", "2026-01-16"),
    )
    result, _ = await gathered(NO_HITS | {HOME: listing(), NEWS: listing(*cards)}, ("press", NEWS))
    assert [(document.url, document.tier) for document in result.documents] == [
        ("https://daily.invalid/acme-story", "news")
    ]
    assert [entry.url for entry in result.quarantined] == ["https://daily.invalid/ten-trends"]


async def test_a_discussion_of_the_account_s_page_ties_and_stays_news() -> None:
    hit = {
        "objectID": "1",
        "title": "Show HN: Open freight rates",
        "url": f"{HOME}rates",
        "created_at": "2026-01-05T10:00:00Z",
    }
    other = {
        "objectID": "2",
        "title": "Unrelated",
        "url": "https://x.invalid/acme-freight.com",
        "created_at": "2026-01-05T10:00:00Z",
    }
    routes = {"*hn.algolia": json.dumps({"hits": [hit, other]}), "*gdelt": "{}", HOME: listing()}
    result, _ = await gathered(routes)
    (document,) = result.documents
    assert (document.url, document.tier, document.published_at) == (
        "https://news.ycombinator.com/item?id=1",
        "news",
        date(2026, 1, 5),
    )


@pytest.mark.parametrize("broken", ["*hn.algolia", "*gdelt", "*tavily", "*brave"])
@pytest.mark.parametrize(
    "answer", [FetchFailure(url="x", reason="http_status", status=429), "<html>slow down</html>"]
)
async def test_a_source_that_fails_changes_no_other(broken: str, answer: Any) -> None:
    title = "Acme Freight opens an office in Lyon"
    keys = SourceKeys(tavily="t", brave="b")
    empty = {"*tavily": '{"results": []}', "*brave": '{"results": []}'}
    routes = (
        NO_HITS
        | empty
        | {HOME: listing(), NEWS: listing(card("/news/lyon", title)), f"{HOME}news/lyon": article(title)}
    )
    whole, _ = await gathered(routes, ("press", NEWS), keys=keys)
    others = {key: answer for key, answer in routes.items() if key != broken}
    partly, _ = await gathered({broken: answer, **others}, ("press", NEWS), keys=keys)
    assert whole.failures == ()
    assert len(partly.failures) == 1
    assert partly.documents == whole.documents
    assert partly.state == whole.state == "read"


async def test_google_news_is_asked_only_on_request_and_its_terms_are_shown() -> None:
    without, fetcher = await gathered(NO_HITS | {HOME: listing()})
    assert not [url for url in fetcher.asked if "google" in url]
    assert "Google" not in without.detail
    limits = GatherLimits(opt_in_sources=("google-news",))
    rows = (
        (
            "Acme Freight (acme-freight.com) takes over Example - Daily",
            "https://news.google.com/x",
            "Sun, 01 Feb 2026 09:00:00 GMT",
            "",
        ),
    )
    asked, _ = await gathered({"*news.google.com": feed(*rows), HOME: listing(), **NO_HITS}, limits=limits)
    assert "personal, non-commercial use" in asked.detail
    assert [(document.tier, document.published_at) for document in asked.documents] == [
        ("news", date(2026, 2, 1))
    ]


async def test_filings_are_read_with_a_contact_and_named_when_there_is_none() -> None:
    recent = {
        "form": ["8-K"],
        "accessionNumber": ["0000000001-26-000001"],
        "primaryDocument": ["a.htm"],
        "items": ["2.01"],
        "filingDate": ["2026-02-03"],
        "reportDate": ["2026-02-01"],
    }
    entry = {"name": "Acme Freight B.V.", "cik": "0000000001", "filings": {"recent": recent}}
    routes = NO_HITS | {
        HOME: listing(),
        "*wikidata": '{"query": {"search": []}, "search": []}',
        "*company_tickers": '{"0": {"cik_str": 1, "title": "ACME FREIGHT B.V."}}',
        "*submissions": json.dumps(entry),
        "*Archives": "<p>Item 2.01 Completion</p><p>Acme Freight completed its acquisition of Example Haulage.</p>",
    }
    result, _ = await gathered(routes, keys=SourceKeys(contact="desk@acme-freight.com"))
    assert [(document.tier, document.provider, document.published_at) for document in result.documents] == [
        ("registry", "sec", date(2026, 2, 1))
    ]
    without, fetcher = await gathered(routes)
    assert "SEC EDGAR not asked" in without.detail
    assert not [url for url in fetcher.asked if "sec.gov" in url]


async def test_a_removed_post_that_leads_back_to_the_list_keeps_only_its_headline() -> None:
    title = "Acme Freight opens an office in Lyon"

    class Redirecting(Fetcher):
        async def fetch(self, request: FetchRequest) -> Response | FetchFailure:
            answer = await super().fetch(request)
            if isinstance(answer, Response) and request.url.endswith("lyon"):
                return answer.model_copy(update={"final_url": NEWS})
            return answer

    page = listing(card("/news/lyon", title, "2026-02-01"))
    reader = Reader(Redirecting(NO_HITS | {HOME: listing(), NEWS: page, f"{HOME}news/lyon": page}))
    site = [SitePage("press", NEWS, await reader.read(NEWS))]
    result = await gather_from(ACCOUNT, reader, GatherLimits(), SourceKeys(), site, tie_reason)
    assert [document.text for document in result.documents] == [title]


async def test_gather_news_reads_the_site_by_itself() -> None:
    title = "Acme Freight opens an office in Lyon"
    home = '<html lang=en><head><title>Acme Freight</title></head><body><nav><a href="/news/">News</a></nav><main><p>'
    home += f"{BODY}</p></main></body></html>"
    routes = NO_HITS | {
        HOME: home,
        NEWS: listing(card("/news/lyon", title, "2026-02-01")),
        f"{HOME}news/lyon": article(title, day="2026-02-01"),
    }
    reader = Reader(Fetcher(routes))
    result = await gather_news(ACCOUNT, reader, GatherLimits())
    assert title in [document.title for document in result.documents]
    assert result.source == "news"
    await reader.aclose()


@pytest.mark.parametrize(
    "stamp",
    ["", "someday", "Mon, 99 Foo 2026 99:99:99 GMT", "0", "Wed, 01 Jan 2098 10:00:00 GMT", "3 hours ago"],
)
async def test_a_feed_s_broken_absent_or_future_date_dates_nothing(stamp: str) -> None:
    home = f'<html lang=en><head><title>Acme Freight</title><link rel="alternate" type="application/rss+xml" href="{HOME}feed.xml"></head><body><main>{BODY}</main></body></html>'
    title = "Acme Freight opens an office in Lyon"
    routes = NO_HITS | {
        HOME: home,
        f"{HOME}feed.xml": feed((title, f"{HOME}news/lyon", stamp, "Lyon it is.")),
        f"{HOME}news/lyon": article(title),
    }
    result, _ = await gathered(routes)
    assert [(document.title, document.published_at) for document in result.documents] == [(title, None)]


async def test_a_future_date_in_the_feed_yields_to_the_article_s_own() -> None:
    home = f'<html lang=en><head><title>Acme Freight</title><link rel="alternate" type="application/rss+xml" href="{HOME}feed.xml"></head><body><main>{BODY}</main></body></html>'
    title = "Acme Freight opens an office in Lyon"
    routes = NO_HITS | {
        HOME: home,
        f"{HOME}feed.xml": feed((title, f"{HOME}news/lyon", "Wed, 01 Jan 2098 10:00:00 GMT", "Lyon it is.")),
        f"{HOME}news/lyon": article(title, day="2026-02-03"),
    }
    result, _ = await gathered(routes)
    assert [document.published_at for document in result.documents] == [date(2026, 2, 3)]
