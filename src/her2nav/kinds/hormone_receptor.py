"""Oestrogen and progesterone receptors."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the receptors have this status at this cut-off."""

    receptor: Literal["er", "pr", "er_or_pr", "er_and_pr"] = "er_or_pr"
    status: Literal["positive", "negative"]
    """`negative` with `er_or_pr` means both are negative."""
    cutoff_percent: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)
    """Positive from this percentage of cells on."""
    max_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None


KIND = Kind(id="hormone_receptor", name="hormone receptor", taxonomy=(8,), params=Params)
