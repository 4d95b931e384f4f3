"""Time since the last dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from her2nav.facts.case import Case
from her2nav.facts.medications import Taken, said
from her2nav.facts.therapies import Course
from her2nav.kinds.base import Gate, Kind, ask, finding
from her2nav.kinds.therapy_match import describe, matching
from her2nav.kinds.treatment_gate import held, lists_of, told_by_drugs
from her2nav.kinds.washout_judge import Params, course_rows, drug_rows, medicines_meant, other_medicines, truth, windows
from her2nav.kinds.washout_together import Together
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import plus_days
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding
from her2nav.model.truth import Truth


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
    sure, maybe = matching(case, course_rows(params, case.alone))
    medicines = medicines_meant(params, case)
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
        closed = f"/complete/{'medications' if other_medicines(params.drugs, case.knowledge) else 'therapies'}"
        courses, _ = matching(case, drug_rows(params, table, knowledge))
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
    rows = drug_rows(params, case.alone.therapies, case.knowledge)
    sure, maybe = matching(case, rows)
    return max((course.end[1] for course in (*sure, *maybe)), default=None)


def _until(params: Params, case: Case, inside: list[Course], taken_now: list[str]) -> date | None:
    """Return the last day on which a dose lies inside its window for certain; None: while treatment goes on."""
    if taken_now or any(course.ongoing is True for course in inside):
        return None
    table = case.alone.therapies
    least = windows(params, table, case.knowledge)[0]
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
    most = windows(params, table, case.knowledge)[1]
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
    together=Together,
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
