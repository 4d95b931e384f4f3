"""Courses: tables of chart exports, counts told in the next sentence, day units, what goes on and what has ended."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

HEAD = "Seen 14 October 2026. Metastatic breast cancer.\n"


def _courses(text: str, head: str = HEAD) -> list[dict[str, object]]:
    return patient(head + text).get("therapies", [])


TABLE = """
| Line | Protocol | First | Last | Cyc | Best | End |
|------|----------|-------|------|-----|------|-----|
| 1 | docetaxel + trastuzumab + pertuzumab | 03/05/2023 | 17/09/2023 | 6 | PR | planned switch |
| 1m | trastuzumab + pertuzumab | 08/10/2023 | 15/01/2025 | | SD | PD 20/01/2025 |
| RT | whole brain | 02/02/2025 | 14/02/2025 | | | |
| 2 | T-DXd | 01/03/2025 | (23/09/2026) | 24 | PR | ongoing |
| 3 | capecitabine + tucatinib | -- | | | | order cancelled, not given |
"""


def test_empty_cells_keep_their_columns_and_other_rows_do_not_end_the_table():
    first, second, third = _courses(TABLE)
    assert (first["cycles"], first["reason_stopped"]) == (6, "planned_switch")
    assert second["setting"] == "maintenance"
    assert (second["reason_stopped"], second["progression_date"]) == ("progression", "2025-01-20")
    assert (third["cycles"], third["ongoing"], third.get("end")) == (24, True, None)


def test_a_reaction_to_one_drug_is_a_reason_of_a_table():
    rows = (
        "Regimen | Start | Last dose | Cyc | Intent | Stopped for | Best resp\n"
        "Carboplatin/PLD | 09/12/2024 | 07/04/2025 | 5 | recurrence | carboplatin reaction | PR\n"
        "Gemcitabine | -- | -- | | recurrence | drafted, not signed |\n"
    )
    (only,) = _courses(rows, "Seen 14/10/2026. Metastatic ovarian cancer.\n")
    assert (only["reason_stopped"], only["best_response"], only["cycles"]) == ("toxicity", "PR", 5)


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("FOLFOX + panitumumab 17.04.2023 - 25.09.2023, 12 x, PR", 12),
        ("12.02 - 29.04.2024 gemcitabine/cisplatin, 4 series before the operation.", 4),
        ("4 x EC followed by weekly paclitaxel in 2016.", 4),
        ("Taxotere with Herceptin six times from September 2022.", 6),
        ("T-DXd since 3 March 2026, the most recent was C11 on 29 September 2026.", 11),
        ("I started Enhertu on 12 November 2025. I've had 11 and number 12 is tomorrow.", 11),
        ("I started Enhertu on 12 November 2025. I have had twelve so far.", 12),
        ("She began eribulin in May 2026. Nine courses up to now, the latest on 31 August.", 9),
    ],
)
def test_cycles_are_counted_in_many_ways(text, cycles):
    assert [one["cycles"] for one in _courses(text) if "cycles" in one] == [cycles]


@pytest.mark.parametrize(
    "text",
    [
        "Capecitabine two times daily since May 2026.",
        "T-DXd since May 2026. ALT five times the upper limit.",
    ],
)
def test_times_a_day_and_times_a_limit_are_no_cycles(text):
    assert "cycles" not in _courses(text)[0]


def test_a_range_without_the_first_year_crosses_new_year():
    (only,) = _courses("12.11. - 03.02.2026 gemcitabine/cisplatin.")
    assert (only["start"], only["end"]) == ("2025-11-12", "2026-02-03")


DAY_UNIT = "Day unit 02/04/2026. Breast cancer.\nProtocol: trastuzumab emtansine 3.6 mg/kg, adjuvant\n"


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("Cycle 9 of 14   Day 1   C1 was 16/10/2025\nGiven 11:10 - 11:40, no reaction.", 9),
        ("Cycle 9 of 14   Day 1   C1 was 16/10/2025\nDeferred one week, platelets 60.", None),
        ("Cycle 9 of 14   Day 1   C1 was 16/10/2025\nBloods awaited.", None),
    ],
)
def test_a_cycle_of_a_day_unit_counts_where_it_was_given(text, cycles):
    (only,) = _courses(text, DAY_UNIT)
    assert only.get("cycles") == cycles
    assert (only["setting"], only["start"]) == ("adjuvant", "2025-10-16")


@pytest.mark.parametrize(
    "text",
    [
        "8 cycles, the last on 9 March 2026.\nPlan\n1. T-DXd is finished for good because of the pneumonitis.",
        "8 cycles, the last on 9 March 2026. T-DXd was permanently discontinued for pneumonitis.",
        "Last dose 9 March 2026, we gave up on it for pneumonitis.",
    ],
)
def test_what_has_ended_for_good_ends_with_its_last_dose(text):
    (only,) = _courses(f"T-DXd since 13 Oct 2025. {text}")
    assert (only["end"], only["reason_stopped"], only["ongoing"]) == ("2026-03-09", "toxicity", False)


def test_the_last_dose_of_what_goes_on_is_no_end():
    (only,) = _courses("T-DXd since 16 March 2026. Nine courses up to now, the latest on 31 August.")
    assert "end" not in only
    assert only["ongoing"] is True


@pytest.mark.parametrize(
    "then", ["then trastuzumab and pertuzumab 10/2023 - 08/2024", "trastuzumab/pertuzumab alone 10/2023 - 08/2024"]
)
def test_a_part_of_the_drugs_given_on_is_maintenance(then):
    first, second = _courses(f"Docetaxel/trastuzumab/pertuzumab 17.04.2023 - 25.09.2023, PR\n{then}, PD liver")
    assert (first["setting"], second["setting"]) == ("metastatic", "maintenance")


def test_a_part_of_the_drugs_after_progression_is_a_line_of_its_own():
    text = "Docetaxel/trastuzumab 17.04.2023 - 25.09.2023, PD in liver. Docetaxel 10/2023 - 02/2024."
    assert [one["setting"] for one in _courses(text)] == ["metastatic", "metastatic"]


def test_a_drug_left_out_is_no_part_and_a_total_dose_no_course():
    (only,) = _courses("01.12.2025 - 10.08.2026 enfortumab vedotin (pembrolizumab left out).")
    assert only["drugs"] == ["enfortumab vedotin"]
    (only,) = _courses("AC x4, last 2 September 2024 (doxorubicin total 240 mg/m2).")
    assert (only["end"], only["cycles"]) == ("2024-09-02", 4)


def test_the_cause_in_brackets_behind_a_side_effect_is_no_course():
    assert not _courses("Neuropathy, grade 2 (paclitaxel) | Active | 05/2026")


def test_letters_that_are_open_elsewhere_mean_one_regimen_in_breast_cancer():
    text = "4/22/2019 to 6/24/2019: adjuvant TC x 4, completed."
    (only,) = _courses(text)
    assert set(only["drugs"]) == {"docetaxel", "cyclophosphamide"}
    assert not _courses(text, "Seen 14 October 2026. Metastatic ovarian cancer.\n")


@pytest.mark.parametrize(
    "text",
    [
        "The council has granted trastuzumab deruxtecan on application. First treatment is set for 24 October 2026.",
        "Plan\n1. Next systemic: trastuzumab deruxtecan, once off steroids.",
    ],
)
def test_what_is_set_down_is_planned(text):
    record = patient(HEAD + text)
    assert [one["drugs"] for one in record["planned"]] == [["trastuzumab deruxtecan"]]
    assert "therapies" not in record


def test_growth_on_a_scan_ends_what_is_stopped_for_it():
    (only,) = _courses("Trastuzumab since May 2025. PD on CT 9 December 2025 (liver) so trastuzumab stopped.")
    assert (only["reason_stopped"], only["progression_date"]) == ("progression", "2025-12-09")


def test_a_patient_tells_when_the_tablets_ended():
    text = (
        "From May 2023 I was on ribociclib and letrozole. "
        "In October 2025 the scan showed the liver was growing again so I came off both."
    )
    (only,) = _courses(text)
    assert (only["start"], only["end"], only["reason_stopped"]) == ("2023-05", "2025-10", "progression")


def test_a_relapse_told_after_adjuvant_treatment_is_not_why_it_ended():
    first = _courses("FLOT x3 post-op, the 4th left out. Liver relapse seen on CT 14 February 2025.")[0]
    assert "reason_stopped" not in first
    assert "progression_date" not in first
    (only,) = _courses("Adjuvant letrozole from 2016. Relapsed on it in 2020.")
    assert only["reason_stopped"] == "progression"


def test_before_my_operation_tells_no_day_of_it():
    record = patient(HEAD + "I had six rounds of TCHP before my operation, from December 2022 to April 2023.")
    assert "procedures" not in record


def test_a_regimen_counted_by_a_figure_alone():
    found = _courses("3 FEC 100 + 3 docetaxel from June to October 2015.")
    assert {tuple(one["drugs"])[-1]: one["cycles"] for one in found} == {"docetaxel": 3, "cyclophosphamide": 3}


def test_the_number_of_a_cycle_before_its_drug_and_not_that_of_the_next_visit():
    text = (
        "Infusion suite 23 September 2026\nPt here for C7D1 Enhertu. C1 was 13 May 2026. HP until PD 4/2026.\n"
        "Infusion completed without reaction. RTC 14 October for C8."
    )
    courses = {one["drugs"][0]: one for one in patient(text)["therapies"]}
    assert (courses["trastuzumab deruxtecan"]["cycles"], courses["trastuzumab deruxtecan"]["start"]) == (
        7,
        "2026-05-13",
    )
    assert "cycles" not in courses["trastuzumab"]


def test_the_same_drugs_with_one_more():
    text = (
        "Trastuzumab with capecitabine from July to December 2025, following six cycles of the same with cisplatin, "
        "from February to June 2025."
    )
    found = {frozenset(one["drugs"]): one.get("cycles") for one in _courses(text)}
    assert found[frozenset({"trastuzumab", "capecitabine", "cisplatin"})] == 6


@pytest.mark.parametrize("label", ["Dx date:", "Date of diagnosis", "Date of surgery:", "Diagnosis date"])
def test_the_day_of_the_diagnosis_is_not_that_of_the_note(label):
    head = f"REGISTRY ABSTRACT\nBreast, left. {label} 17 March 2023\n"
    record = patient(head + "Systemic: 10 April 2023 - 14 August 2023 TCHP 6 cycles.")
    assert "planned" not in record
    assert record["therapies"][0]["end"] == "2023-08-14"


def test_injections_joined_by_a_plus_are_one_regimen():
    text = "Inj docetaxel 75mg/m2 + inj carboplatin AUC 6 + inj trastuzumab x 6 (Mar - Jul 2025)."
    (only,) = _courses(text)
    assert (set(only["drugs"]), only["cycles"]) == ({"docetaxel", "carboplatin", "trastuzumab"}, 6)


def test_what_is_ongoing_is_given_though_its_next_cycle_has_a_day_to_come():
    text = "Then capecitabine/trastuzumab maintenance since July 2026, ongoing; cycle 5 due 22 October."
    record = patient(HEAD + text)
    assert "planned" not in record
    assert record["therapies"][0]["ongoing"] is True


@pytest.mark.parametrize("text", ["mastectomy Nov 2021 (pCR no, RCB-II)", "mastectomy Nov 2021, pCR: not achieved"])
def test_a_complete_response_that_was_not_reached(text):
    assert patient(f"{HEAD}Neoadjuvant TCHP, {text}.")["cancer"]["residual"]["status"] == "residual"


def test_until_progression_behind_a_range_is_not_the_last_dose():
    told = "20 October 2025 to 16 February 2026  durvalumab only, as maintenance, until progression (16 March 2026)."
    (course,) = patient(f"Clinic 13 April 2026. Bile duct cancer.\n{told}")["therapies"]
    assert (course["start"], course["end"], course["progression_date"]) == ("2025-10-20", "2026-02-16", "2026-03-16")


def test_all_given_as_planned_is_completed():
    told = "She got carboplatin and paclitaxel, six cycles, from 25 November 2024 to 10 March 2025, all as planned."
    (course,) = patient(f"Clinic 18 June 2026. Uterine cancer. {told}")["therapies"]
    assert course["reason_stopped"] == "completed"


def test_a_value_of_the_time_before_a_drug_is_no_course():
    assert "therapies" not in patient(
        "Clinic 15 October 2026. Breast cancer.\nLVEF\n  13 January 2026   echo   61%     before docetaxel\n"
    )


@pytest.mark.parametrize(
    "words", ["Multiplex PCR panel: EGFR wild type.", "PCR for EGFR negative.", "PCR-based assay done."]
)
def test_the_chain_reaction_is_no_response(words):
    assert "residual" not in patient(f"Clinic 8 September 2026. Lung adenocarcinoma. {words}").get("cancer", {})


@pytest.mark.parametrize("words", ["Surgery after TCHP: pCR.", "MASTECTOMY: PCR, ypT0 ypN0", "pCR achieved."])
def test_a_complete_response_is_read(words):
    assert patient(f"Clinic 8 September 2026. Breast cancer. {words}")["cancer"]["residual"]["status"] == "pcr"
