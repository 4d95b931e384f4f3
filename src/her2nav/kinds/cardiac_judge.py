"""Heart and circulation: how events, diseases and the class of heart failure are judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.kinds.condition_match import Query, search
from her2nav.kinds.condition_state import severe
from her2nav.kinds.terms import Days, KindParams
from her2nav.knowledge.conditions import ConditionOntology
from her2nav.knowledge.load import Knowledge
from her2nav.model.truth import Truth, any_of
from her2nav.model.values import OneOrMany

FAILURE = "heart_failure"
_CLASSES = ("none", "I", "II", "III", "IV")
_HEART = "heart"
_WEAK = (FAILURE, "left_ventricular_dysfunction")
_NYHA = re.compile(r"\bNYHA(?:\s+(?:functional\s+)?class)?[\s:-]*(IV|I{1,3}|[1-4])\b", re.IGNORECASE)
_ARABIC = {"1": "I", "2": "II", "3": "III", "4": "IV"}


class Params(KindParams):
    """P: one of the events or diseases is recorded, within the window when one is given."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as myocardial_infarction, unstable_angina, heart_failure, arrhythmia, uncontrolled_hypertension, stroke,
    long_qt_syndrome, cardiomyopathy, valve_disease, pericarditis, myocarditis, coronary_intervention."""
    nyha_min: Literal["I", "II", "III", "IV"] | None = None
    """Heart failure counts from this class on."""
    within_days: Days | None = None
    needs_treatment: bool = False
    """Only symptomatic, uncontrolled or treated disease counts."""


_CLASS_ASKED = {one: Params(any_of=(FAILURE,), nyha_min=one) for one in (None, "I", "II", "III", "IV")}


def query_for(params: Params, wanted: tuple[str, ...]) -> Query:
    """Return what to look for; what is over counts too."""
    return Query(wanted=wanted, within_days=params.within_days, history=True)


def counts(params: Params) -> Callable[[Case, ConditionRow], Truth] | None:
    """Return what a row must fulfil where only symptomatic, uncontrolled or treated disease counts."""
    if not params.needs_treatment:
        return None

    def counted(case: Case, row: ConditionRow) -> Truth:
        ontology = case.knowledge.conditions
        wider = ontology.wider(row.id) if row.id is not None else frozenset()
        if row.status == "resolved":
            return Truth.NOT_MET
        if row.status == "active" and wider & {*ontology.rules.always_symptomatic}:
            return Truth.MET
        if FAILURE in wider and case.patient.cardiac.nyha in _CLASSES[2:]:
            return Truth.MET
        # A mild or controlled disease may be a treated one.
        return Truth.MET if severe(row, ontology.rules.grades) is Truth.MET else Truth.UNKNOWN

    return counted


def rests_on_class(params: Params, knowledge: Knowledge) -> bool:
    """Return whether heart failure is among what is asked, so that its class decides too."""
    return params.nyha_min is not None or len(_rest(params.any_of, knowledge.conditions)) < len(params.any_of)


def stated_class(case: Case) -> Hashable:
    """Return the recorded NYHA class, and for each class asked for whether a row names another side of it."""
    nyha = case.patient.cardiac.nyha
    asked = (None, *_CLASSES[1:]) if condition_rows(case) else ()
    return nyha, tuple(bool(disagreeing(case, _CLASS_ASKED[one])) for one in asked)


def split(params: Params, case: Case) -> tuple[tuple[str, ...], bool]:
    """Part heart failure, which has classes, from the rest."""
    rest = _rest(params.any_of, case.knowledge.conditions)
    return rest, len(rest) < len(params.any_of) or params.nyha_min is not None


@lru_cache(maxsize=8192)
def _rest(wanted: tuple[str, ...], ontology: ConditionOntology) -> tuple[str, ...]:
    return tuple(item for item in wanted if ontology.find(item) != FAILURE)


def judge_rest(case: Case, params: Params, wanted: tuple[str, ...]) -> Truth:
    """Judge by the diagnoses alone; an empty heart history closes nothing unless conditions are marked complete."""
    return search(case, query_for(params, wanted), counts(params)).truth


def disagreeing(case: Case, params: Params) -> tuple[ConditionRow, ...]:
    """Return the rows that name another side of the class asked for than the recorded NYHA class does.

    Severe dysfunction of the left ventricle that is there now speaks against no or slight symptoms, and any heart
    failure that is not over against class "none".
    """
    least = _CLASSES.index(params.nyha_min or "II")
    nyha = case.patient.cardiac.nyha
    low = nyha is None or _CLASSES.index(nyha) < least
    severe_from = case.knowledge.conditions.rules.grades.severe_from
    found = []
    for row in condition_rows(case):
        if row.status == "resolved":
            continue
        written = [_ARABIC.get(text, text.upper()) for text in _NYHA.findall(row.label)]
        severe_now = row.id in _WEAK and row.status in ("active", "uncontrolled") and (row.grade or 0) >= severe_from
        failing = nyha == "none" and row.id is not None and FAILURE in case.knowledge.conditions.wider(row.id)
        if any((_CLASSES.index(text) < least) is not low for text in written) or (low and severe_now) or failing:
            found.append(row)
    return tuple(found)


def judge_failure(case: Case, params: Params) -> Truth:
    """Judge heart failure by its NYHA class where the record has one, else by the diagnoses."""
    found = _failure(case, params)
    by_class = params.nyha_min is not None or found is Truth.NOT_MET or case.patient.cardiac.nyha == "none"
    return Truth.UNKNOWN if by_class and disagreeing(case, params) else found


def _failure(case: Case, params: Params) -> Truth:
    listed = judge_rest(case, params, (FAILURE,))
    nyha = case.patient.cardiac.nyha
    if params.nyha_min is not None:
        if nyha is None or (nyha == "none" and listed is Truth.MET):
            return Truth.NOT_MET if listed is Truth.NOT_MET else Truth.UNKNOWN
        return Truth.MET if _CLASSES.index(nyha) >= _CLASSES.index(params.nyha_min) else Truth.NOT_MET
    if nyha in _CLASSES[2:]:
        return Truth.MET
    if nyha == "I" and listed is Truth.NOT_MET:
        return Truth.UNKNOWN
    if nyha == "none" and params.needs_treatment and listed is Truth.UNKNOWN and not _failure_rows(case, params):
        return Truth.NOT_MET
    return listed


def _failure_rows(case: Case, params: Params) -> bool:
    match = search(case, query_for(params, (FAILURE,)), counts(params))
    return bool(match.sure or match.maybe or match.unknown_names)


def judge(case: Case, params: Params) -> Truth:
    """Judge P for one patient."""
    rest, failure = split(params, case)
    found = [judge_rest(case, params, rest)] if rest else []
    return any_of([*found, *([judge_failure(case, params)] if failure else [])])
