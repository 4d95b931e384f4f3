"""An eligibility text taken apart line by line: sections, headings, bullets and what is nested under what."""

from __future__ import annotations

import re

from her2nav.criteria.bullets import BULLET, counted_on, rank, run_together
from her2nav.criteria.counted_bullets import counted_bullets
from her2nav.criteria.headings import (
    INLINE,
    POPULATION,
)
from her2nav.criteria.labelled import is_labelled, labelled
from her2nav.criteria.outline import Outline
from her2nav.criteria.scopes import (
    by_scope,
)
from her2nav.criteria.taken_headings import HeadingTaker
from her2nav.language.view import plain

_RELATIVE = re.compile(r"(?:that|which|whose) (?:is|are|was|were|has|have|had|will|would|may|must|can)\b")
"""Words in small letters that only go on with what stands before them."""
_NOTE = re.compile(r"\W*(?:please |of |important )?(?:note(?:s|d)?|n\.?b\.?)\b(?!.*(?::|\bfollowing)\W*\Z)", re.DOTALL)
"""A remark between two items."""
_ON_THE_TRIAL = re.compile(r"\bcriteria\b[^.;]{0,60}\b(?:apply|applies|exist|used)\b")
"""A remark on the trial as a whole: "additional criteria apply"."""
_BLANK = re.compile(r"\n[ \t\r]*\n")
_NUMBER = re.compile(r"\d{1,2}")


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
    builder.headings += counted_bullets(text, builder.roots)
    return Outline(text, low, builder.roots, builder.headings)


def _paragraph_end(text: str, start: int) -> int:
    """Return where the paragraph ends that begins at a place."""
    found = _BLANK.search(text, start)
    return found.start() if found else len(text)


class _Builder(HeadingTaker):
    """Takes the lines of a text in order."""

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
        elif self._open and self._open[0].level % 4 and _NOTE.match(self._low, first, last):
            # What stands behind a note is not said under it.
            alone = self._section == "exclusion" or (len(self._open) == 1 and not self._open[0].children)
            if alone and not _ON_THE_TRIAL.search(self._low, first, last):
                self._open[-1].end = last
            else:
                self._item(first, last, self._open[0].level)
        elif indent and not self._blank:
            self._add(first, last, indent * 4)
        else:
            self._add(first, last, min(indent * 4, self._open[0].level) if self._open else indent * 4)
        self._blank = False
