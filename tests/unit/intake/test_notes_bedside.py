"""Values told at the bedside: counts under other names, limits of two tests, Fahrenheit, earlier echoes, titles."""

import pytest

from unit.intake.note_helpers import at, patient

DAY = "Date: 18/05/2026\nMetastatic breast cancer.\n"


def _labs(text):
    return [
        (one["name"], str(one["value"]), one["unit"], str(one.get("uln", "")), str(one.get("date", "")))
        for one in at(patient(DAY + text), "labs") or []
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Labs from this morning: white count 5.1, ANC 3.0",
            [("wbc", "5.1", "10*9/L", "", "2026-05-18"), ("anc", "3.0", "10*9/L", "", "2026-05-18")],
        ),
        ("Labor 12.05.2026: Lc 6,4 G/l", [("wbc", "6.4", "10*9/L", "", "2026-05-12")]),
        ("Labor 12.05.2026: Tc 288 G/l", [("platelets", "288", "10*9/L", "", "2026-05-12")]),
        ("Platelets 2,14,000/cumm", [("platelets", "214000", "/uL", "", "")]),
        ("AST / ALT   19 / 33 U/L   < 35 / < 45", [("ast", "19", "U/L", "35", ""), ("alt", "33", "U/L", "45", "")]),
        ("AST/ALT 19/33 U/L (up to 35 / up to 45)", [("ast", "19", "U/L", "35", ""), ("alt", "33", "U/L", "45", "")]),
        # No count.
        ("Tc 99m bone scan was normal.", []),
        ("Lc 5 of the list", []),
        ("The white count fell.", []),
    ],
)
def test_counts_under_other_names_and_limits_of_two_tests(text, expected):
    assert _labs(text) == expected


def test_limits_of_two_tests_are_not_made_of_a_day_or_a_share():
    assert all(one[3] == "" for one in _labs("AST/ALT 19/33 U/L 12/05 next"))


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("BP 118/72 | HR 74 | Temp 98.6 F", "vitals.temperature_c", "37.0"),
        ("Temperature 100.4 °F, pulse 90", "vitals.temperature_c", "38.0"),
        ("T 98.2, BP 112/60", "vitals.temperature_c", "36.8"),
        ("T 99.1 was the dose", "vitals.temperature_c", None),
        ("Temp chart 98.6 pages", "vitals.temperature_c", None),
        ("Please check her blood pressure once a month. It was 148/86 today.", "vitals.blood_pressure", "148/86"),
        ("The ratio of the two counts is low. It was 148/86 today.", "vitals.blood_pressure", None),
        ("ECG 13/04/2026: QTcF 430 ms", "cardiac.ecg_date", "2026-04-13"),
        ("QTcF 421 ms (ECG 13 April 2026)", "cardiac.ecg_date", "2026-04-13"),
        ("On 13 April 2026 QTcF was 421 ms.", "cardiac.ecg_date", None),
        ("Adm 11/5/2026 with cough, sats 85% RA.\nObs today: SpO2 96% on air", "vitals.spo2_percent", "96"),
        ("Adm 11/5/2026. T 38.7, neut 0.3 on adm.\nO/e T 36.8, BP 110/70", "vitals.temperature_c", "36.8"),
        ("Obs: SpO2 96% on 1 L (3 L yesterday)", "vitals.spo2_percent", "96"),
        ("RR 18, sats 92% on 2L (85 RA on arrival), HR 90", "vitals.spo2_percent", "92"),
        ("PERFORMANCE (ECOG) 1", "performance.ecog", 1),
        ("Performance of the scanner (PS) is good", "performance.ecog", None),
        ("Age / Sex : 57 years / Female", "demographics.age", 57),
        ("Mme XXXX, born 12/12/1961", "demographics.sex", "female"),
        ("Patient     Herr Ernst, geb. 05.12.1959", "demographics.sex", "male"),
        ("Sra. Ana Doe, fecha de nacimiento 13/12/1961", "demographics.sex", "female"),
        ("Herr Dr. Meier, Chefarzt", "demographics.sex", None),
        ("Frau Prof. Meier, Patient geb. 05.12.1959", "demographics.sex", None),
    ],
)
def test_signs_and_titles(text, path, value):
    found = at(patient(DAY + text), path)
    assert (found if value is None or isinstance(value, int) else str(found)) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Echo 13/04/2026 LVEF 60% (63% on 02/02/2026)", [("63", "2026-02-02", "echo"), ("60", "2026-04-13", "echo")]),
        (
            "MUGA on April 2 was 60 percent, it was 64 percent in January.",
            [("64", "2026-01", "muga"), ("60", "2026-04-02", "muga")],
        ),
        ("Echo 13/4 EF 55%, 12/2 57%.", [("57", "2026-02-12", "echo"), ("55", "2026-04-13", "echo")]),
        # The earlier one was measured otherwise, or nobody says how.
        ("Echo 13.04.2026 EF 55% (MUGA 61% on 3.3.2026)", [("61", "2026-03-03", None), ("55", "2026-04-13", "echo")]),
        ("LVEF 60% on 13/04/2026 (63% on 02/02/2026)", [("63", "2026-02-02", None), ("60", "2026-04-13", None)]),
    ],
)
def test_an_earlier_echo_behind_the_new_one(text, expected):
    found = at(patient(DAY + text), "cardiac.lvef") or []
    assert [(str(one["percent"]), str(one["date"]), one.get("method")) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Second cycle delayed one week for ANC 0.7 (G3), no fever.", []),
        ("Capecitabine 3/2025-8/2025, stopped for platelets 38.", []),
        ("Treatment held today for ANC 0.7.", ["0.7"]),
        ("C2 delayed for platelets 61 on 02/04/2026.", ["61"]),
        ("C2 was delayed. ANC 2.1 and platelets 180.", ["2.1", "180"]),
    ],
)
def test_the_reason_of_an_earlier_delay_is_no_value_of_today(text, values):
    assert [one[1] for one in _labs(text)] == values
