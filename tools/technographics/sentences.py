"""Cut a text into sentences for reading products in it, with the part of a job posting each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.technographics import cues
from tools.technographics.mentions import find_mentions

MAX_SENTENCE = 1_200
_BREAK = re.compile(r"\n+|(?<=[.!?])[\"'”’)]?\s+(?=[A-ZÀ-Þ\"'“‘(•-])|;\s+|\s+[•·]\s+|\t+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|incl|vs|approx|bzw|z\. ?B|u\.a|ca|Inc|Ltd|Co|No|St)\.)$")
_TRIM = " \t\n•·*–—-"


class Sentence(NamedTuple):
    """Characters `start` to `end`; `section` and `heading` are of a posting, `title` marks a text's first line."""

    start: int
    end: int
    section: str
    heading: tuple[int, int] | None
    title: bool


def sentences_of(text: str, kind: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order; only a text of kind `job` has sections."""
    section, heading = "", None
    first_line = True
    for start, end in _spans(text):
        words = text[start:end]
        if kind == "job":
            named = _section_of(words)
            if named is not None:
                section, heading = named, (start, end)
        yield Sentence(start, end, section, heading, title=first_line)
        first_line = False


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        if "\n" not in found.group() and _ABBREVIATION.search(
            text[max(0, found.start() - 8) : found.start()]
        ):
            continue
        yield from _trimmed(text, start, found.start())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for at in range(start, end, MAX_SENTENCE):
        yield at, min(end, at + MAX_SENTENCE)


def _section_of(words: str) -> str | None:
    """Return which part of a posting a heading opens; `None` for a line that is no heading."""
    bare = words.strip().strip("*#").strip()
    if len(bare) > 70 or (bare.endswith((".", ",")) and not bare.endswith(":")):
        return None
    is_label = bare.endswith((":", "?")) or len(bare.split()) <= 5
    if not is_label or find_mentions(bare):
        return None
    for name, pattern in cues.HEADINGS:
        if pattern.search(bare):
            return name
    return "" if bare.endswith(":") else None
