"""Where patients may come from, and the tables that come out."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from her2nav.app.cohort_source import raw_records
from her2nav.app.screen_block import identity_of, read_raw
from her2nav.cohort.tables import COLUMNS, cell, write_csv, write_jsonl
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient
from screen.cohort import Ward, patient


def read(ward: Ward, *sources: Path) -> dict[str, Patient]:
    """Return the patients of sources by the id they go by."""
    found = {}
    for raw in raw_records(ward.session, [str(source) for source in sources]):
        found[identity_of(raw)] = read_raw(raw, ward.session, None).patient
    return found


def faults(ward: Ward, source: Path) -> list[str]:
    """Return what is wrong with the records of a source."""
    return [f"{raw.place}: {raw.fault}" for raw in raw_records(ward.session, [str(source)]) if raw.fault]


def test_a_folder_of_files_in_any_form(ward: Ward, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.yaml").write_text("id: A\nperformance: {ecog: 1}\n", encoding="utf-8")
    (folder / "sub" / "b.json").write_text(json.dumps(patient(None)), encoding="utf-8")
    (folder / "c.jsonl").write_text(json.dumps(patient("C")) + "\n\n" + json.dumps(patient(None)) + "\n")
    (folder / "notes.txt").write_text("not a patient")
    assert list(read(ward, folder)) == ["A", "C", "c.jsonl, line 3", "sub/b.json"]


def test_lines_may_be_packed(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "cohort.ndjson.gz"
    path.write_bytes(gzip.compress((json.dumps(patient("A")) + "\n").encode()))
    assert list(read(ward, path)) == ["A"]


def test_a_fhir_export_is_joined_over_its_files(ward: Ward, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    people = [{"resourceType": "Patient", "id": f"p{n}", "gender": "female", "birthDate": "1970"} for n in (1, 2)]
    (folder / "Patient.ndjson").write_text("".join(json.dumps(one) + "\n" for one in people))
    performance = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": "Patient/p2"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "89247-1"}]},
        "effectiveDateTime": "2026-11-01",
        "valueInteger": 1,
    }
    (folder / "Observation.ndjson").write_text(json.dumps(performance) + "\n")
    found = read(ward, folder)
    assert len(found) == 2
    assert sorted(one.performance is not None for one in found.values()) == [False, True]


def test_a_table_with_paths_as_columns(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(
        "id,demographics.age,performance.ecog,cancer.tumour_type,cancer.metastatic_sites,therapies.0.drugs\n"
        'A,50,1,breast,"[liver, bone]","[trastuzumab, docetaxel]"\n'
        "B,,2,gastric,,\n",
        encoding="utf-8",
    )
    found = read(ward, path)
    assert found["A"].cancer.metastatic_sites == ("liver", "bone")
    assert [drug.name for drug in found["A"].therapies[0].drugs] == ["trastuzumab", "docetaxel"]
    assert found["B"].demographics.age is None
    assert found["B"].therapies == ()


def test_a_table_of_specimens_joins_rows_of_one_patient(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "pathology.csv"
    path.write_text(
        "id;tumour;ihc;ratio;performance.ecog\nA;breast;2+;1,9;\nA;breast;3+;;\nB;gastric;1+;;1\n", encoding="utf-8"
    )
    found = read(ward, path)
    assert len(found["A"].specimens) == 2
    assert str(found["A"].specimens[0].ish.her2_cep17_ratio) == "1.9"  # type: ignore[union-attr]
    assert found["B"].performance is not None


def test_a_table_of_whole_records(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerows([["id", "patient"], ["A", json.dumps(patient(None))], ["B", ""]])
    assert faults(ward, path) == [f"{path}, line 3: the patient is absent"]
    first = next(iter(raw_records(ward.session, [str(path)])))
    assert identity_of(first) == "A"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,tumor,ihc,ihc", "stands twice"),
        ("id,tumour,ihcc", "did you mean 'ihc'"),
        ("name,colour", "no column is known"),
        ("id,performance..ecog", "is no path"),
    ],
)
def test_a_header_that_would_lose_a_result_is_refused(ward: Ward, tmp_path: Path, header: str, told: str) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(f"{header}\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        faults(ward, path)


def test_a_row_that_is_cut_off_is_one_line(ward: Ward, tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text("id,performance.ecog\nA\nB,1\n", encoding="utf-8")
    assert faults(ward, path) == [f"{path}, line 2: 1 cells where the header has 2"]


@pytest.mark.parametrize("name", ["missing", "-", "thesis.docx", "empty"])
def test_what_is_no_source_is_told(ward: Ward, tmp_path: Path, name: str) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"PK")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        list(raw_records(ward.session, ["-" if name == "-" else str(tmp_path / name)]))


def row(**more: Any) -> dict[str, Any]:
    """Return a row of the tables."""
    return {**dict.fromkeys(COLUMNS), "missing_facts": [], "to_confirm": 0, "unread": 0, **more}


def test_tables_hold_what_was_given_and_no_formula(tmp_path: Path) -> None:
    rows = [row(patient="=cmd()", nct_id="NCT1", missing_facts=["LVEF", "ISH"]), row(patient="B", title='é, "x"')]
    write_csv(tmp_path / "pairs.csv", lambda: rows)
    with (tmp_path / "pairs.csv").open(newline="", encoding="utf-8") as stream:
        read_back = list(csv.DictReader(stream))
    assert [one["patient"] for one in read_back] == ["'=cmd()", "B"]
    assert read_back[0]["missing_facts"] == "LVEF; ISH"
    assert read_back[1]["title"] == 'é, "x"'
    write_jsonl(tmp_path / "pairs.jsonl", lambda: rows)
    lines = (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_excel_and_parquet_hold_the_same(ward: Ward, tmp_path: Path) -> None:
    polars, openpyxl = pytest.importorskip("polars"), pytest.importorskip("openpyxl")
    from her2nav.cohort.tables import write_parquet, write_xlsx

    rows = [row(patient="=cmd()", to_confirm=3), row(patient="B", missing_facts=["LVEF"])]
    write_parquet(tmp_path / "pairs.parquet", lambda: rows)
    frame = polars.read_parquet(tmp_path / "pairs.parquet")
    assert frame["to_confirm"].to_list() == [3, 0]
    assert frame["missing_facts"].to_list()[1] == "LVEF"
    write_xlsx(tmp_path / "pairs.xlsx", lambda: rows)
    sheet = openpyxl.load_workbook(tmp_path / "pairs.xlsx").active
    assert [one.value for one in sheet["A"]] == ["patient", "=cmd()", "B"]
    assert sheet["A2"].data_type == "s"

    polars.DataFrame({"id": ["A"], "patient": [json.dumps(patient(None))]}).write_parquet(tmp_path / "in.parquet")
    assert list(read(ward, tmp_path / "in.parquet")) == ["A"]


def test_a_cell_is_text() -> None:
    assert cell("arm", None) == ""
    assert cell("new", ["a", "b"]) == "a; b"
    assert cell("title", "+1") == "'+1"
