"""The patient file: read, checked against the vocabularies, with warnings for what is kept but not understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel

from her2nav.facts.labs import lab_problem
from her2nav.files.jsonfile import parse_record
from her2nav.files.places import Document, Path
from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.knowledge.load import Knowledge
from her2nav.model.dates import PartialDate
from her2nav.model.errors import UnknownName, ValueProblem
from her2nav.model.patient import Patient


@dataclass(frozen=True, slots=True)
class ReadPatient:
    """A patient with the day they are judged on.

    Attributes:
        patient: The record.
        as_of: `--as-of`, else the file's own day, else today.
        warnings: One line each: names kept but not understood, facts set aside.
        set_aside: JSON pointers of facts dated after `as_of`.
    """

    patient: Patient
    as_of: date
    warnings: tuple[str, ...]
    set_aside: tuple[str, ...]


def read_patient(source: str | FilePath, knowledge: Knowledge, today: date, as_of: date | None = None) -> ReadPatient:
    """Read a patient file (YAML or JSON; `-` is standard input).

    Args:
        source: Path or `-`.
        knowledge: Vocabularies that names are checked against.
        today: The clock's day.
        as_of: Overrides the file's own `as_of`.

    Raises:
        FileError: The file cannot be read.
        SyntaxProblem: It is not well-formed.
        ValueProblem: A key or value is not allowed, or a date lies in the future.
        UnknownName: The tumour type is in no vocabulary.
    """
    text, name = read_text(source)
    document = parse_record(text, name)
    patient = build(Patient, document)
    return check_patient(patient, document, knowledge, today, as_of)


def check_patient(
    patient: Patient, document: Document, knowledge: Knowledge, today: date, as_of: date | None = None
) -> ReadPatient:
    """Check names and dates of a patient record against vocabularies and clock."""
    day = as_of or _file_day(patient, document) or today
    _check_tumour(patient, document, knowledge)
    _check_genes(patient, document, knowledge)
    lab_warnings = _check_labs(patient, document, knowledge)
    set_aside = _check_dates(patient, document, day, today)
    warnings = [
        *_name_warnings(patient, knowledge),
        *lab_warnings,
        *(f"{path}: dated after {day}, set aside" for path in set_aside),
    ]
    if patient.demographics.birth_date is not None and patient.demographics.age is not None:
        warnings.append("/demographics: birth_date and age are both given; birth_date counts")
    return ReadPatient(patient, day, tuple(warnings), tuple(set_aside))


def _file_day(patient: Patient, document: Document) -> date | None:
    if patient.as_of is None:
        return None
    if not patient.as_of.exact:
        raise ValueProblem(
            f"as_of '{patient.as_of}' is not a day",
            file=document.name,
            place=document.place(("as_of",)),
            allowed="a full date such as 2026-11-20",
        )
    return patient.as_of.low


def _check_tumour(patient: Patient, document: Document, knowledge: Knowledge) -> None:
    written = patient.cancer.tumour_type
    if written is None or knowledge.tumours.find(written) is not None:
        return
    near = knowledge.tumours.nearest(written)
    raise UnknownName(
        f"unknown tumour type '{written}'" + (f"; did you mean '{near[0]}'?" if near else ""),
        file=document.name,
        place=document.place(("cancer", "tumour_type")),
        allowed=f"an OncoTree code or a name such as {', '.join(near) or 'breast, gastric, NSCLC'}",
    )


def _check_genes(patient: Patient, document: Document, knowledge: Knowledge) -> None:
    """Refuse a key among the biomarkers that is no gene: a typing mistake would hide a result."""
    for symbol in patient.biomarkers.genes:
        if knowledge.genes.find(symbol) is None:
            near = knowledge.genes.nearest(symbol)
            raise UnknownName(
                f"unknown biomarker or gene '{symbol}'" + (f"; did you mean {' or '.join(near[:2])}?" if near else ""),
                file=document.name,
                place=document.place(("biomarkers", symbol)),
                allowed="er, pr, pd_l1, msi, mmr, tmb_per_mb, cldn18_2 or a gene symbol such as kras",
            )


def _check_labs(patient: Patient, document: Document, knowledge: Knowledge) -> list[str]:
    """Refuse a unit that a laboratory value does not have and a value that is not possible; return warnings."""
    warnings = []
    for i, lab in enumerate(patient.labs):
        problem = lab_problem(lab, knowledge)
        if problem is None:
            continue
        if not problem.warning:
            raise ValueProblem(
                problem.message, file=document.name, place=document.place(("labs", i)), allowed=problem.allowed
            )
        near = f" (nearest: {problem.allowed})" if problem.allowed else ""
        warnings.append(f"/labs/{i}: {problem.message}{near}")
    return warnings


def _check_dates(patient: Patient, document: Document, day: date, today: date) -> list[str]:
    """Refuse dates past both the patient's day and the clock; list those after the patient's day."""
    later: list[str] = []
    for path, value in dates_of(patient):
        if path[0] in ("planned", "as_of") or value.low <= day:
            continue
        if value.low > today:
            raise ValueProblem(
                f"{value} lies in the future",
                file=document.name,
                place=document.place(path),
                allowed=f"a date up to {max(day, today)}; intended treatment stands under planned",
            )
        later.append("/" + "/".join(str(part) for part in path))
    return later


def any_after(record: BaseModel, day: date) -> bool:
    """Return whether a date of a record lies after a day; what is planned, and its `as_of`, may."""
    values = record.__dict__
    for name in _bound_fields(type(record)):
        value = values[name]
        if not value:
            continue
        if type(value) is PartialDate:
            if value.low > day:
                return True
        elif type(value) is tuple:
            for item in value:
                if type(item) is PartialDate:
                    if item.low > day:
                        return True
                elif isinstance(item, BaseModel) and any_after(item, day):
                    return True
        elif isinstance(value, BaseModel) and any_after(value, day):
            return True
    return False


_MAY_BE_LATER = ("planned", "as_of")


def dates_of(record: BaseModel, path: Path = ()) -> Iterator[tuple[Path, PartialDate]]:
    """Yield every date of a record with its path."""
    for name in _dated_fields(type(record)):
        value = getattr(record, name)
        if value is None:
            continue
        items = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for index, item in items:
            here: Path = (*path, name) if index is None else (*path, name, index)
            if isinstance(item, PartialDate):
                yield here, item
            elif isinstance(item, BaseModel):
                yield from dates_of(item, here)


@cache
def _bound_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a model whose dates must not lie after the patient's day."""
    return tuple(name for name in _dated_fields(model) if name not in _MAY_BE_LATER)


@cache
def _dated_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a model that can hold a date, or a record with one."""
    return tuple(name for name, field in model.model_fields.items() if _can_hold(field.annotation))


def _can_hold(annotation: object) -> bool:
    """True for dates, records with dates, unknown types, and collections of those."""
    if annotation is PartialDate or annotation is Any:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_dated_fields(annotation))
    return any(_can_hold(inner) for inner in get_args(annotation))


def _name_warnings(patient: Patient, knowledge: Knowledge) -> Iterator[str]:
    """Yield a warning for every name that is kept but means nothing to the program."""
    named = [("therapies", i, drug.name) for i, t in enumerate(patient.therapies) for drug in t.drugs]
    named += [("planned", i, drug.name) for i, p in enumerate(patient.planned) for drug in p.drugs]
    for section, i, name in named:
        found = knowledge.drugs.resolve(name)
        if not found.known:
            near = _near(list(found.nearest))
            yield f"/{section}/{i}: unknown drug '{name}'{near}; kept, and it may count as any drug"
        elif found.ambiguous:
            yield f"/{section}/{i}: '{name}' has more than one reading; write the drugs, or only what they share counts"
    histology = patient.cancer.histology
    if histology and knowledge.histologies.find(histology) is None:
        like = _near(knowledge.histologies.nearest(histology))
        yield f"/cancer/histology: '{histology}' is not known{like}; kept, histology counts as unknown"
    for i, site in enumerate(patient.cancer.metastatic_sites or ()):
        if knowledge.sites.find(site) is None:
            yield f"/cancer/metastatic_sites/{i}: unknown site '{site}'{_near(knowledge.sites.nearest(site))}; kept"


def _near(names: list[str]) -> str:
    return f" (nearest: {', '.join(names)})" if names else ""
