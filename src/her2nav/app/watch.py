"""`watch`: what changed in the registry for one patient since a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from her2nav.app.ports import ReadsTrials
from her2nav.app.registry_diff import Diff, TrialChange, diff
from her2nav.app.session import Session
from her2nav.catalogue.text import text_sha256
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.matching.evaluate import Verdict
from her2nav.matching.results import Match, match_patient
from her2nav.model.registry_trial import RegistryTrial
from her2nav.model.trial import Recruitment
from her2nav.registry.tags import tagger_of

NOTE = (
    "Verdicts rest on the trials whose criteria were curated by hand; of the others only the tumour type and the words"
    " of the record were looked at."
)
NOTE_PLAIN = "A person has read only some of the trials. Of the others we know the kind of cancer, not who can join."
_HER2_WORDS = "her2"


@dataclass(frozen=True, slots=True)
class News:
    """What changed in a trial that fits a patient, or may fit.

    Attributes:
        match: The verdict on the patient's day.
        outdated: The registry's criteria are no longer the text that was curated: the verdict must be checked.
    """

    change: TrialChange
    match: Match
    outdated: bool


@dataclass(frozen=True, slots=True)
class WatchAnswer:
    """What changed for one patient.

    Attributes:
        new_fits: Trials that may fit and are new, back, or recruit now and did not.
        lost: Trials that may fit and that one could enter or wait for before, and cannot now.
        changed: Trials that may fit in which something else changed.
        misfits: How many changed trials do not fit.
        unread: Changed trials whose criteria were not curated, about the patient's tumour and with HER2 words.
        elsewhere: How many other changed trials were not curated.
    """

    case: Case
    diff: Diff
    new_fits: tuple[News, ...]
    lost: tuple[News, ...]
    changed: tuple[News, ...]
    misfits: int
    unread: tuple[TrialChange, ...]
    elsewhere: int
    warnings: tuple[str, ...]

    @property
    def quiet(self) -> bool:
        """True when there is nothing to tell."""
        return not (self.new_fits or self.lost or self.changed or self.unread)


def watch(session: Session, store: ReadsTrials, read: ReadPatient, *, since: str | None = None) -> WatchAnswer:
    """Say what changed for a patient; nothing about the patient is stored or sent.

    Args:
        session: Knowledge, curated trials, clock.
        store: The registry on disk.
        read: The patient.
        since: Name of a snapshot or a day; None: the last but one snapshot.

    Raises:
        InputError: The store is empty or has no such snapshot.
    """
    case = session.case(read)
    found = diff(store, session.knowledge, since=since)
    curated = {match.trial.record.nct_id: match for match in match_patient(case, session.compiled)}
    tagger = tagger_of(session.knowledge)
    wider = session.knowledge.tumours.wider(case.tumour_id) if case.tumour_id else frozenset()
    groups: dict[str, list[News]] = {"new": [], "lost": [], "changed": []}
    unread: list[TrialChange] = []
    misfits = elsewhere = 0
    for change in found.changes:
        match = curated.get(change.nct_id)
        new = store.trial_at(change.nct_id, found.until.id)
        if new is None:
            continue
        if match is None:
            about = wider.intersection(tagger.tumours_of(new)) and _HER2_WORDS in tagger.mentions_of(new)
            if about and _news_for_all(change):
                unread.append(change)
            else:
                elsewhere += 1
            continue
        if match.verdict is Verdict.INELIGIBLE:
            misfits += 1
            continue
        old = store.trial_at(change.nct_id, found.since.id) if found.since else None
        news = News(change, match, _outdated(match, new))
        groups[_group(old, new, change)].append(news)
    return WatchAnswer(
        case,
        found,
        new_fits=tuple(groups["new"]),
        lost=tuple(groups["lost"]),
        changed=tuple(groups["changed"]),
        misfits=misfits,
        unread=tuple(unread),
        elsewhere=elsewhere,
        warnings=read.warnings,
    )


def _group(old: RegistryTrial | None, new: RegistryTrial, change: TrialChange) -> str:
    if "gone" in change.kinds:
        return "lost"
    before, after = old.status if old else None, new.status
    may_now = bool(after is not None and after.may_recruit)
    opens = after is Recruitment.RECRUITING and before is not Recruitment.RECRUITING
    if opens or (may_now and (old is None or "back" in change.kinds)):
        return "new"
    could = bool(before is not None and before.may_recruit)
    return "lost" if could and not may_now else "changed"


def _news_for_all(change: TrialChange) -> bool:
    """A trial whose status changed, or that one may enter now and that is new, back, or has other criteria."""
    status = change.status
    open_now = status is not None and status in Recruitment.__members__ and bool(Recruitment(status).may_recruit)
    told = {"gone", "status"}.intersection(change.kinds)
    return bool(told) or (open_now and bool({"new", "back", "criteria"}.intersection(change.kinds)))


def _outdated(match: Match, trial: RegistryTrial) -> bool:
    curated, text = match.trial.record.text_sha256, trial.eligibility.text
    return curated is not None and text is not None and text_sha256(text) != curated


def watch_json(session: Session, answer: WatchAnswer, *, kept: bool) -> dict[str, Any]:
    """Return the JSON of `watch`."""

    def rows(items: tuple[News, ...]) -> list[dict[str, Any]]:
        return [
            {
                **item.change.as_dict(),
                "verdict": item.match.verdict.word,
                "criteria_from": item.match.trial.criteria_from,
                "criteria_outdated": item.outdated,
            }
            for item in items
        ]

    return {
        "patient": answer.case.patient.id,
        "as_of": answer.case.as_of.isoformat(),
        "since": answer.diff.since.name if answer.diff.since else None,
        "until": answer.diff.until.name,
        "new_fits": rows(answer.new_fits),
        "lost": rows(answer.lost),
        "changed": rows(answer.changed),
        "changed_but_not_fitting": answer.misfits,
        "unread": [item.as_dict() for item in answer.unread],
        "unread_elsewhere": answer.elsewhere,
        "note": NOTE,
        "kept": kept,
        "warnings": list(answer.warnings),
        "versions": {**session.versions(), "snapshot": answer.diff.until.name},
    }
