"""Whether a trial recruits, as far as its status tells."""

from __future__ import annotations

from datetime import date

from her2nav.matching.results import Match


def status_age_days(match: Match, as_of: date) -> int:
    """Return how many days before the patient's day the recruitment status was captured."""
    return (as_of - match.trial.record.status.date).days


def recruiting_now(match: Match, as_of: date, limit_days: int) -> bool | None:
    """Return whether the trial recruits; None when its status is unknown or older than the limit."""
    stated = match.trial.record.status.value.may_recruit
    if stated and status_age_days(match, as_of) > limit_days:
        return None
    return stated
