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
    r"(?P<mark>(?:[*•-] *)?\(?\d{1,2} ?[.)](?=\s)|[*•·‣▪◦●○■□§>]|-(?=\s)|o(?=\s{1,4}\S)|\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):](?=\s|[a-z(])|\(\d{1,2}\)|\(?[a-z][.)](?=\s)|"
    r"\([a-z]\)|\(?[ivx]{1,5}[.)](?=\s))\s*",
)
_INDENT = re.compile(r"[ \t]*")
_WHAT = re.compile(
    r"(?P<what>non-?inclusion|inclusion|exclusion|ineligibility|eligibility|not eligible)s?(?:[ /]*(?:criteria|criterion|criterias|critera))?\b"
)
_LEADING = frozenset(
    [
        "key",
        "main",
        "major",
        "general",
        "principal",
        "specific",
        "additional",
        "important",
        "other",
        "patient",
        "subject",
        "participant",
        "study",
        "trial",
        "disease",
        "protocol",
        "criteria",
        "criterion",
        "eligibility",
        "pre",
        "registration",
        "preregistration",
        "master",
        "core",
        "common",
        "overall",
        "global",
        "shared",
        "module",
        "sub",
        "substudy",
        "study-wide",
        "randomization",
        "randomisation",
        "screening",
        "step",
        "part",
        "phase",
        "cohort",
        "cohorts",
        "arm",
        "arms",
        "all",
        "for",
        "the",
        "both",
        "phases",
        "only",
        "patients",
        "participants",
        "subjects",
        "and",
        "or",
        "of",
        "to",
        "in",
        "dose",
        "escalation",
        "expansion",
    ]
)
"""Words that may stand before "inclusion criteria" in a heading; so may labels of one to three characters."""
_NAMED_SECTION = re.compile(
    r"(?=.*\b(?:specific|cohorts?|arms?|groups?|sub-?study|sub study|module)\b)(?P<who>[^:.;()]{3,60}?)[ -](?:specific )?(?:additional )?(?:inclusion|exclusion) criteria(?P<for> for (?:the )?[^:.;]{3,60}?)?\s*:?\s*"
)
"""A heading of criteria for a drug, a disease or a cohort that has a name and no number."""
_REST = re.compile(r"(?P<rest>[^.]{0,130}?)(?P<colon>[:\-.]*)\s*")
_INLINE = re.compile(
    r"(?P<what>inclusion|exclusion|non-?inclusion) criteria(?: (?:include|are|for [^:.]{1,40}))?\s*[:\-]+\s*"
)
_SCOPE_WORDS = (
    r"(?P<scope>(?:(?:cohorts?|arms?|parts?|phases?|groups?|stage|step|strat(?:um|a))\s+(?:[0-9ivx]{1,4}|[a-z])(?:[0-9a-z]{0,2})\b"
    r"(?:\s*(?:,|\band\b|\bor\b|&|/|-|\bto\b)\s*(?:cohorts?\s+|arms?\s+|parts?\s+|phases?\s+)?(?:[0-9ivx]{1,4}[a-z]?|[a-z])\b)*"
    r"|(?:dose[- ]escalation|dose[- ]expansion|expansion|escalation)(?: (?:part|phase|cohorts?|stage))?)"
    r")"
)
_SCOPE = re.compile(
    r"^(?:for |in )?(?:patients |participants |subjects )?(?:(?:enrolled|enrolling|entering) )?(?:in |to |into |for )?(?:the )?"
    rf"{_SCOPE_WORDS}(?P<only>[^:.]{{0,60}})?:?\s*$"
)
_CANCER_STAGE = re.compile(
    r"(?:patients with |clinical )?stages? [0-4ivx]+[abc]?\b.*\b(?:cancer|carcinoma|disease|tumou?rs?|melanoma|lymphoma|nsclc|breast|lung|gastric|colon|colorectal|ovarian|her2|invasive|metastatic|resect\w+|operable|sarcoma|adenocarcinoma)\b"
)
"""A stage of the cancer, not of the study."""
_ONLY = r"(?: (?:only|patients|participants|subjects|specific|additional|criteria))*"
_SCOPE_FIRST = re.compile(
    rf"[\[(]?(?:for |in )?(?:the )?{_SCOPE_WORDS}{_ONLY}[\])]?\s*(?::|(?<=[\])])|\s-(?=\s)|(?<=only)\s*[-,])\s*(?=\S)"
)
"""A cohort or part that begins a line and binds only what follows it: "Cohort A: …", "(Part 2 only) …"."""
_SCOPE_LAST = re.compile(rf"\s*[\[(](?:for |in )?(?:the )?{_SCOPE_WORDS} only[\])]\s*[.;,]?\s*$")
_SCOPE_NEXT = re.compile(
    rf"(?<=[.;])\s+(?=(?:{_SCOPE_WORDS.replace('?P<scope>', '?:')}{_ONLY}|all(?: (?:cohorts|arms|parts|phases|patients|participants|subjects))?)\s*:\s*\S)"
)
_EVERYBODY = re.compile(r"(?:all|both)(?: (?:cohorts|arms|parts|phases|patients|participants|subjects))?\s*:\s*(?=\S)")
_SCOPE_ONLY = re.compile(
    r"(?:[ ,()\[\]/&:.-]|\b(?:only|patients|participants|subjects|specific|cohorts?|parts?|phases?|arms?|criteria|criterion|inclusion|exclusion|dose|escalation|expansion|and|or|the|of|for|in|"
    r"study|monotherapy|combination|phase|part|stage|modules?|levels?|additional|eligibility|requirements?|portion|enrolled|enrolling|must|meet|following|below|all|[0-9ivx]{1,3}[a-z]?|[a-z])\b)*"
)
_MARKED = re.compile(r"(?:(?<=\s)|(?<=:)|^)\(?(?P<label>\d{1,2}|[a-z]|[ivx]{1,4})[.)](?=\s)")
_DEEPEST = 12
"""Nesting beyond this is taken as flat."""
_LONGEST = 160
"""Longest heading, in characters."""
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
    return Outline(text, low, builder.roots, builder.headings)


class _Builder:
    def __init__(self, text: str, low: str) -> None:
        self._text = text
        self._low = low
        self._section: SectionName = "inclusion"
        self._scope: tuple[str, ...] = ()
        self._scope_level: int | None = None
        """Of the heading that named the scope, where what it limits stands deeper."""
        self._heading = ""
        self._open: list[Item] = []
        self._blank = False
        self._scope_deeper = False
        self.roots: list[Item] = []
        self.headings: list[tuple[int, int]] = []

    def line(self, start: int, end: int) -> None:
        """Take one line, in pieces where it holds section headings and criteria too."""
        at = start
        for found in _INLINE.finditer(self._low, start, end):
            before = self._low[max(at, found.start() - 2) : found.start()].strip(" ")
            if found.end() >= end or (found.start() > start and before not in ("", ".", ";", "-", "*", ":")):
                continue
            self._paragraph(at, found.start(), at > start)
            self._enter("exclusion" if found["what"] != "inclusion" else "inclusion", found.start(), found.end())
            at = found.end()
        self._paragraph(at, end, at > start)

    def _paragraph(self, start: int, end: int, inline: bool) -> None:
        """Take a line or the part of one behind a heading, in pieces where it runs several bullets together."""
        for first, last in _pieces(self._low, start, end, inline):
            for one, other in _by_scope(self._low, first, last):
                self._piece(one, other, first - start if inline else None)

    def _piece(self, start: int, end: int, inset: int | None) -> None:
        """Take one piece: a heading, a new item, or the continuation of the last one."""
        stripped = self._low[start:end].strip()
        if not stripped:
            self._blank = self._blank or inset is None
            return
        first = start + len(self._low[start:end]) - len(self._low[start:end].lstrip())
        last = first + len(stripped)
        bullet = _BULLET.match(self._low, first, last)
        body = bullet.end() if bullet else first
        if body >= last:
            self.headings.append((first, last))
            return
        indent = 0 if inset is not None else first - start
        if self._takes_heading(body, last, first):
            self._blank = False
            self._scope_level = indent * 4 + _rank(bullet["mark"]) if bullet and self._scope else None
            self._scope_deeper = False
            return
        if bullet:
            self.headings.append((first, body))
            self._add(body, last, indent * 4 + _rank(bullet["mark"]))
        elif inset is None and self._continues(first, indent):
            self._open[-1].end = last
        elif indent and not self._blank:
            self._add(first, last, indent * 4)
        else:
            self._add(first, last, min(indent * 4, self._open[0].level) if self._open else 0)
        self._blank = False

    def _takes_heading(self, body: int, last: int, first: int) -> bool:
        if last - body > _LONGEST:
            return False
        written = self._low[body:last]
        if self._takes_section(written, first, last):
            return True
        scope = None if _CANCER_STAGE.match(written) else _SCOPE.match(written)
        if scope and (written.endswith(":") or len(written) < 40):
            self._scope = _scopes(scope["scope"])
            self._open = []
            said = scope.span("only")
            if scope["only"] and not _SCOPE_ONLY.fullmatch(scope["only"]) and not _has_verb(scope["only"]):
                self.headings.append((first, body + said[0]))
                self._scope_level = None
                self._item(body + said[0], last, 0)
                self._open = []
            else:
                self.headings.append((first, last))
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

    def _takes_section(self, written: str, first: int, last: int) -> bool:
        found = _WHAT.search(written)
        if found is None or _has_verb(written[: found.start()]):
            # "cN2 disease is not eligible" states a criterion.
            return False
        if not _leads(written[: found.start()]):
            return self._takes_named_section(written, found, first, last)
        rest = _REST.fullmatch(written, found.end())
        if (
            rest is None
            or _has_verb(rest["rest"])
            or not (rest["colon"] or not rest["rest"].strip() or len(written) < 60)
        ):
            return False
        if found["what"] == "eligibility":
            self.headings.append((first, last))
            return True
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        self._scope = _scopes(written)
        return True

    def _takes_named_section(self, written: str, found: re.Match[str], first: int, last: int) -> bool:
        """Take "Nivolumab specific inclusion criteria for the MSI-H cohort:": it binds that group alone."""
        named = _NAMED_SECTION.fullmatch(written)
        if named is None or found["what"] not in ("inclusion", "exclusion") or _has_verb(named["for"] or ""):
            return False
        self._enter("inclusion" if found["what"] == "inclusion" else "exclusion", first, last)
        group = " ".join(f"{named['who']} {named['for'] or ''}".split())
        self._scope = _scopes(written) or (group,)
        return True

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
        before = self._text[max(above.start, above.end - 80) : above.end].rstrip()
        starts_small = self._text[first].islower() or self._text[first] in "(≥≤<>=+%&/,;"
        if self._blank:
            return starts_small and not _SENTENCE_END.search(before)
        if starts_small or not _SENTENCE_END.search(before):
            return starts_small or (indent * 4 > above.level - 4 and above.level % 4 != 0)
        return above.level % 4 != 0 and indent * 4 >= above.level - above.level % 4

    def _add(self, start: int, end: int, level: int) -> None:
        """Add an item; a list in it ("any of: (a) … (b) …") becomes its children."""
        cuts = _inner_list(self._low, start, end)
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
            if level > self._scope_level:
                self._scope_deeper = True
            elif self._scope_deeper:
                self._scope, self._scope_level = (), None
        start, end, scope = self._own_scope(start, end)
        parent = self._open[-1] if self._open else None
        item = Item(
            start, end, self._section, scope if scope is not None else parent.scope if parent else self._scope,
            heading=self._heading, level=level,
        )  # fmt: skip
        (parent.children if parent else self.roots).append(item)
        self._open.append(item)

    def _own_scope(self, start: int, end: int) -> tuple[int, int, tuple[str, ...] | None]:
        """Cut off the words that limit an item to a cohort or part, where they begin or end it."""
        everybody = _EVERYBODY.match(self._low, start, end)
        if everybody and everybody.end() < end:
            self.headings.append(everybody.span())
            return everybody.end(), end, ()
        found = _SCOPE_FIRST.match(self._low, start, end)
        if found and found.end() < end and (scope := _scopes(found["scope"])):
            self.headings.append(found.span())
            return found.end(), end, scope
        found = _SCOPE_LAST.search(self._low, max(start, end - _LONGEST), end)
        if found and found.start() > start and (scope := _scopes(found["scope"])):
            self.headings.append((found.start(), end))
            return start, found.start(), scope
        return start, end, None


def _leads(written: str) -> bool:
    """Whether words may stand before "inclusion criteria" in a heading."""
    return all(word in _LEADING or len(word) <= 3 or word.isdigit() for word in re.findall(r"[^\s:,()/.&-]+", written))


def _pieces(low: str, start: int, end: int, inline: bool) -> list[tuple[int, int]]:
    """Cut a paragraph that runs several bullets together: "- a - b" or "1. a 2. b".

    A line of its own is cut only at numbers that count up from one.
    """
    marks = [m.start() for m in re.finditer(r"(?:(?<=\s)|^)(?:[-*•](?=\s)|\d{1,2}[.)](?=\s))", low[start:end])]
    if len(marks) < 2:
        return [(start, end)]
    if not inline:
        numbers = [int(found[0]) if (found := re.match(r"\d+", low[start + at : end])) else 0 for at in marks]
        marks = [at for i, at in enumerate(marks) if numbers[i]]
        if [number for number in numbers if number] != list(range(1, len(marks) + 1)) or len(marks) < 3:
            return [(start, end)]
    cuts = [0, *marks, end - start]
    return [(start + a, start + b) for a, b in itertools.pairwise(cuts) if low[start + a : start + b].strip()]


def _by_scope(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a line that goes from cohort to cohort: "Cohort A: … . Cohort B: … "."""
    cuts = [start, *(found.end() for found in _SCOPE_NEXT.finditer(low, start, end)), end]
    return list(itertools.pairwise(cuts))


def _inner_list(low: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return (mark, first, last) of the entries of a list within a line: "…: (a) x (b) y"; empty where there is none."""
    colon = low.find(":", start, end)
    if colon < 0:
        return []
    marks: list[re.Match[str]] = []
    for found in _MARKED.finditer(low, colon + 1, end):
        if _counts(found["label"], len(marks)):
            marks.append(found)
    if len(marks) < 2 or low[colon + 1 : marks[0].start()].strip(" ("):
        return []
    ends = [*(mark.start() for mark in marks[1:]), end]
    return [(mark.start(), mark.end(), last) for mark, last in zip(marks, ends, strict=True)]


def _counts(label: str, place: int) -> bool:
    """Whether a label is the one due at a place: 3, c or iii."""
    return label in (str(place + 1), chr(ord("a") + place), ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[min(place, 9)])  # fmt: skip


def _rank(mark: str) -> int:
    """Order marks that stand at the same indent: numbers above letters above dashes."""
    if mark[0] in "*•-":
        return 1
    inside = mark.strip("().: ")
    if inside[:1].isdigit():
        return 1
    if inside.isalpha() and inside != "o":
        return 2
    return 3


def _has_verb(rest: str) -> bool:
    return re.search(r"\b(?:must|are|is|have|has|not|will|should)\b", rest) is not None


def _scopes(written: str) -> tuple[str, ...]:
    """Return the cohorts, parts or phases that a heading names, each by its word and number."""
    found: list[str] = []
    for match in re.finditer(
        r"(cohort|arm|part|phase|group|stage|step|stratum)s?\s+((?:[0-9ivx]{1,4}[a-z]?|[a-z])\b(?:\s*(?:,|\band\b|\bor\b|&|/)\s*(?:and |or )?(?:(?:cohort|arm|part|phase)s? )?(?:[0-9ivx]{1,4}[a-z]?|[a-z])\b)*)",
        written,
    ):
        labels = re.split(r"\s*(?:,|\band\b|\bor\b|&|/)\s*", match[2])
        found += [f"{match[1]} {label}" for label in labels if label]
    if not found:
        simple = re.search(r"dose[- ]escalation|dose[- ]expansion|expansion|escalation", written)
        if simple:
            found.append(simple[0].replace(" ", "-"))
    return tuple(dict.fromkeys(found))
