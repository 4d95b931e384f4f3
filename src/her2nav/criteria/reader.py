"""Eligibility text to criteria: one tree for each top-level item, every character accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from her2nav.criteria import (
    ages,
    allowances,
    allowing_headings,
    alternatives,
    asked_and_denied,
    behind_labels,
    brain_matters,
    collective,
    conditional_exceptions,
    confirmed,
    contradictions,
    defined_alone,
    doubts,
    examples_named,
    in_passing,
    inner_parts,
    joined_lines,
    labelled_cancers,
    left_open,
    let_in_cancers,
    lost_counts,
    minors,
    narrowed,
    of_one_sex,
    one_of_following,
    open_points,
    scores_apart,
    shared_status,
    shorter_times,
    side_by_side,
    stricter_bounds,
    unread_cancers,
    ways_out,
)
from her2nav.criteria.entries import Top
from her2nav.criteria.exceptions import sound_exceptions
from her2nav.criteria.free_pass import without_free_pass
from her2nav.criteria.further_nets import mended
from her2nav.criteria.groups import Groups
from her2nav.criteria.half_read import as_meant, one_of_the_stages
from her2nav.criteria.her2_conditions import joined
from her2nav.criteria.illness import NEVER_DEMANDED
from her2nav.criteria.items import ItemReader
from her2nav.criteria.liver_limits import liver_limits
from her2nav.criteria.logic import denied_together, left_unread
from her2nav.criteria.looser_limits import across as looser_across
from her2nav.criteria.looser_limits import eased
from her2nav.criteria.nets import caught
from her2nav.criteria.outline import Outline
from her2nav.criteria.parted import parted
from her2nav.criteria.sentences import SentenceReader
from her2nav.criteria.statements import Statements
from her2nav.criteria.structure import outline
from her2nav.criteria.turned import turned
from her2nav.criteria.vanished import kept
from her2nav.criteria.version import READER as READER
from her2nav.criteria.well_person import without_limits_on_the_well
from her2nav.kinds.reading.adequacy import settled
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.rules import rule_set
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role


@dataclass(frozen=True)
class ReadText:
    """A text read: its criteria and the outline they come from."""

    criteria: tuple[Criterion, ...]
    outline: Outline
    scopes: tuple[str, ...]
    """Labels of the cohorts, parts and phases that limit criteria, in order; a criterion names them by id."""


class Reader:
    """Reads eligibility texts with the rules of one version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._rules = rule_set(knowledge)

    def read(self, text: str, tumours: tuple[str, ...] = ()) -> ReadText:
        """Return the criteria of a text.

        Args:
            text: As the registry gives it.
            tumours: Tumour types of the record, for words whose meaning depends on them.
        """
        taken = outline(text)
        statements = Statements(SentenceReader(self._rules, self._knowledge, tumours))
        gathered = Groups(taken, statements)
        items = ItemReader(gathered, statements)
        criteria: list[Criterion] = []
        counts: dict[str, int] = {}
        for group in gathered.groups(taken.items):
            for top in items.read_group(group):
                section = top.item.section
                counts[section] = counts.get(section, 0) + 1
                criteria.append(
                    Criterion(
                        id=f"{section[0]}{counts[section]}",
                        role=top.role,
                        section=section,
                        text=" ".join(text[top.span[0] : top.span[1]].split()),
                        node=_of_section(top, self._knowledge, taken),
                        span=top.span,
                        scope=tuple(scope_id(label) for label in top.item.scope),
                        text_origin="registry",
                    )
                )
        criteria += [_open_permission(item) for item in criteria if _partly_read_permission(item)]
        scopes = tuple(dict.fromkeys(label for item in taken.items for inner in item.walk() for label in inner.scope))
        criteria = [minors.opened(item, taken.plain) if item.span else item for item in criteria]
        criteria = looser_across(contradictions.across(alternatives.across(criteria, self._knowledge)))
        criteria = ages.across(side_by_side.opened(side_by_side.exceptions_open(contradictions.bare_brain(criteria))))
        criteria = [caught(item, taken.plain[item.span[0] : item.span[1]]) if item.span else item for item in criteria]
        criteria = [kept(item, taken.plain[item.span[0] : item.span[1]]) if item.span else item for item in criteria]
        criteria = [mended(item, taken.plain[item.span[0] : item.span[1]]) if item.span else item for item in criteria]
        criteria = [
            unread_cancers.opened(item, taken.plain[slice(*item.span)]) if item.span else item for item in criteria
        ]
        criteria = [in_passing.opened(item, taken.plain[slice(*item.span)]) if item.span else item for item in criteria]
        criteria = [narrowed.opened(item, taken.plain[slice(*item.span)]) if item.span else item for item in criteria]
        criteria = [collective.opened(item, taken.plain[slice(*item.span)]) if item.span else item for item in criteria]
        criteria = [
            shorter_times.opened(item, taken.plain[slice(*item.span)], self._rules.dictionary, self._knowledge)
            if item.span
            else item
            for item in criteria
        ]
        criteria = shorter_times.across(criteria, self._knowledge)
        criteria = allowing_headings.opened(behind_labels.opened(criteria, taken.plain), taken)
        criteria = labelled_cancers.opened(criteria, taken.plain)
        criteria = asked_and_denied.opened(defined_alone.opened(criteria, taken.plain), self._knowledge)
        criteria = stricter_bounds.across(lost_counts.opened(criteria, taken.plain))
        criteria = ways_out.across(criteria, taken.plain)
        criteria = inner_parts.bound(criteria, [scope_id(label) for label in scopes])
        criteria = [open_points.named(item, taken.plain, self._knowledge) for item in parted(criteria)]
        criteria = [replace(item, node=brain_matters.bound(doubts.named(item.node))) for item in criteria]
        return ReadText(tuple(allowances.named(criteria, taken.plain)), taken, scopes)


@lru_cache(maxsize=2)
def reader(knowledge: Knowledge) -> Reader:
    """Return the reader of a version of the knowledge."""
    return Reader(knowledge)


def scope_id(label: str) -> str:
    """Return the id of a cohort, part or phase from its label."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def _of_section(top: Top, knowledge: Knowledge, taken: Outline) -> Node:
    """Return the tree of a criterion without what its section cannot mean."""
    plain = taken.plain
    if top.role is Role.DECIDES and top.item.section == "inclusion":
        top = replace(top, node=let_in_cancers.apart(top.node, plain, top.span))
    node = left_open.opened(as_meant(joined(_sound(top, knowledge)), plain), plain, *top.span)
    if top.role is not Role.DECIDES:
        return node
    if top.item.section == "exclusion":
        node = conditional_exceptions.opened(turned(node, plain), plain)
        return of_one_sex.bound(joined_lines.opened(node, taken.text, top.span), plain, top.span)
    node = examples_named.opened(
        one_of_the_stages(scores_apart.on_two_scales(scores_apart.opened(node), plain), plain[slice(*top.span)]),
        plain,
        top.span,
    )
    return one_of_following.opened(shared_status.opened(node), plain, top.span)


def _sound(top: Top, knowledge: Knowledge) -> Node:
    """Return the tree of a criterion without what cannot be meant."""
    node = confirmed.asked(settled(alternatives.consistent(alternatives.within(top.node, knowledge))))
    node = contradictions.alternatives_count(contradictions.countable(node))
    if top.item.section == "exclusion":
        node = contradictions.narrowed_alike(node)
        node = denied_together(_without_wish(contradictions.other_cancers_open(node)))
    if top.role is not Role.DECIDES:
        return node
    if top.item.section == "inclusion":
        node = contradictions.not_denied(contradictions.opened(node, knowledge))
        node = eased(_without_illness(liver_limits(contradictions.women_only(without_free_pass(node)))))
    return without_limits_on_the_well(sound_exceptions(node, top.item.section), knowledge)


def _without_wish(node: Node) -> Node:
    """Return what an exclusion demands, without demands that no trial makes: an illness, side effects that are left.

    They come of words that deny what is denied: "have not recovered (i.e. side effects above grade 1)" shuts out those
    with side effects; of "this includes, but is not limited to cirrhosis" nothing is sure.
    """
    match node:
        case Not(part=Leaf(kind="toxicity_recovery") as recovered):
            return recovered
        case Leaf(kind=kind) if kind in NEVER_DEMANDED or kind == "leptomeningeal_disease":
            return left_unread(node)
        case AnyOf() | AllOf() if _wishes_illness(node):
            return left_unread(node)
        case AllOf(parts=parts):
            return AllOf(tuple(_without_wish(part) for part in parts), node.span)
        case Not(part=AnyOf(parts=parts)):
            # A denial within what is shut out is a demand: "heart failure; patients with no heart failure will …".
            kept = tuple(
                left_unread(part)
                if isinstance(part, Not) and any(item.kind in NEVER_DEMANDED for item in leaves(part))
                else part
                for part in parts
            )
            return Not(AnyOf(kept, node.part.span), node.span)
    return node


def _wishes_illness(node: Node) -> bool:
    """Whether a tree asks for illnesses and for nothing else."""
    if isinstance(node, Not | When):
        return False
    if isinstance(node, AllOf | AnyOf):
        asked = [part for part in node.parts if not _says_nothing(part)]
        return bool(asked) and all(map(_wishes_illness, asked))
    return isinstance(node, Leaf) and node.kind in NEVER_DEMANDED


def _says_nothing(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind in ("unread", "judgement")


def _lets_in(node: Leaf) -> bool:
    """Whether a disease frees from a demand: "bilirubin up to 1.5 x ULN unless Gilbert syndrome", "or sterile"."""
    return getattr(node.params, "any_of", ()) in (("gilbert_syndrome",), ("surgical_sterility",))


_WANTED = frozenset({"creatinine_clearance", "egfr_ckd", "anc", "platelets"})
"""Of these an inclusion asks for enough."""


def _is_range(parts: tuple[Node, ...]) -> bool:
    """Whether two limits are the ends of one range: "clearance from 30 to 60"."""
    limits = [part.params for part in parts if isinstance(part, Leaf) and part.kind == "lab_value"]
    signs = {item.op[0] for item in limits}
    return len(limits) == len(parts) == 2 and len({item.variable for item in limits}) == 1 and signs == {"<", ">"}


def _without_illness(node: Node, *, optional: bool = False) -> Node:
    """Return the demand without the diseases that nobody asks for; one that is an alternative may free from a limit."""
    match node:
        case Leaf(kind=kind) if kind in NEVER_DEMANDED and not (optional and _lets_in(node)):
            return left_unread(node)
        case Not(part=Leaf(kind="toxicity_recovery")):
            return left_unread(node)
        case Leaf(kind="lab_value", params=params) if params.unit == "xULN" and params.op in (">", ">="):
            return left_unread(node)  # a limit that lost its sign or its heading
        case Leaf(kind="lab_value", params=params) if params.variable in _WANTED and params.op in ("<", "<="):
            return left_unread(node)  # nobody is asked for kidneys or marrow that fail
        case AllOf(parts=parts) if _is_range(parts):
            return node
        case AllOf(parts=parts):
            return AllOf(tuple(_without_illness(part, optional=optional) for part in parts), node.span)
        case AnyOf(parts=parts):
            return AnyOf(tuple(_without_illness(part, optional=True) for part in parts), node.span)
        case When(when=when, then=then):
            return When(when, _without_illness(then), node.span)
    return node


def _partly_read_permission(criterion: Criterion) -> bool:
    return criterion.role is Role.PERMITS and any(inner.kind == "unread" for inner in leaves(criterion.node))


def _open_permission(criterion: Criterion) -> Criterion:
    """What was not read of a permission may be a demand: it excludes nobody, and a person must read it."""
    node = leaf("unread", note="what this permission asks was not read in full")
    return replace(criterion, id=f"{criterion.id}{allowances.OPEN}", role=Role.DECIDES, node=node)
