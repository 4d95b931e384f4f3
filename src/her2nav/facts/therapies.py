"""The therapy ledger: each course of treatment with its drugs resolved and its unknowns kept as ranges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.knowledge.drugs import DrugNames, DrugOntology
from her2nav.model.patient import Patient
from her2nav.model.treatment import Therapy

SETTINGS = ("neoadjuvant", "adjuvant", "metastatic", "local")


@dataclass(frozen=True, slots=True)
class Course:
    """One course of systemic therapy that was given by the patient's day.

    Attributes:
        index: Position in the patient file; `path` points at it.
        drugs: One term set per drug named; a regimen gives several.
        settings: Possible settings out of SETTINGS; maintenance is resolved to the setting it maintains.
        maintenance: True when recorded as maintenance.
        start, end: First and last day each can be; for an ongoing course `end` is the patient's day.
        ongoing: None when the record does not say.
        progressed: Progression during or after it, None when not known.
        progression: Earliest and latest day of that progression.
        relapse: The same of the relapse after early disease, for a (neo)adjuvant course without progression of its own.
    """

    index: int
    path: str
    label: str
    drugs: tuple[TermSet, ...]
    written: tuple[DrugNames, ...]
    settings: frozenset[str]
    maintenance: bool
    start: tuple[date | None, date | None]
    end: tuple[date | None, date]
    ongoing: bool | None
    stopped_for: str | None
    response: str | None
    progressed: bool | None
    progression: tuple[date, date] | None
    cycles: int | None
    relapse: tuple[date, date] | None = None


def in_doubt(written: str) -> bool:
    """True for a name that the record itself puts a question mark behind: `docetaxel?`, `(docetaxel ?)`."""
    return written.rstrip(" )").endswith("?")


@lru_cache(maxsize=65536)
def drug_terms(names: DrugNames, ontology: DrugOntology) -> tuple[TermSet, ...]:
    """Return the term sets of a written name: a drug's classes are certain, a class's members are possible."""
    found = [TermSet(ontology.terms_of(drug), ontology.possible_terms_of(drug)) for drug in names.drugs]
    for named in names.classes:
        has = ontology.class_closure[named]
        could = set(has)
        for member in ontology.members(named):
            could |= ontology.possible_terms_of(member)
        found.append(TermSet(has, frozenset(could)))
    for choice in names.either:
        sets = [drug_terms(one, ontology)[0] for one in choice]
        has = frozenset.intersection(*(one.has for one in sets))
        found.append(TermSet(has, frozenset().union(*(one.could or () for one in sets))))
    return tuple(found) or (ANYTHING,)


def courses(patient: Patient, ontology: DrugOntology, as_of: date) -> tuple[Course, ...]:
    """Return the courses given by `as_of`, in the order of the record; later ones are set aside."""
    found: list[Course] = []
    for index, therapy in enumerate(patient.therapies):
        if therapy.start is not None and therapy.start.certainly_after(as_of):
            continue
        found.append(_with_relapse(_course(index, therapy, ontology, as_of, found), patient, as_of))
    return tuple(found)


def _with_relapse(course: Course, patient: Patient, as_of: date) -> Course:
    """Add the relapse that followed a (neo)adjuvant course; one from before its start is another."""
    day, start = patient.cancer.relapse_date, course.start[0]
    if day is None or day.low > as_of or course.progressed or not course.settings <= {"neoadjuvant", "adjuvant"}:
        return course
    if start is not None and day.high < start:
        return course
    return replace(course, relapse=(day.low, min(day.high, as_of)))


def _course(index: int, therapy: Therapy, ontology: DrugOntology, as_of: date, before: list[Course]) -> Course:
    # A name in doubt may be this drug or another.
    names = tuple(
        DrugNames(drug.name) if in_doubt(drug.name) else ontology.resolve(drug.name) for drug in therapy.drugs
    )
    drugs = tuple(terms for name in names for terms in drug_terms(name, ontology)) or (ANYTHING,)
    start = (None, None) if therapy.start is None else (therapy.start.low, min(therapy.start.high, as_of))
    progression = None
    if therapy.progression_date is not None and therapy.progression_date.low <= as_of:
        progression = (therapy.progression_date.low, min(therapy.progression_date.high, as_of))
    return Course(
        index=index,
        path=f"/therapies/{index}",
        label=" + ".join(drug.name for drug in therapy.drugs) or "unnamed therapy",
        drugs=drugs,
        written=names,
        settings=_settings(therapy, before),
        maintenance=therapy.setting == "maintenance",
        start=start,
        end=_end(therapy, start[0], as_of),
        ongoing=_ongoing(therapy, as_of),
        stopped_for=therapy.reason_stopped,
        response=therapy.best_response,
        progressed=_progressed(therapy, progression),
        progression=progression,
        cycles=therapy.cycles,
    )


def _settings(therapy: Therapy, before: list[Course]) -> frozenset[str]:
    if therapy.setting is None:
        return frozenset(SETTINGS)
    if therapy.setting != "maintenance":
        return frozenset({therapy.setting})
    if before and before[-1].settings != frozenset(SETTINGS):
        return before[-1].settings
    return frozenset({"adjuvant", "metastatic"})


def _end(therapy: Therapy, start: date | None, as_of: date) -> tuple[date | None, date]:
    if therapy.ongoing:
        return as_of, as_of
    if therapy.end is not None:
        if therapy.end.low > as_of:
            return as_of, as_of
        return therapy.end.low, min(therapy.end.high, as_of)
    return start, as_of


def _ongoing(therapy: Therapy, as_of: date) -> bool | None:
    if therapy.ongoing is not None:
        return therapy.ongoing
    if therapy.end is not None:
        return therapy.end.low > as_of
    return False if therapy.reason_stopped is not None else None


def _progressed(therapy: Therapy, progression: tuple[date, date] | None) -> bool | None:
    if progression is not None or therapy.reason_stopped == "progression" or therapy.best_response == "PD":
        return True
    return None
