"""Status of genes other than ERBB2, for example RAS and BRAF."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.biomarkers import GeneItem, Status, altered, altered_in_group, gene_items
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Gate, Kind, finding
from her2nav.kinds.freshness import dated
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.genes import GeneIndex
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, any_of
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: `wild_type`: every gene named is; `mutated` and the others: at least one gene is."""

    genes: Annotated[OneOrMany[str], Field(min_length=1)]
    """Gene symbols, lower case. `kras` and `nras` for RAS."""
    status: Literal["wild_type", "mutated", "amplified", "rearranged"]
    variants: OneOrMany[str] = ()
    """Only these variants count, for example V600E; `V600` stands for every change of the residue. With `wild_type`:
    none of them is present."""
    origin: Literal["somatic", "germline"] | None = None


@lru_cache(maxsize=4096)
def _symbols(params: Params, genes: GeneIndex) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symbol for name in params.genes for symbol in genes.symbols(name)))


def _altered(params: Params, case: Case, items: tuple[GeneItem, ...]) -> dict[str, Truth]:
    """Return for each gene whether it has what `mutated`, `amplified` or `rearranged` asks, or wild type denies."""
    genes = case.knowledge.genes
    statuses: tuple[Status, ...] = ("mutated",) if params.status == "wild_type" else (params.status,)
    found: dict[str, Truth] = {}
    for symbol in _symbols(params, case.knowledge.genes):
        row = genes.genes.get(symbol)
        also: tuple[Status, ...] = ("rearranged",) if row and row.usual == "fusion" and not params.variants else ()
        asked = statuses + (also if params.status == "wild_type" else ())
        found[symbol] = any_of(
            altered(items, symbol, status, genes, variants=params.variants, origin=params.origin) for status in asked
        )
    return found


def _judge(case: Case, params: Params) -> Truth:
    items = gene_items(case)
    answer = any_of(_altered(params, case, items).values())
    plain = params.status in ("wild_type", "mutated") and not params.variants and params.origin is None
    if answer is Truth.UNKNOWN and plain and altered_in_group(items, _symbols(params, case.knowledge.genes)):
        answer = Truth.MET
    return answer.negated() if params.status == "wild_type" else answer


def truth(params: Params, block: Block) -> Tri:
    """Weigh every report on each gene; a gene that was not tested is UNKNOWN, whatever the others are."""
    return block.truths(("gene_status", params), lambda case: _judge(case, params))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    return frozenset(_symbols(params, knowledge.genes))


def _held(case: Case) -> frozenset[str]:
    """Return the genes of which the record says something."""
    return frozenset(item.gene for item in gene_items(case))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give what each report says of each gene, and which gene is open."""
    items = [item for item in gene_items(case) if item.gene in _symbols(params, case.knowledge.genes)]
    wanted = _phrase(params, case)
    evidence = _evidence(items)
    shown = "; ".join(dict.fromkeys(f"{item.shown} ({dated(item.date, case.as_of)})" for item in items))
    reason = f"{shown or 'no result'}; wanted {wanted}."
    if truth is not Truth.UNKNOWN:
        fits = truth is Truth.MET
        return finding(
            truth,
            "gene_fits" if fits else "gene_differs",
            reason,
            "The gene result fits." if fits else "The gene result is not what the study asks for.",
            evidence,
            change=None if fits else Change(ChangeBy.NEVER, f"gene result: {wanted}"),
        )
    judged = _altered(params, case, tuple(items))
    open_ = [symbol for symbol, answer in judged.items() if answer is Truth.UNKNOWN]
    untested = [symbol for symbol in open_ if not any(item.gene == symbol for item in items)]
    why = f"not tested or not reported: {', '.join(untested)}" if untested else f"not settled: {', '.join(open_)}"
    return finding(
        truth,
        "gene_untested" if untested else "gene_unclear",
        f"{reason.removesuffix('.')}; {why}.",
        f"We need a gene test of the tumour ({', '.join(untested or open_)}).",
        evidence,
        change=Change(ChangeBy.TEST, f"gene test of {', '.join(untested or open_)} ({wanted})", effort=Effort.ORDINARY),
    )


def _evidence(items: list[GeneItem]) -> tuple[Evidence, ...]:
    """Return one line for each place of the record, with all that it says."""
    shown: dict[str, list[GeneItem]] = {}
    for item in items:
        shown.setdefault(item.path, []).append(item)
    return tuple(
        Evidence(path, "; ".join(dict.fromkeys(i.shown for i in found)), str(found[0].date) if found[0].date else None)
        for path, found in shown.items()
    )


def _phrase(params: Params, case: Case) -> str:
    joiner = " and " if params.status == "wild_type" else " or "
    text = joiner.join(_symbols(params, case.knowledge.genes))
    if params.variants:
        text += f" {' or '.join(params.variants)}"
    text += f" {params.status.replace('_', ' ')}" if not params.variants or params.status != "wild_type" else " absent"
    return text + (f" ({params.origin})" if params.origin else "")


def _ngs(*variants: object, kind: str = "biopsy", **more: object) -> dict[str, object]:
    return {
        "specimens": [
            {"kind": kind, "ngs": {"variants": list(variants), "genes_covered": ["KRAS", "NRAS", "BRAF"], **more}}
        ]
    }


_RAS = {"genes": ["kras", "nras"], "status": "wild_type"}
_BRAF = {"genes": "braf", "status": "mutated", "variants": "V600E"}

KIND = Kind(
    id="gene_status",
    name="gene status",
    plain_name="gene test of the tumour",
    taxonomy=(6,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, lambda _: None),
    question="Which genes were tested, and which variants were found?",
    effort=Effort.ORDINARY,
    examples=(
        (_RAS, {"biomarkers": {"kras": "wild_type", "nras": "wild_type"}}, "met"),
        (_RAS, {"biomarkers": {"kras": ["G12D"]}}, "not_met"),
        (_RAS, {}, "unknown"),
        # KRAS alone says nothing of NRAS; RAS is both
        (_RAS, {"biomarkers": {"kras": "wild_type"}}, "unknown"),
        (_RAS, {"biomarkers": {"ras": "wild_type"}}, "met"),
        (_RAS, {"biomarkers": {"ras": "mutated"}}, "not_met"),
        ({"genes": "nras", "status": "mutated"}, {"biomarkers": {"ras": "mutated"}}, "unknown"),
        (_RAS, {"biomarkers": {"kras": "not_tested", "nras": "wild_type"}}, "unknown"),
        # sequencing: tissue that covers the gene and shows nothing is wild type, plasma is not, a VUS is open
        (_RAS, _ngs(), "met"),
        (_RAS, _ngs(kind="blood"), "unknown"),
        (_RAS, _ngs(matrix="plasma"), "unknown"),
        (_RAS, _ngs("KRAS p.Gly12Asp"), "not_met"),
        (_RAS, _ngs({"gene": "KRAS", "hgvs": "p.T58A", "classification": "VUS"}), "unknown"),
        (_RAS, _ngs({"gene": "KRAS", "hgvs": "p.T58A", "classification": "likely benign"}), "met"),
        (_RAS, {"ctdna": [{"gene": "KRAS", "variant": "p.G12D"}]}, "not_met"),
        (
            _RAS,
            {"as_of": "2026-01-01", "ctdna": [{"gene": "KRAS", "variant": "p.G12D", "date": "2026-02-01"}]},
            "unknown",
        ),
        # two reports that contradict each other
        (_RAS, {"biomarkers": {"kras": "mutated", "nras": "wild_type"}, **_ngs()}, "unknown"),
        # V600E: wild type is not it, another variant is not it, the bare word may be
        (_BRAF, {"biomarkers": {"braf": "wild_type"}}, "not_met"),
        (_BRAF, {"biomarkers": {"braf": ["G469A"]}}, "not_met"),
        (_BRAF, {"biomarkers": {"braf": ["p.(Val600Glu)"]}}, "met"),
        (_BRAF, {"biomarkers": {"braf": "mutated"}}, "unknown"),
        (_BRAF, {"biomarkers": {"braf": ["class 2 mutation"]}}, "unknown"),
        ({**_BRAF, "variants": "V600"}, {"biomarkers": {"braf": ["V600K"]}}, "met"),
        ({**_BRAF, "status": "wild_type"}, {"biomarkers": {"braf": ["G469A"]}}, "met"),
        ({**_BRAF, "status": "wild_type"}, {"biomarkers": {"braf": ["G469A", "V600E"]}}, "not_met"),
        # other alterations, origin
        ({"genes": "alk", "status": "rearranged"}, {"biomarkers": {"alk": ["EML4-ALK fusion"]}}, "met"),
        ({"genes": "alk", "status": "rearranged"}, {"biomarkers": {"alk": "wild_type"}}, "not_met"),
        ({"genes": "met", "status": "amplified"}, {"biomarkers": {"met": "amplified"}}, "met"),
        ({"genes": "met", "status": "amplified"}, {"biomarkers": {"met": "wild_type"}}, "unknown"),
        ({"genes": "met", "status": "amplified"}, _ngs("MET amplification"), "met"),
        (
            {"genes": "brca1", "status": "mutated", "origin": "germline"},
            {"biomarkers": {"brca1": "mutated"}},
            "unknown",
        ),
        (
            {"genes": "brca1", "status": "mutated", "origin": "germline"},
            _ngs({"gene": "BRCA1", "hgvs": "p.Q1756fs", "origin": "germline"}),
            "met",
        ),
    ),
)
