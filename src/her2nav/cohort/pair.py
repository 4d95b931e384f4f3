"""One patient and one trial as a run keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

VerdictWord = Literal["eligible", "possible", "ineligible"]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A criterion on which a person ruled.

    Attributes:
        criterion: Its id in the trial.
        ruling: met or not_met.
        person: Who ruled.
        day: When, ISO.
        reason: Why.
    """

    criterion: str
    ruling: str
    person: str
    day: str
    reason: str

    def __str__(self) -> str:
        return f"{self.criterion} ruled {self.ruling.replace('_', ' ')} by {self.person} on {self.day}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One patient and one trial.

    Attributes:
        trial: Registry id.
        verdict: The verdict in the words of the JSON.
        arm: The arm that gives the verdict; None where the trial has none.
        blocking: Why it does not fit, and what changes that; None where it fits or may fit.
        missing: What open criteria wait for.
        question: The one thing to find out next for this pair.
        eligible_from: First day from which nothing stands against it, where time alone blocks.
        repeat_before: Tests that are too old by then.
        holds_until: Last day on which everything that is met holds with the same record; None: none known, or not
            asked for.
        unread: Criteria that were not read, or not in full.
        to_confirm: How many points only the trial team can confirm.
        score: As in `match`.
        ruled: Rulings of persons that were applied.
        void: Rulings that no longer count, and why.
        news: What changed since an earlier run, as codes of `cohort/news.py`.
    """

    trial: str
    verdict: VerdictWord
    arm: str | None = None
    blocking: str | None = None
    missing: tuple[str, ...] = ()
    question: str | None = None
    eligible_from: date | None = None
    repeat_before: tuple[str, ...] = ()
    holds_until: date | None = None
    unread: int = 0
    to_confirm: int = 0
    score: float = 0.0
    ruled: tuple[Ruled, ...] = ()
    void: tuple[str, ...] = ()
    news: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain data; what is empty is left out."""
        found: dict[str, Any] = {}
        for name in _NAMES:
            value = getattr(self, name)
            if value is None or value == () or value == 0:
                continue
            if isinstance(value, date):
                value = value.isoformat()
            elif name == "ruled":
                value = [{part: getattr(item, part) for part in _RULED} for item in value]
            found[name] = value
        return found

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Pair:
        """Return the pair of plain data."""
        values: dict[str, Any] = dict(data)
        for name in ("eligible_from", "holds_until"):
            if name in values:
                values[name] = date.fromisoformat(values[name])
        for name in ("missing", "repeat_before", "void", "news"):
            if name in values:
                values[name] = tuple(values[name])
        if "ruled" in values:
            values["ruled"] = tuple(Ruled(**item) for item in values["ruled"])
        return cls(**values)


_NAMES = tuple(item.name for item in fields(Pair))
_RULED = tuple(item.name for item in fields(Ruled))
