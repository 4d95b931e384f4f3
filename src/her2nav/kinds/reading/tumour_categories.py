"""T and N categories: single ones, lists and ranges, with the letters of parts of a category.

A record is compared by the number of its category. Where a trial takes part of one ("T1c to T3") the whole ones are
compared, and of the part a person says whether the tumour lies in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Node

_MEMBER = r"(?:is|[0-4])(?:[a-d](?![a-z])|mic?(?![a-z]))?"
_JOINT = r" ?(?:-|to|or|and(?= ?[cpy]{0,2}[tn]?[0-4])|/|, ?(?:or|and)?) ?"
_LETTERS = r"(?: ?(?:-|/|,) ?[a-d](?![a-z0-9]))"
_T = re.compile(
    rf"(?<![a-z])[cpy]{{0,2}}t(?P<list>{_MEMBER}(?:{_LETTERS}|{_JOINT}(?:[cpy]{{0,2}}t{_MEMBER}|[0-4][a-d]?(?![a-mo-z0-9])))*)"
)
_N = re.compile(
    rf"n(?P<list>(?:\+|{_MEMBER})(?:{_LETTERS}|{_JOINT}(?:[cpy]{{0,2}}n(?:\+|{_MEMBER})|[0-3][a-c]?(?![a-ln-z0-9])))*)"
)
_ITEM = re.compile(r"(?P<number>is|[0-4]|\+)(?P<part>[a-d](?![a-z])|mic?)?|(?<![a-z])(?P<letter>[a-d])(?![a-z])")
_RANGE = re.compile(r"-|\bto\b")
_WHICH = re.compile(r"(?:\bor|,) ?[cpy]{0,2}t[0-4is]+[a-d]?(?: ?- ?t?[0-4][a-d]?)? ?[cpy]{0,2}n[0-3+]")
"""The nodes of the last category alone, or of all: "T4 or T1-3 N2"."""
_LAST = {"T": "4", "N": "3"}
_ORDER = "abcd"


@dataclass(slots=True)
class Categories:
    """What a text names of one axis.

    Attributes:
        whole: Categories meant as a whole, in order.
        parts: Categories of which only a part is meant, in order.
        written: The words.
    """

    whole: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    written: str = ""

    def add(self, name: str, *, whole: bool) -> None:
        """Take in a category; one that is meant as a whole is no longer a part."""
        if whole:
            self.parts = [item for item in self.parts if item != name]
        kept = self.whole if whole else self.parts
        if name not in self.whole and name not in kept:
            kept.append(name)

    def node(self) -> Node:
        """Return the proposition that the record has one of these categories."""
        axis = (self.whole or self.parts)[0][0].lower()
        made: list[Node] = []
        if self.whole:
            made.append(leaf("disease_setting", **{axis: self.whole}))
        if self.parts:
            open_ = leaf("judgement", topic=f"whether the category is one of these: {self.written}")
            made.append(AllOf((leaf("disease_setting", **{axis: self.parts}), open_)))
        return made[0] if len(made) == 1 else AnyOf(tuple(made))


def categories(written: str) -> dict[str, Categories] | None:
    """Return what a text names of T and of N; None where it is not understood or names neither.

    >>> [(axis, found.whole, found.parts) for axis, found in categories("ct1-3, n0-1, m0").items()]
    [('T', ['T1', 'T2', 'T3'], []), ('N', ['N0', 'N1'], [])]
    >>> [(axis, found.whole) for axis, found in categories("t1-3n1-3m0").items()]
    [('T', ['T1', 'T2', 'T3']), ('N', ['N1', 'N2', 'N3'])]
    >>> categories("t4 or t1-3 n2") is None
    True
    >>> [(axis, found.whole, found.parts) for axis, found in categories("t1c-t3, any n").items()]
    [('T', ['T2', 'T3'], ['T1'])]
    """
    if _WHICH.search(written):
        return None
    found: dict[str, Categories] = {}
    for axis, pattern in (("T", _T), ("N", _N)):
        match = pattern.search(written)
        if match is None:
            continue
        one = _axis(axis, match["list"])
        if one is None:
            return None
        one.written = " ".join(match[0].split())
        found[axis] = one
    return found or None


def _axis(axis: str, listed: str) -> Categories | None:
    """Return the categories of a list; None where a range runs backwards."""
    out = Categories()
    last: tuple[int, str] | None = None
    behind = 0
    for item in _ITEM.finditer(listed):
        ranged = last is not None and _RANGE.search(listed, behind, item.start()) is not None
        behind = item.end()
        if item["number"] == "+":
            for number in (1, 2, 3):
                out.add(f"N{number}", whole=True)
            continue
        if item["number"] == "is":
            out.add("Tis", whole=True)
            last = (0, "")
            continue
        if item["letter"]:
            if last is None:
                return None
            out.add(f"{axis}{last[0]}", whole=False)
            continue
        number, part = int(item["number"]), item["part"] or ""
        if number > int(_LAST[axis]):
            return None
        if ranged and last is not None:
            if number < last[0]:
                return None
            for between in range(last[0] + 1, number):
                out.add(f"{axis}{between}", whole=True)
        out.add(f"{axis}{number}", whole=not part)
        last = (number, part)
    return out if out.whole or out.parts else None
