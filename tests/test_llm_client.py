"""Any OpenAI-compatible server: what it does is an outcome, never an exception."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, Message
from agent.llm.client import OpenAILLM
from agent.llm.prices import FREE, Price

Handler = Callable[[httpx2.Request], httpx2.Response]


class Pet(BaseModel):
    name: str
    legs: int | None


ASK = CompletionRequest(
    model="tiny-1",
    prompt_id="extract/v1@000000000000",
    messages=(Message(role="system", content="Describe."), Message(role="user", content="A dog.")),
    response=Pet,
)
GOOD = '{"name": "dog", "legs": 4}'


def answer(content: str | None = GOOD, finish: str = "stop", **message: Any) -> httpx2.Response:
    return httpx2.Response(
        200,
        json={
            "choices": [{"finish_reason": finish, "message": {"content": content, **message}}],
            "usage": {
                "prompt_tokens": 100,
                "completion_tokens": 10,
                "prompt_tokens_details": {"cached_tokens": 40},
            },
        },
    )


def fault(status: int, message: str, headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": message}}, headers=headers)


class Server:
    """A queue of responses in, the request bodies and the waits out."""

    def __init__(self, *responses: httpx2.Response | Exception, **options: Any) -> None:
        self.responses = list(responses)
        self.asked: list[dict[str, Any]] = []
        self.waits: list[float] = []
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self._handle))
        options.setdefault("base_url", "https://models.example/v1")
        self.llm = OpenAILLM(api_key="k", http_client=client, sleep=self._sleep, **options)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        return response

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def ask(self) -> Completion:
        return await self.llm.complete(ASK)

    @property
    def formats(self) -> list[str | None]:
        return [each.get("response_format", {}).get("type") for each in self.asked]


async def test_a_good_answer_carries_usage_and_the_strict_schema_was_sent() -> None:
    server = Server(answer())
    found = await server.ask()
    assert (found.outcome, found.text, found.calls) == ("ok", GOOD, 1)
    assert (found.usage.input_tokens, found.usage.output_tokens, found.usage.cached_input_tokens) == (
        100,
        10,
        40,
    )
    assert found.cost_usd is None
    sent = server.asked[0]["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"]["required"] == ["name", "legs"]
    assert server.asked[0]["max_tokens"] == 2000


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (answer(None, refusal="I cannot help with that"), "refused"),
        (answer("", finish="content_filter"), "refused"),
        (answer('{"name": "do', finish="length"), "truncated"),
        (answer('{"name": "dog"}'), "invalid"),
        (answer("I like dogs."), "invalid"),
        (answer('{"name": "dog", "legs": "four hundred"}'), "invalid"),
        (answer(""), "invalid"),
        (httpx2.Response(200, text="<html>maintenance</html>"), "invalid"),
        (httpx2.Response(200, json={"choices": []}), "invalid"),
        (httpx2.Response(200, json=[1, 2]), "invalid"),
        (httpx2.Response(200, json={"choices": [{"message": "x"}], "usage": "many"}), "invalid"),
        (httpx2.Response(200, content=b"[" * 100_000), "invalid"),
        (fault(401, "bad key"), "error"),
        (fault(404, "the model is gone, code model_not_found"), "error"),
        (fault(429, "You exceeded your quota: insufficient_quota"), "error"),
        (fault(400, "This model's maximum context length is 4096 tokens"), "truncated"),
    ],
)
async def test_every_bad_answer_is_an_outcome(response: httpx2.Response, outcome: str) -> None:
    found = await Server(response).ask()
    assert found.outcome == outcome
    assert found.detail


async def test_json_is_found_in_a_fence_and_after_prose() -> None:
    server = Server(answer(f"Here you are:\n```json\n{GOOD}\n```\nAnything else?"))
    assert (await server.ask()).outcome == "ok"


async def test_rate_limits_wait_as_long_as_the_server_asks() -> None:
    server = Server(fault(429, "slow down", {"retry-after": "7"}), answer())
    assert (await server.ask()).outcome == "ok"
    assert server.waits == [7.0]


async def test_server_errors_are_tried_again_and_then_given_up() -> None:
    server = Server(fault(500, "oops"))
    found = await server.ask()
    assert (found.outcome, found.calls, len(server.asked)) == ("error", 0, 4)
    assert "HTTP 500" in found.detail
    assert len(server.waits) == 3


async def test_a_retry_after_beyond_a_minute_is_not_waited_for() -> None:
    server = Server(fault(429, "later", {"retry-after": "3600"}))
    assert (await server.ask()).outcome == "error"
    assert server.waits == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpx2.ReadTimeout("slow"), "no answer in time"),
        (httpx2.ConnectError("refused"), "no connection"),
    ],
)
async def test_a_broken_connection_is_an_outcome(error: Exception, said: str) -> None:
    found = await Server(error).ask()
    assert found.outcome == "error"
    assert said in found.detail


async def refused(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer):
        await reader.read()


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
        content = answer().content if b"authorization: bearer k" in head else b""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))


@pytest.mark.parametrize(
    ("serve", "outcome", "said"),
    [
        (answering, "ok", ""),
        (refused, "error", "no connection: Server disconnected"),
        (silent, "error", "no answer in time"),
        (None, "error", "no connection: Cannot connect to host 127.0.0.1"),
    ],
)
async def test_what_becomes_of_a_real_connection_is_told(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] | None,
    outcome: str,
    said: str,
) -> None:
    server = await asyncio.start_server(serve or silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if serve is None:
        server.close()
    llm = OpenAILLM(api_key="k", base_url=f"http://127.0.0.1:{port}/v1", timeout=0.2, attempts=1)
    try:
        found = await llm.complete(ASK)
    finally:
        await llm.aclose()
        server.close()
    assert (found.outcome, found.detail[: len(said)]) == (outcome, said)


async def test_a_server_without_schemas_is_asked_in_plainer_ways_and_remembered() -> None:
    server = Server(
        fault(400, "response_format json_schema is not supported"),
        fault(422, "unknown field response_format"),
        answer(),
    )
    assert (await server.ask()).outcome == "ok"
    assert server.formats == ["json_schema", "json_object", None]
    assert "JSON schema" in server.asked[2]["messages"][0]["content"]
    assert (await server.ask()).outcome == "ok"
    assert server.formats[3:] == [None]


async def test_a_server_that_ignores_the_schema_is_asked_once_more_and_both_answers_count() -> None:
    server = Server(answer("Dogs are great!"), answer())
    found = await server.ask()
    assert (found.outcome, found.calls, found.usage.input_tokens) == ("ok", 2, 200)
    assert server.formats == ["json_schema", "json_object"]


async def test_after_a_good_answer_nonsense_is_not_asked_again() -> None:
    server = Server(answer(), answer("Dogs are great!"))
    await server.ask()
    found = await server.ask()
    assert (found.outcome, found.calls) == ("invalid", 1)


async def test_token_field_and_temperature_follow_the_servers_complaints() -> None:
    server = Server(
        fault(400, "Unsupported parameter: 'max_tokens', use 'max_completion_tokens'"),
        fault(400, "Unsupported value: 'temperature' does not support 0"),
        answer(),
    )
    assert (await server.ask()).outcome == "ok"
    assert "max_completion_tokens" in server.asked[2]
    assert "temperature" not in server.asked[2]
    assert server.formats[2] == "json_schema"


async def test_a_server_that_never_understands_ends_as_an_error() -> None:
    server = Server(fault(400, "bad request"))
    found = await server.ask()
    assert found.outcome == "error"
    assert len(server.asked) <= 5


async def test_cost_is_counted_for_a_known_price_and_unknown_otherwise() -> None:
    known = Server(answer(), price_of=lambda *_: Price(1.0, 0.5, 2.0))
    assert (await known.ask()).cost_usd == pytest.approx((60 * 1.0 + 40 * 0.5 + 10 * 2.0) / 1e6)
    assert (await Server(answer(), base_url="http://127.0.0.1:1/v1").ask()).cost_usd == 0.0
    assert FREE.output == 0.0


@pytest.mark.parametrize(
    ("key", "url", "said"),
    [
        (None, None, "OPENAI_API_KEY"),
        ("k", "models.example/v1", "OPENAI_BASE_URL"),
        ("k", "ftp://models.example", "OPENAI_BASE_URL"),
        ("k\nX-Evil: 1", None, "OPENAI_API_KEY"),
        ("schlüssel", None, "OPENAI_API_KEY"),
    ],
)
def test_a_configuration_that_cannot_work_is_one_clear_error(
    key: str | None, url: str | None, said: str
) -> None:
    with pytest.raises(LLMError, match=said):
        OpenAILLM(api_key=key, base_url=url)
