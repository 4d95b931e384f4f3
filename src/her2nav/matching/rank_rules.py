"""How the parts of the ranking are weighed: `data/criteria/ranking.yaml`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Self, get_args

from pydantic import Field, model_validator

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.provenance import Confidence
from her2nav.model.trial import Purpose

FILE = "criteria/ranking.yaml"
PARTS = ("certainty", "tumour", "her2", "line", "purpose", "phase", "evidence", "recruiting")
"""The parts, in the order in which they are shown."""
_ROUNDING = 1e-9
Part = Annotated[float, Field(ge=0, le=1)]


class Required(Frozen):
    """What counts as the purpose of a trial where it is asked for and open.

    Attributes:
        weight: Added to what is open, in the weights of efforts (1 to 6).
        kinds: Criterion kinds that ask for something to be there, with the parameters and the value that they may not
            hold.
    """

    weight: Annotated[int, Field(ge=0, le=60)]
    kinds: dict[str, dict[str, str]]


class RankRules(Frozen):
    """`criteria/ranking.yaml`: weights, which add up to 1, and the value of each state of each part.

    Attributes:
        soon_days: A trial that only waits, and no longer than this, ranks just below those that may fit.
        old_days: A recruitment status older than that puts a trial below the others of its group.
        waits: Criterion kinds that a date alone may change where they name a length of time.
        waits_always: Those that a date may change in any case.
        topics: Criterion kinds that each part looks at.
        required: Gates that are a trial's purpose: they weigh more than other open points.
    """

    source: str
    locator: str
    checked_on: date
    confidence: Confidence
    weights: dict[str, Part]
    soon_days: Annotated[int, Field(ge=0)]
    old_days: Annotated[int, Field(ge=30)]
    waits: tuple[str, ...]
    waits_always: tuple[str, ...]
    topics: dict[str, tuple[str, ...]]
    required: Required
    tumour: dict[str, Part]
    her2: dict[str, Part]
    line: dict[str, Part]
    purpose: dict[Purpose, Part]
    phase: dict[str, Part]
    evidence: dict[str, Part]
    recruiting: dict[str, Part]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.weights) != set(PARTS):
            raise ValueError(f"there is one weight for each of {', '.join(PARTS)}")
        if abs(sum(self.weights.values()) - 1) > _ROUNDING:
            raise ValueError("the weights add up to 1")
        if set(self.purpose) != set(get_args(Purpose)):
            raise ValueError(f"there is a value for each purpose: {', '.join(get_args(Purpose))}")
        return self


@lru_cache(maxsize=4)
def rank_rules(knowledge: Knowledge) -> RankRules:
    """Return the rules of a knowledge version."""
    return knowledge.record(FILE, RankRules)
