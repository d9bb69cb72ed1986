"""Let a model write the brief from facts that are proven already, then hold every sentence to its evidence.

One call, and only what the budget still allows. The model sees facts and quotes, never pages; it points at
facts by ids of this very prompt, which code turns into evidence ids. Whatever it writes that no cited fact
bears is dropped and counted, and a section left empty is written by the template.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from agent.extraction.brief.check import Drop, check_brief
from agent.extraction.brief.grounds import Ground, Grounds
from agent.extraction.brief.template import MOST_SENTENCES, SECTIONS, Section, answered_or_stated, write_brief
from agent.extraction.llm.prompt import mark_for, neutralise
from agent.llm.api import CompletionRequest, Message, read_answer
from agent.llm.budget import estimate_messages
from agent.llm.session import LLMSession
from agent.models import Account, BriefSentence
from prompts import load_prompt

logger = logging.getLogger(__name__)

OUTPUT_TOKENS = 1_200
_MOST_FACTS = 40
_MOST_QUOTE = 200
_MOST_QUESTIONS = 8


class BriefLine(BaseModel):
    """One sentence and the facts it tells, pointed at before it is written."""

    model_config = ConfigDict(extra="forbid")
    facts: list[str]
    text: str


class BriefAnswer(BaseModel):
    """The five sections; an empty one is a good answer."""

    model_config = ConfigDict(extra="forbid")
    why_this_account: list[BriefLine]
    why_now: list[BriefLine]
    who: list[BriefLine]
    risks: list[BriefLine]
    ask: list[BriefLine]


class Draft(NamedTuple):
    """A brief, and how it came about. `dropped` counts the model's sentences that did not hold."""

    sentences: tuple[BriefSentence, ...]
    note: str
    dropped: int = 0
    asked: bool = False


async def draft_brief(grounds: Grounds, account: Account, session: LLMSession) -> Draft:
    """Return a brief written by the model where it holds, by the template elsewhere.

    Never raises for what the model answers. `asked` says whether a call was made.
    """
    template = write_brief(grounds)
    told = _tellable(grounds)
    if session.brief_prompt is None or not session.writes_brief or not told:
        return Draft(template, "")
    request = _request(grounds, told, account, session, session.brief_prompt)
    estimate = estimate_messages(request.messages)
    refusal = session.budget.refusal(estimate, request.max_output_tokens)
    if refusal is not None:
        return Draft(template, f"the brief was written without the model: {refusal}")
    session.budget.reserve(estimate)
    completion = await session.llm.complete(request)
    session.budget.settle(estimate, completion)
    logger.info("%s: brief: %s", account.domain, completion.outcome)
    answer = read_answer(completion.text, BriefAnswer) if completion.outcome == "ok" else None
    if answer is None:
        outcome = "invalid" if completion.outcome == "ok" else completion.outcome
        said = f"the brief was written without the model: its answer was {outcome}"
        return Draft(template, f"{said} ({completion.detail})" if completion.detail else said, asked=True)
    kept, dropped = _held(answer, told, grounds)
    count = sum(dropped.values())
    note = f"the brief is by {session.model}; {_sentences(count)} that went beyond the evidence dropped"
    if not kept:
        why = f"none of its {_sentences(count)} held" if count else "it gave no sentence"
        note = f"the brief was written without the model: {why}"
    return Draft(_filled(kept, template), note, count, asked=True)


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"


def _tellable(grounds: Grounds) -> dict[str, Ground]:
    """Return the facts a model may tell, under their ids of this prompt."""
    found = [ground for ground in grounds.all if ground.items][:_MOST_FACTS]
    return {f"F{number}": ground for number, ground in enumerate(found, 1)}


def _request(
    grounds: Grounds, told: dict[str, Ground], account: Account, session: LLMSession, reference: str
) -> CompletionRequest:
    lines = [_line(label, ground, grounds) for label, ground in told.items()]
    open_facts = grounds.verdict.next_facts[:_MOST_QUESTIONS] if grounds.verdict else ()
    lines += ["Open:", *(f"- {neutralise(fact.ask)}" for fact in open_facts)] if open_facts else []
    body = "\n".join(lines)
    mark = mark_for(account, body)
    prompt = load_prompt(reference)
    verdict = grounds.verdict
    instructions = prompt.render(
        company=f"{neutralise(account.name or account.domain)[:120]} ({account.domain})",
        profile=f"{verdict.icp.name}: {verdict.tier}" if verdict else "none; tell what the company is",
        mark=mark,
    )
    return CompletionRequest(
        model=session.model,
        prompt_id=prompt.id,
        messages=(
            Message(role="system", content=instructions),
            Message(role="user", content=f"--- {mark} begin ---\n{body}\n--- {mark} end ---"),
        ),
        response=BriefAnswer,
        max_output_tokens=min(OUTPUT_TOKENS, session.output_tokens),
    )


def _line(label: str, ground: Ground, grounds: Grounds) -> str:
    status = {"contradicted": "disputed", "denied": "denied"}.get(ground.fact.status, "")
    marks = [
        word for word, holds in ((status, status), ("fits", ground.fits), ("against", ground.misses)) if holds
    ]
    said = neutralise(ground.items[0].quote)[:_MOST_QUOTE]
    return f"{label} {' '.join(f'({mark})' for mark in marks)} {answered_or_stated(ground, grounds)} Quote: {said}"


def _held(
    answer: BriefAnswer, told: dict[str, Ground], grounds: Grounds
) -> tuple[tuple[BriefSentence, ...], Counter[Drop]]:
    written: list[BriefSentence] = []
    dropped: Counter[Drop] = Counter()
    for section in SECTIONS:
        lines: list[BriefLine] = getattr(answer, section)
        for line in lines:
            labels = [label.strip().strip("[]") for label in line.facts if label.strip()]
            if any(label not in told for label in labels):
                dropped["unknown_evidence"] += 1
                continue
            ids = tuple(dict.fromkeys(i for label in labels for i in _evidence(told[label])))
            text = " ".join(line.text.split())
            written.append(BriefSentence(section=section, text=text, evidence=ids))
    checked = check_brief(_distinct(written), grounds)
    return checked.kept, dropped + checked.dropped


def _evidence(ground: Ground) -> tuple[str, ...]:
    sides = ground.fact.against[:2] if ground.fact.status == "contradicted" else ()
    return (*ground.fact.evidence[:4], *sides)


def _distinct(sentences: list[BriefSentence]) -> list[BriefSentence]:
    return list({sentence.text.casefold(): sentence for sentence in reversed(sentences)}.values())[::-1]


def _filled(
    kept: tuple[BriefSentence, ...], template: tuple[BriefSentence, ...]
) -> tuple[BriefSentence, ...]:
    """Return the sections in order; the template writes those that the model left empty or lost."""

    def section(name: Section) -> tuple[BriefSentence, ...]:
        own = tuple(sentence for sentence in kept if sentence.section == name)
        return own or tuple(sentence for sentence in template if sentence.section == name)

    return tuple(sentence for name in SECTIONS for sentence in section(name)[:MOST_SENTENCES])
