"""As much of a registry's record as tells whether a curated tree still holds for the trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from her2nav.model.trial import Recruitment


@dataclass(frozen=True, slots=True)
class Outline:
    """What a match reads of the record of a curated trial.

    Attributes:
        text: Its eligibility text; None where the record gives none.
        status: In the registry's vocabulary; None when the record does not say.
        status_date: As `RegistryTrial.status_date`.
    """

    nct_id: str
    text: str | None
    status: Recruitment | None
    status_date: date | None
