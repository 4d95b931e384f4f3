"""What is said about diseases that were looked for: found, not found, unclear, or not in the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from her2nav.facts.case import Case
from her2nav.facts.conditions import ConditionRow
from her2nav.kinds.base import ask, finding
from her2nav.kinds.blood_pressure import pressure_fine_until
from her2nav.kinds.condition_match import Match, Query, leaves_window, stays_in_window
from her2nav.kinds.freshness import dated, inside_until
from her2nav.model.finding import Change, ChangeBy, Effort, Evidence, Finding, UnknownKind
from her2nav.model.truth import Truth


def asked_for(case: Case, query: Query) -> str:
    """Say what is asked, with window and limits."""
    ontology = case.knowledge.conditions
    text = ", ".join(dict.fromkeys(ontology.name(ontology.find(item) or item) for item in query.wanted))
    limits = [
        "severe" if query.severe_only else None,
        "active" if query.active_only else None,
        f"grade {query.min_grade} or higher" if query.min_grade is not None else None,
        f"within {query.within_days} days" if query.within_days is not None else None,
    ]
    if query.exceptions:
        names = (ontology.name(ontology.find(item) or item) for item in query.exceptions)
        limits.append("not counting " + ", ".join(names))
    shown = ", ".join(limit for limit in limits if limit)
    return f"{text} ({shown})" if shown else text


def plain_asked(case: Case, wanted: Sequence[str], other: str) -> str:
    """Say what is asked in plain words: one or two names, or the kind's own words for more."""
    ontology = case.knowledge.conditions
    names = list(dict.fromkeys(ontology.plain_name(ontology.find(item) or item) for item in wanted))
    return " or ".join(names) if len(names) <= 2 else other


def describe(row: ConditionRow, as_of: date) -> str:
    """Say a row in a few words: name, state, date."""
    grade = f"grade {row.grade}" if row.grade is not None else None
    parts = [part for part in (row.status, grade, "not certain" if not row.certain else None) if part]
    return f"{row.label} ({', '.join([*parts, dated(row.date, as_of)])})"


def evidence_of(rows: Sequence[ConditionRow]) -> tuple[Evidence, ...]:
    """Return the entries that a finding rests on, each once."""
    return tuple(dict.fromkeys(row.evidence for row in rows))


def lists_evidence(lists: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the statements that lists are complete."""
    return tuple(Evidence(f"/complete/{name}", "true") for name in lists)


def _plain_row(case: Case, row: ConditionRow) -> str:
    return case.knowledge.conditions.plain_name(row.id) if row.id is not None else row.label


def tell(
    case: Case,
    query: Query,
    match: Match,
    *,
    code: str,
    plain: str,
    effort: Effort = Effort.RECORD,
    question: str | None = None,
    asked_also: str | None = None,
    change: Change | None = None,
) -> Finding:
    """Make the finding of a search.

    Args:
        case: The patient.
        query: What was asked.
        match: What was found.
        code: First part of the reason codes, for example `cardiac`.
        plain: What is asked, for a patient, where more than two diseases are.
        effort: How hard the missing answer is to get.
        question: What to ask when details are missing.
        asked_also: A condition that the query does not hold.
        change: What would change a disease that is on record, where the query does not tell.
    """
    asked = asked_for(case, query) + (f", {asked_also}" if asked_also else "")
    plain = plain_asked(case, query.wanted, plain)
    if match.truth is Truth.MET:
        return _found(case, query, match, asked, code, change)
    if match.truth is Truth.NOT_MET:
        return _absent(case, match, asked, plain, code)
    return _open(case, match, asked, plain, code, effort, question)


def _found(case: Case, query: Query, match: Match, asked: str, code: str, given: Change | None) -> Finding:
    shown = "; ".join(dict.fromkeys(describe(row, case.as_of) for row in match.sure))
    names = "; ".join(dict.fromkeys(_plain_row(case, row) for row in match.sure))
    change = Change(ChangeBy.TREATMENT, f"{match.sure[0].label}: over or under control", effort=Effort.RECORD)
    courses = case.knowledge.conditions.conditions
    if query.within_days is not None:
        days = [leaves_window(row, query.within_days) for row in match.sure]
        past = all(
            row.status == "resolved" or (row.id is not None and courses[row.id].course in ("event", "lasting"))
            for row in match.sure
        )
        if past and all(day is not None for day in days):
            change = Change(
                ChangeBy.DATE,
                f"{match.sure[0].label}: more than {query.within_days} days ago",
                max(day for day in days if day is not None),
            )
    elif query.history:
        change = Change(ChangeBy.NEVER, f"history of {match.sure[0].label}")
    return finding(
        match.truth,
        f"{code}_present",
        f"On record: {shown}. Asked: {asked}.",
        f"This is on your record: {names}.",
        evidence_of(match.sure),
        change=given or change,
        holds_until=None
        if any(stays_in_window(case, row, query) for row in match.sure)
        else inside_until((row.date for row in match.sure), query.within_days),
    )


def _absent(case: Case, match: Match, asked: str, plain: str, code: str) -> Finding:
    lists = " and ".join(match.lists)
    if match.aside:
        shown = "; ".join(dict.fromkeys(describe(row, case.as_of) for row in match.aside))
        return finding(
            match.truth,
            f"{code}_does_not_count",
            f"On record, but does not count: {shown}; nothing else in complete lists ({lists}). Asked: {asked}.",
            "What is on your record does not count here.",
            (*evidence_of(match.aside), *match.denied, *lists_evidence(match.lists)),
            holds_until=pressure_fine_until(case) if _by_pressure(case, match) else None,
        )
    if match.denied:
        shown = "; ".join(item.value for item in match.denied)
        return finding(
            match.truth,
            f"{code}_ruled_out",
            f"The record says {shown}, which rules it out. Asked: {asked}.",
            f"Your record says {shown}, so this cannot be: {plain}.",
            (*match.denied, *lists_evidence(match.lists)),
        )
    return finding(
        match.truth,
        f"{code}_no_record",
        f"No record of it in complete lists ({lists}). Asked: {asked}.",
        f"There is no record of this: {plain}.",
        lists_evidence(match.lists),
    )


def _by_pressure(case: Case, match: Match) -> bool:
    """True where a disease does not count because of a reading of the blood pressure alone."""
    rows = case.knowledge.conditions.conditions
    return any(
        row.id is not None
        and row.status not in ("controlled", "resolved", "carrier")
        and any(item.state == "blood_pressure" and item.parents[0] == row.id for item in rows.values())
        for row in match.aside
    )


def _open(case: Case, match: Match, asked: str, plain: str, code: str, effort: Effort, question: str | None) -> Finding:
    if match.maybe:
        shown = "; ".join(dict.fromkeys(describe(row, case.as_of) for row in match.maybe))
        return finding(
            match.truth,
            f"{code}_unclear",
            f"May count, details are missing: {shown}. Asked: {asked}.",
            f"Your team needs to check the details: {_plain_row(case, match.maybe[0])}.",
            evidence_of(match.maybe),
            change=ask(question or f"details of {match.maybe[0].label}: {asked}?", effort),
        )
    if match.unknown_names:
        label = match.unknown_names[0].label
        return finding(
            match.truth,
            f"{code}_name_unknown",
            f"'{label}' is not a name the program knows and may be meant. Asked: {asked}.",
            f"Your team needs to check one entry of your record: {label}.",
            evidence_of(match.unknown_names),
            change=ask(f"is '{label}' one of these: {asked}?", Effort.PERSON),
        )
    if match.unknown_wanted and not match.open_lists:
        names = ", ".join(item.replace("_", " ") for item in match.unknown_wanted)
        return finding(
            match.truth,
            f"{code}_not_in_vocabulary",
            f"The program does not know '{names}'; a person compares it with the record.",
            "Your team needs to check this one with you.",
            unknown_kind=UnknownKind.UNREAD,
            change=ask(f"any {names}?", Effort.PERSON),
        )
    return finding(
        match.truth,
        f"{code}_missing",
        f"Not in the record, and the list of {' and '.join(match.open_lists)} is not marked complete. Asked: {asked}.",
        f"We need to know if you have or had this: {plain}.",
        change=ask(question or f"any {asked}?", effort),
    )
