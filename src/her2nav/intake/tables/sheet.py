"""What the rows of one patient say, and how it becomes a reading: newest, contradicting, older, left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from her2nav.facts.labs import lab_problem
from her2nav.intake.reading import Contradiction, Origin, Question, Reading, Sourced, Unused
from her2nav.intake.tables.days import BEGINS, set_aside
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.base import Frozen
from her2nav.model.patient import Patient
from her2nav.model.treatment import Lab

_BEGINS = (*BEGINS, "end")
_NEEDED = {
    "labs": "name",
    "procedures": "kind",
    "conditions": "name",
    "allergies": "substance",
    "toxicities": "name",
    "medications": "name",
    "cardiac.lvef": "percent",
    "therapies": "drugs",
    "planned": "drugs",
}
"""What an entry is nothing without."""
_DAYS = {
    "cardiac.lvef_percent": "cardiac.lvef_date",
    "cardiac.qtcf_ms": "cardiac.ecg_date",
    "cardiac.qtcb_ms": "cardiac.ecg_date",
}
_WINS = {"demographics.vital_status": "deceased", "demographics.do_not_contact": True}
"""Who died, or may not be contacted, by any row."""
_ONE_TEST = (("biomarkers", "er"), ("biomarkers", "pr"))
"""Groups whose values are those of one test, with one day."""


class FieldRules(Frozen):
    """`intake/fields.yaml`: which fields hold for life, which change."""

    fixed: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its day and its place; `is_date`: it is a day itself."""

    value: Any
    day: str | None
    origin: Origin
    is_date: bool = False

    @property
    def rank(self) -> tuple[str, str]:
        """Sort by day, then by what it says, so that the order of the rows decides nothing."""
        return self.day or "", str(self.value)


@dataclass
class Sheet:
    """One patient while the rows are read."""

    knowledge: Knowledge
    single: dict[tuple[str, ...], list[Value]] = field(default_factory=dict)
    lists: dict[str, list[dict[tuple[str, ...], Value]]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    """Lists of which something was left out: they are not complete for this patient."""

    def put(self, path: Iterable[str | int], value: Value) -> None:
        """Add a value of a field that the patient file has once."""
        self.single.setdefault(tuple(str(part) for part in path), []).append(value)

    def entry(self, section: str) -> dict[tuple[str, ...], Value]:
        """Begin an entry of a list."""
        found: dict[tuple[str, ...], Value] = {}
        self.lists.setdefault(section, []).append(found)
        return found

    def ask(self, code: str, message: str, origin: Origin) -> None:
        """Add something that a person must settle; the value is left out."""
        self.questions.append(Question(code, message, origin))

    def skip(self, origin: Origin, reason: str) -> None:
        """List a row, or a part of one, from which nothing was taken."""
        self.unused.append(Unused(origin.source, origin.line or 0, f"{origin.quote}: {reason}"))

    def reading(self, identity: str | None, fixed: frozenset[str], complete: dict[str, bool], today: date) -> Reading:
        """Settle everything into a patient file, as of the patient's own day or the clock's."""
        set_aside(self, today)
        draft = _Draft(self, fixed)
        draft.of_one_day()
        for path in sorted(self.single):
            draft.settle(path, self.single[path])
        for section in sorted(self.lists):
            draft.section(section, self.lists[section])
        record = {name: draft.record[name] for name in Patient.model_fields if name in draft.record}
        whole = {name: True for name, yes in complete.items() if yes and name not in self.left_out | draft.left_out}
        for name in sorted({n for n, yes in complete.items() if yes} - set(whole)):
            self.questions.append(
                Question("not_complete", f"{name} is not taken as complete: something of it was left out")
            )
        if whole and record:
            record["complete"] = whole
        if identity is not None:
            record = {"id": identity, **record}
        return Reading(
            record,
            tuple(draft.provenance),
            tuple(draft.contradictions),
            tuple(self.questions),
            tuple(draft.older),
            tuple(self.unused),
        )


class _Draft:
    """The patient file while it is settled."""

    def __init__(self, sheet: Sheet, fixed: frozenset[str]) -> None:
        self.sheet, self.fixed = sheet, fixed
        self.record: dict[str, Any] = {}
        self.provenance: list[Sourced] = []
        self.contradictions: list[Contradiction] = []
        self.older: list[Sourced] = []
        self.left_out: set[str] = set()

    def of_one_day(self) -> None:
        """Keep the newest day of a receptor: the percentage of one test is not put beside the status of another."""
        for group in _ONE_TEST:
            mine = {path: found for path, found in self.sheet.single.items() if path[:-1] == group}
            newest = max((one.day for found in mine.values() for one in found if one.day), default=None)
            for path, found in mine.items():
                kept = [one for one in found if one.day in (None, newest)]
                self.older += [Sourced("/" + "/".join(path), one.value, one.origin) for one in found if one not in kept]
                if kept:
                    self.sheet.single[path] = kept
                else:
                    del self.sheet.single[path]

    def settle(self, path: tuple[str, ...], found: list[Value]) -> None:
        """Keep the newest value; values of one day, or of a field that holds for life, contradict."""
        name, pointer = ".".join(path), "/" + "/".join(path)
        if path[-1] == "metastatic_sites":
            sites: dict[str, Value] = {}
            for one in sorted(found, key=lambda one: one.rank):
                for site in one.value:
                    sites.setdefault(site, one)
            self._put(path, list(sites))
            self.provenance += [Sourced(f"{pointer}/{i}", site, v.origin) for i, (site, v) in enumerate(sites.items())]
            return
        ranked = _distinct(found)
        wins = [one for one in ranked if one.value == _WINS.get(name, object())]
        newest = [one for one in ranked if one.day == ranked[0].day]
        rivals = ranked if name in self.fixed or ranked[-1].day is None else newest
        if len(wins or rivals) > 1:
            shown = " or ".join(dict.fromkeys(str(one.value) for one in rivals))
            choices = tuple(Sourced(pointer, one.value, one.origin) for one in rivals)
            self.contradictions.append(Contradiction(pointer, f"{path[-1].replace('_', ' ')}: {shown}", choices))
            return
        best = wins[0] if wins else ranked[0]
        self._put(path, best.value)
        self.provenance.append(Sourced(pointer, best.value, best.origin))
        self.older += [Sourced(pointer, one.value, one.origin) for one in ranked if one is not best]
        day = day_of(name)
        if best.day and day and tuple(day.split(".")) not in self.sheet.single:
            before = self._at(tuple(day.split(".")))
            self._put(tuple(day.split(".")), min(best.day, before) if before else best.day)

    def section(self, section: str, entries: list[dict[tuple[str, ...], Value]]) -> None:
        """Write a list, oldest first; entries that say the same are one."""
        settled: list[tuple[str, str, dict[str, Any], dict[tuple[str, ...], Value]]] = []
        known: set[str] = set()
        for entry in self._merged(section, entries):
            record: dict[str, Any] = {}
            for path in sorted(entry):
                _nest(record, path, entry[path].value)
            if not entry or record.get(_NEEDED.get(section, ""), "") is None or self._unusable(section, record, entry):
                continue
            text = str(sorted(record.items(), key=str))
            if text in known:
                continue
            known.add(text)
            begins = next((str(record[name]) for name in _BEGINS if record.get(name)), "9999")
            settled.append((begins, text, record, entry))
        settled = self._unclashed(section, settled)
        if not settled:
            return
        settled.sort(key=lambda one: one[:2])
        at = section.split(".")
        target: list[Any] = []
        self._put(tuple(at), target)
        for _, _, record, entry in settled:
            base = f"/{'/'.join(at)}/{len(target)}"
            self.provenance += [
                Sourced(f"{base}/{'/'.join(path)}", value.value, value.origin) for path, value in sorted(entry.items())
            ]
            target.append(record)

    def _merged(self, section: str, entries: list[dict[tuple[str, ...], Value]]) -> list[dict[tuple[str, ...], Value]]:
        """Join the rows of one specimen, which an `id` of its own names; what differs in them is left out."""
        if section != "specimens":
            return entries
        named: dict[str, list[dict[tuple[str, ...], Value]]] = {}
        rest = []
        for entry in entries:
            if ("id",) in entry:
                named.setdefault(str(entry["id",].value), []).append(entry)
            else:
                rest.append(entry)
        for name, rows in named.items():
            whole: dict[tuple[str, ...], Value] = {}
            for path in sorted({path for row in rows for path in row}):
                ranked = _distinct([row[path] for row in rows if path in row])
                if len(ranked) > 1:
                    pointer = f"/specimens/{'/'.join(path)}"
                    shown = " or ".join(str(one.value) for one in ranked)
                    choices = tuple(Sourced(pointer, one.value, one.origin) for one in ranked)
                    message = f"specimen {name}, {' '.join(path).replace('_', ' ')}: {shown}"
                    self.contradictions.append(Contradiction(pointer, message, choices))
                else:
                    whole[path] = ranked[0]
            rest.append(whole)
        return rest

    def _unusable(self, section: str, record: dict[str, Any], entry: dict[tuple[str, ...], Value]) -> bool:
        """Ask about an entry that lacks what it is nothing without, and about a laboratory value that cannot be."""
        needed = _NEEDED.get(section)
        origin = next(iter(entry.values())).origin
        if needed is not None and needed not in record:
            if set(record) - {"date"}:
                self.sheet.ask("no_name", f"an entry of {section} without its {needed}; left out", origin)
                self.left_out.add(section)
            return True
        if section != "labs" or "value" not in record:
            return False
        problem = lab_problem(Lab.model_validate(record), self.sheet.knowledge)
        if problem is None or problem.warning:
            return False
        allowed = f" (allowed: {problem.allowed})" if problem.allowed else ""
        self.sheet.ask("unit", f"{problem.message}{allowed}; left out", origin)
        return True

    def _unclashed(self, section: str, settled: list[Any]) -> list[Any]:
        """Take out laboratory values of one name and day that differ."""
        measured = {"labs": "value", "cardiac.lvef": "percent"}.get(section)
        if measured is None:
            return settled
        groups: dict[tuple[str, str], list[Any]] = {}
        for one in settled:
            groups.setdefault((key(str(one[2].get("name", section))), one[0]), []).append(one)
        kept: list[Any] = []
        for (_, day), group in sorted(groups.items()):
            if len(group) == 1:
                kept += group
                continue
            name, pointer = group[0][2].get("name", section), "/" + section.replace(".", "/")
            choices = tuple(Sourced(pointer, one[2].get(measured), one[3][measured,].origin) for one in group)
            shown = " or ".join(f"{one[2].get(measured)} {one[2].get('unit', '')}".strip() for one in group)
            when = f"on {day}" if day != "9999" else "without a date"
            self.contradictions.append(Contradiction(pointer, f"{name} {when}: {shown}", choices))
        return kept

    def _put(self, path: tuple[str, ...], value: Any) -> None:
        _nest(self.record, path, value)

    def _at(self, path: tuple[str, ...]) -> Any:
        here: Any = self.record
        for part in path:
            here = here.get(part) if isinstance(here, dict) else None
        return here


def day_of(name: str) -> str | None:
    """Return the field that holds the day of another one: `performance.date` of `performance.ecog`; None: none does."""
    if name in _DAYS:
        return _DAYS[name]
    parts = name.split(".")
    if parts[0] in ("performance", "serology", "lung"):
        return f"{parts[0]}.date"
    return (
        ".".join([*parts[:2], "date"])
        if name.startswith(("biomarkers.er.", "biomarkers.pr.", "biomarkers.pd_l1."))
        else None
    )


def _distinct(found: list[Value]) -> list[Value]:
    """Keep one of equal values, the newest; newest first, undated last."""
    kept: dict[str, Value] = {}
    for one in sorted(found, key=lambda one: one.rank, reverse=True):
        kept.setdefault(str(one.value).lower(), one)
    return list(kept.values())


def _nest(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *parts, last = path
    for part in parts:
        record = record.setdefault(part, {})
    record[last] = value
