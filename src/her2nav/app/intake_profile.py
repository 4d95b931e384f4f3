"""`intake --profile`: how much of each field the patients have, coded or as text, and how many criteria ask it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from her2nav.app.session import Session
from her2nav.intake.reading import Reading
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.specimens import Biomarkers
from her2nav.model.tree import leaves

_LISTED = 200
_FROM_NOTE = "note."
_COUNTED = re.compile(r"(.+?): (\d+) (?:resources|notes), (.+)")


class ProfileRow(Frozen):
    """A row of `intake/profile.csv`: a field as people call it, its paths, and the criterion kinds that it feeds."""

    field: str
    paths: tuple[str, ...]
    names: str = ""
    """Vocabulary that its words must be in to be judged; `text`: never more than a word."""
    kinds: tuple[str, ...]


class FieldProfile(Frozen):
    """One field: numbers of patients, and of criteria in the catalogue."""

    field: str
    coded: int
    text_only: int
    absent: int
    criteria: int


class Unmapped(Frozen):
    """Something that was not used, with its number of rows."""

    what: str
    count: int


class ProfileAnswer(Frozen):
    """Answer of `her2nav intake --profile --format json`."""

    patients: int
    deceased: int
    do_not_contact: int
    values: int
    conflicts: int
    to_settle: int
    complete: dict[str, int]
    fields: tuple[FieldProfile, ...]
    not_used: tuple[Unmapped, ...]
    not_used_total: int
    questions: dict[str, int]
    told: tuple[str, ...]
    versions: dict[str, str | None]


@dataclass
class _Counts:
    coded: int = 0
    text: int = 0


@dataclass
class Profile:
    """The counts while the patients go by; nothing of a patient is kept."""

    session: Session
    patients: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    values: int = 0
    conflicts: int = 0
    questions: Counter[str] = field(default_factory=Counter)
    complete: Counter[str] = field(default_factory=Counter)
    not_used: Counter[str] = field(default_factory=Counter)
    found: dict[str, _Counts] = field(default_factory=dict)

    def add(self, reading: Reading) -> None:
        """Count one patient."""
        self.questions.update(one.code for one in reading.questions)
        for one in reading.unused:
            what, count = what_of(one.text)
            self.not_used[what] += count
        if not set(reading.patient) - {"id"}:
            return
        self.patients += 1
        self.values += len(reading.provenance)
        self.conflicts += len(reading.contradictions)
        person = reading.patient.get("demographics", {})
        self.marked["deceased"] += person.get("vital_status") == "deceased"
        self.marked["do_not_contact"] += str(person.get("do_not_contact")).lower() == "true"
        self.complete.update(name for name, whole in reading.patient.get("complete", {}).items() if whole)
        noted = {one.path for one in reading.provenance if one.origin.quote.startswith(_FROM_NOTE)}
        knowledge = self.session.knowledge
        for row in rows(knowledge):
            known = _known(row.names, knowledge)
            values = [
                (pointer, value) for path in row.paths for pointer, value in _values(reading.patient, path.split("."))
            ]
            self._count(row.field, [known(value) and pointer not in noted for pointer, value in values])
        for lab in _labs(reading.patient, knowledge):
            self._count(f"laboratory: {lab}", [True])

    def _count(self, name: str, judged: list[bool]) -> None:
        counts = self.found.setdefault(name, _Counts())
        counts.coded += any(judged)
        counts.text += bool(judged) and not any(judged)

    def answer(self, told: Iterable[str]) -> ProfileAnswer:
        """Return the profile."""
        asked, labs = demand(self.session)
        fields = [
            self._field(row.field, sum(asked[kind] for kind in row.kinds)) for row in rows(self.session.knowledge)
        ]
        names = {lab: f"laboratory: {lab}" for lab in labs}
        names |= {one.partition(": ")[2]: one for one in self.found if one.startswith("laboratory: ")}
        fields += [self._field(name, labs[lab]) for lab, name in names.items()]
        return ProfileAnswer(
            patients=self.patients,
            deceased=self.marked["deceased"],
            do_not_contact=self.marked["do_not_contact"],
            values=self.values,
            conflicts=self.conflicts,
            to_settle=sum(self.questions.values()),
            complete=dict(self.complete),
            fields=tuple(sorted(fields, key=lambda one: -one.criteria)),
            not_used=tuple(Unmapped(what=what, count=count) for what, count in self.not_used.most_common(_LISTED)),
            not_used_total=sum(self.not_used.values()),
            questions=dict(self.questions.most_common()),
            told=tuple(told),
            versions=self.session.versions(),
        )

    def _field(self, name: str, criteria: int) -> FieldProfile:
        counts = self.found.get(name, _Counts())
        absent = self.patients - counts.coded - counts.text
        return FieldProfile(field=name, coded=counts.coded, text_only=counts.text, absent=absent, criteria=criteria)


def rows(knowledge: Knowledge) -> list[ProfileRow]:
    """Return the fields of the profile."""
    return knowledge.table("intake/profile.csv", ProfileRow)


def demand(session: Session) -> tuple[Counter[str], Counter[str]]:
    """Count the propositions of the catalogue's criteria by kind, and those on laboratory values by variable."""
    kinds: Counter[str] = Counter()
    labs: Counter[str] = Counter()
    for trial in session.trials:
        for criterion in trial.criteria:
            for leaf in leaves(criterion.node):
                kinds[leaf.kind] += 1
                variable = getattr(leaf.params, "variable", None)
                if leaf.kind == "lab_value" and isinstance(variable, str):
                    labs[variable] += 1
    return kinds, labs


def what_of(text: str) -> tuple[str, int]:
    """Return why something was not used, without the single row, and how many rows it was.

    >>> what_of("note: 12 notes, not read")
    ('note: not read', 12)
    """
    match = _COUNTED.fullmatch(text)
    return (f"{match[1]}: {match[3]}", int(match[2])) if match else (text[:160], 1)


def _values(record: Any, parts: list[str], pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values at a path; a star stands for every entry of a list, `@gene` for every gene."""
    if record is None or record == [] or record == {}:
        return
    if not parts:
        yield pointer, record
        return
    part, rest = parts[0], parts[1:]
    if part == "*":
        for i, one in enumerate(record if isinstance(record, list) else [record]):
            yield from _values(one, rest, f"{pointer}/{i}")
    elif part == "@gene":
        for name, one in record.items() if isinstance(record, dict) else ():
            if name not in Biomarkers.model_fields:
                yield from _values(one, rest, f"{pointer}/{name}")
    elif isinstance(record, dict) and part in record:
        yield from _values(record[part], rest, f"{pointer}/{part}")


def _known(names: str, knowledge: Knowledge) -> Callable[[Any], bool]:
    """Return whether a value can be judged: a word must be in its vocabulary."""
    if names == "text":
        return lambda _: False
    if names == "drugs":
        return lambda value: all(_drug(one, knowledge) for one in (value if isinstance(value, list) else [value]))
    vocabulary = getattr(knowledge, names) if names else None
    if vocabulary is None:
        return lambda _: True
    return lambda value: all(
        vocabulary.find(str(one)) is not None for one in (value if isinstance(value, list) else [value])
    )


def _drug(value: Any, knowledge: Knowledge) -> bool:
    name = value.get("name", "") if isinstance(value, dict) else str(value)
    found = knowledge.drugs.resolve(name)
    return found.known and not found.ambiguous


def _labs(patient: dict[str, Any], knowledge: Knowledge) -> set[str]:
    return {
        found
        for lab in patient.get("labs", [])
        if (found := knowledge.variables.find(str(lab.get("name", "")))) is not None
    }
