"""Reading FHIR elements that may be absent, doubled or of the wrong shape: nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?", re.DOTALL)
_SYSTEMS = (
    ("loinc.org", "loinc"),
    ("snomed.info", "snomed"),
    ("rxnorm", "rxnorm"),
    ("icd-10", "icd10"),
    ("icd10", "icd10"),
    ("2.16.840.1.113883.6.90", "icd10"),
    ("cancerstaging", "ajcc"),
    ("genenames", "hgnc"),
    ("terminology.hl7.org", "hl7"),
    ("hl7.org", "hl7"),
)


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of a concept; `system` is short (`loinc`), or the end of an unknown one."""

    system: str
    code: str
    display: str


def items(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; one object counts as a list of one, all else is left out."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def child(value: Any, *names: str) -> dict[str, Any]:
    """Return the object below names, empty where any step is no object; of a list, its first."""
    if len(names) == 1 and type(value) is dict:
        only = value.get(names[0])
        if type(only) is dict:
            return only
        if only is None:
            return {}
    for name in names:
        found = items(value.get(name)) if isinstance(value, dict) else []
        if not found:
            return {}
        value = found[0]
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """Return a string without outer and doubled spaces; anything else is empty."""
    return _words(value) if type(value) is str else ""


@lru_cache(maxsize=16384)
def _words(value: str) -> str:
    return " ".join(value.split())


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """A concept, or a list of concepts, as it is asked for: exports say the same few concepts again and again.

    Attributes:
        codings: All codings.
        texts: The displays of the codings, then the texts, each once.
    """

    codings: tuple[Coding, ...]
    texts: tuple[str, ...]


def concept_of(value: Any) -> Concept:
    """Return the codings and texts of a concept or of a list of concepts; equal ones are one object.

    What is a `Concept` already is given back, so that a reader may ask once and pass it on.
    """
    if type(value) is Concept:
        return value
    if not value:
        return _NOTHING
    if type(value) is dict and type(only := value.get("coding")) is list and len(only) == 1 and type(only[0]) is dict:
        # The usual form, without a list made for it.
        get = only[0].get
        system, code, display, text = get("system"), get("code"), get("display"), value.get("text")
        if type(system) is str and type(code) is str:
            shown = display if type(display) is str else ""
            return _concept(((system, code, shown),), (text,) if type(text) is str else ())
    listed: list[tuple[str, str, str]] = []
    said: list[str] = []
    for one in items(value):
        for coding in items(one.get("coding")):
            system, code, display = coding.get("system"), coding.get("code"), coding.get("display")
            if not isinstance(code, str):
                code = str(code) if isinstance(code, int) and not isinstance(code, bool) else ""
            listed.append(
                (system if isinstance(system, str) else "", code, display if isinstance(display, str) else "")
            )
        text = one.get("text")
        if isinstance(text, str):
            said.append(text)
    return _concept(tuple(listed), tuple(said))


_NOTHING = Concept((), ())


@lru_cache(maxsize=16384)
def _concept(listed: tuple[tuple[str, str, str], ...], said: tuple[str, ...]) -> Concept:
    found = tuple(Coding(system_name(system), code.strip(), words(display)) for system, code, display in listed)
    shown = (*(one.display for one in found), *(words(text) for text in said))
    return Concept(found, tuple(dict.fromkeys(text for text in shown if text)))


def codings(concept: Any) -> tuple[Coding, ...]:
    """Return the codings of a concept or of a list of concepts."""
    return concept_of(concept).codings


def texts(concept: Any) -> tuple[str, ...]:
    """Return the displays of a concept's codings, then its text."""
    return concept_of(concept).texts


def system_name(system: Any) -> str:
    """Return the short name of a code system.

    >>> system_name("https://www.nlm.nih.gov/research/umls/rxnorm")
    'rxnorm'
    """
    text = system.lower() if isinstance(system, str) else ""
    return next((short for part, short in _SYSTEMS if part in text), "")


def day(value: Any) -> str | None:
    """Return the date of a date, dateTime or instant as written, without its clock time.

    >>> day("2017-07-21T23:41:09-04:00"), day("2017"), day("soon")
    ('2017-07-21', '2017', None)
    """
    return _day(value) if isinstance(value, str) else None


@lru_cache(maxsize=16384)
def _day(value: str) -> str | None:
    match = _DAY.fullmatch(value.strip())
    if match is None or not 1850 <= int(match[1]) <= 2200:
        return None
    return "-".join(part for part in match.groups() if part)


def number(value: Any) -> Decimal | None:
    """Return a finite number, also one that is written as text."""
    if type(value) is Decimal:
        found = value
    elif isinstance(value, bool) or value is None:
        return None
    else:
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation:
            return None
    return found if found.is_finite() and abs(found.adjusted()) < 15 else None


def plain(value: Decimal) -> str | int:
    """Return a number as the patient file writes it.

    >>> plain(Decimal("3.0")), plain(Decimal("2.40"))
    (3, '2.40')
    """
    return int(value) if value == value.to_integral_value() else format(value, "f")


def reference(value: Any) -> str:
    """Return the id that a reference ends with, whatever its form.

    >>> reference({"reference": "urn:uuid:abc"}), reference({"reference": "http://x.org/Patient/7/_history/2"})
    ('abc', '7')
    """
    if type(value) is dict:
        text = value.get("reference")
    else:
        found = items(value)
        text = found[0].get("reference") if found else None
    return reference_id(text) if isinstance(text, str) else ""


def reference_id(text: str) -> str:
    """Return the last part of a reference or of a full URL."""
    if "/_history/" in text:
        text = text.split("/_history/")[0]
    return text.strip().rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def profiles(resource: dict[str, Any]) -> list[str]:
    """Return the last parts of a resource's profile URLs."""
    if "meta" not in resource:
        return []
    listed = child(resource, "meta").get("profile")
    found = listed if isinstance(listed, list) else [listed]
    return [one.split("|")[0].rstrip("/").rsplit("/", 1)[-1] for one in found if isinstance(one, str)]


def extensions(resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield extensions with the last part of their URL, nested ones included, to a depth of eight."""
    if "extension" not in resource:
        return
    stack = [(one, 0) for one in reversed(items(resource.get("extension")))]
    while stack:
        one, depth = stack.pop()
        url = one.get("url")
        yield (url.rstrip("/").rsplit("/", 1)[-1] if isinstance(url, str) else ""), one
        if depth < 8:
            stack += [(inner, depth + 1) for inner in reversed(items(one.get("extension")))]
