"""Tables with a mapping file: fields, entries, facts in rows, dates, units, and what is left out."""

from pathlib import Path

import pytest

from her2nav.intake.tables.mapping import read_mapping
from her2nav.intake.tables.read import open_tables, readings
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from unit.intake_tables.table_helpers import TODAY, asked, read, table, where

WIDE = """
id: no
dates: dmy
tables:
  - file: people.csv
    columns:
      born: demographics.birth_date
      sex: {field: demographics.sex, values: {w: female, m: male}}
      ecog: {field: performance.ecog, date: seen}
      hb: {lab: haemoglobin, unit: g/dL, date: seen}
      ihc: specimens.0.ihc.score
      sites: {field: cancer.metastatic_sites, split: "+"}
      ef: {field: cardiac.lvef_percent, date: seen}
"""


def people(folder: Path, *rows: tuple[str, ...]) -> str:
    """Write a table of people."""
    head = ("no", "born", "sex", "ecog", "seen", "hb", "ihc", "sites", "ef")
    return table(folder / "people.csv", [head, *rows])


def test_a_row_of_a_patient_becomes_a_record_with_places(tmp_path: Path) -> None:
    path = people(tmp_path, ("A", "03.02.1964", "w", "1", "05.11.2026", "11.8", "2+", "liver+bone", "58"))
    (found,) = read(WIDE, path)
    patient = Patient.model_validate(found.patient)
    assert str(patient.demographics.birth_date) == "1964-02-03"
    assert patient.demographics.sex == "female"
    assert (patient.performance and patient.performance.ecog, str(patient.performance.date)) == (1, "2026-11-05")
    assert patient.cancer.metastatic_sites == ("liver", "bone")
    assert patient.specimens[0].ihc is not None
    assert patient.specimens[0].ihc.score == ("2+",)
    assert (patient.labs[0].name, str(patient.labs[0].value), str(patient.labs[0].date)) == (
        "haemoglobin",
        "11.8",
        "2026-11-05",
    )
    assert str(patient.cardiac.lvef[0].date) == "2026-11-05"
    assert where(found, "/labs/0/value") == ("people.csv", 2, "hb")
    assert where(found, "/demographics/sex") == ("people.csv", 2, "sex")
    assert found.questions == ()


def test_visits_of_one_patient_keep_the_newest_and_list_the_older(tmp_path: Path) -> None:
    path = people(
        tmp_path,
        ("A", "1964", "w", "2", "05.11.2026", "", "", "", ""),
        ("A", "1964", "w", "1", "05.06.2026", "", "", "", ""),
    )
    (found,) = read(WIDE, path)
    assert found.patient["performance"] == {"ecog": "2", "date": "2026-11-05"}
    assert [one.value for one in found.older] == ["1"]
    assert found.contradictions == ()


def test_rows_that_contradict_are_left_out_with_both_places(tmp_path: Path) -> None:
    path = people(tmp_path, ("A", "1964", "w", "", "", "", "", "", ""), ("A", "1965", "w", "", "", "", "", "", ""))
    (found,) = read(WIDE, path)
    assert "birth_date" not in found.patient["demographics"]
    (one,) = found.contradictions
    assert {choice.origin.line for choice in one.choices} == {2, 3}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("ecog=7", "out of range"),
        ("ecog=good", "not a number"),
        ("ihc=4+", "does not exist"),
        ("born=31.02.1964", "has 29 days"),
        ("born=02/30/1964", "day, month, year"),
        ("hb=<5", "a bound and no value"),
        ("hb=1e400", "not a number"),
        ("hb=99999999999999999999", "at most 15 digits"),
        ("hb=118", "not possible"),
        ("sex=x", "not allowed"),
        ("born=45678", "no date"),
    ],
)
def test_a_cell_that_is_not_allowed_is_left_out_and_asked(tmp_path: Path, cell: str, said: str) -> None:
    name, _, value = cell.partition("=")
    head = ("no", "born", "sex", "ecog", "seen", "hb", "ihc", "sites", "ef")
    row = ["A"] + [value if column == name else "" for column in head[1:]]
    path = people(tmp_path, tuple(row))
    (found,) = read(WIDE, path)
    assert said in asked(found), asked(found)
    assert set(found.patient) == {"id"}
    (question,) = found.questions
    assert question.origin is not None
    assert (question.origin.line, question.origin.quote) == (2, name)


def test_a_word_without_a_meaning_says_nothing(tmp_path: Path) -> None:
    mapping = WIDE.replace("m: male}", "m: male, unbekannt: }")
    (found,) = read(mapping, people(tmp_path, ("A", "1964", "unbekannt", "NA", "", "n/a", "-", "", "")))
    assert found.patient == {"id": "A", "demographics": {"birth_date": "1964"}}
    assert found.questions == ()


THERAPIES = """
id: no
complete: {therapies: true, conditions: true}
tables:
  - file: drugs.csv
    entry: therapies
    columns:
      drug: {field: drugs, split: "+"}
      from: start
      to: end
      why: {field: reason_stopped, values: {PD: progression}, only: true}
"""


def test_rows_of_a_list_are_entries_oldest_first(tmp_path: Path) -> None:
    path = table(
        tmp_path / "drugs.csv",
        [
            ("no", "drug", "from", "to", "why"),
            ("A", "T-DXd", "2026-01-01", "", ""),
            ("A", "trastuzumab + docetaxel", "2025-01-01", "2025-10-01", "PD"),
            ("A", "trastuzumab + docetaxel", "2025-01-01", "2025-10-01", "PD"),
        ],
    )
    (found,) = read(THERAPIES, path)
    assert [one["start"] for one in found.patient["therapies"]] == ["2025-01-01", "2026-01-01"]
    assert found.patient["therapies"][0]["drugs"] == ["trastuzumab", "docetaxel"]
    assert found.patient["therapies"][0]["reason_stopped"] == "progression"
    assert "reason_stopped" not in found.patient["therapies"][1]
    assert found.patient["complete"] == {"therapies": True, "conditions": True}


def test_a_list_from_which_something_was_left_out_is_not_complete(tmp_path: Path) -> None:
    rows = [("no", "drug", "from", "to", "why"), ("A", "T-DXd", "2026-13-01", "", ""), ("B", "T-DXd", "2026", "", "")]
    one, other = read(THERAPIES, table(tmp_path / "drugs.csv", rows))
    assert one.patient["complete"] == {"conditions": True}
    assert "therapies is not taken as complete" in asked(one)
    assert other.patient["complete"] == {"therapies": True, "conditions": True}


def test_without_a_declaration_nothing_is_complete(tmp_path: Path) -> None:
    mapping = THERAPIES.replace("complete: {therapies: true, conditions: true}\n", "")
    path = table(tmp_path / "drugs.csv", [("no", "drug", "from", "to", "why"), ("A", "T-DXd", "2026", "", "")])
    (found,) = read(mapping, path)
    assert "complete" not in found.patient


FACTS = """
id: no
tables:
  - file: facts.csv
    variable: test
    value: result
    unit: unit
    date: day
    uln: high
    where: {state: [final, amended]}
    rows:
      ECOG: performance.ecog
      HB: {lab: haemoglobin}
      ALT: {lab: alt}
"""


def test_one_fact_a_row(tmp_path: Path) -> None:
    rows = [
        ("no", "test", "result", "unit", "day", "high", "state"),
        ("A", "ECOG", "1", "", "2026-11-01", "", "final"),
        ("A", "HB", "118", "g/L", "2026-11-01", "", "final"),
        ("A", "ALT", "31", "U/L", "2026-11-01", "40", "amended"),
        ("A", "ALT", "900", "U/L", "2026-11-02", "", "cancelled"),
        ("A", "HB", "11", "furlong", "2026-11-02", "", "final"),
        ("A", "CRP", "5", "mg/L", "2026-11-02", "", "final"),
    ]
    (found,) = read(FACTS, table(tmp_path / "facts.csv", rows))
    assert {lab["name"]: (lab["value"], lab.get("uln")) for lab in found.patient["labs"]} == {
        "haemoglobin": ("118", None),
        "alt": ("31", "40"),
    }
    assert "unknown unit 'furlong' (allowed: g/dL" in asked(found)
    assert [one.text for one in found.unused] == [
        "state: a row that the mapping file leaves out",
        "test: not mapped: CRP",
    ]


def test_values_of_one_day_that_differ_are_a_contradiction(tmp_path: Path) -> None:
    rows = [
        ("no", "test", "result", "unit", "day", "high", "state"),
        ("A", "HB", "11.8", "g/dL", "2026-11-01", "", "final"),
        ("A", "HB", "9.1", "g/dL", "2026-11-01", "", "final"),
    ]
    (found,) = read(FACTS, table(tmp_path / "facts.csv", rows))
    assert "labs" not in found.patient
    assert "haemoglobin on 2026-11-01: 11.8 g/dL or 9.1 g/dL" in found.contradictions[0].message


def test_semicolons_go_with_decimal_commas(tmp_path: Path) -> None:
    rows = [
        ("no", "born", "sex", "ecog", "seen", "hb", "ihc", "sites", "ef"),
        ("A", "1964", "w", "", "05.11.2026", "11,8", "", "", "58,5"),
    ]
    (found,) = read(WIDE, table(tmp_path / "people.csv", rows, ";"))
    assert found.patient["labs"][0]["value"] == "11.8"
    assert found.patient["cardiac"]["lvef_percent"] == "58.5"


def test_two_forms_of_dates_in_one_table(tmp_path: Path) -> None:
    mapping = WIDE.replace("born: demographics.birth_date", 'born: {field: demographics.birth_date, dates: "%d%b%Y"}')
    (found,) = read(mapping, people(tmp_path, ("A", "03Feb1964", "w", "1", "05/11/2026", "", "", "", "")))
    assert found.patient["demographics"]["birth_date"] == "1964-02-03"
    assert found.patient["performance"]["date"] == "2026-11-05"


def test_the_dead_and_those_not_to_be_contacted_are_so_by_any_row(tmp_path: Path) -> None:
    mapping = """
id: no
tables:
  - file: a.csv
    columns: {state: demographics.vital_status, stop: demographics.do_not_contact}
"""
    rows = [("no", "state", "stop"), ("A", "alive", "no"), ("A", "deceased", "yes"), ("A", "alive", "")]
    (found,) = read(mapping, table(tmp_path / "a.csv", rows))
    assert found.patient["demographics"] == {"vital_status": "deceased", "do_not_contact": True}
    assert found.contradictions == ()


def test_rows_of_one_specimen_are_joined_by_its_id(tmp_path: Path) -> None:
    mapping = """
id: no
tables:
  - {file: ihc.csv, entry: specimens, columns: {block: id, day: collected, score: ihc.score}}
  - {file: fish.csv, entry: specimens, columns: {block: id, ratio: ish.her2_cep17_ratio, say: ish.result}}
"""
    ihc = table(tmp_path / "ihc.csv", [("no", "block", "day", "score"), ("A", "B1", "2026-01-02", "2+")])
    fish = table(
        tmp_path / "fish.csv",
        [("no", "block", "ratio", "say"), ("A", "B1", "2.4", "positive"), ("A", "B2", "1.1", "negative")],
    )
    (found,) = read(mapping, ihc, fish)
    assert [one["id"] for one in found.patient["specimens"]] == ["B1", "B2"]
    assert found.patient["specimens"][0] == {
        "collected": "2026-01-02",
        "id": "B1",
        "ihc": {"score": "2+"},
        "ish": {"her2_cep17_ratio": "2.4", "result": "positive"},
    }


def test_shifted_dates_have_a_day_of_their_own(tmp_path: Path) -> None:
    mapping = "id: no\ntables:\n  - file: a.csv\n    columns: {ecog: {field: performance.ecog, date: seen}}\n"
    rows = [("no", "ecog", "seen", "until"), ("A", "1", "2151-03-02", "2151-04-01"), ("B", "2", "2151-03-02", "")]
    one, other = read(mapping, table(tmp_path / "a.csv", rows), as_of_column="until")
    assert one.patient == {"id": "A", "as_of": "2151-04-01", "performance": {"ecog": "1", "date": "2151-03-02"}}
    assert "lies in the future" in asked(other)


def test_an_id_that_may_not_be_copied_goes_by_its_place(tmp_path: Path) -> None:
    mapping = "id: MRN\ncopy_id: false\ntables:\n  - file: a.csv\n    columns: {ecog: performance.ecog}\n"
    (found,) = read(mapping, table(tmp_path / "a.csv", [("MRN", "ecog"), ("778899", "1")]))
    assert found.patient == {"id": "a.csv:2", "performance": {"ecog": "1"}}
    assert "778899" not in repr(found)


def test_the_shipped_example_reads_as_its_comments_say(root: Path) -> None:
    knowledge = load_knowledge()
    folder = root / "examples" / "tables"
    layout = read_mapping(folder / "mapping.yaml", knowledge)
    files = sorted(str(one) for one in folder.glob("*.csv"))
    tables = open_tables(files, layout, knowledge)
    found = {one.patient["id"]: one for one in readings(tables, TODAY)}
    assert list(found) == ["T-001", "T-002", "T-003"]
    assert found["T-001"].patient["specimens"][0]["ish"]["result"] == "negative"
    assert found["T-003"].patient["demographics"]["do_not_contact"] is True
    assert tables.told == ["patients.csv: columns not read: comment"]
    assert "seen on ward 4" not in repr(found)
    for one in found.values():
        Patient.model_validate(one.patient)
