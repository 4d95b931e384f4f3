"""The fields of the patient file that a column may feed, and what a cell may say in each."""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ValidationError

from her2nav.model.dates import PartialDate
from her2nav.model.patient import Patient
from her2nav.model.specimens import Biomarkers, GeneResult

Kind = Literal["date", "number", "yes_no", "text"]
Path = tuple[str | int, ...]
LISTS = frozenset(
    {
        "specimens",
        "ctdna",
        "therapies",
        "planned",
        "procedures",
        "labs",
        "conditions",
        "allergies",
        "toxicities",
        "medications",
        "vitals",
        "cardiac.lvef",
        "cancer.lesions",
    }
)
"""Lists of the patient file that a table may hold in rows."""
_MANY = frozenset({"drugs", "metastatic_sites", "after_therapy", "genes_covered", "fusions", "variants", "history"})
"""Lists of words inside a field: a cell may hold several."""


_ELSEWHERE = {
    "complete": "complete: in the mapping file itself, by a person who knows the source",
    "id": "id: COLUMN in the mapping file",
    "as_of": "as_of: COLUMN in the mapping file, or --as-of-column",
}


class NoField(Exception):
    """There is no such field; `near` names what was meant, or what there is."""

    def __init__(self, message: str, near: str) -> None:
        super().__init__(message)
        self.message, self.near = message, near


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the patient file.

    Attributes:
        path: Below the patient, or below an entry of a list.
        kind: How a cell is read.
        several: The field holds a list of words.
        section: The list that an indexed field stands in; empty: none.
        model: The model that `path` starts from.
    """

    path: Path
    kind: Kind
    several: bool
    section: str = ""
    model: type[BaseModel] = Patient

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(str(part) for part in self.path)

    def refusal(self, value: Any) -> str | None:
        """Return why the patient file does not allow a value, and what it allows; None: it does."""
        key = tuple(value) if isinstance(value, list) else value
        return _refusal(self.model, self.path, key)


def field_of(written: str, knowledge_genes: Any = None) -> Field:
    """Return the field of a path such as `performance.ecog` or `therapies.0.drugs`.

    Raises:
        NoField: The patient file has no such field, or it needs a position.
    """
    parts = _parts(written)
    if parts and (said := _ELSEWHERE.get(str(parts[0]))):
        raise NoField(f"'{written}' is not fed by a column", said)
    section, rest = _section(parts)
    if section:
        if not rest or not isinstance(rest[0], int):
            raise NoField(f"{section} is a list", f"{section}.0.… for its first entry, or entry: {section} for rows")
        inner = _entry_model(section)
        if len(rest) == 1:
            raise NoField(f"'{written}' is a whole entry", ", ".join(_names(inner)))
        found = _walk(inner, rest[1:], written, knowledge_genes)
        return Field(tuple(rest[1:]), found.kind, found.several, f"{section}.{rest[0]}", inner)
    return _walk(Patient, parts, written, knowledge_genes)


def entry_field(section: str, written: str) -> Field:
    """Return a field of the entries of a list: `drugs` of `therapies`.

    Raises:
        NoField: There is no such list or field.
    """
    if section not in LISTS:
        raise NoField(f"'{section}' is no list of the patient file", ", ".join(sorted(LISTS)))
    inner = _entry_model(section)
    found = _walk(inner, _parts(written), f"{section}: {written}", None)
    return Field(found.path, found.kind, found.several, section, inner)


def _parts(written: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in written.replace("/", ".").strip(".").split(".") if part]


def _section(parts: list[str | int]) -> tuple[str, list[str | int]]:
    for length in (1, 2):
        name = ".".join(str(part) for part in parts[:length])
        if name in LISTS:
            return name, parts[length:]
    return "", parts


def _entry_model(section: str) -> type[BaseModel]:
    inner: type[BaseModel] = Patient
    for part in section.split("."):
        (inner,) = _models(inner.model_fields[part].annotation)
    return inner


def _walk(model: type[BaseModel], parts: list[str | int], written: str, genes: Any) -> Field:
    here: type[BaseModel] = model
    annotation: Any = None
    for position, part in enumerate(parts):
        if isinstance(part, int):
            raise NoField(f"'{written}' has a number where a name belongs", ", ".join(_names(here)))
        if here is Biomarkers and part not in Biomarkers.model_fields:
            symbol = genes.find(part) if genes is not None else part
            if symbol is None or position + 1 < len(parts):
                raise NoField(f"'{part}' is no biomarker and no gene", "er, pr, pd_l1, msi, or a gene such as kras")
            return Field(tuple(parts), "text", False, "", model)
        known = here.model_fields.get(part)
        if known is None or (here is Biomarkers and part == "genes"):
            also = ("lvef_percent", "lvef_date", "lvef_method") if "lvef" in here.model_fields else ()
            if part in also and position + 1 == len(parts):
                kinds: dict[str, Kind] = {"lvef_date": "date", "lvef_percent": "number"}
                return Field(tuple(parts), kinds.get(part, "text"), False, "", model)
            near = difflib.get_close_matches(str(part), [*_names(here), *also], n=1, cutoff=0.6)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise NoField(f"the patient file has no field '{written}'{hint}", ", ".join(_names(here)))
        annotation = known.annotation
        models = [one for one in _models(annotation) if one is not GeneResult]
        if models and position + 1 < len(parts):
            here = models[0]
        elif position + 1 < len(parts):
            raise NoField(f"'{written}' goes below a value", ".".join(str(one) for one in parts[: position + 1]))
    last = str(parts[-1]) if parts else ""
    if annotation is None:
        raise NoField("no field is named", "a path such as performance.ecog")
    models = _models(annotation)
    if models and last not in _MANY and not _takes_text(models[0]):
        raise NoField(f"'{written}' is a group of fields", ", ".join(f"{written}.{one}" for one in _names(models[0])))
    return Field(tuple(parts), _kind(annotation), last in _MANY, "", model)


def _takes_text(model: type[BaseModel]) -> bool:
    try:
        model.model_validate("x")
    except ValidationError as problem:
        return problem.errors()[0]["type"] not in ("model_type", "model_attributes_type")
    return True


def _names(model: type[BaseModel]) -> list[str]:
    hidden = getattr(model, "not_shown", ())
    return [name for name in model.model_fields if name not in hidden]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) in (tuple, list, typing.Union, types.UnionType, Annotated):
        return [one for inner in typing.get_args(annotation) for one in _models(inner)]
    return []


def _kind(annotation: Any) -> Kind:
    found = set(_leaves(annotation))
    if PartialDate in found:
        return "date"
    if bool in found:
        return "yes_no"
    return "number" if found & {Decimal, int, float} else "text"


def _leaves(annotation: Any) -> typing.Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(typing.get_args(annotation)[0])
    elif origin in (typing.Union, types.UnionType, tuple, list):
        for inner in typing.get_args(annotation):
            yield from _leaves(inner)
    else:
        yield annotation


@lru_cache(maxsize=65536)
def _refusal(model: type[BaseModel], path: Path, value: Any) -> str | None:
    record: Any = list(value) if isinstance(value, tuple) else value
    for part in reversed(path):
        record = {part: record}
    try:
        model.model_validate(record)
    except ValidationError as problem:
        # What else an entry needs is seen when all its fields are together.
        errors = [one for one in problem.errors(include_url=False) if one["type"] != "missing"]
        return told(errors[0]) if errors else None
    return None


def told(error: Any) -> str:
    """Say in one line what is wrong with a value and what is allowed."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind in ("literal_error", "enum"):
        return f"not allowed (allowed: {str(context.get('expected', '')).replace(chr(39), '')})"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    bounds = {
        "greater_than_equal": ("ge", "at least"),
        "less_than_equal": ("le", "at most"),
        "greater_than": ("gt", "more than"),
        "less_than": ("lt", "less than"),
    }
    if kind in bounds:
        name, word = bounds[kind]
        return f"out of range (allowed: {word} {context.get(name)})"
    if kind.startswith(("decimal", "int", "float", "finite_number")):
        return "not a number (allowed: a number with a decimal point)"
    return str(error["msg"]).removeprefix("Value error, ")
