"""Ask any OpenAI-compatible server, through the openai SDK, with retries at this one layer.

The SDK's own retries are off. 408, 409, 429, 5xx and broken connections are tried again, honouring
Retry-After; what still fails is a completion with outcome `error`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
import openai
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_random_exponential,
)
from tenacity.stop import stop_base

from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, Outcome, Usage, read_answer
from agent.llm.budget import estimate_messages
from agent.llm.dialect import Dialect
from agent.llm.prices import PriceOf, cost_of, price_of

logger = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
_COMPLETIONS = "/chat/completions"
_TIMEOUT_SECONDS = 120.0
_ATTEMPTS = 4
_LONGEST_WAIT = 60.0
_LONGEST_ANSWER = 2_000_000
_TRANSIENT = frozenset({408, 409, 429})
_MISUNDERSTOOD = frozenset({400, 404, 422, 501})
_TOO_LONG = (
    "context_length",
    "context length",
    "maximum context",
    "context size",
    "too many tokens",
    "context window",
)
_KEY_FAULTS = {401: "the key was refused", 403: "the key may not use this model"}


class Pace(Protocol):
    """Keeps many callers of one endpoint to its limits; a batch run has one for all its accounts.

    With a pace, "too many requests" and an endpoint that is down slow everybody instead of failing the call:
    the pace decides how long, and ends a run that waits in vain by raising `LLMError` from `admit`.
    """

    @property
    def down(self) -> bool:
        """Tell whether the endpoint answers nobody at the moment."""
        ...

    async def admit(self, tokens: int) -> None:
        """Wait until a request of about so many tokens, in and out, may be sent."""
        ...

    def answered(self, headers: Mapping[str, str], reserved: int, used: int) -> None:
        """Take note of an answer: its rate-limit headers, and the tokens it really took."""
        ...

    def refused(self, status: int | None, retry_after: float | None, reserved: int) -> None:
        """Take note of a failure; `status` is `None` when no answer came."""
        ...


class OpenAILLM:
    """A model behind an OpenAI-compatible endpoint.

    `pace` is shared by all who ask it. `http_client` and `sleep` are there for tests. Raises `LLMError` when
    the configuration cannot work.
    """

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None = None,
        timeout: float = _TIMEOUT_SECONDS,
        attempts: int = _ATTEMPTS,
        price_of: PriceOf = price_of,
        pace: Pace | None = None,
        http_client: httpx2.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.base_url = (base_url or OPENAI_URL).strip()
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise LLMError(
                f"OPENAI_BASE_URL={self.base_url!r} is no http(s) address, for example {OPENAI_URL}"
            )
        if not api_key and self.base_url == OPENAI_URL:
            raise LLMError("no OPENAI_API_KEY is set; set it, or OPENAI_BASE_URL to a server that needs none")
        if api_key and not (api_key.isascii() and api_key.isprintable()):
            raise LLMError("OPENAI_API_KEY holds characters that no key has; copy it again")
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",
            base_url=self.base_url,
            timeout=timeout,
            max_retries=0,
            http_client=http_client or openai.DefaultAioHttpClient(timeout=timeout),
        )
        self._attempts = attempts
        self._price_of = price_of
        self._pace = pace
        self._sleep = sleep
        self._dialects: dict[str, Dialect] = {}

    @property
    def client(self) -> openai.AsyncOpenAI:
        """Return the SDK's client, for the other endpoints of the same server."""
        return self._client

    def settled(self, model: str) -> bool:
        """Tell whether an answer has shown how the endpoint wants to be asked for a model."""
        return model in self._dialects and self._dialects[model].settled

    def body(self, request: CompletionRequest) -> dict[str, Any]:  # Any: JSON of the request
        """Return a request's body as it would be sent now."""
        return self._dialects.setdefault(request.model, self._dialect()).body(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def complete(self, request: CompletionRequest) -> Completion:
        """Answer one request."""
        dialect = self._dialects.setdefault(request.model, self._dialect())
        usage, calls = Usage(), 0
        while True:
            try:
                payload = await self._send(dialect.body(request), size_of(request))
            except openai.APIStatusError as error:
                if too_long(str(error)):
                    return self._completion(
                        request, "truncated", "", "the prompt is longer than the model reads", usage, calls
                    )
                known = error.status_code in _MISUNDERSTOOD and "model_not_found" not in str(error)
                if known and not dialect.settled and dialect.learn(str(error)):
                    continue
                return self._completion(request, "error", "", explain(error), usage, calls)
            except openai.OpenAIError as error:
                return self._completion(request, "error", "", explain(error), usage, calls)
            outcome, text, detail, used = judge(payload, request)
            usage, calls = usage + used, calls + 1
            if outcome == "ok":
                dialect.settled = True
            elif outcome == "invalid" and not dialect.settled and calls == 1 and dialect.degrade():
                continue  # a server may take a schema and ignore it: ask once more, in a plainer way
            return self._completion(request, outcome, text, detail, usage, calls)

    def _dialect(self) -> Dialect:
        if self.base_url == OPENAI_URL:
            return Dialect(limit_field="max_completion_tokens")
        return Dialect()

    async def _send(self, arguments: dict[str, Any], tokens: int) -> object:
        pace = self._pace
        body = {"model": arguments["model"], "messages": arguments["messages"], **arguments}
        retrying = AsyncRetrying(
            stop=_Hopeless(self._attempts, pace),
            wait=_pause if pace is None else _pause_unless_paced,
            retry=retry_if_exception(is_transient if pace is None else _is_transient_when_paced),
            sleep=self._sleep,
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                if pace is not None:
                    await pace.admit(tokens)
                try:
                    # The SDK's walk over a body and over an answer takes longer than the rest of a call.
                    answer = await self._client.post(_COMPLETIONS, cast_to=httpx2.Response, body=body)
                except openai.APIStatusError as error:
                    if pace is not None:
                        pace.refused(error.status_code, _retry_after(error), tokens)
                    raise
                except openai.OpenAIError:
                    if pace is not None:
                        pace.refused(None, None, tokens)
                    raise
                payload = _payload(answer.content)
                if pace is not None:
                    used = usage_of(payload.get("usage")) if isinstance(payload, dict) else Usage()
                    pace.answered(answer.headers, tokens, used.input_tokens + used.output_tokens)
                return payload
        raise AssertionError("tenacity returns or raises")  # pragma: no cover

    def _completion(
        self, request: CompletionRequest, outcome: Outcome, text: str, detail: str, usage: Usage, calls: int
    ) -> Completion:
        price = self._price_of(request.model, self.base_url)
        if outcome != "ok":
            logger.warning("model %s: %s: %s", request.model, outcome, detail)
        return Completion(
            outcome=outcome,
            text=text,
            detail=detail,
            model=request.model,
            usage=usage,
            calls=calls,
            cost_usd=cost_of(usage, price),
        )


def _payload(content: bytes) -> object:
    if len(content) > _LONGEST_ANSWER:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def too_long(message: str) -> bool:
    """Tell whether a server's complaint is that the prompt is longer than the model reads."""
    return any(mark in message.lower() for mark in _TOO_LONG)


def judge(payload: object, request: CompletionRequest) -> tuple[Outcome, str, str, Usage]:
    """Say what came back: outcome, text, detail, usage. Trusts no field to be there or of its type."""
    if not isinstance(payload, dict):
        return "invalid", "", "the server's answer is no JSON object", Usage()
    usage = usage_of(payload.get("usage"))
    choices = payload.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return "invalid", "", "the server's answer has no message", usage
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    refusal = message.get("refusal")
    if refusal or choice.get("finish_reason") == "content_filter":
        return "refused", text, str(refusal or "stopped by the server's content filter")[:300], usage
    if read_answer(text, request.response) is not None:
        return "ok", text, "", usage
    if choice.get("finish_reason") == "length":
        return "truncated", text, f"stopped at {request.max_output_tokens} output tokens", usage
    return "invalid", text, "the answer does not fit the schema" if text else "the answer is empty", usage


def usage_of(said: object) -> Usage:
    """Return the tokens that an answer says it took; what makes no sense counts as none."""
    if not isinstance(said, dict):
        return Usage()
    details = said.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    numbers = (said.get("prompt_tokens"), said.get("completion_tokens"), cached)
    given = [n if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9 else 0 for n in numbers]
    return Usage(input_tokens=given[0], output_tokens=given[1], cached_input_tokens=given[2])


def is_transient(error: BaseException) -> bool:
    """Tell whether asking again in a while may do better."""
    if isinstance(error, openai.APIStatusError):
        if "insufficient_quota" in str(error) or (_retry_after(error) or 0) > _LONGEST_WAIT:
            return False
        return error.status_code in _TRANSIENT or (error.status_code >= 500 and error.status_code != 501)
    return isinstance(error, openai.APIConnectionError)


def _is_transient_when_paced(error: BaseException) -> bool:
    """As without a pace, but a long Retry-After is waited for: many accounts are worth an hour's patience."""
    if isinstance(error, openai.APIStatusError) and error.status_code == 429:
        return "insufficient_quota" not in str(error)
    return is_transient(error) or (isinstance(error, openai.APIStatusError) and error.status_code == 503)


class _Hopeless(stop_base):
    """Stops after so many attempts; with a pace, refusals for rate and a dead endpoint do not count."""

    def __init__(self, attempts: int, pace: Pace | None) -> None:
        self._attempts = attempts
        self._pace = pace

    def __call__(self, state: RetryCallState) -> bool:
        if self._pace is not None:
            error = state.outcome.exception() if state.outcome else None
            if self._pace.down or (isinstance(error, openai.APIStatusError) and error.status_code == 429):
                return False
        return state.attempt_number >= self._attempts


def size_of(request: CompletionRequest) -> int:
    """Return about how many tokens a request and its answer may take."""
    return estimate_messages(request.messages) + request.max_output_tokens


_backoff = wait_random_exponential(multiplier=0.5, max=20)


def _pause_unless_paced(state: RetryCallState) -> float:
    """Return no wait of its own for what the pace waits for: a refusal with its time, a dead endpoint."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, openai.APIStatusError) and (error.status_code == 429 or _retry_after(error)):
        return 0.0
    return _backoff(state)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = _retry_after(error) if isinstance(error, openai.APIStatusError) else None
    return asked if asked is not None else _backoff(state)


def _retry_after(error: openai.APIStatusError) -> float | None:
    value = str(error.response.headers.get("retry-after", "")).strip()
    if value.replace(".", "", 1).isdigit() and value.isascii():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def explain(error: openai.OpenAIError) -> str:
    """Return an error in a few words."""
    if isinstance(error, openai.APIStatusError):
        reason = _KEY_FAULTS.get(error.status_code, " ".join(str(error.message).split())[:200])
        return f"HTTP {error.status_code}: {reason}"
    if isinstance(error, openai.APIConnectionError):
        if _is_late(error):
            return "no answer in time"
        return f"no connection: {error.__cause__ or error}"[:200]
    return " ".join(str(error).split())[:200]


def _is_late(error: openai.APIConnectionError) -> bool:
    """Tell whether time ran out; over aiohttp the SDK calls a refused connection that too."""
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    return isinstance(root, (TimeoutError, httpx2.TimeoutException, openai.APITimeoutError))
