"""What is asked of a language model, and exactly what would leave this machine."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from her2nav.intake.notes.identifiers import MASK, identifiers, masked
from her2nav.intake.notes.source import NoteText
from her2nav.intake.reading import Reading
from her2nav.kinds.registry import kinds
from her2nav.knowledge.load import Knowledge
from her2nav.model.base import Frozen
from her2nav.model.tree import leaves
from her2nav.model.trial import Criterion

_FILE = "intake/proposals.yaml"
_SHOWN = 12
_BIRTH = re.compile(
    r"(?i)\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)[ \t]*[:\-]?[ \t]*"
    r"(?P<day>\d{1,4}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ,]{1,2}\d{2,4}|[a-z]{3,9} \d{1,2},? \d{4})"
)


class AskedField(Frozen):
    """A place of the patient file that may be asked for; a path ending in `-` is one entry more of a list."""

    path: str
    ask: str


class Asking(Frozen):
    """`data/intake/proposals.yaml`."""

    note_instructions: str
    criterion_instructions: str
    fields: tuple[AskedField, ...]
    entries: tuple[AskedField, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request, whole: nothing else is sent.

    Attributes:
        kind: What is asked for.
        instructions: What the model is told to do; holds nothing of the patient.
        text: The words it is given; names, numbers and addresses of persons are painted over.
        asked: Paths that may be answered (notes), or numbers of stretches (criteria).
        sources: Where quotes are looked for: the notes as sent, or each stretch of a criterion under its number.
    """

    kind: Literal["notes", "criteria"]
    instructions: str
    text: str
    asked: frozenset[str]
    sources: tuple[NoteText, ...] = ()

    def digest(self, url: str, model: str) -> str:
        """Return eight signs that name this request to this place; another word in it gives others.

        >>> Outgoing("notes", "", "a", frozenset()).digest("http://127.0.0.1", "m")
        '8d1e1d8d'
        """
        return self.key(url, model)[:8]

    def key(self, url: str, model: str) -> str:
        """Return the address of the answer among kept ones: a hash of all that was sent, and where to."""
        sent = json.dumps([self.kind, url, model, self.instructions, self.text], ensure_ascii=False)
        return hashlib.sha256(sent.encode()).hexdigest()


def asking(knowledge: Knowledge) -> Asking:
    """Return what may be asked for."""
    return knowledge.record(_FILE, Asking)


def about_notes(notes: Sequence[NoteText], reading: Reading, knowledge: Knowledge) -> Outgoing:
    """Return the request about notes: the text without persons' data, and what the rules did not fill."""
    known = asking(knowledge)
    open_fields = [field for field in known.fields if not _filled(reading.patient, field.path)]
    open_entries = [entry for entry in known.entries if not _filled(reading.patient, entry.path[:-2])]
    disputed = {one.path for one in reading.contradictions}
    wanted = [one for one in (*open_fields, *open_entries) if one.path not in disputed]
    lines = "\n".join(f"{one.path}: {one.ask}" for one in wanted)
    sent = tuple(replace(note, text=_painted(note.text)) for note in notes)
    told = f"{known.note_instructions}\n\nPaths:\n{lines}"
    return Outgoing("notes", told, "\n\n".join(note.text for note in sent), frozenset(one.path for one in wanted), sent)


def about_criteria(criteria: Sequence[Criterion], text: str, knowledge: Knowledge) -> Outgoing:
    """Return the request about the stretches of an eligibility text that were not read, each with its sentence."""
    stretches: list[NoteText] = []
    lines: list[str] = []
    for criterion in criteria:
        for leaf in leaves(criterion.node):
            if leaf.kind != "unread" or leaf.span is None:
                continue
            words = text[slice(*leaf.span)]
            if not any(sign.isalpha() for sign in words):
                continue
            number = str(len(stretches) + 1)
            stretches.append(NoteText(number, words))
            whole = " ".join((criterion.text or "").split())
            lines.append(f"[{number}] ({criterion.section}) {words}" + (f"\n    of: {whole}" if whole else ""))
    told = f"{asking(knowledge).criterion_instructions}\n\nKinds and parameters (JSON schema):\n{_kinds()}"
    numbers = frozenset(stretch.name for stretch in stretches)
    return Outgoing("criteria", told, "\n".join(lines), numbers, tuple(stretches))


def _painted(text: str) -> str:
    """Paint over who somebody is; on the way out the day of birth too, which the rules read for the age."""
    days = [found.span("day") for found in _BIRTH.finditer(text)]
    return masked(masked(text, identifiers(text), MASK), days, MASK)


def _kinds() -> str:
    """Every kind that a program can judge, with the schema of its parameters and an example."""
    lines = []
    for kind in kinds().values():
        if not kind.evaluated:
            continue
        schema = kind.params.model_json_schema()
        parts = {name: _short(schema[name]) for name in ("properties", "$defs") if name in schema}
        example = json.dumps({kind.id: kind.examples[0][0]}, default=str) if kind.examples else ""
        lines.append(f"{kind.id}: {json.dumps(parts)} for example {example}")
    return "\n".join(lines)


def _short(part: Any) -> Any:
    """Return the schema of a parameter without titles, defaults and long lists of names."""
    if isinstance(part, dict):
        choices = part.get("anyOf")
        if isinstance(choices, list):
            some = [_short(choice) for choice in choices if choice != {"type": "null"}]
            return some[0] if len(some) == 1 else {"anyOf": some}
        return {name: _short(value) for name, value in part.items() if name not in ("title", "default", "description")}
    if isinstance(part, list) and len(part) > _SHOWN and all(isinstance(item, str) for item in part):
        return [*part[:_SHOWN], "..."]
    return [_short(item) for item in part] if isinstance(part, list) else part


def _filled(record: dict[str, Any], path: str) -> bool:
    value: Any = record
    for part in path.strip("/").split("/"):
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return value not in (None, [], {})
