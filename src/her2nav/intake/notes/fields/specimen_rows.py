"""Rows of a report that name their tissue by a block and an organ, or by an organ alone, without a list of specimens above."""

from __future__ import annotations

import re
from typing import NamedTuple

from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.fields.specimen_labels import BLOCK, HER2
from her2nav.intake.notes.note import Note

_CODE = r"(?:[A-L]-?\d{1,2}|\d{1,2}[A-L]\d?)"
_OPENS = r"[ \t>*•–-]*"
_CODE_FIRST = re.compile(
    rf"{_OPENS}(?:(?i:blocks?|blk|slide)[ \t]?)?(?P<b>{_CODE})(?:[ \t]?[,:.(=–-][ \t]?|[ \t]+)(?=[A-Za-z])"
)
"""A block before its organ: "A9 uterus", "Block 1D, parotid."."""
_NUMBER_FIRST = re.compile(rf"{_OPENS}(?i:blocks?|blk)[ \t](?P<b>\d{{1,3}})[ \t]?[,:(–-][ \t]?(?=[A-Za-z])")
"""A block by its number before its tissue: "Block 14, node deposit"."""
_TUMOUR = re.compile(r"(?:the )?(?:tumou?r|primary|main mass|carcinoma|lesion)\b")
_CODE_BEHIND = re.compile(
    rf"{_OPENS}(?P<w>[A-Za-z][^\n:=;\d]{{2,44}}?)[ \t]?(?:[,(\t ][ \t]?(?i:block|blk)[ \t](?P<b>{_CODE}|\d{{1,3}})(?!\w)\)?|[ \t](?P<c>{_CODE})(?!\w))[ \t]?[:,(=–\t-]"
)
"""An organ before its block: "corpus, block 4:"."""
_BRACKETED = re.compile(rf"(?<![A-Za-z])(?P<w>(?:[A-Za-z]{{3,14}} ){{1,3}})\((?:(?i:block|blk)[ \t])?(?P<b>{_CODE})\)")
"""An organ with its block in brackets, within a line: "right ovary (B2) 3+"."""
_BARE_CODE = re.compile(
    rf"{_OPENS}(?P<b>{_CODE})[ \t]?(?:[:=]|[ \t][–-])[ \t](?=[^\n]{{0,60}}?(?<![\w+])(?:[0-3][ ]?\+|0\b))"
)
"""A block that only its score follows: "A4: 3+"."""
_SIDED = re.compile(r"(?i:left|right)(?: (?i:breast|side))?")
_ALONE = re.compile(
    rf"{_OPENS}(?P<w>[A-Za-z][A-Za-z ,/'-]{{2,44}}?)(?:, \d{{1,3}} (?:mm|cm))?[ \t]?(?::[ \t]|[ \t][–=-][ \t]|\t)(?=(?P<r>[^\n]{{0,160}}?)(?<![\w+])(?:[0-3][ ]?\+|0\b))"
)
"""An organ before its score: "Breast: moderate staining of 15 %, 2+"."""
_WORDS = 44
_ENDS = re.compile(
    r"[\n\t:;.(=]|(?<![\w+])[0-3]\s?\+|\b(?:er|pr|pgr|her-?2|ihc|ki-?67|score|shows?|strong|moderate|weak|faint)\b"
)
_BLOCKS = re.compile(r"\bblocks?[ \t](?P<b>\d{1,3})\b(?!\s?(?:cm|mm|of\b|x\b|slides?\b))")
_SEVERAL = 2


class Row(NamedTuple):
    """One row: its key, where it begins, what names the tissue, and its block."""

    key: str
    start: int
    words: tuple[int, int]
    block: str | None
    named: bool = False
    """The row itself names HER2."""


def rows_of(note: Note) -> list[Row]:
    """Return such rows: several for different tissues, or one of an organ that may stand beside listed specimens."""
    if HER2.search(note.plain) is None:
        return []
    cases = _cases(note)
    if len({row.key for row in cases}) >= _SEVERAL:
        return cases
    coded = [row for place in note.line_starts for row in _coded(note, place)]
    coded += [row for row in _bracketed(note) if all(one.key != row.key for one in coded)]
    coded.sort(key=lambda row: row.start)
    if len({row.key for row in coded}) >= _SEVERAL:
        return coded
    alone = [row for place in note.line_starts for row in _alone(note, place) or _heading(note, place)]
    beside = {note.sentence(row.start).paragraph for row in alone}
    return [row for row in alone if len(beside) == 1 or row.named]


def _cases(note: Note) -> list[Row]:
    """Return the case numbers behind which a bracket says what was sampled, and the lines that they head."""
    told = {
        one["c"].lower(): (match.start() + one.start("c"), match.span("w"))
        for match in _CASE_TOLD.finditer(note.text)
        if (one := _CASE.match(match[0]))
        and SAMPLE.search(note.plain, *match.span("w"))
        and ("-" in one["c"] or "/" in one["c"] or note.dates.within(*match.span("w")))
    }
    return [Row(key, start, words, None) for key, (start, words) in told.items()]


def case_places(note: Note, keys: frozenset[str]) -> list[tuple[int, int, str, bool]]:
    """Return where known case numbers stand, and whether they head a line."""
    return [
        (
            *one.span("c"),
            one["c"].lower(),
            not note.text[note.line_starts[note.line(one.start()) - 1] : one.start()].strip(" \t>*•-"),
        )
        for one in _CASE.finditer(note.text)
        if one["c"].lower() in keys
    ]


_NUMBER = r"(?:[A-Z]{1,3}-?\d{2}[-/]\d{2,7}|[A-Z]\d{1,2})"
_CASE = re.compile(rf"(?<![\w./-])(?P<c>{_NUMBER})(?![\w/-])")
_CASE_TOLD = re.compile(rf"(?<![\w./-]){_NUMBER}[ \t]?\((?P<w>[^()\n]{{6,140}})\)")


def _coded(note: Note, line: int) -> list[Row]:
    first = _CODE_FIRST.match(note.text, line)
    if first is not None:
        line_end = note.text.find("\n", first.end())
        end = min(line_end if line_end >= 0 else len(note.text), first.end() + _WORDS)
        stop = _ENDS.search(note.plain, first.end(), end)
        end = stop.start() if stop else end
        organs = organs_in(note, first.end(), end)
        if organs:
            code = first["b"].lower().replace("-", "")
            return [Row(code, first.start("b"), (first.end(), end), code)]
        return []
    counted = _NUMBER_FIRST.match(note.text, line)
    if counted is not None:
        cell = note.text.find("\t", counted.end())
        end = min(cell if cell >= 0 else len(note.text), counted.end() + _WORDS)
        organs = organs_in(note, counted.end(), end)
        if organs or _TUMOUR.match(note.plain, counted.end()):
            key = f"block {counted['b']}"
            return [Row(key, counted.start("b"), (counted.end(), end), key)]
        return []
    bare = _BARE_CODE.match(note.text, line)
    if bare is not None:
        code = bare["b"].lower().replace("-", "")
        return [Row(code, bare.start("b"), (bare.end("b"), bare.end("b")), code)]
    behind = _CODE_BEHIND.match(note.text, line)
    if behind is not None and (organs_in(note, *behind.span("w")) or _SIDED.fullmatch(behind["w"].strip())):
        code = (behind["b"] or behind["c"]).lower().replace("-", "")
        key = code if BLOCK.fullmatch(code) else f"block {code}"
        return [Row(key, behind.start("w"), (behind.start("w"), behind.end("w") + 1), key)]
    return []


def _bracketed(note: Note) -> list[Row]:
    """Return the organs of a line that each have their block in brackets."""
    found = [
        Row(match["b"].lower().replace("-", ""), match.start("w"), match.span("w"), match["b"].lower().replace("-", ""))
        for match in _BRACKETED.finditer(note.text)
        if organs_in(note, *match.span("w"))
    ]
    return found if len({row.key for row in found}) >= _SEVERAL else []


def _alone(note: Note, line: int) -> list[Row]:
    match = _ALONE.match(note.text, line)
    if match is None:
        return []
    words = match.span("w")
    if not organs_in(note, *words) or note.cues_in(*words, "stain") or note.dates.within(*words):
        return []
    named = HER2.search(note.plain, *match.span("r")) is not None
    return [Row(" ".join(note.plain[slice(*words)].split()), words[0], words, None, named)]


_HEAD = re.compile(r"[ \t]*(?P<w>[A-Za-z][A-Za-z ,/'-]{2,40}?)[ \t]*:?[ \t]*\n(?P<r>(?:[ \t]+[^\n]*(?:\n|$)){1,8})")
"""An organ alone on its line, over indented lines."""


def _heading(note: Note, line: int) -> list[Row]:
    match = _HEAD.match(note.text, line)
    if match is None or HER2.search(note.plain, *match.span("r")) is None:
        return []
    words = match.span("w")
    if not organs_in(note, *words) or note.cues_in(*words, "stain") or note.hits_in(*words, "tumour"):
        return []
    return [Row(" ".join(note.plain[slice(*words)].split()), words[0], words, None, named=True)]


def numbered_blocks(note: Note) -> list[tuple[int, int, str]]:
    """Return where a block is named by its number: "dual ISH block 11"."""
    return [(*one.span(), f"block {one['b']}") for one in _BLOCKS.finditer(note.plain)]
