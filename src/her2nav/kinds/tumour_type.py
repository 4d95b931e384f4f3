"""Tumour type and histology."""

from __future__ import annotations

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import NOTHING, Gate, Kind, ask, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: the cancer is one of the types and has one of the histologies, and none of those excepted."""

    types: OneOrMany[str] = ()
    """Ids of `data/tumour_types`; empty: any."""
    except_types: OneOrMany[str] = ()
    histologies: OneOrMany[str] = ()
    """Ids of `vocabularies/histologies.csv`; empty: any."""
    except_histologies: OneOrMany[str] = ()


def truth(params: Params, block: Block) -> Tri:
    """Look type and histology up with everything wider and narrower."""
    result = block.everybody(Truth.MET)
    if params.types:
        result = result & block.terms("tumour", lambda case: case.tumour, params.types)
    if params.except_types:
        result = result & ~block.terms("tumour", lambda case: case.tumour, params.except_types)
    if params.histologies:
        result = result & block.terms("histology", lambda case: case.histology, params.histologies)
    if params.except_histologies:
        result = result & ~block.terms("histology", lambda case: case.histology, params.except_histologies)
    return result


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the recorded tumour and what the trial takes."""
    cancer, tumours, histologies = case.patient.cancer, case.knowledge.tumours, case.knowledge.histologies
    wanted = _wanted(params, case)
    if case.tumour_id is None:
        return finding(
            truth,
            "tumour_missing",
            f"The tumour type is not in the record; the trial takes {wanted}.",
            "We need to know which cancer you have.",
            change=ask("tumour type", Effort.RECORD),
        )
    record = tumours.types[case.tumour_id]
    shown = record.name + (f", {cancer.histology}" if cancer.histology else "")
    evidence: tuple[Evidence, ...] = (Evidence("/cancer/tumour_type", cancer.tumour_type or ""),)
    if cancer.histology and (params.histologies or params.except_histologies):
        evidence += (Evidence("/cancer/histology", cancer.histology),)
    if truth is Truth.MET:
        return finding(
            truth,
            "tumour_fits",
            f"{shown}; the trial takes {wanted}.",
            "The study is for your type of cancer.",
            evidence,
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "other_tumour",
            f"{shown}; the trial takes {wanted}.",
            f"The study is for another cancer: {_wanted(params, case, plain=True)}.",
            evidence,
            change=Change(ChangeBy.NEVER, "tumour type"),
        )
    known = cancer.histology is not None and histologies.find(cancer.histology) is not None
    missing = "exact tumour type" if known or not (params.histologies or params.except_histologies) else "histology"
    return finding(
        truth,
        "tumour_not_exact",
        f"{shown}; the trial takes {wanted}; the {missing} is needed.",
        "Your team needs to check the exact type of your cancer.",
        evidence,
        change=ask(missing, Effort.RECORD),
    )


def _wanted(params: Params, case: Case, *, plain: bool = False) -> str:
    tumours, histologies = case.knowledge.tumours, case.knowledge.histologies

    def tumour(item: str) -> str:
        if item not in tumours.types:
            return item
        return tumours.types[item].plain_name if plain else tumours.types[item].name

    def histology(item: str) -> str:
        if item not in histologies.histologies:
            return item
        return histologies.histologies[item].plain_name if plain else histologies.histologies[item].name

    text = ", ".join(tumour(item) for item in params.types) or "any tumour"
    if params.histologies:
        text += " with histology " + " or ".join(histology(item) for item in params.histologies)
    excepted = [tumour(item) for item in params.except_types] + [histology(item) for item in params.except_histologies]
    return text + (f", not {', '.join(excepted)}" if excepted else "")


KIND = Kind(
    id="tumour_type",
    name="tumour type",
    plain_name="type of cancer",
    taxonomy=(10,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(lambda _, __: NOTHING, lambda _: NOTHING, lambda case: (case.tumour, case.histology)),
    cheap=True,
    question="Which tumour type and histology?",
    effort=Effort.RECORD,
    examples=(
        ({"types": ["gastric", "gej"]}, {"cancer": {"tumour_type": "GEJ"}}, "met"),
        ({"types": ["gastric"]}, {"cancer": {"tumour_type": "GEJ"}}, "not_met"),
        ({"types": ["gastric"]}, {"cancer": {"tumour_type": "gastro_oesophageal"}}, "unknown"),
        ({"types": ["solid_tumour"]}, {"cancer": {"tumour_type": "breast"}}, "met"),
        ({"types": ["breast"]}, {}, "unknown"),
        (
            {"types": ["nsclc"], "except_histologies": ["squamous_cell"]},
            {"cancer": {"tumour_type": "NSCLC"}},
            "unknown",
        ),
        (
            {"types": ["nsclc"], "except_histologies": ["squamous_cell"]},
            {"cancer": {"tumour_type": "NSCLC", "histology": "adenocarcinoma"}},
            "met",
        ),
        ({"types": ["nsclc"], "except_histologies": ["squamous_cell"]}, {"cancer": {"tumour_type": "LUSC"}}, "not_met"),
        ({"types": ["urothelial"]}, {"cancer": {"tumour_type": "bladder cancer"}}, "unknown"),
    ),
)
