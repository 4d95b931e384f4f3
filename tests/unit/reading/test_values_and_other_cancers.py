"""Limits of values and of the heart read to their end, exclusions written as demands, other cancers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria.reader import reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.language.view import plain
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion
from unit.reading.patient_truth import MET, truth
from unit.reading.written import bare, denied, either, every, lab

_TABLE = load_knowledge()
_CANCER = {"judgement": {"topic": "whether it comes of the cancer"}}


def _read(entry: str, section: str) -> Criterion:
    return reader(_TABLE).read(f"{section} Criteria:\n\n* {entry}\n").criteria[0]


def _asked(entry: str, section: str = "Inclusion") -> object:
    return bare(write(_read(entry, section).node))


def _unread(entry: str, section: str = "Inclusion") -> bool:
    return any(item.kind == "unread" for item in leaves(_read(entry, section).node))


def _lvef(**params: object) -> dict[str, object]:
    return {"lvef": params}


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("ALT below twice the upper limit of normal", lab("alt", "<", "2", "xULN")),
        ("AST less than three times normal", lab("ast", "<", "3", "xULN")),
        ("Alkaline phosphatase ≤ 3xUNL", lab("alkaline_phosphatase", "<=", "3", "xULN")),
        ("Neutrophils 1.2 x 10**9/L", lab("anc", ">=", "1.2", "10*9/L")),
        ("Creatinine normal for age", lab("creatinine", "<=", "1", "xULN")),
        ("Platelets of 90,000/mm3 or more", lab("platelets", ">=", "90000", "/uL")),
        ("Platelets ≥ 90000 per cubic millimeter (/mm^3)", lab("platelets", ">=", "90000", "/uL")),
        ("Haemoglobin ≥ 9 g/dL (transfusions may be given to reach it)", lab("haemoglobin", ">=", "9", "g/dL")),
        ("AST ≤ 60 U/L or 2 x ULN", either(lab("ast", "<=", "60", "U/L"), lab("ast", "<=", "2", "xULN"))),
        ("ALT < 3 x ULN unless due to the lymphoma", either(lab("alt", "<", "3", "xULN"), _CANCER)),
        (
            "ALT ≤ 3 x ULN (≤ 6 x ULN if related to liver metastases)",
            either(lab("alt", "<=", "3", "xULN"), every(_CANCER, lab("alt", "<=", "6", "xULN"))),
        ),
        (
            "Creatinine clearance or radioisotope GFR ≥ 65 mL/min",
            either(
                lab("creatinine_clearance", ">=", "65", "mL/min"), lab("egfr_ckd", ">=", "65", "mL/min/1.73m2")
            ),
        ),
    ],
)  # fmt: skip
def test_a_limit_is_read_with_what_stands_behind_it(entry: str, wanted: object) -> None:
    assert _asked(entry) == wanted


def test_an_exclusion_may_name_both_ends_of_a_range() -> None:
    low, high = lab("wbc", "<", "2500", "/uL"), lab("wbc", ">", "13000", "/uL")
    assert _asked("White blood cells below 2500 or above 13000/mm3", "Exclusion") == denied(either(low, high))


def test_what_a_bare_number_of_creatinine_counts_is_a_doubt_with_a_name() -> None:
    read = _read("Creatinine < 1.6", "Inclusion").node
    units = {item.params.unit for item in leaves(read) if item.kind == "lab_value"}
    assert units == {"mg/dL", "xULN"}
    assert [item.params.topic for item in leaves(read) if item.kind == "judgement"] == [
        "whether the trial means multiples of the upper limit of normal by a number without a unit"
    ]
    assert _unread("Bilirubin < 2 times control")


def test_an_illness_is_no_cause_that_is_the_cancer() -> None:
    assert _CANCER not in _asked("Bilirubin < 2 mg/dL unless due to hemolysis").get("any_of", [])  # type: ignore[attr-defined]


@given(st.sampled_from(["less", "more", "greater", "fewer"]), st.integers(1, 999))
def test_then_for_than_in_front_of_a_number_is_a_slip(word: str, number: int) -> None:
    assert plain(f"{word} then {number}") == f"{word} than {number}"
    assert plain(f"no {word}; then {number} days") == f"no {word}; then {number} days"


@pytest.mark.parametrize(
    ("entry", "section", "wanted"),
    [
        ("MUGA at least the lower limit of normal", "Inclusion", _lvef()),
        ("Low ejection fraction", "Exclusion", _lvef()),
        ("LVEF out of normal limits", "Exclusion", _lvef()),
        (
            "LVEF assessment by MUGA done within 60 days prior to entry must be ≥ 52% regardless of the site's LLN",
            "Inclusion",
            _lvef(percent="52"),
        ),
        (
            "LVEF below the institutional lower limit of normal or < 52%, whichever is lower",
            "Exclusion",
            denied(every(_lvef(op="<", percent="52"), denied(_lvef()))),
        ),
        (
            "LVEF outside the institutional range of normal or < 52%, whichever is higher",
            "Exclusion",
            denied(either(_lvef(op="<", percent="52"), denied(_lvef()))),
        ),
    ],
)  # fmt: skip
def test_the_ejection_fraction_by_its_test_and_by_either_limit(entry: str, section: str, wanted: object) -> None:
    assert _asked(entry, section) == wanted


@pytest.mark.parametrize("drug", ["trastuzumab", "neratinib", "an anthracycline"])
def test_what_the_ejection_fraction_fell_to_under_treatment_is_asked_of_a_person(drug: str) -> None:
    """A fall without complaints need not be on record as an illness."""
    node = _read(f"History of LVEF decline to below 45% during prior {drug}", "Exclusion").node
    assert {item.kind for item in leaves(node)} == {"judgement"}


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (
            "No major surgery within 21 days",
            denied({"procedure": {"kinds": ["surgery"], "major": True, "within_days": 21}}),
        ),
        ("No other active cancer", denied({"second_malignancy": {"active_only": True}})),
        ("No known allergy to trastuzumab", denied({"allergy": {"substances": ["trastuzumab"]}})),
        ("No chemotherapy within 3 weeks", {"washout": {"drugs": ["chemotherapy"], "days": 21}}),
    ],
)  # fmt: skip
def test_an_exclusion_written_as_a_demand_shuts_out_those_who_have_what_it_names(entry: str, wanted: object) -> None:
    assert _asked(entry, "Exclusion") == wanted


@pytest.mark.parametrize(
    "entry", ["No measurable disease", "No prior trastuzumab", "No active infection", "No hot flashes"]
)
def test_what_a_trial_may_ask_for_is_not_turned(entry: str) -> None:
    plainly, turned = _asked(entry, "Inclusion"), _asked(entry, "Exclusion")
    assert plainly != turned


@pytest.mark.parametrize(
    ("entry", "exceptions"),
    [
        (
            "Another cancer within 4 years. Patients with treated carcinoma in situ of the cervix may enter.",
            {"in_situ_cervix"},
        ),
        (
            "Any other cancer within 4 years, except treated basal cell skin cancer; carcinoma in situ of the cervix",
            {"basal_cell_skin", "in_situ_cervix"},
        ),
        (
            "Except for the following no other cancer is allowed: cervical carcinoma in situ or basal cell skin cancer",
            {"basal_cell_skin", "in_situ_cervix"},
        ),
    ],
)  # fmt: skip
def test_cancers_let_in_belong_to_the_sentence_that_shuts_out(entry: str, exceptions: set[str]) -> None:
    node = _read(entry, "Exclusion").node
    assert not _unread(entry, "Exclusion")
    others = [item.params for item in leaves(node) if item.kind == "second_malignancy"]
    assert {name for one in others for name in one.exceptions} == exceptions


@pytest.mark.parametrize(
    "entry",
    [
        "Prior or concurrent cancer distinct in primary site or histology from breast cancer",
        "No malignancy [other than the one treated in this study] which required radiotherapy within the past 5 years",
    ],
)
def test_which_other_cancers_are_meant_is_asked(entry: str) -> None:
    assert {item.kind for item in leaves(_read(entry, "Exclusion").node)} == {"second_malignancy", "judgement"}


@pytest.mark.parametrize(
    "entry", ["No chemotherapy for this or any prior malignancy", "No prior radiotherapy for any malignancy"]
)
def test_treatment_of_the_own_cancer_is_not_taken_for_another_cancer(entry: str) -> None:
    kinds = {item.kind for item in leaves(_read(entry, "Inclusion").node)}
    assert kinds != {"second_malignancy", "judgement"}
    record = {"id": "p", "therapies": [{"drugs": ["paclitaxel"], "start": "2026-01-05"}]}
    assert truth(reader(_TABLE), f"Inclusion Criteria:\n\n* {entry}\n", record) is not MET


def test_which_assay_counts_asks_nothing_and_a_further_test_is_confirmed() -> None:
    entry = "The tumour must be HER2-positive. Assays using FISH require gene amplification."
    assert {item.kind for item in leaves(_read(entry, "Inclusion").node)} == {"her2_status"}
    further = _read("If IHC is equivocal (2+), FISH must be performed to classify the disease", "Inclusion").node
    assert [item.params.topic for item in leaves(further)] == ["the further HER2 test that an open result calls for"]


def test_drugs_of_a_previous_study_keep_their_time() -> None:
    entry = "Any investigational agents from a previous clinical study within 21 days of the first dose"
    assert _asked(entry, "Exclusion") == {"washout": {"drugs": ["investigational_agent"], "days": 21}}
