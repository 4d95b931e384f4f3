"""Active infection."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow, condition_rows
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.condition_match import Query, asked_ids, held, lists_of, matches, search
from her2nav.kinds.condition_words import tell
from her2nav.kinds.terms import Days, KindParams
from her2nav.kinds.viral_tests import NAMES, Virus, unsuppressed
from her2nav.knowledge.condition_schema import Grades
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany

Severity = Literal["any_active", "uncontrolled", "needs_systemic_treatment", "needs_iv_treatment"]


class Params(KindParams):
    """P: an infection as described is present."""

    severity: Severity = "uncontrolled"
    within_days: Days | None = None
    agents: OneOrMany[str] = ()
    """For example tuberculosis, covid_19; empty: any."""


def _query(params: Params) -> Query:
    return Query(wanted=params.agents or ("infection",), within_days=params.within_days)


def _counts(params: Params) -> Callable[[Case, ConditionRow], Truth]:
    """Return whether an infection is as active as asked.

    A chronic virus infection that no agent names, and a harmless infection that nobody calls uncontrolled, is left to
    a person or does not count; HIV and hepatitis have a kind of their own.
    """

    def judge(case: Case, row: ConditionRow) -> Truth:
        if row.status == "carrier":
            return Truth.NOT_MET
        if row.id is None:
            return Truth.UNKNOWN
        ontology = case.knowledge.conditions
        disease = ontology.conditions[row.id]
        chronic = disease.course == "chronic" and not params.agents
        if chronic and row.status in ("controlled", "resolved"):
            return Truth.NOT_MET
        rules = ontology.rules
        intravenous = bool(ontology.wider(row.id) & {*rules.always_intravenous})
        answer = _severity(params.severity, row, intravenous, rules.grades)
        if chronic and answer is Truth.MET and row.status != "uncontrolled":
            return Truth.UNKNOWN
        if params.severity in ("uncontrolled", "needs_iv_treatment") and not disease.serious and row.grade is None:
            return Truth.NOT_MET if answer is Truth.UNKNOWN else answer
        return answer

    return judge


def _severity(severity: Severity, row: ConditionRow, intravenous: bool, grades: Grades) -> Truth:
    if severity == "any_active":
        return Truth.UNKNOWN if row.status == "controlled" else Truth.MET
    if severity == "uncontrolled":
        known = {"uncontrolled": Truth.MET, "controlled": Truth.NOT_MET, "resolved": Truth.NOT_MET}
        return known.get(row.status or "", Truth.UNKNOWN)
    if intravenous and row.status in ("active", "uncontrolled"):
        return Truth.MET
    if row.grade is None:
        return Truth.UNKNOWN
    if row.grade >= grades.intravenous_from:
        return Truth.MET
    untreated = row.grade <= grades.untreated_up_to
    return Truth.NOT_MET if severity == "needs_iv_treatment" or untreated else Truth.UNKNOWN


def _tested(case: Case, params: Params) -> list[Virus]:
    """Return the chronic virus infections that a test alone tells of: whether they count is left to a person."""
    tests = case.patient.serology
    if params.agents or tests is None or (tests.date is not None and tests.date.certainly_after(case.as_of)):
        return []
    rows = condition_rows(case)
    return [one for one in unsuppressed(tests) if all(matches(case, row, one) is Truth.NOT_MET for row in rows)]


def _truth(case: Case, params: Params) -> Truth:
    found = search(case, _query(params), _counts(params)).truth
    return Truth.UNKNOWN if found is Truth.NOT_MET and _tested(case, params) else found


def truth(params: Params, block: Block) -> Tri:
    """Look for infections that are there now, or were inside the window."""
    return block.truths(("infection", params), lambda case: _truth(case, params))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    return asked_ids(_query(params).wanted, knowledge.conditions)


def _rest(case: Case) -> Hashable:
    tests = case.patient.serology
    shown = () if tests is None else tuple(_tested(case, Params()))
    return lists_of(case), shown


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the infections found, or say why none is known."""
    query = _query(params)
    found = search(case, query, _counts(params))
    how = {
        "any_active": "active",
        "uncontrolled": "uncontrolled",
        "needs_systemic_treatment": "treated with systemic drugs",
        "needs_iv_treatment": "treated intravenously",
    }[params.severity]
    if found.truth is Truth.NOT_MET and (tested := _tested(case, params)):
        named = ", ".join(NAMES[one] for one in tested)
        return finding(
            Truth.UNKNOWN,
            "infection_by_test",
            f"Tests speak of {named}, none of its suppression; whether it counts is open. Asked: infection, {how}.",
            f"A blood test speaks of {named}; the study team says whether it counts as an infection here.",
            Evidence("/serology", named),
            change=ask(f"is {named} under control, and does it count as an infection here?", Effort.RECORD),
        )
    return tell(
        case,
        query,
        found,
        code="infection",
        plain="infection",
        effort=Effort.ASK,
        question=f"any infection now, and how is it treated (asked: {how})?",
        asked_also=how,
    )


_CLOSED = {"complete": {"conditions": True}}

KIND = Kind(
    id="infection",
    name="infection",
    plain_name="infection",
    taxonomy=(36,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, held, _rest),
    question="Any infection now? Is it treated, and how?",
    effort=Effort.ASK,
    examples=(
        ({}, {"conditions": [{"name": "pneumonia", "status": "uncontrolled"}]}, "met"),
        ({}, {"conditions": [{"name": "pneumonia", "status": "active"}], **_CLOSED}, "unknown"),
        ({}, {"conditions": [{"name": "pneumonia", "status": "controlled"}], **_CLOSED}, "not_met"),
        ({}, {"conditions": [{"name": "pneumonia", "status": "resolved"}], **_CLOSED}, "not_met"),
        ({}, _CLOSED, "not_met"),
        ({}, {}, "unknown"),
        ({}, {"conditions": [{"name": "pneumonia"}], **_CLOSED}, "unknown"),
        ({"severity": "any_active"}, {"conditions": [{"name": "UTI", "status": "active"}]}, "met"),
        ({"severity": "any_active"}, {"conditions": [{"name": "UTI", "status": "resolved"}], **_CLOSED}, "not_met"),
        # harmless infections: a person says whether they count; nobody calls them uncontrolled
        ({"severity": "any_active"}, {"conditions": [{"name": "onychomycosis", "status": "active"}]}, "unknown"),
        ({}, {"conditions": [{"name": "onychomycosis", "status": "active"}], **_CLOSED}, "not_met"),
        # HIV under treatment is not an active infection of this sort; hepatitis B on the list needs a look
        ({"severity": "any_active"}, {"conditions": [{"name": "HIV", "status": "controlled"}], **_CLOSED}, "not_met"),
        ({"severity": "any_active"}, {"conditions": [{"name": "hepatitis B", "status": "active"}]}, "unknown"),
        # a test without a diagnosis says the same
        ({"severity": "any_active"}, {"serology": {"hiv": "positive"}, **_CLOSED}, "unknown"),
        ({}, {"serology": {"hbsag": "positive", "hbv_dna": "detectable"}, **_CLOSED}, "unknown"),
        ({}, {"serology": {"hiv": "positive", "hiv_rna": "undetectable"}, **_CLOSED}, "not_met"),
        (
            {},
            {"serology": {"hbsag": "negative", "anti_hcv": "positive", "hcv_rna": "undetectable"}, **_CLOSED},
            "not_met",
        ),
        (
            {"severity": "any_active"},
            {"serology": {"hiv": "positive"}, "conditions": [{"name": "HIV", "status": "controlled"}], **_CLOSED},
            "not_met",
        ),
        ({"severity": "any_active", "agents": "tuberculosis"}, {"serology": {"hiv": "positive"}, **_CLOSED}, "not_met"),
        ({"severity": "any_active"}, {"conditions": [{"name": "latent TB"}], **_CLOSED}, "not_met"),
        ({"severity": "needs_iv_treatment"}, {"toxicities": [{"name": "sepsis", "grade": 4, "ongoing": True}]}, "met"),
        ({"severity": "needs_iv_treatment"}, {"conditions": [{"name": "sepsis", "status": "active"}]}, "met"),
        (
            {"severity": "needs_iv_treatment"},
            {"conditions": [{"name": "cellulitis", "status": "active", "grade": 2}], **_CLOSED},
            "not_met",
        ),
        (
            {"severity": "needs_systemic_treatment"},
            {"conditions": [{"name": "cellulitis", "status": "active", "grade": 2}], **_CLOSED},
            "unknown",
        ),
        (
            {"severity": "any_active", "agents": "tuberculosis"},
            {"conditions": [{"name": "TB", "status": "active"}]},
            "met",
        ),
        (
            {"severity": "any_active", "agents": "covid_19"},
            {"conditions": [{"name": "influenza", "status": "active"}], **_CLOSED},
            "not_met",
        ),
        # day 14 is inside the window, day 15 is not
        (
            {"severity": "any_active", "within_days": 14, "agents": "covid_19"},
            {"as_of": "2026-01-15", "conditions": [{"name": "COVID-19", "date": "2026-01-01", "status": "resolved"}]},
            "met",
        ),
        (
            {"severity": "any_active", "within_days": 14, "agents": "covid_19"},
            {
                "as_of": "2026-01-16",
                "conditions": [{"name": "COVID-19", "date": "2026-01-01", "status": "resolved"}],
                **_CLOSED,
            },
            "not_met",
        ),
        (
            {"severity": "any_active", "within_days": 14, "agents": "covid_19"},
            {
                "as_of": "2026-01-16",
                "conditions": [{"name": "COVID-19", "date": "2026-01", "status": "resolved"}],
                **_CLOSED,
            },
            "unknown",
        ),
    ),
)
