"""What a screening is asked to do, as plain data that travels to other processes and into the run file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import her2nav
from her2nav.app.choice import About, Choice, TreeChoice, TrialSet
from her2nav.app.cohort_trials import Asked
from her2nav.app.intake_tables import TableOptions
from her2nav.criteria.version import READER
from her2nav.knowledge.load import Knowledge

BLOCK = 256
"""Patients judged together: what is not evaluated yet when a run is cut off is lost."""
_FORMAT = 1
"""Of the pairs; a change of their meaning raises it."""


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """The options; paths are absolute.

    Attributes:
        sources: Where the patients are.
        asked: Which trials.
        today: The clock's day.
        as_of: Judge everybody as on this day; None: each on the record's own day, else today.
        every: Keep pairs that do not fit, with the reason.
        quick: Give the names of criteria in the place of reasons, however few the trials are.
        ids: Name patients by their ids; else by pseudonyms.
        reviews: Rulings of persons.
        since: Folder of an earlier run to compare with.
        processes: How many; None: all cores.
        block: Patients judged together.
    """

    sources: tuple[str, ...]
    asked: Asked
    today: date
    as_of: date | None = None
    every: bool = False
    quick: bool = False
    ids: bool = False
    reviews: str | None = None
    since: str | None = None
    processes: int | None = None
    block: int = BLOCK
    store: str = field(default="")
    """Folder of the registry's store."""
    tables: TableOptions = field(default_factory=TableOptions)
    """What the user says of tables."""

    @property
    def day(self) -> date:
        """The day of the run: that of `as_of`, else the clock's; ages of statuses are counted to it."""
        return self.as_of or self.today

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "sources": list(self.sources),
            **self.asked.as_dict(),
            "today": self.today.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "every": self.every,
            "quick": self.quick,
            "ids": self.ids,
            "reviews": self.reviews,
            "since": self.since,
            "block": self.block,
            "store": self.store,
            "mapping": self.tables.mapping,
            "as_of_column": self.tables.as_of_column,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> ScreenOptions:
        """Return the options of plain data."""
        trials = TrialSet(data["trials"]) if data["trials"] else None
        choice = Choice(trials, TreeChoice(data["criteria"]), About(data["about"]))
        return cls(
            tuple(data["sources"]),
            Asked(choice, tuple(data["only"]), tuple(data["files"]), data["portfolio"]),
            date.fromisoformat(data["today"]),
            date.fromisoformat(data["as_of"]) if data["as_of"] else None,
            every=data["every"],
            quick=data["quick"],
            ids=data["ids"],
            reviews=data["reviews"],
            since=data["since"],
            block=data["block"],
            store=data["store"],
            tables=TableOptions(data.get("mapping"), data.get("as_of_column")),
        )

    def rules(self, knowledge: Knowledge, *, reasons: bool, questions: bool) -> str:
        """Return the digest of all that results rest on beside the record, the day and the trials."""
        parts = [_FORMAT, her2nav.__version__, fact_digests(knowledge), READER, self.every, reasons, questions]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=2)
def fact_digests(knowledge: Knowledge) -> dict[str, str]:
    """Return the digest of every fact file that verdicts may rest on; trials have digests of their own."""
    return {
        name: hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]
        for name, content in sorted(knowledge.bundle.files.items())
        if not name.startswith("trials/")
    }


def absolute(path: str) -> str:
    """Return a path that holds wherever it is used from."""
    return str(Path(path).expanduser().resolve())
