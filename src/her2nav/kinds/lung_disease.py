"""Other lung disease."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the diseases or states is present."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as copd, asthma, pulmonary_fibrosis, oxygen_requirement, pleural_effusion, pneumonectomy, impaired_function."""
    severe_only: bool = False
    within_days: Days | None = None


KIND = Kind(id="lung_disease", name="lung disease", taxonomy=(), params=Params)
