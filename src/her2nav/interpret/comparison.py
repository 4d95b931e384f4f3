"""What differs between specimens: conversions, primary against metastasis, local against central, tissue against plasma."""

from __future__ import annotations

from datetime import date

from her2nav.interpret.governing import Governing
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Flag, NextTest, SpecimenHer2
from her2nav.model.patient import Patient


def comparison_flags(
    specimens: tuple[SpecimenHer2, ...], chosen: Governing, patient: Patient, as_of: date
) -> tuple[tuple[Flag, ...], tuple[NextTest, ...]]:
    """Return flags over all specimens and the steps they ask for."""
    notes = Notes({})
    current = chosen.specimen
    if chosen.by_position:
        notes.flag("order_by_position", "9.2")
    if chosen.newer_untested:
        notes.flag("newer_tissue_untested", "9.2")
        notes.ask("test_newer_tissue", "9.2")
    if current is not None:
        for other in specimens:
            if other is not current and other.informative:
                _compare(other, current, notes)
        _plasma(specimens, current, notes)
    for one in specimens:
        for flag in one.flags:
            if flag.code in _RAISED:
                notes.flag(flag.code, *flag.rules)
    flags = notes.flags
    raised = {flag.code: flag for one in specimens for flag in one.flags if flag.code in _RAISED}
    flags = tuple(raised.get(flag.code, flag) for flag in flags)
    del patient, as_of
    return flags, notes.steps(current.path if current else "/specimens")


_RAISED = frozenset(
    {
        "discordant_ihc3_ish_negative",
        "discordant_ihc01_ish_positive",
        "word_against_numbers",
        "reported_call_differs",
        "scored_by_other_rules",
    }
)


def _compare(other: SpecimenHer2, current: SpecimenHer2, notes: Notes) -> None:
    earlier, now = _named(other), _named(current)
    if other.status.final and current.status.final and other.status.value != current.status.value:
        if other.site == "primary" and current.site == "metastasis" or other.site == "metastasis" and current.site == "primary":
            notes.flag("primary_metastasis_discordant", "9.2", earlier=earlier, current=now)
        if {other.laboratory, current.laboratory} == {"local", "central"}:
            notes.flag("local_central_discordant", "9.4", earlier=earlier, current=now)
        notes.flag("specimens_discordant", "9.2", earlier=earlier, current=now)
        code = "converted_from_positive" if other.status.value == "positive" else "converted_to_positive"
        notes.flag(code, "1.5" if code == "converted_from_positive" else "9.2", earlier=earlier, current=now)
    elif (
        other.expression.value != current.expression.value
        and "unknown" not in (other.expression.value, current.expression.value)
        and other.status.value == current.status.value
    ):
        notes.flag("expression_changed", "9.2", earlier=earlier, current=now)


def _plasma(specimens: tuple[SpecimenHer2, ...], current: SpecimenHer2, notes: Notes) -> None:
    plasma = any(one.extra["plasma"].value == "amplified" for one in specimens)
    if plasma and (current.amplification.value == "not_amplified" or (current.status.final and current.status.value == "negative")):
        notes.flag("tissue_plasma_discordant", "8.5")
        notes.ask("consider_rebiopsy", "8.5")


def _named(one: SpecimenHer2) -> str:
    return f"{one.id or one.path}: {one.status.value}"
