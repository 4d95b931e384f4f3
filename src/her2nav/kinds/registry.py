"""All criterion kinds, found by looking at the modules of this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from her2nav import kinds as package
from her2nav.kinds.base import Kind

_SHARED = frozenset({"base", "forms", "freshness", "registry", "terms", "therapy_match"})


@cache
def kinds() -> MappingProxyType[str, Kind]:
    """Return every kind by id; a module of this package that is not shared machinery defines `KIND`."""
    found: dict[str, Kind] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name in _SHARED:
            continue
        kind = importlib.import_module(f"{package.__name__}.{info.name}").KIND
        found[kind.id] = kind
    return MappingProxyType(found)
