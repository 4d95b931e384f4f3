"""Treatment: tables with a heading, cycles told in other ways, and settings that go on along a line."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient

HEAD = "Oncology review 3 November 2026. Metastatic colorectal cancer.\n"


def _courses(text: str) -> list[dict[str, object]]:
    return patient(text)["therapies"]


def test_a_table_gives_each_column_its_meaning():
    rows = (
        "Regimen\tStart\tStop\tCycles\tBest resp\tReason\n"
        "CAPOX (adjuvant)\t11/07/2022\t22/01/2023\t8\tn/a\tcompleted\n"
        "FOLFIRI + bevacizumab\t19/03/2024\t10/12/2024\t17\tPR\tPD\n"
        "T-DXd\t21/10/2025\tongoing\t11\tPR\t-\n"
    )
    first, second, third = _courses(HEAD + rows)
    assert (first["setting"], first["cycles"], first["reason_stopped"]) == ("adjuvant", 8, "completed")
    assert (second["end"], second["best_response"], second["reason_stopped"]) == ("2024-12-10", "PR", "progression")
    assert (third["start"], third["ongoing"]) == ("2025-10-21", True)
    assert "best_response" not in first


def test_a_row_that_does_not_fit_its_heading_is_not_read_by_it():
    rows = "Regimen\tStart\tStop\tCycles\nFOLFOX\tfrom 11/07/2022\tabout Christmas\t8\n"
    assert "end" not in _courses(HEAD + rows)[0]


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("T-DXd from 3 March 2026; C4D1 today.", 4),
        ("Since 28 April 2026 trastuzumab emtansine, 9 of 14 cycles given.", 9),
        ("She started capecitabine on 8 June 2026 and has received her fifth cycle.", 5),
    ],
)
def test_cycles_are_those_given(text, cycles):
    assert _courses(HEAD + text)[0]["cycles"] == cycles


def test_a_course_since_a_day_without_an_end_goes_on():
    assert _courses(HEAD + "Since 22 June 2026 tucatinib plus trastuzumab.")[0]["ongoing"] is True


def test_what_follows_adjuvant_chemotherapy_on_its_line_is_adjuvant_and_what_follows_endocrine_treatment_is_not():
    head = "Seen 3 November 2026. Left breast cancer 2019, metastatic since 2024.\n"
    told = _courses(head + "Adj AC x4 -> paclitaxel x4 until February 2020, RT, letrozole from April 2020.")
    assert {one["setting"] for one in told} == {"adjuvant"}
    told = _courses(
        head + "Adjuvant letrozole June 2019 to April 2024; ribociclib and fulvestrant May 2024 to August 2025."
    )
    assert [one.get("setting") == "adjuvant" for one in told] == [True, False]


def test_the_day_of_growth_stands_behind_the_places():
    told = _courses(HEAD + "FOLFIRI 04/2026 - 10/2026, PD liver and new lung nodules 20 October 2026.")
    assert told[0]["progression_date"] == "2026-10-20"


def test_radiotherapy_of_two_days_has_a_first_and_a_last_one():
    found = patient("Seen 3 November 2026.\n27.04. - 29.05.2026 radiotherapy left breast 40,05 Gy, boost 10 Gy")[
        "procedures"
    ]
    assert [(one["date"], one["end"], one["dose_gy"]) for one in found] == [("2026-04-27", "2026-05-29", "40.05")]


def test_a_planned_stent_is_none_and_a_placed_one_has_its_day():
    assert "procedures" not in patient("Seen 3 May 2026. Stent to be placed on 9 May 2026.")
    found = patient("Seen 3 May 2026. ERCP with metal stent inserted on 27 April 2026.")["procedures"]
    assert found == [{"kind": "other", "name": "stent", "site": "biliary", "date": "2026-04-27"}]


def test_metastatic_tissue_in_a_node_does_not_make_the_disease_metastatic():
    head = "Breast MDT 21 January 2026\nInvasive ductal carcinoma left breast.\n"
    text = head + "Left axillary lymph node, core: metastatic ductal carcinoma."
    assert "setting" not in patient(text)["cancer"]


def test_what_was_given_before_the_operation_is_neoadjuvant_whatever_was_told_first():
    text = (
        "Seen 3 November 2026. She finished adjuvant Herceptin in December 2021. "
        "She had six cycles of EC and docetaxel before the operation, between April and August 2020."
    )
    told = {one["setting"] for one in _courses(text) if "docetaxel" in one["drugs"]}
    assert told == {"neoadjuvant"}


def test_a_day_behind_today_is_the_day_of_the_note_and_ends_nothing():
    found = patient("Bladder cancer, cystectomy 4/22/2024. T-DXd C1D1 8/3/2026, C3 today 9/14/2026.")
    assert found["as_of"] == "2026-09-14"
    assert [(one["start"], one["cycles"], "end" in one) for one in found["therapies"]] == [("2026-08-03", 3, False)]
