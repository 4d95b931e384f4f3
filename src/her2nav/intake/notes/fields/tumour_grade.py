"""Whether a grade is that of the tumour, and not of a side effect or of regression."""

from __future__ import annotations

import re

from her2nav.intake.notes.note import Note, Sentence

_ROW_OF_GRADE = re.compile(
    r"\W*(?:overall |tumou?r |histologic(?:al)? |nottingham |bloom[- ]richardson )?grade(?:\s?\([a-z -]{3,20}\))?\s?[:|]\s?(?:g|grade )?[1-3]\W*(?:of 3|/3)?\W*"
)
_SYNOPTIC_REACH = 400


def synoptic(note: Note, sentence: Sentence) -> bool:
    """True for a row of a report that is its own line, "Grade : 3", shortly behind the name of a carcinoma."""
    if _ROW_OF_GRADE.fullmatch(note.plain, sentence.start, sentence.end) is None:
        return False
    before = note.plain[max(0, sentence.start - _SYNOPTIC_REACH) : sentence.start]
    return _TUMOUR_WORDS.search(before) is not None and _OTHER_GRADE.search(before) is None


_OTHER_GRADE = re.compile(
    r"regression|mandard|becker|neuropathy|diarrh|toxic|alopecia|rash|mucositis|ctcae|nausea|pneumonitis"
)
_TUMOUR_WORDS = re.compile(
    r"carcinoma|idc|ilc|nst|tumou?r|nottingham|p?n[0-3][abc]?,|\br0\b|histolog|invasive|adenoca|nuclear|ductal|lobular|cancer|grado"
)


def tissue_around(note: Note, sentence: Sentence, place: int) -> bool:
    """A grade counts as the tumour's only beside words of a tumour."""
    around = note.plain[max(sentence.start, place - 60) : min(sentence.end, place + 50)]
    beside = note.hits_in(max(sentence.start, place - 30), min(sentence.end, place + 20), "toxicity")
    if _OTHER_GRADE.search(around) or beside:
        return False
    return bool(
        _TUMOUR_WORDS.search(
            around,
        )
    )
