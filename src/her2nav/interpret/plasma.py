"""Amplification found in plasma: a result of its own, what it means in this tumour, and the test it asks for."""

from __future__ import annotations

from her2nav.interpret.governing import Governing
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import PlasmaSummary, SpecimenHer2
from her2nav.interpret.runner import Possible
from her2nav.interpret.tables import Guideline
from her2nav.model.patient import Patient

_NOTHING = PlasmaSummary("unknown", (), "", "")


def summarise_plasma(
    specimens: tuple[SpecimenHer2, ...], patient: Patient, chosen: Governing, guideline: Guideline, notes: Notes
) -> PlasmaSummary:
    """Return whether plasma shows ERBB2 amplification; what follows goes into the notes.

    Only the assay's own call counts. A plasma result without a finding is unknown and never takes an earlier finding
    back, and a finding in plasma never becomes the status: the newest tissue governs (domain rules, section 8).

    Args:
        specimens: All specimens of the day.
        patient: The record, for the name of the assay.
        chosen: The tissue that governs, or the rivals.
        guideline: Names the tables that say what plasma amplification means in this tumour.
        notes: Takes flags and next steps.
    """
    found = [one for one in specimens if one.extra["plasma"].value == "amplified"]
    if not found:
        return _NOTHING
    shown = "; ".join(_named(one, patient) for one in found)
    codes: set[str] = set()
    for tissue in chosen.standing or (None,):
        known = _known(tissue)
        for name in guideline.plasma:
            reading = guideline.compiled[name].run(known)
            notes.take(reading)
            for code in reading.flags:
                notes.flag(code, plasma=shown)
            codes.update(reading.flags)
    return PlasmaSummary(
        "amplified",
        tuple(one.path for one in found),
        f"ERBB2 amplified in plasma ({shown})",
        "The blood test shows extra copies of the HER2 gene.",
        tuple(flag for flag in notes.flags if flag.code in codes),
    )


def _known(tissue: SpecimenHer2 | None) -> dict[str, Possible]:
    """Return what the tables ask: the result of the tissue that may stand, and its own amplification."""
    if tissue is None:
        return {"tissue": frozenset({"untested"}), "amplification": frozenset({"unknown"})}
    status = tissue.status.value if tissue.status.final and tissue.status.value in ("positive", "negative") else "open"
    return {"tissue": frozenset({status}), "amplification": frozenset({tissue.amplification.value})}


def _named(one: SpecimenHer2, patient: Patient) -> str:
    ngs = patient.specimens[one.index].ngs
    parts = (one.name, str(one.collected) if one.collected else "no date", ngs.assay if ngs is not None else None)
    return ", ".join(part for part in parts if part)
