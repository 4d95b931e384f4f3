"""The answer of `evidence` as a table of comma-separated values: one result, or one contradiction, in a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class _Answer(Protocol):
    """What is read of an answer; its shape is documented with the use case."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """Return plain data."""


STUDY = ("study", "name", "registry", "phase", "tumours", "regimen", "gate", "setting", "line")
ARM = ("arm", "n", "within", "dose", "molecular")
RESULT = (
    "measure", "event", "grade", "value", "sign", "unit", "low", "high", "level", "months", "months_low",
    "months_high", "events", "of", "at_months", "cut", "note", "source", "confidence", "unverified",
)  # fmt: skip
FIGURE = (
    "figure", "topic", "tumours", "population", "what", "value", "low", "high", "unit", "sign", "events", "n", "says",
    "source", "confidence", "unverified", "conflicts",
)  # fmt: skip
CONFLICT = (
    "conflict",
    "title",
    "severity",
    "tumours",
    "facts",
    "claims",
    "used",
    "why",
    "basis",
    "changes_answer",
    "plain",
)


def evidence_csv(answer: _Answer, *, conflicts: bool = False) -> str:
    """Return the rows of an answer: of contradictions, of figures where there are any, else of results."""
    data = answer.model_dump(mode="json")
    if conflicts:
        return _table(CONFLICT, data["conflicts"])
    if data["figures"]:
        return _table(FIGURE, data["figures"])
    for name in ("assays", "reviews", "drug_table"):
        if data[name]:
            return _table(tuple(data[name][0]), data[name])
    return _table((*STUDY, *ARM, "arm_name", *RESULT, "conflicts"), _results(data["studies"]))


def _results(studies: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for study in studies:
        whole = {name: study[name] for name in (*STUDY, "conflicts")}
        for arm in study["arms"]:
            of_arm = {name: arm[name] for name in (*ARM, "gate", "setting", "regimen")} | {"arm_name": arm["name"]}
            yield from (whole | of_arm | {name: result[name] for name in RESULT} for result in arm["results"])
        if not study["arms"]:
            yield whole


def _table(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return stream.getvalue()


def _cell(value: Any) -> str:
    """Return one cell; lists are separated by `|`, and text that a spreadsheet would run as a formula is disarmed."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(f"{one['says']} [{one['source']}]" if isinstance(one, dict) else str(one) for one in value)
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "@") or (text[:1] == "-" and not text[1:2].isdigit()) else text
