"""Medicines taken now."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of these medicines or classes is taken (and cannot be stopped, where the text says so)."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Drug or class ids, or interaction classes: strong_cyp3a4_inhibitor, strong_cyp3a4_inducer, strong_cyp2c8_inhibitor,
    cyp2d6_inhibitor, p_gp_inhibitor, oatp_inhibitor, proton_pump_inhibitor, h2_blocker, anticoagulant, qt_prolonging,
    systemic_corticosteroid, hormone_replacement, investigational_agent, other_anticancer_therapy, herbal."""
    cannot_stop: bool = False
    within_days: Days | None = None
    min_steroid_mg_prednisone: Decimal | None = None


KIND = Kind(id="concomitant_medication", name="concomitant medication", taxonomy=(41,), params=Params)
