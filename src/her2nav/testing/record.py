"""Facts about what the record holds: which tests were made, whether tissue is left. They are no criteria of trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from her2nav.facts.biomarkers import gene_items
from her2nav.facts.case import Case
from her2nav.facts.variants import tissue_panels
from her2nav.interpret.ngs import matrix_of, names_erbb2
from her2nav.interpret.results import SpecimenHer2
from her2nav.kinds.staging import stage_of
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import Specimen, Variant
from her2nav.model.truth import Truth, any_of, from_bounds

Limits = Mapping[str, Decimal]


def by_day(case: Case) -> list[tuple[int, Specimen]]:
    """Return the specimens collected by the patient's day, with their positions."""
    return [(i, item) for i, item in enumerate(case.patient.specimens) if not _later(item.collected, case)]


def tissue(case: Case) -> list[tuple[int, Specimen]]:
    """Return the specimens that are not known to be blood."""
    return [(i, item) for i, item in by_day(case) if item.kind != "blood" and matrix_of(item) != "plasma"]


def adequate(one: SpecimenHer2 | None) -> bool:
    """Return whether a sample can be tested; that no scoring is validated for its tumour says nothing against it."""
    return one is None or one.usable or one.status.reason == "no_validated_scoring"


def interpreted(case: Case, index: int) -> SpecimenHer2 | None:
    """Return the interpretation of a specimen; None where the tumour has no rules."""
    found = case.her2.specimens if case.her2 is not None else ()
    return next((one for one in found if one.index == index), None)


def standing(case: Case) -> tuple[SpecimenHer2, ...]:
    """Return the specimens that stand for the current status: one that governs, or rivals of which none does."""
    if case.her2 is None:
        return ()
    return tuple(one for one in case.her2.specimens if one.path in case.her2.overall.standing)


def genes_reported(case: Case) -> frozenset[str]:
    """Return the genes that a report speaks of; plasma counts only where something was found."""
    return frozenset(item.gene for item in gene_items(case) if not item.plasma or item.found is Truth.MET)


def plasma_results(case: Case) -> list[tuple[str, PartialDate | None, Truth]]:
    """Return pointer, date and whether ERBB2 is altered, of every plasma result that speaks of ERBB2."""
    found: list[tuple[str, PartialDate | None, Truth]] = []
    for i, specimen in by_day(case):
        ngs = specimen.ngs
        if ngs is None or matrix_of(specimen) != "plasma":
            continue
        hit = ngs.amplification_call == "amplified" or any(names_erbb2(item) for item in ngs.variants)
        covered = ngs.amplification_call == "not_amplified" or any(
            names_erbb2(Variant(gene=gene)) for gene in ngs.genes_covered
        )
        if hit or covered:
            found.append((f"/specimens/{i}/ngs", specimen.collected, Truth.MET if hit else Truth.NOT_MET))
    for i, item in enumerate(case.patient.ctdna):
        if _later(item.date, case) or item.result == "failed" or not _of_erbb2(item.gene, item.variant):
            continue
        hit = item.result == "detected" or (item.result is None and item.variant is not None)
        truth = from_bounds(hit, item.result == "not_detected")
        found.append((f"/ctdna/{i}", item.date, truth))
    return found


def _of_erbb2(gene: str | None, variant: str | None) -> bool:
    return bool(names_erbb2(Variant(gene=gene, hgvs=variant))) if gene or variant else False


def _later(day: PartialDate | None, case: Case) -> bool:
    return day is not None and day.certainly_after(case.as_of)


def _her2_result(case: Case, limits: Limits) -> Truth:
    """A usable tissue specimen has an IHC, ISH or reported HER2 result."""
    found = bool(standing(case))
    return from_bounds(found, not found)


def _ihc_result(case: Case, limits: Limits) -> Truth:
    """A usable tissue specimen has an IHC result, of this tumour's rules or any other."""
    found = False
    for i, specimen in tissue(case):
        one = interpreted(case, i)
        scored = specimen.ihc is not None and bool(specimen.ihc.score or specimen.ihc.intensity)
        found = found or (scored and adequate(one))
    return from_bounds(found, not found)


def _her2_word_only(case: Case, limits: Limits) -> Truth:
    """The status rests on the report's word alone."""
    found = standing(case)
    word_only = bool(found) and all(one.reported_only for one in found)
    return from_bounds(word_only, not word_only)


def _tissue_panel(case: Case, limits: Limits) -> Truth:
    """Tissue was sequenced with a panel that covered ERBB2 and did not fail."""
    return from_bounds(bool(tissue_panels(case)), not tissue_panels(case))


def _plasma_result(case: Case, limits: Limits) -> Truth:
    return from_bounds(bool(plasma_results(case)), not plasma_results(case))


def _plasma_clear(case: Case, limits: Limits) -> Truth:
    """Plasma was tested for ERBB2 and nothing was found in any sample."""
    truths = [truth for _, _, truth in plasma_results(case)]
    return from_bounds(bool(truths) and all(t is Truth.NOT_MET for t in truths), not truths or Truth.MET in truths)


def _tissue_used_up(case: Case, limits: Limits) -> Truth:
    """The record lists tissue, and of none of it is anything adequate left."""
    kept = []
    for i, specimen in tissue(case):
        one = interpreted(case, i)
        kept.append(specimen.tissue_available is not False and adequate(one))
    used_up = bool(kept) and not any(kept)
    return from_bounds(used_up, not used_up)


def _little_tissue(case: Case, limits: Limits) -> Truth:
    """The newest tissue is small: few fragments, few viable cells, or a cytology sample."""
    kept = [item for _, item in tissue(case) if item.tissue_available is not False]
    if not kept:
        return Truth.UNKNOWN
    newest = max(kept, key=lambda item: item.collected.high.toordinal() if item.collected else 0)
    handling = newest.preanalytics
    fragments = handling.fragments if handling else None
    cells = handling.viable_tumour_cells if handling else None
    few = fragments is not None and fragments < limits["fragments_below"]
    poor = cells is not None and cells < limits["viable_cells_below"]
    small = few or poor or newest.kind in ("cytology", "cytology_block")
    return from_bounds(small, newest.kind == "resection" or (fragments is not None and not few))


def _core_only(case: Case, limits: Limits) -> Truth:
    """The current status comes from a biopsy, and no larger specimen has a result."""
    found = standing(case)
    if not found or case.her2 is None:
        return Truth.NOT_MET
    kinds = {one.kind for one in found}
    excised = any(item.kind == "resection" and item.informative for item in case.her2.specimens)
    return from_bounds(kinds == {"biopsy"} and not excised, excised or (None not in kinds and kinds != {"biopsy"}))


def _side_recorded(case: Case, limits: Limits) -> Truth:
    known = case.patient.cancer.primary_side is not None
    return from_bounds(known, not known)


def _her2_asked(case: Case, limits: Limits) -> Truth:
    """The interpretation still asks for something about the current status."""
    open_ = case.her2 is not None and not case.her2.overall.status.final
    return from_bounds(open_, not open_)


def _neoadjuvant_recorded(case: Case, limits: Limits) -> Truth:
    """The record names a neoadjuvant course, or what was left of the tumour after one."""
    residual = case.patient.cancer.residual
    found = residual is not None or any("neoadjuvant" in course.settings for course in case.courses)
    return from_bounds(found, not found)


def _tested_since_progression(case: Case, limits: Limits) -> Truth:
    """HER2 IHC of a sample taken after the start of the last course for advanced disease that ended in progression."""
    starts = [c.start for c in case.courses if c.progressed and "metastatic" in c.settings]
    first, last = starts[-1] if starts else (None, None)
    if first is None or last is None:
        return Truth.UNKNOWN
    answers = []
    for _, specimen in tissue(case):
        if specimen.ihc is not None and specimen.ihc.score:
            day = specimen.collected
            after = Truth.UNKNOWN if day is None else from_bounds(day.low > last, day.high <= first)
            answers.append(after)
    return any_of(answers)


def _advanced(case: Case, limits: Limits) -> Truth:
    """Metastatic, recurrent or unresectable; the setting where it is stated, else what metastases and stage prove."""
    if case.advanced is not None:
        return from_bounds(case.advanced, not case.advanced)
    return _spread(case)


def _metastatic(case: Case, limits: Limits) -> Truth:
    setting = case.patient.cancer.setting
    if setting not in (None, "recurrent"):
        return from_bounds(setting == "metastatic", setting != "metastatic")
    return Truth.MET if case.patient.cancer.metastatic_sites else _spread(case)


def _spread(case: Case) -> Truth:
    """Stage IV or M1; a lower stage at diagnosis says nothing of today."""
    tnm = case.patient.cancer.tnm
    fourth = stage_of(case).any_of(("IV",)) is Truth.MET
    return from_bounds(fourth or bool(tnm and tnm.m and "1" in tnm.m), False)


def _amplified(case: Case, limits: Limits) -> Truth:
    """ISH or tissue sequencing of a specimen shows amplification."""
    found = case.her2 is not None and any(one.amplification.value == "amplified" for one in case.her2.specimens)
    return from_bounds(found, not found)


RECORD_FACTS: dict[str, Callable[[Case, Limits], Truth]] = {
    "her2_result": _her2_result,
    "ihc_result": _ihc_result,
    "her2_word_only": _her2_word_only,
    "tissue_panel": _tissue_panel,
    "plasma_result": _plasma_result,
    "plasma_clear": _plasma_clear,
    "advanced": _advanced,
    "amplified": _amplified,
    "metastatic": _metastatic,
    "tissue_used_up": _tissue_used_up,
    "little_tissue": _little_tissue,
    "core_only": _core_only,
    "side_recorded": _side_recorded,
    "her2_asked": _her2_asked,
    "neoadjuvant_recorded": _neoadjuvant_recorded,
    "tested_since_progression": _tested_since_progression,
}
"""By the name that `conditions.yaml` uses."""
