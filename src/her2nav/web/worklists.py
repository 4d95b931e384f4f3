"""The rows of the run that the server was given, kept while its file is unchanged: a page turned costs no new reading.

They are what the file holds, under the names that it gives the patients.
"""

from __future__ import annotations

import threading
from pathlib import Path

from her2nav.app.session import Session
from her2nav.app.team_rows import Rows, rows_of
from her2nav.cohort.runfile import FILE

_Sign = tuple[tuple[int, int], ...]


class Worklists:
    """The rows of the last run that was asked for; safe between threads."""

    def __init__(self) -> None:
        self._kept: tuple[Path, _Sign, Rows] | None = None
        self._lock = threading.Lock()

    def of(self, session: Session, folder: Path) -> Rows:
        """Return the rows of a finished run.

        Raises:
            InputError: There is no finished run in the folder.
        """
        # One reads while others wait for it: a large run would be read by all of them at once.
        with self._lock:
            sign = _sign(folder)
            if self._kept is None or self._kept[:2] != (folder, sign):
                self._kept = None
                self._kept = folder, sign, rows_of(session, folder)
            return self._kept[2]


def _sign(folder: Path) -> _Sign:
    """Return what tells one state of a run file from another; what is still to be merged into it counts too."""
    found = []
    for name in (FILE, f"{FILE}-wal"):
        try:
            told = (folder / name).stat()
        except OSError:
            continue
        if told.st_size:
            found.append((told.st_mtime_ns, told.st_size))
    return tuple(found)
