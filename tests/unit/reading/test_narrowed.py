"""Words beside a name that narrow it: what for, in whom, of which degree, in front of which limit; own words."""

import pytest
from tests.unit.reading.test_in_passing import bound, read
from tests.unit.reading.written import bare, denied, every, lab

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def tree(reader, text, section="Inclusion"):
    """Return the one written tree of a bullet."""
    (found,) = read(reader, text, section=section)
    return bare(write(found.node))


@pytest.mark.parametrize(
    ("words", "kind", "binds"),
    [
        ("Earlier treatment with taxanes for any previous cancer", "prior_therapy", False),
        ("Earlier treatment with taxanes", "prior_therapy", True),
        ("Prior radiation for breast cancer or any radiation to the breast for any other cancer", "procedure", True),
        ("Acute or unstable heart failure", "cardiac_history", False),
        ("Acute or chronic heart failure", "cardiac_history", True),
        ("Participating in group psychotherapy for bad dreams or insomnia", "comorbidity", False),
        ("Insomnia", "comorbidity", True),
        ("Alcohol or drug abuse or dependence within the last year", "comorbidity", False),
        ("Melanoma only: prior taxanes", "tumour_type", False),
        ("Severe renal, pulmonary, bowel absorption, or neurological diseases, or neoplasia", "comorbidity", False),
        ("Impaired renal function, i.e. a clearance below 45 ml/min", "comorbidity", False),
        ("For participants enrolled in the drug B cohorts, LVEF below 50%", "lvef", False),
        ("For participants enrolled in the drug B cohort, this also includes: LVEF below 50%", "lvef", False),
        ("LVEF below 50%", "lvef", True),
    ],
)  # fmt: skip
def test_what_is_narrowed_shuts_nobody_out_by_itself(reader, words, kind, binds):
    assert (kind in {item.kind for item in bound(read(reader, words, section="Exclusion"))}) is binds


@pytest.mark.parametrize(
    ("words", "kind", "binds"),
    [
        ("For younger patients who are below 3 years old, the weight charts of the clinic are used", "age", False),
        ("Fresh tissue must be at hand for a patient to be evaluable for the second aim", "tissue_available", False),
        ("Fresh tissue must be at hand", "tissue_available", True),
        ("ALP up to 3 x ULN (up to 6 x ULN if bone metastases and ALT in the normal range)", "lab_value", False),
    ],
)
def test_what_is_said_of_some_is_asked_of_nobody_else(reader, words, kind, binds):
    found = read(reader, words)
    if kind == "lab_value":
        assert not any(getattr(item.params, "variable", None) == "alt" for item in bound(found))
    else:
        assert (kind in {item.kind for item in bound(found)}) is binds


def test_a_limit_that_metastases_do_not_loosen_is_asked_of_everybody(reader):
    found = read(reader, "Albumin >3 g/dL bilirubin <1.5 x ULN ALT <3 x ULN if no liver metastases")
    assert {item.params.variable for item in bound(found) if item.kind == "lab_value"} >= {"albumin"}


def test_a_limit_is_not_bound_by_the_bracket_of_a_further_limit(reader):
    found = read(reader, "Bilirubin < 1.5 x ULN ALT ≤ 3 x ULN * 5 x ULN (liver metastases present)")
    assert not [item for item in bound(found) if item.kind == "lab_value" and item.params.variable == "alt"]


def test_a_histology_at_the_end_is_of_the_cancers_in_front(reader):
    told = tree(reader, "Ovarian or fallopian tube cancer, high grade serous histology")
    sort = {"tumour_type": {"histologies": ["high_grade_serous"]}}
    assert told == every({"tumour_type": {"types": ["ovarian"]}}, sort)


def test_stages_with_a_condition_each_let_in_no_further_stage(reader):
    (found,) = read(
        reader,
        "Patients with stage II-III breast cancer are eligible if they are fit for neoadjuvant endocrine therapy. "
        "Patients with stage I disease are eligible if their surgeon recommends preoperative therapy.",
    )
    stages = [item.params.stages for item in leaves(found.node) if item.kind == "disease_setting"]
    assert stages
    assert '"when"' not in str(bare(write(found.node))).replace("'", '"')


def test_the_latter_of_two_scores_is_asked_for_a_second_test(reader):
    told = tree(reader, "HER2-positive, defined as IHC 3+ or IHC 2+, the latter in combination with ISH+")
    assert told == {"her2_status": {"any_of": [{"ihc": ["3+"]}, {"ihc": ["2+"], "ish": "positive"}]}}


def test_a_limit_of_those_who_do_not_take_a_drug_binds_nobody_for_certain(reader):
    told = tree(reader, "Patients not receiving anticoagulants who have an INR ≤1.4 and an aPTT ≤1.5 x ULN")
    assert "lab_value" not in str(told)
    assert "concomitant_medication" not in str(told)


def test_contrast_with_gadolinium_is_not_the_one_with_iodine(reader):
    told = tree(reader, "Allergy to gadolinium-based IV contrast", "Exclusion")
    assert told == denied({"allergy": {"substances": ["gadolinium"]}})


def test_activated_prothrombin_time_is_no_prothrombin_time(reader):
    assert tree(reader, "Activated prothrombin time ≤1.5 x ULN") == lab("aptt", "<=", "1.5", "xULN")
