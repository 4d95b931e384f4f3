"""Matters of treatment that a person settles, and sentences on treatment whose words were once left open."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion, Role


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(load_knowledge())


def bare(value: Any) -> Any:
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key not in ("span", "text")}
    return [bare(part) for part in value] if isinstance(value, list) else value


def criteria(text: str, section: str) -> list[Criterion]:
    return list(reader().read(f"{section.capitalize()} Criteria:\n* {text}").criteria)


def tree(text: str, section: str = "inclusion") -> Any:
    return bare(write(criteria(text, section)[0].node))


def kinds(text: str, section: str = "inclusion") -> set[str]:
    return {item.kind for one in criteria(text, section) for item in leaves(one.node)}


def topics(text: str, section: str = "inclusion") -> set[str]:
    return {
        item.params.topic for one in criteria(text, section) for item in leaves(one.node) if item.kind == "judgement"
    }


@pytest.mark.parametrize(
    ("text", "section", "topic"),
    [
        ("On an unchanged dose of dexamethasone for at least one week", "inclusion", "steady dose of a medicine"),
        (
            "All side effects of earlier radiotherapy have resolved",
            "inclusion",
            "recovery from the effects of earlier treatment",
        ),
        ("Tamoxifen does not count as a line of therapy", "inclusion", "how the trial counts earlier treatment"),
        (
            "Has completed all planned adjuvant chemotherapy",
            "inclusion",
            "whether the treatment before the study is complete",
        ),
        (
            "Disease-free interval of at least 2 years after adjuvant therapy",
            "inclusion",
            "how long after earlier treatment the cancer came back",
        ),
        (
            "Pathological complete response after neoadjuvant treatment",
            "exclusion",
            "how the cancer responded to earlier treatment",
        ),
        ("Women for whom endocrine therapy is recommended", "inclusion", "suitable for endocrine therapy"),
        (
            "Eligible to receive neoadjuvant chemotherapy, per the treating oncologist",
            "inclusion",
            "suitable for neoadjuvant chemotherapy",
        ),
        ("For whom surgery is planned", "inclusion", "planned: surgery"),
    ],
)
def test_a_matter_of_treatment_is_named_and_read_in_full(text: str, section: str, topic: str) -> None:
    assert topic in topics(text, section)
    assert "unread" not in kinds(text, section)


@pytest.mark.parametrize(
    "text",
    [
        "Women for whom the blurzled regimen is recommended",
        "On an unchanged dose of a blurzled remedy for one week",
        "Recovered from the blurzled toxicity of earlier treatment",
    ],
)
def test_a_word_that_does_not_belong_to_the_matter_stays_unread(text: str) -> None:
    assert "unread" in kinds(text)


def test_to_be_eligible_for_the_trial_is_no_fitness_for_a_treatment() -> None:
    assert not topics("Women with earlier lapatinib are not eligible for therapy", "exclusion")


def test_what_does_not_suit_keeps_its_sign() -> None:
    assert tree("Patients for whom chemotherapy is not indicated") == {
        "not": {"judgement": {"topic": "suitable for chemotherapy"}}
    }


@pytest.mark.parametrize(
    "text",
    [
        "Patients may have received an unlimited number of hormonal regimens",
        "HER2-directed therapy is allowed",
        "Bisphosphonates for bone metastases are permitted at the discretion of the investigator",
        "Prior chemotherapy is permitted with no limit on the number of prior regimens",
    ],
)
def test_a_permission_that_binds_to_nothing_is_read_in_full(text: str) -> None:
    found = criteria(text, "inclusion")
    assert [one.role for one in found] == [Role.PERMITS]
    assert "unread" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "HER2-positive disease is permitted if blurzled",
        "Endocrine therapy is permitted provided that it was begun in a blurzled way",
        "Surgery is allowed while the disease is quiet",
    ],
)
def test_a_permission_with_a_condition_stays_open(text: str) -> None:
    assert "unread" in kinds(text)


@pytest.mark.parametrize(
    ("text", "section", "exceptions"),
    [
        (
            "Side effects of earlier therapy (except alopecia) must have resolved to NCI CTCAE v5.0 grade 1 or less",
            "inclusion",
            [{"name": "alopecia"}],
        ),
        ("Recovered (≤ grade 1) from the toxic effects of prior therapy", "inclusion", []),
        (
            "Resolution to grade less than or equal to 1 of toxicities of prior therapy except fatigue",
            "inclusion",
            [{"name": "fatigue"}],
        ),
        (
            "Unresolved toxicity higher than grade 1 attributed to any prior therapy, excluding alopecia",
            "exclusion",
            [{"name": "alopecia"}],
        ),
    ],
)
def test_recovery_to_a_grade(text: str, section: str, exceptions: list[dict[str, object]]) -> None:
    wanted: dict[str, object] = {"max_grade": 1} | ({"exceptions": exceptions} if exceptions else {})
    assert tree(text, section) == {"toxicity_recovery": wanted}


def test_the_recovery_of_one_illness_is_not_that_of_all_side_effects() -> None:
    assert "toxicity_recovery" not in kinds("Any neuropathy must recover to grade 2 or less before entry")


def test_side_effects_let_in_by_a_list_are_no_illnesses_beside_them() -> None:
    text = "Toxicity of prior therapy not recovered to grade 1, with the following exceptions: a. alopecia; b. blurzle"
    assert "toxicity_recovery" not in kinds(text, "exclusion")


@pytest.mark.parametrize(
    ("text", "section", "wanted"),
    [
        (
            "Recurrence within 12 months after completion of adjuvant or neoadjuvant therapy",
            "exclusion",
            {"not": {"prior_therapy": {"settings": ["neoadjuvant", "adjuvant"], "progressed_within_months": "12"}}},
        ),
        (
            "Relapse within 6 months of adjuvant treatment with paclitaxel or docetaxel",
            "exclusion",
            {
                "not": {
                    "prior_therapy": {
                        "drugs": ["paclitaxel", "docetaxel"],
                        "settings": ["adjuvant"],
                        "progressed_within_months": "6",
                    }
                }
            },
        ),
        (
            "Relapse within 6 months of first-line docetaxel",
            "exclusion",
            {
                "not": {
                    "all_of": [
                        {"prior_therapy": {"drugs": ["docetaxel"], "progressed_within_months": "6"}},
                        {"judgement": {"topic": "whether it was first-line"}},
                    ]
                }
            },
        ),
        (
            "Previously received first-line letrozole",
            "inclusion",
            {
                "all_of": [
                    {"prior_therapy": {"drugs": ["letrozole"]}},
                    {"judgement": {"topic": "whether it was first-line"}},
                ]
            },
        ),
        (
            "Prior radiotherapy or neoadjuvant chemotherapy",
            "exclusion",
            {
                "not": {
                    "any_of": [
                        {"procedure": {"kinds": ["radiotherapy"]}},
                        {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["neoadjuvant"]}},
                    ]
                }
            },
        ),
        (
            "Prior letrozole, or any prior chemotherapy for metastatic disease",
            "exclusion",
            {
                "not": {
                    "any_of": [
                        {"prior_therapy": {"drugs": ["letrozole"]}},
                        {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["metastatic"]}},
                    ]
                }
            },
        ),
        ("Docetaxel 21 days before the first dose", "exclusion", {"washout": {"drugs": ["docetaxel"], "days": 21}}),
        (
            "Any experimental agent 5 half-lives or 4 weeks (whichever is longer) before entry",
            "exclusion",
            {
                "washout": {
                    "drugs": ["investigational_agent"],
                    "days": 28,
                    "half_lives": "5",
                    "whichever": "longer",
                    "anchor": "enrolment",
                }
            },
        ),
        (
            "Chemotherapy within 3 weeks before the first dose of study drug (lapatinib or placebo)",
            "exclusion",
            {"washout": {"drugs": ["chemotherapy"], "days": 21}},
        ),
        (
            "More than 2 weeks since prior intracranial surgery",
            "inclusion",
            {"not": {"procedure": {"kinds": ["surgery"], "sites": ["brain"], "within_days": 14}}},
        ),
        (
            "Prior high-dose chemotherapy requiring stem cell rescue",
            "exclusion",
            {
                "not": {
                    "all_of": [
                        {"prior_therapy": {"drugs": ["chemotherapy"]}},
                        {"judgement": {"topic": "whether it was high-dose, requiring stem cell rescue"}},
                    ]
                }
            },
        ),
        ("Washout period for lapatinib of 14 days", "inclusion", {"washout": {"drugs": ["lapatinib"], "days": 14}}),
        (
            "A minimum of 28 days have elapsed between any major surgery and date of registration",
            "inclusion",
            {"not": {"procedure": {"kinds": ["surgery"], "major": True, "within_days": 27}}},
        ),
        (
            "No more than 2 prior endocrine (hormonal) regimens in the neoadjuvant, adjuvant or metastatic setting",
            "inclusion",
            {"lines_of_therapy": {"max": 2, "setting": "any", "of": ["endocrine"]}},
        ),
        (
            "No prior chemotherapy to treat their metastatic disease",
            "inclusion",
            {"not": {"prior_therapy": {"drugs": ["chemotherapy"], "settings": ["metastatic"]}}},
        ),
        ("Prior radiotherapy within 2 weeks or history of radiation pneumonitis", "exclusion", None),
    ],
)
def test_treatment(text: str, section: str, wanted: Any) -> None:
    if wanted is None:
        assert "unread" not in kinds(text, section)
        return
    assert tree(text, section) == wanted


def test_lines_of_some_settings_are_open_between_those_of_all_and_the_late_ones() -> None:
    found = tree("No more than 1 prior taxane regimen in the adjuvant or metastatic setting")
    assert "judgement" in str(found)
    assert {"lines_of_therapy": {"max": 1, "of": ["taxane"]}} in found["any_of"][0]["all_of"]


def test_a_dose_of_steroids_stands_beside_other_medicines() -> None:
    found = str(
        tree("Is receiving corticosteroids at > 10 mg/day prednisone or another immunosuppressive therapy", "exclusion")
    )
    assert "'min_steroid_mg_prednisone': '10'" in found
    assert "'any_of': ['immunosuppressant']" in found


def test_naive_in_a_setting_is_not_naive_at_all() -> None:
    assert "metastatic" in str(tree("Must be chemotherapy-naive"))
    assert "prior_therapy" not in kinds("Must be chemotherapy-naive for metastatic disease")


@pytest.mark.parametrize(
    "text",
    [
        "A live vaccine within 30 days. Influenza vaccines that do not contain live virus are permitted.",
        "Taking systemic corticosteroids. Physiologic doses may be approved after consultation with the sponsor.",
        "Prior nivolumab or an agent directed to another stimulatory or co-inhibitory receptor (e.g. OX40)",
        "Taking a drug known to prolong the QT interval, unless discontinued a week before the first dose",
        "Core biopsy or minor surgical procedure, excluding placement of a venous catheter, within 7 days",
    ],
)
def test_common_exclusions_are_read_in_full(text: str) -> None:
    assert "unread" not in kinds(text, "exclusion")


def test_those_in_follow_up_of_another_trial_are_no_second_criterion() -> None:
    text = (
        "Has received an investigational agent within 4 weeks. Participants who have entered the follow-up phase of an "
        "investigational trial may participate as long as it has been 4 weeks since the last dose of "
        "the investigational agent."
    )
    assert tree(text, "exclusion") == {"washout": {"drugs": ["investigational_agent"], "days": 28}}


def test_what_may_have_been_given_up_to_a_number_is_a_limit() -> None:
    text = "Patients may have received up to 2 prior lines of chemotherapy in the metastatic setting"
    assert tree(text) == {"lines_of_therapy": {"max": 2, "of": ["chemotherapy"]}}
    assert [one.role for one in criteria(text, "inclusion")] == [Role.DECIDES]


def test_what_may_have_been_given_once_stays_open() -> None:
    assert "unread" in kinds("May have received one prior chemotherapy regimen for metastatic disease")


@pytest.mark.parametrize(
    "text",
    [
        "Women who relapsed within 6 months of adjuvant therapy are considered to have failed one regimen",
        "Patients with stage I disease and a high Ki-67 are eligible for adjuvant therapy",
        "The treating oncologist must have experience in treating patients with eribulin",
        "If pemetrexed was given as first line therapy there must be an interval of one cycle",
        "Patients who received adjuvant therapy must be after the last dose of chemotherapy",
        "Endocrine therapy within 1 week",
        "No more than 1 line of systemic therapy was given from the date of the archival biopsy to the first dose",
        "No more than two prior regimens targeting the VEGF pathway",
    ],
)
def test_nobody_is_asked_for_what_is_told_of_others(text: str) -> None:
    found = criteria(text, "inclusion")
    asked = [one for one in found if one.role is not Role.PERMITS]
    assert not kinds_of(asked) & {"prior_therapy", "lines_of_therapy", "disease_progression"}


def kinds_of(found: list[Criterion]) -> set[str]:
    return {item.kind for one in found for item in leaves(one.node)}


def test_the_cause_of_side_effects_is_asked_of_nobody() -> None:
    text = "Resolution to grade 0 or 1 of all toxic effects (other than alopecia) of prior chemotherapy or surgery"
    assert kinds(text) == {"toxicity_recovery"}


def test_side_effects_of_an_operation_alone_are_not_all_side_effects() -> None:
    assert "toxicity_recovery" not in kinds(
        "Toxicities related to surgical procedures should have recovered to grade 1"
    )


def test_the_name_of_the_scale_is_no_side_effect() -> None:
    text = "Peripheral neuropathy of NCI-CTC (Common Toxicity Criteria) grade 2 or higher"
    assert kinds(text, "exclusion") == {"peripheral_neuropathy"}


def test_what_makes_unfit_keeps_the_sign_of_the_denial_before_its_bracket() -> None:
    text = "Must not be eligible for further trastuzumab (i.e. has had two prior lines of trastuzumab)"
    assert "lines_of_therapy" not in kinds(text)


def test_an_or_in_front_of_a_matter_is_composed() -> None:
    found = tree("HER2-negative disease or disease that is refractory to earlier therapy")
    assert set(found) == {"any_of"}


def test_therapy_for_a_current_cancer_is_not_therapy_now() -> None:
    found = kinds("Has received any systemic therapy for current breast cancer", "exclusion")
    assert "concomitant_medication" not in found


def test_biologic_therapy_is_more_than_antibodies() -> None:
    wanted = {"washout": {"drugs": ["antibody", "immunotherapy"], "days": 14}}
    assert tree("At least 2 weeks since prior biologic therapy") == wanted


def test_resistance_is_asked_where_it_shuts_out() -> None:
    assert "judgement" in kinds("Platinum-resistant or refractory disease", "exclusion")
    assert "judgement" not in kinds("Platinum-resistant or refractory disease")


def test_an_antibody_behind_its_target_is_no_class_of_its_own() -> None:
    found = tree("Progressed on treatment with an anti-PD-L1 monoclonal antibody (mAb)")
    assert found == {"prior_therapy": {"drugs": ["anti_pdl1"], "outcome": "progression"}}
