"""Find the passage that comes closest to a quote that was not accepted. For the reader's eye; proves nothing."""

from __future__ import annotations

import re

from agent.grounding.sentences import Span

_LONGEST = 300
_MOST_SENTENCES = 4_000


def nearest_passage(text: str, quote: str, sentences: list[Span]) -> str:
    """Return the sentence of `text` sharing most of the quote's words, at most 300 characters, or ''.

    Fewer than a third of the words in common is no neighbour worth showing.
    """
    wanted = set(_words(quote[:2000]))
    if not wanted:
        return ""
    best, most = Span(0, 0), 0
    for sentence in sentences[:_MOST_SENTENCES]:
        shared = len(wanted.intersection(_words(text[sentence.start : sentence.end])))
        if shared > most:
            best, most = sentence, shared
    return text[best.start : best.end][:_LONGEST] if most * 3 >= len(wanted) else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
