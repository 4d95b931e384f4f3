"""Documented progression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.therapies import Course
from her2nav.facts.tri import Tri, exists
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import Days, KindParams, TherapyFilter
from her2nav.kinds.therapy_match import describe, matching, most_recent, phrase, rows
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: progression was documented on or after the therapy meant.

    A recorded progression counts as radiographic: the record does not say how it was seen, and the reason says so.
    """

    after: Literal["last_therapy", "any_therapy"] = "last_therapy"
    therapy: TherapyFilter | None = None
    within_days: Days | None = None
    """Progression no more than so many days before the anchor day."""
    radiographic: bool = False


def _courses(params: Params, block: Block) -> Tri:
    """Return the courses that the progression must follow."""
    systemic = block.knowledge.line_rules.systemic if block.size else ""
    result = rows(params.therapy or TherapyFilter(), block.therapies, systemic)
    return (
        result & most_recent(block.therapies, systemic, block.size, recorded=True)
        if params.after == "last_therapy"
        else result
    )


def _rows(params: Params, block: Block) -> Tri:
    table = block.therapies
    result = _courses(params, block) & table.progressed
    result = Tri(result.met & ~table.doubtful, result.not_met)
    if params.within_days is None:
        return result
    first = table.as_of - params.within_days
    return result & Tri(table.progression_low >= first, table.progression_high < first)


def truth(params: Params, block: Block) -> Tri:
    """Look for a course with progression; that a course had none is never known, that it was long ago can be."""
    return exists(_rows(params, block), block.therapies.patient, block.therapies.closed)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the courses with progression, or those whose outcome is open."""
    wanted = _phrase(params, case)
    sure, maybe = matching(case, _rows(params, case.alone))
    if truth is Truth.MET:
        how = "; recorded without saying how it was seen, taken as seen on imaging" if params.radiographic else ""
        return finding(
            truth,
            "progression_documented",
            f"Progression on or after {'; '.join(map(_shown, sure))}. Asked: {wanted}{how}.",
            "The cancer grew during or after this treatment.",
            tuple(_evidence(course) for course in sure),
            change=_leaves(params, [*sure, *maybe]),
            holds_until=None
            if params.within_days is None
            else max(plus_days(course.progression[0], params.within_days) for course in sure if course.progression),
        )
    meant, perhaps = matching(case, _courses(params, case.alone))
    if truth is Truth.NOT_MET:
        listed = "; ".join(map(_shown, (*meant, *perhaps))) or "no record of such a treatment"
        return finding(
            truth,
            "no_such_progression",
            f"No progression as asked in a treatment list marked complete: {listed}. Asked: {wanted}.",
            "There is no record that the cancer grew at the time the study asks about.",
            (Evidence("/complete/therapies", "true"), *map(_evidence, (*meant, *perhaps))),
            change=Change(ChangeBy.TEST, "imaging that shows progression", effort=Effort.ORDINARY),
        )
    if maybe:
        return finding(
            truth,
            "progression_unclear",
            f"Not recorded whether or when there was progression: {'; '.join(map(_shown, maybe))}. Asked: {wanted}.",
            "We need to know if and when the cancer grew during or after this treatment.",
            tuple(_evidence(course) for course in maybe),
            change=ask(f"progression on or after {maybe[-1].label}, and its date", Effort.RECORD),
        )
    return finding(
        truth,
        "treatments_not_complete",
        f"No progression as asked is recorded, and the treatment list is not marked complete. Asked: {wanted}.",
        "We need your list of treatments, and when the cancer grew.",
        change=ask(f"complete list of treatments with outcome ({wanted})", Effort.RECORD),
    )


def _leaves(params: Params, courses: Sequence[Course]) -> Change:
    """Return the first day on which every progression lies before the window, or that nothing changes it."""
    days = [course.progression[1] for course in courses if course.progression is not None]
    if params.within_days is None or len(days) < len(courses):
        return Change(ChangeBy.NEVER, "progression on record")
    free = plus_days(max(days), params.within_days + 1)
    return Change(ChangeBy.DATE, f"more than {params.within_days} days since the progression", date=free)


def _shown(course: Course) -> str:
    if course.progression is None:
        when = "progression, undated" if course.progressed else "progression not recorded"
    else:
        low, high = course.progression
        when = f"progression {low.isoformat()}" + ("" if low == high else f" to {high.isoformat()}")
    return f"{describe(course)}, {when}"


def _evidence(course: Course) -> Evidence:
    return Evidence(course.path, _shown(course), course.progression[1].isoformat() if course.progression else None)


def _phrase(params: Params, case: Case) -> str:
    text = "radiographic progression" if params.radiographic else "progression"
    text += " on or after " + ("the most recent therapy" if params.after == "last_therapy" else "earlier therapy")
    if params.therapy is not None:
        text += f": {phrase(params.therapy, case.knowledge.drugs)}"
    return text + (f", within {params.within_days} days" if params.within_days is not None else "")


_PD = {
    "drugs": "T-DXd",
    "setting": "metastatic",
    "start": "2025-01-01",
    "end": "2026-01-01",
    "progression_date": "2026-01-01",
}
_OLD = {"drugs": "THP", "setting": "metastatic", "start": "2023", "end": "2024", "reason_stopped": "completed"}
_CLOSED = {"complete": {"therapies": True}}
_ANY = {"after": "any_therapy"}

KIND = Kind(
    id="disease_progression",
    name="progression",
    plain_name="growth of the cancer",
    taxonomy=(14,),
    params=Params,
    truth=truth,
    explain=explain,
    question="When was progression documented, and on which treatment?",
    effort=Effort.RECORD,
    examples=(
        ({}, {"therapies": [_OLD, _PD]}, "met"),
        ({"radiographic": True}, {"therapies": [_OLD, _PD]}, "met"),
        ({}, {"therapies": [_PD, {**_OLD, "start": "2026-02", "end": "2026-03"}], "as_of": "2026-06-01"}, "unknown"),
        ({}, {"therapies": [_OLD], **_CLOSED}, "unknown"),
        ({}, {}, "unknown"),
        ({}, _CLOSED, "not_met"),
        ({**_ANY, "therapy": {"drugs": "platinum"}}, {"therapies": [_PD], **_CLOSED}, "not_met"),
        ({**_ANY, "therapy": {"drugs": "platinum"}}, {"therapies": [_PD]}, "unknown"),
        ({**_ANY, "therapy": {"drugs": "anti_her2"}}, {"therapies": [_PD]}, "met"),
        ({**_ANY, "therapy": {"settings": "adjuvant"}}, {"therapies": [_PD], **_CLOSED}, "not_met"),
        # the last day of the window is inside
        ({**_ANY, "within_days": 90}, {"as_of": "2026-04-01", "therapies": [_PD]}, "met"),
        ({**_ANY, "within_days": 90}, {"as_of": "2026-04-02", "therapies": [_PD], **_CLOSED}, "not_met"),
        (
            {**_ANY, "within_days": 90},
            {"as_of": "2026-04-02", "therapies": [{**_PD, "progression_date": "2026-01"}], **_CLOSED},
            "unknown",
        ),
        (
            {**_ANY, "within_days": 90},
            {"as_of": "2026-04-02", "therapies": [{"drugs": "T-DXd", "reason_stopped": "progression"}], **_CLOSED},
            "unknown",
        ),
    ),
)
