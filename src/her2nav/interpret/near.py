"""Numbers within reporting precision of a cut-off: the margins stand in the tables, the numbers in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from her2nav.interpret.intervals import Interval
from her2nav.interpret.results import Flag
from her2nav.interpret.runner import CompiledTable, NumberRange, Possible
from her2nav.interpret.wording import FLAGS

_WORDS = {
    "ratio": "HER2/CEP17 ratio {}",
    "copies": "HER2 copies per cell {}",
    "pct_cells_ratio_ge2": "Share of cells with a ratio of two or more {} %",
    "pct_cells": "Share of stained cells {} %",
}

OF_ISH = frozenset({"ratio", "copies", "pct_cells_ratio_ge2"})
_STEP = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A cut-off of a table that was used, with the distance that is worth a remark."""

    name: str
    at: Decimal
    margin: Decimal
    table: str


def around(cutoff: Cutoff) -> tuple[Interval, ...]:
    """Return a number just below the cut-off, on it, and just above it."""
    return tuple(Interval.point(cutoff.at + step) for step in (-_STEP, Decimal(0), _STEP))


def cutoffs(tables: Iterable[CompiledTable]) -> tuple[Cutoff, ...]:
    """Return the cut-offs with a margin; the same one of several tables stands once."""
    found: dict[tuple[str, Decimal], Cutoff] = {}
    for table in tables:
        for name, spec in table.inputs.items():
            if isinstance(spec, NumberRange) and spec.margin is not None:
                for bound in sorted(table.bounds(name)):
                    found.setdefault((name, bound), Cutoff(name, bound, spec.margin, table.id))
    return tuple(found.values())


def near_flags(known: Mapping[str, Possible], used: tuple[Cutoff, ...], bears: Callable[[Cutoff], bool]) -> list[Flag]:
    """Return a flag for each reported number that lies no further from a cut-off than its margin.

    Args:
        known: The numbers of the specimen.
        used: The cut-offs they were held against.
        bears: Whether the result would be another on the other side; where the ratio decides, the copies do not matter.
    """
    result = []
    for one in used:
        value = known.get(one.name)
        if isinstance(value, Interval) and value.exact and abs(value.low - one.at) <= one.margin and bears(one):
            code = "near_cutoff_staining" if one.name == "pct_cells" else "near_cutoff"
            phrase = FLAGS[code]
            number = _WORDS[one.name].format(value.low)
            clinical = phrase.clinical.replace("{value}", number).replace("{cutoff}", str(one.at))
            result.append(Flag(code, clinical, phrase.plain, (one.table,)))
    return result
