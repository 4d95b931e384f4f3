"""Tables of ISH counts with a column for each observer: the combined count is the sample's, the second one its recount."""

from __future__ import annotations

import re
from typing import NamedTuple

from her2nav.intake.notes.fields.her2_ish import BLINDED, number_of
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

_WHO = r"observer|reader|scorer|count(?:er)?|score"
_COLUMNS = (
    ("combined", re.compile(r"(?:combined|total|both(?: observers)?|final|overall|all)\W*")),
    ("second", re.compile(rf"(?:(?:{_WHO})\s?#?(?:2|two|b|ii)|(?:second|2nd)(?:\s(?:{_WHO}))?|re-?count)\W*")),
    ("first", re.compile(rf"(?:(?:{_WHO})\s?#?(?:1|one|a|i)|(?:first|1st|initial|original)(?:\s(?:{_WHO}))?)\W*")),
)
"""Headings of columns."""
_HEADS = Gated(r"\b(?:second|2nd|re-?count|(?:observer|reader|scorer|counter|count) ?#?(?:2|two|b|ii))\b")
_CEP = r"ce[pn][- ]?17|chr(?:omosome|\.)?[- ]?17|d17z1"
_HER2 = r"(?:her-?2(?:/neu)?|erbb2)"
_ROWS = (
    ("share", re.compile(r"(?:nuclei|cells) with (?:a )?ratio\b")),
    ("cells_counted", re.compile(r"(?:no\.? of |number of |invasive |tumou?r )*(?:nuclei|cells)(?: scored| counted| analy[sz]ed| evaluated| enumerated)?\W*")),
    ("her2_cep17_ratio", re.compile(rf"(?:{_HER2}\s?[:/]\s?(?:{_CEP})(?:\sratio)?|ratio(?:\s?\(?{_HER2}\s?[:/]\s?(?:{_CEP})\)?)?)\W*")),
    ("her2_copy_number", re.compile(rf"(?:mean|average|avg\.?)\s(?:no\.? of |number of )?{_HER2}\b[^\d]*|{_HER2}\s(?:mean|average|(?:copies|signals)\s?(?:/|per)\s?(?:cell|nucleus))\W*")),
    ("cep17_copy_number", re.compile(rf"(?:mean|average|avg\.?)\s(?:no\.? of |number of )?(?:{_CEP})\b[^\d]*|(?:{_CEP})\s(?:mean|average|(?:copies|signals)\s?(?:/|per)\s?(?:cell|nucleus))\W*")),
    ("group", re.compile(r"(?:asco\s?/\s?cap\s)?(?:ish\s)?group\W*")),
)  # fmt: skip
"""Labels of rows."""
_NUMBER = re.compile(r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?)\s?(?:\(\s?(?P<p>\d{1,3})\s?%\s?\))?")
_LONGEST = 14
_FEWEST = 2


class _Cell(NamedTuple):
    text: str
    start: int


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
    blinded = BLINDED.search(note.plain)
    for number in range(1, len(note.line_starts) + 1):
        columns = _columns(_cells(note, number))
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
        if blinded is not None and any(one.key.startswith("recount") for one in tokens):
            next(row for row in kept.values() if row).append(Token("ish", "recount.blinded", True, blinded.span()))
        found |= {number: [], **kept}
    return found


def _cells(note: Note, number: int) -> list[_Cell]:
    start = note.line_starts[number - 1]
    stop = note.line_starts[number] - 1 if number < len(note.line_starts) else len(note.plain)
    cells: list[_Cell] = []
    place = start
    for part in re.split(r"[\t|]", note.text[start:stop]):
        if part.strip():
            lead = len(part) - len(part.lstrip())
            cells.append(_Cell(note.plain[place + lead : place + len(part.rstrip())], place + lead))
        place += len(part) + 1
    return cells


def _columns(cells: list[_Cell]) -> list[str] | None:
    """Return which count each column holds; None: it is no such heading."""
    named = [next((name for name, words in _COLUMNS if words.fullmatch(one.text)), None) for one in cells]
    while named and named[0] is None:
        named = named[1:]
    if len(named) < _FEWEST or None in named or len(set(named)) < len(named) or "second" not in named:
        return None
    return [str(one) for one in named]


def _row(note: Note, number: int, columns: list[str]) -> list[Token] | None:
    """Return the results of a row; None: the table has ended."""
    cells = _cells(note, number)
    if len(cells) != len(columns) + 1:
        return None
    key = next((key for key, words in _ROWS if words.match(cells[0].text)), None)
    if key is None:
        return []
    values = {
        name: (match, cell.start)
        for name, cell in zip(columns, cells[1:], strict=True)
        if (match := _NUMBER.fullmatch(cell.text)) is not None
    }
    tokens: list[Token] = []
    for name in ("combined", "first"):
        if name in values and key != "group":
            tokens += _of_sample(key, *values[name])
            break
    if "second" in values and key in ("cells_counted", "group"):
        match, start = values["second"]
        part = "cells" if key == "cells_counted" else "group"
        tokens.append(Token("ish", f"recount.{part}", int(float(number_of(match["n"]))), _span(match, start)))
    return tokens


def _of_sample(key: str, match: re.Match[str], start: int) -> list[Token]:
    if key == "share":
        if match["p"] is None:
            return []
        return [Token("ish", "percent_cells_ratio_ge2", match["p"], (start + match.start("p"), start + match.end("p")))]
    value = int(float(number_of(match["n"]))) if key == "cells_counted" else number_of(match["n"])
    return [Token("ish", key, value, _span(match, start))]


def _span(match: re.Match[str], start: int) -> Span:
    return start + match.start("n"), start + match.end("n")
