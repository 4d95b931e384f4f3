"""Shared by the tests of the variants layer: the shipped knowledge, parsed from its sources, and the golden tables."""

import csv
from pathlib import Path

import pytest

from her2nav.knowledge.bundle import parse_sources
from her2nav.knowledge.load import Knowledge
from her2nav.variants.knowledge import VariantKnowledge, load_variants

HERE = Path(__file__).parent


def golden(name: str) -> list[dict[str, str]]:
    """Rows of a tab-separated table beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`@pytest.mark.parametrize` over a golden table: a fixture `row` and a module constant `TABLE`."""
    table = getattr(metafunc.function, "table", None)
    if table and "row" in metafunc.fixturenames:
        rows = golden(table)
        metafunc.parametrize("row", rows, ids=[f"{i}-{row['written']}" for i, row in enumerate(rows)])


@pytest.fixture(scope="session")
def facts() -> Knowledge:
    return Knowledge(parse_sources())


@pytest.fixture(scope="session")
def variants(facts: Knowledge) -> VariantKnowledge:
    return load_variants(facts)
