"""Peripheral neuropathy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.toxicities import Effect, effects, toxicity_terms
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of


class Params(KindParams):
    """P: neuropathy of at least this grade is present now."""

    min_grade: Annotated[int, Field(ge=1, le=5)]


def _candidates(case: Case) -> list[tuple[Truth, Effect]]:
    """Return the side effects and diagnoses that are, or may be, neuropathy.

    A diagnosis whose name the vocabulary of side effects does not hold is another disease.
    """
    wanted = (case.knowledge.numeric_rules.neuropathy,)
    found = [(effect.terms.any_of(wanted), effect) for effect in effects(case)]
    for i, item in enumerate(case.patient.conditions):
        terms = toxicity_terms(item.name, case.knowledge.toxicities)
        if terms.could is None or (item.date is not None and item.date.certainly_after(case.as_of)):
            continue
        ongoing = None if item.status is None else item.status != "resolved"
        effect = Effect(f"/conditions/{i}", item.name, terms, item.grade, ongoing, item.date)
        found.append((terms.any_of(wanted), effect))
    return [(answer, effect) for answer, effect in found if answer is not Truth.NOT_MET]


def _judge(case: Case, params: Params) -> Truth:
    candidates = _candidates(case)
    listed = any_of(all_of((match, effect.at_least(params.min_grade))) for match, effect in candidates)
    if listed is not Truth.NOT_MET:
        return listed
    # A neuropathy that is recorded with its present state answers the question; otherwise the list must be complete.
    stated = any(match is Truth.MET for match, _ in candidates)
    return Truth.NOT_MET if stated or case.patient.complete.toxicities else Truth.UNKNOWN


def truth(params: Params, block: Block) -> Tri:
    """Look for neuropathy among side effects and diagnoses; silence is an answer only in a list marked complete."""
    return block.truths(("peripheral_neuropathy", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded neuropathy with its grade and state."""
    asked = f"asked: grade {params.min_grade} or more"
    candidates = _candidates(case)
    if truth is Truth.NOT_MET:
        deciding = [effect for match, effect in candidates if match is Truth.MET]
    else:
        grade = params.min_grade
        deciding = [effect for match, effect in candidates if all_of((match, effect.at_least(grade))) is truth]
    shown = "; ".join(effect.text for effect in deciding)
    evidence = tuple(effect.evidence for effect in deciding)
    if truth is Truth.MET:
        return finding(
            truth,
            "neuropathy_present",
            f"Peripheral neuropathy: {shown} ({asked}).",
            "Nerve damage in hands or feet is on record.",
            evidence,
            change=Change(ChangeBy.TEST, "grade of the neuropathy, when it gets better", effort=Effort.ASK),
        )
    if truth is Truth.NOT_MET and deciding:
        return finding(
            truth,
            "neuropathy_below_grade",
            f"Peripheral neuropathy: {shown} ({asked}).",
            "Nerve damage in hands or feet is gone, or mild enough.",
            evidence,
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "neuropathy_absent",
            f"No record of peripheral neuropathy in a list of side effects marked complete ({asked}).",
            "There is no record of nerve damage in your hands or feet.",
            Evidence("/complete/toxicities", "true"),
        )
    what = f"Peripheral neuropathy: {shown}" if deciding else "Peripheral neuropathy is not in the record"
    return finding(
        truth,
        "neuropathy_unclear" if deciding else "neuropathy_missing",
        f"{what} ({asked}).",
        "We need to know if your hands or feet are numb or tingle, and how much.",
        evidence,
        change=ask("peripheral neuropathy now, and its grade", Effort.ASK),
    )


def _with(*items: dict[str, object], complete: bool = False) -> dict[str, object]:
    return {"toxicities": list(items), "complete": {"toxicities": complete}}


_CLOSED = {"complete": {"toxicities": True}}

KIND = Kind(
    id="peripheral_neuropathy",
    name="peripheral neuropathy",
    plain_name="nerve damage in hands or feet",
    taxonomy=(37,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Any peripheral neuropathy now, and of which grade?",
    effort=Effort.ASK,
    examples=(
        ({"min_grade": 2}, _with({"name": "peripheral neuropathy", "grade": 2, "ongoing": True}), "met"),
        ({"min_grade": 2}, _with({"name": "peripheral neuropathy", "grade": 1, "ongoing": True}), "not_met"),
        ({"min_grade": 2}, _with({"name": "peripheral neuropathy", "grade": 2, "ongoing": False}), "not_met"),
        ({"min_grade": 2}, _with({"name": "peripheral neuropathy", "grade": 2}), "unknown"),
        ({"min_grade": 2}, _with({"name": "CIPN", "ongoing": True}), "unknown"),
        ({"min_grade": 1}, _with({"name": "CIPN", "ongoing": True}), "met"),
        ({"min_grade": 2}, {}, "unknown"),
        ({"min_grade": 2}, {"complete": {"conditions": True}}, "unknown"),
        ({"min_grade": 2}, _CLOSED, "not_met"),
        ({"min_grade": 2}, _with({"name": "sensory neuropathy", "grade": 3, "ongoing": True}), "met"),
        # tingling may be neuropathy, an unknown name may be anything, nausea is neither
        ({"min_grade": 2}, _with({"name": "tingling", "grade": 2, "ongoing": True}, complete=True), "unknown"),
        ({"min_grade": 2}, _with({"name": "odd thing", "grade": 2, "ongoing": True}, complete=True), "unknown"),
        ({"min_grade": 2}, _with({"name": "odd thing", "grade": 1, "ongoing": True}, complete=True), "not_met"),
        ({"min_grade": 2}, _with({"name": "nausea", "grade": 3, "ongoing": True}, complete=True), "not_met"),
        ({"min_grade": 2}, _with({"name": "nausea", "grade": 3, "ongoing": True}), "unknown"),
        # a diagnosis counts too
        ({"min_grade": 1}, {"conditions": [{"name": "diabetic neuropathy", "status": "active"}], **_CLOSED}, "met"),
        ({"min_grade": 2}, {"conditions": [{"name": "diabetic neuropathy", "status": "active"}], **_CLOSED}, "unknown"),
        ({"min_grade": 2}, {"conditions": [{"name": "COPD", "status": "active"}], **_CLOSED}, "not_met"),
    ),
)
