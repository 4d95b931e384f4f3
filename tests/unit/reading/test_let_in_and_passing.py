"""Cancers that are let in, whom a sentence binds, and what it names in passing; each in words of our own."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AllOf, AnyOf, Leaf, Not, When, leaves


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def read(reader, text, section="inclusion", tumours=()):
    """Return the trees of the criteria of a section."""
    return [item.node for item in reader.read(f"{section.title()} Criteria:\n\n* {text}", tumours).criteria]


def decisive(node):
    """Return the kinds of which an answer can decide the tree by itself, with those that must hold together."""
    match node:
        case Leaf(kind="unread" | "judgement"):
            return set()
        case Leaf():
            return {node.kind}
        case Not(part=AnyOf(parts=parts)):
            return set().union(*(decisive(Not(part)) for part in parts))
        case Not(part=AllOf(parts=parts)) | AnyOf(parts=parts):
            if any(not decisive(part) for part in parts):
                return set()
            return set().union(*map(decisive, parts))
        case Not(part=part):
            return decisive(part)
        case When(then=then):
            return decisive(then)
        case AllOf(parts=parts):
            return set().union(*map(decisive, parts))
    return set()


def of_kind(node, kind):
    return [item for item in leaves(node) if item.kind == kind]


@pytest.mark.parametrize(
    "text",
    [
        (
            "No earlier or concurrent malignancy is allowed, except:\n    * Skin cancer that is no melanoma\n"
            "    * A treated thyroid cancer free of disease for ten years"
        ),
        (
            "No other prior cancer is allowed except for the following: treated basal (or squamous cell) skin cancer, "
            "in situ prostate or cervical cancer, any malignancy treated with curative intent without recurrence for "
            "at least 4 months"
        ),
        (
            "No second malignancy under treatment except: basal cell carcinoma, other malignancies (e.g., stage I "
            "kidney cancer) eligible at the discretion of the investigator"
        ),
    ],
)
def test_cancers_let_in_are_not_those_of_the_trial(reader, text):
    (own, others) = read(reader, f"Rectal cancer\n* {text}", tumours=("rectal",))
    assert [item.params.types for item in of_kind(own, "tumour_type")] == [("rectal",)]
    assert not of_kind(others, "tumour_type")
    assert write(others).keys() == {"not", "span"} or write(others).keys() == {"not"}
    assert decisive(others) == set()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Other malignancy, except basal cell skin cancer or thyroid cancer without recurrence for 3 years", None),
        ("Other malignancy, except thyroid cancer treated more than 3 years ago", None),
        ("Other malignancy, except basal cell skin cancer or any cancer free of disease for 3 years", 3),
        ("Other malignancy, except basal cell skin cancer or other tumours in remission for 3 years", 3),
        ("Other malignancy except basal cell skin cancer within the past 3 years", 3),
    ],
)
def test_a_time_behind_a_name_is_that_cancers_own(reader, text, years):
    (node,) = read(reader, text, "exclusion")
    assert {item.params.within_years for item in of_kind(node, "second_malignancy")} == {years}


@pytest.mark.parametrize(
    ("text", "let_in"),
    [
        ("Previous invasive cancer within 5 years", True),
        ("Previous cancer within 5 years", False),
        ("Previous invasive or non-invasive cancer within 5 years", False),
    ],
)
def test_invasive_cancers_alone(reader, text, let_in):
    (node,) = read(reader, text, "exclusion")
    found = of_kind(node, "second_malignancy")
    assert any("in_situ_any" in item.params.exceptions for item in found) is let_in


def test_a_second_sentence_narrows_other_cancers(reader):
    (node,) = read(reader, "No history of another malignancy; specifically, none of the bowel within the last 4 years")
    assert "second_malignancy" not in decisive(node)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Men with breast cancer", ["male"]),
        ("Patients with breast cancer who are male", ["male"]),
        ("Breast cancer patients who are male or pregnant", ["male"]),
        ("Women with breast cancer of stage 4", []),
        ("Male or female patients with breast cancer of stage 4", []),
    ],
)
def test_cancers_of_men(reader, text, sex):
    (node,) = read(reader, text, "exclusion", ("breast",))
    assert [name for item in of_kind(node, "sex") for name in item.params.any_of] == sex


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Age 10 and under: normal lung function", {"age"}),
        ("For those patients who had a biliary stent placed, two steady readings must be shown", {"procedure"}),
    ],
)
def test_who_is_bound_by_a_label_or_a_treatment(reader, text, kinds):
    (node, *_) = read(reader, text)
    assert isinstance(node, When)
    assert kinds <= {item.kind for item in leaves(node.when)}


@pytest.mark.parametrize(
    ("text", "section", "kind"),
    [
        ("At most 2 prior regimens, excluding sorafenib or chemotherapy", "inclusion", "prior_therapy"),
        ("No local or distant recurrence of breast cancer", "inclusion", "disease_setting"),
        ("After mastectomy (DCIS and small tumours do not require an axillary assessment)", "inclusion", "tumour_type"),
        ("Evaluable disease only not permitted", "inclusion", "measurable_disease"),
        (
            "At least 2 weeks since prior systemic chemotherapy for leptomeningeal disease",
            "inclusion",
            "leptomeningeal_disease",
        ),
        ("Women defined as postmenopausal", "inclusion", "menopausal_status"),
        ("Colorectal cancer (including MSI-H and MSS) whatever its RAS status", "inclusion", "msi_mmr"),
        ("All stage III patients must have a documented diagnosis", "inclusion", "disease_setting"),
        ("Any of the following cardiac conditions: myocardial infarction, angina", "exclusion", "heart_disease"),
        ("Recent return to sinus rhythm after atrial fibrillation", "exclusion", "cardiac_history"),
    ],
)
def test_named_in_passing_decides_nothing(reader, text, section, kind):
    (node, *_) = read(reader, text, section)
    told = decisive(node)
    if kind == "heart_disease":
        open_ = [part for part in leaves(node) if getattr(part.params, "any_of", ()) == ("heart_disease",)]
        assert open_
        assert all("heart_disease" not in str(write(part)) or decisive(Not(part)) == set() for part in _ands(node))
    else:
        assert kind not in told


def _ands(node):
    """Return the conjunctions of a tree that hold what is left open."""
    match node:
        case AllOf(parts=parts) if any(isinstance(part, Leaf) and part.kind == "judgement" for part in parts):
            return [node]
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return [found for part in parts for found in _ands(part)]
        case Not(part=part):
            return _ands(part)
    return []


def test_as_the_only_sign_of_disease(reader):
    (node,) = read(reader, "No bone metastases or pleural effusions as the sole indicators of disease")
    assert all(item.params.only for item in of_kind(node, "metastatic_site"))
    assert "lung_disease" not in decisive(node)


def test_a_treatment_of_its_own_beside_courses_for_advanced_disease(reader):
    (node,) = read(
        reader, "Has received prior taxane therapy and at least one prior chemotherapy regimen for advanced disease"
    )
    assert "prior_therapy" not in decisive(node) or any(
        not item.params.settings for item in of_kind(node, "prior_therapy")
    )


@pytest.mark.parametrize("stage", ["Stage IIIA or IIIB", "Stage IV", "Stages II and III"])
def test_a_stage_of_the_cancer_is_no_part_of_the_trial(reader, stage):
    text = f"Inclusion Criteria:\n\n* Breast cancer\n    * Stage I with many nodes OR\n    * {stage}\n* ECOG 0-1"
    assert not any(item.scope for item in reader.read(text).criteria)


def test_two_stages_of_a_trial_stay_parts(reader):
    text = "Inclusion Criteria:\n\nStage 1:\n* ECOG 0-1\n\nStage 2:\n* ECOG 0"
    assert {item.scope for item in reader.read(text).criteria} == {("stage-1",), ("stage-2",)}


def test_a_sentence_that_opens_with_exception_lets_in(reader):
    (node,) = read(reader, "Use of warfarin. Exception: low doses that keep a line open", "exclusion")
    assert isinstance(node, AnyOf)
    assert "concomitant_medication" not in decisive(node)


def test_a_note_within_a_list_leaves_its_entry_read(reader):
    text = (
        "Any of the following infections:\n    1. HIV, hepatitis B, or hepatitis C. Note: Patients with treated "
        "hepatitis B may be enrolled.\n    2. Infection that needs systemic therapy"
    )
    (node,) = read(reader, text, "exclusion")
    assert {"hiv", "hbv", "hcv"} == {item.params.virus for item in of_kind(node, "viral_infection")}
    assert "viral_infection" in decisive(node)


@pytest.mark.parametrize(
    ("text", "section", "kind"),
    [
        ("At least 1 first degree relative with pancreatic cancer", "inclusion", "tumour_type"),
        ("Pituitary adenoma", "inclusion", "tumour_type"),
        ("Brain tumour", "inclusion", None),
        ("Disseminated melanoma or localized melanoma", "inclusion", "disease_setting"),
        ("Uncontrolled illness such as renal disease", "exclusion", "comorbidity"),
    ],
)
def test_names_that_mean_fewer(reader, text, section, kind):
    (node, *_) = read(reader, text, section)
    if kind is None:
        assert isinstance(node, Leaf)
    elif kind == "comorbidity":
        renal = [item for item in leaves(node) if getattr(item.params, "any_of", ()) == ("renal_disease",)]
        assert renal
        assert any(item.kind == "judgement" for item in leaves(node))
    elif kind == "disease_setting":
        assert not any(
            isinstance(part, Leaf) and part.kind == kind and "early" in part.params.settings
            for part in (node.parts if isinstance(node, AllOf) else (node,))
        )
    else:
        doubted = any(item.kind in ("judgement", "unread") for item in leaves(node))
        assert doubted


def test_not_eligible_for_a_treatment_excludes_nobody(reader):
    text = "Refractory to cisplatin and failed, not eligible for, or refused a transplant; AFP greater than 15 ng/mL"
    nodes = read(reader, text)
    assert not any(isinstance(node, Not) for node in nodes)


def test_alternatives_two_levels_below(reader):
    text = (
        "Dose escalation\n    * Patient must:\n        * have astrocytoma, or\n        * have breast cancer"
        "\n    * ECOG 0-1"
    )
    assert any(isinstance(node, AnyOf) and len(of_kind(node, "tumour_type")) == 2 for node in read(reader, text))


def test_ways_to_be_postmenopausal_in_a_flat_list(reader):
    text = (
        "Inclusion Criteria:\n\nFemale\n\nPostmenopausal, as defined by 1 of the following:\n\nPrior bilateral "
        "oophorectomy\n\nAt least 55 years of age with prior hysterectomy\n\nECOG 0-1"
    )
    found = [item.node for item in reader.read(text).criteria]
    assert not any(of_kind(node, "age") for node in found)
    assert any(of_kind(node, "menopausal_status") for node in found)
