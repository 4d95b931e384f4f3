"""Heart and circulation: events and diseases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, KindParams
from her2nav.model.values import OneOrMany


class Params(KindParams):
    """P: one of the events or diseases is recorded, within the window when one is given."""

    any_of: Annotated[OneOrMany[str], Field(min_length=1)]
    """Ids such as myocardial_infarction, unstable_angina, heart_failure, arrhythmia, uncontrolled_hypertension, stroke,
    long_qt_syndrome, cardiomyopathy, valve_disease, pericarditis, myocarditis, coronary_intervention."""
    nyha_min: Literal["I", "II", "III", "IV"] | None = None
    within_days: Days | None = None
    needs_treatment: bool = False
    """Only symptomatic, uncontrolled or treated disease counts."""


KIND = Kind(id="cardiac_history", name="cardiac history", taxonomy=(29,), params=Params)
