"""The JSON Schema of a profile, for editors that complete and check YAML as it is typed.

It is built from the same key tables the reader uses. The reader checks more (that bands nest, that an
absence names its sources); what it accepts is always valid here.
"""

from __future__ import annotations

from typing import Any

from agent.attributes import Relation, attribute_names
from agent.icp.keys import CASE, CONDITION, CRITERION, EXCLUSION, PERSONA, PROFILE, TIER, Key
from agent.icp.model import DIMENSIONS
from agent.models import SOURCES

Schema = dict[str, Any]  # Any: JSON

_NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s?[kKmMbB]$"}]
}
_POSITIVE: Schema = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _NUMBER["anyOf"][1]]}
_TEXT: Schema = {"type": ["string", "number"]}
_FLAG: Schema = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]}
_ID: Schema = {"type": ["string", "integer"], "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"}
_NAMES: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}


def profile_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a profile file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ideal Customer Profile",
        **_mapping(PROFILE, required=("icp", "criteria")),
        "$defs": {
            "condition": _mapping(CONDITION),
            "criterion": _mapping(CRITERION, required=("id",)),
            "exclusion": _mapping(EXCLUSION, required=("id",)),
            "case": _mapping(CASE, required=("grade",)),
            "tier": _mapping(TIER, required=("name", "min")),
            "persona": _mapping(PERSONA, required=("role", "titles")),
        },
    }


def _mapping(keys: dict[str, Key], required: tuple[str, ...] = ()) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**_shape(key.shape), "description": key.meaning} for name, key in keys.items()},
    }
    return {**schema, "required": list(required)} if required else schema


def _list_of(name: str, *, optional: bool = False) -> Schema:
    items: Schema = {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
    if optional:
        return {"anyOf": [items, {"type": "null"}]}
    return {**items, "minItems": 1}


def _shape(name: str) -> Schema:
    end: Schema = {"anyOf": [*_NUMBER["anyOf"], {"type": "null"}]}
    sources: Schema = {"enum": list(SOURCES)}
    dimensions = [*DIMENSIONS, "behavioural"]
    shapes: dict[str, Schema] = {
        "name": {"type": ["string", "integer"]},
        "id": _ID,
        "text": _TEXT,
        "titles": _NAMES,
        "flag": _FLAG,
        "answer": _FLAG,
        "number": _NUMBER,
        "positive_number": _POSITIVE,
        "positive_int": {"type": "integer", "minimum": 1},
        "fraction": {"type": "number", "minimum": 0, "maximum": 1},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "grade": {"type": "integer", "minimum": 1, "maximum": 5},
        "date": {"type": "string", "format": "date"},
        "currency": {"type": "string", "pattern": "^[A-Za-z]{3}$"},
        "effect": {"enum": ["disqualify", "penalty"]},
        "dimension": {"enum": dimensions},
        "dimensions": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"type": "number", "minimum": 0, "maximum": 100} for name in dimensions},
        },
        "attribute": {"enum": list(attribute_names())},
        "relation": {"anyOf": [_enum(Relation), {"type": "array", "items": _enum(Relation), "minItems": 1}]},
        "where": {"type": "object", "minProperties": 1, "additionalProperties": _NAMES},
        "band": {"type": "array", "items": end, "minItems": 2, "maxItems": 2},
        "values": {
            "anyOf": [
                _TEXT,
                {"type": "array", "minItems": 1, "items": {"anyOf": [_TEXT, {"$ref": "#/$defs/condition"}]}},
            ]
        },
        "sources": {"anyOf": [sources, {"type": "array", "items": sources, "minItems": 1}]},
        "condition": {"$ref": "#/$defs/condition"},
        "cases": _list_of("case"),
        "tiers": _list_of("tier"),
        "criteria": _list_of("criterion"),
        "exclude": _list_of("exclusion", optional=True),
        "personas": _list_of("persona", optional=True),
    }
    return shapes[name]


def _enum(literal: Any) -> Schema:  # Any: a typing.Literal
    from typing import get_args

    return {"enum": list(get_args(literal))}
