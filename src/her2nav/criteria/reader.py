"""Eligibility text to criteria: one tree for each top-level item, every character accounted for."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from her2nav.criteria import alternatives
from her2nav.criteria.compose import all_of, any_of, deny
from her2nav.criteria.modals import Force, force
from her2nav.criteria.sentences import SentenceReader, Stretch, part, sentences
from her2nav.criteria.structure import Item, Outline, outline
from her2nav.criteria.version import READER as READER
from her2nav.kinds.reading.base import Section, both_ways, days_of, leaf
from her2nav.kinds.reading.cns import merged as merged_cns
from her2nav.kinds.reading.rules import rule_set
from her2nav.knowledge.load import Knowledge
from her2nav.language.numbers import number
from her2nav.language.view import View
from her2nav.model.tree import AnyOf, AtLeast, Leaf, Node, Not, When, leaves
from her2nav.model.trial import Criterion, Role

_CONFIRM = frozenset({"participation", "judgement", "contraception", "life_expectancy"})
_LEAD = re.compile(
    r"(?::|\bfollowing\b[^.:]{0,60}[.:]?|\bdefined (?:as|by)\b[^.:]{0,30}:?|\bbelow[.:]?|(?:criteria|conditions)[.:])\s*$"
)
_ANY = re.compile(
    r"\b(?:any|one or more|at least one|(?:any )?one|either|some) of (?:the )?(?:following|these|below)|\bany of\b|\beither\b|\bone of\b"
)
_COUNT = re.compile(r"\b(?:at least|any|minimum of) (?P<n>two|three|2|3)(?: \(\d\))? (?:or more )?of\b")
_EXCEPT_LEAD = re.compile(r"\b(?:unless|except(?:ions?)?|with the exception of|excluding)\b[^.]{0,60}$")
_DENIES = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?) )?(?:(?:with|who have|must have|should have|has|have|having|there is) )?(?:no|none|without|absence of|not have|free of)\b"
)
_WINDOWS = ("within_days", "days", "ended_within_days", "ended_before_days", "started_within_days", "within_years")
_UNWANTED = frozenset(
    {"allergy", "comorbidity", "cardiac_history", "lung_disease", "ild", "infection", "viral_infection", "bleeding_thrombosis", "eye_disease", "immune",
     "gastrointestinal", "pregnancy", "second_malignancy", "peripheral_neuropathy"}
)  # fmt: skip
"""Kinds that no trial asks for."""
_GUARD_LEAD = re.compile(r"^\s*(?:if|for|in)\b")
_DEFINED = re.compile(r"\bdefined (?:as|by)\b|\bdefinition\b|\b(?:as|is) follows\b|\bmeans?\b")
_OR_LAST = re.compile(r"\bor\s*[:,;.]?\s*$")
_OR_FIRST = re.compile(r"or\b(?! (?:more|less|greater|fewer|higher|lower|equal))")
_PEOPLE = r"(?:all |any )?(?:patients?|participants?|subjects?|individuals?|those|women|men|females?|males?)"
_DEMANDS = (
    r"(?:must|should|need to|needs to|has to|have to|is required to|are required to|will be required to|will|had to)"
)
_GUARDS = (
    re.compile(
        r"\s*(?:if|when|where|in case of|in the case of)\s+(?P<when>[^,;]{3,300}),\s*(?:then )?(?P<then>\S.*)",
        re.DOTALL,
    ),
    re.compile(
        rf"\s*(?:for|in|among) (?P<when>(?:{_PEOPLE} (?:with|who|whose|having|that) )?[^,;:]{{3,160}})(?:,|:)\s*(?P<then>\S.*)",
        re.DOTALL,
    ),
    re.compile(
        rf"\s*(?P<when>{_PEOPLE} (?:with|who (?:have|has|are)|whose|having) [^;:]{{3,240}}?) (?P<then>{_DEMANDS}(?:,? not| not be)?,? (?:also |only |however,? )?(?:have |be |been |either )*"
        r"(?:previously |prior |already )?(?:received?|progress\w*|fail\w*|treat\w*|had|prior|experienced|undergone|relapsed|on |refractory|recurred|exhausted|be |use ).*)",
        re.DOTALL,
    ),
    re.compile(
        rf"\s*(?P<when>[^;:.,]{{3,100}}? {_PEOPLE}) (?P<then>{_DEMANDS} (?:also |have |be |been )*(?:received?|progress\w*|fail\w*|treat\w*|had|prior)\b.*)",
        re.DOTALL,
    ),
    re.compile(rf"\s*(?P<when>[^;:.]{{3,100}}):\s*(?P<then>(?:{_PEOPLE} )?{_DEMANDS} .*)", re.DOTALL),
)
"""Ways to say under what condition a demand binds."""
_GUARDING = frozenset(
    {"her2_status", "her2_mutation", "her2_amplification", "hormone_receptor", "gene_status", "other_driver", "msi_mmr", "pd_l1", "other_biomarker", "menopausal_status"}
)  # fmt: skip
"""Kinds that make a condition of the words in front."""
_EVERYWHERE = frozenset({"disease_setting", "judgement"})
_NOTE_NUMBER = re.compile(r"(?<=[a-z]{3}\.)\d{1,3}\s+(?=(?:patients|subjects|participants)\b)")
"""The number of a footnote behind a full stop."""
_LONGEST_LEAD = 400
_MOST_ENTRIES = 12
_LONGEST_SENTENCE = 6000
"""Characters; what is longer is no sentence and stays unread."""
_MOST_BRACKETS = 60


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
        for group in items.groups(taken.items):
            for top in items.read_group(group):
                section = top.item.section
                counts[section] = counts.get(section, 0) + 1
                criteria.append(
                    Criterion(
                        id=f"{section[0]}{counts[section]}",
                        role=top.role,
                        section=section,
                        text=" ".join(text[top.span[0] : top.span[1]].split()),
                        node=alternatives.within(top.node, self._knowledge),
                        span=top.span,
                        scope=tuple(scope_id(label) for label in top.item.scope),
                        text_origin="registry",
                    )
                )
        criteria += [_open_permission(item) for item in criteria if _partly_read_permission(item)]
        scopes = tuple(dict.fromkeys(label for item in taken.items for inner in item.walk() for label in inner.scope))
        criteria = alternatives.across(criteria, self._knowledge)
        return ReadText(tuple(criteria), taken, scopes)


@lru_cache(maxsize=2)
def reader(knowledge: Knowledge) -> Reader:
    """Return the reader of a version of the knowledge."""
    return Reader(knowledge)


def scope_id(label: str) -> str:
    """Return the id of a cohort, part or phase from its label."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Top:
    """A top-level criterion and the item that it comes from."""

    node: Node
    role: Role
    span: tuple[int, int]
    item: Item


class _ItemReader:
    def __init__(self, taken: Outline, sentence_reader: SentenceReader) -> None:
        self._outline = taken
        self._sentences = sentence_reader

    def groups(self, items: list[Item]) -> list[list[Item]]:
        """Return the items, those together that "or" joins, with lists that lost their indent under their leads."""
        groups: list[list[Item]] = []
        for item in self._gathered(items):
            last = groups[-1][-1] if groups else None
            if (
                last is not None
                and last.section == item.section
                and last.scope == item.scope
                and self._joins(last, item)
            ):
                groups[-1].append(item)
            else:
                groups.append([item])
        return groups

    def _joins(self, item: Item, following: Item) -> bool:
        return _OR_LAST.search(self._end_of(item)) is not None or (
            _OR_FIRST.match(self._written(following)) is not None and not _LEAD.search(self._end_of(item))
        )

    def _gathered(self, items: list[Item]) -> list[Item]:
        """Put entries that stand at the level of their lead ("one of the following:") under it: those of one kind."""
        out: list[Item] = []
        at = 0
        while at < len(items):
            item = items[at]
            at += 1
            out.append(item)
            if item.children or not self._opens(item):
                continue
            entries = self._entries(item, items[at:])
            if len(entries) > 1:
                item.children.extend(entries)
                at += len(entries)
        return out

    def _opens(self, item: Item) -> bool:
        written = self._written(item)
        return (
            written.rstrip().endswith((":", "following", "following.", "below", "below."))
            and (_ANY.search(written) is not None or _DEFINED.search(written) is not None)
            and len(written) < _LONGEST_LEAD
        )

    def _entries(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead that say things of the same sort."""
        found: list[Item] = []
        sort: set[str] = set()
        for item in following[:_MOST_ENTRIES]:
            if item.section != lead.section or item.scope != lead.scope or item.level < lead.level or self._opens(item):
                break
            kinds = self._kinds(item)
            joined = bool(found) and self._joins(found[-1], item)
            if found and not joined and not (kinds & sort):
                break
            if not found and not kinds:
                break
            sort |= kinds
            found.append(item)
        return found

    def _kinds(self, item: Item) -> set[str]:
        node = self._statement(self._view(item), item.section)
        return {inner.kind for inner in leaves(node)} - {"unread", *_EVERYWHERE} if node is not None else set()

    def _written(self, item: Item) -> str:
        return self._outline.plain[item.start : item.end]

    def _end_of(self, item: Item) -> str:
        last = item
        while last.children:
            last = last.children[-1]
        return self._outline.plain[max(last.start, last.end - 40) : last.end]

    def read_group(self, group: list[Item]) -> list[Top]:
        """Return the criteria of items that "or" joins: one that any of them fulfils."""
        if len(group) == 1:
            return self.read(group[0])
        first = group[0]
        nodes = [
            self._polar(all_of([top.node for top in tops]), first.section)
            for item in group
            if (tops := self.read(item))
        ]
        if not nodes:
            return []
        node = self._polar(any_of(nodes), first.section)
        return [Top(node, _role([node]), (first.start, self._span(group[-1])[1]), first)]

    def read(self, item: Item) -> list[Top]:
        """Return the top-level criteria of an item: several where a bare lead joins what is nested by "and"."""
        span = self._span(item)
        if not item.children:
            node, role = self._paragraph(item, self._view(item))
            return [Top(node, role, span, item)] if node is not None else []
        written = self._written(item)
        if not _LEAD.search(written):
            if any(child.scope != item.scope for child in item.children):
                return [*self._alone(item), *(top for child in item.children for top in self.read(child))]
            node, role = self._paragraph(item, self._view(item), item.children)
            return [Top(node, role, span, item)] if node is not None else []
        if item.section == "inclusion" and force(written) is Force.EXCLUDES and not _EXCEPT_LEAD.search(written):
            for inner in item.walk():
                inner.section = "exclusion"
        return self._led(item, written, span)

    def _alone(self, item: Item) -> list[Top]:
        node, role = self._paragraph(item, self._view(item))
        return [Top(node, role, (item.start, item.end), item)] if node is not None else []

    def _led(self, item: Item, written: str, span: tuple[int, int]) -> list[Top]:
        header = self._sentence(self._view(item), item.section)
        bare = header is None or all(inner.kind == "unread" for inner in leaves(header))
        count = _COUNT.search(written)
        excepts = _EXCEPT_LEAD.search(written) is not None
        if any(child.scope != item.scope for child in item.children) and not excepts:
            own = [] if bare or header is None else [Top(self._polar(header, item.section), _role([header]), (item.start, item.end), item)]  # fmt: skip
            return [*own, *(top for group in self.groups(item.children) for top in self.read_group(group))]
        if (
            bare
            and count is None
            and not _ANY.search(written)
            and not excepts
            and item.section == "inclusion"
            and not _GUARD_LEAD.search(written)
        ):
            return [top for group in self.groups(item.children) for top in self._alone_or_under(group, item)]
        if bare and item.section == "exclusion" and count is None and not excepts and not re.search(r"\ball of\b", written):  # fmt: skip
            return [top for child in item.children for top in self._under(child, item)]
        if item.section == "inclusion" and _DENIES.match(written) and count is None and not excepts:
            return self._denied_list(item, header, span)
        parts = [node for child in self._gathered(item.children) if (node := self._child(child, item)) is not None]
        if not parts:
            return [Top(self._polar(header or _unread(span), item.section), Role.DECIDES, span, item)]
        if count is not None:
            group: Node = AtLeast(min(int(number(count["n"])), len(parts)), tuple(parts))
        elif excepts:
            exception = any_of(parts)
            base = header or _unread(span)
            node = all_of([base, deny(exception)]) if item.section == "exclusion" else any_of([base, exception])
            return [Top(self._polar(node, item.section), Role.DECIDES, span, item)]
        elif _ANY.search(written) or item.section == "exclusion" or self._alternatives(item, parts):
            group = any_of(parts)
        else:
            group = all_of(parts)
        if header is not None and _GUARD_LEAD.search(written):
            node = When(header, group)
        elif header is None or bare:
            node = group
        else:
            node = all_of([header, group])
        return [Top(self._polar(node, item.section), _role([node]), span, item)]

    def _denied_list(self, item: Item, header: Node | None, span: tuple[int, int]) -> list[Top]:
        """Deny each entry of "No history of any of the following:"."""
        entries = [
            node
            for child in item.children
            for inner in child.walk()
            if (node := self._statement(self._view(inner), "exclusion")) is not None
        ]
        stated = [deny(header)] if header is not None else []
        if not entries and not stated:
            return []
        node = deny(any_of([*stated, *entries]))
        return [Top(node, _role([node]), span, item)]

    def _alternatives(self, item: Item, parts: list[Node]) -> bool:
        """Whether entries say "or" themselves, or define one word: scores and results of one test exclude each other."""
        if any(
            _OR_LAST.search(self._end_of(child)) or _OR_FIRST.match(self._written(child)) for child in item.children
        ):
            return True
        sorts = [{inner.kind for inner in leaves(part)} - {"unread"} for part in parts]
        return len(parts) > 1 and all(sort == {"her2_status"} for sort in sorts)

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
        if child.children:
            return self.read(child)
        node = self._child(child, parent)
        if node is None:
            return []
        return [Top(self._polar(node, child.section), _role([node]), self._span(child), child)]

    def _child(self, child: Item, parent: Item) -> Node | None:
        """The positive proposition of a nested item; read together with the lead where alone it is not understood."""
        if child.children:
            nodes = [deny(top.node) if child.section == "exclusion" else top.node for top in self.read(child)]
            return (any_of(nodes) if child.section == "exclusion" else all_of(nodes)) if nodes else None
        view = self._view(child)
        alone = self._statement(view, child.section)
        lead = self._view(parent)
        window = days_of(lead.text) is not None
        if alone is not None and not window and not any(inner.kind == "unread" for inner in leaves(alone)):
            return alone
        joined, _ = self._sentences.read(Stretch(lead.joined(view), len(lead.text) + 1), child.section)
        if window and alone is not None and days_of(view.text) is None:
            # "Within 6 months, any of the following:" binds every entry.
            timed = joined is not None and any(
                getattr(inner.params, name, None) for inner in leaves(joined) for name in _WINDOWS
            )
            return joined if timed else all_of([alone, _unread(lead.span(0, len(lead.text)))])
        if joined is None:
            return alone
        return joined if _unread_share(joined, self._span(child)) < _unread_share(alone, self._span(child)) else alone

    def _statement(self, view: View, section: Section) -> Node | None:
        parts = [node for piece in _cut(view) if (node := self._sentence(piece, section)) is not None]
        if not parts:
            return None
        return any_of(parts) if section == "exclusion" else all_of(parts)

    def _paragraph(self, item: Item, view: View, children: list[Item] | None = None) -> tuple[Node | None, Role]:
        """Sentences in order: each demands, excludes, or permits an exception to the one before."""
        decided: list[Node] = []
        permits: list[Node] = []
        views = _cut(view) + [
            piece for child in children or () for inner in child.walk() for piece in _cut(self._view(inner))
        ]
        for piece in views:
            what = force(piece.text)
            section = item.section
            if what is Force.REQUIRES:
                section = "inclusion"
            elif what is Force.EXCLUDES:
                section = "exclusion"
            node = self._sentence(piece, section, permits=what is Force.PERMITS)
            if node is None:
                continue
            if what is Force.PERMITS:
                if decided:
                    decided[-1] = _with_permit(decided[-1], node)
                else:
                    permits.append(node)
                continue
            if item.section == "exclusion" and what is Force.SECTION and _is_slip(node, piece.text):
                node = both_ways(node, deny(node))
            decided.append(self._polar(node, section))
        if decided:
            if permits:
                decided[0] = _with_permit(decided[0], all_of(permits))
            return all_of(decided), _role(decided)
        if permits:
            return all_of(permits), Role.PERMITS
        return None, Role.PERMITS

    def _sentence(self, view: View, section: Section, *, permits: bool = False) -> Node | None:
        """The proposition of one sentence; "if HER2-positive, …" and "patients with … must have received …" are guards."""
        if len(view.text) > _LONGEST_SENTENCE or view.text.count("(") > _MOST_BRACKETS:
            return _unread(view.span(0, len(view.text)))
        guard = _guard(view.text) if section == "inclusion" and not permits else None
        if guard is not None:
            condition, demand = guard
            when, _ = self._sentences.read(Stretch(part(view, *condition)), section)
            then, _ = self._sentences.read(Stretch(part(view, *demand)), section)
            if when is not None and then is not None and any(inner.kind in _GUARDING for inner in leaves(when)):
                return When(when, then)
        return self._sentences.read(Stretch(view), section, permits=permits)[0]

    @staticmethod
    def _polar(node: Node, section: Section) -> Node:
        return deny(node) if section == "exclusion" else node

    def _view(self, item: Item) -> View:
        return View.of(self._outline.plain, item.start, item.end)

    @staticmethod
    def _span(item: Item) -> tuple[int, int]:
        return item.start, max(inner.end for inner in item.walk())


def _guard(written: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where a condition and the demand under it stand in a sentence; None where it has none in front."""
    for pattern in _GUARDS:
        found = pattern.match(written)
        if found:
            return found.span("when"), found.span("then")
    return None


def _cut(view: View) -> list[View]:
    """Cut a paragraph into sentences; one of more than many pages is cut blindly before."""
    if len(view.text) <= _LONGEST_SENTENCE:
        cuts = [0, *(found.end() for found in _NOTE_NUMBER.finditer(view.text)), len(view.text)]
        return [piece for a, b in itertools.pairwise(cuts) for piece in sentences(part(view, a, b))]
    found: list[View] = []
    at = 0
    while at < len(view.text):
        stop = min(at + _LONGEST_SENTENCE, len(view.text))
        space = view.text.rfind(" ", at, stop) if stop < len(view.text) else -1
        stop = space if space > at else stop
        found += sentences(part(view, at, stop))
        at = stop
    return found


def _with_permit(node: Node, permitted: Node) -> Node:
    """What a following "patients with … are allowed" does: where it holds, the demand before may not bind."""
    return merged_cns(node, permitted) or both_ways(node, AnyOf((node, permitted)))


def _partly_read_permission(criterion: Criterion) -> bool:
    return criterion.role is Role.PERMITS and any(inner.kind == "unread" for inner in leaves(criterion.node))


def _open_permission(criterion: Criterion) -> Criterion:
    """What was not read of a permission may be a demand: it excludes nobody, and a person must read it."""
    node = leaf("unread", note="what this permission asks was not read in full")
    return replace(criterion, id=f"{criterion.id}-unread", role=Role.DECIDES, node=node)


def _is_slip(node: Node, written: str) -> bool:
    """Whether an exclusion denies a disease ("no known allergy"): its author may have meant the disease itself."""
    kinds = {inner.kind for inner in leaves(node)} - {"unread"}
    return isinstance(node, Not) and bool(kinds) and kinds <= _UNWANTED and _DENIES.match(written) is not None


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
