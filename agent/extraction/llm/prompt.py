"""Write the prompt of one call: instructions first, so that calls share a prefix; page text last.

Page text is data. It stands between two lines with a mark that the page cannot contain, because the mark
is a hash of that very text; it needs no random number, so equal runs make equal prompts and recordings
replay. Look-alikes of delimiters, sentence ids and role markers in the text are neutralised.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.attributes import entry
from agent.extraction.llm.passages import Passage
from agent.grounding import Span
from agent.llm.api import Message
from agent.models import Account, SourceDocument
from prompts import Prompt

TOKENS_AN_ITEM = 100
"""About how long one item of an answer is."""
_OPENING = str.maketrans(dict.fromkeys("<＜﹤〈⟨❮˂‹《⟪", "‹"))
_CLOSING = str.maketrans(dict.fromkeys(">＞﹥〉⟩❯˃›》⟫", "›"))
_BRACKETS = str.maketrans({"［": "[", "］": "]", "【": "[", "】": "]", "〔": "[", "〕": "]"})
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_SENTENCE_ID = re.compile(r"\[\s*[SsＳЅ]\s*(\d{1,6})\s*\]")
_ROLE = re.compile(r"^(\s*)(system|assistant|user|developer|human|ai|tool|function)(\s*)[:：]", re.IGNORECASE)
_MARKUP = re.compile(r"‹\s*\|?\s*/?\s*[\w|!?-]")
_FENCE = re.compile(r"`{3,}|~{3,}|-{5,}|={5,}|#{3,}")
_RUNS = ("```", "~~~", "-----", "=====", "###")
"""What each fence begins with: most sentences hold none."""
_HINTS: dict[str, str] = {
    "employee_count": 'how many people work there now; copy the number with its qualifier ("over 500", "51-200")',
    "industry": "what business it is in",
    "sub_industry": "the branch of its industry",
    "headquarters": "city, region, country of the head office",
    "operating_region": "one country it operates in; one item each",
    "founded_year": "the year it was founded",
    "revenue": "yearly revenue with currency",
    "growth_rate": "percentage of growth",
    "total_funding": "money raised in all, with currency",
    "funding_round": 'stage and amount of one round, for example "$12M Series B"',
    "technology": "one product by name; one item each",
    "hiring": "one team or job title it hires for now; one item each",
    "leadership_change": "the title that was filled or left, never a person's name",
    "expansion": "the place it expands to",
    "acquisition": "the other company's name",
    "partnership": "the partner's name",
    "product_launch": "the product's name",
    "pain_point": "a problem the company itself has, in its words",
    "goal": "what the company wants to reach, in its words",
    "buying_role": "a job title in the company, never a person's name",
}


class Numbered(NamedTuple):
    """A sentence as the prompt numbers it."""

    document: SourceDocument
    span: Span


class CallPrompt(NamedTuple):
    """The messages of one call and what its sentence ids stand for."""

    messages: tuple[Message, ...]
    sentences: dict[str, Numbered]


def neutralise(text: str) -> str:
    """Return page text on one line, without invisible characters and without anything that looks like ours.

    Angle brackets of all kinds become ‹ ›, bracketed sentence ids lose their brackets, role markers their
    colon, fences and rules their length.
    """
    if text.isascii():  # most sentences: nothing invisible, and one kind of bracket
        plain = text.replace("<", "‹").replace(">", "›")
    else:
        plain = _INVISIBLE.sub("", text).translate(_OPENING).translate(_CLOSING).translate(_BRACKETS)
    plain = " ".join(plain.split())
    if "[" in plain:
        plain = _SENTENCE_ID.sub(r"(s \1)", plain)
    if (":" in plain or "：" in plain) and (role := _ROLE.match(plain)):
        plain = f"{role[1]}{role[2]}{role[3]} -{plain[role.end() :]}"
    if "‹" in plain:
        plain = _MARKUP.sub(lambda found: "‹ " + found.group()[-1], plain)
    if any(run in plain for run in _RUNS):
        plain = _FENCE.sub(lambda found: found.group()[:2], plain)
    return plain


def mark_for(account: Account, body: str) -> str:
    """Return the delimiter of a body of page text: a hash of the text, which the text cannot foresee."""
    return hashlib.sha256(f"{account.domain}\n{body}".encode()).hexdigest()[:16]


def write_prompt(
    prompt: Prompt,
    account: Account,
    attributes: Sequence[str],
    questions: Sequence[str],
    passages: Sequence[Passage],
    *,
    most_items: int = 20,
) -> CallPrompt:
    """Return the messages for one call.

    The system message is the same for all calls of an account but for the mark, which stands in its last
    lines. Questions are named Q1, Q2 ... in the given order.
    """
    lines: list[str] = []
    sentences: dict[str, Numbered] = {}
    for number, document, spans in _by_document(passages):
        lines.append(
            f"Page {number}: {neutralise(document.title)[:120]} ({document.kind}, {document.purpose})"
        )
        for span in spans:
            label = f"S{len(sentences) + 1}"
            sentences[label] = Numbered(document, span)
            lines.append(f"[{label}] {neutralise(document.text[span.start : span.end])}")
    body = "\n".join(lines)
    mark = mark_for(account, body)
    instructions = prompt.render(
        company=neutralise(account.name or account.domain)[:120] + f" ({account.domain})",
        attributes="\n".join(_describe(name) for name in attributes) or "Nothing; answer the questions only.",
        questions="\n".join(f"Q{n}: {' '.join(text.split())}" for n, text in enumerate(questions, 1))
        or "None.",
        most_items=str(most_items),
        mark=mark,
    )
    page = f"--- {mark} begin ---\n{body}\n--- {mark} end ---"
    return CallPrompt(
        (Message(role="system", content=instructions), Message(role="user", content=page)), sentences
    )


def _by_document(passages: Sequence[Passage]) -> list[tuple[int, SourceDocument, list[Span]]]:
    spans: dict[str, set[Span]] = {}
    documents: dict[str, SourceDocument] = {}
    for passage in passages:
        documents.setdefault(passage.document.id, passage.document)
        spans.setdefault(passage.document.id, set()).update(passage.sentences)
    return [(n, documents[key], sorted(spans[key])) for n, key in enumerate(documents, 1)]


def _describe(attribute: str) -> str:
    known = entry(attribute)
    hint = _HINTS.get(attribute, known.ask.rstrip("?"))
    allowed = (
        f"; one of: {', '.join(known.closed)}"
        if known.closed and len(known.closed) <= 40 and attribute not in ("hiring",)
        else ""
    )
    return f"- {attribute}: {hint}{allowed}"
