"""Proves that a decision table has exactly one row for every input."""

from __future__ import annotations

from itertools import product

from her2nav.interpret.runner import CompiledTable, shown
from her2nav.model.errors import RuleDataError


def prove(table: CompiledTable) -> int:
    """Check that a table is total and disjoint, by cell decomposition.

    Every numeric input is cut at each of its cut-offs (exactly at, just below, just above); inside one cell no
    condition changes, so that one try for each combination of cells covers the whole input space.

    Returns:
        The number of cells.

    Raises:
        RuleDataError: No row, or more than one, for a cell; the message names it.
    """
    names = list(table.inputs)
    count = 0
    for combination in product(*(table.cells(name) for name in names)):
        cell = dict(zip(names, combination, strict=True))
        rules = [rule for rule in table.rules if rule.can_fire(cell)]
        count += 1
        if len(rules) != 1:
            place = ", ".join(f"{name} = {shown(value)}" for name, value in cell.items())
            found = f"rows {', '.join(rule.id for rule in rules)} all fire" if rules else "no row"
            raise RuleDataError(f"{found} for {place}", file=table.id, allowed="exactly one row for every input")
    return count


def never_fires(table: CompiledTable) -> list[str]:
    """Return the ids of rows that no input reaches; a proven table has none."""
    names = list(table.inputs)
    reached: set[str] = set()
    for combination in product(*(table.cells(name) for name in names)):
        cell = dict(zip(names, combination, strict=True))
        reached.update(rule.id for rule in table.rules if rule.can_fire(cell))
    return [rule.id for rule in table.rules if rule.id not in reached]
