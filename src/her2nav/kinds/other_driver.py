"""Another targetable driver alteration with available therapy."""

from __future__ import annotations

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: an alteration of one of the genes (any known driver when none is named) is reported."""

    genes: OneOrMany[str] = ()
    except_genes: OneOrMany[str] = ()
    only_if_therapy_available: bool = True


KIND = Kind(id="other_driver", name="other driver", taxonomy=(7,), params=Params)
