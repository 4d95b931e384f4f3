"""Demands on some people alone, two limits of one measure, and exceptions that hold under a condition."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def fit(ecog: int, age: int = 50) -> dict:
    """Return a patient of an age with a performance score."""
    return {"performance": {"ecog": ecog, "date": "2026-05-30"}, "demographics": {"age": age}}


def heart(percent: int) -> dict:
    return {"cardiac": {"lvef": [{"percent": percent, "date": "2026-05-20"}]}}


def given(drug: str, setting: str) -> dict:
    return {
        "therapies": [{"drugs": drug, "start": "2024-01-02", "end": "2024-09-01", "setting": setting}],
        "complete": {"therapies": True},
    }


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        (f"{DEMAND}* ECOG 0 or 1; patients over 70 must be ECOG 0", fit(0), MET),
        (f"{DEMAND}* ECOG 0 or 1; patients over 70 must be ECOG 0", fit(1), UNKNOWN),
        (f"{DEMAND}* ECOG 0 or 1; patients over 70 must be ECOG 0", fit(2), NOT_MET),
        (f"{DEMAND}* ECOG 0-2, but ECOG 0-1 in patients aged 75 or more", fit(2), UNKNOWN),
        (f"{DEMAND}* ECOG 0-2, but ECOG 0-1 in patients aged 75 or more", fit(3), NOT_MET),
        # who is younger than the old is neither let in nor shut out by their line
        (f"{DEMAND}* Patients aged 65 or older must be ECOG 0", fit(1, 70), NOT_MET),
        (f"{DEMAND}* Patients aged 65 or older must be ECOG 0", fit(1, 50), UNKNOWN),
        # everybody's age is asked for as before
        (f"{DEMAND}* Patients aged 18 years or older", fit(1, 50), MET),
        (f"{DEMAND}* Patients must be ECOG 0", fit(1, 50), NOT_MET),
    ],
)
def test_the_old_and_the_stricter_score(reader, text, record, expected):
    assert truth(reader, text, record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (heart(60), UNKNOWN),
        (heart(52) | {"therapies": [], "complete": {"therapies": True}}, UNKNOWN),
        (heart(52) | given("doxorubicin", "adjuvant"), NOT_MET),
        (heart(60) | given("doxorubicin", "adjuvant"), MET),
    ],
)
def test_what_is_asked_of_those_treated_before(reader, record, expected):
    text = f"{DEMAND}* Patients previously treated with anthracyclines must have an LVEF of at least 55%"
    assert truth(reader, text, record) == expected


def test_an_illness_is_not_demanded_of_anybody(reader):
    text = f"{DEMAND}* Diabetic patients must have an HbA1c below 8%"
    high = {"labs": [{"name": "hba1c", "value": 9, "unit": "%", "date": "2026-05-20"}]}
    assert truth(reader, text, high) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "setting", "expected"),
    [
        (f"{SHUTS_OUT}* Prior T-DXd, except in the adjuvant setting if more than 12 months ago", "metastatic", NOT_MET),
        (f"{SHUTS_OUT}* Prior T-DXd, except in the adjuvant setting if more than 12 months ago", "adjuvant", UNKNOWN),
        (f"{SHUTS_OUT}* Prior T-DXd, except in the adjuvant setting", "adjuvant", MET),
    ],
)
def test_an_exception_under_a_condition_is_left_open(reader, text, setting, expected):
    assert truth(reader, text, given("trastuzumab deruxtecan", setting)) == expected


def test_who_was_never_treated_is_let_in(reader):
    text = f"{SHUTS_OUT}* Prior T-DXd, except in the adjuvant setting if more than 12 months ago"
    assert truth(reader, text, {"therapies": [], "complete": {"therapies": True}}) == MET


def lasting(name: str, grade: int) -> dict:
    return {
        "toxicities": [{"name": name, "grade": grade, "ongoing": True}],
        "complete": {"toxicities": True},
    }


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        (f"{DEMAND}* Recovered to grade 1 from prior toxicity (alopecia excepted)", lasting("alopecia", 2), UNKNOWN),
        (f"{DEMAND}* Recovery to grade 1 (any grade alopecia is acceptable)", lasting("alopecia", 2), UNKNOWN),
        (f"{DEMAND}* Recovered to grade 1 from all prior toxicity", lasting("nausea", 3), NOT_MET),
        (f"{DEMAND}* Recovery to grade 1 or better (excluding alopecia)", lasting("alopecia", 2), MET),
        (f"{DEMAND}* Recovery to grade 1 or better (excluding alopecia)", lasting("nausea", 3), NOT_MET),
    ],
)  # fmt: skip
def test_side_effects_that_an_unread_bracket_excepts(reader, text, record, expected):
    assert truth(reader, text, record) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{DEMAND}* Negative for HIV, HBV and HCV, or HBV/HCV with undetectable viral load", UNKNOWN),
        (f"{DEMAND}* Negative for HIV, HBV and HCV", NOT_MET),
    ],
)
def test_a_virus_under_control_is_a_way_out(reader, text, expected):
    carrier = {"serology": {"hbsag": "positive", "date": "2026-05-01"}}
    assert truth(reader, text, carrier) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SHUTS_OUT}* Prior lapatinib within 12 months, or at any time for brain metastases", UNKNOWN),
        (f"{SHUTS_OUT}* Brain metastases", NOT_MET),
    ],
)
def test_what_a_treatment_was_for_shuts_nobody_out(reader, text, expected):
    brain = {"cancer": {"cns": {"status": "active_or_progressing"}, "metastatic_sites": ["brain"]}}
    assert truth(reader, text, brain) == expected


IN_BONE = {"cancer": {"metastatic_sites": ["bone"], "setting": "metastatic"}}
NOT_IN_BONE = {
    "cancer": {"metastatic_sites": ["liver"], "setting": "metastatic"},
    "complete": {"metastatic_sites": True},
}


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        (f"{DEMAND}* ECOG 0-1, ECOG 2 in case of bone metastases", fit(1), MET),
        (f"{DEMAND}* ECOG 0-1, ECOG 2 in case of bone metastases", fit(2) | IN_BONE, MET),
        (f"{DEMAND}* ECOG 0-1, ECOG 2 in case of bone metastases", fit(3) | IN_BONE, NOT_MET),
        (f"{DEMAND}* ECOG 0-1, ECOG 2 in case of bone metastases", fit(3), NOT_MET),
        (f"{DEMAND}* ECOG 0-1, or 2 if due to bone pain", fit(1), MET),
        (f"{DEMAND}* ECOG 0-1, or 2 if due to bone pain", fit(2), UNKNOWN),
        (f"{DEMAND}* ECOG PS 0-1, PS 2 if due to bone pain", fit(3), UNKNOWN),
    ],
)
def test_a_score_that_a_condition_lets_in(reader, text, record, expected):
    assert truth(reader, text, record) == expected


def test_who_had_no_treatment_is_not_let_in_by_a_condition_that_is_not_his(reader):
    text = f"{DEMAND}* At least one prior line, two if HER2-low"
    never = {
        "specimens": [{"kind": "biopsy", "collected": "2026-01-01", "ihc": {"score": "3+"}}],
        "therapies": [],
        "complete": {"therapies": True},
        "cancer": {"tumour_type": "breast"},
    }
    assert truth(reader, text, never) is not MET


@pytest.mark.parametrize(("age", "expected"), [(16, NOT_MET), (60, UNKNOWN), (73, UNKNOWN)])
def test_older_patients_in_a_bracket(reader, age, expected):
    text = f"{DEMAND}* Age 18-70 (elderly patients in good condition up to 75)"
    assert truth(reader, text, {"demographics": {"age": age}}) == expected


def test_the_other_activating_mutations_of_a_bracket(reader):
    text = f"{DEMAND}* HER2 mutation (exon 20 insertion or other activating mutation)"
    found = {"gene": "ERBB2", "hgvs": "p.S310F"}
    record = {
        "specimens": [
            {"kind": "biopsy", "collected": "2026-01-01", "ngs": {"matrix": "tissue", "variants": [found]}},
        ],
        "cancer": {"tumour_type": "lung_adenocarcinoma"},
    }
    assert truth(reader, text, record) is MET
