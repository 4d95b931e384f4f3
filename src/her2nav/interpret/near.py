"""Numbers within reporting precision of a cut-off: the margins stand in the tables, the numbers in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A cut-off of a table that was used, with the distance that is worth a remark."""

    name: str
    at: Decimal
    margin: Decimal
    table: str


def cutoffs(tables: Iterable[CompiledTable]) -> tuple[Cutoff, ...]:
    """Return the cut-offs with a margin; the same one of several tables stands once."""
    found: dict[tuple[str, Decimal], Cutoff] = {}
    for table in tables:
        for name, spec in table.inputs.items():
            if isinstance(spec, NumberRange) and spec.margin is not None:
                for bound in sorted(table.bounds(name)):
                    found.setdefault((name, bound), Cutoff(name, bound, spec.margin, table.id))
    return tuple(found.values())


def near_flags(known: Mapping[str, Possible], used: tuple[Cutoff, ...]) -> list[Flag]:
    """Return a flag for each reported number that lies no further from a cut-off than its margin."""
    result = []
    for one in used:
        value = known.get(one.name)
        if isinstance(value, Interval) and value.exact and abs(value.low - one.at) <= one.margin:
            code = "near_cutoff_staining" if one.name == "pct_cells" else "near_cutoff"
            phrase = FLAGS[code]
            number = _WORDS[one.name].format(value.low)
            clinical = phrase.clinical.replace("{value}", number).replace("{cutoff}", str(one.at))
            result.append(Flag(code, clinical, phrase.plain, (one.table,)))
    return result
