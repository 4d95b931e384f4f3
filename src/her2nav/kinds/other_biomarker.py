"""A biomarker that has no kind of its own, by name."""

from __future__ import annotations

import re
from decimal import Decimal

from her2nav.facts.biomarkers import Status, altered, gene_items
from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import NOTHING, Gate, Kind, finding
from her2nav.kinds.terms import KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.names import key
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, from_bounds


class Params(KindParams):
    """P: the biomarker has this result.

    Words (positive, negative), comparisons (">= 10") and, for genes, wild_type, mutated, amplified and rearranged are
    judged; a method that is asked for is in no record, so that it leaves the answer open.
    """

    name: str
    status: str
    method: str | None = None


_WORDS: dict[str, tuple[str, ...]] = {
    "cldn18_2": ("cldn18_2", "cldn18.2", "claudin 18.2", "claudin18.2"),
    "ebv": ("ebv", "epstein-barr virus"),
}
_NUMBERS: dict[str, tuple[str, ...]] = {
    "tmb_per_mb": ("tmb", "tumour mutational burden", "tumor mutational burden", "tmb_per_mb"),
    "ki67_percent": ("ki67", "ki-67", "mib-1", "ki67_percent"),
}
_COMPARISON = re.compile(r"(>=|<=|>|<|≥|≤)\s*(\d+(?:\.\d+)?)\s*(?:%|mut/mb|per mb)?", re.IGNORECASE)
_GENE_WORDS: dict[str, tuple[Status, bool]] = {
    "mutated": ("mutated", True),
    "wildtype": ("mutated", False),
    "amplified": ("amplified", True),
    "rearranged": ("rearranged", True),
    "fusion": ("rearranged", True),
}


def _field(params: Params, fields: dict[str, tuple[str, ...]]) -> str | None:
    return next((field for field, names in fields.items() if key(params.name) in map(key, names)), None)


def _judge(case: Case, params: Params) -> Truth:
    answer = _result(case, params)
    return Truth.UNKNOWN if params.method is not None else answer


def _result(case: Case, params: Params) -> Truth:
    markers, wanted = case.patient.biomarkers, key(params.status)
    word = _field(params, _WORDS)
    if word is not None:
        value = getattr(markers, word)
        known = value in ("positive", "negative") and wanted in ("positive", "negative")
        return from_bounds(known and value == wanted, known and value != wanted)
    number = _field(params, _NUMBERS)
    if number is not None:
        return _compared(getattr(markers, number), params.status)
    symbol = case.knowledge.genes.find(params.name)
    if symbol is None or wanted not in _GENE_WORDS or case.knowledge.genes.genes[symbol].members:
        return Truth.UNKNOWN
    status, present = _GENE_WORDS[wanted]
    answer = altered(gene_items(case), symbol, status, case.knowledge.genes)
    return answer if present else answer.negated()


def _compared(value: Decimal | None, status: str) -> Truth:
    match = _COMPARISON.fullmatch(status.strip())
    if value is None or match is None:
        return Truth.UNKNOWN
    limit = Decimal(match[2])
    holds = {">=": value >= limit, "≥": value >= limit, "<=": value <= limit, "≤": value <= limit}
    holds |= {">": value > limit, "<": value < limit}
    return from_bounds(holds[match[1]], not holds[match[1]])


def truth(params: Params, block: Block) -> Tri:
    """Look the biomarker up by name; one that the record has no place for is UNKNOWN."""
    return block.truths(("other_biomarker", params), lambda case: _judge(case, params))


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    """Return the field of the record, or the gene, that a criterion rests on."""
    field = _field(params, _WORDS) or _field(params, _NUMBERS) or knowledge.genes.find(params.name)
    return NOTHING if field is None or params.method is not None else frozenset({field})


def _held(case: Case) -> frozenset[str]:
    markers = case.patient.biomarkers
    fields = {field for field in (*_WORDS, *_NUMBERS) if getattr(markers, field) is not None}
    return frozenset(fields | {item.gene for item in gene_items(case)})


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the result as recorded."""
    method = f" by {params.method}" if params.method else ""
    name = params.name.replace("_", " ")
    wanted = f"{name} {params.status.replace('_', ' ')}{method}"
    evidence = _evidence(params, case)
    shown = ", ".join(dict.fromkeys(item.value for item in evidence)) or "no result in the record"
    if truth is Truth.UNKNOWN:
        why = "; the method is not in the record" if params.method and evidence else ""
        return finding(
            truth,
            "biomarker_unclear" if evidence else "biomarker_missing",
            f"{shown}; wanted {wanted}{why}.",
            f"We need one more result of the tumour ({name}).",
            evidence,
            change=Change(ChangeBy.TEST, f"test: {wanted}", effort=Effort.SPECIAL),
        )
    fits = truth is Truth.MET
    return finding(
        truth,
        "biomarker_fits" if fits else "biomarker_differs",
        f"{shown}; wanted {wanted}.",
        f"The result of the tumour ({name}) fits." if fits else f"The study asks for another result ({name}).",
        evidence,
        change=None if fits else Change(ChangeBy.TEST, f"{name} on another sample", effort=Effort.SPECIAL),
    )


def _evidence(params: Params, case: Case) -> tuple[Evidence, ...]:
    field = _field(params, _WORDS) or _field(params, _NUMBERS)
    if field is not None:
        value = getattr(case.patient.biomarkers, field)
        shown = f"{params.name.replace('_', ' ')} {value}"
        return () if value is None else (Evidence(f"/biomarkers/{field}", shown),)
    symbol = case.knowledge.genes.find(params.name)
    items = [item for item in gene_items(case) if item.gene == symbol]
    return tuple(Evidence(item.path, item.shown, str(item.date) if item.date else None) for item in items)


_CLDN = {"name": "CLDN18.2", "status": "positive"}
_TMB = {"name": "tmb", "status": ">= 10"}

KIND = Kind(
    id="other_biomarker",
    name="other biomarkers",
    plain_name="another test of the tumour",
    taxonomy=(),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, _held, lambda _: None),
    question="What is the result of this biomarker?",
    effort=Effort.SPECIAL,
    examples=(
        (_CLDN, {"biomarkers": {"cldn18_2": "positive"}}, "met"),
        (_CLDN, {"biomarkers": {"cldn18_2": "negative"}}, "not_met"),
        (_CLDN, {"biomarkers": {"cldn18_2": "not_tested"}}, "unknown"),
        (_CLDN, {}, "unknown"),
        ({**_CLDN, "method": "central IHC"}, {"biomarkers": {"cldn18_2": "positive"}}, "unknown"),
        ({"name": "ebv", "status": "negative"}, {"biomarkers": {"ebv": "negative"}}, "met"),
        (_TMB, {"biomarkers": {"tmb_per_mb": 10}}, "met"),
        (_TMB, {"biomarkers": {"tmb_per_mb": 9.9}}, "not_met"),
        ({"name": "tmb", "status": "high"}, {"biomarkers": {"tmb_per_mb": 12}}, "unknown"),
        ({"name": "PIK3CA", "status": "mutated"}, {"biomarkers": {"pik3ca": ["H1047R"]}}, "met"),
        ({"name": "pik3ca", "status": "wild_type"}, {"biomarkers": {"pik3ca": ["H1047R"]}}, "not_met"),
        ({"name": "fap", "status": "positive"}, {"biomarkers": {"cldn18_2": "positive"}}, "unknown"),
    ),
)
