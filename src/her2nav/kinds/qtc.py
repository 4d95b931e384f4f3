"""QT interval."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the corrected QT interval keeps the limit, in milliseconds."""

    op: Literal["<=", "<"] = "<="
    max_ms: Annotated[Decimal, Field(gt=200, lt=900)] | None = None
    max_ms_male: Annotated[Decimal, Field(gt=200, lt=900)] | None = None
    max_ms_female: Annotated[Decimal, Field(gt=200, lt=900)] | None = None
    formula: Literal["fridericia", "bazett", "any"] = "fridericia"


KIND = Kind(id="qtc", name="qtc", taxonomy=(30,), params=Params)
