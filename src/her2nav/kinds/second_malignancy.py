"""Another cancer."""

from __future__ import annotations

from decimal import Decimal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: another cancer, not among the exceptions, is or was present within the window."""

    within_years: Decimal | None = None
    """Counted back from today to diagnosis or last treatment; absent: ever."""
    active_only: bool = False
    exceptions: OneOrMany[str] = ()
    """Ids such as basal_cell_skin, squamous_cell_skin, in_situ_cervix, in_situ_breast, in_situ_any,
    superficial_bladder,
    low_risk_prostate, thyroid, curatively_treated_any, not_interfering."""


KIND = Kind(id="second_malignancy", name="second malignancy", taxonomy=(35,), params=Params)
