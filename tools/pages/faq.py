"""Read the questions and answers that a page states for machines (schema.org `FAQPage`, `Question`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from tools.pages.structured import types_of

_MAX_PAIRS: Final = 200
_MAX_CHARS: Final = 2_000


class QuestionAnswer(NamedTuple):
    """A question and its answer, each on one line, without markup."""

    question: str
    answer: str


def read_questions(nodes: Iterable[dict[str, Any]]) -> tuple[QuestionAnswer, ...]:  # Any: JSON-LD
    """Return the answered questions of a page's JSON-LD nodes in order, each once, at most 200."""
    found: dict[QuestionAnswer, None] = {}
    for node in nodes:
        kinds = types_of(node)
        listed = node.get("mainEntity", node.get("hasPart")) if kinds & {"FAQPage", "QAPage"} else [node]
        for entry in listed if isinstance(listed, list) else [listed]:
            if isinstance(entry, dict) and "Question" in types_of(entry):
                pair = _pair(entry)
                if pair is not None and len(found) < _MAX_PAIRS:
                    found[pair] = None
    return tuple(found)


def _pair(entry: dict[str, Any]) -> QuestionAnswer | None:
    answers = entry.get("acceptedAnswer", entry.get("suggestedAnswer"))
    answer = answers[0] if isinstance(answers, list) and answers else answers
    said = answer.get("text") if isinstance(answer, dict) else answer
    asked = entry.get("name") or entry.get("text")
    question, reply = _plain(asked), _plain(said)
    return QuestionAnswer(question, reply) if question and reply else None


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = value[: 4 * _MAX_CHARS]
    if "<" in text or "&" in text:
        body = LexborHTMLParser(text).body
        if body is not None:
            for node in body.css("script, style, template"):
                node.decompose()
            text = body.text(separator=" ")
    return " ".join(text.split())[:_MAX_CHARS]
