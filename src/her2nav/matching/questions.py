"""What can be found out about a patient, and what each answer would say: rows of `data/criteria/next_facts.yaml`."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field, model_validator

from her2nav.knowledge.load import Knowledge
from her2nav.matching.supposed import Supposed, Wanted
from her2nav.model.base import Frozen
from her2nav.model.finding import Effort

FILE = "criteria/next_facts.yaml"


class Question(Frozen):
    """One thing to find out.

    Attributes:
        name: In clinical words; `{sample}` is the sample that is meant.
        plain: The same for a patient.
        gate: Known before screening begins; many trials hang on it.
        first: The gate that this program is about, HER2: it stands before the others.
        routine: Done at the screening for any trial; all of these are shown together.
        repeat: A new test of something known: tried on what stands against a trial as well as on what is open.
        kinds: Criterion kinds that it may answer.
        sample: The tissue sample that a result belongs to.
        or_new: A new biopsy where there is no such sample.
        values: The answers.
        list: Lists of the record that would be complete.
        each: Beside the values, what each criterion asks for is found, one at a time, the rest as the first value says.
    """

    id: str
    name: str
    plain: str
    effort: Effort
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    gate: bool = False
    first: bool = False
    routine: bool = False
    repeat: bool = False
    sample: Wanted | None = None
    or_new: bool = False
    values: tuple[Supposed, ...] = ()
    list: tuple[str, ...] = ()
    each: str | None = None

    @model_validator(mode="after")
    def _answers(self) -> Question:
        if bool(self.values) == bool(self.list):
            raise ValueError("a question has either values or lists")
        return self


class QuestionFile(Frozen):
    """`criteria/next_facts.yaml`."""

    facts: tuple[Question, ...]


@lru_cache(maxsize=4)
def questions(knowledge: Knowledge) -> tuple[Question, ...]:
    """Return what can be asked, in the order of the file."""
    return knowledge.record(FILE, QuestionFile).facts
