"""Documented progression."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams, TherapyFilter


class Params(KindParams):
    """P: progression was documented on or after the therapy meant."""

    after: Literal["last_therapy", "any_therapy"] = "last_therapy"
    therapy: TherapyFilter | None = None
    within_days: Days | None = None
    radiographic: bool = False


KIND = Kind(id="disease_progression", name="disease progression", taxonomy=(14,), params=Params)
