"""Tables of ISH counts with a column for each observer: the combined count is the sample's, the second one its recount."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.her2_ish import BLINDED, number_of
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_whose import CEP17, HER2
from her2nav.intake.notes.fields.table_places import row_cells
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_WHO = r"observer|reader|scorer|count(?:er)?|score"
_COLUMNS = (
    ("combined", re.compile(r"(?:combined|total|both(?: observers)?|final|overall|all)\W*")),
    ("second", re.compile(rf"(?:(?:{_WHO})\s?#?(?:2|two|b|ii)|(?:second|2nd)\s(?:{_WHO})|re-?count)\W*")),
    ("first", re.compile(rf"(?:(?:{_WHO})\s?#?(?:1|one|a|i)|(?:first|1st|initial|original)(?:\s(?:{_WHO}))?)\W*")),
)
"""Headings of columns; "second" alone may be a second sample."""
_HEADS = Gated(r"\b(?:second|2nd|re-?count|(?:observer|reader|scorer|counter|count) ?#?(?:2|two|b|ii))\b")
_ROWS = (
    ("share", re.compile(r"(?:nuclei|cells) with (?:a )?ratio\b")),
    ("cells_counted", re.compile(r"(?:no\.? of |number of |invasive |tumou?r )*(?:nuclei|cells)(?: scored| counted| analy[sz]ed| evaluated| enumerated)?\W*")),
    ("her2_cep17_ratio", re.compile(rf"(?:{HER2}\s?[:/]\s?(?:{CEP17})(?:\sratio)?|ratio(?:\s?\(?{HER2}\s?[:/]\s?(?:{CEP17})\)?)?)\W*")),
    ("her2_copy_number", re.compile(rf"(?:mean|average|avg\.?)\s(?:no\.? of |number of )?{HER2}\b[^\d]*|{HER2}\s(?:mean|average|(?:copies|signals)\s?(?:/|per)\s?(?:cell|nucleus))\W*")),
    ("cep17_copy_number", re.compile(rf"(?:mean|average|avg\.?)\s(?:no\.? of |number of )?(?:{CEP17})\b[^\d]*|(?:{CEP17})\s(?:mean|average|(?:copies|signals)\s?(?:/|per)\s?(?:cell|nucleus))\W*")),
    ("group", re.compile(r"(?:asco\s?/\s?cap\s)?(?:ish\s)?group\W*")),
)  # fmt: skip
"""Labels of rows."""
_NUMBER = re.compile(r"\s*(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s?(?:\(\s?(?P<p>\d{1,3})\s?%\s?\))?\s*")
_LONGEST = 14
_FEWEST = 2
_NEAR = 900
"""So far from a table its words on the second observer may stand."""


def counts_of(note: Note, sentence: Sentence) -> list[Token] | None:
    """Return the results of a sentence that begins in such a table, a wrapped one of all its lines; None: it does not."""
    rows = _rows_of(note)
    first = note.line(sentence.start)
    if first not in rows:
        return None
    last = note.line(max(sentence.start, sentence.end - 1))
    return [one for number in range(first, last + 1) for one in rows.get(number, ())]


def _rows_of(note: Note) -> dict[int, list[Token]]:
    """Return the results of each line of such tables, by its number; a line without a result has none of them."""
    found: dict[int, list[Token]] | None = note.memory.get("observers")
    if found is None:
        found = note.memory["observers"] = _read(note) if _HEADS.search(note.plain) else {}
    return found


def _read(note: Note) -> dict[int, list[Token]]:
    found: dict[int, list[Token]] = {}
    for number in range(1, len(note.line_starts) + 1):
        columns = _columns(note, row_cells(note, number - 1))
        if columns is None or number in found:
            continue
        rows = {i: _row(note, i, columns) for i in range(number + 1, min(len(note.line_starts), number + _LONGEST) + 1)}
        kept: dict[int, list[Token]] = {}
        for i, row in rows.items():
            if row is None:
                break
            kept[i] = row
        tokens = [one for row in kept.values() for one in row]
        if not any(one.key == "her2_cep17_ratio" for one in tokens):
            continue
        start = note.line_starts[number - 1]
        blinded = BLINDED.search(note.plain, max(0, start - _NEAR), start + _NEAR)
        if blinded is not None and any(one.key.startswith("recount") for one in tokens):
            next(row for row in kept.values() if row).append(Token("ish", "recount.blinded", True, blinded.span()))
        found |= {number: [], **kept}
    return found


def _columns(note: Note, cells: list[Span]) -> list[str] | None:
    """Return which count each column holds; None: it is no such heading."""
    named = [next((name for name, words in _COLUMNS if words.fullmatch(_words(note, one))), None) for one in cells]
    while named and named[0] is None:
        named = named[1:]
    if len(named) < _FEWEST or None in named or len(set(named)) < len(named) or "second" not in named:
        return None
    return [str(one) for one in named]


def _row(note: Note, number: int, columns: list[str]) -> list[Token] | None:
    """Return the results of a row; None: the table has ended."""
    cells = row_cells(note, number - 1)
    if len(cells) != len(columns) + 1:
        return None
    label = _words(note, cells[0])
    key = next((key for key, words in _ROWS if words.match(label)), None)
    if key is None:
        return []
    values = {
        name: match
        for name, cell in zip(columns, cells[1:], strict=True)
        if (match := _NUMBER.fullmatch(note.plain, *cell)) is not None
    }
    tokens: list[Token] = []
    for name in ("combined", "first"):
        if name in values and key != "group":
            tokens += _of_sample(key, values[name])
            break
    if "second" in values and key in ("cells_counted", "group"):
        match = values["second"]
        part = "cells" if key == "cells_counted" else "group"
        tokens.append(Token("ish", f"recount.{part}", int(float(number_of(match["n"]))), match.span("n")))
    return tokens


def _of_sample(key: str, match: re.Match[str]) -> list[Token]:
    if key == "share":
        return [Token("ish", "percent_cells_ratio_ge2", match["p"], match.span("p"))] if match["p"] else []
    value = int(float(number_of(match["n"]))) if key == "cells_counted" else number_of(match["n"])
    return [Token("ish", key, value, match.span("n"))]


def _words(note: Note, cell: Span) -> str:
    return note.plain[slice(*cell)].strip()
