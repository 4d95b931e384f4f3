"""Prior treatment with a drug or class, required or excluded by the tree around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import Course
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Bits, Tri, count_at_least
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.course_conditions import (
    CODE_MET,
    CODE_NOT_MET,
    CODE_UNKNOWN,
    Codes,
    CourseConditions,
    Numbers,
    any_code,
    code_of,
)
from her2nav.kinds.terms import TherapyFilter
from her2nav.kinds.therapy_match import conditions, describe, matching, most_recent, phrase, rows
from her2nav.kinds.treatment_gate import held, lists_of
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of


class Params(TherapyFilter):
    """P: at least `min_count` courses before the anchor day match the filter."""

    min_count: Annotated[int, Field(ge=1)] = 1
    most_recent: bool = False
    """Only the most recent course of systemic therapy is looked at."""


def _rows(params: Params, block: Block) -> Tri:
    result = rows(params, block.therapies, _systemic(block))
    return result & _most_recent(block) if params.most_recent else result


def _most_recent(block: Block) -> Tri:
    table, systemic = block.therapies, _systemic(block)
    return table.kept(("most_recent", systemic), lambda: most_recent(table, systemic, block.size))


def _systemic(block: Block) -> str:
    return block.knowledge.line_rules.systemic if block.size else ""


def truth(params: Params, block: Block) -> Tri:
    """Look for courses that match; only a list marked complete can say that there is none.

    The list of courses is not taken at its word where what is found hangs on a course that may not have been given, nor
    where a cancer medicine that is meant stands only among the medications or plans and the list would say that there
    was none.
    """
    table, matching_rows = block.therapies, _rows(params, block)
    found = _count(params.min_count, matching_rows, table)
    if not table.unsettled.any():
        return found
    settled = ~table.unsettled
    if not params.most_recent:
        sure = Tri(matching_rows.met & ~table.doubtful, matching_rows.not_met)
        again = _count(params.min_count, sure, table)
        settled = settled | again.met | (again.not_met & ~_elsewhere(params, block))
    return Tri(found.met & settled, found.not_met & settled)


def _count(least: int, matching_rows: Tri, table: TherapyTable) -> Tri:
    """Count courses: rows of one setting and first day may be one in parts, and maintenance goes on with another."""
    found = count_at_least(least, matching_rows, table.patient, table.closed)
    if least == 1:
        return found
    same = np.concatenate(([False], table.patient[1:] == table.patient[:-1])) if table.size else np.zeros(0, bool)
    goes_on = table.maintenance & same & np.roll(matching_rows.met, 1)
    apart = matching_rows.met & ~goes_on & np.isfinite(table.start_low)
    keys = np.stack([table.patient[apart], table.start_low[apart], table.setting_bits[apart]])
    # Each column once; `np.unique` would load masked arrays, which a short start feels.
    keys = keys[:, np.lexsort(keys)]
    first = np.ones(keys.shape[1], np.bool_)
    first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    owners = keys[0, first].astype(np.intp)
    return Tri(np.bincount(owners, minlength=len(table.closed)) >= least, found.not_met)


def _elsewhere(params: Params, block: Block) -> Bits:
    """Where a drug that may be meant stands outside the list of treatments."""
    wanted, excepted = params.drugs or (_systemic(block),), params.except_drugs

    def judge(drugs: tuple[TermSet, ...]) -> Truth:
        return any_of(
            all_of((terms.any_of(wanted), terms.any_of(excepted).negated() if excepted else Truth.MET))
            for terms in drugs
        )

    return block.therapies.elsewhere(("elsewhere", wanted, excepted), judge)


class _Together:
    """Many criteria on the courses of one patient."""

    def __init__(self, params: Sequence[Params], knowledge: Knowledge) -> None:
        self._params, systemic = params, knowledge.line_rules.systemic
        self._courses = CourseConditions([conditions(one, systemic) for one in params])
        self._recent = np.array([one.most_recent for one in params], np.bool_)
        self._several = np.array([one.min_count > 1 for one in params], np.bool_)

    def of_one(self, places: Numbers, block: Block) -> Codes:
        """Return the codes of the criteria at some places; the same as `truth` says of each."""
        table = block.therapies
        rows_of = self._courses.codes(places, table)
        rows_of[self._recent[places]] |= code_of(_most_recent(block)) if self._recent[places].any() else CODE_MET
        closed = bool(table.closed[0])
        found = any_code(rows_of, closed)
        if table.unsettled[0]:
            again = any_code(rows_of | np.where(table.doubtful, CODE_UNKNOWN, CODE_MET), closed)
            kept = (again == CODE_MET) & ~self._recent[places]
            for at in np.flatnonzero((again == CODE_NOT_MET) & ~self._recent[places]).tolist():
                kept[at] = not _elsewhere(self._params[places[at]], block)[0]
            found = np.where(kept, found, CODE_UNKNOWN)
        for at in np.flatnonzero(self._several[places]).tolist():
            found[at] = code_of(truth(self._params[places[at]], block))[0]
        return found


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str]:
    return frozenset(params.drugs or (knowledge.line_rules.systemic,))


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the courses that match, or say why none is known to."""
    ontology = case.knowledge.drugs
    wanted, plain = phrase(params, ontology), phrase(params, ontology, plain=True)
    sure, maybe = matching(case, _rows(params, case.alone))
    if truth is Truth.UNKNOWN:
        maybe = [*sure, *maybe]
    if truth is Truth.MET:
        evidence = tuple(Evidence(c.path, describe(c), _date(c.end[0])) for c in sure)
        return finding(
            truth,
            "therapy_given",
            f"Given before: {'; '.join(describe(c) for c in sure)}. Asked: {wanted}.",
            f"You have had {plain}.",
            evidence,
            change=_leaves_window(params, [*sure, *maybe], wanted),
            holds_until=_until(params, case, truth),
        )
    if truth is Truth.NOT_MET:
        until = _until(params, case, truth)
        listed = "none of the recorded courses matches" if case.courses else "no record of any"
        return finding(
            truth,
            "therapy_not_given",
            f"No record of {wanted} in a treatment list marked complete ({listed}).",
            f"There is no record that you had {plain}.",
            Evidence("/complete/therapies", "true"),
            change=Change(ChangeBy.TREATMENT, wanted) if until is None else _waits(params, case, until),
            holds_until=until,
        )
    if maybe:
        shown = "; ".join(describe(c) for c in maybe)
        return finding(
            truth,
            "therapy_unclear",
            f"May match, details are missing: {shown}. Asked: {wanted}.",
            f"Your team needs to check the details of earlier treatment ({plain}).",
            tuple(Evidence(c.path, describe(c), _date(c.end[0])) for c in maybe),
            change=ask(f"details of {maybe[0].label}: {wanted}", Effort.RECORD),
        )
    if _elsewhere(params, case.alone)[0]:
        return finding(
            truth,
            "therapy_elsewhere",
            f"No course matches, but a cancer medicine among the medications or plans may. Asked: {wanted}.",
            f"Your team needs to check which cancer medicines you had ({plain}).",
            change=ask(f"list of treatments with every cancer medicine begun ({wanted})", Effort.RECORD),
        )
    return finding(
        truth,
        "therapy_list_open",
        f"No record of {wanted}, but the treatment list is not marked complete.",
        f"We need to know whether you ever had {plain}.",
        change=ask(f"complete list of treatments (any {wanted}?)", Effort.RECORD),
    )


def _leaves_window(params: Params, courses: Sequence[Course], wanted: str) -> Change:
    """Return the first day on which every course that may count ended too long ago, or that nothing changes it."""
    if params.ended_within_days is None:
        return Change(ChangeBy.NEVER, f"given before: {wanted}")
    if any(course.ongoing is not False for course in courses):
        return Change(ChangeBy.TREATMENT, f"the last dose of {', '.join(course.label for course in courses)}")
    free = max(plus_days(course.end[1], params.ended_within_days + 1) for course in courses)
    return Change(ChangeBy.DATE, f"more than {params.ended_within_days} days since the last dose", date=free)


def _waits(params: Params, case: Case, until: date) -> Change:
    """Return the wait after the last dose; the first day may still lie after `until` where dates are partial."""
    days = params.ended_before_days or 0
    later = [plus_days(course.end[1], days) for course in case.courses if course.ongoing is False]
    first = min((day for day in later if day > until), default=None)
    return Change(ChangeBy.DATE, f"{days} days since the last dose", date=first or plus_days(until, 1))


def _until(params: Params, case: Case, truth_now: Truth) -> date | None:
    """Return the last day on which the truth is the same with the same record; None: time does not change it.

    It can change only on a day on which a first or last dose enters or leaves a window; those days are tried in turn.
    """
    windows = [
        (params.started_within_days, 1, "start"),
        (params.ended_within_days, 1, "end"),
        (params.ended_before_days, 0, "end"),
    ]
    days = {
        plus_days(end, window + more)
        for window, more, name in windows
        if window is not None
        for course in case.courses
        for end in getattr(course, name)
        if end is not None
    }
    for day in sorted(day for day in days if day > case.as_of):
        later = Block([Case(case.patient, day, case.knowledge)])
        if truth(params, later).at(0) is not truth_now:
            return plus_days(day, -1)
    return None


def _date(day: object) -> str | None:
    return str(day) if day is not None else None


_TDXD = {"drugs": "trastuzumab deruxtecan", "setting": "metastatic", "start": "2025-01-01", "end": "2025-06-01"}
_THP = {"drugs": ["paclitaxel", "trastuzumab", "pertuzumab"], "setting": "metastatic", "reason_stopped": "completed"}

KIND = Kind(
    id="prior_therapy",
    name="prior therapy",
    plain_name="earlier treatment",
    taxonomy=(17, 18, 19, 24),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, held, lists_of),
    together=_Together,
    question="Which drugs were given, when, and why were they stopped?",
    effort=Effort.RECORD,
    examples=(
        ({"drugs": "trastuzumab_deruxtecan"}, {"therapies": [_TDXD]}, "met"),
        ({"drugs": "topo1_adc"}, {"therapies": [_TDXD]}, "met"),
        ({"drugs": "trastuzumab_emtansine"}, {"therapies": [_TDXD]}, "unknown"),
        ({"drugs": "trastuzumab_emtansine"}, {"therapies": [_TDXD], "complete": {"therapies": True}}, "not_met"),
        ({"drugs": "taxane"}, {"therapies": [], "complete": {"therapies": True}}, "not_met"),
        ({"drugs": "taxane"}, {}, "unknown"),
        ({"drugs": "taxane"}, {"therapies": [{"drugs": "mystery-77"}], "complete": {"therapies": True}}, "unknown"),
        ({"drugs": "taxane"}, {"therapies": [{"drugs": "THP"}]}, "met"),
        # trastuzumab in one course, progression in another: never added up
        (
            {"drugs": "trastuzumab", "outcome": "progression"},
            {
                "therapies": [
                    _THP,
                    {"drugs": "capecitabine", "setting": "metastatic", "reason_stopped": "progression"},
                ],
                "complete": {"therapies": True},
            },
            "unknown",
        ),
        (
            {"drugs": "trastuzumab", "settings": "metastatic"},
            {"therapies": [{"drugs": "trastuzumab", "setting": "adjuvant"}], "complete": {"therapies": True}},
            "not_met",
        ),
        (
            {"drugs": "trastuzumab", "settings": "metastatic"},
            {"therapies": [{"drugs": "trastuzumab"}], "complete": {"therapies": True}},
            "unknown",
        ),
        (
            {"ended_before_days": 365, "drugs": "trastuzumab"},
            {"as_of": "2026-06-01", "therapies": [{"drugs": "trastuzumab", "end": "2025-06-01"}]},
            "met",
        ),
    ),
)
