"""Why a trial stands where it stands: the parts of its rank, each with a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal

from her2nav.facts.case import Case
from her2nav.knowledge.tumours import ROOT
from her2nav.matching.evaluate import Verdict
from her2nav.matching.rank_rules import RankRules
from her2nav.matching.results import Match
from her2nav.matching.topics import topics
from her2nav.model.trial import Recruitment, Trial
from her2nav.model.truth import Truth

Evidence = Literal["here", "elsewhere", "none", "not_known"]
"""What is held of a trial's drugs: a label or guideline in the patient's tumour, in another, none; drugs unknown."""

_EVIDENCE = {
    "here": "a label or guideline holds a drug of the trial in this tumour",
    "elsewhere": "a label or guideline holds a drug of the trial in another tumour",
    "none": "no label or guideline holds a drug of the trial",
    "not_known": "drugs of the trial not known",
}
_TUMOUR = {
    "own": "for this tumour type",
    "wider": "for a wider group of tumours",
    "any": "for solid tumours of any type",
    "open": "tumour type open",
    "not_asked": "names no tumour type",
}
_ASKED = {Truth.MET: "met", Truth.UNKNOWN: "open", Truth.NOT_MET: "open"}
_HER2 = {"met": "selects this HER2 category", "open": "HER2 criterion open", "not_asked": "does not select by HER2"}
_PURPOSE = {
    "supportive": "for supportive care",
    "observational": "observes and treats nobody",
    "other": "neither treatment nor diagnosis",
    "not_stated": "purpose not stated",
}
_LINE = {"met": "setting and line fit", "open": "setting or line open", "not_asked": "setting and line not asked"}


FITS, MAY_FIT = (0.75, 1.0), (0.01, 0.74)
"""Least and greatest score of a trial that fits, and of one that may."""


class Place(IntEnum):
    """The groups in which trials are listed."""

    FITS = 0
    MAY_FIT = 1
    SOON = 2
    """Time alone stands against it, and not for long."""
    LATER = 3
    NOT_TODAY = 4


@dataclass(frozen=True, slots=True)
class RankPart:
    """One part: its name, its value from 0 to 1, and why."""

    name: str
    value: float
    why: str


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a trial stands.

    Attributes:
        place: The group.
        score: 0.75 to 1 where it fits, 0.01 to 0.74 where it may, 0 where it does not.
        parts: What the score is made of; none where a trial does not fit.
        status_age_days: How old the recruitment status is.
    """

    place: Place
    score: float
    parts: tuple[RankPart, ...]
    status_age_days: int


def rank(match: Match, case: Case, rules: RankRules, limit_days: int, evidence: Evidence = "not_known") -> Rank:
    """Return where a trial stands for a patient.

    Args:
        match: The trial.
        case: The patient on their day.
        rules: Weights.
        limit_days: A recruitment status older than that counts as unknown.
        evidence: What is held of its drugs.
    """
    age = (case.as_of - match.trial.record.status.date).days
    place = place_of(match, case.as_of, rules.soon_days)
    if match.verdict is Verdict.INELIGIBLE:
        return Rank(place, 0.0, (), age)
    asked = _topics(match, rules)
    record = match.trial.record
    parts = (
        certainty(match, rules),
        _tumour(match, case, asked.get("tumour"), rules),
        _topic("her2", asked, rules.her2, _HER2, _header(match, "HER2 demand", record.her2)),
        _topic("line", asked, rules.line, _LINE, _header(match, "setting", record.setting)),
        _purpose(match, rules),
        _phase(match, rules),
        RankPart("evidence", rules.evidence[evidence], _EVIDENCE[evidence]),
        _recruiting(match, age, limit_days, rules),
    )
    mean = sum(rules.weights[part.name] * part.value for part in parts)
    least, most = FITS if match.verdict is Verdict.ELIGIBLE else MAY_FIT
    return Rank(place, round(least + (most - least) * mean, 4), parts, age)


def header_only(trial: Trial) -> bool:
    """Return whether of a curated trial nothing but the head is held, the text of its criteria not being at hand."""
    return (
        trial.criteria_from == "curated"
        and trial.record.curation == "partial"
        and all(criterion.section == "registry" for criterion in trial.criteria)
    )


def place_of(match: Match, as_of: date, soon_days: int) -> Place:
    """Return the group in which a trial is listed."""
    if match.verdict is Verdict.ELIGIBLE:
        return Place.FITS
    if match.verdict is Verdict.POSSIBLE:
        return Place.MAY_FIT
    # For a trial that takes nobody no waiting time is worth working out.
    if match.trial.record.status.value.may_recruit is False:
        return Place.NOT_TODAY
    day = match.eligible_from
    if day is None:
        return Place.NOT_TODAY
    return Place.SOON if (day - as_of).days <= soon_days else Place.LATER


def _topics(match: Match, rules: RankRules) -> dict[str, Truth]:
    program = match.judged.program
    return match.codes_of(topics(program, rules.topics)) if program is not None else {}


def certainty(match: Match, rules: RankRules) -> RankPart:
    """Say how sure it is: what is open weighs by how hard it is to get; the routine tests of a screening weigh once.

    What a trial is there for weighs more: a place of disease that has to be there and of which nothing is known.
    """
    if match.verdict is Verdict.ELIGIBLE:
        count = len(match.to_confirm)
        return RankPart("certainty", 1 / (1 + 0.04 * count), f"nothing open; {count} to confirm")
    weight, count = match.burden
    read = f", {match.unread} not read in full" if match.unread else ""
    if match.asks_for(rules.required.kinds):
        weight += rules.required.weight
        read += ", among them a site of disease or a change of a gene that the trial asks for"
    return RankPart("certainty", 1 / (1 + 0.1 * weight), f"{count} open{read}")


def _tumour(match: Match, case: Case, truth: Truth | None, rules: RankRules) -> RankPart:
    wanted = set(match.trial.record.tumours)
    if truth is Truth.MET and not wanted:
        wanted = _named(match, rules)
    if truth is Truth.UNKNOWN or case.tumour_id is None:
        state = "open"
    elif case.tumour_id in wanted:
        state = "own"
    elif wanted & case.tumour.has - {ROOT} or (truth is Truth.MET and not wanted):
        state = "wider"
    elif truth is Truth.MET or wanted:
        state = "any"
    else:
        state = "not_asked"
    return RankPart("tumour", rules.tumour[state], _TUMOUR[state])


def _named(match: Match, rules: RankRules) -> set[str]:
    """Return the tumour types by which criteria are met, of a trial whose head names none."""
    program, codes = match.judged.program, match.judged.codes
    if program is None:
        return set()
    about = topics(program, {"tumour": rules.topics["tumour"]})
    found = (leaf for one in match.references(Truth.MET) for leaf, _ in about.leaves(codes, one) if not leaf & 1)
    return {name for leaf in found for name in getattr(program.leaves[(leaf >> 1) - 1][1], "types", ())}


def _topic(
    name: str, asked: dict[str, Truth], values: dict[str, float], words: dict[str, str], header: str | None
) -> RankPart:
    state = _ASKED[asked[name]] if name in asked else "not_asked"
    if state == "not_asked" and header is not None:
        return RankPart(name, values["header"], header)
    return RankPart(name, values[state], words[state])


def names_header(trial: Trial, categories: Sequence[str]) -> bool:
    """Return whether the head of an entry demands something whose criteria are not at hand."""
    return any(one != "any" for one in categories) and header_only(trial)


def _header(match: Match, what: str, categories: Sequence[str]) -> str | None:
    """Say what the head of an entry demands whose criteria are not at hand; None where it says nothing."""
    if not names_header(match.trial, categories):
        return None
    said = " or ".join(sorted({one.replace("_", " ") for one in categories if one != "any"}))
    return f"{what} as the entry's header gives it ({said}); criteria not read"


def phase_value(phases: Sequence[str], rules: RankRules) -> float:
    """Return what phases count for: of several their mean."""
    values = [rules.phase.get(item, rules.phase["NA"]) for item in phases] or [rules.phase["NA"]]
    return sum(values) / len(values)


def _purpose(match: Match, rules: RankRules) -> RankPart:
    purpose = match.trial.record.purpose
    return RankPart("purpose", rules.purpose[purpose], _PURPOSE.get(purpose, f"for {purpose}"))


def _phase(match: Match, rules: RankRules) -> RankPart:
    phases = match.trial.record.phase
    said = " / ".join(item.lower().replace("phase", "phase ").replace("_", " ") for item in phases if item != "NA")
    return RankPart("phase", phase_value(phases, rules), said or "phase not stated")


def _recruiting(match: Match, age: int, limit_days: int, rules: RankRules) -> RankPart:
    state, words = recruiting_state(match.trial.record.status.value, old=age > limit_days)
    return RankPart("recruiting", rules.recruiting[state], f"{words}, {age} days ago" if age >= 0 else words)


def recruiting_state(status: Recruitment, *, old: bool) -> tuple[str, str]:
    """Return how the rules call a recruitment status, and in words; `old`: too long ago to count."""
    if status.may_recruit is False:
        return "closed", "not recruiting"
    if status.may_recruit is None or old:
        return "not_known", "status too old or not known"
    return _STATES.get(status.value, ("not_known", "status not known"))


_STATES = {
    "RECRUITING": ("now", "recruiting"),
    "NOT_YET_RECRUITING": ("soon", "not yet recruiting"),
    "ENROLLING_BY_INVITATION": ("invited", "by invitation"),
}
