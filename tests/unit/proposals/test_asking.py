"""What would be sent: only what is open, and nobody's name."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from her2nav.app.criteria import read_criteria
from her2nav.app.intake import Intake, intake
from her2nav.app.session import Session
from her2nav.intake.notes.source import note_of
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.registry_trial import Eligibility, RegistryTrial
from her2nav.proposals.asking import about_criteria, about_notes, asking
from her2nav.proposals.records import placed

NOTE = """Letter of 12 March 2025
Patient: Mrs Anna Berglund, MRN 48812211, DOB 03/05/1957, tel 020 7946 0123
68 year old lady with gastric adenocarcinoma, liver metastases. ECOG 1. HER2 IHC 2+.
She manages her household alone. Mrs Berglund lives at 12 Rose Lane.
"""


def read(tmp_path, text: str = NOTE) -> Intake:
    path = tmp_path / "note.txt"
    path.write_text(text, encoding="utf-8")
    return intake(Session(), [path])


def request(found: Intake):
    return about_notes(found.notes, found.reading, load_knowledge())


def test_persons_are_painted_over(tmp_path) -> None:
    sent = request(read(tmp_path))
    whole = sent.instructions + sent.text
    for secret in ("Berglund", "Anna", "48812211", "03/05/1957", "7946", "Rose Lane"):
        assert secret in NOTE
        assert secret not in whole
    assert len(sent.text) == len(NOTE)


def test_what_the_rules_read_is_not_asked_for(tmp_path) -> None:
    found = read(tmp_path)
    sent = request(found)
    assert found.reading.patient["performance"]["ecog"] == 1
    assert "/performance/ecog" not in sent.asked
    assert "/specimens/-" not in sent.asked
    assert "/cancer/tumour_type" not in sent.asked
    assert {"/therapies/-", "/cancer/stage", "/allergies/-"} <= sent.asked
    assert all(f"{path}:" in sent.instructions for path in sent.asked)


def test_a_dispute_is_not_handed_to_a_model(tmp_path) -> None:
    found = read(tmp_path, "Breast cancer. Seen 3 May 2025, ECOG 1. Later that day: ECOG performance status 3.")
    assert [one.path for one in found.reading.contradictions] == ["/performance/ecog"]
    assert "/performance/ecog" not in request(found).asked


def test_the_digest_names_every_word(tmp_path) -> None:
    sent = request(read(tmp_path))
    digests = {
        sent.digest("http://127.0.0.1/v1", "m"),
        sent.digest("http://127.0.0.2/v1", "m"),
        sent.digest("http://127.0.0.1/v1", "n"),
        replace(sent, text=sent.text + " ").digest("http://127.0.0.1/v1", "m"),
        replace(sent, instructions="").digest("http://127.0.0.1/v1", "m"),
    }
    assert len(digests) == 5


@pytest.mark.parametrize("field", asking(load_knowledge()).fields, ids=lambda field: field.path)
def test_every_asked_field_is_one_of_the_patient_file(field) -> None:
    record = placed({}, field.path, None)
    assert record is not None
    Patient.model_validate(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/therapies/-", {"drugs": ["oxaliplatin"], "setting": "metastatic", "start": "2024-03", "end": "2024-09",
                          "cycles": 8, "reason_stopped": "progression", "best_response": "PR"}),
        ("/procedures/-", {"kind": "surgery", "site": "stomach", "date": "2023"}),
        ("/conditions/-", {"name": "diabetes", "status": "active", "date": "2010"}),
        ("/medications/-", {"name": "metformin"}),
        ("/allergies/-", {"substance": "penicillin"}),
        ("/toxicities/-", {"name": "neuropathy", "grade": 2, "ongoing": True, "due_to": "oxaliplatin"}),
        ("/cardiac/lvef/-", {"percent": 60, "date": "2025-01", "method": "echo"}),
        ("/specimens/-", {"organ": "stomach", "collected": "2024-02", "ihc": {"score": "2+"},
                          "ish": {"result": "positive", "her2_cep17_ratio": 3.1, "her2_copy_number": 7.2}}),
    ],
)  # fmt: skip
def test_every_entry_asked_for_fits_the_patient_file(path: str, value: dict) -> None:
    entries = {entry.path: entry.ask for entry in asking(load_knowledge()).entries}
    assert path in entries
    assert all(key in entries[path] for key in value)
    Patient.model_validate(placed({}, path, value))


def test_all_entries_are_tried_above() -> None:
    assert len(asking(load_knowledge()).entries) == 8


def test_unread_stretches_go_with_their_sentence_and_the_kinds() -> None:
    text = "Inclusion Criteria:\n* ECOG 0 or 1\n* The moon stands in the third house of the zodiac\n"
    trial = RegistryTrial("", "text", eligibility=Eligibility(text=text))
    answer = read_criteria(load_knowledge(), trial)
    sent = about_criteria(answer.read.criteria, answer.read.outline.text, load_knowledge())
    assert [source.name for source in sent.sources] == [str(n + 1) for n in range(len(sent.sources))]
    assert "moon stands" in " ".join(source.text for source in sent.sources)
    assert "ECOG" not in sent.text
    for kind in kinds().values():
        assert (f"\n{kind.id}: " in sent.instructions) == kind.evaluated
    referred = set(re.findall(r"#/\$defs/(\w+)", sent.instructions))
    assert referred
    assert all(f'"{name}": {{"' in sent.instructions for name in referred)


def test_a_note_given_as_text_is_painted_the_same_way() -> None:
    note = note_of("Patient: Ivo Marek. Born on 4 May 1960. Breast cancer.", "n")
    from her2nav.intake.notes.read import read_notes

    sent = about_notes([note], read_notes([note], load_knowledge()), load_knowledge())
    assert "Marek" not in sent.text
    assert "1960" not in sent.text
    assert json.dumps(sent.text)
