"""Make frozen models without validating them again, for values this package has just computed itself.

Validation would take most of the time of a verdict. `model_construct` skips it too, but looks at every
field's aliases and defaults; here every field is given, in order. A test checks that what is built this
way equals what validation would have made of it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)
_set = object.__setattr__


def build(model: type[Model], values: dict[str, Any]) -> Model:  # Any: each field's own type
    """Return a `model` holding `values`, which must be all of its fields, valid and in order."""
    instance = model.__new__(model)
    _set(instance, "__dict__", values)
    _set(instance, "__pydantic_fields_set__", _fields(model))
    _set(instance, "__pydantic_extra__", None)
    _set(instance, "__pydantic_private__", None)
    return instance


@cache
def _fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)
