"""What differs between specimens: conversions, primary and metastasis, local and central, tissue and plasma."""

from __future__ import annotations

from her2nav.interpret.governing import Governing
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Flag, NextTest, SpecimenHer2

_RAISED = frozenset(
    {
        "discordant_ihc3_ish_negative",
        "discordant_ihc01_ish_positive",
        "discordant_review",
        "word_against_numbers",
        "reported_call_differs",
        "scored_by_other_rules",
        "score_contradicts_description",
    }
)
"""Flags of one specimen that concern the whole case."""


def comparison_flags(
    specimens: tuple[SpecimenHer2, ...], chosen: Governing
) -> tuple[tuple[Flag, ...], tuple[NextTest, ...]]:
    """Return flags over all specimens and the steps they ask for.

    Every other specimen is held against the governing one; only final results make a conversion or a discordance.
    """
    notes = Notes({})
    current = chosen.specimen
    if chosen.newer_untested:
        notes.flag("newer_tissue_untested", "9.2")
        notes.ask("test_newer_tissue", "9.2")
    if chosen.newer_inadequate:
        notes.flag("newer_tissue_inadequate", "9.5")
    if current is not None:
        others = [one for one in specimens if one is not current and one.informative]
        for other in others:
            _compare(other, current, notes)
        if chosen.by_position and any(_called(one) != _called(current) for one in others if one.usable):
            notes.flag("order_by_position", "9.2")
        _plasma(specimens, current, notes)
    raised = {flag.code: flag for one in specimens for flag in one.flags if flag.code in _RAISED}
    return (*notes.flags, *raised.values()), notes.steps(current.path if current else "/specimens")


def _called(one: SpecimenHer2) -> tuple[str, str]:
    return one.status.value, one.expression.value


def _compare(other: SpecimenHer2, current: SpecimenHer2, notes: Notes) -> None:
    words = {"earlier": _named(other), "current": _named(current)}
    if other.status.final and current.status.final and other.status.value != current.status.value:
        notes.flag("specimens_discordant", "9.2", **words)
        if {other.site, current.site} == {"primary", "metastasis"}:
            notes.flag("primary_metastasis_discordant", "9.2", **words)
        if {other.laboratory, current.laboratory} == {"local", "central"}:
            notes.flag("local_central_discordant", "9.4", **words)
        if other.status.value == "positive":
            notes.flag("converted_from_positive", "1.5", **words)
        else:
            notes.flag("converted_to_positive", "9.2", **words)
    elif other.status.value == current.status.value and _differ(other.expression.value, current.expression.value):
        notes.flag("expression_changed", "9.2", **words)


def _differ(one: str, other: str) -> bool:
    return one != other and "unknown" not in (one, other)


def _plasma(specimens: tuple[SpecimenHer2, ...], current: SpecimenHer2, notes: Notes) -> None:
    """Newest tissue governs; amplification in plasma that tissue does not show asks for a new biopsy."""
    without = current.amplification.value == "not_amplified" or (
        current.status.final and current.status.value == "negative"
    )
    if without and any(one.extra["plasma"].value == "amplified" for one in specimens):
        notes.flag("tissue_plasma_discordant", "8.5")
        notes.ask("consider_rebiopsy", "8.5")


def _named(one: SpecimenHer2) -> str:
    expression = "" if one.expression.value in ("unknown", one.status.value) else f", {one.expression.value}"
    return f"{one.id or one.path}: {one.status.value}{expression}"
