"""Units of laboratory limits that only the number tells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from her2nav.knowledge.load import load_knowledge
from her2nav.knowledge.meant_units import ANY, MeantUnit, MeantUnits
from her2nav.model.provenance import Confidence

KNOWLEDGE = load_knowledge()


def _row(**changed: Any) -> MeantUnit:
    told = {"variable": "platelets", "unit": "10*9/L", "low": Decimal(20), "high": Decimal(300)} | changed
    where = {"source": "curator_knowledge", "locator": "a test", "checked_on": date(2026, 11, 22)}
    return MeantUnit.model_validate({**where, "confidence": Confidence.K} | told)


@pytest.mark.parametrize(
    ("variable", "written", "value", "unit"),
    [
        ("platelets", "", "100", "10*9/L"),
        ("platelets", "", "75000", "/uL"),
        ("platelets", "", "400", None),
        ("anc", "", "1.5", "10*9/L"),
        ("anc", "", "100", None),
        ("haemoglobin", "", "9", "g/dL"),
        ("haemoglobin", "", "90", None),
        ("haemoglobin", "g/l", "10", "g/dL"),
        ("haemoglobin", "g/l", "100", None),
        ("creatinine", "", "1.5", None),
        ("inr", "", "1.5", "ratio"),
        ("platelets", ANY, "100000", "/uL"),
        ("haemoglobin", ANY, "100000", None),
    ],
)
def test_a_unit_is_taken_only_where_the_number_can_be_in_no_other(
    variable: str, written: str, value: str, unit: str | None
) -> None:
    assert KNOWLEDGE.meant_units.unit(variable, written, Decimal(value)) == unit


def test_what_is_not_known_for_sure_does_not_decide_a_unit() -> None:
    with pytest.raises(ValueError, match="must be known"):
        MeantUnits([_row(confidence=Confidence.UNV)], KNOWLEDGE.variables)


def test_a_unit_that_the_variable_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="no unit g/dL"):
        MeantUnits([_row(unit="g/dL")], KNOWLEDGE.variables)


def test_what_a_trial_limits_without_a_sign_is_told_by_the_variable() -> None:
    table = KNOWLEDGE.variables.variables
    assert [table[name].limit for name in ("platelets", "bilirubin", "lipase", "sodium")] == [
        "least", "most", "most_with_unit", None,
    ]  # fmt: skip
