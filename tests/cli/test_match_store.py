"""`her2nav match` over the store: whose trees judge, what is left aside, status and sites of the newest record."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from her2nav.app.schemas import json_schema
from her2nav.cli import main
from registry.records import site, v2

Run = Callable[..., tuple[int, str, str]]
CURATED = "NCT06253871"
"""A trial of the catalogue that may fit the example patient."""
BREAST, COLON, HAY, SOLID = "NCT00000001", "NCT00000002", "NCT00000003", "NCT00000004"
TEXT = """Inclusion Criteria:

* HER2-low breast cancer
* ECOG 0 or 1

Exclusion Criteria:

* Pregnant women
* The stars are against it"""


def record(nct_id: str, condition: str, text: str, **given: Any) -> dict[str, Any]:
    found = v2(nct_id, text=text, title=f"A new medicine in {condition}", **given)
    protocol = found["protocolSection"]
    protocol["conditionsModule"] = {"conditions": [condition], "keywords": []}
    protocol["descriptionModule"] = {"briefSummary": "A trial."}
    protocol["armsInterventionsModule"] = {}
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def run_(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["her2nav", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.run()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run_


@pytest.fixture
def patient(root: Path, tmp_path: Path) -> Path:
    path = tmp_path / "patient.yaml"
    path.write_bytes((root / "examples" / "breast-low.yaml").read_bytes())
    return path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A store with a breast, a colorectal, a hay fever, a basket and a curated trial."""
    monkeypatch.setenv("HER2NAV_HOME", str(tmp_path / "home"))
    folder = tmp_path / "records"
    folder.mkdir()
    for one in (
        record(BREAST, "Breast Cancer", TEXT, update="2026-11-19", holder="2026-11-20"),
        record(COLON, "Colorectal Cancer", TEXT.replace("breast", "colorectal")),
        record(HAY, "Hay Fever", "Inclusion Criteria:\n\n* Sneezing"),
        record(SOLID, "Solid Tumors", TEXT.replace("breast cancer", "solid tumours"), status="COMPLETED"),
        record(CURATED, "Breast Cancer", TEXT, status="TERMINATED", update="2026-11-21", holder="2026-11-21"),
    ):
        (folder / f"{one['protocolSection']['identificationModule']['nctId']}.json").write_text(json.dumps(one))
    status, _, _ = run("registry", "import", str(folder))
    assert status == 0
    return tmp_path / "home"


def answer(run: Run, patient: Path, *options: str) -> dict[str, Any]:
    status, out, _ = run("match", str(patient), "--as-of", "2026-11-21", "--format", "json", *options)
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def by_id(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["nct_id"]: item for item in found["matches"]}


def test_without_a_store_the_catalogue_answers(run, patient, tmp_path, monkeypatch):
    monkeypatch.setenv("HER2NAV_HOME", str(tmp_path / "nowhere"))
    found = answer(run, patient)
    assert {item["criteria_from"] for item in found["matches"]} == {"curated"}
    assert found["left_aside"] == []
    status, out, _ = run("match", str(patient), "--trials", "store", "--format", "json")
    assert status == 2
    assert json.loads(out)["error"]["code"] == "no_store"


def test_the_answer_fits_its_schema_and_names_what_it_rests_on(run, patient, store):
    found = answer(run, patient)
    jsonschema.validate(found, json_schema("match"))
    assert found["versions"]["snapshot"].startswith("catalogue-")
    assert "+2026-" in found["versions"]["snapshot"]
    assert found["versions"]["reader"]


def test_read_trials_stand_beside_curated_ones_and_others_are_counted(run, patient, store):
    found = answer(run, patient)
    trials = by_id(found)
    assert trials[BREAST]["criteria_from"] == "read"
    assert SOLID in trials
    assert not {COLON, HAY} & trials.keys()
    assert {item["reason"]: item["count"] for item in found["left_aside"]} == {
        "about other tumour types": 1,
        "no tumour type is recognised and HER2 is not mentioned": 1,
    }
    assert any(item["criteria_from"] == "curated" for item in found["matches"])


def test_a_trial_with_an_unread_sentence_is_never_called_eligible(run, patient, store):
    trial = by_id(answer(run, patient))[BREAST]
    assert trial["verdict"] == "possible"
    assert trial["unread"] == 1
    assert any(item["unknown_kind"] == "unread" for item in trial["criteria"])
    for item in trial["criteria"]:
        if item["section"] != "registry":
            assert " ".join(TEXT[slice(*item["span"])].split()) == item["text"]


def test_a_text_that_changed_since_curation_is_read(run, patient, store):
    trial = by_id(answer(run, patient))[CURATED]
    assert trial["criteria_from"] == "read"
    assert any("changed since a person curated it" in note for note in trial["notes"])
    assert trial["status"] == "TERMINATED"


def test_curated_trees_where_asked_for_with_the_newest_status(run, patient, store):
    found = answer(run, patient, "--criteria", "curated")
    trial = by_id(found)[CURATED]
    assert {item["criteria_from"] for item in found["matches"]} == {"curated"}
    assert (trial["status"], trial["status_date"], trial["recruiting"]) == ("TERMINATED", "2026-11-21", False)
    assert any("check" in note for note in trial["notes"])
    assert any(item["reason"] == "no curated tree" for item in found["left_aside"])


def test_read_trees_alone_where_asked_for(run, patient, store):
    found = answer(run, patient, "--criteria", "read")
    assert {item["criteria_from"] for item in found["matches"]} == {"read"}
    assert any("not in the store" in item["reason"] for item in found["left_aside"])


def test_the_store_alone(run, patient, store):
    found = answer(run, patient, "--trials", "store")
    assert set(by_id(found)) == {BREAST, SOLID, CURATED}
    assert not found["versions"]["snapshot"].startswith("catalogue")


def test_only_trials_on_her2_where_asked_for(run, patient, store, tmp_path):
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(record("NCT00000007", "Breast Cancer", "Inclusion Criteria:\n\n* Breast cancer")))
    run("registry", "import", str(path))
    assert "NCT00000007" in by_id(answer(run, patient))
    found = answer(run, patient, "--about", "her2")
    assert "NCT00000007" not in by_id(found)
    assert any(item["reason"] == "HER2 is not mentioned" for item in found["left_aside"])


def test_an_old_status_counts_as_unknown(run, patient, store):
    recent, later = by_id(answer(run, patient))[BREAST], None
    status, out, _ = run("match", str(patient), "--as-of", "2027-03-01", "--format", "json")
    assert status == 0
    later = by_id(json.loads(out))[BREAST]
    assert (recent["status"], recent["recruiting"]) == ("RECRUITING", True)
    assert (later["status"], later["recruiting"]) == ("RECRUITING", None)


def test_the_nearest_recruiting_site_and_the_contacts(run, patient, store):
    trial = by_id(answer(run, patient))[BREAST]
    assert trial["nearest_site"] is None
    assert trial["nearest_site_reason"] == "the patient file gives no place"
    assert trial["contacts"][0]["name"] == "Trial desk"
    text = patient.read_text()
    assert "demographics: {" in text
    patient.write_text(text.replace("demographics: {", "demographics: {location: {city: Lyon, country: FR}, ", 1))
    trial = by_id(answer(run, patient))[BREAST]
    assert trial["nearest_site"]["facility"] == "Near Clinic"
    assert trial["nearest_site"]["status_date"] == trial["status_date"] == "2026-11-19"
    assert trial["nearest_site_reason"] is None


def test_a_changed_text_is_read_again(run, patient, store, tmp_path):
    path = tmp_path / "changed.json"
    text = TEXT.replace("HER2-low breast cancer", "HER2-positive breast cancer")
    path.write_text(json.dumps(record(BREAST, "Breast Cancer", text, update="2026-11-21", holder="2026-11-21")))
    status, out, _ = run("registry", "import", str(path))
    assert status == 0
    assert "Criteria read: 1 trial" in out
    trial = by_id(answer(run, patient))[BREAST]
    assert any("HER2-positive" in item["text"] for item in trial["criteria"])


def test_a_study_that_only_observes_ranks_as_one(run, patient, store, tmp_path):
    def purpose(found: dict[str, Any]) -> dict[str, Any]:
        return next(part for part in found["rank"] if part["part"] == "purpose")

    before = by_id(answer(run, patient))[BREAST]
    path = tmp_path / "observed.json"
    observed = record(BREAST, "Breast Cancer", TEXT, update="2026-11-21", holder="2026-11-21")
    observed["protocolSection"]["designModule"]["studyType"] = "OBSERVATIONAL"
    path.write_text(json.dumps(observed))
    assert run("registry", "import", str(path))[0] == 0
    after = by_id(answer(run, patient))[BREAST]
    assert (purpose(after)["value"], purpose(after)["why"]) == (0, "observes and treats nobody")
    assert purpose(before)["value"] > 0
    assert after["score"] < before["score"]


def test_missing_trees_are_read_before_matching(run, patient, store):
    (store / "trees.sqlite3").unlink()
    assert by_id(answer(run, patient))[BREAST]["criteria_from"] == "read"
    status, out, _ = run("registry", "read", "--format", "json")
    assert status == 0
    assert json.loads(out)["read"] >= 1


@pytest.mark.parametrize(
    ("register", "mark"), [((), "Read by the program; 1 sentence not read in full"), (("--plain",), "a person must")]
)
def test_people_are_told_that_a_program_read_it(run, patient, store, register, mark):
    status, out, _ = run("match", str(patient), "--as-of", "2026-11-21", *register)
    assert status == 0
    plain = " ".join(out.split())
    assert mark in plain
    assert "eligible" not in plain
    assert "about other tumour types" in plain or "for other cancers" in plain
    status, out, _ = run("match", str(patient), "--as-of", "2026-11-21", "--explain", BREAST, *register)
    assert status == 0
    assert mark in " ".join(out.split())


def test_beyond_200_trials_only_rows_that_are_not_met_or_unknown(run, patient, store, monkeypatch):
    monkeypatch.setattr("her2nav.app.match.MANY_TRIALS", 2)
    trials = by_id(answer(run, patient))
    rows = [row for item in trials.values() for row in item["criteria"]]
    assert rows
    assert not any(row["truth"] == "met" or row["parts"] for row in rows)
    assert any(
        row["truth"] == "met" for item in by_id(answer(run, patient, "--full")).values() for row in item["criteria"]
    )


def test_sites_are_those_of_the_newest_record(run, patient, store, tmp_path):
    text = patient.read_text()
    patient.write_text(text.replace("demographics: {", "demographics: {location: {city: Lyon, country: FR}, ", 1))
    path = tmp_path / "moved.json"
    sites = [site("New Clinic", "Lyon", "RECRUITING", 45.75, 4.85, "France")]
    path.write_text(
        json.dumps(record(BREAST, "Breast Cancer", TEXT, update="2026-11-21", holder="2026-11-21", sites=sites))
    )
    run("registry", "import", str(path))
    assert by_id(answer(run, patient))[BREAST]["nearest_site"]["facility"] == "New Clinic"
