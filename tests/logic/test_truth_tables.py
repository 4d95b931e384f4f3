"""Kleene's tables, scalar and in bitmaps, cell by cell."""

import csv
from pathlib import Path

import pytest

from her2nav.facts.tri import constant
from her2nav.model.truth import Truth, all_of, any_of, at_least

ROWS = list(csv.DictReader((Path(__file__).parent / "truth_tables.csv").read_text().splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['operator']}-{row['left']}-{row['right']}")
def test_cell(row):
    left, wanted = Truth(row["left"]), Truth(row["result"])
    if row["operator"] == "not":
        assert left.negated() is wanted
        assert (~constant(left, 1)).at(0) is wanted
        return
    right = Truth(row["right"])
    scalar = all_of if row["operator"] == "and" else any_of
    assert scalar([left, right]) is wanted
    columns = constant(left, 1), constant(right, 1)
    joined = columns[0] & columns[1] if row["operator"] == "and" else columns[0] | columns[1]
    assert joined.at(0) is wanted


def test_all_cells_are_there():
    assert len(ROWS) == 9 + 9 + 3


def test_at_least_is_or_for_one_and_and_for_all():
    values = [Truth.MET, Truth.UNKNOWN, Truth.NOT_MET]
    for first in values:
        for second in values:
            pair = [first, second]
            assert at_least(1, pair) is any_of(pair)
            assert at_least(2, pair) is all_of(pair)
