"""Tell cheaply that a text cannot match a pattern: every match of it holds one of a few plain words.

Patterns of many languages are long alternations that fail slowly at every letter of every sentence. Looking
for a handful of plain words first is a hundred times faster and changes no result.
"""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from importlib import import_module
from typing import Any

_parser: Any = None  # Any: Python's own parser of patterns; where it moved, every pattern is simply tried
with contextlib.suppress(ImportError):
    _parser = import_module("re._parser")

_SHORTEST = 2
_MOST = 120
_LONGEST_PATTERN = 4_000
"""Characters above which reading a pattern takes longer than it saves."""
_START = 3
_LONG_TEXT = 1_000
"""Characters from which on a text is not searched for every word, but asked for the word's first letters."""
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_LONG_S = "\u017f"
"""Matches an s where case does not count, and is its own lower case."""


def may_match(pattern: re.Pattern[str], lowered: str) -> bool:
    """Tell whether a text, given in lower case, may match. `True` may be wrong; `False` never is."""
    return holds(needed_words(pattern.pattern, pattern.flags), lowered)


def holds(needed: tuple[str, ...] | None, lowered: str) -> bool:
    """Tell whether a text, given in lower case, has one of the needed words."""
    if needed is None:
        return True
    if len(lowered) > _LONG_TEXT:
        starts = _starts(lowered)
        for word in needed:
            start = word[:_START]
            if (start in starts or " " in start or len(word) < _START) and word in lowered:
                return True
        return _LONG_S in lowered
    for word in needed:  # a plain loop: this runs for every sentence and pattern
        if word in lowered:
            return True
    return _LONG_S in lowered


@lru_cache(maxsize=2)
def _starts(lowered: str) -> set[str]:
    """Return every three letters of a text without a space: most words it does not hold begin otherwise."""
    words = " ".join(set(lowered.split(" ")))
    return {words[place : place + _START] for place in range(len(words) - _START + 1)}


@lru_cache(maxsize=4_096)
def needed_words(pattern: str, flags: int = 0, ignored: str = "") -> tuple[str, ...] | None:
    """Return lower-case words of which every match holds at least one; `None` when there are none such.

    A word with a letter of `ignored` in it does not count.
    """
    if _parser is None or len(pattern) > _LONGEST_PATTERN:
        return None
    words = _needed(_parser.parse(pattern, flags & ~re.DEBUG), frozenset(ignored))
    return tuple(sorted(words, key=lambda word: (-len(word), word))) if words else None


def _needed(parsed: Any, ignored: frozenset[str]) -> frozenset[str] | None:  # Any: the parser's own tree
    best: frozenset[str] | None = None
    run = ""
    for operation, argument in [*parsed, (None, None)]:
        letter = _letter(str(operation), argument)
        if letter is not None and letter not in ignored:
            run += letter
            continue
        found = frozenset({run}) if len(run) >= _SHORTEST else None
        best = _better(best, found)
        run = ""
        best = _better(best, _inside(str(operation), argument, ignored))
    return best


def _letter(operation: str, argument: Any) -> str | None:  # Any: the parser's own tree
    if operation == "LITERAL":
        return chr(argument).lower()
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        letters = {chr(code).lower() for _, code in argument}
        if len(letters) == 1:
            return letters.pop()
    return None


def _inside(operation: str, argument: Any, ignored: frozenset[str]) -> frozenset[str] | None:  # Any: as above
    if operation == "SUBPATTERN":
        return _needed(argument[3], ignored)
    if operation == "ATOMIC_GROUP":
        return _needed(argument, ignored)
    if operation in _REPEATS:
        least, _, repeated = argument
        return _needed(repeated, ignored) if least >= 1 else None
    if operation == "BRANCH":
        found: frozenset[str] = frozenset()
        for alternative in argument[1]:
            words = _needed(alternative, ignored)
            if words is None:
                return None
            found |= words
        return found
    return None


def _better(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """Return the choice that rules out more: longer words, and fewer of them."""
    if left is None or right is None:
        return right if left is None else left
    return min(left, right, key=_worth)


def _worth(words: frozenset[str]) -> tuple[bool, int, int]:
    return (len(words) > _MOST, -min(len(word) for word in words), len(words))
