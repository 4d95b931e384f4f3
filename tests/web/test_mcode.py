"""The mCODE contract from outside, and CDS Hooks."""

import json

import pytest

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960"}},
        {
            "resource": {
                "resourceType": "Condition",
                "meta": {
                    "profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"]
                },
                "subject": {"reference": "Patient/p1"},
                "code": {"text": "Gastric cancer"},
            }
        },
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "subject": {"reference": "Patient/p1"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "18474-7"}]},
                "valueString": "3+",
            }
        },
    ],
}
STATUSES = {
    "active",
    "administratively-completed",
    "approved",
    "closed-to-accrual",
    "completed",
    "temporarily-closed-to-accrual",
    "withdrawn",
}


def parameters(**values):
    named = [{"name": name, "valueString": value} for name, value in values.items()]
    return {"resource": {"resourceType": "Parameters", "parameter": named}}


@pytest.fixture(scope="module")
def found(client):
    answer = client.post("/mcode/getClinicalTrial", json=BUNDLE)
    assert answer.status_code == 200
    return answer.json()


def test_up(client):
    answer = client.get("/mcode/")
    assert answer.status_code == 200
    assert len(answer.text) < 100


def test_the_searchset(found):
    assert (found["resourceType"], found["type"]) == ("Bundle", "searchset")
    assert found["total"] == len(found["entry"]) > 20
    scores = [entry["search"]["score"] for entry in found["entry"]]
    assert all(entry["search"]["mode"] == "match" for entry in found["entry"])
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_every_study(found):
    for entry in found["entry"]:
        study = entry["resource"]
        assert study["resourceType"] == "ResearchStudy"
        assert study["identifier"][0]["system"] == "http://clinicaltrials.gov/"
        assert study.get("status") in STATUSES or study["_status"]["extension"]
        assert study["enrollment"][0]["display"]
        assert study["category"][0]["text"].startswith("Study Type: ")
        contained = {f"#{item['id']}" for item in study.get("contained", [])}
        assert {item["reference"] for item in (*study.get("protocol", []), *study.get("site", []))} == contained
        assert "" not in study.values()
        assert None not in study.values()


def test_what_a_client_wants_is_heard(client, found):
    first = {**BUNDLE, "entry": [parameters(phase="phase-3", recruitmentStatus="active"), *BUNDLE["entry"]]}
    fewer = client.post("/mcode/getClinicalTrial", json=first).json()
    assert 0 < fewer["total"] < found["total"]
    codes = {
        entry["resource"].get("phase", {"coding": [{"code": None}]})["coding"][0]["code"] for entry in fewer["entry"]
    }
    assert codes <= {"phase-3", "phase-2-phase-3", None}
    odd = {**BUNDLE, "entry": [parameters(zipCode="?", travelRadius="far"), *BUNDLE["entry"]]}
    assert client.post("/mcode/getClinicalTrial", json=odd).json()["total"] == found["total"]


def test_the_operation(client, found):
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "trialMatchClinicalData", "resource": BUNDLE}],
    }
    answer = client.post("/fhir/ResearchStudy/$match", json=body).json()
    assert answer["parameter"][0]["name"] == "trialMatchOutput"
    assert answer["parameter"][0]["resource"]["total"] == found["total"]
    bare = client.post("/fhir/ResearchStudy/$match", json=BUNDLE).json()
    assert bare["parameter"][0]["resource"]["total"] == found["total"]
    for nothing in ({}, {"resourceType": "Parameters", "parameter": []}):
        refused = client.post("/fhir/ResearchStudy/$match", json=nothing)
        assert refused.status_code == 400
        assert "trialMatchClinicalData" in refused.json()["error"]


@pytest.mark.parametrize("body", [b"{{{", b"[]", b"{}", b'{"resourceType": "Patient"}', b"", b"null"])
def test_no_bundle(client, body):
    answer = client.post("/mcode/getClinicalTrial", content=body)
    assert answer.status_code in (400, 422)
    assert "error" in answer.json()


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [None, 5, {"resource": None}],
        [{"resource": {"resourceType": "Observation", "code": 5, "valueString": {"a": 1}}}],
        [{"resource": {"resourceType": "Patient", "birthDate": "yesterday"}}],
    ],
)
def test_malformed_bundles_never_break_it(client, entries):
    answer = client.post("/mcode/getClinicalTrial", json={"resourceType": "Bundle", "entry": entries})
    assert answer.status_code in (200, 400)
    assert isinstance(answer.json(), dict)


def test_bundles_of_other_projects(client, shared):
    """Every example bundle of mCODE is answered: matched, or refused in one line."""
    paths = sorted((shared / "data/patients").glob("*.json"))
    assert paths
    for path in paths:
        answer = client.post("/mcode/getClinicalTrial", json=json.loads(path.read_text()))
        assert answer.status_code in (200, 400), path.name
        assert "entry" in answer.json() or "error" in answer.json()


def test_cds_hooks(client):
    service = client.get("/cds-services").json()["services"][0]
    prefetch = {"patient": BUNDLE["entry"][0]["resource"], "rest": {**BUNDLE, "entry": BUNDLE["entry"][1:]}}
    body = {"hook": service["hook"], "context": {"patientId": "p1"}, "prefetch": prefetch}
    cards = client.post(f"/cds-services/{service['id']}", json=body).json()["cards"]
    assert 1 <= len(cards) <= 3
    assert cards[0]["summary"].startswith("HER2: ")
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"hook": "order-sign"}, 400),
        ({"hook": "patient-view"}, 412),
        ({"hook": "patient-view", "prefetch": {"patient": None, "rest": 5}}, 412),
    ],
)
def test_cds_hooks_refuses(client, body, status):
    answer = client.post("/cds-services/her2-patient-view", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_cds_hooks_is_silent_where_nothing_is_known(client):
    prefetch = {"patient": {"resourceType": "Patient", "id": "p", "gender": "male"}}
    body = {"hook": "patient-view", "prefetch": prefetch}
    assert client.post("/cds-services/her2-patient-view", json=body).json() == {"cards": []}
