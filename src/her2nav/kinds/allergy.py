"""Allergy and hypersensitivity."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import Grade, OneOrMany


class Params(KindParams):
    """P: an allergy to one of these."""

    substances: Annotated[OneOrMany[str], Field(min_length=1)]
    """Drug or class ids, or substances such as polysorbate, murine_proteins; `study_drug_components` where the text only
    says so."""
    min_grade: Grade | None = None


KIND = Kind(id="allergy", name="allergy", taxonomy=(39,), params=Params)
