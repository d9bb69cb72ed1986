"""Record completions beside an archive and replay them: JSON, keyed by the sha256 of the canonical request.

A replay answers only what was recorded. Anything else is a `RecordingMiss` that says how the nearest
recorded request differs, because "not found" alone cannot be acted on.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from pydantic import JsonValue, ValidationError

from agent.errors import ArchiveError, RecordingMiss
from agent.llm.api import LLM, Completion, CompletionRequest, canonical_json, request_key

_FORMAT = 1
_MOST_BYTES = 200_000_000


class RecordingLLM:
    """Passes requests on and keeps each with its completion; `save` writes the file.

    An equal request is asked once. `earlier` is a recording that is being brought up to date: what it answers is not asked again, and what
    nobody asks for any more is left out of the new one. Failed calls are asked again, and never kept.
    """

    def __init__(self, inner: LLM, earlier: ReplayLLM | None = None) -> None:
        self._inner = inner
        self._earlier = earlier
        self._kept: dict[str, tuple[CompletionRequest, Completion]] = {}

    async def complete(self, request: CompletionRequest) -> Completion:
        """Answer from what is recorded already or through the inner model, and remember the answer."""
        key = request_key(request)
        if key in self._kept:
            return self._kept[key][1]
        completion = self._earlier.recorded(request) if self._earlier is not None else None
        if completion is None:
            completion = await self._inner.complete(request)
        if completion.outcome != "error":
            self._kept[key] = (request, completion)
        return completion

    def save(self, path: Path) -> None:
        """Write all completions so far to `path`, sorted by key, so that equal recordings are equal files."""
        entries = {
            key: {"request": request.canonical(), "completion": completion.model_dump(mode="json")}
            for key, (request, completion) in self._kept.items()
        }
        packed = {"format": _FORMAT, "completions": entries}
        try:
            path.write_text(
                json.dumps(packed, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
            )
        except OSError as error:
            raise ArchiveError(
                f"cannot write the completions to {path}: {error.strerror or error}"
            ) from error


class ReplayLLM:
    """Answers from a recording; nothing is asked of any model."""

    def __init__(self, entries: dict[str, tuple[JsonValue, Completion]]) -> None:
        self._entries = entries

    @classmethod
    def load(cls, path: Path) -> ReplayLLM:
        """Read a recording.

        Raises `ArchiveError` when the file cannot be read or is no recording.
        """
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise ArchiveError(f"{path} is larger than {_MOST_BYTES} bytes, which no recording is")
            packed = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ArchiveError(f"cannot read the completions {path}: {error.strerror or error}") from error
        except (ValueError, RecursionError) as error:
            raise ArchiveError(f"{path} is not JSON: {error}") from error
        return cls(_entries(packed, path))

    async def complete(self, request: CompletionRequest) -> Completion:
        """Return the recorded completion.

        Raises `RecordingMiss` for a request that was never recorded.
        """
        completion = self.recorded(request)
        if completion is None:
            raise RecordingMiss(self._miss(request))
        return completion

    def answers(self, prompt_id: str) -> bool:
        """Tell whether anything was recorded for a prompt."""
        requests = (request for request, _ in self._entries.values())
        return any(isinstance(one, dict) and one.get("prompt") == prompt_id for one in requests)

    def recorded(self, request: CompletionRequest) -> Completion | None:
        """Return the recorded completion of a request, or `None`."""
        entry = self._entries.get(request_key(request))
        return entry[1] if entry is not None else None

    def _miss(self, request: CompletionRequest) -> str:
        asked = request.canonical()
        label = f"no recorded completion for {request.prompt_id} and model {request.model!r}"
        recorded = [one for one, _ in self._entries.values() if isinstance(one, dict)]
        if not recorded:
            return f"{label}: the recording is empty"
        nearest = max(recorded, key=lambda one: _likeness(one, asked))
        return f"{label}; the nearest one differs in {_difference(nearest, asked)}. Record the run again"


def _entries(packed: Any, path: Path) -> dict[str, tuple[JsonValue, Completion]]:  # Any: a file's JSON
    if (
        not isinstance(packed, dict)
        or packed.get("format") != _FORMAT
        or not isinstance(packed.get("completions"), dict)
    ):
        raise ArchiveError(f"{path} is not a recording of completions (format {_FORMAT})")
    entries: dict[str, tuple[JsonValue, Completion]] = {}
    for key, entry in packed["completions"].items():
        try:
            entries[key] = (entry["request"], Completion.model_validate(entry["completion"]))
        except (KeyError, TypeError, ValidationError) as error:
            raise ArchiveError(f"{path}: completion {key[:12]!r} cannot be read") from error
    return entries


def _likeness(recorded: dict[str, JsonValue], asked: dict[str, JsonValue]) -> tuple[int, int]:
    same = sum(1 for key, value in asked.items() if recorded.get(key) == value)
    left, right = canonical_json(recorded.get("messages", [])), canonical_json(asked["messages"])
    shared = next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    return same, shared


def _difference(recorded: dict[str, JsonValue], asked: dict[str, JsonValue]) -> str:
    parts: list[str] = []
    for key in asked:
        old, new = recorded.get(key), asked[key]
        if old == new:
            continue
        if key in ("model", "prompt", "parameters", "repeat"):
            parts.append(f"{key} ({canonical_json(old)} recorded, {canonical_json(new)} asked)")
        elif key == "schema":
            parts.append("the response schema")
        else:
            parts.append(f"the messages ({_first_change(canonical_json(old), canonical_json(new))})")
    return "; ".join(parts) or "nothing but its key: the recording was edited"


def _first_change(old: str, new: str) -> str:
    matcher = (
        difflib.SequenceMatcher(None, old[:20_000], new[:20_000], autojunk=False)
        if max(len(old), len(new)) < 4_000
        else None
    )
    if matcher is not None:
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                return f"{old[i1:i2][:40]!r} recorded, {new[j1:j2][:40]!r} asked"
    place = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    return f"{old[place : place + 40]!r} recorded, {new[place : place + 40]!r} asked, at character {place}"
