"""Data that came where a note was expected: JSON, XML, messages, archives. Read as words it would give wrong values."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from her2nav.model.errors import FileError

_HEAD = 65536
_WORD_PART = "word/document.xml"


class Form(NamedTuple):
    """A form of data that is no note: how it is known, what it is called, what to give instead."""

    known: Callable[[str], bool]
    what: str
    allowed: str


def _is_fhir(text: str) -> bool:
    return text.startswith(("{", "[")) and '"resourceType"' in text


def _is_json(text: str) -> bool:
    if not text.startswith(("{", "[")):
        return False
    try:
        data, _ = json.JSONDecoder().raw_decode(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    # A note may begin with a number or a date in brackets.
    return isinstance(data, dict) or (bool(data) and all(isinstance(one, (dict, list)) for one in data))


def _starts(pattern: str) -> Callable[[str], bool]:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda text: found.match(text) is not None


FORMS: tuple[Form, ...] = (
    Form(_is_fhir, "FHIR", "a FHIR file: her2nav intake bundle.json; as a note, its text alone"),
    Form(_is_json, "JSON", "a note with text; FHIR as a bundle or NDJSON; a patient file with the other commands"),
    Form(
        _starts(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?\w+[^>]*xmlns(?::\w+)?\s*=\s*[\"']http://hl7\.org/fhir"
        ),
        "FHIR as XML",
        "FHIR as JSON: a bundle, or NDJSON",
    ),
    Form(
        _starts(r"<\?xml|<(?:\w+:)?ClinicalDocument\b"),
        "XML",
        "a note as text, PDF or DOCX; FHIR as JSON; an HL7 document as its text",
    ),
    Form(_starts(r"(?:\x0b)?MSH\|"), "an HL7 version 2 message", "the text of its report, or FHIR as JSON"),
)
"""Forms of data, the first that fits counts."""

_BY_NAME = {
    (".json", ".ndjson", ".jsonl"): ("no FHIR that can be read", "a FHIR bundle, or NDJSON with one resource a line"),
    (".yaml", ".yml"): (
        "a record", "a note; a patient file goes to the other commands as it is, and --into adds a note to it"
    ),
}  # fmt: skip
"""Names of files that hold no notes, whatever is in them."""
_ARCHIVES = (
    ("xl/workbook.xml", "a spreadsheet (XLSX)", "CSV or Parquet with --mapping: save the sheet as CSV first"),
    ("xl/workbook.bin", "a spreadsheet (XLSB)", "CSV or Parquet with --mapping: save the sheet as CSV first"),
    ("ppt/presentation.xml", "a presentation (PPTX)", "text, PDF or DOCX"),
    ("content.xml", "an OpenDocument file", "text, PDF or DOCX: save it as one of these first"),
)
"""A file inside an archive that says what the archive is."""


def check_words(text: str, name: str) -> None:
    """Refuse a text that is data and no note.

    Raises:
        FileError: It is; with what it is and what to give instead.
    """
    for endings, (what, allowed) in _BY_NAME.items():
        if name.lower().endswith(endings):
            raise FileError(f"this is {what} and no note", file=name, allowed=allowed, code="no_note")
    start = text[:_HEAD].lstrip("\ufeff \t\r\n\x0b")
    if not start.startswith(("{", "[", "<", "MSH|")):
        return
    form = next((one for one in FORMS if one.known(start if one.known is not _is_json else text.lstrip())), None)
    if form is not None:
        where = " on standard input" if name == "-" else ""
        raise FileError(f"this is {form.what}{where} and no note", file=name, allowed=form.allowed, code="no_note")


def check_archive(raw: bytes, name: str) -> None:
    """Refuse an archive that is no Word document.

    Raises:
        FileError: It is another one, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise FileError(
            "the file is a damaged archive, no Word document that can be read",
            file=name,
            allowed="a whole DOCX file, text or PDF",
            code="bad_docx",
        ) from None
    if _WORD_PART in parts:
        return
    what, allowed = next(
        ((what, allowed) for part, what, allowed in _ARCHIVES if part in parts),
        (f"a ZIP archive of {len(parts)} files", "the files in it, unpacked"),
    )
    raise FileError(f"the file is {what} and no note", file=name, allowed=allowed, code="no_note")
