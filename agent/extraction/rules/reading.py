"""A document as a rule reads it: its sentences, whose voice they are in, and how a claim is made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from pydantic import JsonValue

from agent.attributes import canonical_value
from agent.canonical.literals import (
    Words,
    choices_in,
    find_all,
    holds_each,
    leading_words,
    needed_choices,
    words_in,
)
from agent.grounding.identity import Identity
from agent.grounding.sentences import Span, covering, split_sentences
from agent.grounding.subject import may_be_the_others, speaks_of_itself
from agent.models import Account, Claim, SourceDocument

OWN_PAGES = frozenset(
    (
        "home",
        "about",
        "product",
        "pricing",
        "careers",
        "security",
        "press",
        "contact",
        "partners",
        "faq",
        "legal",
        "other",
    )
)
"""Pages on which the account speaks of itself; blogs and customer stories speak of others."""
_LOCALE = re.compile(r"/(?:[a-z]{2}(?:[-_][a-zA-Z]{2})?/?)?")
_LONGEST_QUOTE = 300
_MOST_TEXT = 400_000
_TITLE = (
    r"(?:c[etfomirpsd]o|chief\b|(?:vice |senior )*president|vp\b|founder|co-?founder|director|head of|manager|lead\b|owner"
    r"|engineer|partner at|professor|geschäftsführer|leiter|directeur|directora?)"
)
_SIGNED = re.compile(
    rf"^[\s—–-]*(?:[^\W\d_][\w.'’-]*\s){{0,4}}[^\n.!?]{{0,60}}?(?:\b|,\s?){_TITLE}[^\n.!?]{{0,70}}$",
    re.IGNORECASE,
)
_OPENS_QUOTE = re.compile(r"^[\s]*[\"“„«»‘]")


@dataclass(frozen=True)
class Reading:
    """One document under one account."""

    document: SourceDocument
    account: Account

    @cached_property
    def text(self) -> str:
        """The document's text as far as rules read it; offsets into it are offsets into the whole."""
        return self.document.text[:_MOST_TEXT]

    @cached_property
    def identity(self) -> Identity:
        """Under which words the account appears."""
        return Identity.of(self.account)

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, for telling what cannot match."""
        return self.text.lower()

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the part above the footer."""
        end = self.document.footer_start
        body = self.text if end is None else self.text[:end]
        return split_sentences(body)

    @cached_property
    def lines(self) -> list[Span]:
        """The non-empty lines of the whole text, white space at their ends left out."""
        spans: list[Span] = []
        begin = 0
        for line in self.text.split("\n"):
            bare = line.strip()
            if bare:
                start = begin + len(line) - len(line.lstrip())
                spans.append(Span(start, start + len(bare)))
            begin += len(line) + 1
        return spans

    @property
    def is_own_page(self) -> bool:
        """Whether this is a page of the account about itself."""
        return self.document.kind == "website" and self.document.purpose in OWN_PAGES

    @property
    def may_tell_of_company(self) -> bool:
        """Whether this is prose of a kind that says what the account is: no markup, feed, blog or customer's story."""
        kept = self.document.purpose not in ("structured_data", "markup", "feed", "blog", "customers")
        return kept and self.document.kind in ("website", "news")

    @property
    def is_home_address(self) -> bool:
        """Whether the document is of the home page, or its copy for a country ("/en-us/")."""
        path = urlsplit(self.document.final_url).path or "/"
        return path == urlsplit(self.account.home_url or "").path or _LOCALE.fullmatch(path) is not None

    @cached_property
    def _lowers_letter_by_letter(self) -> bool:
        """Whether each letter's lower case is one letter, whatever stands around it: a sigma's is not."""
        return len(self.lowered) == len(self.text) and "Σ" not in self.text

    def lowered_of(self, span: Span) -> str:
        """Return the characters of a span in lower case."""
        if self._lowers_letter_by_letter:
            return self.lowered[span.start : span.end]
        return self.slice(span).lower()

    def slice(self, span: Span) -> str:
        """Return the characters of a span."""
        return self.text[span.start : span.end]

    def find(
        self,
        pattern: re.Pattern[str],
        needed: tuple[Words, ...] | None = None,
        leading: tuple[str, ...] | None = None,
    ) -> Iterator[re.Match[str]]:
        """Yield each match of `pattern` in the whole text.

        `needed` and `leading` are words that matches hold and begin with, where the pattern is too long to tell.
        """
        if needed is None:
            needed = needed_choices(pattern.pattern, pattern.flags)
            leading = leading_words(pattern.pattern, pattern.flags)
        if choices_in(needed, self.lowered) is not None:
            yield from find_all(pattern, words_in(leading, self.lowered), self.text, self.lowered)

    def is_own_voice(self, span: Span) -> bool:
        """Tell whether a sentence is the account's: first person or its name, and no signed quotation."""
        sentence = self.slice(span)
        if self.document.kind == "news" and self.document.tier in ("news", "third-party"):
            return self.identity.is_mentioned(sentence)
        if self.is_quotation(span) or may_be_the_others(self.document, sentence, self.identity):
            return False
        if self.document.purpose in ("blog", "customers") or self.document.kind == "job_posting":
            return self.identity.is_mentioned(sentence)
        return speaks_of_itself(sentence, self.identity)

    def is_quotation(self, span: Span) -> bool:
        """Tell whether a sentence is what a person says: in quotation marks, or signed on the next lines."""
        if _OPENS_QUOTE.match(self.slice(span)) and self.document.purpose != "press":
            return True
        if self.document.kind != "website" or self.document.purpose in ("press", "legal", "careers"):
            return False
        after = self.text[span.end : span.end + 240].split("\n")
        signed = [line for line in after[1:4] if _SIGNED.match(line.strip()) and len(line.strip()) < 110]
        return (
            any(not self.identity.is_mentioned(line) for line in signed)
            and "\n" in self.text[span.end : span.end + 240]
        )

    def quote_around(self, start: int, end: int) -> Span:
        """Return the sentence around characters `start` to `end`, or a window in it when it is long."""
        whole = covering(self.sentences, Span(start, end))
        if whole.end - whole.start <= _LONGEST_QUOTE:
            return whole
        room = max(0, _LONGEST_QUOTE - (end - start)) // 2
        left, right = max(whole.start, start - room), min(whole.end, end + room)
        while left > whole.start and not self.text[left - 1].isspace():
            left += 1
        while right < whole.end and not self.text[right].isspace():
            right -= 1
        return Span(min(left, start), max(right, end))

    def claim(
        self,
        rule: str,
        attribute: str,
        value: JsonValue,
        span: Span,
        *,
        event_on: date | None = None,
        structured: bool = False,
        denies: bool = False,
    ) -> Iterator[Claim]:
        """Yield the claim that `span` states `value`, or nothing when the value has no canonical form."""
        canonical = canonical_value(attribute, value)
        if canonical is None or span.end <= span.start:
            return
        yield Claim(
            attribute=attribute,
            value=canonical,
            quote=self.slice(span),
            document=self.document.id,
            extractor=f"rule:{rule}",
            start=span.start,
            end=span.end,
            polarity="denies" if denies else "asserts",
            event_on=event_on,
            structured=structured,
        )


Rule = Callable[[Reading], Iterable[Claim]]


def matches(
    reading: Reading,
    pattern: re.Pattern[str],
    spans: Iterable[Span] | None = None,
    leading: tuple[str, ...] | None = None,
) -> Iterator[tuple[re.Match[str], Span]]:
    """Yield each match of `pattern` inside a sentence (or one of `spans`), with that sentence.

    `leading` are words of which every match begins with one, where the pattern is too long to tell them from it.
    """
    needed = choices_in(needed_choices(pattern.pattern, pattern.flags), reading.lowered)
    if needed is None:
        return
    if leading is None:
        leading = leading_words(pattern.pattern, pattern.flags)
    leading = words_in(leading, reading.lowered)
    for span in reading.sentences if spans is None else spans:
        lowered = reading.lowered_of(span)
        if holds_each(needed, lowered):
            for match in find_all(pattern, leading, reading.text, lowered, span.start, span.end):
                yield match, span
