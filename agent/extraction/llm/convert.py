"""Turn a model's answer into claims. Whatever it says, a claim can only point into this prompt's documents.

Values are texts in the answer and become canonical values here, in code; what does not convert is rejected
as `schema`. Ids that are not in the prompt are never followed, and a quote that is not in the document it
points at is rejected, never looked up elsewhere.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue

from agent.attributes import canonical_value, is_question
from agent.canonical.money import find_money
from agent.canonical.numbers import find_numbers
from agent.canonical.terms import spellings, terms
from agent.extraction.llm.prompt import Numbered
from agent.extraction.llm.response import Extraction, Item, QuestionAnswer
from agent.grounding import TextIndex
from agent.grounding.cues import DEPARTMENT_WORDS
from agent.grounding.names import find_name
from agent.models import Claim, RejectedClaim, Rejection, SourceDocument
from tools.occupations import department_of
from tools.technographics import canonical_product

_I = re.IGNORECASE
_DATE = re.compile(r"((?:19|20)\d\d)(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LEFT = re.compile(
    r"\b(?:steps?\s+down|stepping\s+down|left|leaves|leaving|depart\w*|resign\w*|retir\w*|verlässt|quitte|démission\w*|deja|lascia)\b",
    _I,
)
_PROMOTED = re.compile(r"\bpromot\w+|befördert|promu\w*\b", _I)
_ACQUIRED = re.compile(
    r"\b(?:acquired|bought|taken\s+over)\s+by\b|\bjoins\b|übernommen\s+von|rachetée?\s+par", _I
)
_OUR_WORDS = frozenset(
    {
        "account",
        "the account",
        "company",
        "the company",
        "we",
        "us",
        "our",
        "itself",
        "null",
        "none",
        "n/a",
        "",
    }
)


_NOTHING = re.compile(
    r"(?:not[ _](?:found|stated|mentioned|specified|available|applicable|provided)|n/?a|null|none|unknown|-|)\.?",
    _I,
)


_ID = re.compile(r"\W*[Ss]?\s?(\d{1,6})\W*")
_LEADING_ID = re.compile(r"^\W*[Ss]\d{1,6}\W+")
_SHORTEST_PASTE = 12


class Question(NamedTuple):
    """A profile's own question: the attribute its answers are kept under, and its words."""

    attribute: str
    text: str


class Converted(NamedTuple):
    """Claims, and what could not become one."""

    claims: tuple[Claim, ...]
    rejected: tuple[RejectedClaim, ...]


def convert(
    answer: Extraction, sentences: dict[str, Numbered], questions: tuple[Question, ...], extractor: str
) -> Converted:
    """Return the claims of one answer, without repeats.

    `sentences` are the ids of this very prompt; `extractor` is `llm:<model>:<prompt id>`.
    """
    indexes: dict[str, TextIndex] = {}
    claims: dict[str, Claim] = {}
    rejected: list[RejectedClaim] = []

    def add(attribute: str, value: JsonValue, entry: Item | QuestionAnswer, **fields: object) -> None:
        place = _document(entry.sentences, entry.quote, sentences, indexes)
        reason: Rejection | None = "schema" if value is None else "quote_not_found" if place is None else None
        if place is not None and place.document.kind == "imported" and not is_question(attribute):
            reason = "schema"  # a cell speaks for its own column, which the rules read
        if reason is not None or place is None:
            rejected.append(_rejection(attribute, entry, sentences, reason or "quote_not_found", extractor))
            return
        if attribute == "hiring" and place.document.kind == "job_posting":
            return  # a posting is one opening, and is counted as that already
        claim = Claim.model_validate(
            {
                "attribute": attribute,
                "value": value,
                "quote": entry.quote,
                "document": place.document.id,
                "start": place.span.start,
                "extractor": extractor,
                **fields,
            }
        )
        key = json.dumps([attribute, value, claim.document, entry.quote, claim.polarity], sort_keys=True)
        claims.setdefault(key, claim)

    for item in answer.items:
        if _NOTHING.fullmatch(item.value.strip()):
            continue  # a way of saying "not found" that small models have; it claims nothing
        subject = None if item.subject.strip().casefold() in _OUR_WORDS else item.subject.strip()[:200]
        value = canonical_value(item.attribute, raw_value(item))
        add(
            item.attribute,
            value,
            item,
            polarity=item.polarity,
            subject=subject,
            event_on=read_date(item.event_date),
        )
    for reply in answer.answers:
        question = _asked(reply.question, questions)
        if question is not None and reply.answer != "not_stated":
            add(question.attribute, {"answer": reply.answer}, reply)
    return Converted(tuple(claims.values()), tuple(rejected))


def _asked(label: str, questions: tuple[Question, ...]) -> Question | None:
    number = label[1:]
    if not (label.startswith("Q") and number.isascii() and number.isdigit() and len(number) < 4):
        return None
    place = int(number) - 1
    return questions[place] if 0 <= place < len(questions) else None


def _document(
    ids: list[str], quote: str, sentences: dict[str, Numbered], indexes: dict[str, TextIndex]
) -> Numbered | None:
    """Return the sentence an entry points at, if its quote stands in that sentence's document.

    Only the first known id counts. Without any id, the quote must stand in exactly one of the documents.
    """

    def holds(document: SourceDocument, hint: int) -> bool:
        if document.id not in indexes:
            indexes[document.id] = TextIndex(document.text)
        return indexes[document.id].locate(quote, hint) is not None

    given = [each for each in ids if each.strip()]
    known = [target for each in given if (target := _pointed(each, sentences)) is not None]
    if known:
        return known[0] if holds(known[0].document, known[0].span.start) else None
    if given:
        return None
    homes = {each.document.id: each for each in reversed(sentences.values()) if quote.strip()}
    found = [each for each in homes.values() if holds(each.document, each.span.start)]
    return found[0] if len(found) == 1 else None


def _pointed(written: str, sentences: dict[str, Numbered]) -> Numbered | None:
    """Return the sentence an id stands for: "S9", "[s9]" or "9"; or the sentence itself, with or without its id."""
    bare = _ID.fullmatch(written)
    if bare:
        return sentences.get(f"S{bare[1]}")
    pasted = _LEADING_ID.sub("", " ".join(written.split())).casefold()
    if len(pasted) < _SHORTEST_PASTE:
        return None
    for each in sentences.values():
        said = " ".join(each.document.text[each.span.start : each.span.end].split()).casefold()
        if said.startswith(pasted) or (pasted.startswith(said) and len(said) >= _SHORTEST_PASTE):
            return each
    return None


def _rejection(
    attribute: str,
    entry: Item | QuestionAnswer,
    sentences: dict[str, Numbered],
    reason: Rejection,
    extractor: str,
) -> RejectedClaim:
    pointed = next((sentences[each] for each in entry.sentences if each in sentences), None)
    return RejectedClaim(
        attribute=attribute,
        value=entry.value[:300] if isinstance(entry, Item) else entry.answer,
        quote=entry.quote[:2000],
        reason=reason,
        url=pointed.document.final_url if pointed else "",
        extractor=extractor,
        nearest=pointed.document.text[pointed.span.start : pointed.span.end][:300] if pointed else "",
    )


def read_date(text: str | None) -> date | None:
    """Return the first day of `YYYY[-MM[-DD]]`, or `None` for anything else."""
    match = _DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def raw_value(item: Item) -> JsonValue:
    """Return an item's value in the shape its attribute's canonicaliser reads."""
    value, quote = " ".join(item.value.split())[:300], item.quote[:1000]
    shape = _SHAPES.get(item.attribute)
    return shape(value, quote, item) if shape else value


def _technology(value: str, quote: str, item: Item) -> JsonValue:
    known = canonical_product(value)
    return {
        "product": known.name if known else value,
        "category": known.category if known else "other",
        "relation": item.relation or "uses",
    }


def _size(value: str, quote: str, item: Item) -> JsonValue:
    if canonical_value("employee_count", value) is not None:
        return value
    numbers = list(find_numbers(value))
    return int(numbers[0].value) if len(numbers) == 1 and numbers[0].value == int(numbers[0].value) else None


def _hiring(value: str, quote: str, item: Item) -> JsonValue:
    folded = value.casefold().replace(" ", "_")
    department = folded if folded in DEPARTMENT_WORDS else department_of(value)
    is_title = department != "other" and len(value.split()) > 1  # "Join us" is no job
    title = value if is_title and find_name(quote, (value,)) else None
    return {"department": department, "seniority": None, "title": title, "count": 1}


def _round(value: str, quote: str, item: Item) -> JsonValue:
    money = next(find_money(value), None) or next(find_money(quote), None)
    stage = next(
        (
            name
            for name in terms("funding_stage")
            if name != "acquired" and find_name(value, spellings("funding_stage", name))
        ),
        None,
    )
    return {
        "stage": stage,
        "amount": money.amount if money else None,
        "currency": money.currency if money else None,
    }


def _money(value: str, quote: str, item: Item) -> JsonValue:
    money = next(find_money(value), None)
    return {"amount": money.amount, "currency": money.currency} if money else None


def _growth(value: str, quote: str, item: Item) -> JsonValue:
    numbers = list(find_numbers(value))
    measures = {
        "revenue": r"revenue|sales|arr|umsatz|chiffre",
        "employees": r"employee|team|headcount|staff",
        "customers": r"customer|client|user",
    }
    measure = next((name for name, words in measures.items() if re.search(words, quote, _I)), "other")
    return {"percent": float(numbers[0].value), "measure": measure} if len(numbers) == 1 else None


def _change(value: str, quote: str, item: Item) -> JsonValue:
    change = "departed" if _LEFT.search(quote) else "promoted" if _PROMOTED.search(quote) else "appointed"
    return {"title": value, "change": change}


def _expansion(value: str, quote: str, item: Item) -> JsonValue:
    kinds = {
        "office": r"office|büro|bureau|oficina|ufficio|kantoor",
        "facility": r"plant|factory|warehouse|facility|werk|usine|store",
        "market": r"market|markt|marché|mercado",
    }
    kind = next((name for name, words in kinds.items() if re.search(words, quote, _I)), "other")
    return {"kind": kind, "place": value, "country": None}


def _acquisition(value: str, quote: str, item: Item) -> JsonValue:
    return {"role": "acquired" if _ACQUIRED.search(quote) else "acquirer", "other": value}


def _layoffs(value: str, quote: str, item: Item) -> JsonValue:
    numbers = list(find_numbers(value))
    first = int(numbers[0].value) if numbers else None
    percent = first if first is not None and re.search(r"%|percent|prozent", value, _I) else None
    return {"count": None if percent is not None else first, "percent": percent}


def _flag(value: str, quote: str, item: Item) -> JsonValue:
    return True


_SHAPES = {
    "technology": _technology,
    "employee_count": _size,
    "hiring": _hiring,
    "funding_round": _round,
    "total_funding": _money,
    "growth_rate": _growth,
    "leadership_change": _change,
    "expansion": _expansion,
    "acquisition": _acquisition,
    "layoffs": _layoffs,
    "api_offered": _flag,
}
