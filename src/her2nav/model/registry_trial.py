"""A trial as a registry states it: everything that matching, search and people ask for, in one shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from her2nav.model.dates import PartialDate, status_day
from her2nav.model.trial import Recruitment

NCT_ID = re.compile(r"NCT\d{8}")
"""The guard of registry ids; anything else is an `OtherId`."""

IdKind = Literal["organisation", "secondary", "alias"]


@dataclass(frozen=True, slots=True)
class OtherId:
    """An identifier beside the NCT number.

    Attributes:
        value: As written.
        registry: Which register or sponsor gave it, where the shape of the id or the record says so.
        kind: The sponsor's own number, another register's, or an older NCT number of the same trial.
    """

    value: str
    registry: str | None = None
    kind: IdKind = "secondary"


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to ask about a trial, published by the registry."""

    name: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a trial runs.

    Attributes:
        status: The site's own status; None when the record gives none (the registry gives it for open trials only).
        latitude: Degrees north; None when the record has no coordinates.
        longitude: Degrees east.
    """

    facility: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip: str | None = None
    status: Recruitment | None = None
    latitude: float | None = None
    longitude: float | None = None
    contacts: tuple[Contact, ...] = ()

    @property
    def label(self) -> str:
        """Facility, city and country in one line."""
        return ", ".join(part for part in (self.facility, self.city, self.country) if part)


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given or done."""

    name: str
    type: str | None = None
    other_names: tuple[str, ...] = ()
    description: str | None = None
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialArm:
    """An arm as the registry lists it."""

    label: str
    type: str | None = None
    description: str | None = None
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may take part, as written.

    Attributes:
        text: The criteria, without white space around them and otherwise untouched: spans of criteria count
            characters of this text.
        minimum_age: As written; None when open-ended or not stated.
        maximum_age: As written; None when open-ended or not stated.
    """

    text: str | None = None
    sex: Literal["all", "female", "male"] | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    healthy_volunteers: bool | None = None

    @property
    def age_min_years(self) -> float | None:
        """Least age in years; None when there is no limit."""
        return age_years(self.minimum_age)

    @property
    def age_max_years(self) -> float | None:
        """Greatest age in years; None when there is no limit."""
        return age_years(self.maximum_age)


@dataclass(frozen=True, slots=True)
class TrialDates:
    """The dates of a record; a day the registry gives only to the month stays a month."""

    start: PartialDate | None = None
    primary_completion: PartialDate | None = None
    completion: PartialDate | None = None
    verified: PartialDate | None = None
    first_posted: PartialDate | None = None
    last_update: PartialDate | None = None
    """Last update, by the day it was posted, else the day it was submitted."""
    results_posted: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class RegistryTrial:
    """One trial of a registry.

    Attributes:
        shape: The form of record it was read from.
        status: In the registry's vocabulary; None when the record does not say.
        status_text: The registry's own word, which also covers expanded access.
        current_on: Last day on which the record is known to have said this: captured, downloaded or fetched.
        sites_on: The day whose sites these are, where a newer but trimmed record gave the rest.
        faults: What could not be read of single fields, in words; the rest of the record stands.
    """

    nct_id: str
    shape: str
    title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    other_ids: tuple[OtherId, ...] = ()
    status: Recruitment | None = None
    status_text: str | None = None
    last_known_status: Recruitment | None = None
    why_stopped: str | None = None
    dates: TrialDates = TrialDates()
    current_on: date | None = None
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    purpose: str | None = None
    allocation: str | None = None
    enrolment: int | None = None
    sponsor: str | None = None
    sponsor_class: str | None = None
    collaborators: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    condition_terms: tuple[str, ...] = ()
    """Headings that the registry adds (MeSH)."""
    interventions: tuple[Intervention, ...] = ()
    intervention_terms: tuple[str, ...] = ()
    arms: tuple[TrialArm, ...] = ()
    summary: str | None = None
    eligibility: Eligibility = Eligibility()
    sites: tuple[Site, ...] = ()
    sites_on: date | None = None
    countries: tuple[str, ...] = ()
    """Of the sites, or listed by a record that has no sites."""
    contacts: tuple[Contact, ...] = ()
    has_results: bool | None = None
    faults: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The registry's page."""
        return f"https://clinicaltrials.gov/study/{self.nct_id}"

    @property
    def partial(self) -> bool:
        """True for a record without the date of its last update: a trimmed answer or a row, not the whole record."""
        return self.dates.last_update is None

    @property
    def last_update(self) -> date | None:
        """Day of the last update; the last day it can be, where only a month is given."""
        return self.dates.last_update.high if self.dates.last_update else None

    @property
    def status_date(self) -> date | None:
        """Day on which the status was known to be so: a status never stands without it.

        The day the record was captured; else its last update; else the month the sponsor last verified it.
        """
        return status_day(self.current_on, self.dates.last_update, self.dates.verified)

    @property
    def site_status_date(self) -> date | None:
        """Day on which the statuses of the sites were known to be so."""
        return self.sites_on or self.status_date


_AGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)?s?\s*", re.IGNORECASE)
_PER_YEAR = {"year": 1.0, "month": 12.0, "week": 52.1775, "day": 365.2425, "hour": 8765.82, "minute": 525949.2}


def age_years(written: str | None) -> float | None:
    """Return an age of the registry in years; None for no limit (`N/A`) and for what is not an age.

    >>> age_years("6 Months"), age_years("N/A")
    (0.5, None)
    """
    match = _AGE.fullmatch(written) if written else None
    if match is None:
        return None
    unit = (match[2] or "year").lower()
    return float(match[1]) / _PER_YEAR[unit]
