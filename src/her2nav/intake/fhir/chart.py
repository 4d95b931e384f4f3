"""What is found in one patient's resources, and how it becomes a reading: newest, contradicting, older, skipped."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, NamedTuple

from her2nav.intake.fhir.codes import Codes
from her2nav.intake.reading import Contradiction, Origin, Question, Reading, Sourced, Unused

_made = tuple.__new__
"""Makes a named tuple of a type and its values in half the time of a call of the type: an export has millions."""
_ENDS = {"specimens": "collected", "therapies": "start", "planned": "start"}


class Place(NamedTuple):
    """A resource: the file, the line of an NDJSON file or the entry of a bundle, and its FHIRPath."""

    source: str
    line: int
    path: str
    in_lines: bool

    def origin(self, element: str = "") -> Origin:
        """Return the place of one of its elements."""
        source, line, path, in_lines = self
        shown = f"{path}.{element}" if element else path
        return _made(Origin, (source, None, None, line if in_lines else None, shown))


class Value(NamedTuple):
    """A value with its day and its place."""

    value: Any
    day: str | None
    origin: Origin


class Entry:
    """One entry of a list of the patient file: every key with all values found for it."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: dict[str, list[Value]] = {}

    def put(self, name: str, value: Any, origin: Origin, when: str | None = None) -> None:
        """Add a value where there is one."""
        if value is None:
            return
        known = self.values.get(name)
        if known is None:
            self.values[name] = [_made(Value, (value, when, origin))]
        else:
            known.append(_made(Value, (value, when, origin)))

    def first(self, name: str) -> Any:
        """Return the first value of a key, or None."""
        return self.values[name][0].value if name in self.values else None


class Row(NamedTuple):
    """One entry of a list of the patient file that nothing can be added to or contradict: its record and places."""

    record: dict[str, Any]
    sources: list[tuple[str, Any, Origin]]
    """Key, value and place."""


class Chart:
    """One patient while the resources are read."""

    def __init__(self, source: str, codes: Codes) -> None:
        self.source = source
        self.codes = codes
        self.single: dict[str, list[Value]] = {}
        self.lists: dict[str, list[Entry]] = {}
        self.rows: dict[str, list[Row]] = {}
        self.samples: dict[str, Entry] = {}
        self.questions: list[Question] = []
        self.skipped: list[Unused] = []
        self.counts: dict[str, int] = {}
        self.partial: str | None = None
        self.other_cancers: frozenset[str] = frozenset()
        """Ids of the diagnoses of cancers that are over, beside one that is not."""
        self.halves: dict[str, dict[str, str]] = {}
        """Systolic and diastolic pressure of a day, until both are there."""

    def put(self, name: str, value: Any, origin: Origin, when: str | None = None) -> None:
        """Add a value of a field that the patient file has once."""
        if value is None:
            return
        known = self.single.get(name)
        if known is None:
            self.single[name] = [_made(Value, (value, when, origin))]
        else:
            known.append(_made(Value, (value, when, origin)))

    def entry(self, section: str) -> Entry:
        """Begin an entry of a list."""
        one = Entry()
        self.lists.setdefault(section, []).append(one)
        return one

    def row(self, section: str, record: dict[str, Any], sources: list[tuple[str, Any, Origin]]) -> None:
        """Add a whole entry of a list."""
        known = self.rows.get(section)
        if known is None:
            self.lists.setdefault(section, [])
            known = self.rows[section] = []
        known.append(Row(record, sources))

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.single or any(self.lists.values()) or self.rows or self.samples)

    def sample(self, name: str) -> Entry:
        """Return the sample of a specimen reference or of a day."""
        return self.samples.setdefault(name, Entry())

    def skip(self, place: Place, what: str, reason: str) -> None:
        """List a resource, or a part of one, from which nothing was taken."""
        self.skipped.append(Unused(place.source, place.line, f"{place.path}{what}: {reason}"))

    def ask(self, code: str, message: str, origin: Origin) -> None:
        """Add something that a person must settle."""
        self.questions.append(Question(code, message, origin))

    def reading(self, identity: str | None = None, lines: int = 0) -> Reading:
        """Settle everything into a patient file.

        Args:
            identity: Its id; None: it gets none.
            lines: How many resources there were.
        """
        draft = _Draft(self)
        for receptor in ("er", "pr"):
            self._one_day(draft, f"biomarkers.{receptor}.status", f"biomarkers.{receptor}.percent")
        self._spread_since(draft)
        for name in sorted(self.single):
            draft.single(name, self.single[name])
        self.lists["specimens"] = list(self.samples.values())
        for section, entries in self.lists.items():
            draft.section(section, entries, self.rows.get(section, []))
        kept = tuple(self.skipped)
        if self.counts:
            kept += tuple(
                Unused(self.source, 0, f"{name}: {count} resources, not read")
                for name, count in sorted(self.counts.items())
            )
        patient: dict[str, Any] = {"id": identity} if identity is not None else {}
        patient.update((name, draft.patient[name]) for name in _ORDER if name in draft.patient)
        return Reading(
            patient=patient,
            provenance=tuple(draft.provenance),
            contradictions=tuple(draft.contradictions),
            questions=tuple(self.questions),
            older=tuple(draft.older),
            unused=kept,
            partial=self.partial,
            lines=lines,
        )

    def _one_day(self, draft: _Draft, status: str, percent: str) -> None:
        """Set aside what an older test said of a receptor, and what contradicts on one day: a record has one day."""
        told, share = self.single.get(status), self.single.get(percent)
        if not told or not share:
            return
        newest = [max((one.day or "" for one in found), default="") for found in (told, share)]
        if all(newest) and newest[0] != newest[1]:
            older = status if newest[0] < newest[1] else percent
            draft.older += [
                Sourced("/" + older.replace(".", "/"), one.value, one.origin) for one in self.single.pop(older)
            ]
        elif told[0].value == "negative" and number_at_least(share[0].value, _POSITIVE_FROM):
            rivals = [*self.single.pop(status), *self.single.pop(percent)]
            draft.contradict("/" + status.rsplit(".", 1)[0].replace(".", "/"), status.split(".")[1], rivals)

    def _spread_since(self, draft: _Draft) -> None:
        """Set aside that there were no metastases (M0) before the first of those that there are."""
        sites, category = self.single.get("cancer.metastatic_sites"), self.single.get("cancer.tnm.m")
        if not sites or not category or not all(str(one.value).upper().endswith("M0") for one in category):
            return
        days = [one.day or "" for one in sites]
        if all(days) and all(one.day and one.day < min(days) for one in category):
            draft.older += [Sourced("/cancer/tnm/m", one.value, one.origin) for one in self.single.pop("cancer.tnm.m")]


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
        if len(found) == 1 and name not in _LISTED:
            self._best(name, path, found[0])
            return
        if name == "cancer.metastatic_sites":
            sites: dict[str, Value] = {}
            for one in found:
                sites.setdefault(one.value, one)
            self.patient.setdefault("cancer", {})["metastatic_sites"] = list(sites)
            self.provenance += [Sourced(f"{path}/{i}", v.value, v.origin) for i, v in enumerate(sites.values())]
            return
        if name.startswith("biomarkers.") and all(isinstance(one.value, list) for one in found):
            found = [_together(found)]
        ranked = self._narrowed(name, _distinct(found))
        newest = [one for one in ranked if one.day == ranked[0].day]
        rivals = ranked if name in self.fixed or ranked[-1].day is None else newest
        if len(rivals) > 1:
            self.contradict(path, name.rsplit(".", 1)[-1].replace("_", " "), rivals)
            return
        self._best(name, path, ranked[0])
        self.older += [Sourced(path, one.value, one.origin) for one in ranked[1:]]

    def _best(self, name: str, path: str, best: Value) -> None:
        self._set(name, best.value)
        self.provenance.append(_made(Sourced, (path, best.value, best.origin)))
        section = name.split(".", 1)[0]
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

    def section(self, section: str, entries: list[Entry], rows: list[Row]) -> None:
        """Write a list, oldest first; entries that say the same are one."""
        settled: list[_Settled] = []
        known: set[Any] = set()
        dated = _ENDS.get(section, "date")
        for record, sources in rows:
            shown = tuple(record.items())
            if shown not in known:
                known.add(shown)
                settled.append((record.get(dated, "9999"), record, sources))
        for entry in entries:
            record = {}
            sources = []
            for name, found in entry.values.items():
                best = found[0]
                if len(found) > 1:
                    ranked = _distinct(found)
                    if len(ranked) > 1:
                        label = f"{_LABELS.get(section, section)} {name.replace('.', ' ').replace('_', ' ')}"
                        self.contradict(f"/{section}/{name.replace('.', '/')}", label, ranked)
                        continue
                    best = ranked[0]
                if "." in name:
                    _nest(record, name, best.value)
                else:
                    record[name] = best.value
                sources.append((name, best.value, best.origin))
            if record.keys() <= _DATE or (section == "specimens" and not record.keys() & _RESULTS):
                continue
            if len(entries) > 1:
                said = str(record)
                if said in known:
                    continue
                known.add(said)
            when = record.get(dated) or record.get("since") or record.get("end") or "9999"
            settled.append((str(when), record, sources))
        if len(settled) > 1:
            settled = self._unclashed(section, settled)
            settled.sort(key=_first)
        if not settled:
            return
        target, path = self._list(section)
        for _, record, sources in settled:
            stem = f"{path}/{len(target)}/"
            self.provenance += [
                _made(Sourced, (stem + (name.replace(".", "/") if "." in name else name), value, origin))
                for name, value, origin in sources
            ]
            target.append(record)

    def _unclashed(self, section: str, settled: list[_Settled]) -> list[_Settled]:
        """Take out measurements of one thing on one day that differ."""
        measured = _MEASURED.get(section)
        if measured is None:
            return settled
        groups: dict[tuple[str, str], list[_Settled]] = {}
        for one in settled:
            groups.setdefault((str(one[1].get("name", section)), one[0]), []).append(one)
        if len(groups) == len(settled):
            return settled
        kept: list[_Settled] = []
        for (name, when), group in groups.items():
            if len(group) == 1:
                kept += group
                continue
            shown = [Value(one[1], None, next(o for n, _, o in one[2] if n == measured)) for one in group]
            self.contradict(f"/{section}", f"{name} on {when}" if when != "9999" else f"{name} without a date", shown)
        return kept

    def _list(self, section: str) -> tuple[list[Any], str]:
        if section == "lvef":
            return self.patient.setdefault("cardiac", {}).setdefault("lvef", []), "/cardiac/lvef"
        return self.patient.setdefault(section, []), f"/{section}"

    def _set(self, name: str, value: Any) -> None:
        _nest(self.patient, name, value)

    def contradict(self, path: str, label: str, rivals: list[Value]) -> None:
        """Keep values of which nobody can say which holds, for a person to choose."""
        choices = tuple(Sourced(path, one.value, one.origin) for one in rivals)
        shown = " or ".join(dict.fromkeys(_short(one.value) for one in rivals))
        self.contradictions.append(Contradiction(path, f"{label}: {shown}", choices))


_LISTED = ("cancer.metastatic_sites",)
_LABELS = {"specimens": "HER2 of one sample,", "therapies": "therapy,"}
_MEASURED = {"labs": "value", "lvef": "percent"}
_Settled = tuple[str, dict[str, Any], list[tuple[str, Any, Origin]]]
"""Day, record, and key, value and place of each value."""
_DATE = frozenset({"date"})
_RESULTS = frozenset({"ihc", "ish", "ngs", "her2_reported"})
_first = itemgetter(0)


def _inside(narrow: str, wide: str) -> bool:
    """True when a stage is a part of another one: IIIA of III, but not III of II."""
    return narrow != wide and narrow.startswith(wide) and narrow[len(wide)] not in "IV"


_POSITIVE_FROM = 10
"""Percent of cells; a receptor that so many show is positive in every guideline."""


def number_at_least(value: Any, least: int) -> bool:
    """Return whether a number as it is written reaches another."""
    try:
        return float(value) >= least
    except (TypeError, ValueError):
        return False


def _together(found: list[Value]) -> Value:
    """Return the variants of one gene that several results name as one list; the newest gives the day."""
    newest = max(found, key=lambda one: one.day or "")
    return Value(list(dict.fromkeys(item for one in found for item in one.value)), newest.day, newest.origin)


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
