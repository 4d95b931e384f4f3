"""What the words of a hormone receptor report mean in percent."""

from decimal import Decimal

from pydantic import Field

from her2nav.model.base import Frozen
from her2nav.model.provenance import Provenance


class ReceptorWords(Frozen):
    """`criteria/receptor_words.yaml`."""

    positive_from_percent: Decimal = Field(gt=0, le=100)
    """"Positive" means at least so many percent of cells, "negative" fewer."""
    low_to_percent: Decimal = Field(gt=0, le=100)
    """"Low" means positive, up to so many percent."""
    allred_positive_from: int = Field(gt=0, le=8)
    """An Allred total from which at least the positive percentage of cells is stained, whatever the intensity."""
    allred_negative_to: int = Field(ge=0, le=8)
    """An Allred total up to which fewer are stained; between the two nobody can tell."""
    provenance: tuple[Provenance, ...] = Field(min_length=1)
