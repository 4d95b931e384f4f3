"""Where an item of the outline stands: under which other, and to which cohort or part of the trial it is limited."""

from __future__ import annotations

import re

from her2nav.criteria.bullets import behind_alternatives, dashed, inner_list
from her2nav.criteria.flat_exceptions import announced, let_in
from her2nav.criteria.headings import (
    POPULATION,
)
from her2nav.criteria.outline import Item, SectionName
from her2nav.criteria.part_labels import label_of, of_the_same_part
from her2nav.criteria.scopes import (
    EVERYBODY,
    SCOPE_FIRST,
    SCOPE_LAST,
    inside,
    scopes_of,
)

_DEEPEST = 12
"""Nesting beyond this is taken as flat."""
_WRAPPED = 140
"""Signs of a line that was broken to fit a page; a longer one ends where its text ends."""
_UNDER = 4
"""How much deeper an item is taken to stand than the line of its own indent that announces it."""
LONGEST_HEADING = 160
"""Longest heading, in characters."""
_OWN_LIMIT = re.compile(
    r"[<>≥≤=]+ ?(?:(?:grades?|g) ?\d|\d[\d.,]*|one|two|three)\s+(?!(?:x|times|micro\w*|milli\w*|nano\w*|percent|mg|g|u?g|mcg|m?l|d?l|mm\w*|cm|uln|lln|upper|lower|the|cells?|per|iu|u|[um]?mol|months?|weeks?|days?|hours?|and|or|to)\b|[%/×(])"
    r"(?:years?(?: of age| old)?\W*$|[A-Za-z]{3,}[- ][A-Za-z]|[A-Za-z]{7,}\W*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that begins with a sign and says by itself what is compared: "> 2 earlier regimens"."""
_SHORT = 70
"""Signs of a line that no page was too narrow for."""
_NARROW = 100
"""Signs of the widest line of a text that was broken to fit a page."""
_NEAR = 12
_FULL_LINES = 5
"""Lines about as wide as the widest that show where a text was broken."""
_GOES_ON = re.compile(r"\b(?:and|or|if|of|the|with|than|for|by|in|to|at|is|are|be|an?)\Z")
"""What no line ends with that was not broken."""
_SENTENCE_END = re.compile(r"[.;:!?)]\s*$")
_LEADS = re.compile(r":\Z|\bfollowing\b|\A\W*(?:or|and)\b|\b(?:or|and|either)\W*\Z")
"""A paragraph that what follows belongs to."""
_PART_AND_WHOM = re.compile(
    r"(?:Part|Cohort|Arm|Stratum|Group|Phase) [A-Z]?\d?[A-Za-z]?(?<=[A-Z\d])[a-z]?\s+(?=(?:Patients|Participants|Subjects|Women|Adults) (?:with|who|whose|having)\b)"
)
"""A cohort or part in front of the people it takes, without a colon: the capital letters show that it is a label."""
_MAY_LIMIT = re.compile(r" only|\((?:patients|participants|subjects) (?:in|of) ")
"""Without it no words at the end of an item limit it to a cohort."""


class Nesting:
    """The items taken so far, and the section and scope that hold for the next one."""

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
        widths = [len(line.rstrip()) for line in text.split("\n")]
        widest = max(widths)
        full = sum(width > widest - _NEAR for width in widths)
        self._width = widest if widest <= _NARROW and full >= _FULL_LINES else 0
        """Of the page that the text was broken to fit; 0 where it was not."""
        self.roots: list[Item] = []
        self.headings: list[tuple[int, int]] = []

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
        if above.end - line < _SHORT and above.level == indent * 4 and _OWN_LIMIT.match(self._text, first):
            return False
        if above.level == indent * 4 and self._was_broken(line, above.end, first):
            return True
        if not starts_small and above.level % 4 and above.end - line > _WRAPPED:
            return False
        if starts_small or not _SENTENCE_END.search(before):
            return starts_small or (indent * 4 > above.level - 4 and above.level % 4 != 0)
        return above.level % 4 != 0 and indent * 4 >= above.level - above.level % 4

    def _was_broken(self, line: int, end: int, first: int) -> bool:
        """Whether a line ends within a sentence because the next word found no room on it."""
        word = self._text[first : first + self._width].split(maxsplit=1)
        if not word or end - line + 1 + len(word[0]) <= self._width:
            return False
        # Among exclusions a comma may end an entry: "heart failure, / Active infection".
        comma = self._section == "inclusion" and self._low[end - 1] == ","
        return comma or _GOES_ON.search(self._low[line:end]) is not None

    def _leave_paragraph(self, level: int) -> None:
        """Close a paragraph without a bullet between two points that count on: the second is not nested under it."""
        last = self._open[-1] if self._open else None
        written = self._low[last.start : last.end].rstrip() if last is not None else ""
        if last is not None and last.level % 4 == 0 and last.level < level and not _LEADS.search(written):
            last.level = level

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
        beside = behind_alternatives(self._low, cuts)
        for mark, first, last in cuts:
            self.headings.append((mark, first))
            stop = beside if beside and last == cuts[-1][2] else last
            if self._low[first:stop].strip():
                self._item(first, stop, level + 2)
        if beside:
            self._item(beside, end, level)

    def _below_exceptions(self, start: int, end: int, level: int) -> bool:
        """Whether an item at the level of a line that announces exceptions is one of them."""
        if self._section != "exclusion" or not let_in(self._low[start:end]):
            return False
        lead = next((item for item in self._open if item.level == level), None)
        if lead is None or not announced(self._low[lead.start : lead.end]):
            return False
        return all(child.level == level + _UNDER for child in lead.children)

    def _item(self, start: int, end: int, level: int) -> None:
        level += _UNDER if self._below_exceptions(start, end, level) else 0
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
            if behind < end and (own := label_of(self._low, behind, end)) is not None and own[0] < end:
                # "Part 1 i. Arm A - melanoma": the arm within the part.
                behind, scope = own[0], inside(scope, own[1])
            if behind < end:
                self.headings.append((start, behind))
            return behind if behind < end else start, end, scope
        part = _PART_AND_WHOM.match(self._text, start, end)
        if part is not None and (scope := scopes_of(self._low[start : part.end()])):
            self.headings.append(part.span())
            return part.end(), end, scope
        behind = max(start, end - LONGEST_HEADING)
        found = SCOPE_LAST.search(self._low, behind, end) if _MAY_LIMIT.search(self._low, behind, end) else None
        if found and found.start() > start and (scope := scopes_of(found["scope"] or found["of"])):
            self.headings.append((found.start(), end))
            return start, found.start(), scope
        return start, end, None
