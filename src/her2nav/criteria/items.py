"""Items to criteria: what a list under its lead means, by the lead's words and the section it stands in."""

from __future__ import annotations

import itertools
from dataclasses import replace

from her2nav.criteria import item_words as words
from her2nav.criteria.entries import Top
from her2nav.criteria.group_headings import leads_for_a_state
from her2nav.criteria.groups import ANY, LEAD, OR_LAST
from her2nav.criteria.item_nodes import setting_open
from her2nav.criteria.led_lists import LedLists
from her2nav.criteria.logic import all_of, any_of
from her2nav.criteria.modals import Force, force
from her2nav.criteria.outline import Item
from her2nav.criteria.statement_nodes import polar, role_of
from her2nav.criteria.under_headings import told_by_heading
from her2nav.model.tree import leaves
from her2nav.model.trial import Role


class ItemReader(LedLists):
    """Reads the items of one text."""

    def read_group(self, group: list[Item]) -> list[Top]:
        """Return the criteria of items that "or" joins: one that any of them fulfils."""
        if len(group) == 1:
            return self.read(group[0])
        first = group[0]
        nodes = [
            polar(all_of([top.node for top in tops]), first.section) for item in group if (tops := self.read(item))
        ]
        if not nodes:
            return []
        node = polar(any_of(nodes), first.section)
        return [Top(node, role_of([node]), (first.start, self._span(group[-1])[1]), first)]

    def read(self, item: Item) -> list[Top]:
        """Return the top-level criteria of an item: several where a bare lead joins what is nested by "and"."""
        span = self._span(item)
        if not item.children:
            told = told_by_heading(item.heading, self._groups.written(item), span) if item.heading else None
            if told is not None:
                return [Top(told, role_of([told]), span, item)]
            node, role = self._paragraph(item)
            return [Top(node, role, span, item)] if node is not None else []
        written = self._groups.written(item)
        left_out = item.section == "exclusion" and words.OTHER_THAN_LEAD.search(written) is not None
        of_state = item.section == "inclusion" and leads_for_a_state(written)
        if not LEAD.search(written) and not left_out and not of_state and not self._of_some(item):
            if any(child.scope != item.scope for child in item.children) or any(map(self._of_some, item.children)):
                return [*self._alone(item), *(top for child in item.children for top in self.read(child))]
            item.children = self._groups.gathered(item.children)
            if item.section == "inclusion" and words.ANY_BELOW.search(written):
                return [*self._alone(item), *self._one_of_those_below(item)]
            if item.section == "inclusion" and any(
                self._opens_any(child) or self._joins_by_or(child) for child in item.children
            ):
                # "… - Any of the following: - A - B" within one paragraph: A and B are alternatives all the same.
                return [*self._alone(item), *(top for child in item.children for top in self.read(child))]
            if item.section == "inclusion" and (parted := self._parted(item, written, span)):
                return parted
            node, role = self._paragraph(item, nested=True)
            return [Top(node, role, span, item)] if node is not None else []
        if item.section == "inclusion" and force(written) is Force.EXCLUDES and not words.EXCEPT_LEAD.search(written):
            for inner in item.walk():
                inner.section = "exclusion"
        if item.section == "exclusion" and words.MUST_LEAD.search(written) and force(written) is Force.REQUIRES:
            # "Female participants must be either: postmenopausal, sterile, …" shuts out neither of these.
            for inner in item.walk():
                inner.section = "inclusion"
        permitted = self._permitted_among(item, written)
        return [*self._led(item, written, span), *permitted]

    def _joins_by_or(self, item: Item) -> bool:
        """Whether what stands under an item is joined by "or"."""
        return bool(LEAD.search(self._groups.written(item))) and any(
            OR_LAST.search(self._groups.end_of(child)) for child in item.children[:-1]
        )

    def _permitted_among(self, item: Item, written: str) -> list[Top]:
        """Take the entries that only allow something out of a list of demands; where all do, they are no list of demands."""
        if (
            item.section == "exclusion"
            or ANY.search(written)
            or words.COUNT.search(written)
            or words.EXCEPT_LEAD.search(written)
        ):
            return []
        allowed = [
            child
            for child in item.children
            if not child.children
            and child.scope == item.scope
            and force(self._groups.written(child)) is Force.PERMITS
            and not words.OTHERS.match(self._groups.written(child))
        ]
        if len(allowed) == len(item.children):
            return []
        item.children = [child for child in item.children if child not in allowed]
        return [top for child in allowed for top in self._alone(child)]

    def _parted(self, item: Item, written: str, span: tuple[int, int]) -> list[Top]:
        """Return a demand whose nested entries are alternatives: joined by "or", or cancers that exclude each other."""
        if OR_LAST.search(written):
            nodes = [
                top.node for top in (*self._alone(item), *(top for child in item.children for top in self.read(child)))
            ]
            return [Top(any_of(nodes), role_of(nodes), span, item)] if nodes else []
        groups = self._groups.groups(item.children)
        if any(len(group) > 1 for group in groups):
            return [*self._alone(item), *(top for group in groups for top in self.read_group(group))]
        entries = list(itertools.takewhile(self._names_a_cancer, item.children))
        nodes = [node for entry in entries for node in [self._child(entry, None)] if node is not None]
        if not self._statements.exclusive(nodes):
            return []
        rest = item.children[len(entries) :]
        if any(self._asks_for_cancer(child) for child in rest):
            return []
        either = Top(any_of(nodes), Role.DECIDES, (entries[0].start, self._span(entries[-1])[1]), entries[0])
        own = self._alone(item)
        if any(inner.kind == "disease_setting" for node in nodes for inner in leaves(node)):
            # "Advanced cancer: - Stage II breast cancer - …": each entry says itself how far its cancer has come.
            own = [replace(top, node=setting_open(top.node)) for top in own]
        return [*own, either, *(top for child in rest for top in self.read(child))]

    def _one_of_those_below(self, item: Item) -> list[Top]:
        """Return what stands under an item as alternatives, each with its own list."""
        each = [tops for child in item.children if (tops := self.read(child))]
        nodes = [all_of([top.node for top in tops]) for tops in each]
        span = (item.children[0].start, self._span(item.children[-1])[1])
        return [Top(any_of(nodes), role_of(nodes), span, item.children[0])] if nodes else []
