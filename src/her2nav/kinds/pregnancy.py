"""Pregnancy and breastfeeding."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: pregnant or breastfeeding, as listed."""

    any_of: OneOrMany[Literal["pregnant", "breastfeeding"]] = ("pregnant", "breastfeeding")


KIND = Kind(id="pregnancy", name="pregnancy", taxonomy=(33,), params=Params)
