"""A laboratory value (`data/criteria/variables.csv`)."""

from __future__ import annotations

from decimal import Decimal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams, Operator


class Params(KindParams):
    """P: the newest usable value compares as said, absolutely or as a multiple of the laboratory's limit."""

    variable: str
    """Id of a row of `variables.csv`: anc, platelets, haemoglobin, ast, alt, bilirubin, creatinine, …"""
    op: Operator
    value: Decimal
    unit: str
    """Unit of the table for absolute values; xULN or xLLN for multiples."""
    within_days: Days | None = None
    without_growth_factor_days: Days | None = None
    without_transfusion_days: Days | None = None


KIND = Kind(id="lab_value", name="lab value", taxonomy=(32,), params=Params)
