"""Looking names up as people write them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_ASCII_OUT = {code: None for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return a name without case, accents, spaces and punctuation.

    >>> key("T-DXd"), key("Œsophageal  cancer")
    ('tdxd', 'oesophagealcancer')
    """
    text = name.casefold().replace("œ", "oe").replace("(l)", "orl")
    if text.isascii():
        return text.translate(_ASCII_OUT)
    return _NOT_ALNUM.sub("", unicodedata.normalize("NFKD", text))


class NameIndex:
    """Names to ids; the first name given for an id is the one suggestions show."""

    def __init__(self, entries: Iterable[tuple[str, str]], *, folded: bool = False) -> None:
        """Take names with their ids; `folded` says that the names are keys already."""
        self._ids: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        fold = str if folded else key
        for name, identifier in entries:
            folded_name = fold(name)
            if folded_name:
                self._ids.setdefault(folded_name, identifier)
                self._shown.setdefault(folded_name, name)

    def find(self, name: str) -> str | None:
        """Return the id of a name, or None."""
        return self._ids.get(key(name))

    def nearest(self, name: str, n: int = 3, cutoff: float = 0.72) -> list[str]:
        """Return known names that look alike, best first."""
        near = difflib.get_close_matches(key(name), self._ids, n=n * 2, cutoff=cutoff)
        shown: list[str] = []
        seen: set[str] = set()
        for folded in near:
            if self._ids[folded] not in seen:
                seen.add(self._ids[folded])
                shown.append(self._shown[folded])
        return shown[:n]

    def items(self) -> Mapping[str, str]:
        """Folded names to ids."""
        return self._ids


class Hierarchy:
    """Named entries with their wider ones: what histologies and side effects have in common."""

    def __init__(self, parents: Mapping[str, tuple[str, ...]], names: Iterable[tuple[str, str]]) -> None:
        self._closure = closure(parents)
        self._index = NameIndex(names)

    def find(self, written: str) -> str | None:
        """Return the entry of a name, or None."""
        return self._index.find(written)

    def nearest(self, written: str) -> list[str]:
        """Return names that look alike."""
        return self._index.nearest(written)

    def wider(self, identifier: str) -> frozenset[str]:
        """Return the entry and all that contain it."""
        return self._closure[identifier]

    def narrower(self, identifier: str) -> frozenset[str]:
        """Return the entry and all inside it."""
        return frozenset(item for item, wider in self._closure.items() if identifier in wider)


def closure(parents: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return every id with all its ancestors, itself included.

    Raises:
        ValueError: A parent is unknown or the graph has a cycle.
    """
    done: dict[str, frozenset[str]] = {}

    def visit(identifier: str, trail: tuple[str, ...]) -> frozenset[str]:
        if identifier in done:
            return done[identifier]
        if identifier in trail:
            raise ValueError(f"'{identifier}' is its own ancestor")
        if identifier not in parents:
            raise ValueError(f"'{trail[-1] if trail else identifier}' names an unknown parent '{identifier}'")
        found = {identifier}
        for parent in parents[identifier]:
            found |= visit(parent, (*trail, identifier))
        done[identifier] = frozenset(found)
        return done[identifier]

    for identifier in parents:
        visit(identifier, ())
    return done
