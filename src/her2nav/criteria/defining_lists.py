"""Lists that only say what a word of their lead means: "postmenopausal", "resistant disease", lesions that never count.

What the lead asks for in front of its last sentence stands; the entries ask for nothing.
"""

from __future__ import annotations

import re

from her2nav.criteria.asks_nothing import no_target
from her2nav.criteria.groups import DEFINED, NOT_COUNTED, Groups
from her2nav.criteria.logic import any_of
from her2nav.criteria.outline import Item
from her2nav.criteria.sentences import part
from her2nav.criteria.statements import Statements
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.menopause import definition_at, is_defined, is_entry
from her2nav.model.tree import Leaf, Node, leaves
from her2nav.model.trial import Role

_POSTMENOPAUSAL = leaf("menopausal_status", any_of=["postmenopausal"])
_LAST_SENTENCE = re.compile(r"(?:[.;]|\s-)\s+(?=\S)")
"""Where a sentence or an entry ends within a line."""
_RESISTS = re.compile(
    r"\b(?:resistan(?:t|ce)|refractory|relaps\w+|recurren\w+)\b[^.;:]{0,60}\bdefined (?:as|by)\b[^.;]{0,30}:?\W*\Z"
)
_OF_A_COURSE = frozenset({"prior_therapy", "disease_progression", "lines_of_therapy", "judgement", "unread"})


def told_by_lead(
    item: Item, groups: Groups, statements: Statements, span: tuple[int, int]
) -> tuple[Node | None, Role] | None:
    """Return what an item with such a list asks for, and None within where that is nothing; None: it is no such item."""
    written = groups.written(item)
    if NOT_COUNTED.search(written):
        if not all(no_target(groups.written(child)) for child in item.children):
            return None
        return _front(item, groups, statements, max((one.end() for one in _LAST_SENTENCE.finditer(written)), default=0))
    if item.section == "inclusion" and DEFINED.search(written) and _RESISTS.search(written):
        return _resistance(item, groups, statements)
    if item.section != "inclusion" or "menopaus" not in written:
        return None
    entries = [groups.written(inner) for child in item.children for inner in child.walk()]
    if is_defined(written, entries):
        return Leaf("menopausal_status", _POSTMENOPAUSAL.params, span), Role.DECIDES
    at = definition_at(written)
    if at > 0 and all(map(is_entry, entries)):
        return _front(item, groups, statements, at)
    return None


def _front(item: Item, groups: Groups, statements: Statements, at: int) -> tuple[Node | None, Role]:
    """Return what stands in front of the last sentence of a lead."""
    if not at:
        return None, Role.DECIDES
    return statements.paragraph(item.section, part(groups.view(item), 0, at))


def _resistance(item: Item, groups: Groups, statements: Statements) -> tuple[Node | None, Role] | None:
    """Return one of the courses that "resistant disease defined as:" names: relapse after one, or growth during another."""
    views = [groups.view(child) for child in item.children if not child.children]
    read = [statements.statement(view, "inclusion") for view in views]
    courses = [node for node in read if node is not None]
    told = {inner.kind for node in courses for inner in leaves(node)}
    if len(courses) < max(2, len(item.children)) or not told <= _OF_A_COURSE or not told & {"prior_therapy"}:
        return None
    return any_of(courses), Role.DECIDES
