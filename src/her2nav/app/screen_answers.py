"""The documented shapes of what `screen` answers; the answers are built as plain data and tested against these."""

from __future__ import annotations

from typing import Any, Literal

from her2nav.app.answers import CriterionItem, Versions
from her2nav.model.base import Frozen

VerdictWord = Literal["eligible", "possible", "ineligible"]


class ListedPatient(Frozen):
    """A patient under a trial."""

    patient: str
    group: Literal["fits", "may_fit", "soon", "lost"]
    as_of: str
    verdict: VerdictWord
    arm: str | None
    question: str | None
    missing: list[str]
    blocking: str | None
    eligible_from: str | None
    repeat_before: list[str]
    holds_until: str | None
    unread: int
    to_confirm: int
    new: list[str]
    ruled_by: list[str]
    void: list[str]


class ListedTrial(Frozen):
    """A trial of the worklist."""

    nct_id: str
    title: str
    status: str
    status_date: str
    status_source: str
    status_age_days: int
    criteria_from: Literal["curated", "read"]
    protocol: str | None
    contact: str | None
    slots: int | None
    open_arms: list[str]
    amended: list[str]
    notes: list[str]
    counts: dict[str, int]
    patients: list[ListedPatient]


class ScreenAnswer(Frozen):
    """The answer of `screen`; `run` is the content of run.json."""

    site: str | None
    only_new: bool
    trials: list[ListedTrial]
    trials_with_nothing_to_list: int
    trials_that_take_nobody: int
    newly_closed: list[str]
    trials_without_criteria: dict[str, int]
    run: dict[str, Any]
    versions: Versions


class ScreenExplainAnswer(Frozen):
    """The answer of `screen explain`."""

    patient: str
    as_of: str
    nct_id: str
    title: str
    verdict: VerdictWord
    verdict_in_run: VerdictWord
    differs: list[str]
    arm: str | None
    criteria_from: Literal["curated", "read"]
    criteria: list[CriterionItem]
    to_confirm: list[str]
    missing: list[str]
    eligible_from: str | None
    ruled_by: list[str]
    void: list[str]
    versions: Versions
