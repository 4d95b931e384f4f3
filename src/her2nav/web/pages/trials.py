"""The ranked list of trials: filtered, counted, paged; each with what is met, not met and open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from her2nav.app.derived import Derived
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import Country
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.evaluate import Verdict
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match
from her2nav.model.finding import Change
from her2nav.model.truth import Truth
from her2nav.report.phrases import (
    Register,
    change_phrase,
    open_points,
    phase_line,
    read_by_program,
    reasons_counted,
    status_current,
    status_line,
    verdict_line,
)
from her2nav.report.sections import said_once
from her2nav.web.pages.state import Filters

PER_PAGE = 10
_NEAREST = 5
_MAY = "may change with "
"""How other pages begin this; the heading of the column says it already."""
_FILTERED = ("phase", "country", "her2", "setting")
POINTS: dict[Register, int] = {"clinical": 5, "plain": 3}
"""Open points that a trial of the list shows."""
_TRUTHS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "open"}
_PLAIN_TRUTHS = {Truth.MET: "fits", Truth.NOT_MET: "does not fit", Truth.UNKNOWN: "to find out"}
_PLAIN_COUNTS = {Truth.MET: "that fit", Truth.NOT_MET: "that do not", Truth.UNKNOWN: "to find out"}
"""Behind a count: `points: 5 that fit, 1 that do not, 3 to find out`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list.

    Attributes:
        rows: The trials of this page.
        found: How many pass the filters.
        number: Of this page, from 1.
        pages: How many there are.
        reasons: Where nothing passes, why trials do not fit, with counts.
        nearest: Where nothing passes, the trials that come nearest.
        judged: How many trials were judged.
    """

    rows: tuple[dict[str, Any], ...]
    found: int
    number: int
    pages: int
    reasons: tuple[tuple[str, int], ...]
    nearest: tuple[dict[str, Any], ...]
    judged: int


def listing(derived: Derived, filters: Filters, register: Register) -> Listing:
    """Return a page of the trials that fit or may fit and pass the filters."""
    answer = derived.matched
    fitting = [one for one in answer.matches if one.verdict is not Verdict.INELIGIBLE]
    found = [one for one in fitting if passes(derived, one, filters)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(filters.number, pages)
    rows = tuple(row(derived, one, register) for one in found[(number - 1) * PER_PAGE : number * PER_PAGE])
    reasons: tuple[tuple[str, int], ...] = ()
    nearest: tuple[dict[str, Any], ...] = ()
    if not found:
        against = [one for one in answer.matches if one.verdict is Verdict.INELIGIBLE]
        reasons = tuple(reasons_counted(against)[:8])
        nearest = tuple(row(derived, one, register) for one in against[:_NEAREST])
    return Listing(rows, len(found), number, pages, reasons, nearest, len(answer.matches))


def passes(derived: Derived, match: Match, filters: Filters) -> bool:
    """Return whether a trial passes; what a record does not say passes."""
    record = match.trial.record
    recruits = record.status.value.may_recruit
    if (recruits is False and filters.recruiting != "all") or (recruits is None and filters.recruiting == "now"):
        return False
    if filters.phase and record.phase and filters.phase not in record.phase:
        return False
    if filters.country and record.countries and filters.country not in record.countries:
        return False
    if filters.her2 and record.her2 and not {filters.her2, "any"} & set(record.her2):
        return False
    if filters.setting and record.setting and not {filters.setting, "any"} & set(record.setting):
        return False
    if filters.text:
        drugs = " ".join(derived.knowledge.drugs.name(drug) for arm in record.arms for drug in arm.drugs)
        words = f"{record.nct_id} {record.acronym or ''} {record.title} {drugs}".casefold()
        if not all(word in words for word in filters.text.casefold().split()):
            return False
    if filters.kilometres is not None:
        near = derived.sites.of(match).nearest
        return near is None or near.kilometres <= filters.kilometres
    return True


def row(derived: Derived, match: Match, register: Register) -> dict[str, Any]:
    """Return what the list shows of a trial."""
    answer, record = derived.matched, match.trial.record
    near = derived.sites.of(match)
    limit = answer.status_limit_days
    return {
        "nct_id": record.nct_id,
        "title": record.title,
        "url": record.url,
        "verdict": verdict_line(match, derived.knowledge.words, register),
        "word": match.verdict.word,
        "status": status_line(match, derived.case.as_of, limit),
        "current": status_current(match, derived.case.as_of, limit),
        "phase": _sentence(phase_line(match)),
        "counts": [(name, match.count(truth)) for truth, name in _counted(register).items() if match.count(truth)],
        # Several open criteria may say the same to a patient.
        "open": said_once(open_points(match, register, POINTS[register])),
        "read": read_by_program(match.unread, register) if match.trial.criteria_from == "read" else "",
        "near": f"{near.nearest.site.label}, {near.nearest.kilometres:,.0f} km" if near.nearest else "",
        "contacts": near.contacts[:2],
        "notes": [note.plain if register == "plain" else note.clinical for note in answer.notes(match)],
        "from": match.eligible_from,
    }


def details(match: Match, register: Register) -> list[dict[str, Any]]:
    """Return every criterion of a trial: its words, whether it is met, why, on what, and what would change it."""
    return [_criterion(item, register) for item in sorted(match.criteria, key=_order)]


def _order(item: CriterionResult) -> int:
    return (Truth.NOT_MET, Truth.UNKNOWN, Truth.MET).index(item.truth)


def _criterion(item: CriterionResult, register: Register) -> dict[str, Any]:
    finding = item.finding
    return {
        "id": item.criterion.id,
        "section": item.criterion.section,
        "role": item.criterion.role.value,
        "text": item.criterion.text,
        "truth": item.truth.name.lower().replace("_", "-"),
        "word": _names(register)[item.truth],
        "reason": finding.plain if register == "plain" else finding.reason,
        "evidence": [{"path": one.path, "value": one.value, "date": one.date} for one in finding.evidence],
        "change": _change(finding.change) if item.truth is not Truth.MET else "",
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _change(change: Change | None) -> str:
    """Return what would change a finding, for a column that is headed so."""
    return _sentence(change_phrase(change).removeprefix(_MAY))


def _counted(register: Register) -> dict[Truth, str]:
    return _PLAIN_COUNTS if register == "plain" else _TRUTHS


def _names(register: Register) -> dict[Truth, str]:
    return _PLAIN_TRUTHS if register == "plain" else _TRUTHS


def choices(chosen: Sequence[CompiledTrials], knowledge: Knowledge) -> dict[str, list[tuple[str, str]]]:
    """Return what there is to filter trials by, each with its label and count, by label."""
    of_each = [_choices(compiled) for compiled in chosen]
    countries = _countries(knowledge)
    found: dict[str, list[tuple[str, str]]] = {}
    for name in _FILTERED:
        counted = sum((one[name] for one in of_each), Counter[str]())
        # A trial for any HER2 passes whatever is chosen: it is no choice.
        labels = [(one, countries.get(one) or _spaced(one)) for one in counted if one != "any"]
        found[name] = [(one, f"{label} ({counted[one]})") for one, label in sorted(labels, key=lambda item: item[1])]
    return found


@lru_cache(maxsize=4)
def _countries(knowledge: Knowledge) -> dict[str, str]:
    return {one.code: one.name for one in knowledge.table("vocabularies/countries.csv", Country)}


def _spaced(code: str) -> str:
    """Return a code in words.

    >>> _spaced("EARLY_PHASE1"), _spaced("locally_advanced")
    ('early phase 1', 'locally advanced')
    """
    return re.sub(r"(?<=[a-z])(?=\d)", " ", code.replace("_", " ").lower())


@lru_cache(maxsize=8)
def _choices(compiled: CompiledTrials) -> dict[str, Counter[str]]:
    """Return the same of trials that are asked for again and again, whoever the patient is."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in _FILTERED}
    for item in compiled.trials:
        record = item.trial.record
        counted["phase"].update(record.phase)
        counted["country"].update(record.countries)
        counted["her2"].update(record.her2)
        counted["setting"].update(record.setting)
    return counted
