"""The news searches: Hacker News and GDELT without a key, Google News on request, Tavily and Brave by key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tools.documents import Account
from tools.fetching.api import FetchRequest
from tools.news.feeds import html_text, parse_feed, web_url
from tools.news.search import NewsHit, NewsSearch, day_of, search_name
from tools.providers.keys import GOOGLE_NEWS, REPLAYED, SourceKeys
from tools.registries.payload import Json, dig, fields, items, load_json, one_line, text_of

GOOGLE_NEWS_TERMS = "Google News RSS was asked because you opted in; its terms allow personal, non-commercial use in a feed reader only"
_HITS = 20


@dataclass(frozen=True)
class HackerNews:
    """Stories on Hacker News that link to the account's domain (Algolia's public search)."""

    name: str = "Hacker News"
    reads_articles: bool = False
    only_recorded: bool = False

    def request(self, account: Account) -> FetchRequest | None:
        """Ask for stories whose link holds the domain, newest first."""
        query = {
            "query": account.domain,
            "tags": "story",
            "restrictSearchableAttributes": "url",
            "typoTolerance": "false",
            "hitsPerPage": str(_HITS),
        }
        url = f"https://hn.algolia.com/api/v1/search_by_date?{urlencode(query)}"
        return FetchRequest(url=url, accept="json", origin="api")

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return the stories; one tagged with a year in its title links to something old and has no date."""
        payload = load_json(body)
        if not isinstance(dig(payload, "hits"), list):
            return None
        hits = []
        for hit in items(payload, "hits"):
            number, title = text_of(hit, "objectID"), text_of(hit, "title")
            if not number.isdigit() or not title:
                continue
            old = re.search(r"[(\[](?:19|20)\d\d[)\]]\s*$", title)
            hits.append(
                NewsHit(
                    url=f"https://news.ycombinator.com/item?id={number}",
                    title=title,
                    text=_html(dig(hit, "story_text")),
                    published_at=None if old else day_of(text_of(hit, "created_at")),
                    points_to=text_of(hit, "url"),
                )
            )
        return hits


@dataclass(frozen=True)
class Gdelt:
    """GDELT's index of the last three months of online news. It names the day it saw a page, not the page's own."""

    name: str = "GDELT"
    reads_articles: bool = True
    only_recorded: bool = False

    def request(self, account: Account) -> FetchRequest | None:
        """Ask for articles with the account's name as a phrase; very short names are refused there."""
        name = search_name(account)
        if name is None or len(name) < 5:
            return None
        query = {
            "query": f'"{name}"',
            "mode": "artlist",
            "format": "json",
            "sort": "datedesc",
            "maxrecords": "50",
            "timespan": "3months",
        }
        url = f"https://api.gdeltproject.org/api/v2/doc/doc?{urlencode(query, quote_via=quote)}"
        return FetchRequest(url=url, accept="any", origin="api")

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return the articles. Its errors are sentences or HTML with status 200; `{}` is its empty answer."""
        payload = load_json(body)
        if not isinstance(payload, dict):
            return None
        return [
            NewsHit(url, title, "", None)
            for article in items(payload, "articles")
            if (url := _url(article, "url")) and (title := text_of(article, "title"))
        ]


@dataclass(frozen=True)
class GoogleNews:
    """Google News' RSS search. Only ever asked when the user opted in."""

    name: str = "Google News"
    reads_articles: bool = False
    only_recorded: bool = False

    def request(self, account: Account) -> FetchRequest | None:
        """Ask for the account's name as a phrase."""
        name = search_name(account)
        if name is None:
            return None
        query = urlencode({"q": f'"{name}" when:1y', "hl": "en-US", "gl": "US", "ceid": "US:en"})
        return FetchRequest(url=f"https://news.google.com/rss/search?{query}", accept="any", origin="api")

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return the headlines; the text below them is the same headlines again and is left out."""
        entries = parse_feed(body, "https://news.google.com/")
        if entries is None:
            return None
        return [NewsHit(entry.url, entry.title, "", entry.published_at) for entry in entries]


@dataclass(frozen=True)
class Tavily:
    """Tavily's news search, by key."""

    key: str = field(repr=False)
    name: str = "Tavily"
    reads_articles: bool = True

    @property
    def only_recorded(self) -> bool:
        """Whether no key is configured, and a replay looks for what a run with one recorded."""
        return self.key == REPLAYED

    def request(self, account: Account) -> FetchRequest | None:
        """Ask for news of the last year on the name and the domain."""
        body: dict[str, Json] = {
            "query": f'"{search_name(account) or account.domain}" {account.domain}',
            "topic": "news",
            "time_range": "year",
            "max_results": _HITS,
        }
        return FetchRequest(
            url="https://api.tavily.com/search",
            accept="json",
            origin="api",
            json_body=body,
            headers=(("Authorization", f"Bearer {self.key}"),),
        )

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return the results; the generated `answer` is nobody's statement and is ignored."""
        payload = load_json(body)
        if not isinstance(dig(payload, "results"), list):
            return None
        return [
            NewsHit(url, title, _plain(dig(row, "content")), day_of(text_of(row, "published_date")))
            for row in items(payload, "results")
            if (url := _url(row, "url")) and (title := text_of(row, "title"))
        ]


@dataclass(frozen=True)
class Brave:
    """Brave's news search, by key."""

    key: str = field(repr=False)
    name: str = "Brave"
    reads_articles: bool = True

    @property
    def only_recorded(self) -> bool:
        """Whether no key is configured, and a replay looks for what a run with one recorded."""
        return self.key == REPLAYED

    def request(self, account: Account) -> FetchRequest | None:
        """Ask for news of the last year on the name and the domain."""
        query = {"q": f'"{search_name(account) or account.domain}" {account.domain}', "count": str(_HITS)}
        return FetchRequest(
            url=f"https://api.search.brave.com/res/v1/news/search?{urlencode({**query, 'freshness': 'py'})}",
            accept="json",
            origin="api",
            headers=(("X-Subscription-Token", self.key),),
        )

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return news results, or a web search's results and the news block within it."""
        payload = load_json(body)
        if not isinstance(payload, dict) or not (
            isinstance(payload.get("results"), list) or fields(payload, "web") or fields(payload, "news")
        ):
            return None
        rows = [
            *items(payload, "results"),
            *items(payload, "news", "results"),
            *items(payload, "web", "results"),
        ]
        return [
            NewsHit(
                url,
                _html(dig(row, "title")),
                _html(dig(row, "description")),
                day_of(text_of(row, "page_age")),
            )
            for row in rows
            if (url := _url(row, "url")) and _html(dig(row, "title"))
        ]


def chosen_searches(keys: SourceKeys, opt_in: tuple[str, ...]) -> list[NewsSearch]:
    """Return the searches to run: those without a key, those a key is configured for, those opted in to.

    In a replay the others are looked for in the archive: whoever recorded may have asked them.
    """
    searches: list[NewsSearch] = [HackerNews(), Gdelt()]
    if keys.tavily:
        searches.append(Tavily(keys.tavily))
    if keys.brave:
        searches.append(Brave(keys.brave))
    if GOOGLE_NEWS in opt_in or keys.replayed:
        searches.append(GoogleNews(only_recorded=GOOGLE_NEWS not in opt_in))
    return searches


def _url(row: Json, name: str) -> str | None:
    value = dig(row, name)
    return web_url("", value) if isinstance(value, str) else None


def _html(value: Json) -> str:
    return html_text(value) if isinstance(value, str) else ""


def _plain(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    return "\n".join(line for row in value[:20_000].split("\n") if (line := one_line(row, 5000)))
