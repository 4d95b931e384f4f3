"""Advice to test again although the result is final: core biopsies that do not fit the tumour."""

from __future__ import annotations

from decimal import Decimal

from her2nav.interpret.intervals import Interval
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Flag, NextTest, SpecimenHer2
from her2nav.interpret.runner import Possible
from her2nav.interpret.tables import Guideline
from her2nav.model.disease import Cancer


def retest_advice(
    specimen: SpecimenHer2 | None, cancer: Cancer, guideline: Guideline
) -> tuple[tuple[Flag, ...], tuple[NextTest, ...]]:
    """Return flags and steps for the governing specimen; an unknown grade gives only the advice of every grade."""
    if specimen is None or guideline.retest is None:
        return (), ()
    table = guideline.compiled[guideline.retest]
    histologies = table.inputs["histology"]
    assert isinstance(histologies, frozenset)
    written = (cancer.histology or "").lower()
    named = sorted(item for item in histologies if item != "other" and item in written)
    status = specimen.status.value if specimen.status.final else "other"
    known: dict[str, Possible] = {
        "kind": frozenset({"biopsy" if specimen.kind == "biopsy" else "other"}),
        "status": frozenset({status}),
        "histology": frozenset(named[:1] or ["other"]),
    }
    if cancer.grade is not None:
        known["grade"] = Interval.point(Decimal(cancer.grade))
    reading = table.run(known)
    if reading.value("advice") is None:
        return (), ()
    notes = Notes(guideline.wording)
    notes.take(reading)
    return notes.flags, notes.steps(specimen.path)
