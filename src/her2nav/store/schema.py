"""The tables, as numbered migrations: a store of any earlier release is brought up to date when it is opened."""

from __future__ import annotations

import sqlite3

from her2nav.model.errors import InputError

# Never change a migration that was released: add one.
_FIRST = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- A state that answers quote.
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    read INTEGER NOT NULL,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    damaged INTEGER NOT NULL,
    knowledge TEXT
);

-- Every distinct record ever received, never deleted: raw bytes and what was read from them, as JSON without
-- `current_on`.
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    shape TEXT NOT NULL,
    digest TEXT NOT NULL,
    raw_sha256 TEXT NOT NULL,
    raw BLOB NOT NULL,
    parsed BLOB NOT NULL,
    partial INTEGER NOT NULL,
    last_update TEXT,
    current_on TEXT,
    source TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    reader INTEGER NOT NULL,
    UNIQUE (nct_id, raw_sha256)
);

-- A trial as it stood in a snapshot (NULL: pending). `composed` holds it where one record alone does not say it all.
CREATE TABLE view (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    record_id INTEGER NOT NULL REFERENCES record (id),
    composed BLOB,
    current_on TEXT,
    digest TEXT NOT NULL,
    snapshot_id INTEGER REFERENCES snapshot (id),
    title TEXT,
    status TEXT,
    status_date TEXT,
    study_type TEXT,
    sponsor TEXT,
    first_posted TEXT,
    last_update TEXT,
    has_results INTEGER NOT NULL,
    sites INTEGER NOT NULL,
    card TEXT NOT NULL
);
CREATE INDEX view_of_trial ON view (nct_id, id);
CREATE INDEX view_recent ON view (last_update, nct_id, id, status);
CREATE INDEX view_pending ON view (id) WHERE snapshot_id IS NULL;

-- What readers see: the view of each trial. Written only when a snapshot is made.
CREATE TABLE trial (
    nct_id TEXT PRIMARY KEY,
    view_id INTEGER NOT NULL UNIQUE REFERENCES view (id),
    added_in INTEGER NOT NULL REFERENCES snapshot (id),
    changed_in INTEGER NOT NULL REFERENCES snapshot (id),
    confirmed_on TEXT,
    gone_in INTEGER REFERENCES snapshot (id)
) WITHOUT ROWID;

-- A record that was received again unchanged: its status is known for one day more. Applied with the next snapshot.
CREATE TABLE confirmation (
    nct_id TEXT PRIMARY KEY,
    day TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE tag (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    view_id INTEGER NOT NULL,
    PRIMARY KEY (kind, value, view_id)
) WITHOUT ROWID;

-- Places of sites with their coordinates, as the registry gave them.
CREATE TABLE place (
    country TEXT NOT NULL,
    state TEXT NOT NULL,
    city TEXT NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    PRIMARY KEY (country, state, city)
) WITHOUT ROWID;

-- Row ids are those of views; rows of views that are no longer current stay until the index is made anew.
CREATE VIRTUAL TABLE words USING fts5 (
    ids, title, conditions, interventions, text,
    content = '', tokenize = "porter unicode61 remove_diacritics 2"
);
"""

_SYNC = """
-- What the registry listed for a query, and in which run of its sync: what a later run does not list has vanished.
CREATE TABLE listing (
    query TEXT NOT NULL,
    nct_id TEXT NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (query, nct_id)
) WITHOUT ROWID;

-- A trial that left the registry, or came back. NULL: pending, as for views.
CREATE TABLE presence (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL,
    event TEXT NOT NULL,
    day TEXT NOT NULL,
    note TEXT NOT NULL,
    snapshot_id INTEGER REFERENCES snapshot (id)
);
CREATE INDEX presence_of_trial ON presence (nct_id, id);
CREATE INDEX presence_pending ON presence (id) WHERE snapshot_id IS NULL;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SYNC)
"""Migration n (from 1) brings a store to schema version n."""

VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, path: str) -> None:
    """Bring a store to this release's schema, whole or not at all.

    Raises:
        InputError: A newer release wrote it, or it is no store of ours.
    """
    if _version(connection, path) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        for number in range(_version(connection, path) + 1, VERSION + 1):
            for statement in _statements(MIGRATIONS[number - 1]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: str) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise InputError(
            "a newer her2nav wrote this store",
            file=path,
            allowed=f"schema {VERSION} or older; the file has {version}",
            code="newer_store",
        )
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise InputError("this database is not a store of her2nav", file=path, code="not_a_store")
    return version


def _statements(script: str) -> list[str]:
    """Split a script: `executescript` would commit in between."""
    statements: list[str] = []
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
