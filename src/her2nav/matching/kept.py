"""Compiled trials as lines of text to keep, and back: the shipped catalogue is compiled once for a release.

The first line holds what evaluation and ranking need of every trial: the program, the records, whom criteria bind.
Then each trial has a line with its criteria, which is read when somebody asks for one of them. Leaves stand once, kind
and parameters, and are named by their slot; those of the program come first. What comes back equals what was kept.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Generic, TypeVar, overload

import numpy as np

from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.matching.compiled import CompiledCriterion, CompiledTrial, CompiledTrials, JudgedTrial
from her2nav.matching.leaf_notes import LeafNotes
from her2nav.matching.packing import Trees, Unpacker, written_params
from her2nav.matching.program import Level, Program, Reference
from her2nav.model.trial import Criterion, Trial, TrialRecord

FORMAT = 2
"""Raised with every change of the lines."""

T = TypeVar("T")


def kept(compiled: CompiledTrials, knowledge: Knowledge) -> list[str]:
    """Return trials as lines without line breaks inside, with what the knowledge says of their leaves."""
    trees = Trees([(kind, written_params(params)) for kind, params in compiled.leaves])
    lines = [_json(_criteria(trees, item.trial)) for item in compiled.trials]
    head = {
        "leaves": trees.leaves,
        "rules": list(trees.rules),
        "program": _program(compiled.program),
        "notes": b64encode(LeafNotes.of(compiled.leaves, knowledge).written()).decode(),
        "trials": [_trial(item) for item in compiled.trials],
    }
    return [_json(head), *lines]


def restored(lines: Sequence[str]) -> CompiledTrials:
    """Return the trials of `kept`.

    Raises:
        ValueError, KeyError, TypeError: The lines are not those of this release.
    """
    head = json.loads(lines[0])
    known = kinds()
    leaves = [(kind, known[kind].params.model_validate_json(params)) for kind, params in head["leaves"]]
    count, size, levels = head["program"]
    notes, _ = LeafNotes.read(b64decode(head["notes"]))
    program = Program(tuple(leaves[:count]), size, tuple(_level(*level) for level in levels), notes)
    trials = [
        _restored(_Body(line, head["rules"], leaves), **trial)
        for trial, line in zip(head["trials"], lines[1:], strict=True)
    ]
    return CompiledTrials(trials, program)


@dataclass(frozen=True)
class KeptTrial(CompiledTrial):
    """A compiled trial whose criteria are made when first asked for."""

    kept_references: tuple[Reference, ...]
    kept_binding: dict[str | None, tuple[int, ...]]
    kept_unread: int

    @cached_property
    def references(self) -> Sequence[Reference]:
        """Reference of each criterion."""
        return self.kept_references

    @cached_property
    def binding(self) -> dict[str | None, tuple[int, ...]]:
        """Positions of the criteria that decide about each arm that may be entered."""
        return self.kept_binding

    @cached_property
    def unread(self) -> int:
        """How many criteria that decide were not read, or not in full."""
        return self.kept_unread


class Lazy(Sequence[T], Generic[T]):
    """A sequence whose items are made when they are first asked for."""

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size, self._make = size, make
        self._made: dict[int, T] = {}

    def __repr__(self) -> str:
        return f"Lazy({self._size})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(self._size)))
        place = at + self._size if at < 0 else at
        if not 0 <= place < self._size:
            raise IndexError(at)
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]


class _Body:
    """The line of one trial."""

    def __init__(self, line: str, rules: list[str], leaves: Sequence[tuple[str, Any]]) -> None:
        self._line, self._rules, self._leaves = line, rules, leaves

    @cached_property
    def _unpacked(self) -> tuple[Unpacker, dict[str, str]]:
        criteria, notes = json.loads(self._line)
        return Unpacker(criteria.__getitem__, self._rules, "", self._leaves), notes

    def criterion(self, at: int) -> Criterion:
        """Return one criterion."""
        unpacker, notes = self._unpacked
        found, note = unpacker.criterion(at), notes.get(str(at))
        return found if note is None else replace(found, note=note)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _criteria(trees: Trees, trial: Trial) -> list[Any]:
    """Return the criteria of a trial, whose texts stand in full: the text of the registry is not at hand."""
    notes = {i: item.note for i, item in enumerate(trial.criteria) if item.note is not None}
    return [[trees.criterion(item, "") for item in trial.criteria], notes]


def _program(program: Program) -> list[Any]:
    levels = [
        [
            level.first,
            level.parts.tolist(),
            level.starts.tolist(),
            [[*one[:2], one[2].tolist()] for one in level.counts],
        ]
        for level in program.levels
    ]
    return [len(program.leaves), program.size, levels]


def _level(first: int, parts: list[int], starts: list[int], counts: list[tuple[int, int, list[int]]]) -> Level:
    return Level(
        first,
        np.array(parts, np.intp),
        np.array(starts, np.intp),
        tuple((node, least, np.array(of_node, np.intp)) for node, least, of_node in counts),
    )


def _trial(item: JudgedTrial) -> dict[str, Any]:
    return {
        "record": item.trial.record.model_dump(mode="json", exclude_unset=True),
        "criteria_from": item.trial.criteria_from,
        "references": list(map(int, item.references)),
        "forms": [one.form for one in item.criteria],
        "arms": item.arms,
        "verdict": item.verdict,
        "binding": list(item.binding.items()),
        "unread": item.unread,
    }


def _restored(
    body: _Body,
    record: dict[str, Any],
    criteria_from: Any,
    references: list[Reference],
    forms: list[int],
    arms: dict[str, Reference],
    verdict: Reference,
    binding: list[tuple[str | None, list[int]]],
    unread: int,
) -> KeptTrial:
    plain = Lazy(len(references), body.criterion)
    return KeptTrial(
        Trial(TrialRecord.model_validate(record), plain, criteria_from),
        Lazy(len(references), partial(_compiled, plain, references, forms)),
        arms,
        verdict,
        tuple(references),
        {arm: tuple(positions) for arm, positions in binding},
        unread,
    )


def _compiled(
    plain: Sequence[Criterion], references: Sequence[Reference], forms: Sequence[int], at: int
) -> CompiledCriterion:
    return CompiledCriterion(plain[at], references[at], forms[at])
