"""What is new about a pair since an earlier run, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from her2nav.cohort.pair import Pair
from her2nav.cohort.runfile import Kept

NEW_PATIENT = "new_patient"
NEW_TRIAL = "new_trial"
NEW_FIT = "new_fit"
WAIT_ENDED = "wait_ended"
STALE = "stale"
AMENDED = "amended"
RULES = "rules"
RULING = "ruling"
REOPENED = "reopened"
LOST = "lost"

WORDS = {
    NEW_FIT: "new: fits or may fit now",
    WAIT_ENDED: "the waiting time is over",
    NEW_PATIENT: "new patient",
    NEW_TRIAL: "new trial",
    STALE: "a result has gone stale",
    AMENDED: "a criterion was amended",
    RULES: "the program or its knowledge changed",
    RULING: "a ruling no longer counts",
    REOPENED: "something is open again",
    LOST: "no longer fits",
}
"""In the order in which a coordinator wants them."""

_RANK = {"ineligible": 0, "possible": 1, "eligible": 2}


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run says of a patient.

    Attributes:
        kept: Its result; None: the patient was not in it, or was not listed.
        digests: Of the trials that it judged.
        same_record: The record is the same.
        same_rules: Program, reader and knowledge are the same.
    """

    kept: Kept | None
    digests: Mapping[str, str]
    same_record: bool = False
    same_rules: bool = True

    def pair(self, trial: str) -> Pair | None:
        """Return what it says of a trial."""
        pairs = self.kept.pairs if self.kept else ()
        return next((pair for pair in pairs if pair.trial == trial), None)


def with_news(pair: Pair, before: Before, digest: str | None, day: date) -> Pair:
    """Return a pair with what is new about it.

    Args:
        pair: As judged now.
        before: The earlier run.
        digest: Of the trial now; None: it is no longer there.
        day: The patient's day now.
    """
    return replace(pair, news=_news(pair, before, digest, day))


def lost_trials(pairs: Mapping[str, Pair], before: Before) -> list[str]:
    """Return the trials that fitted or might fit in the earlier run and are not among the pairs that are kept now."""
    old = before.kept.pairs if before.kept else ()
    return [pair.trial for pair in old if _RANK[pair.verdict] and pair.trial not in pairs]


def _news(pair: Pair, before: Before, digest: str | None, day: date) -> tuple[str, ...]:
    now = _RANK[pair.verdict]
    if before.kept is None:
        return (NEW_PATIENT,) if now else ()
    if pair.trial not in before.digests:
        return (NEW_TRIAL,) if now else ()
    old = before.pair(pair.trial)
    was = _RANK[old.verdict] if old else 0
    opened = old is None or bool(set(pair.missing) - set(old.missing))
    found: list[str] = []
    if now < was and not now:
        found.append(LOST)
    if digest is None:
        return tuple(found)
    if before.digests[pair.trial] != digest and (now != was or opened):
        found.append(AMENDED)
    elif not before.same_rules and (now != was or opened):
        found.append(RULES)
    elif now > was:
        waited = old is not None and old.eligible_from is not None and day >= old.eligible_from
        found.append(WAIT_ENDED if waited else NEW_FIT)
    elif now and (now < was or (now == was and opened)):
        found.append(STALE if before.same_record else REOPENED)
    if pair.void and (old is None or not old.void):
        found.append(RULING)
    return tuple(found)
