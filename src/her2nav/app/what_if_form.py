"""What-if on a page: suppositions to choose from, and what went wrong in words that fit the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from her2nav.app.derived import Derived
from her2nav.app.what_if import WhatIf, what_if
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError, UnknownName

FILE = "web/what_if.yaml"


class Choice(Frozen):
    """A supposition: what a person reads, and what `match --what-if` takes."""

    says: str
    text: str


class Group(Frozen):
    """Suppositions of one kind."""

    title: str
    choices: tuple[Choice, ...] = Field(min_length=1)


class Suppositions(Frozen):
    """`web/what_if.yaml`."""

    groups: tuple[Group, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in: one of a choice, a treatment with its day, or words of one's own.

    Attributes:
        choice: A supposition of the list.
        treatment: Medicines that start.
        start: Their first day, ISO; empty: today.
        words: `NAME = VALUE`.
    """

    choice: str = ""
    treatment: str = ""
    start: str = ""
    words: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Asked:
        """Read the fields of a form."""
        names = ("choice", "treatment", "start", "words")
        return cls(*(fields.get(f"w_{name}", "").strip()[:200] for name in names))


def suppositions(knowledge: Knowledge) -> tuple[Group, ...]:
    """Return what can be chosen."""
    return knowledge.record(FILE, Suppositions).groups


def says(knowledge: Knowledge, asked: Asked) -> str | None:
    """Return the words of a supposition of the list; None for one in words of one's own."""
    choices = (one for group in suppositions(knowledge) for one in group.choices)
    return next((one.says for one in choices if one.text == asked.choice), None)


def suppose(derived: Derived, asked: Asked) -> WhatIf:
    """Return what a supposition changes.

    Raises:
        InputError: In words for the field that is wrong: nothing or too much is filled in, or a medicine, a day or a
            fact is not understood.
    """
    given = [one for one in (asked.choice, asked.treatment, asked.words) if one]
    if len(given) != 1:
        said = "Nothing is chosen yet." if not given else "Suppose one thing at a time."
        raise InputError(said, allowed="Choose a result, or write a treatment, or write a fact of your own.")
    text = f"start {asked.treatment} {asked.start}".strip() if asked.treatment else given[0]
    try:
        return what_if(derived.session, derived.case, derived.matched.chosen.compiled, text)
    except UnknownName as error:
        raise InputError(_unknown(asked), allowed=f"Known are: {error.allowed}." if error.allowed else None) from None
    except InputError as error:
        raise InputError(_misread(asked, error), allowed=_example(asked)) from None


def _unknown(asked: Asked) -> str:
    if asked.treatment:
        return f"No medicine called “{asked.treatment}” is known here."
    return f"There is no fact called “{asked.words.partition('=')[0].strip()}”."


def _misread(asked: Asked, error: InputError) -> str:
    if asked.treatment:
        return f"The first day does not work: {error.message}."
    return f"“{asked.words}” was not understood: {error.message}."


def _example(asked: Asked) -> str:
    if asked.treatment:
        return "Choose today or a later day, or leave it empty for today."
    return "Write a name, = and a value, for example: ecog = 1, or: platelets = 90 10*9/L."
