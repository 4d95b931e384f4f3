"""ERBB2 variants of the record up to one day, and whether tissue was sequenced so that an absence means something."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.interpret.ngs import erbb2_variants, matrix_of, mutation, names_erbb2
from her2nav.interpret.notes import Notes
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import Specimen, Variant

if TYPE_CHECKING:
    from her2nav.variants.call import Report, VariantCall
    from her2nav.variants.knowledge import VariantKnowledge

# The variants layer is imported where a variant is read: most records have none, and its grammar takes time to build.


@dataclass(frozen=True, slots=True)
class Reported:
    """One ERBB2 variant of the record.

    Attributes:
        path: Pointer into the patient file.
        matrix: tissue or plasma; None when not known.
        gene_stated: False where the report names no gene and the change fits ERBB2.
    """

    path: str
    text: str
    call: VariantCall
    matrix: str | None
    gene_stated: bool
    date: PartialDate | None


@dataclass(frozen=True, slots=True)
class Panel:
    """Sequencing of tissue that covered ERBB2 and did not fail."""

    path: str
    shown: str
    date: PartialDate | None


def variant_knowledge(knowledge: Knowledge) -> VariantKnowledge:
    """Return the knowledge of variants."""
    from her2nav.variants.knowledge import load_variants

    return load_variants(knowledge)


@once_from("specimens", "ctdna")
def reported_variants(case: Case) -> tuple[Reported, ...]:
    """Return every variant reported of ERBB2, or of no stated gene where it fits ERBB2, by the patient's day."""
    found: list[Reported] = []
    named = any(specimen.ngs and specimen.ngs.variants for specimen in case.patient.specimens)
    if not named and not any(item.variant for item in case.patient.ctdna):
        return ()
    from her2nav.variants.call import Report

    for i, specimen in enumerate(case.patient.specimens):
        if specimen.ngs is None or _later(specimen.collected, case):
            continue
        fraction = specimen.ngs.tumour_fraction
        for j, variant in enumerate(specimen.ngs.variants):
            path = f"/specimens/{i}/ngs/variants/{j}"
            report = Report(
                origin=variant.origin,
                vaf_percent=variant.vaf_percent,
                tumour_fraction=fraction,
                classification=variant.classification,
            )
            found += _read(case, variant, path, matrix_of(specimen), report, specimen.collected)
    for i, item in enumerate(case.patient.ctdna):
        if item.variant is None or item.result in ("not_detected", "failed") or _later(item.date, case):
            continue
        report = Report(vaf_percent=item.vaf_percent, tumour_fraction=item.tumour_fraction)
        found += _read(case, Variant(gene=item.gene, hgvs=item.variant), f"/ctdna/{i}", "plasma", report, item.date)
    return tuple(found)


def _read(
    case: Case, variant: Variant, path: str, matrix: str | None, report: Report, day: PartialDate | None
) -> list[Reported]:
    stated = names_erbb2(variant)
    if stated is False:
        return []
    known = variant_knowledge(case.knowledge)
    text = variant.text if variant.name else variant.hgvs or variant.text
    calls = _calls(text, known, variant.gene, report)
    return [
        Reported(path, variant.text, call, matrix, bool(stated), day)
        for call in calls
        if call.gene in (None, known.gene)
    ]


@lru_cache(maxsize=65536)
def _calls(text: str, known: VariantKnowledge, gene: str | None, report: Report) -> tuple[VariantCall, ...]:
    from her2nav.variants.read import read_variants

    return read_variants(text, known, gene=gene, report=report)


@once_from("specimens")
def tissue_panels(case: Case) -> tuple[Panel, ...]:
    """Return the sequencing of tissue that covered ERBB2: what it does not report is absent from that sample."""
    found: list[Panel] = []
    for i, specimen in enumerate(case.patient.specimens):
        if specimen.ngs is None or _later(specimen.collected, case) or not _informative(specimen, i):
            continue
        name = specimen.ngs.assay or "tissue sequencing"
        found.append(Panel(f"/specimens/{i}/ngs", f"{name}, ERBB2 covered", specimen.collected))
    return tuple(found)


def _informative(specimen: Specimen, index: int) -> bool:
    """True when the panel says that nothing was found, or reports a variant of the gene from tissue."""
    variants = erbb2_variants(specimen, f"/specimens/{index}", Notes({}))
    if mutation(specimen, ()).value == "not_found":
        return True
    ngs = specimen.ngs
    failed = ngs is None or ngs.amplification_call == "failed"
    return bool(variants) and matrix_of(specimen) == "tissue" and not failed


def _later(day: PartialDate | None, case: Case) -> bool:
    return day is not None and day.certainly_after(case.as_of)
