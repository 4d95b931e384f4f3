"""A time in front of a list of exclusions, words that free from an illness, and one site alone."""

from __future__ import annotations

import pytest

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from unit.reading.written import bare

READER = reader(load_knowledge())


def read(section: str, entry: str) -> list[object]:
    found = READER.read(f"{section} Criteria:\n\n* {entry}\n").criteria
    return [bare(write(one.node)) for one in found]


def windows(tree: object) -> list[object]:
    if isinstance(tree, dict):
        own = [tree["within_days"]] if "within_days" in tree else []
        return own + [item for value in tree.values() for item in windows(value)]
    return [item for part in tree for item in windows(part)] if isinstance(tree, list) else []


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        ("Any of the following within 6 months: stroke; heart attack; or pulmonary embolism", [180, 180, 180]),
        ("Within the past three months: stroke; heart attack. Known HIV infection", [90, 90]),
        # an entry with a time of its own
        ("Any of the following in the last 6 months: stroke; seizures within one year", [180, 365]),
        # what is let in is no entry
        ("Steroids within 14 days, with the following exceptions: inhalers; creams", None),
    ],
)  # fmt: skip
def test_the_time_in_front_of_a_list_is_that_of_each_entry(entry: str, days: list[int] | None) -> None:
    (tree,) = read("Exclusion", entry)
    if days is None:
        assert len(windows(tree)) <= 1
    else:
        assert windows(tree) == days


def test_a_stroke_long_ago_is_no_entry_without_the_time() -> None:
    (tree,) = read("Exclusion", "Any of the following within 12 months: heart attack; stroke")
    assert tree == {
        "all_of": [
            {"not": {"cardiac_history": {"any_of": [name], "within_days": 360}}}
            for name in ("myocardial_infarction", "stroke")
        ]
    }


@pytest.mark.parametrize("words", ["free of", "free from", "without"])
def test_who_is_free_of_an_illness_does_not_have_it(words: str) -> None:
    assert read("Inclusion", f"Patients must be {words} seizures") == [
        {"not": {"comorbidity": {"any_of": ["seizures"]}}}
    ]


def test_which_of_two_sites_is_meant_alone_is_not_said() -> None:
    (one,) = read("Exclusion", "Bone as the only site of disease")
    assert one == {"not": {"metastatic_site": {"any_of": ["bone"], "only": True}}}
    (two,) = read("Exclusion", "Bone or skin as the only site of disease")
    assert "metastatic_site" not in str(two)
