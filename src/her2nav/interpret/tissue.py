"""Whether a specimen can give a HER2 status at all, and remarks on how it was handled."""

from __future__ import annotations

from decimal import Decimal

from her2nav.interpret.intervals import Interval
from her2nav.interpret.ngs import kind_of
from her2nav.interpret.notes import Notes
from her2nav.interpret.runner import Possible
from her2nav.interpret.tables import Guideline
from her2nav.knowledge.load import load_knowledge
from her2nav.model.specimens import Specimen


def names_bone(text: str) -> bool:
    """True when the name of an organ says bone: the word, or the name of a bone (`data/vocabularies/bones.csv`)."""
    return bool(text) and load_knowledge().bones.named(text)


def facts(specimen: Specimen) -> dict[str, Possible]:
    """Return what the adequacy and remark tables ask for; what is not recorded is `not_stated` or left open."""
    handling = specimen.preanalytics
    cells = handling.viable_tumour_cells if handling else None
    known: dict[str, Possible] = {
        "kind": frozenset({kind_of(specimen) or "not_stated"}),
        "decalcification": frozenset({(handling.decalcification if handling else None) or "not_stated"}),
        "bone": frozenset({"yes" if names_bone(specimen.organ or "") else "no"}),
        "cells_stated": frozenset({"no" if cells is None else "yes"}),
    }
    if cells is not None:
        known["viable_cells"] = Interval.point(Decimal(cells))
    if handling is not None:
        if handling.fragments is not None:
            known["fragments"] = Interval.point(Decimal(handling.fragments))
        if handling.fixation_hours is not None:
            known["fixation_hours"] = Interval.point(handling.fixation_hours)
        if handling.cold_ischaemia_minutes is not None:
            known["cold_ischaemia_minutes"] = Interval.point(handling.cold_ischaemia_minutes)
    return known


def usable_for(specimen: Specimen, guideline: Guideline, notes: Notes) -> str:
    """Return `everything`, `only_3plus` or `nothing`, and note what the handling tells.

    Without an adequacy table in the guideline only blood is refused.
    """
    known = facts(specimen)
    for name in guideline.remarks:
        notes.take(guideline.compiled[name].run(known))
    if guideline.adequacy is None:
        return "nothing" if kind_of(specimen) == "blood" else "everything"
    reading = guideline.compiled[guideline.adequacy].run(known)
    notes.take(reading)
    return reading.value("use") or "nothing"
