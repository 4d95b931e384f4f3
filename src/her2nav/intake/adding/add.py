"""A newer document and the patient file there is: what is new is added, what differs is settled by date or shown.

The rules are those of several notes (`data/intake/fields.yaml`): a value that holds for life and differs is a
contradiction and is left out; of others the later one counts and the earlier is listed; two of one day are a
contradiction. Entries of lists are one where their names and dates agree; where that cannot be told, the entry is
asked about and not added.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from her2nav.intake.adding.draft import Draft
from her2nav.intake.adding.entries import LISTS, merge_list
from her2nav.intake.adding.names import Names
from her2nav.intake.adding.values import Record, agree, drop, get, later, leaves, low, put, short
from her2nav.intake.reading import Reading
from her2nav.model.dates import PartialDate
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient, to_record

_UNITS = (
    ("performance",),
    ("serology",),
    ("lung",),
    ("cancer", "cns"),
    ("cancer", "tnm"),
    ("cancer", "residual"),
    ("biomarkers", "er"),
    ("biomarkers", "pr"),
    ("biomarkers", "pd_l1"),
    ("lines_reported",),
)
"""Records whose values were found on one day; their `date`, where they have one, is that of all of them."""

_PERSON = ("demographics.birth_date", "demographics.sex")
"""What cannot differ between two documents of one person."""


def add(patient: Patient, file: str, day: date, reading: Reading, fixed: Iterable[str], names: Names) -> Reading:
    """Add what a document says to a patient file.

    Args:
        patient: The file's record.
        file: Its name, for origins.
        day: The file's own day, or today.
        reading: What was read from the document.
        fixed: Fields that hold for life, as dotted paths.
        names: Which names mean one thing.

    Returns:
        The record with what is new; its provenance holds the new values alone.

    Raises:
        InputError: Birth date or sex differ: the document is of another person.
    """
    more = to_record(Patient.model_validate(reading.patient))
    said = PartialDate.parse(more["as_of"]).low if "as_of" in more else None
    work = Draft(to_record(patient), reading, file, day, said, frozenset(fixed), names)
    _same_person(work.record, more, file)
    _scalars(work, more)
    for unit in _UNITS:
        _unit(work, more, unit)
    for section, rules in LISTS.items():
        merge_list(work, more, section, rules)
    _sites(work, more)
    _as_of(work, more)
    _untreated(work, more)
    return Reading(
        short(work.record),
        tuple(work.provenance),
        (*reading.contradictions, *work.contradictions),
        (*reading.questions, *work.questions),
        (*reading.older, *work.older),
        reading.unused,
        reading.partial,
        reading.lines,
    )


def _same_person(record: Record, more: Record, file: str) -> None:
    for path in _PERSON:
        mine, theirs = get(record, path), get(more, path)
        if mine is not None and theirs is not None and not agree(mine, theirs):
            raise InputError(
                f"{path.rpartition('.')[2].replace('_', ' ')} differs between {file} and the document",
                place=f"/{path.replace('.', '/')}",
                allowed="documents of one person",
                code="another_person",
            )


def _scalars(work: Draft, more: Record) -> None:
    """Settle every single value that stands in no list and in no dated record."""
    units = {".".join(unit) for unit in _UNITS}
    for path, theirs in leaves(more):
        if path in ("as_of", "id") or path.split(".")[0] == "complete":
            continue
        if any(path.startswith(f"{unit}.") for unit in units):
            continue
        if isinstance(theirs, list) and not path.startswith("biomarkers."):
            continue
        if path == "demographics.age" and get(work.record, "demographics.birth_date") is not None:
            continue
        work.settle(path, theirs, work.file_day, work.note_day)


def _unit(work: Draft, more: Record, unit: tuple[str, ...]) -> None:
    """Settle the values of one day; the day is the document's only where it speaks of everything that the file has."""
    path = ".".join(unit)
    theirs = get(more, path)
    if not isinstance(theirs, dict):
        return
    mine = dict(get(work.record, path) or {})
    their_day = low(theirs.get("date")) or work.note_day
    my_day = low(mine.get("date")) or work.file_day
    for key, value in theirs.items():
        if key != "date":
            work.settle(f"{path}.{key}", value, my_day if mine else None, their_day)
    _date_unit(work, path, mine, theirs, newer=not mine or later(their_day, my_day))


def _date_unit(work: Draft, path: str, mine: Record, theirs: Record, *, newer: bool) -> None:
    """Date a record: by the document where all of it is the document's, else by the older of the two days."""
    now = get(work.record, path) or {}
    changed = any(now.get(key) != mine.get(key) for key in now if key != "date")
    whole = all(key in theirs for key in mine if key != "date")
    if newer and whole and "date" in theirs:
        put(work.record, f"{path}.date", theirs["date"])
        work.told(f"/{path.replace('.', '/')}/date", f"/{path.replace('.', '/')}/date")
    elif changed and "date" in mine and not (newer and "date" in theirs):
        # A value without a day stands beside dated ones: the day of all of them is not known.
        if "date" in theirs:
            put(work.record, f"{path}.date", theirs["date"])
        else:
            drop(work.record, f"{path}.date")


def _sites(work: Draft, more: Record) -> None:
    """Add places of metastases; a list that names none and one that names some exclude each other."""
    theirs = get(more, "cancer.metastatic_sites")
    if theirs is None:
        return
    pointer = "/cancer/metastatic_sites"
    mine = get(work.record, "cancer.metastatic_sites")
    if mine is None:
        put(work.record, "cancer.metastatic_sites", list(theirs))
        work.told(pointer, pointer)
    elif bool(mine) != bool(theirs):
        if theirs and later(work.note_day, work.file_day):
            work.older.append(work.in_file(pointer, "none"))
            put(work.record, "cancer.metastatic_sites", list(theirs))
            work.told(pointer, pointer)
        else:
            work.clash(pointer, ", ".join(mine) or "none", ", ".join(theirs) or "none", "metastatic sites")
            drop(work.record, "cancer.metastatic_sites")
    else:
        kept = list(mine)
        for index, site in enumerate(theirs):
            if not any(work.names.same("sites", one, site) for one in kept):
                kept.append(site)
                work.told(f"{pointer}/{index}", f"{pointer}/{len(kept) - 1}")
        put(work.record, "cancer.metastatic_sites", kept)


def _as_of(work: Draft, more: Record) -> None:
    """Move the record's day to the later document's."""
    if "as_of" in more and ("as_of" not in work.record or later(work.note_day, work.file_day)):
        work.record["as_of"] = more["as_of"]
        work.told("/as_of", "/as_of")


def _untreated(work: Draft, more: Record) -> None:
    """Take over "no treatment so far" where neither document has a course and the later one says it."""
    stated = get(more, "complete.therapies") and not get(work.record, "complete.therapies")
    if stated and not work.record.get("therapies") and not later(work.file_day, work.note_day):
        put(work.record, "complete.therapies", True)
        work.told("/complete/therapies", "/complete/therapies")
