"""The gold pairs on trees read from the registry's text: nothing false is said, and what was once found stays found.

Of the seven that a reader found to fit, one asks for a blood pressure that no record holds, and two for a tumour size
that stands in the note alone: from the files four can be found, with the notes six, as from the curated trees.
"""

import json
from dataclasses import replace
from datetime import date

import pytest

from her2nav.app.criteria import record_of
from her2nav.app.intake import added_to, intake
from her2nav.app.session import Session
from her2nav.criteria.reader import reader
from her2nav.criteria.trial import read_trial
from her2nav.intake.patient_file import read_patient
from her2nav.matching.compiled import compile_trials
from her2nav.matching.results import match_patient
from her2nav.model.patient import Patient

FOUND = {
    False: {"eligible": 4, "possible": 19, "ineligible": 29},
    True: {"eligible": 6, "possible": 19, "ineligible": 29},
}
"""How many are found of each verdict, without and with the patients' notes."""


@pytest.fixture(scope="module", params=FOUND, ids=["file", "note added"])
def pairs(shared, request):
    """The verdicts of a reader and ours, by patient and trial, and how many must be found of each."""
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
        read = read_patient(file, session.knowledge, session.today())
        if request.param:
            noted = added_to(session, read, file.name, intake(session, [file.with_suffix(".note.txt")]).reading)
            read = replace(read, patient=Patient.model_validate(noted.patient))
        case = session.case(read)
        ours = {one.trial.record.nct_id: one.verdict.word for one in match_patient(case, trials)}
        found |= {
            (patient, row["nct_id"]): (row["verdict"], ours[row["nct_id"]]) for row in rows if row["patient"] == patient
        }
    return found, FOUND[request.param]


def test_nothing_false_is_said(pairs):
    assert [pair for pair, (gold, ours) in pairs[0].items() if ours not in (gold, "possible")] == []


@pytest.mark.parametrize("verdict", FOUND[False])
def test_what_was_found_stays_found(pairs, verdict):
    both, least = pairs
    right = sorted(pair for pair, (gold, ours) in both.items() if gold == ours == verdict)
    assert len(right) >= least[verdict], right
