"""Life expectancy, which only a clinician can judge."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: expected to live at least so many weeks."""

    min_weeks: Annotated[int, Field(ge=1)] | None = None


KIND = Kind(id="life_expectancy", name="life expectancy", taxonomy=(27,), params=Params)
