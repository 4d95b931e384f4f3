"""Bad input: one line that names file, place and what is allowed; never a traceback, never a guess."""

import gzip
import stat
import tempfile
from pathlib import Path

import pytest

from her2nav.intake.tables import read as reading
from her2nav.intake.tables import shares
from her2nav.intake.tables.cells import Form, open_table
from her2nav.intake.tables.read import open_tables, readings
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import InputError
from unit.intake_tables.table_helpers import TODAY, asked, layout, read, table

ECOG = "id: no\ntables:\n  - file: a.csv\n    columns: {ecog: performance.ecog}\n"


def error(mapping: str, *files: str) -> str:
    """Return the line of the error."""
    with pytest.raises(InputError) as raised:
        read(mapping, *files)
    return str(raised.value)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: performance.eco}\n", ("line 4", "did you mean 'ecog'?")),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: performance}\n", ("group of fields", "performance.ecog")),
        ("id: no\ntables:\n  - file: a.csv\n    colums: {x: performance.ecog}\n", ("unknown key 'colums'", "columns")),
        ("id: no\ntables:\n  - file: a.csv\n    entry: drugs\n    columns: {x: name}\n", ("no list", "therapies")),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: therapies.drugs}\n", ("is a list", "entry: therapies")),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: {lab: haemoglobn}}\n", ("no laboratory value",)),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: {values: {a: b}}}\n", ("a field or a lab",)),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: biomarkers.foobar}\n", ("no biomarker and no gene",)),
        ("id: no\ntables:\n  - file: a.csv\n    columns: {x: complete.therapies}\n", ("not fed by a column",)),
        ("tables:\n  - file: a.csv\n    columns: {x: performance.ecog}\n", ("whose row it is",)),
        ("id: no\ndates: ymd\ntables: []\n", ("no order of dates", "iso, dmy, mdy")),
        ("id: no\nencoding: ebcdic\ntables: []\n", ("no encoding", "cp1252")),
        (
            "id: no\ntables:\n  - file: a.csv\n    columns: {a: biomarkers.er, b: biomarkers.er.percent}\n",
            ("its part",),
        ),
        ("omop: {tumour: brest}\n", ("unknown tumour type",)),
        ("complete: {everything: true}\n", ("unknown key 'everything'", "therapies")),
    ],
)
def test_a_mapping_file_that_is_wrong(mapping: str, said: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as raised:
        layout(mapping)
    for part in ("mapping.yaml", *said):
        assert part in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_column_that_is_absent_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    said = error(ECOG, table(tmp_path / "a.csv", [("no", "performance"), ("A", "1")]))
    assert "a.csv, line 1: the column 'ecog' is absent (allowed: no, performance)" in said


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    said = error(ECOG, table(tmp_path / "a.csv", [("no", "ecog", "ecog"), ("A", "1", "2")]))
    assert "line 1, column 3: the column 'ecog' stands twice" in said


def test_a_row_with_another_number_of_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no,ecog\nA,1\nB,1,2\n")
    assert "line 3: 3 cells where the header has 2" in error(ECOG, str(path))


def test_a_quote_that_is_never_closed_is_no_silent_loss(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('no,ecog\nA,"1\nB,2\nC,0\n')
    (found,) = read(ECOG, str(path))
    assert "performance" not in found.patient
    assert "not a number" in asked(found)


def test_a_row_without_a_patient(tmp_path: Path) -> None:
    said = error(ECOG, table(tmp_path / "a.csv", [("no", "ecog"), ("A", "1"), ("", "2")]))
    assert "line 3, column no: a row without a patient" in said


def test_another_encoding_is_told_with_its_line_and_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("no,ecog,ort\nA,1,Köln\n".encode("cp1252"))
    said = error(ECOG, str(path))
    assert "line 2: a byte is not UTF-8" in said
    assert "encoding: utf-16 | latin-1 | cp1252" in said
    (found,) = read("encoding: cp1252\n" + ECOG, str(path))
    assert found.patient["performance"] == {"ecog": "1"}


def test_utf_16_is_told_and_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("no,ecog\nA,1\n".encode("utf-16"))
    assert "UTF-16" in error(ECOG, str(path))
    (found,) = read("encoding: utf-16\n" + ECOG, str(path))
    assert found.patient["performance"] == {"ecog": "1"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_byte_order_mark_and_any_separator(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f'"no"{sign}ecog\r\nA{sign}1\r\n\r\n'.encode())
    (found,) = read(ECOG, str(path))
    assert found.patient == {"id": "A", "performance": {"ecog": "1"}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the first line is empty"),
        (b"PK\x03\x04rest", "a spreadsheet or a ZIP file"),
        (b"%PDF-1.7", "a PDF"),
        (b"no\x00,ecog\n", "binary"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert said in error(ECOG, str(path))


def test_a_packed_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    whole = gzip.compress(b"no,ecog\n" + b"".join(b"P%d,%d\n" % (n, n % 5) for n in range(20000)))
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut off" in error(ECOG.replace("a.csv", "a.csv.gz"), str(path))


def test_a_missing_file_and_a_file_without_a_rule(tmp_path: Path) -> None:
    assert "no such file" in error(ECOG, str(tmp_path / "a.csv"))
    said = error(ECOG, table(tmp_path / "b.csv", [("no", "ecog")]))
    assert "says nothing of this table (allowed: a.csv)" in said


@pytest.mark.parametrize("column", ["Patient Name", "last_name", "E-Mail", "Phone", "MRN", "home address", "SSN"])
def test_names_numbers_and_addresses_of_persons_are_refused(tmp_path: Path, column: str) -> None:
    mapping = f"id: no\ntables:\n  - file: a.csv\n    entry: conditions\n    columns: {{{column}: name}}\n"
    said = error(mapping, table(tmp_path / "a.csv", [("no", column), ("A", "Zebulon")]))
    assert "are not copied" in said
    assert "Zebulon" not in said


def test_name_is_private_of_a_patient_and_not_of_a_test(tmp_path: Path) -> None:
    person = "id: no\ntables:\n  - {file: a.csv, columns: {name: cancer.histology}}\n"
    assert "are not copied" in error(person, table(tmp_path / "a.csv", [("no", "name"), ("A", "Zebulon")]))
    labs = "id: no\ntables:\n  - {file: a.csv, entry: conditions, columns: {name: name}}\n"
    (found,) = read(labs, table(tmp_path / "a.csv", [("no", "name"), ("A", "asthma")]))
    assert found.patient["conditions"] == [{"name": "asthma"}]


def test_a_record_number_as_id_needs_a_word(tmp_path: Path) -> None:
    mapping = "id: MRN\ntables:\n  - file: a.csv\n    columns: {ecog: performance.ecog}\n"
    said = error(mapping, table(tmp_path / "a.csv", [("MRN", "ecog"), ("1", "1")]))
    assert "copy_id: false" in said


def test_a_long_cell_is_read_and_a_huge_one_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [("no", "ecog", "text"), ("A", "1", "x" * 300_000)])
    (found,) = read(ECOG, path)
    assert found.patient["performance"] == {"ecog": "1"}


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    from datetime import date

    path = tmp_path / "a.parquet"
    frame = {"no": [7, 8], "ecog": [1.0, None], "seen": [date(2026, 11, 1), None], "hb": [11.8, 0.00001]}
    polars.DataFrame(frame).write_parquet(path)
    mapping = """
id: no
tables:
  - file: a.parquet
    columns:
      ecog: {field: performance.ecog, date: seen}
      hb: {lab: haemoglobin, unit: g/dL}
"""
    one, other = read(mapping, str(path))
    assert one.patient["performance"] == {"ecog": "1", "date": "2026-11-01"}
    assert (one.patient["id"], one.patient["labs"][0]["value"]) == ("7", "11.8")
    assert one.provenance[-1].origin.line == 1
    assert "0.00001 g/dL is not possible" in asked(other)
    path.write_bytes(b"PAR1 nothing")
    assert "not readable Parquet" in error(mapping, str(path))


def test_many_rows_go_through_private_files_that_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    monkeypatch.setattr(shares, "SHARE", 64)
    rows = [("no", "ecog"), *((f"P{n % 40}", str(n % 3)) for n in range(120))]
    tables = open_tables([table(tmp_path / "a.csv", rows)], layout(ECOG), load_knowledge())
    seen = set()
    modes = set()
    for found in readings(tables, TODAY):
        seen.add(found.patient["id"])
        modes |= {stat.S_IMODE(one.stat().st_mode) for one in temporary.iterdir()}
    assert len(seen) == 40
    assert modes == {0o700}
    assert list(temporary.iterdir()) == []


def test_a_broken_row_leaves_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(reading, "IN_MEMORY", 0)
    tables = open_tables(
        [table(tmp_path / "a.csv", [("no", "ecog"), ("A", "1"), ("", "1")])], layout(ECOG), load_knowledge()
    )
    with pytest.raises(InputError):
        list(readings(tables, TODAY))
    assert list(temporary.iterdir()) == []


def test_a_table_is_opened_with_its_own_form(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no~ecog\n")
    assert open_table(path).header == ("no~ecog",)
    path.write_text('no;"a;b"\n')
    assert open_table(path).header == ("no", "a;b")
    assert open_table(path, Form(delimiter=",")).header == ('no;"a;b"',)
