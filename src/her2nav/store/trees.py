"""The trees that the reader made of the store's trials: one file of its own beside the records, made anew at any time.

Each kind with its parameters is kept once, as a leaf with a number; each trial is one row whose bytes name its leaves.
Everything of a build is one transaction: who reads meanwhile, or after a crash, finds the old state whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from her2nav.kinds.registry import kinds
from her2nav.matching.packed import KeptTree
from her2nav.matching.packing import LeafKey, PackedTrial
from her2nav.model.errors import FileError, InputError
from her2nav.store.connection import TREES as FILE
from her2nav.store.connection import database

_BROKEN = frozenset((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT))

# A change of the tables raises VERSION: the file holds nothing that cannot be made again, so it is not migrated.
VERSION = 1
_TABLES = (
    """
    CREATE TABLE leaf (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        params TEXT NOT NULL,
        UNIQUE (kind, params)
    )
    """,
    # record: digest of the trial as it stood when this was last found to hold; text: digest of what was read.
    """
    CREATE TABLE tree (
        nct_id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        text TEXT NOT NULL,
        reader TEXT NOT NULL,
        knowledge TEXT NOT NULL,
        unread INTEGER NOT NULL,
        leaves BLOB NOT NULL,
        program BLOB NOT NULL,
        head TEXT NOT NULL,
        body BLOB NOT NULL
    )
    """,
    # Trials whose tree is current, found without passing over the trees.
    "CREATE INDEX tree_current ON tree (reader, knowledge, nct_id, record, text)",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
# What follows from the leaves alone, as bytes; files of an earlier release get the table when it is first written to.
_DERIVED = "CREATE TABLE IF NOT EXISTS derived (name TEXT PRIMARY KEY, made_by TEXT NOT NULL, body BLOB NOT NULL)"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a tree; one made by something else is stale.

    Attributes:
        reader: Version of the reader, and of the bytes.
        knowledge: Version of the vocabularies.
    """

    reader: str
    knowledge: str


@dataclass(frozen=True, slots=True)
class TreeState:
    """Of which record and which text a tree is, by their digests."""

    record: str
    text: str


class TreeStore:
    """The trees of a folder. One without a file, or with a file of another release, holds none."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._connection = self._connect() if self.path.exists() else None
        if self._connection is not None and _version(self._connection) != VERSION:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()

    def __enter__(self) -> TreeStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Within this block every answer is of one build."""
        if self._connection is None:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def known(self, made: MadeBy) -> dict[str, TreeState]:
        """Return the trials with a tree made by this reader and knowledge, and of what it is."""
        rows = self._rows(
            "SELECT nct_id, record, text FROM tree WHERE reader = ? AND knowledge = ?", (made.reader, made.knowledge)
        )
        return {nct_id: TreeState(record, text) for nct_id, record, text in rows}

    def trees(self, nct_ids: Sequence[str], made: MadeBy) -> list[KeptTree]:
        """Return the trees of trials, by registry id; trials without a current one are left out."""
        rows = self._rows(
            "SELECT nct_id, leaves, program, head, body, unread, record FROM tree"
            " WHERE nct_id IN (SELECT value FROM json_each(?)) AND reader = ? AND knowledge = ? ORDER BY nct_id",
            (json.dumps(list(nct_ids)), made.reader, made.knowledge),
        )
        return list(map(KeptTree._make, rows))

    def leaves(self, numbers: Sequence[int]) -> list[tuple[str, Any]]:
        """Return kind and parameters of leaves.

        Raises:
            InputError: The parameters are not those of this release's kinds.
        """
        found = self._rows(
            "SELECT id, kind, params FROM leaf WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        try:
            checked = {kind: kinds()[kind].params.model_validate_json for kind in {kind for _, kind, _ in found}}
            by_number = {number: (kind, checked[kind](params)) for number, kind, params in found}
            return [by_number[number] for number in numbers]
        except (KeyError, ValidationError):
            raise InputError(
                "the criteria kept there do not fit this program",
                file=str(self.path),
                allowed="her2nav registry read --again makes them anew",
                code="stale_trees",
            ) from None

    def derived(self, name: str, made_by: str) -> bytes | None:
        """Return what was derived of the leaves, as far as it was made by the same."""
        try:
            rows = self._rows("SELECT body FROM derived WHERE name = ? AND made_by = ?", (name, made_by))
        except sqlite3.OperationalError:
            return None
        return rows[0][0] if rows else None

    def every_leaf(self) -> list[int]:
        """Return the numbers of all leaves, rising."""
        return [number for (number,) in self._rows("SELECT id FROM leaf ORDER BY id", ())]

    def keep_derived(self, name: str, made_by: str, body: bytes) -> None:
        """Keep what was derived of the leaves; where the file cannot be written it is derived again next time."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute(_DERIVED)
                self._connection.execute("INSERT OR REPLACE INTO derived VALUES (?, ?, ?)", (name, made_by, body))

    def meta(self, key: str) -> str | None:
        """Return a note."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    @contextmanager
    def writing(self, made: MadeBy) -> Iterator[TreeWriter]:
        """Write a build; all of it becomes visible at the end, or nothing.

        Raises:
            FileError: The file cannot be written.
        """
        connection = self._ready()
        try:
            connection.execute("BEGIN IMMEDIATE")
            writer = TreeWriter(connection, made)
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            busy = _code(error) == sqlite3.SQLITE_BUSY
            raise FileError(
                f"the trees cannot be written: {error}",
                file=str(self.path),
                allowed="wait until another process has read them" if busy else "a folder that may be written",
                code="bad_store",
            ) from None
        try:
            yield writer
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        if self._connection is None:
            return []
        return self._connection.execute(query, values).fetchall()

    def _connect(self) -> sqlite3.Connection | None:
        """Return a connection; None where the file is no database, or a broken one."""
        connection = None
        try:
            connection = database(self.path, writes=False)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA mmap_size = 1073741824")
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            # One that is merely busy, or may not be read, must not be taken for one without trees.
            if _code(error) in _BROKEN:
                return None
            raise FileError(f"the trees cannot be opened: {error}", file=str(self.path), code="bad_store") from None
        return connection

    def _ready(self) -> sqlite3.Connection:
        """Return a connection to a file with this release's tables, empty where there was none or another's."""
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = self._connect() if self.path.exists() else None
            if connection is None:
                # Not a database at all: nothing in it can be of use.
                for suffix in ("", "-wal", "-shm"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
                connection = self._connect()
            if connection is None:
                raise FileError("the trees cannot be opened", file=str(self.path), code="bad_store")
            _make_tables(connection)
            self._connection = connection
        return self._connection


class TreeWriter:
    """Writes trees inside the transaction of one build."""

    def __init__(self, connection: sqlite3.Connection, made: MadeBy) -> None:
        self._connection = connection
        self._made = made
        # What another reader, or another knowledge, made is of no use from now on.
        connection.execute("DELETE FROM tree WHERE reader <> ? OR knowledge <> ?", (made.reader, made.knowledge))
        if connection.execute("SELECT NOT EXISTS (SELECT 1 FROM tree)").fetchone()[0]:
            connection.execute("DELETE FROM leaf")
            # Numbers are given again, to other leaves.
            connection.execute(_DERIVED)
            connection.execute("DELETE FROM derived")
        self._numbers: dict[LeafKey, int] = {
            (kind, params): number for number, kind, params in connection.execute("SELECT id, kind, params FROM leaf")
        }

    def put(self, packed: PackedTrial, state: TreeState) -> None:
        """Keep a tree."""
        self._connection.execute(
            "INSERT OR REPLACE INTO tree (nct_id, record, text, reader, knowledge, unread, leaves, program, head, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                packed.nct_id,
                state.record,
                state.text,
                self._made.reader,
                self._made.knowledge,
                packed.unread,
                np.array([self._number(leaf) for leaf in packed.leaves], "<u4").tobytes(),
                packed.program,
                packed.head,
                packed.body,
            ),
        )

    def same(self, nct_id: str, record: str) -> None:
        """Note that the tree of a trial holds for its new record too: its text did not change."""
        self._connection.execute("UPDATE tree SET record = ? WHERE nct_id = ?", (record, nct_id))

    def forget(self, nct_ids: Iterable[str]) -> None:
        """Drop the trees of trials."""
        self._connection.executemany("DELETE FROM tree WHERE nct_id = ?", [(nct_id,) for nct_id in nct_ids])

    def note(self, key: str, value: str) -> None:
        """Write a note."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _number(self, leaf: LeafKey) -> int:
        number = self._numbers.get(leaf)
        if number is None:
            number = self._connection.execute("INSERT INTO leaf (kind, params) VALUES (?, ?)", leaf).lastrowid
            assert number is not None
            self._numbers[leaf] = number
        return number


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's number of an error, without its details."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        if _version(connection) != VERSION:
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                connection.execute(f'DROP TABLE "{name}"')
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
