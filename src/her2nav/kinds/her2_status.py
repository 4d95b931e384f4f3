"""HER2 status as a criterion defines it, judged on the raw results of one specimen at a time."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from itertools import product
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.lines import doubtful
from her2nav.facts.specimens import Result, result_of
from her2nav.facts.tri import Bits, Tri, constant
from her2nav.interpret.results import SpecimenHer2
from her2nav.interpret.wording import EFFORT, NEXT
from her2nav.kinds.base import NOTHING, Gate, Kind, ask, beyond, finding
from her2nav.kinds.freshness import inside_until, within
from her2nav.kinds.terms import Days, Drugs, KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.truth import Truth, any_of, from_bounds
from her2nav.model.values import OneOrMany


class Definition(KindParams):
    """One sufficient definition; every key given holds of the same specimen."""

    ihc: OneOrMany[Literal["0", "1+", "2+", "3+"]] = ()
    """Any of these IHC scores."""
    ish: Literal["positive", "negative"] | None = None
    status: Literal["positive", "negative", "low", "ultralow", "zero", "expressing", "equivocal"] | None = None
    """A word used without numbers: judged by the rules of the patient's tumour. `negative` holds for IHC 0, ultralow
    and low alike; `expressing` is IHC 1+ or more."""
    amplified: bool | None = None
    """Gene amplification by ISH or tissue sequencing, by the assay's own call."""


class Params(KindParams):
    """P: a specimen that the policy selects satisfies one of the definitions."""

    any_of: Annotated[tuple[Definition, ...], Field(min_length=1)]
    scoring: Literal["breast", "gastric", "colorectal", "endometrial_serous", "lung"] | None = None
    """The scoring system the criterion names; absent: that of the patient's tumour."""
    laboratory: Literal["local", "central"] | None = None
    """`central`: a local result leaves confirmation pending."""
    specimens: Literal["unspecified", "current", "ever", "all"] = "unspecified"
    """`current`: the newest adequate specimen; `ever`: any specimen on record; `all`: every specimen on record;
    `unspecified`: the text does not say; NOT_MET only when no specimen on record satisfies it."""
    site: Literal["primary", "metastasis"] | None = None
    after_drugs: Drugs = ()
    """Only specimens taken after treatment with one of these."""
    max_age_days: Days | None = None


_SUBSCORES = {"0": ("0_no_staining", "0_faint_le10"), "1+": ("1+",), "2+": ("2+",), "3+": ("3+",)}
_EXPRESSION = {"low": ("low",), "ultralow": ("ultralow",), "zero": ("zero", "ultralow", "zero_unspecified")}


@lru_cache(maxsize=16384)
def judge(definitions: tuple[Definition, ...], result: Result) -> Truth:
    """Judge definitions in every world the result leaves open: met in all of them, not met in none.

    Args:
        definitions: Alternatives.
        result: Sets of possible truths of one specimen.
    """
    if any(item.status == "equivocal" for item in definitions):
        return any_of(_single(item, result) for item in definitions)
    axes: dict[str, frozenset[str]] = {}
    for item in definitions:
        for axis in _axes(item):
            axes[axis] = getattr(result, axis)
    names = list(axes)
    holds = [
        any(_holds(item, dict(zip(names, world, strict=True))) for item in definitions)
        for world in product(*(sorted(axes[name]) for name in names))
    ]
    return from_bounds(bool(holds) and all(holds), bool(holds) and not any(holds))


def _single(item: Definition, result: Result) -> Truth:
    if item.status != "equivocal":
        return judge((item,), result)
    settled = len(result.status) == 1
    return from_bounds(result.called == "equivocal", result.called != "equivocal" and settled)


def _axes(item: Definition) -> list[str]:
    axes = []
    if item.ihc or item.status == "expressing":
        axes.append("ihc")
    if item.ish is not None:
        axes.append("ish")
    if item.status in ("positive", "negative"):
        axes.append("status")
    if item.status in _EXPRESSION:
        axes.append("expression")
    if item.amplified is not None:
        axes.append("amplification")
    return axes


def _holds(item: Definition, world: dict[str, str]) -> bool:
    if item.ihc and not any(world["ihc"] in _SUBSCORES[score] for score in item.ihc):
        return False
    if item.ish is not None and world["ish"] != item.ish:
        return False
    if item.status == "expressing" and world["ihc"] in _SUBSCORES["0"]:
        return False
    if item.status in ("positive", "negative") and world["status"] != item.status:
        return False
    if item.status in _EXPRESSION and world["expression"] not in _EXPRESSION[item.status]:
        return False
    return item.amplified is None or (world["amplification"] == "amplified") == item.amplified


def _selected(params: Params, row: SpecimenHer2, case: Case) -> Truth:
    """Whether a specimen is one of those the criterion wants."""
    answers = [within(row.collected, params.max_age_days, case.as_of)]
    if params.site == "primary":
        answers.append(_site(row, {"primary"}, {"metastasis", "lymph_node", "local_recurrence"}))
    elif params.site == "metastasis":
        answers.append(_site(row, {"metastasis"}, {"primary"}))
    if params.after_drugs:
        answers.append(_after(params, row, case))
    return Truth.NOT_MET if Truth.NOT_MET in answers else (Truth.UNKNOWN if Truth.UNKNOWN in answers else Truth.MET)


def _site(row: SpecimenHer2, yes: set[str], no: set[str]) -> Truth:
    return from_bounds(row.site in yes, row.site in no)


def _after(params: Params, row: SpecimenHer2, case: Case) -> Truth:
    """Whether the specimen was taken after treatment with one of the drugs had begun."""
    stated = case.patient.specimens[row.index].after_therapy
    ontology = case.knowledge.drugs
    named = {term for text in stated for drug in ontology.resolve(text).drugs for term in ontology.terms_of(drug)}
    if named & set(params.after_drugs):
        return Truth.MET
    answers = []
    for course in case.courses:
        given = any_of(terms.any_of(params.after_drugs) for terms in course.drugs)
        first, last = course.start
        if given is Truth.NOT_MET:
            continue
        if course.index in doubtful(case):
            given = Truth.UNKNOWN
        if row.collected is None or first is None or last is None:
            answers.append(Truth.UNKNOWN)
            continue
        order = from_bounds(row.collected.low >= last, row.collected.high <= first)
        answers.append(order if given is Truth.MET else (Truth.NOT_MET if order is Truth.NOT_MET else Truth.UNKNOWN))
    if not case.patient.complete.therapies and Truth.MET not in answers:
        answers.append(Truth.UNKNOWN)
    return any_of(answers)


def _rows(params: Params, block: Block) -> tuple[Tri, Tri, Bits]:
    """Return whether each specimen satisfies the definition, whether it is selected, and whether it governs."""
    table = block.specimens
    definition = table.judged(("definition", params.any_of), params.scoring, lambda r: judge(params.any_of, r))
    selected = constant(Truth.MET, table.size)
    if params.site is not None or params.after_drugs or params.max_age_days is not None:
        selected = table.truths(
            ("selected", params.site, params.after_drugs, params.max_age_days),
            lambda row, case: _selected(params, row, case),
        )
    return definition, selected, table.current


def truth(params: Params, block: Block) -> Tri:
    """Judge each tested specimen, then reduce by the specimen policy; no tested specimen is UNKNOWN."""
    definition, selected, current = _rows(params, block)
    filtered = params.site is not None or bool(params.after_drugs) or params.max_age_days is not None
    how = (params.specimens, params.laboratory, filtered)
    if block.size != 1:
        return _reduced(definition, selected, current, block, *how)
    # Many criteria come to the same answers for the few specimens of one patient.
    bits = tuple(column.tobytes() for column in (*definition, *selected))
    return block.specimens.kept((*bits, *how), lambda: _reduced(definition, selected, current, block, *how))


def _reduced(
    definition: Tri,
    selected: Tri,
    current: Bits,
    block: Block,
    specimens: str,
    laboratory: str | None,
    filtered: bool,
) -> Tri:
    """Reduce the truths of specimens to patients by the specimen policy."""
    table = block.specimens
    counted = table.informative | definition.met | (definition.not_met & ~table.informative)
    chosen = ~selected.not_met & counted
    met_rows = definition.met & selected.met
    if specimens == "current" and not filtered:
        chosen, met_rows = chosen & current, met_rows & current
    # Where rivals of one rank stand for the current status, what is asked must hold of each.
    agreed = ~_any(current & ~definition.met, block)
    any_met = _any(met_rows, block)
    if specimens == "current" and not filtered:
        any_met = any_met & agreed
    none_possible = ~_any(chosen & ~definition.not_met, block) & _any(chosen & selected.met, block)
    if specimens == "all":
        every = ~_any(chosen & ~(definition.met & selected.met), block) & any_met
        result = Tri(every, _any(chosen & selected.met & definition.not_met, block))
    elif specimens == "unspecified" and not filtered:
        governing = _any(met_rows & current, block) & agreed
        result = Tri(governing, none_possible)
    else:
        result = Tri(any_met, none_possible)
    if laboratory == "central":
        result = Tri(result.met & _any(met_rows & table.central, block), result.not_met)
    return result


def _any(rows: Bits, block: Block) -> Bits:
    if block.size == 1:
        return np.array([True in rows.tolist()])
    found = np.zeros(block.size, bool)
    found[block.specimens.patient[rows]] = True
    return found


_TOLD = frozenset({"any_of", "scoring", "laboratory", "specimens"})


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    """Return None where not every specimen counts."""
    return None if beyond(params, _TOLD) else NOTHING


def _constellation(case: Case) -> Hashable:
    """Return the results on tissue, whose they are and when they were taken left out."""
    table = case.alone.specimens
    flags = zip(table.informative.tolist(), table.current.tolist(), table.central.tolist(), strict=True)
    return tuple(
        (result_of(row, None), row.scoring, frozenset(row.ihc_by_scoring.items()), *each)
        for row, each in zip(table.rows, flags, strict=True)
    )


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the specimen and the result that decide, or the test that would."""
    block = case.alone
    table = block.specimens
    definition, selected, current = _rows(params, block)
    wanted = "; ".join(_phrase(item) for item in params.any_of) + _policy(params)
    if not table.size:
        return _untested(case, truth, wanted)
    order = sorted(range(table.size), key=lambda i: (definition.at(i) is truth, current[i]), reverse=True)
    telling = [i for i in order if not selected.not_met[i]] or order
    evidence = tuple(_evidence(table.rows[i], case) for i in telling)
    shown = "; ".join(describe(table.rows[i], case) for i in telling)
    reason = f"{shown}. Wanted: {wanted}."
    if truth is Truth.MET:
        sure = [case.patient.specimens[table.rows[i].index].collected for i in telling if definition.at(i) is truth]
        until = inside_until(sure, params.max_age_days)
        return finding(truth, "her2_fits", reason, "Your HER2 result fits.", evidence, holds_until=until)
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "her2_differs",
            f"{reason} No specimen on record satisfies this; a re-review or a new specimen could change it.",
            "The study looks for another HER2 result than the one on record.",
            evidence,
            change=Change(ChangeBy.TEST, "HER2 re-review or a new biopsy", effort=Effort.SPECIAL),
        )
    if params.laboratory == "central" and any(definition.met[i] and selected.met[i] for i in telling):
        return finding(
            truth,
            "pending_central",
            f"{reason} The local result fits; the trial's central laboratory must confirm it.",
            "Your result fits; the study's own laboratory has to confirm it.",
            evidence,
            change=ask("central HER2 confirmation", Effort.SPECIAL),
            unknown_kind=UnknownKind.PENDING,
        )
    if len({definition.at(i) for i in range(table.size) if current[i]}) > 1:
        assert case.her2 is not None
        overall = case.her2.overall
        settle = ask(NEXT[overall.settled_by].clinical, EFFORT[overall.settled_by])
        reason = f"{overall.policy} Wanted: {wanted}."
        return finding(truth, "her2_rivals", reason, overall.plain, evidence, change=settle)
    test, plain = _next_test(table.rows[telling[0]], case)
    return finding(truth, "her2_open", reason, plain, evidence, change=test)


def _untested(case: Case, truth: Truth, wanted: str) -> Finding:
    none = "No HER2 result on tissue is in the record"
    return finding(
        truth,
        "her2_untested",
        f"{none}. Wanted: {wanted}.",
        "Your tumour's HER2 result is needed.",
        change=ask("HER2 test (IHC, with ISH where IHC is 2+)", Effort.ORDINARY),
    )


def _next_test(row: SpecimenHer2, case: Case) -> tuple[Change, str]:
    if not row.ihc_reported:
        return ask("HER2 IHC", Effort.ORDINARY), "A HER2 protein test (IHC) on your tumour is needed."
    if row.next:
        first = row.next[0]
        return ask(first.clinical, first.effort), first.plain
    if "2+" in row.ihc and len(row.ish) > 1:
        return ask("HER2 ISH", Effort.ORDINARY), "One more HER2 test (ISH) on your tumour is needed."
    return ask("clarify the HER2 result", Effort.RECORD), "Your team needs to check your HER2 result."


def describe(row: SpecimenHer2, case: Case) -> str:
    """Say a specimen and its HER2 results in a few words."""
    specimen = case.patient.specimens[row.index]
    parts = []
    if specimen.ihc is not None and specimen.ihc.score:
        scores = specimen.ihc.score
        parts.append("IHC " + (scores[0] if len(scores) == 1 else f"{scores[0]} to {scores[-1]}"))
    elif row.ihc_called:
        parts.append("IHC " + " or ".join(row.ihc_called))
    if specimen.ish is not None:
        parts.append(_ish(row, case))
    if specimen.ngs is not None and specimen.ngs.amplification_call:
        parts.append("NGS " + specimen.ngs.amplification_call.replace("_", " "))
    if specimen.her2_reported and not parts:
        parts.append(f"reported HER2 {specimen.her2_reported}")
    name = row.id or f"specimen {row.index + 1}"
    return f"{name} ({row.collected or 'undated'}): {', '.join(parts) or 'HER2 protein not tested'}"


def _ish(row: SpecimenHer2, case: Case) -> str:
    ish = case.patient.specimens[row.index].ish
    assert ish is not None
    numbers = []
    if ish.her2_cep17_ratio is not None:
        numbers.append(f"ratio {ish.her2_cep17_ratio}")
    if ish.her2_copy_number is not None:
        numbers.append(f"{ish.her2_copy_number} copies")
    word = next(iter(row.ish)) if len(row.ish) == 1 else (ish.result or "not settled")
    return f"ISH {word}" + (f" ({', '.join(numbers)})" if numbers else "")


def _evidence(row: SpecimenHer2, case: Case) -> Evidence:
    text = describe(row, case)
    return Evidence(row.path, text.split(": ", 1)[1], str(row.collected) if row.collected else None)


def _phrase(item: Definition) -> str:
    parts = []
    if item.status is not None:
        parts.append(f"HER2-{item.status}")
    if item.ihc:
        parts.append("IHC " + " or ".join(item.ihc))
    if item.ish is not None:
        parts.append(f"ISH {item.ish}")
    if item.amplified is not None:
        parts.append("amplified" if item.amplified else "not amplified")
    return " with ".join(parts)


def _policy(params: Params) -> str:
    words = {"current": " on the newest specimen", "ever": " on any specimen", "all": " on every specimen"}
    text = words.get(params.specimens, "")
    if params.site is not None:
        text += f" of the {params.site}"
    if params.after_drugs:
        text += " taken after " + " or ".join(drug.replace("_", " ") for drug in params.after_drugs)
    if params.max_age_days is not None:
        text += f", no older than {params.max_age_days} days"
    return text + (", confirmed centrally" if params.laboratory == "central" else "")


def _specimen(score: object, **more: object) -> dict[str, object]:
    return {"kind": "resection", "collected": "2025-01-01", "ihc": {"score": score}, **more}


def _breast(*specimens: dict[str, object]) -> dict[str, object]:
    return {"cancer": {"tumour_type": "breast"}, "specimens": list(specimens)}


_POSITIVE = [{"ihc": "3+"}, {"ihc": "2+", "ish": "positive"}]
_LOW = [{"ihc": "1+"}, {"ihc": "2+", "ish": "negative"}]

KIND = Kind(
    id="her2_status",
    name="HER2 status",
    plain_name="HER2 result",
    taxonomy=(1,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, lambda _: NOTHING, _constellation),
    question="What are IHC score and, where IHC is 2+, ISH?",
    effort=Effort.ORDINARY,
    examples=(
        ({"any_of": _POSITIVE}, _breast(_specimen("3+")), "met"),
        ({"any_of": _POSITIVE}, _breast(_specimen("2+")), "unknown"),
        ({"any_of": _POSITIVE}, _breast(_specimen("2+", ish={"result": "positive"})), "met"),
        ({"any_of": _POSITIVE}, _breast(_specimen("1+")), "not_met"),
        ({"any_of": _POSITIVE}, {}, "unknown"),
        ({"any_of": [{"status": "positive"}]}, _breast(_specimen("2+")), "unknown"),
        ({"any_of": _LOW}, _breast(_specimen("2+")), "unknown"),
        ({"any_of": [{"ihc": ["2+", "3+"]}]}, _breast(_specimen("2+")), "met"),
        ({"any_of": [{"status": "negative"}]}, _breast(_specimen("1+")), "met"),
        ({"any_of": [{"status": "expressing"}]}, _breast(_specimen(["1+", "2+"])), "met"),
        ({"any_of": [{"ihc": "3+"}]}, _breast({"her2_reported": "positive"}), "unknown"),
        ({"any_of": [{"status": "positive"}]}, _breast({"her2_reported": "positive"}), "met"),
        # IHC 2+ of one specimen and ISH positive of another never add up
        (
            {"any_of": [{"ihc": "2+", "ish": "positive"}]},
            _breast(_specimen("2+", ish={"result": "negative"}), _specimen("1+", ish={"result": "positive"})),
            "not_met",
        ),
        # the newest specimen lost HER2: an unspecified criterion cannot say, a documented one can
        ({"any_of": _POSITIVE}, _breast(_specimen("3+"), _specimen("1+", collected="2026-01-01")), "unknown"),
        (
            {"any_of": _POSITIVE, "specimens": "ever"},
            _breast(_specimen("3+"), _specimen("1+", collected="2026-01-01")),
            "met",
        ),
        (
            {"any_of": _POSITIVE, "specimens": "current"},
            _breast(_specimen("3+"), _specimen("1+", collected="2026-01-01")),
            "not_met",
        ),
        ({"any_of": _POSITIVE, "laboratory": "central"}, _breast(_specimen("3+")), "unknown"),
        ({"any_of": _POSITIVE, "site": "metastasis"}, _breast(_specimen("3+", site="primary")), "unknown"),
        # amplification never fills an IHC 3+ gate
        (
            {"any_of": [{"ihc": "3+"}]},
            _breast({"collected": "2025", "ngs": {"matrix": "tissue", "amplification_call": "amplified"}}),
            "unknown",
        ),
    ),
)
