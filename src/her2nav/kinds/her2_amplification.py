"""ERBB2 (HER2) gene amplification as a criterion of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.interpret.ngs import matrix_of
from her2nav.interpret.results import SpecimenHer2
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.terms import KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.specimens import Specimen
from her2nav.model.truth import Truth, from_bounds
from her2nav.model.values import OneOrMany

Method = Literal["ish", "ngs_tissue", "ngs_plasma"]

_ANSWER: dict[Method, str] = {"ish": "ish", "ngs_tissue": "ngs", "ngs_plasma": "plasma"}
_NAMES: dict[Method, str] = {"ish": "ISH", "ngs_tissue": "tissue sequencing", "ngs_plasma": "plasma sequencing"}


class Params(KindParams):
    """P: amplification by one of the methods, by the assay's own call or the number given."""

    methods: OneOrMany[Method] = ()
    """Empty: any method."""
    min_copy_number: Decimal | None = None
    min_ratio: Decimal | None = None
    laboratory: Literal["local", "central"] | None = None


def _rows(case: Case, params: Params) -> list[tuple[SpecimenHer2, Method, Truth]]:
    """Return specimens and methods asked for that gave a result, oldest first, and whether each shows amplification."""
    if case.her2 is None:
        return []
    methods: tuple[Method, ...] = params.methods or ("ish", "ngs_tissue", "ngs_plasma")
    found: list[tuple[SpecimenHer2, Method, Truth]] = []
    for row in case.her2.specimens:
        specimen = case.patient.specimens[row.index]
        tested = [method for method in methods if _tested(specimen, method)]
        found += [(row, method, _shows(specimen, row, method, params)) for method in tested]
    found.sort(key=lambda item: item[0].collected.low.toordinal() if item[0].collected else 0)
    return found


def _assayed(case: Case) -> bool:
    """True where the record holds a result of a method that shows amplification."""
    return any(one.ish is not None or one.ngs is not None for one in case.patient.specimens)


def _tested(specimen: Specimen, method: Method) -> bool:
    if method == "ish":
        return specimen.ish is not None
    sequenced = specimen.ngs is not None and (
        specimen.ngs.amplification_call is not None or specimen.ngs.erbb2_copy_number is not None
    )
    return sequenced and (method == "ngs_plasma") == _is_plasma(specimen)


def _is_plasma(specimen: Specimen) -> bool:
    return specimen.kind == "blood" or (specimen.ngs is not None and specimen.ngs.matrix == "plasma")


def _shows(specimen: Specimen, row: SpecimenHer2, method: Method, params: Params) -> Truth:
    if method == "ish" and specimen.ish is not None and specimen.ish.result == "failed":
        return Truth.UNKNOWN
    if method != "ish" and specimen.ngs is not None and specimen.ngs.amplification_call == "failed":
        return Truth.UNKNOWN
    if method == "ngs_tissue" and matrix_of(specimen) != "tissue":
        return Truth.UNKNOWN
    if params.min_ratio is None and params.min_copy_number is None:
        answer = row.extra.get(_ANSWER[method])
        return Truth.UNKNOWN if answer is None else answer.truth_of("amplified")
    numbers: list[tuple[Decimal | None, Decimal | None]] = []
    if method == "ish" and specimen.ish is not None:
        numbers = [
            (specimen.ish.her2_cep17_ratio, params.min_ratio),
            (specimen.ish.her2_copy_number, params.min_copy_number),
        ]
    elif specimen.ngs is not None:
        numbers = [(specimen.ngs.erbb2_copy_number, params.min_copy_number)]
    asked = [(value, limit) for value, limit in numbers if limit is not None]
    if any(value is not None and value >= limit for value, limit in asked):
        return Truth.MET
    if method == "ngs_plasma":
        return Truth.UNKNOWN
    return from_bounds(False, bool(asked) and all(value is not None for value, _ in asked))


def _judge(case: Case, params: Params) -> Truth:
    """Results that agree stand; where they differ, amplification stands only when it is certainly the newest."""
    settled = [(row, truth) for row, _, truth in _rows(case, params) if truth is not Truth.UNKNOWN]
    if not settled:
        return Truth.UNKNOWN
    against = [row for row, truth in settled if truth is Truth.NOT_MET]
    shown = [row for row, truth in settled if truth is Truth.MET]
    newest = any(all(_later(row, other) for other in against) for row in shown)
    answer = Truth.NOT_MET if not shown else Truth.MET if newest else Truth.UNKNOWN
    if answer is Truth.MET and params.laboratory == "central":
        central = any(row.laboratory == "central" and truth is Truth.MET for row, truth in settled)
        return Truth.MET if central else Truth.UNKNOWN
    return answer


def _later(one: SpecimenHer2, other: SpecimenHer2) -> bool:
    if one.collected is None or other.collected is None:
        return False
    return one.collected.low > other.collected.high


def truth(params: Params, block: Block) -> Tri:
    """Judge the results of the methods asked for; no such result is UNKNOWN."""
    return block.truths(("amplification", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name specimen, method and result."""
    rows = _rows(case, params)
    methods: tuple[Method, ...] = params.methods or ("ish", "ngs_tissue", "ngs_plasma")
    wanted = "HER2 (ERBB2) amplification by " + " or ".join(_NAMES[method] for method in methods)
    if params.min_copy_number is not None:
        wanted += f", at least {params.min_copy_number} copies"
    if params.min_ratio is not None:
        wanted += f", ratio at least {params.min_ratio}"
    words = {Truth.MET: "amplified", Truth.NOT_MET: "not amplified", Truth.UNKNOWN: "not settled"}
    shown = "; ".join(f"{row.id or row.path} by {_NAMES[method]}: {words[result]}" for row, method, result in rows)
    evidence = tuple(
        Evidence(row.path, f"{_NAMES[method]}: {words[result]}", str(row.collected) if row.collected else None)
        for row, method, result in rows
    )
    if truth is Truth.MET:
        return finding(
            truth, "amplified", f"{shown}. Wanted: {wanted}.", "Extra HER2 gene copies were found.", evidence
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "not_amplified",
            f"{shown}. Wanted: {wanted}.",
            "No extra HER2 gene copies were found.",
            evidence,
            change=Change(ChangeBy.TEST, "a new specimen or another method", effort=Effort.SPECIAL),
        )
    pending = params.laboratory == "central" and any(result is Truth.MET for *_, result in rows)
    return finding(
        truth,
        "pending_central" if pending else "amplification_open",
        f"{shown or 'No result by such a method is in the record'}. Wanted: {wanted}.",
        "A test for extra HER2 gene copies is needed or has to be confirmed.",
        evidence,
        change=ask(
            "central confirmation of amplification" if pending else wanted,
            Effort.SPECIAL if pending else Effort.ORDINARY,
        ),
        unknown_kind=UnknownKind.PENDING if pending else UnknownKind.DATA,
    )


def _record(**specimen: object) -> dict[str, object]:
    return {"cancer": {"tumour_type": "colorectal"}, "specimens": [{"kind": "resection", **specimen}]}


_AMPLIFIED = {"matrix": "tissue", "amplification_call": "amplified", "erbb2_copy_number": 12}
_RATIO = {"method": "dual_probe", "her2_cep17_ratio": 4, "her2_copy_number": 9, "percent_cells_ratio_ge2": 90}

KIND = Kind(
    id="her2_amplification",
    name="HER2 amplification",
    plain_name="extra HER2 gene copies",
    taxonomy=(3,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(_assayed, lambda _: None),
    question="Is ERBB2 amplified, by which assay?",
    effort=Effort.ORDINARY,
    examples=(
        ({"methods": "ngs_tissue"}, _record(ngs=_AMPLIFIED), "met"),
        ({"methods": "ish"}, _record(ngs=_AMPLIFIED), "unknown"),
        ({}, _record(ngs={**_AMPLIFIED, "amplification_call": "not_amplified", "erbb2_copy_number": 2}), "not_met"),
        ({"methods": "ish"}, _record(ish=_RATIO), "met"),
        ({}, _record(ihc={"score": "3+"}), "unknown"),
        ({}, {}, "unknown"),
        ({"methods": "ngs_tissue", "min_copy_number": 20}, _record(ngs=_AMPLIFIED), "not_met"),
        (
            {"methods": "ngs_plasma"},
            {
                "cancer": {"tumour_type": "colorectal"},
                "specimens": [{"kind": "blood", "ngs": {"matrix": "plasma", "amplification_call": "not_amplified"}}],
            },
            "unknown",
        ),
        # an older amplified sample and a newer one that is not: open
        (
            {"methods": "ngs_tissue"},
            {
                "cancer": {"tumour_type": "colorectal"},
                "specimens": [
                    {"kind": "resection", "collected": "2024", "ngs": _AMPLIFIED},
                    {
                        "kind": "biopsy",
                        "collected": "2025",
                        "ngs": {"matrix": "tissue", "amplification_call": "not_amplified"},
                    },
                ],
            },
            "unknown",
        ),
        (
            {"methods": "ngs_plasma", "min_copy_number": 20},
            {
                "cancer": {"tumour_type": "colorectal"},
                "specimens": [{"kind": "blood", "ngs": {"matrix": "plasma", "erbb2_copy_number": 4}}],
            },
            "unknown",
        ),
        ({"laboratory": "central"}, _record(ngs=_AMPLIFIED), "unknown"),
    ),
)
