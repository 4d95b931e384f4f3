"""The HER2 part of labels: every golden row of the label gates, judged through an approval's own gate."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from guidelines.cases import golden
from guidelines.test_label_gates import FOLDER, specimens
from her2nav.app.session import Session
from her2nav.facts.case import Case
from her2nav.knowledge.load import load_knowledge
from her2nav.matching.explain import Explainer
from her2nav.model.patient import Patient
from her2nav.model.truth import Truth
from her2nav.therapy.book import therapy_book

GATE = {
    "tdxd_agnostic_US_EU": ("her2_ihc3_agnostic", "ovarian"),
    "zanidatamab_BTC_US_EU": ("her2_ihc3", "biliary"),
    "tdxd_gastric_US": ("her2_positive_gastric", "gastric"),
    "tdxd_breast_positive_US": ("her2_positive_breast", "breast"),
    "tdxd_breast_low_US": ("her2_low", "breast"),
    "tdxd_HRpos_low_or_ultralow_US": ("her2_low_or_ultralow", "breast"),
}
TRUTH = {"MEETS": Truth.MET, "DOES_NOT_MEET": Truth.NOT_MET}


@cache
def session() -> Session:
    return Session(load_knowledge(), lambda: date(2026, 11, 20))


def judged(gate: str, tumour: str, **specimen: Any) -> Truth:
    record = {
        "cancer": {"tumour_type": tumour},
        "specimens": [{"kind": "biopsy", "collected": "2026-01-01", **specimen}],
    }
    case = Case(Patient.model_validate(record), date(2026, 11, 20), load_knowledge())
    return Explainer(case).explain(therapy_book(load_knowledge()).gate_trees[gate]).truth


@pytest.mark.parametrize("row", golden("label_gates/gates"))
def test_every_golden_row_of_the_label_gates(row: dict[str, str]) -> None:
    gate, tumour = GATE[row["label_gate"]]
    for given in specimens(row["result"]):
        if "ihc" in given:
            given["ihc"]["scoring"] = FOLDER[row["label_gate"]][1]
        assert judged(gate, tumour, **given) is TRUTH.get(row["outcome"], Truth.UNKNOWN), given
