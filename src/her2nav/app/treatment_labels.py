"""Labels and recommendations beside the trials of a patient: what is held of a trial's drugs, and labels left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from her2nav.facts.case import Case
from her2nav.kinds.forms import TreeReader
from her2nav.knowledge.load import Knowledge
from her2nav.matching import single
from her2nav.matching.evaluate import codes_of
from her2nav.matching.next_facts import Targets
from her2nav.matching.program import Builder, Program, Reference, row
from her2nav.matching.rank_parts import Evidence
from her2nav.model.errors import DataError
from her2nav.model.provenance import Confidence
from her2nav.model.tree import Node

_STANDING = ("approved", "guideline")
_GATES = "approvals/gates.yaml"
_PLACES = "approvals/jurisdictions.yaml"
_FILES = ("approvals/labels/", "approvals/guidelines.yaml")


@dataclass(frozen=True, slots=True)
class HeldDrugs:
    """Drugs with a label or a recommendation, in whatever country, on the patient's day.

    Attributes:
        here: In the patient's tumour, or where that is open.
        elsewhere: In another tumour.
    """

    here: frozenset[str]
    elsewhere: frozenset[str]

    def evidence(self, drugs: frozenset[str]) -> Evidence:
        """Return what is held of a trial's drugs."""
        if not drugs:
            return "not_known"
        if not drugs.isdisjoint(self.here):
            return "here"
        return "none" if drugs.isdisjoint(self.elsewhere) else "elsewhere"


def held_drugs(case: Case) -> HeldDrugs:
    """Return the drugs that labels hold for a patient; only what the labels say of the tumour is asked."""
    names, program, references = _of_tumours(case.knowledge)
    codes = codes_of(program, case.alone)
    closed = frozenset(name for name, one in zip(names, references, strict=True) if codes[one] == single.NOT_MET)
    return _held(case.knowledge, case.as_of, closed)


@lru_cache(maxsize=4)
def _of_tumours(knowledge: Knowledge) -> tuple[tuple[str, ...], Program, tuple[Reference, ...]]:
    """Return the gates that ask for the tumour as a program: their names and references."""
    asked = {name: tree for name, (about, tree) in _gates(knowledge).items() if about == "tumour"}
    builder = Builder()
    found = [builder.node(tree) for tree in asked.values()]
    program, groups = builder.finish()
    return tuple(asked), program, tuple(row(one, groups) for one in found)


@lru_cache(maxsize=64)
def _held(knowledge: Knowledge, day: date, closed: frozenset[str]) -> HeldDrugs:
    """Return the drugs that labels hold on a day, told which gates the tumour does not pass."""
    today = day.isoformat()
    here: set[str] = set()
    elsewhere: set[str] = set()
    for one in _labels(knowledge):
        if one.held_on(today):
            (here if closed.isdisjoint(one.gates) else elsewhere).update(one.drugs)
    return HeldDrugs(frozenset(here), frozenset(elsewhere))


@dataclass(frozen=True, slots=True, eq=False)
class _Label:
    """As much of a label as tells whom it takes.

    Attributes:
        id: Of the approval.
        drugs: Key drugs.
        gates: Those that are verified and stood in it all along.
        since: First day, or its latest bound; None: not held.
    """

    id: str
    jurisdiction: str
    drugs: frozenset[str]
    gates: tuple[str, ...]
    since: str | None

    def held_on(self, day: str) -> bool:
        """Return whether it was held on a day, ISO; a month or a year counts from its begin."""
        return self.since is None or self.since <= day[: len(self.since)]


@lru_cache(maxsize=4)
def _labels(knowledge: Knowledge) -> tuple[_Label, ...]:
    """Return labels and recommendations that are not withdrawn.

    Taken from the records as they stand: they were checked when they were built, and to make all of them whole takes
    longer than to match a patient.
    """
    bundle = knowledge.bundle
    verified = {row["id"] for row in bundle.files[_GATES]["gates"] if not Confidence(row["confidence"]).unverified}
    found = []
    for name in (*bundle.folder(_FILES[0]), _FILES[1]):
        for item in bundle.files[name]["approvals"]:
            periods = item.get("periods") or []
            withdrawn = bool(periods) and periods[-1]["status"] == "withdrawn"
            if withdrawn or item.get("standing", "approved") not in _STANDING:
                continue
            gates = [use for use in _many(item["gates"]) if isinstance(use, str) and use in verified]
            day = periods[0].get("valid_from") if periods else item.get("since")
            since = day["latest"] if isinstance(day, dict) else day
            found.append(
                _Label(item["id"], item["jurisdiction"], frozenset(_many(item["key_drugs"])), tuple(gates), since)
            )
    return tuple(found)


@lru_cache(maxsize=4)
def _gates(knowledge: Knowledge) -> dict[str, tuple[str, Node]]:
    """Return topic and tree of each gate."""
    rows: list[Any] = knowledge.bundle.files[_GATES]["gates"]
    reader = TreeReader(knowledge.bundle.document(_GATES), DataError)
    return {
        row["id"]: (row["about"], reader.read(row["rule"], ("gates", index, "rule"))) for index, row in enumerate(rows)
    }


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def open_labels(case: Case) -> Targets | None:
    """Return the patient's labels that are open as targets of facts; gates that are not verified are left out.

    None where nothing is open. Labels of the patient's jurisdiction, or of the default where no country is known.
    """
    home, today = _home(case), case.as_of.isoformat()
    asked = tuple(
        one for one in _labels(case.knowledge) if one.jurisdiction in ("any", home) and one.gates and one.held_on(today)
    )
    if not asked:
        return None
    program, references = _program(asked, case.knowledge)
    codes = codes_of(program, case.alone)
    waiting = [i for i, reference in enumerate(references) if codes[reference] == single.UNKNOWN]
    return Targets(program, codes, [references[i] for i in waiting], [asked[i].id for i in waiting], labels=True)


@lru_cache(maxsize=16)
def _program(labels: tuple[_Label, ...], knowledge: Knowledge) -> tuple[Program, tuple[Reference, ...]]:
    """Return the gates of labels as a program, and the reference of each label."""
    trees, builder = _gates(knowledge), Builder()
    found = [builder.all_of([builder.node(trees[gate][1]) for gate in one.gates]) for one in labels]
    program, groups = builder.finish()
    return program, tuple(row(reference, groups) for reference in found)


def _home(case: Case) -> str | None:
    """Return the jurisdiction whose labels count; None where none is held for the patient's country."""
    places = case.knowledge.bundle.files[_PLACES]
    where = case.patient.demographics.location
    code = case.knowledge.countries.find(where.country) if where is not None and where.country else None
    if code is None:
        return str(places["default"])
    return next((one["id"] for one in places["jurisdictions"] if code in _many(one["countries"])), None)
