"""What is derived from a case is derived once, and goes with the case."""

import gc
import weakref
from datetime import date

from her2nav.facts.case import Case
from her2nav.facts.once import once, once_from
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient


def new_case() -> Case:
    return Case(Patient(), date(2026, 11, 21), load_knowledge())


def test_it_is_derived_once_for_each_case() -> None:
    asked = []

    @once
    def derive(case: Case) -> list[Case]:
        asked.append(1)
        return [case]

    one, other = new_case(), new_case()
    assert derive(one) is derive(one)
    assert derive(one) == [one]
    assert derive(other) == [other]
    assert len(asked) == 2


def test_what_refers_back_to_a_case_does_not_keep_it() -> None:
    @once
    def derive(case: Case) -> list[Case]:
        return [case]

    case = new_case()
    derive(case)
    gone = weakref.ref(case)
    del case
    gc.collect()
    assert gone() is None


def test_the_answers_of_a_patient_go_with_her() -> None:
    from her2nav.app.derived import Derived
    from her2nav.app.session import Session
    from her2nav.intake.patient_file import ReadPatient

    patient = Patient.model_validate({"cancer": {"tumour_type": "gastric"}})
    derived = Derived(Session(), ReadPatient(patient, date(2026, 11, 21), (), ()))
    assert derived.options
    assert derived.matched
    gone = weakref.ref(derived.case)
    del derived
    gc.collect()
    assert gone() is None


def test_a_supposition_takes_over_what_it_does_not_touch() -> None:
    asked = []

    @once_from("labs")
    def derive(_: Case) -> int:
        asked.append(1)
        return len(asked)

    case = new_case()
    assert derive(case) == 1
    same = case.supposed(case.patient, ["vitals"])
    assert derive(same) == 1
    assert derive(same.supposed(case.patient, ["complete", "vitals"])) == 1
    assert derive(case.supposed(case.patient, ["labs"])) == 2


def test_a_supposition_stands_on_the_day() -> None:
    case = new_case()
    later = Patient.model_validate({"serology": {"hiv": "positive", "date": "2027-01-01"}})
    assert case.supposed(later, ["serology"]).patient == Case(later, case.as_of, case.knowledge).patient
