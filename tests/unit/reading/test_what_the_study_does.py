"""Sentences on what the study does and asks people to do: remarks, tests, samples, promises, pregnancy and lesions."""

import pytest

from her2nav.criteria.asks_nothing import asks_nothing
from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge

NOT_PREGNANT = {"not": {"pregnancy": {"any_of": ["pregnant"]}}}
MEASURABLE = {"measurable_disease": {}}
EVALUABLE = {"measurable_disease": {"evaluable_accepted": True}}
ARCHIVAL = {"tissue_available": {"any_of": ["archival"]}}
POSTMENOPAUSAL = {"menopausal_status": {"any_of": ["postmenopausal"]}}
PROMISE = {"participation": {"what": "procedures"}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "rule")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(reader, text, section="inclusion"):
    """Return the written trees of the criteria of a section, with what is only confirmed behind."""
    found = reader.read(f"{section.title()} Criteria:\n\n{text}\n", ()).criteria
    return [bare(write(one.node)) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "blood will be collected at every visit.",
        "the ejection fraction is to be measured by the same method.",
        "a second biopsy is strongly encouraged",
        "it is recommended that slides be cut freshly.",
        "central confirmation of the status is not required for eligibility",
        "protocol treatment is to begin within 3 working days of registration",
        "one repeat test is allowed during screening",
        "pleural effusions and bone metastases are not considered measurable",
        "childbearing potential is defined as between the first and the last menstruation",
        "women who are surgically sterile do not require a pregnancy test",
        "the investigator is responsible for the review of the history",
    ],
)
def test_a_remark_asks_nothing(text):
    assert asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "blood must be negative for hepatitis",
        "patients who will be tested at every visit",
        "a biopsy is recommended only if the lesion is larger than 2 cm",
        "central confirmation is not required unless the local test is negative",
        "protocol treatment must begin after recovery from surgery",
        "lytic lesions are considered measurable",
        "women of childbearing potential must use contraception",
        "eligibility will be determined by the sponsor",
        "the ejection fraction will be measured and is at least 50",
        "patients with bone metastases are not eligible",
        "active hepatitis b or c (screening is not required)",
        "archival tissue (the block will be sent to the central laboratory for analysis)",
        "a paraffin block will be submitted before entry",
        "measurable disease will be assessed by mri",
        "a fertile woman is any woman who meets the following criteria:",
        "treatment should be started within 60 days of the last surgical procedure",
    ],
)
def test_what_demands_or_allows_is_no_remark(text):
    assert not asks_nothing(text)


def test_a_remark_leaves_the_demand_before_it(reader):
    text = "* Measurable disease. Ascites is not considered measurable. It is recommended that scans be done early."
    assert read(reader, text) == [MEASURABLE]


def test_a_preference_is_left_out(reader):
    text = "* ECOG 0-1; preference will be given to people with a lesion in the liver"
    assert read(reader, text) == [{"performance_status": {"ecog_max": 1}}]


@pytest.mark.parametrize(
    "text",
    [
        "Serum or urine pregnancy test must be negative in premenopausal women within 10 days of randomization",
        "Negative test for pregnancy (HCG) for women with less than a year since the last menstruation",
        "Pregnancy test (minimum sensitivity 25 IU/L) negative within 72 hours before the first dose",
    ],
)
def test_a_test_in_any_order_of_words(reader, text):
    assert read(reader, f"* {text}")[0] == NOT_PREGNANT


def test_a_test_behind_a_denial_keeps_its_own_sign(reader):
    text = "* Women who are not breastfeeding, and with a negative pregnancy test within 7 days"
    assert read(reader, text) == [{"all_of": [{"not": {"pregnancy": {"any_of": ["breastfeeding"]}}}, NOT_PREGNANT]}]


def test_without_a_negative_test_is_an_exclusion_of_the_pregnant(reader):
    text = "* Pregnant women, or women of childbearing potential without a negative pregnancy test within 14 days"
    found = str(read(reader, text, "exclusion"))
    assert "pregnan" in found
    assert "unread" not in found
    assert "{'not': {'not'" not in found


def test_a_promise_not_to_breastfeed_is_no_state(reader):
    node = read(reader, "* Women must refrain from breastfeeding until a month after the last dose")
    assert node == [{"judgement": {"topic": "agreement not to breastfeed during the study"}}]


def test_a_list_that_says_what_postmenopausal_means(reader):
    text = (
        "* Postmenopausal women with a measurable lesion. Postmenopausal is defined as one of the following:\n"
        "  * Age 60 years or older\n"
        "  * Less than 60 years old and amenorrhea for 12 months\n"
        "  * Both ovaries removed"
    )
    found = str(read(reader, text))
    assert "postmenopausal" in found
    assert "'age'" not in found
    assert "unread" not in found


def test_women_who_cannot_bear_children_bind_no_man(reader):
    (node,) = read(reader, "* Women who are not of childbearing potential")
    assert node["when"] == {"sex": {"any_of": ["female"]}}
    assert POSTMENOPAUSAL in node["then"]["any_of"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("At least one target lesion by CT or MRI", MEASURABLE),
        ("Measurable or radiologically evaluable disease by RECIST", EVALUABLE),
        ("Measurable disease by spiral CT (10 mm) or by conventional techniques (20 mm)", MEASURABLE),
    ],
)
def test_lesions_that_can_be_measured(reader, text, wanted):
    assert read(reader, f"* {text}") == [wanted]


def test_a_size_of_its_own_stays_open(reader):
    (node,) = read(reader, "* Measurable disease of at least 3 cm on ultrasound")
    size = {"judgement": {"topic": "whether such a lesion is as large as the trial asks"}}
    assert node["all_of"] == [MEASURABLE, size]


@pytest.mark.parametrize(
    "text",
    [
        "All scans used for the assessment of measurable disease must be done within 28 days",
        "Radiotherapy to a target lesion more than a month ago",
        "Measurable lesions are defined as those that can be measured by calipers",
        "Definition of measurable disease",
    ],
)
def test_lesions_of_which_something_is_said_are_not_asked_for(reader, text):
    assert "measurable_disease" not in str(read(reader, f"* {text}"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tissue blocks or 10-15 unstained slides for central HER2 testing", ARCHIVAL),
        ("Archived tissue sample available for re-assessment of the HER2 status", ARCHIVAL),
        (
            "Paraffin-embedded tissue block or a new biopsy sample",
            {"tissue_available": {"any_of": ["archival"], "new_biopsy_instead": True}},
        ),
    ],
)
def test_tissue_told_at_length(reader, text, wanted):
    assert read(reader, f"* {text}") == [wanted]


@pytest.mark.parametrize(
    "text", ["HER2-positive in a tumour tissue sample", "PD-L1 positive as determined on an archival specimen"]
)
def test_the_sample_of_a_result_is_not_asked_for(reader, text):
    assert "tissue_available" not in str(read(reader, f"* {text}"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Willing to keep a record of the daily blood sugar", [PROMISE]),
        ("Willing to have a port placed and has ECOG 0-1", [{"performance_status": {"ecog_max": 1}}, PROMISE]),
    ],
)
def test_a_promise_ends_where_a_demand_begins(reader, text, wanted):
    assert read(reader, f"* {text}") == wanted


def test_a_fall_is_no_refusal(reader):
    assert "declines" not in str(read(reader, "* A decline in the oxygen saturation with exercise"))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Complete history and physical examination before registration", "tests and images before the study"),
        ("A lesion amenable to a core biopsy", "a lesion that can be biopsied"),
        ("Good general condition", "general condition as a physician judges it"),
        ("Only Japanese women are eligible for the trial", "origin or residence"),
    ],
)
def test_matters_that_a_person_settles(reader, text, topic):
    assert read(reader, f"* {text}") == [{"judgement": {"topic": topic}}]


def test_another_cancer_that_is_treated_in_this_study_is_no_earlier_part_in_it(reader):
    found = str(read(reader, "* Any cancer other than the one treated in this study", "exclusion"))
    assert "in this study before" not in found


def test_a_time_under_the_heading_of_life_expectancy(reader):
    text = "PATIENT CHARACTERISTICS:\n\nLife expectancy:\n\n* At least 3 months\n\nSex:\n\n* Female"
    found = read(reader, text)
    assert {"life_expectancy": {"min_weeks": 12}} in found


@pytest.mark.parametrize(
    "text",
    [
        "Performance status less than or equal to 1",
        "Performance status of 0-1 by Southwest Oncology Group criteria",
    ],
)
def test_a_performance_status_without_its_scale(reader, text):
    assert read(reader, f"* {text}") == [{"performance_status": {"ecog_max": 1}}]


def test_a_lone_score_may_have_lost_its_sign(reader):
    (node,) = read(reader, "* ECOG performance status 1")
    exact = {"performance_status": {"ecog_max": 1, "ecog_min": 1}}
    assert exact in node["any_of"][0]["all_of"]
    assert "whether the trial means" in str(node)


@pytest.mark.parametrize(
    "text", ["Any condition that impairs the ability to swallow capsules", "Inability to swallow capsules"]
)
def test_what_impairs_an_ability_denies_it(reader, text):
    assert read(reader, f"* {text}", "exclusion") == [{"not": {"gastrointestinal": {"any_of": ["cannot_swallow"]}}}]


def test_compliance_beside_another_ability(reader):
    found = read(reader, "* Able to swallow the study drug and comply with study requirements")
    assert {"participation": {"what": "compliance"}} in found


@pytest.mark.parametrize(
    "text",
    [
        "Participants who meet the following criteria are eligible: ECOG 0-1",
        "Active hepatitis B (screening is not required)",
    ],
)
def test_a_remark_takes_no_demand_with_it(reader, text):
    assert read(reader, f"* {text}", "exclusion" if "hepatitis" in text else "inclusion")


def test_whom_contraception_binds_is_open_and_asked_of_nobody(reader):
    text = "* Women must be either:\n  * postmenopausal for at least 1 year\n  * or using effective contraception"
    found = str(read(reader, text))
    assert "which women the words on contraception bind" in found
    assert "menopausal_status" not in found


def test_a_test_in_brackets_lets_in_nobody_who_is_pregnant(reader):
    text = "* Pregnancy (fertile women must have a negative pregnancy test within 2 weeks and use birth control)"
    (node, *_) = read(reader, text, "exclusion")
    assert set(node) == {"not"}
    assert "{'not': {'pregnancy'" not in str(node["not"])


def test_a_score_among_risks_is_not_asked_for(reader):
    assert "performance_status" not in str(read(reader, "* Two risks: age > 60; performance status > 1; stage III"))
