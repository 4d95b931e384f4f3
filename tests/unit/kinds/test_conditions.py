"""Diseases beside the cancer: the vocabulary, how names are read, and what the findings say."""

import inspect
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import condition_rows
from her2nav.kinds.registry import kinds
from her2nav.knowledge.conditions import spelled
from her2nav.knowledge.load import load_knowledge
from her2nav.model.finding import ChangeBy
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

KINDS = (
    "cardiac_history",
    "lung_disease",
    "ild",
    "infection",
    "viral_infection",
    "second_malignancy",
    "gastrointestinal",
    "allergy",
    "immune",
    "eye_disease",
    "bleeding_thrombosis",
    "comorbidity",
    "pregnancy",
    "menopausal_status",
    "visceral_crisis",
)
EXAMPLES = [
    pytest.param(kind, params, record, id=f"{kind}-{i}")
    for kind in KINDS
    for i, (params, record, _) in enumerate(kinds()[kind].examples)
]


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge()


@pytest.fixture(scope="module")
def ontology(knowledge):
    return knowledge.conditions


def case_of(record):
    patient = Patient.model_validate(record)
    return Case(patient, patient.as_of.high if patient.as_of else date(2026, 11, 21), load_knowledge())


def judge(kind, params, record):
    model, case = kinds()[kind].params.model_validate(params), case_of(record)
    truth = kinds()[kind].evaluate(model, Block([case])).at(0)
    found = kinds()[kind].finding(model, case, truth)
    assert found.truth is truth
    return found


def rows_of(*names, **rest):
    record = {"conditions": [{"name": name} for name in names], **rest}
    return [(row.id, row.status) for row in condition_rows(case_of(record))]


# --- the vocabulary ---------------------------------------------------------------------------------------------------


def test_vocabulary_is_large_and_every_name_means_one_condition(ontology):
    assert len(ontology.conditions) >= 250
    meaning = {}
    for row in ontology.conditions.values():
        for name in (row.id, row.name, *row.names):
            assert meaning.setdefault(spelled(name), row.id) == row.id, name


def test_states_closing_lists_and_entries_are_known(ontology, knowledge):
    for row in ontology.conditions.values():
        assert set(row.lists) <= {"conditions", "procedures", "toxicities", "medications", "allergies", "none"}, row.id
        if row.state and row.state.startswith("medicated:"):
            assert knowledge.drugs.is_term(row.state.partition(":")[2])
        for entry in row.implied_by:
            what, site = entry.split(":")
            assert what in ("surgery", "metastasis")
            assert knowledge.sites.find(site) == site


def test_classes_of_the_rules_exist(knowledge):
    rules = knowledge.conditions.rules
    for name in type(rules.classes).model_fields:
        for term in getattr(rules.classes, name):
            assert knowledge.drugs.is_term(term) or knowledge.medication_classes.find(term), term
    assert all(line.source in knowledge.sources for line in rules.provenance)
    assert {row.source for row in knowledge.conditions.conditions.values()} <= set(knowledge.sources)


def test_plain_names_hold_no_banned_words(knowledge):
    banned = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in knowledge.words.banned_plain), re.IGNORECASE)
    rows = [*knowledge.conditions.conditions.values(), *knowledge.substances.substances.values()]
    assert [row.id for row in rows if banned.search(row.plain_name)] == []


@pytest.mark.parametrize("kind", ["cardiac_history", "lung_disease", "comorbidity", "eye_disease", "second_malignancy"])
def test_ids_named_by_the_parameters_are_in_the_vocabulary(kind, ontology):
    text = inspect.getsource(kinds()[kind].params)
    listed = re.search(r'"""Ids (?:such as|of `[^`]*` or words that it knows:) (.*?)"""', text, re.DOTALL)
    assert listed is not None
    for word in re.findall(r"[a-z_]{4,}", listed.group(1)):
        assert ontology.find(word) is not None, word


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("myocardial_infarction", "coronary_artery_disease"),
        ("atrial_fibrillation", "arrhythmia"),
        ("pulmonary_embolism", "venous_thromboembolism"),
        ("stroke", "arterial_thromboembolism"),
        ("radiation_pneumonitis", "interstitial_lung_disease"),
        ("crohn_disease", "inflammatory_bowel_disease"),
        ("type_1_diabetes", "autoimmune_disease"),
        ("aids", "immunodeficiency"),
        ("in_situ_breast", "in_situ_any"),
        ("low_risk_prostate", "localised_prostate"),
        ("basal_cell_skin", "non_melanoma_skin"),
        ("allogeneic_stem_cell_transplant", "stem_cell_transplant"),
    ],
)
def test_a_child_is_its_parent(ontology, child, parent):
    assert parent in ontology.wider(child)
    assert any(child in reading for reading in ontology.readings(parent)) or ontology.conditions[child].named


def test_hypertension_is_not_cardiovascular_disease_but_uncontrolled_hypertension_is(ontology):
    assert "cardiovascular_disease" not in ontology.wider("hypertension")
    assert "cardiovascular_disease" in ontology.wider("uncontrolled_hypertension")


# --- how names are read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HTN, well controlled", [("hypertension", "controlled")]),
        ("Essential (primary) hypertension", [("hypertension", None)]),
        ("Type 2 diabetes mellitus without complications", [("type_2_diabetes", None)]),
        ("HTN, HLD and T2DM", [("hypertension", None), ("hyperlipidaemia", None), ("type_2_diabetes", None)]),
        ("remote MI 2012 s/p PCI", [("myocardial_infarction", None), ("coronary_intervention", None)]),
        ("Hx of DVT on apixaban", [("deep_vein_thrombosis", None)]),
        ("Hyperlipidemia, unspecified", [("hyperlipidaemia", None)]),
        ("cured HCV", [("hcv", "resolved")]),
        ("oesophageal varices", [("oesophageal_varices", None)]),
        ("esophageal varices", [("oesophageal_varices", None)]),
        ("poorly controlled diabetes", [("uncontrolled_diabetes", "uncontrolled")]),
        ("Gilbert's", [("gilbert_syndrome", None)]),
        ("diabetes, no retinopathy", [("diabetes", None)]),
        # denied, or another person's: no disease of the patient
        ("no history of stroke", []),
        ("denies diabetes", []),
        ("family history of MI", []),
        # what stands beside a denial is left to a person
        ("no MI, stroke 2019", [(None, None)]),
        ("HTN and Zorbl syndrome", [("hypertension", None), (None, None)]),
        ("Zorbl syndrome", [(None, None)]),
    ],
)
def test_names_as_people_write_them(written, expected):
    assert rows_of(written) == expected


def test_year_beside_a_name_is_its_date():
    (row,) = condition_rows(case_of({"conditions": [{"name": "MI in 2015"}]}))
    assert str(row.date) == "2015"


def test_suspected_disease_is_not_certain():
    (row,) = condition_rows(case_of({"conditions": [{"name": "suspected myocarditis"}]}))
    assert (row.id, row.certain) == ("myocarditis", False)
    found = judge("cardiac_history", {"any_of": "myocarditis"}, {"conditions": [{"name": "suspected myocarditis"}]})
    assert found.truth is Truth.UNKNOWN


def test_tumours_the_vocabulary_does_not_list_are_cancers():
    record = {"cancer": {"tumour_type": "breast", "diagnosed": "2024"}}
    names = [
        "hepatoblastoma",
        "Primary malignant neoplasm of left female breast",
        "Secondary malignant neoplasm of liver",
    ]
    rows = condition_rows(case_of({**record, "conditions": [{"name": name} for name in names]}))
    assert [row.own_cancer for row in rows] == [Truth.NOT_MET, Truth.MET, Truth.MET]
    assert rows[0].id == "unlisted_malignancy"


def test_entries_dated_after_the_day_are_set_aside():
    assert rows_of("MI 2027", as_of="2026-01-01") == []


# --- findings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "params", "record"), EXAMPLES)
def test_finding_points_into_the_record_and_speaks_plainly(kind, params, record, knowledge):
    found = judge(kind, params, record)
    banned = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in knowledge.words.banned_plain), re.IGNORECASE)
    assert not banned.search(found.plain), found.plain
    assert "_" not in found.plain
    assert found.reason.count("..") == 0
    if found.truth is Truth.UNKNOWN:
        assert found.change is not None
    patient = Patient.model_validate(record)
    for item in found.evidence:
        place = patient
        for step in item.path.strip("/").split("/"):
            place = place[int(step)] if step.isdigit() else getattr(place, step)
        assert place is not None, item.path


def test_window_gives_the_day_from_which_the_event_no_longer_counts():
    record = {"as_of": "2026-06-30", "cardiac": {"history": [{"name": "MI", "date": "2026-01-01"}]}}
    found = judge("cardiac_history", {"any_of": "myocardial_infarction", "within_days": 180}, record)
    assert found.change.by is ChangeBy.DATE
    assert found.change.date == date(2026, 7, 1)
    later = {**record, "as_of": "2026-07-01", "complete": {"conditions": True}}
    assert (
        judge("cardiac_history", {"any_of": "myocardial_infarction", "within_days": 180}, later).truth is Truth.NOT_MET
    )


def test_cancer_window_gives_its_last_day():
    cancer = {"name": "colon cancer", "status": "resolved", "date": "2021-01-15"}
    record = {"as_of": "2026-01-15", "cancer": {"tumour_type": "breast"}, "conditions": [cancer]}
    found = judge("second_malignancy", {"within_years": "5"}, record)
    # treatment may have ended up to two years after the diagnosis: only then is it certainly outside
    assert (found.truth, found.change.date) == (Truth.MET, date(2028, 1, 16))


def test_closed_list_is_quoted_as_no_record():
    found = judge("comorbidity", {"any_of": "seizures"}, {"conditions": [], "complete": {"conditions": True}})
    assert found.code == "comorbidity_no_record"
    assert "No record" in found.reason
    assert found.evidence[0].path == "/complete/conditions"


def test_ild_closed_list_names_the_other_lung_disease_nowhere():
    record = {"conditions": [{"name": "COPD"}], "complete": {"conditions": True}}
    found = judge("ild", {"any_of": ["current", "history_with_steroids"]}, record)
    assert (found.truth, found.code) == (Truth.NOT_MET, "ild_no_record")


def test_blood_pressure_is_the_question_for_hypertension_that_nobody_calls_controlled():
    record = {"conditions": [{"name": "hypertension", "status": "active"}], "complete": {"conditions": True}}
    found = judge("cardiac_history", {"any_of": "uncontrolled_hypertension"}, record)
    assert found.truth is Truth.UNKNOWN
    assert "blood pressure" in found.change.what


# --- laws -------------------------------------------------------------------------------------------------------------

_NAMES = [
    "MI",
    "HTN",
    "COPD",
    "pneumonitis",
    "DVT",
    "hepatitis B",
    "SLE",
    "BCC",
    "asthma",
    "Zorbl syndrome",
    "cataract",
]
_CONDITION = st.fixed_dictionaries(
    {"name": st.sampled_from(_NAMES)},
    optional={
        "status": st.sampled_from(["active", "resolved", "controlled", "uncontrolled"]),
        "date": st.sampled_from(["2015", "2026-01", "2026-01-10"]),
    },
)
_LEAVES = [
    ("cardiac_history", {"any_of": ["myocardial_infarction"], "within_days": 180}),
    ("lung_disease", {"any_of": ["copd"]}),
    ("ild", {"any_of": ["history_no_steroids", "history_with_steroids", "current", "suspected"]}),
    ("bleeding_thrombosis", {"any_of": ["venous_thromboembolism"], "within_days": 90}),
    ("viral_infection", {"virus": "hbv", "state": "known"}),
    ("immune", {"any_of": ["autoimmune_disease"]}),
    ("second_malignancy", {"within_years": "5"}),
    ("comorbidity", {"any_of": ["uncontrolled_illness"]}),
    ("infection", {"severity": "any_active"}),
    ("eye_disease", {"any_of": ["keratitis"]}),
]


@given(st.lists(_CONDITION, max_size=3), _CONDITION, st.sampled_from(_LEAVES))
def test_another_entry_never_takes_a_finding_back(conditions, more, leaf):
    """MET stays MET, and nothing becomes NOT_MET, when the record says more."""
    kind, params = leaf
    base = {"as_of": "2026-02-01", "cancer": {"tumour_type": "breast"}}
    for complete in (False, True):
        closed = {"complete": {"conditions": complete}}
        before = judge(kind, params, {**base, "conditions": conditions, **closed}).truth
        after = judge(kind, params, {**base, "conditions": [*conditions, more], **closed}).truth
        if before is Truth.MET:
            assert after is Truth.MET
        if after is Truth.NOT_MET:
            assert before is Truth.NOT_MET


@given(st.lists(_CONDITION, max_size=3), st.sampled_from(_LEAVES))
def test_an_open_list_never_says_no(conditions, leaf):
    kind, params = leaf
    record = {"as_of": "2026-02-01", "cancer": {"tumour_type": "breast"}, "conditions": conditions}
    found = judge(kind, params, record)
    if kind != "viral_infection":
        assert found.truth is not Truth.NOT_MET
