"""Find the posts that a newsroom, press or blog page lists: link, headline, date.

BeautifulSoup: an account has two or three such pages, they are the messiest of all, and its tree can be
climbed and cut without care.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tools.news.dates import SlashOrder, slash_order, stated_date
from tools.news.feeds import html_text, web_url
from tools.pages.nesting import prepare_markup
from tools.registries.payload import one_line

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MAX_BODY = 1_500_000
_MAX_LINKS = 600
_CLIMB = 7
_LINKS_OF_A_POST = 3  # picture, headline, "read more"
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_CHROME_TAGS = frozenset(("nav", "footer", "form", "script", "style", "template", "noscript", "svg"))
_CHROME = "nav, header, footer, form, script, style, template, noscript, svg, [aria-hidden=true], [hidden]"
# Parts of a post's address, and addresses that are lists or shares rather than posts.
_POST_PATH = re.compile(
    r"/(?:news|newsroom|press|press-releases?|media|blog|posts?|articles?|stories|story|insights?|announcements?|updates?|"
    r"releases?|presse|pressemitteilungen|aktuelles|neuigkeiten|actualites?|communiques?|noticias|notizie|nieuws|"
    r"company-news|changelog|resources?|magazin|magazine)/[^/]+|/(?:19|20)\d\d/\d{1,2}/[^/]+",
    re.I,
)
_LIST_PATH = re.compile(
    r"/(?:category|categories|tags?|topics?|authors?|page|search|archive|feed|rss|subscribe|login|signin|contact|careers?|"
    r"jobs?|privacy|terms|legal|share|sharer|intent|events?|webinars?)(?:/|$)|^/(?:19|20)\d\d/?(?:\d{1,2}/?)?$",
    re.I,
)
_GENERIC = re.compile(
    r"(?:read|learn|find out|see|view|show|load|mehr|weiterlesen|lire|leer|leia|leggi|lees)\b.{0,24}|"
    r"(?:news|press|blog|home|next|previous|more|all|download|rss|share)\b.{0,12}|\W*",
    re.I,
)


class ListedPost(NamedTuple):
    """One post in a list: absolute link, headline, teaser (may be empty), and the date printed beside it."""

    url: str
    title: str
    teaser: str
    published_at: date | None


def listed_posts(html: str, base_url: str) -> list[ListedPost]:
    """Return the posts a list page shows, in its order, one per link. Never raises.

    A post is a link outside menus and footer whose card (the largest block around it that holds no other
    post's link) shows a headline of some length, and that either lies where posts lie or is dated.
    """
    markup = prepare_markup(html[:_MAX_BODY]).markup
    if not _links_to_posts(markup, base_url):
        return []
    from bs4 import (
        BeautifulSoup,  # a tenth of a second to load: only accounts with a list of posts pay for it
    )

    tree = BeautifulSoup(markup, "lxml")
    for node in tree.select(_CHROME):
        if node.name != "header" or not _inside_card(node):
            node.decompose()
    anchors = tree.find_all("a", href=True, limit=_MAX_LINKS)
    targets = {id(node): _post_url(node, base_url) for node in anchors}
    cards = _Cards({key: url for key, url in targets.items() if url})
    order = _PageOrder(tree)
    found: dict[str, ListedPost] = {}
    tried: Counter[str] = Counter()
    for node in anchors:
        url = targets[id(node)]
        if url is None or tried[url] >= _LINKS_OF_A_POST:
            continue
        tried[url] += 1
        post = _read_card(node, url, cards, order)
        if post and (url not in found or len(post.title) > len(found[url].title)):
            found[url] = post
    return list(found.values())


def _links_to_posts(markup: str, base_url: str) -> bool:
    """Tell whether a page may list posts at all, by the parser that builds the tree, without building one in Python."""
    from lxml import etree

    parser = etree.HTMLParser()
    try:
        parser.feed(markup)
        root = parser.close()
    except (etree.LxmlError, ValueError):
        return True
    return root is not None and any(
        _post_url_of(anchor.get("href", ""), base_url) is not None
        and not any(parent.tag in _CHROME_TAGS for parent in anchor.iterancestors())
        for anchor in root.iter("a")
    )


class _PageOrder:
    """The order of day and month that a page's dates prove; its text is read only where a date leaves it open."""

    def __init__(self, tree: BeautifulSoup) -> None:
        self._tree = tree

    def for_line(self, line: str) -> SlashOrder | None:
        """Return the order for a line that may hold a date with slashes, some of which only look like one."""
        return self._proven if "/" in line or not line.isascii() else None

    @cached_property
    def _proven(self) -> SlashOrder | None:
        body = self._tree.body
        return slash_order(html_text(str(body))) if body is not None else None


def _inside_card(node: Tag) -> bool:
    """Tell whether a `<header>` heads a post (inside an article or list item) and not the page."""
    return any(parent.name in ("article", "li") for parent in islice(node.parents, _CLIMB))


def _post_url(node: Tag, base_url: str) -> str | None:
    return _post_url_of(_attribute(node, "href"), base_url)


def _post_url_of(reference: str, base_url: str) -> str | None:
    url = web_url(base_url, reference)
    if url is None:
        return None
    url = url.split("#")[0]
    path = urlsplit(url).path
    own = urlsplit(base_url).path
    if _folder(path) == _folder(own) or len(path.strip("/")) < 4:
        return None
    if _LIST_PATH.search(path) or re.search(r"\.(?:png|jpe?g|svg|gif|webp|zip|mp4|css|js|ics)$", path, re.I):
        return None
    return url


def _folder(path: str) -> str:
    """Return a path without `index.html` and trailing slash."""
    return re.sub(r"/(?:index\.\w{2,5})?$", "", path, flags=re.I)


class _Cards:
    """Which posts' links a block holds; each block is looked through once."""

    def __init__(self, targets: dict[int, str]) -> None:
        self._targets = targets
        self._held: dict[int, frozenset[str]] = {}

    def held(self, node: Tag) -> frozenset[str]:
        """Return the post links inside `node`."""
        known = self._held.get(id(node))
        if known is None:
            links = (self._targets.get(id(anchor)) for anchor in node.find_all("a", href=True))
            known = self._held[id(node)] = frozenset(link for link in links if link)
        return known


def _read_card(anchor: Tag, url: str, cards: _Cards, order: _PageOrder) -> ListedPost | None:
    card, parent = anchor, anchor.parent
    for _ in range(_CLIMB):
        if (
            parent is None
            or parent.name in ("body", "html", "main", "[document]")
            or cards.held(parent) - {url}
        ):
            break
        card, parent = parent, parent.parent
    text = html_text(str(card))[:2000]
    title = _headline(anchor, card)
    if title is None:
        return None
    when = _card_date(card, text, order)
    if when is None and not _POST_PATH.search(urlsplit(url).path):
        return None
    lines = [
        line
        for line in text.split("\n")
        if len(line.split()) >= 6 and line != title and not line.startswith(title)
    ]
    return ListedPost(url, title, "\n".join(lines[:3]), when)


def _headline(anchor: Tag, card: Tag) -> str | None:
    """Return the card's heading, else the link's own text, when it reads like a headline."""
    for scope in (anchor, card):
        heading = scope.find(_HEADINGS)
        if heading is not None and (title := _as_title(heading.get_text(" "))):
            return title
    for candidate in (_attribute(anchor, "title"), _attribute(anchor, "aria-label")):
        if len(candidate.split()) >= 4 and (title := _as_title(candidate)) and title in html_text(str(card)):
            return title
    lines = [
        line for line in html_text(str(anchor)).split("\n") if stated_date(line) is None or len(line) > 40
    ]
    return next((title for line in lines if len(line.split()) >= 3 and (title := _as_title(line))), None)


def _attribute(node: Tag, name: str) -> str:
    """Return an attribute's value, empty when there is none; of a repeated one, the parser's choice."""
    value = node.get(name)
    return value if isinstance(value, str) else " ".join(value or ())


def _as_title(text: str) -> str | None:
    title = one_line(text, 240)
    if len(title) < 12 or len(title.split()) < 2 or _GENERIC.fullmatch(title):
        # Languages without spaces have long headlines of one word.
        return title if len(title) >= 8 and not title.isascii() and not _GENERIC.fullmatch(title) else None
    return title


def _card_date(card: Tag, text: str, order: _PageOrder) -> date | None:
    for node in card.find_all("time", limit=2):
        stated = stated_date(_attribute(node, "datetime")) or stated_date(node.get_text())
        if stated:
            return stated
    # A date inside a sentence is what the post is about; a date on a short line is when it appeared.
    short = (line for line in text.split("\n")[:12] if len(line) <= 60)
    return next((stated for line in short if (stated := stated_date(line, order.for_line(line)))), None)
