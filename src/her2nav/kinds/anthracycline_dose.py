"""Cumulative anthracycline dose."""

from __future__ import annotations

from decimal import Decimal
from math import inf
from typing import Annotated

from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.therapies import Course, drug_terms
from her2nav.facts.tri import Tri, compare
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of


class Params(KindParams):
    """P: the cumulative dose is at most this, doxorubicin equivalent, mg/m2."""

    max_mg_m2: Annotated[Decimal, Field(gt=0)]
    exclusive: bool = False
    """The dose must lie below the limit."""


def _exposures(case: Case) -> list[Course]:
    """Return the courses with a drug that is, or may be, an anthracycline or a drug counted with them."""
    rules = case.knowledge.numeric_rules
    wanted = (rules.anthracycline_class, *rules.anthracycline_related)
    return [
        course for course in case.courses if any_of(terms.any_of(wanted) for terms in course.drugs) is not Truth.NOT_MET
    ]


def _named(course: Course, case: Case) -> Truth:
    """Whether an anthracycline is named; a name with a question mark behind it counts as written."""
    wanted, ontology = (case.knowledge.numeric_rules.anthracycline_class,), case.knowledge.drugs
    written = [ontology.resolve(drug.name) for drug in case.patient.therapies[course.index].drugs]
    return any_of(terms.any_of(wanted) for names in written if names.known for terms in drug_terms(names, ontology))


def _contradicted(case: Case) -> list[Course]:
    """Return the courses with an anthracycline, given in at least one cycle, beside a recorded dose of zero."""
    if case.patient.anthracycline_mg_m2 != 0:
        return []
    return [course for course in case.courses if course.cycles != 0 and _named(course, case) is Truth.MET]


def _perhaps_later(case: Case) -> list[Course]:
    """Return the anthracycline courses that the recorded dose, which has no date, may not hold: running or recent.

    A class named for the drug, such as chemotherapy, may be one.
    """
    if case.patient.anthracycline_mg_m2 is None:
        return []
    since = plus_days(case.as_of, -case.knowledge.numeric_rules.recorded_dose_lags_days)
    found = []
    for course in case.courses:
        given = case.patient.therapies[course.index]
        last = given.end or given.start
        recent = course.ongoing is True or (last is not None and last.high >= since)
        if recent and course.cycles != 0 and _named(course, case) is not Truth.NOT_MET:
            found.append(course)
    return found


def _dose(case: Case) -> Interval:
    """Return the recorded dose; zero without one needs a complete treatment list that holds no anthracycline."""
    stated = case.patient.anthracycline_mg_m2
    if stated is not None:
        if _contradicted(case):
            return UNKNOWN_NUMBER
        return float(stated), inf if _perhaps_later(case) else float(stated)
    return (0.0, 0.0) if case.patient.complete.therapies and not _exposures(case) else UNKNOWN_NUMBER


def truth(params: Params, block: Block) -> Tri:
    """Compare the dose; a course without its dose leaves it unknown."""
    return compare(
        "<" if params.exclusive else "<=", float(params.max_mg_m2), *block.numbers("anthracycline_mg_m2", _dose)
    )


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the dose, or the courses whose dose is missing."""
    limit = f"less than {params.max_mg_m2} mg/m2" if params.exclusive else f"{params.max_mg_m2} mg/m2 or less"
    wanted = f"{limit}, doxorubicin equivalent"
    stated = case.patient.anthracycline_mg_m2
    contradicted = _contradicted(case)
    exposures = contradicted or _exposures(case)
    courses = tuple(Evidence(course.path, course.label) for course in exposures)
    if truth is Truth.UNKNOWN:
        labels = ", ".join(course.label for course in exposures)
        why = "No anthracycline dose in the record, and the treatment list is not marked complete"
        if contradicted:
            why = f"A dose of zero is recorded beside {labels}"
        elif stated is not None:
            later = ", ".join(course.label for course in _perhaps_later(case))
            why = f"The recorded dose of {stated} mg/m2 has no date and may not hold {later}"
        elif exposures:
            why = f"Dose or kind of drug not recorded for {labels}"
        return finding(
            truth,
            "anthracycline_contradiction" if contradicted else "anthracycline_dose_missing",
            f"{why}; wanted {wanted}.",
            "We need to know the full dose you had of one group of chemo drugs (anthracyclines).",
            ((Evidence("/anthracycline_mg_m2", str(stated)),) if stated is not None else ()) + courses,
            change=ask("cumulative anthracycline dose, doxorubicin equivalent", Effort.RECORD),
        )
    if stated is None:
        return finding(
            truth,
            "anthracycline_none",
            f"No record of an anthracycline in a treatment list marked complete; wanted {wanted}.",
            "There is no record that you had this group of chemo drugs (anthracyclines).",
            Evidence("/complete/therapies", "true"),
        )
    kept = truth is Truth.MET
    return finding(
        truth,
        "anthracycline_in_range" if kept else "anthracycline_too_high",
        f"Cumulative anthracycline dose {stated} mg/m2; wanted {wanted}.",
        "The dose you had of one group of chemo drugs (anthracyclines) "
        + ("fits." if kept else "is more than the study allows."),
        (Evidence("/anthracycline_mg_m2", f"{stated} mg/m2"), *courses),
        change=None if kept else Change(ChangeBy.NEVER, "dose already given"),
    )


_AC = {"drugs": ["doxorubicin", "cyclophosphamide"], "setting": "adjuvant"}
_DONE = {"complete": {"therapies": True}}

KIND = Kind(
    id="anthracycline_dose",
    name="anthracycline dose",
    plain_name="dose of one group of chemo drugs",
    taxonomy=(23,),
    params=Params,
    truth=truth,
    explain=explain,
    question="What is the cumulative anthracycline dose, as doxorubicin equivalent?",
    effort=Effort.RECORD,
    examples=(
        ({"max_mg_m2": 360}, {"anthracycline_mg_m2": 360}, "met"),
        ({"max_mg_m2": 360}, {"anthracycline_mg_m2": 361}, "not_met"),
        ({"max_mg_m2": 360, "exclusive": True}, {"anthracycline_mg_m2": 360}, "not_met"),
        ({"max_mg_m2": 360}, {}, "unknown"),
        ({"max_mg_m2": 360}, _DONE, "met"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "paclitaxel"}]}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "paclitaxel"}], **_DONE}, "met"),
        ({"max_mg_m2": 360}, {"therapies": [_AC], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [_AC], "anthracycline_mg_m2": 240, **_DONE}, "met"),
        # a zero that the treatment list contradicts; a regimen; a class; a name nobody knows; a related drug
        ({"max_mg_m2": 360}, {"therapies": [_AC], "anthracycline_mg_m2": 0, **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "FEC"}], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "chemotherapy"}], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "mystery-77"}], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "mitoxantrone"}], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "mystery-77"}], "anthracycline_mg_m2": 0}, "met"),
        # no cycle given, a name in doubt, a course that may have begun since
        ({"max_mg_m2": 360}, {"therapies": [{**_AC, "cycles": 0}], "anthracycline_mg_m2": 0}, "met"),
        ({"max_mg_m2": 360}, {"therapies": [{**_AC, "cycles": 0}], **_DONE}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "doxorubicin?"}], "anthracycline_mg_m2": 0}, "unknown"),
        ({"max_mg_m2": 360}, {"therapies": [{"drugs": "paclitaxel?"}], **_DONE}, "unknown"),
        (
            {"max_mg_m2": 360},
            {"as_of": "2026-02-01", "therapies": [{**_AC, "start": "2026"}], "anthracycline_mg_m2": 240, **_DONE},
            "unknown",
        ),
    ),
)
