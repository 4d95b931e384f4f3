"""An ERBB2 (HER2) gene mutation."""

from __future__ import annotations

from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.facts.variants import Reported, reported_variants, tissue_panels, variant_knowledge
from her2nav.kinds.base import Kind, entries_gate, finding
from her2nav.kinds.freshness import dated
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: a reported ERBB2 variant belongs to one of the classes or names.

    Without classes and names: to `any`, a variant that drives the cancer. What plasma or a variant of uncertain
    meaning does not show stays open; only tissue sequencing that covered the gene says that there is none.
    """

    any_of: OneOrMany[
        Literal[
            "activating",
            "any",
            "exon20_insertion",
            "tkd_activating",
            "exon_8",
            "exon_17",
            "exon_18",
            "exon_19",
            "exon_20",
            "exon_21",
        ]
    ] = ()
    names: OneOrMany[str] = ()
    """HGVS names that count."""
    method: Literal["tissue", "plasma", "tissue_or_plasma"] | None = None
    laboratory: Literal["local", "central"] | None = None
    known: bool = False
    """Only what is on record counts: with a complete list of specimens, what was never tested is not known."""


def _wanted(params: Params) -> tuple[str | int, ...]:
    classes = tuple(int(item.removeprefix("exon_")) if item.startswith("exon_") else item for item in params.any_of)
    return (*classes, *params.names) or ("any",)


def _matches(item: Reported, params: Params, case: Case) -> Truth:
    from her2nav.variants.match import matches

    answer = matches(item.call, _wanted(params), variant_knowledge(case.knowledge))
    if not item.gene_stated and answer is Truth.MET:
        answer = Truth.UNKNOWN
    if params.method in ("tissue", "plasma") and item.matrix != params.method:
        # Found by the other method: the method asked for may find it or not.
        answer = all_of((answer, Truth.UNKNOWN))
    return answer


def _found(case: Case, params: Params) -> Truth:
    """Whether such a variant is present, wherever the laboratory is."""
    answer = any_of(_matches(item, params, case) for item in reported_variants(case))
    if answer is Truth.NOT_MET and params.known and case.patient.complete.specimens:
        return Truth.NOT_MET
    if answer is Truth.NOT_MET and (params.method == "plasma" or not tissue_panels(case)):
        return Truth.UNKNOWN
    return answer


def _judge(case: Case, params: Params) -> Truth:
    answer = _found(case, params)
    # The central laboratory of the trial has still to confirm what a local one found.
    return Truth.UNKNOWN if params.laboratory == "central" and answer is Truth.MET else answer


def truth(params: Params, block: Block) -> Tri:
    """Look the reported variants up; no panel, plasma without a finding and uncertain variants are UNKNOWN."""
    return block.truths(("her2_mutation", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the variants with their meaning, and the test that settles what is open."""
    wanted = _phrase(params)
    judged = [(item, _matches(item, params, case)) for item in reported_variants(case)]
    panels = tuple(Evidence(p.path, p.shown, str(p.date) if p.date else None) for p in tissue_panels(case))
    if truth is Truth.MET:
        hits = [item for item, answer in judged if answer is Truth.MET]
        return finding(
            truth,
            "her2_mutation_found",
            f"{_list(hits, case)}; wanted {wanted}.",
            "A change in the HER2 gene that the study looks for was found.",
            tuple(map(_evidence, hits)),
        )
    others = [item for item, _ in judged]
    if truth is Truth.NOT_MET and not panels:
        return finding(
            truth,
            "her2_mutation_not_known",
            f"No such variant in a list of specimens marked complete; wanted known: {wanted}.",
            "There is no record of the change in the HER2 gene that the study asks about.",
            (*map(_evidence, others), Evidence("/complete/specimens", "true")),
            change=Change(ChangeBy.TEST, "sequencing", effort=Effort.ORDINARY),
        )
    if truth is Truth.NOT_MET:
        shown = _list(others, case) if others else "no ERBB2 variant reported"
        tests = ", ".join(f"{item.value} ({item.date or 'undated'})" for item in panels)
        return finding(
            truth,
            "her2_mutation_not_found",
            f"{shown}; {tests}; wanted {wanted}.",
            "The gene test did not find the change in the HER2 gene that the study looks for.",
            (*map(_evidence, others), *panels),
            change=Change(ChangeBy.TEST, "sequencing of a newer sample", effort=Effort.SPECIAL),
        )
    if _found(case, params) is Truth.MET:
        hits = [item for item, answer in judged if answer is Truth.MET]
        return finding(
            truth,
            "pending_central",
            f"{_list(hits, case)}; wanted {wanted}; the central laboratory has still to confirm it.",
            "A change in the HER2 gene was found. The study's own laboratory checks it again.",
            tuple(map(_evidence, hits)),
            unknown_kind=UnknownKind.PENDING,
            change=Change(ChangeBy.TEST, "confirmation by the central laboratory", effort=Effort.SPECIAL),
        )
    open_ = [item for item, answer in judged if answer is Truth.UNKNOWN]
    method = "plasma" if params.method == "plasma" else "tumour tissue"
    test = Change(ChangeBy.TEST, f"sequencing of {method} that covers ERBB2 ({wanted})", effort=Effort.ORDINARY)
    if open_:
        return finding(
            truth,
            "her2_variant_unclear",
            f"{_list(open_, case)}; wanted {wanted}; meaning, gene or method leaves it open.",
            "A change in the HER2 gene was found. What it means for this study must be checked.",
            tuple(map(_evidence, open_)),
            change=test
            if params.method
            else Change(ChangeBy.PERSON, "a molecular pathologist reads the variant", effort=Effort.PERSON),
        )
    why = (
        "no finding in tissue is decisive for it"
        if panels
        else "no sequencing of tumour tissue that covers ERBB2 is in the record"
    )
    return finding(
        truth,
        "her2_not_sequenced",
        f"{_list(others, case) or 'No ERBB2 variant reported'}; wanted {wanted}; {why}.",
        "You need a gene test of the tumour that looks for changes in the HER2 gene.",
        (*map(_evidence, others), *panels),
        change=test,
    )


def _list(items: list[Reported], case: Case) -> str:
    shown = []
    for item in items:
        name, meaning = item.call.short or item.text, item.call.effect.replace("_", " ")
        shown.append(f"ERBB2 {name} ({meaning}, {item.matrix or 'matrix not stated'}, {dated(item.date, case.as_of)})")
    return "; ".join(shown)


def _evidence(item: Reported) -> Evidence:
    return Evidence(item.path, item.text, str(item.date) if item.date else None)


def _phrase(params: Params) -> str:
    names = {
        "activating": "an activating ERBB2 mutation",
        "any": "any ERBB2 driver mutation",
        "exon20_insertion": "an ERBB2 exon 20 insertion",
        "tkd_activating": "an activating mutation of the ERBB2 kinase domain",
    }
    parts = [names.get(item, f"an ERBB2 mutation in {item.replace('_', ' ')}") for item in params.any_of]
    parts += [f"ERBB2 {name}" for name in params.names]
    text = " or ".join(parts) or names["any"]
    if params.method in ("tissue", "plasma"):
        text += f" in {params.method}"
    return text + (f", {params.laboratory} laboratory" if params.laboratory else "")


def _ngs(*variants: object, kind: str = "biopsy", **more: object) -> dict[str, object]:
    return {
        "specimens": [{"kind": kind, "ngs": {"variants": list(variants), "genes_covered": ["ERBB2", "TP53"], **more}}]
    }


def _erbb2(change: str, **more: object) -> dict[str, object]:
    return {"gene": "ERBB2", "hgvs": change, **more}


def _plasma(variant: str, **more: object) -> dict[str, object]:
    return {"ctdna": [{"gene": "ERBB2", "variant": variant, **more}]}


_ACTIVATING, _TKD = {"any_of": "activating"}, {"any_of": "tkd_activating"}
_EXONS = {"any_of": ["exon_19", "exon_20"]}
_YVMA = "A775_G776insYVMA"

KIND = Kind(
    id="her2_mutation",
    name="HER2 mutation",
    plain_name="change in the HER2 gene",
    taxonomy=(2,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(
        lambda case: reported_variants(case) or tissue_panels(case), lambda case: case.patient.complete.specimens
    ),
    question="Was ERBB2 sequenced, in tissue or plasma, and which variant was found?",
    effort=Effort.ORDINARY,
    examples=(
        (_ACTIVATING, _ngs(_erbb2(_YVMA)), "met"),
        (_ACTIVATING, _ngs("ERBB2 p.S310F"), "met"),
        ({}, _ngs(_erbb2("p.V777L")), "met"),
        (_ACTIVATING, {}, "unknown"),
        # tissue that covered the gene, tissue that did not, a failed test, plasma
        (_ACTIVATING, _ngs(), "not_met"),
        (_ACTIVATING, _ngs(genes_covered=["TP53"]), "unknown"),
        (_ACTIVATING, _ngs(amplification_call="failed"), "unknown"),
        (_ACTIVATING, _ngs(kind="blood"), "unknown"),
        (_ACTIVATING, _plasma("p.Y772_A775dup"), "met"),
        (_ACTIVATING, _plasma("p.Y772_A775dup", result="not_detected"), "unknown"),
        (_ACTIVATING, {"as_of": "2026-01-01", **_plasma("p.V777L", date="2026-02-01")}, "unknown"),
        # the polymorphism does not count, an uncertain variant is open, a variant without gene is open
        (_ACTIVATING, _ngs(_erbb2("p.Ile655Val")), "not_met"),
        (_ACTIVATING, _ngs(_erbb2("p.P122L")), "unknown"),
        (_ACTIVATING, _ngs("p.S310F"), "unknown"),
        (_ACTIVATING, _ngs("TP53 p.R175H"), "not_met"),
        # kinase domain and exons: S310 lies in exon 8, D769 in exon 19, V842 in exon 21
        (_TKD, _ngs(_erbb2("S310F")), "not_met"),
        (_TKD, _ngs(_erbb2("L755S")), "met"),
        (_EXONS, _ngs(_erbb2("D769Y")), "met"),
        (_EXONS, _ngs(_erbb2("V842I")), "not_met"),
        (_EXONS, _plasma("V842I"), "unknown"),
        ({"any_of": "exon20_insertion"}, _ngs(_erbb2("G776delinsVC")), "met"),
        ({"any_of": "exon20_insertion"}, _ngs(_erbb2("V777L")), "not_met"),
        ({"names": "p.Tyr772_Ala775dup"}, _ngs(_erbb2(_YVMA)), "met"),
        # method and laboratory
        ({**_ACTIVATING, "method": "tissue"}, _plasma("V777L"), "unknown"),
        ({**_ACTIVATING, "method": "plasma"}, _ngs(), "unknown"),
        ({**_ACTIVATING, "laboratory": "central"}, _ngs(_erbb2("V777L")), "unknown"),
        ({**_ACTIVATING, "laboratory": "central"}, _ngs(), "not_met"),
        # over-expression is no mutation, and does not rule one out
        (_ACTIVATING, {"specimens": [{"kind": "biopsy", "ihc": {"score": "3+"}}]}, "unknown"),
        # what is known: with every specimen listed, what was never tested is not
        ({"known": True}, {"complete": {"specimens": True}}, "not_met"),
        ({"known": True}, {}, "unknown"),
        ({}, {"complete": {"specimens": True}}, "unknown"),
    ),
)
