"""Immune system: autoimmune disease, immunosuppression, transplants, live vaccines."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import Grade, OneOrMany


class Params(KindParams):
    """P: one of the states is present."""

    any_of: Annotated[
        OneOrMany[
            Literal[
                "autoimmune_disease",
                "immunodeficiency",
                "immunosuppression",
                "organ_transplant",
                "stem_cell_transplant",
                "live_vaccine",
                "immune_related_adverse_event",
            ]
        ],
        Field(min_length=1),
    ]
    steroid_over_mg_prednisone: Decimal | None = None
    """Immunosuppression: systemic steroids above this daily dose, prednisone equivalent."""
    min_grade: Grade | None = None
    within_days: Days | None = None
    exceptions: OneOrMany[str] = ()


KIND = Kind(id="immune", name="immune", taxonomy=(40,), params=Params)
