"""What a block of supplied columns raises when a criterion asks for more than it has."""

from __future__ import annotations

from collections.abc import Hashable

from her2nav.model.errors import InputError


class MissingColumn(InputError):
    """A criterion asks for a column that was not supplied."""

    code = "missing_column"

    def __init__(self, column: Hashable) -> None:
        super().__init__(f"a criterion needs the column {column!r}, which the table of patients does not have")
        self.column = column

    def __reduce__(self) -> tuple[type[MissingColumn], tuple[Hashable]]:
        return MissingColumn, (self.column,)
