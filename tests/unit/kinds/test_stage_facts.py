"""What a stage group says of T, N and inflammatory cancer, and soon after the diagnosis of a relapse.

A checked fact decides, an unverified one is told.
"""

from datetime import date

import pytest

from her2nav.facts.block import Block
from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.provenance import Confidence
from her2nav.model.truth import Truth

KIND = kinds()["disease_setting"]
EARLY = {"setting": "early", "stage": "IIB", "tumour_type": "breast"}


def knowledge(confidence: Confidence) -> Knowledge:
    """The knowledge of today, with the source of every stage fact as good as said."""
    changed = Knowledge(load_knowledge().bundle)

    def sourced(fact):
        lines = tuple(line.model_copy(update={"confidence": confidence}) for line in fact.provenance)
        return fact.model_copy(update={"provenance": lines})

    changed.__dict__["stage_facts"] = tuple(sourced(fact) for fact in load_knowledge().stage_facts)
    changed.__dict__["de_novo"] = sourced(load_knowledge().de_novo)
    return changed


def judged(params: dict, cancer: dict, confidence: Confidence, **record):
    model = KIND.params.model_validate(params)
    patient = Patient.model_validate({"cancer": cancer, **record})
    case = Case(patient, date(2026, 11, 21), knowledge(confidence))
    return KIND.finding(model, case, KIND.evaluate(model, Block([case])).at(0))


@pytest.mark.parametrize(
    ("params", "checked"),
    [
        ({"t": ["T4"]}, Truth.NOT_MET),
        ({"n": ["N3"]}, Truth.NOT_MET),
        ({"n": ["N1"]}, Truth.UNKNOWN),
        ({"inflammatory": True}, Truth.NOT_MET),
        ({"inflammatory": False}, Truth.MET),
    ],
)
def test_only_a_checked_stage_fact_closes_t_n_and_inflammatory(params, checked):
    assert judged(params, EARLY, Confidence.V).truth is checked
    weak = judged(params, EARLY, Confidence.WEAK)
    assert weak.truth is Truth.UNKNOWN
    assert "unverified" in weak.reason


def test_a_stage_fact_is_for_its_tumour_its_stage_and_early_disease():
    for change in ({"tumour_type": "colorectal"}, {"stage": "III"}, {"setting": "metastatic"}):
        found = judged({"t": ["T4"]}, {**EARLY, **change}, Confidence.V)
        assert found.truth is Truth.UNKNOWN
        assert "unverified" not in found.reason


def test_t_itself_beats_the_stage():
    assert judged({"t": ["T4"]}, {**EARLY, "tnm": {"t": "cT4b"}}, Confidence.V).truth is Truth.MET


def treated(start: str, setting: str = "metastatic") -> dict:
    course = {"drugs": ["trastuzumab", "docetaxel"], "setting": setting, "start": start}
    return {"therapies": [course], "complete": {"therapies": True}}


FROM_THE_START = {"setting": "metastatic", "tumour_type": "breast", "diagnosed": "2026-01-05"}


def test_soon_after_the_diagnosis_means_no_relapse_only_where_that_is_checked():
    soon, late = treated("2026-02-10"), treated("2026-09-10")
    assert judged({"de_novo": True}, FROM_THE_START, Confidence.V, **soon).truth is Truth.MET
    assert judged({"settings": ["recurrent"]}, FROM_THE_START, Confidence.V, **soon).truth is Truth.NOT_MET
    assert judged({"de_novo": True}, FROM_THE_START, Confidence.V, **late).truth is Truth.UNKNOWN
    weak = judged({"de_novo": True}, FROM_THE_START, Confidence.WEAK, **soon)
    assert weak.truth is Truth.UNKNOWN
    assert "unverified" in weak.reason
    assert judged({"settings": ["recurrent"]}, FROM_THE_START, Confidence.WEAK, **soon).truth is Truth.UNKNOWN
    assert "unverified" not in judged({"de_novo": True}, FROM_THE_START, Confidence.WEAK, **late).reason


def test_a_relapse_or_early_treatment_is_not_metastatic_from_the_start():
    relapsed = {**FROM_THE_START, "relapse_date": "2026-02-01"}
    assert judged({"de_novo": True}, relapsed, Confidence.WEAK, **treated("2026-02-10")).truth is Truth.NOT_MET
    early = treated("2026-02-10", "adjuvant")
    assert judged({"de_novo": False}, FROM_THE_START, Confidence.WEAK, **early).truth is Truth.MET
