"""Parts within parts: what binds phase 2 binds cohort A of phase 2, and a part that no exclusion binds fits nobody for sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from her2nav.kinds.reading.base import leaf
from her2nav.model.trial import Criterion, Role


def bound(criteria: Sequence[Criterion], scopes: Sequence[str]) -> list[Criterion]:
    """Return criteria of which those of a part, or of a cohort, bind that cohort within that part as well.

    Args:
        criteria: As they were read.
        scopes: Ids of all parts; that of a part within another ends with the other's: `cohort-a-phase-2`.
    """
    within = {one: [two for two in scopes if two != one and _inside(two, one, scopes)] for one in scopes}
    if not any(within.values()):
        return list(criteria)
    return [
        replace(
            item, scope=tuple(dict.fromkeys((*item.scope, *(two for one in item.scope for two in within.get(one, ())))))
        )
        if item.scope
        else item
        for item in criteria
    ]


def _inside(inner: str, outer: str, scopes: Sequence[str]) -> bool:
    """Whether a part is the other within a third, or a part of the other.

    >>> _inside("cohort-a-phase-2", "phase-2", ("phase-2",)), _inside("cohort-a-phase-2", "cohort-a", ("phase-2",))
    (True, True)
    >>> _inside("dose-expansion", "expansion", ()), _inside("cohort-a2", "cohort-a", ())
    (False, False)
    """
    if inner.endswith(f"-{outer}"):
        return inner != f"dose-{outer}"
    return inner.startswith(f"{outer}-") and inner[len(outer) + 1 :] in scopes


def without_exclusions(criteria: Sequence[Criterion], scopes: Sequence[str]) -> list[Criterion]:
    """Return what stays open about parts that no exclusion binds, where others have some: whether theirs bind them."""
    exclusions = [item for item in criteria if item.section == "exclusion"]
    if not exclusions or any(not item.scope for item in exclusions):
        return []
    known = {one for item in exclusions for one in item.scope}
    free = tuple(one for one in scopes if one not in known)
    if not free:
        return []
    note = "the exclusions name other parts of the trial: whether they bind this one is not read"
    return [
        Criterion("r_exclusions", Role.DECIDES, "registry", note.capitalize(), leaf("unread", note=note), scope=free)
    ]
