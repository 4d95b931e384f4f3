"""The shipped trials, compiled: kept in a file beside the compiled facts, made anew where that does not fit.

`python -m her2nav.app.shipped` writes the file; the build of the package does so. It holds for one version of the
facts and for the program text that made it, so that nobody is matched with trees of another release.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from her2nav.knowledge.bundle import DATA
from her2nav.knowledge.load import Knowledge, load_knowledge
from her2nav.matching.compiled import CompiledTrials
from her2nav.matching.kept import FORMAT, kept, restored
from her2nav.model.errors import Her2NavError

FILE = "_compiled_trials.json"
_MADE_BY = (
    "app/shipped.py",
    "catalogue/load.py",
    "catalogue/trialfile.py",
    "facts",
    "files/places.py",
    "kinds",
    "knowledge",
    "matching/compiled.py",
    "matching/kept.py",
    "matching/leaf_notes.py",
    "matching/packing.py",
    "matching/program.py",
    "matching/rank_rules.py",
    "model",
)
"""Modules, and folders of modules, whose text tells what trials are compiled to, and what is noted of their leaves."""


@lru_cache(maxsize=2)
def shipped_trials(knowledge: Knowledge) -> CompiledTrials:
    """Return the catalogue of a knowledge version, compiled; once per process.

    Raises:
        DataError: A trial file is wrong, with its place.
    """
    # Facts that were put together by hand may bear the version of those that ship.
    shipped = knowledge is load_knowledge()
    found = read(knowledge.version) if shipped else None
    if found is None:
        found = _compiled(knowledge)
        if shipped:
            with suppress(OSError):
                write(found, knowledge)
                # As every later process finds it, with what is noted of the leaves.
                found = read(knowledge.version) or found
    return found


def _compiled(knowledge: Knowledge) -> CompiledTrials:
    from her2nav.catalogue.load import load_catalogue
    from her2nav.matching.compiled import compile_trials

    return compile_trials(load_catalogue(knowledge.bundle))


def read(version: str, folder: Path = DATA) -> CompiledTrials | None:
    """Return the trials of the file; None where it is absent, damaged, or of other facts or another program."""
    try:
        head, _, body = (folder / FILE).read_bytes().partition(b"\n")
        if head.decode() != _head(version, body):
            return None
        return restored(body.decode().split("\n"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(trials: CompiledTrials, knowledge: Knowledge, folder: Path = DATA) -> Path:
    """Write the file whole or not at all, and return its path."""
    body = "\n".join(kept(trials, knowledge)).encode()
    target = folder / FILE
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".compiled-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_head(knowledge.version, body).encode() + b"\n" + body)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    return target


def _head(version: str, body: bytes) -> str:
    """Return what the first line says of the others: form, facts, program, digest."""
    return f"her2nav-trials {FORMAT} {version} {program_digest()} {hashlib.sha256(body).hexdigest()}"


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return a digest of the modules that compile trials."""
    root = DATA.parent
    total = hashlib.sha256()
    for name in _modules(root):
        content = (root / name).read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _modules(root: Path) -> Iterator[str]:
    for name in _MADE_BY:
        if name.endswith(".py"):
            yield name
        else:
            yield from sorted(f"{name}/{path.name}" for path in (root / name).iterdir() if path.suffix == ".py")


def main() -> int:
    """Compile and write; print one line."""
    try:
        knowledge = load_knowledge()
        trials = _compiled(knowledge)
        path = write(trials, knowledge)
    except Her2NavError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"compiled {len(trials.trials)} trials, version {knowledge.version}, to {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
