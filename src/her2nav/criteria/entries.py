"""Entries of a list: each read by itself, or together with the words of its lead where it needs them."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from her2nav.criteria import item_words as words
from her2nav.criteria import permitted_lists
from her2nav.criteria.cutting import cut
from her2nav.criteria.groups import ANY, LEAD, NOT_COUNTED, OR_FIRST, OR_LAST, OWN_FORCE, Groups
from her2nav.criteria.item_nodes import her2, unread_share
from her2nav.criteria.logic import all_of, any_of, deny
from her2nav.criteria.modals import Force, force
from her2nav.criteria.outline import Item
from her2nav.criteria.statement_nodes import names_cancer, polar, role_of, unread
from her2nav.criteria.statements import Statements
from her2nav.kinds.reading.base import days_of
from her2nav.language.view import View
from her2nav.model.tree import Node, leaves
from her2nav.model.trial import Role

MARKERS = frozenset(
    {"gene_status", "other_driver", "her2_status", "her2_mutation", "her2_amplification", "hormone_receptor", "msi_mmr", "pd_l1", "other_biomarker"}
)  # fmt: skip
"""Kinds of markers of a cancer."""


@dataclass(frozen=True, slots=True)
class Top:
    """A top-level criterion and the item that it comes from."""

    node: Node
    role: Role
    span: tuple[int, int]
    item: Item


class Entries(ABC):
    """Reads the entries of lists.

    An entry may have a list of its own: how items and groups of them are read is told by those who know lists.
    """

    def __init__(self, groups: Groups, statements: Statements) -> None:
        self._groups = groups
        self._statements = statements

    @abstractmethod
    def read(self, item: Item) -> list[Top]:
        """Return the top-level criteria of an item with all that stands under it."""

    @abstractmethod
    def read_group(self, group: list[Item]) -> list[Top]:
        """Return the criteria of items that "or" joins."""

    def _paragraph(self, item: Item, *, nested: bool = False) -> tuple[Node | None, Role]:
        children = self._groups.gathered(item.children) if nested else []
        views = [told for child in children for told in self._told(child)]
        return self._statements.paragraph(item.section, self._groups.view(item), views)

    def _told(self, item: Item) -> Iterator[View]:
        """Yield an item and what stands under it, without a list of what does not count; a permission in one with its list."""
        view = self._groups.view(item)
        written = self._groups.written(item)
        if NOT_COUNTED.search(written) or words.STATE_DEFINED.search(written) or permitted_lists.defines(written):
            yield view
            return
        lets_in = permitted_lists.waives(written) or permitted_lists.allows_the_following(written)
        if item.children and item.section == "inclusion" and lets_in:
            for inner in itertools.islice(item.walk(), 1, None):
                view = view.joined(self._groups.view(inner))
            yield view
            return
        yield view
        for child in item.children:
            yield from self._told(child)

    def _alone(self, item: Item) -> list[Top]:
        node, role = self._paragraph(item)
        return [Top(node, role, (item.start, item.end), item)] if node is not None else []

    def _alone_or_under(self, group: list[Item], parent: Item) -> list[Top]:
        """A demand under a bare lead stands for itself; one that alone is not understood takes over the lead's words."""
        tops = self.read_group(group)
        child = group[0]
        if (
            len(group) > 1
            or child.children
            or any(inner.kind != "unread" for top in tops for inner in leaves(top.node))
        ):
            return tops
        return self._under(child, parent) or tops

    def _under(self, child: Item, parent: Item) -> list[Top]:
        """Exclusions under a bare lead stand for themselves, with the lead's words where they need them."""
        if child.children or force(self._groups.written(child)) is Force.REQUIRES:
            return self.read(child)
        node = self._child(child, parent)
        if node is None:
            return []
        return [Top(polar(node, child.section), role_of([node]), self._span(child), child)]

    def _child(self, child: Item, parent: Item | None) -> Node | None:
        """The positive proposition of a nested item; read together with the lead where alone it is not understood."""
        if child.children:
            nodes = [deny(top.node) if child.section == "exclusion" else top.node for top in self.read(child)]
            return (any_of(nodes) if child.section == "exclusion" else all_of(nodes)) if nodes else None
        view = self._groups.view(child)
        alone = self._statements.statement(view, child.section)
        if parent is None:
            # What is excepted is read by itself: with the lead's words it would be what is shut out.
            return alone
        lead = self._groups.view(parent)
        window = days_of(lead.text) is not None
        if alone is not None and not window and not any(inner.kind == "unread" for inner in leaves(alone)):
            return alone
        if alone is not None and not window and child.section == "exclusion" and self._with_permission(view, alone):
            return alone
        joined = self._statements.joined(lead, view, child.section)
        if window and alone is not None and days_of(view.text) is None:
            # "Within 6 months, any of the following:" binds every entry.
            timed = joined is not None and any(
                getattr(inner.params, name, None) for inner in leaves(joined) for name in words.WINDOWS
            )
            return joined if timed else all_of([alone, unread(lead.span(0, len(lead.text)))])
        if joined is None:
            return alone
        return joined if unread_share(joined, self._span(child)) < unread_share(alone, self._span(child)) else alone

    @staticmethod
    def _with_permission(view: View, alone: Node) -> bool:
        """Whether an entry has a second sentence on whom it lets in: with the lead's words it would be one sentence."""
        _, *rest = cut(view)
        return any(force(each.text) is Force.PERMITS for each in rest) and any(
            inner.kind not in ("unread", "judgement") for inner in leaves(alone)
        )

    def _asks_for_cancer(self, item: Item) -> bool:
        node = self._child(item, None)
        return node is not None and any(inner.kind == "tumour_type" for inner in leaves(node))

    def _names_a_cancer(self, item: Item) -> bool:
        """Whether an entry names a cancer, or how far it has come, and brings no verb of its own."""
        kinds = self._said_of_cancer(item)
        return bool(kinds) and kinds <= words.ENTRY_OF_CANCERS

    def _is_one_cancer(self, item: Item) -> bool:
        """Whether an entry of a list of cancers names one, with whatever else it asks of those who have it."""
        kinds = self._said_of_cancer(item)
        return "tumour_type" in kinds or (bool(kinds) and kinds <= words.ENTRY_OF_CANCERS | MARKERS)

    def _said_of_cancer(self, item: Item) -> set[str]:
        """The kinds of what an entry without a verb of its own says; none of one that has a verb."""
        written = words.WITH_A_SIGN.sub(" ", self._groups.written(item))
        node = None if OWN_FORCE.search(written) else self._child(item, None)
        return {inner.kind for inner in leaves(node)} - {"judgement"} if node is not None else set()

    def _opens_any(self, item: Item) -> bool:
        written = self._groups.written(item)
        return bool(item.children) and LEAD.search(written) is not None and ANY.search(written) is not None

    def _of_some(self, item: Item) -> bool:
        """Whether an item only names the cancer of those whom its list binds."""
        if not item.children or words.OF_SOME.fullmatch(self._groups.written(item)) is None:
            return False
        node = self._statements.statement(self._groups.view(item), "inclusion")
        return node is not None and names_cancer(node)

    def _alternatives(self, item: Item, parts: list[Node]) -> bool:
        """Whether entries say "or" themselves, or define one word: scores and results of one test exclude each other."""
        if any(
            OR_LAST.search(self._groups.end_of(child)) or OR_FIRST.match(self._groups.written(child))
            for child in item.children
        ):
            return True
        sorts = [{inner.kind for inner in leaves(part)} - {"unread"} for part in parts]
        if len(parts) > 1 and all(sort == {"her2_status"} for sort in sorts):
            return True
        definitions = [her2(part) for part in parts]
        return len(parts) > 1 and all(definitions) and len(set(definitions)) == len(definitions)

    @staticmethod
    def _span(item: Item) -> tuple[int, int]:
        return item.start, max(inner.end for inner in item.walk())
