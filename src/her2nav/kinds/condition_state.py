"""The state a disease of the record is in: active, severe, under control, treated with a medicine."""

from __future__ import annotations

from collections.abc import Sequence

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, within_days
from her2nav.facts.medications import taken
from her2nav.kinds.blood_pressure import blood_pressure_fine
from her2nav.knowledge.condition_schema import Condition, Grades
from her2nav.model.truth import Truth, all_of, any_of


def in_state(case: Case, row: ConditionRow, condition: Condition) -> Truth:
    """Return whether a row is in the state that a condition of the vocabulary stands for."""
    state = condition.state or ""
    if state == "active":
        known = {"active": Truth.MET, "uncontrolled": Truth.MET, "resolved": Truth.NOT_MET}
        return known.get(row.status or "", Truth.UNKNOWN)
    if state == "severe":
        return severe(row, case.knowledge.conditions.rules.grades)
    if state == "treated_for_good":
        return Truth.NOT_MET if row.status in ("active", "uncontrolled") else Truth.UNKNOWN
    if state.startswith("medicated:"):
        return Truth.UNKNOWN if row.status == "resolved" else on_medicine(case, (state.partition(":")[2],))
    if state in ("uncontrolled", "blood_pressure"):
        return _uncontrolled(case, row, condition)
    return Truth.NOT_MET if row.status == "resolved" and condition.course == "symptom" else Truth.UNKNOWN


def _uncontrolled(case: Case, row: ConditionRow, condition: Condition) -> Truth:
    if row.status == "uncontrolled":
        return Truth.MET
    if row.status in ("controlled", "resolved", "carrier"):
        return Truth.NOT_MET
    ontology = case.knowledge.conditions
    if condition.state == "blood_pressure":
        return Truth.NOT_MET if blood_pressure_fine(case) else Truth.UNKNOWN
    if condition.course != "umbrella" or row.id is None:
        return Truth.UNKNOWN
    disease = ontology.conditions[row.id]
    past = within_days(row, ontology.rules.recent_event_days, case.as_of) is Truth.NOT_MET
    mild = row.origin == "toxicity" and (row.grade or 0) <= ontology.rules.grades.no_illness_up_to
    settled = mild or not disease.serious or disease.course == "lasting" or row.own_cancer is Truth.MET
    return Truth.NOT_MET if settled or (disease.course == "event" and past) else Truth.UNKNOWN


def on_medicine(case: Case, classes: Sequence[str]) -> Truth:
    """Return whether a medicine of one of the classes is taken; only a complete list can say that none is."""
    items = taken(case)
    found = [
        all_of((any_of(terms.any_of(classes) for terms in item.terms), Truth.MET if item.certain else Truth.UNKNOWN))
        for item in items
    ]
    truth = any_of(found)
    return Truth.UNKNOWN if truth is Truth.NOT_MET and not case.patient.complete.medications else truth


def severe(row: ConditionRow, grades: Grades) -> Truth:
    """Return whether the disease is severe: by its grade, a word beside its name, or its status."""
    if row.status == "resolved":
        return Truth.NOT_MET
    if row.severe is not None:
        return Truth.MET if row.severe else Truth.NOT_MET
    if row.grade is not None and row.grade >= grades.severe_from:
        return Truth.MET
    if row.grade is not None and row.grade <= grades.not_severe_up_to:
        return Truth.NOT_MET
    return Truth.MET if row.status == "uncontrolled" else Truth.UNKNOWN
