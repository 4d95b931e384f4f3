"""Menopausal status."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: the status is one of these."""

    any_of: Annotated[OneOrMany[Literal["premenopausal", "perimenopausal", "postmenopausal"]], Field(min_length=1)]


KIND = Kind(id="menopausal_status", name="menopausal status", taxonomy=(), params=Params)
