"""A place in a profile being read: its value, its path, and errors that name both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import NoReturn

from agent.errors import ICPError
from agent.icp.yaml_source import Path, YamlSource, dotted

_SUFFIX = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_AMOUNT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s?([kKmMbB])\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_FLAGS = {"yes": True, "on": True, "no": False, "off": False}
_LIMIT = Decimal(10) ** 15


class Cursor:
    """One value of the profile and where it stands."""

    def __init__(self, source: YamlSource, value: object, path: Path = ()) -> None:
        self.source = source
        self.value = value
        self.path = path

    def fail(self, message: str) -> NoReturn:
        """Raise an `ICPError` of one line: file, line, key, `message`."""
        path: Path = self.path
        while path and path not in self.source.lines:
            path = path[:-1]
        line = self.source.lines.get(path, 1)
        where = f"{dotted(self.path)}: " if self.path else ""
        raise ICPError(f"{self.source.name}:{line}: {where}{message}")

    def refuse(self, expected: str) -> NoReturn:
        """Raise for a value of the wrong type or range."""
        self.fail(f"{show(self.value)} is not {expected}")

    def child(self, key: str | int) -> Cursor:
        """Return the cursor of one key or item."""
        value = self.value[key]  # type: ignore[index]  # callers checked the container
        return Cursor(self.source, value, (*self.path, key))

    def mapping(self, keys: Collection[str]) -> dict[str, Cursor]:
        """Return the keys of a mapping; an unknown one is an error naming the nearest known."""
        if not isinstance(self.value, dict):
            self.refuse(f"a mapping; allowed keys: {', '.join(keys)}")
        for key in self.value:
            if key not in keys:
                self.child(key).fail(f"unknown key {key!r}{nearest(key, keys)}; allowed: {', '.join(keys)}")
        return {key: self.child(key) for key in self.value}

    def items(self, *, at_most: int = 500) -> Iterator[Cursor]:
        """Yield the items of a list that is not empty."""
        if not isinstance(self.value, list):
            self.refuse("a list; allowed: items in [ ], or one a line after '- '")
        if not self.value:
            self.fail("is an empty list; give at least one item, or leave the key out")
        if len(self.value) > at_most:
            self.fail(f"has {len(self.value):,} items; allowed: at most {at_most:,}")
        for index in range(len(self.value)):
            yield self.child(index)

    def text(self, *, at_most: int = 500) -> str:
        """Return a text on one line, spaces collapsed. Numbers count as the text they are written as."""
        if isinstance(self.value, bool) or not isinstance(self.value, (str, int, Decimal)):
            self.refuse("a text")
        words = " ".join(str(self.value).split())
        if not words:
            self.fail("is empty; write a text, or leave the key out")
        if len(words) > at_most:
            self.fail(f"has {len(words)} characters; allowed: at most {at_most}")
        return words

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts without repeats, in order; a lone text is a list of one."""
        if not isinstance(self.value, list):
            return (self.text(at_most=200),)
        return tuple(dict.fromkeys(item.text(at_most=200) for item in self.items()))

    def choice(self, allowed: Collection[str]) -> str:
        """Return one of `allowed`, matched without regard to case, '-' or '_'."""
        if isinstance(self.value, str):
            folded = {fold(name): name for name in allowed}
            found = folded.get(fold(self.value))
            if found is not None:
                return found
            self.fail(
                f"unknown value {self.value!r}{nearest(self.value, allowed)}; allowed: {', '.join(allowed)}"
            )
        self.refuse(f"one of {', '.join(allowed)}")

    def flag(self) -> bool:
        """Return true or false; `yes` and `no` are read too."""
        value = _FLAGS.get(self.value.casefold(), self.value) if isinstance(self.value, str) else self.value
        if not isinstance(value, bool):
            self.refuse("true or false")
        return value

    def number(
        self,
        *,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        above: int | None = None,
    ) -> Decimal:
        """Return an exact number; `10k`, `1.5M` and `2B` are read too."""
        value = self.value
        if isinstance(value, str) and (match := _AMOUNT.match(value)):
            value = Decimal(match[1]) * _SUFFIX[match[2].lower()]
        limits = [
            *([] if least is None else [f"of at least {least}"]),
            *([] if above is None else [f"more than {above}"]),
            *([] if most is None else [f"at most {most}"]),
        ]
        expected = " ".join(["a number", " and ".join(limits)]).rstrip()
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.refuse(expected)
        number = exact(Decimal(value))
        if number.as_tuple().exponent < -6:  # type: ignore[operator]  # finite: no NaN can be written
            self.refuse("a number with at most six decimals")
        if abs(number) > _LIMIT:
            self.refuse(f"a number up to {_LIMIT:,}")
        out = (least is not None and number < least) or (most is not None and number > most)
        if out or (above is not None and number <= above):
            self.refuse(expected)
        return number

    def whole(self, *, least: int, most: int) -> int:
        """Return a whole number between `least` and `most`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse(f"a whole number from {least} to {most:,}")
        if not least <= self.value <= most:
            self.refuse(f"a whole number from {least} to {most:,}")
        return self.value

    def date(self) -> date:
        """Return a day written YYYY-MM-DD."""
        if isinstance(self.value, str) and _DATE.match(self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                pass
        self.refuse("a date; allowed: a day of the calendar as YYYY-MM-DD")


def exact(number: Decimal) -> Decimal:
    """Return the number in one spelling, so that 1.50 and 1.5 hash alike."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


def nearest(name: str, allowed: Collection[str]) -> str:
    """Return `; nearest: X` for the closest allowed name, or nothing when none is close."""
    folded = {fold(known): known for known in allowed}
    close = get_close_matches(fold(name), list(folded), n=1, cutoff=0.6)
    return f"; nearest: {folded[close[0]]}" if close else ""


def fold(text: str) -> str:
    """Return a text in the form names are compared in: lower case, '_' and '-' as spaces."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def show(value: object) -> str:
    """Write a value short enough for one line of message."""
    if value is None:
        return "an empty value"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
