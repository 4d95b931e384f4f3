"""What raises the risk to the heart, present, absent or not known."""

from __future__ import annotations

from collections.abc import Iterable

from her2nav.facts.case import Case
from her2nav.knowledge.monitoring import RiskFlag
from her2nav.model.dates import age_in_years
from her2nav.model.finding import Evidence
from her2nav.model.truth import Truth, all_of, any_of, from_bounds
from her2nav.therapy.safety_inputs import Readings, condition, radiotherapy
from her2nav.therapy.safety_results import RiskAnswer, SourceLine

Judged = tuple[Truth, tuple[Evidence, ...]]


def heart_risk(flag: RiskFlag, source: SourceLine, readings: Readings) -> RiskAnswer:
    """Judge one risk; an unverified fact keeps its answer and is shown as unverified."""
    case = readings.case
    judged: list[Judged] = []
    if flag.age_from is not None:
        judged.append(_age(case, flag.age_from))
    if flag.conditions:
        judged.append(condition(case, flag.conditions))
    if flag.prior:
        judged.append(_prior(case, flag.prior))
    if flag.radiotherapy_sites:
        judged.append(radiotherapy(case, flag.radiotherapy_sites))
    if flag.when:
        truth = all_of(readings.value(name).meets(check) for name, check in flag.when.items())
        judged.append((truth, tuple(line for name in flag.when for line in readings.value(name).evidence)))
    truth = any_of(answer for answer, _ in judged)
    words = {Truth.MET: "met", Truth.NOT_MET: "not_met", Truth.UNKNOWN: "unknown"}
    return RiskAnswer.model_validate(
        {
            "id": flag.id,
            "clinical": flag.clinical,
            "plain": flag.plain,
            "truth": words[truth],
            "evidence": tuple(_shown(line) for _, lines in judged for line in lines),
            "source": source,
        }
    )


def _shown(line: Evidence) -> str:
    if line.path.startswith("/complete/"):
        return "none in a list marked complete"
    return f"{line.value} ({line.date})" if line.date else line.value


def _age(case: Case, limit: int) -> Judged:
    who = case.patient.demographics
    if who.birth_date is not None:
        low, high = age_in_years(who.birth_date, case.as_of)
    elif who.age is not None:
        low = high = who.age
    else:
        return Truth.UNKNOWN, ()
    text = f"{low} years" if low == high else f"{low} to {high} years"
    return from_bounds(low >= limit, high < limit), (Evidence("/demographics", text),)


def _prior(case: Case, terms: Iterable[str]) -> Judged:
    """An earlier or present drug; a recorded cumulative dose tells of it too."""
    wanted = tuple(terms)
    answers, evidence = [], []
    for course in case.courses:
        truth = any_of(drug.any_of(wanted) for drug in course.drugs)
        answers.append(truth)
        if truth is Truth.MET:
            evidence.append(Evidence(course.path, course.label, course.end[1].isoformat()))
    dose = case.patient.anthracycline_mg_m2
    if "anthracycline" in wanted and dose is not None:
        answers.append(from_bounds(dose > 0, dose == 0 and not evidence))
        evidence.append(Evidence("/anthracycline_mg_m2", f"{dose} mg/m2"))
    if not case.patient.complete.therapies and dose is None:
        answers.append(Truth.UNKNOWN)
    return any_of(answers), tuple(evidence)
