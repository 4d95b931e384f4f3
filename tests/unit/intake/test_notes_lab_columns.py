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


_DAYS = "                       03.09.2026     08.09.2026     11.09.2026\n"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Hb g/dl                   9,4            9,9           10,3\n", ["03", "08", "11"]),
        ("CRP mg/l                  71                           22\n", ["03", "11"]),
        ("CRP mg/l                                  40\n", ["08"]),
        ("CRP mg/l                  71\n", ["03"]),
        ("leucocytes tys/ul                         6,1            7,0\n", ["08", "11"]),
    ],
)
def test_a_row_with_fewer_results_than_days_is_told_by_its_places(row, expected):
    found = _labs(f"Ward letter of 12.09.2026\n\n{_DAYS}{row}")
    assert sorted(one[3] for one in found) == [f"2026-09-{day}" for day in expected]


@pytest.mark.parametrize(
    "rows",
    [
        "Test | 03.09.2026 | 08.09.2026\nALT (U/L) | | 44\n",
        "Test\t03.09.2026\t08.09.2026\nALT U/L\t\t44\n",
        "| Test | 03.09.2026 | 08.09.2026 |\n| ALT U/L |  | 44 |\n",
    ],
)
def test_an_empty_cell_is_counted(rows):
    assert _labs(f"Ward letter of 12.09.2026\n\n{rows}") == {("alt", "44", "U/L", "2026-09-08")}


def test_a_result_between_two_days_has_none():
    rows = "            03.09.2026                    08.09.2026\nALT U/L                     44\n"
    assert _labs(f"Ward letter of 12.09.2026\n\n{rows}") == {("alt", "44", "U/L", "")}


def test_pairs_stand_under_days():
    rows = (
        "                    03-09-26      08-09-26\n"
        "SGOT/SGPT U/L          61/39        48/35\n"
        "Bilirubin T mg/dL       1.1          0.7\n"
    )
    assert _labs(f"Discharged 23-09-2026\n{rows}") == {
        ("ast", "61", "U/L", "2026-09-03"),
        ("alt", "39", "U/L", "2026-09-03"),
        ("ast", "48", "U/L", "2026-09-08"),
        ("alt", "35", "U/L", "2026-09-08"),
        ("bilirubin", "1.1", "mg/dL", "2026-09-03"),
        ("bilirubin", "0.7", "mg/dL", "2026-09-08"),
    }


def test_what_a_protocol_asks_for_is_no_limit_of_the_laboratory():
    text = (
        "9 LVEF    58 %  echo 02.09.2026      (63 % in 04.2025)\n\n"
        "10 Blood tests 08.09.2026         result      limit in protocol     ok?\n"
        "   Hemoglobin g/dL                 10.9        > 9                  ok\n"
        "   Albumin g/L                     34          > 25\n"
        "   Bilirubin umol/L                11          < 1.5 x ULN          ok\n"
    )
    found = patient(f"Screening sheet 12.09.2026\n{text}")["labs"]
    assert {(one["name"], one["value"], one["date"]) for one in found} == {
        ("haemoglobin", "10.9", "2026-09-08"),
        ("albumin", "34", "2026-09-08"),
        ("bilirubin", "11", "2026-09-08"),
    }
    assert not [one for one in found if "uln" in one or "lln" in one]


def test_plates_count_with_their_unit_only():
    assert _labs("Seen 14/10/2026. Two plates 12 screws in the left femur.") == set()
    assert _labs("Seen 14/10/2026. Bloods 13/10/2026: white cells 3.3, plates 140 tys/ul") == {
        ("wbc", "3.3", "10*9/L", "2026-10-13"),
        ("platelets", "140", "10*3/uL", "2026-10-13"),
    }


@pytest.mark.parametrize("fluid", ["Urine", "CSF", "Pleural fluid", "Urine microscopy"])
def test_cells_of_another_fluid_are_not_those_of_the_blood(fluid):
    assert _labs(f"Seen 14/10/2026. {fluid}: white cells 25, ALT 31") == set()
