"""The outline of an eligibility text: sections, headings, bullets and what is nested under what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from her2nav.language.view import plain

SectionName = Literal["inclusion", "exclusion"]

_BULLET = re.compile(
    r"(?P<mark>[*•·‣▪◦●○■□§>]|-(?=\s)|o(?=\s{1,4}\S)|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):](?=\s|[a-z(])|\(\d{1,2}\)|\(?[a-z][.)](?=\s)|"
    r"\([a-z]\)|\(?[ivx]{1,5}[.)](?=\s))\s*",
)
_INDENT = re.compile(r"[ \t]*")
_HEADING = re.compile(
    r"^(?:(?:key|main|major|general|principal|specific|additional|important|other|patient|subject|participant|study|"
    r"trial|disease|protocol|criteria|eligibility|pre-?registration|registration|randomi[sz]ation|screening|step \d|"
    r"part [a-z0-9]+|phase [0-9iv]+[ab]?|cohorts? [a-z0-9 ,&and]+|arms? [a-z0-9 ,&and]+|all|for|the|both|phases|only|"
    r"patients|participants|subjects)\b[ :,()/-]*)*"
    r"(?P<what>inclusion|exclusion|ineligibility|eligibility|non-?inclusion|not eligible)"
    r"(?:[ /]*(?:criteria|criterion|criterias|critera))?\b(?P<rest>[^.\n]{0,90}?)(?P<colon>[:\-.]*)\s*$"
)
_INLINE = re.compile(
    r"(?P<what>inclusion|exclusion|non-?inclusion) criteria(?: (?:include|are|for [^:.]{1,40}))?\s*[:\-]+\s*"
)
_SCOPE = re.compile(
    r"^(?:for |in )?(?:patients |participants |subjects )?(?:(?:enrolled|enrolling|entering) )?(?:in |to |into |for )?(?:the )?"
    r"(?P<scope>(?:(?:cohorts?|arms?|parts?|phases?|groups?|stage|step|strat(?:um|a))\s+(?:[0-9ivx]{1,4}|[a-z])(?:[0-9a-z]{0,2})"
    r"(?:\s*(?:,|and|or|&|/|-|to)\s*(?:cohorts?\s+|arms?\s+|parts?\s+|phases?\s+)?[0-9a-z]{1,3})*"
    r"|(?:dose[- ]escalation|dose[- ]expansion|expansion|escalation)(?: (?:part|phase|cohorts?))?)"
    r")(?P<only>[^:.]{0,60})?:?\s*$"
)
_OTHER_HEADING = re.compile(
    r"^(?:disease characteristics|patient characteristics|prior concurrent therapy|prior/concurrent therapy|age|sex|"
    r"menopausal status|performance status|life expectancy|hematopoietic|haematopoietic|hepatic|renal|cardiovascular|"
    r"pulmonary|other|biologic therapy|chemotherapy|endocrine therapy|radiotherapy|surgery|immunologic|gastrointestinal|"
    r"neurologic|characteristics|medical history|prior therapy|laboratory(?: values)?|note)\s*:\s*$"
)
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
    at = 0
    for line in text.split("\n"):
        builder.line(at, at + len(line))
        at += len(line) + 1
    return Outline(text, low, builder.finish(), builder.headings)


class _Builder:
    def __init__(self, text: str, low: str) -> None:
        self._text = text
        self._low = low
        self._section: SectionName = "inclusion"
        self._scope: tuple[str, ...] = ()
        self._heading = ""
        self._roots: list[Item] = []
        self._open: list[Item] = []
        self._blank = False
        self.headings: list[tuple[int, int]] = []

    def finish(self) -> list[Item]:
        return self._roots

    def line(self, start: int, end: int) -> None:
        """Take one line: a heading, a new item, or the continuation of the last one."""
        stripped = self._low[start:end].strip()
        if not stripped:
            self._blank = True
            return
        first = start + len(self._low[start:end]) - len(self._low[start:end].lstrip())
        last = first + len(stripped)
        inline = self._inline(first, last)
        if inline:
            return
        bullet = _BULLET.match(self._low, first, last)
        body = bullet.end() if bullet else first
        if body >= last:
            self.headings.append((first, last))
            return
        if self._takes_heading(body, last, first):
            self._blank = False
            return
        indent = first - start
        if bullet:
            self.headings.append((first, body))
            self._add(body, last, indent * 4 + _rank(bullet["mark"]))
        elif self._continues(first, indent):
            self._open[-1].end = last
        else:
            self._add(
                first,
                last,
                indent * 4
                if indent and not self._blank
                else (0 if not self._open else min(indent * 4, self._open[0].level)),
            )
        self._blank = False

    def _inline(self, first: int, last: int) -> bool:
        """Split a line that holds a section heading and criteria too."""
        found = _INLINE.search(self._low, first, last)
        if (
            found is None
            or found.end() >= last
            or (
                found.start() > first
                and self._low[found.start() - 2 : found.start()].strip(" ") not in ("", ".", ";", "-", "*", ":")
            )
        ):
            return False
        if found.start() > first:
            self.line(first, found.start())
        self._enter("exclusion" if found["what"] != "inclusion" else "inclusion", found.start(), found.end())
        for start, end in _pieces(self._low, found.end(), last):
            self.line(start, end)
        return True

    def _takes_heading(self, body: int, last: int, first: int) -> bool:
        written = self._low[body:last]
        if len(written) > 160:
            return False
        found = _HEADING.match(written)
        if (
            found
            and (found["colon"] or not found["rest"].strip() or len(written) < 60)
            and not _has_verb(found["rest"])
        ):
            what = found["what"]
            if what in ("eligibility",):
                self.headings.append((first, last))
                return True
            self._enter("inclusion" if what == "inclusion" else "exclusion", first, last)
            self._scope = _scopes(written) if _scopes(written) else ()
            return True
        scope = _SCOPE.match(written)
        if scope and (written.rstrip().endswith(":") or len(written) < 40):
            self._scope = _scopes(scope["scope"])
            self.headings.append((first, last))
            self._open = []
            return True
        if re.match(
            r"^(?:all|both) (?:cohorts?|arms?|parts?|phases?|patients|participants|subjects)\s*:?\s*$", written
        ):
            self._scope = ()
            self.headings.append((first, last))
            self._open = []
            return True
        if _OTHER_HEADING.match(written):
            self._heading = written.strip(" :")
            self.headings.append((first, last))
            self._open = []
            return True
        return False

    def _enter(self, section: SectionName, start: int, end: int) -> None:
        self._section = section
        self._scope = ()
        self._heading = ""
        self._open = []
        self.headings.append((start, end))

    def _continues(self, first: int, indent: int) -> bool:
        """Whether a line without a bullet goes on with the item above."""
        if not self._open:
            return False
        above = self._open[-1]
        before = self._text[above.start : above.end].rstrip()
        starts_small = self._text[first].islower() or self._text[first] in "(≥≤<>=+%&/,;"
        if self._blank:
            return starts_small and not _SENTENCE_END.search(before)
        if starts_small or not _SENTENCE_END.search(before):
            return starts_small or (indent * 4 > above.level - 4 and above.level % 4 != 0)
        return above.level % 4 != 0 and indent * 4 >= above.level - above.level % 4

    def _add(self, start: int, end: int, level: int) -> None:
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        item = Item(start, end, self._section, self._scope, heading=self._heading, level=level)
        if self._open and (self._open[-1].level < level):
            self._open[-1].children.append(item)
        else:
            self._roots.append(item)
        self._open.append(item)


def _pieces(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a paragraph that runs several bullets together: "- a - b" or "1. a 2. b"."""
    marks = [m.start() for m in re.finditer(r"(?:(?<=\s)|^)(?:[-*•](?=\s)|\d{1,2}[.)](?=\s))", low[start:end])]
    if len(marks) < 2:
        return [(start, end)]
    cuts = [0, *marks, end - start]
    return [(start + a, start + b) for a, b in itertools.pairwise(cuts) if low[start + a : start + b].strip()]


def _rank(mark: str) -> int:
    """Order marks that stand at the same indent: numbers above letters above dashes."""
    inside = mark.strip("().:")
    if inside[:1].isdigit():
        return 1
    if inside.isalpha() and inside != "o":
        return 2
    return 1 if mark in "*•" else 3 if mark != "-" else 1


def _has_verb(rest: str) -> bool:
    return re.search(r"\b(?:must|are|is|have|has|not|will|should)\b", rest) is not None


def _scopes(written: str) -> tuple[str, ...]:
    """Return the cohorts, parts or phases that a heading names, each by its word and number."""
    found: list[str] = []
    for match in re.finditer(
        r"(cohort|arm|part|phase|group|stage|step|stratum)s?\s+((?:[0-9ivx]{1,4}[ab]?|[a-z])(?:\s*(?:,|and|or|&|/)\s*(?:[0-9ivx]{1,4}[ab]?|[a-z])\b)*)\b",
        written,
    ):
        labels = re.split(r"\s*(?:,|\band\b|\bor\b|&|/)\s*", match[2])
        found += [f"{match[1]} {label}" for label in labels if label]
    if not found:
        simple = re.search(r"dose[- ]escalation|dose[- ]expansion|expansion|escalation", written)
        if simple:
            found.append(simple[0].replace(" ", "-"))
    return tuple(dict.fromkeys(found))
