"""Time since the last dose."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.half_life import joined, longest_half_life
from her2nav.facts.medications import Taken, is_anticancer, is_judged, said, taken, widened, with_classes
from her2nav.facts.terms import TermSet
from her2nav.facts.therapies import Course
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats, Tri, known
from her2nav.facts.tri import exists as any_row
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
from her2nav.kinds.terms import Days, Drugs, KindParams, TherapySettings
from her2nav.kinds.therapy_match import Condition, describe, drug_condition, matching, meets
from her2nav.kinds.treatment_gate import held, lists_of, told_by_drugs
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth, all_of, any_of, from_bounds


class Params(KindParams):
    """P: no dose of these drugs lies within the window before the first study dose.

    The patient's day stands for the first dose. A window of 28 days is kept when the last dose was given 28 days
    before, or earlier. Where the list of treatments is not complete, a later dose may be missing from it.
    """

    drugs: Drugs = ()
    """Any of these drugs or classes; empty: any anticancer therapy."""
    except_drugs: Drugs = ()
    days: Days | None = None
    half_lives: Annotated[Decimal, Field(gt=0)] | None = None
    whichever: Literal["shorter", "longer"] | None = None
    """Which of days and half-lives counts when both are given."""
    anchor: Literal["first_dose", "enrolment", "randomisation", "screening"] = "first_dose"
    settings: TherapySettings = ()


@lru_cache(maxsize=65536)
def _matches(terms: TermSet, drugs: tuple[str, ...], except_drugs: tuple[str, ...], knowledge: Knowledge) -> Truth:
    """Whether a drug is meant; of a sort that drugs do not tell (an investigational agent) each may be."""
    wanted = widened(drugs, knowledge) or (knowledge.line_rules.systemic,)
    answer = with_classes(terms, knowledge).any_of(wanted)
    if answer is Truth.NOT_MET and not all(is_judged(item, knowledge) for item in drugs):
        answer = Truth.UNKNOWN
    if not except_drugs:
        return answer
    return all_of((answer, terms.any_of(except_drugs).negated()))


def _conditions(params: Params, knowledge: Knowledge) -> list[Condition]:
    """Return what makes a course one of the drugs meant."""

    def judge(drugs: tuple[TermSet, ...]) -> Truth:
        return any_of(_matches(terms, params.drugs, params.except_drugs, knowledge) for terms in drugs)

    found = [drug_condition(("washout", params.drugs, params.except_drugs), judge)]
    if params.settings:
        found.append(Condition(("settings", params.settings), lambda table: table.settings(params.settings)))
    return found


def _drug_rows(params: Params, table: TherapyTable, knowledge: Knowledge) -> Tri:
    first, *others = (meets(one, table) for one in _conditions(params, knowledge))
    return first & others[0] if others else first


@lru_cache(maxsize=16384)
def _half_lives(
    written: tuple[DrugNames, ...], drugs: tuple[str, ...], except_drugs: tuple[str, ...], knowledge: Knowledge
) -> tuple[float, float]:
    """Return the least and greatest that the longest half-life of the drugs meant can be, days."""
    return longest_half_life(written, lambda terms: _matches(terms, drugs, except_drugs, knowledge), knowledge)


def _windows(params: Params, table: TherapyTable, knowledge: Knowledge) -> tuple[Floats, Floats]:
    """Return the least and greatest number of days that must lie behind the last dose of each course."""
    if params.half_lives is None:
        return np.full(table.size, float(params.days or 0)), np.full(table.size, float(params.days or 0))

    pairs = [_half_lives(course.written, params.drugs, params.except_drugs, knowledge) for course in table.rows]
    low = np.fromiter((pair[0] for pair in pairs), np.float64, table.size) * float(params.half_lives)
    high = np.fromiter((pair[1] for pair in pairs), np.float64, table.size) * float(params.half_lives)
    return (low, high) if params.days is None else joined(float(params.days), low, high, params.whichever)


def _inside(params: Params, knowledge: Knowledge) -> Condition:
    """The last dose of a course lies inside its window; ongoing therapy always does."""
    days = float(params.days or 0)
    if params.half_lives is None:
        return Condition(("inside", days), lambda table: _within(table, days, days))
    drugs = (params.drugs, params.except_drugs)
    key = ("inside", days, params.days is None, params.half_lives, params.whichever, *drugs)
    return Condition(key, lambda table: _within(table, *_windows(params, table, knowledge)))


def _within(table: TherapyTable, least: Floats | float, most: Floats | float) -> Tri:
    inside = table.ongoing | (table.as_of - table.end_low < least)
    passed = ~table.ongoing & (table.as_of - table.end_high >= most)
    return Tri(inside, passed & ~(table.unclear & (table.end_high >= table.as_of)))


def _medicines(params: Params, case: Case) -> list[tuple[Taken, Truth]]:
    """Return the medicines taken now that are meant or may be.

    An unknown name in the list of medicines is taken for an anticancer drug only where medicines are what is asked.
    """
    judged = tuple(term for term in params.drugs if is_judged(term, case.knowledge))
    if params.drugs and not judged:
        return []
    beside = bool(_other_medicines(params, case))
    found: list[tuple[Taken, Truth]] = []
    for item in taken(case):
        if item.anticancer or not (item.known or beside):
            continue
        answer = any_of(_matches(terms, judged, params.except_drugs, case.knowledge) for terms in item.terms)
        if answer is not Truth.NOT_MET:
            # The list of medicines does not name the setting.
            found.append((item, Truth.UNKNOWN if params.settings else answer))
    return found


def _other_medicines(params: Params, case: Case) -> list[str]:
    """Return the drugs meant that are no anticancer therapy, so that the list of medicines must be looked at."""
    return [term for term in params.drugs if not is_anticancer(term, case.knowledge)]


def _lists_closed(params: Params, case: Case) -> bool:
    complete, others = case.patient.complete, _other_medicines(params, case)
    therapies = complete.therapies or (bool(others) and len(others) == len(params.drugs))
    return therapies and (complete.medications or not others)


def _rows(params: Params, block: Block) -> Tri:
    """Return whether each course has a dose inside its window; of a course that may not have been given, it may."""
    knowledge, table = block.knowledge, block.therapies
    found = _drug_rows(params, table, knowledge) & meets(_inside(params, knowledge), table)
    return Tri(found.met & ~table.doubtful, found.not_met)


def truth(params: Params, block: Block) -> Tri:
    """No course of the drugs meant ends inside its window, and none of the medicines taken now is meant."""
    if not block.size:
        return known(np.zeros(0, bool))
    therapies = any_row(_rows(params, block), block.therapies.patient, np.ones(block.size, bool))
    medicines, closed = _lists(params, block)
    inside = therapies | medicines
    return Tri(inside.not_met & closed.met, inside.met)


def _lists(params: Params, block: Block) -> tuple[Tri, Tri]:
    """Return whether a medicine taken now is meant, and whether the lists that would name one are complete."""
    key = ("washout", "medicines", params.drugs, params.except_drugs, bool(params.settings))
    medicines = block.truths(key, lambda case: any_of(answer for _, answer in _medicines(params, case)))
    closed = ("washout", "closed", params.drugs)
    return medicines, block.truths(closed, lambda case: from_bounds(_lists_closed(params, case), False))


class _Together:
    """Many criteria on the courses and medicines of one patient."""

    def __init__(self, params: Sequence[Params], knowledge: Knowledge) -> None:
        self._courses = CourseConditions([[*_conditions(one, knowledge), _inside(one, knowledge)] for one in params])
        numbers: dict[Hashable, int] = {}
        self._first: list[Params] = []
        lists = []
        for one in params:
            key = (one.drugs, one.except_drugs, bool(one.settings))
            if numbers.setdefault(key, len(self._first)) == len(self._first):
                self._first.append(one)
            lists.append(numbers[key])
        self._lists = np.array(lists, np.intp)

    def of_one(self, places: Numbers, block: Block) -> Codes:
        """Return the codes of the criteria at some places; the same as `truth` says of each."""
        table = block.therapies
        rows = self._courses.codes(places, table) | np.where(table.doubtful, CODE_UNKNOWN, CODE_MET)
        mine = self._lists[places]
        medicines, closed = np.zeros(len(self._first), np.uint8), np.zeros(len(self._first), np.bool_)
        for number in np.flatnonzero(np.bincount(mine, minlength=1)).tolist():
            of_list, complete = _lists(self._first[number], block)
            medicines[number], closed[number] = code_of(of_list)[0], complete.met[0]
        inside = any_code(rows, closed=True) & medicines[mine]
        outside = (inside == CODE_NOT_MET) & closed[mine]
        found = np.where(inside == CODE_MET, CODE_NOT_MET, np.where(outside, CODE_MET, CODE_UNKNOWN))
        return found.astype(np.uint8)


def _asks(params: Params, knowledge: Knowledge) -> frozenset[str] | None:
    return told_by_drugs(params.drugs, knowledge)


def _phrase(params: Params, knowledge: Knowledge, *, plain: bool = False) -> str:
    named = [said(term, knowledge, plain=plain) for term in params.drugs]
    text = " or ".join(named) or ("cancer medicine" if plain else "systemic therapy")
    if params.except_drugs:
        text += " other than " + " or ".join(said(term, knowledge) for term in params.except_drugs)
    return text + (f" ({' or '.join(params.settings)})" if params.settings else "")


def _window_phrase(params: Params) -> str:
    parts = []
    if params.days is not None:
        parts.append(f"{params.days} days")
    if params.half_lives is not None:
        parts.append(f"{params.half_lives} half-lives")
    text = " or ".join(parts)
    if len(parts) == 2:
        text += f", whichever is {params.whichever}" if params.whichever else " (which of them is not said)"
    return text


def explain(params: Params, case: Case, truth: Truth) -> Finding:
    """Name the last doses inside the window and the first day on which all lie outside."""
    table, knowledge = case.alone.therapies, case.knowledge
    wanted, plain, window = _phrase(params, knowledge), _phrase(params, knowledge, plain=True), _window_phrase(params)
    sure, maybe = matching(case, _rows(params, case.alone))
    medicines = _medicines(params, case)
    now = [item.name for item, answer in medicines if answer is Truth.MET]
    asked = f"Wanted: {window} since the last dose of {wanted}" if window else f"Wanted: no {wanted} now"
    shown = "; ".join([*map(describe, (*sure, *maybe)), *(f"{item.name} (taken now)" for item, _ in medicines)])
    evidence = (
        *(Evidence(c.path, describe(c), c.end[1].isoformat()) for c in (*sure, *maybe)),
        *(Evidence(item.path, item.name, str(item.since) if item.since else None) for item, _ in medicines),
    )
    if truth is Truth.MET:
        last = _last_dose(params, case)
        said = f"last dose {last.isoformat()}" if last else "no record of any dose"
        closed = f"/complete/{'medications' if _other_medicines(params, case) else 'therapies'}"
        courses, _ = matching(case, _drug_rows(params, table, knowledge))
        return finding(
            truth,
            "washed_out",
            f"{asked}; {said}.",
            f"Enough time has passed since {plain}." if last else f"There is no record that you had {plain}.",
            (Evidence(closed, "true"), *(Evidence(c.path, describe(c), c.end[1].isoformat()) for c in courses)),
        )
    if truth is Truth.NOT_MET:
        change = _change(params, case, [*sure, *maybe], medicines, window)
        listed = "; ".join([*map(describe, sure), *(f"{name} (taken now)" for name in now)])
        found = finding(
            truth,
            "within_washout",
            f"{asked}; inside it: {listed}.",
            f"Not enough time has passed yet since your last dose of {plain}.",
            evidence,
            change=change,
        )
        return replace(found, holds_until=_until(params, case, sure, now))
    if shown:
        what = f"date of the last dose: {shown}" + (f" ({window} wanted)" if window else "")
        return finding(
            truth,
            "last_dose_unclear",
            f"{asked}; drug, doses, date of the last dose or half-life are not certain: {shown}.",
            f"We need the exact date of your last dose of {plain}.",
            evidence,
            change=ask(what, Effort.RECORD),
        )
    return finding(
        truth,
        "treatments_not_complete",
        f"{asked}; no dose inside it is recorded, but the list is not marked complete.",
        f"We need to know when you last had {plain}.",
        change=ask(f"last dose of {wanted}, or that there was none", Effort.RECORD),
    )


def _last_dose(params: Params, case: Case) -> date | None:
    """Return the latest last dose of the drugs meant."""
    rows = _drug_rows(params, case.alone.therapies, case.knowledge)
    sure, maybe = matching(case, rows)
    return max((course.end[1] for course in (*sure, *maybe)), default=None)


def _until(params: Params, case: Case, inside: list[Course], taken_now: list[str]) -> date | None:
    """Return the last day on which a dose lies inside its window for certain; None: while treatment goes on."""
    if taken_now or any(course.ongoing is True for course in inside):
        return None
    table = case.alone.therapies
    least = _windows(params, table, case.knowledge)[0]
    days = [least[table.rows.index(course)] for course in inside]
    if not np.isfinite(days).all():
        return None
    ends = [(course.end[0], ceil(wait)) for course, wait in zip(inside, days, strict=True)]
    return max((plus_days(end, wait - 1) for end, wait in ends if end is not None), default=None)


def _change(
    params: Params, case: Case, inside: list[Course], medicines: list[tuple[Taken, Truth]], window: str
) -> Change:
    """Return the first day on which every last dose lies outside its window, or the therapy that would have to end."""
    running = [course.label for course in inside if course.ongoing] + [item.name for item, _ in medicines]
    if running:
        then = f", then {window}" if window else ""
        return Change(ChangeBy.TREATMENT, f"the last dose of {', '.join(running)}{then}")
    table = case.alone.therapies
    most = _windows(params, table, case.knowledge)[1]
    days = [most[table.rows.index(course)] for course in inside]
    if not np.isfinite(days).all():
        return ask(f"half-life of {', '.join(course.label for course in inside)}", Effort.RECORD)
    first = max(plus_days(course.end[1], ceil(wait)) for course, wait in zip(inside, days, strict=True))
    return Change(ChangeBy.DATE, f"{window} since the last dose", date=first)


_TDXD = {"drugs": "trastuzumab deruxtecan", "setting": "metastatic", "start": "2025-01-01", "end": "2026-01-01"}
_CAP = {"drugs": "capecitabine", "setting": "metastatic", "start": "2025-06-01", "end": "2026-01-01"}
_UTI = {**_CAP, "drugs": "utidelone"}
_CLOSED = {"complete": {"therapies": True}}


def _on(day: str, *therapies: Mapping[str, Any], closed: bool = True) -> dict[str, Any]:
    return {"as_of": day, "therapies": list(therapies), **(_CLOSED if closed else {})}


KIND = Kind(
    id="washout",
    name="washout",
    plain_name="time since your last treatment",
    taxonomy=(20,),
    params=Params,
    truth=truth,
    explain=explain,
    gate=Gate(_asks, held, lists_of),
    together=_Together,
    question="When was the last dose of each treatment?",
    effort=Effort.RECORD,
    examples=(
        # the last dose 28 days before keeps a window of 28 days, 27 days before does not
        ({"days": 28}, _on("2026-01-29", _CAP), "met"),
        ({"days": 28}, _on("2026-01-28", _CAP), "not_met"),
        ({"days": 28}, _on("2026-01-29", _CAP, closed=False), "unknown"),
        ({"days": 28}, _on("2026-01-28", _CAP, closed=False), "not_met"),
        ({"days": 28}, {}, "unknown"),
        ({"days": 28}, {"therapies": [], **_CLOSED}, "met"),
        ({"days": 28}, _on("2026-01-29", {**_CAP, "end": "2026-01"}), "unknown"),
        ({"days": 28}, _on("2026-02-28", {**_CAP, "end": "2026-01"}), "met"),
        ({"days": 28}, _on("2026-06-01", {"drugs": "capecitabine", "start": "2025-06"}), "unknown"),
        ({}, _on("2026-06-01", {"drugs": "capecitabine", "start": "2025-06", "ongoing": True}), "not_met"),
        # only drugs of the class count, an unknown drug may be one of them
        ({"days": 28, "drugs": "antibody"}, _on("2026-01-10", _CAP), "met"),
        ({"days": 28, "drugs": "antibody"}, _on("2026-01-10", {**_CAP, "drugs": "mystery-77"}), "unknown"),
        # no cycle recorded, a name with a question mark, a start that may still lie ahead: perhaps no dose
        ({"days": 28}, _on("2026-01-28", {**_CAP, "cycles": 0}), "unknown"),
        ({"days": 28}, _on("2026-01-29", {**_CAP, "cycles": 0}), "met"),
        ({"days": 28}, _on("2026-01-28", {**_CAP, "drugs": "capecitabine?"}), "unknown"),
        ({"days": 28, "drugs": "antibody"}, _on("2026-01-28", {**_CAP, "drugs": "capecitabine?"}), "unknown"),
        ({"days": 28}, _on("2026-01-10", {"drugs": "capecitabine", "start": "2026"}), "unknown"),
        # letters with two readings
        ({"days": 28, "drugs": "anti_her2"}, _on("2026-01-10", {**_CAP, "drugs": "TP"}), "unknown"),
        ({"days": 28, "drugs": "anti_her2"}, _on("2026-01-10", {**_CAP, "drugs": "PH"}), "not_met"),
        ({"days": 28, "except_drugs": "capecitabine"}, _on("2026-01-10", _CAP), "met"),
        ({"days": 28, "settings": "adjuvant"}, _on("2026-01-10", _CAP), "met"),
        # a marketed drug may have been given in a study
        ({"days": 28, "drugs": "investigational_agent"}, _on("2026-01-10", _CAP), "unknown"),
        ({"days": 28, "drugs": "investigational_agent"}, _on("2026-02-10", _CAP), "met"),
        # what is planned is no dose
        ({"days": 28}, {"as_of": "2026-01-01", "planned": [{"drugs": "capecitabine"}], **_CLOSED}, "met"),
        # five half-lives of 5.7 days are 28.5 days
        ({"half_lives": 5}, _on("2026-01-29", _TDXD), "not_met"),
        ({"half_lives": 5}, _on("2026-01-30", _TDXD), "met"),
        ({"half_lives": 5, "days": 21, "whichever": "shorter"}, _on("2026-01-22", _TDXD), "met"),
        ({"half_lives": 5, "days": 21, "whichever": "longer"}, _on("2026-01-22", _TDXD), "not_met"),
        ({"half_lives": 5, "days": 21}, _on("2026-01-22", _TDXD), "unknown"),
        # utidelone has no half-life here: the shorter of both is at most 21 days
        ({"half_lives": 5, "days": 21, "whichever": "shorter"}, _on("2026-01-22", _UTI), "met"),
        ({"half_lives": 5, "days": 21, "whichever": "shorter"}, _on("2026-01-21", _UTI), "unknown"),
        ({"half_lives": 5, "days": 21, "whichever": "longer"}, _on("2026-01-21", _UTI), "not_met"),
        # an anticancer tablet in the list of medicines is taken now
        ({"days": 14}, {"medications": ["letrozole"], **_CLOSED}, "not_met"),
        ({"days": 14}, {"medications": ["herbal mixture 9"], **_CLOSED}, "met"),
        ({"half_lives": 5, "drugs": "strong_cyp2c8_inhibitor"}, {"medications": ["gemfibrozil"]}, "not_met"),
        ({"half_lives": 5, "drugs": "strong_cyp2c8_inhibitor"}, {"complete": {"medications": True}}, "met"),
        ({"half_lives": 5, "drugs": "strong_cyp2c8_inhibitor"}, _CLOSED, "unknown"),
    ),
)
