"""Immunohistochemistry of one specimen: which scores it can be under one definition's scoring system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from her2nav.interpret.intervals import Interval
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import ALL_SUBSCORES, ZEROS, RuleRef
from her2nav.interpret.runner import CompiledTable, Possible, Reading
from her2nav.interpret.tables import Definition
from her2nav.model.specimens import Ihc, Specimen

OUTSIDE = "outside_definition"
"""Output of the scoring tables for a pattern that no definition covers: stained, hence not 0, otherwise open."""
_STAINED = ALL_SUBSCORES - ZEROS
_INTENSITIES: Mapping[str, frozenset[str]] = {
    "0": frozenset({"none"}),
    "1+": frozenset({"faint"}),
    "2+": frozenset({"weak", "moderate"}),
    "3+": frozenset({"intense"}),
}
_BIOPSY_LIKE = frozenset({"biopsy", "cytology", "cytology_block"})


@dataclass(frozen=True, slots=True)
class IhcReading:
    """What the IHC of a specimen can be.

    Attributes:
        scores: Possible subscores; sound.
        tokens: What enters the status table: subscores, `0_unspecified` for both zeros, `unknown` when there is no IHC.
        wide: The same with everything that is not settled left open.
        reported: True when a usable score or description exists.
        rules: Rows that scored a description; none where several can still fire and give different scores.
        percentage_usable: False when the percentage cannot be true beside the score.
        table: The table that read the description, if one did.
    """

    scores: frozenset[str]
    tokens: frozenset[str]
    wide: frozenset[str]
    reported: bool
    rules: tuple[RuleRef, ...] = ()
    percentage_usable: bool = True
    table: CompiledTable | None = None


NO_IHC = IhcReading(ALL_SUBSCORES, frozenset({"unknown"}), frozenset({"unknown"}), False)
OPEN_IHC = IhcReading(
    ALL_SUBSCORES, frozenset({"0_unspecified", *_STAINED}), frozenset({"0_unspecified", *_STAINED}), False
)


def read_ihc(
    specimen: Specimen, definition: Definition, tables: Mapping[str, CompiledTable], notes: Notes, assumed: str
) -> IhcReading:
    """Return the scores a specimen can have under a definition.

    A score without a scoring system is taken to be of the `assumed` one. A score given under another scoring system is
    not used; a staining description is scored instead where there is one. A score and a description that contradict
    each other leave both possible. A range keeps both ends (rule 0.4).
    """
    ihc = specimen.ihc
    if ihc is None or not ihc.model_fields_set:
        return NO_IHC
    described = _describe(ihc, specimen, definition, tables)
    base = _reported(ihc, notes)
    if _impossible(ihc):
        notes.flag("score_contradicts_description", "0.1", score=written(ihc))
        notes.ask("ask_pathologist_score", "0.1")
    if base and ihc.scoring is None:
        notes.flag("scoring_assumed", "0.2", scoring=assumed.replace("_", " "))
    if base and (ihc.scoring or assumed) not in definition.scoring:
        if assumed in definition.scoring:
            notes.flag("scored_by_other_rules", "0.2", scoring=str(ihc.scoring), score=written(ihc))
            notes.ask("score_by_own_rules", "0.2")
        base = frozenset()
        if described is None:
            return OPEN_IHC
    if not base:
        if described is None:
            if any((ihc.score, ihc.assay, ihc.laboratory)):
                notes.flag("ihc_without_result", "0.1")
                notes.ask("request_ihc_score", "0.1")
                return OPEN_IHC
            return NO_IHC
        if described.value("subscore") is None:
            # Several scores fit: what one of them would ask for is not due yet.
            if assumed in definition.scoring:
                notes.ask("request_ihc_score", "0.1")
        else:
            notes.take(described)
        return replace(_from_description(described), table=_table(definition, tables))
    if definition.score_is == "intensity" and ihc.percent_cells is not None and definition.ihc:
        return _rescored(ihc, base, definition, tables, notes)
    found = _both(base, described, notes)
    return found if described is None else replace(found, table=_table(definition, tables))


def written(ihc: Ihc) -> str:
    """Write the score as people do: 2+, or 1+ to 2+ for a range."""
    if not ihc.score:
        return {"no_staining": "0", "faint_le10": "0 with faint staining"}.get(ihc.zero_subtype or "", "not scored")
    return ihc.score[0] if len(ihc.score) == 1 else f"{ihc.score[0]} to {ihc.score[-1]}"


def tokens_of(scores: frozenset[str]) -> frozenset[str]:
    """Return the status table's names for possible subscores: both zeros together are `0_unspecified`."""
    return (scores - ZEROS) | {"0_unspecified"} if scores >= ZEROS else scores


def _reported(ihc: Ihc, notes: Notes) -> frozenset[str]:
    """Return the subscores that the reported score and zero subtype mean."""
    subtype = {"no_staining": "0_no_staining", "faint_le10": "0_faint_le10"}.get(ihc.zero_subtype or "")
    base = frozenset(part for score in ihc.score for part in (ZEROS if score == "0" else (score,)))
    if subtype is None:
        return base
    if base and base.isdisjoint(ZEROS):
        notes.flag("score_contradicts_description", "0.5", score=written(ihc))
        notes.ask("ask_pathologist_score", "0.5")
    return (base - ZEROS) | {subtype}


def _inputs(ihc: Ihc, specimen: Specimen) -> dict[str, Possible]:
    """Return the description as inputs; what is not described may be anything that fits the rest."""
    known: dict[str, Possible] = {}
    stained = bool(ihc.percent_cells) or bool(ihc.cluster_cells) or ihc.intensity not in (None, "none")
    if ihc.intensity is not None and not _impossible(ihc):
        known["intensity"] = frozenset({ihc.intensity})
    elif stained and ihc.intensity is None:
        known["intensity"] = frozenset({"faint", "weak", "moderate", "intense"})
    if ihc.completeness is not None:
        known["completeness"] = frozenset({ihc.completeness})
    if ihc.percent_cells is not None:
        known["pct_cells"] = Interval.point(ihc.percent_cells)
    elif stained:
        known["pct_cells"] = Interval(Decimal(0), Decimal(100), low_open=True)
    if ihc.cluster_cells is not None:
        known["cluster_cells"] = Interval.point(Decimal(ihc.cluster_cells))
    if specimen.kind in _BIOPSY_LIKE:
        known["specimen"] = frozenset({"biopsy"})
    elif specimen.kind == "resection":
        known["specimen"] = frozenset({"resection"})
    return known


def _impossible(ihc: Ihc) -> bool:
    """True when the description says both that nothing and that something is stained."""
    return ihc.intensity == "none" and bool(ihc.percent_cells or ihc.cluster_cells)


def _describe(
    ihc: Ihc, specimen: Specimen, definition: Definition, tables: Mapping[str, CompiledTable]
) -> Reading | None:
    if definition.ihc is None or (ihc.intensity is None and ihc.percent_cells is None and ihc.cluster_cells is None):
        return None
    return tables[definition.ihc].run(_inputs(ihc, specimen))


def _subscores(reading: Reading, *, wide: bool) -> frozenset[str]:
    """Return the subscores of a reading; `wide` adds what its rows leave possible."""
    found: set[str] = set()
    for rule in reading.rules:
        values = rule.meanings["subscore"].may_be if wide else frozenset({rule.then["subscore"]})
        for value in values:
            found |= ZEROS if value == "0_unspecified" else {value}
    return frozenset(found)


def _from_description(reading: Reading) -> IhcReading:
    narrow, wide = _subscores(reading, wide=False), _subscores(reading, wide=True)
    open_wide = (wide - {OUTSIDE}) | (_STAINED if OUTSIDE in wide else frozenset())
    if narrow == {OUTSIDE}:
        tokens = frozenset({"unknown"})
    else:
        tokens = tokens_of((narrow - {OUTSIDE}) | (_STAINED if OUTSIDE in narrow else frozenset()))
    if reading.unverified:
        open_wide = ALL_SUBSCORES
    return IhcReading(open_wide, tokens, tokens_of(open_wide), True, _fired(reading))


def _rescored(
    ihc: Ihc, base: frozenset[str], definition: Definition, tables: Mapping[str, CompiledTable], notes: Notes
) -> IhcReading:
    """Score an intensity score again with its percentage."""
    assert definition.ihc is not None
    assert ihc.percent_cells is not None
    scores = {"0" if score in ZEROS else score for score in base}
    if (scores == {"0"} and ihc.percent_cells > 0) or ("0" not in scores and ihc.percent_cells == 0):
        notes.flag("score_contradicts_description", "0.1", score=written(ihc))
        notes.ask("ask_pathologist_score", "0.1")
        return replace(OPEN_IHC, reported=True, percentage_usable=False)
    intensities = frozenset(item for score in scores for item in _INTENSITIES[score])
    if ihc.intensity is not None and ihc.intensity not in intensities:
        notes.flag("score_contradicts_description", "0.1", score=written(ihc))
        notes.ask("ask_pathologist_score", "0.1")
        intensities |= {ihc.intensity}
    elif ihc.intensity is not None and len(scores) == 1:
        intensities = frozenset({ihc.intensity})
    known: dict[str, Possible] = {"intensity": intensities, "pct_cells": Interval.point(ihc.percent_cells)}
    reading = tables[definition.ihc].run(known)
    notes.take(reading)
    return replace(_from_description(reading), table=_table(definition, tables))


def _table(definition: Definition, tables: Mapping[str, CompiledTable]) -> CompiledTable | None:
    return None if definition.ihc is None else tables[definition.ihc]


def _fired(reading: Reading) -> tuple[RuleRef, ...]:
    """Return the rows to cite: one that fired, or several that give the same score; else none has fired yet."""
    return reading.refs if reading.value("subscore") is not None else ()


def _both(base: frozenset[str], described: Reading | None, notes: Notes) -> IhcReading:
    """Hold a reported score against the description, if any."""
    scores, wide = base, base
    rules: tuple[RuleRef, ...] = ()
    if described is not None:
        found = _subscores(described, wide=True)
        agreed = base & found
        # A fully described pattern that no definition covers is the pathologist's to score; it is never 0 and never 3+.
        outside = found == {OUTSIDE} and base <= _STAINED - {"3+"}
        if agreed:
            # The description may tell which zero it is; a range across scores keeps both ends (rule 0.4).
            scores = (base - ZEROS) | ((agreed & ZEROS) or (base & ZEROS))
            rules = _fired(described)
            if len(described.rules) == 1:
                notes.take(described)
            # A row may leave more open than it calls: stained cells too few to count in a small biopsy.
            wide = scores | found if _subscores(described, wide=False) <= base else scores
        elif outside:
            notes.flag("pattern_outside_definition", "0.1")
        else:
            notes.flag("score_contradicts_description", "0.1", score=_names(base))
            notes.ask("ask_pathologist_score", "0.1")
            scores = wide = base | (found - {OUTSIDE}) | (_STAINED if OUTSIDE in found else frozenset())
    return IhcReading(wide, tokens_of(scores), tokens_of(wide), True, rules)


def _names(scores: frozenset[str]) -> str:
    return " or ".join(sorted({"0" if score in ZEROS else score for score in scores}))
