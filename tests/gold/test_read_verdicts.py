"""The gold pairs on trees read from the registry's text: nothing false is said, and what was once found stays found.

Of the seven that a reader found to fit, two ask for a blood pressure that no file holds, and one for a tumour size that
stands in the note alone: from the files four can be found, with the notes five.
"""

import json
from collections import Counter
from datetime import date

import pytest

from her2nav.app.criteria import record_of
from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.intake.patient_file import read_patient
from her2nav.matching.compiled import compile_trials
from her2nav.matching.results import match_patient

FOUND = {"eligible": 4, "possible": 19, "ineligible": 29}


@pytest.fixture(scope="module")
def pairs(shared):
    """The verdicts of a reader and ours, by patient and trial."""
    session = Session(today=lambda: date(2026, 11, 21))
    rows = [json.loads(line) for line in (shared / "data/gold/verdicts.jsonl").read_text().splitlines()]
    reads = reader(session.knowledge)
    texts = {row["nct_id"]: record_of(shared / f"data/gold/texts/{row['nct_id']}.json") for row in rows}
    trials = compile_trials(
        [read_trial(text, reads, session.knowledge, date(2026, 1, 5))[0] for text in texts.values()]
    )
    found = {}
    for patient in {row["patient"] for row in rows}:
        file = shared / f"data/gold/patients/{patient}.yaml"
        case = session.case(read_patient(file, session.knowledge, session.today()))
        ours = {one.trial.record.nct_id: one.verdict.word for one in match_patient(case, trials)}
        found |= {
            (patient, row["nct_id"]): (row["verdict"], ours[row["nct_id"]]) for row in rows if row["patient"] == patient
        }
    return found


def test_nothing_false_is_said(pairs):
    assert [pair for pair, (gold, ours) in pairs.items() if ours not in (gold, "possible")] == []


@pytest.mark.parametrize("verdict", FOUND)
def test_what_was_found_stays_found(pairs, verdict):
    right = Counter(gold for gold, ours in pairs.values() if gold == ours)
    assert right[verdict] >= FOUND[verdict], sorted(pair for pair, both in pairs.items() if both[0] == verdict)
