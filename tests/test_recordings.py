"""The completions in git are a real model's, whole and unedited, and today's product can be replayed from them.

A rule, a passage or a prompt that changes what is asked makes a replay miss. Then record again what changed
(equal requests are not asked again), with the local model:

    dossier-eval run --extractor local --record
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from agent.errors import RecordingMiss
from agent.llm.api import canonical_json
from evals.baseline import Baseline
from evals.gates import load_gates
from evals.measuring import chosen_cases, measure
from evals.running.config import COMPLETIONS, RunConfig, recorded_domains
from evals.running.services import META, RecordingMeta, completions_file, load_meta
from prompts import load_prompt
from tools.models_hub import DEFAULT_MODEL_NAME, MODELS

LOCAL = COMPLETIONS / "local"
REPLAYED = 5
"""Accounts that this test replays; `make evals` replays all."""


def recordings() -> list[Path]:
    return sorted(path for path in LOCAL.glob("*.json") if path.name != META)


def completions(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))["completions"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def meta() -> RecordingMeta:
    return load_meta(LOCAL)


def test_at_least_twenty_accounts_were_recorded_from_the_pinned_local_model(meta: RecordingMeta) -> None:
    asked = [path for path in recordings() if completions(path)]
    assert len(asked) >= 20
    assert meta.extractor == "local"
    assert f"{meta.model}.gguf" == MODELS[DEFAULT_MODEL_NAME].filename
    assert meta.prompt == load_prompt(meta.prompt.partition("@")[0]).id


def test_every_completion_stands_under_the_hash_of_its_own_request(meta: RecordingMeta) -> None:
    for path in recordings():
        for key, entry in completions(path).items():
            assert hashlib.sha256(canonical_json(entry["request"]).encode()).hexdigest() == key, path.name
            assert (entry["request"]["model"], entry["request"]["prompt"]) == (meta.model, meta.prompt)
            assert entry["completion"]["model"] == meta.model
            assert entry["completion"]["usage"]["output_tokens"] > 0
            assert entry["completion"]["outcome"] in ("ok", "truncated", "invalid", "refused")


def replay(meta: RecordingMeta, **changes: Any) -> RunConfig:
    fields: dict[str, Any] = {
        "extractor": meta.extractor,
        "model": meta.model,
        "prompt": meta.prompt.partition("@")[0],
        "mode": "replay",
        "completions": LOCAL,
    }
    return RunConfig.model_validate({**fields, **changes})


def test_todays_product_is_replayed_from_them_without_a_model(meta: RecordingMeta, tmp_path: Path) -> None:
    names = [case.domain for case in chosen_cases(replay(meta))]
    assert set(names) == recorded_domains(LOCAL)
    chosen = tuple(sorted(names, key=lambda name: completions_file(LOCAL, name).stat().st_size)[-REPLAYED:])
    results = measure(replay(meta, only=chosen), tmp_path / "run", load_gates(), Baseline(), workers=1)
    assert [case.domain for case in results.cases] == sorted(chosen)
    assert results.usage.calls >= REPLAYED
    validity, precision = results.measure("citation_validity"), results.measure("precision")
    assert validity is not None
    assert validity.value == 1.0
    assert precision is not None
    assert precision.value is not None
    assert precision.value >= 0.93


def test_a_changed_prompt_is_a_miss_that_names_the_difference(meta: RecordingMeta, tmp_path: Path) -> None:
    name = next(path.stem for path in recordings() if completions(path))
    other = replay(meta, only=(name,), prompt="extract/v1")
    with pytest.raises(
        RecordingMiss, match=rf"the nearest one differs in prompt .*{meta.prompt}.*extract/v1"
    ):
        measure(other, tmp_path / "run", load_gates(), Baseline(), workers=1)
