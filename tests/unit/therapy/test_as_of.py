"""Golden questions: what is on label for a patient as of five days."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from her2nav.facts.case import Case
from her2nav.files.csvfile import parse_csv
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.therapy.options import Advice, advise

HERE = Path(__file__).resolve().parent
ROWS = [row for _, row in parse_csv((HERE / "as_of.csv").read_text(encoding="utf-8"), "as_of.csv")]
DAYS = [name for name in ROWS[0] if name[:2] == "20"]


@cache
def patients() -> dict[str, Patient]:
    text = (HERE / "patients.yaml").read_text(encoding="utf-8")
    common = {"demographics": {"birth_date": "1960-01-01"}, "complete": {"therapies": True}, "therapies": []}
    loaded = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - scalars stay text, and the file is our own
    return {name: Patient.model_validate({**common, **record}) for name, record in loaded.items()}


@cache
def advice(name: str, country: str, day: str) -> Advice:
    return advise(Case(patients()[name], date.fromisoformat(day), load_knowledge()), country)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_answer_of_the_day(row: dict[str, str], day: str) -> None:
    found = {one.approval.id: one for one in advice(row["patient"], row["country"], day).options}
    option = found.get(row["entry"])
    assert (option.category.value if option else "absent") == row[day], row["question"]


def test_there_are_thirty_questions_and_every_patient_is_asked_about() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) >= 30
    assert {row["patient"] for row in ROWS} == set(patients())


def test_zongertinib_was_for_pretreated_disease_before_february_2026() -> None:
    for day, expected in (("2025-12-01", "not_suitable"), ("2026-02-25", "not_suitable"), ("2026-02-26", "on_label")):
        options = {one.approval.id: one for one in advice("lung_yvma_untreated", "US", day).options}
        assert options["LU-2-US"].category.value == expected


def test_pd_l1_was_not_asked_for_before_november_2023() -> None:
    def category(day: str) -> str:
        options = {one.approval.id: one for one in advice("gastric_first_line_cps0", "US", day).options}
        return options["GA-2-US"].category.value

    assert category("2023-10-31") == "unknown"  # the specimen is of 2024: nothing is known of HER2 before
    assert category("2023-12-01") == "not_suitable"


def test_status_and_first_day_of_a_label_follow_the_day() -> None:
    def status(day: str) -> str:
        options = {one.approval.id: one for one in advice("gastric_first_line_cps5", "US", day).options}
        return options["GA-2-US"].label.status

    assert [status("2025-03-18"), status("2025-03-19")] == ["accelerated", "regular"]
