"""HER2, hormone receptors and other biomarkers: what the whole trial selects on.

A condition that binds only under a guard, in one of several tumours or in some cohorts only is none of the trial's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, leaves
from her2nav.model.trial import Criterion, Role

Entry = dict[str, Any]
Asked = list[Entry] | None
"""Alternatives that suffice; None: nothing is asked."""

_NEUTRAL = frozenset({"unread", "disease_setting", "judgement", "measurable_disease", "metastatic_site"})
"""Kinds that, alone in an alternative, come of "locally advanced or metastatic …" rather than of another sort of patient."""
_NARROWING = frozenset({"unread", "tumour_type", "disease_setting"})


def _her2_entries(leaf: Leaf) -> Asked:
    params = leaf.params
    match leaf.kind:
        case "her2_status":
            return [
                {
                    key: value
                    for key, value in (
                        ("ihc", list(item.ihc)),
                        ("ish", item.ish),
                        ("status", item.status),
                        ("amplification", item.amplified),
                    )
                    if value
                }
                for item in params.any_of
            ]
        case "her2_mutation":
            return _mutations(params)
        case "her2_amplification":
            return [{"amplification": True}]
    return None


def _mutations(params: Any) -> Asked:
    if params.names:
        return [{"mutation": list(params.names)}]
    named = {"activating": "activating", "tkd_activating": "activating", "exon20_insertion": "exon20_insertion"}
    return [{"mutation": named.get(item, "any")} for item in params.any_of or ("any",)]


def _receptor_entries(leaf: Leaf) -> Asked:
    return [{"status": leaf.params.status}] if leaf.kind == "hormone_receptor" else None


class _View:
    """What criteria ask of one biomarker."""

    def __init__(self, entries: Callable[[Leaf], Asked]) -> None:
        self._entries = entries

    def asked(self, node: Node) -> Asked:
        """Return the alternatives that a tree asks for."""
        match node:
            case Leaf():
                return self._entries(node)
            case AllOf(parts=parts):
                return self.together(self.asked(part) for part in parts)
            case AnyOf(parts=parts):
                branches = [part for part in parts if not _neutral(part)]
                found = [self.asked(part) for part in branches]
                return _union(found) if found and all(item is not None for item in found) else None
            case _:
                return None

    def excluded(self, node: Node, wanted: frozenset[str]) -> Asked:
        """Return what a tree excludes; `wanted`: tumour types of the trial."""
        match node:
            case Not(part=part):
                return self._denied(part, wanted)
            case AllOf(parts=parts):
                return _union([self.excluded(part, wanted) for part in parts])
            case _:
                return None

    def _denied(self, node: Node, wanted: frozenset[str]) -> Asked:
        match node:
            case Leaf():
                return self._entries(node)
            case AnyOf(parts=parts):
                return _union([self._denied(part, wanted) for part in parts])
            case AllOf(parts=parts):
                own = self.together(self.asked(part) for part in parts)
                others = [leaf for leaf in leaves(node) if self._entries(leaf) is None]
                types = {name for leaf in others if leaf.kind == "tumour_type" for name in leaf.params.types}
                narrow = all(leaf.kind in _NARROWING for leaf in others) and (not types or wanted <= types)
                return own if narrow else None
            case _:
                return None

    @staticmethod
    def together(parts: Iterable[Asked]) -> Asked:
        """Conditions that bind together: a definition takes the place of the word it defines."""
        found = _union(list(parts))
        if found is None:
            return None
        raw = [item for item in found if "status" not in item]
        return [item for item in found if "status" not in item or not any(_defines(other, item["status"]) for other in raw)]

    def over(self, criteria: list[Criterion], read: Callable[[Criterion], Asked], *, every: bool = True) -> Asked:
        """Return what all criteria together say: cohorts' own conditions count where every cohort has one."""
        everywhere = self.together(read(item) for item in criteria if not item.scope)
        cohorts: dict[str, Asked] = {}
        for item in criteria:
            for label in item.scope:
                cohorts[label] = self.together([cohorts.get(label), read(item)])
        kinds = {_sort(label) for label, found in cohorts.items() if found}
        scoped = [found for label, found in cohorts.items() if _sort(label) in kinds]
        several = len(scoped) > 1 and all(found is not None for found in scoped)
        return self.together([everywhere, _union(scoped) if several and every else None])


def _neutral(node: Node) -> bool:
    return all(leaf.kind in _NEUTRAL for leaf in leaves(node))


def _union(parts: list[Asked]) -> Asked:
    found: list[Entry] = []
    for part in parts:
        found += [item for item in part or () if item not in found]
    return found or None


def _sort(label: str) -> str:
    return label.split("-")[0]


def _defines(entry: Entry, status: str) -> bool:
    """Whether a result is one that a word stands for."""
    scores = set(entry.get("ihc", ()))
    match status:
        case "positive":
            return "3+" in scores or entry.get("ish") == "positive" or "amplification" in entry
        case "negative" | "zero" | "ultralow":
            return "0" in scores or entry.get("ish") == "negative"
        case "low" | "expressing":
            return "1+" in scores
    return False


def _criteria(seen: list[Seen]) -> list[Criterion]:
    """The criteria that leaves stand in, each once, those apart that only allow something."""
    found = {id(item.criterion): item.criterion for item in seen}
    return [item for item in found.values() if item.role is not Role.PERMITS]


def _selects(entries: Asked) -> Asked:
    """Positive or negative is no condition."""
    statuses = {item["status"] for item in entries or () if item.keys() == {"status"}}
    return None if {"positive", "negative"} <= statuses else entries


@summary("her2")
def her2(seen: list[Seen], out: Attributes) -> None:
    """All alternatives that suffice; those that the text excludes apart."""
    view, criteria = _View(_her2_entries), _criteria(seen)
    wanted = _selects(view.over(criteria, lambda item: view.asked(item.node)))
    types = frozenset(
        name for item in seen if item.leaf.kind == "tumour_type" and item.wanted for name in item.params.types
    )
    excluded = view.over(criteria, lambda item: view.excluded(item.node, types))
    if wanted:
        out["her2"] = wanted
    if excluded:
        out["her2_excluded"] = excluded


@summary("hormone_receptor")
def hormone_receptor(seen: list[Seen], out: Attributes) -> None:
    """Positive or negative where the whole trial asks for it."""
    view, criteria = _View(_receptor_entries), _criteria(seen)
    found = view.over(criteria, lambda item: view.asked(item.node))
    statuses = {item["status"] for item in found or ()}
    if len(statuses) == 1:
        out["hormone_receptor"] = statuses.pop()


@summary("biomarkers")
def biomarkers(seen: list[Seen], out: Attributes) -> None:
    """Genes and markers that every patient must have, or must not have, in a state."""
    found: list[Entry] = []
    for item in seen:
        if item.guarded or item.permitted or item.alternative or item.scope:
            continue
        for entry in _marker(item):
            if entry not in found:
                found.append(entry)
    if found:
        out["biomarkers"] = found


def _marker(item: Seen) -> list[Entry]:
    params = item.params
    if item.leaf.kind == "gene_status":
        status = params.status
        if not item.wanted:
            if status not in ("mutated", "wild_type") or params.variants or params.origin:
                return []
            status = "wild_type" if status == "mutated" else "mutated"
        named = {"rearranged": "positive"}
        return [{"gene": gene.upper(), "status": named.get(status, status)} for gene in params.genes]
    if item.leaf.kind == "other_driver" and item.wanted and len(params.genes) == 1:
        return [{"gene": params.genes[0].upper(), "status": "mutated"}]
    if item.leaf.kind == "other_biomarker" and item.wanted and params.status in ("positive", "negative"):
        return [{"gene": params.name, "status": params.status}]
    return []
