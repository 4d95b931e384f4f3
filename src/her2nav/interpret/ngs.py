"""Sequencing of one specimen: the assay's own amplification call and the ERBB2 variants it reports."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.interpret.answers import unknown
from her2nav.interpret.intervals import Interval
from her2nav.interpret.notes import Notes
from her2nav.interpret.results import Answer, RuleRef, VariantFound
from her2nav.interpret.runner import CompiledTable, Possible
from her2nav.model.provenance import Confidence
from her2nav.model.specimens import Ngs, Specimen, Variant

AMPLIFICATION = frozenset({"amplified", "not_amplified"})
MUTATION = frozenset({"found", "not_found"})
_DIPLOID = 2
_GENE = re.compile(r"(?<![A-Za-z0-9])(?:ERBB2|HER-?2(?:/neu)?)(?![A-Za-z0-9])", re.IGNORECASE)
_OTHER_GENE = re.compile(r"^\s*[A-Z][A-Z0-9-]{1,9}\b(?!\s*$)")
_PLAIN_HGVS = re.compile(r"^\s*(?:[pcg]\.|[A-Z]\d+|[A-Z][a-z]{2}\d+)")


def engine_rule(number: str, confidence: Confidence = Confidence.K) -> RuleRef:
    """Return a rule of the engine's policy by its section and number, `8.1` or `0.3`."""
    section = number.split(".")[0]
    return RuleRef(
        number, "engine/policy", "domain_her2_interpretation", f"section {section}, rule {number}", confidence
    )


def matrix_of(specimen: Specimen) -> str | None:
    """Return tissue or plasma; where it is not stated, what the kind of specimen or its other tests say."""
    if specimen.ngs is not None and specimen.ngs.matrix is not None:
        return specimen.ngs.matrix
    if specimen.kind == "blood":
        return "plasma"
    if specimen.kind is not None or specimen.ihc is not None or specimen.ish is not None:
        return "tissue"
    return None


def kind_of(specimen: Specimen) -> str | None:
    """Return the kind of sample; plasma that was only sequenced is blood, though the record may not say so."""
    if specimen.kind is None and specimen.ihc is None and specimen.ish is None and matrix_of(specimen) == "plasma":
        return "blood"
    return specimen.kind


def ngs_amplification(specimen: Specimen, matrix: str, notes: Notes, convention: CompiledTable | None = None) -> Answer:
    """Return the assay's own amplification call in one matrix.

    A number without a call is unknown: no cut-off is borrowed from another assay. A plasma result that is not amplified
    is unknown, whatever the tumour fraction. A whole-arm gain is for the assay to tell from amplification.

    Args:
        specimen: The specimen.
        matrix: tissue or plasma.
        notes: Takes flags and next steps.
        convention: The assays' usual cut-offs, from which only a remark is made.
    """
    ngs, found = specimen.ngs, matrix_of(specimen)
    rule = engine_rule("8.1")
    if ngs is None or found is None or found != matrix:
        if ngs is not None and found is None and matrix == "tissue":
            notes.flag("ngs_matrix_missing", "8.1")
        return unknown(AMPLIFICATION, "not_tested")
    _adjusted(ngs, matrix, notes)
    if ngs.amplification_call == "amplified":
        return Answer("amplified", frozenset({"amplified"}), True, (rule,), "amplified")
    if ngs.amplification_call == "not_amplified":
        if matrix == "plasma":
            notes.flag("plasma_negative_not_negative", "8.4")
            return unknown(AMPLIFICATION, "plasma_not_amplified", (engine_rule("8.4"),))
        return Answer("not_amplified", frozenset({"not_amplified"}), True, (rule,), "not_amplified")
    if ngs.amplification_call is None and (ngs.erbb2_copy_number is not None or ngs.erbb2_fold_change is not None):
        notes.flag("ngs_number_without_call", "8.1")
        notes.ask("request_ngs_call", "8.1")
        if convention is not None:
            _remark(ngs, matrix, convention, notes)
        return unknown(AMPLIFICATION, "no_call", (rule,))
    return unknown(AMPLIFICATION, ngs.amplification_call or "not_reported")


def _adjusted(ngs: Ngs, matrix: str, notes: Notes) -> None:
    """Show what the plasma copy number would be in tumour cells alone: (CN - 2 x (1 - TF)) / TF; it decides nothing."""
    copies, share = ngs.erbb2_copy_number, ngs.tumour_fraction
    if matrix != "plasma" or copies is None or not share:
        return
    adjusted = max((copies - _DIPLOID * (1 - share)) / share, Decimal(0))
    notes.flag(
        "purity_adjusted",
        "8",
        copies=str(copies),
        share=f"{(share * 100).normalize():f}",
        adjusted=f"{adjusted.quantize(Decimal('0.1')):f}",
    )


def _remark(ngs: Ngs, matrix: str, convention: CompiledTable, notes: Notes) -> None:
    """Flag what the assay's usual cut-off would call the number."""
    name = re.sub(r"[^a-z0-9]", "", (ngs.assay or "").lower())
    spec = convention.inputs["assay"]
    assert isinstance(spec, frozenset)
    known_as = [item for item in spec if name and re.sub(r"[^a-z0-9]", "", item) in name]
    known: dict[str, Possible] = {
        "assay": frozenset(known_as[:1] or ["other"]),
        "matrix": frozenset({matrix}),
    }
    if ngs.erbb2_copy_number is not None:
        known["copy_number"] = Interval.point(ngs.erbb2_copy_number)
    if ngs.erbb2_fold_change is not None:
        known["fold_change"] = Interval.point(ngs.erbb2_fold_change)
    diploid = "not_stated" if ngs.ploidy is None else ("yes" if ngs.ploidy == _DIPLOID else "no")
    known["diploid"] = frozenset({diploid})
    reading = convention.run(known)
    call = reading.value("call")
    if call not in (None, "no_convention"):
        notes.flag("ngs_usual_cutoff", *(rule.id for rule in reading.rules), call=str(call).replace("_", " "))


def erbb2_variants(specimen: Specimen, path: str, notes: Notes) -> tuple[VariantFound, ...]:
    """Return the ERBB2 variants of a specimen; a variant that names no gene is flagged and not counted."""
    if specimen.ngs is None:
        return ()
    found = []
    for position, variant in enumerate(specimen.ngs.variants):
        of_gene = names_erbb2(variant)
        if of_gene is None:
            notes.flag("variant_without_gene", "V6", text=variant.text)
        elif of_gene:
            found.append(
                VariantFound(
                    variant.text,
                    f"{path}/ngs/variants/{position}",
                    matrix_of(specimen),
                    None if variant.vaf_percent is None else str(variant.vaf_percent),
                    variant.origin,
                )
            )
    return tuple(found)


def names_erbb2(variant: Variant) -> bool | None:
    """Say whether a variant is in ERBB2; None when it names no gene."""
    if variant.gene:
        return bool(_GENE.fullmatch(variant.gene.strip()))
    if _GENE.search(variant.text):
        return True
    if _PLAIN_HGVS.match(variant.text) or not _OTHER_GENE.match(variant.text):
        return None
    return False


def mutation(specimen: Specimen, variants: tuple[VariantFound, ...]) -> Answer:
    """Say whether ERBB2 variants were reported; `not_found` only of a tissue panel that names the gene as covered."""
    ngs: Ngs | None = specimen.ngs
    if variants:
        return Answer("found", frozenset({"found"}), True, (engine_rule("4.1"),), "found")
    if ngs is None or not any(_GENE.fullmatch(gene.strip()) for gene in ngs.genes_covered):
        return unknown(MUTATION, "not_tested")
    if ngs.amplification_call == "failed":
        return unknown(MUTATION, "panel_failed", (engine_rule("8.4"),))
    if matrix_of(specimen) != "tissue":
        return unknown(MUTATION, "plasma_no_variant", (engine_rule("8.4"),))
    return Answer("not_found", frozenset({"not_found"}), True, (engine_rule("4.1"),), "not_found")
