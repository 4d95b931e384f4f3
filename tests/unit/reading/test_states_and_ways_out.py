"""States of brain metastases that are asked for, ways out of a treatment, what a label or another scale says."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def brain(status):
    return {"cancer": {"tumour_type": "breast", "stage": "IV", "cns": {"status": status}}}


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        ("Must have a history of brain metastases that are non-progressing", "treated_stable", MET),
        ("Must have a history of brain metastases that are non-progressing", "active_or_progressing", NOT_MET),
        ("Must have brain metastases that have not progressed for 3 months", "active_or_progressing", NOT_MET),
        (
            "Must have brain metastases that progressed after radiotherapy of the brain",
            "active_or_progressing",
            UNKNOWN,
        ),
        ("Must have treated brain metastases", "untreated_asymptomatic", NOT_MET),
        ("Must have treated brain metastases", "active_or_progressing", UNKNOWN),
        ("Must have untreated brain metastases", "treated_stable", NOT_MET),
        ("Must have brain metastases that are not controlled by surgery", "active_or_progressing", MET),
        ("Must have brain metastases that are asymptomatic and need no local therapy", "untreated_asymptomatic", MET),
    ],
)
def test_a_state_that_is_asked_for(reader, words, status, expected):
    assert truth(reader, f"{DEMAND}* {words}", brain(status)) is expected


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        ("Brain metastases, unless asymptomatic and not requiring local therapy", "untreated_asymptomatic", MET),
        ("Brain metastases, unless asymptomatic and not requiring local therapy", "treated_stable", MET),
        ("Brain metastases, unless asymptomatic and not requiring local therapy", "active_or_progressing", NOT_MET),
        ("Brain metastases unless treated and not requiring further radiotherapy", "untreated_asymptomatic", NOT_MET),
        ("Brain metastases unless they do not need immediate irradiation or surgery", "untreated_asymptomatic", MET),
    ],
)
def test_a_treatment_that_is_not_needed_was_not_given(reader, words, status, expected):
    assert truth(reader, f"{SHUTS_OUT}* {words}", brain(status)) is expected


NEVER = {"therapies": [], "complete": {"therapies": True}}
GIVEN = {
    "therapies": [{"drugs": ["doxorubicin"], "setting": "adjuvant", "end": "2024-05"}],
    "complete": {"therapies": True},
}


@pytest.mark.parametrize(
    "words",
    [
        "Must have received an anthracycline unless an anthracycline was not indicated",
        (
            "Must have had an anthracycline; unless (a) it was not indicated or not the best option in the opinion of "
            "the physician; and (b) an anthracycline is still not the best option"
        ),
        "Must have received an anthracycline, unless they were not eligible for anthracyclines or refused them",
    ],
)
def test_whom_a_treatment_was_not_right_for(reader, words):
    assert truth(reader, f"{DEMAND}* {words}", NEVER) is UNKNOWN
    assert truth(reader, f"{DEMAND}* {words}", GIVEN) is MET


def test_one_score_on_two_scales(reader):
    words = f"{DEMAND}* ECOG performance status ≤ 2 (Karnofsky ≥ 60 %)"
    assert truth(reader, words, {"performance": {"ecog": 2}}) is MET
    assert truth(reader, words, {"performance": {"karnofsky": 70}}) is MET
    assert truth(reader, words, {"performance": {"ecog": 3, "karnofsky": 40}}) is NOT_MET


def conditions(*names):
    return {"conditions": [{"name": name, "status": "active"} for name in names], "complete": {"conditions": True}}


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ("Any disease of the gut that may alter the absorption of the study drug", "Crohn's disease", UNKNOWN),
        ("Gastrointestinal disorder that may alter the absorption of the study drug", "Crohn's disease", UNKNOWN),
        (
            "Gastrointestinal disorder that may alter the absorption of the study drug",
            "malabsorption syndrome",
            NOT_MET,
        ),
        ("Gastrointestinal disorder that may alter the absorption of the study drug", "asthma", MET),
        ("Complete left bundle branch block, grade 3 atrioventricular block", "left bundle branch block", NOT_MET),
        ("Diverticulitis, GI obstruction", "bowel obstruction", NOT_MET),
        ("Active hepatobiliary disease", "biliary obstruction", UNKNOWN),
    ],
)
def test_names_of_illness(reader, words, name, expected):
    assert truth(reader, f"{SHUTS_OUT}* {words}", conditions(name)) is expected


LABELLED = """Inclusion Criteria:

1. Male or female over 18 years
2. Relapsed cancers (breast, lung and bladder cancer)

   * Bladder cancer: Patients must have received at least 2 prior lines of therapy.
   * Lung cancer: at least 1 prior line of therapy.
"""


@pytest.mark.parametrize(("tumour", "expected"), [("nsclc", MET), ("breast", MET), ("bladder", NOT_MET)])
def test_an_entry_under_the_name_of_one_cancer_binds_those_with_it(reader, tumour, expected):
    record = {
        "demographics": {"age": 61, "sex": "female"},
        "cancer": {"tumour_type": tumour, "setting": "recurrent"},
        "therapies": [{"drugs": ["cisplatin"], "setting": "metastatic"}],
        "complete": {"therapies": True},
    }
    assert truth(reader, LABELLED, record) is expected


LIVER = (
    "Inclusion Criteria:\n\n1. Adequate hepatic function: bilirubin ≤ 1.5 x ULN; INR ≤ 1.5. "
    "For patients with HCC, bilirubin must be ≤ 3 x ULN and INR ≤ 1.7"
)


@pytest.mark.parametrize(("tumour", "expected"), [("hepatocellular", MET), ("breast", NOT_MET)])
def test_limits_of_some_are_no_second_limits(reader, tumour, expected):
    record = {
        "cancer": {"tumour_type": tumour},
        "labs": [
            {"name": "bilirubin", "value": 2.2, "unit": "mg/dL", "uln": 1.0, "date": "2026-05-30"},
            {"name": "inr", "value": 1.2, "unit": "ratio", "date": "2026-05-30"},
        ],
    }
    assert truth(reader, LIVER, record) is expected


@pytest.mark.parametrize(
    "words",
    [
        (
            "Women of childbearing potential should have a negative urine or serum pregnancy within 72 hours before "
            "entry. If the urine test is positive or cannot be confirmed negative, a serum test will be required and "
            "must be negative for the patient to be eligible"
        ),
        "Negative urine pregnancy test. If the urine test is positive, a serum pregnancy test must be performed",
    ],
)
def test_the_second_test_asks_nothing_more(reader, words):
    woman = {"demographics": {"sex": "female", "age": 34, "pregnancy": "not_pregnant"}}
    assert truth(reader, f"{DEMAND}* {words}", woman) is MET
    pregnant = {"demographics": {"sex": "female", "age": 34, "pregnancy": "pregnant"}}
    assert truth(reader, f"{DEMAND}* {words}", pregnant) is NOT_MET


@pytest.mark.parametrize(
    "words",
    [
        "≥ 1 measurable lesion",
        "≥1 measurable target lesion by RECIST 1.1",
        "Measurable disease by RECIST (Response Evaluation Criteria) in Solid Tumors",
        "Measurable disease according to Response Evaluation Criteria (RECIST) in Solid Tumours",
    ],
)
def test_one_lesion_and_the_whole_name_of_the_criteria(reader, words):
    (read,) = reader.read(f"{DEMAND}* {words}").criteria
    assert getattr(read.node, "kind", None) == "measurable_disease"
