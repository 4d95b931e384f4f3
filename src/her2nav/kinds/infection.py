"""Active infection."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: an infection as described is present."""

    severity: Literal["any_active", "uncontrolled", "needs_systemic_treatment", "needs_iv_treatment"] = "uncontrolled"
    within_days: Days | None = None
    agents: OneOrMany[str] = ()
    """For example tuberculosis, covid_19; empty: any."""


KIND = Kind(id="infection", name="infection", taxonomy=(36,), params=Params)
