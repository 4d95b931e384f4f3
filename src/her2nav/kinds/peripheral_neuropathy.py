"""Peripheral neuropathy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: neuropathy of at least this grade."""

    min_grade: Annotated[int, Field(ge=1, le=5)]


KIND = Kind(id="peripheral_neuropathy", name="peripheral neuropathy", taxonomy=(37,), params=Params)
