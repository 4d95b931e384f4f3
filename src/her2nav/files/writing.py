"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from her2nav.model.errors import FileError


def write_whole(path: Path, parts: Iterable[str]) -> None:
    """Write text to a new file beside the target and put it in the target's place when all of it is there.

    Whatever `parts` raises on the way leaves the target as it was. A link is followed; a device or pipe is written
    directly, for it cannot be replaced.

    Raises:
        FileError: The folder cannot be written to, or the target is a folder.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(parts)
            return
        if path.is_dir():
            raise FileError("this is a folder", file=str(path), allowed="a file", code="is_folder")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".her2nav-", suffix=".tmp")
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", file=str(path), code="unwritable") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(parts)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException as error:
        with suppress(OSError):
            Path(temporary).unlink()
        if isinstance(error, OSError):
            reason = f"cannot be written: {error.strerror or error}"
            raise FileError(reason, file=str(path), code="unwritable") from None
        raise
