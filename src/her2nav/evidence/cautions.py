"""What must be said beside numbers of different trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from her2nav.evidence.rows import Row
from her2nav.knowledge.studies import GATES, MEASURES, SETTINGS


class Caution(NamedTuple):
    """A warning with a stable code."""

    code: str
    says: str


def _several(rows: Sequence[Row]) -> str | None:
    if len({row.study.id for row in rows}) < 2:
        return None
    return "These are different trials: side by side is not a comparison, and no arm here was tested against another's."


def _named(kind: str, values: Sequence[str | None]) -> str | None:
    known = sorted({value for value in values if value is not None})
    if len(known) < 2 and not (known and None in values):
        return None
    rest = ", or not stated" if None in values else ""
    return f"{kind}: {'; '.join(known)}{rest}."


def _gates(rows: Sequence[Row]) -> str | None:
    return _named("The HER2 alteration is not the same", [GATES[row.gate] for row in rows])


def _genes(rows: Sequence[Row]) -> str | None:
    return _named("The other genes asked for are not the same", [row.molecular for row in rows])


def _settings(rows: Sequence[Row]) -> str | None:
    return _named("The setting is not the same", [SETTINGS[row.setting] for row in rows])


def _levels(rows: Sequence[Row]) -> str | None:
    levels = sorted({result.level for row in rows for result in row.arm.results if result.level is not None})
    if len(levels) < 2:
        return None
    return f"Intervals are of different levels: {', '.join(f'{level} %' for level in levels)}."


def _units(rows: Sequence[Row]) -> str | None:
    names = {
        row.study.name
        for row in rows
        for result in row.arm.results
        if MEASURES[result.measure].shape == "time" and result.shown_unit != "months"
    }
    return f"Printed in another unit and turned into months: {', '.join(sorted(names))}." if names else None


def _cuts(rows: Sequence[Row]) -> str | None:
    names = {row.study.name for row in rows if row.arm.cut is not None or any(result.cut for result in row.arm.results)}
    return f"Several data cuts, or an early one: {', '.join(sorted(names))}." if names else None


def _small(rows: Sequence[Row]) -> str | None:
    few = {f"{row.study.name} ({row.arm.name}, n = {row.arm.n})" for row in rows if row.arm.n and row.arm.n < 20}
    return f"Fewer than 20 patients: {', '.join(sorted(few))}." if few else None


CAUTIONS: dict[str, Callable[[Sequence[Row]], str | None]] = {
    "cross_trial": _several,
    "gate_differs": _gates,
    "genes_differ": _genes,
    "setting_differs": _settings,
    "levels_differ": _levels,
    "units_converted": _units,
    "data_cuts": _cuts,
    "few_patients": _small,
}
"""Every warning by its code: what it says of the rows shown, or None."""


def cautions(rows: Sequence[Row]) -> list[Caution]:
    """Return the warnings that apply to rows shown together."""
    found = ((code, make(rows)) for code, make in CAUTIONS.items())
    return [Caution(code, says) for code, says in found if says is not None]
