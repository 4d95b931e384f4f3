"""The shorthand of clinic letters: receptors in one breath, results with their year, handling of bone, ages, grades."""

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 November 2026.\nInvasive breast cancer.\n"


def of(text):
    """Return the patient file of a line of a breast clinic."""
    return patient(HEAD + text)


@pytest.mark.parametrize(
    ("text", "er", "pr", "her2"),
    [
        ("ER/PR/HER2: +/-/-", "positive", "negative", "negative"),
        ("ER/PR/HER2: neg/neg/pos", "negative", "negative", "positive"),
        ("ER, PR, HER2: +, +, -", "positive", "positive", "negative"),
        ("ER/PR/HER2 negative", "negative", "negative", "negative"),
        ("ER/PR/HER2 +/-", None, None, None),
        ("ER, PR, HER2 negative", None, None, "negative"),
    ],
)
def test_receptors_in_one_breath(text, er, pr, her2):
    record = of(text)
    assert at(record, "biomarkers.er.status") == er
    assert at(record, "biomarkers.pr.status") == pr
    assert at(record, "specimens.0.her2_reported") == her2


def test_a_reflex_test_behind_a_score_is_no_tendon_reflex():
    record = of("IHC HER2 2+; reflex FISH amplified (ratio 4.1; mean HER2 copies 9.2, CEP17 2.2)")
    assert at(record, "specimens.0.ihc.score") == "2+"
    assert (at(record, "specimens.0.ish.her2_copy_number"), at(record, "specimens.0.ish.cep17_copy_number")) == (
        "9.2",
        "2.2",
    )
    assert at(of("Knee reflexes 2+ both sides. HER2 negative."), "specimens.0.ihc") is None


def test_counts_named_by_their_probe_beside_a_ratio():
    record = of("Bone biopsy: HER2 2+, FISH ratio 1.2, HER2 2.4, CEP17 2.0.")
    assert at(record, "specimens.0.ish.her2_copy_number") == "2.4"
    assert at(record, "specimens.0.ish.cep17_copy_number") == "2.0"


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("Bone biopsy (decalcified, EDTA): HER2 1+.", "edta"),
        ("Bone marrow trephine, decalcified in formic acid. HER2 IHC 0.", "acid"),
        ("Bone biopsy, not decalcified: HER2 2+.", "none"),
        ("Decalcified bone biopsy: HER2 1+.", "unknown"),
    ],
)
def test_decalcification(text, agent):
    record = of(text)
    assert at(record, "specimens.0.preanalytics.decalcification") == agent
    assert at(record, "specimens.0.ihc.score") is not None


def test_decalcification_is_of_the_sample_of_its_sentence():
    record = of("Breast core: HER2 3+. Decalcified bone biopsy: HER2 1+.")
    by_score = {one["ihc"]["score"]: one.get("preanalytics") for one in record["specimens"]}
    assert by_score == {"3+": None, "1+": {"decalcification": "unknown"}}


@pytest.mark.parametrize("text", ["HER2 IHC 1+ (2021).", "HER2 1+ in 2021, then lost to follow-up."])
def test_the_year_right_behind_a_score_is_that_of_its_sample(text):
    assert str(at(of(text), "specimens.0.collected")) == "2021"


def test_faint_staining_in_few_cells_is_ultralow():
    record = of("HER2 IHC 0 with faint incomplete staining in <10% of cells.")
    assert at(record, "specimens.0.ihc.zero_subtype") == "faint_le10"


def test_what_a_patient_asks_about_is_no_result():
    assert "specimens" not in of("Patient asked about HER2-low.")


def test_a_score_of_eight_is_no_day():
    record = of("ER pos (8/8), PR neg (0/8), HER2 neg")
    assert at(record, "biomarkers.er.status") == "positive"
    assert at(record, "biomarkers.er.date") is None


@pytest.mark.parametrize("text", ["Mrs X, 58 years, Boston.", "Mrs Smith (58) was seen."])
def test_an_age_beside_a_name(text):
    assert at(of(text), "demographics.age") == 58


def test_a_grade_belongs_to_the_name_it_stands_at():
    assert of("Neuropathy G2, alopecia.")["toxicities"] == [
        {"name": "peripheral neuropathy", "grade": 2, "ongoing": True}
    ]
    both = of("Neuropathy grade 1, grade 2 fatigue.")["toxicities"]
    assert [(one["name"], one["grade"]) for one in both] == [("peripheral neuropathy", 1), ("fatigue", 2)]


def test_a_side_effect_that_ended_a_treatment_is_not_said_to_last():
    record = of("Started tucatinib 6/2026; stopped 9/2026 for diarrhoea grade 3.")
    assert record["toxicities"] == [{"name": "diarrhoea", "grade": 3}]


@pytest.mark.parametrize("text", ["On T-DXd, C8 given 1 Nov 2026.", "T-DXd, cycle 3 on 20 Feb 2026."])
def test_the_day_of_a_later_cycle_is_no_first_day(text):
    assert at(of(text), "therapies.0.start") is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "LVEF 55% (3/2026) -> 48% (9/2026) -> 52% (11/2026)",
            [("55", "2026-03"), ("48", "2026-09"), ("52", "2026-11")],
        ),
        ("LVEF 60% (echo Jan 2026), 55% (June 2026)", [("60", "2026-01"), ("55", "2026-06")]),
        ("LVEF has fallen from 62% (Jan 2026) to 48% (Sept 2026).", [("62", "2026-01"), ("48", "2026-09")]),
        ("LVEF 62% -> 55% -> 48%", [("48", None)]),
        ("LVEF dropped from 62% to 48% in Sept 2026.", [("48", "2026-09")]),
        ("LVEF 55 to 60%", [("55", None)]),
    ],
)
def test_a_series_of_the_heart_ends_with_the_newest(text, values):
    found = [(one["percent"], one.get("date")) for one in at(of(text), "cardiac.lvef")]
    assert [(percent, day and str(day)) for percent, day in found] == values


@pytest.mark.parametrize("text", ["No brain metastases on MRI 10/2026.", "MRI brain Oct 2026 NAD."])
def test_a_brain_without_disease_keeps_the_day_of_its_imaging(text):
    record = of(text)
    assert at(record, "cancer.cns.status") == "none"
    assert str(at(record, "cancer.cns.last_imaging")) == "2026-10"


@pytest.mark.parametrize("text", ["MRI brain not done.", "No MRI brain done yet."])
def test_imaging_that_was_not_done_is_none(text):
    assert "cns" not in of(text).get("cancer", {})


def test_two_letters_in_a_list_of_diseases():
    found = of("PMH: AF, HF, MI 2015, PE 2019.")["conditions"]
    assert [(one["name"], str(one.get("date", ""))) for one in found] == [
        ("atrial fibrillation", ""),
        ("heart failure", ""),
        ("myocardial infarction", "2015"),
        ("pulmonary embolism", "2019"),
    ]
    assert "conditions" not in of("PE: lungs clear. Lives in Detroit, MI 48201.")
