"""The list of capabilities: every number once, and every test it names exists."""

import csv
import re

import pytest

STATES = {"works", "partly", "not"}


@pytest.fixture(scope="module")
def rows(root):
    return [
        row
        for part in (1, 2)
        for row in csv.DictReader((root / f"docs/capabilities-{part}.csv").read_text(encoding="utf-8").splitlines())
    ]


def test_all_201_stand_once(rows):
    assert [int(row["id"]) for row in rows] == list(range(1, 202))
    assert {row["state"] for row in rows} <= STATES


def test_what_works_says_how_and_what_does_not_says_why(rows):
    for row in rows:
        assert row["capability"]
        if row["state"] == "works":
            assert row["how"], row["id"]
            assert row["test"], row["id"]
        else:
            assert row["note"], row["id"]


def test_every_test_that_is_named_exists(rows, root):
    for row in rows:
        for path, name in re.findall(r"(tests/[\w/.]+\.py)::(\w+)", row["test"]):
            assert (root / path).exists(), (row["id"], path)
            assert f"def {name}(" in (root / path).read_text(encoding="utf-8"), (row["id"], path, name)
