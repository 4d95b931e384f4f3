"""Wordings on the cancer, its markers, its extent and its lines that were once read as what they do not say."""

import re

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge

OPEN = {"unread": {}}
POSITIVE = {"her2_status": {"any_of": [{"status": "positive"}]}}
NEGATIVE = {"her2_status": {"any_of": [{"status": "negative"}]}}
BREAST = {"tumour_type": {"types": ["breast"]}}
MEASURABLE = {"measurable_disease": {}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def bare(value):
    """Return a written tree without its places and notes; which part of the trial is meant stays open."""
    if isinstance(value, dict):
        if re.match(r"\W*topic\W*which (?:part of the trial|patients)", str(value.get("judgement", ""))):
            return OPEN
        return {key: {} if key == "unread" else bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(reader, text, section="inclusion", tumours=()):
    """Return the written trees of the criteria of a section."""
    found = reader.read(f"{section.title()} Criteria:\n\n* {text}", tumours).criteria
    return [bare(write(one.node)) for one in found]


def kinds(node):
    """Return the kinds that a written tree holds."""
    if isinstance(node, list):
        return set().union(*(kinds(part) for part in node)) if node else set()
    logic = ("all_of", "any_of", "not", "when", "then")
    return {name for name in node if name not in logic} | {
        inner for key in logic if key in node for inner in kinds(node[key])
    }


@pytest.mark.parametrize(
    ("text", "leaf"),
    [
        ("In phase 2, participants must have HER2-positive disease", POSITIVE),
        ("Participants in part B (dose expansion) must have measurable disease", MEASURABLE),
        ("For dose escalation, patients are required to have HER2-negative disease", NEGATIVE),
        ("Prior to enrolment in the phase 1 part of the study, patients must have measurable disease", MEASURABLE),
        ("Measurable disease according to RECIST (phase II)", MEASURABLE),
        ("Must have measurable disease for the dose expansion cohorts", MEASURABLE),
    ],
)
def test_a_demand_on_one_part_of_the_trial_binds_nobody_else(reader, text, leaf):
    assert read(reader, text) == [{"when": OPEN, "then": leaf}]


def test_a_trial_as_a_whole_is_no_part_of_it(reader):
    text = "Patients in this phase II study must have HER2-positive disease"
    assert "when" not in read(reader, text)[0]


def test_the_next_sentence_speaks_of_the_same_part(reader):
    text = "Participants in part D must have breast cancer. Must have HER2-positive disease"
    assert read(reader, text) == [{"all_of": [{"when": OPEN, "then": BREAST}, {"when": OPEN, "then": POSITIVE}]}]


def test_letters_of_parts_in_brackets_are_no_list_marks(reader):
    text = "HER2-positive (part A) or HER2-negative (part B) disease"
    found = read(reader, text)[0]["any_of"]
    assert [kinds(one) - {"unread"} for one in found] == [{"her2_status"}, {"her2_status"}]


@pytest.mark.parametrize(
    "text",
    [
        "FISH is required for all 2+ tumours by IHC",
        "A positive FISH assay by itself is sufficient to determine HER2 positivity",
        "Stage II with at least T2 N0, or if N1+ then any T",
        "Known hormone receptor status - ER/PgR",
        "Heregulin-positive tumour",
        "Postmenopausal status not specified",
        "Normal thyroid function (TSH, free T4)",
        "Tissue to allow confirmation of MSI-H/dMMR status confirmation",
        "Definition of measurable disease",
        "Measurable CNS lesions must be captured as target lesions",
        "For patients with liver metastases:",
        "For subjects with a known BRAF V600E mutation a targeted drug will be required",
    ],
)
def test_words_on_tests_and_definitions_demand_nothing(reader, text):
    leaves = kinds(read(reader, text)) - {"unread", "judgement", "tissue_available"}
    assert leaves <= ({"disease_setting"} if "Stage" in text else set())


def test_states_of_women(reader):
    every = {"menopausal_status": {"any_of": ["premenopausal", "perimenopausal", "postmenopausal"]}}
    assert read(reader, "Premenopausal and postmenopausal women") == [every]
    asked = read(reader, "Premenopausal women must be receiving ovarian suppression")[0]
    assert asked["when"] == {"menopausal_status": {"any_of": ["premenopausal"]}}


def test_a_list_that_says_what_postmenopausal_means_asks_for_no_age(reader):
    text = "Women may take part. Postmenopausal status is defined by:\n    1. Age of 60 years or more\n    2. No menses for a year"  # noqa: E501
    assert "age" not in kinds(read(reader, f"Adults\n  * {text}"))


def test_receptors_or_both(reader):
    assert read(reader, "Tumours are positive for ER, PgR, or both") == [{"hormone_receptor": {"status": "positive"}}]


def test_stages_from_one_to_an_operable_one(reader):
    text = "Stage I to operable stage III breast cancer"
    assert {"disease_setting": {"stages": ["I", "II", "III"]}} in read(reader, text)[0]["all_of"]


def test_extents_that_nobody_has_at_once_are_open(reader):
    text = "Stage I disease\n  * HER2-positive tumour\n  * Stage IV disease"
    assert "disease_setting" not in kinds(read(reader, text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "Inflammatory breast cancer or bilateral breast cancer",
            {"all_of": [{"tumour_type": {"types": ["breast"]}}, {"disease_setting": {"inflammatory": True}}]},
        ),
        ("Bilateral breast cancer or metastatic disease or inflammatory breast cancer", {"disease_setting": {"settings": ["metastatic"]}}),  # noqa: E501
        ("Any T4 or M1 tumour", {"disease_setting": {"settings": ["metastatic"]}}),
        ("Any T4 or M1 tumour", {"disease_setting": {"t": ["T4"]}}),
    ],
)  # fmt: skip
def test_entries_of_an_exclusion_keep_what_narrows_them(reader, text, tree):
    found = read(reader, text, "exclusion")[0]
    assert tree in found["not"]["any_of"]
    assert BREAST not in found["not"]["any_of"]


def test_histologies_behind_including_are_those_of_the_cancer(reader):
    found = read(reader, "Ovarian cancer with histologies including clear cell and mucinous", "exclusion")
    assert found == [{"not": {"tumour_type": {"types": ["ovarian"], "histologies": ["clear_cell", "mucinous"]}}}]


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Patients with only liver metastases", "liver"),
        ("Metastases confined to the bone", "bone"),
        ("Lung metastases as the only site of disease", "lung"),
        ("The only site of metastasis is the liver", "liver"),
    ],
)
def test_one_site_alone(reader, text, site):
    found = read(reader, text, "exclusion")
    assert found == [{"not": {"metastatic_site": {"any_of": [site], "only": True}}}]


@pytest.mark.parametrize(
    ("text", "evaluable"),
    [
        ("Measurable and non-measurable disease are allowed", True),
        ("Measurable disease or non-measurable bone-only disease", True),
        ("Measurable disease, which must be assessed within 28 days", None),
    ],
)
def test_lesions_that_count(reader, text, evaluable):
    found = read(reader, text)[0]
    if evaluable:
        assert found == {"measurable_disease": {"evaluable_accepted": True}}
    else:
        assert found != {"not": MEASURABLE}


def test_measurable_or_lesions_of_another_sort(reader):
    text = "A minimum of one measurable lesion defined as:\n  * RECIST, OR\n  * skin lesions that can be photographed"
    assert read(reader, text) == [{"any_of": [MEASURABLE, OPEN]}]
    bone = {"metastatic_site": {"any_of": ["bone"], "only": True}}
    assert (
        read(reader, "Measurable disease per RECIST (Response Evaluation) or bone-only disease")[0]["any_of"][-1]
        == bone
    )


def test_lesions_that_are_not_measurable_are_asked_of_nobody(reader):
    text = (
        "The following are considered nonmeasurable:\n\n* Leptomeningeal disease\n\n* Brain lesions\n\n* Bone lesions"
    )
    assert kinds(read(reader, text)) <= {"unread"}


def test_of_whom_a_demand_is_made_is_a_condition(reader):
    text = "If the histology is adenocarcinoma, must have wild-type EGFR"
    assert "when" in read(reader, text)[0]
    text = (
        "Platelets at least 75 x 10^9/L. For patients with breast cancer in the bone marrow, platelets >= 50 x 10^9/L"
    )
    assert BREAST not in read(reader, text)[0]["all_of"]
    text = "Normal LVEF in patients to receive trastuzumab (HER2-positive)"
    assert "her2_status" not in kinds(read(reader, text))


def test_an_earlier_cancer_is_not_the_present_one(reader):
    text = "Patients with a prior history of breast cancer are eligible if treatment ended two years ago"
    assert "tumour_type" not in kinds(read(reader, text))
    assert "tumour_type" not in kinds(read(reader, "Margins free of invasive tumour and DCIS"))


def test_a_series_of_lines_is_one_range_or_open(reader):
    text = "Has had at least one line, but not more than three lines, of systemic therapy for metastatic disease"
    tree = read(reader, text, "exclusion")[0]
    demand = {"lines_of_therapy": {"max": 3}}
    assert demand not in tree["not"].get("any_of", [])


def test_the_setting_of_a_header_counts_for_its_entries(reader):
    text = "Earlier treatment in the metastatic setting includes:\n  * at least one endocrine therapy\n  * up to two lines of chemotherapy"  # noqa: E501
    found = read(reader, text)[0]["all_of"]
    assert {"lines_of_therapy": {"max": 2, "of": ["chemotherapy"]}} in found


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Brain metastases that are not well controlled", {"none", "treated_stable"}),
        ("Untreated tumours of the spine, or brain metastases", {"none"}),
    ],
)
def test_what_state_of_the_brain_is_shut_out(reader, text, states):
    tree = str(read(reader, text, "exclusion"))
    assert all(state in tree for state in states)
    assert "treated_stable" in tree


def test_those_with_treated_metastases_are_eligible_if(reader):
    text = "Patients with treated brain metastases are eligible if stable. Patients with carcinomatous meningitis are not eligible"  # noqa: E501
    found = read(reader, text)[0]["all_of"]
    assert {"not": {"leptomeningeal_disease": {}}} in found


def test_one_of_the_following_cancers_lists_alternatives(reader):
    text = "Participants must have one of the following solid tumours:\n* TMB-high\n* MSI-H\n* Breast cancer"
    found = read(reader, text)[0]
    assert {"msi_mmr": {"status": "MSI-H"}} in found["any_of"]


def test_patients_with_a_cancer_who_are(reader):
    found = read(reader, "Patients with breast cancer who are HER2-positive")
    assert found == [{"all_of": [BREAST, POSITIVE]}]


def test_a_cancer_in_a_demand_among_exclusions_says_of_whom_it_speaks(reader):
    text = "Diarrhoea. Pancreatic cancer patients with pancreatic insufficiency must take enzymes"
    assert "tumour_type" not in kinds(read(reader, text, "exclusion"))


def test_triple_negative_carcinoma_of_the_breast_among_other_cancers(reader):
    text = "One of: triple negative adenocarcinoma of the breast, adenocarcinoma of the colon"
    assert NEGATIVE not in read(reader, text)[0].get("all_of", [])


def test_a_note_that_excepts_some_leaves_the_demand_open(reader):
    text = "Measurable disease by RECIST. Note: except participants in part 1m"
    assert read(reader, text) == [{"any_of": [MEASURABLE, OPEN]}]
