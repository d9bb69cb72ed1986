"""A model that says what it was told to say: a queue of answers in, a history of requests out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import BaseModel

from agent.llm.api import Completion, CompletionRequest, Usage, read_answer
from agent.llm.budget import estimate_messages, estimate_tokens

Script = str | BaseModel | Completion | Callable[[CompletionRequest], "str | BaseModel | Completion"]


class ScriptedLLM:
    """A fake that is a real implementation of the seam.

    Each answer is a text, a response model, a ready completion, or a function of the request. When the
    queue is empty the last answer is given again. Texts go through the same validation as a server's.
    """

    def __init__(self, answers: Iterable[Script]) -> None:
        self._answers = list(answers)
        if not self._answers:
            raise ValueError("a scripted model needs at least one answer")
        self.history: list[CompletionRequest] = []

    async def complete(self, request: CompletionRequest) -> Completion:
        """Give the next answer."""
        self.history.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, Completion):
            return answer
        text = answer.model_dump_json() if isinstance(answer, BaseModel) else answer
        fits = read_answer(text, request.response) is not None
        usage = Usage(input_tokens=estimate_messages(request.messages), output_tokens=estimate_tokens(text))
        return Completion(
            outcome="ok" if fits else "invalid",
            text=text,
            detail="" if fits else "the answer does not fit the schema",
            model=request.model,
            usage=usage,
            cost_usd=0.0,
        )
