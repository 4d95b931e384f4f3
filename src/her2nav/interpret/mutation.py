"""ERBB2 variants of the whole record; a plasma or panel result without them is not a negative by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from her2nav.interpret.ngs import erbb2_variants, mutation, names_erbb2
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import MutationSummary, VariantFound
from her2nav.model.patient import Patient
from her2nav.model.specimens import Variant

_NOTHING = MutationSummary(
    "unknown",
    (),
    (),
    "No tissue panel that covered ERBB2 is on record: the mutation status is unknown; protein and ISH results do not "
    "exclude a mutation.",
    "It is not known whether the HER2 gene has a change. A gene panel test can tell.",
)


def summarise_mutations(
    patient: Patient, kept: list[int], as_of: date, classify: Callable[[str], str | None] | None
) -> MutationSummary:
    """Return the ERBB2 variants of specimens and plasma results up to a day.

    Args:
        patient: The record.
        kept: Positions of the specimens to use.
        as_of: Plasma results dated wholly after it are not used.
        classify: Gives a variant's class; None leaves the classes open.
    """
    if not patient.ctdna and not any(patient.specimens[index].ngs for index in kept):
        return _NOTHING
    notes = Notes({})
    found: list[VariantFound] = []
    panels: list[str] = []
    for index in kept:
        specimen, path = patient.specimens[index], f"/specimens/{index}"
        variants = erbb2_variants(specimen, path, notes)
        found += variants
        if mutation(specimen, variants).value == "not_found":
            panels.append(f"{path}/ngs")
    for index, result in enumerate(patient.ctdna):
        if result.date is not None and result.date.certainly_after(as_of):
            continue
        if not result.variant or result.result in ("not_detected", "failed"):
            continue
        if names_erbb2(Variant(gene=result.gene, hgvs=result.variant)):
            vaf = None if result.vaf_percent is None else str(result.vaf_percent)
            found.append(VariantFound(result.variant, f"/ctdna/{index}/variant", "plasma", vaf, None))
    if classify is not None:
        found = [replace(one, classification=classify(one.text)) for one in found]
    if found:
        names = ", ".join(dict.fromkeys(one.text for one in found))
        return MutationSummary(
            "found",
            tuple(found),
            tuple(panels),
            f"ERBB2 variants on record: {names}. A mutation is not HER2-positivity and says nothing of amplification.",
            "A change in the HER2 gene was found. This is not the same as HER2-positive.",
        )
    if panels:
        return MutationSummary(
            "not_found",
            (),
            tuple(panels),
            "A tissue panel that covered ERBB2 reported no ERBB2 variant.",
            "A gene panel on tumour tissue found no change in the HER2 gene.",
        )
    return _NOTHING
