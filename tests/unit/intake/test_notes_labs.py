"""Laboratory values: units, limits, days, series and tables."""

from __future__ import annotations

import pytest
from tests.unit.intake.note_helpers import patient, read


def _labs(text: str) -> list[tuple[str, str, str | None]]:
    return [(one["name"], one["value"], one.get("date")) for one in patient(text).get("labs", [])]


def test_a_row_gives_flag_unit_and_limits_in_any_order():
    head = "Sample collected 23/08/2026 07:40   Reported 24/08/2026\nTest\tResult\tUnit\tInterval\n"
    text = f"{head}Hb\t9.6 L\tg/dL\t13.0 - 17.0\nSGPT\t33\tU/L\t< 50"
    assert patient(text)["labs"] == [
        {"name": "haemoglobin", "value": "9.6", "unit": "g/dL", "uln": "17.0", "lln": "13.0", "date": "2026-08-23"},
        {"name": "alt", "value": "33", "unit": "U/L", "uln": "50", "date": "2026-08-23"},
    ]


def test_limits_with_thousands_stay_thousands():
    row = patient("Labs 23 August 2026\nWBC\t11,200 H\tcells/cumm\t4,000 - 10,000")["labs"][0]
    assert (row["value"], row["lln"], row["uln"]) == ("11200", "4000", "10000")


def test_a_decimal_comma_before_a_unit_is_no_end():
    assert _labs("Lab 02.11.2026: leucocytes 4,6/nl, thrombocytes 118/nl") == [
        ("wbc", "4.6", "2026-11-02"),
        ("platelets", "118", "2026-11-02"),
    ]


def test_values_with_a_day_each_are_a_series():
    assert _labs("Seen 20 July 2026. CEA trend: 4.1 (Jan 2026), 12.6 (Mar 2026), 38.9 ng/mL (15 June 2026).") == [
        ("cea", "4.1", "2026-01"),
        ("cea", "12.6", "2026-03"),
        ("cea", "38.9", "2026-06-15"),
    ]


def test_a_value_that_moved_is_its_newest_and_an_older_one_without_a_day_is_left_out():
    assert _labs("Seen 20 July 2026. Bilirubin has come down from 214 to 38 umol/L (19 July 2026).") == [
        ("bilirubin", "38", "2026-07-19")
    ]


def test_two_names_share_a_stroke():
    assert _labs("Labs 05/13/2026: OT/PT 49/37 U/L") == [("ast", "49", "2026-05-13"), ("alt", "37", "2026-05-13")]


def test_a_share_of_the_cells_is_no_count():
    assert _labs("Labs 05/13/2026: neutrophils 68 %, lymphocytes 24 %") == []


def test_direct_bilirubin_is_another_value():
    names = [
        name for name, *_ in _labs("Labs 13 May 2026\nBilirubin (total) : 2.8 mg/dL\nBilirubin (direct) : 1.9 mg/dL")
    ]
    assert names == ["bilirubin", "direct_bilirubin"]


def test_a_table_with_a_row_for_each_day():
    text = "Seen 12 November 2026\nDate\tWBC\tHGB\tPLT\n10/20/26\t4.4\t11.3\t155\n11/10/26\t3.9\t10.9\t132"
    assert [day for *_, day in _labs(text)] == ["2026-10-20"] * 3 + ["2026-11-10"] * 3


@pytest.mark.parametrize("words", ["Bilirubin 1.9x ULN", "Bilirubin 1.9 x the ULN"])
def test_a_multiple_of_the_limit_is_no_value(words):
    assert _labs(f"Labs 13 May 2026: {words}") == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Hb 91 g/L, CRP 187 mg/L (all 26 May 2026)", ["2026-05-26"] * 2),
        ("Seen 27 May 2026. Bloods this morning: Hb 91 g/L.", ["2026-05-27"]),
        ("Seen 27 May 2026. CEA was 19 ng/mL in March.", ["2026-03"]),
    ],
)
def test_days_behind_and_without_a_year(text, days):
    assert [day for *_, day in _labs(text)] == days


def test_an_abbreviation_of_two_senses_needs_company():
    assert _labs("PT 62 was seen with her son") == []
    assert ("calcium", "2.2", None) in _labs("Na 131 mmol/L, K 4.9 mmol/L, Ca 2.2 mmol/L")


def test_viral_markers_in_a_list_share_their_result_and_day():
    record = patient("Virology 19 May 2026: HBsAg, anti-HBc total and anti-HCV non-reactive, HIV Ag/Ab combo negative")
    assert record["serology"] == {
        "hbsag": "negative",
        "anti_hbc": "negative",
        "anti_hcv": "negative",
        "hiv": "negative",
        "date": "2026-05-19",
    }


def test_an_antibody_against_the_surface_antigen_is_no_antigen():
    assert "serology" not in patient("Seen 19 May 2026. Anti-HBs positive after vaccination")


def test_viral_markers_with_their_sign_in_brackets_are_results_and_no_diseases():
    read_one = patient("Breast cancer.\nScreen: HBsAg (-), anti-HBc (+), anti-HCV (-), HIV (-)")
    assert read_one["serology"] == {
        "hbsag": "negative",
        "anti_hbc": "positive",
        "anti_hcv": "negative",
        "hiv": "negative",
    }
    assert "conditions" not in read_one


def test_an_antibody_alone_is_no_disease():
    read_one = patient("Breast cancer.\nScreen: anti-HCV (+)")
    assert read_one["serology"] == {"anti_hcv": "positive"}
    assert "conditions" not in read_one


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Plt 21.4 x10^4/uL", "10*4/uL"),
        ("PLT 21.4×10⁴/μL, WBC 5.6 x10^3/uL", "10*4/uL"),
        ("Platelet count (x10^4/µL)   21.4   (15-35)", "10*4/uL"),
        ("Plt 21.4 万/μL", "10*4/uL"),
        ("Plt 21.4 x 10e4/uL, Neut 3,700", "10*4/uL"),
        ("Plt 21.4 x10^9/L", "10*9/L"),
        ("Plt 21.4, WBC 5.6", "10*9/L"),
    ],
)
def test_platelets_are_counted_in_ten_thousands_where_it_is_said(text, unit):
    rows = {row["name"]: row for row in patient(f"Clinic 8 September 2026\n{text}")["labs"]}
    assert (rows["platelets"]["value"], rows["platelets"]["unit"]) == ("21.4", unit)


@pytest.mark.parametrize(
    "text",
    [
        "WBC 5,600, Plt 21.4, AST 33",  # beside such a number of white cells it may be 214 or 21
        "bilirubin 12 pmol/L",
        "ANC 3.2 cells/mL",
        "Plt 21.4 x10^7/L",
    ],
)
def test_no_unit_is_assumed_where_another_stands_or_may_be_meant(text):
    found = read(f"Clinic 8 September 2026\n{text}")
    assert {"platelets", "bilirubin", "anc"}.isdisjoint({row["name"] for row in found.patient.get("labs", [])})
    assert "unit" in {question.code for question in found.questions}
