"""Answers kept under the hash of what was asked, in a folder that the user names; without one nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from her2nav.files.writing import write_whole
from her2nav.model.errors import FileError

Answer = TypeVar("Answer", bound=BaseModel)
_LARGEST = 4 * 1024 * 1024


def kept(folder: Path | None, key: str, form: type[Answer]) -> Answer | None:
    """Return the kept answer; None where there is none, or it is damaged (it is then asked for again)."""
    if folder is None:
        return None
    path = folder / f"{key}.json"
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return form.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def keep(folder: Path | None, key: str, answer: BaseModel) -> None:
    """Keep an answer, readable by its owner only: its quotes are words of the note.

    Raises:
        FileError: The folder cannot be written to.
    """
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FileError(f"cannot be made: {error.strerror}", file=str(folder)) from None
    path = folder / f"{key}.json"
    write_whole(path, [answer.model_dump_json(indent=1) + "\n"])
    path.chmod(0o600)
