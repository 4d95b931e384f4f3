"""What is found in one patient's resources, and how it becomes a reading: newest, contradicting, older, skipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from her2nav.intake.fhir.codes import Codes
from her2nav.intake.reading import Contradiction, Origin, Question, Reading, Sourced, Unused

_ENDS = {"specimens": "collected", "therapies": "start", "planned": "start"}


@dataclass(frozen=True, slots=True)
class Place:
    """A resource: the file, the line of an NDJSON file or the entry of a bundle, and its FHIRPath."""

    source: str
    line: int
    path: str
    in_lines: bool

    def origin(self, element: str = "") -> Origin:
        """Return the place of one of its elements."""
        path = f"{self.path}.{element}" if element else self.path
        return Origin(self.source, None, None, self.line if self.in_lines else None, path)


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its day and its place."""

    value: Any
    day: str | None
    origin: Origin


@dataclass
class Entry:
    """One entry of a list of the patient file: every key with all values found for it."""

    values: dict[str, list[Value]] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: Origin, when: str | None = None) -> None:
        """Add a value where there is one."""
        if value is not None:
            self.values.setdefault(name, []).append(Value(value, when, origin))

    def first(self, name: str) -> Any:
        """Return the first value of a key, or None."""
        return self.values[name][0].value if name in self.values else None


class Chart:
    """One patient while the resources are read."""

    def __init__(self, source: str, codes: Codes) -> None:
        self.source = source
        self.codes = codes
        self.single: dict[str, list[Value]] = {}
        self.lists: dict[str, list[Entry]] = {}
        self.samples: dict[str, Entry] = {}
        self.questions: list[Question] = []
        self.skipped: list[Unused] = []
        self.counts: dict[str, int] = {}
        self.partial: str | None = None
        self.halves: dict[str, dict[str, str]] = {}
        """Systolic and diastolic pressure of a day, until both are there."""

    def put(self, name: str, value: Any, origin: Origin, when: str | None = None) -> None:
        """Add a value of a field that the patient file has once."""
        if value is not None:
            self.single.setdefault(name, []).append(Value(value, when, origin))

    def entry(self, section: str) -> Entry:
        """Begin an entry of a list."""
        one = Entry()
        self.lists.setdefault(section, []).append(one)
        return one

    def sample(self, name: str) -> Entry:
        """Return the sample of a specimen reference or of a day."""
        return self.samples.setdefault(name, Entry())

    def skip(self, place: Place, what: str, reason: str) -> None:
        """List a resource, or a part of one, from which nothing was taken."""
        self.skipped.append(Unused(place.source, place.line, f"{place.path}{what}: {reason}"))

    def ask(self, code: str, message: str, origin: Origin) -> None:
        """Add something that a person must settle."""
        self.questions.append(Question(code, message, origin))

    def reading(self) -> Reading:
        """Settle everything into a patient file."""
        draft = _Draft(self)
        for name in sorted(self.single):
            draft.single(name, self.single[name])
        self.lists["specimens"] = list(self.samples.values())
        for section, entries in self.lists.items():
            draft.section(section, entries)
        kept = tuple(self.skipped) + tuple(
            Unused(self.source, 0, f"{name}: {count} resources, not read")
            for name, count in sorted(self.counts.items())
        )
        return Reading(
            patient={name: draft.patient[name] for name in _ORDER if name in draft.patient},
            provenance=tuple(draft.provenance),
            contradictions=tuple(draft.contradictions),
            questions=tuple(self.questions),
            older=tuple(draft.older),
            unused=kept,
            partial=self.partial,
        )


_ORDER = (
    "id", "demographics", "performance", "cancer", "specimens", "biomarkers", "therapies", "planned", "procedures",
    "labs", "serology", "cardiac", "conditions", "allergies", "medications", "vitals",
)  # fmt: skip


class _Draft:
    """The patient file while it is settled."""

    def __init__(self, chart: Chart) -> None:
        self.fixed = chart.codes.fixed
        self.knowledge = chart.codes.knowledge
        self.patient: dict[str, Any] = {}
        self.provenance: list[Sourced] = []
        self.contradictions: list[Contradiction] = []
        self.older: list[Sourced] = []

    def single(self, name: str, found: list[Value]) -> None:
        """Keep the newest value; values of one day, or of a field that holds for life, contradict."""
        path = "/" + name.replace(".", "/")
        if name == "cancer.metastatic_sites":
            sites: dict[str, Value] = {}
            for one in found:
                sites.setdefault(one.value, one)
            self.patient.setdefault("cancer", {})["metastatic_sites"] = list(sites)
            self.provenance += [Sourced(f"{path}/{i}", v.value, v.origin) for i, v in enumerate(sites.values())]
            return
        ranked = self._narrowed(name, _distinct(found))
        newest = [one for one in ranked if one.day == ranked[0].day]
        rivals = ranked if name in self.fixed or ranked[-1].day is None else newest
        if len(rivals) > 1:
            self._contradict(path, name.rsplit(".", 1)[-1].replace("_", " "), rivals)
            return
        best = ranked[0]
        self._set(name, best.value)
        self.provenance.append(Sourced(path, best.value, best.origin))
        self.older += [Sourced(path, one.value, one.origin) for one in ranked[1:]]
        section = name.split(".")[0]
        if section == "performance" and best.day:
            days = [best.day, self.patient["performance"].get("date", best.day)]
            self._set("performance.date", min(days))
        if name.startswith(("biomarkers.er.", "biomarkers.pr.", "biomarkers.pd_l1.")) and best.day:
            self._set(name.rsplit(".", 1)[0] + ".date", best.day)

    def _narrowed(self, name: str, ranked: list[Value]) -> list[Value]:
        """Leave out what a narrower value of the same field includes: stage III beside IIIA."""
        if name == "cancer.stage":
            return [v for v in ranked if not any(_inside(o.value, v.value) for o in ranked)]
        if len(ranked) < 2 or name not in ("cancer.tumour_type", "cancer.histology"):
            return ranked
        known = self.knowledge
        wider = known.tumours.wider if name == "cancer.tumour_type" else known.histologies.wider
        kept = [v for v in ranked if not any(o is not v and v.value in wider(o.value) for o in ranked)]
        return kept or ranked

    def section(self, section: str, entries: list[Entry]) -> None:
        """Write a list, oldest first; entries that say the same are one."""
        settled: list[tuple[str, dict[str, Any], list[tuple[str, Value]]]] = []
        known: set[str] = set()
        for entry in entries:
            record: dict[str, Any] = {}
            sources: list[tuple[str, Value]] = []
            for name, found in entry.values.items():
                ranked = _distinct(found)
                if len(ranked) > 1:
                    label = f"{_LABELS.get(section, section)} {name.replace('.', ' ').replace('_', ' ')}"
                    self._contradict(f"/{section}/{name.replace('.', '/')}", label, ranked)
                    continue
                _nest(record, name, ranked[0].value)
                sources.append((name, ranked[0]))
            if not set(record) - {"date"} or (
                section == "specimens" and not set(record) & {"ihc", "ish", "ngs", "her2_reported"}
            ):
                continue
            shown = str(record)
            if shown in known:
                continue
            known.add(shown)
            when = record.get(_ENDS.get(section, "date")) or record.get("since") or record.get("end") or "9999"
            settled.append((str(when), record, sources))
        settled = self._unclashed(section, settled)
        if not settled:
            return
        settled.sort(key=lambda one: one[0])
        target, path = self._list(section)
        for when, record, sources in settled:
            del when
            self.provenance += [
                Sourced(f"{path}/{len(target)}/{name.replace('.', '/')}", value.value, value.origin)
                for name, value in sources
            ]
            target.append(record)

    def _unclashed(self, section: str, settled: list[Any]) -> list[Any]:
        """Take out measurements of one thing on one day that differ."""
        measured = _MEASURED.get(section)
        if measured is None:
            return settled
        groups: dict[tuple[str, str], list[Any]] = {}
        for one in settled:
            groups.setdefault((str(one[1].get("name", section)), one[0]), []).append(one)
        kept: list[Any] = []
        for (name, when), group in groups.items():
            if len(group) == 1:
                kept += group
                continue
            values = [next(v for n, v in one[2] if n == measured) for one in group]
            shown = [Value(one[1], v.day, v.origin) for one, v in zip(group, values, strict=True)]
            self._contradict(f"/{section}", f"{name} on {when}" if when != "9999" else f"{name} without a date", shown)
        return kept

    def _list(self, section: str) -> tuple[list[Any], str]:
        if section == "lvef":
            return self.patient.setdefault("cardiac", {}).setdefault("lvef", []), "/cardiac/lvef"
        return self.patient.setdefault(section, []), f"/{section}"

    def _set(self, name: str, value: Any) -> None:
        _nest(self.patient, name, value)

    def _contradict(self, path: str, label: str, rivals: list[Value]) -> None:
        choices = tuple(Sourced(path, one.value, one.origin) for one in rivals)
        shown = " or ".join(dict.fromkeys(_short(one.value) for one in rivals))
        self.contradictions.append(Contradiction(path, f"{label}: {shown}", choices))


_LABELS = {"specimens": "HER2 of one sample,", "therapies": "therapy,"}
_MEASURED = {"labs": "value", "lvef": "percent"}


def _inside(narrow: str, wide: str) -> bool:
    """True when a stage is a part of another one: IIIA of III, but not III of II."""
    return narrow != wide and narrow.startswith(wide) and narrow[len(wide)] not in "IV"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(value[name]) for name in ("value", "percent", "unit") if name in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _distinct(found: list[Value]) -> list[Value]:
    """Keep one of equal values, the newest; newest first, undated last."""
    if len(found) == 1:
        return found
    kept: dict[str, Value] = {}
    for one in sorted(found, key=lambda value: value.day or "", reverse=True):
        kept.setdefault(str(one.value).lower(), one)
    return list(kept.values())


def _nest(record: dict[str, Any], name: str, value: Any) -> None:
    *parts, last = name.split(".")
    for part in parts:
        record = record.setdefault(part, {})
    record[last] = value
