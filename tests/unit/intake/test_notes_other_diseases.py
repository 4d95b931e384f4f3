"""Other diseases, medicines and the person: what is said of them, and what is only spoken of."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


def _conditions(text: str) -> list[tuple[str, str | None, str | None]]:
    found = patient(f"Seen 22 April 2026.\n{text}").get("conditions", [])
    return [(one["name"], one.get("status"), one.get("date")) for one in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("PMH: asthma as a child, hypertension", [("asthma", "resolved", None), ("hypertension", "active", None)]),
        ("Resolved problems\n  Gout", [("gout", "resolved", None)]),
        (
            "Secondary diagnoses: heart failure NYHA II; gout",
            [("heart failure", "active", None), ("gout", "active", None)],
        ),
        ("She was given a leaflet on hypertension.", []),
        ("Long QT syndrome excluded.", []),
        ("TB contact in 1988.", []),
        ("He was admitted with a pulmonary embolism (6 January 2026).", [("pulmonary embolism", None, "2026-01-06")]),
    ],
)
def test_diseases(text, wanted):
    assert _conditions(text) == wanted


def test_a_day_belongs_to_its_own_part_of_a_list():
    assert _conditions("PMH: hypertension, knee replacement 2020") == [("hypertension", "active", None)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Avoid omeprazole, grapefruit and clarithromycin.", []),
        ("Dexamethasone 4 mg was given from 20 to 27 February 2026 only.", []),
        ("Medications on admission: pantoprazol 40 mg, torasemid 10 mg if needed", ["pantoprazole", "torasemide"]),
        ("Meds: none except losartana 50 mg", ["losartan"]),
    ],
)
def test_medicines_are_those_taken(text, names):
    assert [one["name"] for one in patient(f"Seen 22 April 2026.\n{text}").get("medications", [])] == names


def test_who_lives_with_a_wife_is_not_spoken_of_as_a_relative():
    person = patient("Seen 20 August 2026. 72-year-old retired bus driver, lives with his wife.")["demographics"]
    assert person["age"] == 72


def test_loss_of_two_repair_proteins_beside_two_intact_ones_is_a_deficiency():
    text = "Seen 20 August 2026. Loss of MLH1 and PMS2, MSH2 and MSH6 intact."
    assert patient(text)["biomarkers"]["mmr"] == "dMMR"


def test_of_two_columns_of_days_the_newer_receptors_count():
    text = "Seen 1 October 2026.\nMarker\tPrimary (03/2022)\tMetastasis (09/2026)\nER\t95%\t70%\nPR\t80%\t0%"
    markers = patient(text)["biomarkers"]
    assert (markers["er"]["percent"], markers["pr"]["status"], markers["er"]["date"]) == ("70", "negative", "2026-09")


def test_results_take_the_day_of_the_sample_named_before_them_on_their_line():
    text = "Seen 1 October 2026.\nMastectomy 14 April 2021: 34 mm, grade 3 carcinoma, 5/18 nodes. ER 90%, PR 20%."
    assert patient(text)["biomarkers"]["er"]["date"] == "2021-04-14"


def test_scores_out_of_eight_are_no_percentages():
    markers = patient("Seen 1 October 2026. Liver core: ER 8 PR 0, HER2 0.")["biomarkers"]
    assert (markers["er"], markers["pr"]) == ({"status": "positive"}, {"status": "negative"})


def test_a_cell_that_answers_no_denies_its_own_question_only():
    text = "Seen 5 May 2026.\nDiabetes: No\tEpilepsy: No\tSleep apnoea: Yes (CPAP)\n"
    assert [one["name"] for one in patient(text).get("conditions", [])] == ["sleep apnoea"]


def test_a_table_of_problems_gives_day_and_status():
    head = "PROBLEM LIST (reviewed 3 March 2026)\nDiagnosis\tDate noted\tStatus\n"
    text = head + "Hypothyroidism\t6/2014\tActive\nGout\t9/2019\tResolved\n"
    assert [(one["name"], one["status"], one["date"]) for one in patient(text)["conditions"]] == [
        ("hypothyroidism", "active", "2014-06"),
        ("gout", "resolved", "2019-09"),
    ]
