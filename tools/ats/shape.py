"""Read a board's JSON or XML by key path, so that a changed shape is named and not guessed around.

A required value of the wrong type raises `ShapeError`, whose text is the key path, what was expected
and what came (`jobs[3].title: expected string, got null`). An optional one is noted and read as absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree
from pydantic import JsonValue

_EARLIEST, _LATEST = date(1995, 1, 1), date(2100, 1, 1)


class ShapeError(ValueError):
    """A value is missing or of another type than the board documents."""

    def __init__(self, path: str, expected: str, got: str) -> None:
        super().__init__(f"{path}: expected {expected}, got {got}")


def kind_of(value: object) -> str:
    """Name a JSON value's type as JSON does."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


class Node:
    """A JSON value and the path that leads to it. `notes` collects optional values of the wrong type."""

    __slots__ = ("notes", "path", "value")

    def __init__(self, value: JsonValue, path: str = "", notes: list[str] | None = None) -> None:
        self.value, self.path = value, path
        self.notes: list[str] = [] if notes is None else notes

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str) -> JsonValue:
        """Return the raw value under `key`, or `None` when this is no object or lacks it."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def child(self, key: str) -> Node:
        """Return the node under `key`; absent, null or not an object reads as an empty object."""
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            self.notes.append(f"{self._at(key)}: expected object, got {kind_of(value)}")
            value = None
        return Node(value if value is not None else {}, self._at(key), self.notes)

    def text(self, key: str) -> str | None:
        """Return a string or number under `key` as stripped text, or `None`."""
        value = self.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.notes.append(f"{self._at(key)}: expected string, got {kind_of(value)}")
            return None
        return str(value).strip() or None

    def flag(self, key: str) -> bool | None:
        """Return a boolean under `key`, or `None`."""
        value = self.get(key)
        return value if isinstance(value, bool) else None

    def count(self, key: str) -> int | None:
        """Return a non-negative whole number under `key`, or `None`."""
        value = self.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None

    def require_text(self, key: str) -> str:
        """Return the non-empty string or number under `key`; raise `ShapeError` otherwise."""
        if not isinstance(self.value, dict):
            raise ShapeError(self.path or "$", "object", kind_of(self.value))
        value = self.value.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ShapeError(self._at(key), "string", kind_of(value))
        text = str(value).strip()
        if not text:
            raise ShapeError(self._at(key), "string", "empty string")
        return text

    def require_items(self, key: str | None = None) -> list[Node]:
        """Return the elements of the array under `key` (or of this node itself); raise `ShapeError` otherwise."""
        if key is None:
            value, path = self.value, self.path
        else:
            if not isinstance(self.value, dict):
                raise ShapeError(self.path or "$", "object", kind_of(self.value))
            value, path = self.value.get(key), self._at(key)
        if not isinstance(value, list):
            raise ShapeError(path or "$", "array", kind_of(value))
        return [Node(item, f"{path}[{index}]", self.notes) for index, item in enumerate(value)]

    def items(self, key: str) -> list[Node]:
        """Return the elements of the array under `key`, or none."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.notes.append(f"{self._at(key)}: expected array, got {kind_of(value)}")
            return []
        return [Node(item, f"{self._at(key)}[{index}]", self.notes) for index, item in enumerate(value)]

    def texts(self, key: str) -> list[str]:
        """Return the strings in the array under `key`, stripped, without empty ones."""
        return [v.value.strip() for v in self.items(key) if isinstance(v.value, str) and v.value.strip()]

    def raw(self) -> bytes:
        """Return this value as canonical JSON (sorted keys, UTF-8)."""
        return json.dumps(self.value, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def read_json(payload: bytes) -> Node:
    """Decode a JSON answer. Raises `ShapeError` when it is none (an error page, nested without end)."""
    try:
        return Node(json.loads(payload))
    except (ValueError, RecursionError) as error:
        start = payload[:200].lstrip()
        got = (
            "nothing"
            if not start
            else "markup"
            if start.startswith(b"<")
            else f"text that is not JSON ({error})"
        )
        raise ShapeError("$", "JSON", got[:120]) from None


def read_xml(payload: bytes, root: str) -> etree._Element:
    """Parse an XML answer whose root element is `root`, without entities or network.

    Raises `ShapeError` when it is not XML or has another root (an error page in HTML).
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
    )
    try:
        tree = etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError):
        tree = None
    if tree is None:
        raise ShapeError("$", f"XML <{root}>", "nothing" if not payload.strip() else "text that is not XML")
    name = etree.QName(tree).localname
    if name != root:
        raise ShapeError("$", f"XML <{root}>", f"<{name}>")
    if (
        len(tree)
        and b"\x00" not in payload
        and f"</{tree.prefix + ':' if tree.prefix else ''}{root}".encode() not in payload
    ):
        # The parser mends a cut-off answer; what is missing would read as "fewer openings".
        raise ShapeError("$", f"</{root}> at the end", "an answer that stops before it")
    return tree


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield direct children of that local name, whatever their namespace."""
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            yield child


def child_text(element: etree._Element, name: str) -> str | None:
    """Return the stripped text of the first child of that local name, or `None`."""
    for child in children(element, name):
        text = "".join(str(part) for part in child.itertext()).strip()
        return text or None
    return None


def require_child_text(element: etree._Element, name: str, path: str) -> str:
    """Return the text of a child that must be there; raise `ShapeError` otherwise."""
    text = child_text(element, name)
    if text is None:
        raise ShapeError(f"{path}/{name}", "text", "nothing")
    return text


def iso_date(text: str | None) -> date | None:
    """Read the calendar day at the start of an ISO 8601 date or time, as stated; `None` if there is none."""
    try:
        day = date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
    return _plausible(day)


def epoch_date(milliseconds: JsonValue) -> date | None:
    """Read a Unix time in milliseconds as its UTC day."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return _plausible(datetime.fromtimestamp(milliseconds / 1000, UTC).date())
    except (ValueError, OverflowError, OSError):
        return None


def feed_date(text: str | None) -> date | None:
    """Read an RFC 2822 date as feeds write it, as the stated day."""
    try:
        return _plausible(parsedate_to_datetime(text).date()) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _plausible(day: date | None) -> date | None:
    return day if day is not None and _EARLIEST <= day < _LATEST else None
