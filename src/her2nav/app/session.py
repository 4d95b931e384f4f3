"""What an answer is computed with: knowledge, trials, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import her2nav
from her2nav.criteria.version import READER
from her2nav.facts.case import Case
from her2nav.intake.patient_file import ReadPatient
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.store.connection import home

if TYPE_CHECKING:
    from her2nav.matching.compiled import CompiledTrials
    from her2nav.model.trial import Trial

READER_VERSION = READER
"""Version of the criteria reader."""


def system_today() -> date:
    """Return the day on the machine's clock."""
    return date.today()  # noqa: DTZ011 - the user's own calendar day is meant


@dataclass
class Session:
    """Knowledge and trials, loaded when first needed; the clock is passed in."""

    knowledge: Knowledge = field(default_factory=load_knowledge)
    today: Callable[[], date] = system_today
    folder: Path = field(default_factory=home)
    """Of the registry's store, which need not exist."""

    @cached_property
    def trials(self) -> list[Trial]:
        """The shipped catalogue."""
        return [item.trial for item in self.compiled.trials]

    @cached_property
    def compiled(self) -> CompiledTrials:
        """The trials over their unique leaves."""
        # Matching is loaded when trials are asked for, not by every command.
        from her2nav.app.shipped import shipped_trials

        return shipped_trials(self.knowledge)

    @cached_property
    def snapshot(self) -> str:
        """Names the trials an answer was computed from: the newest day a status was captured."""
        newest = max((trial.record.status.date for trial in self.trials), default=None)
        return f"catalogue-{newest.isoformat()}" if newest else "catalogue-empty"

    def case(self, read: ReadPatient) -> Case:
        """Return the patient on their day with this knowledge."""
        return Case(read.patient, read.as_of, self.knowledge)

    def versions(self, *, trials: bool = True, snapshot: str | None = None) -> dict[str, Any]:
        """Return what every answer quotes; `snapshot` names trials other than those of the catalogue."""
        return {
            "her2nav": her2nav.__version__,
            "knowledge": self.knowledge.version,
            "reader": READER_VERSION,
            "snapshot": (snapshot or self.snapshot) if trials else None,
        }
