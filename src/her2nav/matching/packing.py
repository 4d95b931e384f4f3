"""A trial whose criteria were read, as bytes to keep: its compiled form as numbers, its trees as compact JSON.

The numbers are what evaluation needs of every trial, so they are put together for thousands without looking at one
(`matching/packed.py`). The trees are what explanation needs, of the few criteria that somebody asks about. Leaves are
kept outside, each kind with its parameters once for all trials, and named here by their slot in `leaves`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from her2nav.matching.compiled import compile_trials
from her2nav.matching.program import Program
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, Span, When
from her2nav.model.trial import Criterion, Role, Trial

FORMAT = 3
"""Raised with every change of the bytes: what an earlier release packed is then packed anew."""

NUMBERS = np.dtype("<i4")
HEAD = 6
"""Numbers of leaves in the program, criteria, arms, groups and parts of groups, and the reference of the trial."""

_LEVEL = 6
MOST_ARMS = 30
"""Arms that have a bit of their own; the next bit stands for all others, among them closed ones."""
_LEAF, _NOT, _ALL, _ANY, _AT_LEAST, _WHEN = range(6)
LeafKey = tuple[str, str]
"""A kind and its parameters as JSON."""


@dataclass(frozen=True, slots=True)
class PackedTrial:
    """A trial as it is kept.

    Attributes:
        leaves: Its leaves; first those of the program, in the order of its nodes.
        program: The compiled form: `HEAD`, then reference of each criterion, whether it decides, which arms it
            binds (bits; none: all), reference of each arm that may be entered, then depth, least
            number (0: all of them) and size of each group, the parts of the groups, and two halves of each criterion's
            form. A reference is that of `matching/program.py`, within this trial.
        head: Arms and the few words of the record that lists need, as JSON.
        body: Trees and text, compressed (`Body`).
        unread: Criteria that decide and hold a part which was not read.
    """

    nct_id: str
    leaves: tuple[LeafKey, ...]
    program: bytes
    head: str
    body: bytes
    unread: int


def pack(trial: Trial, text: str) -> PackedTrial:
    """Return a trial as bytes.

    Args:
        trial: With its criteria.
        text: The eligibility text that spans point into.
    """
    compiled = compile_trials([trial])
    one = compiled.trials[0]
    trees = Trees([(kind, written_params(params)) for kind, params in compiled.leaves])
    criteria = [trees.criterion(item, text) for item in trial.criteria]
    forms = [form(item.node) for item in trial.criteria]
    depths, leasts, sizes, parts = _groups(compiled.program)
    references = [item.reference for item in one.criteria]
    arms = list(one.arms.values())
    head = [len(compiled.leaves), len(references), len(arms), len(depths), len(parts), one.verdict]
    enterable = list(one.arms)
    decides = [int(item.decides) for item in one.criteria]
    bits = [_bits(item.scope, enterable) for item in trial.criteria]
    numbers = np.array([*head, *references, *decides, *bits, *arms, *depths, *leasts, *sizes, *parts], NUMBERS)
    halves = np.array(forms, "<i8").view(NUMBERS) if forms else np.zeros(0, NUMBERS)
    record = trial.record
    words = {
        "acronym": record.acronym,
        "purpose": record.purpose,
        "tumours": list(record.tumours),
        "curation": record.curation,
        "source": record.text_source,
        "arms": [[arm.id, arm.label, arm.kind] for arm in record.arms],
        "enterable": enterable,
    }
    lines = [_plain([list(trees.rules), len(criteria)]), *map(_plain, criteria), text]
    return PackedTrial(
        record.nct_id,
        tuple(trees.leaves),
        numbers.tobytes() + halves.tobytes(),
        _plain(words),
        zlib.compress("\n".join(lines).encode(), _LEVEL),
        one.unread,
    )


def _bits(scope: Sequence[str], enterable: Sequence[str]) -> int:
    """Return the arms that a scope names as bits; no bit stands for a criterion that binds all."""
    found = 0
    for arm in scope:
        at = enterable.index(arm) if arm in enterable else MOST_ARMS
        found |= 1 << min(at, MOST_ARMS)
    return found


def _plain(data: dict[str, Any] | list[Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def form(node: Node) -> int:
    """Return a number that equal trees share, whatever their place in a text: 63 bits of a digest."""
    digest = hashlib.sha256(_written(node).encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=False) >> 1


def _written(node: Node) -> str:
    match node:
        case Leaf(kind=kind, params=params):
            return f"{kind}{written_params(params)}"
        case Not(part=part):
            return f"!{_written(part)}"
        case AllOf(parts=parts):
            return f"&({','.join(map(_written, parts))})"
        case AnyOf(parts=parts):
            return f"|({','.join(map(_written, parts))})"
        case AtLeast(n=n, parts=parts):
            return f"{n}({','.join(map(_written, parts))})"
        case When(when=when, then=then):
            return f"?({_written(when)},{_written(then)})"


def written_params(params: Any) -> str:
    """Return the parameters of a leaf as JSON."""
    text: str = params.model_dump_json(exclude_defaults=True)
    return text


def _groups(program: Program) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return depth, least number and size of each group, in the order of their nodes, and all parts."""
    depths: list[int] = []
    leasts: list[int] = []
    sizes: list[int] = []
    parts: list[int] = []
    known = program.groups
    for depth, level in enumerate(program.levels):
        for node in range(level.first, level.first + len(level.starts) + len(level.counts)):
            least, of_node = known[node]
            depths.append(depth)
            leasts.append(least)
            sizes.append(len(of_node))
            parts += of_node
    return depths, leasts, sizes, parts


class Trees:
    """Writes nodes as lists: what it is, span, text, then what belongs to it."""

    def __init__(self, program: list[LeafKey]) -> None:
        self.leaves = program
        self._slots: dict[LeafKey, int] = {}
        for slot, key in enumerate(program):
            self._slots.setdefault(key, slot)
        self.rules: dict[str, int] = {}

    def criterion(self, item: Criterion, text: str) -> list[Any]:
        """Return a criterion; its text is left out where it is that of its span."""
        own = None if item.span is not None and item.text == spanned(text, item.span) else item.text
        return [
            item.id,
            item.role.value,
            item.section,
            list(item.span) if item.span else None,
            list(item.scope),
            own,
            item.text_origin,
            self.node(item.node),
        ]

    def node(self, node: Node) -> list[Any]:
        """Return a node."""
        start, end = node.span or (-1, -1)
        match node:
            case Leaf():
                slot = self._slot((node.kind, written_params(node.params)))
                rule = -1 if node.rule is None else self.rules.setdefault(node.rule, len(self.rules))
                return [_LEAF, start, end, node.text, slot, rule]
            case Not(part=part):
                return [_NOT, start, end, node.text, self.node(part)]
            case AllOf(parts=parts):
                return [_ALL, start, end, node.text, [self.node(part) for part in parts]]
            case AnyOf(parts=parts):
                return [_ANY, start, end, node.text, [self.node(part) for part in parts]]
            case AtLeast(n=n, parts=parts):
                return [_AT_LEAST, start, end, node.text, [self.node(part) for part in parts], n]
            case When(when=when, then=then):
                return [_WHEN, start, end, node.text, self.node(when), self.node(then)]

    def _slot(self, key: LeafKey) -> int:
        slot = self._slots.get(key)
        if slot is None:
            # Alternatives that were folded when compiled: told as written, though not evaluated one by one.
            slot = self._slots[key] = len(self.leaves)
            self.leaves.append(key)
        return slot


def spanned(text: str, span: Span) -> str:
    """Return what stands at a span, its white space made single."""
    return " ".join(text[span[0] : span[1]].split())


@dataclass(frozen=True, slots=True)
class Body:
    """Trees and text of a trial. Of most trials a criterion or two are asked for, so each is a line of its own.

    Attributes:
        rules: Names of the rules, which leaves name by number.
        lines: The criteria, each as JSON.
        text: The eligibility text that spans point into.
    """

    rules: list[str]
    lines: list[str]
    text: str

    @classmethod
    def of(cls, packed: bytes) -> Body:
        """Return what is in `PackedTrial.body`."""
        # What JSON writes holds no line break; the text, which may, comes last.
        first, _, rest = zlib.decompress(packed).decode().partition("\n")
        rules, count = json.loads(first)
        *lines, text = rest.split("\n", count)
        return cls(rules, lines, text)

    def criterion(self, at: int) -> list[Any]:
        """Return one criterion as it was written."""
        found: list[Any] = json.loads(self.lines[at])
        return found


class Unpacker:
    """Makes criteria of one trial.

    Args:
        criterion: Returns a criterion, by its position, as `Trees` wrote it.
        rules: Names of the rules.
        text: What spans point into.
        leaves_of_trial: Kind and parameters of each slot.
    """

    def __init__(
        self,
        criterion: Callable[[int], list[Any]],
        rules: list[str],
        text: str,
        leaves_of_trial: Sequence[tuple[str, Any]],
    ) -> None:
        self._written, self._rules, self._text, self._leaves = criterion, rules, text, leaves_of_trial

    def criterion(self, index: int) -> Criterion:
        """Return one criterion."""
        name, role, section, at, scope, own, origin, node = self._written(index)
        span = (at[0], at[1]) if at is not None else None
        if own is None and span is not None:
            own = spanned(self._text, span)
        return Criterion(name, Role(role), section, own or "", self._node(node), span, tuple(scope), origin)

    def _node(self, data: list[Any]) -> Node:
        what, start, end, text, inside = data[:5]
        span = None if start < 0 else (start, end)
        if what == _LEAF:
            kind, params = self._leaves[inside]
            return Leaf(kind, params, span, text, rule=self._rules[data[5]] if data[5] >= 0 else None)
        if what == _NOT:
            return Not(self._node(inside), span, text)
        if what == _WHEN:
            return When(self._node(inside), self._node(data[5]), span, text)
        parts = tuple(self._node(part) for part in inside)
        if what == _AT_LEAST:
            return AtLeast(data[5], parts, span, text)
        return AllOf(parts, span, text) if what == _ALL else AnyOf(parts, span, text)


def forms_of(program: bytes) -> NDArray[np.int64]:
    """Return the forms of the criteria, the last part of `PackedTrial.program`."""
    criteria = int(np.frombuffer(program, NUMBERS, HEAD)[1])
    return np.frombuffer(program, "<i8", offset=len(program) - 8 * criteria)
