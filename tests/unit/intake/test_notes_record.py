"""Therapies, conditions and measurements: given or planned, the patient's or a relative's, present or denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.intake.notes.source import note_of
from her2nav.model.patient import Patient
from unit.intake.note_helpers import at, patient, read


def courses(text):
    return patient(f"Metastatic breast cancer, clinic of 20 May 2026.\n\nTreatment: {text}").get("therapies", [])


def test_a_course_with_its_dates_response_and_end():
    (one,) = courses("1L THP from 4 March 2024 to 8 July 2024, best response PR; PD on CT 15 July 2024.")
    assert one == {
        "setting": "metastatic", "start": "2024-03-04", "end": "2024-07-08", "best_response": "PR",
        "reason_stopped": "progression", "progression_date": "2024-07-15", "ongoing": False,
        "drugs": ["taxane", "trastuzumab", "pertuzumab"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("s/p 6 cycles of TCHP (completed 3/2025).", "cycles", 6),
        ("s/p 6 cycles of TCHP (completed 3/2025).", "end", "2025-03"),
        ("T-DXd since 10 February 2025, ongoing.", "ongoing", True),
        ("T-DXd stopped 16 March 2026 due to grade 2 pneumonitis.", "reason_stopped", "toxicity"),
        ("Progressed on capecitabine.", "reason_stopped", "progression"),
        ("Adjuvant letrozole June 2019 to April 2024.", "setting", "adjuvant"),
        ("Neoadjuvant AC x4 from 6 May 2024.", "cycles", 4),
    ],
)
def test_parts_of_a_course(text, key, value):
    assert courses(text)[0].get(key) == value


@pytest.mark.parametrize(
    "text",
    [
        "Capecitabine was pencilled in but never given.",
        "No T-DXd, no other chemotherapy.",
        "We will consider tucatinib on progression.",
        "Her mother received trastuzumab.",
        "Everolimus/exemestane was prescribed but cancelled before the first dose.",
        "Discussed T-DXd and its risks.",
        "She is allergic to docetaxel.",
    ],
)
def test_what_was_not_given_is_no_therapy(text):
    record = patient(f"Metastatic breast cancer.\n\n{text}")
    assert "therapies" not in record
    assert "planned" not in record


def test_planned_stands_apart():
    record = patient("Gastric cancer. mFOLFOX6 + nivolumab is booked to start 26 January 2026 (not given).")
    assert "therapies" not in record
    assert record["planned"] == [
        {"start": "2026-01-26", "drugs": ["fluorouracil", "leucovorin", "oxaliplatin", "nivolumab"]}
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PMH: hypertension, COPD.", {"hypertension", "chronic obstructive pulmonary disease"}),
        ("PMH: no hypertension, no diabetes.", set()),
        ("FHx: mother hypertension; father diabetes.", set()),
        ("PMH: possible asthma.", set()),
    ],
)
def test_conditions(text, names):
    found = {one["name"].lower() for one in patient(text).get("conditions", [])}
    assert found == names


def test_relatives_and_denials_leave_no_trace():
    record = patient(
        "58-year-old woman. Mother had HER2-positive breast cancer on trastuzumab, LVEF 30%, ECOG 2. "
        "Sister: brain metastases.\n"
        "She denies neuropathy. No history of heart failure. No liver metastases."
    )
    assert set(record) == {"demographics"}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("ECOG PS 1.", "performance.ecog", 1),
        ("KPS 80%.", "performance.karnofsky", 80),
        ("The trial requires ECOG 0-1.", "performance", None),
        ("Echo 8 January 2026: LVEF 60%.", "cardiac.lvef.0.percent", "60"),
        ("LVEF must be at least 50%.", "cardiac", None),
        ("No ILD or pneumonitis.", "lung.ild_history", "none"),
        ("Whether she ever had pneumonitis is not recorded.", "lung", None),
        ("PD-L1 CPS 8.", "biomarkers.pd_l1.cps", "8"),
        ("PD-L1 TPS <1%.", "biomarkers", None),
        ("PD-L1 30%.", "biomarkers", None),
        ("ER 0%, PR 0%.", "biomarkers.er.status", "negative"),
        ("ER-/PR+ disease.", "biomarkers.pr.status", "positive"),
        ("RAS/BRAF wt, MSS.", "biomarkers.nras", "wild_type"),
        ("Stage IIB (cT2 cN1 M0) carcinoma of the breast.", "cancer.stage", "IIB"),
        ("Brain MRI 2 April 2026: no metastases.", "cancer.cns.status", "none"),
        ("5 kg weight loss, now 74 kg.", "demographics.weight_kg", "74"),
        ("NKDA.", "allergies", None),
        ("Allergies: penicillin.", "allergies.0.substance", "penicillin"),
        ("G1 alopecia, ongoing.", "toxicities.0.grade", 1),
        ("HIV neg.", "serology.hiv", "negative"),
    ],
)
def test_single_values(text, path, value):
    assert at(patient(f"Clinic note. {text}"), path) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Labs 12 January 2026: AST 31 (ULN 40), ALT 28 (41).",
            [("ast", "31", "U/L", "40"), ("alt", "28", "U/L", "41")],
        ),
        ("Platelets 221 10*9/L 150-400", [("platelets", "221", "10*9/L", "400")]),
        ("AST 44 / ALT 39 (ULN 35).", [("ast", "44", "U/L", "35"), ("alt", "39", "U/L", "35")]),
        ("Creatinine 71 umol/L.", [("creatinine", "71", "umol/L", None)]),
        ("Haemoglobin 8.5.", []),
        ("Creatinine <0.5 mg/dL.", []),
    ],
)
def test_labs_with_units_and_limits(text, expected):
    found = [(one["name"], one["value"], one["unit"], one.get("uln")) for one in patient(text).get("labs", [])]
    assert found == expected


def test_notes_that_differ_are_shown_newest_first():
    reading = read(
        "Clinic 3 March 2025. 50-year-old woman with breast cancer. ECOG 1.",
        "Clinic 9 May 2025. 50-year-old man with breast cancer. ECOG 2.",
    )
    assert at(reading.patient, "performance.ecog") == 2
    assert ("/performance/ecog", 1) in {(one.path, one.value) for one in reading.older}
    clash = next(one for one in reading.contradictions if one.path == "/demographics/sex")
    assert [choice.value for choice in clash.choices] == ["male", "female"]
    assert at(reading.patient, "demographics.sex") is None


def test_every_value_has_its_words():
    text = "Clinic 3 March 2025.\n\nBreast   cancer, ECOG   1. Liver biopsy 4 January 2025: HER2 3+."
    reading = read(text)
    assert reading.provenance
    for one in reading.provenance:
        assert text[one.origin.start : one.origin.end].split() == one.origin.quote.split()
        assert one.origin.quote


def test_lines_without_values_are_listed():
    reading = read("ECOG 1.\nShe likes gardening.\nHER2 IHC 3+ on the breast biopsy.")
    assert [(one.line, one.text) for one in reading.unused] == [(2, "She likes gardening.")]


@given(st.text(max_size=300))
def test_any_text_gives_a_patient_file_or_says_that_it_has_no_words(text):
    from her2nav.model.errors import FileError

    try:
        source = note_of(text, "any")
    except FileError:
        return
    from her2nav.intake.notes.read import read_notes
    from her2nav.knowledge.load import load_knowledge

    Patient.model_validate(read_notes([source], load_knowledge()).patient)


def test_an_operation_that_was_done_needs_no_date():
    assert patient("Breast cancer. Lumpectomy was done.")["procedures"] == [
        {"kind": "surgery", "site": "breast", "technique": "breast-conserving operation"}
    ]
    dated = patient("Breast cancer. She had a left mastectomy in 2020. Status post mastectomy.")["procedures"]
    assert [one["date"] for one in dated] == ["2020"]
    assert "procedures" not in patient("Breast cancer. Mastectomy is to be done. Mastectomy was not done.")


def test_counted_nodes_without_a_category_are_asked_about():
    counted = "Breast cancer. Axillary sampling revealed 1 positive lymph node out of 12."
    reading = read(counted)
    assert [one.code for one in reading.questions] == ["nodes"]
    assert at(reading.patient, "cancer.tnm.n") is None
    assert read(counted + " pT2 pN1a.").questions == ()


@pytest.mark.parametrize(
    "text",
    [
        "If she progresses consider T-DXd since HER2 IHC 1+ on the liver biopsy.",
        "At progression, T-DXd.",
        "When she progresses we could use T-DXd.",
    ],
)
def test_a_drug_for_later_is_no_course(text):
    assert "therapies" not in patient(f"Breast cancer. {text}")


def test_cycles_of_a_regimen_that_is_not_known_go_to_no_other():
    record = patient("Ovarian cancer. Adjuvant TC x4, then letrozole.")
    assert [one.get("cycles") for one in record["therapies"]] == [None]


def test_lung_inflammation_as_a_reason_is_not_denied():
    assert "lung" not in patient("Rechallenge not favored given ILD.")
    assert at(patient("No history of ILD."), "lung.ild_history") == "none"


def test_a_stage_that_is_corrected_behind_it_is_asked_about():
    reading = read("Stage IIIC ovarian (correction: primary is uterine carcinosarcoma).")
    assert at(reading.patient, "cancer.stage") is None
    assert [one.code for one in reading.questions] == ["stage"]


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("Claudin 18.2: 30% of tumour cells moderate/strong - negative.", "biomarkers.cldn18_2", "negative"),
        ("Claudin 18.2 (43-14A): 85% of tumour cells 2+/3+ : POSITIVE", "biomarkers.cldn18_2", "positive"),
        ("ER positive (greater than 10% of cells).", "biomarkers.er", {"status": "positive"}),
        ("Breast cancer. ER 70%, PR 0.", "biomarkers.pr.percent", "0"),
        ("Gastric cancer after FLOT. PD-L1 CPS 2.", "therapies.0.reason_stopped", None),
        ("Gastric cancer. Tumour regression grade 3 (Mandard).", "cancer.grade", None),
    ],
)
def test_numbers_go_where_they_belong(text, path, value):
    assert at(patient(text), path) == value
