"""All labels of a day judged together say what each says when it is judged with its reasons."""

from datetime import date
from pathlib import Path

import pytest

from her2nav.app.what_if import with_course
from her2nav.facts.case import Case
from her2nav.intake.patient_file import read_patient
from her2nav.knowledge.load import load_knowledge
from her2nav.matching import single
from her2nav.matching.explain import Explainer
from her2nav.model.truth import Truth
from her2nav.therapy.book import therapy_book
from her2nav.therapy.gate_truths import gate_codes, gate_codes_of_each, gate_truths
from her2nav.therapy.label_table import label_table
from her2nav.therapy.labels import judge_label

DAY = date(2026, 11, 21)
EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.yaml"))
REGIMENS = (("trastuzumab deruxtecan",), ("trastuzumab", "pertuzumab"), ("chemotherapy",))


def judged(case, jurisdiction):
    """Return the labels of a jurisdiction and the recommendations, each judged for itself."""
    book, explainer = therapy_book(case.knowledge), Explainer(case)
    found = (judge_label(item, case, explainer, book) for item in book.approvals)
    return {
        one.approval.id: one
        for one in found
        if one is not None
        and one.approval.jurisdiction in ("any", jurisdiction)
        and one.approval.standing in ("approved", "guideline")
    }


def opened(before, after):
    """Return whether a closed label is open for certain where it was closed, and for HER2 and the setting."""
    if before.truth is not Truth.NOT_MET or after.truth is Truth.NOT_MET:
        return False
    closed = {gate.gate.id for gate in before.with_truth(Truth.NOT_MET)}
    asked = [gate for gate in after.gates if gate.gate.about in ("her2", "setting") or gate.gate.id in closed]
    return all(gate.truth is Truth.MET for gate in asked)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_labels_together(path):
    knowledge = load_knowledge()
    read = read_patient(path, knowledge, DAY)
    case = Case(read.patient, read.as_of, knowledge)
    book = therapy_book(knowledge)
    for name, truth in gate_truths(case, book).items():
        assert Explainer(case).explain(book.gate_trees[name]).truth is truth
    later = [with_course(case, drugs) for drugs in REGIMENS]
    for jurisdiction in ("US", "EU", None):
        table, own = label_table(book, case.as_of, jurisdiction), judged(case, jurisdiction)
        before = table.judge(gate_codes(case, book))
        assert table.names == tuple(own)
        assert [single.BY_CODE[code] for code in before.labels] == [one.truth for one in own.values()]
        for one, codes in zip(later, gate_codes_of_each(case, later, book), strict=True):
            after, then = table.judge(codes), judged(one, jurisdiction)
            assert [single.BY_CODE[code] for code in after.labels] == [label.truth for label in then.values()]
            assert before.closed_by(after) == [
                name for name in own if own[name].truth is not Truth.NOT_MET and then[name].truth is Truth.NOT_MET
            ]
            assert list(before.opened_by(after)) == [name for name in own if opened(own[name], then[name])]
