"""The fact files as one compiled JSON file, checked against its sources by digest.

Parsing YAML at every start would cost more than the whole answer, so the build compiles `data/` once. A start
reads the compiled file and compares the digest of the sources; where they differ (a curator edited a file) the
sources are parsed again and, where the folder allows it, the compiled file is written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from her2nav.files.csvfile import parse_csv
from her2nav.files.places import Document
from her2nav.files.reading import read_text
from her2nav.files.yamlfile import parse_yaml
from her2nav.model.errors import DataError, Her2NavError

DATA = Path(__file__).resolve().parent.parent / "data"
COMPILED = "_compiled.json"
_FORMAT = 3
_LIST_CELL = "|"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Every fact file as plain data.

    Attributes:
        files: Path relative to `data/`, with `/`, to its content; a CSV is a list of rows.
        version: First 12 hex digits of the digest over all sources; quoted in every answer.
        documents: With places, where the sources were parsed in this process; else None.
    """

    files: Mapping[str, Any]
    version: str
    documents: dict[str, Document] | None = None

    def __repr__(self) -> str:
        return f"Bundle(version={self.version!r}, {len(self.files)} files)"

    def document(self, name: str) -> Document:
        """Return one file with whatever is known of its places."""
        if self.documents is not None:
            return self.documents[name]
        return Document(self.files[name], f"data/{name}")

    def folder(self, prefix: str) -> list[str]:
        """Return the names of the files below a folder, sorted."""
        return sorted(name for name in self.files if name.startswith(prefix))


class CompiledFiles(Mapping[str, Any]):
    """The files of a compiled bundle, each parsed when it is first asked for: an answer needs few of them."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._parsed: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"CompiledFiles({len(self._texts)} files)"

    def __getitem__(self, name: str) -> Any:
        if name not in self._parsed:
            self._parsed[name] = json.loads(self._texts[name])
        return self._parsed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def sources(root: Path = DATA) -> list[Path]:
    """Return the fact files, sorted by name."""
    return [root / source.name for source in _sources(root)]


class _Source(NamedTuple):
    """A fact file: its path relative to the folder, its size, and when it was changed, in nanoseconds."""

    name: str
    size: int
    changed: int


def _sources(root: Path) -> list[_Source]:
    return sorted(_below(root, "")) if root.is_dir() else []


def _below(root: Path, folder: str) -> Iterator[_Source]:
    """Yield the fact files below a folder of `root`; `os.scandir` takes a tenth of the time that `Path.rglob` takes."""
    with os.scandir(root / folder) as entries:
        for entry in entries:
            name = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _below(root, f"{name}/")
            elif name.endswith((".yaml", ".csv")):
                about = entry.stat()
                yield _Source(name, about.st_size, about.st_mtime_ns)


def digest(paths: list[Path], root: Path = DATA) -> str:
    """Return the SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def parse_sources(root: Path = DATA) -> Bundle:
    """Parse every fact file; the slow way, with places.

    Raises:
        DataError: The first file that is not well-formed.
    """
    paths = sources(root)
    if not paths:
        raise DataError("the shipped knowledge is absent", file=str(root))
    version = digest(paths, root)[:12]
    documents: dict[str, Document] = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            text, _ = read_text(path)
            documents[name] = _parse(text, name)
        except Her2NavError as error:
            raise DataError(error.message, file=f"data/{name}", place=error.place, allowed=error.allowed) from None
    return Bundle({name: document.data for name, document in documents.items()}, version, documents)


def _parse(text: str, name: str) -> Document:
    shown = f"data/{name}"
    if name.endswith(".yaml"):
        return parse_yaml(text, shown)
    rows = parse_csv(text, shown)
    lines: dict[tuple[str | int, ...], int] = {(i,): line for i, (line, _) in enumerate(rows)}
    return Document([row for _, row in rows], shown, lines)


def cells(value: str) -> list[str]:
    """Split a CSV cell that holds a list."""
    return [part.strip() for part in value.split(_LIST_CELL) if part.strip()]


def write_compiled(bundle: Bundle, root: Path = DATA) -> Path:
    """Write the compiled file whole or not at all, and return its path."""
    paths = sources(root)
    if digest(paths, root)[:12] != bundle.version:
        raise DataError("a fact file changed while the facts were compiled", file=str(root), allowed="compile again")
    # One line for each file, so that a start parses only those it needs.
    body = "\n".join(json.dumps(data, ensure_ascii=False, separators=(",", ":")) for data in bundle.files.values())
    head = {
        "format": _FORMAT,
        "files": list(bundle.files),
        "sources": digest(paths, root),
        "sizes": _sizes(_sources(root)),
        "body": _seal(list(bundle.files), body.encode()),
    }
    target = root / COMPILED
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".compiled-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(head) + "\n" + body)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    return target


def _seal(files: list[str], body: bytes) -> str:
    """Return a digest of the names of the files and of what they hold."""
    return hashlib.sha256("\n".join(files).encode() + b"\n" + body).hexdigest()


def _sizes(found: list[_Source]) -> str:
    """Return a digest of the names and sizes of the sources, which costs no reading."""
    return hashlib.sha256("\n".join(f"{source.name} {source.size}" for source in found).encode()).hexdigest()


def read_compiled(root: Path = DATA) -> Bundle | None:
    """Read the compiled file; None when it is absent, damaged or not of these sources.

    Sources that are older than it and have the sizes it knows are taken to be those it was made from; with a newer one
    among them, all contents are compared.
    """
    try:
        first, _, body = (root / COMPILED).read_bytes().partition(b"\n")
        head = json.loads(first)
        if head.get("format") != _FORMAT or head.get("body") != _seal(head["files"], body):
            return None
        found = _sources(root)
        if head.get("sizes") != _sizes(found):
            return None
        newest = max((source.changed for source in found), default=0)
        if newest > (root / COMPILED).stat().st_mtime_ns and head.get("sources") != digest(sources(root), root):
            return None
        texts = dict(zip(head["files"], body.split(b"\n"), strict=True))
        return Bundle(CompiledFiles(texts), str(head["sources"])[:12])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@cache
def load_bundle() -> Bundle:
    """Return the shipped facts, from the compiled file or, where that is stale, from the sources."""
    compiled = read_compiled()
    if compiled is not None:
        return compiled
    bundle = parse_sources()
    with suppress(OSError, DataError):
        write_compiled(bundle)
    return bundle
