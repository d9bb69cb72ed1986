"""Company sizes: exact numbers, bands ("51-200"), open ends ("1,000+") and hedges ("almost 300").

A hedged number ("about 120", "almost 300") is a stated number but not an exact one: `exact` is `None`
and both ends are the number itself, so that nothing is claimed that the text does not say.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.canonical.numbers import DIGITS, MAGNITUDE, NUMBER_WORDS, scale, to_int, words_to_number

OPEN_ENDED = 10_000_000
"""Upper end of "500+": larger than any employer, so that a range always has two ends."""

_MORE = (
    r"(?:more[ ]than|over|upwards[ ]of|at[ ]least|in[ ]excess[ ]of|greater[ ]than|north[ ]of|above|exceeding|>|≥"
    r"|mehr[ ]als|über|mindestens|plus[ ]de|plus[ ]d['’]|más[ ]de|mas[ ]de|oltre|più[ ]di|meer[ ]dan|ruim|mais[ ]de"
    r"|fler[ ]än|over[ ]de)"
)
_LESS = (
    r"(?:fewer[ ]than|less[ ]than|under|below|up[ ]to|no[ ]more[ ]than|weniger[ ]als|unter|bis[ ]zu|moins[ ]de"
    r"|menos[ ]de|meno[ ]di|minder[ ]dan|<|≤)"
)
_ABOUT = (
    r"(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?|c\.|~|≈|almost|nearly|close[ ]to|just[ ]under"
    r"|rund|um[ ]die|etwa|ungefähr|zirka|fast|knapp|environ|autour[ ]de|près[ ]de|presque|quelque|cerca[ ]de|en[ ]torno[ ]a|alrededor[ ]de|casi|unos|unas"
    r"|circa|quasi|ongeveer|rond[ ]de|bijna|aproximadamente|quase)"
)
_NUMBER = rf"(?:{DIGITS}(?:[ ]?{MAGNITUDE})?|{NUMBER_WORDS})"
_RANGES = (
    (r"between|from", r"and|to"),
    (r"zwischen|von", r"und|bis"),
    (r"entre", r"et|y|e"),
    (r"de", r"à"),
    (r"tussen|van", r"en|tot"),
    (r"(?:tra|fra)(?:[ ]i)?", r"e(?:[ ]i)?"),
)
"""What opens a range in each language, and what then stands between its ends."""


def _range_opened() -> str:
    """Return a range with its opening word; the many words for numbers stand in it twice and not twelve times."""
    opening = "|".join(rf"(?P<opened{n}>{word})" for n, (word, _) in enumerate(_RANGES))
    joining = "(?!)"
    for n, (_, word) in reversed(list(enumerate(_RANGES))):
        joining = rf"(?(opened{n})(?:{word})|{joining})"
    return rf"(?:{opening})[ ]{_NUMBER}[ ]{joining}[ ]{_NUMBER}"


SIZE = (
    rf"(?:{_range_opened()}|(?:(?:{_MORE}|{_LESS}|{_ABOUT})[ ]?(?:a[ ]total[ ]of[ ])?)?"
    rf"{_NUMBER}(?:[ ]?(?:\+|plus(?![ ]de)))?(?:[ ]?(?:-|–|—|to|bis|à|a|tot)[ ]?{_NUMBER}(?:[ ]?\+)?)?)"
)
"""How a size may be written, to be put in front of "employees" (match case-insensitively); it may stand in a pattern once."""

_PARTS = re.compile(
    rf"\s*(?:(?P<more>{_MORE})|(?P<less>{_LESS})|(?P<about>{_ABOUT}))?\s*(?:a\s+total\s+of\s+)?"
    rf"(?P<first>{_NUMBER})\s*(?P<plus>\+|plus(?!\s+de))?"
    rf"(?:\s*(?:-|–|—|to|bis|à|a|tot)\s*(?P<second>{_NUMBER})\s*(?P<plus2>\+)?)?"
    rf"(?:\s+(?:employees|people|staff|mitarbeiter(?:innen|\*innen|:innen|nde)?|empleados|employés|dipendenti"
    rf"|medewerkers|colaboradores|team\s+members|and\s+more|or\s+more|und\s+mehr))?\s*\.?\s*",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"\s*(?:between|from|zwischen|von|entre|de|tussen|van|tra(?:\s+i)?|fra(?:\s+i)?)\s+(?=\d|[a-z])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s+(?:and|to|und|bis|et|y|e(?:\s+i)?|à|en|tot)\s+", re.IGNORECASE)
_MOST_PLAUSIBLE = 5_000_000


class Size(NamedTuple):
    """A company size; `exact` is `None` for bands, open ends and hedges. Ends are included."""

    exact: int | None
    low: int
    high: int


def parse_size(text: str) -> Size | None:
    """Return the size `text` states ("51-200", "1.000+", "more than 500", "four hundred"), or `None`."""
    if len(text) > 120:
        return None
    opened = _OPENED.match(text)
    match = _PARTS.fullmatch(_JOINED.sub(" – ", text[opened.end() :], count=1) if opened else text)
    if match is None:
        return None
    first = _whole(match["first"])
    if first is None or not 0 < first <= _MOST_PLAUSIBLE:
        return None
    open_word = re.search(r"(?:and|or|und)\s+(?:more|mehr)\s*\.?\s*$", text, re.IGNORECASE) is not None
    if match["second"]:
        second = _whole(match["second"])
        if second is None or not first <= second <= _MOST_PLAUSIBLE:
            return None
        return Size(None, first, OPEN_ENDED if match["plus2"] else second)
    if match["plus"] or match["more"] or open_word:
        return Size(None, first, OPEN_ENDED)
    if match["less"]:
        return Size(None, 1, first)
    return Size(None if match["about"] else first, first, first)


def _whole(text: str) -> int | None:
    match = re.fullmatch(rf"({DIGITS})\s?({MAGNITUDE})?", text, re.IGNORECASE)
    return to_int(scale(match[1], match[2])) if match else words_to_number(text)
