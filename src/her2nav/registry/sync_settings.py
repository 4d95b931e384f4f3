"""How the registry is asked: `registry/sync.yaml` of the shipped data."""

from __future__ import annotations

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance

FILE = "registry/sync.yaml"


class Service(Frozen):
    """The registry's interface and how it is treated. Times are seconds unless the name says otherwise."""

    url: str
    fields: tuple[str, ...]
    page_size: int = Field(ge=1, le=1000)
    listing_fields: tuple[str, ...]
    listing_page_size: int = Field(ge=1, le=1000)
    ids_per_request: int = Field(ge=1, le=1000)
    sort: tuple[str, ...] = ()
    seconds_between_requests: float = Field(ge=0)
    connect_seconds: float = Field(gt=0)
    read_seconds: float = Field(gt=0)
    answer_seconds: float = Field(gt=0)
    answer_megabytes: int = Field(ge=1)
    retries: int = Field(ge=0)
    first_wait_seconds: float = Field(ge=0)
    longest_wait_seconds: float = Field(ge=0)
    empty_pages: int = Field(ge=1)
    overlap_days: int = Field(ge=1)
    resume_hours: int = Field(ge=1)
    longest_expression: int = Field(ge=100)


class GeneQuery(Frozen):
    """A query for a gene: its spellings, and the drugs of some classes.

    Attributes:
        genes: Symbols of the vocabulary of genes.
        drug_classes: Classes whose drugs are asked for by every name.
        spellings: Further spellings of the genes.
        not_asked: Names that mean other things as well.
        gene_areas: The registry's search areas for the genes.
        drug_areas: Those for the drugs.
    """

    label: str
    genes: tuple[str, ...] = Field(min_length=1)
    drug_classes: tuple[str, ...]
    spellings: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    gene_areas: tuple[str, ...] = Field(min_length=1)
    drug_areas: tuple[str, ...] = Field(min_length=1)


class ConditionQuery(Frozen):
    """A query for conditions by words."""

    label: str
    words: tuple[str, ...] = Field(min_length=1)


class SyncSettings(Frozen):
    """The whole file."""

    service: Service
    her2: GeneQuery
    oncology: ConditionQuery
    provenance: tuple[Provenance, ...] = Field(min_length=1)


def sync_settings(knowledge: Knowledge) -> SyncSettings:
    """Return the shipped settings."""
    return knowledge.record(FILE, SyncSettings)
