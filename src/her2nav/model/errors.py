"""Errors that people can act on.

Every error is one line naming the file, the place in it and what is allowed, and carries a stable code::

    Her2NavError
    |-- InputError          the user's file or option is wrong         (exit 2)
    |   |-- FileError       missing, empty, binary, too large, unreadable
    |   |-- SyntaxProblem   not valid YAML, JSON or CSV
    |   |-- ValueProblem    an unknown key, a value out of range, an impossible date
    |   `-- UnknownName     a name that no vocabulary holds, with the nearest ones
    `-- DataError           a file of the shipped knowledge is wrong   (exit 1)
        `-- RuleDataError   a decision table has a gap or an overlap
"""

from __future__ import annotations

from typing import Any


class Her2NavError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: One sentence, no newline.
        file: Path or name of the file; `-` is standard input.
        place: Line, key or JSON pointer inside the file.
        allowed: What would have been accepted, in words.
        code: Stable identifier; defaults to the class's own.
    """

    code = "error"
    exit_status = 1

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        place: str | None = None,
        allowed: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = " ".join(message.split())
        self.file = file
        self.place = place
        self.allowed = allowed
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} (allowed: {self.allowed})" if self.allowed else text

    def as_dict(self) -> dict[str, Any]:
        """Return the one error shape that the command line and HTTP share."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "file": self.file,
                "place": self.place,
                "allowed": self.allowed,
            }
        }


class InputError(Her2NavError):
    """What the user gave cannot be used."""

    code = "bad_input"
    exit_status = 2


class FileError(InputError):
    """A file cannot be read at all."""

    code = "bad_file"


class SyntaxProblem(InputError):
    """A file is not well-formed YAML, JSON or CSV."""

    code = "bad_syntax"


class ValueProblem(InputError):
    """A key is unknown or a value is not allowed."""

    code = "bad_value"


class UnknownName(InputError):
    """A name is in no vocabulary; `allowed` holds the nearest known ones."""

    code = "unknown_name"


class DataError(Her2NavError):
    """A file of the shipped knowledge is wrong: a fault of the program, not of its user."""

    code = "bad_data"


class RuleDataError(DataError):
    """A decision table has no row, or two rows, for one input."""

    code = "bad_rule"
