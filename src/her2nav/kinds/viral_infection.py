"""HIV, hepatitis B and hepatitis C."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: an infection of this sort is present."""

    virus: Literal["hiv", "hbv", "hcv"]
    state: Literal["known", "any", "active", "uncontrolled"]
    """`known`: an infection on record; `any`: tested positive, testing required; `active`: detectable; `uncontrolled`:
    not suppressed by treatment."""
    cd4_min: Decimal | None = None
    """HIV counts as uncontrolled below this, cells per microlitre."""


KIND = Kind(id="viral_infection", name="viral infection", taxonomy=(34,), params=Params)
