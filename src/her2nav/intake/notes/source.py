"""From a file to the text of a note: encodings, PDF, Word, limits, noise."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from her2nav.intake.documents import docx_text, pdf_text
from her2nav.intake.notes.other_forms import check_archive, check_words
from her2nav.model.errors import FileError

MAX_BYTES = 64 * 1024 * 1024
MAX_CHARACTERS = 200_000
"""A longer note is read up to here, and the reading says that it is partial."""
_NOISE_SHARE = 0.3
_WORD = re.compile(r"[^\W\d_]{3,}")
_LIKE_WORDS = re.compile(r"\b(?=[^\W\d_]*[aeiouyAEIOUY\u0080-\uffff])[^\W\d_]{3,}\b|[\u3040-\uffff]")
_BEFORE = 1024
"""A PDF may have so many bytes before its sign."""
_OTHER = {
    b"\xd0\xcf\x11\xe0": "an old Office document (DOC, XLS)",
    b"{\\rtf": "RTF",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"\x1f\x8b": "packed",
}
_HEAD = 20_000
_LONG = 200
_WORD_SHARE = 0.1
_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class NoteText:
    """The text of one note.

    Attributes:
        name: Shown name of the file.
        text: Characters as read; offsets of the reading count from here.
        partial: Why a part is missing; None: all is here.
    """

    name: str
    text: str
    partial: str | None = None


def read_note(source: str | Path) -> NoteText:
    """Read a note from a file (text, PDF, DOCX) or, with `-`, from standard input.

    Raises:
        FileError: Missing, empty, too large, binary, without any text, or its library is not installed.
    """
    name = str(source)
    return note_from_bytes(_bytes(name), name)


def note_from_bytes(raw: bytes, name: str) -> NoteText:
    """Read a note from the content of a file: text, PDF or DOCX.

    Raises:
        FileError: Empty, binary, without any text, or its library is not installed.
    """
    if not raw.strip():
        raise FileError("the file is empty", file=name, code="empty_file")
    missing: str | None = None
    if raw[:_BEFORE].lstrip().startswith(b"%PDF"):
        text, missing = pdf_text(raw, name)
    elif raw.startswith(b"PK\x03\x04"):
        check_archive(raw, name)
        text = docx_text(raw, name)
    else:
        _check_kind(raw, name)
        text = _decoded(raw, name)
    return note_of(text, name, missing)


def _check_kind(raw: bytes, name: str) -> None:
    """Name the formats that people try, instead of calling them binary."""
    what = next((what for sign, what in _OTHER.items() if raw.startswith(sign)), None)
    if what is not None:
        raise FileError(f"the file is {what}", file=name, allowed="text, PDF or DOCX", code="binary_file")


def note_of(text: str, name: str, missing: str | None = None) -> NoteText:
    """Return a text as a note, cut where it is longer than can be one note.

    Args:
        text: The words.
        name: Shown name.
        missing: What of the document is not among them.

    Raises:
        FileError: It holds no words, or is data and no note.
    """
    check_words(text, name)
    if not _WORD.search(text):
        raise FileError("no words were found in it", file=name, allowed="a note with text", code="no_text")
    partial: list[str] = [missing] if missing else []
    if len(text) > MAX_CHARACTERS:
        cut = text.rfind("\n", 0, MAX_CHARACTERS)
        cut = cut if cut > MAX_CHARACTERS // 2 else MAX_CHARACTERS
        partial.append(f"only the first {cut:,} of {len(text):,} characters were read")
        text = text[:cut]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _UNREADABLE.sub(" ", text)
    bad = len(text) - len(_PRINTABLE.findall(text)) if clean != text else 0
    if bad > len(text) * _NOISE_SHARE:
        partial.append("much of it is not readable text")
    elif _noisy(clean):
        partial.append("hardly any words are in it: a poor scan?")
    elif bad:
        partial.append(f"{bad} characters are not readable")
    return NoteText(name, clean, "; ".join(partial) or None)


def _noisy(text: str) -> bool:
    """True for a long text of which hardly anything is words."""
    head = text[:_HEAD]
    signs = len("".join(head.split()))
    if signs <= _LONG:
        return False
    enough = signs * _WORD_SHARE
    for word in _LIKE_WORDS.finditer(head):
        enough -= len(word[0])
        if enough <= 0:
            return False
    return True


def _bytes(name: str) -> bytes:
    if name == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        path = Path(name)
        try:
            if path.is_dir():
                raise FileError("this is a folder", file=name, allowed="a file", code="is_folder")
            with path.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise FileError("no such file", file=name, code="no_such_file") from None
        except OSError as error:
            raise FileError(f"cannot be read: {error.strerror or error}", file=name, code="unreadable") from None
    if len(raw) > MAX_BYTES:
        raise FileError(
            "the file is too large for a note", file=name, allowed=f"up to {MAX_BYTES >> 20} MB", code="too_large"
        )
    return raw


def _decoded(raw: bytes, name: str) -> str:
    """Decode by byte-order mark, then UTF-8, then the Western code page that old systems export."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw[:4096]:
        guess = _utf16(raw)
        if guess is None:
            raise FileError("the file is binary, not text", file=name, allowed="text, PDF or DOCX", code="binary_file")
        return guess
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _utf16(raw: bytes) -> str | None:
    """Decode UTF-16 without a mark, where every second byte is zero; None: it is something else."""
    head = raw[:4096]
    for start, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        if half and half.count(0) > len(half) * 0.8:
            return raw.decode(codec, errors="replace")
    return None
