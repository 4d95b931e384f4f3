"""Any pair of a screening explained later, from its run file and the patients' source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from her2nav.app.cohort_source import RawRecord, raw_records
from her2nav.app.cohort_trials import Asked, cohort_trials
from her2nav.app.match import criterion_to_json, missing
from her2nav.app.reviews import Applied, Review, append_review, read_reviews, review_of, ruled_match
from her2nav.app.screen_block import identity_of, read_raw
from her2nav.app.screen_options import ScreenOptions
from her2nav.app.session import Session
from her2nav.cohort.pair import Pair
from her2nav.cohort.runfile import LISTED, RunFile
from her2nav.facts.case import Case
from her2nav.matching.results import Match, match_patient
from her2nav.model.errors import InputError, UnknownName
from her2nav.model.truth import Truth


@dataclass(frozen=True, slots=True)
class ExplainedPair:
    """A pair with its reasons.

    Attributes:
        name: The patient's name in the run.
        identity: The patient's id in the source.
        case: The patient.
        match: The trial, with rulings applied.
        unruled: The same without.
        applied: What came of rulings.
        then: The verdict in the run; None: the pair was not kept, so it did not fit.
        differs: Why the answer now may not be that of the run; empty where it is the same.
    """

    name: str
    identity: str
    case: Case
    match: Match
    unruled: Match
    applied: Applied
    then: Pair | None
    differs: tuple[str, ...]


def explain_pair(session: Session, folder: Path, patient: str, trial: str) -> ExplainedPair:
    """Explain one pair of a run.

    Args:
        session: Knowledge, catalogue; the store is that of the run.
        folder: Of the run.
        patient: Pseudonym in the run, or the id in the source.
        trial: Registry id.

    Raises:
        InputError: No such run, patient or trial; or the source is no longer there.
    """
    with RunFile(folder) as run:
        options = ScreenOptions.of(run.meta("options"))
        naming = run.its_naming()
        own = Session(session.knowledge, lambda: options.today, Path(options.store))
        raw, identity = _find(own, options, naming.of, patient)
        read = read_raw(raw, own, options.as_of)
        name = naming.of(identity)
        kept = run.patient(name)
        if kept is not None and kept.state != LISTED:
            raise InputError(
                "this patient may not stand on any list", place=kept.state.replace("_", " "), code="not_listed"
            )
        asked = options.asked
        trials = cohort_trials(own, Asked(asked.choice, (trial,), asked.files, asked.portfolio), options.day)
        ((nct_id, digest),) = trials.digests.items()
        case = own.case(read)
        (unruled,) = [item for one in trials.sets for item in match_patient(case, one)]
        reviews = _reviews(options, identity, nct_id)
        match, applied = _ruled(case, trials.sets[0], unruled, reviews)
        then = next((pair for pair in kept.pairs if pair.trial == nct_id), None) if kept else None
        differs = []
        if kept is None:
            differs.append("the patient was not in the run")
        else:
            if run.trials(kept.trial_set).get(nct_id) not in (None, digest):
                differs.append("the trial's criteria changed since")
            if kept.day != read.as_of.isoformat():
                differs.append(f"the run judged as on {kept.day}")
            if run.meta("made") and run.meta("made")["versions"]["knowledge"] != session.knowledge.version:
                differs.append("the program's knowledge changed since")
            was = then.verdict if then else "ineligible"
            if was != match.verdict.word and not differs:
                differs.append("the record or its rulings changed since")
    return ExplainedPair(name, identity, case, match, unruled, applied, then, tuple(differs))


def _ruled(case: Case, compiled: Any, unruled: Match, reviews: list[Review]) -> tuple[Match, Applied]:
    if not reviews:
        return unruled, Applied((), ())
    (trial,) = compiled.trials
    codes = bytes(unruled.judged.codes[int(reference)] for reference in compiled.references)
    return ruled_match(trial, codes, unruled.judged, reviews)


def _find(session: Session, options: ScreenOptions, name_of: Any, patient: str) -> tuple[RawRecord, str]:
    missing_sources = [path for path in options.sources if not Path(path).exists()]
    if missing_sources:
        raise InputError("the patients' source is no longer there", file=missing_sources[0], code="no_source")
    for raw in raw_records(session, options.sources, options.tables):
        identity = identity_of(raw)
        if patient in (identity, name_of(identity)):
            return raw, identity
    raise UnknownName(
        f"no patient '{patient}' in the source of the run", allowed="a pseudonym of the run, or an id of the source"
    )


def _reviews(options: ScreenOptions, identity: str, trial: str) -> list[Review]:
    if options.reviews is None or not Path(options.reviews).exists():
        return []
    return [review for review in read_reviews(Path(options.reviews)).get(identity, ()) if review.trial == trial]


def rule_on(
    session: Session,
    folder: Path,
    patient: str,
    trial: str,
    criterion: str,
    *,
    ruling: str,
    person: str,
    reason: str,
    day: date,
    into: Path,
) -> Review:
    """Write a person's ruling on one criterion of a pair; it counts from the next run with these reviews on.

    Raises:
        InputError: There is no such pair or criterion, or the file cannot be written.
    """
    found = explain_pair(session, folder, patient, trial)
    review = review_of(found.identity, found.unruled, criterion, ruling=ruling, person=person, day=day, reason=reason)
    append_review(into, review)
    return review


def explained_json(session: Session, found: ExplainedPair) -> dict[str, Any]:
    """Return the answer of `screen explain` as plain data."""
    match = found.match
    record = match.trial.record
    return {
        "patient": found.name,
        "as_of": found.case.as_of.isoformat(),
        "nct_id": record.nct_id,
        "title": record.title,
        "verdict": match.verdict.word,
        "verdict_in_run": found.then.verdict if found.then else "ineligible",
        "differs": list(found.differs),
        "arm": match.best_arm,
        "criteria_from": match.trial.criteria_from,
        "criteria": [criterion_to_json(item) for item in match.criteria],
        "to_confirm": [item.criterion.text for item in match.to_confirm],
        "missing": missing(match.with_truth(Truth.UNKNOWN)),
        "eligible_from": match.eligible_from.isoformat() if match.eligible_from else None,
        "ruled_by": [str(one) for one in found.applied.ruled],
        "void": list(found.applied.void),
        "versions": session.versions(),
    }
