"""Laboratory values that are tried: what is kept from one patient to the next is what the record would come to."""

from datetime import date
from pathlib import Path

import pytest

from her2nav.app.session import Session
from her2nav.facts.labs import newest
from her2nav.intake.patient_file import read_patient
from her2nav.matching import laboratory
from her2nav.matching.fact import evaluated
from her2nav.matching.shared_leaves import shared_leaves
from her2nav.matching.supposed import suppose_each

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture(scope="module")
def session():
    return Session(today=lambda: date(2026, 11, 21))


@pytest.mark.parametrize("name", ["sparse", "breast-low", "gastric-positive"])
def test_a_value_tried_alone_is_what_the_record_with_it_comes_to(session, name):
    case = session.case(read_patient(EXAMPLES / f"{name}.yaml", session.knowledge, session.today()))
    leaves = shared_leaves((session.compiled.program,), session.knowledge).keys
    table = session.knowledge.variables.variables
    asked = {}
    for i, leaf in enumerate(leaves):
        if leaf.kind == "lab_value" and leaf.params.variable in table:
            asked.setdefault(leaf.params.variable, []).append(i)
    tried = {
        name: laboratory._values(case, table[name], [leaves[i].params for i in own]) for name, own in asked.items()
    }
    found = laboratory._truths(case, leaves, asked, tried)
    assert sum(not newest(case, one) for one in asked) > 5
    for variable, own in asked.items():
        entries = [laboratory._entry(table[variable], value, case.as_of) for value in tried[variable]]
        whole = evaluated(suppose_each(case, "labs", entries), leaves, own)
        assert (found[variable] == whole).all(), variable
