"""Wordings on treatment that were once read as something else than they say; each in words of our own."""

import pytest

from her2nav.criteria.modals import Force, force
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.trial import Role

GIVEN = {"prior_therapy", "procedure", "planned_therapy"}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_knowledge())


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "text")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def criteria(reader, text, section="inclusion", tumours=()):
    heading = "Inclusion Criteria:\n\n* " if section == "inclusion" else "Exclusion Criteria:\n\n* "
    return reader.read(heading + text, tumours).criteria


def trees(reader, text, section="inclusion", tumours=()):
    return [bare(write(one.node)) for one in criteria(reader, text, section, tumours)]


def demanded(tree) -> set[str]:
    """Return the kinds that whoever lacks them fails: not below a "not", an alternative or a condition."""
    if isinstance(tree, list):
        return set().union(*map(demanded, tree)) if tree else set()
    if "all_of" in tree:
        return demanded(tree["all_of"])
    if "any_of" in tree:
        return set.intersection(*(demanded(part) for part in tree["any_of"]))
    if "when" in tree or "not" in tree:
        return set()
    return set(tree)


def kinds(tree) -> set[str]:
    """Return every kind of a written tree."""
    if isinstance(tree, list):
        return set().union(*map(kinds, tree)) if tree else set()
    logic = {"all_of", "any_of", "not", "when", "then"} & set(tree)
    return set(tree) - logic | {kind for key in logic for kind in kinds(tree[key])}


@pytest.mark.parametrize(
    "text",
    [
        "Lesions that had radiotherapy must have grown since",
        "Target lesions must lie outside a previous radiotherapy field",
        "The number of courses of earlier chemotherapy must be written down",
        "Any prior trastuzumab dosing above 2 mg/kg requires a waiting period",
        "Earlier radiotherapy must be completed before randomisation",
        "All participants must have stopped any previous treatments",
        "Participants completed all prior radiotherapy 3 weeks prior to the study",
        "The participant received adjuvant taxane therapy 6 months prior to the study",
        "Prior chemotherapy, surgical therapy, radiation therapy: >3 weeks",
        "Note for prior lapatinib: the last dose must have been at least 7 days prior to the first dose",
        "Prior biologic therapy: all biologic therapy must have been stopped at least 21 days before the study",
        "Participants may have been treated with trastuzumab, and must have measurable disease",
        "Measurable disease (prior adjuvant trastuzumab is allowed but not required)",
        "Must not be eligible to receive pertuzumab",
        "Life expectancy sufficient to be treated with chemotherapy",
        "Resolution of any pneumonitis from prior radiotherapy",
        "At least 28 days must have elapsed between prior treatment with trial drugs and the first dose",
        "A biopsy taken before the start of first-line treatment in the metastatic setting is preferred",
    ],
)
def test_nobody_is_asked_for_the_treatment(reader, text):
    assert not demanded(trees(reader, text)) & (GIVEN | {"lines_of_therapy"})


def test_what_was_asked_for_still_is(reader):
    assert "prior_therapy" in demanded(trees(reader, "Prior treatment with trastuzumab is required"))
    assert "prior_therapy" in demanded(trees(reader, "Participants must have received lapatinib"))


@pytest.mark.parametrize(
    "text",
    [
        "This includes any prior immunotherapy agents",
        "Surgery before the study, or planned surgery, that would influence the outcome",
        "Previous surgery or serious injury to either knee",
        "Has any condition, therapy, or finding that might confound the results",
        "Participants who will not receive trastuzumab",
        "Taking a lapatinib-prohibited medication",
    ],
)
def test_nobody_is_shut_out_by_the_treatment_alone(reader, text):
    assert not kinds(trees(reader, text, "exclusion")) & (GIVEN | {"concomitant_medication", "washout"})


def test_a_failure_behind_or_is_of_its_own_drug(reader):
    tree = trees(reader, "Must have received an anthracycline or be resistant to a taxane")
    assert {"prior_therapy": {"drugs": ["taxane"], "outcome": "progression"}} in tree[0]["any_of"]
    assert {"prior_therapy": {"drugs": ["anthracycline"]}} in tree[0]["any_of"]


def test_a_time_of_what_stands_before_is_no_time_of_the_medicine(reader):
    text = "Thrombosis within the last two years or requirement for ongoing anticoagulants"
    tree = trees(reader, text, "exclusion")[0]
    assert {"concomitant_medication": {"any_of": ["anticoagulant"]}} in tree["not"]["any_of"]


@pytest.mark.parametrize(
    "text",
    [
        "Endocrine therapy must be started at least 1 month before enrolment",
        "Bisphosphonates initiated within 4 weeks before the first dose",
    ],
)
def test_the_beginning_of_a_treatment_is_not_its_end(reader, text):
    for section in ("inclusion", "exclusion"):
        assert "washout" not in kinds(trees(reader, text, section))
        assert "within_days" not in str(trees(reader, text, section))


def test_a_time_until_the_diagnosis_is_none_before_the_study(reader):
    assert "procedure" not in kinds(trees(reader, "At least 5 years passed from surgery until diagnosis of the cancer"))


def test_the_first_dose_of_two_drugs_is_the_study(reader):
    text = "Live vaccine within 4 weeks before the first dose of nivolumab or pembrolizumab"
    assert kinds(trees(reader, text, "exclusion")) == {"immune"}


def test_what_another_trial_tries_is_no_medicine_of_the_patient(reader):
    text = "Enrolment in another trial using investigational therapy, including hormonal therapy and bisphosphonates"
    assert "bisphosphonate" not in str(trees(reader, text, "exclusion"))
    assert "endocrine" not in str(trees(reader, text, "exclusion"))


def test_an_operation_for_the_disease_is_not_any_operation(reader):
    asked = {
        "all_of": [
            {"procedure": {"kinds": ["surgery"]}},
            {"judgement": {"topic": "whether it was for this disease"}},
        ]
    }
    assert trees(reader, "No prior surgery for lung cancer") == [{"not": asked}]
    breast = {"procedure": {"kinds": ["surgery"], "techniques": ["mastectomy", "breast_conserving"]}}
    assert trees(reader, "No prior surgery for breast cancer") == [{"not": {"any_of": [breast, asked]}}]


def test_treatment_of_another_cancer_shuts_out_only_its_patients(reader):
    tumours = ("biliary", "gastric")
    tree = trees(reader, "Prior systemic therapy for gastric cancer", "exclusion", tumours)
    assert {"tumour_type": {"types": ["gastric"]}} in tree[0]["not"]["all_of"]
    alone = trees(reader, "Prior systemic therapy for gastric cancer", "exclusion", ("gastric",))
    assert alone == [{"not": {"prior_therapy": {}}}]


def test_an_exception_ends_with_its_bracket(reader):
    text = "Prior chemotherapy (except for adjuvant chemotherapy), fulvestrant or a CDK4/6 inhibitor"
    parts = trees(reader, text, "exclusion")[0]["not"]["any_of"]
    assert {"prior_therapy": {"drugs": ["fulvestrant", "cdk4_6_inhibitor"]}} in parts
    assert {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["neoadjuvant", "metastatic", "maintenance", "local"]}} in parts  # fmt: skip  # noqa: E501


def test_a_permit_of_another_drug_in_brackets_changes_nothing(reader):
    text = "More than one line of chemotherapy for metastatic disease (prior hormonal therapies are allowed)"
    assert trees(reader, text, "exclusion") == [{"not": {"lines_of_therapy": {"min": 2, "of": ["chemotherapy"]}}}]


def test_a_permit_of_a_part_stays_open(reader):
    tree = trees(reader, "Prior anti-HER2 therapy (prior trastuzumab is allowed)", "exclusion")
    assert "judgement" in kinds(tree)
    steroids = "Long-term corticosteroids (premedication for paclitaxel and local use allowed)"
    assert kinds(trees(reader, steroids, "exclusion")) & {"unread", "judgement"}


def test_a_setting_behind_an_unknown_name_may_bind_the_whole_list(reader):
    tree = trees(reader, "Chemotherapy or zzz therapy for metastatic disease before", "exclusion")
    assert {"prior_therapy": {"drugs": ["chemotherapy"]}} not in tree[0].get("not", {}).get("any_of", [])


def test_a_drug_alone_is_not_the_drug_with_another(reader):
    tree = trees(reader, "Progression on fulvestrant monotherapy", "exclusion")
    assert {"judgement": {"topic": "whether it was alone"}} in tree[0]["not"]["all_of"]
    assert "judgement" not in kinds(
        trees(reader, "Prior trastuzumab alone or in combination with a taxane", "exclusion")
    )


def test_the_drugs_behind_with_say_which_therapy(reader):
    tree = trees(reader, "Prior systemic therapy with nitrosoureas within 6 weeks", "exclusion")
    assert tree == [{"washout": {"drugs": ["nitrosourea"], "days": 42}}]


def test_a_wait_binds_every_entry_of_its_list(reader):
    text = "At least 3 weeks since last chemotherapy, immunotherapy or any other pharmacological treatment"
    tree = trees(reader, text)[0]
    assert {"washout": {"drugs": ["chemotherapy", "immunotherapy"], "days": 21}} in tree["all_of"]
    assert {"not": {"judgement": {"topic": "treatment with pharmacological treatment"}}} in tree["all_of"]
    text = "At least 3 weeks since last chemotherapy, immunotherapy or any blurzled treatment"
    assert {"unread": {}} in trees(reader, text)[0]["all_of"]


@pytest.mark.parametrize(
    ("text", "section", "tree"),
    [
        ("No more than 450 mg/m2 cumulative dose of prior doxorubicin", "inclusion", {"anthracycline_dose": {"max_mg_m2": "450"}}),  # noqa: E501
        ("No more than 300 mg/m2 total dose of prior doxorubicin allowed", "inclusion", {"anthracycline_dose": {"max_mg_m2": "300"}}),  # noqa: E501
        ("Lifetime anthracycline dose exceeding 360 mg/m2", "exclusion", {"anthracycline_dose": {"max_mg_m2": "360"}}),
    ],
)  # fmt: skip
def test_cumulative_doses(reader, text, section, tree):
    found = criteria(reader, text, section)
    assert [bare(write(one.node)) for one in found] == [tree]
    assert found[0].role is Role.DECIDES


def test_a_dose_up_to_a_limit_shuts_out_nobody_without_the_drug(reader):
    tree = trees(reader, "Prior treatment with doxorubicin up to 400 mg/m2", "exclusion")
    assert "anthracycline_dose" not in kinds(tree)


@pytest.mark.parametrize(
    "text",
    [
        "Prior adjuvant trastuzumab is allowed if completed more than 6 months before enrolment",
        "Prior radiotherapy is permitted if completed at least 2 weeks before randomisation",
    ],
)
def test_a_wait_under_a_permit_is_a_demand(reader, text):
    found = criteria(reader, text)
    assert [one.role for one in found] == [Role.DECIDES]
    assert kinds([bare(write(one.node)) for one in found]) <= {"washout", "procedure"}


def test_what_may_be_beside_a_demand_does_not_undo_it():
    sentence = "patients must have received trastuzumab and may have had lapatinib"
    assert force(sentence) is Force.REQUIRES
    assert force("patients may have received lapatinib") is Force.PERMITS
    assert force("prior chest radiotherapy is an exclusion") is Force.EXCLUDES
    assert force("the patient has to start chemotherapy") is not Force.REQUIRES


def test_recovery_that_is_demanded_behind_an_exclusion(reader):
    text = "Major surgery within 2 weeks before the first dose and patients must have recovered from any major surgery"
    tree = trees(reader, text, "exclusion")[0]
    assert {"not": {"procedure": {"kinds": ["surgery"], "major": True, "within_days": 14}}} in tree["all_of"]


def test_short_names_of_illnesses_are_no_regimens(reader):
    assert "washout" not in kinds(trees(reader, "DVT/PE within 6 months", "exclusion"))


def test_a_number_within_a_name_counts_no_lines(reader):
    assert "lines_of_therapy" not in kinds(trees(reader, "Prior anti-PD (L)-1 with or without platinum chemotherapy"))


@pytest.mark.parametrize(
    "text",
    [
        "Inability to stop chemotherapy within 3 weeks before the study",
        "Chemotherapy within 3 weeks of prior radiotherapy",
        "Antiviral, antibacterial or antifungal agents for acute infection within 7 days",
    ],
)
def test_a_time_or_purpose_of_something_else_shuts_out_nobody(reader, text):
    assert not kinds(trees(reader, text, "exclusion")) & {"washout", "concomitant_medication", "procedure"}


def test_the_most_that_must_have_passed(reader):
    text = "Cancer therapy within 2 weeks or 5 half-lives, whichever is longer, up to a maximum of 3 weeks"
    assert {"washout": {"days": 21}} in trees(reader, text, "exclusion")[0]["any_of"]


def test_a_failure_however_it_was_seen_is_asked_for(reader):
    text = "Must have proved refractory to trastuzumab"
    assert "prior_therapy" in demanded(trees(reader, text))


def test_what_stands_behind_the_bracket_of_an_exception(reader):
    text = "Prior systemic therapy (except one line of hormonal therapy) for metastatic disease"
    written = str(trees(reader, text, "exclusion"))
    assert "prior_therapy" in written
    assert written.count("prior_therapy") == written.count("metastatic")


def test_a_wide_field_and_an_illness_beside_a_procedure(reader):
    wide = trees(reader, "Radiotherapy with a wide field of radiation within 4 weeks", "exclusion")
    assert {"procedure": {"kinds": ["radiotherapy"], "within_days": 28}} not in wide[0]["not"].get("any_of", [])
    text = "Organ transplant within 6 months or evidence of active graft versus host disease"
    parts = trees(reader, text, "exclusion")[0]["not"]["any_of"]
    assert [next(iter(part)) for part in parts] == ["procedure", "comorbidity"]


@pytest.mark.parametrize(
    "text",
    ["Earlier lymphoma treated with chemotherapy", "History of ovarian cancer that was treated with chemotherapy"],
)
def test_treatment_of_an_earlier_cancer_is_that_ones(reader, text):
    """Whoever had chemotherapy for the cancer of the trial is not shut out by it."""
    (tree,) = trees(reader, text, "exclusion")
    prior, whose = tree["not"]["all_of"]
    assert prior == {"prior_therapy": {"drugs": ["chemotherapy"]}}
    assert whose == {"judgement": {"topic": "whether it was for the cancer that is named"}}


def test_use_before_a_time_keeps_each_time_with_its_own_treatment(reader):
    text = "No chemotherapy use within 4 weeks, antibody use within 6 weeks, or radiotherapy use within 8 weeks"
    (tree,) = trees(reader, text)
    assert [bare(part) for part in tree["not"]["any_of"]] == [
        {"not": {"washout": {"drugs": ["chemotherapy"], "days": 28}}},
        {"not": {"washout": {"drugs": ["antibody"], "days": 42}}},
        {"procedure": {"kinds": ["radiotherapy"], "within_days": 56}},
    ]
