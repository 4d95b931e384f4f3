"""Putting a value at its place in the plain data of a patient file."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


def placed(record: dict[str, Any], pointer: str, value: Any) -> dict[str, Any] | None:
    """Return a copy with the value at a pointer; `-` appends to a list. None where the place is below a value.

    >>> placed({"a": {}}, "/a/b", 1)
    {'a': {'b': 1}}
    >>> placed({}, "/list/-", {"x": 1})
    {'list': [{'x': 1}]}
    """
    copy = deepcopy(record)
    target: Any = copy
    parts = pointer.strip("/").split("/")
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if isinstance(target, list):
            if part != "-" or following:
                return None
            target.append(value)
        elif not isinstance(target, dict):
            return None
        elif not following:
            target[part] = value
        else:
            target = target.setdefault(part, [] if following == "-" else {})
    return copy
