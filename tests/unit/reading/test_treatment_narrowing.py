"""Words that narrow a treatment, names that no vocabulary holds, and lengths of a course."""

from __future__ import annotations

from typing import Any

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def _read(reader: Reader, section: str, entry: str) -> str:
    heading = "Inclusion Criteria" if section == "in" else "Exclusion Criteria"
    found = [write(item.node) for item in reader.read(f"{heading}:\n\n* {entry}\n").criteria]
    return str([_bare(item) for item in found])


def _bare(written: Any) -> Any:
    """Without the places in the text."""
    if isinstance(written, dict):
        return {name: _bare(value) for name, value in written.items() if name not in ("span", "text", "rule")}
    return [_bare(item) for item in written] if isinstance(written, list) else written


@pytest.mark.parametrize(
    ("section", "entry", "asked"),
    [
        ("ex", "Prior radiotherapy to the involved chest wall area", "whether it was to the involved chest wall area"),
        ("ex", "Concurrent bisphosphonates for osteoporosis", "whether it was for osteoporosis"),
        ("ex", "Prior treatment with an anti-XYZ9 antibody", "treatment with anti-xyz9 antibody"),
        ("ex", "Chronic use of aspirin (> 325 mg/day)", "> 325 mg/day"),
        ("in", "Refractory to a non-steroidal aromatase inhibitor", "whether it was non-steroidal"),
        ("ex", "Other investigational drugs while on study", "to go on during the study"),
    ],
)
def test_what_no_parameter_holds_is_asked_in_the_words_of_the_text(
    reader: Reader, section: str, entry: str, asked: str
) -> None:
    written = _read(reader, section, entry)
    assert asked in written
    assert "unread" not in written


def test_of_another_sort_the_treatment_may_have_been_later(reader: Reader) -> None:
    written = _read(reader, "in", "At least 2 weeks since prior radiotherapy to the involved chest wall area")
    assert "any_of" in written


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("in", "Must have received at least 6 months of trastuzumab"),
        ("in", "Receiving anastrozole in the adjuvant setting for a minimum of 6 months"),
        ("in", "Receiving trastuzumab with or without chemotherapy for at least 4 months"),
    ],
)
def test_how_long_a_course_lasted_is_no_washout(reader: Reader, section: str, entry: str) -> None:
    assert "washout" not in _read(reader, section, entry)


@pytest.mark.parametrize(
    "entry",
    [
        "Any systemic or loco-regional anti-cancer therapy received before",
        "Topical or inhaled corticosteroids within 2 weeks",
    ],
)
def test_a_word_that_widens_leaves_the_sentence_open(reader: Reader, entry: str) -> None:
    assert "unread" in _read(reader, "ex", entry)


def test_a_time_behind_what_is_given_now_does_not_bind_it(reader: Reader) -> None:
    written = _read(reader, "ex", "Currently receiving amiodarone or has received amiodarone within 6 months")
    assert "{'any_of': ['amiodarone']}" in written
    assert "'within_days': 180" in written


def test_each_dose_narrows_the_drug_behind_it(reader: Reader) -> None:
    written = _read(reader, "ex", "Prior exposure to > 360 mg/m2 doxorubicin or > 720 mg/m2 epirubicin")
    assert written.count("judgement") == 2


def test_two_medicines_taken_together_are_asked_for_together(reader: Reader) -> None:
    written = _read(reader, "ex", "Concomitant use of CDK4/6 inhibitors with an aromatase inhibitor")
    assert "all_of" in written
    assert "aromatase_inhibitor" in written


def test_a_planned_operation_is_asked_about(reader: Reader) -> None:
    assert "planned: major surgery" in _read(reader, "ex", "Anticipation of need for major surgery during the study")


@pytest.mark.parametrize(
    "entry",
    [
        "Earlier tamoxifen therapy for benign disease or non-malignant lesions is allowed",
        "Prior radiotherapy for non-malignant conditions is allowed if completed at least 3 years before registration",
    ],
)
def test_what_is_no_cancer_is_the_purpose_of_a_treatment_and_no_alternative(reader: Reader, entry: str) -> None:
    written = _read(reader, "in", f"No prior trastuzumab. {entry}.")
    assert "unread" not in written
    assert "whether it was for" in written


def test_the_permission_of_what_ended_long_ago_names_who_had_it(reader: Reader) -> None:
    written = _read(
        reader,
        "in",
        "No prior chemotherapy. Prior letrozole is allowed if stopped at least 8 weeks before registration.",
    )
    had = "{'prior_therapy': {'drugs': ['letrozole']}}"
    assert "washout" in written
    assert written.count(had) == 1


@pytest.mark.parametrize("who", ["the treating physician", "their oncologist"])
def test_several_drugs_of_one_plan_are_one_question(reader: Reader, who: str) -> None:
    entry = f"Suitable for adjuvant docetaxel, carboplatin, trastuzumab followed by surgery as judged by {who}"
    written = _read(reader, "in", entry)
    assert "unread" not in written
    assert "carboplatin, trastuzumab followed by surgery" in written


def test_a_bullet_in_small_letters_that_says_which_goes_on_with_the_one_before(reader: Reader) -> None:
    written = _read(reader, "in", "At least 8 weeks since paclitaxel\n* that is similar to the study drug\n* Adults")
    assert "whether it was similar to the study drug" in written
    assert "unread" not in written
    assert "{'not': {'judgement'" in written
