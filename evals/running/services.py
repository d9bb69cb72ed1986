"""The product's services with the model metered, and recorded or replayed from files in git."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from agent.errors import InputError
from agent.llm.api import LLM, Completion, CompletionRequest
from agent.llm.recordings import RecordingLLM, ReplayLLM
from agent.llm.session import EXTRACTION_PROMPT
from agent.models import Frozen
from agent.services import Services
from evals.running.config import META
from evals.running.outcome import ModelCall

if TYPE_CHECKING:
    from agent.extraction.llm import LLMSession


class RecordingMeta(Frozen):
    """How the completions of a folder were made; a replay must ask in the same portions."""

    format: int = 1
    extractor: str
    model: str
    prompt: str
    tokens_a_call: int
    output_tokens: int
    max_calls: int
    recorded_on: str


class MeteredLLM:
    """Passes requests on with the run's repeat index, and notes how each ended and what was shown."""

    def __init__(self, inner: LLM, repeat: int) -> None:
        self._inner = inner
        self._repeat = repeat
        self.calls: list[ModelCall] = []

    async def complete(self, request: CompletionRequest) -> Completion:
        """Answer through the inner model."""
        started = time.monotonic()
        completion = await self._inner.complete(replace(request, repeat=self._repeat))
        self.calls.append(
            ModelCall(
                outcome=completion.outcome,
                input_tokens=completion.usage.input_tokens,
                output_tokens=completion.usage.output_tokens,
                cost_usd=completion.cost_usd,
                seconds=round(time.monotonic() - started, 3),
                shown="\n".join(m.content for m in request.messages if m.role == "user"),
                detail=completion.detail[:300],
            )
        )
        return completion


class RecordingFile:
    """One case's completions over all its repeats: several live models, one file.

    What the file at `path` already answers is not asked again, so that a recording made before a small
    change is brought up to date at the price of the change.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recorder: RecordingLLM | None = None
        self._turnout = _Turnout()

    def through(self, inner: LLM) -> LLM:
        """Return `inner` with everything it answers kept."""
        self._turnout.inner = inner
        if self._recorder is None:
            earlier = ReplayLLM.load(self._path) if self._path.is_file() else None
            self._recorder = RecordingLLM(self._turnout, earlier)
        return self._recorder

    def save(self) -> None:
        """Write what was recorded; nothing when the model was never asked."""
        if self._recorder is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._recorder.save(self._path)


class _Turnout:
    """The model that is being recorded now: each repeat opens its own."""

    inner: LLM | None = None

    async def complete(self, request: CompletionRequest) -> Completion:
        if self.inner is None:
            raise RuntimeError("a recording needs a model to record")
        return await self.inner.complete(request)


@dataclass
class EvalServices(Services):
    """Services whose model session is metered. `replay` and `meta` go together; `recording` records.

    `prompt` is the reference of the extraction prompt. `scripted` is a ready session for tests and dry runs.
    """

    prompt: str = EXTRACTION_PROMPT
    repeat: int = 0
    replay: ReplayLLM | None = None
    meta: RecordingMeta | None = None
    recording: RecordingFile | None = None
    scripted: LLM | None = None
    meter: MeteredLLM | None = None
    used: list[LLMSession] = field(default_factory=list)

    @asynccontextmanager
    async def session(
        self,
        *,
        extractor: str,
        model: str | None,
        max_cost: float | None,
        archive: Path | None,
        record: Path | None,
    ) -> AsyncIterator[LLMSession | None]:
        """Yield one account's metered session; completions beside the archive are not looked for."""
        if extractor == "rules":
            yield None
            return
        if self.replay is not None or self.scripted is not None:
            from agent.extraction.llm import LLMSession
            from agent.llm.budget import Budget

            llm: LLM = self.replay or self.scripted  # type: ignore[assignment]  # one of them is set
            base = LLMSession(llm=llm, model=model or "scripted", budget=Budget(max_cost_usd=None))
            if self.meta is not None:
                base = replace(
                    base,
                    model=self.meta.model,
                    budget=Budget(max_calls=self.meta.max_calls),
                    tokens_a_call=self.meta.tokens_a_call,
                    output_tokens=self.meta.output_tokens,
                )
            yield self._metered(base)
            return
        async with super().session(
            extractor=extractor, model=model, max_cost=max_cost, archive=None, record=None
        ) as live:
            yield self._metered(live) if live is not None else None

    def _metered(self, session: LLMSession) -> LLMSession:
        inner = self.recording.through(session.llm) if self.recording is not None else session.llm
        self.meter = MeteredLLM(inner, self.repeat)
        # The brief is not measured here, so it is not paid for; its call stays kept from extraction.
        budget = session.budget
        if session.brief_prompt is not None:
            budget = replace(budget, max_calls=budget.max_calls - 1)
        prepared = replace(session, llm=self.meter, prompt=self.prompt, budget=budget, brief_prompt=None)
        self.used.append(prepared)
        return prepared


def completions_file(folder: Path, domain: str) -> Path:
    """Return where a case's completions lie."""
    return folder / f"{domain}.json"


def load_meta(folder: Path) -> RecordingMeta:
    """Return how a folder's completions were made."""
    path = folder / META
    try:
        return RecordingMeta.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"no recorded completions in {str(folder)!r} ({META}: {error.strerror}); "
            "record some with `dossier-eval run --record`"
        ) from error
    except ValidationError as error:
        raise InputError(f"{path} is no description of a recording: {str(error).splitlines()[0]}") from error


def save_meta(folder: Path, meta: RecordingMeta) -> None:
    """Write how a folder's completions were made, next to them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / META).write_text(
        json.dumps(meta.model_dump(mode="json"), indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
