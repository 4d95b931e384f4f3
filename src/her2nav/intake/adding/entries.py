"""Entries of lists: which of the document are those of the file, which are new, and which cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from her2nav.intake.adding.draft import Draft
from her2nav.intake.adding.values import (
    Record,
    agree,
    copied,
    days,
    drop,
    get,
    later,
    leaves,
    low,
    more_exact,
    put,
    shown,
    united,
    within,
)
from her2nav.intake.reading import Contradiction, Question, Sourced


@dataclass(frozen=True, slots=True)
class Rules:
    """How the entries of a list are told apart.

    Attributes:
        same: True: one thing; False: two; None: it cannot be told.
        label: What an entry is called to a person.
        day: Field by which the list is put in order; empty: new entries stand last.
        changes: The values of one entry change with time, and the later document counts: a side effect and its grade. A
            measurement does not change: two values of one are a contradiction.
    """

    same: Callable[[Draft, Record, Record], bool | None]
    label: Callable[[Record], str]
    day: str = ""
    changes: bool = False
    measured: bool = False
    """One value makes the entry: where two documents differ in it or its unit, nothing of the entry is left."""


def _specimen(work: Draft, one: Record, other: Record) -> bool | None:
    if one.get("id") is not None and one.get("id") == other.get("id"):
        return True
    for key in ("site", "organ", "kind"):
        if key in one and key in other and one[key] != other[key]:
            return False
    met = days(one.get("collected"), other.get("collected"))
    if met is False:
        return False
    told = "site" in one and "site" in other
    alike = "site" not in one and "site" not in other and "kind" in one and "kind" in other
    return True if met and (told or alike) else None


def _course(work: Draft, one: Record, other: Record) -> bool | None:
    mine, theirs = ([str(drug["name"]) for drug in entry.get("drugs", [])] for entry in (one, other))
    matched = [any(work.names.same("drugs", a, b) for b in theirs) for a in mine]
    whole = len(mine) == len(theirs) and all(matched)
    starts, ends = days(one.get("start"), other.get("start")), days(one.get("end"), other.get("end"))
    if starts is False or (ends is False and starts is None):
        return False
    if not whole:
        return None if any(matched) else False
    dated = all("start" in entry or "end" in entry for entry in (one, other))
    return True if starts or ends or not dated else None


def _named(*keys: str, vocabulary: str = "", dated: bool = False) -> Callable[[Draft, Record, Record], bool | None]:
    """Return the comparison of entries by the names under `keys`, and by their day where `dated`."""

    def same(work: Draft, one: Record, other: Record) -> bool | None:
        for key in keys:
            mine, theirs = one.get(key), other.get(key)
            if mine is None or theirs is None or agree(mine, theirs):
                continue
            if work.names.akin(vocabulary, str(mine), str(theirs)):
                return True if _no_odds(one, other, key) else None
            if not work.names.same(vocabulary, str(mine), str(theirs)):
                return False
        if not dated:
            return True
        met = days(one.get("date"), other.get("date"))
        undated = "date" not in one and "date" not in other
        return True if met is None and undated else met

    return same


def _no_odds(one: Record, other: Record, beside: str) -> bool:
    return all(agree(one[key], other[key]) for key in one if key in other and key != beside)


def _label(*keys: str) -> Callable[[Record], str]:
    return lambda entry: " ".join(shown(entry[key]) for key in keys if key in entry) or "an entry without a name"


LISTS: Mapping[str, Rules] = {
    "specimens": Rules(_specimen, _label("kind", "site", "organ", "collected"), "collected"),
    "therapies": Rules(_course, _label("drugs", "start"), "start", changes=True),
    "planned": Rules(_course, _label("drugs", "start"), changes=True),
    "procedures": Rules(_named("kind", "site", vocabulary="sites", dated=True), _label("kind", "site", "date"), "date"),
    "labs": Rules(
        _named("name", vocabulary="labs", dated=True), _label("name", "value", "unit", "date"), "date", measured=True
    ),
    "vitals": Rules(_named(dated=True), _label("blood_pressure", "date"), "date"),
    "ctdna": Rules(_named("assay", "gene", "variant", dated=True), _label("assay", "gene", "date"), "date"),
    "cardiac.lvef": Rules(_named(dated=True), _label("percent", "date"), "date", measured=True),
    "cardiac.history": Rules(_named("name", vocabulary="conditions"), _label("name", "date"), changes=True),
    "conditions": Rules(_named("name", vocabulary="conditions"), _label("name", "date"), changes=True),
    "allergies": Rules(_named("substance"), _label("substance"), changes=True),
    "toxicities": Rules(_named("name", vocabulary="toxicities"), _label("name", "grade", "date"), changes=True),
    "medications": Rules(_named("name", vocabulary="drugs"), _label("name"), changes=True),
    "cancer.lesions": Rules(_named("site", vocabulary="sites", dated=True), _label("site", "date"), "date"),
}


def merge_list(work: Draft, more: Record, section: str, rules: Rules) -> None:
    """Add the entries of a list that are new, and fill those that the file has."""
    entries = get(more, section)
    if not isinstance(entries, list):
        return
    kept: list[Record] = list(get(work.record, section) or [])
    known = len(kept)
    path = f"/{section.replace('.', '/')}"
    gone: set[int] = set()
    for index, entry in enumerate(entries):
        if any(_holds(kept[i], entry) for i in range(known)):
            continue
        answers = [rules.same(work, kept[i], entry) for i in range(known)]
        here = f"{path}/{index}"
        if answers.count(True) == 1:
            at = answers.index(True)
            kept[at] = copied(kept[at])
            clashes = len(work.contradictions)
            _join(work, kept[at], entry, rules, here, f"{path}/{at}")
            if rules.measured and len(work.contradictions) > clashes:
                gone.add(at)
        elif any(answer is not False for answer in answers):
            near = next(kept[i] for i, answer in enumerate(answers) if answer is not False)
            told = f"{path[1:]}: {rules.label(entry)} may be {rules.label(near)} of {work.file}; not added"
            work.questions.append(Question("same_entry", told, work.origin(here)))
        else:
            kept.append(entry)
            work.told(here, f"{path}/{len(kept) - 1}")
    if kept or get(work.record, section) is not None:
        put(work.record, section, _in_order(work, kept, path, rules.day, gone))


def _holds(mine: Record, entry: Record) -> bool:
    """True where an entry says nothing that another does not say."""
    return all(
        agree(get(mine, path), value) and not more_exact(value, get(mine, path)) for path, value in leaves(entry)
    )


def _in_order(work: Draft, kept: list[Record], path: str, day: str, gone: set[int]) -> list[Record]:
    """Leave entries out and put new ones before the first that is later; places that were noted move with them."""
    order = [i for i in range(len(kept)) if i not in gone]
    new = {f"{path}/{i}" for i in order if any(within(one.path, f"{path}/{i}") for one in work.provenance)}
    if day and new and all(low(kept[i].get(day)) is not None for i in order):
        order.sort(key=lambda i: (low(kept[i].get(day)) or date.max, i))
    work.move({f"{path}/{old}": f"{path}/{place}" for place, old in enumerate(order)})
    return [kept[i] for i in order]


def _join(work: Draft, mine: Record, entry: Record, rules: Rules, source: str, target: str) -> None:
    """Fill what an entry lacks; of a value that differs the later counts, or both are shown and left out."""
    for path, theirs in leaves(entry):
        below = "/" + path.replace(".", "/")
        have = get(mine, path)
        if path == "ongoing" and "end" in mine:
            continue
        if have is None:
            if path == "end":
                drop(mine, "ongoing")
            put(mine, path, theirs)
            work.told(source + below, target + below)
        elif path not in _SAME and isinstance(have, list) and isinstance(theirs, list) and path not in _SCORES:
            both = united(have, theirs)
            if len(both) > len(have):
                put(mine, path, both)
                work.told(source + below, target + below)
        elif path in _SAME or agree(have, theirs) or work.names.same(path, str(have), str(theirs)):
            if more_exact(theirs, have):
                put(mine, path, theirs)
                work.told(source + below, target + below)
        elif rules.changes and later(work.note_day, work.file_day):
            work.older.append(work.in_file(target + below, have))
            put(mine, path, theirs)
            work.told(source + below, target + below)
        elif rules.changes and later(work.file_day, work.note_day):
            work.older.append(Sourced(target + below, theirs, work.origin(source + below)))
        else:
            pair = (
                Sourced(target + below, theirs, work.origin(source + below)),
                work.in_file(target + below, have),
            )
            what = f"{rules.label(mine)}, {path.replace('.', ' ').replace('_', ' ')}"
            work.contradictions.append(Contradiction(target + below, f"{what}: {shown(theirs)} or {shown(have)}", pair))
            drop(mine, path)


_SAME = ("drugs", "name", "substance", "kind")
"""What made two entries one."""

_SCORES = ("ihc.score",)
"""Lists that are one value: the scores between which a pathologist could not choose."""
