"""Which diseases of the record a criterion means: the disease, its state and its time on one and the same row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows, within_days
from her2nav.facts.once import once_from
from her2nav.kinds.base import Gate
from her2nav.kinds.blood_pressure import high_pressures
from her2nav.kinds.condition_state import in_state, severe
from her2nav.knowledge.conditions import ROOT, ConditionOntology
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import plus_days
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth, all_of, any_of

Extra = Callable[[Case, ConditionRow], Truth]
_PRESENT = ("active", "uncontrolled", "controlled")


@dataclass(frozen=True, slots=True)
class Query:
    """What a criterion asks of the diseases.

    Attributes:
        wanted: Ids or names; any one of them.
        exceptions: Rows that are one of these do not count.
        within_days: It happened, or was there, no more than so many days before the patient's day.
        history: One that is over counts too.
        past_event: What a past event means where only what is there now counts.
        past_disease: What a disease that is over means there.
        active_only: What is under control does not count.
        severe_only: Only severe disease counts.
        min_grade: Only this CTCAE grade or more counts.
        undated: With a window: what a disease that is there now means; a window often speaks of its treatment.
    """

    wanted: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    within_days: int | None = None
    history: bool = False
    past_event: Truth = Truth.UNKNOWN
    past_disease: Truth = Truth.NOT_MET
    active_only: bool = False
    severe_only: bool = False
    min_grade: int | None = None
    undated: Truth = Truth.MET


@dataclass(frozen=True, slots=True)
class Match:
    """The answer, with the rows that decide it.

    Attributes:
        sure: Rows that are what is asked.
        maybe: Rows that may be, known by name.
        unknown_names: Rows whose name nobody knows.
        aside: Rows of the disease that do not count, for example outside the window.
        lists: Lists that would hold it.
        open_lists: Those of them that are not known to be complete.
        unknown_wanted: Ids of the criterion that the vocabulary does not hold.
        denied: What the record says that rules it out, whatever the lists hold.
    """

    truth: Truth
    sure: tuple[ConditionRow, ...] = ()
    maybe: tuple[ConditionRow, ...] = ()
    unknown_names: tuple[ConditionRow, ...] = ()
    aside: tuple[ConditionRow, ...] = ()
    lists: tuple[str, ...] = ()
    open_lists: tuple[str, ...] = ()
    unknown_wanted: tuple[str, ...] = ()
    denied: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What follows from the words of a criterion alone.

    Attributes:
        known: Ids of what is asked, in the order asked.
        ids: The same as a set.
        unknown: Words that the vocabulary does not hold.
        lists: Lists of the record that would hold it.
        pressure: True where readings of the blood pressure count.
        absent: The answer where no row is meant, by which of `lists` are open.
    """

    known: tuple[str, ...]
    ids: frozenset[str]
    unknown: tuple[str, ...]
    lists: tuple[str, ...]
    pressure: bool
    absent: dict[tuple[str, ...], Match]


@lru_cache(maxsize=8192)
def _asked(ontology: ConditionOntology, wanted: tuple[str, ...]) -> _Asked:
    found = [(item, ontology.find(item)) for item in wanted]
    known = tuple(one for _, one in found if one is not None)
    unknown = tuple(item for item, one in found if one is None)
    pressure = any(ontology.conditions[one].state == "blood_pressure" for one in known)
    return _Asked(known, frozenset(known), unknown, _lists(ontology, known, unknown), pressure, {})


def _lists(ontology: ConditionOntology, known: Sequence[str], unknown: Sequence[str]) -> tuple[str, ...]:
    lists = {name for one in known for name in ontology.conditions[one].lists} | ({"conditions"} if unknown else set())
    return tuple(sorted(lists))


@once_from("conditions", "cardiac", "lung", "toxicities", "procedures", "cancer")
def _concerned(case: Case) -> tuple[tuple[ConditionRow, frozenset[str] | None], ...]:
    """Return each row with the conditions that it may be asked for as; None: any, for nobody knows its name."""
    reach = case.knowledge.conditions.reach
    return tuple((row, None if row.id is None else reach(row.id)) for row in condition_rows(case))


@once_from("conditions", "cardiac", "lung", "toxicities", "procedures", "cancer")
def held(case: Case) -> frozenset[str] | None:
    """Return the conditions that the rows of a record may be asked for as; None: any, for one has an unknown name."""
    found: set[str] = set()
    for _, reach in _concerned(case):
        if reach is None:
            return None
        found |= reach
    return frozenset(found)


def asked_ids(wanted: Sequence[str], ontology: ConditionOntology) -> frozenset[str] | None:
    """Return the conditions asked for; None where what is asked does not rest on rows of the record alone."""
    asked = _asked(ontology, tuple(wanted))
    return None if asked.pressure else asked.ids


@once_from("complete", "demographics")
def lists_of(case: Case) -> tuple[bool, ...]:
    """Return what the answer rests on where no row is meant: which lists are complete, and a pregnancy."""
    complete = case.patient.complete
    closed = tuple(bool(getattr(complete, name)) for name in type(complete).model_fields)
    return (*closed, case.patient.demographics.pregnancy == "pregnant")


def rows_gate(wanted: Callable[[Any, Knowledge], Sequence[str] | None]) -> Gate:
    """Return the gate of a kind that is `search` alone.

    Args:
        wanted: What a criterion of it asks for; None: it rests on more than rows.
    """

    def asks(params: Any, knowledge: Knowledge) -> frozenset[str] | None:
        words = wanted(params, knowledge)
        return None if words is None else asked_ids(words, knowledge.conditions)

    return Gate(asks, held, lists_of)


def search(case: Case, query: Query, extra: Extra | None = None) -> Match:
    """Look for rows that are meant; only complete lists without an unclear row can say that there is none."""
    ontology = case.knowledge.conditions
    asked = _asked(ontology, query.wanted)
    known, ids = asked.known, asked.ids
    sure: list[ConditionRow] = []
    maybe: list[ConditionRow] = []
    nameless: list[ConditionRow] = []
    aside: list[ConditionRow] = []
    for row, reach in _concerned(case):
        if not known or (reach is not None and reach.isdisjoint(ids)):
            continue
        is_meant = any_of(matches(case, row, one, query.exceptions) for one in known)
        if is_meant is Truth.NOT_MET:
            if any(_set_apart(case, row, one, query.exceptions) for one in known):
                aside.append(row)
            continue
        counts = all_of((is_meant, *_conditions(case, row, query), *((extra(case, row),) if extra else ())))
        if counts is Truth.MET:
            sure.append(row)
        elif counts is Truth.UNKNOWN:
            (nameless if row.id is None else maybe).append(row)
        else:
            aside.append(row)
    if asked.pressure:
        maybe.extend(high_pressures(case))
    denied = _denied(case, known) if not sure else ()
    lists = asked.lists
    if denied:
        lists = _lists(ontology, [one for one in known if one not in ontology.rules.not_while_pregnant], asked.unknown)
    complete = case.patient.complete
    open_lists = tuple([name for name in lists if not getattr(complete, name, False)])
    nothing = not (sure or maybe or nameless or aside or denied)
    if nothing and open_lists in asked.absent:
        return asked.absent[open_lists]
    if sure:
        truth = Truth.MET
    elif maybe or nameless or open_lists or asked.unknown:
        truth = Truth.UNKNOWN
    else:
        truth = Truth.NOT_MET
    found = Match(
        truth,
        tuple(sure),
        tuple(maybe),
        tuple(nameless),
        tuple(aside),
        lists,
        open_lists,
        asked.unknown,
        denied,
    )
    if nothing:
        asked.absent[open_lists] = found
    return found


def _denied(case: Case, wanted: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the recorded pregnancy where it rules out a state asked for; a row that may be that state still counts."""
    if case.patient.demographics.pregnancy != "pregnant":
        return ()
    ruled_out = set(wanted) & {*case.knowledge.conditions.rules.not_while_pregnant}
    return (Evidence("/demographics/pregnancy", "pregnant"),) if ruled_out else ()


def matches(case: Case, row: ConditionRow, wanted: str, exceptions: Sequence[str] = ()) -> Truth:
    """Return whether a row is the disease asked for, in the state asked for, and none of the exceptions.

    A row that is a harmless part of a wider disease, or is asked for only by the name of a whole group and is not known
    to be severe, is UNKNOWN: a person says whether it counts.
    """
    ontology = case.knowledge.conditions
    condition = ontology.conditions[wanted]
    if row.own_cancer is Truth.MET and wanted != "metastasis":
        return Truth.NOT_MET
    if row.id is None and row.origin == "cardiac" and condition.group not in ontology.rules.groups_near_heart:
        return Truth.NOT_MET
    if row.id is None and row.origin == "procedure" and "procedures" not in condition.lists:
        return Truth.NOT_MET
    if row.id is None:
        return all_of((Truth.UNKNOWN, in_state(case, row, condition))) if condition.state else Truth.UNKNOWN
    base = condition.parents[0] if condition.state is not None else wanted
    if not (ontology.can_be(row.id, wanted) or (condition.state is not None and ontology.can_be(row.id, base))):
        return Truth.NOT_MET
    values = []
    for reading in ontology.readings(row.id):
        value = Truth.MET if wanted in reading else Truth.NOT_MET
        if condition.state is not None and wanted not in reading and base in reading:
            value = in_state(case, row, condition)
        if value is not Truth.NOT_MET and exceptions:
            value = all_of((value, _excepted(case, row, reading, exceptions).negated()))
        values.append(value)
    first = values[0]
    truth = first if all(value is first for value in values) else Truth.UNKNOWN
    if truth is not Truth.MET:
        return truth
    harmless = row.id != wanted and condition.serious and not ontology.conditions[row.id].serious
    # "Lung disease" in a criterion mostly means a significant one.
    wide = row.id != wanted and condition.course == "umbrella" and condition.state is None
    insignificant = wide and severe(row, ontology.rules.grades) is not Truth.MET
    doubtful = not row.certain or row.own_cancer is Truth.UNKNOWN
    return Truth.UNKNOWN if harmless or insignificant or doubtful else Truth.MET


def _set_apart(case: Case, row: ConditionRow, wanted: str, exceptions: Sequence[str]) -> bool:
    """True for the disease asked for when its state or an exception is what keeps it from counting."""
    ontology = case.knowledge.conditions
    condition = ontology.conditions[wanted]
    if row.id is None or row.own_cancer is Truth.MET or not (exceptions or condition.state):
        return False
    base = condition.parents[0] if condition.state is not None else wanted
    return base in ontology.wider(row.id) and (base != ROOT or ontology.conditions[row.id].serious)


def _excepted(case: Case, row: ConditionRow, reading: frozenset[str], exceptions: Sequence[str]) -> Truth:
    ontology = case.knowledge.conditions
    found = []
    for written in exceptions:
        one = ontology.find(written)
        if one is None:
            found.append(Truth.UNKNOWN)
        elif one in reading:
            found.append(Truth.MET)
        elif ontology.conditions[one].state is not None and ontology.conditions[one].parents[0] in reading:
            found.append(in_state(case, row, ontology.conditions[one]))
    return any_of(found)


def _conditions(case: Case, row: ConditionRow, query: Query) -> list[Truth]:
    found = [_when(case, row, query)]
    if query.active_only:
        known = {"active": Truth.MET, "uncontrolled": Truth.MET, "resolved": Truth.NOT_MET, "carrier": Truth.NOT_MET}
        found.append(known.get(row.status or "", Truth.UNKNOWN))
    if query.severe_only:
        found.append(severe(row, case.knowledge.conditions.rules.grades))
    if query.min_grade is not None:
        if row.grade is None:
            found.append(Truth.UNKNOWN)
        else:
            found.append(Truth.MET if row.grade >= query.min_grade else Truth.NOT_MET)
    return found


def _when(case: Case, row: ConditionRow, query: Query) -> Truth:
    course = case.knowledge.conditions.conditions[row.id].course if row.id is not None else "chronic"
    if query.within_days is None:
        return Truth.MET if query.history else present(row, course, query)
    inside = within_days(row, query.within_days, case.as_of)
    if course == "event" and inside is Truth.NOT_MET and row.status in ("active", "uncontrolled"):
        # An old date beside a state of today: one of them is not what it seems.
        return Truth.UNKNOWN
    if course in ("event", "lasting"):
        return inside
    if row.status in ("active", "uncontrolled"):
        return Truth.MET if inside is Truth.MET else query.undated
    if row.status == "resolved" and inside is Truth.NOT_MET and course in ("episode", "symptom"):
        return Truth.NOT_MET
    return Truth.MET if inside is Truth.MET else Truth.UNKNOWN


def present(row: ConditionRow, course: str, query: Query) -> Truth:
    """Return whether the disease is there on the patient's day."""
    if course == "lasting" or row.status in _PRESENT:
        return Truth.MET
    if course == "event":
        return query.past_event
    if row.status == "resolved":
        return query.past_disease
    if row.status == "carrier":
        return Truth.UNKNOWN
    return Truth.MET if course in ("chronic", "umbrella") else Truth.UNKNOWN


def stays_in_window(case: Case, row: ConditionRow, query: Query) -> bool:
    """True for a row that counts whatever its date: a disease that is there now, where the window allows that."""
    course = case.knowledge.conditions.conditions[row.id].course if row.id is not None else "chronic"
    lasting = course not in ("event", "lasting") and row.status in ("active", "uncontrolled")
    return query.within_days is None or (lasting and query.undated is Truth.MET)


def leaves_window(row: ConditionRow, days: int) -> date | None:
    """Return the first day on which an event lies outside the window for certain."""
    return plus_days(row.date.high, days + 1) if row.date is not None else None
