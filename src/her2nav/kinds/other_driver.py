"""Another targetable driver alteration with available therapy."""

from __future__ import annotations

from functools import lru_cache

from her2nav.facts.biomarkers import GeneItem, altered, altered_in_group, by_report, gene_items, protein_change
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
    """P: an alteration of one of the genes (any known driver when none is named) is reported.

    With `only_if_therapy_available` an alteration counts where the gene table lists it as a driver with an approved
    therapy; another one leaves it open, for a person must say whether a therapy is at hand.
    """

    genes: OneOrMany[str] = ()
    except_genes: OneOrMany[str] = ()
    only_if_therapy_available: bool = True


@lru_cache(maxsize=4096)
def _symbols(params: Params, genes: GeneIndex) -> tuple[str, ...]:
    named = [symbol for name in params.genes for symbol in genes.symbols(name)] or list(genes.drivers)
    without = {symbol for name in params.except_genes for symbol in genes.symbols(name)}
    return tuple(dict.fromkeys(symbol for symbol in named if symbol not in without))


def _driver(item: GeneItem, genes: GeneIndex) -> Truth | None:
    """Whether what an item says is a driver with a therapy."""
    row = genes.genes.get(item.gene)
    by_fusion = row is not None and row.usual == "fusion"
    if item.found is Truth.NOT_MET:
        # Sequencing without a finding rules variants out; whether it looks for fusions is not known.
        return Truth.NOT_MET if item.sort == "word" or not by_fusion else None
    if item.sort == "word":
        listed = row is None or row.driver != "yes"
        return Truth.UNKNOWN if listed else item.found
    event = "fusion" if item.sort == "fusion" else item.variant or ""
    known = any(genes.is_driver_event(item.gene, text) for text in (event, protein_change(event) or event))
    return item.found if known else Truth.UNKNOWN


def _gene(symbol: str, params: Params, case: Case, items: tuple[GeneItem, ...]) -> Truth:
    genes = case.knowledge.genes
    if params.only_if_therapy_available:
        return by_report(items, symbol, lambda item: _driver(item, genes))
    row = genes.genes.get(symbol)
    answers = [altered(items, symbol, status, genes) for status in ("mutated", "rearranged", "amplified")]
    if Truth.MET in answers:
        return Truth.MET
    # The laboratory's usual alteration of the gene rules the gene out as a driver; amplification is no part of that.
    return answers[1] if row is not None and row.usual == "fusion" else answers[0]


def _judge(case: Case, params: Params) -> Truth:
    items, symbols = gene_items(case), _symbols(params, case.knowledge.genes)
    answer = any_of(_gene(symbol, params, case, items) for symbol in symbols)
    if answer is Truth.UNKNOWN and not params.only_if_therapy_available and altered_in_group(items, symbols):
        return Truth.MET
    return answer


def truth(params: Params, block: Block) -> Tri:
    """Look every gene up; only when all of them are known to be normal is there no other driver."""
    return block.truths(("other_driver", params), lambda case: _judge(case, params))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    return frozenset(_symbols(params, knowledge.genes))


def _held(case: Case) -> frozenset[str]:
    """Return the genes of which the record says something."""
    return frozenset(item.gene for item in gene_items(case))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the alterations, or the genes that are open."""
    items, symbols = gene_items(case), _symbols(params, case.knowledge.genes)
    judged = {symbol: _gene(symbol, params, case, items) for symbol in symbols}
    asked = f"another driver alteration ({', '.join(symbols)})"
    if params.only_if_therapy_available:
        asked += " with an available therapy"
    wanted = truth if truth is not Truth.UNKNOWN else Truth.UNKNOWN
    chosen = [item for item in items if judged.get(item.gene) is wanted or (truth is Truth.MET and item.gene in judged)]
    if truth is Truth.MET:
        chosen = [item for item in chosen if item.found is not Truth.NOT_MET]
    evidence = tuple({i.path: Evidence(i.path, i.shown, str(i.date) if i.date else None) for i in chosen}.values())
    shown = "; ".join(dict.fromkeys(f"{item.shown} ({dated(item.date, case.as_of)})" for item in chosen))
    if truth is Truth.MET:
        return finding(
            truth,
            "driver_reported",
            f"Reported: {shown}. Asked: {asked}; the team confirms the therapy.",
            "Another gene change that can be treated was found in the tumour.",
            evidence,
            change=Change(ChangeBy.NEVER, "the gene change stays"),
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "no_driver",
            f"All of them tested without a finding: {shown}. Asked: {asked}.",
            "The other genes that the study asks about were tested and are normal.",
            evidence,
        )
    open_ = [symbol for symbol, answer in judged.items() if answer is Truth.UNKNOWN]
    found = f" Recorded: {shown}." if shown else ""
    return finding(
        truth,
        "drivers_open",
        f"Not tested, not reported or not settled: {', '.join(open_)}. Asked: {asked}.{found}",
        "We need to know if other genes of the tumour were tested, and what was found.",
        evidence,
        change=Change(ChangeBy.TEST, f"gene panel: {', '.join(open_)}", effort=Effort.ORDINARY),
    )


_EGFR_ALK = {"genes": ["egfr", "alk"]}

KIND = Kind(
    id="other_driver",
    name="other driver alterations",
    plain_name="other gene changes that can be treated",
    taxonomy=(7,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, lambda _: None),
    question="Were other driver genes (EGFR, ALK, ROS1, RET, MET, NTRK, BRAF) tested, and what was found?",
    effort=Effort.ORDINARY,
    examples=(
        (_EGFR_ALK, {"biomarkers": {"egfr": ["L858R"]}}, "met"),
        (_EGFR_ALK, {"biomarkers": {"egfr": ["p.Leu858Arg"]}}, "met"),
        (_EGFR_ALK, {"biomarkers": {"alk": ["EML4-ALK"]}}, "met"),
        (_EGFR_ALK, {"biomarkers": {"egfr": "wild_type", "alk": "wild_type"}}, "not_met"),
        (_EGFR_ALK, {"biomarkers": {"egfr": "wild_type"}}, "unknown"),
        (_EGFR_ALK, {"biomarkers": {"egfr": "wild_type", "alk": "not_tested"}}, "unknown"),
        (_EGFR_ALK, {}, "unknown"),
        # an alteration that no approved therapy is listed for leaves it to a person
        ({"genes": "kras"}, {"biomarkers": {"kras": ["G12D"]}}, "unknown"),
        ({"genes": "kras"}, {"biomarkers": {"kras": ["G12C"]}}, "met"),
        ({"genes": "kras"}, {"biomarkers": {"kras": "mutated"}}, "unknown"),
        ({"genes": "kras", "only_if_therapy_available": False}, {"biomarkers": {"kras": ["G12D"]}}, "met"),
        ({"genes": "alk", "only_if_therapy_available": False}, {"biomarkers": {"alk": "wild_type"}}, "not_met"),
        ({"genes": "met"}, {"biomarkers": {"met": ["exon 14 skipping"]}}, "met"),
        # a panel that covers ALK and reports no variant need not have looked for fusions
        (
            {"genes": "alk"},
            {"specimens": [{"kind": "biopsy", "ngs": {"genes_covered": ["ALK", "EGFR"]}}]},
            "unknown",
        ),
        (
            {"genes": "egfr"},
            {"specimens": [{"kind": "biopsy", "ngs": {"genes_covered": ["ALK", "EGFR"]}}]},
            "not_met",
        ),
        ({}, {"biomarkers": {"ret": ["KIF5B-RET fusion"]}}, "met"),
        ({"except_genes": "ret"}, {"biomarkers": {"ret": ["KIF5B-RET fusion"]}}, "unknown"),
    ),
)
