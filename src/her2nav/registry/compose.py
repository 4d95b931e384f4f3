"""One trial from all its records: the newest whole record decides; trimmed ones add what they know.

The result does not depend on the order in which records arrived, except between records that say nothing of their day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import reduce

from her2nav.model.registry_trial import Eligibility, RegistryTrial, TrialDates
from her2nav.registry import shape_rows, shape_v1, shape_v2, shape_xml

# Where two records state the same last update, the one that says more wins: API v2 has coordinates.
_RICHNESS = {
    shape_v2.SHAPE: 4,
    shape_v1.SHAPE: 3,
    shape_xml.SHAPE: 2,
    shape_rows.SHAPE: 1,
    shape_xml.TREC_SHAPE: 0,
}
_STATUS_FIELDS = ("status", "status_text", "last_known_status", "why_stopped")


@dataclass(frozen=True, slots=True)
class Version:
    """One record of a trial.

    Attributes:
        record_id: Its number in the store; None for one not kept yet.
        fetched_at: When it came in, ISO.
    """

    trial: RegistryTrial
    fetched_at: str
    record_id: int | None = None


def newest(versions: Sequence[Version]) -> Version:
    """Return the newest: by last update; then the richer shape, the later capture, the later arrival."""
    return max(versions, key=_order)


def compose(versions: Sequence[Version]) -> tuple[RegistryTrial, Version]:
    """Return the trial as its records together state it, and the record it mainly rests on."""
    whole = [version for version in versions if not version.trial.partial]
    parts = sorted((version for version in versions if version.trial.partial), key=_order)
    if not whole:
        return reduce(_over, (version.trial for version in parts)), parts[-1]
    base = newest(whole)
    known_on = base.trial.status_date or date.min
    older = [part.trial for part in parts if (part.trial.current_on or date.min) <= known_on]
    newer = [part.trial for part in parts if (part.trial.current_on or date.min) > known_on]
    return reduce(_over, [*older, base.trial, *newer]), base


def _order(version: Version) -> tuple[date, int, date, str]:
    trial = version.trial
    captured = trial.current_on or date.min
    return (trial.last_update or captured, _RICHNESS.get(trial.shape, 0), captured, version.fetched_at)


def _over(under: RegistryTrial, top: RegistryTrial) -> RegistryTrial:
    """Lay a newer record over an older one: what the newer does not say stays as the older said it."""
    kept: dict[str, object] = {}
    for item in fields(RegistryTrial):
        value = getattr(top, item.name)
        if item.name not in _STATUS_FIELDS and (value is None or value == ()):
            kept[item.name] = getattr(under, item.name)
    if top.status is None and top.status_text is None:
        kept |= {name: getattr(under, name) for name in _STATUS_FIELDS}
        # The day goes with the status.
        kept["current_on"] = under.current_on if under.status_text else top.current_on
    if not top.sites and under.sites:
        kept["sites_on"] = under.site_status_date
        kept["countries"] = under.countries
    kept["dates"] = _dates_over(under.dates, top.dates)
    kept["eligibility"] = _eligibility_over(under.eligibility, top.eligibility)
    return replace(top, **kept)  # type: ignore[arg-type]


def _dates_over(under: TrialDates, top: TrialDates) -> TrialDates:
    given = {item.name: getattr(top, item.name) or getattr(under, item.name) for item in fields(TrialDates)}
    return TrialDates(**given)


def _eligibility_over(under: Eligibility, top: Eligibility) -> Eligibility:
    if top.text is not None and top.sex is not None:
        return top  # stated whole: an absent age is an open end
    given = {}
    for item in fields(Eligibility):
        value = getattr(top, item.name)
        given[item.name] = getattr(under, item.name) if value is None else value
    return Eligibility(**given)
