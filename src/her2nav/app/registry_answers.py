"""The documented shapes of the registry's answers; docs/registry.md describes them."""

from __future__ import annotations

from typing import Literal

from her2nav.app.answers import Versions
from her2nav.model.base import Frozen


class DamagedItem(Frozen):
    """A record that could not be read, or a field that was left out."""

    source: str
    place: str
    reason: str


class ImportAnswer(Frozen):
    """The answer of `registry import`."""

    read: int
    added: int
    updated: int
    unchanged: int
    damaged: list[DamagedItem]
    warnings: list[DamagedItem]
    snapshot: str | None
    versions: Versions


class SyncedQuery(Frozen):
    """What the sync of one question did; `whole` is false where only updates were asked for."""

    id: str
    label: str
    read: int
    listed: int
    confirmed: int
    no_longer_found: list[str]
    resumed: bool
    whole: bool


class SyncAnswer(Frozen):
    """The answer of `registry sync`."""

    read: int
    added: int
    updated: int
    confirmed: int
    gone: list[str]
    moved: dict[str, str]
    queries: list[SyncedQuery]
    data_day: str | None
    requests: int
    retries: int
    damaged: list[DamagedItem]
    warnings: list[str]
    snapshot: str | None
    versions: Versions


class KeptQuery(Frozen):
    """A question that syncs keep up to date; `complete_day` is null before its first complete sync."""

    id: str
    complete_day: str | None
    finished: bool


class StatusAnswer(Frozen):
    """The answer of `registry status`."""

    trials: int
    snapshot: str | None
    newest: str | None
    by_status: dict[str, int]
    made_at: str | None
    records: int
    path: str
    bytes: int
    queries: list[KeptQuery]
    versions: Versions


class ContactItem(Frozen):
    """Someone to ask."""

    name: str | None
    role: str | None
    phone: str | None
    email: str | None


class SiteItem(Frozen):
    """The nearest recruiting site; `located_by` says what its coordinates are of."""

    facility: str | None
    city: str | None
    state: str | None
    country: str | None
    status: str | None
    status_date: str | None
    distance_km: float
    located_by: str
    contacts: list[ContactItem]


class HitItem(Frozen):
    """A trial found. `recruiting` is null where the status is too old to say; `gone`: the registry has it no more."""

    nct_id: str
    title: str | None
    status: str | None
    status_date: str | None
    status_age_days: int | None
    recruiting: bool | None
    gone: bool
    phase: list[str]
    study_type: str | None
    sponsor: str | None
    conditions: list[str]
    interventions: list[str]
    countries: list[str]
    first_posted: str | None
    last_update: str | None
    has_results: bool
    sites: int
    url: str
    nearest_site: SiteItem | None = None
    nearest_site_reason: str | None = None


class SearchAnswerShape(Frozen):
    """The answer of `registry search`."""

    total: int
    trials: list[HitItem]
    read_as: list[str]
    near: str | None
    warnings: list[str]
    versions: Versions


class OtherIdItem(Frozen):
    """An identifier beside the NCT number."""

    value: str
    registry: str | None
    kind: str


class TrialDatesItem(Frozen):
    """The dates of a record; one known to the month is written so."""

    start: str | None
    primary_completion: str | None
    completion: str | None
    verified: str | None
    first_posted: str | None
    last_update: str | None
    results_posted: str | None


class TrialSiteItem(Frozen):
    """A site with its own status and coordinates."""

    facility: str | None
    city: str | None
    state: str | None
    country: str | None
    zip: str | None
    status: str | None
    latitude: float | None
    longitude: float | None
    contacts: list[ContactItem]


class InterventionItem(Frozen):
    """What is given or done."""

    name: str
    type: str | None
    other_names: list[str]
    description: str | None
    arms: list[str]


class TrialArmItem(Frozen):
    """An arm as the registry lists it."""

    label: str
    type: str | None
    description: str | None
    interventions: list[str]


class EligibilityItem(Frozen):
    """Who may take part, as written; an age of null is an open end."""

    text: str | None
    sex: Literal["all", "female", "male"] | None
    minimum_age: str | None
    maximum_age: str | None
    healthy_volunteers: bool | None


class Recognised(Frozen):
    """What our vocabularies recognise in a record."""

    drugs: list[str]
    tumours: list[str]
    mentions: list[str]


class GoneItem(Frozen):
    """When and why the registry no longer has a trial."""

    day: str
    note: str


class ShowAnswer(Frozen):
    """The answer of `registry show`."""

    nct_id: str
    shape: str
    title: str | None
    official_title: str | None
    acronym: str | None
    other_ids: list[OtherIdItem]
    status: str | None
    status_text: str | None
    last_known_status: str | None
    why_stopped: str | None
    dates: TrialDatesItem
    current_on: str | None
    study_type: str | None
    phases: list[str]
    purpose: str | None
    allocation: str | None
    enrolment: int | None
    sponsor: str | None
    sponsor_class: str | None
    collaborators: list[str]
    conditions: list[str]
    keywords: list[str]
    condition_terms: list[str]
    interventions: list[InterventionItem]
    intervention_terms: list[str]
    arms: list[TrialArmItem]
    summary: str | None
    eligibility: EligibilityItem
    sites: list[TrialSiteItem]
    sites_on: str | None
    countries: list[str]
    contacts: list[ContactItem]
    has_results: bool | None
    faults: list[str]
    status_date: str | None
    status_age_days: int | None
    recruiting: bool | None
    url: str
    recognised: Recognised
    records_kept: int
    gone: GoneItem | None
    nearest_site: SiteItem | None = None
    nearest_site_reason: str | None = None
    versions: Versions


class SiteChangeItem(Frozen):
    """A site that opened, closed, came or went."""

    change: Literal["opened", "closed", "added", "removed", "status"]
    facility: str | None
    city: str | None
    country: str | None
    status: str | None
    status_before: str | None


class SentenceItem(Frozen):
    """A criterion sentence that changed."""

    change: Literal["added", "removed", "changed"]
    section: Literal["inclusion", "exclusion"] | None
    before: str | None
    after: str | None


class BeforeAfter(Frozen):
    """A field before and after."""

    before: str
    after: str


class ChangeItem(Frozen):
    """What changed in one trial."""

    nct_id: str
    title: str | None
    changes: list[Literal["new", "gone", "back", "status", "sites", "criteria", "results", "design"]]
    status: str | None
    status_date: str | None
    status_before: str | None
    sites: list[SiteChangeItem]
    criteria: list[SentenceItem]
    other: dict[str, BeforeAfter]
    note: str | None
    url: str


class DiffAnswer(Frozen):
    """The answer of `registry diff`; `since` is null where the store was empty before."""

    since: str | None
    until: str
    counts: dict[str, int]
    unchanged: int
    changes: list[ChangeItem]
    versions: Versions


class WatchedChange(ChangeItem):
    """What changed in a trial that fits the patient, or may fit."""

    verdict: Literal["eligible", "possible", "ineligible"]
    criteria_from: Literal["curated", "read"]
    criteria_outdated: bool


class WatchAnswerShape(Frozen):
    """The answer of `watch PATIENT`."""

    patient: str | None
    as_of: str
    since: str | None
    until: str
    new_fits: list[WatchedChange]
    lost: list[WatchedChange]
    changed: list[WatchedChange]
    changed_but_not_fitting: int
    unread: list[ChangeItem]
    unread_elsewhere: int
    note: str
    kept: bool
    warnings: list[str]
    versions: Versions
