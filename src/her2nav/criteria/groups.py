"""Items of one text gathered into groups: those that "or" joins, and lists that lost their indent under their leads."""

from __future__ import annotations

import re

from her2nav.criteria.statements import UNWANTED, Statements
from her2nav.criteria.structure import Item, Outline
from her2nav.language.view import View
from her2nav.model.tree import leaves

LEAD = re.compile(
    r"(?::|\bfollowing\b[^.:]{0,60}[.:]?|\bdefined (?:as|by)\b[^.:]{0,30}:?|\bbelow[.:]?|(?:criteria|conditions)[.:])\s*$"
)
ANY = re.compile(
    r"\b(?:any|one or more|at least one|(?:any )?one|either|some) of (?:the )?(?:following|these|below)|\bany of\b|\beither\b|\bone of\b"
)
DENIES = re.compile(
    r"\W*(?:(?:patients?|participants?|subjects?) )?(?:(?:with|who have|must have|should have|has|have|having|there is) )?(?:no|none|without|absence of|not have|free of)\b"
)
"""A lead that shuts out what stands under it."""
_NAMES_SOME = re.compile(r"\b(?:including|includes?|such as|limited to)\b[^.;]{0,40}$")
_DEFINED = re.compile(r"\bdefined (?:as|by)\b|\bdefinition\b|\b(?:as|is) follows\b|\bmeans?\b")
OR_LAST = re.compile(r"\bor\s*[:,;.]?\s*$")
OR_FIRST = re.compile(r"or\b(?! (?:more|less|greater|fewer|higher|lower|equal))")
_OWN_FORCE = re.compile(
    r"^\W*(?:no|not|none|without|must|at least|more than|able|willing|free)\b|\b(?:must|should|will|allowed|permitted|eligible|excluded|required|may|negative|adequate|stable|prior|since|\w*measurable)\b"
)
"""What begins a criterion of its own."""
_EVERYWHERE = frozenset({"disease_setting", "judgement"})
_LONGEST_LEAD = 400
_MOST_ENTRIES = 12


class Groups:
    """Sees which items of a text belong together."""

    def __init__(self, taken: Outline, statements: Statements) -> None:
        self._outline = taken
        self._statements = statements

    def groups(self, items: list[Item]) -> list[list[Item]]:
        """Return the items, those together that "or" joins, with lists that lost their indent under their leads."""
        groups: list[list[Item]] = []
        for item in self.gathered(items):
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
        return OR_LAST.search(self.end_of(item)) is not None or (
            OR_FIRST.match(self.written(following)) is not None and not LEAD.search(self.end_of(item))
        )

    def gathered(self, items: list[Item]) -> list[Item]:
        """Put entries that stand at the level of their lead ("one of the following:") under it: those of one kind."""
        out: list[Item] = []
        at = 0
        while at < len(items):
            item = items[at]
            at += 1
            out.append(item)
            if item.children:
                continue
            if self._denies(item):
                entries = self._denied(item, items[at:])
            elif self._opens(item):
                entries = self._entries(item, items[at:])
            else:
                continue
            if len(entries) > 1:
                item.children.extend(entries)
                at += len(entries)
        return out

    def _opens(self, item: Item) -> bool:
        written = self.written(item)
        return (
            written.rstrip().endswith((":", "following", "following.", "below", "below."))
            and (ANY.search(written) is not None or _DEFINED.search(written) is not None)
            and len(written) < _LONGEST_LEAD
        )

    def _denies(self, item: Item) -> bool:
        """Whether an item of the inclusion section shuts out a list: "no heart disease, including the following:"."""
        written = self.written(item)
        return (
            item.section == "inclusion"
            and written.rstrip().endswith((":", "following"))
            and DENIES.match(written) is not None
            and (ANY.search(written) is not None or _NAMES_SOME.search(written) is not None)
            and len(written) < _LONGEST_LEAD
        )

    def _denied(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead that shuts them out: those that name what nobody is asked to have, and bring no verb of their own."""
        found: list[Item] = []
        certain = 0
        for item in following[:_MOST_ENTRIES]:
            written = self.written(item)
            if (
                item.section != lead.section
                or item.scope != lead.scope
                or item.heading != lead.heading
                or item.level < lead.level
                or item.children
                or _OWN_FORCE.search(written)
            ):
                break
            node = self._statements.statement(self.view(item), "exclusion")
            kinds = {inner.kind for inner in leaves(node)} - {"judgement"} if node is not None else set()
            if not kinds or kinds - UNWANTED - {"unread"}:
                break
            found.append(item)
            certain = len(found) if kinds != {"unread"} else certain
        return found[:certain]

    def _entries(self, lead: Item, following: list[Item]) -> list[Item]:
        """The items behind a lead that say things of the same sort."""
        found: list[Item] = []
        sort: set[str] = set()
        for item in following[:_MOST_ENTRIES]:
            # "(Dose escalation only) colon cancer" behind "one of the following" is one of them too.
            narrower = bool(found) and not lead.scope and ANY.search(self.written(lead)) is not None
            if item.section != lead.section or not (item.scope == lead.scope or narrower):
                break
            if item.level < lead.level or self._opens(item):
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
        node = self._statements.statement(self.view(item), item.section)
        return {inner.kind for inner in leaves(node)} - {"unread", *_EVERYWHERE} if node is not None else set()

    def written(self, item: Item) -> str:
        """Return the plain words of an item, without what is nested."""
        return self._outline.plain[item.start : item.end]

    def end_of(self, item: Item) -> str:
        """Return the last plain words of an item or of what is nested in it."""
        last = item
        while last.children:
            last = last.children[-1]
        return self._outline.plain[max(last.start, last.end - 40) : last.end]

    def view(self, item: Item) -> View:
        """Return the view of an item's own words."""
        return View.of(self._outline.plain, item.start, item.end)
