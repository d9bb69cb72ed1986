"""The Batch API of an OpenAI-compatible endpoint: a file of requests in, a file of answers within a day, for half.

A batch carries a token of ours in its metadata, so that one whose creation was not heard of (a timeout, a
killed process) is found instead of made twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import openai
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, Usage
from agent.llm.client import OpenAILLM, explain, is_transient, judge, too_long, usage_of
from agent.llm.prices import Price, cost_of

T = TypeVar("T")
logger = logging.getLogger(__name__)

MOST_REQUESTS = 20_000
MOST_BYTES = 90_000_000
"""Well inside what the API takes (50,000 requests, 200 MB): a file is held in memory once."""
_ENDPOINT: Final = "/v1/chat/completions"
_MARK = "dossier_batch"
_MOST_LISTED = 1_000
_ENDED = frozenset({"completed", "expired", "cancelled", "failed"})
_ATTEMPTS = 6


class BatchState(NamedTuple):
    """How a batch stands. `total`, `answered` and `failed` count its requests as the server does."""

    id: str
    status: str
    total: int
    answered: int
    failed: int
    files: tuple[str, ...]
    detail: str
    queue_full: bool

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will come."""
        return self.status in _ENDED


class BatchItem(NamedTuple):
    """What came for one request: the server's own JSON, and the tokens charged, `None` when it failed."""

    key: str
    raw: str
    usage: Usage | None


class OpenAIBatches:
    """Batches at the endpoint that an `OpenAILLM` speaks to, in the way it has learnt to ask there.

    What passes (a lost connection, 429, 5xx) is tried again a few times and then raised as it is; `passing`
    tells it from what ends a run, which is an `LLMError`. `sleep` is there for tests.
    """

    def __init__(self, llm: OpenAILLM, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._llm, self._client, self._sleep = llm, llm.client, sleep

    def line(self, key: str, request: CompletionRequest) -> str:
        """Return a request as one line of a batch file."""
        body = self._llm.body(request)
        return json.dumps(
            {"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": body}, ensure_ascii=False
        )

    async def submit(self, lines: list[str], token: str) -> BatchState:
        """Upload requests and make a batch of them; one that exists under the token is returned instead."""
        content = ("\n".join(lines) + "\n").encode()
        file = await self._ask(
            lambda: self._client.files.create(file=(f"{token}.jsonl", content), purpose="batch")
        )

        tries = 0

        async def create() -> BatchState:
            nonlocal tries
            tries += 1
            # A call that failed may have made it all the same.
            made = await self._find(token) if tries > 1 else None
            return made or _state(
                await self._client.batches.create(
                    input_file_id=file.id,
                    endpoint=_ENDPOINT,
                    completion_window="24h",
                    metadata={_MARK: token},
                )
            )

        return await self._ask(create)

    async def find(self, token: str) -> BatchState | None:
        """Return the batch that was made under a token, among the newest thousand."""
        return await self._ask(lambda: self._find(token))

    async def _find(self, token: str) -> BatchState | None:
        seen = 0
        listed = await self._client.batches.list(limit=100)
        while True:
            for batch in listed.data:
                if (batch.metadata or {}).get(_MARK) == token:
                    return _state(batch)
            seen += len(listed.data)
            if not listed.data or seen >= _MOST_LISTED or not listed.has_next_page():
                return None
            listed = await listed.get_next_page()

    async def check(self, batch_id: str) -> BatchState:
        """Return how a batch stands."""
        return await self._ask(lambda: self._check(batch_id))

    async def _check(self, batch_id: str) -> BatchState:
        return _state(await self._client.batches.retrieve(batch_id))

    async def cancel(self, batch_id: str) -> None:
        """Ask the server to end a batch; what it has answered is still handed out (and charged)."""
        await self._ask(lambda: self._client.batches.cancel(batch_id))

    async def items(self, state: BatchState) -> list[BatchItem]:
        """Return what came for the requests of a batch that ended, answers before failures."""
        found: list[BatchItem] = []
        for name in state.files:
            found.extend(_items(await self._ask(partial(self._content, name))))
        return found

    async def _content(self, name: str) -> bytes:
        return (await self._client.files.content(name)).content

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.5, max=20),
            retry=retry_if_exception(is_transient),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    return await call()
        except openai.OpenAIError as error:
            if is_transient(error):
                raise
            if isinstance(error, openai.NotFoundError):
                raise LLMError(
                    f"{self._llm.base_url} has no Batch API for this ({explain(error)}); "
                    "run the same command without --llm-batch"
                ) from error
            raise LLMError(
                f"the Batch API at {self._llm.base_url} refuses ({explain(error)}); mend that and run the same "
                "command again"
            ) from error
        raise AssertionError("tenacity returns or raises")  # pragma: no cover


def passing(error: BaseException) -> bool:
    """Tell whether an error of the endpoint may be gone in a while."""
    return isinstance(error, openai.OpenAIError) and is_transient(error)


def read_item(raw: str, request: CompletionRequest, price: Price | None) -> Completion | None:
    """Return what came for a request as a completion, or `None` when it failed and may be asked otherwise."""
    response = _dict(_load(raw).get("response"))
    body = response.get("body")
    if response.get("status_code") != 200 or not isinstance(body, dict):
        if too_long(json.dumps(body if body is not None else _load(raw).get("error"))):
            return Completion(
                outcome="truncated", detail="the prompt is longer than the model reads", model=request.model
            )
        return None
    outcome, text, detail, usage = judge(body, request)
    return Completion(
        outcome=outcome,
        text=text,
        detail=detail,
        model=request.model,
        usage=usage,
        cost_usd=cost_of(usage, price),
    )


def _items(content: bytes) -> Iterator[BatchItem]:
    for line in content.decode("utf-8", "replace").splitlines():
        value = _load(line)
        key = value.get("custom_id")
        if not isinstance(key, str):
            continue
        response = _dict(value.get("response"))
        body = response.get("body")
        charged = response.get("status_code") == 200 and isinstance(body, dict)
        yield BatchItem(
            key, line, usage_of(body.get("usage")) if charged and isinstance(body, dict) else None
        )


def _load(text: str) -> dict[str, Any]:  # Any: a server's JSON
    try:
        return _dict(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _dict(value: object) -> dict[str, Any]:  # Any: a server's JSON
    return value if isinstance(value, dict) else {}


def _state(batch: Any) -> BatchState:  # Any: the SDK's model, filled by whatever server answered
    counts = batch.request_counts
    faults = list(getattr(batch.errors, "data", None) or [])
    said = "; ".join(f"{fault.code or 'error'}: {fault.message or ''}" for fault in faults[:3])
    return BatchState(
        id=str(batch.id),
        status=str(batch.status),
        total=int(counts.total or 0) if counts else 0,
        answered=int(counts.completed or 0) if counts else 0,
        failed=int(counts.failed or 0) if counts else 0,
        files=tuple(name for name in (batch.output_file_id, batch.error_file_id) if name),
        detail=" ".join(said.split())[:300],
        queue_full=batch.status == "failed" and any("limit" in str(fault.code) for fault in faults),
    )
