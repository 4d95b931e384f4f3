"""A criterion on the current status holds of every specimen of one rank, or is unknown."""

from datetime import date

import pytest

from her2nav.facts.case import Case
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import load_knowledge
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth

THREE = {"score": "3+", "scoring": "breast"}
TWO_AMPLIFIED = {"score": "2+", "scoring": "breast"}
LOW = {"score": "1+", "scoring": "breast"}
POSITIVE = [{"ihc": "3+"}, {"ihc": "2+", "ish": "positive"}]


def case(*specimens: dict) -> Case:
    rows = [{"kind": "biopsy", "collected": "2025-03-01", **one} for one in specimens]
    record = {"cancer": {"tumour_type": "breast"}, "specimens": rows}
    return Case(Patient.model_validate(record), date(2026, 11, 20), load_knowledge())


SAME_STATUS = case({"ihc": THREE}, {"ihc": TWO_AMPLIFIED, "ish": {"result": "positive"}})
DISAGREE = case({"ihc": THREE}, {"ihc": LOW})


@pytest.mark.parametrize("policy", ["current", "unspecified"])
@pytest.mark.parametrize(
    ("rivals", "wanted", "expected"),
    [
        (SAME_STATUS, [{"ihc": "3+"}], Truth.UNKNOWN),
        (SAME_STATUS, POSITIVE, Truth.MET),
        (SAME_STATUS, [{"status": "positive"}], Truth.MET),
        (SAME_STATUS, [{"ihc": "1+"}], Truth.NOT_MET),
        (DISAGREE, POSITIVE, Truth.UNKNOWN),
        (DISAGREE, [{"status": "expressing"}], Truth.MET),
    ],
)
def test_current_means_every_rival(rivals: Case, policy: str, wanted: list, expected: Truth) -> None:
    kind = kinds()["her2_status"]
    params = kind.params.model_validate({"any_of": wanted, "specimens": policy})
    truth = kind.truth(params, rivals.alone).at(0)
    assert truth is expected
    found = kind.explain(params, rivals, truth)
    assert found.truth is expected
    if expected is Truth.UNKNOWN:
        assert found.code == "her2_rivals"
        alike = rivals is SAME_STATUS
        assert ("mean the same" if alike else "Two results of the same day disagree") in found.reason
        assert found.change is not None
        assert "side by side" in found.change.what


def test_one_rival_is_enough_for_ever() -> None:
    kind = kinds()["her2_status"]
    params = kind.params.model_validate({"any_of": POSITIVE, "specimens": "ever"})
    assert kind.truth(params, DISAGREE.alone).at(0) is Truth.MET
