"""A record on an earlier day: nothing dated later is used."""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.facts.day import on_day
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient

DAY = date(2026, 6, 1)
ISH = {
    "cancer": {"tumour_type": "breast"},
    "specimens": [
        {
            "collected": "2025-01-01",
            "kind": "resection",
            "ihc": {"score": "2+"},
            "ish": {"result": "positive", "date": "2026-10-01"},
        }
    ],
}


@pytest.mark.parametrize(
    ("kind", "params", "record"),
    [
        ("her2_status", {"any_of": [{"ihc": "2+", "ish": "positive"}]}, ISH),
        ("her2_amplification", {"methods": "ish"}, ISH),
        ("performance_status", {"ecog_max": 1}, {"performance": {"ecog": 0, "date": "2026-11-01"}}),
        ("lvef", {"percent": 50}, {"cardiac": {"lvef": [{"percent": 60, "date": "2026-11-01"}]}}),
        (
            "prior_therapy",
            {"outcome": "progression"},
            {"therapies": [{"drugs": "T-DXd", "start": "2025-01", "end": "2026-08", "reason_stopped": "progression"}]},
        ),
        (
            "prior_therapy",
            {"outcome": "progression"},
            {
                "therapies": [
                    {"drugs": "T-DXd", "start": "2025-01", "best_response": "PD", "progression_date": "2026-08-01"}
                ]
            },
        ),
        (
            "measurable_disease",
            {},
            {"cancer": {"measurable_disease": [{"site": "liver", "longest_diameter_mm": 30, "date": "2026-09-01"}]}},
        ),
        ("qtc", {"max_ms": 470}, {"cardiac": {"qtcf_ms": 420, "ecg_date": "2026-10-01"}}),
        ("ild", {"any_of": "current"}, {"lung": {"ild_history": "none", "date": "2026-10-01"}}),
        (
            "disease_setting",
            {"settings": "metastatic"},
            {"cancer": {"setting": "metastatic", "relapse_date": "2026-10"}},
        ),
    ],
)
def test_later_fact_leaves_it_unknown(kind, params, record):
    found = kinds()[kind]
    case = Case(Patient.model_validate(record), DAY, load_knowledge())
    assert found.evaluate(found.params.model_validate(params), Block([case])).at(0) == "unknown"


def test_a_course_that_ended_later_is_running():
    patient = Patient.model_validate({"therapies": [{"drugs": "T-DXd", "start": "2025-01", "end": "2026-08"}]})
    assert on_day(patient, DAY).therapies[0].ongoing is True
    assert on_day(patient, DAY).therapies[0].end is None


def test_nothing_later_leaves_the_record_alone(root):
    from her2nav.intake.patient_file import read_patient

    for path in sorted((root / "examples").glob("*.yaml")):
        read = read_patient(path, load_knowledge(), date(2026, 11, 21))
        assert on_day(read.patient, read.as_of) is read.patient
