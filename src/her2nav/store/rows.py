"""Trials and records as the rows that the store writes; nothing here looks into a store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from her2nav.model.kept_record import IndexEntry, NewRecord, ReadyRecord, ViewRow
from her2nav.model.registry_trial import RegistryTrial
from her2nav.store.codec import pack

_CARD_ITEMS = 8


def ready_record(record: NewRecord, entry: IndexEntry) -> ReadyRecord:
    """Return a record compressed, with the view it makes when it is its trial's only one."""
    trial = record.trial
    return ReadyRecord(
        nct_id=trial.nct_id,
        shape=trial.shape,
        digest=record.digest,
        raw_sha256=record.raw_sha256,
        raw=pack(record.raw),
        parsed=pack(record.parsed),
        partial=trial.partial,
        last_update=_iso(trial.last_update),
        current_on=trial.current_on,
        source=record.source,
        fetched_at=record.fetched_at.isoformat(timespec="seconds"),
        reader=record.reader,
        view=view_row(trial, record.digest, entry),
    )


def view_row(trial: RegistryTrial, digest: str, entry: IndexEntry) -> ViewRow:
    """Return how a trial stands."""
    posted = trial.dates.first_posted
    return ViewRow(
        nct_id=trial.nct_id,
        digest=digest,
        current_on=_iso(trial.current_on),
        title=trial.title or trial.official_title,
        status=_status(trial),
        status_date=_iso(trial.status_date),
        study_type=trial.study_type.upper() if trial.study_type else None,
        sponsor=trial.sponsor,
        first_posted=_iso(posted.low) if posted else None,
        last_update=_iso(trial.last_update),
        has_results=bool(trial.has_results),
        sites=len(trial.sites),
        card=_card(trial),
        places=tuple(
            (site.country, site.state or "", site.city, site.latitude, site.longitude)
            for site in trial.sites
            if site.country and site.city and site.latitude is not None and site.longitude is not None
        ),
        entry=entry,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _status(trial: RegistryTrial) -> str | None:
    if trial.status is not None:
        return trial.status.value
    return trial.status_text.upper().replace(" ", "_") if trial.status_text else None


def _card(trial: RegistryTrial) -> str:
    """What lists of trials show, so that they need not unpack the trial."""
    card: dict[str, Sequence[str]] = {
        "phases": trial.phases,
        "conditions": trial.conditions[:_CARD_ITEMS],
        "interventions": tuple(dict.fromkeys(item.name for item in trial.interventions))[:_CARD_ITEMS],
        "countries": trial.countries,
    }
    return json.dumps(card, ensure_ascii=False, separators=(",", ":"))
