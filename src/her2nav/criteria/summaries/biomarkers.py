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
_BEHIND = _NEUTRAL | {"options_exhausted", "prior_therapy", "disease_progression", "lines_of_therapy"}
"""Kinds that say more of the same patients behind "or": "… who progressed, or for whom no therapy exists"."""
_NARROWING = frozenset({"unread", "tumour_type", "disease_setting"})


def _her2_entries(leaf: Leaf) -> Asked:
    params = leaf.params
    match leaf.kind:
        case "her2_status":
            return _selects(
                [
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
            )
        case "her2_mutation":
            return _mutations(params)
        case "her2_amplification":
            return [{"amplification": True}]
    return None


def _ish_beside(parts: Iterable[Node]) -> str | None:
    """Return the result of ISH that a limit beside a score asks for."""
    scored = any(isinstance(part, Leaf) and part.kind == "her2_status" for part in parts)
    for part in parts if scored else ():
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Leaf) and inner.kind == "her2_amplification" and "ish" in inner.params.methods:
            return "negative" if isinstance(part, Not) else "positive"
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

    def __init__(self, entries: Callable[[Leaf], Asked], *, loose: bool = False) -> None:
        self._entries = entries
        self._loose = loose
        """Words behind that are not read and that "or" joins say how it was found: "by local testing or central"."""

    def asked(self, node: Node) -> Asked:
        """Return the alternatives that a tree asks for."""
        match node:
            case Leaf():
                return self._entries(node)
            case AllOf(parts=parts):
                told = self.together(self.asked(part) for part in parts if not _of_one_tumour(part, parts))
                result = _ish_beside(parts)
                if result is None or told is None:
                    return told
                # "2+ with a ratio below 1.8": the score alone is not what is asked for.
                return [
                    {**item, "ish": result} if "ihc" in item else item
                    for item in told
                    if item.keys() != {"amplification"}
                ]
            case AnyOf(parts=parts):
                if (two := _two_ways(node)) is not None:
                    return self.together(self.asked(part) for part in two)
                found = [self.asked(part) for part in parts]
                first = next((i for i, item in enumerate(found) if item is not None), len(found))
                silent = [i for i, item in enumerate(found) if item is None]
                unread = all(_only(parts[i], _NEUTRAL if i < first else _BEHIND) for i in silent)
                one_side = all(i < first for i in silent) or (self._loose and all(i > first for i in silent))
                return _selects(_union(found)) if first < len(found) and unread and one_side else None
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
        told = list(parts)
        found = _union(told)
        if found is None:
            return None
        raw = [item for item in found if "status" not in item]
        # "1+ or negative, or 2+ without amplification": the word stands for a score of 0 and not for what is beside it.
        zero = any(part and _NEGATIVE in part and _one_but_no_zero(part) for part in told)
        return [
            item
            for item in found
            if item.keys() != {"status"}
            or (zero and item == _NEGATIVE)
            or not any(_defines(other, item["status"]) for other in raw)
        ]

    def over(self, criteria: list[Criterion], read: Callable[[Criterion], Asked]) -> Asked:
        """Return what all criteria together say: cohorts' own conditions count where every cohort has one."""
        everywhere = self.together(read(item) for item in criteria if not item.scope)
        cohorts: dict[str, Asked] = {}
        for item in criteria:
            for label in item.scope:
                cohorts[label] = self.together([cohorts.get(label), read(item)])
        kinds = {_sort(label) for label, found in cohorts.items() if found}
        scoped: Asked = None
        for kind in sorted(kinds):
            each = [found for label, found in cohorts.items() if _sort(label) == kind]
            if len(each) > 1 and all(found is not None for found in each):
                # A definition takes the place of a word in its own cohort only.
                scoped = _union([scoped, *(self.together([everywhere, found]) for found in each)])
        return _without_expressed(scoped) if scoped is not None else self.together([everywhere])


_NEGATIVE = {"status": "negative"}


def _one_but_no_zero(entries: list[Entry]) -> bool:
    scores = {score for item in entries for score in item.get("ihc", ())}
    return "1+" in scores and "0" not in scores


def _two_ways(node: AnyOf) -> tuple[Node, ...] | None:
    """The two readings of a text that can be read in two ways; None where the node is no such thing."""
    match node.parts:
        case (AllOf(parts=(one, AnyOf(parts=(again, *_)))), AllOf(parts=(AnyOf(), Leaf(kind="unread", span=None)))) if (
            one == again
        ):
            return (one,)  # What another sentence permits does not change what this one asks for.
        case (AllOf(parts=both), AllOf(parts=(AnyOf(), Leaf(kind="unread", span=None)))):
            return both
        case (one, AllOf(parts=(AllOf() as other, Leaf(kind="unread", span=None)))) if not _types(other):
            return (one,)  # A remark below lets in what it does not ask for.
    return None


def _types(node: Node) -> set[str]:
    return {name for leaf in leaves(node) if leaf.kind == "tumour_type" for name in leaf.params.types}


def _of_one_tumour(part: Node, parts: tuple[Node, ...]) -> bool:
    """Whether a part speaks of one cancer of several that are listed: "melanoma, TNBC, lung cancer"."""
    own = _types(part) if not isinstance(part, Leaf) else set()
    others = {name for other in parts if other is not part for name in _types(other)}
    return bool(own) and bool(others - own)


def _only(node: Node, kinds: frozenset[str]) -> bool:
    return all(leaf.kind in kinds for leaf in leaves(node))


def _union(parts: list[Asked]) -> Asked:
    found: list[Entry] = []
    for part in parts:
        found += [item for item in part or () if item not in found]
    return found or None


def _without_expressed(entries: list[Entry]) -> list[Entry]:
    """Alternatives without bare scores that "expressing" in another cohort lets in already."""
    if {"status": "expressing"} not in entries:
        return entries
    return [item for item in entries if item.keys() != {"ihc"} or "0" in item["ihc"]]


def _sort(label: str) -> str:
    return label.split("-")[0]


def _defines(entry: Entry, status: str) -> bool:
    """Whether a result is one that a word stands for."""
    scores = set(entry.get("ihc", ()))
    match status:
        case "positive":
            return "3+" in scores or entry.get("ish") == "positive" or "amplification" in entry
        case "negative":
            return "0" in scores or entry.get("ish") == "negative"
        case "zero" | "ultralow":
            return "0" in scores
        case "low" | "expressing":
            return "1+" in scores
    return False


def _criteria(seen: list[Seen]) -> list[Criterion]:
    """The criteria that leaves stand in, each once, those apart that only allow something."""
    found = {id(item.criterion): item.criterion for item in seen}
    return [item for item in found.values() if item.role is not Role.PERMITS]


def _selects(entries: Asked) -> Asked:
    """Positive or negative is no condition; bare scores make one entry."""
    scores = {score for item in entries or () if item.keys() == {"ihc"} for score in item["ihc"]}
    if scores:
        entries = [{"ihc": sorted(scores)}, *(item for item in entries or () if item.keys() != {"ihc"})]
    statuses = {item["status"] for item in entries or () if item.keys() == {"status"}}
    return None if {"positive", "negative"} <= statuses else entries


@summary("her2")
def her2(seen: list[Seen], out: Attributes) -> None:
    """All alternatives that suffice; those that the text excludes apart."""
    view, criteria = _View(_her2_entries, loose=True), _criteria(seen)
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
    view, criteria = _View(_markers, loose=True), [item for item in _criteria(seen) if not item.scope]
    found = [entry for item in criteria for entry in view.asked(item.node) or ()]
    for item in criteria:
        for entry in view.excluded(item.node, frozenset()) or ():
            other = {"mutated": "wild_type", "wild_type": "mutated"}.get(entry["status"])
            if other is not None and not entry.get("narrow"):
                found.append({"gene": entry["gene"], "status": other})
    states: dict[str, set[str]] = {}
    for entry in found:
        states.setdefault(entry["gene"], set()).add(entry["status"])
    found = [entry for entry in found if not {"mutated", "wild_type"} <= states[entry["gene"]]]
    plain = [{"gene": entry["gene"], "status": entry["status"]} for entry in found]
    if plain:
        out["biomarkers"] = [entry for i, entry in enumerate(plain) if entry not in plain[:i]]


def _markers(leaf: Leaf) -> Asked:
    params = leaf.params
    match leaf.kind:
        case "gene_status":
            status = {"rearranged": "positive"}.get(params.status, params.status)
            narrow = {"narrow": True} if params.variants or params.origin else {}
            return [{"gene": gene.upper(), "status": status, **narrow} for gene in params.genes]
        case "other_driver" if len(params.genes) == 1:
            return [{"gene": params.genes[0].upper(), "status": "mutated", "narrow": True}]
        case "other_biomarker" if params.status in ("positive", "negative"):
            return [{"gene": params.name, "status": params.status, "narrow": True}]
    return None
