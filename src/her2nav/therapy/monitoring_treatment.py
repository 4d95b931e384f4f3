"""Where the treatment with a drug stands: planned, running or ended, since when, at what dose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from her2nav.facts.case import Case
from her2nav.facts.therapies import Course
from her2nav.knowledge.monitoring import Span
from her2nav.model.treatment import DrugGiven
from her2nav.therapy.safety_results import Phase

Days = tuple[date, date]
"""First and last day that something can be."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One drug's treatment.

    Attributes:
        drug: Id of the drug.
        start: First dose of the treatment that runs, is planned or ended last; None: not known.
        end: Last dose where it has ended.
        doses: The drug as given in the record, newest last.
        early, metastatic: What the courses' settings say; both False: nothing.
    """

    drug: str
    phase: Phase
    start: Days | None
    end: Days | None
    doses: tuple[DrugGiven, ...] = ()
    early: bool = False
    metastatic: bool = False

    @property
    def first_day(self) -> date | None:
        """The first dose where its day is certain."""
        return self.start[0] if self.start is not None and self.start[0] == self.start[1] else None

    @property
    def given(self) -> bool:
        """True when a dose has been given."""
        return self.phase in ("running", "ended")


def treatment(case: Case, drug: str, gap: Span, start: date | None = None) -> Treatment:
    """Return where the treatment stands.

    Courses of one drug no further apart than `gap` are one treatment: its baseline lies before the first of them. A
    course that does not say whether it runs is taken to run where it is the newest.

    Args:
        case: The patient and the day.
        drug: Id of the drug.
        gap: Longest pause inside one treatment.
        start: First dose as given by the user; it goes before the record.
    """
    mine = [course for course in case.courses if any(drug in terms.has for terms in course.drugs)]
    chain = one_treatment(mine, gap)
    doses = tuple(
        given
        for course in chain
        for given in case.patient.therapies[course.index].drugs
        if drug in case.knowledge.drugs.resolve(given.name).drugs
    )
    settings = frozenset(item for course in chain for item in course.settings)
    early, late = bool(settings) and settings <= {"neoadjuvant", "adjuvant"}, settings == {"metastatic"}
    last = chain[-1] if chain else None
    end = (last.end[0], last.end[1]) if last is not None and last.ongoing is False and last.end[0] else None
    if start is not None:
        running: Phase = "planned" if start > case.as_of else "running"
        if end is not None and end[0] >= start:
            running = "ended"
        return Treatment(drug, running, (start, start), end if running == "ended" else None, doses, early, late)
    planned = _planned(case, drug)
    if last is not None and (last.ongoing is not False or planned is None):
        phase: Phase = "running" if last.ongoing is not False else "ended"
        return Treatment(drug, phase, _start(chain), end, doses, early, late)
    if planned is not None:
        return Treatment(drug, "planned", planned if planned[0] != date.min else None, None, ())
    return Treatment(drug, "not_on_record", None, None, ())


def one_treatment(courses: list[Course], gap: Span) -> list[Course]:
    """Return the newest courses that are one treatment, oldest first."""
    chain: list[Course] = []
    for course in reversed(courses):
        if chain:
            following = chain[0].start[0]
            if following is None or gap.after(course.end[1]) < following:
                break
        chain.insert(0, course)
    return chain


def _start(chain: list[Course]) -> Days | None:
    low, high = chain[0].start
    return (low, high) if low is not None and high is not None else None


def _planned(case: Case, drug: str) -> Days | None:
    """Return when the drug is planned; the first day of all where no day is given."""
    for plan in case.patient.planned:
        if any(drug in case.knowledge.drugs.resolve(given.name).drugs for given in plan.drugs):
            return (plan.start.low, plan.start.high) if plan.start is not None else (date.min, date.min)
    return None
