"""Cut a document's text into sentences, and find the sentence a span stands in.

The page reader puts every block on its own line, so a line end always ends a sentence.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `[start, end)` of a text."""

    start: int
    end: int


_ABBREVIATIONS = frozenset(
    "inc ltd llc co corp bros plc dr mr mrs ms st prof jr sr vs approx ca est no nr dept fig vol ed gen gov rev sen rep jan"
    " feb mar apr jun jul aug sep sept oct nov dec mio mrd bzw usw inkl etc sp".split()
)
_ABBREVIATION = re.compile(
    rf"\b(?:{'|'.join(sorted(_ABBREVIATIONS))}|[a-z])\.$",  # one letter: "e.g.", "S.A.", "J. Roe"
    re.IGNORECASE,
)
# Every break begins at one of a few signs: the engine looks for those much faster than for what stands behind them.
_BREAK = re.compile(
    r"[\n.!?。！？｡](?:(?<=\n)\n*|(?<=[.!?])[\"'”’»)\]]{0,2}[ \t\u00a0\u202f]+(?=[^a-zà-ÿ\s])|(?<=[。！？｡]))"
)
_MAX = 600


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of `text` in order, outer white space left out.

    A sentence longer than 600 characters (a list run together) is cut at a space, so that nothing that
    works on sentences has to be afraid of a page without full stops.
    """
    spans: list[Span] = []
    begin = 0
    for found in _BREAK.finditer(text):
        at, end = found.span()
        if text[at] == "." and _is_abbreviated(text, begin, at):
            continue
        _add(spans, text, begin, end)
        begin = end
    _add(spans, text, begin, len(text))
    return spans


def _is_abbreviated(text: str, begin: int, stop: int) -> bool:
    """Tell whether the full stop at `stop` ends an abbreviation or a single letter."""
    word = text[max(begin, stop - 12) : stop].rpartition(" ")[2]
    if word.isascii() and word.isalnum():  # most: nothing but letters and digits between a space and the stop
        return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())
    return _ABBREVIATION.search(text, max(begin, stop - 11), stop + 1) is not None


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    part = text[start:end]
    bare = part.strip()
    if len(bare) != len(part):
        start += len(part) - len(part.lstrip())
        end = start + len(bare)
    while end - start > _MAX:
        cut = text.rfind(" ", start + _MAX // 2, start + _MAX)
        cut = start + _MAX if cut < 0 else cut
        spans.append(Span(start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        spans.append(Span(start, end))


def covering(sentences: list[Span], span: Span) -> Span:
    """Return the run of whole sentences that `span` touches; `span` itself where it touches none."""
    first = max(0, bisect_right(sentences, span.start, key=lambda each: each.start) - 1)
    start, end = span
    for each in sentences[first:]:
        if each.start >= span.end:
            break
        if each.end > span.start:
            start, end = min(start, each.start), max(end, each.end)
    return Span(start, end)
