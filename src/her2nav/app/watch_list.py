"""The patients that somebody asked to be kept an eye on: the paths of their files, and nothing of what is in them."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from her2nav.model.errors import FileError, InputError

FILE = "watch.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Watched:
    """One patient file.

    Attributes:
        path: Where it is.
        reported: The snapshot up to which changes were reported; None: none yet.
    """

    path: str
    reported: str | None = None


class WatchList:
    """The list in the store's folder, readable by its owner only. It is made when the first patient is kept.

    Raises:
        FileError: The list is there and cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._items = self._read()

    def _read(self) -> dict[str, Watched]:
        try:
            data = json.loads(self.file.read_text(encoding="utf-8"))
            if data["format"] != _FORMAT:
                raise ValueError("another format")
            items = [Watched(str(item["path"]), item["reported"]) for item in data["watched"]]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FileError(
                f"the list of watched patients cannot be read: {error}",
                file=str(self.file),
                allowed="delete the file to begin a new one",
                code="bad_watch_list",
            ) from None
        return {item.path: item for item in items}

    def all(self) -> list[Watched]:
        """Return what is kept, in the order it came."""
        return list(self._items.values())

    def find(self, path: Path) -> Watched | None:
        """Return what is kept of a file."""
        return self._items.get(_name(path))

    def keep(self, path: Path, reported: str | None) -> Watched:
        """Keep the path of a patient file, with the snapshot up to which it was reported on."""
        item = Watched(_name(path), reported)
        self._items[item.path] = item
        self._write()
        return item

    def forget(self, path: Path) -> None:
        """Forget a patient file; with the last one the list itself goes.

        Raises:
            InputError: It is not kept.
        """
        if self._items.pop(_name(path), None) is None:
            kept = ", ".join(self._items) or "none is kept"
            raise InputError(f"'{path}' is not watched", allowed=kept, code="not_watched")
        self._write()

    def _write(self) -> None:
        if not self._items:
            self.file.unlink(missing_ok=True)
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        body = {
            "format": _FORMAT,
            "watched": [{"path": item.path, "reported": item.reported} for item in self._items.values()],
        }
        # A temporary file of this kind is for its owner alone.
        handle, temporary = tempfile.mkstemp(dir=self.file.parent, prefix=".watch-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(body, stream, ensure_ascii=False, indent=1)
            Path(temporary).replace(self.file)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise


def _name(path: Path) -> str:
    return str(path.expanduser().resolve())
