"""Make frozen models without validating them again, for values this package has just computed itself.

Validation would take most of the time of a verdict. `model_construct` skips it too, but looks at every
field's aliases and defaults; here every field is given, in order. A test checks that what is built this
way equals what validation would have made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)

_new = object.__new__
_set_values, _set_fields, _set_extra, _set_private = (
    BaseModel.__dict__[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def maker(model: type[Model]) -> Callable[[dict[str, Any]], Model]:  # Any: each field's own type
    """Return the function that makes a `model` of its values: all of its fields, valid and in order."""
    fields = set(model.model_fields)

    def make(values: dict[str, Any]) -> Model:
        instance = _new(model)
        _set_values(instance, values)
        _set_fields(instance, fields)
        _set_extra(instance, None)
        _set_private(instance, None)
        return instance

    return make
