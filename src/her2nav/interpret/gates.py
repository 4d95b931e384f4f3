"""Label gates: whether a specimen meets the HER2 part of a label's indication; the rest of the label is not judged here."""

from __future__ import annotations

from her2nav.interpret.answers import answer
from her2nav.interpret.ihc import tokens_of
from her2nav.interpret.results import ALL_SUBSCORES, ISH_CALLS, Answer, NextTest, SpecimenHer2
from her2nav.interpret.runner import CompiledTable, Possible, Reading
from her2nav.interpret.tables import Guideline
from her2nav.interpret.wording import EFFORT
from her2nav.model.finding import Effort

OUTCOMES = frozenset({"meets", "does_not_meet"})


def judge_gate(gate: str, specimen: SpecimenHer2, gates: Guideline) -> tuple[Answer, tuple[NextTest, ...]]:
    """Return whether a specimen meets a gate, and the next steps the rows ask for.

    Args:
        gate: Name of the gate's table.
        specimen: The interpreted specimen; its possible IHC and ISH results are used, so that what is not settled
            stays unknown. Amplification by sequencing never stands in for IHC or ISH.
        gates: The guideline that holds the gates.
    Raises:
        KeyError: No such gate.
    """
    table = gates.compiled[gate]
    ihc = specimen.ihc_by_scoring.get("gastric", ALL_SUBSCORES) if _other_scoring(table, specimen) else specimen.ihc
    missing = ihc == ALL_SUBSCORES and not specimen.ihc_reported
    known: dict[str, Possible] = {
        "ihc": frozenset({"unknown"}) if missing or ihc == ALL_SUBSCORES else tokens_of(ihc),
        "ish": _ish(specimen),
    }
    reading = table.run(known)
    return answer(table, reading, reading, "outcome"), _steps(reading, gates, specimen)


def _other_scoring(table: CompiledTable, specimen: SpecimenHer2) -> bool:
    """True when the gate reads gastric scores and the tumour has another scoring."""
    return "scoring" in table.inputs and specimen.scoring not in ("gastric", "lung")


def _ish(specimen: SpecimenHer2) -> frozenset[str]:
    if specimen.ish != ISH_CALLS:
        return specimen.ish
    return frozenset({"not_done"}) if specimen.extra["ish"].reason == "not_tested" else specimen.ish


def _steps(reading: Reading, gates: Guideline, specimen: SpecimenHer2) -> tuple[NextTest, ...]:
    return tuple(
        NextTest(
            code,
            gates.wording[code].clinical,
            gates.wording[code].plain,
            EFFORT.get(code, Effort.ORDINARY),
            tuple(rule.id for rule in reading.rules if code in rule.next),
            (specimen.path,),
        )
        for code in reading.next
    )
