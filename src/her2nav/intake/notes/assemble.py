"""From the values found to one patient file: what repeats is one, what differs is a contradiction or is older."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from her2nav.intake.notes.derive import derive
from her2nav.intake.notes.found import Asked, Clash, Entry, Found, Item, Span, origin
from her2nav.intake.notes.merge import merge_entries
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.sample_days import dated_by_samples, means_other
from her2nav.intake.notes.vocabulary import FieldRules
from her2nav.intake.reading import Contradiction, Question, Sourced
from her2nav.model.dates import PartialDate


@dataclass
class Draft:
    """A patient file while it is put together."""

    patient: dict[str, Any] = field(default_factory=dict)
    provenance: list[Sourced] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    older: list[Sourced] = field(default_factory=list)

    def put(self, path: str, value: Any, note: Note, span: Span) -> None:
        """Set a value and its origin."""
        _set(self.patient, path.split("."), value)
        self.provenance.append(Sourced("/" + path.replace(".", "/"), value, origin(note, span)))


def assemble(notes: list[Note], items: list[tuple[int, Item]], rules: FieldRules) -> Draft:
    """Put the values of several notes, newest note first in contradictions, into one record."""
    draft = Draft()
    newest = _newest(notes)
    if newest is not None:
        mention = newest.day_mention
        if newest.day is not None and mention is not None and newest.day.exact:
            draft.put("as_of", str(newest.day), newest, (mention.start, mention.end))
    items = dated_by_samples(notes, items)
    fields: dict[str, list[tuple[int, Found]]] = {}
    entries: dict[str, list[Entry]] = {}
    for index, item in items:
        if isinstance(item, Found):
            fields.setdefault(item.field, []).append((index, item))
        elif isinstance(item, Entry):
            item.note = index
            entries.setdefault(item.section, []).append(item)
        elif isinstance(item, Asked):
            draft.questions.append(Question(item.code, item.message, origin(notes[index], item.span)))
        elif isinstance(item, Clash):
            draft.contradictions.append(_clash(notes[index], item))
    for name in sorted(fields):
        _single(draft, notes, name, fields[name], rules)
    merge_entries(draft, notes, entries)
    _settle_untreated(draft, newest)
    derive(draft, notes)
    return draft


def _newest(notes: list[Note]) -> Note | None:
    dated = [note for note in notes if note.day is not None]
    return max(dated, key=lambda one: one.day.low) if dated else None  # type: ignore[union-attr]


def _clash(note: Note, item: Clash) -> Contradiction:
    path = "/" + item.path.replace(".", "/")
    seen: dict[str, Sourced] = {}
    for value, span in item.choices:
        seen.setdefault(str(value), Sourced(path, value, origin(note, span)))
    return Contradiction(path, item.message, tuple(seen.values()))


def _single(draft: Draft, notes: list[Note], name: str, found: list[tuple[int, Found]], rules: FieldRules) -> None:
    if name == "cancer.metastatic_sites":
        _sites(draft, notes, found)
        return
    if name == "allergies":
        return
    heaviest = max(item.weight for _, item in found)
    days = [item.date for _, item in found if item.weight == heaviest]
    found = [(index, item) for index, item in found if item.weight == heaviest or _newer(item, days, name)]
    if name.startswith("biomarkers.") and isinstance(found[0][1].value, dict):
        _measured(draft, notes, name, found)
        return
    if name.startswith("biomarkers.") and any(isinstance(item.value, list) for _, item in found):
        found = [one for one in found if one[1].value != "mutated"]  # the variants say how
    values = _distinct(found)
    if len(values) > 1 and name == "cancer.diagnosed":
        values = _most_exact(values)
    if len(values) == 1:
        index, item = values[0]
        _store(draft, notes, name, index, item)
        return
    ranked = sorted(values, key=lambda one: _when(notes, *one), reverse=True)
    times = [_when(notes, *one) for one in ranked]
    if name in rules.fixed or times[0] == times[1]:
        if name == "cancer.stage" and len({str(item.value)[:2] for _, item in ranked}) == 1:
            index, item = max(ranked, key=lambda one: len(str(one[1].value)))
            _store(draft, notes, name, index, item)
            return
        _contradict(draft, notes, name, ranked)
        return
    _store(draft, notes, name, *ranked[0])
    for index, item in ranked[1:]:
        draft.older.append(Sourced("/" + name.replace(".", "/"), item.value, origin(notes[index], item.span)))


def _newer(item: Found, days: list[PartialDate | None], name: str) -> bool:
    """True for a result that is less exact than others and later than all of them: "ER negative" in a newer sample."""
    day = item.date
    return (
        name.startswith("biomarkers.")
        and day is not None
        and all(one is not None and one.high < day.low for one in days)
    )


def _store(draft: Draft, notes: list[Note], name: str, index: int, item: Found) -> None:
    draft.put(name, item.value, notes[index], item.span)
    if name.startswith("performance.") and item.date and item.date_span:
        draft.put("performance.date", str(item.date), notes[index], item.date_span)


def _measured(draft: Draft, notes: list[Note], name: str, found: list[tuple[int, Found]]) -> None:
    """Store the newest of a biomarker's results; PD-L1 scales stand side by side."""
    ranked = sorted(found, key=lambda one: _when(notes, *one), reverse=True)
    best = _when(notes, *ranked[0])
    if _of_no_day(notes, ranked):
        _contradict(draft, notes, name, ranked)
        return
    merged: dict[str, Any] = {}
    first = ranked[0]
    same = [one for one in ranked if _when(notes, *one) == best]
    path = name.rsplit(".", 1)[0] if name.startswith("biomarkers.pd_l1.") else name
    apart: set[str] = set()
    for _, item in same:
        for key, value in item.value.items():
            if key in merged and str(merged[key]) != str(value):
                apart.add(key)
            merged.setdefault(key, value)
    for key in sorted(apart):
        _contradict(draft, notes, f"{path}.{key}", same)
    if apart:
        # Two parts of one tumour differ in their share of cells; that they are positive is told of both.
        if apart != {"percent"} or not all("status" in item.value for _, item in same):
            return
        merged = {"status": merged["status"]}
    for key, value in merged.items():
        index, item = next(((i, one) for i, one in same if key in one.value), first)
        draft.put(f"{path}.{key}", value, notes[index], item.span)
    if first[1].date and first[1].date_span:
        draft.put(f"{path}.date", str(first[1].date), notes[first[0]], first[1].date_span)
    for index, item in ranked:
        if (index, item) not in same and item.value != first[1].value:
            draft.older.append(Sourced("/" + path.replace(".", "/"), item.value, origin(notes[index], item.span)))


def _of_no_day(notes: list[Note], ranked: list[tuple[int, Found]]) -> bool:
    """Whether a result without a day would stand before a different one that has its own.

    "ER 0, HER2 3+. Liver biopsy 20 August 2026: ER 90 %": which of them is the newest is not told.
    """
    index, first = ranked[0]
    limits = notes[index].words.knowledge.receptor_words
    return first.date is None and any(
        item.date is not None and number == index and means_other(first.value, item.value, limits)
        for number, item in ranked
    )


def _most_exact(values: list[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """Keep the more exact of dates that agree as far as they go."""
    kept: list[tuple[int, Found]] = []
    for one in sorted(values, key=lambda item: -len(str(item[1].value))):
        if not any(str(other[1].value).startswith(str(one[1].value)) for other in kept):
            kept.append(one)
    return kept


def _distinct(found: list[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """Keep one of equal values: the newest."""
    kept: dict[str, tuple[int, Found]] = {}
    for index, item in found:
        key = str(item.value).lower()
        known = kept.get(key)
        if known is None or (item.date is not None and (known[1].date is None or item.date.low > known[1].date.low)):
            kept[key] = (index, item)
    return list(kept.values())


def _when(notes: list[Note], index: int, item: Found) -> str:
    """Return the day of a value for ordering: its own, else its note's."""
    day: PartialDate | None = item.date or notes[index].day
    return day.low.isoformat() if day is not None else ""


def _contradict(draft: Draft, notes: list[Note], name: str, ranked: list[tuple[int, Found]]) -> None:
    path = "/" + name.replace(".", "/")
    choices = tuple(Sourced(path, item.value, origin(notes[index], item.span)) for index, item in ranked)
    shown = " or ".join(dict.fromkeys(str(one.value) for one in choices))
    draft.contradictions.append(Contradiction(path, f"{name.rsplit('.', 1)[-1].replace('_', ' ')}: {shown}", choices))


def _sites(draft: Draft, notes: list[Note], found: list[tuple[int, Found]]) -> None:
    sites: dict[str, tuple[int, Found]] = {}
    for index, item in found:
        if item.value is not None:
            sites.setdefault(item.value, (index, item))
    if sites:
        draft.patient.setdefault("cancer", {})["metastatic_sites"] = list(sites)
        for place, (site, (index, item)) in enumerate(sites.items()):
            draft.provenance.append(Sourced(f"/cancer/metastatic_sites/{place}", site, origin(notes[index], item.span)))
        return
    index, item = found[0]
    draft.put("cancer.metastatic_sites", [], notes[index], item.span)


def _settle_untreated(draft: Draft, newest: Note | None) -> None:
    """Keep "no treatment to date" where no course is read anywhere, and where the newest note says it."""
    stated = next((one for one in draft.provenance if one.path == "/complete/therapies"), None)
    if stated is None:
        return
    if draft.patient.get("therapies") or (newest is not None and stated.origin.source != newest.name):
        draft.patient.pop("complete")
        draft.provenance.remove(stated)
        return
    draft.patient["therapies"] = []


def _set(record: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        record = record.setdefault(key, {})
    record[path[-1]] = value


def used_spans(items: Iterable[Item]) -> list[Span]:
    """Return the places of a note from which anything was taken."""
    spans: list[Span] = []
    for item in items:
        if isinstance(item, Entry):
            spans += (*item.spans.values(), *item.also)
        elif isinstance(item, Clash):
            spans += [span for _, span in item.choices]
        else:
            spans.append(item.span)
            if isinstance(item, Found) and item.date_span:
                spans.append(item.date_span)
    return spans
