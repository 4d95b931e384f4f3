"""Side effects: grades beside, before and far behind their names, in lists and in tables."""

from __future__ import annotations

import pytest
from tests.unit.intake.note_helpers import patient


def _graded(text: str) -> list[tuple[str, int | None]]:
    return [(one["name"], one.get("grade")) for one in patient(text).get("toxicities", [])]


def test_bare_grades_count_in_a_list_that_asks_for_grades_and_nought_is_none():
    text = "Worst grade since last visit (CTCAE 5.0), 18 May 2026:\nnausea 2 / diarrhoea 0 / fatigue 1"
    assert _graded(text) == [("nausea", 2), ("fatigue", 1)]
    assert _graded("Seen 18 May 2026. Fatigue 2 weeks ago.") == []


def test_rows_of_a_log_tell_the_day_and_whether_it_lasts():
    text = "AE log\nTerm\tGrade\tStart\tStop\nNausea\t1\t2 June 2026\tongoing\nRash\t3\t9 June 2026\t16 June 2026"
    assert patient(text)["toxicities"] == [
        {"name": "nausea", "grade": 1, "date": "2026-06-02", "ongoing": True},
        {"name": "rash", "grade": 3, "date": "2026-06-09", "ongoing": False},
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Diarrhoea up to three times above baseline (G1), loperamide helps.", [("diarrhoea", 1)]),
        ("Sensory neuropathy CTC 2, cannot do buttons.", [("peripheral sensory neuropathy", 2)]),
        ("Numb toes and nausea, grade 2 fatigue.", [("fatigue", 2)]),
        ("The neuropathy from paclitaxel, grade 2 in spring, has improved to grade 1.", [("peripheral neuropathy", 1)]),
        ("Diarrhoea of grade 3 or more was seen in 8% of patients.", []),
    ],
)
def test_a_grade_goes_with_its_own_name(text, wanted):
    assert _graded(f"Seen 18 May 2026. {text}") == wanted


def test_an_examination_list_of_the_heart_gives_every_day():
    text = "Seen 1 July 2026. MUGA 06/11/2025 64%; echo 10/02/2026 LVEF 58%; repeat 30/06/2026 55%."
    found = patient(text)["cardiac"]["lvef"]
    assert [(one["percent"], one["date"], one.get("method")) for one in found] == [
        ("64", "2025-11-06", "muga"),
        ("58", "2026-02-10", "echo"),
        ("55", "2026-06-30", None),
    ]
