"""A therapy that is planned or being started."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Drugs, KindParams


class Params(KindParams):
    """P: one of these drugs or classes is planned."""

    drugs: Drugs = ()


KIND = Kind(id="planned_therapy", name="planned therapy", taxonomy=(), params=Params)
