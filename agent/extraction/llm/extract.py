"""One strict-schema pass of a model over the passages that can still decide something."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.attributes import known_attribute
from agent.extraction.llm.convert import Converted, Question, convert
from agent.extraction.llm.passages import Passage, pack, ranking_steps
from agent.extraction.llm.prompt import TOKENS_AN_ITEM, CallPrompt, write_prompt
from agent.extraction.llm.response import Extraction, finished_items, response_model
from agent.llm.api import Completion, CompletionRequest, Usage, read_answer
from agent.llm.budget import estimate_messages, estimate_tokens
from agent.llm.session import BRIEF_TOKENS, LLMSession
from agent.models import Account, Claim, RejectedClaim, SourceDocument
from prompts import Prompt, load_prompt

logger = logging.getLogger(__name__)

MAX_QUESTIONS = 20
_LEFT_TO_RULES = frozenset({"website_change", "third_party_intent", "content_topic"})


class ExtractionOutcome(NamedTuple):
    """What one pass brought. `calls` counts answers paid for; `notes` are lines for the run record."""

    claims: tuple[Claim, ...]
    rejected: tuple[RejectedClaim, ...]
    calls: int
    usage: Usage
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    account: Account
    undecided: tuple[str, ...]
    questions: tuple[Question, ...]
    prompt: Prompt
    session: LLMSession

    def write(self, passages: Sequence[Passage]) -> CallPrompt:
        texts = [question.text for question in self.questions]
        most = max(4, self.session.output_tokens // TOKENS_AN_ITEM)
        return write_prompt(self.prompt, self.account, self.undecided, texts, passages, most_items=most)

    @property
    def response(self) -> type[Extraction]:
        return response_model(self.undecided, tuple(f"Q{n}" for n in range(1, len(self.questions) + 1)))


async def extract_with_llm(
    documents: Sequence[SourceDocument],
    account: Account,
    undecided: Sequence[str],
    questions: Sequence[Question],
    session: LLMSession,
) -> ExtractionOutcome:
    """Ask a model about what is still undecided, within the session's budget.

    `undecided` are attribute names; unknown ones and those no text can decide are left out. Never raises
    for what a model answers: a refusal, nonsense or a failing server is a note, and the run goes on.
    """
    wanted = tuple(
        name for name in dict.fromkeys(undecided) if known_attribute(name) and name not in _LEFT_TO_RULES
    )
    asked = tuple(dict.fromkeys(questions))[:MAX_QUESTIONS]
    notes = (
        [f"only the first {MAX_QUESTIONS} questions were asked"]
        if len(set(questions)) > MAX_QUESTIONS
        else []
    )
    if not wanted and not asked:
        return ExtractionOutcome((), (), 0, Usage(), ())
    task = _Task(
        account,
        tuple(n for n in wanted if not n.startswith("question:")),
        asked,
        load_prompt(session.prompt),
        session,
    )
    before = (session.budget.calls, session.budget.usage)
    chunks = await _plan(documents, task)
    if not chunks:
        return ExtractionOutcome(
            (), (), 0, Usage(), (*notes, "no passage could decide anything that is open")
        )
    return _merge(await _ask_all(chunks, task, may_halve=True), notes, session, before)


class _Result(NamedTuple):
    converted: tuple[Converted, ...]
    notes: tuple[str, ...]
    unreachable: bool = False


async def _ask_all(chunks: Sequence[Sequence[Passage]], task: _Task, *, may_halve: bool) -> list[_Result]:
    """Ask about every chunk. The first call settles how the server wants to be asked; the others go side by side.

    An error of one is raised when all have ended, so that all that can wait for a batch are noted.
    """
    first = 0 if task.session.side_by_side else 1
    results = [await _ask(chunk, task, may_halve=may_halve) for chunk in chunks[:first]]
    if results and results[0].unreachable:
        return results
    asked = await asyncio.gather(
        *(_ask(chunk, task, may_halve=may_halve) for chunk in chunks[first:]), return_exceptions=True
    )
    for each in asked:
        if isinstance(each, BaseException):
            raise each
        results.append(each)
    return results


async def _plan(documents: Sequence[SourceDocument], task: _Task) -> list[list[Passage]]:
    """Choose passages for the calls that are left, the instructions' own size counted in."""
    budget, session = task.session.budget, task.session
    calls, kept_tokens = budget.max_calls - budget.calls, 0
    if session.brief_prompt is not None and calls > 1:
        calls, kept_tokens = calls - 1, BRIEF_TOKENS
    overhead = estimate_messages(task.write(()).messages)
    room = budget.max_input_tokens - budget.usage.input_tokens - calls * overhead - kept_tokens
    if calls <= 0 or room <= 0:
        return []
    texts = [question.text for question in task.questions]
    steps = ranking_steps(
        documents, task.undecided, texts, most_tokens=min(room, calls * session.tokens_a_call)
    )
    while True:
        try:
            next(steps)
        except StopIteration as done:
            ranked: list[Passage] = done.value
            break
        await asyncio.sleep(0)  # other accounts wait for a document, not for a whole site
    return pack(ranked, tokens_a_call=session.tokens_a_call, most_calls=calls)


async def _ask(passages: Sequence[Passage], task: _Task, *, may_halve: bool) -> _Result:
    session, budget = task.session, task.session.budget
    call = task.write(passages)
    estimate = estimate_messages(call.messages)
    refusal = budget.refusal(estimate, session.output_tokens)
    if refusal is not None:
        return _Result((), (f"a call was not made: {refusal}",))
    budget.reserve(estimate)
    request = CompletionRequest(
        model=session.model,
        prompt_id=task.prompt.id,
        messages=call.messages,
        response=task.response,
        max_output_tokens=session.output_tokens,
    )
    completion = await session.llm.complete(request)
    budget.settle(estimate, completion)
    logger.info("%s: model call: %s", task.account.domain, completion.outcome)
    if completion.outcome != "truncated":
        return _read(completion, call, task)
    kept = finished_items(completion.text, task.response)
    whole = (convert(kept, call.sentences, (), session.extractor),) if kept else ()
    note = "an answer was cut off; its finished items were kept"
    if not may_halve or not (halves := _halves(passages)):
        return _Result(whole, (note,))
    if session.side_by_side:
        parts = await _ask_all(halves, task, may_halve=False)
    else:
        parts = [await _ask(half, task, may_halve=False) for half in halves]
    notes = (f"{note} and its passages asked in two halves", *(n for part in parts for n in part.notes))
    return _Result((*whole, *(c for part in parts for c in part.converted)), notes)


def _read(completion: Completion, call: CallPrompt, task: _Task) -> _Result:
    if completion.outcome != "ok":
        said = (
            f"a model call was {completion.outcome}"
            if completion.outcome != "error"
            else "a model call failed"
        )
        return _Result((), (f"{said}: {completion.detail}",), unreachable=completion.outcome == "error")
    answer = read_answer(completion.text, task.response)
    if answer is None:
        return _Result((), ("a model call was invalid: the answer does not fit the schema",))
    return _Result((convert(answer, call.sentences, task.questions, task.session.extractor),), ())


def _halves(passages: Sequence[Passage]) -> tuple[list[Passage], list[Passage]] | None:
    """Split passages into two halves; a lone passage is split between its sentences."""
    if len(passages) > 1:
        middle = (len(passages) + 1) // 2
        return list(passages[:middle]), list(passages[middle:])
    sentences = passages[0].sentences
    if len(sentences) < 2:
        return None
    middle = (len(sentences) + 1) // 2
    whole = passages[0]
    text = whole.document.text
    first, second = (
        Passage(
            whole.document, part, whole.score, sum(estimate_tokens(text[s.start : s.end]) + 4 for s in part)
        )
        for part in (sentences[:middle], sentences[middle:])
    )
    return [first], [second]


def _merge(
    results: Sequence[_Result], notes: list[str], session: LLMSession, before: tuple[int, Usage]
) -> ExtractionOutcome:
    claims = dict.fromkeys(
        claim.model_dump_json() for each in results for part in each.converted for claim in part.claims
    )
    rejected = tuple(claim for each in results for part in each.converted for claim in part.rejected)
    calls, usage = before
    spent = Usage(
        input_tokens=session.budget.usage.input_tokens - usage.input_tokens,
        output_tokens=session.budget.usage.output_tokens - usage.output_tokens,
        cached_input_tokens=session.budget.usage.cached_input_tokens - usage.cached_input_tokens,
    )
    lines = tuple(dict.fromkeys([*notes, *(note for each in results for note in each.notes)]))
    return ExtractionOutcome(
        tuple(Claim.model_validate_json(each) for each in claims),
        rejected,
        session.budget.calls - calls,
        spent,
        lines,
    )
