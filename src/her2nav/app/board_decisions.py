"""The decisions of a board: a small file beside the pack that people fill in; it is added to, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from her2nav.files.reading import read_text
from her2nav.files.validation import build
from her2nav.files.writing import write_whole
from her2nav.files.yamlfile import parse_yaml
from her2nav.model.base import Frozen
from her2nav.model.errors import InputError

NAME = "decisions.yaml"
_HEAD = (
    "# Decisions of the board, filled in by hand: decision, owner, due (a day), done (the day it was done).\n"
    "# `her2nav board` adds new cases at the end and changes nothing else. This file holds patient data.\n"
    "decisions:\n"
)


def _empty(value: object) -> object:
    """Take an empty field for one that is not filled in."""
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[str | None, BeforeValidator(_empty)]
Day = Annotated[date | None, BeforeValidator(_empty)]


class Decision(Frozen):
    """What was asked about a case at a meeting, and what was decided.

    Attributes:
        case: How the pack calls the case.
        meeting: Day of the meeting.
        asked: What the pack said to order or decide.
        decision: None: not decided yet.
        owner: Who does it.
        due: By when.
        done: The day it was done; None: outstanding.
    """

    case: str
    meeting: date
    asked: Text = None
    decision: Text = None
    owner: Text = None
    due: Day = None
    done: Day = None

    @property
    def outstanding(self) -> bool:
        """True as long as it is not done."""
        return self.done is None


class DecisionFile(Frozen):
    """The content of `decisions.yaml`."""

    decisions: tuple[Decision, ...] = Field(default=())


@dataclass(frozen=True, slots=True)
class Decisions:
    """The file as read.

    Attributes:
        path: Where it is, or will be.
        text: As it stands; empty where there is none yet.
        items: The decisions.
    """

    path: Path
    text: str
    items: tuple[Decision, ...]

    def outstanding(self, before: date) -> list[Decision]:
        """Return what earlier meetings left open: without a decision first, then by the day it is due."""
        found = [one for one in self.items if one.meeting < before and one.outstanding]
        return sorted(found, key=lambda one: (one.decision is not None, one.due or date.max, one.meeting, one.case))

    def of(self, case: str, meeting: date | None = None) -> list[Decision]:
        """Return the decisions on a case, the newest first; of one meeting where it is named."""
        found = [one for one in self.items if one.case == case and (meeting is None or one.meeting == meeting)]
        return sorted(found, key=lambda one: one.meeting, reverse=True)


def read_decisions(path: Path) -> Decisions:
    """Read the file; an absent one holds nothing.

    Raises:
        FileError: It cannot be read.
        SyntaxProblem: It is not well-formed.
        ValueProblem: A key or value is not allowed.
        InputError: A case stands twice for one meeting.
    """
    if not path.exists():
        return Decisions(path, "", ())
    text, name = read_text(path)
    items = _parsed(text, name)
    seen: set[tuple[str, date]] = set()
    for one in items:
        if (one.case, one.meeting) in seen:
            raise InputError(
                f"the case '{one.case}' stands twice for the meeting of {one.meeting}", file=name, allowed="once each"
            )
        seen.add((one.case, one.meeting))
    return Decisions(path, text, items)


def _parsed(text: str, name: str) -> tuple[Decision, ...]:
    document = parse_yaml(text, name)
    if isinstance(document.data, dict) and document.data.get("decisions") is None:
        document.data["decisions"] = []
    return build(DecisionFile, document).decisions


def add_cases(known: Decisions, meeting: date, asked: Iterable[tuple[str, str]]) -> int:
    """Write an empty entry for every case that has none for the meeting, and return how many were added.

    Args:
        known: The file as read; what stands in it is kept character by character.
        meeting: Day of the meeting.
        asked: Each case with what the pack says to order or decide.

    Raises:
        FileError: The file cannot be written.
        InputError: The file is laid out in a way that cannot be added to.
    """
    new = [(case, text) for case, text in asked if not known.of(case, meeting)]
    if not new:
        return 0
    before = known.text if known.text.strip() else _HEAD
    before = before if before.endswith("\n") else f"{before}\n"
    for indent in ("  ", ""):
        after = before + "".join(_entry(case, meeting, text, indent) for case, text in new)
        if _holds(after, known, len(new)):
            write_whole(known.path, [after])
            return len(new)
    raise InputError(
        "new cases cannot be added at its end", file=str(known.path), allowed="`decisions:` last, one `- case:` each"
    )


def _holds(text: str, known: Decisions, new: int) -> bool:
    try:
        found = _parsed(text, known.path.name)
    except InputError:
        return False
    return found[: len(known.items)] == known.items and len(found) == len(known.items) + new


def _entry(case: str, meeting: date, asked: str, indent: str) -> str:
    lines = [
        f"- case: {_quoted(case)}",
        f'  meeting: "{meeting.isoformat()}"',
        f"  asked: {_quoted(asked)}",
        '  decision: ""',
        '  owner: ""',
        '  due: ""',
        '  done: ""',
    ]
    return "".join(f"{indent}{line}\n" for line in lines)


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
