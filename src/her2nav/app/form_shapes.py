"""What a place of the patient file takes, told from the model: words, yes or no, a number, a date, a list, a text."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel

from her2nav.model.dates import PartialDate
from her2nav.model.patient import Patient

Kind = Literal["choice", "yes_no", "number", "date", "list", "text"]
_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, "yes_no"),
    (int, "number"),
    (Decimal, "number"),
    (float, "number"),
    (PartialDate, "date"),
    (str, "text"),
)
"""In this order: a bool is an int as well."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is written at a place.

    Attributes:
        kind: How it is asked for.
        words: Of a choice, the values of the patient file.
    """

    kind: Kind
    words: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def shape_of(path: str) -> Shape | None:
    """Return what a place takes; None where the model has no such place.

    Args:
        path: With dots; a number or `*` for an entry of a list.

    >>> shape_of("specimens.0.kind").words[:2]
    ('biopsy', 'resection')
    >>> shape_of("therapies.*.start").kind
    'date'
    """
    found = list(_at(Patient, path.split(".")))
    words = tuple(word for one in found if typing.get_origin(one) is Literal for word in typing.get_args(one))
    if words:
        return Shape("choice", tuple(map(str, words)))
    if any(_is_list(one) for one in found):
        return Shape("list")
    for base, kind in _KINDS:
        if any(isinstance(one, type) and issubclass(one, base) for one in found):
            return Shape(kind)
    return None


def _is_list(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (tuple, list)


def _at(annotation: Any, path: list[str]) -> Iterator[Any]:
    """Yield what may stand at a path, unions and annotations taken apart."""
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        for one in inside[:1] if origin is typing.Annotated else inside:
            yield from _at(one, path)
    elif not path:
        yield annotation
    elif _is_list(annotation):
        yield from _at(inside[0], path[1:])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(path[0])
        if field is not None:
            yield from _at(field.annotation, path[1:])
