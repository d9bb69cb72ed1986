"""Tell cheaply that a text cannot match a pattern: every match of it holds one of a few plain words.

Patterns of many languages are long alternations that fail slowly at every letter of every sentence. Looking
for a handful of plain words first is a hundred times faster and changes no result.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import Any

import ahocorasick

_parser: Any = None  # Any: Python's own parser of patterns; where it moved, every pattern is simply tried
with contextlib.suppress(ImportError):
    _parser = import_module("re._parser")

_SHORTEST = 2
_MOST = 120
_MOST_LEADING = 24
_LONGEST_PATTERN = 4_000
"""Characters above which reading a pattern takes longer than it saves."""
_LONG_TEXT = 1_000
"""Characters from which on a text is asked once for all words."""
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_ZERO_WIDTH = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_NOTHING = frozenset(("",))
_LONG_WORD = 16
"""Letters that tell enough: of longer words the beginning is looked for, which many of them share."""
_RARE = 9
"""Letters from which on a word is rare enough: fewer words are then better than longer ones."""
_MOST_LETTERS = 4
"""Letters of a class that are listed one by one."""
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
        wanted = _as_set(needed)
        return _LONG_S in lowered or not wanted.isdisjoint(_words_of(lowered))
    for word in needed:  # a plain loop: this runs for every sentence and pattern
        if word in lowered:
            return True
    return _LONG_S in lowered


def words_in(needed: tuple[str, ...] | None, lowered: str) -> tuple[str, ...] | None:
    """Return those of the needed words that a text in lower case has: its sentences are asked for no others.

    All of them where the text has a letter that stands for another one.
    """
    if needed is None or _LONG_S in lowered:
        return needed
    if len(lowered) > _LONG_TEXT:
        wanted = _as_set(needed)
        return tuple(wanted & _words_of(lowered))
    return tuple(word for word in needed if word in lowered)


def places_of(leading: tuple[str, ...] | None, lowered: str) -> list[int] | None:
    """Return where in a text in lower case the leading words stand, in order; `None` when a match may begin elsewhere."""
    if leading is None or _LONG_S in lowered:
        return None
    places: list[int] = []
    for word in leading:
        place = lowered.find(word)
        while place >= 0:
            places.append(place)
            place = lowered.find(word, place + 1)
    places.sort()
    return places


def matches_at(pattern: re.Pattern[str], leading: tuple[str, ...] | None, text: str, lowered: str) -> bool:
    """Tell whether a text, also given in lower case, matches: tried only where one of the leading words stands."""
    places = places_of(leading, lowered) if len(lowered) == len(text) else None
    if places is None:
        return pattern.search(text) is not None
    return any(pattern.match(text, place) for place in places)


class _Vocabulary:
    """Every word that was ever asked for; finds all of them in a text in one go, however many they are."""

    def __init__(self) -> None:
        self.words: dict[str, None] = {}
        self._automaton: ahocorasick.Automaton | None = None
        self._indexed = 0
        self._seen = 0

    def add(self, words: Iterable[str]) -> None:
        """Take words in; they are never forgotten, as patterns are part of the program."""
        self.words.update(dict.fromkeys(words))

    def found_in(self, text: str) -> set[str]:
        """Return the words that a text has."""
        # While patterns are still met for the first time, an index of them all would be made for each text.
        if len(self.words) != self._indexed and (len(self.words) == self._seen or self._automaton is None):
            self._index()
        self._seen = len(self.words)
        found = {word for _, word in self._automaton.iter(text)} if self._automaton is not None else set()
        found.update(word for word in islice(self.words, self._indexed, None) if word in text)
        return found

    def _index(self) -> None:
        automaton = ahocorasick.Automaton()
        for word in self.words:
            automaton.add_word(word, word)
        automaton.make_automaton()
        self._automaton, self._indexed = automaton, len(self.words)


_asked = _Vocabulary()


@lru_cache(maxsize=4_096)
def _as_set(needed: tuple[str, ...]) -> frozenset[str]:
    _asked.add(needed)
    return frozenset(needed)


class _LongText:
    """Which of the words ever asked for a text has: hundreds of patterns ask for each."""

    def __init__(self, lowered: str) -> None:
        self._lowered = lowered
        self._checked = len(_asked.words)
        self._present = _asked.found_in(lowered)

    def present(self) -> set[str]:
        """Return the words; those that were first asked for since are looked for one by one."""
        if self._checked != len(_asked.words):
            new = islice(_asked.words, self._checked, None)
            self._present.update(word for word in new if word in self._lowered)
            self._checked = len(_asked.words)
        return self._present


_long_text = lru_cache(maxsize=2)(_LongText)


def _words_of(lowered: str) -> set[str]:
    return _long_text(lowered).present()


@lru_cache(maxsize=4_096)
def leading_words(pattern: str, flags: int = 0, ignored: str = "") -> tuple[str, ...] | None:
    """Return lower-case words of which every match begins with one; `None` when there are none such, or many.

    The words end before a letter of `ignored`.
    """
    if _parser is None or len(pattern) > _LONGEST_PATTERN:
        return None
    kept: list[str] = []
    for run in sorted(
        sorted(_leading(_parser.parse(pattern, flags & ~re.DEBUG), frozenset(ignored))), key=len
    ):
        if not any(run.startswith(shorter) for shorter in kept):
            kept.append(run)
    return tuple(kept) if len(kept) <= _MOST_LEADING and len(kept[0]) >= _SHORTEST else None


def _leading(parsed: Any, ignored: frozenset[str]) -> frozenset[str]:  # Any: the parser's own tree
    """Return what every match of a part of a pattern begins with, perhaps nothing."""
    runs = _NOTHING
    for operation, argument in parsed:
        forms = _forms(str(operation), argument, ignored)
        joined = _joined(runs, forms) if forms is not None else None
        if joined is None:
            return _joined(runs, _leading_of(str(operation), argument, ignored)) or runs
        runs = joined
    return runs


def _leading_of(operation: str, argument: Any, ignored: frozenset[str]) -> frozenset[str]:  # Any: as above
    if operation == "SUBPATTERN":
        return _leading(argument[3], ignored)
    if operation == "BRANCH":
        return frozenset[str]().union(*(_leading(alternative, ignored) for alternative in argument[1]))
    return _NOTHING


@lru_cache(maxsize=4_096)
def needed_words(pattern: str, flags: int = 0, ignored: str = "") -> tuple[str, ...] | None:
    """Return lower-case words of which every match holds at least one; `None` when there are none such.

    A word with a letter of `ignored` in it does not count.
    """
    if _parser is None or len(pattern) > _LONGEST_PATTERN:
        return None
    words = _needed(_parser.parse(pattern, flags & ~re.DEBUG), frozenset(ignored))
    return tuple(sorted(words, key=lambda word: (-len(word), word))) if words else None


def _needed(parsed: Any, ignored: frozenset[str], runs: frozenset[str] = _NOTHING) -> frozenset[str] | None:
    """Return the best choice of words in a part of a pattern (Any: the parser's own tree), which follows `runs`."""
    best: frozenset[str] | None = None
    for operation, argument in parsed:
        forms = _forms(str(operation), argument, ignored)
        if forms is not None:
            joined = _joined(runs, forms)
            if joined is None:
                best = _better(best, _sufficient(runs))
            runs = forms if joined is None else joined
            continue
        best = _better(best, _sufficient(runs))
        best = _better(best, _inside(str(operation), argument, ignored, runs))
        runs = _NOTHING
    return _better(best, _sufficient(runs))


def _forms(operation: str, argument: Any, ignored: frozenset[str]) -> frozenset[str] | None:  # Any: as above
    """Return everything that a part of a pattern may be, in lower case; `None` where that is too much to list."""
    if operation == "LITERAL":
        letter = chr(argument).lower()
        return None if letter in ignored else frozenset((letter,))
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        letters = frozenset(chr(code).lower() for _, code in argument)
        return letters if len(letters) <= _MOST_LETTERS and not letters & ignored else None
    if operation in _ZERO_WIDTH:
        return _NOTHING
    if operation == "SUBPATTERN":
        return _all_forms(argument[3], ignored)
    if operation == "ATOMIC_GROUP":
        return _all_forms(argument, ignored)
    if operation in _REPEATS:
        least, most, repeated = argument
        forms = _all_forms(repeated, ignored) if most == 1 else None
        return forms | _NOTHING if forms is not None and least == 0 else forms
    if operation == "BRANCH":
        found: frozenset[str] = frozenset()
        for alternative in argument[1]:
            forms = _all_forms(alternative, ignored)
            if forms is None or len(found) > _MOST:
                return None
            found |= forms
        return found
    return None


def _all_forms(parsed: Any, ignored: frozenset[str]) -> frozenset[str] | None:  # Any: the parser's own tree
    found: frozenset[str] | None = _NOTHING
    for operation, argument in parsed:
        forms = _forms(str(operation), argument, ignored)
        found = _joined(found, forms) if found is not None and forms is not None else None
        if found is None:
            return None
    return found


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > _MOST:
        return None
    return frozenset(first + second for first in left for second in right)


def _sufficient(runs: frozenset[str]) -> frozenset[str] | None:
    """Return words of which every match holds one; `None` where one of them would be very short."""
    if any(len(run) < _SHORTEST and run.isascii() for run in runs):
        return None
    return _without_longer({run[:_LONG_WORD] for run in _without_longer(runs)})


def _without_longer(words: Iterable[str]) -> frozenset[str]:
    """Return the words that hold no other one: where a longer one stands, the shorter does too."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(shorter in word for shorter in kept):
            kept.append(word)
    return frozenset(kept)


def _inside(
    operation: str,
    argument: Any,  # Any: the parser's own tree
    ignored: frozenset[str],
    runs: frozenset[str],
) -> frozenset[str] | None:
    if operation == "SUBPATTERN":
        return _needed(argument[3], ignored, runs)
    if operation == "ATOMIC_GROUP":
        return _needed(argument, ignored, runs)
    if operation in _REPEATS:
        least, _, repeated = argument
        return _needed(repeated, ignored, runs) if least >= 1 else None
    if operation == "BRANCH":
        found: frozenset[str] = frozenset()
        for alternative in argument[1]:
            words = _needed(alternative, ignored, runs)
            if words is None:
                return None
            found |= words
        return _without_longer(found)
    return None


def _better(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """Return the choice that rules out more: longer words, and fewer of them."""
    if left is None or right is None:
        return right if left is None else left
    return min(left, right, key=_worth)


def _rarity(word: str) -> int:
    return len(word) if word.isascii() else len(word) + 3  # a © alone rules out most pages


def _worth(words: frozenset[str]) -> tuple[bool, int, int]:
    return (len(words) > _MOST, -min(_RARE, *map(_rarity, words)), len(words))
