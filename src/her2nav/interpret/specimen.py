"""One specimen: raw results to HER2 status under its tumour's rules; what the rules cannot tell apart runs once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from her2nav.interpret.calls import SINCE, period
from her2nav.interpret.findings import Findings, find
from her2nav.interpret.intervals import Interval
from her2nav.interpret.ish import numbers
from her2nav.interpret.near import OF_ISH, Cutoff, around, near_flags
from her2nav.interpret.ngs import kind_of
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Sentence, SpecimenHer2
from her2nav.interpret.runner import Possible
from her2nav.interpret.sentences import specimen_sentences
from her2nav.interpret.tables import Guideline
from her2nav.interpret.tissue import names_bone
from her2nav.model.specimens import Ihc, Ish, Specimen

_MEMORY = 65536


def interpret_specimen(
    specimen: Specimen, index: int, *, scoring: str, guideline: Guideline, as_of: date
) -> SpecimenHer2:
    """Return the HER2 status of one specimen with its reasons.

    Args:
        specimen: The sample and what was measured on it.
        index: Its position in the patient's list.
        scoring: Scoring system of the tumour type; `none` where none is validated.
        guideline: One linked edition of the tumour's rules.
        as_of: The day asked about; a guideline that is younger is used and flagged.

    Returns:
        Status, expression, amplification and the possible IHC and ISH results. What is missing is unknown and named;
        it is never taken for negative.

    Raises:
        RuleDataError: The guideline borrows tables and was not linked.
    """
    known, found = _findings(specimen, scoring, guideline, as_of)
    flags = found.flags

    def bears(cutoff: Cutoff) -> bool:
        if cutoff not in found.bearing:
            found.bearing[cutoff] = _bears(cutoff, specimen, found, scoring=scoring, guideline=guideline, as_of=as_of)
        return found.bearing[cutoff]

    if found.cutoffs:
        near = near_flags(known, found.cutoffs, bears)
        if near:
            flags = (*flags, *near)
    path = f"/specimens/{index}"
    ihc, ish = specimen.ihc, specimen.ish
    laboratory = None if ihc is None else ihc.laboratory
    return SpecimenHer2(
        index,
        specimen.id,
        path,
        specimen.collected,
        kind_of(specimen),
        specimen.site,
        specimen.organ,
        scoring,
        laboratory if laboratory is not None or ish is None else ish.laboratory,
        found.usable,
        found.ihc,
        found.ihc_called,
        found.ihc_reported,
        found.ihc_by_scoring,
        found.ish,
        found.ish_group,
        found.amplification,
        found.status,
        found.expression,
        found.extra,
        flags,
        found.next(path),
        found.informative,
        found.reported_only,
        partial(_told, specimen, found),
    )


def _bears(
    cutoff: Cutoff, specimen: Specimen, found: Findings, *, scoring: str, guideline: Guideline, as_of: date
) -> bool:
    """Return whether the result is another on the other side of a cut-off; of stained cells it always may be."""
    if specimen.ish is None or cutoff.name not in OF_ISH:
        return True
    for number in around(cutoff):
        notes = Notes(guideline.wording)
        known = {**numbers(specimen.ish, notes), cutoff.name: number, "period": period(specimen, guideline, notes)}
        shifted = find(specimen, known, notes, scoring=scoring, guideline=guideline, as_of=as_of)
        if _said(shifted) != _said(found):
            return True
    return False


def _said(found: Findings) -> list[Hashable]:
    return [(one.value, one.possible, one.final) for one in found.outcome]


def _told(specimen: Specimen, found: Findings) -> tuple[Sentence, ...]:
    return specimen_sentences(
        specimen, found.scores, found.status, found.expression, found.amplification, dict(found.others)
    )


def _findings(
    specimen: Specimen, scoring: str, guideline: Guideline, as_of: date
) -> tuple[Mapping[str, Possible], Findings]:
    """Return the numbers of a specimen and what the rules make of it; what they cannot tell apart is found once."""
    ihc, ish = specimen.ihc, specimen.ish
    known: dict[str, Possible] = {}
    notes, dates, cuts, ish_key = None, SINCE, guideline.cuts, None
    if ish is not None:
        notes = Notes(guideline.wording)
        known, dates = numbers(ish, notes), period(specimen, guideline, notes)
        ish_key = (_ish_key(ish), _spans(known, cuts), notes.codes, len(dates), "from" in dates)
    key = (
        scoring,
        as_of < guideline.effective_from,
        specimen.kind,
        specimen.her2_reported,
        names_bone(specimen.organ) if specimen.organ else False,
        None if ihc is None else _ihc_key(ihc, cuts),
        ish_key,
        specimen.preanalytics,
        specimen.ngs,
    )
    memory: dict[Hashable, Findings] = guideline.memory
    found = memory.get(key)
    if found is None:
        inputs: dict[str, Possible] = {**known, "period": dates}
        notes = notes or Notes(guideline.wording)
        found = find(specimen, inputs, notes, scoring=scoring, guideline=guideline, as_of=as_of)
        if len(memory) >= _MEMORY:
            memory.clear()
        memory[key] = found
    if ihc is not None and ihc.percent_cells is not None:
        known["pct_cells"] = Interval.point(ihc.percent_cells)
    return known, found


def _ihc_key(ihc: Ihc, cuts: Mapping[str, list[Decimal]]) -> tuple[Hashable, ...]:
    """Return all that the rules look at: numbers by the cut-offs they lie between, free text by its presence."""
    percent, cluster = ihc.percent_cells, ihc.cluster_cells
    return (
        ihc.score,
        ihc.zero_subtype,
        ihc.intensity,
        ihc.completeness,
        ihc.scoring,
        None if percent is None else _place(percent, cuts.get("pct_cells", _NO_CUTS)),
        None if cluster is None else _place(Decimal(cluster), cuts.get("cluster_cells", _NO_CUTS)),
        bool(ihc.assay or ihc.laboratory),
        bool(ihc.model_fields_set),
    )


def _ish_key(ish: Ish) -> tuple[Hashable, ...]:
    numbers_there = ish.her2_cep17_ratio is None, ish.her2_copy_number is None, ish.cep17_copy_number is None
    other = ish.cells_counted is not None or ish.date is not None or ish.laboratory is not None
    return (ish.method, ish.result, ish.recount, other, numbers_there, ish.percent_cells_ratio_ge2 is None)


_NO_CUTS = [Decimal(0)]


def _place(value: Decimal, cuts: list[Decimal]) -> int:
    """Return where a number lies: an even place on a cut-off, an odd one between two."""
    at = bisect_left(cuts, value)
    return 2 * at if at < len(cuts) and cuts[at] == value else 2 * at - 1


def _spans(known: Mapping[str, Possible], cuts: Mapping[str, list[Decimal]]) -> tuple[Hashable, ...]:
    found = []
    for name, value in known.items():
        if isinstance(value, Interval):
            names = cuts.get(name, _NO_CUTS)
            low, high = _place(value.low, names), _place(value.high, names)
            found.append((name, low, value.low_open, high, value.high_open, value.exact))
    return tuple(found)
