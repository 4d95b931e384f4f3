"""Bleeding and thrombosis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the events is recorded, within the window when one is given."""

    any_of: Annotated[
        OneOrMany[
            Literal[
                "bleeding",
                "bleeding_disorder",
                "venous_thromboembolism",
                "pulmonary_embolism",
                "arterial_thromboembolism",
            ]
        ],
        Field(min_length=1),
    ]
    within_days: Days | None = None


KIND = Kind(id="bleeding_thrombosis", name="bleeding thrombosis", taxonomy=(44,), params=Params)
