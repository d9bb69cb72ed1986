"""`--llm-batch`: requests go out together for half the price, survive a kill, and are never paid for twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from pydantic import BaseModel

from agent.batch.desk import BatchDesk
from agent.batch.limits import AwaitsBatch, LimitReached, RunLimits
from agent.batch.payments import PaidLLM
from agent.cli import main
from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, Message, request_key
from agent.llm.batches import OpenAIBatches
from agent.llm.client import OpenAILLM
from agent.llm.prices import Price
from agent.store.batched import NotedRequest
from agent.store.ledger import Ledger
from agent.store.store import Store
from evals.bench.batch_api import FakeBatchAPI, Fault
from evals.bench.batch_command import TIMELESS, finish, start, timeless_reports
from evals.bench.batch_world import WorldSettings, serving, write_list

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PRICE = Price(2.0, 1.0, 8.0)


class Answer(BaseModel):
    """The shape of an answer in these tests."""

    said: str


def request(text: str) -> CompletionRequest:
    return CompletionRequest("m", "p/v1@0", (Message(role="user", content=text),), Answer)


class Endpoint:
    """A fake endpoint with chat completions and batches, behind the SDK's own transport."""

    def __init__(self, *, fault: Fault = "none", said: str = '{"said": "x"}', seconds: float = 0.0) -> None:
        self.live = 0
        self.said = said
        self.api = FakeBatchAPI(self.answer, seconds=seconds, fault=fault)

    def answer(self, body: dict[str, object]) -> tuple[int, bytes]:
        message = {"role": "assistant", "content": self.said}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 1_000, "completion_tokens": 100}
        return 200, json.dumps({"id": "a", "choices": [choice], "usage": usage}).encode()

    def handle(self, asked: httpx2.Request) -> httpx2.Response:
        path = asked.url.path.removeprefix("/v1")
        if path == "/chat/completions":
            self.live += 1
            status, content = self.answer(json.loads(asked.content))
        else:
            status, content = self.api.handle(asked.method, path, asked.content)
        return httpx2.Response(status, content=content, headers={"content-type": "application/json"})


async def no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


def make_desk(
    store: Store, endpoint: Endpoint, limits: RunLimits | None = None, **options: bool
) -> BatchDesk:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(endpoint.handle))
    llm = OpenAILLM(
        api_key="k",
        base_url="http://127.0.0.1:1/v1",
        http_client=client,
        price_of=lambda *_: PRICE,
        sleep=no_sleep,
    )
    return BatchDesk(
        llm, OpenAIBatches(llm, sleep=no_sleep), store, "run", limits or RunLimits(price=PRICE), PRICE,
        lambda: NOW, sleep=no_sleep, **options,
    )  # fmt: skip


def model_of(desk: BatchDesk, domain: str, noted: list[NotedRequest]) -> PaidLLM:
    return PaidLLM(
        desk.llm, store=desk.store, run_id="run", domain=domain, limits=desk.limits, clock=lambda: NOW,
        calls=set(), failures=[], desk=desk, noted=noted,
    )  # fmt: skip


async def ask(desk: BatchDesk, texts: list[str], domain: str = "a.example") -> list[Completion]:
    """Ask as one account does; what waits for a batch is noted and raised as `AwaitsBatch`."""
    noted: list[NotedRequest] = []
    model = model_of(desk, domain, noted)
    results = await asyncio.gather(*(model.complete(request(text)) for text in texts), return_exceptions=True)
    if any(isinstance(each, AwaitsBatch) for each in results):
        desk.kept.note("run", domain, noted, "{}")
    for each in results:
        if isinstance(each, BaseException):
            raise each
    return [each for each in results if isinstance(each, Completion)]


async def test_a_batch_costs_half_and_its_answers_are_kept_like_any_other(
    tmp_path: Path, database_url: str | None
) -> None:
    endpoint = Endpoint()
    with Store(tmp_path, database_url) as store:
        desk = make_desk(store, endpoint)
        (first,) = await ask(desk, ["how does it want to be asked"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1", "q2"])
        assert await desk.turn(asyncio.Event())
        again = await ask(desk, ["q1", "q2"])
        assert [each.cost_usd for each in (first, *again)] == [0.0028, 0.0014, 0.0014]
        assert all(each.outcome == "ok" and not each.from_cache for each in again)
        assert Ledger(store).spent("run").cost_usd == pytest.approx(0.0056)
        assert (endpoint.live, len(endpoint.api.sent)) == (1, 2)
        assert set(endpoint.api.sent) == {request_key(request("q1")), request_key(request("q2"))}
        # A second time nobody is asked, whatever the desk knows.
        assert await ask(desk, ["q1", "q2"]) == again
        assert not await desk.turn(asyncio.Event())
        assert desk.kept.figures("run") == {"batches": 1, "waiting": 0, "answered": 2, "asked_again": 0}


@pytest.mark.parametrize("fault", ["expires", "items_fail"])
async def test_an_item_that_came_to_nothing_is_asked_by_itself_and_told(tmp_path: Path, fault: Fault) -> None:
    endpoint = Endpoint(fault=fault)
    with Store(tmp_path) as store:
        desk = make_desk(store, endpoint)
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1", "q2", "q3", "q4"])
        assert await desk.turn(asyncio.Event())
        answers = await ask(desk, ["q1", "q2", "q3", "q4"])
        assert [each.outcome for each in answers] == ["ok"] * 4
        assert sorted(each.cost_usd or 0 for each in answers) == [0.0014, 0.0014, 0.0028, 0.0028]
        assert endpoint.live == 3
        assert desk.kept.figures("run")["asked_again"] == 2


async def test_a_batch_whose_creation_was_not_heard_of_is_found_not_made_twice(tmp_path: Path) -> None:
    endpoint = Endpoint(fault="unheard")
    with Store(tmp_path) as store:
        desk = make_desk(store, endpoint)
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1"])
        assert await desk.turn(asyncio.Event())
        assert len(endpoint.api.batches) == 1


async def test_a_process_that_died_before_it_heard_the_batchs_name_finds_it(
    tmp_path: Path, database_url: str | None
) -> None:
    endpoint = Endpoint()
    with Store(tmp_path, database_url) as store:
        desk = make_desk(store, endpoint)
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1"])
        (noted,) = desk.kept.noted("run", most=9, most_bytes=9_999, most_tokens=9_999)
        desk.kept.begin("run", "token-1", [noted.key], now=NOW)
        await desk.api.submit([noted.line], "token-1")  # and here the process is gone
        later = make_desk(store, endpoint)
        assert later.limits.waits_for_batches
        assert await later.turn(asyncio.Event())
        assert [each.outcome for each in await ask(later, ["q1"])] == ["ok"]
        assert len(endpoint.api.batches) == 1
        assert not later.limits.waits_for_batches


async def test_a_full_queue_is_waited_for_with_smaller_batches(tmp_path: Path) -> None:
    endpoint = Endpoint(fault="queue_full")
    with Store(tmp_path) as store:
        desk = make_desk(store, endpoint)
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, [f"q{n}" for n in range(8)])
        stop, turns = asyncio.Event(), 0
        while await desk.turn(stop):
            turns += 1
            assert turns < 20
        assert len(endpoint.api.sent) == len(set(endpoint.api.sent)) == 8
        assert max(len(each.lines) for each in endpoint.api.batches.values() if each.status != "failed") < 8
        assert len(await ask(desk, [f"q{n}" for n in range(8)])) == 8


async def test_a_batch_that_is_refused_for_good_ends_the_run_in_one_line(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        desk = make_desk(store, Endpoint(fault="refuses"))
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1"])
        with pytest.raises(LLMError, match=r"model_not_found.*without --llm-batch"):
            await desk.turn(asyncio.Event())
        assert desk.kept.held("run").calls == 1  # the request is kept for the next try


async def test_requests_that_wait_hold_their_room_in_the_runs_limits(
    tmp_path: Path, database_url: str | None
) -> None:
    with Store(tmp_path, database_url) as store:
        desk = make_desk(store, Endpoint(), RunLimits(max_calls=3, price=PRICE))
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1", "q2"])
        with pytest.raises(LimitReached, match="max-calls"):
            await ask(desk, ["q3"], "b.example")
        assert desk.limits.waits_for_batches
        assert await desk.turn(asyncio.Event())
        assert not desk.limits.waits_for_batches
        assert (desk.limits.calls, desk.limits.cost_usd) == (3, pytest.approx(0.0056))


async def _stop(stop: asyncio.Event) -> None:
    stop.set()


async def test_going_on_without_batches_cancels_them_and_asks_the_rest_at_once(
    tmp_path: Path, database_url: str | None
) -> None:
    endpoint = Endpoint(seconds=600.0)
    with Store(tmp_path, database_url) as store:
        desk = make_desk(store, endpoint)
        await ask(desk, ["first"])
        with pytest.raises(AwaitsBatch):
            await ask(desk, ["q1"])
        stop = asyncio.Event()
        desk.sleep = lambda seconds: _stop(stop)
        assert await desk.turn(stop)
        later = make_desk(store, endpoint, collects=False)
        await later.give_up()
        while await later.turn(asyncio.Event()):
            pass
        (answer,) = await ask(later, ["q1"])
        assert (answer.outcome, answer.cost_usd) == ("ok", 0.0028)
        assert next(iter(endpoint.api.batches.values())).status == "cancelled"
        assert endpoint.live == 2


async def test_an_endpoint_without_batches_says_so(tmp_path: Path) -> None:
    def nothing(asked: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(404, json={"error": {"message": "not found"}})

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(nothing))
    llm = OpenAILLM(api_key="k", base_url="http://127.0.0.1:1/v1", http_client=client)
    with pytest.raises(LLMError, match=r"has no Batch API.*without --llm-batch"):
        await OpenAIBatches(llm, sleep=no_sleep).submit(["{}"], "t")


COMPANIES = 3


def test_a_run_killed_while_its_batch_is_pending_finds_it_and_ends_like_a_live_one(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    write_list(accounts, COMPANIES)
    quick = WorldSettings(latency=0.0, model_latency=0.01, page_kilobytes=2, cut_off_every=3)
    with serving(quick) as world:
        finish(start(world, accounts, tmp_path / "live", tmp_path / "live-home"))
        live = world.seen()
    with serving(WorldSettings(**{**vars(quick), "batch_seconds": 2.0})) as world:
        process = start(world, accounts, tmp_path / "out", tmp_path / "home", "--llm-batch")
        deadline = time.monotonic() + 60
        while not world.seen().batches and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        pages = world.seen().web
        finish(start(world, accounts, tmp_path / "out", tmp_path / "home", "--llm-batch"))
        seen = world.seen()
    assert seen.repeats == 0
    assert seen.model == live.model  # the same questions, halves of cut-off answers included
    # Each of the two sessions learns how to ask from one live call, from three where answers are cut off.
    assert seen.batched >= live.model - 2 * 3
    assert seen.web == pages  # and not a page was read again
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["llm_batch"]["answered"] == seen.batched
    for name in TIMELESS:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "live" / name).read_bytes(), name
    assert timeless_reports(tmp_path / "out") == timeless_reports(tmp_path / "live")


def test_batches_need_a_model(tmp_path: Path) -> None:
    write_list(tmp_path / "a.csv", 1)
    command = ["batch", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out"), "--llm-batch"]
    assert main([*command, "--extractor", "rules"]) == 2
