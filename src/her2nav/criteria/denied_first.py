"""Exclusions written as demands: "no other cancer within five years" among the reasons to shut out.

Taken by the word such an entry would shut out whoever has not had it, which no trial means of an illness, an allergy, a
recent operation or a recent treatment. Of anything else ("no measurable disease") the entry may mean what it says.
"""

from __future__ import annotations

import re

from her2nav.model.tree import AllOf, Leaf, Node, Not, leaves

_WANTED_BY_NOBODY = frozenset(
    {"second_malignancy", "washout", "allergy", "cardiac_history", "bleeding_thrombosis", "ild", "immune"}
)
"""Other illnesses may be what a trial is about: it may shut out whoever has no infection, pain or neuropathy."""
_RECENT = frozenset({"procedure", "comorbidity"})
"""Kinds that nobody wants only where a time is given."""
_SILENT = frozenset({"unread", "judgement"})
_NO = re.compile(
    r"[\W\d_]*no (?!(?:more|less|fewer|greater|later|longer|limits?|restrictions?|upper|lower|better|worse)\b)"
)


def begins(written: str) -> bool:
    """Whether a plain sentence begins with a denial of what it names."""
    return _NO.match(written) is not None


def is_demand(node: Node) -> bool:
    """Whether a sentence, read as a demand, denies what no trial asks for, and nothing else."""
    # "No uncontrolled hypertension (systolic > 170)": the numbers say what the illness is.
    named = [item for item in leaves(node) if item.kind not in _SILENT and item.kind != "vital_sign"]
    return bool(named) and all(map(_unwanted, named)) and _denies(node)


def _unwanted(item: Leaf) -> bool:
    if item.kind in _RECENT:
        return getattr(item.params, "within_days", None) is not None
    return item.kind in _WANTED_BY_NOBODY


def _denies(node: Node) -> bool:
    """Whether all that a node names stands within a denial."""
    match node:
        case Not(part=part):
            return all(item.kind != "washout" for item in leaves(part))
        case Leaf(kind="washout"):
            return True  # it says itself that nothing was taken
        case AllOf(parts=parts):
            return all(map(_denies, parts))
    return isinstance(node, Leaf) and node.kind in _SILENT
