"""What a sync says of itself: progress on the way, and what it did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from her2nav.app.registry import Warned, system_now
from her2nav.model.snapshot import Snapshot
from her2nav.registry.read import Damage


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is.

    Attributes:
        step: What is being read, for people.
        done: Records, or list entries, of this step.
        total: How many there are; None where the registry did not say.
        per_second: Since the step began in this process; None at its start.
    """

    label: str
    step: str
    done: int
    total: int | None
    per_second: float | None

    @property
    def seconds_left(self) -> float | None:
        """Time left of this step; None where it cannot be told."""
        if self.total is None or not self.per_second:
            return None
        return max(self.total - self.done, 0) / self.per_second


@dataclass
class QueryResult:
    """What the sync of one query did.

    Attributes:
        read: Whole records read.
        listed: Trials that the registry lists for the query.
        confirmed: Trials that did not change, whose status is now known for this day.
        gone: Trials that the registry no longer has.
        moved: Old id to the id the registry now sends to.
        not_found_by_query: Trials that still exist, but that the query no longer finds.
        whole: True when all records were asked for, not only updates.
    """

    id: str
    label: str
    read: int = 0
    listed: int = 0
    confirmed: int = 0
    gone: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    not_found_by_query: list[str] = field(default_factory=list)
    resumed: bool = False
    whole: bool = True


@dataclass
class Synced:
    """What a sync did."""

    queries: list[QueryResult] = field(default_factory=list)
    damaged: list[Damage] = field(default_factory=list)
    faults: list[Warned] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    requests: int = 0
    retries: int = 0
    data_day: date | None = None
    data_version: str | None = None
    snapshot: Snapshot | None = None

    @property
    def read(self) -> int:
        """Whole records read."""
        return sum(item.read for item in self.queries)

    def as_dict(self) -> dict[str, Any]:
        """Return the form of the `registry sync` command's JSON."""
        return {
            "read": self.read,
            "added": self.snapshot.added if self.snapshot else 0,
            "updated": self.snapshot.updated if self.snapshot else 0,
            "confirmed": sum(item.confirmed for item in self.queries),
            "gone": sorted({name for item in self.queries for name in item.gone}),
            "moved": {old: new for item in self.queries for old, new in item.moved.items()},
            "queries": [
                {
                    "id": item.id,
                    "label": item.label,
                    "read": item.read,
                    "listed": item.listed,
                    "confirmed": item.confirmed,
                    "no_longer_found": item.not_found_by_query,
                    "resumed": item.resumed,
                    "whole": item.whole,
                }
                for item in self.queries
            ],
            "data_day": self.data_day.isoformat() if self.data_day else None,
            "requests": self.requests,
            "retries": self.retries,
            "damaged": [{"source": d.source, "place": d.place, "reason": d.reason} for d in self.damaged],
            "warnings": [*self.warnings, *(f"{w.place}: {w.reason}" for w in self.faults)],
            "snapshot": self.snapshot.name if self.snapshot else None,
        }


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The clock and the network, passed in."""

    url: str | None = None
    now: Callable[[], datetime] = system_now
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = lambda seconds: time.sleep(seconds)
    progress: Callable[[Progress], None] = lambda _: None
    waiting: Callable[[str, float], None] = lambda reason, seconds: None
