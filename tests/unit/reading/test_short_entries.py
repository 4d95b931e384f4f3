"""Short entries and single words: what they ask, what a person is asked for them, and what says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.language.view import plain
from her2nav.model.tree import leaves


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def read(reader, text, section="Inclusion", tumours=("breast",)):
    return reader.read(f"{section} Criteria:\n\n* {text}\n", tumours).criteria


def bare(value):
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "rule")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def tree(reader, text, section="Inclusion", tumours=("breast",)):
    (criterion,) = read(reader, text, section, tumours)
    return bare(write(criterion.node))


def topics(reader, text, section="Inclusion"):
    found = [item for one in read(reader, text, section) for item in leaves(one.node)]
    assert all(item.kind != "unread" for item in found), text
    return {item.params.topic for item in found if item.kind == "judgement"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("More than 3 months since prior stroke", {"cardiac_history": {"any_of": ["stroke"], "within_days": 90}}),
        (
            "At least 1 year since any myocardial infarction or stroke",
            {"cardiac_history": {"any_of": ["myocardial_infarction", "stroke"], "within_days": 365}},
        ),
    ],
)
def test_an_illness_that_must_lie_back(reader, text, expected):
    assert tree(reader, text) == {"not": expected}


def test_how_recent_may_stand_in_front_in_brackets(reader):
    found = tree(reader, "Recent (within 6 months) myocardial infarction", "Exclusion")
    assert found == {"not": {"cardiac_history": {"any_of": ["myocardial_infarction"], "within_days": 180}}}


def test_a_time_in_front_of_a_list_shuts_nobody_out_by_the_second_alone(reader):
    (criterion,) = read(reader, "Recent (within 6 months) stroke or bowel obstruction", "Exclusion")
    second = [item for item in leaves(criterion.node) if item.kind == "gastrointestinal"]
    assert {item.params.within_days for item in second} == {180, None}
    assert any(item.kind == "judgement" for item in leaves(criterion.node))


def test_of_an_infection_that_is_over_only_a_recent_one_counts(reader):
    found = tree(reader, "Active or recent infection", "Exclusion")
    active, over = found["not"]["any_of"]
    assert "infection" in active
    assert over["all_of"][1] == {"judgement": {"topic": "whether it is recent"}}


def test_a_class_behind_heart_failure_is_that_of_the_heart(reader):
    expected = {"not": {"cardiac_history": {"any_of": ["heart_failure"], "nyha_min": "III"}}}
    assert tree(reader, "Congestive heart failure class III/IV", "Exclusion") == expected
    assert tree(reader, "Heart failure above class II", "Exclusion") != expected


@pytest.mark.parametrize("text", ["History of MDS or AML", "Prior diagnosis of acute myeloid leukaemia"])
def test_blood_cancers_that_a_trial_of_others_shuts_out(reader, text):
    found = tree(reader, text, "Exclusion")["not"]["comorbidity"]
    assert "acute_myeloid_leukaemia" in found["any_of"]
    assert found["ever"] is True


def test_blood_cancers_stay_open_where_the_trial_takes_them(reader):
    (criterion,) = read(reader, "History of acute myeloid leukaemia", "Exclusion", ("haematological",))
    assert {item.kind for item in leaves(criterion.node)} <= {"unread", "judgement"}


def test_a_value_outside_its_range_is_too_low_or_too_high(reader):
    found = tree(reader, "Calcium or magnesium outside the normal range", "Exclusion")["not"]["any_of"]
    assert [(item["lab_value"]["variable"], item["lab_value"]["unit"]) for item in found] == [
        ("calcium", "xLLN"),
        ("calcium", "xULN"),
        ("magnesium", "xLLN"),
        ("magnesium", "xULN"),
    ]


def test_antibiotics_into_a_vein_are_told_by_no_list_of_medicines(reader):
    assert tree(reader, "Intravenous antibiotics within 14 days of the first dose", "Exclusion") == {
        "not": {"concomitant_medication": {"any_of": ["intravenous_antibiotic"], "within_days": 14}}
    }


@pytest.mark.parametrize("text", ["Measurable sarcoma", "Measurable recurrent cancer"])
def test_measurable_in_front_of_a_cancer_is_asked_for(reader, text):
    assert any(item.kind == "measurable_disease" for one in read(reader, text) for item in leaves(one.node))


@pytest.mark.parametrize(
    ("text", "section", "topic"),
    [
        ("Previously untreated thymoma", "Inclusion", "whether the cancer is untreated so far"),
        ("Ipsilateral pacemaker", "Exclusion", "whether it is on the side of the cancer"),
        (
            "No other prior hormonal therapy",
            "Inclusion",
            "whether it is another treatment than those that the trial names",
        ),
        ("Treatment with warfarin or an equivalent", "Exclusion", "whether a medicine is equivalent to those named"),
        ("HLA-A2 negative", "Exclusion", "tissue type (HLA)"),
        ("Hot flashes for at least one month", "Inclusion", "how many hot flashes there are"),
        (
            "CNS complications that require urgent neurosurgical intervention",
            "Exclusion",
            "complications of the brain that need urgent treatment",
        ),
    ],
)
def test_what_no_parameter_holds_is_asked_of_a_person(reader, text, section, topic):
    assert topic in topics(reader, text, section)


@pytest.mark.parametrize(
    "text",
    [
        "Radiotherapy - See Disease Characteristics",
        "This criterion was removed with amendment 3",
        "There is no limit to the number of prior regimens",
        "No exclusion will be made on the basis of sex or race",
        "Patients of all genders and ethnic groups",
        "Any ER or PR status",
    ],
)
def test_entries_that_ask_nothing(reader, text):
    assert read(reader, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Chemotherapy - No prior chemotherapy for breast cancer",
        "Adequate organ function as shown by the following tests performed within 14 days before registration:",
        "ECOG performance status </ 2",
        "AST no greater 2.5 times the upper limit of normal",
        "Able to swallow an oral medication",
        "No prior heart failure, even if now well controlled",
    ],
)
def test_nothing_stays_unread(reader, text):
    assert all(item.kind != "unread" for one in read(reader, text) for item in leaves(one.node))


def test_what_suffices_is_not_asked_against(reader):
    (criterion,) = read(reader, "Evidence of metastatic disease (non-measurable disease is eligible)")
    assert "not" not in str(write(criterion.node))


WORDS = st.lists(
    st.sampled_from(
        ["on-going", "anti cancer", "inter-current", "post menopausal", "auto-immune", "x", "</ 2", "-", " "]
    ),
    max_size=12,
).map(" ".join)


@given(WORDS)
def test_a_plain_text_is_as_long_as_the_text(text):
    assert len(plain(text)) == len(text)


def test_words_written_apart_are_read_as_one():
    assert plain("On-going auto-immune disease") == "ongoing  autoimmune  disease"
    assert plain("anti cancer, post menopausal") == "anti-cancer, post-menopausal"


@pytest.mark.parametrize("text", ["Prior history of breast cancer", "Previous ipsilateral invasive breast cancer"])
def test_only_a_person_tells_an_earlier_cancer_from_the_present_one(reader, text):
    assert topics(reader, text, "Exclusion") == {"an earlier cancer of the kind that the trial treats"}


def test_a_cancer_of_another_kind_is_no_earlier_one_of_this(reader):
    (criterion,) = read(reader, "History of breast cancer", "Exclusion", ("prostate",))
    assert "an earlier cancer" not in str(write(criterion.node))


def test_time_since_any_treatment_is_asked_of_a_person(reader):
    assert topics(reader, "At least 4 weeks since prior therapy") == {"time since earlier treatment"}
    assert "washout" in tree(reader, "At least 4 weeks since prior chemotherapy")
