"""Eligibility text to criteria: one tree for each top-level item, every character accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from her2nav.criteria.compose import all_of, any_of, deny
from her2nav.criteria.modals import Force, force
from her2nav.criteria.sentences import SentenceReader, Stretch, sentences
from her2nav.criteria.structure import Item, Outline, outline
from her2nav.kinds.reading.base import Section, both_ways, leaf
from her2nav.kinds.reading.cns import merged as merged_cns
from her2nav.kinds.reading.rules import rule_set
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import number
from her2nav.language.view import View
from her2nav.model.tree import AnyOf, AtLeast, Leaf, Node, When, leaves
from her2nav.model.trial import Criterion, Role

READER = "1"
"""Version of the reader: trees made by another one are made anew."""

_CONFIRM = frozenset({"participation", "judgement", "contraception", "life_expectancy"})
_LEAD = re.compile(
    r"(?::|\bfollowing\b[^.:]{0,60}[.:]?|\bdefined (?:as|by)\b[^.:]{0,30}:?|\bbelow[.:]?|(?:criteria|conditions)[.:])\s*$"
)
_ANY = re.compile(
    r"\b(?:any|one or more|at least one|(?:any )?one|either|some) of (?:the )?(?:following|these|below)|\bany of\b|\beither\b|\bone of\b"
)
_COUNT = re.compile(r"\b(?:at least|any|minimum of) (?P<n>two|three|2|3)(?: \(\d\))? (?:or more )?of\b")
_EXCEPT_LEAD = re.compile(r"\b(?:unless|except(?:ions?)?|with the exception of|excluding)\b[^.]{0,60}$")
_GUARD_LEAD = re.compile(r"^\s*(?:if|for|in)\b")


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
        items = _ItemReader(taken, SentenceReader(self._rules, self._knowledge, tumours))
        criteria: list[Criterion] = []
        counts: dict[str, int] = {}
        for item in taken.items:
            for node, role, span in items.read(item):
                counts[item.section] = counts.get(item.section, 0) + 1
                criteria.append(
                    Criterion(
                        id=f"{item.section[0]}{counts[item.section]}",
                        role=role,
                        section=item.section,
                        text=" ".join(text[span[0] : span[1]].split()),
                        node=node,
                        span=span,
                        scope=tuple(scope_id(label) for label in item.scope),
                        text_origin="registry",
                    )
                )
        scopes = tuple(dict.fromkeys(label for item in taken.items for inner in item.walk() for label in inner.scope))
        return ReadText(tuple(criteria), taken, scopes)


@lru_cache(maxsize=2)
def reader(knowledge: Knowledge) -> Reader:
    """Return the reader of a version of the knowledge."""
    return Reader(knowledge)


def scope_id(label: str) -> str:
    """Return the id of a cohort, part or phase from its label."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


Top = tuple[Node, Role, tuple[int, int]]


class _ItemReader:
    def __init__(self, taken: Outline, sentence_reader: SentenceReader) -> None:
        self._outline = taken
        self._sentences = sentence_reader

    def read(self, item: Item) -> list[Top]:
        """Return the top-level criteria of an item: several where a bare lead joins what is nested by "and"."""
        span = self._span(item)
        if not item.children:
            node, role = self._paragraph(item, self._view(item))
            return [(node, role, span)] if node is not None else []
        written = self._outline.plain[item.start : item.end]
        if not _LEAD.search(written):
            node, role = self._paragraph(item, self._view(item), item.children)
            return [(node, role, span)] if node is not None else []
        return self._led(item, written, span)

    def _led(self, item: Item, written: str, span: tuple[int, int]) -> list[Top]:
        header, _ = self._sentences.read(Stretch(self._view(item)), item.section)
        bare = header is None or all(inner.kind == "unread" for inner in leaves(header))
        count = _COUNT.search(written)
        if (
            bare
            and count is None
            and not _ANY.search(written)
            and not _EXCEPT_LEAD.search(written)
            and item.section == "inclusion"
            and not _GUARD_LEAD.search(written)
        ):
            return [top for child in item.children for top in self.read(child)]
        if (
            bare
            and item.section == "exclusion"
            and count is None
            and not _EXCEPT_LEAD.search(written)
            and not re.search(r"\ball of\b", written)
        ):
            return [top for child in item.children for top in self._under(child, item)]
        parts = [node for child in item.children if (node := self._child(child, item)) is not None]
        if not parts:
            return [(self._polar(header or _unread(span), item.section), Role.DECIDES, span)]
        if count is not None:
            group: Node = AtLeast(min(int(number(count["n"])), len(parts)), tuple(parts))
        elif _EXCEPT_LEAD.search(written):
            exception = any_of(parts)
            base = header or _unread(span)
            node = all_of([base, deny(exception)]) if item.section == "exclusion" else any_of([base, exception])
            return [(self._polar(node, item.section), Role.DECIDES, span)]
        elif _ANY.search(written) or item.section == "exclusion":
            group = any_of(parts)
        else:
            group = all_of(parts)
        if header is not None and _GUARD_LEAD.search(written):
            node = When(header, group)
        elif header is None or bare:
            node = group
        else:
            node = all_of([header, group])
        return [(self._polar(node, item.section), _role([node]), span)]

    def _under(self, child: Item, parent: Item) -> list[Top]:
        """Exclusions under a bare lead stand for themselves, with the lead's words where they need them."""
        if child.children:
            return self.read(child)
        node = self._child(child, parent)
        return [(self._polar(node, child.section), _role([node]), self._span(child))] if node is not None else []

    def _child(self, child: Item, parent: Item) -> Node | None:
        """The positive proposition of a nested item; read together with the lead where alone it is not understood."""
        if child.children:
            tops = self.read(child)
            nodes = [deny(node) if child.section == "exclusion" else node for node, _, _ in tops]
            return (any_of(nodes) if child.section == "exclusion" else all_of(nodes)) if nodes else None
        view = self._view(child)
        alone = self._statement(view, child.section)
        if alone is not None and not any(inner.kind == "unread" for inner in leaves(alone)):
            return alone
        lead = self._view(parent)
        joined, _ = self._sentences.read(Stretch(lead.joined(view), len(lead.text) + 1), child.section)
        if joined is None:
            return alone
        return joined if _unread_share(joined, self._span(child)) < _unread_share(alone, self._span(child)) else alone

    def _statement(self, view: View, section: Section) -> Node | None:
        parts = [
            node for piece in sentences(view) if (node := self._sentences.read(Stretch(piece), section)[0]) is not None
        ]
        if not parts:
            return None
        return any_of(parts) if section == "exclusion" else all_of(parts)

    def _paragraph(self, item: Item, view: View, children: list[Item] | None = None) -> tuple[Node | None, Role]:
        """Sentences in order: each demands, excludes, or permits an exception to the one before."""
        decided: list[Node] = []
        permits: list[Node] = []
        views = sentences(view) + [
            piece for child in children or () for inner in child.walk() for piece in sentences(self._view(inner))
        ]
        for piece in views:
            what = force(piece.text)
            section = item.section
            if what is Force.REQUIRES:
                section = "inclusion"
            elif what is Force.EXCLUDES:
                section = "exclusion"
            node, _ = self._sentences.read(Stretch(piece), section, permits=what is Force.PERMITS)
            if node is None:
                continue
            if what is Force.PERMITS:
                if decided:
                    decided[-1] = _with_permit(decided[-1], node)
                else:
                    permits.append(node)
                continue
            decided.append(self._polar(node, section))
        if decided:
            return all_of(decided), _role(decided)
        if permits:
            return all_of(permits), Role.PERMITS
        return None, Role.PERMITS

    @staticmethod
    def _polar(node: Node, section: Section) -> Node:
        return deny(node) if section == "exclusion" else node

    def _view(self, item: Item) -> View:
        return View.of(self._outline.plain, item.start, item.end)

    @staticmethod
    def _span(item: Item) -> tuple[int, int]:
        return item.start, max(inner.end for inner in item.walk())


def _with_permit(node: Node, permitted: Node) -> Node:
    """What a following "patients with … are allowed" does: where it holds, the demand before may not bind."""
    return merged_cns(node, permitted) or both_ways(node, AnyOf((node, permitted)))


def _unread(span: tuple[int, int]) -> Leaf:
    return Leaf("unread", leaf("unread").params, span)


def _unread_share(node: Node | None, span: tuple[int, int]) -> int:
    """Characters within a span that stay unread."""
    if node is None:
        return span[1] - span[0]
    return sum(
        max(0, min(inner.span[1], span[1]) - max(inner.span[0], span[0]))
        for inner in leaves(node)
        if inner.kind == "unread" and inner.span
    )


def _role(nodes: list[Any]) -> Role:
    kinds = {inner.kind for node in nodes for inner in leaves(node)}
    return Role.CONFIRM if kinds and kinds <= _CONFIRM else Role.DECIDES
