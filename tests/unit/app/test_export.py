"""Answers in exchange formats: valid FHIR by the published models, and a table without formulas."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from her2nav.app.derived import Derived
from her2nav.app.export import COLUMNS, FORMATS, export
from her2nav.app.patient_source import patient_of
from her2nav.app.session import Session
from her2nav.exchange.fhir_trials import Shown, research_study
from her2nav.model.errors import InputError
from her2nav.model.registry_trial import Contact, Eligibility, Intervention, RegistryTrial, Site, TrialArm
from her2nav.model.trial import Recruitment

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/gastric-low.yaml"


@pytest.fixture(scope="module")
def derived():
    session = Session(today=lambda: date(2026, 11, 21))
    return Derived(session, patient_of(session, EXAMPLE))


def test_the_table_has_every_trial(derived):
    content, media, name = export(derived, "csv")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(derived.matched.matches)
    assert media.startswith("text/csv")
    assert name.endswith(".csv")
    assert all(int(row["met"]) + int(row["not_met"]) + int(row["open"]) > 0 for row in rows)


def test_the_json_is_that_of_match(derived):
    data = json.loads(export(derived, "json")[0])
    assert len(data["matches"]) == len(derived.matched.matches)
    assert set(data["versions"]) == {"her2nav", "knowledge", "reader", "snapshot"}


def test_fhir_follows_the_published_models(derived):
    bundle = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is not installed")
    care_plan = pytest.importorskip("fhir.resources.R4B.careplan")
    found = bundle.Bundle.model_validate(json.loads(export(derived, "fhir")[0]))
    assert found.total == len(derived.matched.matches)
    plan = care_plan.CarePlan.model_validate(json.loads(export(derived, "careplan")[0]))
    assert plan.status == "draft"
    assert plan.intent == "proposal"
    assert len(plan.activity) >= len(derived.due)


def test_a_whole_registry_record_becomes_a_study(derived):
    study = pytest.importorskip("fhir.resources.R4B.researchstudy", reason="fhir.resources is not installed")
    trial = derived.matched.matches[0].trial
    record = RegistryTrial(
        trial.record.nct_id,
        "test",
        title="A title",
        status=Recruitment.RECRUITING,
        study_type="INTERVENTIONAL",
        conditions=("Gastric Cancer",),
        keywords=("HER2",),
        interventions=(Intervention("Drug A", "DRUG", description="given weekly"),),
        arms=(TrialArm("Arm 1", "EXPERIMENTAL"),),
        eligibility=Eligibility(text="Inclusion Criteria: anyone"),
        contacts=(Contact("Someone", phone="1", email="a@example.org"),),
        sites=(Site("Clinic", "Bern", None, "Switzerland", latitude=46.9, longitude=7.4), Site(country="France")),
    )
    found = study.ResearchStudy.model_validate(research_study(Shown(trial, 0.8, record)))
    assert [place.display for place in found.site] == ["Clinic, Bern, Switzerland", "France"]
    assert found.enrollment[0].display == "Inclusion Criteria: anyone"
    assert len(found.contained) == 3


def test_no_cell_is_a_formula(derived):
    for name in FORMATS:
        assert export(derived, name)[0]
    content = export(derived, "csv")[0]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(content)) for cell in row)


def test_an_unknown_format(derived):
    with pytest.raises(InputError, match="no format"):
        export(derived, "xml")
