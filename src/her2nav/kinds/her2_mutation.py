"""An ERBB2 (HER2) gene mutation."""

from __future__ import annotations

from typing import Literal

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: a reported ERBB2 variant belongs to one of the classes or names."""

    any_of: OneOrMany[
        Literal[
            "activating",
            "any",
            "exon20_insertion",
            "tkd_activating",
            "exon_8",
            "exon_17",
            "exon_18",
            "exon_19",
            "exon_20",
            "exon_21",
        ]
    ] = ()
    names: OneOrMany[str] = ()
    """HGVS names that count."""
    method: Literal["tissue", "plasma", "tissue_or_plasma"] | None = None
    laboratory: Literal["local", "central"] | None = None


KIND = Kind(id="her2_mutation", name="her2 mutation", taxonomy=(2,), params=Params)
