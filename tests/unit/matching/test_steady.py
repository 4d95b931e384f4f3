"""Leaves that no systemic therapy changes are the same with a treatment started: what a door is judged by."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from her2nav.app.session import Session
from her2nav.app.what_if import with_course
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.kinds.registry import kinds
from her2nav.matching import single
from her2nav.matching.evaluate import codes_of, codes_of_each
from her2nav.matching.plan import STEADY, plan

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
REGIMENS = (
    ("trastuzumab", "pertuzumab", "docetaxel"),
    ("trastuzumab deruxtecan",),
    ("tucatinib", "capecitabine"),
    ("pembrolizumab", "cisplatin"),
)


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


def test_steady_kinds_exist():
    assert set(kinds()) >= STEADY


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_treatment_changes_no_steady_leaf(session, path):
    program = session.compiled.program
    read = read_patient(path, session.knowledge, session.today())
    case = session.case(read)
    before = codes_of(program, case.alone)
    steady = plan(program, session.knowledge).steady
    assert len(steady) > 500
    for drugs in REGIMENS:
        later = with_course(case, drugs)
        whole = codes_of(program, later.alone)
        assert np.array_equal(whole[2 * steady], before[2 * steady])
        quick = codes_of(program, Case(later.patient, case.as_of, case.knowledge).alone, before)
        assert np.array_equal(quick, whole)
        (looked_at,) = codes_of_each(program, [later], before, session.compiled)
        for trial in session.compiled.trials:
            assert looked_at[trial.verdict] == whole[trial.verdict]
            if whole[trial.verdict] != single.NOT_MET or before[trial.verdict] != single.NOT_MET:
                asked = np.array(trial.references, np.intp)
                assert np.array_equal(looked_at[asked], whole[asked])
