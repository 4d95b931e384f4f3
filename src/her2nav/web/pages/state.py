"""What travels with every form of a patient: the record, the words it is shown in, the filters of the trials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, cast, get_args

from fastapi import Depends, Request
from starlette.datastructures import FormData

from her2nav.app.form import label_at
from her2nav.app.patient_source import given
from her2nav.app.session import Session
from her2nav.intake.patient_file import ReadPatient
from her2nav.knowledge.load import Knowledge
from her2nav.model.errors import InputError
from her2nav.report.phrases import Register
from her2nav.web.forms import OldForm, check
from her2nav.web.settings import MIB, Settings

MAX_FIELDS = 2000
"""Of a form; a long record has a field for every value."""
_FIELD = 8 * MIB
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
Recruiting = Literal["open", "now", "all"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which trials are listed; a filter never changes an answer.

    Attributes:
        text: Words that stand in the title, the registry number or a drug.
        phase: `PHASE1` and so on; empty: any.
        country: Two letters; a trial whose countries are not known is listed too.
        kilometres: Of the nearest recruiting site; a trial without known sites is listed too.
        recruiting: `open`: not those known to be closed; `now`: those that recruit, or are about to, as last stated.
        her2: A category that the trial selects.
        setting: A setting that the trial names.
        number: Of the page, from 1.
    """

    text: str = ""
    phase: str = ""
    country: str = ""
    kilometres: int | None = None
    recruiting: Recruiting = "open"
    her2: str = ""
    setting: str = ""
    number: int = 1

    @property
    def fields(self) -> dict[str, str]:
        """The filters as the fields of a form."""
        km = str(self.kilometres or "")
        named = {"f_text": self.text, "f_phase": self.phase, "f_country": self.country, "f_km": km}
        return {**named, "f_recruiting": self.recruiting, "f_her2": self.her2, "f_setting": self.setting}


@dataclass(frozen=True)
class State:
    """A patient on their way through the pages.

    Attributes:
        read: The patient on their day.
        register: For whom it is written.
        filters: Of the trials.
        fields: The whole form, for what a single page asks beside.
    """

    read: ReadPatient
    register: Register
    filters: Filters
    fields: Mapping[str, str]

    @cached_property
    def record(self) -> str:
        """The record as it travels in the form."""
        data = self.read.patient.model_dump(mode="json", exclude_defaults=True)
        return json.dumps({**data, "as_of": self.read.as_of.isoformat()}, ensure_ascii=False)


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form that this server made.

    Raises:
        InputError: It is another's, or too old.
    """
    is_form(request)
    async with request.form(max_fields=MAX_FIELDS, max_part_size=_FIELD) as found:
        return checked_fields(request, found)


def checked_fields(request: Request, form: FormData) -> dict[str, str]:
    """Return the written fields of a form that this server made; files are left out.

    Raises:
        InputError: It is another's, or too old.
    """
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    settings: Settings = request.app.state.settings
    try:
        check(settings, fields.get("csrf", ""))
    except OldForm:
        raise OldForm(fields) from None
    return fields


def is_form(request: Request) -> None:
    """Check that what was sent calls itself a form.

    Raises:
        InputError: It does not.
    """
    if not request.headers.get("content-type", "").lower().startswith(_FORMS):
        raise InputError("a page takes a form and nothing else", allowed=" or ".join(_FORMS), code="media_type")


Form = Annotated[dict[str, str], Depends(form_of)]


def state_of(session: Session, fields: Mapping[str, str]) -> State:
    """Return the patient of a form.

    Raises:
        InputError: The form holds no record.
    """
    record = fields.get("record", "")
    if not record.strip():
        raise InputError("the form holds no record", allowed="begin at the start page", code="no_record")
    read = given(session, record.encode(), "patient.json").read
    register: Register = "clinical" if fields.get("register") == "clinical" else "plain"
    return State(read, register, filters_of(fields), fields)


def filters_of(fields: Mapping[str, str]) -> Filters:
    """Read the filters; what cannot be read filters nothing."""
    return Filters(
        text=fields.get("f_text", "").strip()[:100],
        phase=fields.get("f_phase", ""),
        country=fields.get("f_country", "").strip().upper()[:2],
        kilometres=_number(fields.get("f_km", "")),
        recruiting=_recruiting(fields.get("f_recruiting", "")),
        her2=fields.get("f_her2", ""),
        setting=fields.get("f_setting", ""),
        number=_number(fields.get("f_page", "")) or 1,
    )


def _recruiting(written: str) -> Recruiting:
    return cast("Recruiting", written) if written in get_args(Recruiting) else "open"


def _number(written: str) -> int | None:
    text = written.strip()
    return int(text) if text.isdigit() and 0 < int(text) < 1_000_000 else None


def values_of(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every value of a record with its pointer, in order."""
    found: list[tuple[str, str]] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                walk(inner, f"{path}/{key}")
        elif isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
            for index, inner in enumerate(value):
                walk(inner, f"{path}/{index}")
        elif value is not None:
            found.append((path, _written(value)))

    walk(record, "")
    return found


def _written(value: Any) -> str:
    """Return a value as people write it in a form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    # A list without an entry says that there is none.
    return (", ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)


def label_of(pointer: str, knowledge: Knowledge) -> str:
    """Return a pointer in words: as the guided form asks for it, else its keys (`vitals 1, heart rate`)."""
    known = label_at(knowledge, pointer)
    if known is not None:
        return known
    words: list[str] = []
    parts = pointer.strip("/").split("/")
    # The heading above says which part of the record it is.
    for part in parts[1:] if len(parts) == 2 else parts:
        if part.isdigit() and words:
            words[-1] = f"{_singular(words[-1])} {int(part) + 1},"
        else:
            words.append(part.replace("_", " "))
    return " ".join(words).rstrip(",").capitalize()


def _singular(word: str) -> str:
    return f"{word.removesuffix('ies')}y" if word.endswith("ies") else word.removesuffix("s")
