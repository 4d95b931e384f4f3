"""Diseases by name: each goes to the kind that judges its group."""

from __future__ import annotations

import re

from her2nav.kinds.reading.base import Found, Rule, both_ways, leaf
from her2nav.model.tree import AnyOf, Node

_KIND = {
    "heart": "cardiac_history",
    "vessels": "cardiac_history",
    "lung": "lung_disease",
    "eye": "eye_disease",
    "immune": "comorbidity",
    "transplant": "comorbidity",
}
_EVENTS = {
    "venous_thromboembolism": "venous_thromboembolism",
    "deep_vein_thrombosis": "venous_thromboembolism",
    "pulmonary_embolism": "pulmonary_embolism",
    "arterial_thromboembolism": "arterial_thromboembolism",
    "bleeding": "bleeding",
    "bleeding_disorder": "bleeding_disorder",
}
_OTHERS = frozenset({"malignancy", "cancer_state", "reproductive", "allergy", "bleeding", "thrombosis"})
"""Groups that rules of their own read."""


def _disease(found: Found) -> Node | None:
    """One leaf for each kind among the diseases named; a name that another rule judges is left to it."""
    ontology = found.knowledge.conditions
    words = found.text()
    by_kind: dict[str, list[str]] = {}
    for hit in found.sentence.between(*found.match.span("names")):
        identifier = hit.id("condition")
        if identifier is None:
            continue
        group = ontology.conditions[identifier].group
        if identifier in _EVENTS:
            by_kind.setdefault("bleeding_thrombosis", []).append(_EVENTS[identifier])
        elif group in _OTHERS or "virus" in {term.category for term in hit.terms}:
            return None
        else:
            by_kind.setdefault(_KIND.get(group, "comorbidity"), []).append(identifier)
    ever = re.search(r"\bhistory\b|\bprior\b|\bprevious\b|\bever had\b", words) is not None
    days = found.days("window")
    active = found.has("active") and not ever
    parts = [_leaf(found, kind, ids, days, ever=ever, active=active) for kind, ids in by_kind.items()]
    if found.has("uncontrolled"):
        parts = [_uncontrolled(found, node) for node in parts]
    if any(part is None for part in parts):
        return None
    nodes = [part for part in parts if part is not None]
    if not nodes:
        return None
    node = _joined(nodes)
    if days is not None and sum(map(len, by_kind.values())) > 1:
        # The window may bind all of them or only the last.
        wide = [
            part for kind, ids in by_kind.items() if (part := _leaf(found, kind, ids, None, ever=ever, active=active))
        ]
        return both_ways(node, _joined(wide)) if len(wide) == len(nodes) else None
    return node


def _joined(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))


def _leaf(found: Found, kind: str, ids: list[str], days: int | None, *, ever: bool, active: bool) -> Node | None:
    params: dict[str, object] = {"any_of": list(dict.fromkeys(ids))}
    if kind != "eye_disease":
        params["within_days"] = days
    elif days is not None:
        return None
    if kind in ("comorbidity", "lung_disease"):
        params["ever"] = ever
    if active:
        if kind != "comorbidity":
            return None
        params["active_only"] = True
    return leaf(kind, **params)


def _uncontrolled(found: Found, node: Node | None) -> Node | None:
    """The uncontrolled state of a disease, where the vocabulary has one; else nothing is read."""
    ontology = found.knowledge.conditions
    if node is None or isinstance(node, AnyOf):
        return None
    values = node.params.model_dump(exclude_defaults=True)  # type: ignore[union-attr]
    named = [ontology.uncontrolled(item) for item in values["any_of"]]
    if any(name == item for name, item in zip(named, values["any_of"], strict=True)):
        return None
    return leaf(node.kind, **(values | {"any_of": named}))  # type: ignore[union-attr]


_WINDOW = "[,] [\\(] [(within|in|during|≤|less than) [the] [last|past|previous|preceding|prior] {time:window} [(prior to|before|of|preceding)] [the] [first|start of|date of] [{anchor}] [of] [study] [(treatment|drug|randomization|enrollment|dose|registration)] [{anchor}] [\\)]]"

RULES = (
    Rule(
        "comorbidity.named",
        (
            f"[(known|any|documented|a|personal|medical|past|clinical)] [(medical|past|personal)] [(history|diagnosis|evidence|presence) (of|or)] [(or|and/or|and|/)] [(current|a|any|prior|previous|known)] [(active|current|ongoing):active] [(uncontrolled|poorly controlled|not controlled|inadequately controlled):uncontrolled] {{condition+:names}} [(disease|disorder|disorders|syndrome|condition|event|events|infection|state)] {_WINDOW}",
        ),
        _disease,
        priority=-1,
        texts=(
            (
                "History of myocardial infarction within 6 months",
                {"cardiac_history": {"any_of": ["myocardial_infarction"], "within_days": 180}},
            ),
            ("Liver cirrhosis", {"comorbidity": {"any_of": ["cirrhosis"]}}),
            ("history of seizures", {"comorbidity": {"any_of": ["seizures"], "ever": True}}),
        ),
    ),
)
