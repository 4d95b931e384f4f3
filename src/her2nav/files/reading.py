"""Read bytes into text, refusing what cannot be a record a person wrote."""

from __future__ import annotations

import sys
from pathlib import Path

from her2nav.model.errors import FileError

MAX_BYTES = 8 * 1024 * 1024
"""A patient file is a few kilobytes; past this size something else was given."""


def read_text(source: str | Path, *, limit: int = MAX_BYTES) -> tuple[str, str]:
    """Return the text of a file and its shown name; `-` reads standard input.

    Raises:
        FileError: Missing, a folder, unreadable, empty, larger than `limit`, binary or not UTF-8.
    """
    name = str(source)
    if name == "-":
        raw = sys.stdin.buffer.read(limit + 1)
    else:
        path = Path(name)
        try:
            if path.is_dir():
                raise FileError("this is a folder", file=name, allowed="a file", code="is_folder")
            size = path.stat().st_size
            if size > limit:
                raise too_large(name, size, limit)
            raw = path.read_bytes()
        except FileNotFoundError:
            raise FileError("no such file", file=name, code="no_such_file") from None
        except OSError as error:
            raise FileError(f"cannot be read: {error.strerror or error}", file=name, code="unreadable") from None
    return text_of(raw, name, limit=limit), name


def text_of(raw: bytes, name: str, *, limit: int = MAX_BYTES) -> str:
    """Return the content of a file as text.

    Raises:
        FileError: Empty, larger than `limit`, binary or not UTF-8.
    """
    if len(raw) > limit:
        raise too_large(name, len(raw), limit)
    if not raw.strip():
        raise FileError("the file is empty", file=name, code="empty_file")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError("the file is UTF-16 text", file=name, allowed="UTF-8 text", code="bad_encoding")
    if b"\0" in raw:
        raise FileError("the file is binary, not text", file=name, allowed="UTF-8 text", code="binary_file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(
            "a byte is not UTF-8", file=name, place=f"line {line}", allowed="UTF-8 text", code="bad_encoding"
        ) from None


def too_large(name: str, size: int, limit: int) -> FileError:
    """Return the error of a file that is larger than `limit` bytes."""
    return FileError(
        f"the file has {size / 1_048_576:.0f} MB",
        file=name,
        allowed=f"at most {limit / 1_048_576:.0f} MB for one record",
        code="too_large",
    )
