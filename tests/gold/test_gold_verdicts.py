"""Six gold patients on the gold trials that ship: verdicts compared with a reader's, each difference explained."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from her2nav.app.match import match
from her2nav.app.session import Session
from her2nav.intake.patient_file import read_patient

DIFFERENCES = Path(__file__).parent / "differences.csv"


@pytest.fixture(scope="module")
def answers(shared):
    session = Session(today=lambda: date(2026, 11, 21))
    found = {}
    for path in sorted((shared / "data/gold/patients").glob("D*.yaml")):
        read = read_patient(path, session.knowledge, session.today())
        for item in match(session, read).matches:
            found[path.stem, item.trial.record.nct_id] = item
    return found


@pytest.fixture(scope="module")
def gold(shared):
    lines = (shared / "data/gold/verdicts.jsonl").read_text().splitlines()
    return {(row["patient"], row["nct_id"]): row for row in map(json.loads, lines)}


def test_no_false_fit(answers, gold):
    """A trial that a reader found closed to a patient, or open in question, is never said to fit."""
    for pair, row in gold.items():
        if pair in answers and answers[pair].verdict.word == "eligible":
            assert row["verdict"] == "eligible", pair


def test_no_false_exclusion(answers, gold):
    for pair, row in gold.items():
        if pair in answers and answers[pair].verdict.word == "ineligible":
            assert row["verdict"] == "ineligible", pair


def test_every_difference_is_recorded_with_its_reason(answers, gold):
    recorded = {(row["patient"], row["nct_id"]): row for row in csv.DictReader(DIFFERENCES.read_text().splitlines())}
    found = {
        pair: (row["verdict"], answers[pair].verdict.word)
        for pair, row in gold.items()
        if pair in answers and answers[pair].verdict.word != row["verdict"]
    }
    assert found == {pair: (row["gold"], row["ours"]) for pair, row in recorded.items()}
    assert all(row["why"] for row in recorded.values())
