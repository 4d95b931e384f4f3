"""Lists of washouts, times of their own in brackets, and targets of drugs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge


def bare(value: Any) -> Any:
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "text")}
    return [bare(part) for part in value] if isinstance(value, list) else value


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(load_knowledge())


def trees(text: str) -> list[Any]:
    return [bare(write(item.node)) for item in reader().read(text).criteria]


def test_a_heading_of_washouts_belongs_to_each_line_below_it() -> None:
    text = (
        "Inclusion Criteria:\n\n* Sufficient treatment washout period before enrolment, defined as:\n\n"
        "  1. Major surgery: ≥ 3 weeks\n  2. Hormonal therapy: ≥ 2 weeks\n"
    )
    assert trees(text) == [
        {"not": {"procedure": {"kinds": ["surgery"], "major": True, "within_days": 20}}},
        {"washout": {"drugs": ["endocrine"], "days": 14}},
    ]


def test_a_bracket_may_give_another_treatment_another_time() -> None:
    text = "Exclusion Criteria:\n\n- Major surgery within 30 days (minor surgery within 10 days)\n"
    wide, narrow = (
        {"procedure": {"kinds": ["surgery"], "major": major, "within_days": days}}
        for major, days in ((True, 30), (False, 10))
    )
    assert trees(text) == [{"not": {"any_of": [wide, narrow]}}]


def test_a_shorter_time_for_some_radiotherapy_lets_it_in() -> None:
    text = "Exclusion Criteria:\n\n- Radiotherapy within 4 weeks (2 weeks for palliative radiotherapy)\n"
    (tree,) = trees(text)
    asked = tree["not"]["any_of"][0]["all_of"]
    assert asked[0] == {"procedure": {"kinds": ["radiotherapy"], "within_days": 28}}
    assert "judgement" in asked[1]
    assert tree["not"]["any_of"][1]["procedure"]["within_days"] == 14


def test_drugs_are_read_by_their_targets() -> None:
    text = "Exclusion Criteria:\n\n- Prior therapy with agents that target EGFR and/or HER2\n"
    assert trees(text) == [{"not": {"prior_therapy": {"drugs": ["egfr_inhibitor", "anti_her2"]}}}]


def test_a_time_behind_an_exception_binds_what_stands_before_it() -> None:
    text = "Exclusion Criteria:\n\n- Received targeted therapy, except ALK inhibitors, within 2 weeks of the study\n"
    assert trees(text) == [{"washout": {"drugs": ["targeted_therapy"], "except_drugs": ["alk_inhibitor"], "days": 14}}]
