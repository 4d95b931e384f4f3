"""Splits JSON of any length into its records without holding more than one: a value, an array, a page, or lines.

Each record comes with its bytes as received. A record that is not well-formed is reported and skipped: reading goes on
where the next record begins.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

CHUNK = 1 << 20
MAX_RECORD = 64 << 20
"""Characters of one record; past this something else was given."""

_SPACE = re.compile(r"\s*")
_SPACE_COMMA = re.compile(r"[\s,]*")
_PAGE = re.compile(r'\{\s*(?:"\w+"\s*:\s*(?:"[^"\\]*"|\d+|null)\s*,\s*)*"studies"\s*:\s*\[')
_PAGE_TAIL = re.compile(r'\s*(?:,\s*"\w+"\s*:\s*(?:"[^"\\]*"|\d+|null)\s*)*\}')
_PAGE_HEAD_LENGTH = 4096
_FIRST_KEYS = r"\{\s*\"(?:protocolSection|nct_id|nctId|hasResults|derivedSection)\""
_NEXT_ITEM = re.compile(_FIRST_KEYS)
_NEXT_LINE = re.compile(r"(?<=\n)[{\[]")
_FIRST_KEY = re.compile(r'\{\s*"([^"\\]{1,60})"')
_ESCAPED = re.compile("[\udc80-\udcff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """One value of a JSON source.

    Attributes:
        place: `line 3`, `item 7`, or empty for the only value of a file.
        raw: Its bytes as received.
        data: The value; None when it is damaged.
        reason: Why it is damaged.
    """

    place: str
    raw: bytes
    data: Any = None
    reason: str | None = None


class _Text:
    """A window on the text of a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self._step = CHUNK
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def more(self) -> bool:
        """Read on; False at the end of the stream."""
        if self.ended:
            return False
        self.text = self.text[self.at :]
        self.at = 0
        # A window that does not hold one record grows by its own length, so that long records stay cheap.
        raw = self._stream.read(max(self._step, len(self.text)))
        self.ended = not raw
        self.text += self._decoder.decode(raw, final=self.ended)
        return not self.ended

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Move past what a pattern matches; False at the end of the stream."""
        while True:
            found = pattern.match(self.text, self.at)
            self.move(found.end() if found else self.at)
            if self.at < len(self.text):
                return True
            if not self.more():
                return False

    def move(self, to: int) -> None:
        """Move on, counting lines."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def find(self, pattern: re.Pattern[str], start: int) -> int | None:
        """Return where a pattern next matches in the window."""
        found = pattern.search(self.text, start)
        return found.start() if found else None


def split_json(stream: IO[bytes]) -> Iterator[JsonRecord]:
    """Yield the records of a JSON stream.

    The stream may hold one object, an array, an answer of the API (`{"studies": […]}`), one object per line, or several
    of these after each other.
    """
    window = _Text(stream)
    window.more()
    if window.text.startswith(tuple(mark.decode("utf-8", "surrogateescape") for mark in _UTF16)):
        yield JsonRecord("", b"", reason="the text is UTF-16; write UTF-8")
        return
    decode = json.JSONDecoder().raw_decode
    inside: str | None = None
    item = 0
    next_item = _NEXT_ITEM
    alone = True
    while True:
        if not window.skip(_SPACE_COMMA if inside else _SPACE):
            if inside:
                yield JsonRecord(f"item {item + 1}", b"", reason="the text ends inside a list")
            return
        first = window.text[window.at]
        if inside and first == "]":
            window.move(window.at + 1)
            if inside == "page":
                yield from _leave_page(window)
            inside = None
            continue
        if not inside and first == "[":
            window.move(window.at + 1)
            inside, item, alone = "array", 0, False
            continue
        if not inside and first == "{":
            while len(window.text) - window.at < _PAGE_HEAD_LENGTH and window.more():
                pass
            page = _PAGE.match(window.text, window.at)
            if page is not None:
                window.move(page.end())
                inside, item, alone = "page", 0, False
                continue
        item += 1
        record, stop = _one(window, decode, inside, item, next_item)
        if record.reason is None and inside and next_item is _NEXT_ITEM:
            key = _FIRST_KEY.match(record.raw[:80].decode("utf-8", "replace"))
            if key is not None:
                next_item = re.compile(r'\{\s*"' + re.escape(key[1]) + '"')
        if alone and record.reason is None and not window.skip(_SPACE):
            record = JsonRecord("" if item == 1 else record.place, record.raw, record.data)
        alone = False
        yield record
        if stop:
            return


def _one(
    window: _Text, decode: Any, inside: str | None, item: int, next_item: re.Pattern[str]
) -> tuple[JsonRecord, bool]:
    """Return the value at the window's place, and whether reading must stop there."""
    place = f"item {item}" if inside else f"line {window.line}"
    following = next_item if inside else _NEXT_LINE
    while True:
        start = window.at
        try:
            data, end = decode(window.text, start)
        except RecursionError:
            reason, fault = "nested too deeply", start
        except ValueError as error:
            reason = f"not valid JSON: {getattr(error, 'msg', error)}"
            fault = getattr(error, "pos", start)
        else:
            # A number at the edge of the window may go on behind it; an object or a text cannot.
            if end < len(window.text) or window.text[start] in '{["' or not window.more():
                raw_text = window.text[start:end]
                window.move(end)
                raw = raw_text.encode("utf-8", "surrogateescape")
                if _ESCAPED.search(raw_text):
                    return JsonRecord(place, raw, reason="a byte is not UTF-8"), False
                return JsonRecord(place, raw, data), False
            continue
        # The record may only be cut by the window's edge: read on, unless another record begins after the fault.
        after = window.find(following, max(start + 1, fault if inside else start + 1))
        if after is None:
            if len(window.text) - start > MAX_RECORD:
                return JsonRecord(place, b"", reason=f"longer than {MAX_RECORD >> 20} MB"), True
            if window.more():
                continue
            after = window.find(following, window.at + 1)
        return _damaged(window, place, reason, after)


def _damaged(window: _Text, place: str, reason: str, after: int | None) -> tuple[JsonRecord, bool]:
    end = len(window.text) if after is None else after
    raw = window.text[window.at : end].encode("utf-8", "surrogateescape")
    window.move(end)
    return JsonRecord(place, raw, reason=reason), False


def _leave_page(window: _Text) -> Iterator[JsonRecord]:
    while len(window.text) - window.at < _PAGE_HEAD_LENGTH and window.more():
        pass
    tail = _PAGE_TAIL.match(window.text, window.at)
    if tail is not None:
        window.move(tail.end())
        return
    yield JsonRecord(f"line {window.line}", b"", reason="the page goes on after its studies in a form not known")
    after = window.find(_NEXT_LINE, window.at)
    window.move(len(window.text) if after is None else after)
