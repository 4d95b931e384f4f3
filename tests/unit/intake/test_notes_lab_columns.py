"""Laboratory values: columns of days without a year, a column of limits, older values in brackets, ranges of rules."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


def _labs(text: str) -> set[tuple[str, ...]]:
    return {(one["name"], one["value"], one["unit"], one.get("date", "")) for one in patient(text).get("labs", [])}


@pytest.mark.parametrize(
    "rows",
    [
        "LABS            03/06     03/12\nWBC K/uL         0.9       5.8\nHgb g/dL         7.6       8.8\n",
        "Test | 03/06 | 03/12\nWBC (K/uL) | 0.9 | 5.8\nHgb (g/dL) | 7.6 L | 8.8 L\n",
        "Results | 03/06 | 03/12 | Ref\nWBC (K/uL) | 0.9 | 5.8 | 4-10\nHgb (g/dL) | 7.6 | 8.8 | >12\n",
    ],
)
def test_columns_take_their_days_from_a_heading_without_years(rows):
    found = _labs(f"Admitted 03/06/2026, discharged 03/14/2026.\n\n{rows}")
    assert ("wbc", "0.9", "10*3/uL", "2026-03-06") in found
    assert ("wbc", "5.8", "10*3/uL", "2026-03-12") in found
    assert ("haemoglobin", "8.8", "g/dL", "2026-03-12") in found
    assert len(found) == 4


def test_a_last_column_of_limits_is_no_result():
    rows = "LABS | 09/04/2026 | 10/20/2026 | Ref\nCA-125 (U/mL) | 412 H | 688 H | <35\n"
    found = patient(f"Seen 10/22/2026.\n{rows}")["labs"]
    assert [(one["value"], one["uln"], one["date"]) for one in found] == [
        ("412", "35", "2026-09-04"),
        ("688", "35", "2026-10-20"),
    ]


@pytest.mark.parametrize("older", ["(118 on 11/10)", "(was 118 mg/L on 11/10)", "(11/10: 118)"])
def test_an_older_value_stands_in_brackets_with_its_day(older):
    found = _labs(f"Ward 14/10/26, note of 15.10.2026\nBloods 13/10: CRP 64 {older}  Hb 102  creat 61")
    assert ("crp", "64", "mg/L", "2026-10-13") in found
    assert ("crp", "118", "mg/L", "2026-10-11") in found


@pytest.mark.parametrize("name", ["lymph", "lymphs", "Lympho"])
def test_lymphocytes_have_short_names(name):
    found = _labs(f"Seen 14/10/2026. Bloods: WCC 9.8, {name} 0.6, Hb 102")
    assert ("lymphocytes", "0.6", "10*9/L", "") in found


def test_a_range_of_a_rule_is_no_value():
    text = "Seen 22/04/2026.\nBloods 01/04/2026: Hb 121 plt 96 creat 58\nParameters: plt 25-74 defer.\n"
    assert [one for one in _labs(text) if one[0] == "platelets"] == [("platelets", "96", "10*9/L", "2026-04-01")]


def test_a_month_and_a_figure_before_results_are_their_day():
    found = _labs("Board 25 August 2026\nAug 19: CEA 188 ug/L, ALT 38 U/L.")
    assert {one[3] for one in found} == {"2026-08-19"}
    assert not [one for one in _labs("Board 25 August 2026\nSep 19: mastectomy. ALT 38 U/L.") if one[3]]


def test_creatinine_tells_the_units_of_the_others():
    found = _labs("Seen 26 August 2026. Bloods: Cr 55 Bil 7 ALT 26 Na 137")
    assert ("bilirubin", "7", "umol/L", "") in found


def test_haemoglobin_that_may_be_in_two_units_is_asked_for():
    assert not [one for one in _labs("Seen 26 August 2026. Hb 9.8, creatinine 148.") if one[0] == "haemoglobin"]


def test_a_value_told_again_without_its_day_is_one():
    text = "Seen 26 August 2026. Creatinine 1.4 mg/dL on arrival.\nLabs 24 August 2026: creatinine 1.4 mg/dL"
    assert _labs(text) == {("creatinine", "1.4", "mg/dL", "2026-08-24")}
