"""Times since a treatment that a criterion shortens for some: "any therapy within 4 weeks; of tablets within 2 weeks".

A shorter time for a narrower sort of treatment would ask for nothing if the longer one held for that sort too: it is an
exception to it. What was read as two demands shut out those who keep to the time that is meant for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from her2nav.criteria.logic import with_leaves
from her2nav.kinds.reading.base import days_of, doubt_on
from her2nav.kinds.reading.treatment_names import within
from her2nav.knowledge.load import Knowledge
from her2nav.language.dictionary import Dictionary
from her2nav.language.patterns import MACROS
from her2nav.language.sought import Sought
from her2nav.model.tree import AllOf, AnyOf, Leaf, Node, children, leaves
from her2nav.model.trial import Criterion, Role

_SHORTER = "to let in whoever keeps to the shorter time that it names"
_STOP = re.compile(r"[.;](?=\s)(?<!\bi\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+|\s[*•-]\s")
_TIME = Sought(MACROS["time"])
_OF_TREATMENT = Sought(
    r"\b(?:\w*therap(?:y|ies|eutics?)|radiation|irradiation|treatments?|agents?|inhibitors?|antibod(?:y|ies)|hormon\w+|endocrine|tamoxifen|surger(?:y|ies)|procedures?|last dose|wash-?outs?|half-li(?:fe|ves))\b"
)
_SHORTENS = Sought(
    r"\bwash-?outs?\b|\b(?:must|should|may|can|has to|have to|needs? to|allowed|permitted|acceptable|required|eligible|sufficient|enough|up to|until|at least|minimum|more than|if|for|instead)\b|[>≥]"
)
"""A later sentence says what does for some; "A within 3 weeks" by itself is one more wait."""
_NO_WAIT = Sought(
    r"\b(?:recover|resol|toxicit|adverse|stable|dose of (?:steroid|cortico|predniso)|steroids?|corticosteroids?|transfus|growth factors?|vaccin|pregnan|contracep|ejection|lvef|scan|imag|mri|after the last|after (?:study|completion of study|end of)|following the last|during the study|while on)"
)
"""A time that is none since a treatment of the cancer."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """A time since a treatment.

    Attributes:
        leaf: As it was read.
        narrowed: Words beside it narrow the treatment.
        doubted: It is open already whether a shorter one holds.
    """

    leaf: Leaf
    narrowed: bool
    doubted: bool = False

    @property
    def days(self) -> int:
        """Days that must have passed."""
        return _days(self.leaf) or 0


def opened(criterion: Criterion, plain: str, dictionary: Dictionary, knowledge: Knowledge) -> Criterion:
    """Return a criterion whose longer times shut nobody out who keeps to a shorter one that it names.

    Args:
        criterion: As it was read.
        plain: Its plain text.
        dictionary: Finds the treatments that words name.
        knowledge: Tells which treatments belong to others.
    """
    if criterion.role is not Role.DECIDES or criterion.span is None:
        return criterion
    waits = [*_waits(criterion.node, False)]
    if not waits:
        return criterion
    unread = [*_shortened(criterion, plain, dictionary)]
    sorted_ = {id(one.leaf) for one in waits if one.narrowed}
    """Of these a person sees already whether the time is theirs."""

    def made(item: Leaf, denied: bool) -> Node:
        if _days(item) is None or denied is (item.kind == "washout"):
            return item
        drugs = [name for other in waits if _excepts(other, item, knowledge) for name in other.leaf.params.drugs]
        if id(item) in sorted_:
            return _excepting(item, drugs) if drugs else item
        plain_item = _excepting(item, drugs) if drugs else item
        binding = [one for one in unread if one.binds(item, knowledge)]
        if not binding and not any(_narrower(other, item) for other in waits):
            return plain_item
        if item.kind == "washout" and binding and all(one.names_all for one in binding):
            named = [name for one in binding for name in one.drugs if within((name,), item.params.drugs, knowledge)]
            return AnyOf((plain_item, AllOf((_excepting(plain_item, named), doubt_on(_SHORTER)))), item.span)
        return _in_doubt(plain_item, denied)

    node = with_leaves(criterion.node, made, guards=False)
    return criterion if node == criterion.node else replace(criterion, node=node)


def across(criteria: Sequence[Criterion], knowledge: Knowledge) -> list[Criterion]:
    """Return criteria whose longer times are not certain for treatments of which another one names a shorter time."""
    told = [
        (item, wait)
        for item in criteria
        if item.role is Role.DECIDES
        for wait in _waits(item.node, False)
        if wait.days <= _WASHOUT
    ]
    if len(told) < _FEWEST:
        return list(criteria)

    def opened_by(criterion: Criterion) -> Criterion:
        others = [wait for item, wait in told if item is not criterion and item.scope == criterion.scope]
        sure = {id(wait.leaf) for item, wait in told if item is criterion and not (wait.narrowed or wait.doubted)}

        def made(item: Leaf, denied: bool) -> Node:
            if id(item) not in sure or denied is (item.kind == "washout"):
                return item
            drugs = [name for one in others if _excepts(one, item, knowledge) for name in one.leaf.params.drugs]
            if drugs:
                return AnyOf((item, AllOf((_excepting(item, drugs), doubt_on(_SHORTER)))), item.span)
            return _in_doubt(item, denied) if any(_narrower(other, item) for other in others) else item

        node = with_leaves(criterion.node, made, guards=False)
        return criterion if node == criterion.node else replace(criterion, node=node)

    return [opened_by(item) if item.role is Role.DECIDES else item for item in criteria]


_WASHOUT = 120
"""Longer times, in days, are no washouts: "no chemotherapy within five years"."""
_FEWEST = 2


def _excepting(item: Leaf, drugs: Sequence[str]) -> Leaf:
    named = tuple(dict.fromkeys((*item.params.except_drugs, *drugs)))
    return replace(item, params=item.params.model_copy(update={"except_drugs": named}))


def _in_doubt(item: Leaf, denied: bool) -> Node:
    doubt = doubt_on(_SHORTER)
    return AllOf((item, doubt), item.span) if denied else AnyOf((item, doubt), item.span)


def _days(item: Leaf) -> int | None:
    """Return how long ago the treatment must have been; None where the leaf tells of no such time."""
    days: int | None = None
    if item.kind == "washout":
        days = item.params.days
    elif item.kind == "procedure":
        days = item.params.within_days
    return days


def _waits(node: Node, narrowed: bool, doubted: bool = False) -> Iterator[_Wait]:
    if isinstance(node, Leaf):
        if _days(node) is not None:
            yield _Wait(node, narrowed, doubted)
        return
    beside = isinstance(node, AllOf | AnyOf) and any(_is_question(part) for part in children(node))
    open_ = doubt_on(_SHORTER) in children(node)
    for part in children(node):
        yield from _waits(part, narrowed or beside, doubted or open_)


def _is_question(node: Node) -> bool:
    """Whether a leaf asks of which sort a treatment was."""
    inner = node if isinstance(node, Leaf) else next(iter(children(node)), node)
    return isinstance(inner, Leaf) and inner.kind == "judgement" and inner.params.topic.startswith("whether it was")


def _excepts(shorter: _Wait, item: Leaf, knowledge: Knowledge) -> bool:
    """Whether a shorter time is that of drugs which the longer one names by a wider class."""
    other = shorter.leaf
    if other.kind != "washout" or item.kind != "washout" or not other.params.drugs or shorter.narrowed:
        return False
    if shorter.days >= (_days(item) or 0) or other.params.drugs == item.params.drugs:
        return False
    if other.params.settings != item.params.settings or other.params.half_lives or item.params.half_lives:
        return False
    return within(other.params.drugs, item.params.drugs, knowledge)


def _narrower(shorter: _Wait, item: Leaf) -> bool:
    """Whether a shorter time is that of a narrower sort of procedure, or of the same drugs with more said of them."""
    other = shorter.leaf
    if other is item or other.kind != item.kind or shorter.days >= (_days(item) or 0) - 1:
        return False
    if item.kind == "washout":
        return shorter.narrowed and other.params.drugs == item.params.drugs
    if not set(other.params.kinds) <= set(item.params.kinds):
        return False
    told = [{name for name in _SORTS if getattr(one.params, name) not in (None, ())} for one in (item, other)]
    alike = all(getattr(item.params, name) == getattr(other.params, name) for name in told[0])
    return alike and told[0] <= told[1] and (told[0] < told[1] or shorter.narrowed)


_SORTS = ("major", "sites", "techniques", "min_dose_gy")


@dataclass(frozen=True, slots=True)
class _Unread:
    """A sentence of which nothing was read, that tells of a time since treatment.

    Attributes:
        start: Where it begins.
        days: The shortest time that it names.
        drugs: Those that it names.
        said: Its words.
        names_all: It holds no other word that may name a treatment.
    """

    start: int
    days: int
    drugs: tuple[str, ...]
    said: str
    names_all: bool = False

    def binds(self, item: Leaf, knowledge: Knowledge) -> bool:
        """Whether it may shorten the time of a leaf in front of it."""
        if item.span is None or item.span[0] >= self.start or self.days >= (_days(item) or 0) - 1:
            return False
        if item.kind == "procedure":
            return any(_NAMES[kind].search(self.said) for kind in item.params.kinds if kind in _NAMES)
        named = [name for name in self.drugs if within((name,), item.params.drugs, knowledge)]
        if self.drugs or _RADIATED.search(self.said) or _OPERATED.search(self.said):
            return bool(named)
        return True


_RADIATED = Sought(r"\b(?:radiation|radio-?therap\w+|irradiat\w+|chemo-?radi\w+)\b")
_OPERATED = Sought(r"\b(?:surger(?:y|ies)|surgical|operations?|biops(?:y|ies)|procedures?)\b")
_NAMES = {"radiotherapy": _RADIATED, "surgery": _OPERATED}


def _shortened(criterion: Criterion, plain: str, dictionary: Dictionary) -> Iterator[_Unread]:
    """Yield the sentences that tell of a time since treatment of which nothing was read."""
    assert criterion.span is not None
    start = criterion.span[0]
    read = [item.span for item in leaves(criterion.node) if item.span is not None and item.kind not in _OPEN]
    at = 0
    for end in [*(found.start() for found in _STOP.finditer(plain)), len(plain)]:
        said = plain[at:end]
        told = any(start + at <= span[0] < start + end for span in read)
        if at and not told and _OF_TREATMENT.search(said) and _SHORTENS.search(said) and not _NO_WAIT.search(said):
            times = [days for found in _TIME.finditer(said) if (days := days_of(found[0])) is not None]
            hits, masked = dictionary.find(said)
            drugs = tuple(name for hit in hits for name in hit.ids("drug"))
            if times:
                yield _Unread(start + at, min(times), drugs, said, bool(drugs) and _names_all(masked))
        at = end


_NAMED = re.compile(r"[\ue000-\uf8ff]+")
_WORD = re.compile(r"[a-z][a-z.-]*")
_PLAIN = re.compile(
    r"for|the|an?|or|and|of|such|as|e\.g|including|with|oral|prior|to|in|case|patients|participants|receiving|on|is|are|was|were|be|must|should|may|will|"
    r"required|sufficient|allowed|permitted|enough|wash-?out|periods?|intervals?|times?|half-?(?:life)?|life|lives|drugs?|agents?|whichever|shorter|longer|at|"
    r"least|more|than|before|start|starting|first|dose|study|treatment|days?|weeks?|months?|one|two|three|four|five|six|until|up|last|since|from|exceptions?|following"
)
"""Words of a time: beside names no other treatment is spoken of."""


def _names_all(masked: str) -> bool:
    """Whether a sentence holds no words beside names and those of a time."""
    return all(_PLAIN.fullmatch(found[0].strip(".")) for found in _WORD.finditer(_NAMED.sub(" ", masked)))


_OPEN = frozenset({"unread", "judgement"})
