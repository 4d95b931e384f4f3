"""Short citations, `source#locator`, and keys of facts, `kind:path/of/parts`: how studies and conflicts name things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

Citation = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*#.+$")]
"""An id of `data/sources.yaml`, then the place in it; a bare number is a line: `seed_004#107`."""

FactKey = Annotated[str, Field(pattern=r"^[a-z_]+:[^/\s]+(/[^/\s]+)*$")]
"""A kind of fact and where it stands, from wide to narrow: `study:mountaineer/combination/orr`."""


def source_of(citation: str) -> str:
    """Return the id of the source.

    >>> source_of("seed_004#107")
    'seed_004'
    """
    return citation.partition("#")[0]


def locator_of(citation: str) -> str:
    """Return the place in the source, in words.

    >>> locator_of("seed_004#107"), locator_of("seed_002#580-589"), locator_of("domain_therapies_2026#CR-1")
    ('line 107', 'lines 580-589', 'CR-1')
    """
    place = citation.partition("#")[2]
    if place.replace("-", "").isdigit():
        return f"{'lines' if '-' in place else 'line'} {place}"
    return place


def cited(citations: Iterable[str]) -> str:
    """Return citations as one text, the places of one source together.

    >>> cited(["seed_004#107", "seed_004#204", "seed_003#23"])
    'seed_004, line 107, line 204; seed_003, line 23'
    """
    places: dict[str, list[str]] = {}
    for one in citations:
        places.setdefault(source_of(one), []).append(locator_of(one))
    return "; ".join(", ".join((source, *found)) for source, found in places.items())


class Touched:
    """Keys of facts, to be asked which others they touch: as `touches` for each of them, without trying all pairs."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        self._wider = frozenset(wide for key in self._keys for wide in _wider(key))

    def __contains__(self, key: str) -> bool:
        return key in self._wider or any(wide in self._keys for wide in _wider(key))


def _wider(key: str) -> Iterator[str]:
    """Yield a key and all that hold it."""
    yield key
    while "/" in key:
        key = key.rpartition("/")[0]
        yield key


def touches(one: str, other: str) -> bool:
    """True when two keys name the same fact, or one holds the other.

    >>> touches("study:mountaineer", "study:mountaineer/combination/orr")
    True
    >>> touches("study:mountaineer/single/orr", "study:mountaineer/combination/orr")
    False
    """
    wide, narrow = sorted((one, other), key=len)
    return narrow == wide or narrow.startswith(wide + "/")
