"""The outline of texts: sections, lists, scopes; nothing is lost and nothing hangs."""

import gzip
import itertools
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria.outline import Item
from her2nav.criteria.structure import outline


def lost(text: str) -> list[str]:
    """Characters, white space apart, that lie in no item and no heading."""
    taken = outline(text)
    covered = bytearray(len(text))
    spans = [(item.start, item.end) for root in taken.items for item in root.walk()] + taken.headings
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return [char for char, there in zip(taken.plain, covered, strict=True) if not there and char.strip()]


def shown(text: str) -> list[object]:
    """Items as [section, text, children …]."""

    def one(item: Item) -> list[object]:
        return [text[item.start : item.end].strip(), *map(one, item.children)]

    return [[item.section[0], *one(item)] for item in outline(text).items]


def test_sections_and_bullets() -> None:
    text = "Inclusion Criteria:\n\n* Adults\n* Breast cancer\n\nExclusion Criteria:\n\n1. Pregnancy\n2. Stroke"
    assert shown(text) == [["i", "Adults"], ["i", "Breast cancer"], ["e", "Pregnancy"], ["e", "Stroke"]]


def test_a_text_without_headings_includes() -> None:
    assert shown("Adults with gastric cancer") == [["i", "Adults with gastric cancer"]]


def test_headings_within_a_line() -> None:
    text = "Inclusion Criteria: 1. Adults 2. Breast cancer Exclusion Criteria: - Pregnancy - Stroke"
    assert [row[0] for row in shown(text)][:2] == ["i", "i"]
    text = "Inclusion Criteria: - Adults - Breast cancer. Exclusion Criteria: - Pregnancy - Stroke"
    assert shown(text) == [["i", "Adults"], ["i", "Breast cancer."], ["e", "Pregnancy"], ["e", "Stroke"]]


def test_wrapped_lines_belong_together() -> None:
    text = "-  Measurable disease that\n   was not irradiated\n-  Adults"
    assert shown(text) == [["i", "Measurable disease that\n   was not irradiated"], ["i", "Adults"]]


def test_escaped_numbers_are_marks() -> None:
    assert shown("* 4\\. Adults\n* 5\\. Breast cancer") == [["i", "Adults"], ["i", "Breast cancer"]]


def test_a_list_in_a_line_is_nested() -> None:
    assert shown("Any of: (a) stroke (b) angina") == [["i", "Any of:", ["stroke"], ["angina"]]]


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("Cohort A:\n* HER2-positive\nCohort B:\n* HER2-low", [("cohort a",), ("cohort b",)]),
        ("Cohort A: HER2-positive. Cohort B: HER2-low. All: adults", [("cohort a",), ("cohort b",), ()]),
        ("* RAS mutation (Part 2 only)\n* Stroke", [("part 2",), ()]),
        ("* Cohort 1C:\n\n  * EGFR mutation\n* Adults", [("cohort 1c",), ()]),
        ("Cohort 1 (HER2-positive cancer):\n* Adults", [("cohort 1",), ("cohort 1",)]),
        ("All patients:\n* Adults", [()]),
    ],
)
def test_scopes(text: str, scopes: list[tuple[str, ...]]) -> None:
    assert [item.scope for item in outline(text).items] == scopes
    assert lost(text) == []


@given(st.text(alphabet="aB1 .:-*()\n\t,;", max_size=200) | st.text(max_size=120))
def test_nothing_is_lost(text: str) -> None:
    assert lost(text) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "Inclusion criteria: ",
                "exclusion criteria:\n",
                "* ",
                "1. ",
                "(a) ",
                "Cohort A: ",
                "all: ",
                "HER2 3+ ",
                "or\n",
                "(Part 2 only)",
                "\n  - ",
                "\n",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_nothing_is_lost_among_marks(text: str) -> None:
    assert lost(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "HER2-positive. " * 70_000,
        "- a\n" * 10_000,
        "\n".join(" " * i + "- x" for i in range(1000)),
        "inclusion criteria: a " * 20_000,
        "cohort " + "the and a " * 15 + "x",
        "cohort a, " * 50_000,
        " ".join(f"{i}. x" for i in range(1, 20_000)),
        "(" * 50_000,
        "\u05d0 \u202e x\n" * 5_000,
        "".join(chr(i % 256) for i in range(100_000)),
        "INCLUSION CRITERIA: ALL CAPITALS. " * 1000,
    ],
    ids=[
        "line",
        "sentences",
        "bullets",
        "deep",
        "headings",
        "labels",
        "scopes",
        "numbers",
        "brackets",
        "rtl",
        "binary",
        "capitals",
    ],
)
def test_strange_texts_are_taken_apart(text: str) -> None:
    assert lost(text) == []


def test_nothing_is_lost_of_the_registry(shared: Path) -> None:
    path = shared / "data/registry/eligibility_texts.jsonl.gz"
    if not path.exists():
        pytest.skip("the registry texts are absent")
    with gzip.open(path, "rt") as lines:
        chosen = itertools.islice(lines, 0, None, 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 9)
        texts = {record["nct_id"]: record["text"] or "" for record in map(json.loads, chosen)}
    assert [nct for nct, text in texts.items() if lost(text)] == []


REAL = {
    "NCT07070232": {"scopes": {"cohort 1a", "cohort 1b", "cohort 1c"}},
    "NCT04585958": {"scopes": {"dose-escalation", "dose-expansion"}},
}


@pytest.mark.parametrize("nct", REAL)
def test_scopes_of_real_texts(nct: str, shared: Path) -> None:
    path = shared / f"data/gold/texts/{nct}.json"
    if not path.exists():
        pytest.skip(f"{nct} is absent")
    record = json.loads(path.read_text())
    taken = outline((record.get("eligibility") or {}).get("raw_text") or record.get("text") or "")
    assert REAL[nct]["scopes"] <= {label for root in taken.items for item in root.walk() for label in item.scope}
