"""Limits, aims and norms, and what is said of tumours or patients in general or of others, are not the patient's."""

from pathlib import Path

import pytest

from unit.intake.note_helpers import at, patient

HEAD = "Oncology clinic 12 May 2026\nMetastatic breast cancer, HER2 positive (IHC 3+).\n"
PLAIN = "Oncology clinic 12 May 2026\nMetastatic breast cancer, seen again.\n"
HERE = Path(__file__).parent
NO_VALUES, NO_MARKERS, NO_PERSON, NO_EFFECTS, NO_MEDICINES = (
    (HERE / name).read_text(encoding="utf-8").splitlines()
    for name in ("no_values.txt", "no_markers.txt", "no_person.txt", "no_effects.txt", "no_medicines.txt")
)
KEYS = ("labs", "performance", "vitals", "cardiac", "conditions", "toxicities")


@pytest.mark.parametrize("words", NO_VALUES)
@pytest.mark.parametrize("section", ["", "\nPlan\n"])
def test_a_limit_is_no_value(words, section):
    told = patient(HEAD + section + words)
    assert {key: told[key] for key in KEYS if told.get(key)} == {}
    assert at(told, "demographics.weight_kg") is None


@pytest.mark.parametrize("words", NO_MARKERS)
@pytest.mark.parametrize("section", ["", "\nPlan\n"])
def test_what_is_said_in_general_or_of_others_is_no_marker(words, section):
    told = patient(PLAIN + section + words)
    assert {key: told[key] for key in ("biomarkers", "specimens") if told.get(key)} == {}


@pytest.mark.parametrize("words", NO_EFFECTS)
@pytest.mark.parametrize("section", ["", "\nPlan\n"])
def test_what_may_come_or_came_to_others_is_no_side_effect(words, section):
    told = patient(PLAIN + section + words)
    assert {key: told[key] for key in ("toxicities", "conditions") if told.get(key)} == {}
    assert set(told.get("lung", {})) == set()


@pytest.mark.parametrize("words", NO_MEDICINES)
@pytest.mark.parametrize("section", ["", "\nPlan\n"])
def test_what_is_not_taken_is_no_medicine(words, section):
    told = patient(PLAIN + section + words)
    assert {key: told[key] for key in ("medications", "therapies", "planned") if told.get(key)} == {}


@pytest.mark.parametrize(
    ("words", "key", "name"),
    [
        ("She used to sleep badly; now takes metformin.", "medications", "metformin"),
        ("On warfarin. It interacts with capecitabine.", "medications", "warfarin"),
        ("T-DXd was held for neutropenia grade 4.", "toxicities", "neutropenia"),
        ("Diarrhoea grade 2, loperamide as needed.", "toxicities", "diarrhoea"),
    ],
)
def test_what_is_there_is_read(words, key, name):
    assert name in [one["name"] for one in patient(PLAIN + words)[key]]


@pytest.mark.parametrize("words", NO_PERSON)
def test_what_is_said_of_others_is_nothing_of_the_person(words):
    told = patient(PLAIN + words)
    assert set(told.get("demographics", {})) <= {"sex"}


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("HER2 positive disease has progressed.", "specimens"),
        ("Her tumour is ER positive; she is in the trial.", "biomarkers.er"),
        ("The other breast: ER positive 90%.", "biomarkers.er"),
        ("PIK3CA mutated, may have alpelisib.", "biomarkers.pik3ca"),
    ],
)
def test_what_is_said_of_her_is_read(words, path):
    told = patient(PLAIN + words)
    for part in path.split("."):
        told = told[part]
    assert told


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        ("ALT 58 U/L, the upper limit being 40.", "labs.0.value", "58"),
        ("Normal LVEF 60%.", "cardiac.lvef.0.percent", "60"),
        ("Platelets 312 (reference 150-400).", "labs.0.value", "312"),
        ("Weight 62 kg, should stay stable.", "demographics.weight_kg", "62"),
        ("ECOG 1, patients like her do well.", "performance.ecog", 1),
        ("Haemoglobin is normal at 13.2 g/dL.", "labs.0.value", "13.2"),
    ],
)
def test_a_value_beside_a_limit_is_read(words, path, value):
    told = patient(HEAD + words)
    for part in path.split("."):
        told = told[int(part)] if part.isdigit() else told[part]
    assert told == value


def test_pr_is_a_response_behind_the_word_for_it():
    told = patient(PLAIN + "T-DXd 9/11/25, last 5/4/26, BR PR (-58%). PR per RECIST.")
    assert "pr" not in told.get("biomarkers", {})


def test_no_brain_metastases_clinically_is_no_imaging():
    told = patient(PLAIN + "No brain metastases clinically, no imaging of the brain done.")
    assert at(told, "cancer.cns.status") is None


def test_what_she_was_before_the_operation_is_not_what_she_is():
    told = patient(PLAIN + "43 year old lady, premenopausal before surgery, TAH BSO 14/08/2023.")
    assert at(told, "demographics.menopausal_status") is None


def test_a_status_that_a_record_fills_in_by_itself_is_no_sample():
    told = patient(
        PLAIN + "- 9/4/2026: liver biopsy: HER2 IHC 0.\n\n"
        "HER2 status (smart-link, auto-populated 2/3/2026): HER2 POSITIVE (IHC 2+/ISH+), does not reflect the biopsy.\n"
    )
    assert [one.get("ihc", {}).get("score") for one in told["specimens"]] == ["0"]


def test_partly_complete_is_not_complete():
    told = patient(PLAIN + "Liver biopsy 20/4/2026: HER2 1+, 15% of cells with weak partly complete staining.")
    assert told["specimens"][0]["ihc"].get("completeness") != "complete"
