"""CSV tables with a header, every row knowing its line."""

from __future__ import annotations

import csv
import io

from her2nav.model.errors import SyntaxProblem


def parse_csv(text: str, name: str, *, required: tuple[str, ...] = ()) -> list[tuple[int, dict[str, str]]]:
    """Return (line, row) pairs of a CSV table whose first line names the columns.

    Raises:
        SyntaxProblem: A required column is absent, a column stands twice, or a row has other than the header's cells.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        if len(set(header)) != len(header):
            raise SyntaxProblem("a column stands twice", file=name, place="line 1")
        missing = [column for column in required if column not in header]
        if missing:
            raise SyntaxProblem(
                f"the column '{missing[0]}' is absent", file=name, place="line 1", allowed=", ".join(required)
            )
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise SyntaxProblem(
                    f"{len(cells)} cells where the header has {len(header)}", file=name, place=f"line {reader.line_num}"
                )
            rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
        return rows
    except csv.Error as error:
        raise SyntaxProblem(f"not valid CSV: {error}", file=name, place=f"line {reader.line_num}") from None
