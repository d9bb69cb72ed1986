"""The account's own news: its feeds, its newsroom and blog pages, and the posts they list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tools.contain import contained
from tools.documents import Account, FetchFailure
from tools.fetching.api import FetchRequest, Response
from tools.fetching.charset import decode_body
from tools.news.article import not_future, visible_lines
from tools.news.feeds import FeedEntry, parse_feed, web_url
from tools.news.newsroom import listed_posts
from tools.news.story import Origin, Story, distinct, names_in
from tools.pages.api import Page, PageReader, SitePage
from tools.registries.tie import host_of, speaks_for

_MAX_FEEDS = 4
_MAX_LISTS = 4
_SHORT_FEED = 20_000
"""Bytes that are parsed in about the time it takes to send them elsewhere."""
_FOREIGN_FEED = re.compile(
    r"comments?(?:/|$|\?)|/jobs?|career|/podcast|oembed|/wp-json|/products?[./]|/collections/|/events", re.I
)
_PROBES = ("/feed", "/rss.xml", "/blog/rss.xml")
_DEEPER = re.compile(
    r"press[\s_-]?releases?|pressemitteilung|newsroom|latest news|all (?:news|posts)|communiqu[eé]s|/news/?$",
    re.I,
)


@dataclass(slots=True)
class OwnNews:
    """What the account's own lists gave: stories, and which lists were read, failed, or were never there."""

    stories: list[Story] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    failures: list[FetchFailure] = field(default_factory=list)


async def find_own_stories(account: Account, reader: PageReader, site: Sequence[SitePage]) -> OwnNews:
    """Return the posts that the account's feeds and news pages list.

    Feeds are those the site declares; only where it declares none are three usual places tried, whose
    absence is no failure. Posts on other domains (press coverage a newsroom lists) are third-party.
    """
    news = OwnNews()
    lists = [entry for entry in site if entry.purpose in ("press", "blog")][:_MAX_LISTS]
    for entry in lists:
        if isinstance(entry.page, FetchFailure):
            news.failures.append(entry.page)
        else:
            read = _read_list(account, reader, entry.purpose == "press", entry.page, news)
            if isinstance(failed := await contained(read, stage="newsroom", url=entry.url), FetchFailure):
                news.failures.append(failed)
    pages = [entry.page for entry in site if isinstance(entry.page, Page)]
    declared = _declared_feeds(account, site)
    if declared:
        for url in declared[:_MAX_FEEDS]:
            feed = _read_feed(account, reader, url, news, probing=False)
            outcome = await contained(feed, stage="feed", url=url)
            if isinstance(outcome, FetchFailure):
                news.failures.append(outcome)
    elif pages:
        for url in _probes(account, site):
            if await _read_feed(account, reader, url, news, probing=True):
                break
    news.stories = distinct(news.stories)
    return news


async def _read_list(account: Account, reader: PageReader, press: bool, page: Page, news: OwnNews) -> None:
    stories = await _stories_on(account, reader, press, page, news)
    if not stories and press and (deeper := _deeper_list(account, page)):
        inner = await reader.read(deeper)
        if isinstance(inner, Page):
            page, stories = inner, await _stories_on(account, reader, press, inner, news)
    news.read.append("newsroom" if press else "blog")
    news.stories.extend(stories)


async def _stories_on(
    account: Account, reader: PageReader, press: bool, page: Page, news: OwnNews
) -> list[Story]:
    posts = await reader.aside(page.url, listed_posts, decode_body(page.response), page.url)
    if isinstance(posts, FetchFailure):
        news.failures.append(posts)
        return []
    # What the page does not show is no headline; `Page.text` is what it shows.
    posts = [post for post in posts if visible_lines(post.title, page.text)]
    own: Origin = "press" if press else "blog"
    return [
        Story(
            url=post.url,
            title=post.title,
            text="\n".join(visible_lines(post.teaser, page.text)),
            published_at=not_future(post.published_at, reader.now()),
            origin=own if speaks_for(account, post.url) else "third-party",
            response=page.response,
            provider=host_of(page.url),
            tier="first-party-text" if speaks_for(account, post.url) else "news",
            vouched=names_in(post.title, account.names),
        )
        for post in posts
    ]


def _deeper_list(account: Account, page: Page) -> str | None:
    """Return the page that a press page without posts points to for its releases, if any."""
    for link in page.links:
        if (
            link.region == "footer"
            or not speaks_for(account, link.url)
            or link.url.rstrip("/") == page.url.rstrip("/")
        ):
            continue
        if _DEEPER.search(link.text[:80]) or _DEEPER.search(urlsplit(link.url).path):
            return link.url
    return None


async def _entries(reader: PageReader, answer: Response) -> list[FeedEntry] | FetchFailure | None:
    """Return a feed's entries; a long one is read beside the loop."""
    if len(answer.body) <= _SHORT_FEED:
        return parse_feed(answer.body, answer.final_url)
    return await reader.aside(answer.final_url, parse_feed, answer.body, answer.final_url)


async def _read_feed(account: Account, reader: PageReader, url: str, news: OwnNews, *, probing: bool) -> bool:
    """Add a feed's entries; tell whether it was a feed. A guessed address that is none is no failure."""
    answer = await reader.fetcher.fetch(FetchRequest(url=url, accept="any"))
    if isinstance(answer, FetchFailure):
        if not probing:
            news.failures.append(answer)
        return False
    entries = await _entries(reader, answer)
    if isinstance(entries, FetchFailure):
        news.failures.append(entries)
        return False
    if entries is None:
        if not probing:
            news.failures.append(
                FetchFailure(url=url, reason="parse", detail="the declared feed is no RSS, Atom or JSON feed")
            )
        return False
    origin: Origin = "press" if re.search(r"press|news", urlsplit(url).path, re.I) else "blog"
    for entry in entries:
        own = speaks_for(account, entry.url)
        news.stories.append(
            Story(
                url=entry.url,
                title=entry.title,
                text=entry.text,
                published_at=not_future(entry.published_at, reader.now()),
                origin=origin if own else "third-party",
                response=answer,
                provider=host_of(answer.final_url),
                tier="first-party-text" if own else "news",
                complete=entry.complete,
            )
        )
    news.read.append("feed")
    return True


def _declared_feeds(account: Account, site: Iterable[SitePage]) -> list[str]:
    """Return the feeds that news pages declare, then the home page's; comment and job feeds left out."""
    order = {"press": 0, "blog": 1, "home": 2}
    pages = sorted(
        (
            (order[entry.purpose], entry.page)
            for entry in site
            if entry.purpose in order and isinstance(entry.page, Page)
        ),
        key=lambda pair: pair[0],
    )
    found: dict[str, None] = {}
    for _, page in pages:
        for href in page.feeds:
            url = web_url(page.url, href)
            if url and not _FOREIGN_FEED.search(url.split("//", 1)[-1]):
                found.setdefault(url)
    return list(found)


def _probes(account: Account, site: Sequence[SitePage]) -> list[str]:
    """Return at most three usual feed addresses, the blog's own first."""
    home = account.home_url or f"https://{account.final_domain}/"
    blog = next(
        (entry.page.url for entry in site if entry.purpose == "blog" and isinstance(entry.page, Page)), None
    )
    tries = [web_url(f"{blog.rstrip('/')}/", "rss.xml")] if blog else []
    tries += [web_url(home, path) for path in _PROBES]
    return list(dict.fromkeys(url for url in tries if url))[:3]
