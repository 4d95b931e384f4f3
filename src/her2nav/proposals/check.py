"""Proposals against the text: what is quoted must stand there, and every number of the value in the quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from her2nav.files.places import Document
from her2nav.intake.notes.source import NoteText
from her2nav.kinds.forms import TreeReader, write
from her2nav.language.numbers import WORDS
from her2nav.model.errors import Her2NavError
from her2nav.model.patient import Patient
from her2nav.model.tree import leaves
from her2nav.proposals.asking import Outgoing
from her2nav.proposals.forms import CriterionProposals, NoteProposals
from her2nav.proposals.records import placed

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_DAY = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that stands the checks; it is machine-read and decides nothing.

    Attributes:
        path: Pointer in the patient file, or the number of the stretch of an eligibility text.
        value: The value, or the tree in its written form.
        quote: The words as they stand in the source.
        source: Name of the note, or the number of the stretch.
        start: First character of the quote there.
        end: Character after the last.
    """

    path: str
    value: Any
    quote: str
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that was thrown away, and why."""

    path: str
    value: Any
    quote: str
    code: str
    reason: str


REASONS = {
    "not_asked": "it was not asked for",
    "invented_quote": "the quoted words do not stand in the text",
    "number_not_quoted": "a number of the value does not stand in the quoted words",
    "not_allowed": "the value is not allowed there",
    "twice": "it was proposed before with another value",
    "not_a_tree": "it is no tree of the known kinds",
}


def checked_notes(
    answer: NoteProposals, outgoing: Outgoing, record: dict[str, Any]
) -> tuple[list[Proposed], list[Refused]]:
    """Return the proposals for a patient file that stand, and those that do not."""
    values: dict[str, list[Any]] = {}
    for one in answer.proposals:
        if not one.path.endswith("/-") and one.value not in values.setdefault(one.path, []):
            values[one.path].append(one.value)
    kept: list[Proposed] = []
    refused: list[Refused] = []
    for one in answer.proposals:
        place = _standing(one.quote, outgoing.sources)
        code = next(
            (
                code
                for code, wrong in (
                    ("not_asked", one.path not in outgoing.asked),
                    ("invented_quote", place is None),
                    ("number_not_quoted", not _numbers_quoted(one.value, one.quote)),
                    ("twice", len(values.get(one.path, ())) > 1),
                    ("not_allowed", not _allowed(record, one.path, one.value)),
                )
                if wrong
            ),
            None,
        )
        if code is not None or place is None:
            refused.append(_refused(one.path, one.value, one.quote, code or "invented_quote"))
        elif not any(other.path == one.path and other.value == one.value for other in kept):
            kept.append(Proposed(one.path, one.value, one.quote, *place))
    return kept, refused


def checked_criteria(answer: CriterionProposals, outgoing: Outgoing) -> tuple[list[Proposed], list[Refused]]:
    """Return the trees that stand, and those that do not."""
    kept: list[Proposed] = []
    refused: list[Refused] = []
    sources = {source.name: source for source in outgoing.sources}
    asked_twice = {one.number for one in answer.proposals if sum(x.number == one.number for x in answer.proposals) > 1}
    for one in answer.proposals:
        number = str(one.number)
        source = sources.get(number)
        place = _standing(one.quote, [source]) if source is not None else None
        tree = _tree(one.tree)
        code = next(
            (
                code
                for code, wrong in (
                    ("not_asked", source is None),
                    ("invented_quote", place is None),
                    ("not_a_tree", tree is None),
                    ("number_not_quoted", not _numbers_quoted(tree, one.quote)),
                    ("twice", one.number in asked_twice),
                )
                if wrong
            ),
            None,
        )
        if code is not None or place is None:
            refused.append(_refused(number, one.tree, one.quote, code or "invented_quote"))
        else:
            kept.append(Proposed(number, tree, one.quote, *place))
    return kept, refused


def _refused(path: str, value: Any, quote: str, code: str) -> Refused:
    return Refused(path, value, quote, code, REASONS[code])


def _tree(data: dict[str, Any]) -> dict[str, Any] | None:
    try:
        node = TreeReader(Document(_as_text(data), "proposal")).read(_as_text(data), ())
    except (Her2NavError, RecursionError):
        return None
    return None if any(leaf.kind == "unread" for leaf in leaves(node)) else write(node)


def _as_text(value: Any) -> Any:
    """Numbers as the text that trial files hold, which is what the reader of trees takes."""
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _flat(words: str) -> str:
    return " ".join(words.split())


def _standing(quote: str, notes: Sequence[NoteText]) -> tuple[str, int, int] | None:
    """Return where the words stand, character by character; only runs of white space may differ."""
    parts = quote.split()
    if not parts:
        return None
    pattern = re.compile(r"\s+".join(re.escape(part) for part in parts))
    for note in notes:
        found = pattern.search(note.text)
        if found is not None:
            return note.name, found.start(), found.end()
    return None


def _numbers_quoted(value: Any, quote: str) -> bool:
    lower = quote.lower()
    numbers = {_decimal(match) for match in _NUMBER.findall(lower.replace(",", "."))}
    numbers |= {_decimal(match) for match in _NUMBER.findall(lower.replace(",", ""))}
    numbers |= {Decimal(WORDS[word]) for word in _WORD.findall(lower) if word in WORDS}
    return all(_stands(text, numbers, lower) for text in _texts(value))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _stands(text: str, numbers: set[Decimal], quote: str) -> bool:
    day = _DAY.match(text.strip())
    if day is not None:
        year, month, of_month = day.groups()
        short = Decimal(year[2:]) in numbers
        named = month is None or int(month) in numbers or _MONTHS[int(month) % 12 - 1] in quote
        return (Decimal(year) in numbers or short) and named and (of_month is None or int(of_month) in numbers)
    return all(_decimal(match) in numbers for match in _NUMBER.findall(text))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _allowed(record: dict[str, Any], path: str, value: Any) -> bool:
    trial = placed(record, path, value)
    if trial is None:
        return False
    try:
        Patient.model_validate(trial)
    except ValidationError:
        return False
    return True
