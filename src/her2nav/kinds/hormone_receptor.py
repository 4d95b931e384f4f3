"""Oestrogen and progesterone receptors."""

from __future__ import annotations

from decimal import Decimal
from math import inf, nextafter
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import UNKNOWN_NUMBER, Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri, compare
from her2nav.kinds.base import Kind, finding
from her2nav.kinds.freshness import dated
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.specimens import Receptor
from her2nav.model.truth import Truth


class Params(KindParams):
    """P: the receptors have this status at this cut-off."""

    receptor: Literal["er", "pr", "er_or_pr", "er_and_pr"] = "er_or_pr"
    status: Literal["positive", "negative"]
    """`negative` with `er_or_pr` means both are negative, and so it does with `er_and_pr`."""
    cutoff_percent: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)
    """Positive from this percentage of cells on."""
    max_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    """Positive up to this percentage (10 with a cut-off of 1: ER-low); negative up to it, in place of the cut-off."""


def _receptor(case: Case, name: str) -> Receptor | None:
    """Return the result, if it is not dated after the patient's day."""
    found: Receptor | None = getattr(case.patient.biomarkers, name)
    return None if found is None or (found.date and found.date.certainly_after(case.as_of)) else found


def percent(case: Case, name: str) -> Interval:
    """Return the least and greatest percentage of stained cells: as counted, or what the word alone allows.

    Where the word and the count contradict each other it is anything from the one to the other.
    """
    found = _receptor(case, name)
    if found is None:
        return UNKNOWN_NUMBER
    said = _said(case, found)
    if found.percent is None:
        return said
    counted = float(found.percent)
    if said == UNKNOWN_NUMBER or said[0] <= counted <= said[1]:
        return counted, counted
    return min(counted, said[0]), max(counted, said[1])


def _said(case: Case, found: Receptor) -> Interval:
    """Return the percentages that the word alone allows."""
    words = case.knowledge.receptor_words
    if found.status == "negative":
        return 0.0, nextafter(float(words.positive_from_percent), -inf)
    if found.status in ("positive", "low"):
        return float(words.positive_from_percent), float(words.low_to_percent) if found.status == "low" else 100.0
    return UNKNOWN_NUMBER


def _one(params: Params, block: Block, name: str) -> Tri:
    numbers = block.numbers(("receptor", name), lambda case: percent(case, name))
    cutoff = float(params.cutoff_percent)
    most = None if params.max_percent is None else float(params.max_percent)
    if params.status == "negative":
        return compare("<", cutoff, *numbers) if most is None else compare("<=", most, *numbers)
    positive = compare(">=", cutoff, *numbers)
    return positive if most is None else positive & compare("<=", most, *numbers)


def truth(params: Params, block: Block) -> Tri:
    """Compare each receptor with the cut-off and join them."""
    if params.receptor in ("er", "pr"):
        return _one(params, block, params.receptor)
    er, pr = _one(params, block, "er"), _one(params, block, "pr")
    return er | pr if params.receptor == "er_or_pr" and params.status == "positive" else er & pr


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give each receptor as recorded, and the cut-off."""
    names = ("er", "pr") if params.receptor in ("er_or_pr", "er_and_pr") else (params.receptor,)
    wanted = _phrase(params)
    evidence = tuple(item for name in names if (item := _evidence(name, case)) is not None)
    listed = ", ".join(f"{name.upper()} {_shown(name, case)}" for name in names)
    if truth is Truth.UNKNOWN:
        block = case.alone
        open_ = [name.upper() for name in names if _one(params, block, name).at(0) is Truth.UNKNOWN]
        return finding(
            truth,
            "receptor_unclear" if evidence else "receptor_missing",
            f"{listed}; wanted {wanted}; open: {', '.join(open_)} (percentage of stained cells).",
            "We need your hormone receptor result, with the percentage, from the tumour report.",
            evidence,
            change=Change(
                ChangeBy.DOCUMENT if evidence else ChangeBy.TEST,
                f"percentage of {' and '.join(open_)} in the pathology report",
                effort=Effort.RECORD if evidence else Effort.ORDINARY,
            ),
        )
    fits = truth is Truth.MET
    return finding(
        truth,
        "receptor_fits" if fits else "receptor_differs",
        f"{listed}; wanted {wanted}.",
        "Your hormone receptor result fits." if fits else "The study asks for another hormone receptor result.",
        evidence,
        change=None if fits else Change(ChangeBy.TEST, "receptors on a new biopsy", effort=Effort.SPECIAL),
    )


def _shown(name: str, case: Case) -> str:
    found = _receptor(case, name)
    if found is None or (found.percent is None and found.status is None):
        return "not in the record"
    parts = [found.status or "", f"{found.percent} %" if found.percent is not None else ""]
    return f"{' '.join(part for part in parts if part)} ({dated(found.date, case.as_of)})"


def _evidence(name: str, case: Case) -> Evidence | None:
    found = _receptor(case, name)
    if found is None or (found.percent is None and found.status is None):
        return None
    value = f"{found.percent} %" if found.percent is not None else str(found.status)
    low, high = percent(case, name)
    if found.percent is not None and low != high:
        value = f"{found.status}, {value}"
    return Evidence(f"/biomarkers/{name}", value, str(found.date) if found.date else None)


def _phrase(params: Params) -> str:
    joiner = "and" if params.receptor == "er_and_pr" or params.status == "negative" else "or"
    names = {"er": "ER", "pr": "PR"}.get(params.receptor, f"ER {joiner} PR")
    if params.status == "negative":
        limit = f"below {params.cutoff_percent} %" if params.max_percent is None else f"at most {params.max_percent} %"
    else:
        limit = f"at least {params.cutoff_percent} %"
        limit += f" and at most {params.max_percent} %" if params.max_percent is not None else ""
    return f"{names} {params.status} ({limit})"


def _record(er: object = None, pr: object = None) -> dict[str, object]:
    return {"biomarkers": {"er": er, "pr": pr}}


_POSITIVE, _NEGATIVE = {"status": "positive"}, {"status": "negative"}
_TEN = {"receptor": "er", "cutoff_percent": 10}
_LOW = {"receptor": "er", "status": "positive", "max_percent": 10}

KIND = Kind(
    id="hormone_receptor",
    name="hormone receptors",
    plain_name="hormone receptors of the tumour",
    taxonomy=(8,),
    params=Params,
    truth=truth,
    explain=explain,
    question="What percentage of cells is ER and PR positive?",
    effort=Effort.RECORD,
    examples=(
        (_POSITIVE, _record(er={"percent": 1}), "met"),
        (_POSITIVE, _record(er={"percent": 0}, pr={"percent": 0}), "not_met"),
        (_POSITIVE, _record(er={"percent": 0}), "unknown"),
        (_POSITIVE, _record(er="negative", pr="positive"), "met"),
        (_POSITIVE, {}, "unknown"),
        ({**_POSITIVE, "receptor": "er_and_pr"}, _record(er="positive", pr="negative"), "not_met"),
        (_NEGATIVE, _record(er="negative", pr="negative"), "met"),
        (_NEGATIVE, _record(er="negative", pr="positive"), "not_met"),
        (_NEGATIVE, _record(er="negative"), "unknown"),
        ({**_NEGATIVE, "receptor": "er_and_pr"}, _record(er="negative", pr="positive"), "not_met"),
        # the word alone stands for the cut-off of 1 %
        ({**_POSITIVE, **_TEN}, _record(er="positive"), "unknown"),
        ({**_POSITIVE, **_TEN}, _record(er={"status": "positive", "percent": 10}), "met"),
        ({**_POSITIVE, **_TEN}, _record(er={"status": "positive", "percent": 9}), "not_met"),
        ({**_NEGATIVE, **_TEN}, _record(er="negative"), "met"),
        ({**_NEGATIVE, **_TEN}, _record(er={"status": "positive", "percent": 5}), "met"),
        # ER-low: 1 to 10 %
        (_LOW, _record(er={"percent": 10}), "met"),
        (_LOW, _record(er={"percent": 11}), "not_met"),
        (_LOW, _record(er="low"), "met"),
        (_LOW, _record(er="positive"), "unknown"),
        ({**_NEGATIVE, "receptor": "er", "max_percent": 10}, _record(er="low"), "met"),
        (_POSITIVE, {"as_of": "2026-01-01", **_record(er={"percent": 90, "date": "2026-02"})}, "unknown"),
    ),
)
