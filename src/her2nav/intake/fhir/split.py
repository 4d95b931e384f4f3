"""A large export split by patient: pieces of its files are sorted side by side, then each share is read by itself.

The lines of a piece go to a temporary file in the order of the shares of patients that they belong to. To read a share
is to read its run of every such file, so that the memory needed is that of one share and not of the export.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from her2nav.intake.fhir.chart import Place
from her2nav.intake.fhir.packed import MARK, is_packed
from her2nav.intake.fhir.source import (
    Group,
    Item,
    LongLine,
    decoded,
    finished,
    lines_of,
    owner,
    parsed,
    silent,
    too_long,
)

SHARE = 4 * 1024 * 1024
MAX_SHARES = 240
PIECE = 8 * 1024 * 1024
"""Bytes of a file that one process sorts at a time."""


class Piece(NamedTuple):
    """The lines of a file that begin in a range of bytes; no end: to the end of the file."""

    file: int
    name: str
    start: int
    end: int | None


class Sorted(NamedTuple):
    """A temporary file of sorted lines; `starts` are the first byte of every share, and the end of the last."""

    path: str
    starts: tuple[int, ...]


@dataclass(slots=True)
class _Part:
    """What was made of a piece: files, the number of its lines, resources of nobody, the number of a line too long."""

    sorted: list[Sorted] = field(default_factory=list)
    lines: int = 0
    shared: dict[str, dict[str, Any]] = field(default_factory=dict)
    long: int | None = None


class Run(NamedTuple):
    """A run of lines of one share: where it stands, which file they are of, how many lines stand before its piece."""

    path: str
    start: int
    length: int
    file: int
    lines: int


@dataclass(frozen=True, slots=True)
class Shares:
    """A split export: its files, the runs of each share, and where the resources of nobody are kept by their id."""

    names: list[str]
    runs: list[list[Run]]
    shared: str


@contextmanager
def split(
    names: Sequence[str], size: int, tell: Callable[[str], None] = silent, pool: ProcessPoolExecutor | None = None
) -> Iterator[Shares]:
    """Split an export by patient over temporary files, which are removed at the end.

    Args:
        names: Its files.
        size: About how many bytes they hold.
        tell: Told now and then what is being joined.
        pool: Sorts pieces of the files side by side; None: this process does.

    Raises:
        FileError: A file is damaged, or a line too long.
    """
    count = min(MAX_SHARES, size // SHARE + 1)
    with tempfile.TemporaryDirectory(prefix="her2nav-") as folder:
        parts: Iterable[_Part]
        if pool is None:
            pieces = [Piece(index, name, 0, None) for index, name in enumerate(names)]
            parts = map(partial(_sort, count=count, folder=folder, tell=tell), pieces)
        else:
            pieces = [piece for index, name in enumerate(names) for piece in _pieces(index, name)]
            parts = pool.map(partial(_sort, count=count, folder=folder), pieces)
        runs: list[list[Run]] = [[] for _ in range(count)]
        shared: dict[str, dict[str, Any]] = {}
        before = 0
        for piece, part in zip(pieces, parts, strict=True):
            before = before if piece.start else 0
            if part.long is not None:
                raise too_long(piece.name, before + part.long)
            for path, starts in part.sorted:
                for share, (start, end) in enumerate(pairwise(starts)):
                    if end > start:
                        runs[share].append(Run(path, start, end - start, piece.file, before))
            shared |= part.shared
            before += part.lines
            if pool is not None:
                tell(f"{Path(piece.name).name}: {before:,} lines")
        kept = Path(folder) / "shared"
        kept.write_text(json.dumps(shared, default=str), encoding="utf-8")
        yield Shares(list(names), runs, str(kept))


def _pieces(index: int, name: str) -> list[Piece]:
    """Return the pieces of a file; a packed one is one piece, for nobody can begin in its middle."""
    if is_packed(name):
        return [Piece(index, name, 0, None)]
    size = Path(name).stat().st_size
    return [Piece(index, name, start, min(start + PIECE, size)) for start in range(0, size, PIECE)]


def _sort(piece: Piece, *, count: int, folder: str, tell: Callable[[str], None] = silent) -> _Part:
    """Write the lines of a piece to files of their own, sorted by share.

    A line is written with its number, counted from the piece's start, the owner, the place and the problem: the owner
    only where it was read plainly, and place and problem only where it was not.
    """
    part = _Part()
    kept: list[list[bytes]] = [[] for _ in range(count)]
    held = 0
    try:
        for number, raw in lines_of(piece.name, tell, piece.start, piece.end):
            part.lines = number
            if not raw:
                continue
            whose = _plainly(raw)
            if whose is not None:
                kept[zlib.crc32(whose) % count].append(b"%d\t%b\t\t%b\n" % (number, whose, raw))
            else:
                _with_care(raw, piece.name, number, kept, part.shared)
            held += len(raw)
            if held > PIECE:
                part.sorted.append(_written(kept, piece, len(part.sorted), folder))
                kept, held = [[] for _ in range(count)], 0
    except LongLine as found:
        part.long = found.number
    if held:
        part.sorted.append(_written(kept, piece, len(part.sorted), folder))
    return part


def _plainly(raw: bytes) -> bytes | None:
    """Return the owner of a line that is copied as it stands; None for any other, which is read with care.

    Only the owner is asked for here: numbers are read exactly where the copy is read.
    """
    try:
        data = from_json(raw, cache_strings="keys")
    except ValueError:
        return None
    kind = data.get("resourceType") if type(data) is dict else None
    if type(kind) is not str or kind in _SPLIT:
        return None
    whose = owner(data)
    return whose.encode() if whose.isprintable() else None


_SPLIT = ("Bundle", "Medication")


def _with_care(raw: bytes, name: str, number: int, kept: list[list[bytes]], shared: dict[str, dict[str, Any]]) -> None:
    """Keep the resources of a line that is a bundle, is no FHIR, or holds what belongs to nobody."""
    for one in parsed(raw, name, number):
        if one.data.get("resourceType") == "Medication" and one.data.get("id"):
            shared[str(one.data["id"])] = {"resourceType": "Medication", "code": one.data.get("code")}
            continue
        # A resource that has a line of its own is copied as it stands.
        copied = not one.problem and "[" not in one.place.path
        body = raw.removeprefix(MARK).strip() if copied else json.dumps(one.data, default=str).encode()
        # What has no type is named by its line, whose number in the file is not known yet.
        path = None if one.place.path == f"line {number}" else one.place.path
        what = json.dumps([path, one.problem]).encode()
        whose = owner(one.data).encode(errors="surrogatepass")
        kept[zlib.crc32(whose) % len(kept)].append(b"%d\t\t%b\t%b\n" % (number, what, body))


def _written(kept: list[list[bytes]], piece: Piece, number: int, folder: str) -> Sorted:
    path = Path(folder) / f"{piece.file}-{piece.start}-{number}"
    with path.open("wb") as stream:
        for lines in kept:
            stream.writelines(lines)
    return Sorted(str(path), tuple(accumulate((sum(map(len, lines)) for lines in kept), initial=0)))


@lru_cache(maxsize=1024)
def _where(written: bytes) -> tuple[str | None, str | None]:
    path, problem = json.loads(written)
    return path, problem


@lru_cache(maxsize=1)
def _shared(path: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def share_groups(runs: Sequence[Run], names: Sequence[str], shared: str) -> Iterator[Group]:
    """Yield the patients of one share; what names no patient comes last, as strangers of nobody.

    Args:
        runs: The lines of the share.
        names: The files of the export.
        shared: Where the resources of nobody are kept.
    """
    grouped: dict[str, list[Item]] = {}
    for run in runs:
        name, before = names[run.file], run.lines
        for line in _run(run):
            number, named, written, body = line.split(b"\t", 3)
            data = decoded(body)
            whose = named.decode() or owner(data)
            where, problem = _where(written) if written else (data["resourceType"], None)
            at = before + int(number)
            one = Item(Place(name, at, where or f"line {at}", True), data if whose else {}, problem)
            known = grouped.get(whose)
            if known is None:
                grouped[whose] = [one]
            else:
                known.append(one)
    yield from finished(grouped, _shared(shared))


def _run(run: Run) -> list[bytes]:
    with Path(run.path).open("rb") as stream:
        stream.seek(run.start)
        return stream.read(run.length - 1).split(b"\n")
