"""Find a quote in a text, by a ladder that forgives typography and nothing else.

1. normalised-exact: Unicode compatibility forms, case, quote and dash styles, invisible characters and
   runs of white space do not matter; every other character does;
2. squashed: white space and bullets do not matter either, for text that was joined across tags. At least
   12 characters, and a gap between two digits still counts ("1 200" is neither "12 00" nor "1200");
3. `a … b`: both parts (of three words or more) in order, at most 250 characters apart, with no sentence
   end and no negation in what was left out.

There is no similarity score anywhere: measured, fuzzy matching accepts a quote with a swapped number.
A match must begin and end at the edge of a word and of a number, so "50 employees" is not found in
"150 employees", in "1,250 employees" or in "10-50 employees".
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache

from agent.grounding.sentences import Span

_MAX_QUOTE = 4_000
_MAX_OCCURRENCES = 200
_SQUASH_LEAST = 12
_AROUND = 80
_SEEN_AROUND = 24
"""Characters, normalised, that tell whether a quote cuts a word or number; of the text, `_AROUND` should give them."""
_GAP_MOST = 250
_PART_WORDS = 3

_DROPPED = frozenset("\u00ad\u034f\u061c\u180e\ufeff\u00ae\u2122\u2120") | frozenset(
    chr(code)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F))
    for code in range(first, last + 1)
)
_FOLDED = {
    **dict.fromkeys("‘’‚‛′‹›`´ʼʹ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
}
_BULLETS = frozenset("•·|‣◦▪●▸►✓✔*")
_PIECE = re.compile(r"[!-~]+(?: [!-~]+)*|\s+|.", re.DOTALL)
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3,}|…)\s*\]|\(\s*(?:\.{3,}|…)\s*\)|\.{3,}|…)\s*")
_GAP_ENDS = re.compile(r"[.!?]['\")\]]*(?:\s|$)|[。！？｡\n]")
_GAP_NEGATES = re.compile(
    r"\b(?:not|no|non|never|none|neither|nor|without|cannot|nicht|kein\w*|nie|niemals|ohne|ne|pas|jamais|aucune?|"
    r"sans|nunca|jamás|sin|ningun[oa]?|ningún|não|nem|sem|nenhuma?|niet|geen|nooit|zonder|mai|senza|nessun[oa]?|"
    r"formerly|former|hardly|barely|unless|except|stopped|ceased|unlike)\b|n't\b|\bn'|[不没沒未無无]|ない|ません",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\s?(?:%|‰|\+|percent|per cent|prozent|pour cent|por ciento|procent|thousand|hundred|million|billion|trillion|"
    r"milli|miljo|miljard|milh|bilh|mil\b|mio|mrd|mln|bn\b|mld|k\b|m\b|b\b|lakh|crore|tausend|mille\b|[万萬億亿만억])"
)
_HAN_NUMERALS = frozenset("〇零一二三四五六七八九十百千万萬億亿两兩")


def _unspaced(char: str) -> bool:
    code = ord(char)
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0xAC00 <= code <= 0xD7AF
        or code >= 0x20000
    )


@lru_cache(maxsize=4096)
def _fold(cluster: str) -> str:
    """Return the normal form of one character with its combining marks."""
    base = cluster[0]
    if base in _FOLDED:
        return _FOLDED[base]
    if unicodedata.category(base) == "No":  # "10²" is not "102", "4½" is not "41/2"
        return cluster
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())


def _continues(char: str) -> bool:
    return unicodedata.combining(char) != 0 or 0x1160 <= ord(char) <= 0x11FF


class _Folded:
    """A normalised text, and for each of its characters the source characters it stands for."""

    __slots__ = ("_out", "ends", "starts", "text")

    def __init__(self, source: str) -> None:
        self._out: list[str] = []
        self.starts, self.ends = array("L"), array("L")
        position = 0
        while found := _PIECE.match(source, position):
            begin, position = found.span()
            if source[begin].isspace():
                self._space(begin, position)
            elif "!" <= source[begin] <= "~":
                if position < len(source) and _continues(source[position]):
                    position -= 1  # the last letter carries a combining mark: a cluster of its own
                self._plain(source, begin, position)
                if position < len(source) and position + 1 < len(source) and _continues(source[position + 1]):
                    position = self._cluster(source, position)
            elif source[begin] not in _DROPPED:
                position = self._cluster(source, begin)
        if self._out and self._out[-1] == " ":
            self._out.pop()
            self.starts.pop()
            self.ends.pop()
        self.text = "".join(self._out)

    def _plain(self, source: str, begin: int, end: int) -> None:
        if end > begin:
            self._out.append(source[begin:end].lower().replace("`", "'"))
            self.starts.extend(range(begin, end))
            self.ends.extend(range(begin + 1, end + 1))

    def _space(self, begin: int, end: int) -> None:
        if self._out and self._out[-1] != " ":
            self._out.append(" ")
            self.starts.append(begin)
            self.ends.append(end)

    def _cluster(self, source: str, begin: int) -> int:
        end = begin + 1
        while end < len(source) and end - begin < 16 and _continues(source[end]):
            end += 1
        for char in _fold(source[begin:end]):
            if char.isspace():
                self._space(begin, end)
            else:
                self._out.append(char)
                self.starts.append(begin)
                self.ends.append(end)
        return end


def _squash(folded: str) -> tuple[str, array[int]]:
    """Return `folded` without white space and bullets, and where each kept character stood.

    Between two digits one space stays, because "1 200" and "12 00" are different numbers.
    """
    kept: list[str] = []
    places = array("L")
    gap = False
    for place, char in enumerate(folded):
        if char == " " or char in _BULLETS:
            gap = True
            continue
        if gap and kept and char.isdigit() and kept[-1].isdigit():
            kept.append(" ")
            places.append(place - 1)
        gap = False
        kept.append(char)
        places.append(place)
    return "".join(kept), places


class TextIndex:
    """A text prepared for finding many quotes in it; build it once per document."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _folded(self) -> _Folded:
        return _Folded(self.text)

    @cached_property
    def _squashed(self) -> tuple[str, array[int]]:
        return _squash(self._folded.text)

    def locate(self, quote: str, hint: int | None = None) -> Span | None:
        """Return where `quote` stands, nearest to `hint` if it stands more than once, else the first place.

        `None` means it cannot be found by the ladder; it is then no quote of this text.
        """
        if not quote or len(quote) > _MAX_QUOTE:
            return None
        if hint is not None and (span := self._at(quote, hint)) is not None:
            return span
        for wanted in (quote, _unwrapped(quote)):
            if not (folded := _Folded(wanted).text):
                return None
            spans = list(self._exact(folded)) or list(self._joined(folded)) or list(self._elided(wanted))
            if spans:
                return spans[0] if hint is None else min(spans, key=lambda span: abs(span.start - hint))
        return None

    def _at(self, quote: str, start: int) -> Span | None:
        """Return the place a quote was cut from when it stands there, as told by the letters around it alone.

        Rules quote so; preparing the whole text would cost many times more. `None` leaves it to the whole text.
        """
        end = start + len(quote)
        if start < 0 or not self.text.startswith(quote, start) or quote[0].isspace() or quote[-1].isspace():
            return None
        begin, stop = max(0, start - _AROUND), min(len(self.text), end + _AROUND)
        if begin == 0 and stop == len(self.text):
            return None
        if any(
            _continues(self.text[place])
            for place in (begin, start, *((stop,) if stop < len(self.text) else ()))
        ):
            return None
        near = TextIndex(self.text[begin:stop])
        folded = near._folded
        first, last = bisect_left(folded.starts, start - begin), bisect_right(folded.ends, end - begin)
        enough_before = begin == 0 or first >= _SEEN_AROUND
        enough_behind = stop == len(self.text) or len(folded.text) - last >= _SEEN_AROUND
        if not (enough_before and enough_behind and first < last):
            return None
        if folded.starts[first] != start - begin or folded.ends[last - 1] != end - begin:
            return None
        return Span(start, end) if near._stands_free(first, last, joined=False) else None

    def _exact(self, folded: str) -> Iterator[Span]:
        for start in _occurrences(self._folded.text, folded):
            if self._stands_free(start, start + len(folded), joined=False):
                yield self._source(start, start + len(folded))

    def _joined(self, folded: str) -> Iterator[Span]:
        squashed, _ = _squash(folded)
        if len(squashed) < _SQUASH_LEAST:
            return
        text, places = self._squashed
        for found in _occurrences(text, squashed):
            start, end = places[found], places[found + len(squashed) - 1] + 1
            if self._stands_free(start, end, joined=True):
                yield self._source(start, end)

    def _elided(self, quote: str) -> Iterator[Span]:
        parts = [part for part in _ELLIPSIS.split(quote) if part]
        if not 2 <= len(parts) <= 4 or any(len(part.split()) < _PART_WORDS for part in parts):
            return
        found = [self._places(part) for part in parts]
        for first in found[0]:
            end: int | None = first.end
            for places in found[1:]:
                end = next(
                    (each.end for each in places if end is not None and self._bridges(end, each.start)), None
                )
                if end is None:
                    break
            if end is not None:
                yield Span(first.start, end)

    def _places(self, part: str) -> list[Span]:
        folded = _Folded(part).text
        return list(self._exact(folded)) or list(self._joined(folded)) if folded else []

    def _bridges(self, start: int, end: int) -> bool:
        if not 0 <= end - start <= _GAP_MOST:
            return False
        gap = self.text[start:end]
        return _GAP_ENDS.search(gap) is None and _GAP_NEGATES.search(gap.replace("’", "'")) is None

    def _source(self, start: int, end: int) -> Span:
        return Span(self._folded.starts[start], self._folded.ends[end - 1])

    def _stands_free(self, start: int, end: int, *, joined: bool) -> bool:
        """Say whether folded `[start, end)` begins and ends at the edge of a character, word and number."""
        text, starts = self._folded.text, self._folded.starts
        if start and starts[start] == starts[start - 1]:
            return False
        if end < len(text) and starts[end] == starts[end - 1]:
            return False
        if start and not self._edge(start, joined=joined):
            return False
        if end < len(text) and not self._edge(end, joined=joined):
            return False
        return not (self._cuts_number_before(start) or self._cuts_number_after(end))

    def _edge(self, place: int, *, joined: bool) -> bool:
        before, after = self._folded.text[place - 1], self._folded.text[place]
        if not (before.isalnum() and after.isalnum()):
            return True
        if before in _HAN_NUMERALS and after in _HAN_NUMERALS:
            return False
        if _unspaced(before) or _unspaced(after):
            return True
        left, right = self.text[self._folded.ends[place - 1] - 1], self.text[self._folded.starts[place]]
        return joined and left.islower() and right.isupper()

    def _same_line(self, start: int, end: int) -> bool:
        return "\n" not in self.text[self._folded.starts[start] : self._folded.ends[end - 1]]

    def _cuts_number_before(self, start: int) -> bool:
        text = self._folded.text
        if not start or not text[start].isdigit():
            return False
        before = text[start - 1]
        if before == "-" or (before == " " and text[max(0, start - 3) : start][-2:-1] == "-"):
            dash = start - 1 if before == "-" else start - 2
            if text[:dash][-2:].rstrip()[-1:].isdigit():
                return True  # the second half of a range
            minus = before == "-" and dash > 0 and not text[dash - 1].isalnum()
            return minus and self._same_line(dash - 1, start)
        if before in ".,'" and start > 1 and text[start - 2].isdigit():
            return True
        if (
            before == " "
            and start > 1
            and text[start - 2].isdigit()
            and self._same_line(start - 2, start + 1)
        ):
            return _run_before(text, start - 1) <= 3 and _run_after(text, start) == 3
        return False

    def _cuts_number_after(self, end: int) -> bool:
        text = self._folded.text
        if end >= len(text) or not text[end - 1].isdigit():
            return False
        after, beyond = text[end], text[end + 1 : end + 2]
        if after in ".,'" and beyond.isdigit():
            return True
        if _SCALE.match(text, end) and self._same_line(end - 1, min(end + 2, len(text))):
            return True
        if re.match(r" ?- ?\d", text[end : end + 4]) and self._same_line(end - 1, end + 1):
            return True
        if after == " " and beyond.isdigit() and self._same_line(end - 1, end + 2):
            return _run_before(text, end) <= 3 and _run_after(text, end + 1) == 3
        return False


def locate_quote(text: str, quote: str, hint: int | None = None) -> Span | None:
    """Return where `quote` stands in `text` (see the module), or `None`; prefers the place nearest `hint`."""
    return TextIndex(text).locate(quote, hint)


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    place, seen = text.find(wanted), 0
    while place >= 0 and seen < _MAX_OCCURRENCES:
        yield place
        seen += 1
        place = text.find(wanted, place + 1)


def _unwrapped(quote: str) -> str:
    """Return a quote without the marks a writer puts around or behind it."""
    bare = quote.strip().strip("\"'“”„‘’«»`").strip()
    return re.sub(r"^(?:\.{3,}|…)\s*|\s*(?:\.{3,}|…|[.,;:])$", "", bare)


def _run_before(text: str, end: int) -> int:
    start = end
    while start and text[start - 1].isdigit() and end - start < 5:
        start -= 1
    return end - start


def _run_after(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isdigit() and end - start < 5:
        end += 1
    return end - start
