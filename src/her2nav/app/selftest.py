"""`selftest`: every golden row through the whole program, and the proof of every decision table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from pydantic import Field, model_validator

from her2nav.app.interpret import typed_in
from her2nav.app.session import Session
from her2nav.interpret.gates import judge_gate
from her2nav.interpret.guidelines import guideline_set
from her2nav.interpret.proof import prove
from her2nav.interpret.results import NextTest, SpecimenHer2
from her2nav.model.base import Frozen
from her2nav.model.errors import DataError, Her2NavError, RuleDataError

FOLDER = "golden"
_GATES = "label_gates"
_NOTHING = frozenset({"", "none"})

Observed = Mapping[str, frozenset[str]]
"""What the program says of a row, by name of the fact; a scalar is a set of one."""


class CellRule(Frozen):
    """How a column enters the specimen: as the value of a field, or as a named fragment."""

    to: str | None = None
    fragments: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> CellRule:
        if (self.to is None) == (self.fragments is None):
            raise ValueError("write to or fragments")
        return self


class Expectation(Frozen):
    """What a column expects: words with their meaning, or names that must be within a fact."""

    column: str
    words: str | None = None
    within: str | None = None


class TumourBy(Frozen):
    """The tumour type, where a column decides it."""

    column: str
    is_: dict[str, str] = Field(alias="is")


class GoldenSet(Frozen):
    """One file of golden rows."""

    file: str
    title: str
    section: str
    tumour: str | None = None
    tumour_by: TumourBy | None = None
    gate: str | None = None
    specimens: tuple[dict[str, Any], ...] = ({},)
    common: dict[str, Any] = Field(default_factory=dict)
    cells: dict[str, CellRule]
    expect: tuple[Expectation, ...] = Field(min_length=1)


class GoldenSets(Frozen):
    """`data/golden/sets.yaml`."""

    as_of: date
    words: dict[str, dict[str, dict[str, Any]]]
    fragments: dict[str, dict[str, Any]]
    sets: tuple[GoldenSet, ...]


@dataclass(frozen=True, slots=True)
class RowResult:
    """One golden row.

    Attributes:
        id: Id of the row.
        given: What was entered, as in the golden file.
        expected: What the row expects.
        got: What the program says, for the same facts.
        faults: One line per disagreement; none: passed.
    """

    id: str
    given: str
    expected: str
    got: str
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True when nothing disagrees."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class SetResult:
    """One file of golden rows with its results."""

    title: str
    file: str
    section: str
    sha256: str
    rows: tuple[RowResult, ...]

    @property
    def failed(self) -> int:
        """How many rows disagree."""
        return sum(not row.passed for row in self.rows)


@dataclass(frozen=True, slots=True)
class TableProof:
    """A decision table: how many inputs were tried, and what is wrong with it."""

    table: str
    title: str
    rows: int
    cells: int
    fault: str | None


@dataclass(frozen=True)
class SelfTest:
    """The whole run.

    Attributes:
        made_on: The day on the clock; it does not enter the digest.
        sets: Golden rows.
        proofs: Decision tables.
        versions: What it was run with.
    """

    made_on: date
    sets: tuple[SetResult, ...]
    proofs: tuple[TableProof, ...]
    versions: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """How many golden rows were run."""
        return sum(len(one.rows) for one in self.sets)

    @property
    def failed(self) -> int:
        """How many golden rows and tables failed."""
        return sum(one.failed for one in self.sets) + sum(proof.fault is not None for proof in self.proofs)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every row's input and answer and every proof: equal on two machines that answer alike."""
        content = [
            [[one.file, one.sha256, [[r.id, r.given, r.got] for r in one.rows]] for one in self.sets],
            [[proof.table, proof.rows, proof.cells, proof.fault] for proof in self.proofs],
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def selftest(session: Session) -> SelfTest:
    """Run every golden row and prove every decision table.

    Raises:
        DataError: The golden rows or their description are absent or wrong.
    """
    golden = session.knowledge.record(f"{FOLDER}/sets.yaml", GoldenSets)
    listed = {f"{FOLDER}/{one.file}.csv" for one in golden.sets}
    shipped = {name for name in session.knowledge.bundle.folder(f"{FOLDER}/") if name.endswith(".csv")}
    if listed != shipped:
        raise DataError(f"not both listed and shipped: {', '.join(sorted(listed ^ shipped))}", file=f"data/{FOLDER}")
    return SelfTest(
        made_on=session.today(),
        sets=tuple(_run_set(session, golden, one) for one in golden.sets),
        proofs=tuple(_proofs(session, golden.as_of)),
        versions=session.versions(trials=False),
    )


def _run_set(session: Session, golden: GoldenSets, one: GoldenSet) -> SetResult:
    rows = session.knowledge.bundle.files[f"{FOLDER}/{one.file}.csv"]
    content = json.dumps(rows, sort_keys=True, ensure_ascii=False)
    results = tuple(_run_row(session, golden, one, row) for row in rows)
    return SetResult(one.title, one.file, one.section, hashlib.sha256(content.encode()).hexdigest(), results)


def _run_row(session: Session, golden: GoldenSets, one: GoldenSet, row: Mapping[str, str]) -> RowResult:
    judged = {expectation.column for expectation in one.expect}
    entered = [name for name in row if name != "id" and name not in judged]
    given = ", ".join(f"{name} {row[name]}" for name in entered if row[name])
    expected = ", ".join(f"{name} {row[name]}" for name in row if name in judged - {"id"} and row[name] not in _NOTHING)
    faults: dict[str, None] = {}
    got: dict[str, None] = {}
    for specimen in _specimens(golden, one, row):
        try:
            observed = _observe(session, golden, one, row, specimen)
        except Her2NavError as error:
            faults[str(error)] = None
            continue
        told, wrong = _compare(golden, one, row, observed)
        got[told] = None
        faults.update(dict.fromkeys(wrong))
    return RowResult(row["id"], given, expected, " / ".join(got), tuple(faults))


def _specimens(golden: GoldenSets, one: GoldenSet, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every specimen that a row stands for, as in a patient file."""
    choices: list[list[dict[str, Any]]] = [[_merged(base, one.common) for base in one.specimens]]
    for column, rule in one.cells.items():
        value = row[column]
        if rule.fragments is not None:
            fragments = golden.fragments[rule.fragments]
            if value not in fragments:
                raise DataError(f"row {row['id']}: no fragment '{value}'", file=f"data/{FOLDER}/{one.file}.csv")
            found = fragments[value]
            choices.append(found if isinstance(found, list) else [found])
        elif value:
            *folders, last = (rule.to or "").split("/")
            nested: dict[str, Any] = {last: value}
            for folder in reversed(folders):
                nested = {folder: nested}
            choices.append([nested])
    for combination in product(*choices):
        specimen: dict[str, Any] = {}
        for part in combination:
            specimen = _merged(specimen, part)
        yield specimen


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(one)
    for key, value in other.items():
        known = result.get(key)
        result[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _observe(
    session: Session, golden: GoldenSets, one: GoldenSet, row: Mapping[str, str], specimen: dict[str, Any]
) -> Observed:
    """Enter a specimen as a patient file would be, and return the facts that expectations name."""
    tumour = one.tumour_by.is_[row[one.tumour_by.column]] if one.tumour_by else one.tumour
    read = typed_in(session, {"tumour_type": tumour, **specimen}, golden.as_of)
    her2 = session.case(read).her2
    if her2 is None:
        raise DataError(f"no rules for the tumour type '{tumour}'", file=f"data/{FOLDER}/sets.yaml")
    result = her2.specimens[0]
    facts = _facts(result)
    if one.gate is not None:
        gates = guideline_set(session.knowledge).on(_GATES, golden.as_of)
        answer, steps = judge_gate(row[one.gate].lower(), result, gates)
        facts |= {"gate": {answer.outcome}, "rules": {ref.id for ref in answer.rules}, "next": _codes(steps)}
    return {name: frozenset(value) for name, value in facts.items()}


def _facts(result: SpecimenHer2) -> dict[str, set[str]]:
    yes = {True: {"yes"}, False: {"no"}}
    flags, steps = {flag.code for flag in result.flags}, _codes(result.next)
    facts = {
        "status": {result.status.value},
        "final": yes[result.status.final],
        "outcome": {result.status.outcome},
        "expression": {result.expression.value},
        "ihc": set(result.ihc),
        "scored": {"0" if score.startswith("0") else score for score in result.ihc_called},
        "ish": set(result.ish),
        "group": {f"G{result.ish_group}"} if result.ish_group else set(),
        "flags": flags,
        "next": steps,
        "notes": flags | steps,
        "rules": {ref.id for ref in result.status.rules},
    }
    for name, answer in result.extra.items():
        facts[f"answer.{name}"] = {answer.value}
        facts[f"final.{name}"] = yes[answer.final]
        facts[f"outcome.{name}"] = {answer.outcome}
    return facts


def _codes(steps: tuple[NextTest, ...]) -> set[str]:
    return {step.code for step in steps}


def _compare(golden: GoldenSets, one: GoldenSet, row: Mapping[str, str], observed: Observed) -> tuple[str, list[str]]:
    """Return what the program says about the facts a row names, and where it disagrees."""
    told: dict[str, str] = {}
    faults: list[str] = []
    for expectation in one.expect:
        value = row[expectation.column]
        if expectation.within is not None:
            found = observed[expectation.within]
            wanted = {item.strip() for item in value.split(";")} - _NOTHING
            kept = sorted(wanted & found)
            if kept:
                told[expectation.within] = ", ".join(kept)
            faults += [f"{expectation.column}: {item} is not among {_shown(found)}" for item in sorted(wanted - found)]
            continue
        words = golden.words[expectation.words or ""]
        if value not in words:
            raise DataError(f"row {row['id']}: no word '{value}'", file=f"data/{FOLDER}/{one.file}.csv")
        for fact, meant in words[value].items():
            wanted = set(meant) if isinstance(meant, list) else {str(meant)}
            found = observed[fact]
            agrees = wanted <= found if fact == "next" else wanted == found
            told[fact] = ", ".join(sorted(wanted)) if agrees and fact == "next" else _shown(found)
            if not agrees:
                faults.append(f"{expectation.column} {value}: {fact} is {_shown(found)}, not {_shown(wanted)}")
    return ", ".join(f"{fact} {value}" for fact, value in told.items()), faults


def _shown(values: frozenset[str] | set[str]) -> str:
    return " or ".join(sorted(values)) or "nothing"


def _proofs(session: Session, day: date) -> Iterator[TableProof]:
    """Yield the proof of every table that a guideline in force holds, each table once."""
    rules = guideline_set(session.knowledge)
    for folder in rules.folders:
        guideline = rules.on(folder, day)
        for name, table in guideline.compiled.items():
            if table.id != f"{guideline.id}/{name}":
                continue
            title = guideline.tables[name].title
            try:
                yield TableProof(table.id, title, len(table.rules), prove(table), None)
            except RuleDataError as error:
                yield TableProof(table.id, title, len(table.rules), 0, error.message)


def selftest_json(result: SelfTest) -> dict[str, Any]:
    """Return the run as plain data."""
    return {
        "made_on": result.made_on.isoformat(),
        "passed": result.failed == 0,
        "rows": result.rows,
        "failed": result.failed,
        "digest": result.digest,
        "sets": [
            {
                "title": one.title,
                "file": one.file,
                "section": one.section,
                "sha256": one.sha256,
                "rows": [
                    {
                        "id": row.id,
                        "given": row.given,
                        "expected": row.expected,
                        "got": row.got,
                        "passed": row.passed,
                        "faults": list(row.faults),
                    }
                    for row in one.rows
                ],
            }
            for one in result.sets
        ],
        "tables": [
            {"table": p.table, "title": p.title, "rows": p.rows, "cells": p.cells, "fault": p.fault}
            for p in result.proofs
        ],
        "versions": dict(result.versions),
    }
