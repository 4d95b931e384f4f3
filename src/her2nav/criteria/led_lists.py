"""Lists under a lead that says how many of the entries are meant, whom they bind, or what they are examples of."""

from __future__ import annotations

import itertools
import re

from her2nav.criteria import item_words as words
from her2nav.criteria import permitted_lists
from her2nav.criteria.cancers import of_setting
from her2nav.criteria.cured import lets_in
from her2nav.criteria.defining_lists import told_by_lead
from her2nav.criteria.entries import MARKERS, Entries, Top
from her2nav.criteria.group_headings import leads_for_a_state
from her2nav.criteria.groups import ANY, DEFINED, DENIES, NOT_COUNTED
from her2nav.criteria.item_nodes import ANY_BRAIN, heads, heads_treatments, is_open, of_brain, says_little
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.modals import Force, force
from her2nav.criteria.other_cancers import told_apart
from her2nav.criteria.outline import Item
from her2nav.criteria.scopes import of_part
from her2nav.criteria.sentences import part
from her2nav.criteria.statement_nodes import polar, role_of, unread, with_permit
from her2nav.kinds.reading.treatment_listed import leads_times
from her2nav.language.numbers import number
from her2nav.model.tree import AnyOf, AtLeast, Node, When, leaves
from her2nav.model.trial import Role

_LISTED = 2
"""Cancers that make a list."""


class LedLists(Entries):
    """Reads an item whose words lead a list."""

    def _led(self, item: Item, written: str, span: tuple[int, int]) -> list[Top]:
        if item.of_group or (item.section == "inclusion" and leads_for_a_state(written)):
            bound = all_of([top.node for child in item.children for top in self.read(child)] or [unread(span)])
            return [Top(When(unread((item.start, item.end)), bound), Role.DECIDES, span, item)]
        asks_nothing = item.section == "inclusion" and (
            permitted_lists.defines(written) or permitted_lists.at_most(written)
        )
        told = told_by_lead(item, self._groups, self._statements, span)
        if told is not None:
            return [Top(told[0], told[1], span, item)] if told[0] is not None else []
        if NOT_COUNTED.search(written) or asks_nothing:
            return [Top(unread(span), Role.DECIDES, span, item)]
        if item.section == "inclusion" and permitted_lists.allows(written):
            return self._allowed(item)
        found = words.LETS_IN.match(written) if item.section == "inclusion" else None
        if found is not None and words.EVERYBODY.fullmatch(found["who"]) is None and "metastas" not in found["who"]:
            return self._provided(item, found, span)
        heads_alone = words.HEADS_ALONE.fullmatch(written) is not None or leads_times(written)
        header = None if heads_alone else self._statements.sentence(self._groups.view(item), item.section)
        bare = header is None or (
            not isinstance(header, When)
            and all(
                says_little(inner) or (item.section == "exclusion" and inner.kind == "participation")
                for inner in leaves(header)
            )
        )
        if item.section == "inclusion" and header is not None and self._tells_fertility(item, header):
            return [Top(unread(span), Role.DECIDES, span, item)]
        if item.section == "inclusion" and (whom := _of_a_marker(written, header)):
            # "Patients without a driver mutation:" heads what is asked of those alone.
            when = header if whom == "read" and header is not None else unread((item.start, item.end))
            asked = all_of([top.node for child in item.children for top in self.read(child)] or [unread(span)])
            return [Top(When(when, asked), Role.DECIDES, span, item)]
        some = self._statements.some_cancers(self._groups.view(item)) if item.section == "inclusion" else None
        if some is not None:
            bound = all_of([top.node for child in item.children for top in self.read(child)] or [unread(span)])
            whose = any_of([some, unread((item.start, item.end))])
            return [Top(all_of([whose, When(some, bound)]), Role.DECIDES, span, item)]
        named = self._cancers_named(item, written)
        count = words.COUNT.search(written)
        excepts = words.EXCEPT_LEAD.search(written) is not None or (
            item.section == "exclusion" and words.OTHER_THAN_LEAD.search(written) is not None
        )
        if excepts and header is not None and (let_in := self._cancers_let_in(item, header)) is not None:
            return [Top(polar(let_in, item.section), Role.DECIDES, span, item)]
        if (
            item.section == "inclusion"
            and bare
            and not excepts
            and count is None
            and ANY.search(written)
            and any(child.scope != item.scope for child in item.children)
        ):
            return self._either(item, span)
        if any(child.scope != item.scope for child in item.children) and not excepts:
            own = [] if bare or header is None else [Top(polar(header, item.section), role_of([header]), (item.start, item.end), item)]  # fmt: skip
            return [*own, *(top for group in self._groups.groups(item.children) for top in self.read_group(group))]
        if bare and item.section == "inclusion" and words.EXAMPLES_LEAD.search(written):
            nodes = [node for child in item.children if (node := self._child(child, None)) is not None]
            if {inner.kind for node in nodes for inner in leaves(node)} <= words.EXAMPLES:
                # "Inhibitors that count include, but are not limited to:" asks nobody for a gene that is named below.
                return [Top(any_of([*nodes, unread(span)]), Role.DECIDES, span, item)]
        if (
            bare
            and count is None
            and not ANY.search(written)
            and not permitted_lists.names_who(written)
            and not permitted_lists.denies(written)
            and not excepts
            and item.section == "inclusion"
            and not words.GUARD_LEAD.search(written)
            and sum(named) < _LISTED
        ):
            return [top for group in self._groups.groups(item.children) for top in self._alone_or_under(group, item)]
        if bare and item.section == "exclusion" and count is None and not excepts and not re.search(r"\ball of\b", written):  # fmt: skip
            return [top for child in item.children for top in self._under(child, item)]
        if item.section == "inclusion" and DENIES.match(written) and count is None and not excepts:
            return self._denied_list(item, header, span)
        if item.section == "exclusion" and not excepts and force(written) is Force.PERMITS:
            # "HIV infection. Patients may take part if:" - what the list lets in keeps those it names open.
            node, role = self._paragraph(item)
            decided = node if node is not None and role is not Role.PERMITS else unread(span)
            views = [self._groups.view(child) for child in item.children if not child.children]
            inside = [made for view in views if (made := self._statements.statement(view, "inclusion")) is not None]
            brain = any(item.kind == "cns_metastases" for item in leaves(decided))
            if inside and decided is node:
                decided = self._brain_let_in(item) if brain else with_permit(decided, all_of(inside))
            return [Top(decided, Role.DECIDES, span, item)]
        if (
            header is not None
            and not bare
            and words.EXAMPLES_LEAD.search(written)
            and force(written) is not Force.PERMITS
        ):
            return self._with_examples(item, header, span)
        if not bare and header is not None and count is None and not excepts and self._demands(item):
            return [Top(When(header, self._demanded(item)), Role.DECIDES, span, item)]
        parts = [
            of_setting(node, written)
            for child in self._groups.gathered(item.children)
            if (node := self._child(child, None if excepts else item)) is not None
        ]
        if not parts:
            return [Top(polar(header or unread(span), item.section), Role.DECIDES, span, item)]
        if found is not None and header is not None and of_brain(header):
            # "Patients with treated brain metastases are let in if they:" - what follows binds those who have any.
            parts = [part if of_brain(part) else When(ANY_BRAIN, part) for part in parts]
        if item.frayed:
            parts.append(unread(span))
        if count is not None:
            group: Node = AtLeast(min(int(number(count["n"])), len(parts)), tuple(parts))
        elif excepts:
            exception = any_of(parts)
            base = header or unread(span)
            node = all_of([base, deny(exception)]) if item.section == "exclusion" else any_of([base, exception])
            return [Top(polar(node, item.section), Role.DECIDES, span, item)]
        elif item.section == "exclusion" or (
            (ANY.search(written) or self._alternatives(item, parts)) and not self._demands_beside(item, named)
        ):
            group = any_of(told_apart(parts, self._groups.said) if item.section == "inclusion" else parts)
        elif permitted_lists.names_who(written):
            group = any_of([*parts, unread(span)])
        elif len(parts) == len(named) and any(named):
            listed = list(zip(parts, named, strict=True))
            either = any_of(told_apart([each for each, is_cancer in listed if is_cancer], self._groups.said))
            group = all_of([either, *(each for each, is_cancer in listed if not is_cancer)])
        else:
            group = all_of(parts)
        others = [inner for inner in item.walk() if words.OTHERS.match(self._groups.written(inner))]
        if item.section == "inclusion" and others and any(leaf.kind == "tumour_type" for leaf in leaves(group)):
            group = any_of([group, unread(self._span(others[0]))])
        if header is not None and (words.GUARD_LEAD.search(written) or self._of_some_people(item, header, written)):
            node = When(header.when if isinstance(header, When) else header, group)
        elif isinstance(header, When) and (of_part(written) is not None or _of_a_sex(header.when)):
            # "Participants in part C must have one of the following:" binds those alone.
            node = When(header.when, group if is_open(header.then) else all_of([header.then, group]))
        elif header is None or (bare and not (any(named) and words.TELLS_OF_CANCER.search(written))):
            node = group
        elif (
            _of_lesions(header)
            and isinstance(group, AnyOf)
            and all(each.kind != "tumour_type" for each in leaves(group))
        ):
            # "A measurable lesion defined as: RECIST, or skin lesions": the second sort suffices.
            alone = [self._statements.statement(self._groups.view(child), child.section) for child in item.children]
            node = any_of([header, *(each for each in alone if each is not None)])
        elif item.section == "exclusion" and heads(written, header, group):
            # "Cardiovascular disease, including: stroke within 6 months": each entry shuts out by itself.
            node = any_of([group, in_doubt(header, doubt="what the list does not name, too")])
        elif item.section == "exclusion" and heads_treatments(header, group):
            node = group
        elif isinstance(header, AnyOf) and DEFINED.search(written):
            # "A, or B defined as: …": what follows tells what B is, and asks nothing of those with A.
            node = any_of([all_of([header, group]), in_doubt(header)])
        else:
            node = all_of([header, group])
        return [Top(polar(node, item.section), role_of([node]), span, item)]

    def _cancers_let_in(self, item: Item, header: Node) -> Node | None:
        """Return another cancer with the list of those let in, read as one sentence; None: a word of it stays unread."""
        below = [self._groups.view(inner) for inner in itertools.islice(item.walk(), 1, None)]
        of_others = any(inner.kind == "second_malignancy" for inner in leaves(header))
        if not of_others or not all(lets_in(view.text) for view in below):
            return None
        view = self._groups.view(item)
        for entry in below:
            view = view.joined(entry, ", ")
        node = self._statements.statement(view, item.section)
        told = {inner.kind for inner in leaves(node)} if node is not None else set()
        return node if "second_malignancy" in told and told <= {"second_malignancy", "judgement"} else None

    def _cancers_named(self, item: Item, written: str) -> list[bool]:
        """Tell which entries of a list of cancers name one: one of them is asked for, not all."""
        if item.section != "inclusion" or words.CANCERS_LEAD.search(written) is None:
            return []
        return list(map(self._is_one_cancer, item.children))

    def _demands_beside(self, item: Item, named: list[bool]) -> bool:
        """Whether a list of cancers holds a demand as well: "tumours must be positive for the marker"."""
        others = [child for child, is_cancer in zip(item.children, named, strict=False) if not is_cancer]
        return sum(named) >= _LISTED and any(force(self._groups.written(child)) is Force.REQUIRES for child in others)

    def _brain_let_in(self, item: Item) -> Node:
        """Read "treated metastases are let in provided they:" with the conditions below as one sentence."""
        whole, of_parts = self._groups.view(item), []
        for child in item.children:
            if child.children or of_part(self._groups.written(child)) is not None:
                of_parts.append(unread(self._span(child)))
            else:
                ended = whole.text.rstrip().endswith((":", ",", ";", "and", "or"))
                whole = whole.joined(self._groups.view(child), " " if ended else ", ")
        node, _ = self._statements.paragraph(item.section, whole)
        decided = node if node is not None else unread(self._span(item))
        return any_of([decided, *of_parts]) if of_parts else decided

    def _allowed(self, item: Item) -> list[Top]:
        """What a lead allows: each entry permits, and whatever it limits binds those who have it."""
        tops = []
        for child in (inner for under in item.children for inner in under.walk()):
            view = self._groups.view(child)
            if (node := self._statements.sentence(view, "inclusion", permits=True)) is not None:
                made, role = permitted_lists.of_an_entry(node, view.text)
                tops.append(Top(made, role, (child.start, child.end), child))
        return tops

    def _tells_fertility(self, item: Item, header: Node) -> bool:
        """Whether a list only says which women before menopause cannot bear children: "premenopausal women with: …"."""
        kinds = {inner.kind for inner in leaves(header)} - {"unread", "judgement", "sex"}
        return kinds == {"menopausal_status"} and all(
            words.STERILE.search(self._groups.written(child)) for child in item.children
        )

    def _of_some_people(self, item: Item, header: Node, written: str) -> bool:
        """Whether a lead names people of an age or a sex whom the list binds: "female patients who:", "subjects < 50 years:"."""
        kinds = {inner.kind for inner in leaves(header)} - {"unread"}
        if item.section == "exclusion" or len(kinds) != 1:
            return False
        if kinds == {"sex"}:
            return any(words.ON_FERTILITY.search(self._groups.written(inner)) for inner in item.walk())
        return kinds == {"age"} and words.OF_AN_AGE.fullmatch(written) is not None

    def _either(self, item: Item, span: tuple[int, int]) -> list[Top]:
        """One of the entries, of which some stand in one part of the trial only: there they let in, elsewhere that is open."""
        parts: list[Node] = []
        for child in item.children:
            node = self._child(child, item)
            if node is not None:
                parts.append(node if child.scope == item.scope else all_of([node, unread(self._span(child))]))
        return [Top(any_of(parts), role_of(parts), span, item)] if parts else []

    def _with_examples(self, item: Item, header: Node, span: tuple[int, int]) -> list[Top]:
        """Take what a lead asks for; examples under it ask for nothing, and what else they say is left open."""
        nodes = [node for child in item.children if (node := self._child(child, item)) is not None]
        if item.section == "exclusion":
            # An example may shut out only as far as the lead's words reach.
            told = [all_of([any_of(nodes), unread((item.children[0].start, span[1]))])] if nodes else []
            node = deny(any_of([header, *told]))
            return [Top(node, role_of([node]), span, item)]
        examples = all(
            inner.kind in ("tumour_type", "disease_setting", "unread", "judgement")
            for node in nodes
            for inner in leaves(node)
        )
        rest = [] if examples else [unread((item.children[0].start, span[1]))]
        return [Top(all_of([header, *rest]), role_of([header]), span, item)]

    def _provided(self, item: Item, found: re.Match[str], span: tuple[int, int]) -> list[Top]:
        """Bind those whom the lead names, and nobody else, to what stands under it."""
        view = part(self._groups.view(item), *found.span("who"))
        # As among exclusions, the words name a disease and not whom of those with it the trial takes.
        who = self._statements.statement(view, "exclusion")
        nodes = [node for child in item.children if (node := self._paragraph(child, nested=True)[0]) is not None]
        if who is None or any(inner.kind == "unread" for inner in leaves(who)) or not nodes:
            return [Top(unread(span), Role.DECIDES, span, item)]
        group = any_of(nodes) if ANY.search(self._groups.written(item)) else all_of(nodes)
        return [Top(When(who, group), Role.DECIDES, span, item)]

    def _demands(self, item: Item) -> bool:
        """Whether the entries under an exclusion say what patients with it must fulfil."""
        return item.section == "exclusion" and all(
            not child.children and force(self._groups.written(child)) is Force.REQUIRES for child in item.children
        )

    def _demanded(self, item: Item) -> Node:
        nodes = [self._paragraph(child)[0] for child in item.children]
        return all_of([node for node in nodes if node is not None] or [unread(self._span(item))])

    def _denied_list(self, item: Item, header: Node | None, span: tuple[int, int]) -> list[Top]:
        """Deny each entry of "No history of any of the following:"."""
        entries = [
            node
            for child in item.children
            for inner in child.walk()
            if (node := self._statements.statement(self._groups.view(inner), "exclusion")) is not None
        ]
        stated = [deny(header)] if header is not None else []
        if not entries and not stated:
            return []
        node = deny(any_of([*stated, *entries]))
        return [Top(node, role_of([node]), span, item)]


def _of_a_sex(whom: Node) -> bool:
    return {inner.kind for inner in leaves(whom)} == {"sex"}


def _of_lesions(header: Node) -> bool:
    return {inner.kind for inner in leaves(header)} - {"unread"} == {"measurable_disease"}


def _of_a_marker(written: str, header: Node | None) -> str:
    """Tell whether a lead names people with or without a marker of their cancer: "read", "unread", or empty where not."""
    if words.OF_A_MARKER.fullmatch(written) is None:
        return ""
    kinds = {inner.kind for inner in leaves(header)} if header is not None else {"unread"}
    return "read" if kinds <= MARKERS else "unread" if kinds <= MARKERS | {"unread"} else ""
