"""Items to criteria: what a list under its lead means, by the lead's words and the section it stands in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from her2nav.criteria import item_words as words
from her2nav.criteria import permitted_lists
from her2nav.criteria.cancers import of_setting
from her2nav.criteria.defining_lists import told_by_lead
from her2nav.criteria.groups import ANY, DEFINED, DENIES, LEAD, NOT_COUNTED, OR_FIRST, OR_LAST, OWN_FORCE, Groups
from her2nav.criteria.item_nodes import heads, her2, is_open, says_little, setting_open, unread_share
from her2nav.criteria.logic import all_of, any_of, deny, in_doubt
from her2nav.criteria.modals import Force, force
from her2nav.criteria.scopes import of_part
from her2nav.criteria.sentences import part
from her2nav.criteria.statement_nodes import names_cancer, polar, role_of, unread, with_permit
from her2nav.criteria.statements import Statements
from her2nav.criteria.structure import Item
from her2nav.criteria.under_headings import told_by_heading
from her2nav.kinds.reading.base import days_of
from her2nav.language.numbers import number
from her2nav.language.view import View
from her2nav.model.tree import AnyOf, AtLeast, Node, When, leaves
from her2nav.model.trial import Role


@dataclass(frozen=True, slots=True)
class Top:
    """A top-level criterion and the item that it comes from."""

    node: Node
    role: Role
    span: tuple[int, int]
    item: Item


class ItemReader:
    """Reads the items of one text."""

    def __init__(self, groups: Groups, statements: Statements) -> None:
        self._groups = groups
        self._statements = statements

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
        if not LEAD.search(written) and not self._of_some(item):
            if any(child.scope != item.scope for child in item.children) or any(map(self._of_some, item.children)):
                return [*self._alone(item), *(top for child in item.children for top in self.read(child))]
            item.children = self._groups.gathered(item.children)
            if item.section == "inclusion" and words.ANY_BELOW.search(written):
                return [*self._alone(item), *self._one_of_those_below(item)]
            if item.section == "inclusion" and any(map(self._opens_any, item.children)):
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

    def _one_of_those_below(self, item: Item) -> list[Top]:
        """Return what stands under an item as alternatives, each with its own list."""
        each = [tops for child in item.children if (tops := self.read(child))]
        nodes = [all_of([top.node for top in tops]) for tops in each]
        span = (item.children[0].start, self._span(item.children[-1])[1])
        return [Top(any_of(nodes), role_of(nodes), span, item.children[0])] if nodes else []

    def _asks_for_cancer(self, item: Item) -> bool:
        node = self._child(item, None)
        return node is not None and any(inner.kind == "tumour_type" for inner in leaves(node))

    def _names_a_cancer(self, item: Item) -> bool:
        """Whether an entry names a cancer, or how far it has come, and brings no verb of its own."""
        node = None if OWN_FORCE.search(self._groups.written(item)) else self._child(item, None)
        kinds = {inner.kind for inner in leaves(node)} - {"judgement"} if node is not None else set()
        return bool(kinds) and kinds <= words.ENTRY_OF_CANCERS

    def _opens_any(self, item: Item) -> bool:
        written = self._groups.written(item)
        return bool(item.children) and LEAD.search(written) is not None and ANY.search(written) is not None

    def _of_some(self, item: Item) -> bool:
        """Whether an item only names the cancer of those whom its list binds."""
        if not item.children or words.OF_SOME.fullmatch(self._groups.written(item)) is None:
            return False
        node = self._statements.statement(self._groups.view(item), "inclusion")
        return node is not None and names_cancer(node)

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

    def _led(self, item: Item, written: str, span: tuple[int, int]) -> list[Top]:
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
        heads_alone = words.HEADS_ALONE.fullmatch(written) is not None
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
        count = words.COUNT.search(written)
        excepts = words.EXCEPT_LEAD.search(written) is not None
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
        if (
            bare
            and count is None
            and not ANY.search(written)
            and not permitted_lists.names_who(written)
            and not permitted_lists.denies(written)
            and not excepts
            and item.section == "inclusion"
            and not words.GUARD_LEAD.search(written)
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
        if item.frayed:
            parts.append(unread(span))
        if count is not None:
            group: Node = AtLeast(min(int(number(count["n"])), len(parts)), tuple(parts))
        elif excepts:
            exception = any_of(parts)
            base = header or unread(span)
            node = all_of([base, deny(exception)]) if item.section == "exclusion" else any_of([base, exception])
            return [Top(polar(node, item.section), Role.DECIDES, span, item)]
        elif ANY.search(written) or item.section == "exclusion" or self._alternatives(item, parts):
            group = any_of(parts)
        elif permitted_lists.names_who(written):
            group = any_of([*parts, unread(span)])
        else:
            group = all_of(parts)
        others = [inner for inner in item.walk() if words.OTHERS.match(self._groups.written(inner))]
        if item.section == "inclusion" and others and any(leaf.kind == "tumour_type" for leaf in leaves(group)):
            group = any_of([group, unread(self._span(others[0]))])
        if header is not None and (words.GUARD_LEAD.search(written) or self._of_some_people(item, header, written)):
            node = When(header.when if isinstance(header, When) else header, group)
        elif isinstance(header, When) and of_part(written) is not None:
            # "Participants in part C must have one of the following:" binds those alone.
            node = When(header.when, group if is_open(header.then) else all_of([header.then, group]))
        elif header is None or bare:
            node = group
        elif {inner.kind for inner in leaves(header)} - {"unread"} == {"measurable_disease"} and isinstance(
            group, AnyOf
        ):
            # "A measurable lesion defined as: RECIST, or skin lesions": the second sort suffices.
            alone = [self._statements.statement(self._groups.view(child), child.section) for child in item.children]
            node = any_of([header, *(each for each in alone if each is not None)])
        elif item.section == "exclusion" and heads(written, header, group):
            # "Cardiovascular disease, including: stroke within 6 months": each entry shuts out by itself.
            node = any_of([group, in_doubt(header, doubt="what the list does not name, too")])
        elif isinstance(header, AnyOf) and DEFINED.search(written):
            # "A, or B defined as: …": what follows tells what B is, and asks nothing of those with A.
            node = any_of([all_of([header, group]), in_doubt(header)])
        else:
            node = all_of([header, group])
        return [Top(polar(node, item.section), role_of([node]), span, item)]

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
    def _span(item: Item) -> tuple[int, int]:
        return item.start, max(inner.end for inner in item.walk())
