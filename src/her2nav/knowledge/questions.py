"""The questions that can be asked about a patient (`data/questions/`): their words, and what each answer is made of."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from her2nav.knowledge.citations import Citation, FactKey
from her2nav.knowledge.load import Knowledge
from her2nav.knowledge.schema import Wording
from her2nav.model.base import Frozen
from her2nav.model.errors import DataError
from her2nav.model.provenance import Confidence
from her2nav.model.values import OneOrMany

FOLDER = "questions/asked/"
WORDS = "questions/words.yaml"
BOARD = "questions/board.yaml"
Slot = Literal["drug", "trial", "score"]
"""What a question may name: written `{drug}`, `{trial}`, `{score}` in its phrasings."""


class Line(Frozen):
    """One step of an answer: a derivation of the program by its name, or a sentence with its source.

    Attributes:
        part: Name of a derivation; the rest is then empty but the conditions.
        clinical: For clinicians.
        plain: For patients.
        numbers: Patients see it only when they ask for numbers.
        figure: Id of a figure, whose numbers fill `{value}`, `{low}` and `{high}`, and whose source stands for it.
        tumours: Only in these tumour types and those inside them.
        status: Only with these statuses of HER2.
        expression: Only with these expression categories.
        mutation: Only with these values of the summary of variants.
        scores: Only where the question names one of these scores.
        cite: Where the sentence stands.
        confidence: How that was checked.
    """

    part: str | None = None
    clinical: str = ""
    plain: str = ""
    numbers: bool = False
    figure: str | None = None
    tumours: OneOrMany[str] = ()
    status: OneOrMany[str] = ()
    expression: OneOrMany[str] = ()
    mutation: OneOrMany[str] = ()
    scores: OneOrMany[str] = ()
    cite: tuple[Citation, ...] = ()
    confidence: Confidence = Confidence.P

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.part is None) != bool(self.clinical or self.plain):
            raise ValueError("a line is a part, or a sentence")
        if self.part is None and not (self.cite or self.figure):
            raise ValueError("a sentence has a source")
        return self


class Question(Frozen):
    """One question.

    Attributes:
        id: Its name on the command line.
        clinical: How a clinician would put it; `{drug}` and so on are filled in.
        plain: How a patient would put it.
        slot: What it may name.
        needs_slot: It makes no sense without it; else the patient's own is taken.
        phrasings: Other ways to ask it.
        lines: The answer.
        facts: Keys of facts that the answer shows, for the conflicts.
        next: Ids of questions that often follow.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    clinical: str
    plain: str
    slot: Slot | None = None
    needs_slot: bool = False
    phrasings: tuple[str, ...] = Field(min_length=2)
    lines: tuple[Line, ...] = Field(min_length=1)
    facts: tuple[FactKey, ...] = ()
    next: tuple[str, ...] = ()


class QuestionFile(Frozen):
    """A file of `data/questions/asked/`: the questions of one subject."""

    order: int
    group: Wording
    checked_on: date
    questions: tuple[Question, ...]


class QuestionWords(Frozen):
    """`data/questions/words.yaml`: how written questions are folded before they are compared.

    Attributes:
        same: Lists of words that mean the same here; the first stands for all.
        small: Words that say nothing of what is asked.
        enough: Share of the meaning of a phrasing that a question must have to be taken for it.
        ahead: How far it must lie before the next question.
        clear: From this share on it must lie only `ahead_where_clear` before the next.
        urgent: Words of symptoms that need a call; a question with one that is not understood gets that answer.
        urgent_question: Id of that answer.
        always_near: Ids of questions to offer where none is near.
        longest_wait_days: A trial that only a longer wait would open is counted and not named.
    """

    same: tuple[tuple[str, ...], ...]
    small: tuple[str, ...]
    enough: float = Field(gt=0, lt=1)
    ahead: float = Field(ge=0, lt=1)
    clear: float = Field(gt=0, le=1)
    ahead_where_clear: float = Field(ge=0, lt=1)
    urgent: tuple[str, ...]
    urgent_question: str
    always_near: Annotated[tuple[str, ...], Field(min_length=3)]
    longest_wait_days: int = Field(gt=0)


class Supposed(Frozen):
    """A result that a test may have: in words, and as a what-if writes it."""

    says: str
    suppose: str


class ResultsOfTest(Frozen):
    """The results of a test whose effects a board wants to know."""

    test: str
    results: tuple[Supposed, ...] = Field(min_length=2)


class BoardFile(Frozen):
    """`data/questions/board.yaml`."""

    tests: tuple[ResultsOfTest, ...]


def supposed_results(knowledge: Knowledge, test: str) -> tuple[Supposed, ...]:
    """Return the results of a test that a board's agenda supposes; none where it supposes nothing."""
    tests = knowledge.record(BOARD, BoardFile).tests
    return next((one.results for one in tests if one.test == test), ())


class QuestionBook:
    """All questions, in the order in which they are listed."""

    def __init__(self, files: list[QuestionFile], words: QuestionWords) -> None:
        self.files = sorted(files, key=lambda one: one.order)
        self.words = words
        self.questions = {one.id: one for file in self.files for one in file.questions}
        self.checked_on = {one.id: file.checked_on for file in self.files for one in file.questions}
        if len(self.questions) != sum(len(file.questions) for file in self.files):
            raise DataError("a question stands twice", file=f"data/{FOLDER}")
        for one in self.questions.values():
            for following in one.next:
                if following not in self.questions:
                    raise DataError(f"no question is called '{following}'", file=f"data/{FOLDER}", place=one.id)


@lru_cache(maxsize=2)
def question_book(knowledge: Knowledge) -> QuestionBook:
    """Return the questions of a knowledge version.

    Raises:
        DataError: A file does not have its form, or a question leads nowhere.
    """
    files = [knowledge.record(name, QuestionFile) for name in knowledge.bundle.folder(FOLDER)]
    return QuestionBook(files, knowledge.record(WORDS, QuestionWords))
