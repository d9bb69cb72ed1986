"""The shape of a model's answer. Sentence ids and short quotes point; code copies."""

from __future__ import annotations

import json
import types
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from agent.attributes import Relation


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Item(_Answer):
    """One thing the passages say about the company; pointing comes before naming, as models write in this order."""

    sentences: list[str]
    quote: str
    attribute: str
    value: str
    subject: str
    polarity: Literal["asserts", "denies"]
    relation: Relation | None
    event_date: str | None


class QuestionAnswer(_Answer):
    """The answer to one of the profile's own questions."""

    question: str
    sentences: list[str]
    quote: str
    answer: Literal["yes", "no", "not_stated"]


class Extraction(_Answer):
    """Everything found, and by name what was not; empty lists are a good answer."""

    not_found: list[str]
    items: list[Item]
    answers: list[QuestionAnswer]


@lru_cache(maxsize=64)
def response_model(attributes: tuple[str, ...], questions: tuple[str, ...]) -> type[Extraction]:
    """Return `Extraction` with its attribute and question names closed to the ones asked about.

    An item about anything else, or about a question that was not asked, then fails the schema.
    """
    items = types.GenericAlias(list, _closed(Item, "attribute", attributes))
    answers = types.GenericAlias(list, _closed(QuestionAnswer, "question", questions))
    absent = types.GenericAlias(list, Literal[attributes] if attributes else str)
    fields: dict[str, Any] = {
        "not_found": (absent, ...),
        "items": (items, ...),
        "answers": (answers, ...),
    }  # Any: types made at run time
    return create_model("Extraction", __base__=Extraction, **fields)


def _closed(base: type[_Answer], field: str, names: tuple[str, ...]) -> type[_Answer]:
    fields: dict[str, Any] = {field: (Literal[names], ...)}  # Any: a type made at run time
    return create_model(base.__name__, __base__=base, **fields) if names else base


def finished_items(text: str, response: type[Extraction]) -> Extraction | None:
    """Return the items that stand complete in an answer that was cut off, or `None` when there are none.

    Each must fit the schema by itself; the unfinished last one is dropped, nothing is completed.
    """
    start = text.find('"items"')
    decoder = json.JSONDecoder()
    found: list[Item] = []
    place = text.find("{", start) if start >= 0 else -1
    while place >= 0 and len(found) < 100:
        try:
            raw, end = decoder.raw_decode(text, place)
            whole = response.model_validate({"not_found": [], "items": [raw], "answers": []})
        except (ValueError, RecursionError):
            break
        found.extend(whole.items)
        place = text.find("{", end)
    return Extraction(not_found=[], items=found, answers=[]) if found else None
