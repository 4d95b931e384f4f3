"""Another disease or state that has no kind of its own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of these is present."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Lower-case words with underscores: liver_cirrhosis, uncontrolled_illness, psychiatric_illness, ascites, seizures, …"""
    active_only: bool = False
    within_days: Days | None = None


KIND = Kind(id="comorbidity", name="comorbidity", taxonomy=(), params=Params)
