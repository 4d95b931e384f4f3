"""PDF and Word files to text: what a page or a paragraph says, in its order, with broken words put together again."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from her2nav.model.errors import FileError

_WORD = re.compile(r"[^\W\d_]{3,}")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_SOFT = re.compile(r"(?<=\w)[ \t]*\u00ad[ \t]*\n?[ \t]*(?=\w)|\u00ad")
"""A soft hyphen stands only where a word may be broken."""
_TYPESET = re.compile(r"(?<=[^\W\d_])[ \t]?\u2010[ \t]*\n[ \t]*(?=[a-z\u00df-\u00ff])")
"""The hyphen that browsers and typesetters put in where they break a word; typed ones are another sign."""
_BROKEN = re.compile(r"(?<![\w-])([^\W\d_][a-z\u00df-\u00ff]{2,})-[ \t]*\n[ \t]*([a-z\u00df-\u00ff]{2,})")
_TYPED = re.compile(r"(?<=[^\W_])-[ \t]*\n[ \t]*(?=[a-z\u00df-\u00ff]{3})|(?<=\d)-[ \t]*\n[ \t]*(?=\d)")
"""A capital behind the end of a line is left alone: `ER-`, then `PR+`, are two results."""
_COMPOUND = re.compile(
    r"all|anti|brain|central|cross|double|(?:o?estrogen|progesterone|hormone|receptor)|first|second|third|fourth|follow"
    r"|front|half|hand|high|inter|intra|left|right|line|long|lower|upper|mid|moderately|poorly|well|weakly|multi|near"
    r"|node|non|off|one|two|three|over|under|own|per|platinum|taxane|post|pre|pro|self|semi|short|single|small|stage|sub"
    r"|trans|triple",
    re.IGNORECASE,
)
"""First words of compounds: their hyphen stays where the line ends behind it."""
_AROUND = 4
_NARROWEST = 18
_OPEN = re.compile(
    r"(?:\b(?:a|an|and|as|at|average|but|by|for|from|her|his|in|into|is|of|on|or|than|that|the|to|until|was|were|which|with"
    r"|since|between|showed|shows)|[^\W\d_],)$"
)
"""Words behind which no line is complete."""
_CONTINUES = re.compile(r"[a-z\u00df-\u00ff(]|\d")
_LIST = re.compile(r"(?:[-*•·o]|\d{1,2}[.)]|\(?[a-z]\))\s")
_WORDS_OF_PDF = "a PDF with text; scan it with OCR first"


def mended(text: str) -> str:
    r"""Put words together again that ligatures, soft hyphens or the end of a line broke.

    A typed hyphen at the end of a line is taken out between two pieces of a word and kept in a compound: behind a
    number, a capital inside a word, or a word that compounds begin with.

    >>> mended("con\ufb01rmed carci-\nnoma, well-\ndifferentiated, HER2-\npositive")
    'confirmed carcinoma, well-differentiated, HER2-positive'
    """
    text = _TYPESET.sub("", _whole(text))
    text = _BROKEN.sub(lambda m: m[1] + ("-" if _COMPOUND.fullmatch(m[1]) else "") + m[2], text)
    return _unwrapped(_TYPED.sub("-", text))


def _unwrapped(text: str) -> str:
    """Join the lines of a paragraph that a page or a column broke; rows of tables and lists stay lines."""
    lines = text.split("\n")
    joined: list[str] = []
    for number, line in enumerate(lines):
        if number and _goes_on(lines, number):
            joined[-1] = f"{joined[-1].rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
    return "\n".join(joined)


def _goes_on(lines: list[str], number: int) -> bool:
    """Return whether a line continues the one before it.

    It does where that one ends as no line does that is complete, or where its first word, which does not begin a
    sentence, would not have fitted into the width of the lines around.
    """
    before, line = lines[number - 1].rstrip(), lines[number].lstrip()
    if not before or not line:
        return False
    if _OPEN.search(before) and not _LIST.match(line):
        return True
    if before[-1] in ".:;!?" or not _CONTINUES.match(line) or _LIST.match(line):
        return False
    width = max(len(one.rstrip()) for one in lines[max(0, number - _AROUND) : number + _AROUND])
    return len(before) + 1 + len(line.split(maxsplit=1)[0]) > width - 2 and len(before) >= _NARROWEST


def _whole(text: str) -> str:
    return _SOFT.sub("", text.translate(_LIGATURES))


def pdf_text(raw: bytes, name: str) -> tuple[str, str | None]:
    """Return the text of a PDF, and why it is only a part; None: all pages have text.

    Raises:
        FileError: Damaged, protected by a password, without text, or the library is not installed.
    """
    try:
        import pypdf
        from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError
    except ImportError:
        raise _needs("PDF", name) from None
    # The library's own remarks on a damaged file would stand beside our one line.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    unread: list[int] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        count = len(reader.pages)
    except (FileNotDecryptedError, DependencyError):
        raise _protected(name) from None
    except (PyPdfError, *_FAULTS) as error:
        raise FileError(f"the PDF cannot be read: {_line(error)}", file=name, code="bad_pdf") from None
    for number in range(count):
        try:
            pages.append(mended(reader.pages[number].extract_text() or ""))
        except (FileNotDecryptedError, DependencyError):
            raise _protected(name) from None
        except (PyPdfError, *_FAULTS):
            pages.append("")
            unread.append(number + 1)
    text = "\n\n".join(pages)
    if not _WORD.search(text):
        if unread:
            raise FileError("the PDF cannot be read: its pages are damaged", file=name, code="bad_pdf")
        raise FileError("the PDF holds pictures and no text", file=name, allowed=_WORDS_OF_PDF, code="no_text")
    silent = [n for n, page in enumerate(pages, 1) if not page.strip() and n not in unread]
    parts = []
    if unread:
        parts.append(f"{_pages(unread)} could not be read")
    if silent:
        parts.append(f"{_pages(silent)} without text, perhaps pictures, not read")
    return text, "; ".join(parts) or None


_FAULTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError, NotImplementedError)
"""What the library raises on damaged files, beside its own errors."""


def _pages(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"


def _protected(name: str) -> FileError:
    return FileError(
        "the PDF is protected by a password", file=name, allowed="a copy without a password", code="protected"
    )


def docx_text(raw: bytes, name: str) -> str:
    """Return paragraphs and table rows of a Word document, in its order.

    Text in content controls and text boxes counts, and text that a tracked change put in; what a tracked change took
    out does not.

    Raises:
        FileError: Damaged, no Word document, or the library is not installed.
    """
    try:
        import docx
    except ImportError:
        raise _needs("DOCX", name) from None
    try:
        body = docx.Document(io.BytesIO(raw)).element.body
        return _whole("\n".join(_blocks(body)))
    except Exception as error:
        known = (ValueError, KeyError, OSError, AttributeError)
        if isinstance(error, known) or type(error).__module__.startswith(("docx", "zipfile", "lxml")):
            raise FileError(
                f"the file is no Word document: {_line(error)}", file=name, allowed="DOCX", code="bad_docx"
            ) from None
        raise


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(
    {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
"""Deleted and moved text, and the second form of a text box for old programs."""
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def _blocks(parent: Any) -> Iterator[str]:
    """Yield the paragraphs and rows below an element, through whatever wraps them."""
    for one in parent:
        if one.tag == f"{_W}p":
            boxes: list[str] = []
            yield "".join(_runs(one, boxes))
            yield from boxes
        elif one.tag == f"{_W}tbl":
            yield from _rows(one)
        elif one.tag not in _LEFT_OUT:
            yield from _blocks(one)


def _rows(table: Any) -> Iterator[str]:
    for row in _children(table, f"{_W}tr"):
        cells = [" ".join(part.strip() for part in _blocks(cell) if part.strip()) for cell in _children(row, f"{_W}tc")]
        yield "\t".join(cells)


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the elements of a kind below another one, also those inside content controls."""
    for one in parent:
        if one.tag == tag:
            yield one
        elif one.tag not in _LEFT_OUT and one.tag != f"{_W}tbl":
            yield from _children(one, tag)


def _runs(parent: Any, boxes: list[str]) -> Iterable[str]:
    """Yield the pieces of a paragraph's text; the paragraphs of text boxes inside it go to `boxes`."""
    for one in parent:
        if one.tag == f"{_W}t":
            yield one.text or ""
        elif one.tag in _SIGNS:
            yield _SIGNS[one.tag]
        elif one.tag == f"{_W}txbxContent":
            boxes.extend(_blocks(one))
        elif one.tag not in _LEFT_OUT and one.tag != f"{_W}tabs":
            yield from _runs(one, boxes)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _needs(what: str, name: str) -> FileError:
    return FileError(
        f"reading {what} needs a library that is not installed",
        file=name,
        allowed="pip install 'her2nav[documents]', or a text file",
        code="needs_documents",
    )
