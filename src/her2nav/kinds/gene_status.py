"""Status of genes other than ERBB2, for example RAS and BRAF."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: `wild_type`: every gene named is; `mutated` and the others: at least one gene is."""

    genes: Annotated[OneOrMany[str], Field(min_length=1)]
    """Gene symbols, lower case. `kras` and `nras` for RAS."""
    status: Literal["wild_type", "mutated", "amplified", "rearranged"]
    variants: OneOrMany[str] = ()
    """Only these variants count, for example V600E."""
    origin: Literal["somatic", "germline"] | None = None


KIND = Kind(id="gene_status", name="gene status", taxonomy=(6,), params=Params)
