"""One story: a post, release or article, before it becomes a document; and which stories are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tools.documents import PagePurpose, SourceTier
from tools.fetching.api import Response
from tools.news.dates import days_before

Origin = Literal["press", "blog", "third-party"]

_LEAD_WORDS = 60
_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class Story:
    """A post as a feed, a list or a search names it.

    `text` is what that source says of it (summary or whole text), without the title; `response` is where
    that was read. `published_at` is the stated publication date. `complete` means `text` is the whole
    post, so that the article needs no fetch. `provider` names the source system or the feed's host.
    `points_to` is the page a discussion is about, which is then what may tie it to the account.
    `vouched` means the account's own newsroom lists it as being about the account.
    """

    url: str
    title: str
    text: str
    published_at: date | None
    origin: Origin
    response: Response
    provider: str
    tier: SourceTier
    complete: bool = False
    points_to: str = ""
    vouched: bool = False

    @property
    def purpose(self) -> PagePurpose:
        """The page purpose its document carries."""
        return "press" if self.origin == "press" else "blog" if self.origin == "blog" else "other"


# Words that headline an event of the company, not a tutorial; prefixes, matched at word starts.
_ANNOUNCEMENT = re.compile(
    r"\b(?:announc|acquir|acquisition|merge|launch|introduc|unveil|releas(?:e|ing)s?\b|rais(?:es|ed|ing)\b|series [a-h]\b|"
    r"seed\b|funding|invest(?:s|ed|ment|or)|ipo\b|partner|joins?\b|joined|appoint|hires?\b|hired|names?\b|named|"
    r"welcom|promot|ceo\b|cfo\b|cto\b|coo\b|cro\b|chief\b|expand|expansion|opens?\b|opening|new office|"
    r"headquarter|layoff|restructur|results\b|quarter|revenue|award|recogni[sz]|certif|soc 2|iso 27001|"
    r"general(?:ly)? availab|now available|milestone|customers?\b|"
    r"ankündig|übern(?:immt|ahme)|finanzierung|ernennt|eröffnet|neuer? |startet|partnerschaft|"
    r"annonce|lève|acquiert|nomme|lance|levée|anuncia|lanza|adquiere|nombra|ronda|lança|adquire|capta|"
    r"annuncia|acquisisce|lancia|nomina|kondigt|neemt .{0,20} over|benoemt|lanceert)",
    re.I,
)


def is_announcement(story: Story) -> bool:
    """Tell whether a story tells an event of the company: everything in the newsroom, the blog by headline."""
    return story.origin == "press" or _ANNOUNCEMENT.search(story.title[:200]) is not None


def best_first(stories: Iterable[Story], today: date, within_days: int) -> list[Story]:
    """Order stories for reading: fresh ones, then undated, then old; announcements before the rest; newest first."""
    oldest = days_before(today, within_days)

    def key(story: Story) -> tuple[int, int, int]:
        when = story.published_at
        age = 1 if when is None else 0 if when >= oldest else 2
        return age, 0 if is_announcement(story) else 1, -when.toordinal() if when else 0

    return sorted(stories, key=key)


def distinct(stories: Iterable[Story]) -> list[Story]:
    """Return one story per address, in order of first appearance, each with what all its sources know.

    The first title wins, the longest text, the newsroom over the blog. Where a feed and a list state
    different days, the earlier one is the publication.
    """
    kept: dict[str, Story] = {}
    for story in stories:
        place = _place(story.url)
        known = kept.get(place)
        kept[place] = story if known is None else _merged(known, story)
    return list(kept.values())


def _merged(first: Story, second: Story) -> Story:
    days = [story.published_at for story in (first, second) if story.published_at]
    fuller = max(first, second, key=lambda story: len(story.text))
    return replace(
        first,
        text=fuller.text,
        complete=fuller.complete,
        response=fuller.response,
        published_at=min(days, default=None),
        origin="press" if "press" in (first.origin, second.origin) else first.origin,
    )


def same_story(left_title: str, left_text: str, right_title: str, right_text: str) -> bool:
    """Tell whether two texts are copies of one story (a press-wire copy, a cross-post).

    Both the headline and the lead have to agree, or one of them nearly word for word. Headlines that
    differ in a number are different stories ("Q2 results", "Q3 results").
    """
    left, right = words_of(left_title), words_of(right_title)
    if _numbers(left) != _numbers(right):
        return False
    titles = _overlap(set(left), set(right))
    leads = _overlap(_shingles(left_text), _shingles(right_text))
    few = min(len(left), len(right)) < 5
    return (titles >= 0.5 and leads >= 0.5) or leads >= 0.8 or (titles >= 0.9 and not few)


def names_in(headline: str, names: Iterable[str]) -> bool:
    """Tell whether a headline holds one of the names, word for word (case and accents aside)."""
    words = words_of(headline)
    wanted = [words_of(name) for name in names]
    return any(
        name and words[at : at + len(name)] == name
        for name in wanted
        for at in range(len(words) - len(name) + 1)
    )


def words_of(text: str) -> tuple[str, ...]:
    """Return a text's words with case and accents folded."""
    plain = unicodedata.normalize("NFKD", text[:2000].casefold())
    return tuple(re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char))))


def _numbers(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(char.isdigit() for char in word))


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Return the three-word runs of a text's lead; a lead too short to compare has none."""
    words = words_of(text)[:_LEAD_WORDS]
    return (
        {words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1)} if len(words) >= 12 else set()
    )


def _overlap(left: set[str] | set[tuple[str, ...]], right: set[str] | set[tuple[str, ...]]) -> float:
    """Return what share of the smaller set is in the other; nothing compared is 0."""
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _place(url: str) -> str:
    """Return a URL without scheme, `www.`, query and trailing slash: where a story lives."""
    plain = re.sub(r"^https?://(?:www\.)?", "", url.split("#")[0], flags=re.I)
    base, _, query = plain.partition("?")
    # Only a query that picks the page is part of the place; campaign parameters are not.
    chosen = "&".join(
        part for part in query.split("&") if re.match(r"(?:p|id|post|article|newsid|item)=", part, re.I)
    )
    return base.rstrip("/").casefold() + (f"?{chosen}" if chosen else "")
