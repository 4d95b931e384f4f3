"""No satisfactory standard treatment is left, as a clinician states."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: standard options are exhausted, not tolerated, refused or not suitable."""


KIND = Kind(id="options_exhausted", name="options exhausted", taxonomy=(), params=Params)
