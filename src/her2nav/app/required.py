"""What a report of a tumour must hold so that its result can be checked, and what of it a specimen lacks."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence
from her2nav.model.specimens import Specimen

FILE = "audit/required.yaml"
State = Literal[
    "ihc",
    "ish",
    "score_0",
    "score_2",
    "scored_above_0",
    "scored_above_1",
    "not_single_probe",
    "biopsy",
    "resection",
]


class RequiredItem(Frozen):
    """One item of a report; asked for where every state of `when` holds of the specimen."""

    id: str
    says: str
    folders: tuple[str, ...] = Field(min_length=1)
    when: tuple[State, ...] = ()
    needs: tuple[str, ...] = Field(min_length=1)
    """Places in the specimen of the patient file; one of them is filled."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class RequiredFile(Frozen):
    """`audit/required.yaml`."""

    items: tuple[RequiredItem, ...]


@lru_cache(maxsize=64)
def required_items(knowledge: Knowledge, folder: str) -> tuple[RequiredItem, ...]:
    """Return the items asked for in reports read by the rules of a guideline folder."""
    items = knowledge.record(FILE, RequiredFile).items
    return tuple(item for item in items if folder in item.folders)


def asked_items(specimen: Specimen, items: tuple[RequiredItem, ...]) -> tuple[RequiredItem, ...]:
    """Return the items that a report of this specimen should have."""
    states = _states(specimen)
    return tuple(item for item in items if all(state in states for state in item.when))


def missing_items(specimen: Specimen, asked: tuple[RequiredItem, ...]) -> tuple[RequiredItem, ...]:
    """Return those of the items asked for that the specimen lacks."""
    return tuple(item for item in asked if not any(_filled(specimen, need) for need in item.needs))


def _states(specimen: Specimen) -> set[str]:
    states: set[str] = set()
    ihc, ish = specimen.ihc, specimen.ish
    if ihc is not None and ihc.model_fields_set:
        states.add("ihc")
        scores = set(ihc.score)
        if scores == {"0"}:
            states.add("score_0")
        if "2+" in scores:
            states.add("score_2")
        if scores - {"0"}:
            states.add("scored_above_0")
        if scores - {"0", "1+"}:
            states.add("scored_above_1")
    if ish is not None and ish.model_fields_set and ish.result != "failed":
        states.add("ish")
        if ish.method != "single_probe":
            states.add("not_single_probe")
    if specimen.kind in ("biopsy", "cytology", "cytology_block"):
        states.add("biopsy")
    if specimen.kind == "resection":
        states.add("resection")
    return states


def _filled(specimen: Specimen, path: str) -> bool:
    value: Any = specimen
    for part in path.split("/"):
        value = getattr(value, part)
        if value is None:
            return False
    return bool(value != ())
