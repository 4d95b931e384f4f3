"""Microsatellite instability and mismatch repair."""

from __future__ import annotations

from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the tumour has this state (MSI-H and dMMR mean the same here, as do MSS and pMMR).

    MSI-L is not MSI-H and is handled as MSS, and the reason says so.
    """

    status: Literal["MSI-H", "MSS"]


_STATE = {"MSI-H": "MSI-H", "dMMR": "MSI-H", "MSS": "MSS", "MSI-L": "MSS", "pMMR": "MSS"}


def _states(case: Case) -> set[str]:
    """Return the states that the two fields say; two of them contradict each other."""
    markers = case.patient.biomarkers
    return {_STATE[value] for value in (markers.msi, markers.mmr) if value is not None}


def _judge(case: Case, params: Params) -> Truth:
    states = _states(case)
    if len(states) != 1:
        return Truth.UNKNOWN
    return Truth.MET if params.status in states else Truth.NOT_MET


def truth(params: Params, block: Block) -> Tri:
    """Read either test; no test, or two that contradict each other, is UNKNOWN."""
    return block.truths(("msi_mmr", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give both results."""
    markers = case.patient.biomarkers
    wanted = "MSI-H or dMMR" if params.status == "MSI-H" else "MSS or pMMR"
    recorded = {"/biomarkers/msi": markers.msi, "/biomarkers/mmr": markers.mmr}
    evidence = tuple(Evidence(path, value) for path, value in recorded.items() if value is not None)
    shown = ", ".join(item.value for item in evidence)
    test = Change(ChangeBy.TEST, "mismatch-repair IHC or MSI test of the tumour", effort=Effort.ORDINARY)
    if not evidence:
        return finding(
            truth,
            "msi_missing",
            f"Neither MSI nor mismatch repair is in the record; wanted {wanted}.",
            "We need one more test of the tumour sample (called MSI or MMR).",
            change=test,
        )
    if truth is Truth.UNKNOWN:
        return finding(
            truth,
            "msi_contradicts",
            f"The two results contradict each other: {shown}; wanted {wanted}.",
            "Two results of the tumour (MSI and MMR) do not agree. Your team needs to check them.",
            evidence,
            change=test,
        )
    low = " (MSI-L is handled as MSS)" if markers.msi == "MSI-L" else ""
    fits = truth is Truth.MET
    return finding(
        truth,
        "msi_fits" if fits else "msi_differs",
        f"{shown}{low}; wanted {wanted}.",
        "Your MSI or MMR result fits." if fits else "Your MSI or MMR result is not what the study asks for.",
        evidence,
        change=None if fits else Change(ChangeBy.NEVER, "mismatch-repair state of the tumour"),
    )


KIND = Kind(
    id="msi_mmr",
    name="MSI and mismatch repair",
    plain_name="MSI or MMR test",
    taxonomy=(5,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is the tumour MSI-H or dMMR?",
    effort=Effort.ORDINARY,
    examples=(
        ({"status": "MSI-H"}, {"biomarkers": {"msi": "MSI-H"}}, "met"),
        ({"status": "MSI-H"}, {"biomarkers": {"mmr": "dMMR"}}, "met"),
        ({"status": "MSI-H"}, {"biomarkers": {"mmr": "pMMR"}}, "not_met"),
        ({"status": "MSS"}, {"biomarkers": {"msi": "MSS"}}, "met"),
        ({"status": "MSS"}, {"biomarkers": {"mmr": "pMMR"}}, "met"),
        ({"status": "MSS"}, {"biomarkers": {"msi": "MSI-H"}}, "not_met"),
        ({"status": "MSI-H"}, {}, "unknown"),
        # MSI-L is not MSI-H
        ({"status": "MSI-H"}, {"biomarkers": {"msi": "MSI-L"}}, "not_met"),
        ({"status": "MSS"}, {"biomarkers": {"msi": "MSI-L"}}, "met"),
        ({"status": "MSI-H"}, {"biomarkers": {"msi": "MSS", "mmr": "dMMR"}}, "unknown"),
    ),
)
