"""Washouts, procedures, progression, plans and medicines: dates that change an answer, and the data behind them."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.half_life import half_life_days
from her2nav.facts.procedures import procedures
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.names import key
from her2nav.model.finding import ChangeBy, UnknownKind
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

CLOSED = {"complete": {"therapies": True, "procedures": True, "medications": True}}
CAPECITABINE = {"drugs": "capecitabine", "setting": "metastatic", "start": "2025-06-01", "end": "2026-01-10"}


def judge(kind: str, params: dict, record: dict):
    """The finding of one kind for one record."""
    model = kinds()[kind].params.model_validate(params)
    patient = Patient.model_validate(record)
    case = Case(patient, patient.as_of.high if patient.as_of else date(2026, 11, 21), load_knowledge())
    return kinds()[kind].finding(model, case, kinds()[kind].evaluate(model, Block([case])).at(0))


def test_washout_says_the_first_day_on_which_it_holds():
    record = {"as_of": "2026-01-20", "therapies": [CAPECITABINE], **CLOSED}
    found = judge("washout", {"days": 28}, record)
    assert found.truth is Truth.NOT_MET
    assert (found.change.by, found.change.date) == (ChangeBy.DATE, date(2026, 2, 7))
    assert judge("washout", {"days": 28}, {**record, "as_of": "2026-02-07"}).truth is Truth.MET
    assert judge("washout", {"days": 28}, {**record, "as_of": "2026-02-06"}).truth is Truth.NOT_MET


def test_washout_waits_for_the_latest_of_several_courses():
    later = {"drugs": "letrozole", "start": "2026-01-01", "end": "2026-01"}
    found = judge("washout", {"days": 28}, {"as_of": "2026-01-20", "therapies": [CAPECITABINE, later], **CLOSED})
    assert found.change.date == date(2026, 2, 17), "a last dose some day in January is taken as the patient's day"


def test_washout_of_running_therapy_changes_with_treatment():
    found = judge("washout", {"days": 14}, {"therapies": [{"drugs": "T-DXd", "ongoing": True}]})
    assert (found.truth, found.change.by) == (Truth.NOT_MET, ChangeBy.TREATMENT)
    assert "14 days" in found.change.what


def test_half_life_counts_the_longest_of_the_drugs_meant():
    knowledge = load_knowledge()
    antibody = half_life_days("trastuzumab", knowledge)
    course = {"drugs": ["trastuzumab", "tucatinib"], "start": "2025-01-01", "end": "2026-01-01"}
    record = {"as_of": "2026-01-15", "therapies": [course], **CLOSED}
    assert antibody is not None
    assert judge("washout", {"half_lives": 5, "drugs": "her2_tki"}, record).truth is Truth.MET
    found = judge("washout", {"half_lives": 5, "drugs": "anti_her2"}, record)
    assert found.change.date == date.fromordinal(date(2026, 1, 1).toordinal() + round(antibody * 5))


def test_half_life_that_is_not_known_leaves_it_open():
    record = {"as_of": "2026-01-20", "therapies": [{**CAPECITABINE, "drugs": "utidelone"}], **CLOSED}
    assert judge("washout", {"half_lives": 5}, record).truth is Truth.UNKNOWN


def test_empty_and_open_lists_differ():
    assert judge("washout", {"days": 28}, {"complete": {"therapies": True}}).evidence[0].path == "/complete/therapies"
    found = judge("washout", {"days": 28}, {"therapies": []})
    assert (found.truth, found.unknown_kind) == (Truth.UNKNOWN, UnknownKind.DATA)


def test_procedure_says_the_first_day_after_the_window():
    record = {"as_of": "2026-01-10", "procedures": [{"kind": "radiotherapy", "date": "2026-01-01"}], **CLOSED}
    params = {"kinds": "radiotherapy", "within_days": 14}
    found = judge("procedure", params, record)
    assert (found.truth, found.change.date) == (Truth.MET, date(2026, 1, 16))
    assert judge("procedure", params, {**record, "as_of": "2026-01-15"}).truth is Truth.MET
    assert judge("procedure", params, {**record, "as_of": "2026-01-16"}).truth is Truth.NOT_MET


def test_undated_procedure_is_open_inside_a_window_only():
    record = {"procedures": [{"kind": "surgery", "major": True}], **CLOSED}
    assert judge("procedure", {"kinds": "surgery", "within_days": 28}, record).truth is Truth.UNKNOWN
    assert judge("procedure", {"kinds": "surgery"}, record).truth is Truth.MET


@pytest.mark.parametrize(
    ("technique", "has", "lacks"),
    [
        ("SRS", {"srs", "stereotactic", "ebrt"}, {"wbrt", "hemibody", "chemoradiation"}),
        ("palliative EBRT 8 Gy", {"palliative", "ebrt"}, {"definitive", "brachytherapy"}),
        ("gamma knife radiosurgery", {"srs"}, {"wbrt"}),
        ("PCI", {"pci", "wbrt"}, {"craniospinal"}),
        ("nobody knows it", set(), set()),
    ],
)
def test_techniques_imply_and_rule_out(technique, has, lacks):
    patient = Patient.model_validate({"procedures": [{"kind": "radiotherapy", "technique": technique}]})
    (done,) = procedures(Case(patient, date(2026, 1, 1), load_knowledge()))
    assert has <= done.techniques.has
    assert done.techniques.could is not None
    assert not lacks & done.techniques.could


def test_brain_therapy_named_among_the_procedures_is_not_counted_twice():
    record = {
        "cancer": {"cns": {"last_local_therapy": "2026-08-15"}},
        "procedures": [{"kind": "radiotherapy", "site": "brain", "technique": "SRS", "date": "2026-08-15"}],
    }
    case = Case(Patient.model_validate(record), date(2026, 11, 21), load_knowledge())
    assert [item.path for item in procedures(case)] == ["/procedures/0"]


def test_progression_that_is_recorded_counts_as_radiographic_and_says_so():
    record = {"therapies": [{"drugs": "T-DXd", "reason_stopped": "progression"}]}
    found = judge("disease_progression", {"radiographic": True}, record)
    assert found.truth is Truth.MET
    assert "without saying how it was seen" in found.reason


def test_a_plan_is_no_dose_and_a_dose_no_plan():
    plan = {"as_of": "2026-01-01", "planned": [{"drugs": "T-DXd", "start": "2026-01-02"}], **CLOSED}
    assert judge("planned_therapy", {"drugs": "anti_her2"}, plan).truth is Truth.MET
    assert judge("washout", {"days": 28}, plan).truth is Truth.MET


def test_medicine_that_nobody_knows_is_not_taken_for_harmless():
    found = judge("concomitant_medication", {"any_of": "qt_prolonging"}, {"medications": ["blue pill"], **CLOSED})
    assert (found.truth, found.code) == (Truth.UNKNOWN, "medicine_unclear")


def test_closed_list_of_medicines_says_no_record_of_it():
    params = {"any_of": "anticoagulant", "within_days": 7}
    found = judge("concomitant_medication", params, {"medications": ["omeprazole"], **CLOSED})
    assert found.truth is Truth.NOT_MET
    assert found.reason.startswith("No record of")
    assert "confirm that none was stopped within 7 days" in found.reason


@pytest.mark.parametrize(
    ("medicine", "name", "expected"),
    [
        ("ritonavir", "strong_cyp3a4_inhibitor", "met"),
        ("rifampicin", "strong_cyp3a_inducer", "met"),
        ("gemfibrozil", "strong_cyp2c8_inhibitor", "met"),
        ("paroxetine", "cyp2d6_inhibitor", "met"),
        ("verapamil", "p_gp_inhibitor", "met"),
        ("ciclosporin", "oatp_inhibitor", "met"),
        ("esomeprazole", "proton_pump_inhibitor", "met"),
        ("famotidine", "h2_blocker", "met"),
        ("Eliquis", "anticoagulant", "met"),
        ("amiodarone", "qt_prolonging", "met"),
        ("prednisone", "systemic_corticosteroid", "met"),
        ("budesonide", "systemic_corticosteroid", "unknown"),
        ("HRT", "hormone_replacement", "met"),
        ("vaginal estradiol", "hormone_replacement", "unknown"),
        ("ginkgo biloba", "herbal", "met"),
        ("paracetamol", "strong_cyp3a4_inhibitor", "not_met"),
        ("dexamethasone mouthwash", "systemic_corticosteroid", "not_met"),
    ],
)
def test_interaction_classes(medicine, name, expected):
    found = judge("concomitant_medication", {"any_of": name}, {"medications": [medicine], **CLOSED})
    assert found.truth == Truth(expected)


@pytest.mark.parametrize(
    ("dose", "expected"),
    [("2 mg daily", "met"), ("0.5 mg once daily", "not_met"), ("4 mg", "unknown"), ("2 mg every other day", "unknown")],
)
def test_steroid_doses_are_read_only_where_they_are_plain(dose, expected):
    params = {"any_of": "systemic_corticosteroid", "min_steroid_mg_prednisone": 10}
    record = {"medications": [{"name": "dexamethasone", "dose": dose}], **CLOSED}
    assert judge("concomitant_medication", params, record).truth == Truth(expected)


def test_vocabularies_are_sound():
    knowledge = load_knowledge()
    assert set(knowledge.steroid_equivalents) <= set(knowledge.drugs.drugs)
    sites = {knowledge.sites.find(site) for row in knowledge.techniques.techniques.values() for site in row.sites}
    named = {site for row in knowledge.techniques.techniques.values() for site in row.sites}
    assert sites == named
    for row in (*knowledge.medication_classes.classes.values(), *knowledge.steroid_equivalents.values()):
        assert row.source in knowledge.sources


@pytest.mark.parametrize("vocabulary", ["genes", "techniques", "medication_classes"])
def test_no_name_stands_for_two_things(vocabulary):
    known = getattr(load_knowledge(), vocabulary)
    rows = next(value for name, value in vars(known).items() if name in ("genes", "techniques", "classes"))
    seen: dict[str, str] = {}
    for identifier, row in rows.items():
        for name in {key(identifier), *map(key, row.names)}:
            assert seen.setdefault(name, identifier) == identifier, name
