"""Which facts an answer shows, as keys of the conflicts (`data/questions/disputed.yaml`)."""

from __future__ import annotations

from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field

from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.values import OneOrMany

FILE = "questions/disputed.yaml"
OnRecord = Literal["brain_metastases", "her2_therapy"]


class ShownRule(Frozen):
    """Facts that an interpretation shows when all its conditions hold.

    Attributes:
        rows: Ids of rows of decision tables, `*` for any ending; one of them fired.
        copies_from: Least mean number of HER2 signals on the specimen's report.
        unless_kind: Not where the specimen is one of these kinds.
        expression: Expression categories of the specimen.
        status: Statuses of the specimen.
        mutation: Values of the summary of variants.
        facts: Keys of facts.
        changes: Another choice would give this patient another answer.
    """

    rows: OneOrMany[str] = ()
    copies_from: Decimal | None = None
    unless_kind: OneOrMany[str] = ()
    expression: OneOrMany[str] = ()
    status: OneOrMany[str] = ()
    mutation: OneOrMany[str] = ()
    facts: OneOrMany[str]
    changes: bool = False

    def fires(self, fired: frozenset[str]) -> bool:
        """True when one of the rows fired, or none is asked for."""
        return not self.rows or any(fnmatchcase(row, pattern) for pattern in self.rows for row in fired)


class ShownTrials(Frozen):
    """Keys of facts that a list of trials shows."""

    each: OneOrMany[str]
    old_status: OneOrMany[str]
    kinds: dict[str, OneOrMany[str]]
    only_with: dict[str, OnRecord]


class Disputable(Frozen):
    """The whole file; `tests` by the id of a test that is due."""

    interpretation: tuple[ShownRule, ...] = Field(min_length=1)
    variant: OneOrMany[str]
    tests: dict[str, OneOrMany[str]]
    trials: ShownTrials


def disputable(knowledge: Knowledge) -> Disputable:
    """Return the table.

    Raises:
        DataError: The file does not have its form.
    """
    return knowledge.record(FILE, Disputable)
