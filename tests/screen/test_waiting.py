"""Whatever a kind says changes on a date, the bitsets let through to be looked at."""

from datetime import date

from her2nav.app.screen_waiting import may_pass
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.explain import negated
from her2nav.model.finding import ChangeBy, Finding
from her2nav.model.patient import Patient
from her2nav.model.tree import Leaf
from her2nav.model.truth import Truth

DAY = date(2026, 11, 20)


def test_every_kind_that_waits_for_a_day_is_known_to() -> None:
    knowledge = load_knowledge()
    waiting = 0
    for kind in kinds().values():
        for params, part, _ in kind.examples:
            checked = kind.params.model_validate(params)
            patient = Patient.model_validate(part)
            case = Case(patient, patient.as_of.high if patient.as_of else DAY, knowledge)
            truth = kind.evaluate(checked, case.alone).at(0)
            found = kind.finding(checked, case, truth)
            for one in (found, negated(found, Leaf(kind.id, checked))):
                if one.truth is Truth.NOT_MET and _waits(one):
                    waiting += 1
                    assert may_pass(kind.id, checked), (kind.id, params)
    assert waiting > 5


def _waits(finding: Finding) -> bool:
    return finding.change is not None and finding.change.by is ChangeBy.DATE and finding.change.date is not None


def test_what_has_no_window_stands_for_good() -> None:
    known = kinds()
    assert not may_pass("sex", known["sex"].params.model_validate({"any_of": ["female"]}))
    assert not may_pass("prior_therapy", known["prior_therapy"].params.model_validate({"drugs": ["trastuzumab"]}))
    within = {"drugs": ["trastuzumab"], "ended_within_days": 28}
    assert may_pass("prior_therapy", known["prior_therapy"].params.model_validate(within))
