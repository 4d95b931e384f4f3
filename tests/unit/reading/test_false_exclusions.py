"""Wordings that once shut out people whom the trial takes; each in words of our own."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import Node

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
    assert "unread" in kinds(tree)
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
