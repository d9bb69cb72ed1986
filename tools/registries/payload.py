"""Read values out of JSON that someone else wrote: every look-up is total."""

from __future__ import annotations

import json
import re
from typing import TypeAlias

from pydantic import JsonValue

Json: TypeAlias = JsonValue

_MAX_LINE = 300
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u200b\u2028\u2029\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def load_json(body: bytes | str) -> Json:
    """Return the JSON in `body`, or `None` where it is not JSON (too deep counts as not JSON)."""
    try:
        return json.loads(body)  # type: ignore[no-any-return]  # json.loads is typed Any
    except (ValueError, RecursionError):
        return None


def dig(value: Json, *path: str | int) -> Json:
    """Follow keys and indexes into `value`; `None` as soon as one does not lead on."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def items(value: Json, *path: str | int) -> list[Json]:
    """Return the list at `path`, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, list) else []


def fields(value: Json, *path: str | int) -> dict[str, Json]:
    """Return the object at `path`, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def text_of(value: Json, *path: str | int) -> str:
    """Return the string or number at `path` on one line, or `""`.

    Registers write "None" and "null" where they mean nothing; those read as nothing too.
    """
    found = dig(value, *path)
    if isinstance(found, bool):
        return ""
    if isinstance(found, int):
        return with_separators(found)
    line = one_line(found) if isinstance(found, str) else ""
    return "" if line.lower() in ("none", "null", "n/a") else line


def number_of(value: Json, *path: str | int) -> int | None:
    """Return the whole number at `path` (given as number or digits, a leading + allowed), or `None`."""
    found = dig(value, *path)
    if isinstance(found, bool):
        return None
    if isinstance(found, float):
        return int(found) if found.is_integer() and abs(found) < 1e18 else None
    if isinstance(found, str) and re.fullmatch(r"[+-]?\d{1,18}(?:\.0{1,6})?", found.strip(), re.ASCII):
        return int(found.strip().split(".")[0])
    return found if isinstance(found, int) and abs(found) < 10**18 else None


def with_separators(number: int) -> str:
    """Return a number as people read it: `4,300`. Absurdly long ones are nothing."""
    return f"{number:,}" if abs(number) < 10**18 else ""


def one_line(value: str, limit: int = _MAX_LINE) -> str:
    """Return `value` on one line, at most `limit` characters, and always encodable as UTF-8."""
    return _SPACE.sub(" ", scrubbed(value[: limit * 4])).strip()[:limit].rstrip()


def scrubbed(value: str) -> str:
    """Return `value` with lone surrogates (JSON allows them, UTF-8 does not) replaced."""
    return _SURROGATE.sub("\ufffd", value)
