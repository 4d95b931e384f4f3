"""Tumour types in CTML's names: `exchange/ctml.yaml` of the shipped data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence

FILE = "exchange/ctml.yaml"


class Diagnosis(Frozen):
    """The names of one tumour type."""

    covers: Annotated[tuple[str, ...], Field(min_length=1)]
    """Together they hold every cancer of the type: for demands."""
    within: Annotated[tuple[str, ...], Field(min_length=1)]
    """They hold nothing but the type: for exclusions."""


class CtmlNames(Frozen):
    """The whole file."""

    source: str
    locator: str
    confidence: Confidence
    diagnoses: dict[str, Diagnosis]

    reads: dict[str, tuple[str, ...]]
    """The types that a name means."""


def ctml_names(knowledge: Knowledge) -> CtmlNames:
    """Return the shipped names."""
    return knowledge.record(FILE, CtmlNames)
