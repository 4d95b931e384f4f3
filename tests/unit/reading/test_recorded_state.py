"""The state of the cancer that only a record's conditions name."""

import pytest

from her2nav.criteria.reader import reader
from her2nav.criteria.recorded_state import recorded_state
from her2nav.knowledge.load import load_knowledge
from her2nav.model.tree import AnyOf, leaves

_SILENT = "Inclusion Criteria:\n\n* Women\n* HER2 over-expression\n"


def asked(conditions: list[str], text: str = _SILENT) -> list[str] | None:
    """Return the kinds that the state asks for; None where nothing is asked."""
    reads = reader(load_knowledge())
    found = recorded_state(conditions, reads.read(text), reads)
    if found is None:
        return None
    assert isinstance(found.node, AnyOf)
    return [leaf.kind for leaf in leaves(found.node)]


def test_a_metastatic_cancer_above_a_silent_text_is_asked_for_and_shuts_nobody_out() -> None:
    assert asked(["Metastatic Breast Cancer"]) == ["disease_setting", "unread"]
    assert asked(["Advanced Breast Cancer", "Pain"]) == ["disease_setting", "unread"]
    assert asked(["Stage III Breast Cancer", "Stage IV Breast Cancer"]) == [
        "disease_setting",
        "disease_setting",
        "unread",
    ]


@pytest.mark.parametrize(
    "conditions",
    [
        ["Breast Cancer"],
        ["Breast Cancer", "Metastatic Breast Cancer"],
        ["breast cancer, metastatic breast cancer"],
        ["Pain"],
        [],
    ],
)
def test_conditions_that_leave_the_state_open_ask_for_none(conditions: list[str]) -> None:
    assert asked(conditions) is None


def test_a_text_that_speaks_of_the_state_is_enough() -> None:
    text = "Inclusion Criteria:\n\n* Breast cancer of stage I to III\n"
    assert asked(["Metastatic Breast Cancer"], text) is None
