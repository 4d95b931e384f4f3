"""Time since the last dose: which courses and medicines a criterion means, and how each is judged."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.half_life import joined, longest_half_life
from her2nav.facts.medications import Taken, is_anticancer, is_judged, taken, widened, with_classes
from her2nav.facts.terms import TermSet
from her2nav.facts.therapy_table import TherapyTable
from her2nav.facts.tri import Floats, Tri, known
from her2nav.facts.tri import exists as any_row
from her2nav.kinds.terms import Days, Drugs, KindParams, TherapySettings
from her2nav.kinds.therapy_match import Condition, drug_condition, meets
from her2nav.knowledge.drugs import DrugNames
from her2nav.knowledge.load import Knowledge
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


def conditions(params: Params, knowledge: Knowledge) -> list[Condition]:
    """Return what makes a course one of the drugs meant."""

    def judge(drugs: tuple[TermSet, ...]) -> Truth:
        return any_of(_matches(terms, params.drugs, params.except_drugs, knowledge) for terms in drugs)

    found = [drug_condition(("washout", params.drugs, params.except_drugs), judge)]
    if params.settings:
        found.append(Condition(("settings", params.settings), lambda table: table.settings(params.settings)))
    return found


def drug_rows(params: Params, table: TherapyTable, knowledge: Knowledge) -> Tri:
    """Return whether each course is one of the drugs meant."""
    first, *others = (meets(one, table) for one in conditions(params, knowledge))
    return first & others[0] if others else first


@lru_cache(maxsize=16384)
def _half_lives(
    written: tuple[DrugNames, ...], drugs: tuple[str, ...], except_drugs: tuple[str, ...], knowledge: Knowledge
) -> tuple[float, float]:
    """Return the least and greatest that the longest half-life of the drugs meant can be, days."""
    return longest_half_life(written, lambda terms: _matches(terms, drugs, except_drugs, knowledge), knowledge)


def windows(params: Params, table: TherapyTable, knowledge: Knowledge) -> tuple[Floats, Floats]:
    """Return the least and greatest number of days that must lie behind the last dose of each course."""
    pairs = [window(params, course.written, knowledge) for course in table.rows]
    return np.array([low for low, _ in pairs], np.float64), np.array([high for _, high in pairs], np.float64)


def window(params: Params, written: tuple[DrugNames, ...], knowledge: Knowledge) -> tuple[float, float]:
    """Return the same for a course of drugs that are written so."""
    days = None if params.days is None else float(params.days)
    if params.half_lives is None:
        return days or 0.0, days or 0.0
    low, high = _half_lives(written, params.drugs, params.except_drugs, knowledge)
    low, high = low * float(params.half_lives), high * float(params.half_lives)
    return (low, high) if days is None else joined(days, low, high, params.whichever)


def _inside(params: Params, knowledge: Knowledge) -> Condition:
    """The last dose of a course lies inside its window; ongoing therapy always does."""
    days = float(params.days or 0)
    if params.half_lives is None:
        return Condition(("inside", days), lambda table: within(table, days, days))
    return Condition(("inside", *wait(params)), lambda table: within(table, *windows(params, table, knowledge)))


def wait(params: Params) -> tuple[Hashable, ...]:
    """Return what the window of a course rests on beside the course."""
    if params.half_lives is None:
        return (params.days or 0,)
    return params.days, params.half_lives, params.whichever, params.drugs, params.except_drugs


def within(table: TherapyTable, least: Floats | float, most: Floats | float) -> Tri:
    """Return whether the last dose of each course lies inside a window of so many days."""
    inside = table.ongoing | (table.as_of - table.end_low < least)
    passed = ~table.ongoing & (table.as_of - table.end_high >= most)
    return Tri(inside, passed & ~(table.unclear & (table.end_high >= table.as_of)))


def medicines_meant(params: Params, case: Case) -> list[tuple[Taken, Truth]]:
    """Return the medicines taken now that are meant or may be.

    An unknown name in the list of medicines is taken for an anticancer drug only where medicines are what is asked.
    """
    items = [item for item in taken(case) if not item.anticancer]
    judged = tuple(term for term in params.drugs if is_judged(term, case.knowledge)) if items else ()
    if not items or (params.drugs and not judged):
        return []
    beside = bool(other_medicines(params.drugs, case.knowledge))
    found: list[tuple[Taken, Truth]] = []
    for item in items:
        if not (item.known or beside):
            continue
        answer = any_of(_matches(terms, judged, params.except_drugs, case.knowledge) for terms in item.terms)
        if answer is not Truth.NOT_MET:
            # The list of medicines does not name the setting.
            found.append((item, Truth.UNKNOWN if params.settings else answer))
    return found


@lru_cache(maxsize=4096)
def other_medicines(drugs: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the drugs meant that are no anticancer therapy, so that the list of medicines must be looked at."""
    return tuple(term for term in drugs if not is_anticancer(term, knowledge))


def lists_closed(params: Params, case: Case) -> bool:
    """Return whether the lists that would name one of the drugs are complete."""
    complete, others = case.patient.complete, other_medicines(params.drugs, case.knowledge)
    therapies = complete.therapies or (bool(others) and len(others) == len(params.drugs))
    return therapies and (complete.medications or not others)


def course_rows(params: Params, block: Block) -> Tri:
    """Return whether each course has a dose inside its window; of a course that may not have been given, it may."""
    knowledge, table = block.knowledge, block.therapies
    found = drug_rows(params, table, knowledge) & meets(_inside(params, knowledge), table)
    return Tri(found.met & ~table.doubtful, found.not_met)


def truth(params: Params, block: Block) -> Tri:
    """No course of the drugs meant ends inside its window, and none of the medicines taken now is meant."""
    if not block.size:
        return known(np.zeros(0, bool))
    therapies = any_row(course_rows(params, block), block.therapies.patient, np.ones(block.size, bool))
    key = lists(params)
    inside = therapies | block.truths(("washout", "medicines", *key), lambda case: taken_now(params, case))
    closed = block.truths(("washout", "closed", *key), lambda case: from_bounds(lists_closed(params, case), False)).met
    return Tri(inside.not_met & closed, inside.met)


def taken_now(params: Params, case: Case) -> Truth:
    """Return whether one of the medicines taken now is meant."""
    return any_of(answer for _, answer in medicines_meant(params, case))


def lists(params: Params) -> tuple[Hashable, ...]:
    """Return what the medicines taken now and the lists are looked through for."""
    return params.drugs, params.except_drugs, bool(params.settings)
