"""Eye disease."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the eye diseases is or was present."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as keratitis, corneal_disease, active_eye_disease, retinopathy, contact_lenses."""


KIND = Kind(id="eye_disease", name="eye disease", taxonomy=(43,), params=Params)
