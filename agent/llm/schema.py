"""JSON schemas in the smallest subset that every server understands.

Strict mode wants every property required, no defaults and no open objects; Gemini's layer refuses `$defs`;
some servers refuse length and pattern keywords. `strict_schema` writes that subset and `schema_faults`
names what a response model does outside of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel, JsonValue

MOST_PROPERTIES = 100
MOST_LEVELS = 5
_KEPT = frozenset(
    {"type", "properties", "required", "items", "enum", "anyOf", "additionalProperties", "description"}
)
_SILENTLY_DROPPED = frozenset({"title", "$defs", "default", "const"})


@lru_cache(maxsize=64)
def _schema(model: type[BaseModel]) -> dict[str, Any]:  # Any: JSON schema
    raw = model.model_json_schema()
    return cast("dict[str, Any]", _strict(raw, raw.get("$defs", {}), 0))


def strict_schema(model: type[BaseModel]) -> dict[str, JsonValue]:
    """Return the model's schema: references inlined, all properties required, nothing else allowed."""
    return _schema(model)


def _strict(node: Any, definitions: dict[str, Any], depth: int) -> Any:  # Any: JSON schema
    if depth > 40:
        raise ValueError("a response model must not contain itself")
    if isinstance(node, list):
        return [_strict(each, definitions, depth + 1) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions, depth + 1)
    if "const" in node:
        node = {**node, "enum": [node["const"]]}
    kept = {key: value for key, value in node.items() if key not in _SILENTLY_DROPPED}
    if "properties" in kept:
        kept["properties"] = {
            name: _strict(value, definitions, depth + 1) for name, value in kept["properties"].items()
        }
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return {
        key: value if key == "properties" else _strict(value, definitions, depth + 1)
        for key, value in kept.items()
    }


def schema_faults(model: type[BaseModel]) -> list[str]:
    """Return what in a response model leaves the common subset; an empty list means every server takes it."""
    faults: list[str] = []
    properties = 0

    def walk(node: Any, path: str, level: int) -> None:  # Any: JSON schema
        nonlocal properties
        if not isinstance(node, dict):
            return
        if level > MOST_LEVELS:
            faults.append(f"{path}: deeper than {MOST_LEVELS} levels")
            return
        faults.extend(f"{path}: keyword {key!r}" for key in node if key not in _KEPT)
        if node.get("type") == "object" and "properties" not in node:
            faults.append(f"{path}: an open object")
        for name, child in node.get("properties", {}).items():
            properties += 1
            walk(child, f"{path}.{name}", level + 1)
        walk(node.get("items"), f"{path}[]", level)
        for child in node.get("anyOf", ()):
            walk(child, path, level)

    walk(strict_schema(model), model.__name__, 0)
    if properties > MOST_PROPERTIES:
        faults.append(f"{model.__name__}: {properties} properties, more than {MOST_PROPERTIES}")
    for name, field in model.model_fields.items():
        if not field.is_required():
            faults.append(f"{model.__name__}.{name}: has a default; make it required and nullable")
    return faults
