"""Time since the last dose."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.kinds.base import Kind
from her2nav.kinds.terms import Days, Drugs, KindParams, TherapySettings


class Params(KindParams):
    """P: no dose of these drugs lies within the window before the first study dose."""

    drugs: Drugs = ()
    """Any of these drugs or classes; empty: any anticancer therapy."""
    except_drugs: Drugs = ()
    days: Days | None = None
    half_lives: Annotated[Decimal, Field(gt=0)] | None = None
    whichever: Literal["shorter", "longer"] | None = None
    """Which of days and half-lives counts when both are given."""
    anchor: Literal["first_dose", "enrolment", "randomisation", "screening"] = "first_dose"
    settings: TherapySettings = ()


KIND = Kind(id="washout", name="washout", taxonomy=(20,), params=Params)
