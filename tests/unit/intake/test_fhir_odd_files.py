"""FHIR exports as they arrive: packed, cut off, broken in the middle, in another encoding, patients out of order."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.cohort_source import raw_records
from her2nav.app.fhir import Export, fhir_readings, one_or_many, records
from her2nav.app.session import Session
from her2nav.intake.fhir import source, split
from her2nav.intake.fhir.read import read_fhir
from her2nav.intake.reading import Reading
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import FileError, SyntaxProblem

LOINC = "http://loinc.org"
SESSION = Session()


def resources(number: int) -> list[dict[str, Any]]:
    """Return a patient with a tumour, HER2, laboratory values with limits, and doses."""
    subject = {"reference": f"Patient/p{number}"}

    def one(kind: str, **more: Any) -> dict[str, Any]:
        return {"resourceType": kind, "status": "final", "subject": subject, **more}

    def code(value: str, system: str = LOINC) -> dict[str, Any]:
        return {"coding": [{"system": system, "code": value}]}

    limits = [{"high": {"value": 15.5, "unit": "g/dL"}, "low": {"value": 11.5}}]
    return [
        {"resourceType": "Patient", "id": f"p{number}", "gender": "female", "birthDate": "1960-05-05"},
        one("Condition", code=code("254837009", "http://snomed.info/sct")),
        one("Observation", code=code("85319-2"), valueString=f"{number % 3 + 1}+", effectiveDateTime="2025-01-02"),
        one(
            "Observation", code=code("718-7"), valueQuantity={"value": 12.4, "unit": "g/dL"}, referenceRange=limits,
            effectiveDateTime="2025-02-03",
        ),
        one("Observation", code=code("2160-0"), valueQuantity={"value": 0.8, "unit": "furlong"}),
        *[
            one(
                "MedicationAdministration", status="completed", effectiveDateTime=f"2025-0{month}-03",
                medicationCodeableConcept={"text": "trastuzumab"},
            )
            for month in (1, 2, 3)
        ],
    ]  # fmt: skip


def lines(*numbers: int) -> list[str]:
    """Return the resources of patients, one a line."""
    return [json.dumps(one) for number in numbers for one in resources(number)]


def write(path: Path, rows: list[str], encoding: str = "utf-8") -> str:
    """Write an export and return its name."""
    path.write_bytes(("\n".join(rows) + "\n").encode(encoding))
    return str(path)


def patients(name: str) -> list[dict[str, Any]]:
    """Return what is read of every patient, without the line of the file that is the id."""
    found = [one.patient for one in read_fhir([name], load_knowledge()) if one.patient]
    return sorted(({k: v for k, v in one.items() if k != "id"} for one in found), key=str)


def test_a_packed_export_is_the_export(tmp_path: Path) -> None:
    plain = write(tmp_path / "all.ndjson", lines(1, 2, 3))
    packed = tmp_path / "all.ndjson.gz"
    packed.write_bytes(gzip.compress(Path(plain).read_bytes()))
    assert source.is_fhir(str(packed))
    assert patients(str(packed)) == patients(plain)
    assert len([one for one in raw_records(SESSION, [str(packed)]) if one.fault is None]) == 3


def test_a_packed_export_that_is_cut_off_is_one_line(tmp_path: Path) -> None:
    packed = tmp_path / "all.ndjson.gz"
    packed.write_bytes(gzip.compress("\n".join(lines(*range(30))).encode())[:-30])
    with pytest.raises(FileError, match="damaged or cut off"):
        list(read_fhir([str(packed)], load_knowledge()))
    packed.write_bytes(b"no gzip at all")
    with pytest.raises(FileError, match="damaged or cut off"):
        list(read_fhir([str(packed)], load_knowledge()))
    with pytest.raises(FileError, match="damaged or cut off"):
        list(raw_records(SESSION, [str(packed)]))


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    rows = lines(1, 2, 3)
    straight = patients(write(tmp_path / "a.ndjson", rows))
    assert len(straight) == 3
    assert patients(write(tmp_path / "b.ndjson", [*rows[1::2], *reversed(rows[::2])])) == straight


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("limit", [1 << 30, 1])
def test_shares_give_the_same_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, workers: int
) -> None:
    odd = ["{", "[1]", '{"a": 1}', '{"resourceType": "Location"}', '{"resourceType": "Observation", "id": "\\ud800"}']
    name = write(tmp_path / "all.ndjson", [*lines(1), *odd, "", *lines(2, 3), *odd])
    whole = {one.patient.get("id"): one for one in read_fhir([name], load_knowledge())}
    monkeypatch.setattr(source, "IN_MEMORY", limit)
    monkeypatch.setattr(split, "SHARE", 1000)
    monkeypatch.setattr(split, "PIECE", 300)
    found = list(read_fhir([name], load_knowledge(), workers=workers))
    assert {one.patient.get("id"): one for one in found} == whole
    assert found[-1].patient == {}
    assert [one.line for one in found[-1].unused] == [*range(9, 14), *range(31, 36)]


def _all(name: str) -> tuple[Export, list[str]]:
    export = Export()
    written = list(records(SESSION, fhir_readings(SESSION, [name]), export, full=False))
    return export, written


def test_a_broken_line_in_the_middle_leaves_the_rest_and_is_told(tmp_path: Path) -> None:
    rows = [*lines(1), '{"resourceType": "Observation", "subj', *lines(2)]
    export, written = _all(write(tmp_path / "all.ndjson", rows))
    assert len(written) == 2
    (told,) = export.partial
    assert "1 line could not be read" in told
    assert "all.ndjson line 9" in told


def test_a_cut_last_line_and_a_byte_of_another_encoding_are_told(tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    path.write_bytes("\n".join(lines(1, 2)).encode()[:-20])
    export, written = _all(str(path))
    assert (len(written), len(export.partial)) == (2, 1)
    path.write_bytes("\n".join(lines(1, 2)).replace("trastuzumab", "trast\u00fczumab").encode("latin-1"))
    export, written = _all(str(path))
    assert len(written) == 2
    assert export.skipped["a byte is not UTF-8"] == 6
    assert "6 lines could not be read" in export.partial[0]


def test_one_patient_and_a_broken_line_is_partial(tmp_path: Path) -> None:
    found, _ = one_or_many(SESSION, [write(tmp_path / "all.ndjson", [*lines(1), "broken"])])
    assert found is not None
    assert found.reading.partial is not None
    assert "line 9" in found.reading.partial


@pytest.mark.parametrize(("name", "packed"), [("one.json", False), ("one.ndjson", False), ("one.json", True)])
def test_utf16_and_lists_are_one_line(tmp_path: Path, name: str, packed: bool) -> None:
    path = tmp_path / (name + (".gz" if packed else ""))
    raw = "\n".join(lines(1)).encode("utf-16")
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert source.is_fhir(str(path))
    with pytest.raises(FileError, match="UTF-16"):
        list(read_fhir([str(path)], load_knowledge()))
    path = tmp_path / "list.json"
    path.write_text(json.dumps(resources(1)), encoding="utf-8")
    assert source.is_fhir(str(path))
    with pytest.raises(FileError, match="a list of resources is no bundle"):
        list(read_fhir([str(path)], load_knowledge()))


def test_laboratory_values_keep_their_limits_and_places(tmp_path: Path) -> None:
    (found,) = read_fhir([write(tmp_path / "all.ndjson", lines(1))], load_knowledge())
    assert found.patient["labs"] == [
        {"name": "haemoglobin", "value": "12.4", "unit": "g/dL", "date": "2025-02-03", "uln": "15.5", "lln": "11.5"}
    ]
    places = {one.path: one.origin.quote for one in found.provenance}
    assert places["/labs/0/value"] == "Observation.valueQuantity"
    assert places["/labs/0/uln"] == "Observation.referenceRange"
    assert any("a unit or a value that is not possible (0.8 furlong)" in one.text for one in found.unused)


def test_equal_laboratory_values_are_one_and_different_ones_of_a_day_a_contradiction(tmp_path: Path) -> None:
    rows = lines(1)
    twice: Reading = next(iter(read_fhir([write(tmp_path / "a.ndjson", [*rows, rows[3]])], load_knowledge())))
    assert len(twice.patient["labs"]) == 1
    other = rows[3].replace("12.4", "9.9")
    clash: Reading = next(iter(read_fhir([write(tmp_path / "b.ndjson", [*rows, other])], load_knowledge())))
    assert "labs" not in clash.patient
    assert "haemoglobin on 2025-02-03" in clash.contradictions[0].message


@pytest.mark.parametrize("limit", [1 << 30, 1])
def test_progress_is_told_while_lines_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(source, "IN_MEMORY", limit)
    monkeypatch.setattr(source, "_TOLD", 5)
    told: list[str] = []
    list(read_fhir([write(tmp_path / "all.ndjson", lines(1, 2))], load_knowledge(), tell=told.append))
    assert told == ["all.ndjson: 5 lines", "all.ndjson: 10 lines", "all.ndjson: 15 lines"]


@pytest.mark.parametrize("name", ["patients.ndjson.gz", "patients.csv.gz"])
def test_packed_patients_that_are_cut_off_are_one_line(tmp_path: Path, name: str) -> None:
    rows = ["id,demographics.sex", *(f"{n},female" for n in range(5000))]
    if "ndjson" in name:
        rows = [json.dumps({"id": str(n), "demographics": {"age": 30 + n % 50}}) for n in range(5000)]
    path = tmp_path / name
    packed = gzip.compress("\n".join(rows).encode())
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(FileError, match="damaged or cut off"):
        list(raw_records(SESSION, [str(path)]))


def test_a_day_that_no_calendar_has_stops_nothing(tmp_path: Path) -> None:
    rows = resources(1)
    for one in rows:
        if one["resourceType"] == "MedicationAdministration" and one["effectiveDateTime"].startswith("2025-02"):
            one["effectiveDateTime"] = "2025-02-31"
    name = write(tmp_path / "odd.ndjson", [json.dumps(one) for one in rows])
    (found,) = patients(name)
    assert "trastuzumab" in str(found["therapies"])


@pytest.mark.parametrize("name", ["deep.json", "deep.txt.json"])
def test_json_that_is_nested_too_deeply_is_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for text in ("[" * 200_000, '{"resourceType": "Bundle", "entry": ' + "[" * 200_000):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SyntaxProblem, match="nested too deeply"):
            list(read_fhir([str(path)], load_knowledge()))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["wide.json", "wide.ndjson"])
def test_utf_16_is_named_with_its_mark_and_without(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_text('{"resourceType": "Patient", "id": "1"}\n', encoding=encoding)
    assert source.is_fhir(str(tmp_path / name))
    with pytest.raises(FileError, match="the file is UTF-16 text"):
        list(read_fhir([str(tmp_path / name)], load_knowledge()))


@pytest.mark.parametrize(("one", "other"), [("first.json", "second.json"), ("a/bundle.json", "b/bundle.json")])
def test_bundles_of_one_call_give_records_with_ids_of_their_own(tmp_path: Path, one: str, other: str) -> None:
    for number, name in enumerate((one, other)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources(number)]}
        path.write_text(json.dumps(bundle), encoding="utf-8")
    found = list(read_fhir([str(tmp_path / one), str(tmp_path / other)], load_knowledge()))
    assert [reading.patient["id"] for reading in found] == [f"{one}:1", f"{other}:1"]


@pytest.mark.parametrize("workers", [1, 2])
def test_exports_with_files_of_one_name_keep_their_patients_apart(tmp_path: Path, workers: int) -> None:
    names = []
    for site, number in (("a", 1), ("b", 2)):
        (tmp_path / site).mkdir()
        names.append(write(tmp_path / site / "all.ndjson", lines(number)))
    found = list(read_fhir(names, load_knowledge(), workers))
    assert [reading.patient["id"] for reading in found] == ["a/all.ndjson:1", "b/all.ndjson:1"]
    with pytest.raises(FileError, match="the file is given twice"):
        list(read_fhir([names[0], str(tmp_path / "b" / ".." / "a" / "all.ndjson")], load_knowledge(), workers))
