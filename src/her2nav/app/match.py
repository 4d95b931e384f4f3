"""`match`: one patient against the trials, as plain data and as ranked results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from her2nav.app.choice import Choice, TreeNote, TrialSet
from her2nav.app.header_notes import header_note
from her2nav.app.judged import Judged, judged
from her2nav.app.next_facts import fact_json, find_out, set_json
from her2nav.app.session import Session
from her2nav.app.sites import NOT_LOOKED_UP, Sites
from her2nav.app.treatment_labels import HeldDrugs, held_drugs
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.matching.evaluate import Verdict
from her2nav.matching.next_facts import NextFact, NextFacts
from her2nav.matching.rank_parts import Evidence, Place, Rank
from her2nav.matching.ranking import recruiting_now, status_age_days
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match, match_patient
from her2nav.matching.standing import Standing
from her2nav.model.errors import InputError
from her2nav.model.finding import Change, Finding
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Node, Not, When
from her2nav.model.truth import Truth

if TYPE_CHECKING:
    from her2nav.app.what_if import WhatIf
    from her2nav.knowledge.conflicts import Conflict

CATALOGUE_ONLY = Choice(TrialSet.CATALOGUE)

MANY_TRIALS = 200
"""Beyond this many trials the JSON holds only criteria that are not met or unknown, without their parts, unless all are
asked for."""


@dataclass(frozen=True)
class MatchAnswer:
    """The answer of `match`.

    Attributes:
        session: What it was made with.
        case: The patient on their day.
        matches: Every trial judged, ranked.
        standing: Where each trial stands, and why.
        warnings: Names that were kept but not understood.
        status_limit_days: A status older than that counts as unknown.
        chosen: Which trials these are, and which were left aside.
    """

    session: Session
    case: Case
    matches: tuple[Match, ...]
    standing: Standing
    warnings: tuple[str, ...]
    status_limit_days: int
    chosen: Judged

    @cached_property
    def next_facts(self) -> NextFacts:
        """What to find out next; worked out when first read."""
        return find_out(self.case, self.matches)

    @cached_property
    def doors(self) -> tuple[WhatIf, ...]:
        """What each planned treatment would close, pause and open; worked out when first read."""
        if not self.case.patient.planned:
            return ()
        from her2nav.app.what_if import planned_doors

        return tuple(planned_doors(self.case, self.chosen.compiled, self.matches))

    @property
    def facts(self) -> tuple[NextFact, ...]:
        """What to find out first."""
        return self.next_facts.facts

    def notes(self, match: Match) -> tuple[TreeNote, ...]:
        """Return what to know of a trial's tree: whether its text changed, and what its header names without one."""
        header = header_note(match.trial)
        return (*self.chosen.notes.get(match.trial.record.nct_id, ()), *((header,) if header is not None else ()))

    def rank(self, match: Match) -> Rank:
        """Return where a trial stands."""
        return self.standing.rank(match)

    def place(self, match: Match) -> Place:
        """Return the group in which a trial is listed, without the parts of its rank."""
        return self.standing.place(match)

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
    case: Case | None = None,
) -> MatchAnswer:
    """Match a patient against the trials chosen; without a choice, against the catalogue.

    Args:
        session: Knowledge, catalogue, store, clock.
        read: The patient.
        choice: Which trials, and whose trees.
        progress: Told how far the reading is, where criteria have to be read first.
        case: The same patient on their day, where something was derived of them already.
    """
    case = case or session.case(read)
    limit = session.knowledge.words.status_age_limit_days
    chosen = judged(session, case, choice, progress)
    standing = Standing(case, limit, _Evidence(case, chosen))
    order = standing.ordered([(compiled, match_patient(case, compiled)) for compiled in chosen.compiled])
    return MatchAnswer(session, case, tuple(order), standing, (*read.warnings, *chosen.warnings), limit, chosen)


class _Evidence:
    """Tells what is held of a trial's drugs; labels are looked up when it is first asked."""

    def __init__(self, case: Case, chosen: Judged) -> None:
        self._case, self.drugs_of, self.drug_sets = case, chosen.drugs_of, chosen.drug_sets

    @cached_property
    def _held(self) -> HeldDrugs:
        return held_drugs(self._case)

    def of(self, drugs: frozenset[str]) -> Evidence:
        """Return what is held of drugs."""
        return self._held.evidence(drugs)


def match_json(
    session: Session,
    answer: MatchAnswer,
    *,
    top: int | None = None,
    full: bool = False,
    supposed: Sequence[WhatIf] = (),
) -> dict[str, Any]:
    """Return the answer in the form of the `match` command's JSON, with what was supposed beside it."""
    from her2nav.app.conflict_item import conflict
    from her2nav.app.what_if import what_if_json

    shown = answer.matches[:top] if top is not None else answer.matches
    whole = full or len(answer.matches) <= MANY_TRIALS
    sites = Sites(session, answer.case, answer.chosen.kept)
    return {
        "patient": answer.case.patient.id,
        "as_of": answer.case.as_of.isoformat(),
        "matches": [match_to_json(answer, item, sites, whole=whole) for item in shown],
        "left_aside": [{"count": item.count, "reason": item.reason} for item in answer.chosen.aside],
        "most_useful_next_facts": [fact_json(fact) for fact in answer.facts],
        "smallest_sets": [set_json(one) for one in answer.next_facts.sets],
        "doors": [what_if_json(one) for one in answer.doors],
        "what_if": [what_if_json(one) for one in supposed],
        "conflicts": [conflict(one).model_dump(mode="json") for one in disputed(answer, shown)],
        "warnings": list(answer.warnings),
        "versions": session.versions(snapshot=answer.chosen.snapshot),
    }


def disputed(answer: MatchAnswer, shown: Iterable[Match]) -> tuple[Conflict, ...]:
    """Return where the sources disagree on what is shown of the trials that are not ruled out, the gravest first."""
    from her2nav.app.disputed import disputed_trials

    open_ = [item for item in shown if item.verdict is not Verdict.INELIGIBLE]
    return disputed_trials(answer.case, open_, answer.status_limit_days)


def match_to_json(answer: MatchAnswer, match: Match, sites: Sites, *, whole: bool = True) -> dict[str, Any]:
    """Return one trial's match as plain data.

    Args:
        answer: What it belongs to.
        match: The trial.
        sites: Looks up sites and contacts; not for trials that do not fit, where only the rows that tell are asked for.
        whole: List the criteria that are met as well.
    """
    from her2nav.app.registry_search import site_json

    record, placed = match.trial.record, answer.rank(match)
    as_of, limit_days = answer.case.as_of, answer.status_limit_days
    near = sites.of(match) if whole or match.verdict is not Verdict.INELIGIBLE else NOT_LOOKED_UP
    rows = [item for item in match.criteria if whole or item.truth is not Truth.MET]
    return {
        "nct_id": record.nct_id,
        "title": record.title,
        "verdict": match.verdict.word,
        "score": placed.score,
        "place": placed.place.name.lower(),
        "rank": [{"part": one.name, "value": round(one.value, 2), "why": one.why} for one in placed.parts],
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
        "notes": [note.clinical for note in answer.notes(match)],
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
