"""From a file to the text of a note: encodings, PDF, Word, limits, noise."""

from __future__ import annotations

import io
import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from her2nav.model.errors import FileError

MAX_BYTES = 64 * 1024 * 1024
MAX_CHARACTERS = 200_000
"""A longer note is read up to here, and the reading says that it is partial."""
_NOISE_SHARE = 0.3
_WORD = re.compile(r"[^\W\d_]{3,}")
_LIKE_WORDS = re.compile(r"\b(?=[^\W\d_]*[aeiouyAEIOUY\u0080-\uffff])[^\W\d_]{3,}\b|[\u3040-\uffff]")
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
    if raw.startswith(b"%PDF"):
        text = _pdf(raw, name)
    elif raw.startswith(b"PK\x03\x04"):
        text = _docx(raw, name)
    else:
        text = _decoded(raw, name)
    return note_of(text, name)


def note_of(text: str, name: str) -> NoteText:
    """Return a text as a note, cut where it is longer than can be one note.

    Raises:
        FileError: It holds no words.
    """
    if not _WORD.search(text):
        raise FileError("no words were found in it", file=name, allowed="a note with text", code="no_text")
    partial: list[str] = []
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


def _pdf(raw: bytes, name: str) -> str:
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        raise _needs("PDF", name) from None
    # The library's own remarks on a damaged file would stand beside our one line.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        text = "\n\n".join(page.extract_text() or "" for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise FileError(f"the PDF cannot be read: {_line(error)}", file=name, code="bad_pdf") from None
    if not _WORD.search(text):
        raise FileError(
            "the PDF holds pictures and no text",
            file=name,
            allowed="a PDF with text; scan it with OCR first",
            code="no_text",
        )
    return text


def _docx(raw: bytes, name: str) -> str:
    try:
        import docx
    except ImportError:
        raise _needs("DOCX", name) from None
    try:
        document = docx.Document(io.BytesIO(raw))
        return "\n".join(_blocks(document))
    except (ValueError, KeyError, OSError, AttributeError) as error:
        raise FileError(
            f"the file is no Word document: {_line(error)}", file=name, allowed="DOCX", code="bad_docx"
        ) from None
    except Exception as error:
        if type(error).__module__.startswith(("docx", "zipfile", "lxml")):
            raise FileError(f"the file is no Word document: {_line(error)}", file=name, code="bad_docx") from None
        raise


def _blocks(document: Any) -> list[str]:
    """Return paragraphs and table rows in the order of the document."""
    blocks: list[str] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            blocks += ["\t".join(cell.text.strip() for cell in row.cells) for row in item.rows]
        else:
            blocks.append(item.text)
    return blocks


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _needs(what: str, name: str) -> FileError:
    return FileError(
        f"reading {what} needs a library that is not installed",
        file=name,
        allowed="pip install 'her2nav[documents]', or a text file",
        code="needs_documents",
    )
