"""What a sentence asks for, once it is read: whom it names, what it lets in, and whether its author slipped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from her2nav.criteria.ages import COMING_OF_AGE
from her2nav.criteria.illness import NEVER_DEMANDED
from her2nav.criteria.let_through import let_through
from her2nav.criteria.logic import WORDS, all_of, any_of, deny
from her2nav.criteria.looser_limits import permitted as looser
from her2nav.kinds.reading.adequacy import of_state
from her2nav.kinds.reading.base import TWO_WAYS, Section, is_doubt, leaf
from her2nav.kinds.reading.cns import merged as merged_cns
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Role

_CONFIRM = frozenset({"participation", "judgement", "contraception", "life_expectancy"})
DENIES = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?) )?(?:(?:with|who have|must have|should have|has|have|having|there is) )?(?:no|none|not (?:currently )?(?:taking|using|receiving|on)|without|absence of|not have|free of)\b"
)
UNWANTED = NEVER_DEMANDED | {"washout", "procedure"}
"""Kinds that no trial asks for."""
_PROVIDED = re.compile(r"\b(?:if|provided|as long as|only)\b")
ASKED_FOR = frozenset(
    {
        "tumour_type",
        "disease_setting",
        "her2_status",
        "her2_mutation",
        "her2_amplification",
        "hormone_receptor",
        "gene_status",
        "msi_mmr",
        "pd_l1",
    }
)
STATES_OF_CANCER = frozenset({"tumour_type", "disease_setting"})
_STABLE_BRAIN = re.compile(
    r"\b(?:are|be|is) (?:still |also |considered )?(?:eligible|allowed|permitted|included|enrolled)\b[^.;]{0,20}\b(?:only )?(?:if|provided|as long as|when)\b"
)


def of_illness(node: Node) -> bool:
    """Whether a sentence names only what no trial asks for."""
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= UNWANTED


def of_illness_or_brain(node: Node) -> bool:
    """The same, metastases of the brain included."""
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement"}
    return bool(kinds) and kinds <= UNWANTED | {"cns_metastases"}


def of_pregnancy(node: Node) -> bool:
    """Whether a sentence speaks of pregnancy, with or without contraception, and of nothing else."""
    kinds = {inner.kind for inner in leaves(node)}
    return "pregnancy" in kinds and kinds <= {"pregnancy", "contraception", "participation", "judgement"}


def decides(node: Node) -> bool:
    """Whether a sentence says anything, and not of the cancer."""
    kinds = {inner.kind for inner in leaves(node)}
    return "tumour_type" not in kinds and kinds != {"unread"}


def decides_anything(node: Node) -> bool:
    """Whether a demand asks for more than a test, a sample or a confirmation."""
    return any(inner.kind not in _CONFIRM and inner.kind != "unread" for inner in leaves(node))


def narrows(node: Node) -> bool:
    """Whether words on people, as read, name some of them by what they have, and not the trial's own patients."""
    kinds = {inner.kind for inner in leaves(node)}
    grown = any(inner.kind == "age" and (inner.params.min or 0) <= COMING_OF_AGE[-1] for inner in leaves(node))
    return bool(kinds & (UNWANTED | {"age", "lab_value", "lvef"})) and not kinds & ASKED_FOR and not grown


_DONE = frozenset({"procedure", "concomitant_medication", "prior_therapy", "unread"})


def narrows_by_treatment(node: Node) -> bool:
    """Whether words on people, as read, name some of them by what was done to them, and by nothing else."""
    kinds = {inner.kind for inner in leaves(node)}
    return bool(kinds - {"unread"}) and kinds <= _DONE


def without_cancer(node: Node) -> Node:
    """Return what a later sentence of an exclusion demands, without the cancer: it says of whom it speaks, or why."""
    match node:
        case Leaf(kind=kind, span=span) if kind in ASKED_FOR:
            return Leaf("unread", leaf("unread").params, span)
        case AllOf(parts=parts):
            return AllOf(tuple(without_cancer(part) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, without_cancer(then), node.span)
    return node


def names_cancer(node: Node) -> bool:
    """Whether words name a cancer and nothing else."""
    kinds = {inner.kind for inner in leaves(node)}
    return "tumour_type" in kinds and kinds <= ASKED_FOR


def polar(node: Node, section: Section) -> Node:
    """Return the demand that a proposition makes in a section."""
    return deny(node) if section == "exclusion" else node


_LAST_IF = re.compile(
    r"\A[^,;.]*\bor\b[^,;.]*(?<!\bare )(?<!\bis )(?<!\bbe )\b(?:allowed|permitted|acceptable) (?:only )?if\b"
)
"""A condition of the last of several alternatives: "A or B allowed if C"."""
_ANYBODY = re.compile(r"\W*any (?:patients?|persons?|individuals?|subjects?|participants?)\b")


def proviso(node: Node, written: str) -> Node | None:
    """Return what "A is allowed provided that B" demands of those with A: B; None where it demands nothing."""
    if isinstance(node, When):
        whom = node.then.parts[-1] if isinstance(node.then, AnyOf) and _LAST_IF.search(written) else node.then
        bound = When(whom, node.when)
        if _ANYBODY.match(written):
            # "Any patient with A is eligible provided that B": who else comes in is not said.
            return all_of([any_of([node.then, leaf("unread", note="who else is let in is not said")]), bound])
        return bound
    if is_wait(node):
        return node  # "A is allowed if it ended a month ago" binds those who had it
    kinds = {inner.kind for inner in leaves(node)}
    if kinds - {"unread"} == {"cns_metastases"} and _STABLE_BRAIN.search(written):
        # "Patients with treated brain metastases are eligible if stable": those with others are not.
        states = {state for inner in leaves(node) if inner.kind == "cns_metastases" for state in inner.params.accepted}
        return node if "none" in states and "active_or_progressing" not in states else None
    return node if isinstance(node, Not) and kinds == {"viral_infection"} and _PROVIDED.search(written) else None


def is_wait(node: Node) -> bool:
    """Whether a node asks only for a time since treatments, which whoever had none meets."""
    match node:
        case Leaf(kind="washout"):
            return True
        case Not(part=Leaf(kind="procedure" | "concomitant_medication", params=params)):
            return params.within_days is not None
        case AllOf(parts=parts):
            return all(map(is_wait, parts))
    return False


def let_in(node: Node) -> Node:
    """Whom "A is allowed provided that B" lets in: those with A who fulfil B.

    "A is allowed if it ended a month ago" lets in nobody who never had it.
    """
    if isinstance(node, When):
        return all_of([node.then, node.when])
    parts = node.parts if isinstance(node, AnyOf) else (node,)
    waits = [part for part in parts if is_wait(part)]
    sorts = [part.part for part in parts if isinstance(part, Not) and _asks_sort(part.part)]
    if len(waits) != 1 or len(waits) + len(sorts) != len(parts):
        return node
    told = list(leaves(waits[0]))
    had = [given for inner in told if (given := _had(inner)) is not None]
    return all_of([any_of(had), *waits, *sorts]) if len(had) == len(told) else node


def _asks_sort(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "judgement"


def _had(wait: Leaf) -> Node | None:
    """Return that the treatment was given of which a wait tells since when; None where the wait does not name it."""
    if wait.kind == "washout" and wait.params.drugs:
        params = {
            "drugs": wait.params.drugs,
            "settings": wait.params.settings,
            "except_drugs": wait.params.except_drugs,
        }
        return Leaf("prior_therapy", leaf("prior_therapy", **params).params, wait.span)
    if wait.kind == "procedure":
        return Leaf(wait.kind, wait.params.model_copy(update={"within_days": None}), wait.span)
    return None


def bounds(demand: Node, permitted: Node) -> bool:
    """Whether a demand says since when what is allowed in front of it must have ended: "A is allowed; no A within 3 weeks"."""
    return is_wait(demand) and bool(_treatments(demand) & _treatments(permitted))


def _treatments(node: Node) -> set[str]:
    """The drugs and procedures that a tree names."""
    found: set[str] = set()
    for inner in leaves(node):
        for name in {"concomitant_medication": ("any_of",), "procedure": ("kinds",)}.get(inner.kind, ("drugs",)):
            found |= set(getattr(inner.params, name, ()))
    return found


def with_permit(node: Node, permitted: Node, written: str = "") -> Node:
    """What a following "patients with … are allowed" does: where it holds, the demand before may not bind."""
    return merged_cns(node, permitted) or looser(node, permitted) or let_through(node, permitted, written)


def is_slip(node: Node, written: str) -> bool:
    """Whether an exclusion denies a disease ("no known allergy"): its author may have meant the disease itself."""
    kinds = {inner.kind for inner in leaves(node)} - {"unread", "judgement", "vital_sign", "participation"}
    turned = isinstance(node, Not) or kinds == {"washout"}
    return turned and bool(kinds) and kinds <= UNWANTED | {"prior_therapy"} and DENIES.match(written) is not None


def unread(span: tuple[int, int]) -> Leaf:
    """Return an unread leaf for a stretch of the registry's text."""
    return Leaf("unread", leaf("unread").params, span)


def bound_by(span: tuple[int, int]) -> Leaf:
    """Return a leaf for words that say whom a demand binds, of which nothing was read."""
    return Leaf("unread", leaf("unread").params, span, None, WORDS)


def role_of(nodes: Sequence[Node]) -> Role:
    """What only a person confirms blocks nothing; what a physician judges of the patient's state decides."""
    found = [inner for node in nodes for inner in leaves(node)]
    if any(inner.kind in _CONFIRM and not is_doubt(inner) for inner in found):
        # What the trial means by words on consent or contraception is confirmed with them.
        found = [inner for inner in found if not is_doubt(inner) or getattr(inner.params, "note", "") == TWO_WAYS]
    if not found or any(inner.kind not in _CONFIRM for inner in found):
        return Role.DECIDES
    return Role.DECIDES if any(of_state(getattr(inner.params, "topic", None)) for inner in found) else Role.CONFIRM
