"""What passes between the readers of registry records and the store that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from her2nav.model.registry_trial import RegistryTrial


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to keep.

    Attributes:
        parsed: The trial as JSON, without the day it was fetched.
        digest: SHA-256 of `parsed`: two records with one digest say the same.
        raw: Its bytes as received.
        raw_sha256: Of `raw`.
        source: Where it came from, with the place in it.
        reader: Version of the readers that read it.
    """

    trial: RegistryTrial
    parsed: bytes
    digest: str
    raw: bytes
    raw_sha256: str
    source: str
    fetched_at: datetime
    reader: int

    @property
    def nct_id(self) -> str:
        """The trial's registry id."""
        return self.trial.nct_id

    @property
    def current_on(self) -> date | None:
        """Last day on which the record is known to have said this."""
        return self.trial.current_on


@dataclass(frozen=True, slots=True)
class ViewRow:
    """How a trial stands, as the store writes it; days as ISO texts.

    Attributes:
        sites: How many.
        card: What lists of trials show, as JSON.
        places: Country, state, city, latitude and longitude of sites.
        entry: How it is found.
    """

    nct_id: str
    digest: str
    current_on: str | None
    title: str | None
    status: str | None
    status_date: str | None
    study_type: str | None
    sponsor: str | None
    first_posted: str | None
    last_update: str | None
    has_results: bool
    sites: int
    card: str
    places: tuple[tuple[str, str, str, float, float], ...]
    entry: IndexEntry


@dataclass(frozen=True, slots=True)
class ReadyRecord:
    """A record with all that needs no look into the store done: it can be made in another process.

    Attributes:
        raw: Its bytes as received, compressed.
        parsed: The trial as JSON without the day it was fetched, compressed.
        view: How its trial stands where this is its only record.
    """

    nct_id: str
    shape: str
    digest: str
    raw_sha256: str
    raw: bytes
    parsed: bytes
    partial: bool
    last_update: str | None
    current_on: date | None
    source: str
    fetched_at: str
    reader: int
    view: ViewRow


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record the store holds, without its contents."""

    id: int
    nct_id: str
    shape: str
    digest: str
    raw_sha256: str
    fetched_at: str
    current_on: date | None
    partial: bool


@dataclass(frozen=True, slots=True)
class KnownTrial:
    """What the newest view of a trial says, without its contents."""

    nct_id: str
    record_id: int
    status: str | None
    last_update: date | None


@dataclass(frozen=True, slots=True)
class Presence:
    """A trial that left the registry, or came back.

    Attributes:
        event: `left` or `back`.
        note: Why, in words; empty for `back`.
        snapshot: The state it became visible in.
    """

    nct_id: str
    event: str
    day: str
    note: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """How a trial is found.

    Attributes:
        ids: The registry id and all others, as one text.
        title: Titles and acronym.
        conditions: Conditions and keywords.
        interventions: Interventions with their other names.
        text: Summary, criteria, sponsor.
        tags: Kind to values: drug, class, tumour, phase, country, mentions, setting.
    """

    ids: str
    title: str
    conditions: str
    interventions: str
    text: str
    tags: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the store.

    Attributes:
        match: Full-text expression of the store's own syntax; None: all trials.
        filters: Key of a filter to its values; any of the values suffices, and every filter must hold.
        limit: How many trials at most.
    """

    match: str | None = None
    filters: Mapping[str, tuple[str, ...]] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A trial found.

    Attributes:
        status_date: Day on which the status was known to be so.
        rank: The better the smaller; None without a full-text query.
        gone: True for a trial that the registry no longer has.
    """

    nct_id: str
    title: str | None
    status: str | None
    status_date: str | None
    study_type: str | None
    phases: tuple[str, ...]
    sponsor: str | None
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]
    countries: tuple[str, ...]
    first_posted: str | None
    last_update: str | None
    has_results: bool
    sites: int
    rank: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Trials found, best first.

    Attributes:
        total: How many there are without the limit.
        snapshot: The state they were found in.
    """

    hits: tuple[Hit, ...]
    total: int
    snapshot: str | None


@dataclass(frozen=True, slots=True)
class StoreState:
    """A count of what the store holds."""

    trials: int
    snapshot: str | None
    made_at: str | None
    newest: str | None
    by_status: Mapping[str, int]
    records: int
    knowledge: str | None
    path: str
    bytes: int
