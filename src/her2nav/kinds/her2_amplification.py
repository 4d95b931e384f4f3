"""ERBB2 (HER2) gene amplification as a criterion of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: amplification by one of the methods, by the assay's own call or the number given."""

    methods: OneOrMany[Literal["ish", "ngs_tissue", "ngs_plasma"]] = ()
    """Empty: any method."""
    min_copy_number: Decimal | None = None
    min_ratio: Decimal | None = None
    laboratory: Literal["local", "central"] | None = None


KIND = Kind(id="her2_amplification", name="her2 amplification", taxonomy=(3,), params=Params)
