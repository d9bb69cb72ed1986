"""Read JSON with the place of every value, so that a key and its value can be quoted verbatim.

Tolerant of what follows or precedes a value (several scripts in one text); a script that is not JSON is
skipped. Depth and size are bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DEEPEST = 40
_LARGEST = 1_000_000
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SCALAR = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


@dataclass(slots=True)
class Node:
    """A JSON value and its characters `start` to `end`.

    `members` are an object's values by key with the place where the key begins, `items` an array's;
    `scalar` is a string, number, boolean or null.
    """

    start: int
    end: int = 0
    members: dict[str, tuple[int, Node]] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    scalar: str | int | float | bool | None = None
    is_object: bool = False

    def get(self, key: str) -> Node | None:
        """Return the value under a key."""
        member = self.members.get(key)
        return member[1] if member else None

    def texts(self) -> list[str]:
        """Return the string itself, or the strings in this array."""
        nodes = self.items or [self]
        return [node.scalar for node in nodes if isinstance(node.scalar, str)]


class _NotJson(Exception):
    """The characters at hand are not JSON."""


def find_objects(text: str) -> Iterator[Node]:
    """Yield every object in `text`, outer ones before the ones inside them."""
    position, size = 0, min(len(text), _LARGEST)
    while position < size:
        opening = re.compile(r"[{\[]").search(text, position, size)
        if opening is None:
            return
        try:
            node, position = _value(text, opening.start(), 0)
        except _NotJson:
            following = text.find("\n", opening.start())
            if following < 0:
                return
            position = following + 1
            continue
        yield from _objects(node)


def _objects(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.is_object:
            yield current
        stack.extend(reversed([*current.items, *(value for _, value in current.members.values())]))


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _value(text: str, position: int, depth: int) -> tuple[Node, int]:
    if depth > _DEEPEST or position >= len(text):
        raise _NotJson
    node = Node(position)
    if text[position] == "{":
        node.is_object = True
        position = _object(text, position + 1, node, depth)
    elif text[position] == "[":
        position = _array(text, position + 1, node, depth)
    elif text[position] == '"':
        node.scalar, position = _string(text, position)
    else:
        match = _SCALAR.match(text, position)
        if match is None:
            raise _NotJson
        node.scalar, position = _number(match[0]), match.end()
    node.end = position
    return node, position


def _number(text: str) -> str | int | float | bool | None:
    if len(text) > 40:
        return None
    value: str | int | float | bool | None = json.loads(text)
    return value


def _string(text: str, position: int) -> tuple[str, int]:
    match = _STRING.match(text, position)
    if match is None:
        raise _NotJson
    try:
        return str(json.loads(match[0], strict=False)), match.end()
    except ValueError:
        return match[0][1:-1], match.end()


def _object(text: str, position: int, node: Node, depth: int) -> int:
    position = _skip(text, position)
    while position < len(text) and text[position] != "}":
        key_start = position
        if text[position] != '"':
            raise _NotJson
        key, position = _string(text, position)
        position = _skip(text, position)
        if text[position : position + 1] != ":":
            raise _NotJson
        value, position = _value(text, _skip(text, position + 1), depth + 1)
        node.members.setdefault(key, (key_start, value))
        position = _after_item(text, position, "}")
    return _closed(text, position)


def _array(text: str, position: int, node: Node, depth: int) -> int:
    position = _skip(text, position)
    while position < len(text) and text[position] != "]":
        item, position = _value(text, position, depth + 1)
        node.items.append(item)
        position = _after_item(text, position, "]")
    return _closed(text, position)


def _after_item(text: str, position: int, closing: str) -> int:
    """Step over a comma (a trailing one is forgiven) to the next item or the closing mark."""
    position = _skip(text, position)
    mark = text[position : position + 1]
    if mark == ",":
        return _skip(text, position + 1)
    if mark != closing:
        raise _NotJson
    return position


def _closed(text: str, position: int) -> int:
    if position >= len(text):
        raise _NotJson
    return position + 1
