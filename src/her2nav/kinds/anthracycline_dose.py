"""Cumulative anthracycline dose."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the cumulative dose is at most this, doxorubicin equivalent, mg/m2."""

    max_mg_m2: Annotated[Decimal, Field(gt=0)]


KIND = Kind(id="anthracycline_dose", name="anthracycline dose", taxonomy=(23,), params=Params)
