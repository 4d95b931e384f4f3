"""Life expectancy, heart, pregnancy, infections: what is confirmed or excluded of a patient's history."""

from __future__ import annotations

from typing import Any, cast

from her2nav.criteria.attributes import Attributes, Seen, summary
from her2nav.kinds.reading.base import is_doubt
from her2nav.model.tree import AnyOf, Leaf, Node, children
from her2nav.model.tree import leaves as tree_leaves


def of_kind(leaves: list[Seen], kind: str) -> list[Seen]:
    """Return the leaves of a kind that the text does not merely allow."""
    return [item for item in leaves if item.leaf.kind == kind and not item.permitted]


@summary("life_expectancy_weeks_min")
def life_expectancy(leaves: list[Seen], out: Attributes) -> None:
    """The shortest that is asked for."""
    weeks = [
        item.params.min_weeks for item in of_kind(leaves, "life_expectancy") if item.wanted and item.params.min_weeks
    ]
    if weeks:
        out["life_expectancy_weeks_min"] = min(weeks)


@summary("lvef_min")
def lvef(leaves: list[Seen], out: Attributes) -> None:
    """The loosest bound: asked for as at least, or excluded as below."""
    values = [
        item.params.percent
        for item in of_kind(leaves, "lvef")
        if not item.condition and item.params.percent is not None and item.wanted == (item.params.op in (">=", ">"))
    ]
    if values:
        out["lvef_min"] = float(min(values))


@summary("qtc_max_ms")
def qtc(leaves: list[Seen], out: Attributes) -> None:
    """The loosest limit that is asked for."""
    values = [
        value
        for item in of_kind(leaves, "qtc")
        if item.wanted
        for value in (item.params.max_ms, item.params.max_ms_male, item.params.max_ms_female)
        if value is not None
    ]
    if values:
        out["qtc_max_ms"] = float(max(values))


@summary("measurable_disease")
def measurable(leaves: list[Seen], out: Attributes) -> None:
    """True where it is asked for; False where other disease is expressly accepted."""
    told = of_kind(leaves, "measurable_disease")
    rows = [item for item in told if item.wanted]
    # "Measurable disease, or non-measurable disease with a marker that rises".
    other = any(item.alternative and not item.wanted for item in told) or _or_of_bone(rows)
    if rows:
        out["measurable_disease"] = not (other or any(item.params.evaluable_accepted for item in rows))


def _or_of_bone(rows: list[Seen]) -> bool:
    """Whether lesions of bones do as well: "measurable disease, or evaluable lesions of bones"."""
    return bool(rows) and all(item.alternative and _beside_bone(item.criterion.node, item.leaf) for item in rows)


def _beside_bone(node: Node, measured: Leaf) -> bool:
    """Whether lesions of bones are an alternative to a leaf anywhere in a tree."""
    if isinstance(node, AnyOf) and any(one is measured for one in tree_leaves(node)) and any(map(_of_bone, node.parts)):
        return True
    return any(_beside_bone(part, measured) for part in children(node))


def _of_bone(node: Node) -> bool:
    sites = [inner for inner in tree_leaves(node) if inner.kind == "metastatic_site"]
    measured = any(inner.kind == "measurable_disease" for inner in tree_leaves(node))
    doubtful = any(map(is_doubt, tree_leaves(node)))
    return not (measured or doubtful) and any("bone" in cast(Any, inner.params).any_of for inner in sites)


@summary("pregnancy_excluded")
def pregnancy(leaves: list[Seen], out: Attributes) -> None:
    """Pregnancy or breastfeeding excluded, by words or by a test."""
    if any(not item.wanted for item in of_kind(leaves, "pregnancy")):
        out["pregnancy_excluded"] = True


@summary("viruses")
def viruses(leaves: list[Seen], out: Attributes) -> None:
    """Excluded when known, only when active, or allowed when controlled.

    Controlled is allowed where the text says so, or asks for a low load or enough CD4 cells of those who are infected.
    """
    for virus in ("hiv", "hbv", "hcv"):
        rows = [item for item in leaves if item.leaf.kind == "viral_infection" and item.params.virus == virus]
        excluded = [item for item in rows if not item.wanted and not item.permitted]
        states = {item.params.state for item in excluded}
        if any(_lets_in(item) for item in rows):
            out[virus] = "controlled_allowed"
        elif states & {"known", "any"}:
            out[virus] = "excluded"
        elif states:
            out[virus] = "active_excluded"


def _lets_in(item: Seen) -> bool:
    """Whether a leaf says that an infection under control is no bar: it is permitted, or asked for within the kind."""
    if item.permitted or item.params.state == "low_cd4":
        return True
    return item.params.state == "uncontrolled" and (item.criterion.section == "inclusion" or _excepted(item))


def _excepted(item: Seen) -> bool:
    """Whether the same criterion excludes a wider state too: "known HIV, unless under control"."""
    states = {
        cast(Any, inner.params).state
        for inner in tree_leaves(item.criterion.node)
        if inner.kind == "viral_infection" and cast(Any, inner.params).virus == item.params.virus
    }
    return len(states) > 1


@summary("neuropathy_max_grade")
def neuropathy(leaves: list[Seen], out: Attributes) -> None:
    """The highest grade that is let in: below the one excluded, or that of an exception from recovery."""
    grades = [
        item.params.min_grade - 1 for item in leaves if item.leaf.kind == "peripheral_neuropathy" and not item.wanted
    ]
    grades += [
        allowed.max_grade
        for item in of_kind(leaves, "toxicity_recovery")
        for allowed in item.params.exceptions
        if "neuropath" in allowed.name and allowed.max_grade is not None
    ]
    if grades:
        out["neuropathy_max_grade"] = max(grades)


@summary("ild")
def ild(leaves: list[Seen], out: Attributes) -> None:
    """The widest exclusion: any history, a history that needed steroids, or the current disease."""
    rows = [item for item in of_kind(leaves, "ild") if not item.wanted]
    # What only some ways to get it rule out counts where nothing else does.
    rows = [item for item in rows if not item.narrowed] or rows
    states = {state for item in rows for state in item.params.any_of}
    if "history_no_steroids" in states:
        out["ild"] = "excluded"
    elif "history_with_steroids" in states:
        out["ild"] = "steroid_history_excluded"
    elif states:
        out["ild"] = "current_excluded"


@summary("second_malignancy_years")
def second_malignancy(leaves: list[Seen], out: Attributes) -> None:
    """The window in years."""
    years = [
        item.params.within_years
        for item in of_kind(leaves, "second_malignancy")
        if not item.wanted and item.params.within_years is not None
    ]
    if years:
        out["second_malignancy_years"] = float(max(years))
