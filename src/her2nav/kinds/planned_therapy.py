"""A therapy that is planned or being started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.medications import said
from her2nav.facts.terms import ANYTHING, TermSet
from her2nav.facts.therapies import drug_terms
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.terms import Drugs, KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.treatment import Planned
from her2nav.model.truth import Truth, any_of


class Params(KindParams):
    """P: one of these drugs or classes is planned.

    A plan whose day has passed is open: it may have been begun or dropped. So is a course of the drug that runs: it
    may have been begun for this trial's purpose. A plan made before the HER2 status is settled says nothing of
    HER2-directed drugs.
    """

    drugs: Drugs = ()
    """Empty: any systemic anticancer therapy."""


def _wanted(params: Params, case: Case) -> tuple[str, ...]:
    return params.drugs or (case.knowledge.line_rules.systemic,)


def _matches(plan: Planned, params: Params, case: Case) -> Truth:
    ontology = case.knowledge.drugs
    terms = [one for drug in plan.drugs for one in drug_terms(ontology.resolve(drug.name), ontology)]
    answer = any_of(one.any_of(_wanted(params, case)) for one in terms or [ANYTHING])
    passed = plan.start is not None and plan.start.high < case.as_of
    return Truth.UNKNOWN if passed else answer


def _running(params: Params, case: Case) -> list[int]:
    """Return the courses of the drug that run, or may."""

    def meant(drugs: tuple[TermSet, ...]) -> bool:
        return any(one.any_of(_wanted(params, case)) is not Truth.NOT_MET for one in drugs)

    return [i for i, course in enumerate(case.courses) if course.ongoing is not False and meant(course.drugs)]


def _judge(case: Case, params: Params) -> Truth:
    plans = case.patient.planned
    if not plans:
        return Truth.UNKNOWN
    answer = any_of(_matches(plan, params, case) for plan in plans)
    if answer is Truth.NOT_MET and (_running(params, case) or _awaits_her2(params, case)):
        return Truth.UNKNOWN
    return answer


_HER2_DIRECTED = "anti_her2"


def _awaits_her2(params: Params, case: Case) -> bool:
    """True where HER2-directed drugs are asked about and the HER2 status that decides on them is not settled."""
    ontology = case.knowledge.drugs
    wider = [ontology.class_closure.get(one) or ontology.possible_terms_of(one) for one in _wanted(params, case)]
    return any(_HER2_DIRECTED in terms for terms in wider) and (case.her2 is None or not case.her2.overall.status.final)


def truth(params: Params, block: Block) -> Tri:
    """Look the plan up; no recorded plan is UNKNOWN."""
    return block.truths(("planned_therapy", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the plan and what is asked."""
    wanted = " or ".join(said(term, case.knowledge) for term in _wanted(params, case))
    plain = " or ".join(said(term, case.knowledge, plain=True) for term in _wanted(params, case))
    plans = [(i, plan) for i, plan in enumerate(case.patient.planned)]
    shown = "; ".join(_shown(plan) for _, plan in plans)
    evidence = tuple(
        Evidence(f"/planned/{i}", _shown(plan), str(plan.start) if plan.start else None) for i, plan in plans
    )
    if truth is Truth.MET:
        return finding(
            truth,
            "planned",
            f"Planned: {shown}. Asked: {wanted}.",
            f"You plan to have {plain}.",
            evidence,
            holds_until=_until([plan for _, plan in plans if _matches(plan, params, case) is Truth.MET], latest=True),
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "not_planned",
            f"Planned: {shown}. Asked: {wanted}.",
            f"Another treatment than {plain} is planned for you.",
            evidence,
            change=Change(ChangeBy.TREATMENT, f"a plan for {wanted}"),
            holds_until=_until([plan for _, plan in plans], latest=False),
        )
    running = [case.courses[i] for i in _running(params, case)]
    evidence += tuple(Evidence(course.path, course.label) for course in running)
    so_far = f"planned: {shown}" if shown else "no plan is recorded"
    if running:
        so_far += f"; running: {', '.join(course.label for course in running)}"
    return finding(
        truth,
        "plan_unclear",
        f"Not known whether {wanted} is planned ({so_far}).",
        f"We need to know whether you plan to have {plain}.",
        evidence,
        change=ask(f"is {wanted} planned?", Effort.ASK),
    )


def _until(plans: Sequence[Planned], *, latest: bool) -> date | None:
    """Return the last day on which a plan, or every plan, still lies ahead; after its start it may have been given."""
    ends = [plan.start.high if plan.start is not None else None for plan in plans]
    known = [day for day in ends if day is not None]
    if latest:
        return max(known) if len(known) == len(ends) else None
    return min(known, default=None)


def _shown(plan: Planned) -> str:
    names = " + ".join(drug.name for drug in plan.drugs) or "therapy not named"
    return f"{names} from {plan.start}" if plan.start else names


_GEJ = {"as_of": "2026-11-20", "cancer": {"tumour_type": "gej"}}
_FOLFOX = {"drugs": ["FOLFOX"], "start": "2026-12-01"}
_TDXD = {"drugs": ["trastuzumab deruxtecan"], "start": "2026-12-01"}

KIND = Kind(
    id="planned_therapy",
    name="planned therapy",
    plain_name="treatment that is planned",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(lambda case: case.patient.planned, lambda _: None),
    question="Which treatment is planned?",
    effort=Effort.ASK,
    examples=(
        ({"drugs": "anti_her2"}, {"as_of": "2026-11-20", "planned": [_TDXD]}, "met"),
        ({"drugs": "anti_her2"}, {"as_of": "2026-12-01", "planned": [_TDXD]}, "met"),
        ({"drugs": "anti_her2"}, {"as_of": "2026-12-02", "planned": [_TDXD]}, "unknown"),
        ({"drugs": "endocrine"}, {"as_of": "2026-11-20", "planned": [_TDXD]}, "not_met"),
        ({"drugs": "endocrine"}, {"planned": [{"drugs": "mystery-77"}]}, "unknown"),
        ({"drugs": "anti_her2"}, {**_GEJ, "planned": [_FOLFOX], "specimens": [{"ihc": {"score": "2+"}}]}, "unknown"),
        ({"drugs": "anti_her2"}, {**_GEJ, "planned": [_FOLFOX], "specimens": [{"ihc": {"score": "0"}}]}, "not_met"),
        ({"drugs": "anti_her2"}, {}, "unknown"),
        (
            {"drugs": "anti_her2"},
            {"therapies": [{"drugs": "T-DXd", "start": "2026-11-01", "ongoing": True}]},
            "unknown",
        ),
        (
            {"drugs": "endocrine"},
            {"as_of": "2026-11-20", "planned": [_TDXD], "therapies": [{"drugs": "letrozole", "ongoing": True}]},
            "unknown",
        ),
        ({}, {"planned": [{"drugs": "capecitabine"}]}, "met"),
    ),
)
