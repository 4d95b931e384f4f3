"""Notes and reasons that change no answer drop out; words that do change one stay, in wording of our own."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AnyOf, leaves
from her2nav.model.trial import Role

_TAKEN = {"concomitant_medication"}
_LOCAL = {"locally_advanced_resectable", "locally_advanced_unresectable"}
_HEADS = {"in": "Inclusion Criteria:\n\n* ", "ex": "Exclusion Criteria:\n\n* "}


def criteria(section: str, entry: str):
    return reader(load_knowledge()).read(_HEADS[section] + entry).criteria


def kinds(section: str, entry: str) -> set[str]:
    return {leaf.kind for criterion in criteria(section, entry) for leaf in leaves(criterion.node)}


@pytest.mark.parametrize(
    ("section", "entry", "expected"),
    [
        ("ex", "Pregnancy (note: a pregnancy test should be done within 10 days for all women)", {"pregnancy"}),
        ("ex", "Pregnant at any time during the study", {"pregnancy"}),
        ("ex", "Premenopausal, pregnant or lactating", {"menopausal_status", "pregnancy"}),
        ("in", "LVEF of at least 50% by echocardiogram (the same method must be used at every visit)", {"lvef"}),
        ("in", "Oestrogen receptor positive by local immunohistochemistry", {"hormone_receptor"}),
        ("in", "New diagnosis of breast cancer", {"tumour_type"}),
        ("in", "Creatinine clearance (by the Cockcroft-Gault formula) of at least 50 mL/min", {"lab_value"}),
        ("in", "PT and PTT up to 1.5 x ULN", {"lab_value"}),
        ("ex", "Bilirubin above 2 x ULN unless due to Gilbert's syndrome", {"lab_value", "comorbidity"}),
        ("ex", "Not recovered from side effects (i.e., residual toxicities > grade 1)", {"toxicity_recovery"}),
        ("ex", "Pleural or pericardial effusion of any grade", {"lung_disease", "cardiac_history"}),
        ("ex", "Heart failure of any NYHA class", {"cardiac_history"}),
        ("ex", "Earlier treatment with trastuzumab (licensed or investigational)", {"prior_therapy"}),
        ("in", "WHO 0-2", {"performance_status"}),
        ("in", "Metastatic or locally advanced breast cancer", {"tumour_type", "disease_setting"}),
        ("ex", "Autologous or allogeneic stem cell transplantation", {"immune"}),
        ("ex", "Kidney disease on renal replacement therapy", {"comorbidity"}),
        ("ex", "HIV-positive patients on antiretroviral therapy", {"viral_infection", "concomitant_medication"}),
        ("in", "ECOG 0-1 with no deterioration over the last 2 weeks", {"performance_status", "judgement"}),
        ("in", "Concurrent bisphosphonates allowed provided treatment was started before study entry", _TAKEN),
        ("ex", "Hypokalaemia that cannot be corrected before the first dose", {"comorbidity"}),
        ("ex", "History of a fall in ejection fraction under trastuzumab", {"judgement"}),
        ("ex", "Limited legal capacity", {"judgement"}),
    ],
)  # fmt: skip
def test_asides_drop_out(section: str, entry: str, expected: set[str]) -> None:
    assert kinds(section, entry) - {"judgement"} == expected - {"judgement"}
    assert "unread" not in kinds(section, entry)


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        # the note asks for the result
        ("ex", "Pregnancy (note: a pregnancy test must be negative within 10 days and zorbled)"),
        ("ex", "Persistent diarrhoea of grade 2 or more with zorbling"),
        ("in", "PT of at least zorble"),
        ("ex", "Patients on the zorble arm"),
        ("in", "Tissue must be obtained before zorbling"),
    ],
)
def test_words_that_may_matter_stay(section: str, entry: str) -> None:
    assert "unread" in kinds(section, entry)


@pytest.mark.parametrize(
    "entry",
    [
        "Should a woman become pregnant while she takes part, she should inform her doctor at once",
        "Preservation of sperm should be considered before the first dose",
        "Brain imaging is not required",
        "Tissue may be archival or freshly taken",
    ],
)
def test_sentences_that_ask_nothing_are_no_criteria(entry: str) -> None:
    assert not criteria("in", entry)


def test_steroids_that_are_not_required_are_a_demand() -> None:
    assert criteria("in", "Brain metastases for which corticosteroids are not required")


def test_what_is_not_in_the_best_interest_of_a_patient_is_left_to_the_doctor() -> None:
    entry = (
        "Any condition, therapy or laboratory abnormality that might confound the results, interfere with taking part "
        "in the study, or is not in the best interest of the patient to participate, in the opinion of the investigator"
    )
    found = criteria("ex", entry)
    assert [one.role for one in found] == [Role.CONFIRM]


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Breast cancer of stage II, female", {"female"}),
        ("Metastatic breast cancer in women", {"female"}),
        ("Metastatic breast cancer, male or female", set()),
        ("QTc below 470 ms in women", set()),
    ],
)
def test_a_sex_behind_the_cancer_is_asked_for(entry: str, wanted: set[str]) -> None:
    found = {
        sex
        for one in criteria("in", entry)
        for leaf in leaves(one.node)
        if leaf.kind == "sex"
        for sex in leaf.params.any_of
    }
    assert found == wanted


def test_where_a_sample_was_taken_asks_for_no_metastases() -> None:
    entry = "Histological confirmation of breast cancer from the original diagnosis or metastatic disease"
    assert "disease_setting" not in kinds("in", entry)


@pytest.mark.parametrize(
    ("entry", "settings"),
    [
        ("Locally advanced breast cancer", _LOCAL),
        ("Locally advanced gastric cancer or advanced pancreatic cancer", {*_LOCAL, "metastatic"}),
        ("Locally or regionally advanced breast cancer", _LOCAL),
    ],
)  # fmt: skip
def test_locally_advanced_hides_no_name_of_a_cancer(entry: str, settings: set[str]) -> None:
    found = [leaf for one in criteria("in", entry) for leaf in leaves(one.node)]
    assert {leaf.kind for leaf in found} == {"tumour_type", "disease_setting"}
    assert {name for leaf in found if leaf.kind == "disease_setting" for name in leaf.params.settings} == settings


@pytest.mark.parametrize(
    ("section", "entry", "types", "histologies"),
    [
        ("in", "NSCLC of squamous or non-squamous histology", {"nsclc"}, set()),
        ("in", "Non-squamous or squamous NSCLC", {"nsclc"}, set()),
        ("in", "Lung cancer (small cell or non-small cell)", {"lung"}, set()),
        ("in", "DCIS or early invasive breast cancer", {"breast"}, set()),
        ("in", "Gastric, duodenal, or pancreatic carcinoma", {"gastric", "small_bowel", "pancreatic"}, set()),
        ("in", "Oesophageal, gastric or colon cancer", {"gastric", "oesophageal", "gej", "colon"}, set()),
        ("in", "Gastric cancer", {"gastric"}, set()),
        ("ex", "Ovarian cancer with histologies including mucinous", {"ovarian"}, {"mucinous"}),
    ],
)
def test_what_a_list_of_cancers_takes(section: str, entry: str, types: set[str], histologies: set[str]) -> None:
    (found,) = (leaf for one in criteria(section, entry) for leaf in leaves(one.node) if leaf.kind == "tumour_type")
    assert set(found.params.types) == types
    assert set(found.params.histologies) == histologies
    assert not found.params.except_histologies


def test_examples_of_histologies_leave_the_others_open() -> None:
    (one,) = criteria("in", "Lung cancer, including adenocarcinoma")
    narrow, wide = one.node.parts
    assert narrow.params.histologies == ("adenocarcinoma",)
    assert {leaf.kind for leaf in leaves(wide)} == {"tumour_type", "unread"}


def test_a_carcinoma_at_the_end_of_a_denied_list_is_not_every_carcinoma() -> None:
    assert kinds("in", "No endometrial atypia, hyperplasia, or carcinoma") == {"unread"}


def test_tumour_in_a_lymph_node_of_the_armpit_is_no_distant_spread() -> None:
    assert "disease_setting" not in kinds("in", "One axillary lymph node containing metastatic carcinoma above 0.2 mm")


@pytest.mark.parametrize(
    ("entry", "rays"),
    [
        ("Chemotherapy or another anticancer therapy within 4 weeks", True),
        ("Any anti-cancer treatment within 3 weeks", True),
        ("Any systemic anticancer therapy within 4 weeks", False),
        ("Anticancer drugs within 4 weeks", False),
        ("Anticancer therapy within 2 weeks or 5 half-lives, whichever is longer", False),
    ],
)
def test_treatment_of_the_cancer_of_any_sort_takes_in_radiotherapy(entry: str, rays: bool) -> None:
    assert ("procedure" in kinds("ex", entry)) is rays


def test_how_long_metastases_are_stable_says_nothing_of_steroids() -> None:
    entry = "Brain metastases, unless treated (not progressing for at least 4 weeks) and not requiring steroids"
    (found,) = (leaf for one in criteria("ex", entry) for leaf in leaves(one.node) if leaf.kind == "cns_metastases")
    assert found.params.min_days_off_steroids == 0


def test_an_active_heart_disease_may_rest() -> None:
    assert kinds("ex", "Active ischaemic heart disease") == {"cardiac_history", "judgement"}
    assert kinds("ex", "Ischaemic heart disease") == {"cardiac_history"}


def test_gilbert_syndrome_in_brackets_frees_from_the_limit_and_binds_nobody_else() -> None:
    (one,) = criteria("in", "Bilirubin up to 1 x ULN (patients with known Gilbert's syndrome are eligible)")
    assert isinstance(one.node, AnyOf)
    assert [leaf.kind for leaf in leaves(one.node)] == ["lab_value", "comorbidity"]
