"""Label gates: whether a specimen meets the HER2 part of an indication; the rest of the label is not judged here."""

from __future__ import annotations

from her2nav.interpret.answers import answer
from her2nav.interpret.ihc import tokens_of
from her2nav.interpret.results import ALL_SUBSCORES, ISH_CALLS, Answer, NextTest, SpecimenHer2
from her2nav.interpret.runner import Possible, Reading
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
    other = next((to for of, to in gates.gate_scoring.get(gate, {}).items() if of == specimen.scoring), None)
    ihc = specimen.ihc if other is None else specimen.ihc_by_scoring.get(other, ALL_SUBSCORES)
    known: dict[str, Possible] = {
        "ihc": frozenset({"unknown"}) if ihc == ALL_SUBSCORES else tokens_of(ihc),
        "ish": _ish(specimen),
    }
    reading = table.run(known)
    return answer(table, reading, reading, "outcome"), _steps(reading, gates, specimen)


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
