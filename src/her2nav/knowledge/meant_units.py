"""Units that a laboratory limit must be in where none is written, or where the one written is a slip of the pen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from her2nav.knowledge.schema import Slug
from her2nav.knowledge.variables import VariableTable
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence

ANY = "any"
"""In place of a unit: whatever is written."""


class MeantUnit(Frozen):
    """A row of `criteria/meant_units.csv`: between two bounds a number of the variable can only be in the unit."""

    variable: str = Slug
    instead_of: tuple[str, ...] = ()
    """What is written, without spaces; empty: no unit is."""
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    or_multiples: bool = False
    """Without a unit the number may also be one of multiples of the upper limit of normal."""
    source: str
    locator: str
    checked_on: date
    confidence: Confidence


class MeantUnits:
    """The units that numbers show to be meant."""

    def __init__(self, rows: Sequence[MeantUnit], variables: VariableTable) -> None:
        self._rows: dict[tuple[str, str], list[MeantUnit]] = {}
        self._doubtful: dict[tuple[str, str], list[MeantUnit]] = {}
        for row in rows:
            if row.variable not in variables.variables or row.unit not in variables.units(row.variable):
                raise ValueError(f"meant_units.csv: {row.variable} has no unit {row.unit}")
            if row.confidence.unverified:
                raise ValueError(f"meant_units.csv: what decides the unit of {row.variable} must be known")
            for written in row.instead_of or ("",):
                rows_of = self._doubtful if row.or_multiples else self._rows
                rows_of.setdefault((row.variable, written), []).append(row)

    def unit(self, variable: str, written: str, value: Decimal) -> str | None:
        """Return the unit that is meant; None where the number does not show it.

        Args:
            variable: Id of the variable.
            written: The unit as it is written, without spaces; empty: none is; `ANY`: any may stand there.
            value: The number.
        """
        return _within(self._rows.get((variable, written), ()), value)

    def doubtful(self, variable: str, value: Decimal) -> str | None:
        """Return the unit of a number without one where multiples of the upper limit of normal may be meant as well.

        Args:
            variable: Id of the variable.
            value: The number.
        """
        return _within(self._doubtful.get((variable, ""), ()), value)


def _within(rows: Sequence[MeantUnit], value: Decimal) -> str | None:
    for row in rows:
        if (row.low is None or row.low <= value) and (row.high is None or value <= row.high):
            return row.unit
    return None
