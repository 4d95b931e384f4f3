"""Side effects: lists of grades, causes told in other ways, grades that changed, patients' own words."""

from __future__ import annotations

import pytest

from unit.intake.note_helpers import patient


def _effects(text: str) -> dict[str, dict[str, object]]:
    return {str(one["name"]): one for one in patient(f"Seen 14 October 2026. {text}").get("toxicities", [])}


def test_a_list_of_grades_holds_events_and_blood_tests():
    found = _effects(
        "\nToxicity (CTCAE)\n Fatigue     1\n Nausea     0\n Epistaxis     1\n Platelets     2\n ALT     1\n"
    )
    assert {name: one["grade"] for name, one in found.items()} == {
        "fatigue": 1, "epistaxis": 1, "thrombocytopenia": 2, "raised liver enzymes": 1,
    }  # fmt: skip


def test_blood_tests_outside_a_list_of_side_effects_are_no_side_effects():
    assert not _effects("Tumour grade 2.\nINR     1\nPotassium     4\n")


@pytest.mark.parametrize(
    "text",
    [
        "Chest team: drug-induced ILD from T-DXd, grade 3 (oxygen).",
        "Chest team agree ILD, grade 3, T-DXd the cause.",
        "Grade 3 pneumonitis due to T-DXd.",
        "Pneumonitis grade 3, Enhertu was responsible.",
    ],
)
def test_lung_inflammation_has_a_grade_and_its_cause(text):
    (only,) = _effects(text).values()
    assert (only["name"], only["grade"], only["due_to"]) == ("pneumonitis", 3, "trastuzumab deruxtecan")


def test_graded_lung_inflammation_on_a_ward_is_there_now():
    text = "Chest team: drug-induced ILD from T-DXd, grade 3 (oxygen)."
    assert patient(f"Ward round 14 April 2026, hospital day 3.\n{text}")["lung"]["ild_history"] == "current"
    assert "ild_history" not in patient(f"Clinic 14 April 2026.\n{text}")["lung"]


@pytest.mark.parametrize(
    ("text", "name", "cause", "ongoing"),
    [
        ("Diarrhoea, which was grade 2 on capivasertib, stopped within a week.", "diarrhoea", "capivasertib", False),
        ("Hand-foot grade 1 from capecitabine.", "hand-foot syndrome", "capecitabine", True),
        ("Neuropathy grade 2 in feet after paclitaxel.", "peripheral neuropathy", "paclitaxel", True),
        (
            "T-DXd since 16 March 2026. After two courses reduced for vomiting grade 3, which has not come back.",
            "vomiting", "trastuzumab deruxtecan", False,
        ),
        (
            "1L sacituzumab govitecan 22/12/25, last 20/7/26. Best PR. G3 neutropenia C2, resolved.",
            "neutropenia", "sacituzumab govitecan", False,
        ),
        ("After each Enhertu I feel sick and tired for three days.", "fatigue", "trastuzumab deruxtecan", True),
        ("After each Enhertu I feel sick and tired for three days.", "nausea", "trastuzumab deruxtecan", True),
    ],
)  # fmt: skip
def test_the_cause_is_told_in_many_ways(text, name, cause, ongoing):
    found = _effects(text)[name]
    assert (found["due_to"], found["ongoing"]) == (cause, ongoing)


def test_a_lasting_effect_behind_another_drug_is_not_put_to_it():
    found = _effects("T-DXd since 16 March 2026, 4 cycles. Neuropathy grade 2.")
    assert "due_to" not in found["peripheral neuropathy"]


def test_what_a_drug_was_given_up_for_is_a_side_effect_and_no_other_disease():
    record = patient(
        "Seen 14 October 2026. Lenvatinib from 26 January, we gave up on it for G3 hypertension and G3 proteinuria."
    )
    assert {one["name"]: one["grade"] for one in record["toxicities"]} == {"hypertension": 3, "proteinuria": 3}
    assert "conditions" not in record
    assert "toxicities" not in patient("Seen 14 October 2026. Hypertension grade 2, bisoprolol.")


def test_the_grade_of_now_may_stand_in_the_next_sentence():
    found = _effects("Grade 2 neuropathy in his fingers. This has come down to grade 1 and has not gone away.")
    assert (found["peripheral neuropathy"]["grade"], found["peripheral neuropathy"]["ongoing"]) == (1, True)


def test_a_patient_tells_of_hair_and_sickness():
    found = _effects(
        "\nSide effects: sick for about 4 days each time, tired most of the second week, my hair went thin."
    )
    assert set(found) == {"nausea", "fatigue", "alopecia"}


def test_lungs_that_never_showed_inflammation():
    text = "They look at my lungs on every scan and there has never been any inflammation."
    assert patient(f"Seen 14 October 2026. {text}")["lung"]["ild_history"] == "none"
