"""Turn stories into documents: read the article where it can be read, keep what the list said where not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from tools.documents import Account, FetchFailure, Quarantined, SourceDocument, text_id
from tools.news.article import not_future, read_article
from tools.news.story import Story, same_story
from tools.pages.api import Page, PageReader
from tools.registries.payload import one_line
from tools.registries.tie import host_of, speaks_for

Tie = Callable[[Account, str, str, str], str | None]
"""Why a hit (account, url, text, title) does not tie to the account, or `None` when it does."""

_AT_ONCE = 4
_UNREADABLE = frozenset(("challenge", "parked", "js_only"))


class ReadStory(NamedTuple):
    """What became of one story: its document, or why it does not count; and a failed article fetch."""

    story: Story
    document: SourceDocument | None
    quarantined: Quarantined | None = None
    failure: FetchFailure | None = None


async def read_stories(
    account: Account, reader: PageReader, stories: Sequence[Story], tie_reason: Tie
) -> list[ReadStory]:
    """Read the stories' articles, a few at a time, and return what became of each, in their order."""
    places = asyncio.Semaphore(_AT_ONCE)
    # Two parser threads at once are slower than one: the interpreter lock makes them wait for each other.
    parsing = asyncio.Lock()

    async def one(story: Story) -> ReadStory:
        async with places:
            return await _read(account, reader, story, tie_reason, parsing)

    return list(await asyncio.gather(*(one(story) for story in stories)))


async def _read(
    account: Account, reader: PageReader, story: Story, tie_reason: Tie, parsing: asyncio.Lock
) -> ReadStory:
    own = story.tier == "first-party-text"
    page = None if story.complete else await reader.read(story.url)
    failure = page if isinstance(page, FetchFailure) else None
    document: SourceDocument | None = None
    if isinstance(page, Page) and _is_the_article(page, story):
        async with parsing:
            article = await reader.aside(
                story.url,
                read_article,
                page.response,
                page.text,
                page.footer_start,
                page.published_at,
                reader.now(),
            )
        if isinstance(article, FetchFailure):
            failure = article
        elif article.text:
            # A post that redirects off the account's own domain is no longer the account's own text.
            own = own and speaks_for(account, page.url)
            document = _article_document(
                story, page, article.text, _earlier(story.published_at, article.published_at), own
            )
    if document is None:
        document = listed_document(story, not_future(story.published_at, reader.now()))
    tied = own or story.vouched
    about = story.points_to or story.url
    reason = None if tied else tie_reason(account, about, document.text, document.title)
    if reason:
        aside = Quarantined(url=story.url, kind="news", title=document.title, reason=reason)
        return ReadStory(story, None, aside, failure)
    return ReadStory(story, document, None, failure)


def _is_the_article(page: Page, story: Story) -> bool:
    """Tell whether a page is the post and not a wall, or the list it was found on (a removed post)."""
    if _UNREADABLE.intersection(flag.split(":")[0] for flag in page.flags):
        return False
    return page.url.rstrip("/") != story.response.final_url.rstrip("/")


def _earlier(listed: date | None, stated: date | None) -> date | None:
    """Return the earlier of two stated days: a migrated site dates old posts anew, never the other way."""
    days = [day for day in (listed, stated) if day is not None]
    return min(days, default=None)


def _article_document(
    story: Story, page: Page, text: str, published_at: date | None, own: bool
) -> SourceDocument:
    whole = with_headline(story.title, text)
    return SourceDocument(
        id=text_id(whole),
        url=story.url,
        final_url=page.url,
        kind="news",
        source="news",
        tier="first-party-text" if own else "news",
        title=story.title,
        text=whole,
        language=page.language,
        fetched_at=page.response.fetched_at,
        published_at=published_at,
        status=page.response.status,
        purpose=story.purpose,
        provider=story.provider if own else host_of(page.url),
        hidden_dropped=page.hidden_dropped,
        flags=page.flags,
        body=page.response.body,
    )


def listed_document(story: Story, published_at: date | None) -> SourceDocument:
    """Return the document of a story as its feed, list or search told it: headline and excerpt.

    `final_url` is where that text was read, `url` the story's own address.
    """
    whole = with_headline(story.title, story.text)
    return SourceDocument(
        id=text_id(whole),
        url=story.url,
        final_url=story.response.final_url,
        kind="news",
        source="news",
        tier=story.tier,
        title=story.title,
        text=whole,
        fetched_at=story.response.fetched_at,
        published_at=published_at,
        status=story.response.status,
        purpose=story.purpose,
        provider=story.provider,
        body=story.response.body,
    )


def with_headline(title: str, text: str) -> str:
    """Return the headline and the text below it, the headline once."""
    first = text[: len(title) + 40]
    return (
        text if one_line(first, 400).casefold().startswith(title.casefold()) else f"{title}\n\n{text}".strip()
    )


def without_copies(read: Sequence[ReadStory]) -> tuple[list[SourceDocument], int]:
    """Return one document per story told, the first of each kept, and how many copies were left out.

    The account's own copy comes first in `read`, so it is the one that stays.
    """
    kept: list[SourceDocument] = []
    copies = 0
    for entry in read:
        document = entry.document
        if document is None:
            continue
        if any(other.id == document.id or _is_copy(other, document) for other in kept):
            copies += 1
        else:
            kept.append(document)
    return kept, copies


def _is_copy(left: SourceDocument, right: SourceDocument) -> bool:
    return same_story(left.title, _below(left), right.title, _below(right))


def _below(document: SourceDocument) -> str:
    """Return a document's text without its headline."""
    return document.text[len(document.title) :] if document.text.startswith(document.title) else document.text
