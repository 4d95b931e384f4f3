"""One patient alone: codes of nodes, forms of criteria, findings shared between trials."""

from datetime import date

import numpy as np
import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.matching import single
from her2nav.matching.compiled import compile_trials
from her2nav.matching.evaluate import LeafTruths, codes_of, rows_of
from her2nav.matching.program import Builder
from her2nav.matching.reasons import CriterionResult, Reasons
from her2nav.matching.results import match_patient
from her2nav.model.errors import RuleDataError
from her2nav.model.patient import Patient
from her2nav.model.tree import AllOf, AnyOf, AtLeast, Leaf, Not, When
from her2nav.model.trial import Criterion, Role, Status, Trial, TrialRecord
from her2nav.model.truth import Truth

DAY = date(2026, 6, 1)
RECORDS = (
    {},
    {"demographics": {"age": 50, "sex": "female"}, "performance": {"ecog": 1}},
    {"demographics": {"age": 17, "sex": "male"}, "performance": {"ecog": 3}},
)


def leaf(kind, span=None, **params):
    return Leaf(kind, kinds()[kind].params.model_validate(params), span=span)


ADULT, WOMAN, FIT = leaf("age", min=18), leaf("sex", any_of="female"), leaf("performance_status", ecog_max=1)
TREES = (
    ADULT,
    Not(WOMAN),
    AllOf((ADULT, Not(FIT))),
    AnyOf((Not(ADULT), WOMAN)),
    AtLeast(2, (ADULT, WOMAN, FIT)),
    Not(AtLeast(2, (ADULT, Not(WOMAN), FIT))),
    When(WOMAN, FIT),
)


def case_of(record):
    return Case(Patient.model_validate(record), DAY, load_knowledge())


def trial_of(number, *trees):
    record = TrialRecord(
        nct_id=f"NCT0000000{number}",
        title="a made-up trial",
        status=Status(value="RECRUITING", date=DAY, source="test"),
        curation="full",
        text_sha256="0" * 64,
        review={"state": "draft", "date": DAY},
    )
    criteria = tuple(Criterion(f"i{i}", Role.DECIDES, "inclusion", "made up", tree) for i, tree in enumerate(trees))
    return Trial(record, criteria, "curated")


def test_the_codes_of_one_patient_equal_the_rows_of_many():
    program = compile_trials([trial_of(1, *TREES)]).program
    cases = [case_of(record) for record in RECORDS]
    rows = rows_of(program, Block(cases))
    for i, case in enumerate(cases):
        codes = codes_of(program, case.alone)
        assert ((rows[:, 0] >> np.uint64(i)) & np.uint64(1)).astype(bool).tolist() == (codes == single.MET).tolist()
        turned = codes.reshape(-1, 2)[:, ::-1].reshape(-1)
        assert [single.BY_CODE[code].negated() for code in codes] == [single.BY_CODE[code] for code in turned]


def test_a_program_without_limits_and_one_without_leaves():
    case = case_of(RECORDS[1])
    for trees, expected in (((WOMAN,), Truth.MET), ((leaf("unread"),), Truth.UNKNOWN)):
        compiled = compile_trials([trial_of(1, *trees)])
        assert LeafTruths(compiled, case.alone).truth(compiled.trials[0].verdict).at(0) is expected
    assert codes_of(compile_trials([]).program, case.alone).tolist() == [single.MET, single.NOT_MET]


def test_trees_that_read_the_same_have_one_form():
    builder = Builder()
    forms = [builder.read(tree)[1] for tree in TREES]
    assert len(set(forms)) == len(TREES)
    assert builder.read(leaf("age", span=(3, 9), min=18))[1] == forms[0]
    assert builder.read(AllOf((ADULT, Not(FIT)), span=(0, 5)))[1] == forms[2]
    assert builder.read(AllOf((Not(FIT), ADULT)))[1] != forms[2]


def test_what_is_folded_shares_no_form():
    builder = Builder()
    first, second = (
        AnyOf((leaf("sex", any_of=one), leaf("sex", any_of=other)))
        for one, other in (("male", "female"), ("female", "male"))
    )
    assert builder.read(first)[0] == builder.read(second)[0]
    assert builder.read(first)[1] != builder.read(second)[1]


def test_a_finding_is_shared_between_trials():
    compiled = compile_trials([trial_of(1, ADULT, WOMAN), trial_of(2, leaf("age", span=(3, 9), min=18))])
    first, second = match_patient(case_of(RECORDS[2]), compiled)
    assert first.criteria[0].finding is second.criteria[0].finding
    assert [item.criterion.id for item in first.with_truth(Truth.NOT_MET)] == ["i0", "i1"]
    assert [item.criterion.id for item in second.with_truth(Truth.MET)] == []


def test_an_explanation_that_disagrees_is_an_error():
    compiled = compile_trials([trial_of(1, ADULT)])
    (match,) = match_patient(case_of(RECORDS[1]), compiled)
    wrong = CriterionResult(compiled.trials[0].criteria[0], Truth.NOT_MET, match._judged.reasons)
    assert isinstance(match._judged.reasons, Reasons)
    with pytest.raises(RuleDataError):
        _ = wrong.finding
