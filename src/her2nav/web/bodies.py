"""Bodies of requests: the patient travels in them, never in an address."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from her2nav.app.choice import About, Choice, TreeChoice, TrialSet
from her2nav.app.match import MANY_TRIALS
from her2nav.app.patient_source import Given, given
from her2nav.app.session import Session
from her2nav.intake.patient_file import ReadPatient
from her2nav.model.errors import InputError

_TEXT = "A report, a letter or a patient file, as text."


class PatientBody(BaseModel):
    """A patient: a record or a FHIR bundle as `patient`, or anything readable as `text`; one of them."""

    model_config = ConfigDict(extra="forbid")

    patient: Annotated[dict[str, Any] | None, Field(description="A patient record, or a FHIR R4 bundle.")] = None
    text: Annotated[str | None, Field(description=_TEXT)] = None
    as_of: Annotated[date | None, Field(description="Judge as on this day; else the record's own, else today.")] = None

    def given(self, session: Session) -> Given:
        """Return the patient.

        Raises:
            InputError: Neither or both are given, or it cannot be read.
        """
        if (self.patient is None) == (self.text is None):
            raise InputError("say who the patient is", place="patient", allowed="either patient or text")
        if self.text is not None:
            return given(session, self.text.encode("utf-8", errors="replace"), "text", self.as_of)
        return given(session, json.dumps(self.patient).encode(), "patient", self.as_of)


class IntakeBody(PatientBody):
    """A document, and the record it is added to."""

    into: Annotated[
        dict[str, Any] | None,
        Field(description="A patient record: what is new in the document is added to it; None: the document alone."),
    ] = None

    def known(self, session: Session) -> ReadPatient | None:
        """Return the record that is added to; None: there is none.

        Raises:
            InputError: It cannot be read.
        """
        return None if self.into is None else given(session, json.dumps(self.into).encode(), "into.json").read


class MatchBody(PatientBody):
    """A patient and which trials."""

    trials: Annotated[TrialSet | None, Field(description="None: both where there is a store.")] = None
    criteria: TreeChoice = TreeChoice.AUTO
    about: About = About.ONCOLOGY
    top: Annotated[
        int | None,
        Field(ge=0, description="Only the first so many trials; null: all of them, which takes long on a large store."),
    ] = MANY_TRIALS
    full: Annotated[bool, Field(description="Every criterion of every trial, also beyond 200 trials.")] = False

    @property
    def choice(self) -> Choice:
        """Which trials, and whose trees."""
        return Choice(self.trials, self.criteria, self.about)


class OptionsBody(PatientBody):
    """A patient and a country."""

    country: Annotated[str | None, Field(description="Name or code; None: the patient's.")] = None


class MonitorBody(PatientBody):
    """A patient, a treatment, its start."""

    drug: Annotated[str, Field(min_length=1, max_length=300, description="Drugs or a regimen, joined by +.")]
    start: date | None = None
    country: str | None = None
    months: Annotated[int, Field(ge=1, le=120)] = 12


class TextBody(BaseModel):
    """A text to read."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2_000_000)]
