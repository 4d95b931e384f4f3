"""Measurements and states that contradict each other, or of which none is the newest for certain, stay UNKNOWN."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient

CLOSED = {"complete": {"conditions": True, "toxicities": True, "therapies": True}}
ANC = {"variable": "anc", "op": ">=", "value": "1.5", "unit": "10^9/L"}
PRESSURE = {"any_of": "uncontrolled_hypertension"}
HIGH = {"blood_pressure": "170/100", "date": "2026-11-10"}
FINE = {"blood_pressure": "120/80", "date": "2026-11-10"}
NYHA = {"any_of": "heart_failure", "nyha_min": "II"}
WOMAN = {"sex": "female"}
PREGNANT = {"conditions": [{"name": "pregnancy", "status": "active"}]}


def lvef(*items):
    return {"cardiac": {"lvef": [{"percent": value, **({"date": day} if day else {})} for value, day in items]}}


def lab(name, unit, *items):
    return {"labs": [{"name": name, "value": value, "unit": unit, **more} for value, more in items]}


def nausea(*items):
    return {"toxicities": [{"name": "nausea", "ongoing": True, **item} for item in items], **CLOSED}


def er(**result):
    return {"biomarkers": {"er": result}}


def dose(**course):
    return {"anthracycline_mg_m2": 240, "therapies": [{"drugs": "doxorubicin", **course}], **CLOSED}


def judge(kind, params, record):
    chosen = kinds()[kind]
    model = chosen.params.model_validate(params)
    case = Case(Patient.model_validate(record), date(2026, 11, 21), load_knowledge())
    return chosen.finding(model, case, chosen.evaluate(model, Block([case])).at(0))


@pytest.mark.parametrize(
    ("kind", "params", "record", "expected"),
    [
        ("lvef", {"percent": 50}, lvef((40, "2026-11-01"), (55, "2026-11")), "unknown"),
        ("lvef", {"percent": 50}, lvef((55, "2026"), (40, "2026-10-30")), "unknown"),
        ("lvef", {"percent": 50}, lvef((40, None), (55, "2020")), "unknown"),
        ("lvef", {"percent": 50}, lvef((40, "2026-11-01"), (55, "2026-11-01")), "unknown"),
        ("lvef", {"percent": 50}, lvef((52, None), (55, "2020")), "met"),
        ("lvef", {"percent": 50}, lvef((40, "2025"), (55, "2026-11-01")), "met"),
        ("lvef", {"percent": 50, "within_days": 28}, lvef((56, "2026"), (55, "2026-11-01")), "met"),
        ("lvef", {"percent": 50, "within_days": 28}, lvef((56, None), (55, "2026-01-01")), "unknown"),
        ("lab_value", ANC, lab("ANC", "10^9/L", (3.0, {"date": "2020"}), (0.4, {})), "unknown"),
        ("lab_value", ANC, lab("ANC", "10^9/L", (3.0, {"date": "2020"}), (2.4, {})), "met"),
        (
            "lab_value",
            {"variable": "platelets", "op": ">=", "value": "100", "unit": "10^9/L"},
            lab("platelets", "10^9/L", (40, {"date": "2026-11-01"}), (140, {"date": "2026-11-01"})),
            "unknown",
        ),
        (
            "lab_value",
            {"variable": "bilirubin_total", "op": "<=", "value": "1.5", "unit": "xULN"},
            lab("bilirubin", None, (4.0, {"uln": 21, "date": "2026-11-01"})),
            "unknown",
        ),
        ("cardiac_history", PRESSURE, {"vitals": HIGH, **CLOSED}, "unknown"),
        ("cardiac_history", PRESSURE, {"vitals": FINE, **CLOSED}, "not_met"),
        ("cardiac_history", PRESSURE, {"vitals": [FINE, {"blood_pressure": "170/100"}], **CLOSED}, "unknown"),
        (
            "cardiac_history",
            PRESSURE,
            {"vitals": HIGH, "conditions": [{"name": "HTN", "status": "controlled"}], **CLOSED},
            "unknown",
        ),
        ("hormone_receptor", {"receptor": "er", "status": "positive"}, er(status="positive", percent=0), "unknown"),
        ("hormone_receptor", {"receptor": "er", "status": "positive"}, er(status="negative", percent=90), "unknown"),
        ("hormone_receptor", {"receptor": "er", "status": "negative"}, er(status="negative", percent=90), "unknown"),
        ("hormone_receptor", {"receptor": "er", "status": "positive"}, er(status="positive", percent=90), "met"),
        ("pregnancy", {}, {"demographics": {**WOMAN, "pregnancy": "not_pregnant"}, **PREGNANT}, "unknown"),
        ("pregnancy", {}, {"demographics": {**WOMAN, "menopausal_status": "postmenopausal"}, **PREGNANT}, "unknown"),
        (
            "pregnancy",
            {},
            {"demographics": {**WOMAN, "pregnancy": "not_applicable", "menopausal_status": "premenopausal"}},
            "unknown",
        ),
        (
            "cardiac_history",
            NYHA,
            {"cardiac": {"nyha": "none"}, "conditions": [{"name": "heart failure NYHA III"}], **CLOSED},
            "unknown",
        ),
        (
            "cardiac_history",
            NYHA,
            {"cardiac": {"nyha": "I"}, "conditions": [{"name": "heart failure NYHA III"}], **CLOSED},
            "unknown",
        ),
        (
            "cardiac_history",
            NYHA,
            {
                "cardiac": {"nyha": "I"},
                "toxicities": [{"name": "left ventricular dysfunction", "grade": 3, "ongoing": True}],
                **CLOSED,
            },
            "unknown",
        ),
        ("performance_status", {"ecog_max": 1}, {"performance": {"ecog": 0, "karnofsky": 40}}, "unknown"),
        ("performance_status", {"karnofsky_min": 70}, {"performance": {"ecog": 0, "karnofsky": 40}}, "unknown"),
        ("performance_status", {"ecog_max": 1}, {"performance": {"ecog": 1, "karnofsky": 90}}, "met"),
        (
            "cardiac_history",
            {"any_of": "myocardial_infarction", "within_days": 180},
            {"conditions": [{"name": "MI", "date": "2019", "status": "active"}], **CLOSED},
            "unknown",
        ),
        ("anthracycline_dose", {"max_mg_m2": 360}, dose(ongoing=True), "unknown"),
        ("anthracycline_dose", {"max_mg_m2": 360}, dose(end="2026-10-01"), "unknown"),
        ("anthracycline_dose", {"max_mg_m2": 360}, dose(end="2024-10-01"), "met"),
        ("anthracycline_dose", {"max_mg_m2": 200}, dose(ongoing=True), "not_met"),
        ("toxicity_recovery", {"max_grade": 1}, nausea({"grade": 3, "date": "2025-06"}, {"grade": 1}), "unknown"),
        (
            "toxicity_recovery",
            {"max_grade": 1},
            nausea({"grade": 3, "date": "2025-06"}, {"grade": 1, "date": "2025-09"}),
            "met",
        ),
    ],
)
def test_what_disagrees_is_not_decided(kind, params, record, expected):
    assert judge(kind, params, record).truth == expected


@pytest.mark.parametrize(
    ("kind", "params", "record", "paths"),
    [
        ("lvef", {"percent": 50}, lvef((40, None), (55, "2020")), ("/cardiac/lvef/0", "/cardiac/lvef/1")),
        ("lab_value", ANC, lab("ANC", "10^9/L", (3.0, {"date": "2020"}), (0.4, {})), ("/labs/0", "/labs/1")),
        (
            "performance_status",
            {"ecog_max": 1},
            {"performance": {"ecog": 0, "karnofsky": 40}},
            ("/performance/ecog", "/performance/karnofsky"),
        ),
        (
            "pregnancy",
            {},
            {"demographics": {**WOMAN, "pregnancy": "not_pregnant"}, **PREGNANT},
            ("/demographics/pregnancy", "/conditions/0"),
        ),
        (
            "cardiac_history",
            NYHA,
            {"cardiac": {"nyha": "I"}, "conditions": [{"name": "heart failure NYHA III"}], **CLOSED},
            ("/cardiac/nyha", "/conditions/0"),
        ),
        ("cardiac_history", PRESSURE, {"vitals": HIGH, **CLOSED}, ("/vitals/0/blood_pressure",)),
        ("anthracycline_dose", {"max_mg_m2": 360}, dose(ongoing=True), ("/anthracycline_mg_m2", "/therapies/0")),
        (
            "toxicity_recovery",
            {"max_grade": 1},
            nausea({"grade": 3, "date": "2025-06"}, {"grade": 1}),
            ("/toxicities/0", "/toxicities/1"),
        ),
    ],
)
def test_both_places_are_named(kind, params, record, paths):
    assert {*paths} <= {item.path for item in judge(kind, params, record).evidence}
