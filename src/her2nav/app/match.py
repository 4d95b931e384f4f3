"""`match`: one patient against the trials, as plain data and as ranked results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from her2nav.app.choice import Choice, TrialSet
from her2nav.app.judged import Judged, judged
from her2nav.app.registry_search import site_json
from her2nav.app.session import Session
from her2nav.app.sites import NOT_LOOKED_UP, Sites
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.matching.evaluate import Verdict
from her2nav.matching.ranking import NextFact, next_facts, ranked, recruiting_now, status_age_days
from her2nav.matching.results import CriterionResult, Match, match_patient
from her2nav.model.errors import InputError
from her2nav.model.finding import Change, Finding
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.truth import Truth

CATALOGUE_ONLY = Choice(TrialSet.CATALOGUE)

MANY_TRIALS = 200
"""Beyond this many trials the JSON holds only criteria that are not met or unknown, without their parts, unless all are
asked for; and the facts worth finding out are those of so many trials that may fit, the best first."""


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """The answer of `match`.

    Attributes:
        case: The patient on their day.
        matches: Every trial judged, ranked.
        facts: What to find out first.
        warnings: Names that were kept but not understood.
        status_limit_days: A status older than that counts as unknown.
        chosen: Which trials these are, and which were left aside.
    """

    case: Case
    matches: tuple[Match, ...]
    facts: tuple[NextFact, ...]
    warnings: tuple[str, ...]
    status_limit_days: int
    chosen: Judged

    def of(self, verdict: Verdict) -> list[Match]:
        """Return the matches with a verdict, in order."""
        return [match for match in self.matches if match.verdict is verdict]

    def find(self, nct_id: str) -> Match:
        """Return one trial.

        Raises:
            InputError: The trial is not among those judged.
        """
        for match in self.matches:
            if match.trial.record.nct_id == nct_id.strip().upper():
                return match
        known = ", ".join(sorted(match.trial.record.nct_id for match in self.matches)[:5])
        where = "among those judged" if self.chosen.kept else "in the catalogue"
        raise InputError(f"trial '{nct_id}' is not {where}", allowed=f"{known}, …", code="unknown_trial")


def match(
    session: Session,
    read: ReadPatient,
    choice: Choice = CATALOGUE_ONLY,
    progress: Callable[[int, int], None] | None = None,
) -> MatchAnswer:
    """Match a patient against the trials chosen; without a choice, against the catalogue.

    Args:
        session: Knowledge, catalogue, store, clock.
        read: The patient.
        choice: Which trials, and whose trees.
        progress: Told how far the reading is, where criteria have to be read first.
    """
    case = session.case(read)
    limit = session.knowledge.words.status_age_limit_days
    chosen = judged(session, case, choice, progress)
    found = [item for compiled in chosen.compiled for item in match_patient(case, compiled)]
    order = ranked(found, case.as_of, limit)
    # What is open in a trial that takes nobody is not worth finding out.
    worth = [
        item
        for item in order
        if item.verdict is Verdict.POSSIBLE and item.trial.record.status.value.may_recruit is not False
    ]
    facts = next_facts(worth[:MANY_TRIALS])
    return MatchAnswer(case, tuple(order), tuple(facts), read.warnings, limit, chosen)


def match_json(session: Session, answer: MatchAnswer, *, top: int | None = None, full: bool = False) -> dict[str, Any]:
    """Return the answer in the form of the `match` command's JSON."""
    shown = answer.matches[:top] if top is not None else answer.matches
    whole = full or len(answer.matches) <= MANY_TRIALS
    sites = Sites(session, answer.case, answer.chosen.kept)
    return {
        "patient": answer.case.patient.id,
        "as_of": answer.case.as_of.isoformat(),
        "matches": [match_to_json(answer, item, sites, whole=whole) for item in shown],
        "left_aside": [{"count": item.count, "reason": item.reason} for item in answer.chosen.aside],
        "most_useful_next_facts": [
            {
                "fact": fact.fact,
                "plain": fact.plain,
                "decides": fact.decides,
                "opens": fact.opens,
                "effort": fact.effort.value,
            }
            for fact in answer.facts
        ],
        "warnings": list(answer.warnings),
        "versions": session.versions(snapshot=answer.chosen.snapshot),
    }


def match_to_json(answer: MatchAnswer, match: Match, sites: Sites, *, whole: bool = True) -> dict[str, Any]:
    """Return one trial's match as plain data.

    Args:
        answer: What it belongs to.
        match: The trial.
        sites: Looks up sites and contacts; not for trials that do not fit, where only the rows that tell are asked for.
        whole: List the criteria that are met as well.
    """
    record = match.trial.record
    as_of, limit_days = answer.case.as_of, answer.status_limit_days
    near = sites.of(match) if whole or match.verdict is not Verdict.INELIGIBLE else NOT_LOOKED_UP
    rows = [item for item in match.criteria if whole or item.truth is not Truth.MET]
    return {
        "nct_id": record.nct_id,
        "title": record.title,
        "verdict": match.verdict.word,
        "score": match.score,
        "status": record.status.value.value,
        "status_date": record.status.date.isoformat(),
        "status_age_days": status_age_days(match, as_of),
        "recruiting": recruiting_now(match, as_of, limit_days),
        "phase": list(record.phase),
        "url": record.url,
        "contacts": near.contacts,
        "criteria_from": match.trial.criteria_from,
        "curation": record.curation,
        "unread": match.unread,
        "notes": [note.clinical for note in answer.chosen.notes.get(record.nct_id, ())],
        "best_arm": match.best_arm,
        "arms": [
            {"id": arm.id, "label": arm.label, "open": arm.open, "verdict": arm.verdict.word} for arm in match.arms
        ],
        "criteria": [criterion_to_json(item, parts=whole) for item in rows],
        "to_confirm": [item.criterion.text for item in match.to_confirm],
        "missing": missing(match.with_truth(Truth.UNKNOWN)),
        "eligible_from": match.eligible_from.isoformat() if match.eligible_from else None,
        "repeat_before": [item.criterion.text for item in match.repeat_before],
        "nearest_site": site_json(near.nearest),
        "nearest_site_reason": near.reason,
    }


def missing(items: Sequence[CriterionResult]) -> list[str]:
    """Return what open criteria wait for, each once."""
    waits = [item.finding.change.what if item.finding.change else item.criterion.text for item in items]
    return list(dict.fromkeys(waits))


def criterion_to_json(item: CriterionResult, *, parts: bool = True) -> dict[str, Any]:
    """Return one criterion with its finding; without the findings of its parts where so asked."""
    criterion = item.criterion
    return {
        "id": criterion.id,
        "kind": node_kind(criterion.node),
        "role": criterion.role.value,
        "scope": list(criterion.scope) or None,
        "section": criterion.section,
        "text": criterion.text,
        "text_origin": criterion.text_origin,
        "span": list(criterion.span) if criterion.span else None,
        **finding_to_json(item.finding, criterion.node, parts=parts),
    }


def finding_to_json(finding: Finding, node: Node, *, parts: bool = True) -> dict[str, Any]:
    """Return a finding and, for a group, the findings of its parts."""
    below: list[dict[str, Any]] = []
    for part, inner in zip(finding.parts, _parts_of(node), strict=False) if parts else ():
        below.append({"kind": node_kind(inner), **finding_to_json(part, inner)})
    return {
        "truth": finding.truth.value,
        "unknown_kind": finding.unknown_kind.value if finding.unknown_kind else None,
        "code": finding.code,
        "reason": finding.reason,
        "plain": finding.plain,
        "evidence": [{"path": e.path, "value": e.value, "date": e.date} for e in finding.evidence],
        "what_would_change_it": change_to_json(finding.change),
        "parts": below,
    }


def change_to_json(change: Change | None) -> dict[str, Any] | None:
    """Return what would change a finding."""
    if change is None:
        return None
    return {
        "by": change.by.value,
        "what": change.what,
        "date": change.date.isoformat() if change.date else None,
        "effort": change.effort.value if change.effort else None,
    }


def node_kind(node: Node) -> str:
    """Return the kind of a leaf, looking through negation; the name of the logic otherwise."""
    match node:
        case Leaf(kind=kind):
            return kind
        case Not(part=part):
            return node_kind(part)
        case AllOf():
            return "all_of"
        case AnyOf():
            return "any_of"
        case AtLeast():
            return "at_least"
        case When(then=then):
            return node_kind(then)


def _parts_of(node: Node) -> tuple[Node, ...]:
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return _parts_of(part)
        case When(when=when, then=then):
            return (when, then)
    return ()
