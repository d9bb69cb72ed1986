"""Read JSON-LD as pages really write it: wrapped in comments, with trailing commas or raw line breaks.

What cannot be mended is skipped; the script's text is kept verbatim beside the parsed nodes either way.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any, Final

_MAX_SCRIPT: Final = 500_000
_MAX_TOTAL: Final = 2_000_000
_MAX_DEPTH: Final = 40
_MAX_NODES: Final = 2_000

_WRAPPING: Final = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*\Z"
)
_TRAILING_COMMA: Final = re.compile(r",(?=\s{0,200}[}\]])")


def parse_json_ld(
    scripts: Iterable[str],
) -> tuple[dict[str, Any], ...]:  # Any: JSON-LD is whatever the page says
    """Return the top-level nodes of all scripts in page order, lists and `@graph` flattened.

    Bounded: scripts over 500 kB, nesting over 40 levels and nodes beyond 2,000 are left out. Strings hold
    no lone surrogates, so every value can be encoded.
    """
    nodes: list[dict[str, Any]] = []
    total = 0
    for raw in scripts:
        total += len(raw)
        if len(raw) > _MAX_SCRIPT or total > _MAX_TOTAL:
            continue
        for value in _load(raw):
            if _is_deep(value):
                continue
            if "\\ud" in raw or "\\uD" in raw:
                value = _without_surrogates(value)
            _flatten(value, nodes)
    return tuple(nodes[:_MAX_NODES])


def types_of(node: dict[str, Any]) -> frozenset[str]:
    """Return the node's `@type` names without any vocabulary prefix."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str))


def _load(raw: str) -> list[Any]:
    text = _WRAPPING.sub("", _WRAPPING.sub("", raw.strip())).strip().rstrip(";")
    if not text:
        return []
    for candidate in _repairs(text):
        try:
            return [json.loads(candidate, strict=False, parse_constant=lambda _: None)]
        except (ValueError, RecursionError):
            continue
    return _load_several(text)


def _repairs(text: str) -> Iterable[str]:
    yield text
    without_commas = _TRAILING_COMMA.sub("", text)
    if without_commas != text:
        yield without_commas
    if "&quot;" in text or "&#34;" in text:
        yield html.unescape(without_commas)


def _load_several(text: str) -> list[Any]:
    """Read documents that stand one after the other, up to the first that is broken."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    while position < len(text) and len(values) < 50:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_MAX_DEPTH):
        following: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                following.extend(item.values())
            elif isinstance(item, list):
                following.extend(item)
        if not following:
            return False
        level = following
    return True


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _flatten(value: Any, nodes: list[dict[str, Any]]) -> None:
    pending = [value]
    while pending and len(nodes) < _MAX_NODES:
        item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = item
        elif isinstance(item, dict):
            graph = item.get("@graph")
            if isinstance(graph, (list, dict)):
                pending[:0] = graph if isinstance(graph, list) else [graph]
            if not isinstance(graph, (list, dict)) or "@type" in item:
                nodes.append(item)
