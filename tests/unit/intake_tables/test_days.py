"""What lies after the patient's own day, or after today, counts for nothing and is listed."""

from pathlib import Path
from typing import Any

import pytest

from her2nav.intake.reading import Reading
from unit.intake_tables.table_helpers import asked, omop, read, table

VISITS = """
id: no
tables:
  - file: visits.csv
    columns:
      ecog: {field: performance.ecog, date: seen}
      dead: {field: demographics.vital_status, date: seen}
      out: {field: demographics.do_not_contact, date: seen}
      relapse: cancer.relapse_date
      hb: {lab: haemoglobin, unit: g/dL, date: seen}
"""
HEAD = ("no", "until", "seen", "ecog", "dead", "out", "relapse", "hb")


def listed(found: Reading) -> list[str]:
    """Return what was not used because it is later."""
    return [one.text for one in found.unused if "after the patient's day" in one.text]


def test_values_after_the_patients_own_day_are_set_aside(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ("A", "2026-06-01", "2026-05-01", "2", "", "", "2026-04", "12"),
        ("A", "2026-06-01", "2026-08-01", "0", "", "", "2026-09", "7"),
        ("A", "2026-06-01", "2099-01-01", "1", "deceased", "yes", "", "8"),
    ]
    (found,) = read(VISITS, table(tmp_path / "visits.csv", rows), as_of_column="until")
    assert found.patient == {
        "id": "A",
        "as_of": "2026-06-01",
        "demographics": {"do_not_contact": True},
        "performance": {"ecog": "2", "date": "2026-05-01"},
        "cancer": {"relapse_date": "2026-04"},
        "labs": [{"name": "haemoglobin", "value": "12", "unit": "g/dL", "date": "2026-05-01"}],
    }
    assert len(listed(found)) == 5
    assert asked(found) == ("demographics.vital_status: 2099-01-01 lies after the patient's day 2026-06-01; left out")


def test_values_after_today_are_asked_about(tmp_path: Path) -> None:
    rows = [HEAD, ("A", "", "2026-05-01", "2", "", "", "", ""), ("A", "", "2096-05-01", "0", "", "", "2097", "9")]
    (found,) = read(VISITS, table(tmp_path / "visits.csv", rows))
    assert found.patient == {"id": "A", "performance": {"ecog": "2", "date": "2026-05-01"}}
    assert asked(found).count("lies in the future; left out") == 3


ENTRIES = """
id: no
complete: {therapies: true}
tables:
  - file: given.csv
    entry: therapies
    columns: {drug: drugs, from: start, to: end, pd: progression_date, why: reason_stopped}
"""


@pytest.mark.parametrize("until", ["2026-06-01", ""])
def test_an_entry_that_began_later_and_an_end_that_is_later(tmp_path: Path, until: str) -> None:
    late = "2026-08-01" if until else "2096-08-01"
    rows = [
        ("no", "until", "drug", "from", "to", "pd", "why"),
        ("A", until, "trastuzumab", late, "", "", ""),
        ("A", until, "capecitabine", "2026-02-01", late, late, "progression"),
        ("A", until, "docetaxel", "2025-02-01", "2025-06-01", "", "completed"),
    ]
    column = "until" if until else None
    (found,) = read(ENTRIES, table(tmp_path / "given.csv", rows), as_of_column=column)
    assert found.patient["therapies"] == [
        {"drugs": ["docetaxel"], "end": "2025-06-01", "reason_stopped": "completed", "start": "2025-02-01"},
        {"drugs": ["capecitabine"], "reason_stopped": "progression", "start": "2026-02-01"},
    ]
    if until:
        assert found.patient["complete"] == {"therapies": True}
        assert len(listed(found)) == 3
    else:
        assert "complete" not in found.patient
        assert asked(found).count("lies in the future") == 3


def test_what_is_planned_may_be_later(tmp_path: Path) -> None:
    mapping = "id: no\ntables:\n  - {file: p.csv, entry: planned, columns: {drug: drugs, from: start}}\n"
    (found,) = read(mapping, table(tmp_path / "p.csv", [("no", "drug", "from"), ("A", "trastuzumab", "2096-08-01")]))
    assert found.patient["planned"] == [{"drugs": ["trastuzumab"], "start": "2096-08-01"}]


def test_the_later_day_of_a_part_takes_that_part_out(tmp_path: Path) -> None:
    mapping = (
        "id: no\ntables:\n  - {file: s.csv, entry: specimens,"
        " columns: {taken: collected, ihc: ihc.score, fish: ish.result, on: ish.date}}\n"
    )
    rows = [("no", "taken", "ihc", "fish", "on"), ("A", "2025-01-01", "2+", "amplified", "2096-01-01")]
    (found,) = read(mapping, table(tmp_path / "s.csv", rows))
    assert found.patient["specimens"] == [{"collected": "2025-01-01", "ihc": {"score": "2+"}}]


def test_a_column_for_the_day_belongs_to_the_value_beside_it(tmp_path: Path) -> None:
    mapping = (
        "id: no\ntables:\n  - {file: v.csv, columns: {ecog: performance.ecog, seen: performance.date,"
        " er: biomarkers.er.status, er_day: {field: biomarkers.er.date, dates: dmy}}}\n"
    )
    rows = [
        ("no", "ecog", "seen", "er", "er_day"),
        ("A", "2", "2026-05-01", "positive", "03.02.2024"),
        ("A", "1", "2026-03-01", "", ""),
        ("A", "0", "2096-03-01", "negative", "01.02.2095"),
        ("A", "", "2026-09-01", "", ""),
    ]
    (found,) = read(mapping, table(tmp_path / "v.csv", rows))
    assert found.patient["performance"] == {"ecog": "2", "date": "2026-05-01"}
    assert found.patient["biomarkers"]["er"] == {"status": "positive", "date": "2024-02-03"}
    assert found.contradictions == ()
    assert [one.value for one in found.older] == ["1"]


def test_a_percentage_is_not_put_beside_the_status_of_another_day(tmp_path: Path) -> None:
    mapping = (
        "id: no\ntables:\n  - {file: v.csv, columns: {er: biomarkers.er.status, percent: biomarkers.er.percent,"
        " day: biomarkers.er.date}}\n"
    )
    rows = [("no", "er", "percent", "day"), ("A", "positive", "80", "2022-01-01"), ("A", "negative", "", "2024-01-01")]
    (found,) = read(mapping, table(tmp_path / "v.csv", rows))
    assert found.patient["biomarkers"]["er"] == {"status": "negative", "date": "2024-01-01"}
    assert sorted(one.value for one in found.older) == ["80", "positive"]


def person(**more: Any) -> dict[str, Any]:
    """Return a row of the person table."""
    return {"person_id": 1, "gender_concept_id": 8532, "year_of_birth": 1964, **more}


def event(table_name: str, concept: int, day: str, **more: Any) -> dict[str, Any]:
    """Return a row of an event table."""
    column = {"drug_exposure": "drug_exposure_start_date", "condition_occurrence": "condition_start_date"}
    return {
        "person_id": 1,
        f"{table_name.split('_')[0]}_concept_id": concept,
        column.get(table_name, f"{table_name.split('_')[0]}_date"): day,
        **more,
    }


def rows_of(late: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of a person of whom everything is told twice: once in time, once later."""
    drug = {"drug_type_concept_id": 32818, "drug_source_value": "trastuzumab"}
    ecog = {"measurement_source_value": "89247-1"}
    return {
        "measurement": [
            event("measurement", 0, "2024-05-01", value_as_number="2", **ecog),
            event("measurement", 0, late, value_as_number="1", **ecog),
            event("measurement", 0, late, value_source_value="3+", measurement_source_value="85319-2"),
        ],
        "drug_exposure": [
            event("drug_exposure", 0, "2024-05-01", **drug),
            event("drug_exposure", 0, late, **drug),
        ],
        "condition_occurrence": [
            event("condition_occurrence", 0, "2024-01-01", condition_source_value="C50.4"),
            event("condition_occurrence", 0, late, condition_source_value="C78.7"),
        ],
        "death": [{"person_id": 1, "death_date": late}],
        "procedure_occurrence": [event("procedure_occurrence", 0, late, procedure_source_value="172043006")],
        "specimen": [{"person_id": 1, "specimen_id": 9, "specimen_date": late}],
        "note": [{"person_id": 1, "note_date": late, "note_text": "LVEF 61 % on 2024-05-01."}],
        "episode": [{"person_id": 1, "episode_id": 1, "episode_concept_id": 32529, "episode_start_date": late}],
    }


@pytest.mark.parametrize("own", [True, False])
def test_rows_of_omop_after_the_patients_day_count_for_nothing(tmp_path: Path, own: bool) -> None:
    late = "2026-08-01" if own else "2096-08-01"
    tables = {"person": [person(until="2026-06-01")], **rows_of(late)}
    mapping = "complete: {therapies: true}\nomop: {notes: read}"
    found = omop(tmp_path, tables, mapping, "until" if own else None)["1"]
    assert late not in str(found.patient)
    assert found.patient["demographics"] == {"birth_date": "1964", "sex": "female"}
    assert found.patient["performance"] == {"ecog": 2, "date": "2024-05-01"}
    assert found.patient["therapies"] == [{"drugs": ["trastuzumab"], "start": "2024-05-01", "end": "2024-05-01"}]
    assert found.patient["cancer"] == {"tumour_type": "breast"}
    assert not {"specimens", "procedures", "cardiac"} & set(found.patient)
    if own:
        assert found.patient["complete"] == {"therapies": True}
        assert len(listed(found)) == 8
        assert "death: 2026-08-01 lies after the patient's day 2026-06-01; left out" in asked(found)
    else:
        assert "complete" not in found.patient
        assert asked(found).count("lies in the future; left out") == 9


def test_a_date_that_is_none_dates_nothing_and_is_listed(tmp_path: Path) -> None:
    ecog = {"measurement_source_value": "89247-1"}
    tables = {
        "person": [person()],
        "measurement": [
            event("measurement", 0, "2024-02-10", value_as_number="2", **ecog),
            event("measurement", 0, "2024-02-31", value_as_number="1", **ecog),
        ],
        "drug_exposure": [
            event(
                "drug_exposure", 0, "2024-05-01", drug_source_value="trastuzumab", drug_type_concept_id=32818,
                drug_exposure_end_date="2023-05-01",
            )
        ],
        "episode": [
            {
                "person_id": 1, "episode_id": 1, "episode_concept_id": 32531, "episode_start_date": "2025-06-01",
                "episode_end_date": "2025-01-01", "episode_source_value": "TCHP",
            }
        ],
    }  # fmt: skip
    found = omop(tmp_path, tables)["1"]
    assert "performance" not in found.patient
    assert [one.message for one in found.contradictions] == ["ecog: 2 or 1"]
    assert found.patient["therapies"][0] == {"drugs": ["trastuzumab"], "start": "2024-05-01", "end": "2024-05-01"}
    assert "end" not in found.patient["therapies"][1]
    texts = [one.text for one in found.unused]
    assert "measurement.measurement_date: no date" in texts
    assert "drug_exposure.drug_exposure_end_date: an end before the beginning" in texts
    assert "episode.episode_end_date: an end before the beginning" in texts
