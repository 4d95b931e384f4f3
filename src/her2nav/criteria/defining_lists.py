"""Lists that only say what a word of their lead means: "postmenopausal", lesions that never count.

What the lead asks for in front of its last sentence stands; the entries ask for nothing.
"""

from __future__ import annotations

import re

from her2nav.criteria.asks_nothing import no_target
from her2nav.criteria.groups import NOT_COUNTED, Groups
from her2nav.criteria.outline import Item
from her2nav.criteria.sentences import part
from her2nav.criteria.statements import Statements
from her2nav.kinds.reading.base import leaf
from her2nav.kinds.reading.menopause import definition_at, is_defined, is_entry
from her2nav.model.tree import Leaf, Node
from her2nav.model.trial import Role

_POSTMENOPAUSAL = leaf("menopausal_status", any_of=["postmenopausal"])
_LAST_SENTENCE = re.compile(r"(?:[.;]|\s-)\s+(?=\S)")
"""Where a sentence or an entry ends within a line."""


def told_by_lead(
    item: Item, groups: Groups, statements: Statements, span: tuple[int, int]
) -> tuple[Node | None, Role] | None:
    """Return what an item with such a list asks for, and None within where that is nothing; None: it is no such item."""
    written = groups.written(item)
    if NOT_COUNTED.search(written):
        if not all(no_target(groups.written(child)) for child in item.children):
            return None
        return _front(item, groups, statements, max((one.end() for one in _LAST_SENTENCE.finditer(written)), default=0))
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
