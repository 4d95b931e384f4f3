"""PD-L1 expression on one scale; scales are not interchangeable."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, compare
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.freshness import dated
from her2nav.kinds.terms import KindParams, Operator
from her2nav.knowledge.names import key
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.specimens import PdL1
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the score on this scale compares as said."""

    scale: Literal["cps", "tps", "tap"]
    op: Operator
    value: Annotated[Decimal, Field(ge=0, le=100)]
    assay: str | None = None


def _result(case: Case) -> PdL1 | None:
    """Return the result, if it is not dated after the patient's day."""
    result = case.patient.biomarkers.pd_l1
    return None if result is None or (result.date and result.date.certainly_after(case.as_of)) else result


def _score(case: Case, scale: str, assay: str | None) -> Interval:
    result = _result(case)
    value = getattr(result, scale) if result else None
    if value is None or (assay is not None and (result is None or key(result.assay or "") != key(assay))):
        return UNKNOWN_NUMBER
    return float(value), float(value)


def truth(params: Params, block: Block) -> Tri:
    """Compare the score on the scale asked for; another scale or another assay says nothing."""
    numbers = block.numbers(
        ("pd_l1", params.scale, params.assay), lambda case: _score(case, params.scale, params.assay)
    )
    return compare(params.op, float(params.value), *numbers)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the score, its assay and date, and the limit."""
    scale = params.scale.upper()
    wanted = f"PD-L1 {scale} {params.op} {params.value}" + (f" by {params.assay}" if params.assay else "")
    result = _result(case)
    scores = {name: getattr(result, name) for name in ("cps", "tps", "tap") if getattr(result, name, None) is not None}
    test = Change(ChangeBy.TEST, f"PD-L1 test ({wanted})", effort=Effort.ORDINARY)
    if result is None or not scores:
        return finding(
            truth,
            "pd_l1_missing",
            f"No PD-L1 score in the record; wanted {wanted}.",
            "We need your PD-L1 result, a test on the tumour sample.",
            change=test,
        )
    listed = ", ".join(f"{name.upper()} {value}" for name, value in scores.items())
    shown = f"PD-L1 {listed} ({result.assay or 'assay not stated'}, {dated(result.date, case.as_of)})"
    path = f"/biomarkers/pd_l1/{params.scale}" if params.scale in scores else "/biomarkers/pd_l1"
    evidence = Evidence(path, listed, str(result.date) if result.date else None)
    if truth is Truth.UNKNOWN:
        why = "the assay is another or not stated" if params.scale in scores else f"no {scale}; scales do not convert"
        return finding(
            truth,
            "pd_l1_not_comparable",
            f"{shown}; wanted {wanted}; {why}.",
            "Your PD-L1 result is on another scale or from another test than the study asks for.",
            evidence,
            change=ask(f"assay of the PD-L1 result ({wanted})", Effort.RECORD) if params.scale in scores else test,
        )
    fits = truth is Truth.MET
    return finding(
        truth,
        "pd_l1_in_range" if fits else "pd_l1_out_of_range",
        f"{shown}; wanted {wanted}.",
        "Your PD-L1 result fits." if fits else "Your PD-L1 result is not what the study asks for.",
        evidence,
        change=None if fits else Change(ChangeBy.TEST, "PD-L1 test on another sample", effort=Effort.SPECIAL),
    )


def _record(**values: object) -> dict[str, object]:
    return {"biomarkers": {"pd_l1": values}}


_CPS1 = {"scale": "cps", "op": ">=", "value": 1}

KIND = Kind(
    id="pd_l1",
    name="PD-L1",
    plain_name="PD-L1 test",
    taxonomy=(4,),
    params=Params,
    truth=truth,
    explain=explain,
    question="What is the PD-L1 score, on which scale and by which assay?",
    effort=Effort.ORDINARY,
    examples=(
        (_CPS1, _record(cps=1), "met"),
        (_CPS1, _record(cps=0), "not_met"),
        ({**_CPS1, "op": ">"}, _record(cps=1), "not_met"),
        (_CPS1, {}, "unknown"),
        # another scale is never converted
        (_CPS1, _record(tps=50), "unknown"),
        ({**_CPS1, "scale": "tap"}, _record(cps=50), "unknown"),
        ({**_CPS1, "assay": "22C3"}, _record(cps=5, assay="22 C3"), "met"),
        ({**_CPS1, "assay": "22C3"}, _record(cps=5, assay="SP263"), "unknown"),
        ({**_CPS1, "assay": "22C3"}, _record(cps=0), "unknown"),
        (_CPS1, {"as_of": "2026-01-01", **_record(cps=5, date="2026-02-01")}, "unknown"),
        ({**_CPS1, "op": "<", "value": 1}, _record(cps=0), "met"),
    ),
)
