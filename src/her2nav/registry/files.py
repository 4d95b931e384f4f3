"""Opens what a user names: files, folders, gzip, zip and zips inside zips, as plain streams; one at a time."""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

HEAD = 64
MAX_DEPTH = 4
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_EMPTY_ZIP = b"PK\x05\x06"
_SPOOL = 16 << 20
READ_FAULTS = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What reading a damaged or locked file raises."""


@dataclass(frozen=True, slots=True)
class OpenSource:
    """An open source.

    Attributes:
        name: Path, with `!` before the name inside an archive.
        stream: Its bytes, unpacked; None when it cannot be read.
        head: Its first bytes, which are in the stream as well.
        reason: Why it cannot be read.
    """

    name: str
    stream: IO[bytes] | None = None
    head: bytes = b""
    reason: str | None = None


def open_sources(paths: list[Path]) -> Iterator[OpenSource]:
    """Yield every file that paths lead to; a stream is closed when the next one is asked for."""
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.is_file() and not _hidden(item, path))
            if not inside:
                yield OpenSource(str(path), reason="the folder holds no file")
            for item in inside:
                yield from _file(item)
        else:
            yield from _file(path)


def _hidden(item: Path, root: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in item.relative_to(root).parts)


def _file(path: Path) -> Iterator[OpenSource]:
    try:
        with path.open("rb") as stream:
            yield from _stream(str(path), stream, 0)
    except FileNotFoundError:
        yield OpenSource(str(path), reason="no such file")
    except OSError as error:
        yield OpenSource(str(path), reason=f"cannot be read: {error.strerror or error}")


def _stream(name: str, stream: IO[bytes], depth: int) -> Iterator[OpenSource]:
    """Look at the first bytes, not at the name: names lie."""
    if depth > MAX_DEPTH:
        yield OpenSource(name, reason=f"packed more than {MAX_DEPTH} times")
        return
    try:
        head = stream.read(HEAD)
    except READ_FAULTS as error:
        yield OpenSource(name, reason=fault_of(error))
        return
    if not head:
        yield OpenSource(name, reason="the file is empty")
    elif head.startswith(_GZIP):
        with _seekable(stream, head) as whole, gzip.GzipFile(fileobj=whole, mode="rb") as unpacked:
            yield from _stream(name, io.BufferedReader(unpacked), depth + 1)
    elif head.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _zip(name, stream, head, depth)
    else:
        yield OpenSource(name, cast(IO[bytes], _Rejoined(head, stream)), head)


def _zip(name: str, stream: IO[bytes], head: bytes, depth: int) -> Iterator[OpenSource]:
    with _seekable(stream, head) as whole:
        try:
            archive = zipfile.ZipFile(whole)
        except READ_FAULTS as error:
            yield OpenSource(name, reason=fault_of(error))
            return
        with archive:
            if not any(not member.is_dir() for member in archive.infolist()):
                yield OpenSource(name, reason="the archive holds no file")
            for member in archive.infolist():
                if member.is_dir() or Path(member.filename).name.startswith(".") or "__MACOSX" in member.filename:
                    continue
                inner = f"{name}!{member.filename}"
                try:
                    opened = archive.open(member)
                except READ_FAULTS as error:
                    yield OpenSource(inner, reason=fault_of(error))
                    continue
                with opened:
                    yield from _stream(inner, opened, depth + 1)


@contextmanager
def _seekable(stream: IO[bytes], head: bytes) -> Iterator[IO[bytes]]:
    """Give a stream back from its start; one that cannot go back is copied, to disk when it is long."""
    if isinstance(stream, io.BufferedReader) and stream.seekable() and not isinstance(stream.raw, gzip.GzipFile):
        stream.seek(0)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as copy:
        copy.write(head)
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast("IO[bytes]", copy)


def fault_of(error: BaseException) -> str:
    """Return why a file cannot be read, in words."""
    text = " ".join(str(error).split())
    if isinstance(error, RuntimeError) and "password" in text:
        return "the archive is locked with a password"
    if isinstance(error, (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile)):
        return f"the packed file is damaged or cut off: {text}"
    return f"cannot be read: {getattr(error, 'strerror', None) or text}"


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._rest.read(size)
        if size < 0:
            found = self._head + self._rest.read()
            self._head = b""
            return found
        found, self._head = self._head[:size], self._head[size:]
        return found if len(found) == size else found + self._rest.read(size - len(found))
