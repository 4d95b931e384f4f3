"""Contraception and fertility: what the participant must agree to."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: contraception as required is used or agreed to."""

    who: Literal["female", "male", "all"] = "all"
    months_after: Decimal | None = None


KIND = Kind(id="contraception", name="contraception", taxonomy=(33,), params=Params)
