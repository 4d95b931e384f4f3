"""Files of FHIR as bytes: packed or not, and what their first bytes say of their encoding."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, cast

from her2nav.model.errors import FileError

MARK = b"\xef\xbb\xbf"
"""The byte-order mark of UTF-8."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""Those of UTF-16."""
_PACKED = 12
"""How many times larger FHIR is than its packed form: a rough figure for deciding what fits into memory."""


def is_packed(name: str) -> bool:
    """True when a file's name says that it is packed."""
    return name.lower().endswith(".gz")


def opened(name: str) -> IO[bytes]:
    """Open a file, unpacking it where its name says that it is packed."""
    path = Path(name)
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_packed(path.name) else path.open("rb")


def size_of(name: str) -> int:
    """Return about how many bytes of text a file holds."""
    return Path(name).stat().st_size * (_PACKED if is_packed(name) else 1)


def damaged(name: str) -> FileError:
    """Return the error of a packed file that is not whole."""
    return FileError("the packed file is damaged or cut off", file=name, allowed="a whole gzip file", code="bad_gzip")


def is_wide(start: bytes) -> bool:
    """True for UTF-16, with its mark or without: JSON begins with a sign that one byte would do for."""
    return start.startswith(WIDE) or b"\0" in start[:4]


def check_wide(start: bytes, name: str) -> None:
    """Refuse UTF-16.

    Raises:
        FileError: It is.
    """
    if is_wide(start):
        raise FileError("the file is UTF-16 text", file=name, allowed="UTF-8 JSON", code="bad_encoding")
