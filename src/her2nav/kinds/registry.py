"""All criterion kinds, found by looking at the modules of this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from her2nav import kinds as package
from her2nav.kinds.base import Kind


@cache
def kinds() -> MappingProxyType[str, Kind]:
    """Return every kind by id: each module of this package that defines `KIND`, which is named after it."""
    found: dict[str, Kind] = {}
    for info in pkgutil.iter_modules(package.__path__):
        kind = getattr(importlib.import_module(f"{package.__name__}.{info.name}"), "KIND", None)
        if isinstance(kind, Kind):
            found[kind.id] = kind
    return MappingProxyType(found)
