"""What a reading rule is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Hit
from her2nav.language.numbers import days, number, operator
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node

Section = Literal["inclusion", "exclusion"]
_NUMBER = re.compile(MACROS["num"])
_TIME = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|\b[a-z]+(?:-[a-z]+)?\b)(?: ?\(\d+\))?[ -]*(?P<u>hour|hr|calendar day|day|week|wk|month|mo|year|yr)"
)
_UNIT_ALIASES = {"hr": "hour", "calendar day": "day", "wk": "week", "mo": "month", "yr": "year"}


@dataclass(frozen=True)
class Sentence:
    """What a rule may see: one sentence, names found in it, and where it stands.

    Attributes:
        text: Plain text.
        masked: The same with names painted over.
        hits: Names found, in order.
        section: Whether it stands among the inclusion or the exclusion criteria.
        knowledge: The vocabularies.
        tumours: Tumour types of the trial, where the record names them.
        permits: It only allows something: what it says stands without the section's sign.
    """

    text: str
    masked: str
    hits: tuple[Hit, ...]
    section: Section
    knowledge: Knowledge
    tumours: tuple[str, ...] = ()
    permits: bool = False

    def between(self, start: int, end: int) -> list[Hit]:
        """Return the names within a stretch."""
        return [hit for hit in self.hits if hit.start >= start and hit.end <= end]


class Found(NamedTuple):
    """A match of a rule's pattern in a sentence."""

    match: re.Match[str]
    sentence: Sentence

    @property
    def knowledge(self) -> Knowledge:
        """The vocabularies."""
        return self.sentence.knowledge

    def text(self, name: str = "") -> str:
        """Return the plain text of a kept part, or of the whole; empty where the part is absent."""
        start, end = self.match.span(name or 0)
        return self.sentence.text[start:end] if start >= 0 else ""

    def has(self, name: str) -> bool:
        """Whether a kept part is present."""
        return name in self.match.re.groupindex and self.match.start(name) >= 0

    def number(self, name: str) -> Decimal | None:
        """Return the first number of a kept part; None where it is absent or none."""
        found = _NUMBER.search(self.text(name)) if self.has(name) else None
        return number(found[0]) if found else None

    def integer(self, name: str) -> int | None:
        """Return a whole number; None where it is absent or has a fraction."""
        value = self.number(name)
        return int(value) if value is not None and value == int(value) else None

    def operator(self, name: str) -> Any:
        """Return >=, <=, > or <; None where the part is absent or says neither."""
        return operator(self.text(name)) if self.has(name) else None

    def days(self, name: str) -> int | None:
        """Return a length of time in days; None where it is absent."""
        return days_of(self.text(name)) if self.has(name) else None

    def ids(self, category: str, name: str = "") -> tuple[str, ...]:
        """Return the meanings of all names of a vocabulary in a kept part, without doubles, in order."""
        start, end = self.match.span(name or 0)
        found = [item for hit in self.sentence.between(start, end) for item in hit.ids(category)]
        return tuple(dict.fromkeys(found))


def days_of(written: str) -> int | None:
    """Return the length of time that a text names, in days.

    >>> days_of("within four (4) weeks"), days_of("three years"), days_of("6 months"), days_of("soon")
    (28, 1095, 180, None)
    """
    found = _TIME.search(written)
    while found is not None:
        try:
            return days(found["n"], _UNIT_ALIASES.get(found["u"], found["u"]))
        except ValueError:
            found = _TIME.search(written, found.start() + 1)
    return None


Build = Callable[[Found], Node | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to write a criterion.

    Attributes:
        id: Name, kept with every node it makes: `kind.what`.
        patterns: Ways to write it (see `language.patterns`); tried in order.
        build: Makes the positive proposition of a match; None: no match after all.
        priority: Of rules that overlap the higher wins; then the longer match.
        section: Only there.
        whole: It covers the whole sentence where nothing else in it is read.
        texts: (sentence, written form of the tree or None), which are tests.
    """

    id: str
    patterns: tuple[str, ...]
    build: Build
    priority: int = 0
    section: Section | None = None
    whole: bool = False
    texts: tuple[tuple[str, Any], ...] = field(default=())


class Stretched(NamedTuple):
    """What a scanner has read: a stretch of the sentence and its positive proposition."""

    start: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True)
class Scanner:
    """A rule whose grammar is more than a pattern: it walks over the sentence itself.

    Attributes:
        id: Name, kept with every node it makes: `kind.what`.
        cues: Vocabularies and words; it is tried only where one of them occurs.
        scan: Yields what it reads.
        priority: As for rules.
        section: Only there.
        texts: (sentence, written form of the tree or None), which are tests.
        sought: Without a match of one of these in the plain sentence it reads nothing; empty: it may.
    """

    id: str
    cues: tuple[str, ...]
    scan: Callable[[Sentence], Iterator[Stretched]]
    priority: int = 0
    section: Section | None = None
    whole: bool = False
    texts: tuple[tuple[str, Any], ...] = field(default=())
    sought: tuple[Sought, ...] = ()


_ALL_THE_PAST = frozenset({"cardiac_history", "bleeding_thrombosis"})
"""Kinds that look at all the past where no time is given."""
_TIGHTER = ("within_days", "min_grade", "needs_treatment", "nyha_min")
_LEAVES: dict[tuple[str, str], Leaf] = {}
"""Leaves made before: they cannot be changed, and criteria say the same things again and again."""
_MOST_LEAVES = 4096


def leaf(kind: str, **params: Any) -> Leaf:
    """Return a leaf of a kind.

    Raises:
        ValidationError: The parameters are not the kind's.
    """
    key = kind, repr(params) if params else ""
    known = _LEAVES.get(key)
    if known is None:
        if len(_LEAVES) >= _MOST_LEAVES:
            _LEAVES.clear()
        known = _LEAVES[key] = Leaf(kind, kinds()[kind].params.model_validate(params))
    return known


TWO_WAYS = "the text can be read in two ways"
"""Note of a leaf that stands for no words: every word was read, and the text means more than one thing."""
_DOUBT = "whether the trial means "
"""How a doubt begins that can be named, so that a person of the study can settle it."""


def doubt_on(what: str | None) -> Leaf:
    """Return the leaf of a doubt beside words that were all read: what the trial means, where that can be named."""
    return leaf("unread", note=TWO_WAYS if what is None else _DOUBT + what)


def is_doubt(item: Node) -> bool:
    """Whether a leaf stands for no words of its own, but for a text that means more than one thing."""
    if not isinstance(item, Leaf) or item.kind not in ("unread", "judgement"):
        return False
    said = item.params.note if item.kind == "unread" else item.params.topic
    return said is not None and (said == TWO_WAYS or said.startswith(_DOUBT))


def both_ways(one: Node, other: Node, doubt: str | None = None) -> Node:
    """Return a node that is true where both readings are, false where neither is, and else unknown.

    A person who settles the doubt settles the node: "yes" takes the wider reading, "no" the narrower one. What both
    readings hold alike stands once, and where one follows from the other the node is kept small: a text with many such
    places must not grow by powers of two.

    Args:
        one: A reading.
        other: Another one.
        doubt: What is open between them, behind "whether the trial means"; None: it has no short name.
    """
    if one == other:
        return one
    open_ = doubt_on(doubt)
    for narrow, wide in ((one, other), (other, one)):
        if _follows(narrow, wide):
            return AnyOf((narrow, AllOf((_beyond(wide, narrow), open_))))
    shared = _shared(one, other, open_, doubt)
    return AnyOf((AllOf((one, other)), AllOf((AnyOf((one, other)), open_)))) if shared is None else shared


def _shared(one: Node, other: Node, open_: Leaf, doubt: str | None) -> Node | None:
    """Two readings of the same form with what they hold alike written once; None: they hold nothing alike."""
    if isinstance(one, AllOf) and isinstance(other, AllOf):
        together: Callable[[tuple[Node, ...]], Node] = AllOf
        apart: Callable[[tuple[Node, ...]], Node] = AnyOf
    elif isinstance(one, AnyOf) and isinstance(other, AnyOf):
        together, apart = AnyOf, AllOf
    else:
        return None
    alike = tuple(part for part in one.parts if part in other.parts)
    if not alike:
        return None
    rests = [tuple(part for part in node.parts if part not in alike) for node in (one, other)]
    left, right = (rest[0] if len(rest) == 1 else together(rest) if rest else None for rest in rests)
    if left is not None and right is not None:
        return together((*alike, both_ways(left, right, doubt)))
    more = right if left is None else left
    return one if more is None else together((*alike, apart((more, open_))))


def _follows(narrow: Node, wide: Node) -> bool:
    """Whether the narrow reading, where it is true, makes the wide one true, as far as their form shows it."""
    if narrow == wide:
        return True
    if isinstance(wide, AnyOf) and any(_follows(narrow, part) for part in wide.parts):
        return True
    if isinstance(narrow, Leaf) and isinstance(wide, Leaf):
        return _within_all_time(narrow, wide)
    return isinstance(narrow, AllOf) and any(_follows(part, wide) for part in narrow.parts)


def _within_all_time(narrow: Leaf, wide: Leaf) -> bool:
    """Whether one leaf looks within a time for what the other looks for in all the past, or for what needs treatment of it."""
    if narrow.kind != wide.kind or narrow.kind not in _ALL_THE_PAST:
        return False
    one, other = (item.params.model_dump(exclude_defaults=True) for item in (narrow, wide))
    return (
        all(one.pop(name, None) is not None for name in _TIGHTER if name not in other and name in one) and one == other
    )


def _beyond(wide: Node, narrow: Node) -> Node:
    """What the wide reading holds beside the narrow one."""
    if isinstance(wide, AnyOf) and narrow in wide.parts:
        rest = tuple(part for part in wide.parts if part != narrow)
        return rest[0] if len(rest) == 1 else AnyOf(rest) if rest else wide
    return wide
