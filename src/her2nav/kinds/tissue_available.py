"""Tumour tissue for testing."""

from __future__ import annotations

from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.freshness import dated, inside_until, within
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.specimens import Specimen
from her2nav.model.truth import Truth, all_of, any_of
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: tissue of one of the sorts is available, or a new biopsy is accepted instead.

    Where a fresh sample is accepted the answer is never "no": a biopsy may still be possible.
    """

    any_of: OneOrMany[Literal["archival", "fresh"]] = ()
    """Empty: any tissue."""
    max_age_days: Days | None = None
    new_biopsy_instead: bool = False


def _usable(specimen: Specimen, params: Params, case: Case) -> Truth:
    """Whether a specimen holds tissue of a sort asked for; smears may do or not."""
    if specimen.kind == "blood" or specimen.tissue_available is False:
        return Truth.NOT_MET
    here = Truth.MET if specimen.tissue_available else Truth.UNKNOWN
    if specimen.kind in ("cytology", None):
        here = all_of((here, Truth.UNKNOWN))
    if params.any_of == ("fresh",) and params.max_age_days is None:
        # What "fresh" means is not said, so an earlier sample may or may not be accepted.
        here = all_of((here, Truth.UNKNOWN))
    return all_of((here, within(specimen.collected, params.max_age_days, case.as_of)))


def _specimens(case: Case) -> list[tuple[int, Specimen]]:
    return [
        (i, item)
        for i, item in enumerate(case.patient.specimens)
        if not (item.collected and item.collected.certainly_after(case.as_of))
    ]


def _biopsy_helps(params: Params) -> bool:
    return params.new_biopsy_instead or "fresh" in params.any_of


def _judge(case: Case, params: Params) -> Truth:
    answer = any_of(_usable(item, params, case) for _, item in _specimens(case))
    if answer is Truth.NOT_MET and (not case.patient.complete.specimens or _biopsy_helps(params)):
        return Truth.UNKNOWN
    return answer


def truth(params: Params, block: Block) -> Tri:
    """Look for a specimen with tissue left; only a complete list can say that there is none."""
    return block.truths(("tissue_available", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the specimens that can be used, or what is open about them."""
    wanted = _phrase(params)
    judged = [(i, item, _usable(item, params, case)) for i, item in _specimens(case)]
    biopsy = Change(ChangeBy.TEST, "a new biopsy", effort=Effort.SPECIAL)
    if truth is Truth.MET:
        hits = [(i, item) for i, item, answer in judged if answer is Truth.MET]
        return finding(
            truth,
            "tissue_available",
            f"Tissue is left of {_list(hits, case)}; wanted {wanted}.",
            "There is tumour tissue that can be tested.",
            tuple(_evidence(i, item) for i, item in hits),
            holds_until=inside_until((item.collected for _, item in hits), params.max_age_days),
        )
    shown = _list([(i, item) for i, item, _ in judged], case)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "no_tissue",
            f"No tissue as asked is left in a list of specimens marked complete ({shown or 'none'}); wanted {wanted}.",
            "There is no tumour tissue left of the kind that the study needs.",
            (Evidence("/complete/specimens", "true"), *(_evidence(i, item) for i, item, _ in judged)),
            change=biopsy,
        )
    open_ = [(i, item) for i, item, answer in judged if answer is Truth.UNKNOWN]
    ask_block = Change(ChangeBy.DOCUMENT, "is a tissue block left, and how old is it?", effort=Effort.RECORD)
    more = f" Recorded: {shown}." if shown else ""
    return finding(
        truth,
        "tissue_unclear" if open_ else "tissue_missing",
        f"Not known whether there is tissue as asked: {wanted}.{more}",
        "Your team needs to check if tumour tissue is left, or if a new biopsy can be done."
        if _biopsy_helps(params)
        else "Your team needs to check if tumour tissue is left from before.",
        tuple(_evidence(i, item) for i, item in open_),
        change=biopsy if not open_ and judged and _biopsy_helps(params) else ask_block,
    )


def _list(items: list[tuple[int, Specimen]], case: Case) -> str:
    return "; ".join(
        f"{item.id or item.kind or f'specimen {i + 1}'} ({dated(item.collected, case.as_of)})" for i, item in items
    )


def _evidence(index: int, item: Specimen) -> Evidence:
    value = {True: "tissue available", False: "no tissue left", None: "tissue not stated"}[item.tissue_available]
    value = "blood sample" if item.kind == "blood" else value
    return Evidence(f"/specimens/{index}", value, str(item.collected) if item.collected else None)


def _phrase(params: Params) -> str:
    text = f"{' or '.join(params.any_of)} tumour tissue" if params.any_of else "tumour tissue"
    if params.max_age_days is not None:
        text += f" no older than {params.max_age_days} days"
    return text + (", or a new biopsy" if params.new_biopsy_instead else "")


_BLOCK = {"id": "b1", "kind": "biopsy", "collected": "2026-01-01", "tissue_available": True}
_USED_UP = {"specimens": [{**_BLOCK, "tissue_available": False}], "complete": {"specimens": True}}
_ARCHIVAL = {"any_of": "archival"}

KIND = Kind(
    id="tissue_available",
    name="tumour tissue",
    plain_name="tumour tissue for tests",
    taxonomy=(9,),
    params=Params,
    truth=truth,
    explain=explain,
    question="Is tumour tissue left, of which date, and is a new biopsy possible?",
    effort=Effort.RECORD,
    examples=(
        (_ARCHIVAL, {"specimens": [_BLOCK]}, "met"),
        (_ARCHIVAL, _USED_UP, "not_met"),
        (_ARCHIVAL, {**_USED_UP, "complete": {}}, "unknown"),
        (_ARCHIVAL, {}, "unknown"),
        (_ARCHIVAL, {"specimens": [{**_BLOCK, "tissue_available": None}]}, "unknown"),
        # a new biopsy may do instead: never "no"
        ({**_ARCHIVAL, "new_biopsy_instead": True}, _USED_UP, "unknown"),
        ({"any_of": ["archival", "fresh"]}, _USED_UP, "unknown"),
        ({"any_of": "fresh"}, {"specimens": [_BLOCK]}, "unknown"),
        # age of the block: the last day counts
        ({"max_age_days": 90}, {"as_of": "2026-04-01", "specimens": [_BLOCK]}, "met"),
        (
            {"max_age_days": 90},
            {"as_of": "2026-04-02", "specimens": [_BLOCK], "complete": {"specimens": True}},
            "not_met",
        ),
        ({"max_age_days": 90}, {"specimens": [{**_BLOCK, "collected": None}]}, "unknown"),
        # blood is no tissue, a smear may not do
        (_ARCHIVAL, {"specimens": [{**_BLOCK, "kind": "blood"}], "complete": {"specimens": True}}, "not_met"),
        (_ARCHIVAL, {"specimens": [{**_BLOCK, "kind": "cytology"}]}, "unknown"),
    ),
)
