"""Results as phrases in two registers, clinical and plain, from one table of words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Literal

from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.schema import Words
from her2nav.matching.evaluate import Verdict
from her2nav.matching.ranking import recruiting_now
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match
from her2nav.model.finding import Change, ChangeBy, Finding
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.trial import Recruitment, TrialRecord
from her2nav.model.truth import Truth
from her2nav.report.days import day as day

Register = Literal["clinical", "plain"]

SYMBOLS = {Truth.MET: "✔", Truth.NOT_MET: "✘", Truth.UNKNOWN: "?"}
VERDICT_SYMBOLS = {Verdict.ELIGIBLE: "✔", Verdict.POSSIBLE: "?", Verdict.INELIGIBLE: "✘"}

_LINE = 150
"""Characters of a reason that stand in a list."""
_HARDEST_FIRST = (
    ChangeBy.NEVER,
    ChangeBy.TREATMENT,
    ChangeBy.PERSON,
    ChangeBy.DOCUMENT,
    ChangeBy.TEST,
    ChangeBy.DATE,
)
"""What would change a criterion, the hardest first."""

_STATUS_WORDS = {
    "RECRUITING": "Recruiting",
    "NOT_YET_RECRUITING": "Not yet recruiting",
    "ENROLLING_BY_INVITATION": "Enrolling by invitation",
    "ACTIVE_NOT_RECRUITING": "Not recruiting",
    "SUSPENDED": "Suspended",
    "TERMINATED": "Terminated",
    "COMPLETED": "Completed",
    "WITHDRAWN": "Withdrawn",
    "UNKNOWN": "Status unknown",
}


def verdict_line(match: Match, words: Words, register: Register) -> str:
    """Say a verdict; never the bare word of the JSON."""
    wording = words.verdict[match.verdict.word]
    template = wording.clinical if register == "clinical" else wording.plain
    if match.verdict is Verdict.ELIGIBLE:
        return _counted(template, len(match.to_confirm))
    if match.verdict is Verdict.POSSIBLE:
        return _counted(template, match.count(Truth.UNKNOWN))
    blocking = blocker(match)
    reason = blocking.criterion.text if register == "clinical" else blocking.finding.plain
    if register == "plain":
        reason = reason[:1].lower() + reason[1:]
    text = template.format(reason=reason.rstrip("."), change="{change}")
    change = change_phrase(blocking.finding.change, match.eligible_from)
    return text.replace("; changes with {change}", f"; {change}")


def misfit_line(match: Match, register: Register) -> str:
    """Say why a trial does not fit and what would change it, for lists whose heading says that they do not fit."""
    blocking = blocker(match)
    if register == "plain":
        return blocking.finding.plain
    others = match.count(Truth.NOT_MET) - 1
    more = f" (and {others} more)" if others else ""
    why = _first_sentence(blocking.finding.reason)
    return f"{why}{more}: {change_phrase(blocking.finding.change, match.eligible_from)}"


def _first_sentence(text: str) -> str:
    """Return the first sentence of a reason, shortened at a word where it is long."""
    sentence = re.split(r"(?<=[a-z0-9)%])\. (?=[A-Z])", text, maxsplit=1)[0].rstrip(".")
    return sentence if len(sentence) <= _LINE else sentence[:_LINE].rsplit(" ", 1)[0] + " …"


def _counted(template: str, n: int) -> str:
    text = template.format(n=n)
    if n == 1:
        for many, one in (("items", "item"), ("questions", "question"), ("things", "thing")):
            text = text.replace(many, one)
    if n == 0:
        text = text.split(";")[0]
    return text


def blocker(match: Match) -> CriterionResult:
    """Return the one criterion to name when a trial does not fit: the one hardest to change."""
    found, least = None, len(_HARDEST_FIRST)
    for item in match.each_with_truth(Truth.NOT_MET):
        change = item.change
        hardness = _HARDEST_FIRST.index(change.by) if change else 0
        if hardness < least:
            found, least = item, hardness
        if not least:
            # Nothing is harder: the others need no explanation.
            break
    assert found is not None
    return found


def change_phrase(change: Change | None, eligible_from: date | None = None) -> str:
    """Say what would change a finding that stands against a trial."""
    if eligible_from is not None:
        return f"nothing stands against it from {day(eligible_from)}"
    if change is None or change.by is ChangeBy.NEVER:
        return "does not change"
    if change.by is ChangeBy.DATE:
        return f"changes on {day(change.date)}" if change.date else f"changes {change.what}"
    return f"may change with {change.what}"


def status_line(match: Match, as_of: date, limit_days: int) -> str:
    """Say the recruitment status, which never stands without its date and age."""
    return record_status_line(match.trial.record, as_of, limit_days)


def record_status_line(record: TrialRecord, as_of: date, limit_days: int) -> str:
    """Say the recruitment status of a record as `status_line` does."""
    age = (as_of - record.status.date).days
    if record.status.value is Recruitment.UNKNOWN:
        # The day of an unknown status is only the day on which nothing was found.
        return f"{_STATUS_WORDS[record.status.value.value]}: check the registry"
    text = f"{_STATUS_WORDS[record.status.value.value]} on {day(record.status.date)}"
    if age > limit_days:
        return f"{text} ({age} days ago: check)"
    return f"{text} ({age} days ago)" if age > 0 else text


def status_current(match: Match, as_of: date, limit_days: int) -> bool:
    """True when the trial is known to recruit and the status is fresh enough to be coloured."""
    return recruiting_now(match, as_of, limit_days) is True


def phase_line(match: Match) -> str:
    """Say the phase."""
    names = {"EARLY_PHASE1": "early phase 1", "NA": "phase not stated"}
    phases = [names.get(item, item.lower().replace("phase", "phase ")) for item in match.trial.record.phase]
    return " / ".join(phases) or "phase not stated"


def read_by_program(unread: int, register: Register) -> str:
    """Say that a tree was made by the reader and how much of the text it did not take in."""
    sentences = f"{unread} sentence" if unread == 1 else f"{unread} sentences"
    if register == "clinical":
        return f"read by the program; {sentences} not read in full"
    if unread == 0:
        return "a program read the rules of this study; no person has checked them"
    return f"a program read the rules of this study; {sentences} it could not read, so a person must"


def open_points(match: Match, register: Register, limit: int = 3) -> list[str]:
    """Return what is open of a trial that may fit, easiest first; beyond the limit open criteria are only counted."""
    points: dict[str, None] = {}
    items = match.open_easiest_first()
    for at, item in enumerate(items):
        # To explain those that are not told takes as long as all the rest of a list.
        if len(points) == limit:
            return [*points, f"and {len(items) - at} more"]
        points[_point(item, register)] = None
    return [*points]


def _point(item: CriterionResult, register: Register) -> str:
    finding = item.finding
    if register == "plain":
        return finding.plain
    return finding.change.what if finding.change else item.criterion.text


def reasons_counted(matches: Sequence[Match]) -> list[tuple[str, int]]:
    """Return why trials do not fit, by the kind of their blocking criterion, the commonest first."""
    counts: Counter[str] = Counter()
    for match in matches:
        counts[kinds()[blocker(match).deciding_kind].name] += 1
    return counts.most_common()


def deciding_kind(node: Node, finding: Finding) -> str:
    """Return the kind of the leaf that decides a finding, the first where several do."""
    match node:
        case Leaf(kind=kind):
            return kind
        case Not(part=part):
            return deciding_kind(part, _negated_back(finding))
        case When(then=then):
            return deciding_kind(then, finding.parts[1] if len(finding.parts) > 1 else finding)
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            for part, inner in zip(parts, finding.parts, strict=False):
                if inner.truth is finding.truth:
                    return deciding_kind(part, inner)
            return deciding_kind(parts[0], finding)


def _negated_back(finding: Finding) -> Finding:
    """The parts of a negated group keep their own truths: give the group its own back."""
    truth = finding.truth.negated()
    return Finding(
        truth,
        finding.code,
        finding.reason,
        finding.plain,
        evidence=finding.evidence,
        unknown_kind=finding.unknown_kind,
        parts=finding.parts,
    )


def closing_lines(words: Words, register: Register, *, lung: bool) -> list[str]:
    """Return the sentences that stand below every answer; with lung risk, the warning comes first."""
    keys = (["lung_warning"] if lung else []) + ["not_only_marker", "do_not_delay"]
    lines = [words.safety_lines[key] for key in keys]
    return [(line.clinical if register == "clinical" else line.plain) + "." for line in lines]


def lung_risk(case: Case, matches: Sequence[Match]) -> bool:
    """True when the patient takes, plans, or is shown a drug with a risk to the lungs."""
    terms = frozenset(case.knowledge.lung_warning.terms)
    ontology = case.knowledge.drugs
    if any(drug.has & terms for course in case.courses if course.ongoing for drug in course.drugs):
        return True
    planned = (
        known for plan in case.patient.planned for drug in plan.drugs for known in ontology.resolve(drug.name).drugs
    )
    # The first that is found settles it: there are thousands of trials.
    offered = (
        drug for match in matches for arm in match.trial.record.arms for drug in arm.drugs if drug in ontology.drugs
    )
    return any(not terms.isdisjoint(ontology.possible_terms_of(drug)) for drug in chain(planned, offered))
