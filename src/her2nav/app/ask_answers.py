"""The documented shape of the answers of `ask`; docs/ask.md describes it."""

from __future__ import annotations

from her2nav.app.answers import ConflictItem, EvidenceItem, Versions
from her2nav.app.plan_answers import PhraseItem
from her2nav.model.base import Frozen


class PlaceItem(Frozen):
    """Where a statement stands; `confidence` is empty for a registry record."""

    source: str
    title: str
    locator: str
    confidence: str
    unverified: bool
    checked_on: str | None


class StatementItem(PhraseItem):
    """One statement; an empty register has no words for it.

    `numbers`: a number of a study or population, for patients only where they ask for numbers.
    """

    numbers: bool
    unverified: bool
    sources: list[PlaceItem]
    evidence: list[EvidenceItem]
    items: list[StatementItem]


class AskAnswer(Frozen):
    """The answer to one question."""

    patient: str | None
    as_of: str
    question: str
    asks: PhraseItem
    drug: str | None
    trial: str | None
    score: str | None
    statements: list[StatementItem]
    conflicts: list[ConflictItem]
    next: list[str]
    warnings: list[str]
    versions: Versions


class QuestionItem(PhraseItem):
    """A question that can be asked; `names` says what it may name."""

    question: str
    names: str | None
    phrasings: list[str]


class QuestionGroup(PhraseItem):
    """Questions on one subject."""

    questions: list[QuestionItem]


class QuestionList(Frozen):
    """The answer of `ask --list`."""

    groups: list[QuestionGroup]
    versions: Versions


StatementItem.model_rebuild()
