"""What a record leaves in doubt never becomes an answer: names, cycles, dates, readings, rows of one side effect."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.conditions import condition_rows
from her2nav.facts.therapies import drug_terms
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.specimens import Ihc
from her2nav.model.truth import Truth

CLOSED = {
    "complete": dict.fromkeys(("therapies", "procedures", "medications", "conditions", "toxicities", "allergies"), True)
}


def judge(kind: str, params: dict, record: dict):
    model = kinds()[kind].params.model_validate(params)
    patient = Patient.model_validate({**record, **CLOSED})
    case = Case(patient, patient.as_of.high if patient.as_of else date(2026, 11, 21), load_knowledge())
    return kinds()[kind].finding(model, case, kinds()[kind].evaluate(model, Block([case])).at(0))


@pytest.mark.parametrize(
    ("kind", "params", "unknown_for"),
    [
        ("concomitant_medication", {"any_of": "strong_cyp3a4_inhibitor"}, ["zorblium", "ketoconazole?"]),
        ("concomitant_medication", {"any_of": "anticoagulant"}, ["zorblium", "warfarin ?"]),
        ("immune", {"any_of": "immunosuppression"}, ["zorblium", "tacrolimus?"]),
        ("washout", {"drugs": "strong_cyp2c8_inhibitor", "half_lives": 5}, ["zorblium", "gemfibrozil?"]),
    ],
)
def test_a_medicine_that_is_not_known_leaves_absence_open(kind, params, unknown_for):
    assert judge(kind, params, {"medications": ["paracetamol"]}).truth is Truth.NOT_MET or kind == "washout"
    for name in unknown_for:
        assert judge(kind, params, {"medications": ["paracetamol", name]}).truth is Truth.UNKNOWN


@pytest.mark.parametrize("kind", ["radiotherapy", "surgery", "transfusion", "vaccination", "transplant"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [("zorbl procedure", "unknown"), (None, "unknown"), ("colonoscopy", "not_met"), ("bone scan", "not_met")],
)
def test_another_procedure_that_nobody_knows_may_be_of_any_kind(kind, name, expected):
    record = {"procedures": [{"kind": "other", "name": name, "date": "2026-11-01"}]}
    assert judge("procedure", {"kinds": kind}, record).truth == Truth(expected)


def test_a_procedure_that_nobody_knows_may_leave_a_state_behind():
    record = {"procedures": [{"kind": "other", "name": "zorbl procedure"}]}
    assert judge("immune", {"any_of": "organ_transplant"}, record).truth is Truth.UNKNOWN
    assert judge("immune", {"any_of": "live_vaccine"}, record).truth is Truth.UNKNOWN
    assert judge("comorbidity", {"any_of": "seizures"}, record).truth is Truth.NOT_MET


def test_nyha_none_beside_heart_failure_is_a_contradiction():
    failing = {"cardiac": {"nyha": "none"}, "conditions": [{"name": "heart failure", "status": "active"}]}
    for params in ({"any_of": "heart_failure"}, {"any_of": "heart_failure", "nyha_min": "II"}):
        found = judge("cardiac_history", params, failing)
        assert (found.truth, found.code) == (Truth.UNKNOWN, "cardiac_nyha_contradiction")
        assert {item.path for item in found.evidence} == {"/cardiac/nyha", "/conditions/0"}
    over = {"cardiac": {"nyha": "none"}, "conditions": [{"name": "heart failure", "status": "resolved"}]}
    assert judge("cardiac_history", {"any_of": "heart_failure"}, over).truth is Truth.MET


def row(name: str, day: str | None, **more) -> dict:
    return {"name": name, "date": day, **more}


@pytest.mark.parametrize(
    ("rows", "now", "ever"),
    [
        # the newer entry says that it is over, or milder; that it was there stays
        ([row("pneumonitis", "2026-01-01", grade=2, ongoing=True), row("pneumonitis", "2026-06-01", grade=0)], 0, 1),
        ([row("pneumonitis", "2026-06-01", grade=0), row("pneumonitis", "2026-01-01", grade=2, ongoing=True)], 0, 1),
        ([row("pneumonitis", "2026-01-01", grade=0), row("pneumonitis", "2026-06-01", grade=2, ongoing=True)], 1, 1),
        # nobody can say which is the newer; it was there in either case
        (
            [row("pneumonitis", None, grade=2, ongoing=True), row("pneumonitis", "2026-06-01", ongoing=False)],
            None,
            1,
        ),
    ],
)
def test_the_newest_entry_of_a_side_effect_says_how_it_is(rows, now, ever):
    states = {0: Truth.NOT_MET, 1: Truth.MET, None: Truth.UNKNOWN}
    assert judge("comorbidity", {"any_of": "pneumonitis"}, {"toxicities": rows}).truth is states[now]
    history = {"any_of": ["history_no_steroids", "history_with_steroids", "current", "suspected"]}
    assert judge("ild", history, {"toxicities": rows}).truth is states[ever]


def test_a_later_entry_puts_a_disease_into_the_past():
    rows = [row("hepatitis", "2024-01", status="active"), row("hepatitis", "2025-01", status="resolved")]
    assert judge("comorbidity", {"any_of": "hepatitis"}, {"conditions": rows}).truth is Truth.NOT_MET
    rows = [row("hepatitis", "2025-01", status="active"), row("hepatitis", "2024-01", status="resolved")]
    assert judge("comorbidity", {"any_of": "hepatitis"}, {"conditions": rows}).truth is Truth.MET
    case = Case(Patient.model_validate({"conditions": rows}), date(2026, 1, 1), load_knowledge())
    assert [one.status for one in condition_rows(case)] == ["active", "resolved"]


@pytest.mark.parametrize(
    ("written", "scores"),
    [
        ("0+", ("0",)),
        ("1+ to 2+", ("1+", "2+")),
        ("1-2+", ("1+", "2+")),
        ("2+/3+", ("2+", "3+")),
        ("0 or 1+", ("0", "1+")),
        (["1+", "3+"], ("1+", "2+", "3+")),
    ],
)
def test_scores_and_ranges_are_read_as_people_write_them(written, scores):
    assert Ihc.model_validate({"score": written}).score == scores


@pytest.mark.parametrize("written", ["4+", "3+ to 4+", "1+ to", "positive", "--"])
def test_scores_that_do_not_exist_are_refused(written):
    with pytest.raises(ValueError, match="does not exist"):
        Ihc.model_validate({"score": written})


def test_a_range_of_scores_is_open_where_it_matters():
    def tumour(score):
        return {"cancer": {"tumour_type": "breast"}, "specimens": [{"kind": "biopsy", "ihc": {"score": score}}]}

    positive = {"any_of": [{"status": "positive"}]}
    assert judge("her2_status", positive, tumour("2+ to 3+")).truth is Truth.UNKNOWN
    assert judge("her2_status", positive, tumour("0 to 1+")).truth is Truth.NOT_MET


@pytest.mark.parametrize(
    ("name", "drugs"),
    [
        ("TH", {"taxane", "trastuzumab"}),
        ("TCH", {"docetaxel", "carboplatin", "trastuzumab"}),
        ("TCHP", {"docetaxel", "carboplatin", "trastuzumab", "pertuzumab"}),
        ("THP", {"taxane", "trastuzumab", "pertuzumab"}),
        ("AC-TH", {"doxorubicin", "cyclophosphamide", "taxane", "trastuzumab"}),
        ("FEC-D", {"fluorouracil", "epirubicin", "cyclophosphamide", "docetaxel"}),
        ("mFOLFOX6", {"fluorouracil", "leucovorin", "oxaliplatin"}),
        ("XELOX", {"capecitabine", "oxaliplatin"}),
        ("DCF", {"docetaxel", "cisplatin", "fluorouracil"}),
        ("FLOT", {"fluorouracil", "leucovorin", "oxaliplatin", "docetaxel"}),
        ("EC", {"epirubicin", "cyclophosphamide"}),
    ],
)
def test_letters_of_regimens(name, drugs):
    found = load_knowledge().drugs.resolve(name)
    assert {*found.drugs, *found.classes} == drugs
    assert not found.ambiguous


@pytest.mark.parametrize(
    ("name", "certain", "possible", "never"),
    [
        ("TP", {"systemic_therapy"}, {"taxane", "trastuzumab", "cisplatin", "pertuzumab"}, {"capecitabine"}),
        ("PH", {"trastuzumab", "anti_her2"}, {"paclitaxel", "pertuzumab"}, {"docetaxel", "platinum"}),
        ("TC", {"taxane", "chemotherapy"}, {"cyclophosphamide", "carboplatin"}, {"anthracycline"}),
    ],
)
def test_letters_with_two_readings_are_flagged_and_say_what_both_share(name, certain, possible, never):
    ontology = load_knowledge().drugs
    found = ontology.resolve(name)
    sets = drug_terms(found, ontology)
    assert found.known
    assert found.ambiguous
    assert all(any(one.any_of((term,)) is Truth.MET for one in sets) for term in certain)
    assert all(any(one.any_of((term,)) is Truth.UNKNOWN for one in sets) for term in possible)
    assert all(one.any_of((term,)) is Truth.NOT_MET for one in sets for term in never)


def test_a_relapse_that_nobody_recorded_is_no_line():
    adjuvant = {
        "drugs": ["trastuzumab", "docetaxel"],
        "setting": "adjuvant",
        "start": "2025-01-01",
        "end": "2026-01-01",
    }
    record = {"as_of": "2026-04-01", "therapies": [adjuvant]}
    params = {"min": 1, "relapse_window_months": 6}
    assert judge("lines_of_therapy", params, record).truth is Truth.UNKNOWN
    assert judge("lines_of_therapy", params, {**record, "cancer": {"setting": "early"}}).truth is Truth.NOT_MET
    assert judge("lines_of_therapy", params, {**record, "cancer": {"setting": "metastatic"}}).truth is Truth.MET
