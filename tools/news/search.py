"""The seam of news search: what a source is asked, and how its answer becomes hits.

Adding a source is one class with these four members; `parse` is pure and total.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, Protocol

from tools.documents import Account
from tools.fetching.api import FetchRequest
from tools.news.dates import stated_moment
from tools.registries.payload import one_line


class NewsHit(NamedTuple):
    """One hit: where it is, its headline, what the source shows of its text, and its stated publication date.

    `points_to` is the page the hit is about, where that is another one (a discussion of an article).
    `published_at` is never the day a search engine saw the page.
    """

    url: str
    title: str
    text: str
    published_at: date | None
    points_to: str = ""


class NewsSearch(Protocol):
    """A search for news about an account."""

    @property
    def name(self) -> str:
        """The source's name as reports show it."""
        ...

    @property
    def reads_articles(self) -> bool:
        """Whether the hits' pages are to be read; if not, headline and excerpt are all there is."""
        ...

    @property
    def only_recorded(self) -> bool:
        """Whether it is looked for in an archive alone, where its absence means that nobody asked it."""
        ...

    def request(self, account: Account) -> FetchRequest | None:
        """Return the one question to ask, or `None` when the account gives nothing to ask by.

        Holds no clock time, so that the same question is found again in an archive.
        """
        ...

    def parse(self, body: bytes) -> list[NewsHit] | None:
        """Return the hits in an answer, or `None` when the body is not an answer of this source."""
        ...


def day_of(text: str) -> date | None:
    """Return the day of a date as an API writes it, or `None`; nothing relative counts."""
    moment = stated_moment(text)
    return moment.date() if isinstance(moment, datetime) else moment


def search_name(account: Account) -> str | None:
    """Return the name to search by: the account's first, quotes removed; shorter than 3 letters is none."""
    name = one_line((account.name or "").replace('"', " "), 80)
    return name if len(name) >= 3 else None
