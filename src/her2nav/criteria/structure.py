"""The outline of an eligibility text: sections, headings, bullets and what is nested under what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from her2nav.criteria.bullets import BULLET, counted_on, dashed, inner_list, rank, run_together
from her2nav.criteria.headings import (
    FOR_ALL,
    INLINE,
    NAMED_SECTION,
    OTHER_HEADING,
    POPULATION,
    REST,
    SHORT_SECTION,
    WHAT,
    WHOLE,
    has_verb,
    leads,
)
from her2nav.criteria.labelled import is_labelled, labelled
from her2nav.criteria.part_labels import is_step, label_of, leads_a_list, of_the_same_part
from her2nav.criteria.scopes import (
    CANCER_STAGE,
    EVERYBODY,
    SCOPE,
    SCOPE_FIRST,
    SCOPE_LAST,
    SCOPE_ONLY,
    by_scope,
    inside,
    scopes_of,
)
from her2nav.language.view import plain

SectionName = Literal["inclusion", "exclusion"]

_DEEPEST = 12
"""Nesting beyond this is taken as flat."""
_WRAPPED = 140
"""Signs of a line that was broken to fit a page; a longer one ends where its text ends."""
_LONGEST = 160
"""Longest heading, in characters."""
_RELATIVE = re.compile(r"(?:that|which|whose) (?:is|are|was|were|has|have|had|will|would|may|must|can)\b")
"""Words in small letters that only go on with what stands before them."""
_LONGEST_TITLE = 60
"""Of a cohort, in characters, where it may say more than what the cohort is."""
_SENTENCE_END = re.compile(r"[.;:!?)]\s*$")


@dataclass(slots=True)
class Item:
    """A bullet or paragraph with what is nested under it.

    Attributes:
        start: First character, bullet apart.
        end: One past its last character, nested items not counted.
        section: The section it stands in.
        scope: Names of cohorts, parts or phases a heading above limits it to; empty: all.
        children: Nested items.
        heading: Its heading where a label above says what it is about ("age").
    """

    start: int
    end: int
    section: SectionName
    scope: tuple[str, ...] = ()
    children: list[Item] = field(default_factory=list)
    heading: str = ""
    level: int = 0
    frayed: bool = False
    """A lead of which only the first entry is known: the list lost its indent."""

    def walk(self) -> Iterator[Item]:
        """Yield the item and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Outline:
    """An eligibility text taken apart.

    Attributes:
        text: As it is in the registry.
        plain: `language.view.plain` of it.
        items: Top-level items in order.
        headings: Spans of headings and bullet marks: text that states no criterion.
    """

    text: str
    plain: str
    items: list[Item]
    headings: list[tuple[int, int]]


def outline(text: str) -> Outline:
    """Take a text apart; every character that is no white space belongs to an item or a heading."""
    low = plain(text)
    builder = _Builder(text, low)
    labels = " characteristics:" in low or "concurrent therapy:" in low
    at = done = 0
    for line in text.split("\n"):
        end = at + len(line)
        if at >= done and labels and "A" <= line.lstrip()[:1] <= "Z":
            last = _paragraph_end(text, at)
            if is_labelled(text, at, last):
                builder.labelled(at, last)
                done = last
        if at >= done:
            builder.line(at, end)
        at = end + 1
    return Outline(text, low, builder.roots, builder.headings)


_BLANK = re.compile(r"\n[ \t\r]*\n")


def _paragraph_end(text: str, start: int) -> int:
    """Return where the paragraph ends that begins at a place."""
    found = _BLANK.search(text, start)
    return found.start() if found else len(text)


_LEADS = re.compile(r":\Z|\bfollowing\b|\A\W*(?:or|and)\b|\b(?:or|and|either)\W*\Z")
"""A paragraph that what follows belongs to."""
_NUMBER = re.compile(r"\d{1,2}")
_MAY_LIMIT = re.compile(r" only|\((?:patients|participants|subjects) (?:in|of) ")
"""Without it no words at the end of an item limit it to a cohort."""


def _is_title(written: str) -> bool:
    """Whether a long line with a cohort in front only names it: "Cohort 2 - imaging of patients with …:"."""
    return not (has_verb(written) or leads_a_list(written) or WHAT.search(written))


class _Builder:
    def __init__(self, text: str, low: str) -> None:
        self._text = text
        self._low = low
        self._section: SectionName = "inclusion"
        self._scope: tuple[str, ...] = ()
        self._scope_level: int | None = None
        """Of the heading that named the scope, where what it limits stands deeper."""
        self._outer: tuple[str, ...] = ()
        self._floor = 0
        """Scope and level of an indented heading: what stands less deep is no part of it."""
        self._indent = 0
        self._heading = ""
        self._open: list[Item] = []
        self._blank = False
        self._number = 0
        """Of the last item, where it has one."""
        self._count = 0
        """The last number that an item of the section had."""
        self._outermost = False
        """Whether that item stands under none but a paragraph."""
        self._scope_deeper = False
        self._scope_flat = False
        """Whether what the scope limits stands at the level of its heading."""
        self._several = len({found["who"] for found in POPULATION.finditer(low) if found["who"]}) > 1
        """Whether the text has criteria of several populations."""
        self.roots: list[Item] = []
        self.headings: list[tuple[int, int]] = []

    def line(self, start: int, end: int) -> None:
        """Take one line, in pieces where it holds section headings and criteria too."""
        at = start
        for found in INLINE.finditer(self._low, start, end) if self._low.find(" criteria", start, end) >= 0 else ():
            before = self._low[max(at, found.start() - 2) : found.start()].strip(" ")
            if found.end() >= end or (found.start() > start and before not in ("", ".", ";", "-", "*", ":")):
                continue
            self._paragraph(at, found.start(), at > start)
            self._enter("exclusion" if found["what"] != "inclusion" else "inclusion", found.start(), found.end())
            at = found.end()
            population = POPULATION.search(self._low, found.start(), end) if self._several else None
            if population is not None and not self._low[population.end() : end].strip():
                self._scope = () if population["all"] else (f"patients with {population['who'].strip()}",)
                self.headings.append((at, end))
                at = end
        self._paragraph(at, end, at > start)

    def labelled(self, start: int, end: int) -> None:
        """Take a paragraph that runs all criteria of a part together under labels."""
        self._open = []
        for first, last, heading in labelled(self._text, start, end):
            written = self._low[first:last]
            first += len(written) - len(written.lstrip())
            if heading:
                self.headings.append((first, first + len(written.strip())))
            elif written.strip():
                self._item(first, first + len(written.strip()), 0)
        self._open = []
        self._blank = True

    def _paragraph(self, start: int, end: int, inline: bool) -> None:
        """Take a line or the part of one behind a heading, in pieces where it runs several bullets together."""
        pieces = run_together(self._low, start, end, inline)
        if len(pieces) == 1 and not inline:
            pieces = counted_on(self._text, *pieces[0], 0 if self._blank else self._number)
        for first, last in pieces:
            level = 0
            for one, other in by_scope(self._low, first, last):
                if one > first and level % 4:
                    # What stands behind the item's own bullet stays at its level: the next bullet is not under it.
                    self._add(one, one + len(self._low[one:other].rstrip()), level)
                    continue
                self._piece(one, other, first - start if inline else None)
                level = self._open[-1].level if self._open else 0

    def _piece(self, start: int, end: int, inset: int | None) -> None:
        """Take one piece: a heading, a new item, or the continuation of the last one."""
        stripped = self._low[start:end].strip()
        if not stripped:
            self._blank = self._blank or inset is None
            return
        first = start + len(self._low[start:end]) - len(self._low[start:end].lstrip())
        last = first + len(stripped)
        bullet = BULLET.match(self._low, first, last)
        body = bullet.end() if bullet else first
        indent = 0 if inset is not None else first - start
        if bullet:
            number = _NUMBER.search(bullet["mark"])
            if number and self._outermost and int(number[0]) == self._count + 1 > 1:
                self._leave_paragraph(indent * 4 + rank(bullet["mark"]))
            self._number = int(number[0]) if number else 0
            self._count = self._number or self._count
        if body >= last:
            self.headings.append((first, last))
            return
        self._indent = indent
        if self._takes_heading(body, last, first, bulleted=bullet is not None):
            self._blank = False
            self._scope_level = indent * 4 + rank(bullet["mark"]) if bullet and self._scope else None
            self._scope_deeper = self._scope_flat = False
            return
        if bullet and bullet["mark"][0] in "-*•" and self._open and _RELATIVE.match(self._text, body, last):
            # "- At least 3 months since drug A / - that is like the study drug": one entry, broken before its last words.
            self._open[-1].end = last
            return
        if bullet:
            self.headings.append((first, body))
            self._add(body, last, indent * 4 + rank(bullet["mark"]))
            if self._number:
                self._outermost = all(above.level % 4 == 0 for above in self._open[:-1])
        elif inset is None and self._continues(first, indent):
            self._open[-1].end = last
        elif indent and not self._blank:
            self._add(first, last, indent * 4)
        else:
            self._add(first, last, min(indent * 4, self._open[0].level) if self._open else indent * 4)
        self._blank = False

    def _leave_paragraph(self, level: int) -> None:
        """Close a paragraph without a bullet between two points that count on: the second is not nested under it."""
        last = self._open[-1] if self._open else None
        written = self._low[last.start : last.end].rstrip() if last is not None else ""
        if last is not None and last.level % 4 == 0 and last.level < level and not _LEADS.search(written):
            last.level = level

    def _takes_heading(self, body: int, last: int, first: int, *, bulleted: bool) -> bool:
        if last - body > _LONGEST:
            return False
        written = self._low[body:last]
        if written.startswith("[") and written.endswith("]") and (part := scopes_of(written)):
            # An escaped bracket is no indent.
            self._scope, self._outer, self._open = part, (), []
            self.headings.append((first, last))
            return True
        if self._takes_section(written, first, last):
            return True
        scope = None if CANCER_STAGE.match(written) else SCOPE.match(written)
        if scope and written.startswith("stage") and scope["only"] and not SCOPE_ONLY.fullmatch(scope["only"]):
            # "Stage 3 or 4 encephalopathy" is an illness, not a part of the trial.
            scope = None
        if scope and len(scope["only"] or "") > _LONGEST_TITLE and not _is_title(written):
            scope = None
        if scope and (written.endswith(":") or len(written) < 40):
            self._enter_scope(scopes_of(scope["scope"]), bulleted)
            said = scope.span("only")
            if (
                scope["only"]
                and not SCOPE_ONLY.fullmatch(scope["only"])
                and (not has_verb(scope["only"]) or "one of" in scope["only"] or "any of" in scope["only"])
            ):
                begins = body + said[0] + len(scope["only"]) - len(scope["only"].lstrip(" ,-"))
                self.headings.append((first, begins))
                self._scope_level = None
                self._item(begins, last, self._indent * 4)
                self._open = []
            else:
                self.headings.append((first, last))
            return True
        label = label_of(self._low, body, last) if written.endswith(":") and not leads_a_list(written) else None
        if label is not None and label[0] == last:
            self._enter_scope(label[1], bulleted)
            self.headings.append((first, last))
            return True
        if WHOLE.match(written):
            self._scope = self._outer = ()
            self.headings.append((first, last))
            self._open = []
            return True
        if OTHER_HEADING.match(written):
            if FOR_ALL.match(written):
                # What was limited to a part of the trial ends with its group of criteria.
                self._scope = self._outer = ()
            self._heading = written.strip(" :")
            self.headings.append((first, last))
            self._open = []
            return True
        return False

    def _enter_scope(self, scope: tuple[str, ...], bulleted: bool) -> None:
        """Limit what follows to a cohort or part; a bullet under an indented heading names a cohort of its part."""
        if not bulleted:
            self._outer, self._floor = (scope, self._indent * 4) if self._indent else ((), 0)
        self._scope = inside(self._outer, scope) if bulleted else scope
        self._open = []

    def _takes_section(self, written: str, first: int, last: int) -> bool:
        found = WHAT.search(written)
        if found is None or has_verb(written[: found.start()]):
            # "cN2 disease is not eligible" states a criterion.
            return False
        if not leads(written[: found.start()]):
            return self._takes_named_section(written, found, first, last)
        rest = REST.fullmatch(written, found.end())
        if (
            rest is None
            or has_verb(rest["rest"])
            or not (rest["colon"] or not rest["rest"].strip() or len(written) < 60 or scopes_of(rest["rest"]))
        ):
            return False
        if found["what"] == "eligibility":
            self.headings.append((first, last))
            return True
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        group = label_of(written, found.end(), len(written))
        self._scope = scopes_of(written) or (group[1] if group else ())
        return True

    def _takes_named_section(self, written: str, found: re.Match[str], first: int, last: int) -> bool:
        """Take "Nivolumab specific inclusion criteria for the MSI-H cohort:": it binds that group alone."""
        bulleted = last - first > len(written)
        short = None if bulleted else SHORT_SECTION.fullmatch(written)
        if short is not None and not has_verb(written):
            self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
            who = short["who"].strip()
            self._scope = scopes_of(written) or (() if is_step(who) else (who,))
            return True
        named = NAMED_SECTION.fullmatch(written)
        if named is None or found["what"] not in ("inclusion", "exclusion") or has_verb(named["for"] or ""):
            return False
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        group = " ".join(f"{named['who'] or ''} {named['for'] or ''}".split()).removeprefix("for ").removeprefix("the ")
        self._scope = scopes_of(written) or (group,)
        return True

    def _enter(self, section: SectionName, start: int, end: int) -> None:
        self._section = section
        self._scope = self._outer = ()
        self._heading = ""
        self._open = []
        self._count = 0
        self.headings.append((start, end))

    def _continues(self, first: int, indent: int) -> bool:
        """Whether a line without a bullet goes on with the item above."""
        if not self._open:
            return False
        above = self._open[-1]
        before = self._text[max(above.start, above.end - 80) : above.end].rstrip()
        starts_small = self._text[first].islower() or self._text[first] in "(≥≤<>=+%&/,;"
        if self._blank:
            return starts_small and not _SENTENCE_END.search(before)
        line = self._text.rfind("\n", 0, above.end) + 1
        if not starts_small and above.level % 4 and above.end - line > _WRAPPED:
            return False
        if starts_small or not _SENTENCE_END.search(before):
            return starts_small or (indent * 4 > above.level - 4 and above.level % 4 != 0)
        return above.level % 4 != 0 and indent * 4 >= above.level - above.level % 4

    def _add(self, start: int, end: int, level: int) -> None:
        """Add an item; a list in it ("any of: (a) … (b) …") becomes its children."""
        cuts = inner_list(self._low, start, end)
        if not cuts and (entries := dashed(self._text, start, end)):
            at = start
            for first, last, under in entries:
                if first > at:
                    self.headings.append((at, first))
                self._item(first, last, level + 2 if under else level)
                at = last
            return
        self._item(start, cuts[0][0] if cuts else end, level)
        for mark, first, last in cuts:
            self.headings.append((mark, first))
            if self._low[first:last].strip():
                self._item(first, last, level + 2)

    def _item(self, start: int, end: int, level: int) -> None:
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        del self._open[_DEEPEST:]
        if self._scope_level is not None:
            self._scope_flat = self._scope_flat or (level == self._scope_level and not self._scope_deeper)
            if level > self._scope_level:
                self._scope_deeper = True
            elif self._scope_deeper and not self._scope_flat:
                self._scope, self._scope_level = self._outer, None
        if self._outer and level // 4 < self._floor // 4:
            self._scope, self._outer, self._floor = (), (), 0
        start, end, scope = self._own_scope(start, end)
        parent = self._open[-1] if self._open else None
        if scope and self._scope_flat and parent is None:
            # "* Part 2: * A * B * Part 3: C": what stands behind belongs to neither.
            self._scope, self._scope_level, self._scope_flat = self._outer, None, False
        if scope:
            scope = inside(parent.scope if parent else self._scope, scope)
        item = Item(
            start, end, self._section, scope if scope is not None else parent.scope if parent else self._scope,
            heading=self._heading, level=level,
        )  # fmt: skip
        (parent.children if parent else self.roots).append(item)
        self._open.append(item)

    def _own_scope(self, start: int, end: int) -> tuple[int, int, tuple[str, ...] | None]:
        """Cut off the words that limit an item to a cohort or part, where they begin or end it."""
        everybody = EVERYBODY.match(self._low, start, end)
        if everybody and everybody.end() < end:
            self.headings.append(everybody.span())
            return everybody.end(), end, ()
        found = SCOPE_FIRST.match(self._low, start, end)
        if found and self._low.startswith("(", found.end()):
            found = None  # the bracket belongs to the label
        if found and found.end() < end and (scope := scopes_of(found["scope"])):
            self.headings.append(found.span())
            return found.end(), end, scope
        label = label_of(self._low, start, end)
        if label is not None and not (self._scope and of_the_same_part(label[1])):
            behind, scope = label
            if behind < end:
                self.headings.append((start, behind))
            return behind if behind < end else start, end, scope
        behind = max(start, end - _LONGEST)
        found = SCOPE_LAST.search(self._low, behind, end) if _MAY_LIMIT.search(self._low, behind, end) else None
        if found and found.start() > start and (scope := scopes_of(found["scope"] or found["of"])):
            self.headings.append((found.start(), end))
            return start, found.start(), scope
        return start, end, None
