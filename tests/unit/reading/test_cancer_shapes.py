"""Cancers, markers, the brain and what can be measured, as criteria write them: whole trees."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves

BREAST = {"tumour_type": {"types": ["breast"]}}
INFLAMMATORY = {"all_of": [BREAST, {"disease_setting": {"inflammatory": True}}]}
MEASURABLE = {"measurable_disease": {}}
STABLE = ["none", "treated_stable"]
QUIET = ["none", "untreated_asymptomatic", "treated_stable"]
BOTH = {"judgement": {"topic": "whether both breasts are affected"}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def bare(form):
    if isinstance(form, list):
        return [bare(item) for item in form]
    if isinstance(form, dict):
        return {name: bare(value) for name, value in form.items() if name not in ("text", "span", "rule")}
    return form


def trees(reader, text, section="inclusion"):
    found = reader.read(f"{section.capitalize()} Criteria:\n\n* {text}\n").criteria
    return [bare(write(item.node)) for item in found]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("T2-3, N0-1, M0 breast cancer", {"settings": ["early", "locally_advanced_resectable", "locally_advanced_unresectable"], "t": ["T2", "T3"], "n": ["N0", "N1"]}),  # noqa: E501
        ("any T, N1-3 breast cancer", {"n": ["N1", "N2", "N3"]}),
        ("T2 or T3, N0 or N1 breast cancer", {"t": ["T2", "T3"], "n": ["N0", "N1"]}),
    ],
)  # fmt: skip
def test_categories_of_tumour_and_nodes(reader, text, tree):
    assert {"disease_setting": tree} in trees(reader, text)[0]["all_of"]


def test_an_or_before_the_nodes_parts_two_alternatives(reader):
    found = trees(reader, "T4 or N2 breast cancer", "exclusion")[0]["not"]["all_of"]
    assert {"any_of": [{"disease_setting": {"t": ["T4"]}}, {"disease_setting": {"n": ["N2"]}}]} in found


@pytest.mark.parametrize("text", ["Normal T4 and TSH", "T1-weighted images of the head", "T4 cells above 200"])
def test_hormones_and_images_are_no_category(reader, text):
    assert "disease_setting" not in {item.kind for one in reader.read(text).criteria for item in leaves(one.node)}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Metaplastic breast cancer", {"tumour_type": {"types": ["breast"], "histologies": ["metaplastic"]}}),
        ("Male breast cancer", {"all_of": [BREAST, {"sex": {"any_of": ["male"]}}]}),
        ("Bilateral invasive breast cancer", {"all_of": [BOTH, BREAST]}),
        ("Inflammatory breast cancer", INFLAMMATORY),
        ("Locally advanced or inflammatory breast cancer", {"any_of": [{"all_of": [BREAST, {"disease_setting": {"settings": ["locally_advanced_resectable", "locally_advanced_unresectable"]}}]}, INFLAMMATORY]}),  # noqa: E501
        ("Inflammatory breast cancer, or metastatic disease", {"any_of": [INFLAMMATORY, {"disease_setting": {"settings": ["metastatic"]}}]}),  # noqa: E501
        ("Distant metastatic disease", {"disease_setting": {"settings": ["metastatic"]}}),
        ("Leptomeningeal disease as the only site of CNS involvement", {"all_of": [{"leptomeningeal_disease": {}}, {"cns_metastases": {"accepted": ["none"]}}]}),  # noqa: E501
    ],
)  # fmt: skip
def test_what_shuts_out_is_no_wider_than_its_words(reader, text, tree):
    assert trees(reader, text, "exclusion") == [{"not": tree}]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Measurable disease; lesions in previously irradiated areas will not be considered measurable unless progression has been demonstrated in such lesions", MEASURABLE),  # noqa: E501
        ("Measurable disease, defined as at least one unidimensionally measurable lesion ≥ 20 mm by conventional techniques or ≥ 10 mm by spiral CT scan", MEASURABLE),  # noqa: E501
        ("According to RECIST 1.1, at least one measurable lesion exists", MEASURABLE),
        ("Both HER2-positive and HER2-negative disease", {"her2_status": {"any_of": [{"status": "positive"}, {"status": "negative"}]}}),  # noqa: E501
        ("HER2+ must have had prior trastuzumab", {"when": {"her2_status": {"any_of": [{"status": "positive"}]}}, "then": {"prior_therapy": {"drugs": ["trastuzumab"]}}}),  # noqa: E501
        ("Primary tumour should measure at least 1 cm by clinical exam or radiologic tests", {"disease_setting": {"min_tumour_size_mm": "10"}}),  # noqa: E501
        ("Primary breast cancer of 2 cm or more in largest diameter", {"all_of": [BREAST, {"disease_setting": {"min_tumour_size_mm": "20"}}]}),  # noqa: E501
    ],
)  # fmt: skip
def test_whole_sentences(reader, text, tree):
    assert trees(reader, text) == [tree]


def test_lesions_that_count_too_shut_out_nobody(reader):
    found = trees(reader, "Measurable disease; lytic bone lesions will be considered measurable disease")[0]
    assert MEASURABLE in found["any_of"]


def test_a_demand_on_one_country_binds_nobody_else(reader):
    found = trees(reader, "For EU only: Participant has an ECOG PS of 0 or 1")[0]
    assert found["then"] == {"performance_status": {"ecog_max": 1}}
    assert set(found["when"]) == {"unread"}


def test_a_part_in_front_of_an_exclusion_leaves_it_open(reader):
    found = trees(reader, "For Phase II, prior chemotherapy for metastatic disease", "exclusion")[0]
    assert any(set(item) == {"unread"} for item in found["not"]["all_of"])


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("Patients with brain metastases are allowed provided they are asymptomatic and stable for at least two weeks prior to the first dose of trial treatment", {"accepted": QUIET, "min_days_stable": 14}),  # noqa: E501
        ("Patients with treated brain metastases must be off steroids and anticonvulsants", {"accepted": STABLE, "min_days_off_steroids": 0, "anticonvulsants": "none"}),  # noqa: E501
        ("Patients with treated brain metastases must be stable for 4 weeks and not taking enzyme-inducing anticonvulsants", {"accepted": STABLE, "min_days_since_local_therapy": 28, "anticonvulsants": "no_enzyme_inducing"}),  # noqa: E501
    ],
)  # fmt: skip
def test_limits_on_quiet_metastases_of_the_brain(reader, text, params):
    assert trees(reader, text) == [{"cns_metastases": params}]


def test_a_number_of_metastases_is_not_dropped(reader):
    text = "Patients with treated brain metastases must have one lesion and be stable for 4 weeks"
    topics = {getattr(item.params, "topic", None) for one in reader.read(text).criteria for item in leaves(one.node)}
    assert "what else the trial asks of brain metastases" in topics


def test_metastases_under_drugs_alone_are_shut_out(reader):
    text = "Brain metastases that are symptomatic, or requiring corticosteroids to control symptoms"
    found = trees(reader, text, "exclusion")
    assert '"min_days_off_steroids": 0' in str(found).replace("'", '"')
