"""Lists of the patient file: entries of several notes that mean one thing become one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from her2nav.intake.notes.found import Entry, Span, origin
from her2nav.intake.notes.note import Note
from her2nav.intake.reading import Contradiction, Sourced
from her2nav.model.dates import PartialDate

if TYPE_CHECKING:
    from her2nav.intake.notes.assemble import Draft

Key = Callable[[Entry], tuple[Any, ...]]

_KEYS: dict[str, Key] = {
    "labs": lambda one: (one.values["name"], one.values.get("date")),
    "conditions": lambda one: (one.values["name"],),
    "medications": lambda one: (one.values["name"],),
    "allergies": lambda one: (one.values["substance"],),
    "procedures": lambda one: (one.values["kind"], one.values.get("site"), str(one.values.get("date"))),
    "lvef": lambda one: (str(one.values.get("date")),),
}
_CLASHING = {"labs": ("value",), "lvef": ("percent",)}
_ORDER = (
    "specimens",
    "therapies",
    "planned",
    "procedures",
    "labs",
    "conditions",
    "allergies",
    "toxicities",
    "medications",
)


def merge_entries(draft: Draft, notes: list[Note], entries: dict[str, list[Entry]]) -> None:
    """Put every list into the draft, oldest first where it is dated."""
    for section in _ORDER:
        found = entries.get(section, [])
        if section == "specimens":
            found = _specimens(draft, notes, found)
        elif section in ("therapies", "planned"):
            found = _courses(found)
        elif section == "toxicities":
            found = _toxicities(found)
        else:
            found = _keyed(draft, notes, section, found)
        if section == "procedures":
            found = [one for one in found if not _dated_too(found, one)]
        if found:
            _write(draft, notes, section, found)
    _lesions(draft, notes, entries.get("lesions", []))
    hearts = _keyed(draft, notes, "lvef", entries.get("lvef", []))
    hearts = [
        one
        for one in hearts
        if "date" in one.values
        or len(hearts) == 1
        or all(o.values["percent"] != one.values["percent"] or o is one for o in hearts)
    ]
    if hearts:
        draft.patient.setdefault("cardiac", {})["lvef"] = [_nested(one.values) for one in sorted(hearts, key=_day)]
        for i, one in enumerate(sorted(hearts, key=_day)):
            _origins(draft, notes, f"/cardiac/lvef/{i}", one)


def _lesions(draft: Draft, notes: list[Note], found: list[Entry]) -> None:
    """Put measured lesions where nothing is stated of measurable disease; of several notes, those of the newest scan."""
    cancer = draft.patient.get("cancer", {})
    if not found or "measurable_disease" in cancer:
        return
    days = [str(one.values["date"]) for one in found if "date" in one.values]
    newest = max(days, default=None)
    kept: dict[tuple[Any, ...], Entry] = {}
    for one in found:
        if newest is None or str(one.values.get("date", newest)) == newest:
            kept.setdefault(tuple(one.values.get(key) for key in ("site", "longest_diameter_mm", "short_axis_mm")), one)
    draft.patient.setdefault("cancer", {})["measurable_disease"] = [_nested(one.values) for one in kept.values()]
    for i, one in enumerate(kept.values()):
        _origins(draft, notes, f"/cancer/measurable_disease/{i}", one)


def _dated_too(found: list[Entry], entry: Entry) -> bool:
    """True when an operation is read with its date, or a more exact one, elsewhere."""
    same = ("kind", "site")
    mine = str(entry.values.get("date", ""))
    return any(
        str(one.values.get("date", "")).startswith(mine)
        and len(str(one.values.get("date", ""))) > len(mine)
        and all(one.values.get(key) == entry.values.get(key) for key in same)
        for one in found
    )


def _write(draft: Draft, notes: list[Note], section: str, found: list[Entry]) -> None:
    if section in ("specimens", "therapies", "procedures", "labs"):
        found = sorted(found, key=_day)
    draft.patient[section] = [_nested(one.values) for one in found]
    for i, one in enumerate(found):
        _origins(draft, notes, f"/{section}/{i}", one)


def _origins(draft: Draft, notes: list[Note], path: str, entry: Entry) -> None:
    note, spans = notes[entry.note], entry.spans
    draft.provenance += [
        Sourced(f"{path}/{key.replace('.', '/')}", value, origin(note, spans[key]))
        for key, value in entry.values.items()
    ]


def _day(entry: Entry) -> str:
    return str(
        entry.values.get("collected")
        or entry.values.get("start")
        or entry.values.get("date")
        or entry.values.get("end")
        or "9999"
    )


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for key, value in values.items():
        if "." not in key:
            record[key] = value
            continue
        target = record
        *parts, last = key.split(".")
        for name in parts:
            target = target.setdefault(name, {})
        target[last] = value
    return record


def _keyed(draft: Draft, notes: list[Note], section: str, found: list[Entry]) -> list[Entry]:
    kept: dict[tuple[Any, ...], Entry] = {}
    clashes: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in found:
        key = _KEYS[section](entry)
        known = kept.get(key)
        if known is None:
            kept[key] = entry
            continue
        if any(str(known.values.get(name)) != str(entry.values.get(name)) for name in _CLASHING.get(section, ())):
            clashes.setdefault(key, [known]).append(entry)
            continue
        _fill(known, entry)
    for key, rivals in clashes.items():
        kept.pop(key, None)
        name = _CLASHING[section][0]
        ranked = sorted(rivals, key=lambda one: _note_day(notes[one.note]), reverse=True)
        choices = tuple(
            Sourced(f"/{section}", _nested(one.values), origin(notes[one.note], one.spans[name])) for one in ranked
        )
        shown = " or ".join(dict.fromkeys(str(one.values[name]) for one in ranked))
        when = f" on {key[-1]}" if key[-1] not in (None, "None") else " without a date"
        draft.contradictions.append(
            Contradiction(f"/{section}", f"{key[0] if section == 'labs' else 'LVEF'}{when}: {shown}", choices)
        )
    return list(kept.values())


def _note_day(note: Note) -> str:
    return note.day.low.isoformat() if note.day else ""


def _fill(known: Entry, entry: Entry) -> None:
    if known.note != entry.note:
        return
    for key, value in entry.values.items():
        known.put(key, value, entry.spans[key])


def _toxicities(found: list[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    for entry in found:
        known = next(
            (
                one
                for one in kept
                if one.values["name"] == entry.values["name"] and one.values.get("grade") == entry.values.get("grade")
            ),
            None,
        )
        if known is None:
            kept.append(entry)
    return kept


def _courses(found: list[Entry]) -> list[Entry]:
    """Join mentions of one course: the same drugs, and dates that agree."""
    kept: list[Entry] = []
    for entry in found:
        known = next((one for one in kept if _same_course(one, entry)), None)
        if known is None:
            kept.append(entry)
        elif known.note == entry.note:
            _fill(known, entry)
        elif len(entry.values) > len(known.values):
            kept[kept.index(known)] = entry
    for one in kept:
        if one.values.get("ongoing") and "end" in one.values:
            one.values.pop("ongoing")
    return kept


def _same_course(one: Entry, other: Entry) -> bool:
    if set(one.values["drugs"]) != set(other.values["drugs"]):
        return False
    if {one.values.get("setting"), other.values.get("setting")} == {"neoadjuvant", "adjuvant"}:
        return False
    for key in ("start", "end"):
        mine, theirs = one.values.get(key), other.values.get(key)
        if mine and theirs and not (mine.startswith(theirs) or theirs.startswith(mine)):
            return False
    return True


def _specimens(draft: Draft, notes: list[Note], found: list[Entry]) -> list[Entry]:
    """Name the site of every sample and join those of several notes that are one."""
    tumours = notes[0].words.knowledge.tumours if notes else None
    # A whole class, as in "GI tumour board", says nothing of the organ.
    primary = [one for note in notes for one, _, present in note.tumours if present]
    by_class = all(one in _FAR for one in primary)
    primary = [one for one in primary if one not in _FAR] or primary
    kept: list[Entry] = []
    for entry in found:
        known = next((one for one in kept if _same_sample(one, entry)), None)
        if known is not None and not _disagree(draft, notes, known, entry):
            for key, value in entry.values.items():
                if key not in known.values and known.note == entry.note:
                    known.put(key, value, entry.spans[key])
            continue
        if known is not None:
            continue
        kept.append(entry)
    for entry in kept:
        organ, lesion = entry.values.pop("organ", None), entry.values.pop("lesion", None)
        recurrent = entry.values.pop("recurrent", False)
        place: Span | None = entry.spans.get("organ") or entry.spans.get("lesion")
        if organ is None and lesion is None:
            continue
        own = tumours is not None and any(
            organ in tumours.wider(one) or one in tumours.wider(organ) or _akin(tumours, one, organ)
            for one in primary
            if organ in tumours.types
        )
        if lesion == "primary":
            site: str | None = "primary"
        elif recurrent and (own or _beside(tumours, primary, organ)):
            site = "local_recurrence"
        elif organ == "lymph_node":
            site = "lymph_node"
        elif lesion == "met" or (organ and not own):
            site = "metastasis"
        else:
            site = "primary" if own else None
        if site == "metastasis" and lesion != "met" and not primary:
            site = None
        if by_class and lesion is None and organ in _SPREAD_TO:
            site = None  # the board's class of tumours does not say whether the liver is where it began
        assert place is not None
        entry.put("site", site, place)
        if site == "metastasis" and organ:
            entry.put("organ", organ, place)
    return kept


_SPREAD_TO = frozenset({"liver", "lung", "brain", "bone", "adrenal"})
"""Organs in which tumours begin and to which others spread."""
_BESIDE = {
    "breast": ("chest_wall",),
    "uterine": ("vagina",),
    "endometrial": ("vagina",),
    "cervical": ("vagina",),
    "gynaecological": ("vagina",),
}
"""Where a tumour comes back locally without being in its own organ."""


def _beside(tumours: Any, primary: list[str], organ: str | None) -> bool:
    """True for a site in which a recurrence is a local one: the vaginal vault after a hysterectomy."""
    return organ == "local" or any(organ in _BESIDE.get(wider, ()) for one in primary for wider in tumours.wider(one))


def _akin(tumours: Any, one: str, organ: str) -> bool:
    """True when a tumour type may begin in an organ that is named for another type; the liver is no gallbladder."""
    shared = (tumours.wider(one) & tumours.wider(organ)) - _FAR
    return bool(shared - {"hepatobiliary"}) or (
        bool(shared) and "intrahepatic_cholangiocarcinoma" in tumours.wider(one)
    )


_FAR = frozenset({"solid_tumour", "gastrointestinal", "gynaecological", "genitourinary", "thoracic"})


def _same_sample(one: Entry, other: Entry) -> bool:
    mine, theirs = one.values.get("collected"), other.values.get("collected")
    if mine and theirs and not _overlap(mine, theirs):
        return False
    for key in ("organ", "lesion", "ihc.laboratory"):
        if one.values.get(key) and other.values.get(key) and one.values[key] != other.values[key]:
            return False
    if one.note == other.note:
        return False
    return bool(mine and theirs) or bool(
        one.values.get("organ") and one.values.get("organ") == other.values.get("organ")
    )


def _overlap(one: str, other: str) -> bool:
    first, second = PartialDate.parse(one), PartialDate.parse(other)
    return first.low <= second.high and second.low <= first.high


def _disagree(draft: Draft, notes: list[Note], one: Entry, other: Entry) -> bool:
    """Record results of one sample that differ between notes, and take them out."""
    differs = False
    for key in ("ihc.score", "ish.her2_cep17_ratio", "ish.result", "her2_reported"):
        if key in one.values and key in other.values and one.values[key] != other.values[key]:
            differs = True
            pair = sorted((one, other), key=lambda entry: _note_day(notes[entry.note]), reverse=True)
            path = "/specimens/" + key.replace(".", "/")
            choices = tuple(
                Sourced(path, entry.values[key], origin(notes[entry.note], entry.spans[key])) for entry in pair
            )
            shown = " or ".join(str(choice.value) for choice in choices)
            draft.contradictions.append(
                Contradiction(path, f"HER2 {key.replace('.', ' ').replace('_', ' ')} of one sample: {shown}", choices)
            )
            one.values.pop(key)
    return differs
