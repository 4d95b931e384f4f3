"""Surgery, radiotherapy and other procedures."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: a procedure of these sorts was done, within the window when one is given."""

    kinds: Annotated[
        OneOrMany[
            Literal["radiotherapy", "surgery", "transfusion", "transplant", "biopsy", "vaccination", "embolisation"]
        ],
        Field(min_length=1),
    ]
    major: bool | None = None
    sites: OneOrMany[str] = ()
    except_sites: OneOrMany[str] = ()
    techniques: OneOrMany[str] = ()
    """For example srs, wbrt, palliative, live_vaccine, allogeneic."""
    min_dose_gy: Decimal | None = None
    within_days: Days | None = None


KIND = Kind(id="procedure", name="procedure", taxonomy=(21,), params=Params)
