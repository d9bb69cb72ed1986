"""Read a profile's YAML into plain values that remember their lines, and refuse what a profile never needs.

PyYAML's own loaders build a nested structure first, which is where alias bombs and deep nesting hurt;
here the parser's events are consumed one by one and reading stops at the first limit. Scalars follow
YAML 1.2's core rules, so that the country `NO` stays a word and `1.5` stays exactly 1.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, NoReturn

import yaml

from agent.errors import ICPError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 20_000
MAX_ALIASES = 200

Scalar = str | int | bool | Decimal | None
Value = "Scalar | list[Value] | dict[str, Value]"
Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9][0-9_]{0,30}\Z")
_FLOAT = re.compile(r"[-+]?[0-9][0-9_]{0,30}\.[0-9]{1,30}\Z")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class YamlSource(NamedTuple):
    """A parsed document: its name in messages, its value, and the line on which each path begins."""

    name: str
    value: object
    lines: dict[Path, int]


def read_yaml(text: str, name: str) -> YamlSource:
    """Return the one mapping in `text`; anything else is an `ICPError` naming `name`, line and reason."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ICPError(f"{name}: larger than {MAX_BYTES // 1024} kB; allowed: a profile of at most that size")
    reader = _Reader(name)
    try:
        value = reader.document(yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ICPError(f"{name}:{line}: not valid YAML: {_plain(error)}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ICPError(
            f"{name}:{line}: holds the control character {error.character:#06x}; delete it"
        ) from None
    except yaml.YAMLError as error:
        raise ICPError(f"{name}: not valid YAML: {' '.join(str(error).split())}") from None
    return YamlSource(name, value, reader.lines)


def decode(raw: bytes, name: str) -> str:
    """Return UTF-8 bytes as text (a byte order mark is fine); another encoding is an `ICPError`."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ICPError(
            f"{name}:{line}: not UTF-8 text (byte 0x{raw[error.start]:02x}); save the file as UTF-8"
        ) from None


def _plain(error: yaml.MarkedYAMLError) -> str:
    """Return what the parser found wrong, with the way out where the mistake is a common one."""
    problem = error.problem or error.context or "a mistake"
    if "'\\t'" in problem:
        return f"{problem}; indent with spaces, not tabs"
    if problem == "mapping values are not allowed here":
        return f"{problem}; put a text that holds ': ' in quotes"
    return problem


class _Reader:
    """Builds values from parser events, counting what it builds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.nodes = 0
        self.aliases = 0
        # An alias repeats recorded events, so lines and limits hold inside it as anywhere else.
        self.anchors: dict[str, list[yaml.Event]] = {}
        self.open: list[tuple[str, list[yaml.Event]]] = []

    def fail(self, event: yaml.Event, message: str) -> NoReturn:
        line = event.start_mark.line + 1 if event.start_mark else 1
        raise ICPError(f"{self.name}:{line}: {message}")

    def document(self, events: Iterator[yaml.Event]) -> object:
        value: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fail(event, "a second document begins here; allowed: one profile in a file")
            elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
                if isinstance(event, yaml.ScalarEvent) and event.value.strip() in _NULLS:
                    continue
                if not isinstance(event, yaml.MappingStartEvent):
                    self.fail(event, "a profile is a mapping of keys to values, such as 'icp: my-profile'")
                value = self.node(event, events, (), 0)
        if value is None or value == {}:
            raise ICPError(f"{self.name}:1: the file is empty; start from `dossier icp new`")
        return value

    def next(self, events: Iterator[yaml.Event]) -> yaml.Event:
        event = next(events)
        for _, recorded in self.open:
            recorded.append(event)
        return event

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, depth: int) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fail(event, f"more than {MAX_NODES:,} values, aliases included")
        if depth > MAX_DEPTH:
            self.fail(event, f"nested deeper than {MAX_DEPTH} levels")
        if event.start_mark is not None:
            self.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, path, depth)
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self.fail(event, "not valid YAML here")
        if event.tag is not None and event.tag != "!":
            self.fail(event, f"tag {event.tag!r} is not allowed; write the plain value")
        anchor = event.anchor
        if anchor is not None:
            self.open.append((anchor, [event]))
        value = self.content(event, events, path, depth)
        if anchor is not None:
            self.anchors[anchor] = self.open.pop()[1]
        return value

    def content(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path, depth: int) -> object:
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(item := self.next(events), yaml.SequenceEndEvent):
                items.append(self.node(item, events, (*path, len(items)), depth + 1))
            return items
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, path, depth)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - `node` let nothing else through
        return scalar(event.value) if event.implicit[0] else event.value

    def mapping(self, events: Iterator[yaml.Event], path: Path, depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(key := self.next(events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or (key.tag is not None and key.tag != "!"):
                self.fail(key, "a key must be a plain word")
            if key.value == "<<":
                self.fail(key, "merge keys ('<<') are not supported; write the keys out")
            here = (*path, key.value)
            if key.value in result:
                first = self.lines.get(here, 1)
                self.fail(key, f"{dotted(here)}: key {key.value!r} appears twice (first on line {first})")
            # The key's line, not the value's: that is where a person looks.
            self.lines[here] = key.start_mark.line + 1 if key.start_mark else 1
            result[key.value] = self.node(self.next(events), events, here, depth + 1)
        return result

    def alias(self, event: yaml.AliasEvent, path: Path, depth: int) -> object:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self.fail(event, f"more than {MAX_ALIASES} aliases; write the values out")
        recorded = self.anchors.get(event.anchor or "")
        if recorded is None:
            self.fail(event, f"alias '*{event.anchor}' refers to no finished anchor")
        # Replayed events must not be recorded a second time into an anchor that is still open:
        # the alias event itself already stands there.
        held, self.open = self.open, []
        try:
            replay = iter(recorded)
            return self.node(next(replay), replay, path, depth)
        finally:
            self.open = held


def scalar(text: str) -> Scalar:
    """Return the value of a plain (unquoted) scalar: null, true/false, whole or decimal number, else text."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _FLOAT.match(text):
        return Decimal(text.replace("_", ""))
    return text


def dotted(path: Path) -> str:
    """Write a path as people read it: `criteria[3].attribute`."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else (f".{part}" if out else part)
    return out
