"""What a stage group says of T and N, and what is metastatic from the start (`data/criteria/stage_facts.yaml`)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance


class StageFact(Frozen):
    """Which categories the stages of a tumour type leave in early disease."""

    tumour_type: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    stages: tuple[Literal["0", "I", "II", "III", "IV"], ...] = Field(min_length=1)
    t: tuple[Literal["T0", "Tis", "T1", "T2", "T3", "T4"], ...] = Field(min_length=1)
    n: tuple[Literal["N0", "N1", "N2", "N3"], ...] = Field(min_length=1)
    inflammatory: bool | None = None
    """False: none of these stages is an inflammatory cancer; None: they do not say."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @property
    def unverified(self) -> bool:
        """True when a line of its source is too weak to close anything."""
        return any(line.confidence.unverified for line in self.provenance)

    def left(self, axis: str) -> frozenset[str]:
        """Return the categories of an axis ("t" or "n") that the stages leave."""
        return frozenset(self.t if axis == "t" else self.n)


class DeNovo(Frozen):
    """Within how many days of the diagnosis a first treatment for metastases says that there was no relapse."""

    first_treatment_within_days: int = Field(gt=0)
    provenance: tuple[Provenance, ...] = Field(min_length=1)

    @property
    def unverified(self) -> bool:
        """True when a line of its source is too weak to decide anything."""
        return any(line.confidence.unverified for line in self.provenance)


class Spread(Frozen):
    """Which sites of a disease that has spread need not be distant metastases."""

    not_distant: frozenset[str] = Field(min_length=1)
    """Ids of `vocabularies/body_sites.csv`."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)


class StageFacts(Frozen):
    """The content of `criteria/stage_facts.yaml`."""

    facts: tuple[StageFact, ...]
    de_novo: DeNovo
    spread: Spread
