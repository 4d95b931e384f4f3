"""Two values of one result of one sample: which of them is meant, where the note itself says so."""

from __future__ import annotations

import re
from typing import Any

from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note

Grouped = dict[tuple[str, str], list[Token]]
"""The results of one sample by test and key."""


def settled(note: Note, key: str, values: list[Any], found: list[Token], grouped: Grouped) -> Any | None:
    """Return the value that the note settles on; None: the values exclude each other, and a person must choose."""
    return (
        _reconciled(key, values)
        or _of_whole(key, found, grouped, note)
        or _overall(note, key, found)
        or _uneven(note, key, found, grouped)
        or _repeated(note, key, found)
    )


_REPEATED = Gated(
    r"\b(?:repeat(?:ed)?|re-?\s?tested|re-?\s?counted|recounted|second (?:count|test|reader|observer)|additional (?:cells|nuclei)|more (?:cells|nuclei)|another block|reflex)\b"
)


def _repeated(note: Note, key: str, found: list[Token]) -> Any | None:
    """Return the result of a test that was repeated because the first one was equivocal."""
    told = [one for one in found if one.value != "equivocal"]
    if key != "result" or len({one.value for one in told}) != 1 or len(told) == len(found):
        return None
    if max(one.span[0] for one in found if one not in told) > told[0].span[0]:
        return None
    for one in told:
        sentence = note.sentence(one.span[0])
        if _REPEATED.search(note.plain, sentence.start, sentence.end):
            return one.value
    return None


_OVERALL = Gated(
    r"\b(?:overall|combined|integrated|consensus|final (?:her-?2 )?(?:score|status|result|interpretation|category|call))\b[^.;,(]{0,30}$"
)


def _overall(note: Note, key: str, found: list[Token]) -> Any | None:
    """Return the score that is called the overall one of a tumour that stains unevenly."""
    if key not in ("score", "result", "her2_cep17_ratio", "her2_copy_number", "cep17_copy_number"):
        return None
    values = {
        str(token.value): token.value
        for token in found
        if _OVERALL.search(note.plain, max(0, token.span[0] - 40), token.span[0])
    }
    return next(iter(values.values())) if len(values) == 1 else None


def _of_whole(key: str, found: list[Token], grouped: Grouped, note: Note) -> Any | None:
    """Return the score, or its share, where the others are those of parts: "3+ in 40 %, 2+ in 30 %. Score: 3+"."""
    scores = grouped.get(("ihc", "score"), [])
    parts = [one for one in scores if _SHARE_OF_PART.match(note.plain, one.span[1])]
    whole = {str(one.value) for one in scores if one not in parts}
    if len(parts) < _PARTS or len(whole) != 1 or key not in ("score", "percent_cells"):
        return None
    if key == "score":
        return whole.pop()
    own = [one for one in parts if str(one.value) in whole]
    shares = {one.value for one in found if own and 0 < one.span[0] - own[0].span[1] < _SHARE_REACH}
    return shares.pop() if len(own) == 1 and len(shares) == 1 else None


_SHARE_OF_PART = re.compile(r"\s?(?:in|:|=|-)?\s?\d{1,3}\s?%")
_SHARE_REACH = 6
_PARTS = 2
_PARTLY = re.compile(
    r"\b(?:\d{1,3}\s?% (?:of )?(?:the )?(?:tumou?r |invasive )?(?:cells|area|tumou?r)?|area|areas|population|focus|foci|component|clone|part|region|elsewhere|remaining|remainder|rest|heterogen\w+)\b"
)
"""Words that tell parts of one tumour apart."""


def _uneven(note: Note, key: str, found: list[Token], grouped: Grouped) -> Any | None:
    """Return the result, or the ratio, of the amplified part of a tumour that is amplified in part."""
    results = grouped.get(("ish", "result"), [])
    yes = [one for one in results if one.value == "positive"]
    no = [one for one in results if one.value == "negative"]
    if key not in ("result", "her2_cep17_ratio") or not yes or not no:
        return None
    sentence = note.sentence(yes[0].span[0])
    if any(note.sentence(one.span[0]) != sentence for one in [*results, *found]):
        return None
    first, second = sorted((yes[0].span[0], no[0].span[0]))
    if not _PARTLY.search(note.plain, sentence.start, second + 24) or not _PARTLY.search(
        note.plain, first, min(sentence.end, second + 40)
    ):
        return None
    if key == "result":
        return "positive"
    own: set[Any] = set()
    for one in found:
        told = [result for result in results if result.span[0] < one.span[0]]
        if not told:
            return None
        if max(told, key=lambda result: result.span[0]).value == "positive":
            own.add(one.value)
    return own.pop() if len(own) == 1 else None


def _reconciled(key: str, values: list[Any]) -> Any | None:
    """Return the value where two only repeat each other in other words; None: they exclude each other."""
    if key == "score":
        single = [value for value in values if isinstance(value, str)]
        ranges = [value for value in values if isinstance(value, list)]
        if len(single) == 1 and all(single[0] in one for one in ranges):
            return single[0]
        return None
    if key == "result":
        told = [value for value in values if value != "failed"]
        return told[0] if len(told) == 1 else None  # a test that failed and was repeated
    if key in ("intensity", "completeness", "assay", "matrix", "zero_subtype"):
        return values[0]
    if key in ("her2_cep17_ratio", "her2_copy_number", "cep17_copy_number", "erbb2_copy_number"):
        numbers = [float(value) for value in values]
        return values[0] if max(numbers) - min(numbers) < 0.06 else None
    return None
