"""A record as it stood on a day: what is dated later is taken out, so that no criterion can use it.

Positions in lists stay, for findings point at them; an entry that is wholly later is emptied, or left to the reader of
its list, who sets it aside by its date.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from her2nav.model.dates import PartialDate
from her2nav.model.disease import Cancer, Cns, Lesion
from her2nav.model.patient import Patient
from her2nav.model.specimens import Specimen
from her2nav.model.treatment import Lung, Serology, Therapy

_NO_BIOMARKERS = Patient.model_fields["biomarkers"].default
"""The record of a patient without any marker."""

DATED = frozenset(("performance", "cancer", "specimens", "therapies", "biomarkers", "serology", "cardiac", "lung"))
"""Sections of a record out of which something may be taken."""


def on_day(patient: Patient, day: date) -> Patient:
    """Return the record without what is dated wholly after `day`; the same object where nothing is."""

    def later(value: PartialDate | None) -> bool:
        return value is not None and value.low > day

    changes: dict[str, Any] = {}
    if patient.performance is not None and later(patient.performance.date):
        changes["performance"] = None
    cancer = _cancer(patient.cancer, later)
    if cancer is not patient.cancer:
        changes["cancer"] = cancer
    if any(item.ish is not None and later(item.ish.date) for item in patient.specimens):
        changes["specimens"] = tuple(_specimen(item, later) for item in patient.specimens)
    if patient.therapies:
        therapies = tuple(_therapy(item, later) for item in patient.therapies)
        if any(new is not old for new, old in zip(therapies, patient.therapies, strict=True)):
            changes["therapies"] = therapies
    if patient.biomarkers is not _NO_BIOMARKERS:
        markers = {name: None for name in ("er", "pr", "pd_l1") if later(_date(getattr(patient.biomarkers, name)))}
        if markers:
            changes["biomarkers"] = patient.biomarkers.model_copy(update=markers)
    if patient.serology is not None and later(patient.serology.date):
        changes["serology"] = Serology()
    if later(patient.cardiac.ecg_date):
        changes["cardiac"] = patient.cardiac.model_copy(update={"qtcf_ms": None, "qtcb_ms": None, "ecg_date": None})
    if later(patient.lung.date):
        changes["lung"] = Lung()
    return patient.model_copy(update=changes) if changes else patient


def _date(record: Any) -> PartialDate | None:
    return None if record is None else record.date


def _cancer(cancer: Cancer, later: Any) -> Cancer:
    changes: dict[str, Any] = {}
    if later(cancer.relapse_date):
        # The setting and the sites may be those of the relapse.
        changes |= {"relapse_date": None, "setting": None, "metastatic_sites": None}
    if cancer.cns is not None and (later(cancer.cns.last_imaging) or later(cancer.cns.last_local_therapy)):
        changes["cns"] = Cns()
    if any(later(lesion.date) for lesion in cancer.lesions):
        changes["lesions"] = tuple(Lesion() if later(lesion.date) else lesion for lesion in cancer.lesions)
    return cancer.model_copy(update=changes) if changes else cancer


def _specimen(specimen: Specimen, later: Any) -> Specimen:
    if specimen.ish is not None and later(specimen.ish.date):
        return specimen.model_copy(update={"ish": None})
    return specimen


def _therapy(therapy: Therapy, later: Any) -> Therapy:
    """A course that ended or progressed later was still running, or its end is not known."""
    if later(therapy.end):
        gone = {"end": None, "reason_stopped": None, "best_response": None, "progression_date": None, "cycles": None}
        return therapy.model_copy(update={**gone, "ongoing": True})
    if later(therapy.progression_date):
        gone = {"progression_date": None, "reason_stopped": None, "best_response": None}
        return therapy.model_copy(update=gone)
    return therapy
