"""Around the model: schemas, keys, recordings, cache, budget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from scripted_llm import ScriptedLLM

from agent.errors import ArchiveError, RecordingMiss
from agent.extraction.llm.response import response_model
from agent.llm.api import CachedLLM, Completion, CompletionRequest, Message, Usage, read_answer, request_key
from agent.llm.budget import Budget, estimate_tokens
from agent.llm.prices import Price, cost_of, price_of
from agent.llm.recordings import RecordingLLM, ReplayLLM
from agent.llm.schema import schema_faults, strict_schema


class Pet(BaseModel):
    name: str
    legs: int | None


def ask(text: str = "A dog.", **changes: Any) -> CompletionRequest:
    fields: dict[str, Any] = {
        "model": "tiny-1",
        "prompt_id": "extract/v1@000000000000",
        "messages": (Message(role="system", content="Describe."), Message(role="user", content=text)),
        "response": Pet,
    }
    return CompletionRequest(**{**fields, **changes})


DOG, CAT = Pet(name="dog", legs=4), Pet(name="cat", legs=4)


def test_our_response_models_stay_in_the_common_subset() -> None:
    model = response_model(("employee_count", "technology"), ("Q1",))
    assert schema_faults(model) == []
    text = str(strict_schema(model))
    assert "$defs" not in text
    assert "$ref" not in text
    assert strict_schema(model)["additionalProperties"] is False


def test_the_schema_lint_sees_what_servers_refuse() -> None:
    class Open(BaseModel):
        anything: dict[str, str]
        size: int = 3

    faults = schema_faults(Open)
    assert any("open object" in each for each in faults)
    assert any("has a default" in each for each in faults)


def test_attributes_outside_the_question_fail_the_schema() -> None:
    model = response_model(("technology",), ())
    item = (
        '{"not_found": [], "items": [{"attribute": "%s", "value": "x", "sentences": ["S1"], "quote": "x", "subject": "account", '
        '"polarity": "asserts", "relation": null, "event_date": null}], "answers": []}'
    )
    assert read_answer(item % "technology", model) is not None
    assert read_answer(item % "fit_score", model) is None


def test_the_key_depends_on_everything_that_shapes_the_answer_and_is_stable() -> None:
    base = request_key(ask())
    assert base == request_key(ask())
    assert base == "935385460bef74671b3c63d0c56e65e4a14a652c543235ffa6ebf24e0f682e80"
    changed = [
        ask("A cat."),
        ask(model="other"),
        ask(prompt_id="extract/v2@000000000000"),
        ask(repeat=1),
        ask(temperature=1.0),
        ask(max_output_tokens=5),
        ask(response=response_model((), ())),
    ]
    assert len({base, *map(request_key, changed)}) == len(changed) + 1


async def test_a_recording_replays_byte_for_byte(tmp_path: Path) -> None:
    recorder = RecordingLLM(ScriptedLLM([DOG, CAT]))
    first, second = await recorder.complete(ask()), await recorder.complete(ask("A cat."))
    recorder.save(tmp_path / "completions.json")
    replay = ReplayLLM.load(tmp_path / "completions.json")
    assert await replay.complete(ask("A cat.")) == second
    assert await replay.complete(ask()) == first


async def test_a_recording_is_brought_up_to_date_at_the_price_of_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "completions.json"
    first = RecordingLLM(ScriptedLLM([DOG]))
    await first.complete(ask())
    await first.complete(ask("An old question."))
    first.save(path)
    before = json.loads(path.read_text())["completions"]
    model = ScriptedLLM([CAT])
    second = RecordingLLM(model, ReplayLLM.load(path))
    for _ in range(2):
        assert (await second.complete(ask())).text == DOG.model_dump_json()
        assert (await second.complete(ask("A cat."))).text == CAT.model_dump_json()
    assert [each.messages[1].content for each in model.history] == ["A cat."]
    second.save(path)
    after = json.loads(path.read_text())["completions"]
    assert set(after) == {request_key(ask()), request_key(ask("A cat."))}
    assert after[request_key(ask())] == before[request_key(ask())]


async def test_a_failed_call_is_not_recorded(tmp_path: Path) -> None:
    recorder = RecordingLLM(ScriptedLLM([Completion(outcome="error", detail="HTTP 500"), DOG]))
    assert (await recorder.complete(ask())).outcome == "error"
    assert (await recorder.complete(ask())).outcome == "ok"


async def test_a_miss_says_how_the_nearest_recording_differs(tmp_path: Path) -> None:
    recorder = RecordingLLM(ScriptedLLM([DOG]))
    await recorder.complete(ask())
    recorder.save(tmp_path / "completions.json")
    replay = ReplayLLM.load(tmp_path / "completions.json")
    with pytest.raises(RecordingMiss, match=r"model \(\"tiny-1\" recorded, \"other\" asked\)"):
        await replay.complete(ask(model="other"))
    with pytest.raises(RecordingMiss, match=r"messages.*dog.*recorded.*cat"):
        await replay.complete(ask("A cat."))
    with pytest.raises(RecordingMiss, match="recording is empty"):
        await ReplayLLM({}).complete(ask())


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 2, "completions": {}}', '{"format": 1, "completions": {"a": 1}}', "[" * 5000],
)
def test_a_broken_recording_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "completions.json"
    path.write_text(content)
    with pytest.raises(ArchiveError, match=r"completions\.json"):
        ReplayLLM.load(path)
    with pytest.raises(ArchiveError, match="cannot read"):
        ReplayLLM.load(tmp_path / "nowhere.json")


class DictCache:
    """A cache in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Completion] = {}

    def load(self, key: str) -> Completion | None:
        return self.kept.get(key)

    def save(self, key: str, completion: Completion) -> None:
        self.kept[key] = completion


async def test_nothing_is_paid_for_twice_and_an_error_is_not_kept() -> None:
    scripted = ScriptedLLM([Completion(outcome="error", detail="down", calls=0), DOG, CAT])
    cached = CachedLLM(scripted, DictCache())
    assert (await cached.complete(ask())).outcome == "error"
    paid = await cached.complete(ask())
    again = await cached.complete(ask())
    assert (paid.text, paid.from_cache) == (again.text, False)
    assert (again.from_cache, again.calls, again.usage, again.cost_usd) == (True, 0, Usage(), 0.0)
    assert len(scripted.history) == 2


def test_a_budget_stops_calls_tokens_and_cost() -> None:
    budget = Budget(max_calls=2, max_input_tokens=1_000)
    assert budget.refusal(1_001, 10)
    assert budget.refusal(600, 10) is None
    budget.reserve(600)
    assert budget.refusal(600, 10), "what is under way counts"
    budget.settle(600, Completion(outcome="ok", usage=Usage(input_tokens=300), cost_usd=None))
    assert budget.refusal(600, 10) is None
    assert budget.cost_usd is None
    budget.reserve(600)
    assert "calls" in (budget.refusal(1, 1) or "")
    priced = Budget(max_cost_usd=0.001, price=Price(1.0, 0.5, 2.0))
    assert priced.refusal(500, 100) is None
    assert "cost limit" in (priced.refusal(500, 400) or "")
    assert "not known" in (Budget(max_cost_usd=1.0).refusal(1, 1) or "")


def test_prices_are_the_vendors_own_or_unknown() -> None:
    assert price_of("gpt-4o-mini", "https://api.openai.com/v1") is not None
    assert price_of("gpt-4o-mini", "https://proxy.example/v1") is None
    assert price_of("brand-new", "https://api.openai.com/v1") is None
    assert cost_of(Usage(input_tokens=1), None) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_reading_an_answer_never_raises_and_accepts_only_what_fits(text: str) -> None:
    found = read_answer(text, Pet)
    assert found is None or isinstance(found, Pet)
    wrapped = read_answer(f"{text.replace('{', '')}\n{DOG.model_dump_json()}", Pet)
    assert wrapped == DOG
    assert estimate_tokens(text) >= len(text) // 3
