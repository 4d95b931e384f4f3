"""QT interval."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, entries_gate, finding
from her2nav.kinds.freshness import dated, fresh_until, within
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, from_bounds

Limit = Annotated[Decimal, Field(gt=200, lt=900)]


class Params(KindParams):
    """P: the corrected QT interval keeps the limit, in milliseconds."""

    op: Literal["<=", "<"] = "<="
    max_ms: Limit | None = None
    max_ms_male: Limit | None = None
    """Instead of `max_ms` in men."""
    max_ms_female: Limit | None = None
    formula: Literal["fridericia", "bazett", "any"] = "fridericia"
    """`any`: the criterion names none; where both values are recorded they must agree."""
    within_days: Days | None = None


_FIELDS = {"fridericia": ("qtcf_ms",), "bazett": ("qtcb_ms",), "any": ("qtcf_ms", "qtcb_ms")}
_NAMES = {"qtcf_ms": "QTcF", "qtcb_ms": "QTcB"}
_ASKED = {"fridericia": "QTcF", "bazett": "QTcB", "any": "QTc"}


def _values(case: Case, fields: tuple[str, ...]) -> dict[str, Decimal]:
    cardiac = case.patient.cardiac
    if cardiac.ecg_date is not None and cardiac.ecg_date.certainly_after(case.as_of):
        return {}
    return {name: value for name in fields if (value := getattr(cardiac, name)) is not None}


def _limits(case: Case, params: Params) -> list[Decimal | None]:
    """Return the limits that may hold for the patient: one, or both where the sex is not known."""
    by_sex = {"male": params.max_ms_male, "female": params.max_ms_female}
    sex = case.patient.demographics.sex
    sexes = [sex] if sex is not None else ["male", "female"]
    return [by_sex[item] if by_sex[item] is not None else params.max_ms for item in sexes]


def _judge(case: Case, params: Params) -> Truth:
    values = _values(case, _FIELDS[params.formula])
    bounds = _limits(case, params)
    limits = [bound for bound in bounds if bound is not None]
    if not values or len(limits) < len(bounds):
        return Truth.UNKNOWN
    if within(case.patient.cardiac.ecg_date, params.within_days, case.as_of) is not Truth.MET:
        return Truth.UNKNOWN
    kept = [value <= bound if params.op == "<=" else value < bound for value in values.values() for bound in limits]
    return from_bounds(all(kept), not any(kept))


def truth(params: Params, block: Block) -> Tri:
    """Compare the interval by the formula asked for; the other formula gives another number and does not answer."""
    return block.truths(("qtc", params), lambda case: _judge(case, params))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the interval, its formula and date, and the limit that holds for the patient."""
    cardiac, sex = case.patient.cardiac, case.patient.demographics.sex
    wanted = _wanted(params)
    test = ask(f"ECG with {wanted}", Effort.ROUTINE)
    values = _values(case, _FIELDS[params.formula])
    other = _values(case, tuple(_NAMES))
    when = dated(cardiac.ecg_date, case.as_of)
    shown = " and ".join(f"{_NAMES[name]} {value} ms" for name, value in (values or other).items()) + f" ({when})"
    day = str(cardiac.ecg_date) if cardiac.ecg_date else None
    evidence = [Evidence(f"/cardiac/{name}", f"{value} ms", day) for name, value in (values or other).items()]
    if params.max_ms_male != params.max_ms_female and sex is not None:
        evidence.append(Evidence("/demographics/sex", sex))
    items = tuple(evidence)
    if not other:
        return finding(
            truth,
            "qtc_missing",
            f"No ECG in the record; wanted {wanted}.",
            "You need a heart tracing (ECG).",
            change=test,
        )
    if truth is Truth.MET:
        return finding(
            truth,
            "qtc_in_range",
            f"{shown}; wanted {wanted}.",
            "Your heart tracing (ECG) fits.",
            items,
            holds_until=fresh_until(cardiac.ecg_date, params.within_days),
        )
    if truth is Truth.NOT_MET:
        return finding(
            truth,
            "qtc_too_long",
            f"{shown}; wanted {wanted}.",
            "One part of your heart tracing (ECG) is longer than the study asks for.",
            items,
            change=Change(ChangeBy.TEST, f"a new ECG ({wanted})", effort=Effort.ROUTINE),
            holds_until=fresh_until(cardiac.ecg_date, params.within_days),
        )
    code, why, change = "qtc_uncertain", "the recorded values do not agree", test
    if not values:
        code, why = "qtc_other_formula", "it is corrected by another formula"
    elif within(cardiac.ecg_date, params.within_days, case.as_of) is not Truth.MET:
        code, why = "qtc_stale", "too old or undated for the trial"
    elif None in _limits(case, params):
        code, why = "qtc_no_limit", "no limit is stated for the patient"
        change = Change(ChangeBy.PERSON, "limit of QTc for the patient", effort=Effort.PERSON)
    elif sex is None and len(set(_limits(case, params))) > 1:
        code, why, change = "qtc_sex_missing", "the limit depends on the sex", ask("sex", Effort.ASK)
    return finding(
        truth,
        code,
        f"{shown}; wanted {wanted}; {why}.",
        "Your heart tracing (ECG) needs to be checked or done again.",
        items,
        change=change,
    )


def _wanted(params: Params) -> str:
    parts = [f"{params.max_ms} ms"] if params.max_ms is not None else []
    for name, bound in (("men", params.max_ms_male), ("women", params.max_ms_female)):
        if bound is not None:
            parts.append(f"{bound} ms in {name}")
    text = f"{_ASKED[params.formula]} {params.op} {', '.join(parts) or 'a limit that is not stated'}"
    return text + (f" within {params.within_days} days" if params.within_days is not None else "")


_SEXES = {"max_ms_male": 450, "max_ms_female": 470}

KIND = Kind(
    id="qtc",
    name="QTc",
    plain_name="heart tracing (ECG)",
    taxonomy=(30,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=entries_gate(lambda case: _values(case, tuple(_NAMES)), lambda _: None),
    question="What is the QTc on the latest ECG, by which formula, and when?",
    effort=Effort.ROUTINE,
    examples=(
        ({"max_ms": 470}, {"cardiac": {"qtcf_ms": 470}}, "met"),
        ({"max_ms": 470, "op": "<"}, {"cardiac": {"qtcf_ms": 470}}, "not_met"),
        ({"max_ms": 470}, {"cardiac": {"qtcf_ms": 471}}, "not_met"),
        ({"max_ms": 470}, {}, "unknown"),
        ({"max_ms": 470}, {"complete": {"conditions": True}}, "unknown"),
        ({"max_ms": 470}, {"cardiac": {"qtcb_ms": 430}}, "unknown"),
        ({"max_ms": 470, "formula": "bazett"}, {"cardiac": {"qtcf_ms": 430}}, "unknown"),
        ({"max_ms": 470, "formula": "any"}, {"cardiac": {"qtcb_ms": 430}}, "met"),
        ({"max_ms": 470, "formula": "any"}, {"cardiac": {"qtcb_ms": 480, "qtcf_ms": 460}}, "unknown"),
        (_SEXES, {"cardiac": {"qtcf_ms": 460}, "demographics": {"sex": "female"}}, "met"),
        (_SEXES, {"cardiac": {"qtcf_ms": 460}, "demographics": {"sex": "male"}}, "not_met"),
        (_SEXES, {"cardiac": {"qtcf_ms": 460}}, "unknown"),
        (_SEXES, {"cardiac": {"qtcf_ms": 450}}, "met"),
        (_SEXES, {"cardiac": {"qtcf_ms": 471}}, "not_met"),
        ({"max_ms_female": 470}, {"cardiac": {"qtcf_ms": 430}, "demographics": {"sex": "male"}}, "unknown"),
        (
            {"max_ms": 470, "within_days": 28},
            {"as_of": "2026-01-29", "cardiac": {"qtcf_ms": 430, "ecg_date": "2026-01-01"}},
            "met",
        ),
        (
            {"max_ms": 470, "within_days": 28},
            {"as_of": "2026-01-30", "cardiac": {"qtcf_ms": 430, "ecg_date": "2026-01-01"}},
            "unknown",
        ),
        ({"max_ms": 470, "within_days": 28}, {"cardiac": {"qtcf_ms": 430}}, "unknown"),
        ({"max_ms": 470}, {"as_of": "2026-01-29", "cardiac": {"qtcf_ms": 430, "ecg_date": "2026-03"}}, "unknown"),
    ),
)
