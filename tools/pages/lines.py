"""Make lines of the pieces of text that a walk over a page found, each of the kind it was found to be."""

from __future__ import annotations

import re
from itertools import accumulate, compress
from typing import Final

MAIN, NAV, FOOTER, SOFT, BREAK = range(5)
"""What a piece is: the page's main text, a menu's, the footer's, set aside by a guess, or no text but a border."""
BREAK_MARK: Final = "\n"
CELL_MARK: Final = " | "

_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")


def lines_of(pieces: list[str], kinds: list[int], wanted: int) -> str:
    """Return the lines of one kind; borders stand between lines of every kind."""
    if wanted not in kinds:
        return ""
    chosen = frozenset((wanted, BREAK))
    return _tidy("".join(compress(pieces, map(chosen.__contains__, kinds))))


def mark_footers(pieces: list[str], kinds: list[int], named: list[tuple[int, int]]) -> None:
    """Believe elements named "footer" (from piece, to piece) only where hardly any main text follows."""
    if not named:
        return
    lengths = (len(piece) if kind == MAIN else 0 for piece, kind in zip(pieces, kinds, strict=True))
    until = list(accumulate(lengths, initial=0))
    for start, end in named:  # by where they end: what follows one is no part of those before it
        if until[-1] - until[end] > 0.1 * until[-1] + 200:
            continue
        for index in range(start, end):
            if kinds[index] == MAIN:
                kinds[index] = FOOTER


def _tidy(text: str) -> str:
    """Drop empty lines, repeated lines and lines without a letter or digit; spaces stand alone after it.

    Every piece came with single spaces, so that two can only meet where pieces do.
    """
    lines: list[str] = []
    previous = ""
    long_ones: set[str] = set()
    for raw in text.split("\n"):
        line = " ".join(raw.split()) if "  " in raw else raw.strip(" ")
        if "|" in line:
            line = line.strip(" |")
        if not line or line == previous:
            continue
        if len(line) >= 60:
            if line in long_ones:
                continue
            long_ones.add(line)
        elif not line[0].isalnum() and not _LETTER_OR_DIGIT.search(line):
            continue
        lines.append(line)
        previous = line
    return "\n".join(lines)
