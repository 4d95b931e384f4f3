"""Which courses of therapy a filter means: every condition on one and the same course, in columns."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import Course
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats, Tri, known
from her2nav.kinds.terms import TherapyFilter
from her2nav.knowledge.drugs import DrugOntology
from her2nav.model.dates import add_months
from her2nav.model.truth import Truth, all_of, any_of

NO_TERMS: frozenset[str] = frozenset()
_DAYS_PER_MONTH = 30.4375


class Condition(NamedTuple):
    """What is asked of each course.

    Attributes:
        key: Under which a table keeps the answer.
        judge: Answers it for the courses of a table.
        of_drugs: Answers it for the drugs of a course, where they alone decide.
    """

    key: Hashable
    judge: Callable[[TherapyTable], Tri]
    of_drugs: Callable[[tuple[TermSet, ...]], Truth] | None = None


def drug_condition(key: Hashable, judge: Callable[[tuple[TermSet, ...]], Truth]) -> Condition:
    """Return a condition on the drugs of a course alone."""
    return Condition(key, lambda table: table.drugs(key, judge), judge)


_FILTERS: dict[str, Callable[[Any, TherapyTable], Tri]] = {
    "settings": lambda wanted, table: table.settings(wanted),
    "outcome": lambda wanted, table: _outcome(wanted, table),
    "min_cycles": lambda least, table: _cycles(least, table),
    "max_cycles": lambda most, table: ~_cycles(most + 1, table),
    "started_within_days": lambda days, table: _started_within(days, table),
    "ended_within_days": lambda days, table: _ended_within(days, table),
    "ended_before_days": lambda days, table: _ended_before(days, table),
    "progressed_within_months": lambda months, table: _progressed_within(float(months), table),
}
"""The fields of a filter beside the drugs, each with how a course is judged by it."""
_NOT_ASKED = (None, (), "any")


def rows(params: TherapyFilter, table: TherapyTable, systemic: str) -> Tri:
    """Return whether each course matches the filter."""
    first, *others = conditions(params, systemic)
    result = meets(first, table)
    for one in others:
        result = result & meets(one, table)
    return result


def meets(condition: Condition, table: TherapyTable) -> Tri:
    """Return whether each course meets a condition."""
    return table.kept(condition.key, lambda: condition.judge(table))


def conditions(params: TherapyFilter, systemic: str) -> list[Condition]:
    """Return all that a filter asks of a course."""
    found = [_drugs(params.drugs or (systemic,), params.except_drugs, params.together_with)]
    for name, judge in _FILTERS.items():
        value = getattr(params, name)
        if value not in _NOT_ASKED:
            found.append(Condition((name, value), partial(judge, value)))
    return found


def _drugs(wanted: tuple[str, ...], excepted: tuple[str, ...], beside: tuple[str, ...]) -> Condition:
    """A course holds a drug that is meant, and all drugs that must stand beside it."""

    def judge(drugs: tuple[TermSet, ...]) -> Truth:
        if not excepted and not beside:
            return together(drugs).any_of(wanted)
        one = any_of(all_of((terms.any_of(wanted), _not_excepted(terms, excepted))) for terms in drugs)
        return all_of((one, *(any_of(terms.any_of((other,)) for terms in drugs) for other in beside)))

    return drug_condition(("filter", wanted, excepted, beside), judge)


def _started_within(days: int, table: TherapyTable) -> Tri:
    first = table.as_of - days
    latest = table.end_high if table.start_high is None else np.minimum(table.start_high, table.end_high)
    return Tri(table.start_low >= first, latest < first)


def _ended_within(days: int, table: TherapyTable) -> Tri:
    first = table.as_of - days
    return Tri(table.end_low >= first, table.end_high < first)


def _ended_before(days: int, table: TherapyTable) -> Tri:
    last = table.as_of - days
    return Tri(table.end_high <= last, table.end_low > last)


@lru_cache(maxsize=4096)
def together(drugs: tuple[TermSet, ...]) -> TermSet:
    """Return the terms of several drugs as one set: what one of them is, or may be."""
    could: frozenset[str] | None = NO_TERMS
    for terms in drugs:
        could = None if could is None or terms.could is None else could | terms.could
    return TermSet(NO_TERMS.union(*(terms.has for terms in drugs)), could)


def _not_excepted(terms: TermSet, excepted: tuple[str, ...]) -> Truth:
    return terms.any_of(excepted).negated() if excepted else Truth.MET


def _outcome(outcome: str, table: TherapyTable) -> Tri:
    intolerance = table.stopped_for.among(("toxicity",))
    unclear = table.stopped_for.missing
    if outcome == "progression":
        return table.progressed
    if outcome == "no_progression":
        return _no_progression(table)
    if outcome == "intolerance":
        return Tri(intolerance, ~intolerance & ~unclear)
    if outcome == "progression_or_intolerance":
        return table.progressed | Tri(intolerance, ~intolerance & ~unclear)
    if outcome == "completed":
        completed = table.stopped_for.among(("completed", "planned_switch"))
        return Tri(completed, ~completed & ~unclear)
    if outcome == "response":
        answered = table.response.among(("CR", "PR"))
        return Tri(answered, ~answered & ~table.response.missing)
    raise ValueError(f"no such outcome: {outcome}")


def _no_progression(table: TherapyTable) -> Tri:
    """Return which courses had none so far: a closed list holds none, and the record says how the course stands.

    What it says is that the course ended for another reason, or that it still runs with the disease controlled. An end
    for another reason does not exclude progression later, so that `progression` stays unknown there.
    """
    closed = table.closed[table.patient]
    ended = table.stopped_for.among(("completed", "planned_switch", "patient_choice", "toxicity"))
    controlled = (table.end_low >= table.as_of) & table.response.among(("CR", "PR", "SD"))
    back = np.isfinite(table.relapse_low) if table.relapse_low is not None else np.zeros(table.size, bool)
    certain = closed & (ended | controlled) & ~table.progressed.met & ~back
    return Tri(table.progressed.not_met | certain, table.progressed.met)


def _cycles(least: int, table: TherapyTable) -> Tri:
    """Compare the cycles; more may follow, or have followed, a count of a course that is not known to be over."""
    over = (table.end_high < table.as_of) | ~table.stopped_for.missing
    return Tri(table.cycles >= least, (table.cycles >= 0) & (table.cycles < least) & over)


def _progressed_within(months: float, table: TherapyTable) -> Tri:
    """Progression or relapse during the course or within so many months of its last dose."""
    certain, possible = _months_after(table.end_low, months), _months_after(table.end_high, months)
    progressed, low, high = table.progressed, table.progression_low, table.progression_high
    if table.relapse_low is not None and table.relapse_high is not None:
        # After (neo)adjuvant therapy the first sign that the disease is back is the relapse.
        back = np.isfinite(table.relapse_low)
        progressed = Tri(progressed.met | back, progressed.not_met & ~back)
        low, high = np.where(back, table.relapse_low, low), np.where(back, table.relapse_high, high)
    # What ended a course came before its end.
    during = table.stopped_for.among(("progression",)) & ~np.isfinite(low)
    return progressed & Tri((high <= certain) | during, (low > possible) & ~during)


def _months_after(days: Floats, months: float) -> Floats:
    """Return ordinal days moved by calendar months, as rule L2 measures; infinite stays so."""
    whole, rest = divmod(months, 1)

    def moved(day: float) -> float:
        if not np.isfinite(day):
            return day
        return add_months(date.fromordinal(int(day)), int(whole)).toordinal() + round(rest * _DAYS_PER_MONTH)

    return np.fromiter((moved(day) for day in days), np.float64, len(days))


def most_recent(table: TherapyTable, systemic: str, patients: int, *, recorded: bool = False) -> Tri:
    """Return whether each course is the patient's most recent systemic therapy.

    Two courses whose last doses may lie in either order are both only possibly the most recent, and a list that is not
    complete may lack a later one, unless the course still runs or the most recent of those `recorded` is meant.
    """
    counts = table.drugs(("systemic", systemic), lambda drugs: any_of(t.any_of((systemic,)) for t in drugs))
    latest_certain = np.full(patients, -np.inf)
    np.maximum.at(latest_certain, table.patient[counts.met], table.end_low[counts.met])
    beaten = table.end_high < latest_certain[table.patient]
    possible = ~counts.not_met & ~beaten
    rivals = np.bincount(table.patient[possible], minlength=patients)
    alone = (rivals[table.patient] == 1) & (recorded | table.closed[table.patient] | (table.end_low >= table.as_of))
    return Tri(possible & alone & counts.met, ~possible) if table.size else known(np.zeros(0, bool))


def matching(case: Case, result: Tri) -> tuple[list[Course], list[Course]]:
    """Return the courses that match for certain and those that may."""
    courses = case.alone.therapies.rows
    sure = [course for i, course in enumerate(courses) if result.met[i]]
    maybe = [course for i, course in enumerate(courses) if not result.met[i] and not result.not_met[i]]
    return sure, maybe


def describe(course: Course) -> str:
    """Say a course in a few words: drugs, setting, dates."""
    setting = next(iter(course.settings)) if len(course.settings) == 1 else "setting not stated"
    if course.maintenance:
        setting = "maintenance"
    start, end = course.start[0], course.end[0]
    until = (
        "ongoing"
        if course.ongoing
        else (end.isoformat() if end and course.end[0] == course.end[1] else "end not known")
    )
    return f"{course.label} ({setting}, {start.isoformat() if start else '?'} to {until})"


def phrase(params: TherapyFilter, ontology: DrugOntology, *, plain: bool = False) -> str:
    """Say which therapies a filter means."""
    name = ontology.plain_name if plain else ontology.name
    text = " or ".join(name(drug) for drug in params.drugs) or ("cancer medicine" if plain else "systemic therapy")
    if params.except_drugs:
        text += " other than " + " or ".join(name(drug) for drug in params.except_drugs)
    if params.together_with:
        text += " together with " + " and ".join(name(drug) for drug in params.together_with)
    if params.settings:
        text += f" ({' or '.join(params.settings)})"
    words = {
        "progression": ", with progression",
        "intolerance": ", stopped for side effects",
        "progression_or_intolerance": ", with progression or intolerance",
        "completed": ", completed",
        "no_progression": ", without progression",
        "response": ", with response",
    }
    text += words.get(params.outcome, "")
    if params.min_cycles is not None:
        text += f", at least {params.min_cycles} cycles"
    if params.max_cycles is not None:
        text += f", at most {params.max_cycles} cycles"
    if params.started_within_days is not None:
        text += f", begun within the last {params.started_within_days} days"
    if params.ended_within_days == 0:
        text += ", still being given"
    elif params.ended_within_days is not None:
        text += f", within the last {params.ended_within_days} days"
    if params.ended_before_days is not None:
        text += f", ended at least {params.ended_before_days} days ago"
    if params.progressed_within_months is not None:
        text += f", progression within {params.progressed_within_months} months of the last dose"
    return text
