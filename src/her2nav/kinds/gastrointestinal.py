"""Swallowing, absorption and bowel disease."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the problems is present."""

    any_of: Annotated[
        OneOrMany[
            Literal[
                "cannot_swallow",
                "malabsorption",
                "uncontrolled_diarrhoea",
                "obstruction",
                "inflammatory_bowel_disease",
                "resection",
                "ulcer",
                "bleeding",
                "perforation",
                "gastroparesis",
            ]
        ],
        Field(min_length=1),
    ]
    within_days: Days | None = None


KIND = Kind(id="gastrointestinal", name="gastrointestinal", taxonomy=(38,), params=Params)
