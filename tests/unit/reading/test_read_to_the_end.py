"""Sentences of which a few words used to stay unread, and what a person only confirms; each in words of our own."""

import pytest

from her2nav.criteria.reader import Reader
from her2nav.kinds.forms import write
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import leaves
from her2nav.model.trial import Role

RECOVERED = {
    "any_of": [
        {"toxicity_recovery": {"max_grade": 0}},
        {"judgement": {"topic": "recovery from the effects of earlier treatment"}},
    ]
}
PAST_ILD = {"ild": {"any_of": ["history_no_steroids", "history_with_steroids", "current", "suspected"]}}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_knowledge())


def criteria(reader, text, section="Inclusion"):
    """Return what is read of one bullet of a section."""
    return reader.read(f"{section} Criteria:\n\n* {text}", ()).criteria


def bare(value):
    """Return a written tree without its places."""
    if isinstance(value, dict):
        return {key: bare(part) for key, part in value.items() if key != "span"}
    return [bare(part) for part in value] if isinstance(value, list) else value


def decides(reader, text, section="Inclusion"):
    """Return the written trees of the criteria that decide."""
    return [bare(write(one.node)) for one in criteria(reader, text, section) if one.role is Role.DECIDES]


def confirmed(reader, text, section="Inclusion"):
    """Return the written trees of what a person confirms."""
    return [bare(write(one.node)) for one in criteria(reader, text, section) if one.role is Role.CONFIRM]


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Current use of oral corticosteroids must not exceed 10 mg of prednisone a day", "10"),
        ("Steroids of no more than 4 mg dexamethasone or its equivalent daily", "26.68"),
    ],
)
def test_a_dose_of_steroids_that_nobody_may_exceed(reader, text, most):
    over = {"any_of": ["systemic_corticosteroid"], "min_steroid_mg_prednisone": most, "steroid_dose_exclusive": True}
    assert decides(reader, text) == [{"not": {"concomitant_medication": over}}]


def test_a_dose_of_steroids_that_is_allowed_asks_for_none(reader):
    found = criteria(reader, "Corticosteroids ≤ 25 mg prednisone daily are permitted")
    assert all(item.kind == "unread" or one.role is not Role.DECIDES for one in found for item in leaves(one.node))


def test_nobody_is_shut_out_for_treatment_that_left_what_the_investigator_minds(reader):
    text = "Earlier radiation therapy to the chest with late damage found to be significant by the treating physician"
    assert decides(reader, text, "Exclusion") == []
    assert "procedure" in confirmed(reader, text, "Exclusion")[0]["not"]["all_of"][0]
    alone = decides(reader, "Earlier radiation therapy to the chest with late damage", "Exclusion")
    assert len(alone) == 1
    assert "procedure" in str(alone)


@pytest.mark.parametrize(
    ("text", "only_opinion"),
    [
        ("Candidate for neoadjuvant chemotherapy as determined by the treating physician", True),
        ("Candidate for neoadjuvant chemotherapy", False),
    ],
)
def test_what_a_doctor_alone_decides_is_confirmed(reader, text, only_opinion):
    assert bool(decides(reader, text)) is not only_opinion
    assert bool(confirmed(reader, text)) is only_opinion


def test_other_conditions_that_hinder_the_study_are_confirmed_apart(reader):
    text = "Liver cirrhosis, or other conditions that might limit compliance or interfere with study procedures"
    (found,) = decides(reader, text, "Exclusion")
    assert {item for item in ("unread", "cirrhosis") if item in str(found)} == {"cirrhosis"}
    assert len(confirmed(reader, text, "Exclusion")) == 1


def test_contraception_with_a_doubt_on_whom_it_binds_is_confirmed(reader):
    text = (
        "Women who can become pregnant and use no contraception. Patients will agree to go on with contraception for "
        "7 months after the last dose."
    )
    assert decides(reader, text, "Exclusion") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Recovered from the side effects of earlier drugs", RECOVERED),
        ("Recovered from earlier surgery", {"judgement": {"topic": "recovery from the effects of earlier treatment"}}),
    ],
)
def test_who_has_no_side_effect_left_has_recovered_from_them(reader, text, wanted):
    assert decides(reader, text) == [wanted]


def test_a_side_effect_that_may_be_left_shuts_nobody_out(reader):
    text = (
        "Have not recovered from adverse events due to earlier agents (a weak thyroid is permissible if treated). "
        "Recovery is defined as a return to baseline."
    )
    (found,) = decides(reader, text, "Exclusion")
    assert RECOVERED in found["any_of"]
    assert [item for item in found["any_of"] if item != RECOVERED] == [{"unread": {}}]


def test_lung_disease_of_the_past_is_meant_whatever_follows(reader):
    text = "Have had pneumonitis or if they had a history of pneumonitis that had been treated with glucocorticoids"
    (found,) = decides(reader, text, "Exclusion")
    assert set(found["not"]["ild"]["any_of"]) >= {"history_no_steroids", "history_with_steroids", "current"}
    narrow = decides(reader, "History of pneumonitis that was treated with glucocorticoids", "Exclusion")
    assert narrow == [{"not": {"ild": {"any_of": ["history_with_steroids", "current"]}}}]


def test_an_illness_per_investigator_is_shut_out_by_itself(reader):
    text = "Similarly, patients with impaired lung function per investigator should be excluded"
    assert decides(reader, text, "Exclusion") == [{"not": {"lung_disease": {"any_of": ["impaired_lung_function"]}}}]


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("Gastric cancer that has been deemed inoperable", ["locally_advanced_unresectable", "metastatic"]),
        ("Gastric cancer with at least one metastatic site", ["metastatic"]),
    ],
)
def test_how_far_a_cancer_has_come(reader, text, settings):
    (found,) = decides(reader, text)
    assert {"disease_setting": {"settings": settings}} in found["all_of"]


def test_a_lesion_for_biopsy_says_nothing_of_how_far_a_cancer_has_come(reader):
    found = decides(reader, "Gastric cancer with at least one metastatic lesion amenable to biopsy")
    assert "disease_setting" not in str(found)


def test_the_likely_origin_of_a_cancer_is_confirmed_apart(reader):
    text = "Cancer of the stomach, pancreas or unknown primary likely gastrointestinal"
    assert decides(reader, text) == [{"tumour_type": {"types": ["gastric", "pancreatic", "unknown_primary"]}}]
    assert confirmed(reader, text) == [{"judgement": {"topic": "likely origin of a cancer of unknown primary"}}]


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Taking strong inhibitors or inducers of the study drugs", True),
        ("Taking strong inhibitors of CYP3A4", False),
    ],
)
def test_medicines_that_act_on_the_study_drugs_are_looked_at_by_the_team(reader, text, apart):
    assert bool(confirmed(reader, text, "Exclusion")) is apart


def test_diarrhoea_that_lasts_in_spite_of_care(reader):
    text = "Diarrhoea (> 5 stools a day) unresolved despite best supportive care in the two weeks before treatment"
    (found,) = decides(reader, text, "Exclusion")
    assert {"comorbidity": {"any_of": ["diarrhoea"]}} in found["not"]["all_of"]
    assert all("unread" not in part for part in found["not"]["all_of"])
    high = decides(reader, "High blood pressure that is uncontrolled despite optimal medical therapy", "Exclusion")
    assert "in spite of care" not in str(high)


def test_agents_on_trial_for_advanced_disease_are_taken_for_it(reader):
    found = decides(reader, "Receiving other investigational agents for advanced disease", "Exclusion")
    assert "whether it is for advanced disease" in str(found)


def test_a_number_of_a_section_behind_that_of_the_list_is_no_word(reader):
    read = reader.read("Inclusion Criteria:\n\n1. Age 18 or more\n2. 3.1.2 Breast cancer\n", ()).criteria
    assert bare(write(read[1].node)) == {"tumour_type": {"types": ["breast"]}}


def test_a_sample_of_any_time_asks_for_no_more(reader):
    text = "HER2 IHC 1+, which may be shown in any tumour sample taken during their treatment history"
    assert decides(reader, text) == [{"her2_status": {"any_of": [{"ihc": ["1+"]}]}}]


@pytest.mark.parametrize("sign", ["e.g.,", "eg,", "for example"])
def test_numbers_that_are_examples_do_not_ask_for_a_measurement(reader, sign):
    (found,) = decides(reader, f"Poorly controlled hypertension ({sign} systolic > 180 mm Hg)", "Exclusion")
    assert found == {"not": {"cardiac_history": {"any_of": ["uncontrolled_hypertension"]}}}


def test_numbers_that_define_an_illness_must_be_measured(reader):
    (found,) = decides(reader, "Poorly controlled hypertension (systolic > 180 mm Hg)", "Exclusion")
    assert {"vital_sign": {"measure": "systolic", "op": ">", "value": "180"}} in found["not"]["any_of"]


def test_an_example_without_points_is_an_example(reader):
    pointed = decides(reader, "Bowel disease (e.g., Crohn's disease)", "Exclusion")
    assert decides(reader, "Bowel disease (eg, Crohn's disease)", "Exclusion") == pointed


def test_a_heart_rate_behind_with_shuts_out_nobody_alone(reader):
    text = "Heart failure, atrial tachycardia with a heart rate > 110/min at rest"
    (found,) = decides(reader, text, "Exclusion")
    rate = {"vital_sign": {"measure": "heart_rate", "op": ">", "value": "110"}}
    assert all(rate in part["all_of"] for part in found["not"]["any_of"] if str(rate) in str(part))
    assert any(rate in part.get("all_of", ()) for part in found["not"]["any_of"])


@pytest.mark.parametrize(
    "text",
    [
        "Breast tumour measurable by ultrasound (≥ 2 cm)",
        "Measurable breast tumour using ultrasonography (≥ 2cm)",
    ],
)
def test_a_size_in_brackets_is_that_of_the_tumour(reader, text):
    assert decides(reader, text) == [
        {"all_of": [{"tumour_type": {"types": ["breast"]}}, {"disease_setting": {"min_tumour_size_mm": "20"}}]}
    ]


def test_a_lesion_for_biopsy_is_confirmed(reader):
    assert decides(reader, "Biopsy-accessible breast tumour") == [{"tumour_type": {"types": ["breast"]}}]
    assert confirmed(reader, "Biopsy-accessible breast tumour") == [
        {"judgement": {"topic": "a lesion that can be biopsied"}}
    ]


def test_never_treated_for_this_cancer(reader):
    (found,) = decides(reader, "Taxane-naïve patients (for this malignancy)")
    assert {"prior_therapy": {"drugs": ["taxane"]}} in found["not"]["all_of"]


def test_slips_of_the_pen_in_counts(reader):
    asked = {"lab_value": {"variable": "anc", "op": ">=", "value": "1500", "unit": "/uL"}}
    assert decides(reader, "Granulocyte ≥ 1,500/mL") == [asked]
    assert decides(reader, "Absolute neutrophil count ≥ l500/uL") == [asked]


def test_a_commitment_to_the_treatment_of_the_study_is_confirmed(reader):
    text = "Women of childbearing potential must take a pregnancy test and must commit to receive goserelin on study"
    assert decides(reader, text) == []
    negative = "Women of childbearing potential must have a negative pregnancy test and commit to visits"
    assert decides(reader, negative) != []


def test_points_that_are_counted_on_may_begin_small(reader):
    text = (
        "1. Age 18 or more 2. ECOG 0 or 1 3. Platelets at least 100 x 10*9/L 4. HIV negative 5. serum creatinine normal"
    )
    read = reader.read(f"Inclusion Criteria:\n\n{text}\n", ()).criteria
    assert len([one for one in read if one.role is Role.DECIDES]) == 5
