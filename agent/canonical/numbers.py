"""Numbers as people write them: five locales' separators, magnitudes, and words.

A dot or comma before exactly three digits is read as a thousands separator ("1.200" people), unless a
magnitude word settles the locale: "$1.125 billion" is English, "1.125 Mio." is German.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

Locale = Literal["point", "comma", "any"]

_SPACES = "\u00a0\u202f\u2009"
DIGITS = (
    rf"(?:[0-9]{{1,3}}(?:[.,'’{_SPACES}][0-9]{{3}}){{1,4}}(?:[.,][0-9]{{1,2}})?(?![0-9])"
    r"|[0-9]{1,3}(?:\x20[0-9]{3}){1,4}(?![0-9])"
    r"|[0-9]{1,2}(?:,[0-9]{2}){1,4},[0-9]{3}(?![0-9])"
    r"|[0-9]{1,12}(?:[.,][0-9]{1,3}(?![0-9]))?)"
)
"""A written number without sign or magnitude; every repetition is bounded, so matching is linear."""


class _Magnitude(NamedTuple):
    factor: int
    decimal_mark: Locale


_THOUSAND, _MILLION, _BILLION = 10**3, 10**6, 10**9
_MAGNITUDES: dict[str, _Magnitude] = {
    **dict.fromkeys(("k", "thousand"), _Magnitude(_THOUSAND, "point")),
    **dict.fromkeys(("tsd", "tausend", "mille", "mil", "mila", "duizend"), _Magnitude(_THOUSAND, "comma")),
    **dict.fromkeys(("m", "mn", "mm", "mln", "million", "millions"), _Magnitude(_MILLION, "point")),
    **dict.fromkeys(
        "mio millionen millón millon millones milione milioni miljoen milhão milhao milhões milhoes".split(),
        _Magnitude(_MILLION, "comma"),
    ),
    **dict.fromkeys(("b", "bn", "bln", "billion", "billions"), _Magnitude(_BILLION, "point")),
    **dict.fromkeys(
        "mrd mia md milliarde milliarden milliard milliards miliardo miliardi miljard "
        "bilhão bilhao bilhões bilhoes".split(),
        _Magnitude(_BILLION, "comma"),
    ),
    "mil millones": _Magnitude(_BILLION, "comma"),
    "lakh": _Magnitude(10**5, "point"),
    "crore": _Magnitude(10**7, "point"),
}
_MAGNITUDE_WORDS = "|".join(sorted((re.escape(word) for word in _MAGNITUDES), key=len, reverse=True))
MAGNITUDE = rf"(?:{_MAGNITUDE_WORDS})(?![^\W\d_])\.?"
"""A magnitude after a number: `k`, `Mio.`, `billion` (match case-insensitively)."""

_UNITS: dict[str, int] = {
    **{
        w: n
        for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
    },
    **{
        w: n
        for n, w in enumerate("thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 13)
    },
    **{w: n * 10 for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)},
}
_SCALES = {"thousand": _THOUSAND, "million": _MILLION, "billion": _BILLION}
_FOREIGN_WORDS: dict[str, int] = {
    # de
    **{w: n for n, w in enumerate("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), 2)},
    **{
        w: n * 10
        for n, w in enumerate("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(), 2)
    },
    **{"hundert": 100, "einhundert": 100, "zweihundert": 200, "dreihundert": 300, "vierhundert": 400},
    **{"fünfhundert": 500, "tausend": 1000, "eintausend": 1000, "zweitausend": 2000},
    # fr
    **{"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10},
    **{"douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    **{
        "cent": 100,
        "deux cents": 200,
        "trois cents": 300,
        "quatre cents": 400,
        "cinq cents": 500,
        "mille": 1000,
    },
    # es
    **{"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10},
    **{"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "cien": 100, "doscientos": 200},
    **{"trescientos": 300, "cuatrocientos": 400, "quinientos": 500},
    # it, nl, pt: the round ones that pages spell out
    **{
        "dieci": 10,
        "venti": 20,
        "trenta": 30,
        "quaranta": 40,
        "cinquanta": 50,
        "cento": 100,
        "duecento": 200,
    },
    **{
        "tien": 10,
        "twintig": 20,
        "dertig": 30,
        "veertig": 40,
        "vijftig": 50,
        "honderd": 100,
        "tweehonderd": 200,
    },
    **{"dez": 10, "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "cem": 100, "duzentos": 200},
}
_ENGLISH = "|".join(sorted((*_UNITS, *_SCALES, "hundred", "dozen"), key=len, reverse=True))
NUMBER_WORDS = (
    rf"(?:(?:a[ ])?(?:{_ENGLISH})(?:(?:[ -]|[ ]and[ ])(?:{_ENGLISH})){{0,6}}"
    rf"|{'|'.join(sorted(_FOREIGN_WORDS, key=len, reverse=True))})(?![^\W\d_])"
)
"""A number in words (match case-insensitively)."""

_WHOLE = re.compile(rf"\s*({DIGITS})\s*({MAGNITUDE})?\s*", re.IGNORECASE)


class NumberMention(NamedTuple):
    """A number found in a text: characters `start` to `end`, and its value."""

    start: int
    end: int
    value: Decimal


def read_digits(digits: str, decimal_mark: Locale = "any") -> Decimal | None:
    """Return the value of a number written in digits, or `None` when its separators make no sense.

    `decimal_mark` says which mark the locale uses before decimals, if a magnitude word gave it away.
    """
    compact = re.sub(rf"['’{_SPACES} ]", "", digits)
    marks = [char for char in compact if char in ".,"]
    if not marks:
        return Decimal(compact) if compact.isascii() and compact.isdigit() else None
    if len(set(marks)) == 2:
        last = marks[-1]
        if marks.count(last) > 1:
            return None
        return Decimal(compact.replace("," if last == "." else ".", "").replace(last, "."))
    mark, groups = marks[0], compact.split(marks[0])
    if not all(group.isascii() and group.isdigit() for group in groups):
        return None
    if len(groups) > 2:
        middle = {len(group) for group in groups[1:-1]}
        well_formed = len(groups[-1]) == 3 and middle <= {2, 3} and len(middle) == 1
        return Decimal("".join(groups)) if well_formed else None
    is_decimal = len(groups[1]) != 3 or groups[0].lstrip("0") == ""
    if decimal_mark != "any" and not is_decimal:
        is_decimal = (mark == ".") == (decimal_mark == "point")
    return Decimal(f"{groups[0]}.{groups[1]}") if is_decimal else Decimal("".join(groups))


def scale(digits: str, magnitude: str | None) -> Decimal | None:
    """Return the value of `digits` times its magnitude word (`None` for none)."""
    if not magnitude:
        return read_digits(digits)
    known = _MAGNITUDES.get(" ".join(magnitude.casefold().rstrip(".").split()))
    if known is None:
        return None
    value = read_digits(digits, known.decimal_mark)
    return None if value is None else value * known.factor


def words_to_number(words: str) -> int | None:
    """Return the value of a number in words ("four hundred and twenty"), or `None`."""
    folded = " ".join(words.casefold().replace("-", " ").split())
    if folded in _FOREIGN_WORDS:
        return _FOREIGN_WORDS[folded]
    total, group, seen = 0, 0, False
    for word in folded.split()[:16]:
        if word in {"a", "and"}:
            continue
        if word in _UNITS:
            group += _UNITS[word]
        elif word in {"hundred", "dozen"}:
            group = max(group, 1) * (100 if word == "hundred" else 12)
        elif word in _SCALES:
            total, group = total + max(group, 1) * _SCALES[word], 0
        else:
            return None
        seen = True
    return total + group if seen else None


def parse_number(text: str) -> Decimal | None:
    """Return the number `text` consists of ("4.3k", "1,2 Mio.", "12 500", "four hundred"), or `None`."""
    if len(text) > 80:
        return None
    match = _WHOLE.fullmatch(text)
    if match:
        return scale(match[1], match[2])
    words = words_to_number(text)
    return None if words is None else Decimal(words)


def to_int(value: Decimal | None) -> int | None:
    """Return a whole, non-negative number below 10^15, or `None`."""
    if value is None or not 0 <= value < 10**15 or value != value.to_integral_value():
        return None
    return int(value)


_MENTION = re.compile(
    rf"(?<![\w.,])(?:({DIGITS})(?:[ {_SPACES}]?({MAGNITUDE}))?|({NUMBER_WORDS}))", re.IGNORECASE
)


def find_numbers(text: str) -> Iterator[NumberMention]:
    """Yield every number in `text`, in order."""
    for match in _MENTION.finditer(text):
        if match[3]:
            words = words_to_number(match[3])
            value = None if words is None else Decimal(words)
        else:
            value = scale(match[1], match[2])
        if value is not None:
            yield NumberMention(match.start(), match.end(), value)
