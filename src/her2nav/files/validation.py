"""Turn a parsed document into a typed record, and a refusal into one clear line."""

from __future__ import annotations

import difflib
import types
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from her2nav.files.places import Document, Path
from her2nav.model.errors import Her2NavError, ValueProblem

M = TypeVar("M", bound=BaseModel)


def build(model: type[M], document: Document, error: type[Her2NavError] = ValueProblem) -> M:
    """Validate a document against a model.

    Raises:
        error: The first thing wrong, with file, line, key and what is allowed.
    """
    if not isinstance(document.data, dict):
        raise error(
            "the file holds no record",
            file=document.name,
            place=document.place(()),
            allowed=f"keys such as {', '.join(list(model.model_fields)[:5])}",
        )
    try:
        return model.model_validate(document.data)
    except ValidationError as problem:
        raise explain(problem, model, document, error) from None


def explain(
    problem: ValidationError, model: type[BaseModel], document: Document, error: type[Her2NavError] = ValueProblem
) -> Her2NavError:
    """Make one line of the first error of a failed validation."""
    errors = problem.errors(include_url=False)
    first = min(errors, key=lambda item: _line_of(document, _real_path(document.data, item["loc"])))
    path = _real_path(document.data, first["loc"])
    message, allowed = _message(first, model, path)
    if len(errors) > 1:
        message += f" (and {len(errors) - 1} more)"
    return error(message, file=document.name, place=document.place(path), allowed=allowed)


def _line_of(document: Document, path: Path) -> int:
    for end in range(len(path), -1, -1):
        if path[:end] in document.lines:
            return document.lines[path[:end]]
    return 0


def _real_path(data: object, loc: tuple[str | int, ...]) -> Path:
    """Drop the parts of a pydantic location that are not in the data (names of validators and union members)."""
    path: list[str | int] = []
    here: object = data
    for part in loc:
        if isinstance(here, dict) and isinstance(part, str):
            path.append(part) if part in here or not path or part == loc[-1] else None
            here = here.get(part, here) if part in here else here
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            path.append(part)
            here = here[part]
    return tuple(path)


def _message(item: Any, model: type[BaseModel], path: Path) -> tuple[str, str | None]:
    kind, given, context = item["type"], item.get("input"), item.get("ctx") or {}
    shown = _shown(given)
    if kind == "extra_forbidden":
        key = str(item["loc"][-1])
        known = sorted(_keys_at(model, path[:-1]))
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        return f"unknown key '{key}'{hint}", ", ".join(known) or None
    if kind == "missing":
        return f"the key '{item['loc'][-1]}' is absent", None
    if kind in ("literal_error", "enum"):
        return f"{shown} is not allowed", context.get("expected", "").replace("'", "") or None
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        word = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
        (name, bound), *_ = context.items()
        return f"{shown} is out of range", f"{word.get(name, name)} {bound}"
    if kind == "value_error":
        return str(context.get("error", item["msg"])), None
    if kind.startswith(("decimal", "int", "float", "finite_number")):
        return f"{shown} is not a number", "a number with a decimal point"
    if kind.startswith("bool"):
        return f"{shown} is not yes or no", "true, false"
    if kind.startswith(("tuple", "list")):
        return f"{shown} is not a list", "a list"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{shown} is not a group of keys", ", ".join(sorted(_keys_at(model, path))) or None
    return f"{shown}: {item['msg']}", None


def _shown(given: object) -> str:
    text = str(given)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def _keys_at(model: type[BaseModel], path: Path) -> set[str]:
    """Return the keys allowed at a path, following the model's annotations."""
    found: set[str] = set()
    _collect(model, list(path), found)
    return found


def _collect(annotation: Any, path: list[str | int], found: set[str]) -> None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            found.update(field.alias or name for name, field in annotation.model_fields.items())
            found.update(getattr(annotation, "also_accepted", ()))
            found.difference_update(getattr(annotation, "not_shown", ()))
            return
        field = annotation.model_fields.get(str(path[0]))
        if field is not None:
            _collect(field.annotation, path[1:], found)
        return
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) in (tuple, list) and path and isinstance(path[0], int):
        path = path[1:]
    if arguments and (
        typing.get_origin(annotation) in (tuple, list, dict, typing.Union, types.UnionType, typing.Annotated)
    ):
        for argument in arguments:
            _collect(argument, path, found)
