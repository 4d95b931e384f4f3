"""Body weight and body mass index."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams, Operator


class Params(KindParams):
    """P: the measure compares as said."""

    measure: Literal["weight_kg", "bmi", "weight_loss_percent"]
    op: Operator
    value: Decimal
    within_days: Days | None = None


KIND = Kind(id="body_measure", name="body measure", taxonomy=(45,), params=Params)
