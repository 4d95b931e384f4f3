"""Tumour tissue for testing."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: tissue of one of the sorts is available, or a new biopsy is accepted instead."""

    any_of: OneOrMany[Literal["archival", "fresh"]] = ()
    max_age_days: Days | None = None
    new_biopsy_instead: bool = False


KIND = Kind(id="tissue_available", name="tissue available", taxonomy=(9,), params=Params)
