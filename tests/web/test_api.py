"""The API gives the JSON of the commands, the one error object, and keeps no patient."""

import json

import jsonschema
import pytest

from her2nav.app.interpret import interpret, interpret_json
from her2nav.app.patient_source import given
from her2nav.app.schemas import json_schema

CALLS = {
    "interpret": {},
    "tests": {},
    "match": {"trials": "catalogue"},
    "options": {"country": "US"},
    "monitor": {"drug": "trastuzumab deruxtecan"},
}


@pytest.mark.parametrize("name", CALLS)
def test_answers_have_the_shape_of_the_commands(client, patient, name):
    answer = client.post(f"/api/{name}", json={"text": patient, **CALLS[name]})
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), json_schema(name))


def test_the_same_answer_as_the_use_case(client, web_session, patient):
    read = given(web_session, patient.encode(), "text").read
    ours = json.loads(json.dumps(interpret_json(web_session, interpret(web_session, read), read.warnings), default=str))
    assert client.post("/api/interpret", json={"text": patient}).json() == ours


def test_a_note_a_record_and_a_bundle(client):
    note = "Pathology report: gastric adenocarcinoma. HER2 IHC: 3+."
    record = {"cancer": {"tumour_type": "gastric"}, "specimens": [{"kind": "biopsy", "ihc": {"score": "3+"}}]}
    for body in ({"text": note}, {"patient": record}):
        answer = client.post("/api/interpret", json=body).json()
        assert answer["overall"]["status"] == "positive"
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "gender": "female"}}]}
    answer = client.post("/api/intake", json={"patient": bundle}).json()
    assert answer["patient"]["demographics"]["sex"] == "female"


def test_a_letter_is_added_to_a_record(client):
    record = {"as_of": "2026-01-10", "performance": {"ecog": 0}, "cancer": {"tumour_type": "gastric"}}
    body = {"text": "Clinic letter 2026-03-02. ECOG 2. HER2 IHC 3+.", "into": record}
    answer = client.post("/api/intake", json=body).json()
    assert answer["patient"]["performance"] == {"ecog": 2}
    assert answer["patient"]["cancer"] == {"tumour_type": "gastric"}
    assert [(one["path"], one["value"], one["origin"]["source"]) for one in answer["older"]] == [
        ("/performance/ecog", 0, "into")
    ]
    other = {**record, "demographics": {"sex": "male"}}
    refused = client.post("/api/intake", json={"text": "58-year-old woman, ECOG 2.", "into": other})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "another_person"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("interpret", {}, 400),
        ("interpret", {"text": "a", "patient": {}}, 400),
        ("interpret", {"patient": {"nonsense": 1}}, 400),
        ("match", {"text": "x", "trials": "all"}, 422),
        ("match", {"text": "x", "unknown": 1}, 422),
        ("monitor", {"text": "breast cancer", "drug": ""}, 422),
        ("criteria", {"text": " "}, 400),
    ],
)
def test_errors_have_one_shape(client, path, body, status):
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "file", "place", "allowed"}


def test_an_error_never_repeats_the_patient(client):
    secret = "Maria Beispiel 0171-555"
    answer = client.post("/api/match", json={"text": secret, "top": secret})
    assert answer.status_code == 422
    assert "Maria" not in answer.text


def test_a_fault_of_ours_says_nothing(serve, monkeypatch, patient):
    def broken(*_):
        raise RuntimeError("patient 12345")

    monkeypatch.setattr("her2nav.app.interpret.interpret", broken)
    answer = serve().post("/api/interpret", json={"text": patient})
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "12345" not in answer.text


def test_reference(client):
    assert client.get("/api/variant", params={"text": "S310F"}).json()["hgvs_p"]
    assert client.get("/api/evidence", params={"tumour": "colorectal"}).json()
    assert client.get("/api/conflicts").json()
    trials = client.get("/api/catalogue", params={"tumour": "gastric", "open": "true"}).json()
    assert trials["trials"]
    tree = client.post("/api/criteria", json={"text": "Inclusion Criteria:\n- Age 18 or over"}).json()
    assert tree["tree"][0]["rule"]["age"] == {"min": 18}
    assert client.get("/api/schema/nothing").status_code == 404
    assert client.get("/api/criteria/NCT00000000").status_code in (400, 404)
    assert client.get("/api/health").json()["status"] == "ok"


def test_the_openapi_document_names_every_route(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {f"/api/{name}" for name in CALLS} <= set(paths)
    assert "/mcode/getClinicalTrial" in paths
