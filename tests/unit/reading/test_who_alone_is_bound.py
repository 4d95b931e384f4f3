"""Conditions, numbers and provisos: whom they bind, so that nobody is let in or shut out by a word meant for others."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import When, leaves
from unit.reading.patient_truth import DEMAND, MET, NOT_MET, SHUTS_OUT, UNKNOWN, truth


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def patient(tumour: str = "breast", **record) -> dict:
    """Return the record of somebody with a cancer."""
    return {"as_of": "2026-06-01", "cancer": {"tumour_type": tumour, "setting": "metastatic"}} | record


def lab(**values: tuple[str, str]) -> list[dict]:
    """Return values of today with their units."""
    return [
        {"name": name, "value": value, "unit": unit, "uln": "1", "date": "2026-05-30"}
        for name, (value, unit) in values.items()
    ]


def fit(ecog: int, tumour: str = "breast") -> dict:
    return patient(tumour, performance={"ecog": ecog})


@pytest.mark.parametrize(
    "written",
    [
        "1) Breast cancer, or 2) gastric cancer; ECOG 0-1",
        "Patients must have 1) breast cancer, or 2) gastric cancer; ECOG 0-1",
        "Patients with: 1) breast cancer, or 2) gastric cancer; ECOG 0-1",
        "(1) Breast cancer or (2) gastric cancer; ECOG 0-1",
    ],
)
@pytest.mark.parametrize(
    ("ecog", "tumour", "expected"),
    [(1, "breast", MET), (2, "breast", NOT_MET), (2, "gastric", NOT_MET), (1, "gastric", MET), (0, "ovarian", NOT_MET)],
)
def test_what_follows_the_semicolon_is_asked_beside_the_numbered_entries(reader, written, ecog, tumour, expected):
    assert truth(reader, f"{DEMAND}* {written}", fit(ecog, tumour)) is expected


def test_an_exception_behind_the_semicolon_stays_with_the_last_entry(reader):
    (criterion,) = reader.read(f"{SHUTS_OUT}* 1) Active infection, or 2) brain metastases; unless treated").criteria
    kinds = [leaf.kind for leaf in leaves(criterion.node)]
    assert kinds == ["infection", "cns_metastases"]


GILBERT = {"conditions": [{"name": "Gilbert syndrome", "status": "active"}]}
NO_GILBERT = {"conditions": [], "complete": {"conditions": True}}


@pytest.mark.parametrize(
    "written",
    [
        "Bilirubin at most 1.5 x ULN (3 x ULN in the presence of Gilbert's disease provided direct bilirubin normal)",
        "Bilirubin <= 1.5 x ULN (<= 3 x ULN for Gilbert syndrome if direct bilirubin <= ULN)",
    ],
)
@pytest.mark.parametrize(
    ("total", "direct", "record", "expected"),
    [
        ("1", "2", NO_GILBERT, MET),
        ("8", "5", NO_GILBERT, NOT_MET),
        ("8", "5", GILBERT, NOT_MET),
        ("2", "0.5", GILBERT, MET),
        ("2", "2", GILBERT, NOT_MET),
    ],
)
def test_a_proviso_of_the_looser_limit_frees_nobody_from_the_first(reader, written, total, direct, record, expected):
    labs = lab(bilirubin=(total, "mg/dL"), direct_bilirubin=(direct, "mg/dL"))
    assert truth(reader, f"{DEMAND}* {written}", patient(labs=labs) | record) is expected


def test_provided_asks_for_both(reader):
    text = f"{DEMAND}* Creatinine <= 2 mg/dL provided that creatinine clearance is >= 50 mL/min"
    low = lab(creatinine=("1", "mg/dL"), creatinine_clearance=("30", "mL/min"))
    assert truth(reader, text, patient(labs=low)) is NOT_MET
    high = lab(creatinine=("3", "mg/dL"), creatinine_clearance=("30", "mL/min"))
    assert truth(reader, text, patient(labs=high)) is NOT_MET


DIABETES = {"conditions": [{"name": "type 2 diabetes mellitus", "status": "active"}]}


@pytest.mark.parametrize(
    ("record", "value", "expected"),
    [(DIABETES, "12", {UNKNOWN}), (NO_GILBERT, "7.5", {NOT_MET}), (NO_GILBERT, "5", {MET})],
)
def test_two_limits_each_with_its_if(reader, record, value, expected):
    text = f"{DEMAND}* Fasting glucose of at most 6.0 mmol/L if not diabetic or at most 8.9 mmol/L if diabetic"
    assert truth(reader, text, patient(labs=lab(fasting_glucose=(value, "mmol/L"))) | record) in expected


@pytest.mark.parametrize(
    "written",
    [
        "Participants who will receive ribociclib must have bilirubin <= 1 mg/dL",
        "All study participants to be treated with ribociclib: bilirubin <= 1 mg/dL",
        "For patients assigned to receive ribociclib: bilirubin <= 1 mg/dL",
    ],
)
def test_what_binds_those_who_get_one_treatment_decides_nothing_for_others(reader, written):
    high = patient(labs=lab(bilirubin=("3", "mg/dL")))
    assert truth(reader, f"{DEMAND}* {written}", high) is UNKNOWN
    assert truth(reader, f"{DEMAND}* {written}", patient(labs=lab(bilirubin=("0.5", "mg/dL")))) is MET


def test_who_gets_one_treatment_is_not_shut_out_by_that(reader):
    text = f"{SHUTS_OUT}* Participants to be treated with ribociclib: brain metastases"
    assert {leaf.kind for item in reader.read(text).criteria for leaf in leaves(item.node)} == {
        "unread",
        "cns_metastases",
    }
    assert truth(reader, text, patient()) is not NOT_MET


@pytest.mark.parametrize(
    "age", ["For Japan only: 20 years of age or older", "Consent signed.For Algeria only: aged 20 years or older"]
)
def test_an_age_of_one_country_shuts_out_nobody_else(reader, age):
    young = patient(demographics={"birth_date": "2007-01-01"})
    assert truth(reader, f"{DEMAND}* {age}", young) is UNKNOWN


def test_causes_in_a_list_shut_out_nobody_by_themselves(reader):
    text = f"{SHUTS_OUT}* Signs of malabsorption due to earlier surgery, gastrointestinal disease, or an unknown reason"
    ill = patient(conditions=[{"name": "gastrointestinal disease", "status": "active"}])
    assert truth(reader, text, ill) is not NOT_MET


def test_no_node_is_among_none_to_three(reader):
    text = f"{DEMAND}* Tumour of 3 cm and 0-3 positive axillary lymph nodes (pathologic T1-2)"
    (criterion,) = reader.read(text).criteria
    kinds = [leaf.kind for leaf in leaves(criterion.node)]
    assert kinds[kinds.index("disease_setting") + 1] == "judgement"


def ill(*names: str, **more) -> dict:
    """Return a complete list of illnesses."""
    known = [{"name": name, "status": "active"} for name in names]
    return patient(conditions=known, complete={"conditions": True}) | more


@pytest.mark.parametrize(
    ("written", "record"),
    [
        ("Bleeding or clotting disorders", ill("bleeding")),
        (
            "Clinical worsening of liver disease within the last 2 weeks (i.e., abdominal pain, nausea, or fever)",
            ill("nausea"),
        ),
        ("Severe aortic or mitral stenosis", ill("mitral stenosis")),
        (
            "Any of the following during treatment with bevacizumab: a thromboembolic event; bowel perforation",
            ill("bowel perforation"),
        ),
        (
            "Disorders of the bowel including those with a risk of perforation:\n  - Peptic ulcer\n  - Diverticulitis",
            ill("gastrointestinal disease"),
        ),
        ("Any of the following kidney abnormalities: creatinine > 2 mg/dL; albumin < 3 g/dL", ill("renal disease")),
    ],
)
def test_who_has_less_than_the_words_say_is_not_shut_out(reader, written, record):
    assert truth(reader, f"{SHUTS_OUT}* {written}", record) is not NOT_MET


@pytest.mark.parametrize(
    ("written", "labs"),
    [
        (
            "Any of the following hematologic abnormalities:\n  - Haemoglobin < 9 g/dL\n  - Platelets < 100000/uL",
            lab(haemoglobin=("8", "g/dL")),
        ),
        ("Hepatic impairment (bilirubin > 2 mg/dL)", lab(bilirubin=("3", "mg/dL"))),
    ],
)
def test_a_value_that_defines_an_illness_shuts_out_who_is_not_said_to_have_it(reader, written, labs):
    assert truth(reader, f"{SHUTS_OUT}* {written}", ill(labs=labs)) is NOT_MET


def test_a_severe_weight_shuts_out_by_its_number(reader):
    (criterion,) = reader.read(f"{SHUTS_OUT}* Severe obesity (BMI > 35)").criteria
    assert next(leaves(criterion.node)).kind == "body_measure"


def test_a_lead_on_earlier_treatment_binds_who_had_none_of_it(reader):
    text = f"{SHUTS_OUT}* Last administration of prior antitumour therapy:"
    text += "\n  - Radiotherapy within 2 weeks\n  - Chemotherapy within 4 weeks"
    irradiated = patient(
        procedures=[{"kind": "radiotherapy", "date": "2026-05-28"}], therapies=[], complete={"therapies": True}
    )
    assert truth(reader, text, irradiated) is not MET


def test_a_single_metastasis_is_not_several(reader):
    (criterion,) = reader.read(f"{SHUTS_OUT}* Multiple brain metastases").criteria
    assert [leaf.kind for leaf in leaves(criterion.node)] == ["cns_metastases", "judgement"]


def test_those_with_one_histology_alone_are_bound(reader):
    text = f"{DEMAND}* Adenocarcinoma patients must not have an EGFR mutation"
    squamous = {"as_of": "2026-06-01", "cancer": {"tumour_type": "lung_squamous", "setting": "metastatic"}}
    assert truth(reader, text, squamous) is not NOT_MET


def test_those_who_had_a_treatment_alone_are_bound(reader):
    text = f"{DEMAND}* Treatment-experienced participants must have had at least one course of interferon alfa"
    assert truth(reader, text, patient(therapies=[], complete={"therapies": True})) is not NOT_MET


def test_a_tumour_of_the_brain_is_not_the_one_that_is_named(reader):
    text = f"{DEMAND}* Newly diagnosed brain tumour called glioblastoma"
    assert truth(reader, text, patient("cns_tumour")) is not MET


def test_a_medicine_forbidden_during_the_study_says_nothing_of_now(reader):
    text = f"{SHUTS_OUT}* Other antiretroviral agents may not be taken during the first 16 weeks of the study treatment"
    (criterion,) = reader.read(text).criteria
    assert {leaf.kind for leaf in leaves(criterion.node)} == {"unread"}


def test_an_abuse_that_is_over_is_no_current_one(reader):
    (criterion,) = reader.read(f"{DEMAND}* No current history of drug abuse").criteria
    (leaf,) = leaves(criterion.node)
    assert not leaf.params.ever


def test_a_condition_that_denies_its_own_demand_is_no_condition(reader):
    text = f"{DEMAND}* LVEF > 45 %, with no aneurysm OR a stress test must show a fixed defect alone if LVEF < 45 %"
    weak = patient(cardiac={"lvef": [{"percent": 40, "date": "2026-05-20", "method": "echo"}]})
    assert truth(reader, text, weak) is UNKNOWN


def test_a_list_for_one_state_of_the_disease_binds_those_in_it(reader) -> None:
    text = (
        "Inclusion Criteria:\n\n* Required parameters for node-positive disease: note that the 5th edition is used\n"
        "    * At least one positive lymph node\n* Required parameters for node-negative disease:\n"
        "    * Negative lymph nodes\n"
    )
    assert all(isinstance(one.node, When) for one in reader.read(text).criteria)
