"""Whatever is read of a note is a patient file that every command accepts."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import read_note
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge

NOTES = sorted((Path(__file__).parents[3] / "benchmarks" / "intake_notes").glob("*.txt"))


def test_there_are_notes():
    assert len(NOTES) > 150


@pytest.mark.parametrize("note", NOTES, ids=lambda path: path.stem)
def test_a_reading_is_a_patient_file(note, tmp_path):
    knowledge = load_knowledge()
    file = tmp_path / "patient.yaml"
    file.write_text(yaml.safe_dump(read_notes([read_note(note)], knowledge).patient), encoding="utf-8")
    assert read_patient(file, knowledge, date(2027, 6, 1)).patient
