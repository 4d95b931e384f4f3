"""PD-L1 expression on one scale; scales are not interchangeable."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams, Operator


class Params(KindParams):
    """P: the score on this scale compares as said."""

    scale: Literal["cps", "tps", "tap"]
    op: Operator
    value: Decimal
    assay: str | None = None


KIND = Kind(id="pd_l1", name="pd l1", taxonomy=(4,), params=Params)
