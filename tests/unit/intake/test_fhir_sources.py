"""Files of FHIR: bundles of others, exports of many patients, broken input, and what is never copied."""

# ruff: noqa: E501

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.fhir import Export, export_lines, fhir_readings, records, write_lines
from her2nav.app.session import Session
from her2nav.intake.fhir import source, split
from her2nav.intake.fhir.codes import DrugRow, codes_of
from her2nav.intake.fhir.read import read_export, read_fhir, read_group
from her2nav.intake.fhir.source import Group, Item, Place, is_fhir
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import FileError, InputError, SyntaxProblem
from her2nav.model.patient import Patient

BUNDLES = {
    "TrialMatching_Patient01.json": ("breast", 20),
    "eom_patient_1.json": ("breast", 18),
    "extended-patient-bundle.json": (None, 2),
    "patient_data.json": ("breast", 20),
    "patient_data_empty-cgv.json": (None, 0),
    "patient_data_missing_birthdate_invalid_ecog_karnofsky.json": ("breast", 3),
    "patient_data_missing_histology_morph.json": ("breast", 20),
    "query.json": ("breast", 15),
    "resultBundle.json": (None, 0),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_published_example_loads_and_says_what_it_skipped(shared, name):
    path = shared / "data" / "patients" / name
    (found,) = read_fhir([str(path)], load_knowledge())
    tumour, least = BUNDLES[name]
    Patient.model_validate(found.patient)
    assert found.patient.get("cancer", {}).get("tumour_type") == tumour
    assert len(found.provenance) >= least
    assert found.unused
    raw = json.loads(path.read_text(encoding="utf-8"))
    shown = json.dumps([found.patient, [one.text for one in found.unused], [one.message for one in found.questions]])
    for entry in raw["entry"]:
        person = entry.get("resource") or {}
        for item in person.get("identifier", []) if person.get("resourceType") == "Patient" else []:
            assert item["value"] not in shown


PRIVATE = [
    "Zebulon",
    "Quixworth",
    "12 Marigold Lane",
    "Xanadu City",
    "555-0199",
    "MRN-778899",
    "zq@example.org",
    "pat-4711",
]


def test_names_addresses_and_identifiers_are_never_copied(tmp_path):
    person = {
        "resourceType": "Patient", "id": "pat-4711", "gender": "male", "birthDate": "1960-05-05",
        "name": [{"family": "Quixworth", "given": ["Zebulon"]}], "identifier": [{"value": "MRN-778899"}],
        "address": [{"line": ["12 Marigold Lane"], "city": "Xanadu City"}],
        "telecom": [{"value": "555-0199"}, {"value": "zq@example.org"}],
        "text": {"status": "generated", "div": "<div>Zebulon Quixworth</div>"},
    }  # fmt: skip
    other = {
        "resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/pat-4711", "display": "Zebulon"},
        "code": {"text": "seen by Quixworth"}, "valueString": "call 555-0199", "note": [{"text": "MRN-778899"}],
    }  # fmt: skip
    path = tmp_path / "one.ndjson"
    path.write_text(json.dumps(person) + "\n" + json.dumps(other) + "\n", encoding="utf-8")
    (found,) = read_fhir([str(path)], load_knowledge())
    assert found.patient["id"] == "one.ndjson:1"
    assert found.patient["demographics"] == {"birth_date": "1960-05-05", "sex": "male"}
    assert not [word for word in PRIVATE if word in repr(found)]


def _export(folder: Path, count: int) -> list[str]:
    """Write an export of many patients: one file for each type, the patients' lines in opposite orders."""
    people = [{"resourceType": "Patient", "id": f"p{i}", "gender": "female"} for i in range(count)]
    scores = [
        {
            "resourceType": "Observation", "status": "final", "subject": {"reference": f"Patient/p{i}"},
            "code": {"coding": [{"system": "http://loinc.org", "code": "85319-2"}]}, "valueString": f"{i % 3 + 1}+",
        }
        for i in reversed(range(count))
    ]  # fmt: skip
    for name, rows in (("Patient.ndjson", people), ("Observation.ndjson", scores)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [str(folder / "Observation.ndjson"), str(folder / "Patient.ndjson")]


@pytest.mark.parametrize("limit", [1 << 30, 1])
def test_export_is_joined_by_patient_in_memory_and_in_shares(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(source, "IN_MEMORY", limit)
    monkeypatch.setattr(split, "SHARE", 40_000)
    found = {}
    for one in read_fhir(_export(tmp_path, 2000), load_knowledge()):
        found[one.patient["id"]] = one.patient
    assert len(found) == 2000
    for i in (0, 1, 1234, 1999):
        assert found[f"Patient.ndjson:{i + 1}"]["specimens"] == [{"ihc": {"score": f"{i % 3 + 1}+"}}]
        assert found[f"Patient.ndjson:{i + 1}"]["demographics"] == {"sex": "female"}


@pytest.mark.parametrize("piece", [40, 57, 999, 1 << 20])
def test_workers_read_what_one_process_reads(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(source, "IN_MEMORY", 1)
    monkeypatch.setattr(split, "SHARE", 40_000)
    monkeypatch.setattr(split, "PIECE", piece)
    files = _export(tmp_path, 500)
    alone = {one.patient["id"]: one for one in read_fhir(files, load_knowledge())}
    together = {one.patient["id"]: one for one in read_fhir(files, load_knowledge(), workers=2)}
    assert alone == together


def _small(reading):
    return reading.patient["id"], len(reading.provenance)


@pytest.mark.parametrize("limit", [1 << 30, 1])
def test_what_is_made_of_a_reading_is_made_where_it_is_read_in_the_same_order(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(source, "IN_MEMORY", limit)
    monkeypatch.setattr(split, "SHARE", 40_000)
    files = _export(tmp_path, 500)
    alone = [_small(one) for one in read_fhir(files, load_knowledge())]
    assert list(read_export(files, load_knowledge(), _small, workers=2)) == alone
    assert len(alone) == 500


def test_lines_of_an_export_are_its_records(tmp_path):
    session = Session()
    files = _export(tmp_path, 300)
    wanted = Export()
    texts = list(records(session, fhir_readings(session, files), wanted, full=False))
    write_lines(export_lines(session, files), found := Export(), tmp_path / "out.ndjson")
    assert (tmp_path / "out.ndjson").read_text(encoding="utf-8") == "".join(texts)
    assert found == wanted
    assert found.patients == 300
    one = tmp_path / "one"
    one.mkdir()
    assert export_lines(session, _export(one, 1)) is None


def test_shares_hold_a_part_of_the_export_only(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "IN_MEMORY", 1)
    monkeypatch.setattr(split, "SHARE", 40_000)
    held = []
    finished = split.finished

    def counted(grouped, shared):
        held.append(len(grouped))
        return finished(grouped, shared)

    monkeypatch.setattr(split, "finished", counted)
    assert len(list(read_fhir(_export(tmp_path, 3000), load_knowledge()))) == 3000
    assert len(held) > 5
    assert max(held) < 1500


def test_broken_lines_and_resources_of_nobody_are_listed(tmp_path):
    path = tmp_path / "mixed.ndjson"
    path.write_text(
        '{"resourceType": "Patient", "id": "a", "gender": "male"}\n{"resourceType": \n[1]\n\n{"a": 1}\n', "utf-8"
    )
    readings = list(read_fhir([str(path)], load_knowledge()))
    assert readings[0].patient["demographics"] == {"sex": "male"}
    assert [(one.line, one.text.split(": ")[1]) for one in readings[1].unused] == [
        (2, "not valid JSON"), (3, "no resourceType"), (5, "no resourceType")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"resourceType": "Bundle", "entry": [', SyntaxProblem),
        ('{"results": []}', FileError),
        ("{" + '"a":[' * 100_000, SyntaxProblem),
    ],
)
def test_bad_file_is_one_line(tmp_path, text, error):
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    assert is_fhir(str(path))
    with pytest.raises(error) as problem:
        list(read_fhir([str(path)], load_knowledge()))
    assert str(path) in str(problem.value)
    assert "\n" not in str(problem.value)


def test_notes_and_fhir_are_not_mixed(tmp_path):
    from her2nav.app.fhir import all_fhir

    note, fhir = tmp_path / "note.txt", tmp_path / "b.json"
    note.write_text("HER2 3+", encoding="utf-8")
    fhir.write_text('{"resourceType": "Bundle"}', encoding="utf-8")
    assert not all_fhir([str(note)])
    assert all_fhir([str(fhir)])
    with pytest.raises(InputError, match="together"):
        all_fhir([str(note), str(fhir)])


def test_several_patients_of_a_bundle_are_told_apart(tmp_path):
    from her2nav.app.fhir import one_or_many

    people = [{"resource": {"resourceType": "Patient", "id": str(i), "gender": "female"}} for i in range(3)]
    path = tmp_path / "three.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": people}), encoding="utf-8")
    single, many = one_or_many(Session(), [str(path)])
    assert single is None
    assert [one.patient["id"] for one in many] == ["three.json:1", "three.json:2", "three.json:3"]


def test_every_mapped_drug_and_test_has_a_place():
    from her2nav.intake.fhir.codes import ConceptRow, TestRow
    from her2nav.intake.fhir.observations import READERS

    knowledge = load_knowledge()
    assert {row.drug for row in knowledge.table("intake/fhir_drugs.csv", DrugRow)} <= set(knowledge.drugs.drugs)
    tests = knowledge.table("intake/fhir_tests.csv", TestRow)
    assert {row.target for row in tests} <= set(READERS) | {
        "none",
        "panel",
        "variant",
        "component",
        "her2.variant_word",
    }
    codes = [row.code for row in tests if row.code]
    assert len(codes) == len(set(codes))
    assert {row.detail for row in tests if row.target == "lab"} <= set(knowledge.variables.variables)
    concepts = knowledge.table("intake/fhir_concepts.csv", ConceptRow)
    assert {row.id for row in concepts if row.kind == "tumour"} <= set(knowledge.tumours.types)
    assert {row.id for row in concepts if row.kind == "histology"} <= set(knowledge.histologies.histologies)
    assert {row.id for row in concepts if row.kind == "gene"} <= set(knowledge.genes.genes)
    assert all(knowledge.sites.find(row.id) == row.id for row in concepts if row.kind == "site")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["85319-2", "2024-01-01", "3+"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["coding", "code", "system", "display", "text", "value", "unit", "start", "reference", "url"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = ["code", "status", "subject", "valueQuantity", "valueCodeableConcept", "valueString", "valueRatio", "component", "meta", "extension", "stage", "bodySite", "birthDate", "effectivePeriod", "effectiveDateTime", "medicationCodeableConcept", "medicationReference", "contained", "referenceRange", "specimen", "interpretation", "verificationStatus", "statusReason"]  # fmt: skip
KINDS = ["Patient", "Condition", "Observation", "MedicationStatement", "MedicationRequest", "Procedure", "AllergyIntolerance", "Other"]  # fmt: skip


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_no_shape_of_a_resource_raises(kind, fields):
    if kind == "Observation":
        fields.setdefault("code", {"coding": [{"code": "85319-2"}]})
    item = Item(Place("x", 1, kind, True), {**fields, "resourceType": kind})
    found = read_group(Group([item], {}), codes_of(load_knowledge()))
    assert found.patient["id"] == "x:1"


def test_command_writes_a_patient_file_and_names_what_was_skipped(tmp_path, capsys, monkeypatch):
    from her2nav.cli.main import run

    person = {"resourceType": "Patient", "id": "1", "gender": "female", "name": [{"family": "Quixworth"}]}
    path, out = tmp_path / "b.json", tmp_path / "p.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": person}]}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["her2nav", "intake", str(path), "--out", str(out)])
    with pytest.raises(SystemExit) as left:
        run()
    assert not left.value.code
    assert json.loads(out.read_text(encoding="utf-8")) == {"demographics": {"sex": "female"}}
    told = capsys.readouterr()
    assert "never copied" in told.err
    assert "Quixworth" not in told.err + told.out
