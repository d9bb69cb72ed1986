"""Shared limits slow a run down instead of failing its rows; what is down for good ends it in one line."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from scripted_llm import ScriptedLLM

from agent.batch.limits import LimitReached, RunLimits
from agent.batch.outage import OutageWatch, unreached
from agent.batch.pace import EndpointPace, Rate, parse_duration
from agent.batch.payments import PaidLLM
from agent.errors import LLMError
from agent.llm.api import Completion, CompletionRequest, Message, Usage
from agent.llm.prices import Price
from agent.models import AccountEntry, AccountReport, FailureReason, FetchFailure, RunRecord
from agent.store.ledger import Ledger, Spent
from agent.store.store import Store
from tools.fetching.pace import HostLimits

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def make_pace(
    clock: Clock, *, rpm: float | None = None, tpm: float | None = None, **patience: float
) -> EndpointPace:
    return EndpointPace(
        requests=Rate(rpm, clock), tokens=Rate(tpm, clock), clock=clock, sleep=clock.sleep, **patience
    )


async def test_a_minute_of_requests_keeps_the_stated_rates() -> None:
    clock = Clock()
    pace = make_pace(clock, rpm=60, tpm=6_000)
    sent = []
    while clock.now < 220:
        await pace.admit(200)  # 30 of these fill a minute's tokens, 60 a minute's requests
        sent.append(clock.now)
    for start in sent:
        assert sum(start <= moment < start + 60 for moment in sent) <= 31
    assert 0.9 * 60 <= len(sent) <= 62


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 5_000), min_size=5, max_size=60))
def test_no_window_takes_more_than_its_limit_and_a_second(amounts: list[int]) -> None:
    clock = Clock()
    rate = Rate(60_000, clock)

    async def take_all() -> list[tuple[float, int]]:
        taken = []
        for amount in amounts:
            wait = await rate.take(amount)
            clock.now += wait
            taken.append((clock.now, amount))
        return taken

    taken = asyncio.run(take_all())
    for start, _ in taken:
        within = [amount for moment, amount in taken if start <= moment < start + 60]
        assert sum(within[:-1]) <= 60_000 + 1_000


async def test_unused_tokens_go_back_so_that_the_limit_is_used() -> None:
    clock = Clock()
    pace = make_pace(clock, tpm=60_000)
    for _ in range(60):
        await pace.admit(2_000)
        pace.answered({}, 2_000, 1_000)
        await asyncio.sleep(0)
    assert clock.now - 100 == pytest.approx(60, rel=0.08)


async def test_a_long_line_goes_at_what_answers_take_not_at_what_was_estimated() -> None:
    clock = Clock()
    pace = make_pace(clock, tpm=60_000)

    async def ask() -> None:
        await pace.admit(2_000)
        pace.answered({}, 2_000, 1_000)

    line = [asyncio.ensure_future(ask()) for _ in range(60)]
    await asyncio.sleep(0)
    assert pace.wait == pytest.approx(120, rel=0.05)  # as far as one can tell from estimates
    await asyncio.gather(*line)
    assert clock.now - 100 == pytest.approx(60, rel=0.08)
    assert pace.wait == 0.0


async def test_without_a_known_limit_the_first_in_line_tells_how_long_the_wait_is() -> None:
    clock = Clock()
    pace = make_pace(clock)
    pace.answered({}, 0, 0)
    pace.refused(429, 30.0, 0)
    waiting = asyncio.ensure_future(pace.admit(10))
    seen = []
    while not waiting.done():
        await asyncio.sleep(0)
        seen.append(pace.wait)
    assert max(seen) == pytest.approx(30)


async def test_too_many_requests_makes_everybody_wait() -> None:
    clock = Clock()
    pace = make_pace(clock)
    await pace.admit(10)
    pace.refused(429, 30.0, 10)
    await pace.admit(10)
    assert clock.now >= 130
    assert not pace.down


async def test_a_dead_endpoint_is_tried_ever_more_rarely_and_one_at_a_time() -> None:
    clock = Clock()
    pace = make_pace(clock)
    pace.answered({}, 0, 0)
    tries = 0
    while clock.now < 100 + 3_600:
        await pace.admit(1)
        pace.refused(None, None, 1)
        tries += 1
    assert tries < 160
    assert pace.down
    pace.answered({}, 1, 1)
    assert not pace.down


async def test_patience_ends_the_run_in_one_clear_line() -> None:
    clock = Clock()
    pace = make_pace(clock, patience=600.0, first_patience=60.0)

    async def try_until_it_gives_up() -> None:
        while True:
            await pace.admit(1)
            pace.refused(503, None, 1)
            clock.now += 1

    with pytest.raises(LLMError, match="run the same command again"):
        await try_until_it_gives_up()
    assert clock.now < 300  # an endpoint that never answered gets less patience


async def test_a_refused_key_ends_the_run_at_once() -> None:
    pace = make_pace(Clock())
    with pytest.raises(LLMError, match="OPENAI_API_KEY"):
        pace.refused(401, None, 1)


async def test_rate_limit_headers_are_adopted_and_an_empty_bucket_is_waited_for() -> None:
    clock = Clock()
    tokens = Rate(None, clock)
    pace = EndpointPace(requests=Rate(None, clock), tokens=tokens, clock=clock, sleep=clock.sleep)
    pace.answered({"x-ratelimit-limit-tokens": "30000", "x-ratelimit-remaining-tokens": "100"}, 1, 1)
    assert tokens.per_minute == 30_000
    pace.answered({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "12s"}, 1, 1)
    await pace.admit(1)
    assert clock.now >= 112


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("6m0s", 360), ("250ms", 0.25), ("1.5", 1.5), ("1h2m", 3720), ("soon", None), ("", None), ("5x", None)],
)
def test_durations_of_headers(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == (pytest.approx(seconds) if seconds is not None else None)


class Answer(BaseModel):
    """The shape of an answer in these tests."""

    said: str


def request(text: str) -> CompletionRequest:
    return CompletionRequest("m", "p/v1@0", (Message(role="user", content=text),), Answer)


def completion(cost: float | None = 0.01) -> Completion:
    usage = Usage(input_tokens=100, output_tokens=10)
    return Completion(outcome="ok", text='{"said": "x"}', model="m", usage=usage, cost_usd=cost)


def paid(
    store: Store, inner: ScriptedLLM, limits: RunLimits, *, run: str = "run-1", domain: str = "a.example"
) -> PaidLLM:
    return PaidLLM(
        inner,
        store=store,
        run_id=run,
        domain=domain,
        limits=limits,
        clock=lambda: NOW,
        calls=set(),
        failures=[],
    )


async def test_a_completion_is_paid_once_and_told_the_same_way_within_its_run(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        model = ScriptedLLM([completion()])
        first = await paid(store, model, RunLimits()).complete(request("q"))
        again = await paid(store, model, RunLimits()).complete(request("q"))
        assert again == first  # a crash in between changes neither receipt nor budget
        other = await paid(store, model, RunLimits(), run="run-2").complete(request("q"))
        assert (other.from_cache, other.calls, other.cost_usd) == (True, 0, 0.0)
        assert len(model.history) == 1
        assert Ledger(store).spent("run-1") == Spent(1, 100, 10, 0.01)
        assert Ledger(store).spent("run-2") == Spent(0, 0, 0, 0.0)


async def test_an_unknown_price_makes_the_sum_unknown(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        await paid(store, ScriptedLLM([completion(cost=None)]), RunLimits()).complete(request("q"))
        assert Ledger(store).spent("run-1").cost_usd is None


async def test_a_call_under_way_is_kept_when_its_account_is_cancelled(tmp_path: Path) -> None:
    class Slow:
        async def complete(self, request: CompletionRequest) -> Completion:
            await asyncio.sleep(0.05)
            return completion()

    with Store(tmp_path) as store:
        calls: set[asyncio.Task[Completion]] = set()
        model = PaidLLM(
            Slow(),
            store=store,
            run_id="r",
            domain="a.example",
            limits=RunLimits(),
            clock=lambda: NOW,
            calls=calls,
            failures=[],
        )
        account = asyncio.ensure_future(model.complete(request("q")))
        await asyncio.sleep(0.01)
        account.cancel()
        with pytest.raises(asyncio.CancelledError):
            await account
        await asyncio.gather(*calls)
        assert Ledger(store).spent("r").calls == 1


async def test_limits_hold_side_by_side_and_count_earlier_sessions() -> None:
    limits = RunLimits.after(Spent(3, 0, 0, 0.03), max_calls=5, max_cost_usd=None, price=None)
    first = await limits.reserve(10, 10)
    await limits.reserve(10, 10)
    third = asyncio.ensure_future(limits.reserve(10, 10))
    await asyncio.sleep(0)
    assert not third.done()  # a call under way may yet come to nothing
    await limits.settle(first, None)
    await third
    await limits.settle(0.0, completion())
    await limits.settle(0.0, completion())
    with pytest.raises(LimitReached, match="--max-calls"):
        await limits.reserve(10, 10)


async def test_a_cost_limit_is_never_passed() -> None:
    price = Price(input=1.0, cached_input=1.0, output=1.0)
    limits = RunLimits(max_cost_usd=0.001, price=price)
    for _ in range(3):
        reserved = await limits.reserve(200, 100)
        await limits.settle(reserved, completion(cost=0.0003))
    with pytest.raises(LimitReached, match="--max-cost"):
        await limits.reserve(200, 100)
    assert limits.cost_usd == pytest.approx(0.0009)


async def test_an_endpoint_that_fails_every_call_ends_the_run(tmp_path: Path) -> None:
    failing = ScriptedLLM([Completion(outcome="error", detail="HTTP 400: no such model")])
    with Store(tmp_path) as store:
        model = paid(store, failing, RunLimits())
        for n in range(9):
            assert (await model.complete(request(str(n)))).outcome == "error"
        with pytest.raises(LLMError, match="no such model"):
            await model.complete(request("one too many"))


def make_report(*failures: tuple[FailureReason, str]) -> AccountReport:
    return AccountReport(
        account=AccountEntry(domain="a.example", name=None, status="dead", final_domain="a.example"),
        as_of=date(2026, 11, 2),
        failures=tuple(
            FetchFailure(url="https://a.example/", reason=reason, detail=detail) for reason, detail in failures
        ),
        run=RunRecord(
            id="r", started_at=NOW, seconds=1, extractor="rules", model=None, prompts=(), llm_calls=0,
            input_tokens=0, output_tokens=0, cost_usd=0.0, code_version="t", receipt="",
        ),
    )  # fmt: skip


GONE = ("dns", "a.example could not be resolved just now")
MISSPELT = ("dns", "a.example has no address; check the spelling")


def test_a_dead_network_is_told_from_dead_domains() -> None:
    watch = OutageWatch()
    for _ in range(100):
        watch.note(make_report(MISSPELT))  # type: ignore[arg-type]  # a literal by position
    assert not watch.suspected
    for _ in range(8):
        watch.note(make_report(GONE))  # type: ignore[arg-type]
    assert watch.suspected
    watch.note(make_report(MISSPELT))  # type: ignore[arg-type]  # a name server answers: the network is back
    assert not watch.suspected
    assert watch.seen


def test_only_what_a_later_try_may_mend_is_tried_later() -> None:
    assert unreached(make_report(("timeout", "no connection to a.example")))
    assert not unreached(make_report(("robots", "refused")))
    assert not unreached(make_report(("http_status", "403")))


async def test_a_host_that_fails_everybody_is_closed_and_opens_again() -> None:
    limits = HostLimits()
    failure = FetchFailure(url="https://api.example/x", reason="dns", detail="no address")
    for _ in range(4):
        limits.failed("api.example", failure)
    assert limits.closed("api.example") is None
    limits.failed("api.example", failure)
    assert limits.closed("api.example") == failure
    limits.answered("api.example")
    assert limits.closed("api.example") is None
