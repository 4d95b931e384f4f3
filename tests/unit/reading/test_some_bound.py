"""Demands that bind some of the patients: whoever is not meant must not be shut out by them, nor let in by a guess."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import When, leaves
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, UNKNOWN, of_leaves, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def patient(tumour: str = "breast", setting: str = "metastatic", **record) -> dict:
    """Return the record of somebody with a cancer."""
    return {"as_of": "2026-06-01", "cancer": {"tumour_type": tumour, "setting": setting}} | record


def markers(receptor: str = "negative", ihc: str = "0", ish: str | None = None) -> dict:
    """Return hormone receptors and results of HER2."""
    specimen = {"id": "s1", "kind": "biopsy", "collected": "2026-05-01", "ihc": {"score": ihc}}
    return {
        "biomarkers": {"er": receptor, "pr": receptor},
        "specimens": [specimen | ({"ish": {"group": ish}} if ish else {})],
    }


def given(*drugs: str) -> dict:
    """Return a complete list of courses for metastatic disease."""
    courses = [{"drugs": drug, "setting": "metastatic", "start": "2025-01-01", "end": "2025-06-01"} for drug in drugs]
    return {"therapies": courses, "complete": {"therapies": True}}


def asked(reader: Reader, text: str) -> set[str]:
    """Return the kinds that the demands of a text hold."""
    return {leaf.kind for item in reader.read(text).criteria for leaf in leaves(item.node)}


MAN = {"demographics": {"sex": "male"}}
OLDER = {"demographics": {"sex": "female", "menopausal_status": "postmenopausal"}}
YOUNGER = {"demographics": {"sex": "female", "menopausal_status": "premenopausal"}}


@pytest.mark.parametrize(
    "demand",
    [
        "Female patients must be postmenopausal.",
        "Females are post-menopausal or had a hysterectomy",
        "All women must be either postmenopausal or surgically sterile",
    ],
)
@pytest.mark.parametrize(("record", "expected"), [(MAN, MET), (OLDER, MET), (YOUNGER, {NOT_MET, UNKNOWN})])
def test_menopause_asked_of_women_shuts_out_no_man(reader, demand, record, expected):
    said = truth(reader, f"{DEMAND}* {demand}", patient(**record))
    assert said in (expected if isinstance(expected, set) else {expected})


def test_women_before_menopause_are_shut_out_where_nothing_else_is_let_in(reader):
    assert truth(reader, f"{DEMAND}* Women must be postmenopausal", patient(**YOUNGER)) is NOT_MET


def test_postmenopausal_women_as_such_keep_men_out(reader):
    assert truth(reader, f"{DEMAND}* Postmenopausal women with breast cancer", patient(**MAN)) is NOT_MET


def test_a_bracket_on_some_patients_asks_nobody_for_what_they_have(reader):
    text = (
        f"{DEMAND}* No earlier study drug (patients with hormone receptor-positive breast cancer should have had "
        "all the endocrine treatments that suit them)"
    )
    assert truth(reader, text, patient(**markers("negative"))) is UNKNOWN
    assert truth(reader, text, patient(**markers("positive"))) is UNKNOWN


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (markers(ihc="0"), MET),
        (markers(ihc="1+"), MET),
        (markers(ihc="3+"), NOT_MET),
    ],
)
@pytest.mark.parametrize(
    "demand",
    [
        "HER2-negative (IHC 0 to 2+; if IHC is 2+ must be ISH-negative)",
        "HER2-negative (if IHC is 2+ must be ISH-negative)",
        "HER2-negative; if IHC is 2+ must be ISH-negative",
    ],
)
def test_a_second_test_for_an_equivocal_score_asks_nobody_for_that_score(reader, demand, record, expected):
    assert truth(reader, f"{DEMAND}* {demand}", patient(**record)) is expected


def test_gilbert_stays_looser(reader):
    text = f"{DEMAND}* Bilirubin below 1.5 x ULN (subjects with Gilbert syndrome must be below 4 x ULN)"
    assert asked(reader, text) >= {"lab_value", "comorbidity"}


@pytest.mark.parametrize(
    "entry",
    [
        "Trastuzumab for HER2-positive disease",
        "Endocrine therapy in hormone receptor-positive disease",
        "At least two cycles of chemotherapy (+ pertuzumab in HER2-positive patients)",
    ],
)
def test_the_usual_treatment_of_some_asks_nobody_for_their_marker(reader, entry):
    assert not asked(reader, f"{DEMAND}* {entry}") & {"her2_status", "hormone_receptor"}


@pytest.mark.parametrize(
    ("behind", "expected"), [(" to be treated in the neoadjuvant setting", UNKNOWN), ("", NOT_MET)]
)
def test_a_demand_on_those_to_be_treated_before_surgery_binds_no_others(reader, behind, expected):
    record = patient(setting="early")
    record["cancer"]["measurable_disease"] = False
    assert truth(reader, f"{DEMAND}* Measurable disease{behind}", record) is expected


CANCERS = ("breast", "prostate", "bladder")


@pytest.mark.parametrize("tumour", CANCERS)
def test_patients_with_one_cancer_are_bound_not_asked_for(reader, tumour):
    text = f"{DEMAND}* Prostate cancer patients must be castration-resistant."
    assert truth(reader, text, patient(tumour), CANCERS) is UNKNOWN


@pytest.mark.parametrize("tumour", CANCERS)
def test_a_list_of_patients_with_one_cancer_binds_them_alone(reader, tumour):
    text = (
        f"{DEMAND}* Prostate cancer patients must have the following:\n\n  * Earlier docetaxel\n  * Earlier surgery\n"
    )
    record = patient(tumour, **given("paclitaxel"))
    assert truth(reader, text, record, CANCERS) is (NOT_MET if tumour == "prostate" else UNKNOWN)
    assert truth(reader, text, record, ("prostate",)) is NOT_MET


GROUPS = """Inclusion Criteria:

  HER2-positive breast cancer
  For PQR participants:
  Documented metastatic disease
  Earlier chemotherapy
  For XYZ participants:
  Newly found locally advanced breast cancer, stage IIA to IIIC
Exclusion Criteria:
  Heart failure
  For XYZ participants:
  Distant metastases
"""


@pytest.mark.parametrize("setting", ["metastatic", "locally_advanced_resectable"])
def test_lines_under_a_heading_of_a_group_bind_nobody_for_certain(reader, setting):
    assert truth(reader, GROUPS, patient(setting=setting, **markers(ihc="3+"))) is UNKNOWN


def test_what_stands_before_the_groups_binds_all(reader):
    assert truth(reader, GROUPS, patient(**markers(ihc="0"))) is NOT_MET


@pytest.mark.parametrize(
    "lead",
    [
        "For advanced patients whose disease is ER-positive the following criteria should be met:",
        "Subjects whose disease is ER-positive were included in the study if they met the following criteria:",
        "For patients with ER-positive disease:",
    ],
)
def test_lines_under_a_heading_on_a_marker_ask_no_others_for_treatment(reader, lead):
    text = (
        f"{DEMAND}  Breast cancer\n  {lead}\n  Earlier endocrine therapy without benefit\n  Age of 18 years or more\n"
    )
    record = patient(**markers("negative"), **given("paclitaxel"))
    assert truth(reader, text, record) is not NOT_MET
    assert truth(reader, text, record | {"demographics": {"birth_date": "2015-01-01"}}) is NOT_MET


LABELLED = """Inclusion Criteria:

1. Tumours of these types, each an arm of its own:

   1. Breast cancer: confirmed metastatic triple-negative breast cancer.
   2. NSCLC: confirmed metastatic adenocarcinoma of the lung.
   3. Ovarian cancer: confirmed high-grade serous ovarian cancer.

   Participants must have:
   * platinum-resistant disease with progression on the last platinum
"""


def test_a_lead_behind_the_last_cancer_of_a_list_binds_that_one(reader):
    behind = [item for item in reader.read(LABELLED).criteria if "platinum" in item.text]
    assert behind
    assert all(isinstance(item.node, When) for item in behind)
    whom = [leaf for item in behind for leaf in leaves(item.node.when)]
    assert {leaf.kind for leaf in whom} == {"tumour_type", "unread"}
    assert of_leaves(whom, patient("breast", **given("docetaxel"))) == [NOT_MET, UNKNOWN]


def test_a_part_in_front_of_its_patients_is_a_label(reader):
    text = f"{DEMAND}Part B1 Patients with ER-positive breast cancer.\n\nPart B2 Patients with solid tumours.\n"
    assert [item.scope for item in reader.read(text).criteria] == [("part-b1",), ("part-b2",)]


def test_an_arm_named_behind_its_part_is_the_one_that_is_bound(reader):
    text = f"{DEMAND}Phase 2a Part 1 i. Arm A - melanoma.\n\nii. Arm B - sarcoma.\n"
    assert [item.scope for item in reader.read(text).criteria] == [("arm-a",), ("arm-b",)]


FULL = "             Women and men with cancer of the breast that came back or spread, shown by biopsy\n"


@pytest.mark.parametrize(
    ("section", "end", "joined"),
    [
        ("Inclusion", "Hormone receptors that are positive in this tumour (ER, PR, both), and", True),
        ("Inclusion", "Hormone receptors positive in this tumour: the receptor of the oestrogen,", True),
        ("Exclusion", "A disease of the heart, or of the lungs, that is not under control, or of", True),
        ("Exclusion", "A disease of the heart or of its vessels, high blood pressure, an infarct,", False),
    ],
)
def test_a_line_broken_at_the_edge_of_the_page_goes_on(reader, section, end, joined):
    line = f"             {end}"
    text = f"{section} Criteria:\n\n" + f"{FULL}\n" * 6 + f"{line}\n             Hypersensitivity-of-a-kind\n"
    assert (len(reader.read(text).criteria) == 7) is joined


def test_two_lines_that_would_have_fitted_on_one_stay_two(reader):
    text = f"{DEMAND}" + f"{FULL}\n" * 6 + "             Age of 18 years and\n             ECOG 0 or 1\n"
    assert len(reader.read(text).criteria) == 8


def test_a_limit_under_a_limit_keeps_the_limits_before_it(reader):
    limits = "AST at most 5 x ULN, bilirubin at most 1 x ULN and alkaline phosphatase at most 4 x ULN"
    text = f"{DEMAND}* {limits} if AST at most 1 x ULN"
    labs = [
        {"name": name, "value": value, "unit": "U/L", "uln": "1", "date": "2026-05-30"}
        for name, value in (("ast", "8"), ("bilirubin", "0.5"), ("alkaline_phosphatase", "2"))
    ]
    assert truth(reader, text, patient(labs=labs)) is not MET


def test_what_one_line_asks_for_no_other_forbids_for_certain(reader):
    text = (
        f"{DEMAND}* Patients with HER2-positive tumours must have received trastuzumab\n* No earlier antibody\n"
        "* No earlier lapatinib\n"
    )
    record = patient(**markers(ihc="3+"))
    assert truth(reader, text, record | given("trastuzumab")) is UNKNOWN
    assert truth(reader, text, record | given("trastuzumab", "lapatinib")) is NOT_MET


def test_what_is_forbidden_and_not_asked_for_shuts_out(reader):
    text = f"{DEMAND}* Patients with HER2-positive tumours must have received lapatinib\n* No earlier antibody\n"
    assert truth(reader, text, patient(**markers(ihc="3+"), **given("trastuzumab", "lapatinib"))) is NOT_MET


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("Postmenopausal women", UNKNOWN),
        ("Children with a tumour of the bone; girls must not be pregnant", NOT_MET),
    ],
)
def test_an_age_with_its_sign_turned_round_is_left_open(reader, beside, expected):
    record = patient(demographics={"birth_date": "1960-01-01"})
    ages = [item for item in reader.read(f"{DEMAND}* Age < 18 years\n* {beside}").criteria if "18" in item.text]
    found = [leaf for item in ages for leaf in leaves(item.node)]
    said = of_leaves(found, record)
    assert (UNKNOWN if UNKNOWN in said else NOT_MET) is expected
