"""Tell cheaply that a text cannot match a pattern: every match of it holds one of a few plain words.

Patterns of many languages are long alternations that fail slowly at every letter of every sentence. Looking
for a handful of plain words first is a hundred times faster and changes no result.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
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
_MOST_LEADING = 400
_MOST_CHOICES = 3
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
        return _LONG_S in lowered or not _as_set(needed).isdisjoint(_words_of(lowered))
    for word in needed:  # a plain loop: this runs for every sentence and pattern
        if word in lowered:
            return True
    return _LONG_S in lowered


def holds_each(choices: tuple[tuple[str, ...], ...], lowered: str) -> bool:
    """Tell whether a sentence, given in lower case, has a word of each choice."""
    for words in choices:
        for word in words:  # plain loops, as above
            if word in lowered:
                break
        else:
            return _LONG_S in lowered
    return True


def words_in(needed: tuple[str, ...] | None, lowered: str) -> tuple[str, ...] | None:
    """Return those of the needed words that a text in lower case has: its sentences are asked for no others.

    All of them where the text has a letter that stands for another one.
    """
    if needed is None or _LONG_S in lowered:
        return needed
    if len(lowered) > _LONG_TEXT:
        return tuple(_as_set(needed) & _words_of(lowered))
    return tuple(word for word in needed if word in lowered)


def choices_in(choices: tuple[Words, ...], lowered: str) -> tuple[tuple[str, ...], ...] | None:
    """Return for each of a pattern's choices the words that a text in lower case has; `None` when it cannot match."""
    if choices and len(lowered) > _LONG_TEXT and choices[0].as_set.isdisjoint(_words_of(lowered)):
        return choices if _LONG_S in lowered else None  # most patterns for most texts
    found: list[tuple[str, ...]] = []
    for choice in choices:
        words = words_in(choice, lowered)
        if not words:
            return None
        found.append(words)
    return tuple(found)


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
    if leading is None or _LONG_S in lowered or len(lowered) != len(text):
        return pattern.search(text) is not None
    for word in leading:
        place = lowered.find(word)
        while place >= 0:
            if pattern.match(text, place):
                return True
            place = lowered.find(word, place + 1)
    return False


def find_all(
    pattern: re.Pattern[str],
    leading: tuple[str, ...] | None,
    text: str,
    lowered: str,
    start: int = 0,
    end: int | None = None,
) -> Iterator[re.Match[str]]:
    """Yield the matches in `text[start:end]`, whose characters in lower case are `lowered`: as `finditer` does.

    They are tried only where one of the leading words stands.
    """
    end = len(text) if end is None else end
    places = places_of(leading, lowered) if len(lowered) == end - start else None
    if places is None:
        yield from pattern.finditer(text, start, end)
        return
    free = start
    for place in places:
        found = pattern.match(text, start + place, end) if start + place >= free else None
        if found is not None:
            free = found.end()
            yield found


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


class Words(tuple[str, ...]):
    """Words that are looked for in many texts, with their set."""

    as_set: frozenset[str]

    def __new__(cls, words: Iterable[str]) -> Words:
        """Take the words into the vocabulary."""
        made = super().__new__(cls, words)
        made.as_set = frozenset(made)
        _asked.add(made)
        return made


def _as_set(needed: tuple[str, ...]) -> frozenset[str]:
    return needed.as_set if isinstance(needed, Words) else _set_of(needed)


@lru_cache(maxsize=4_096)
def _set_of(needed: tuple[str, ...]) -> frozenset[str]:
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
def leading_words(pattern: str, flags: int = 0, ignored: str = "") -> Words | None:
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
    return Words(kept) if len(kept) <= _MOST_LEADING and len(kept[0]) >= _SHORTEST else None


def _leading(parsed: Any, ignored: frozenset[str]) -> frozenset[str]:  # Any: the parser's own tree
    """Return what every match of a part of a pattern begins with, perhaps nothing."""
    runs = _NOTHING
    for operation, argument in parsed:
        forms = _forms(str(operation), argument, ignored)
        joined = _joined(runs, forms) if forms is not None else None
        if joined is None:
            more = _leading_of(str(operation), argument, ignored)
            return more if runs == _NOTHING else _joined(runs, more) or runs
        runs = joined
    return runs


def _leading_of(operation: str, argument: Any, ignored: frozenset[str]) -> frozenset[str]:  # Any: as above
    if operation == "SUBPATTERN":
        return _leading(argument[3], ignored)
    if operation == "BRANCH":
        return frozenset[str]().union(*(_leading(alternative, ignored) for alternative in argument[1]))
    return _NOTHING


@lru_cache(maxsize=4_096)
def needed_words(pattern: str, flags: int = 0, ignored: str = "") -> Words | None:
    """Return lower-case words of which every match holds at least one; `None` when there are none such.

    A word with a letter of `ignored` in it does not count.
    """
    choices = needed_choices(pattern, flags, ignored)
    return choices[0] if choices else None


@lru_cache(maxsize=4_096)
def needed_choices(pattern: str, flags: int = 0, ignored: str = "") -> tuple[Words, ...]:
    """Return sets of lower-case words, the one that rules out most first: every match holds a word of each."""
    if _parser is None or len(pattern) > _LONGEST_PATTERN:
        return ()
    found = set(_choices(_parser.parse(pattern, flags & ~re.DEBUG), frozenset(ignored)))
    best = sorted(found, key=lambda words: (_worth(words), sorted(words)))[:_MOST_CHOICES]
    return tuple(Words(sorted(words, key=lambda word: (-len(word), word))) for words in best)


def _choices(
    parsed: Any,  # Any: the parser's own tree
    ignored: frozenset[str],
    runs: frozenset[str] = _NOTHING,
) -> Iterator[frozenset[str]]:
    """Yield the choices of words in a part of a pattern, which follows `runs`: a match holds one word of each."""
    for operation, argument in parsed:
        forms = _forms(str(operation), argument, ignored)
        if forms is not None:
            joined = _joined(runs, forms)
            if joined is None:
                yield from _sufficient(runs)
            runs = forms if joined is None else joined
            continue
        yield from _sufficient(runs)
        yield from _inside(str(operation), argument, ignored, runs)
        runs = _NOTHING
    yield from _sufficient(runs)


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


def _sufficient(runs: frozenset[str]) -> Iterator[frozenset[str]]:
    """Yield words of which every match holds one; nothing where one of them would be very short."""
    if not any(len(run) < _SHORTEST and run.isascii() for run in runs):
        yield _without_longer({run[:_LONG_WORD] for run in _without_longer(runs)})


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
) -> Iterator[frozenset[str]]:
    if operation == "SUBPATTERN":
        yield from _choices(argument[3], ignored, runs)
    elif operation == "ATOMIC_GROUP":
        yield from _choices(argument, ignored, runs)
    elif operation in _REPEATS:
        least, _, repeated = argument
        if least >= 1:
            yield from _choices(repeated, ignored, runs)
    elif operation == "BRANCH":
        found: frozenset[str] = frozenset()
        for alternative in argument[1]:
            words = min(_choices(alternative, ignored, runs), key=_worth, default=None)
            if words is None:
                return
            found |= words
        yield _without_longer(found)


def _rarity(word: str) -> int:
    return len(word) if word.isascii() else len(word) + 3  # a © alone rules out most pages


def _worth(words: frozenset[str]) -> tuple[bool, int, int]:
    return (len(words) > _MOST, -min(_RARE, *map(_rarity, words)), len(words))
