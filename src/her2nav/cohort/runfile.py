"""The run file of a screening: every patient's result under a pseudonym, block after block, each whole or not at all.

One process writes; others may read meanwhile. It holds no name and no id, only what a salt, which is in it too, makes
of an id: who has both the run file and the ids can tell who is who. The file is therefore for its owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from her2nav.cohort.pair import Pair
from her2nav.model.errors import FileError

FILE = "run.sqlite3"
VERSION = 1
_WAIT_SECONDS = 60.0
_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # A set of trials that patients were judged against: digest of each.
    "CREATE TABLE trial_set (name TEXT PRIMARY KEY, trials BLOB NOT NULL) WITHOUT ROWID",
    # seal: of the records as read and of everything that the results rest on.
    "CREATE TABLE block (number INTEGER PRIMARY KEY, seal TEXT NOT NULL, run TEXT NOT NULL)",
    """
    CREATE TABLE patient (
        name TEXT PRIMARY KEY,
        block INTEGER NOT NULL,
        place INTEGER NOT NULL,
        state TEXT NOT NULL,
        digest TEXT NOT NULL,
        day TEXT NOT NULL,
        rules TEXT NOT NULL,
        trial_set TEXT NOT NULL,
        tumour TEXT,
        pairs BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX patient_place ON patient (block, place)",
    "CREATE TABLE failure (block INTEGER NOT NULL, place INTEGER NOT NULL, code TEXT NOT NULL)",
)

LISTED = "listed"
"""State of a patient who was judged; any other says why not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The result of one patient.

    Attributes:
        name: Pseudonym.
        place: Position in the block.
        state: LISTED, `deceased` or `do_not_contact`.
        digest: Of the record.
        day: The patient's day, ISO.
        rules: Of everything but record, day and trials that the result rests on.
        trial_set: Name of the trials judged.
        tumour: Id of the tumour type; None where it is not known.
        pairs: Trials that are kept.
    """

    name: str
    place: int
    state: str
    digest: str
    day: str
    rules: str
    trial_set: str
    tumour: str | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be judged.

    Attributes:
        place: Position in the block.
        code: Code of the error.
        message: The line for people; it may quote the record and is not kept.
    """

    place: int
    code: str
    message: str = ""


class RunFile:
    """The run file of a folder.

    Args:
        folder: Of the run.
        create: Make folder and file where there are none.

    Raises:
        FileError: There is no run, it cannot be opened, or another release wrote it.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.path = folder / FILE
        if not create and not self.path.exists():
            raise FileError(
                "there is no screening here", file=str(folder), allowed="a folder written by her2nav screen --out"
            )
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
                self.path.touch(mode=0o600)
            self._connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._make(create=create)
        except (OSError, sqlite3.Error) as error:
            raise FileError(f"the run cannot be opened: {error}", file=str(self.path), code="bad_run") from None

    def _make(self, *, create: bool) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version == 0 and create:
            with self.writing():
                for table in _TABLES:
                    self._connection.execute(table)
                self._connection.execute(f"PRAGMA user_version = {VERSION}")
            return
        if version != VERSION:
            raise FileError(
                "another release wrote this run", file=str(self.path), allowed="a new folder", code="other_release"
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> RunFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write what follows whole or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # --- notes -------------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> Any:
        """Return a note; None where there is none."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def note(self, key: str, value: Any) -> None:
        """Write a note."""
        text = json.dumps(value, ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))

    def naming(self, *, ids: bool) -> Naming:
        """Return how patients are named in this run, deciding it where the run is new.

        Raises:
            FileError: The run was made the other way.
        """
        known = self.meta("naming")
        if known is None:
            known = {"salt": secrets.token_hex(16), "ids": ids}
            self.note("naming", known)
        if known["ids"] is not ids:
            made = "with --ids" if known["ids"] else "with pseudonyms"
            raise FileError(f"this run was made {made}", file=str(self.path), allowed="the same again, or a new folder")
        return Naming(str(known["salt"]), ids=ids)

    def its_naming(self) -> Naming:
        """Return how patients are named in a finished run."""
        known = self.meta("naming") or {"salt": "", "ids": False}
        return Naming(str(known["salt"]), ids=bool(known["ids"]))

    # --- trials ------------------------------------------------------------------------------------------------------

    def keep_trials(self, name: str, digests: Mapping[str, str]) -> None:
        """Keep the digests of a set of trials."""
        packed = zlib.compress(json.dumps(digests).encode())
        self._connection.execute("INSERT OR IGNORE INTO trial_set VALUES (?, ?)", (name, packed))

    def trials(self, name: str) -> dict[str, str]:
        """Return the digests of a set of trials; nothing where it is not known."""
        row = self._connection.execute("SELECT trials FROM trial_set WHERE name = ?", (name,)).fetchone()
        found: dict[str, str] = json.loads(zlib.decompress(row[0])) if row else {}
        return found

    # --- blocks ------------------------------------------------------------------------------------------------------

    def sealed(self, number: int, seal: str) -> bool:
        """Return whether a block is there with this seal."""
        row = self._connection.execute("SELECT seal FROM block WHERE number = ?", (number,)).fetchone()
        return row is not None and row[0] == seal

    def confirm(self, number: int, run: str) -> None:
        """Note that a block belongs to a run as it is."""
        self._connection.execute("UPDATE block SET run = ? WHERE number = ?", (run, number))

    def names_of(self, number: int) -> list[str]:
        """Return the patients of a block."""
        rows = self._connection.execute("SELECT name FROM patient WHERE block = ? ORDER BY place", (number,))
        return [row[0] for row in rows]

    def put(self, number: int, seal: str, run: str, kept: Iterable[Kept], failures: Sequence[Failure]) -> None:
        """Write a block in the place of the one that was there."""
        with self.writing():
            self._connection.execute("DELETE FROM patient WHERE block = ?", (number,))
            self._connection.execute("DELETE FROM failure WHERE block = ?", (number,))
            self._connection.executemany(
                "INSERT OR REPLACE INTO patient VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        item.name,
                        number,
                        item.place,
                        item.state,
                        item.digest,
                        item.day,
                        item.rules,
                        item.trial_set,
                        item.tumour,
                        _packed(item.pairs),
                    )
                    for item in kept
                ),
            )
            self._connection.executemany(
                "INSERT INTO failure VALUES (?, ?, ?)", [(number, item.place, item.code) for item in failures]
            )
            self._connection.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?)", (number, seal, run))

    def finish(self, run: str) -> int:
        """Drop blocks, with their patients, that are not of a run; return how many patients went."""
        with self.writing():
            stale = "SELECT number FROM block WHERE run <> ?"
            gone = self._connection.execute(f"DELETE FROM patient WHERE block IN ({stale})", (run,)).rowcount
            self._connection.execute(f"DELETE FROM failure WHERE block IN ({stale})", (run,))
            self._connection.execute("DELETE FROM block WHERE run <> ?", (run,))
        return int(gone)

    # --- answers -----------------------------------------------------------------------------------------------------

    def patient(self, name: str) -> Kept | None:
        """Return the result of a patient."""
        row = self._connection.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone()
        return _kept(row) if row else None

    def patients(self) -> Iterator[Kept]:
        """Yield every patient in the order of the source."""
        for row in self._connection.execute(f"{_SELECT} ORDER BY block, place"):
            yield _kept(row)

    def failures(self) -> dict[str, int]:
        """Count the records that could not be judged, by the code of the error."""
        rows = self._connection.execute("SELECT code, count(*) FROM failure GROUP BY code ORDER BY 2 DESC, 1")
        return dict(rows.fetchall())

    def states(self) -> dict[str, int]:
        """Count the patients by state."""
        return dict(self._connection.execute("SELECT state, count(*) FROM patient GROUP BY state").fetchall())


_SELECT = "SELECT name, place, state, digest, day, rules, trial_set, tumour, pairs FROM patient"


@dataclass(frozen=True, slots=True)
class Naming:
    """How patients are named in a run: by a salted digest of their id, or by the id itself where that is asked for."""

    salt: str
    ids: bool

    def of(self, identity: str) -> str:
        """Return the name of a patient.

        >>> Naming("a", ids=False).of("MRN 1"), Naming("a", ids=True).of("MRN 1")
        ('P-d2hy7qbzn4', 'MRN 1')
        """
        return identity if self.ids else f"P-{self._letters(identity)}"

    def _letters(self, identity: str) -> str:
        number = int.from_bytes(hmac.digest(self.salt.encode(), identity.encode(), "sha256")[:8])
        letters = []
        for _ in range(10):
            number, rest = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[rest])
        return "".join(letters)

    def digest(self, text: str | bytes) -> str:
        """Return the salted digest of a record."""
        data = text.encode() if isinstance(text, str) else text
        return hmac.new(self.salt.encode(), data, hashlib.sha256).hexdigest()


_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that are taken for one another."""


def _packed(pairs: Sequence[Pair]) -> bytes:
    data = json.dumps([pair.as_dict() for pair in pairs], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(data.encode(), 1)


def _kept(row: Sequence[Any]) -> Kept:
    pairs = tuple(Pair.of(item) for item in json.loads(zlib.decompress(row[8])))
    name, place, state, digest, day, rules, trial_set, tumour = row[:8]
    return Kept(name, place, state, digest, day, rules, trial_set, tumour, pairs)
