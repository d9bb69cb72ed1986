"""How a criterion may test each attribute, derived from the attribute catalogue.

`agent/attributes.py` says what an attribute is; this says which tests fit it, which fields `where` may
narrow, and which gatherers usually find it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple, get_args

from agent.attributes import Relation, attribute_names, entry, is_question
from agent.canonical.roles import BUYING_ROLES
from agent.canonical.terms import terms
from agent.icp.model import Dimension
from agent.models import SourceName
from tools.documents import Department, Seniority
from tools.technographics import product_categories

Shape = Literal["number", "one", "many", "event", "flag"]
"""`number`: an amount or a range. `one`: one value at a time. `many`: any number, never known to be all.
`event`: dated signals. `flag`: true or nothing."""

_NEEDS = frozenset(("pain_point", "goal", "buying_trigger"))
_NUMBERS = frozenset(("founded_year", "growth_rate"))
_PLACES: tuple[tuple[str, SourceName], ...] = (
    ("careers", "jobs"),
    ("news", "news"),
    ("DNS", "technographics"),
    ("registries", "registries"),
)
_CLOSED_FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("technology", "relation"): get_args(Relation),
    ("technology", "category"): product_categories(),
    ("hiring", "department"): get_args(Department),
    ("hiring", "seniority"): get_args(Seniority),
    ("growth_rate", "measure"): ("revenue", "employees", "customers", "other"),
    ("funding_round", "stage"): terms("funding_stage"),
    ("leadership_change", "change"): terms("leadership_change"),
    ("expansion", "kind"): ("office", "market", "facility", "other"),
    ("acquisition", "role"): ("acquirer", "acquired"),
    ("buying_role", "role"): BUYING_ROLES,
}
_NUMERIC_FIELDS = frozenset(("exact", "low", "high", "amount", "count", "percent", "year"))


class AttributeUse(NamedTuple):
    """How one attribute is tested.

    `subject` names it in a sentence ("employees"); `sources` are the gatherers that usually find it, best
    first; `fields` are what `where` may narrow, each with its closed set of values, or `None` for free text.
    """

    shape: Shape
    dimension: Dimension
    subject: str
    sources: tuple[SourceName, ...]
    fields: dict[str, tuple[str, ...] | None]
    ask: str
    look_in: tuple[str, ...]


@cache
def use_of(attribute: str) -> AttributeUse:
    """Return how `attribute` is tested. Raises `KeyError` for one that is not in the catalogue."""
    found = entry(attribute)
    names = re.findall(r"[a-z_]+", found.shape) if found.shape.startswith("{") else []
    sources: dict[SourceName, None] = {}
    for place in found.look_in:
        sources[next((source for word, source in _PLACES if word in place), "website")] = None
    label = found.label
    return AttributeUse(
        shape=_shape(attribute),
        dimension="needs" if attribute in _NEEDS else found.dimension,
        subject=label if label[1:2].isupper() else label[0].lower() + label[1:],
        sources=tuple(sources),
        fields={name: _CLOSED_FIELDS.get((attribute, name)) for name in names if name not in _NUMERIC_FIELDS},
        ask=found.ask,
        look_in=found.look_in,
    )


def _shape(attribute: str) -> Shape:
    found = entry(attribute)
    if is_question(attribute) or found.shape == "true":
        return "flag"
    if found.merge == "size" or attribute in _NUMBERS:
        return "number"
    if found.merge in ("event", "count"):
        return "event"
    return "one" if found.merge == "scalar" else "many"


def testable_attributes() -> tuple[str, ...]:
    """Return every attribute a criterion may name, in catalogue order."""
    return attribute_names()
