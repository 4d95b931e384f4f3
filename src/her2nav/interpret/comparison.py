"""What differs between specimens: conversions, primary and metastasis, local and central."""

from __future__ import annotations

from her2nav.interpret.governing import Governing, said
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Flag, SpecimenHer2

_RAISED = frozenset(
    {
        "discordant_ihc3_ish_negative",
        "discordant_ihc01_ish_positive",
        "discordant_review",
        "ngs_amplified_status_negative",
        "word_against_numbers",
        "reported_call_differs",
        "scored_by_other_rules",
        "score_contradicts_description",
    }
)
"""Flags of one specimen that concern the whole case."""


def compare(specimens: tuple[SpecimenHer2, ...], chosen: Governing, notes: Notes) -> None:
    """Flag what differs between specimens, and ask for the steps that follow.

    Every other specimen is held against the governing one, or against each rival where none governs; only final results
    make a conversion or a discordance. Rivals are of no known order, so that between them nothing is converted.
    """
    if len(specimens) < 2:
        return
    standing = chosen.standing
    if chosen.newer_untested:
        notes.flag("newer_tissue_untested", "9.2")
        notes.ask("test_newer_tissue", "9.2")
    if chosen.newer_inadequate:
        notes.flag("newer_tissue_inadequate", "9.5")
    _rivals(chosen, notes)
    others = [one for one in specimens if one not in standing and one.informative]
    for current in standing:
        for other in others:
            _compare(other, current, notes, ordered=True)


def raised(specimens: tuple[SpecimenHer2, ...]) -> tuple[Flag, ...]:
    """Return the flags of single specimens that concern the whole case."""
    return tuple({flag.code: flag for one in specimens for flag in one.flags if flag.code in _RAISED}.values())


def _rivals(chosen: Governing, notes: Notes) -> None:
    """Flag specimens of one rank whose results differ, and ask for what settles it."""
    if not chosen.rivals:
        return
    shown = "; ".join(f"{one.name}: {said(one)}" for one in chosen.rivals)
    if chosen.alike:
        notes.flag("rivals_alike", "9.2", results=shown)
    elif chosen.same_day:
        notes.flag("rivals_of_one_day", "9.2", results=shown)
    else:
        notes.flag("rivals_without_order", "9.2", results=shown)
    if not chosen.alike:
        notes.ask(chosen.settled_by, "9.2")
    last = chosen.rivals[-1]
    for other in chosen.rivals[:-1]:
        _compare(other, last, notes, ordered=False)


def _compare(other: SpecimenHer2, current: SpecimenHer2, notes: Notes, *, ordered: bool) -> None:
    words = {"earlier": _named(other), "current": _named(current)}
    if other.status.final and current.status.final and other.status.value != current.status.value:
        notes.flag("specimens_discordant", "9.2", **words)
        if {other.site, current.site} == {"primary", "metastasis"}:
            notes.flag("primary_metastasis_discordant", "9.2", **words)
        if {other.laboratory, current.laboratory} == {"local", "central"}:
            notes.flag("local_central_discordant", "9.4", **words)
        if not ordered:
            return
        if other.status.value == "positive":
            notes.flag("converted_from_positive", "1.5", **words)
        else:
            notes.flag("converted_to_positive", "9.2", **words)
    elif other.status.value == current.status.value and _differ(other.expression.value, current.expression.value):
        notes.flag("expression_changed", "9.2", **words)


def _differ(one: str, other: str) -> bool:
    return one != other and "unknown" not in (one, other)


def _named(one: SpecimenHer2) -> str:
    expression = "" if one.expression.value in ("unknown", one.status.value) else f", {one.expression.value}"
    return f"{one.name}: {one.status.value}{expression}"
