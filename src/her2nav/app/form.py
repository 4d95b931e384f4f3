"""The guided form: the questions that matter for one tumour type, and the patient record that their answers make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field

from her2nav.app.form_shapes import Kind, shape_of
from her2nav.app.required import required_items
from her2nav.app.session import Session
from her2nav.files.places import Document
from her2nav.files.validation import build
from her2nav.intake.patient_file import ReadPatient, check_patient
from her2nav.interpret.guidelines import guideline_for
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError
from her2nav.model.patient import Patient
from her2nav.model.provenance import Provenance

FILE = "web/form.yaml"
LABELS = "web/labels.yaml"
_NUMBER = re.compile(r"(-?\d+)(?:[.,](\d+))? ?%?")
_YES_NO = {"yes": True, "no": False}


class Question(Frozen):
    """One question; see the head of the file for what each key says."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    path: str
    label: str
    hint: str | None = None
    unit: str | None = None
    tumours: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)
    choices: dict[str, Any] = Field(default_factory=dict)
    gene: str | None = None
    """Put before each item of the answer that does not name it."""


class Part(Frozen):
    """A part of the form; one with `rows` is asked that often, `open` of them at once."""

    id: str
    title: str
    row: str | None = None
    rows: Annotated[int, Field(ge=1)] = 1
    open: Annotated[int, Field(ge=1)] = 1
    hint: str | None = None
    questions: tuple[Question, ...] = Field(min_length=1)


class FormTable(Frozen):
    """`web/form.yaml`."""

    provenance: tuple[Provenance, ...] = Field(min_length=1)
    parts: tuple[Part, ...] = Field(min_length=1)


class Label(Frozen):
    """What a place is called that the form does not ask for."""

    path: str
    label: str
    row: str | None = None


class LabelTable(Frozen):
    """`web/labels.yaml`."""

    labels: tuple[Label, ...] = Field(min_length=1)


def label_table(knowledge: Knowledge) -> tuple[Label, ...]:
    """Return the names of places that the form does not ask for.

    Raises:
        DataError: The file does not have its form.
    """
    return knowledge.record(LABELS, LabelTable).labels


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page shows it.

    Attributes:
        name: Of the field.
        question: What is asked.
        kind: How it is asked for.
        options: Values with their words, where there are few; the value goes into the form.
        path: Of the answer in the patient file, the row's number in it.
    """

    name: str
    question: Question
    kind: Kind
    options: tuple[tuple[str, str], ...]
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a part: its number from 0 and its questions."""

    number: int
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A part with the questions that matter for a tumour."""

    part: Part
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filled form made.

    Attributes:
        read: The patient; None where something is wrong.
        wrong: What is wrong, by the name of the field; an empty name: of the form as a whole.
    """

    read: ReadPatient | None
    wrong: Mapping[str, str]


def form_table(knowledge: Knowledge) -> FormTable:
    """Return the whole table of questions."""
    return knowledge.record(FILE, FormTable)


def rules_of(session: Session, tumour: str) -> str | None:
    """Return the title of the rules that a HER2 result of a tumour type is read by; None where none are known."""
    found = guideline_for(tumour, session.knowledge, session.today())
    return found.title if found is not None else None


def questions_for(session: Session, tumour: str) -> tuple[AskedPart, ...]:
    """Return the parts of the form that matter for a tumour type.

    Raises:
        InputError: The tumour type is not known.
    """
    knowledge = session.knowledge
    found = knowledge.tumours.find(tumour)
    if found is None:
        near = ", ".join(knowledge.tumours.nearest(tumour)) or "a tumour of the list"
        raise InputError("choose the cancer first", place="tumour", allowed=near)
    wider, known = knowledge.tumours.wider(found), _read_by_rules(session, found)
    parts = []
    for part in form_table(knowledge).parts:
        chosen = [one for one in part.questions if _matters(one, wider, known)]
        if chosen:
            rows = tuple(_row(part, number, chosen) for number in range(part.rows))
            parts.append(AskedPart(part, rows))
    return tuple(parts)


def _row(part: Part, number: int, questions: Sequence[Question]) -> Row:
    return Row(number, tuple(_asked(f"a.{part.id}.{number}.{one.id}", one, number) for one in questions))


def questions_at(knowledge: Knowledge, start: str, places: Sequence[str]) -> tuple[Asked, ...]:
    """Return the questions for places of the patient file, for whatever tumour; each field is named by its place.

    Args:
        knowledge: The table of questions.
        start: What stands before every place, such as `specimens.*.`.
        places: Such as `ihc.score`.
    """
    found = _labels(knowledge)
    return tuple(replace(_asked(place, found[f"{start}{place}"][1]), path=place) for place in places)


def value_of(one: Asked, text: str) -> Any:
    """Return an answer as the patient file writes it.

    Raises:
        InputError: It is none of the words, or no number.
    """
    question = one.question
    if one.options and text not in {value for value, _ in one.options}:
        raise InputError(f"'{text[:60]}' is not one of the words", allowed=", ".join(word for _, word in one.options))
    if question.choices:
        return question.choices[text]
    if one.kind == "yes_no":
        return _YES_NO[text]
    if one.kind == "list":
        items = [item.strip() for item in text.split(",") if item.strip()]
        gene = question.gene
        return [item if gene is None or gene.casefold() in item.casefold() else f"{gene} {item}" for item in items]
    return _number(text) if one.kind == "number" else text


def _read_by_rules(session: Session, tumour: str) -> frozenset[str]:
    """Return the inputs of the tables that judge a tumour's results, and the places that its reports must state."""
    guideline = guideline_for(tumour, session.knowledge, session.today())
    tables = guideline.tables.values() if guideline is not None else ()
    folder = session.knowledge.tumours.guideline(tumour)
    items = required_items(session.knowledge, folder) if folder is not None else ()
    return frozenset(
        {name for table in tables for name in table.inputs} | {need for item in items for need in item.needs}
    )


def _matters(question: Question, wider: frozenset[str], known: frozenset[str]) -> bool:
    if question.tumours and not wider & set(question.tumours):
        return False
    return not question.asked or bool(known & set(question.asked))


def _asked(name: str, question: Question, number: int = 0) -> Asked:
    shape = shape_of(question.path)
    kind: Kind = shape.kind if shape is not None else "text"
    options: tuple[tuple[str, str], ...] = ()
    if question.choices:
        kind, options = "choice", tuple((label, label) for label in question.choices)
    elif kind == "choice" and shape is not None:
        options = tuple((word, question.words.get(word, word.replace("_", " "))) for word in shape.words)
    elif kind == "yes_no":
        options = (("yes", "yes"), ("no", "no"))
    return Asked(name, question, kind, options, question.path.replace("*", str(number)))


def filled(session: Session, tumour: str, answers: Mapping[str, str]) -> Filled:
    """Return the patient that the answers describe, or what is wrong, beside each field.

    Args:
        session: Knowledge and clock.
        tumour: The tumour type.
        answers: By the name of the field; an empty one is not known.

    Raises:
        InputError: The tumour type is not known.
    """
    parts = questions_for(session, tumour)
    given = [(one, text) for one in _all(parts) if (text := answers.get(one.name, "").strip())]
    wrong: dict[str, str] = {}
    values = []
    for one, text in given:
        try:
            value = value_of(one, text)
            _checked(session, _record(tumour, [(one.path, value)]))
        except InputError as error:
            wrong[one.name] = _said(error)
        else:
            values.append((one, value))
    if wrong:
        return Filled(None, wrong)
    try:
        return Filled(_checked(session, _record(tumour, [(one.path, value) for one, value in values])), {})
    except InputError as error:
        return Filled(None, {_field_of(values, error.place or ""): _said(error)})


def _all(parts: Sequence[AskedPart]) -> Iterator[Asked]:
    return (one for part in parts for row in part.rows for one in row.asked)


def _number(text: str) -> str:
    """Return a number with a point; a comma as in "2,4" is how half of Europe writes it."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise InputError(f"'{text[:60]}' is not a number", allowed="digits only, for example 2 or 2.4")
    return f"{found[1]}.{found[2]}" if found[2] else found[1]


def _record(tumour: str, values: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a patient record of values by their paths; rows that were left empty are closed up."""
    record: dict[str, Any] = {"cancer": {"tumour_type": tumour}}
    for path, value in values:
        here: Any = record
        parts = path.split(".")
        for part in parts[:-1]:
            here = here.setdefault(part, {})
        here[parts[-1]] = value
    closed: dict[str, Any] = _closed(record)
    return closed


def _closed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _closed(item) for key, item in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def _checked(session: Session, record: dict[str, Any]) -> ReadPatient:
    document = Document(record, "the form")
    return check_patient(build(Patient, document), document, session.knowledge, session.today())


def _said(error: InputError) -> str:
    message = error.message[:1].upper() + error.message[1:]
    return f"{message}. Write {error.allowed}." if error.allowed else f"{message}."


def _field_of(values: Sequence[tuple[Asked, Any]], place: str) -> str:
    """Return the field that a place of the record belongs to; the first of its row; none: of the whole form."""
    key = place.removeprefix("key ").strip("'").replace("/", ".")
    rows: dict[str, list[str]] = {}
    for one, _ in values:
        # The record has no empty rows, the form may have.
        head, _, rest = one.path.partition(".")
        number, _, tail = rest.partition(".")
        if not number.isdigit() or "*" not in one.question.path:
            path = one.path
        else:
            numbers = rows.setdefault(head, [])
            if number not in numbers:
                numbers.append(number)
            path = f"{head}.{numbers.index(number)}.{tail}"
        if path == key or (key and (path.startswith(f"{key}.") or key.startswith(f"{path}."))):
            return one.name
    return ""


@lru_cache(maxsize=4)
def _labels(knowledge: Knowledge) -> dict[str, tuple[str | None, Question]]:
    named = {
        one.path: (one.row, Question(id="label", path=one.path, label=one.label)) for one in label_table(knowledge)
    }
    asked = {one.path: (part.row, one) for part in form_table(knowledge).parts for one in part.questions}
    return {**named, **asked}


def label_at(knowledge: Knowledge, pointer: str) -> str | None:
    """Return what the form calls a place of the patient file; None where it does not ask for it.

    Args:
        knowledge: The table of questions.
        pointer: Such as `/specimens/0/ihc/score`.
    """
    parts = pointer.strip("/").split("/")
    number = next((part for part in parts if part.isdigit()), None)
    starred = ".".join("*" if part.isdigit() else part for part in parts)
    known = _labels(knowledge)
    found = known.get(starred) or known.get(".".join(parts)) or known.get(starred.removesuffix(".*.name"))
    if found is None:
        return None
    row, question = found
    unit = f", {question.unit}" if question.unit else ""
    return f"{row} {int(number) + 1}: {question.label}{unit}" if row and number else f"{question.label}{unit}"
