"""The store's file: where it is, how it is opened, and who may write."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from her2nav.model.errors import FileError, InputError
from her2nav.store.schema import migrate

FILE = "registry.sqlite3"
TREES = "trees.sqlite3"
"""The trees that were read, beside the records."""
LOCK = "registry.lock"
_WAIT_SECONDS = 30.0
_NOT_TO_BE_WRITTEN = frozenset((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN))
_DISK_FAULTS = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
    )
)


def home() -> Path:
    """Return the folder of the store: `HER2NAV_HOME`, or the platform's folder for data."""
    named = os.environ.get("HER2NAV_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("her2nav", appauthor=False)


def database(path: Path, *, writes: bool, one_thread: bool = True) -> sqlite3.Connection:
    """Open a database with a log of its own, so that readers and a writer do not wait for each other.

    One that lies where nothing may be written (a read-only disk, another's folder) is read as it lies there; not where
    a log beside it holds what is not in it yet.

    Raises:
        sqlite3.Error: It cannot be opened, or is none.
    """

    def opened(name: str, *, uri: bool = False) -> sqlite3.Connection:
        return sqlite3.connect(name, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=one_thread, uri=uri)

    connection = opened(str(path))
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        may_lie = not writes and getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_TO_BE_WRITTEN
        if not may_lie or (log.exists() and log.stat().st_size):
            raise
        return opened(f"{path.resolve().as_uri()}?immutable=1", uri=True)
    except BaseException:
        connection.close()
        raise
    return connection


def connect(folder: Path, *, create: bool, writes: bool) -> sqlite3.Connection:
    """Open the store of a folder, bringing an older one up to date.

    Args:
        folder: Where the file is.
        create: Make the folder and an empty store where there is none.
        writes: Whether this connection writes.

    Raises:
        FileError: There is no store, or it cannot be opened.
        InputError: It is not a store, or a newer release wrote it.
    """
    path = folder / FILE
    if not path.exists() and not create:
        raise FileError(
            "there is no registry store yet",
            file=str(path),
            allowed="make one with her2nav registry sync, or import PATH",
            code="no_store",
        )
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        # The import reads in one thread and writes in another, never in two at once.
        connection = database(path, writes=writes, one_thread=not writes)
    except (OSError, sqlite3.Error) as error:
        raise FileError(f"the store cannot be opened: {error}", file=str(path), code="bad_store") from None
    try:
        # FULL: what is committed is on the disk, even if the power goes.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = {-64_000 if writes else -16_000}")
        if writes:
            connection.execute("PRAGMA wal_autocheckpoint = 8000")
        else:
            connection.execute("PRAGMA mmap_size = 268435456")
        migrate(connection, str(path))
        if not writes:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise FileError(f"the store cannot be opened: {error}", file=str(path), code="bad_store") from None
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def plain_faults(folder: Path) -> Iterator[None]:
    """Turn what the disk or a damaged store does into an error for people.

    Raises:
        FileError: The disk is full or fails, or the store is damaged.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        # Anything else is a fault of the program and must look like one.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DISK_FAULTS:
            raise
        raise FileError(
            f"the store cannot be read or written: {error}",
            file=str(folder / FILE),
            allowed="room on the disk and a whole store; what was committed is kept: run the command again then",
            code="bad_store",
        ) from error


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system frees it when the process ends, however it ends.

    Raises:
        InputError: Another import or sync is running.
        FileError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = (folder / LOCK).open("a+b")
    except OSError as error:
        raise FileError(
            f"the folder of the store cannot be written: {error.strerror or error}",
            file=str(folder),
            allowed="a folder that may be written; HER2NAV_HOME names it",
            code="bad_store_folder",
        ) from None
    with opened as file:
        if not _lock(file.fileno()):
            raise InputError(
                "another import or sync is writing to this store",
                file=str(folder),
                allowed="wait until it has ended",
                code="store_busy",
            )
        try:
            yield
        finally:
            _unlock(file.fileno())


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
