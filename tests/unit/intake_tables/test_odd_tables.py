"""Tables as spreadsheets save them, OMOP folders that lack a table, and the short way of laboratory rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from her2nav.app.intake_tables import TableOptions, open_sources
from her2nav.intake.omop import person, read
from her2nav.intake.tables.cells import open_table
from her2nav.intake.tables.dates import NoDate, read_date
from her2nav.model.errors import FileError, InputError, SyntaxProblem
from unit.intake_tables.table_helpers import SESSION, asked, omop, table
from unit.intake_tables.table_helpers import read as read_tables

MAPPING = """
id: no
tables:
  - file: a.csv
    columns: {ecog: {field: performance.ecog, date: seen}, hb: {lab: haemoglobin, unit: g/dL, date: seen}}
"""
HEAD = ["no", "ecog", "seen", "hb"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("46024", "2026-01-02"), ("1461", "1903-12-31"), ("46024.75", "2026-01-02"), ("2026-01-02", "2026-01-02")],
)
def test_days_as_spreadsheets_count_them(written: str, day: str) -> None:
    assert read_date(written, "excel") == day


def test_a_serial_day_is_asked_about_and_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    name = table(tmp_path / "a.csv", [HEAD, ["1", "1", "46024", "11.5"]])
    (found,) = read_tables(MAPPING, name)
    assert "dates: excel reads it" in asked(found)
    assert "labs" not in found.patient or "date" not in found.patient["labs"][0]
    (found,) = read_tables(f"dates: excel\n{MAPPING}", name)
    assert found.patient["labs"][0]["date"] == "2026-01-02"
    with pytest.raises(NoDate) as problem:
        read_date("123", "iso")
    assert "excel" not in str(problem.value)


@pytest.mark.parametrize(("written", "value"), [("11,5", "11.5"), ("1.100,5", None)])
def test_a_decimal_comma_is_asked_about_and_read_where_the_mapping_says_so(
    tmp_path: Path, written: str, value: str | None
) -> None:
    name = table(tmp_path / "a.csv", [HEAD, ["1", "1", "2026-01-02", written]])
    (found,) = read_tables(MAPPING, name)
    assert "decimal: comma in the mapping file reads it" in asked(found)
    assert "labs" not in found.patient
    (found,) = read_tables(f"decimal: comma\n{MAPPING}", name)
    if value is None:
        assert "labs" not in found.patient
    else:
        assert found.patient["labs"][0]["value"] == value


def test_a_line_for_spreadsheets_and_a_title_are_no_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nno;hb\n1;2\n", encoding="utf-8")
    with pytest.raises(FileError, match="'sep='"):
        open_table(path)
    path.write_text("Export of the registry,,,\nno,hb,a,b\n", encoding="utf-8")
    with pytest.raises(SyntaxProblem, match="no title above them"):
        open_table(path)


def test_wanted_columns_in_any_order_with_absent_ones(tmp_path: Path) -> None:
    file = open_table(table(tmp_path / "a.csv", [["a", "b", "c"], ["1", " 2 ", "3"]]))
    assert list(file.rows([2, None, 1])) == [(2, ["3", "", "2"])]
    assert list(file.rows([1])) == [(2, ["2"])]
    assert list(file.rows([None])) == [(2, [""])]
    assert list(file.rows()) == [(2, ["1", "2", "3"])]


def test_wanted_columns_of_parquet_with_absent_ones(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars", reason="the extra `cohort` is not installed")
    polars.DataFrame({"a": ["1"], "b": ["2"], "c": ["3"]}).write_parquet(tmp_path / "a.parquet")
    file = open_table(tmp_path / "a.parquet")
    assert list(file.rows([0, None, 2])) == [(1, ["1", "", "3"])]


PERSON = [{"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1960}]
VISIT = [
    {"measurement_id": 1, "person_id": 1, "measurement_concept_id": 3000963, "measurement_date": "2026-01-02",
     "value_as_number": "12.10", "unit_concept_id": 8713}
]  # fmt: skip


def test_a_list_is_not_complete_without_its_table(tmp_path: Path) -> None:
    omop(tmp_path / "cdm", {"person": PERSON, "measurement": VISIT})
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("complete: {therapies: true}\n", encoding="utf-8")
    with pytest.raises(InputError, match="therapies cannot be complete: the table drug_exposure"):
        open_sources(SESSION, [str(tmp_path / "cdm")], TableOptions(str(mapping)))
    found = open_sources(SESSION, [str(tmp_path / "cdm")], TableOptions())
    assert any(one.startswith("without condition_occurrence, observation") for one in found.told)
    assert len(list(found.readings)) == 1


def test_a_folder_without_persons_says_so(tmp_path: Path) -> None:
    omop(tmp_path / "cdm", {"person": PERSON, "measurement": VISIT, "death": [{"person_id": 1}]})
    (tmp_path / "cdm" / "person.csv").unlink()
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("complete: {}\n", encoding="utf-8")
    for options in (TableOptions(str(mapping)), TableOptions()):
        with pytest.raises(FileError, match="the folder holds no person table"):
            open_sources(SESSION, [str(tmp_path / "cdm")], options)


CELL = st.sampled_from(["", "0", "12.1", "12.100", "<5", "999", "-3", "1e3", "x", "11,5"])
ROW = st.fixed_dictionaries(
    {
        "measurement_source_value": st.sampled_from(["718-7", "2160-0", "10230-1", "8480-6", "85319-2", "nothing", ""]),
        "measurement_concept_id": st.sampled_from(["0", "3000963", "3016723"]),
        "measurement_date": st.sampled_from(["2026-01-02", "2026-01-02 00:00:00", "20260102", "2026-01", "", "soon"]),
        "value_as_number": CELL,
        "value_source_value": CELL,
        "value_as_concept_id": st.sampled_from(["", "0", "45884084"]),
        "operator_concept_id": st.sampled_from(["", "4172703", "4171756"]),
        "unit_concept_id": st.sampled_from(["", "0", "8713", "8840"]),
        "unit_source_value": st.sampled_from(["", "g/dL", "mg/dL", "furlong"]),
        "range_high": CELL,
        "range_low": CELL,
    }
)


@given(st.lists(ROW, max_size=6))
def test_the_short_way_reads_what_the_long_way_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict]
) -> None:
    folder = tmp_path_factory.mktemp("cdm")
    measured = [{"measurement_id": n, "person_id": 1, **row} for n, row in enumerate(rows)]
    tables = {"person": PERSON, "measurement": measured or VISIT}
    short = omop(folder, tables)
    kept: Callable[..., bool] = person.plain_lab
    person.plain_lab = lambda *_: False
    try:
        assert omop(folder, tables) == short
    finally:
        person.plain_lab = kept


def test_progress_is_told_by_table_and_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    omop(tmp_path / "cdm", {"person": PERSON, "measurement": VISIT * 5})
    monkeypatch.setattr(read, "_TOLD", 2)
    told: list[str] = []
    assert len(list(open_sources(SESSION, [str(tmp_path / "cdm")], TableOptions(), told.append).readings)) == 1
    assert told == ["person.csv", "measurement.csv", "measurement.csv: 2 rows", "measurement.csv: 4 rows", "persons"]
