"""What is asked of a model and what comes back. Implementations: live, recording, replay, cached.

An answer that cannot be used is a value, never an exception: `refused`, `truncated`, `invalid` (not the
schema) and `error` (the server failed for good) are recorded outcomes. Only a model that cannot be used at
all, by its configuration, raises `LLMError`, and only when it is set up.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from agent.llm.schema import strict_schema
from agent.models import Frozen

Outcome = Literal["ok", "refused", "truncated", "invalid", "error"]
Answer = TypeVar("Answer", bound=BaseModel)


class Message(Frozen):
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One question to a model.

    `prompt_id` is `<name>/v<N>@<sha12>`; `response` the Pydantic model the answer must fit; `repeat`
    tells otherwise equal requests apart (evals ask the same thing several times).
    """

    model: str
    prompt_id: str
    messages: tuple[Message, ...]
    response: type[BaseModel]
    max_output_tokens: int = 2_000
    temperature: float = 0.0
    repeat: int = 0

    def canonical(self) -> dict[str, JsonValue]:
        """Return the request as plain JSON: exactly what its key is made of."""
        return {
            "model": self.model,
            "prompt": self.prompt_id,
            "messages": [{"role": each.role, "content": each.content} for each in self.messages],
            "schema": strict_schema(self.response),
            "parameters": {"max_output_tokens": self.max_output_tokens, "temperature": self.temperature},
            "repeat": self.repeat,
        }


class Usage(Frozen):
    """Tokens of one or more answers, as the server counted them."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_input_tokens=self.cached_input_tokens + other.cached_input_tokens,
        )


class Completion(Frozen):
    """One answer, usable or not.

    `text` is the answer's JSON where `outcome` is `ok`, else whatever came. `calls` counts the answers the
    server gave (and may have charged for). `cost_usd` is `None` when the price is not known.
    """

    outcome: Outcome
    text: str = ""
    detail: str = ""
    model: str = ""
    usage: Usage = Usage()
    calls: int = 1
    cost_usd: float | None = None
    from_cache: bool = False


class LLM(Protocol):
    """Answers completion requests."""

    async def complete(self, request: CompletionRequest) -> Completion:
        """Answer one request; what the server does is told by the completion's outcome."""
        ...


class CompletionCache(Protocol):
    """Where paid completions are kept, so that a crash or a second run never pays twice; the store has one."""

    def load(self, key: str) -> Completion | None:
        """Return the completion kept under a request's key."""
        ...

    def save(self, key: str, completion: Completion) -> None:
        """Keep a completion."""
        ...


class CachedLLM:
    """Asks the cache first, and keeps every usable answer before handing it on."""

    def __init__(self, inner: LLM, cache: CompletionCache) -> None:
        self._inner = inner
        self._cache = cache

    async def complete(self, request: CompletionRequest) -> Completion:
        """Return the kept completion (it costs nothing now), or ask and keep."""
        key = request_key(request)
        kept = self._cache.load(key)
        if kept is not None:
            return kept.model_copy(update={"from_cache": True, "calls": 0, "usage": Usage(), "cost_usd": 0.0})
        completion = await self._inner.complete(request)
        if completion.outcome != "error":
            self._cache.save(key, completion)
        return completion


def canonical_json(value: JsonValue) -> str:
    """Return JSON with sorted keys and no spaces. Recording keys rest on it: it never changes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def request_key(request: CompletionRequest) -> str:
    """Return the key of a request: lower-case hex sha256 of its canonical JSON."""
    return hashlib.sha256(canonical_json(request.canonical()).encode("utf-8")).hexdigest()


def read_answer(text: str, response: type[Answer]) -> Answer | None:
    """Return the answer in `text`, or `None` when it holds no JSON object that fits `response`.

    JSON inside a code fence or after some prose is found; nothing is repaired.
    """
    for candidate in _objects(text):
        try:
            return response.model_validate_json(candidate)
        except ValidationError:
            continue
    return None


def _objects(text: str) -> list[str]:
    stripped = text.strip()
    found = [stripped] if stripped.startswith("{") else []
    decoder = json.JSONDecoder()
    place = stripped.find("{")
    for _ in range(5):
        if place < 0:
            break
        try:
            _, end = decoder.raw_decode(stripped, place)
        except (ValueError, RecursionError):
            place = stripped.find("{", place + 1)
            continue
        found.append(stripped[place:end])
        place = stripped.find("{", end)
    return found
