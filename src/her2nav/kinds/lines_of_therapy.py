"""The number of prior lines of therapy."""

from __future__ import annotations

from math import inf
from typing import Annotated, Literal

from pydantic import Field

from her2nav.facts.block import Block, Interval
from her2nav.facts.case import Case
from her2nav.facts.limits import Limit, Number
from her2nav.facts.lines import UNBOUNDED, Line, LineCount, count_lines, doubtful, unlisted
from her2nav.facts.once import once
from her2nav.facts.tri import Tri
from her2nav.kinds.base import Kind, ask, finding
from her2nav.kinds.terms import Drugs, KindParams
from her2nav.knowledge.load import Knowledge
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, from_bounds


class Params(KindParams):
    """P: the count lies between min and max, both included."""

    min: Annotated[int, Field(ge=0, le=30)] | None = None
    max: Annotated[int, Field(ge=0, le=30)] | None = None
    setting: Literal["metastatic", "any"] = "metastatic"
    of: Drugs = ()
    """Only lines with one of these drugs or classes (chemotherapy, anti_her2, endocrine); empty: any systemic."""
    except_of: Drugs = ()
    """Lines made only of these do not count."""
    relapse_window_months: Annotated[int, Field(ge=0, le=60)] | Literal["unstated"] = "unstated"
    """Relapse within so many months of (neo)adjuvant therapy counts as a line; 0: it never does; `unstated`: the text
    is silent, so the count is an interval."""


_REPORTED = {"chemotherapy": "chemotherapy", "anti_her2": "anti_her2", "endocrine": "endocrine"}


def lines(params: Params, case: Case) -> LineCount:
    """Count the patient's lines by the criterion's rules."""
    window = None if params.relapse_window_months == "unstated" else params.relapse_window_months
    return count_lines(
        case.courses,
        rules=case.knowledge.line_rules,
        of=params.of,
        except_of=params.except_of,
        setting=params.setting,
        relapse_window_months=window,
        relapse=case.patient.cancer.relapse_date,
        advanced=case.advanced,
        complete=case.patient.complete.therapies,
        reported=_reported(params, case),
        set_aside=len(case.courses) < len(case.patient.therapies),
        in_doubt=doubtful(case),
        beside=unlisted(case),
        as_of=case.as_of,
        parted=_parted(case),
    )


@once
def _parted(_: Case) -> dict[str, list[Line]]:
    """Return the courses parted into lines, by setting; filled as criteria ask for them."""
    return {}


def _reported(params: Params, case: Case) -> int | None:
    counts = case.patient.lines_reported
    if counts is None or params.except_of or params.setting != "metastatic":
        return None
    if not params.of:
        return counts.metastatic
    return getattr(counts, params.of[0], None) if len(params.of) == 1 and params.of[0] in _REPORTED else None


def limit(params: Params, knowledge: Knowledge | None = None) -> Limit:
    """Return the bounds of the count by the criterion's rules."""

    def derive(case: Case) -> Interval:
        count = lines(params, case)
        return count.low, count.high

    key = ("lines", params.setting, params.of, params.except_of, params.relapse_window_months)
    least = -inf if params.min is None else float(params.min)
    return Limit(Number(key, derive), least, inf if params.max is None else float(params.max))


def truth(params: Params, block: Block) -> Tri:
    """Compare the interval of counts with the bounds."""
    return limit(params).truth(block)


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Give the count, the courses that make it, and what keeps it open."""
    count, wanted = lines(params, case), _wanted(params, case)
    shown = _shown(count)
    evidence = tuple(Evidence(c.path, c.label, c.start[0].isoformat() if c.start[0] else None) for c in count.certain)
    if not evidence:
        path = "/lines_reported" if case.patient.lines_reported and not case.courses else "/complete/therapies"
        evidence = (Evidence(path, "count in the record" if path == "/lines_reported" else "no course that counts"),)
    reason = f"Prior lines: {shown}; wanted {wanted}."
    if count.notes and truth is Truth.UNKNOWN:
        reason += f" Open: {'; '.join(count.notes)}."
    until = None if count.until is None or _within(params, count.low - 1, count.high) is truth else count.until
    if truth is Truth.MET:
        plain = "The number of earlier treatments fits."
        return finding(truth, "lines_in_range", reason, plain, evidence, holds_until=until)
    if truth is Truth.NOT_MET:
        few = params.min is not None and count.high < params.min
        change = Change(ChangeBy.TREATMENT, "a further line of treatment") if few else Change(ChangeBy.NEVER, "lines")
        plain = "The study asks for more earlier treatments." if few else "The study asks for fewer earlier treatments."
        return finding(truth, "lines_out_of_range", reason, plain, evidence, change=change, holds_until=until)
    return finding(
        truth,
        "lines_uncertain",
        reason,
        "Your team needs to count your earlier treatments for this study.",
        evidence,
        change=ask(f"number of prior lines ({wanted})", Effort.RECORD),
    )


def _within(params: Params, low: int, high: int) -> Truth:
    """Compare a count, an interval, with the bounds."""
    least = params.min if params.min is not None else 0
    most = params.max if params.max is not None else UNBOUNDED
    return from_bounds(low >= least and high <= most, high < least or low > most)


def _shown(count: LineCount) -> str:
    if count.low == count.high:
        return str(count.low)
    return f"{count.low} or more" if count.high >= UNBOUNDED else f"{count.low} to {count.high}"


def _wanted(params: Params, case: Case) -> str:
    if params.min is not None and params.max is not None:
        text = str(params.min) if params.min == params.max else f"{params.min} to {params.max}"
    elif params.min is not None:
        text = f"at least {params.min}"
    else:
        text = f"at most {params.max}" if params.max is not None else "any number"
    if params.of:
        text += " of " + " or ".join(case.knowledge.drugs.name(term) for term in params.of)
    if params.except_of:
        text += " other than " + " or ".join(case.knowledge.drugs.name(term) for term in params.except_of)
    return text + (" for metastatic disease" if params.setting == "metastatic" else "")


_THP = {
    "drugs": "THP",
    "setting": "metastatic",
    "start": "2023-01",
    "end": "2023-06",
    "reason_stopped": "planned_switch",
}
_HP = {"drugs": "HP", "setting": "maintenance", "start": "2023-07", "end": "2024-01", "reason_stopped": "progression"}
_TDXD = {"drugs": "T-DXd", "setting": "metastatic", "start": "2024-02", "reason_stopped": "progression"}

KIND = Kind(
    id="lines_of_therapy",
    name="lines of therapy",
    plain_name="number of earlier treatments",
    taxonomy=(16,),
    params=Params,
    truth=truth,
    explain=explain,
    limit=limit,
    question="How many lines of therapy, in which setting, and why did each end?",
    effort=Effort.RECORD,
    examples=(
        ({"max": 0}, {"therapies": [], "complete": {"therapies": True}}, "met"),
        ({"max": 0}, {}, "unknown"),
        ({"min": 2}, {"therapies": [_THP, _HP, _TDXD], "complete": {"therapies": True}}, "met"),
        ({"max": 1}, {"therapies": [_THP, _HP], "complete": {"therapies": True}}, "met"),
        ({"max": 1}, {"therapies": [_THP, _HP, _TDXD], "complete": {"therapies": True}}, "not_met"),
        ({"max": 1}, {"therapies": [_THP, _HP, _TDXD]}, "not_met"),
        ({"max": 2}, {"therapies": [_THP, _HP, _TDXD]}, "unknown"),
        ({"max": 1}, {"lines_reported": {"metastatic": 1}}, "met"),
    ),
)
