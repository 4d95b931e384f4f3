"""Bare lines: those that begin with a sign, and those of an exclusion that run together; in words of our own."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def texts(reader: Reader, *lines: str) -> list[str]:
    return [one.text for one in reader.read("Exclusion Criteria:\n  " + "\n  ".join(lines), ()).criteria]


@pytest.mark.parametrize(
    "line",
    ["> 2 earlier regimens for advanced disease", ">2 earlier regimens", "> G 2 neuropathy", "< 18 years of age"],
)
def test_a_line_that_begins_with_a_sign_and_says_what_it_compares_is_a_criterion(reader: Reader, line: str) -> None:
    assert texts(reader, "Pregnant women", line, "Pericardial effusion") == [
        "Pregnant women",
        line,
        "Pericardial effusion",
    ]


def test_a_limit_goes_on_with_the_name_above_it(reader: Reader) -> None:
    assert texts(reader, "Serum creatinine", "> 1.5 x ULN", "Pregnant women") == [
        "Serum creatinine > 1.5 x ULN",
        "Pregnant women",
    ]


def test_a_sign_in_front_of_words_is_a_bullet(reader: Reader) -> None:
    assert texts(reader, "> Pregnant women", "> Active infection") == ["Pregnant women", "Active infection"]


def test_lines_of_an_exclusion_that_run_together_may_each_shut_out(reader: Reader) -> None:
    (found,) = reader.read("Exclusion Criteria:\n  Uncontrolled hypertension\n  pregnant or lactating", ()).criteria
    assert "each of the lines by itself" in str(write(found.node))
    assert {item.kind for item in leaves(found.node)} >= {"cardiac_history", "pregnancy"}
