"""Parameter types that several kinds share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from her2nav.model.base import Frozen
from her2nav.model.values import OneOrMany

Operator = Literal[">=", ">", "<=", "<"]
Days = Annotated[int, Field(ge=0, le=36500)]
Months = Annotated[Decimal, Field(ge=0, le=600)]
Drugs = OneOrMany[str]
"""Ids of drugs or drug classes; any one of them."""
TherapySettings = OneOrMany[Literal["neoadjuvant", "adjuvant", "metastatic", "maintenance", "local"]]
Outcome = Literal[
    "any", "progression", "intolerance", "progression_or_intolerance", "completed", "no_progression", "response"
]


class KindParams(Frozen):
    """Base of the parameters of a criterion kind: closed, frozen, hashable.

    They name criteria in many tables; what they hold is hashed once. The hash is no part of what is kept or sent.
    """

    __slots__ = ("_hash",)

    def __hash__(self) -> int:
        try:
            found: int = object.__getattribute__(self, "_hash")
        except AttributeError:
            own = type(self)
            found = hash((own, *map(self.__dict__.__getitem__, own.__pydantic_fields__)))
            object.__setattr__(self, "_hash", found)
        return found


class TherapyFilter(KindParams):
    """Which courses of therapy are meant; every condition holds of one and the same course."""

    drugs: Drugs = ()
    """Any of these drugs or classes; empty: any systemic anticancer therapy."""
    except_drugs: Drugs = ()
    """Courses whose matching drugs are all among these do not count."""
    together_with: Drugs = ()
    """The same course also holds every one of these."""
    settings: TherapySettings = ()
    """Any of these settings; empty: any. Maintenance after metastatic therapy counts as metastatic."""
    outcome: Outcome = "any"
    min_cycles: Annotated[int, Field(ge=1)] | None = None
    max_cycles: Annotated[int, Field(ge=1)] | None = None
    started_within_days: Days | None = None
    """First dose no more than so many days before the anchor day."""
    ended_within_days: Days | None = None
    """Last dose no more than so many days before the anchor day (ongoing therapy counts)."""
    ended_before_days: Days | None = None
    """Last dose at least so many days before the anchor day."""
    progressed_within_months: Months | None = None
    """Progression or relapse during the course or within so many months of its last dose."""
