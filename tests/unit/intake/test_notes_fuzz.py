"""Broken and run-together notes: whatever comes, it is answered with a patient file, or refused in one line.

Some dozens in a usual run, thousands with HYPOTHESIS_PROFILE=soak; HER2NAV_SEED chooses others. The number tried is
printed (pytest -s).
"""

import os
import random
from datetime import date
from pathlib import Path

import pytest
import yaml

from broken_texts import WAYS
from her2nav.app.intake import checked
from her2nav.intake.notes.read import read_notes
from her2nav.intake.notes.source import note_of
from her2nav.intake.patient_file import read_patient
from her2nav.intake.reading import Reading
from her2nav.knowledge.load import load_knowledge
from her2nav.model.errors import Her2NavError

TRIED = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 12
SEED = int(os.environ.get("HER2NAV_SEED") or 20261123)
TODAY = date(2027, 6, 1)
NOTES = sorted((Path(__file__).parents[3] / "benchmarks" / "intake_notes").glob("*.txt"))


class Clock:
    """A day after those of the notes."""

    def today(self) -> date:
        return TODAY


def as_written(text: str, _: random.Random) -> str:
    return text


def pieces(text: str, chance: random.Random) -> str:
    """Take some lines from anywhere, in their order, as a hasty copy does."""
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    return "\n".join(line for line in lines[start : start + 40] if chance.random() < 0.8)


def one_line(text: str, _: random.Random) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("way", [*WAYS, "as_written", "pieces", "one_line"])
def test_whatever_comes_is_answered(way: str, tmp_path: Path) -> None:
    chance, knowledge = random.Random(f"{SEED} {way}"), load_knowledge()
    breaks = {**WAYS, "as_written": as_written, "pieces": pieces, "one_line": one_line}[way]
    file, failed = tmp_path / "patient.yaml", []
    for _ in range(TRIED):
        whole = "\n\n".join(path.read_text("utf-8") for path in chance.sample(NOTES, chance.randint(1, 4)))
        text = breaks(whole, chance)
        try:
            found = checked(Clock(), read_notes([note_of(text, "note")], knowledge))
            file.write_text(yaml.safe_dump(found.patient), encoding="utf-8")
            read_patient(file, knowledge, TODAY)
        except Her2NavError as refused:
            if refused.code not in ("no_text", "binary_file"):
                failed.append(f"{refused}: {text!r}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault of the reader
            failed.append(f"{type(error).__name__}: {error}: {text!r}")
    print(f"{way}: {TRIED} notes tried, seed {SEED}, {len(failed)} failed")
    assert failed == []


def test_however_much_is_not_allowed_the_rest_is_kept(tmp_path: Path) -> None:
    effects = [{"name": f"effect {i}", "grade": 9 if i % 2 else 2} for i in range(120)]
    found = checked(Clock(), Reading({"toxicities": effects, "performance": {"ecog": 1}}))
    assert [one.get("grade") for one in found.patient["toxicities"]] == [2, None] * 60
    assert found.patient["performance"] == {"ecog": 1}
    assert {question.code for question in found.questions} == {"not_allowed"}
    assert len(found.questions) == 60
