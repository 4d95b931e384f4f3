"""A biomarker that has no kind of its own, by name."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams


class Params(KindParams):
    """P: the biomarker has this result."""

    name: str
    status: str
    method: str | None = None


KIND = Kind(id="other_biomarker", name="other biomarker", taxonomy=(), params=Params)
