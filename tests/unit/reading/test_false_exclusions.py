"""Wordings that once shut out people whom the trial takes; each in words of our own."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.criteria.vanished import kept
from her2nav.kinds.forms import write
from her2nav.kinds.reading.base import leaf
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import Node, leaves
from her2nav.model.trial import Criterion, Role

NO_TOXICITY = {"toxicity_recovery": {"max_grade": 1}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(reader, text, section="inclusion", tumours=()):
    """Return the written trees of one criterion of a section."""
    before = "Inclusion Criteria:\n\n* " if section == "inclusion" else "Exclusion Criteria:\n\n* "
    found = reader.read(before + text, tumours).criteria
    return [bare(write(one.node)) for one in found]


def kinds(node: Node | dict) -> set[str]:
    """Return the kinds that a written tree holds."""
    if isinstance(node, list):
        return set().union(*(kinds(part) for part in node)) if node else set()
    return {name for name in node if name not in ("all_of", "any_of", "not", "when", "then")} | {
        inner for key in ("all_of", "any_of", "not", "when", "then") if key in node for inner in kinds(node[key])
    }


def test_side_effects_that_are_left_are_what_is_shut_out(reader):
    text = "Has not recovered from effects of earlier drugs (i.e., has residual toxicities > grade 1)"
    assert read(reader, text, "exclusion") == [NO_TOXICITY]
    asked = "Has recovered from earlier treatment (i.e., has residual toxicities > grade 1)"
    assert "toxicity_recovery" not in kinds(read(reader, asked))


def test_includes_but_is_not_limited_to_denies_nothing(reader):
    found = read(reader, "Serious illness. This includes, but is not limited to, liver cirrhosis", "exclusion")
    assert {"not": {"comorbidity": {"any_of": ["cirrhosis"]}}} in found[0]["all_of"]


@pytest.mark.parametrize(
    "text",
    ["Uncontrolled hypertension or diabetes", "Uncontrolled illness including hypertension, diabetes or cirrhosis"],
)
def test_what_narrows_the_first_disease_may_narrow_the_next(reader, text):
    tree = read(reader, text, "exclusion")[0]
    assert "judgement" in kinds(tree)
    assert "only where it is uncontrolled" in str(tree)
    assert {"comorbidity": {"any_of": ["diabetes"]}} not in tree["not"]["any_of"]


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("No patients with HER2-positive tumours", {"her2_status": {"any_of": [{"status": "positive"}]}}),
        ("No participants with metastatic disease", {"disease_setting": {"settings": ["metastatic"]}}),
        ("No patients with premenopausal status", {"menopausal_status": {"any_of": ["premenopausal"]}}),
    ],
)
def test_no_patients_with(reader, text, leaf):
    assert read(reader, text) == [{"not": leaf}]


def test_a_pregnancy_test_for_premenopausal_women_shuts_out_nobody_else(reader):
    found = read(reader, "A negative pregnancy test for pre-menopausal women of childbearing potential")
    assert "menopausal_status" not in kinds(found)


def test_the_name_of_the_staging_system_is_no_metastasis(reader):
    assert "metastatic_site" not in kinds(read(reader, "Metastatic disease by Tumour Node Metastases (TNM) staging"))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("No more than 2 prior lines of chemotherapy (including antibody drug conjugates)", False),
        ("No more than 1 prior chemotherapy (which includes antibody drug conjugates) for metastatic disease", False),
        ("At least 1 prior line of therapy (including trastuzumab)", True),
        ("No more than 2 prior lines of endocrine therapy, including a prior CDK4/6 inhibitor", True),
    ],
)
def test_what_a_count_includes(reader, text, held):
    assert ("prior_therapy" in kinds(read(reader, text))) is held


def test_a_proviso_in_brackets_behind_unread_words_demands_nothing(reader):
    text = "A period of 21 days between the last dose and enrolment (provided the patient did not receive radiotherapy)"
    assert kinds(read(reader, text)) == {"unread"}


PLATINUM = {"prior_therapy": {"drugs": ["platinum"]}}
OVARIAN = {"tumour_type": {"types": ["ovarian"]}}


def test_a_demand_on_patients_with_one_cancer_binds_those_alone(reader):
    text = "Patients with ovarian cancer must have received a platinum compound"
    assert read(reader, text, tumours=("ovarian", "breast")) == [{"when": OVARIAN, "then": PLATINUM}]
    unsure = {"any_of": [OVARIAN, {"unread": {}}]}
    assert read(reader, text) == [{"all_of": [unsure, {"when": OVARIAN, "then": PLATINUM}]}]
    assert {"when": OVARIAN, "then": PLATINUM} not in read(reader, text, tumours=("ovarian",))


def test_two_demands_each_on_patients_with_its_cancer(reader):
    text = "Patients with NSCLC must have received a platinum and those with breast cancer must have received a taxane"
    found = read(reader, text, tumours=("nsclc", "breast"))[0]
    assert found == {
        "all_of": [
            {"when": {"tumour_type": {"types": ["nsclc"]}}, "then": PLATINUM},
            {"when": {"tumour_type": {"types": ["breast"]}}, "then": {"prior_therapy": {"drugs": ["taxane"]}}},
        ]
    }


def test_a_state_asked_of_one_cancer(reader):
    text = "Patients with breast cancer must have HER2-negative disease"
    found = read(reader, text, tumours=("breast", "gastric"))
    assert found == [
        {
            "when": {"tumour_type": {"types": ["breast"]}},
            "then": {"her2_status": {"any_of": [{"status": "negative"}]}},
        }
    ]
    whole = read(reader, "Patients with HER2-positive breast cancer must have measurable disease", tumours=("breast",))
    assert "when" not in str(whole)


def test_a_reason_and_a_remark_in_brackets_do_not_turn_an_exclusion_round(reader):
    because = "Active brain metastases, because systemic treatment would need to be paused"
    assert "'none'" in str(read(reader, because, "exclusion"))
    remark = "Haemoglobin < 8 g/dL (transfusions are fine. Treatment must not begin before the day after)"
    leaf = read(reader, remark, "exclusion")[0]["not"]["all_of"][0]
    assert leaf["lab_value"]["op"] == "<"


def test_what_binds_in_the_case_before_demands_nothing_of_others(reader):
    text = "No earlier thoracic radiotherapy. In this case, enrolment must be within 12 weeks of breast radiotherapy"
    assert "within_days" not in str(read(reader, text))


@pytest.mark.parametrize(
    "text",
    [
        "The doses and dates of prior anthracycline and trastuzumab therapy must be provided",
        "When IHC is 2+, HER2 must be assessed by FISH",
        "Eastern Cooperative Oncology Group performance status 0, 1or 2",
    ],
)
def test_words_that_ask_nothing_of_the_record_stay_open(reader, text):
    assert kinds(read(reader, text)) == {"unread"}


def test_a_demand_on_people_that_are_not_understood_binds_those_alone(reader):
    found = read(reader, "Patients with hormone-sensitive tumours must have received prior hormonal therapy")
    assert found == [{"when": {"unread": {}}, "then": {"prior_therapy": {"drugs": ["endocrine"]}}}]


def test_an_exclusion_of_no_earlier_treatment_may_be_a_slip(reader):
    found = read(reader, "No prior trastuzumab or bevacizumab therapy", "exclusion")
    assert "unread" in kinds(found)


def test_women_who_are_not_breastfeeding_and_who_have_a_test(reader):
    text = "Women who are not breastfeeding, and who have a negative pregnancy test"
    assert {"not": {"pregnancy": {"any_of": ["pregnant"]}}} in read(reader, text)[0]["all_of"]


def test_a_test_that_is_not_applicable_to_some_asks_nobody_to_be_among_them(reader):
    text = "A negative pregnancy test (not applicable to those who had an oophorectomy or are postmenopausal)"
    assert "menopausal_status" not in kinds(read(reader, text))


def test_those_with_brain_metastases_in_an_exclusion(reader):
    text = "Uncontrolled brain metastases are excluded. If patients have brain metastases they must be off steroids"
    tree = str(read(reader, text, "exclusion"))
    assert "'when': {'cns_metastases'" in tree


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("Ongoing malignancy other than basal cell carcinoma", True),
        ("Any other active malignancy", True),
        ("Active or prior malignancy", False),
        ("History of another malignancy", False),
    ],
)
def test_whether_another_cancer_must_be_active(reader, text, active):
    tree = str(read(reader, text, "exclusion"))
    assert ("'active_only': True" in tree) is active


def test_only_bone_metastasis_is_one_site_alone(reader):
    tree = read(reader, "Patients with only bone metastasis", "exclusion")[0]
    assert tree == {"not": {"metastatic_site": {"any_of": ["bone"], "only": True}}}


def test_an_illness_in_a_denial_of_an_exclusion_is_not_demanded(reader):
    text = "Heart failure. Patients with risk factors but no diagnosis of heart failure will have an ECG"
    assert "'not': {'all_of': [{'cardiac_history'" not in str(read(reader, text, "exclusion"))


def test_what_is_asked_and_denied_at_once_is_left_open(reader):
    text = "Measurable disease is required for all cohorts. Cohort A1 may permit non-measurable disease"
    assert {"not": {"measurable_disease": {}}} not in read(reader, text)[0]["all_of"]


def test_those_who_are_excluded_only_if(reader):
    text = "Subjects with brain metastases are excluded if these are symptomatic or treated but not stable"
    found = read(reader, text, "exclusion")[0]
    assert {"unread": {}} in found["not"]["all_of"]


def test_what_is_no_ground_for_exclusion_shuts_nobody_out(reader):
    text = "Symptomatic brain metastases are excluded. Irradiated brain metastases are not grounds for trial exclusion"
    demanded = read(reader, text, "exclusion")[0]
    assert {"cns_metastases": {"accepted": ["none"]}} not in demanded.get("all_of", [demanded])


def test_active_reaches_over_two_names_of_the_brain(reader):
    tree = str(read(reader, "Active brain or central nervous system metastases", "exclusion"))
    assert "treated_stable" in tree


def test_a_dose_that_was_given_asks_for_none(reader):
    found = read(reader, "Prior cumulative doxorubicin dose no greater than 360 mg/m^2")
    assert found == [{"anthracycline_dose": {"max_mg_m2": "360"}}]


def test_a_cohort_in_brackets_behind_a_demand(reader):
    found = reader.read(
        "Inclusion Criteria:\n\n* Prior treatment with PARP inhibitors (Patients in Cohort A1)"
    ).criteria
    assert found[0].scope == ("cohort-a1",)


def test_a_treatment_that_is_to_come_was_not_given(reader):
    found = read(reader, "Clinically measurable disease to be treated in the neoadjuvant setting")
    assert "prior_therapy" not in kinds(found)


def test_people_by_what_was_done_to_them(reader):
    found = read(reader, "Patients who have undergone a lumpectomy must receive radiation")
    assert list(found[0]) == ["when", "then"]


@pytest.mark.parametrize(
    "text",
    ["Brain metastases (patients with treated metastases are eligible)", "Brain metastases (treated ones are allowed)"],
)
def test_whom_brackets_let_in_is_an_exception(reader, text):
    found = read(reader, text, "exclusion")[0]
    assert {"not": {"cns_metastases": {"accepted": ["none"]}}} in found["not"]["all_of"]
    assert "unread" in kinds(found)


def test_excluded_unless_keeps_its_exception(reader):
    text = "Patients with brain metastases are excluded unless treated and stable"
    assert read(reader, text, "exclusion") == [{"cns_metastases": {"accepted": ["none", "treated_stable"]}}]


def test_other_alterations_behind_an_or_open_the_list_of_genes(reader):
    text = "Evidence of BRCA1/2 and/or genetic alterations causing a deficiency of repair (ATM, PALB2)"
    (tree,) = read(reader, text)
    assert [next(iter(part)) for part in tree["any_of"]] == ["other_driver", "unread"]


def test_other_tumour_types_open_a_list_of_cancers(reader):
    (tree,) = read(reader, "Melanoma, colorectal cancer, other tumor types: HER2 amplification")
    assert {"any_of"} <= set(tree["all_of"][0])
    assert kinds(tree["all_of"][0]) == {"tumour_type", "unread"}


def test_a_cancer_of_earlier_years_may_be_meant(reader):
    (tree,) = read(reader, "Current or previous diagnosis of breast cancer or prostate cancer")
    assert kinds(tree) == {"tumour_type", "unread"}
    assert "any_of" in tree


def test_a_list_that_a_lead_demands_shuts_out_nobody_by_itself(reader):
    lead = "Women must be either:\n\n  * postmenopausal for two years\n  * surgically sterile"
    trees = read(reader, lead, "exclusion")
    assert {"not": {"menopausal_status": {"any_of": ["postmenopausal"]}}} not in trees
    assert all("not" not in tree for tree in trees)
    trees = read(reader, "Patients with HIV must meet the following:\n\n  * CD4 count at least 350", "exclusion")
    assert "'known'" not in str(trees)


@pytest.mark.parametrize(
    "dose", ["a stable dose of steroids for 4 weeks", "steroids if the dose is unchanged for 4 weeks"]
)
def test_a_dose_of_steroids_that_stays_the_same_is_not_none(reader, dose):
    found = read(reader, f"Treated brain metastases are allowed on {dose}", "exclusion")
    assert "min_days_off_steroids" not in str(found)


def test_a_stage_that_no_vocabulary_holds_is_left_to_a_person(reader):
    (tree,) = read(reader, "Stage IC-IV epithelial ovarian cancer")
    assert kinds(tree) == {"tumour_type", "unread"}
    assert "all_of" in tree


def test_those_who_had_a_drug_and_an_effect_of_it_are_bound_not_asked_for(reader):
    text = "Patients who have received nivolumab and have had {} must have a normal colonoscopy"
    assert "when" in read(reader, text.format("colitis"))[0]
    assert "prior_therapy" not in kinds(read(reader, text.format("documented blue hairs"))[0])


def test_an_earlier_cancer_under_a_condition_that_was_not_read_is_left_to_a_person(reader):
    text = "Women; breast cancer; previous invasive breast cancer if diagnosed >9 years before entry"
    tree = read(reader, text)[0]
    assert not any("when" in part for part in tree["all_of"])
    assert {"unread": {}} in tree["all_of"]


def test_two_histologies_of_one_cancer_are_alternatives(reader):
    for text in ("High-grade serous and grade 2 endometrioid ovarian cancer", "Serous and clear cell ovarian cancer"):
        tree = read(reader, text)[0]
        assert {"tumour_type": {"histologies": ["high_grade_serous"]}} not in tree.get("all_of", [])


def test_a_condition_cut_off_from_what_it_binds_asks_for_nothing(reader):
    tree = read(reader, "Amylase above 3 x ULN; if gallstones present and no pancreatitis present")[0]
    assert not {"gastrointestinal", "comorbidity"} & kinds(tree)


def test_what_is_said_behind_the_last_of_two_treatments_may_bind_the_first(reader):
    tree = read(
        reader, "Prior radiation or surgical resection of the lymphoma without measurable disease", "exclusion"
    )[0]
    assert {"procedure": {"kinds": ["radiotherapy"]}} not in tree["not"].get("any_of", [])


@pytest.mark.parametrize("drug", ["dexamethasone", "bisphosphonates"])
def test_those_of_a_cancer_who_take_a_medicine_are_bound_not_asked_for(reader, drug):
    tree = read(reader, f"Glioma patients receiving {drug} must be on a stable dose")[0]
    assert "tumour_type" not in kinds(tree)
    assert set(tree) == {"when", "then"} or kinds(tree) == {"unread"}


def test_the_first_histology_in_brackets_is_not_asked_of_all(reader):
    tree = read(reader, "Proven gynecological cancers (endometrioid, XYQ, and solid gynecological cancers)")[0]
    assert "endometrioid" not in str(tree)
    assert "gynaecological" in str(tree)


@pytest.mark.parametrize(
    ("words", "asked", "open_"),
    [
        ("Pregnancy or inadequate contraception of the couple", leaf("contraception"), True),
        ("Pregnancy or inadequate contraception of the couple", leaf("pregnancy"), False),
        ("Must use contraception HIV negative", leaf("contraception"), True),
        ("Must use contraception to avoid a pregnancy", leaf("contraception"), False),
        ("Platelets at least 90,000", leaf("lab_value", variable="anc", op=">=", value="1", unit="10*9/L"), True),
        ("Heart disease including myocardial infarction", leaf("lvef", op="<", percent="50"), True),
        ("A protein:creatinine ratio > 1", leaf("lvef", op="<", percent="50"), False),
        ("Prior allogeneic stem cell transplant", leaf("lvef", op="<", percent="50"), True),
        ("Unfit for the drug (e.g. myocardial infarction)", leaf("judgement", topic="fitness for the drug"), False),
    ],
)
def test_a_weighty_fact_that_left_no_leaf_keeps_a_criterion_open(words, asked, open_):
    before = Criterion("e1", Role.CONFIRM, "exclusion", words, asked)
    after = kept(before, words.lower())
    assert (after.role is Role.DECIDES and "unread" in {item.kind for item in leaves(after.node)}) is open_
    assert open_ or after is before


@pytest.mark.parametrize(
    ("entry", "most"),
    [
        ("Up to 30 years of age at the time of the original diagnosis", None),
        ("Younger than 40 years at diagnosis", None),
        ("Aged 18 to 50 years at first diagnosis", None),
        ("Age 21 and under at diagnosis", None),
        ("Lansky at least 60 % in patients age 12 and under", None),
        ("Up to 30 years of age at study entry", 30),
    ],
)
def test_an_age_at_diagnosis_bounds_nobody_who_is_older_today(reader, entry, most):
    (criterion,) = reader.read(f"Inclusion Criteria:\n\n* {entry}\n").criteria
    found = [item.params.max for item in leaves(criterion.node) if item.kind == "age" and item.params.max is not None]
    assert found == ([] if most is None else [most])
