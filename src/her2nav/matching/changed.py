"""One patient's trials before and after something: which open, close, pause or change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from her2nav.matching.evaluate import Verdict
from her2nav.matching.reasons import CriterionResult
from her2nav.matching.results import Match
from her2nav.model.finding import ChangeBy
from her2nav.model.truth import Truth


class Effect(StrEnum):
    """What happens to a trial."""

    FITS = "fits"
    """Nothing is open any more."""
    OPENS = "opens"
    """It did not fit and now may, or does."""
    CLOSES = "closes"
    """It fitted or might have, and no longer does."""
    PAUSES = "pauses"
    """The same, until a date."""
    CLEARER = "clearer"
    """It may fit still, with fewer things open."""
    LESS_CLEAR = "less_clear"
    """It is open now, or has more things open."""


_SHOWN_FIRST = tuple(Effect)
_HARDNESS = (
    ChangeBy.NEVER,
    ChangeBy.TREATMENT,
    ChangeBy.PERSON,
    ChangeBy.DOCUMENT,
    ChangeBy.TEST,
    ChangeBy.DATE,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A trial whose answer changes.

    Attributes:
        before, after: The matches.
        until: First day on which nothing stands against it any more, where it pauses.
        because: What newly stands against it, the hardest to change; None where nothing does.
        open_before, open_after: How many criteria are open.
    """

    before: Match
    after: Match
    effect: Effect
    until: date | None
    because: CriterionResult | None
    open_before: int
    open_after: int

    @property
    def nct_id(self) -> str:
        """The trial."""
        return self.after.trial.record.nct_id

    @property
    def for_good(self) -> bool:
        """True when nothing that the program knows of would open it again."""
        change = self.because.finding.change if self.because is not None else None
        return self.effect is Effect.CLOSES and (change is None or change.by is ChangeBy.NEVER)


def changed(before: Sequence[Match], after: Sequence[Match]) -> tuple[Changed, ...]:
    """Return the trials whose answer differs, ordered by what happens to them; both lists hold the same trials."""
    later = {one.trial.record.nct_id: one for one in after}
    found = [
        item
        for one in before
        if (then := later.get(one.trial.record.nct_id)) is not None and (item := _changed(one, then)) is not None
    ]
    return tuple(sorted(found, key=lambda item: (_SHOWN_FIRST.index(item.effect), item.nct_id)))


def _changed(before: Match, after: Match) -> Changed | None:
    if before.verdict is after.verdict is Verdict.INELIGIBLE:
        return None
    was, now = before.count(Truth.UNKNOWN), after.count(Truth.UNKNOWN)
    effect, until, because = _effect(before, after, was, now), None, None
    if effect is Effect.CLOSES:
        until, because = after.eligible_from, newly_against(before, after)
        effect = Effect.CLOSES if until is None else Effect.PAUSES
    return Changed(before, after, effect, until, because, was, now) if effect is not None else None


def _effect(before: Match, after: Match, was: int, now: int) -> Effect | None:
    if before.verdict is Verdict.INELIGIBLE:
        return Effect.OPENS
    if after.verdict is Verdict.INELIGIBLE:
        return Effect.CLOSES
    if after.verdict is not before.verdict:
        return Effect.FITS if after.verdict is Verdict.ELIGIBLE else Effect.LESS_CLEAR
    if was == now:
        return None
    return Effect.CLEARER if now < was else Effect.LESS_CLEAR


def newly_against(before: Match, after: Match) -> CriterionResult:
    """Return the criterion that newly stands against a trial: of several the hardest to change."""
    old = {item.criterion.id for item in before.with_truth(Truth.NOT_MET)}
    against = after.with_truth(Truth.NOT_MET)
    newly = [item for item in against if item.criterion.id not in old] or against

    def hardness(item: CriterionResult) -> int:
        change = item.finding.change
        return _HARDNESS.index(change.by) if change is not None else 0

    return min(newly, key=hardness)
