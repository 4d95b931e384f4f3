"""Forms that trials first seen with the attribute view brought: lost signs, counted bullets, side effects, waits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.criteria.reader import reader
from her2nav.criteria.view import attribute_view
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.language.numbers import operator
from her2nav.language.view import plain


def bare(value: Any) -> Any:
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def read(text: str, section: str = "Inclusion") -> Any:
    whole = reader(load_knowledge()).read(f"{section} Criteria:\n\n* {text}\n", ("breast",))
    (found,) = [one for one in whole.criteria if one.role in ("decides", "permits")]
    return bare(write(found.node))


def view(*inclusion: str, exclusion: tuple[str, ...] = ()) -> dict[str, Any]:
    lines = ["Inclusion Criteria:", "", *(f"* {one}" for one in inclusion)]
    lines += ["", "Exclusion Criteria:", "", *(f"* {one}" for one in exclusion)] if exclusion else []
    return attribute_view(reader(load_knowledge()).read("\n".join(lines), ("breast",)))


def limit(variable: str, op: str, value: str, unit: str) -> dict[str, Any]:
    return {"lab_value": {"variable": variable, "op": op, "value": value, "unit": unit}}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Leukocytes  or = to 2,500/uL", limit("wbc", ">=", "2500", "/uL")),
        ("Platelets  or equal to 90,000/mm3", limit("platelets", ">=", "90000", "/uL")),
        ("ALT(SGPT)  or = 3 x ULN", limit("alt", "<=", "3", "xULN")),
        ("Age  or = to 21", {"age": {"min": 21}}),
        ("Aged above or equal to 20 years", {"age": {"min": 20}}),
        ("Platelets greater than or = 90,000/mm3", limit("platelets", ">=", "90000", "/uL")),
        ("AST less than  or equal to 3 x ULN", limit("ast", "<=", "3", "xULN")),
        ("LVEF at or above 45% by echo", {"lvef": {"op": ">=", "percent": "45", "methods": ["echo"]}}),
        (
            "LVEF at or above the institutional lower limit of normal, i.e. 55%",
            {"lvef": {"op": ">=", "percent": "55"}},
        ),
        ("Performance status by the WHO scale below 2", {"performance_status": {"ecog_max": 1}}),
    ],
)
def test_what_is_left_of_a_comparison(text: str, tree: Any) -> None:
    found = read(text)
    if "lvef" in tree:
        found["lvef"].setdefault("op", ">=")
    assert found == tree


def test_a_lost_sign_shuts_nobody_out() -> None:
    assert read("Creatinine  or = 1.5 mg/dL", "Exclusion") == {"not": {"unread": {}}}


@given(st.text(alphabet="<>=≥≤ or equaltohn0123456789.,/%()x", max_size=60))
def test_every_character_of_a_comparison_keeps_its_place(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_at_or_above_holds_the_value_itself() -> None:
    assert [operator(one) for one in ("at or above", "at or below", "above or equal to", "below or equal to")] == [
        ">=",
        "<=",
        ">=",
        "<=",
    ]


def test_numbers_behind_bullets_say_nothing() -> None:
    text = "Inclusion Criteria:\n\n- 1 Aged 18 to 70 years;\n\n- 2 Measurable disease;\n\n- 3 ECOG 0 to 1;\n"
    found = reader(load_knowledge()).read(text).criteria
    assert [bare(write(one.node)) for one in found] == [
        {"age": {"min": 18, "max": 70}},
        {"measurable_disease": {}},
        {"performance_status": {"ecog_max": 1}},
    ]


def test_a_number_that_counts_no_bullets_stays() -> None:
    text = "Inclusion Criteria:\n\n- 2 Tumours at least\n\n- 1 Biopsy\n\n- 3 Scans\n"
    assert next(one.text for one in reader(load_knowledge()).read(text).criteria).startswith("2 Tumours")


def test_sides_of_both_sexes() -> None:
    assert view("Male or female patients aged 18 or older")["sex"] == "all"
    assert view("All participants must be women")["sex"] == "female"
    assert "sex" not in view("Men or women of childbearing potential must use contraception")


def test_whom_a_demand_binds_is_no_bound_itself() -> None:
    assert "lvef_min" not in view("Patients with LVEF above 65% must have a stress test")
    told = view(exclusion=("Prior hormonal therapy for early disease with relapse within 9 months of its end",))
    assert "prior_excluded" not in told


def test_lesions_of_bones_instead() -> None:
    assert view("Measurable disease or lytic bone lesions")["measurable_disease"] is False
    assert (
        view("At least one lesion that is evaluable and suitable for repeated assessment")["measurable_disease"]
        is False
    )
    assert view("Measurable disease")["measurable_disease"] is True


ALLOWED = [{"name": "peripheral_neuropathy", "max_grade": 2}, {"name": "alopecia"}]


def test_side_effects_that_may_be_left() -> None:
    text = "Persistent toxicity of earlier drugs, i.e. > grade 1 by CTCAE, except grade 2 neuropathy and hair loss"
    assert read(text, "Exclusion") == {"toxicity_recovery": {"max_grade": 1, "exceptions": ALLOWED}}
    text = (
        "Recovered from earlier chemotherapy for advanced disease to grade 1 or less (except for grade ≤2 neuropathy)"
    )
    assert read(text) == {"toxicity_recovery": {"max_grade": 1, "exceptions": ALLOWED[:1]}}


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Peripheral neuropathy must have resolved to grade 1 or less", 2),
        ("Sensory neuropathy is acceptable if improved to grade ≤ 2", 3),
        ("Those who have ≤ grade 2 neuropathy are eligible", 3),
    ],
)
def test_neuropathy_that_has_come_down(text: str, grade: int) -> None:
    assert read(text) == {"not": {"peripheral_neuropathy": {"min_grade": grade}}}


def test_having_had_a_drug_beside_an_allergy_to_it() -> None:
    either = lambda drug: {  # noqa: E731
        "not": {"any_of": [{"prior_therapy": {"drugs": [drug]}}, {"allergy": {"substances": [drug]}}]}
    }
    assert read("Prior exposure or known hypersensitivity to neratinib", "Exclusion") == either("neratinib")
    assert read("Known intolerance or earlier exposure to tucatinib", "Exclusion") == either("tucatinib")


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Prior drug targeting T cell co-regulatory proteins", ["immune_checkpoint_inhibitor"]),
        ("Prior treatment with a selective inhibitor of the FGFR pathway", ["fgfr_inhibitor"]),
        ("Prior treatment with an estrogen receptor downregulator", ["serd"]),
        ("Prior treatment with a topoisomerase I-targeting ADC", ["topo1_adc"]),
    ],
)
def test_classes_by_what_they_act_on(text: str, drugs: list[str]) -> None:
    assert read(text, "Exclusion") == {"not": {"prior_therapy": {"drugs": drugs}}}


def test_a_setting_names_the_cancer_too() -> None:
    node = {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["metastatic"]}}
    assert read("Prior chemotherapy for metastatic cancer", "Exclusion") == {"not": node}


def test_a_no_behind_and_begins_its_own_demand() -> None:
    assert read("Not more than 2 prior chemotherapy regimens and no radiotherapy within 2 weeks") == {
        "all_of": [
            {"lines_of_therapy": {"max": 2, "setting": "any", "of": ["chemotherapy"]}},
            {"not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 14}}},
        ]
    }


def test_what_is_allowed_and_since_when_it_must_have_ended() -> None:
    text = "Prior radiotherapy is permitted; patients must not have had radiotherapy within 14 days"
    assert read(text) == {"not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 14}}}


def test_only_one_line_is_a_limit() -> None:
    assert view("Only 1 previous chemotherapy regimen for metastatic disease")["prior_lines"]["max"] == 1
    assert "prior_required" not in view("Only 1 previous chemotherapy regimen for metastatic disease")


def test_nonpregnant_is_one_word() -> None:
    assert view("Women must be nonpregnant and nonlactating")["pregnancy_excluded"] is True


def test_what_should_not_be_given_within_a_time() -> None:
    assert read("Systemic anti-cancer treatment should not be used within 2 weeks") == {"washout": {"days": 14}}
    assert read("Chemotherapy must not be given within 21 days before the first dose") == {
        "washout": {"drugs": ["chemotherapy"], "days": 21}
    }
    assert read("Radiotherapy may not have been administered within 14 days") == {
        "not": {"procedure": {"kinds": ["radiotherapy"], "within_days": 14}}
    }


def test_the_cancer_at_hand_narrows_no_summary() -> None:
    text = "Prior chemotherapy for the currently diagnosed breast cancer prior to registration"
    topic = "whether it was for the currently diagnosed breast cancer"
    had = {"prior_therapy": {"drugs": ["chemotherapy"]}}
    assert read(text, "Exclusion") == {"not": {"all_of": [had, {"judgement": {"topic": topic}}]}}
    assert view(exclusion=(text,))["prior_excluded"] == ["chemotherapy"]


def test_what_is_left_of_an_earlier_cancer() -> None:
    text = "Another cancer within 4 years, or any evidence of residual disease from a previously diagnosed cancer"
    assert read("History of another malignancy" + text.removeprefix("Another cancer"), "Exclusion") == {
        "not": {"any_of": [{"second_malignancy": {"within_years": "4"}}, {"second_malignancy": {"active_only": True}}]}
    }


def test_everybody_must_be_a_woman_past_menopause() -> None:
    assert read("All subjects must be postmenopausal women") == {
        "all_of": [{"sex": {"any_of": ["female"]}}, {"menopausal_status": {"any_of": ["postmenopausal"]}}]
    }


def test_an_operation_is_nothing_that_goes_on() -> None:
    text = "Concurrent anticancer treatment, major surgery, or use of any investigational drug within 28 days"
    assert view(exclusion=(text,))["washout_days"] == {"surgery": 28, "investigational": 28}
    assert (
        view(exclusion=("Ongoing immunotherapy, surgery or vaccines within 14 days",))["washout_days"]["surgery"] == 14
    )
