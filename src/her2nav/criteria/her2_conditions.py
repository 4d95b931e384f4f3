"""A HER2 definition and the condition on one of its scores, put together.

"IHC 0 or 1+. If IHC is 2+, FISH must be negative" takes 2+ tumours too: as two demands, the first would shut them out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from her2nav.kinds.reading.base import leaf
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, When

_SCORE = ["2+"]
_WITH = {"negative": {"0", "1+"}, "positive": {"3+"}}
"""The scores of which one stands in a definition of that sign."""


def joined(node: Node) -> Node:
    """Return a tree in which a result asked of IHC 2+ alone is one of the alternatives of the definition before it."""
    match node:
        case AllOf(parts=parts):
            kept = list(parts)
            for guard in [part for part in parts if asked_of(part) is not None]:
                places = [i for i, part in enumerate(kept) if _with(part, guard) is not None]
                if len(places) == 1:
                    changed = _with(kept[places[0]], guard)
                    assert changed is not None
                    kept[places[0]] = changed
                    kept.remove(guard)
            return kept[0] if len(kept) == 1 else node if len(kept) == len(parts) else AllOf(tuple(kept), node.span)
    return node


def asked_of(node: Node) -> str | None:
    """Return the ISH result that a guard asks of IHC 2+; None for any other node."""
    match node:
        case When(when=Leaf(kind="her2_status") as when, then=Leaf(kind="her2_status") as then):
            result = _entries(then)[0]
            alone = len(_entries(then)) == 1 and result.keys() == {"ish"}
            return str(result["ish"]) if alone and _entries(when) == [{"ihc": _SCORE}] else None
    return None


def _with(node: Node, guard: Node) -> Node | None:
    """Return a definition with the guard's alternative; None where the node holds no definition of that sign."""
    sign = asked_of(guard)
    assert sign is not None
    match node:
        case AnyOf(parts=parts):
            changed = [_with(part, guard) for part in parts]
            if sum(one is not None for one in changed) != 1:
                return None
            return replace(node, parts=tuple(one or part for one, part in zip(changed, parts, strict=True)))
        case Leaf(kind="her2_status") if (entries := _merged(_entries(node), sign)) is not None:
            rest = {name: value for name, value in _params(node).items() if name != "any_of"}
            spans = [one.span for one in (node, guard) if one.span]
            span = (min(one[0] for one in spans), max(one[1] for one in spans)) if spans else None
            return replace(node, params=leaf("her2_status", any_of=entries, **rest).params, span=span)
    return None


def _merged(entries: list[dict[str, Any]], sign: str) -> list[dict[str, Any]] | None:
    """Return alternatives of which 2+ is one with its result; None where they say something else than the sign."""
    scores = {score for entry in entries if entry.keys() == {"ihc"} for score in entry["ihc"]}
    if not scores & _WITH[sign] or scores - _WITH[sign] - set(_SCORE):
        return None
    found: list[dict[str, Any]] = []
    for entry in entries:
        if entry.keys() == {"ihc"}:
            entry = {"ihc": [score for score in entry["ihc"] if score not in _SCORE]}
        if entry.get("ihc") != []:
            found.append(entry)
    asked = {"ihc": _SCORE, "ish": sign}
    return found if {"ish": sign} in found or asked in found else [*found, asked]


def _params(node: Leaf) -> dict[str, Any]:
    params: dict[str, Any] = node.params.model_dump(mode="json", exclude_defaults=True)
    return params


def _entries(node: Leaf) -> list[dict[str, Any]]:
    """Return the alternatives of a leaf as a person would write them."""
    found: list[dict[str, Any]] = _params(node)["any_of"]
    return found
