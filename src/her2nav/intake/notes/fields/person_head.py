"""Age and sex in the cells of the line that names the patient: "CASE 4 | [name] | F 63", "Patient [name] | DOB ... | F"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.found import Found
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note
from her2nav.intake.notes.note_day import BORN

_SEX = r"(?:female|male|[fmw])"
_YEARS = r"(?:\s?(?:y/?\.?o\.?|yrs?\.?(?: old)?|years?(?: old)?|y\.?))?"
_CELL = re.compile(
    rf"(?:(?P<a>{_SEX})[\s,/]{{1,3}}(?P<b>[1-9]\d){_YEARS}|(?P<c>[1-9]\d){_YEARS}[\s,/]{{0,3}}(?P<d>{_SEX})"
    rf"|(?P<e>female|male)|(?P<f>[fm])|(?P<g>[1-9]\d)\s?(?:y/o|y\.?o\.?|yrs?\.?|years?)(?: old)?)"
    r"(?=\s?(?:$|[,;/|]|\.(?:\s|$)))"
)
_OF_PATIENT = Gated(
    r"\b(?:patient|pt|case(?: \d)?|initials|dob|d\.o\.b|date of birth|born|b\.(?= \d)|mrn|nhs|nhi|chi|nric|phn|uhid|hosp(?:ital)? no|case no)\b"
)
"""What the line of the patient's name holds beside it; a number of the hospital, the birth, the case of a meeting."""
_BORN = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|born|b\.)(?: ?/ ?(?:sex|gender|age))? ?:?\s{0,4}\d|\*\d{1,2}[./-]\d"
)
_NOT_OF_PATIENT = re.compile(
    r"\b(?:sister|brother|mother|father|daughter|son|wife|husband|partner|chair|present|presented by)\b"
)
_LINES, _REACH = 14, 900
_PARTS = re.compile(r"\t|\s?\|\s?|\s{3,}")
_WITHIN = re.compile(r"[,;]\s|\s(?=[MF]\s[1-9]\d$)")
"""Where a part of a cell begins: "[name], F, 47", "[surname], [name] M 67"."""
_ALONE = re.compile(r"[MF][ /]{1,3}[1-9]\d$")
"""A cell that can be nothing but sex and age, even where its line names no patient."""


_TITLED = re.compile(
    r"(?:[A-Z]?[a-zA-Z]{0,12}(?:: ?| ?\t+| {2,})|(?:RE|Re|Patient(?:in)?|Pt|Concerning|Betreff)[:.]? )?[ \t]*"
    r"(?:(?P<female>Frau|Fr\.|Mme|Madame|Sra\.?|Señora|Signora|Sig\.ra|Mevr\.?|Mevrouw|[Pp]ani|Dona|D\.ª)|(?P<male>Herrn?|Hr\.|M\.|Monsieur|Sr\.?|Señor|Signore|Sig\.|Dhr\.?|De heer|[Pp]an)) [A-ZÀ-Ý]"
)
"""A title of another language at the beginning of a line, behind the label of the patient at most."""
_BIRTH = re.compile(rf"(?:{BORN})[\s:.]{{0,4}}\*?\d|\*\d{{1,2}}[./-]\d")
_DOCTOR = re.compile(r"\b(?:dr|prof|md|pd)\b\.?(?! ?-? ?ing)")


def read_title(note: Note) -> Iterator[Found]:
    """Yield the sex from a title before the patient's name, on a line of the head that tells a birth: "Mme XXXX, born 12/12/1961"."""
    for low, high in list(zip(note.line_starts, [*note.line_starts[1:], len(note.text) + 1], strict=True))[:_LINES]:
        title = _TITLED.match(note.text, low, high)
        born = _BIRTH.search(note.plain, low, high - 1) if title is not None else None
        if title is None or born is None or _DOCTOR.search(note.plain, low, born.start()):
            continue
        key = str(title.lastgroup)
        yield Found("demographics.sex", key, title.span(key))
        return


def read_head(note: Note) -> Iterator[Found]:
    """Yield age and sex of cells that hold nothing else, in the line of the patient's name at the top of a note.

    A letter alone is a sex only beside the birth or the word "patient"; beside an age it is one in any such line.
    """
    last = min(note.line_starts[min(_LINES, len(note.line_starts) - 1)] or len(note.plain), _REACH)
    if len(note.line_starts) == 1:
        return
    for low, high in zip(note.line_starts, note.line_starts[1:], strict=False):
        if low >= last:
            return
        named = _OF_PATIENT.search(note.plain, low, high) is not None
        found = list(_cells(note, low, high - 1, named))
        if found:
            yield from found
            return


def _cells(note: Note, low: int, high: int, named: bool) -> Iterator[Found]:
    sure = _BORN.search(note.shown.lower(), low, high) or note.plain.startswith(("patient", "pt"), low)
    aged = sexed = False
    for begin, end in _places(note, low, high):
        match = _CELL.match(note.plain, begin, end)
        if match is None or _NOT_OF_PATIENT.search(note.plain, low, begin):
            continue
        if not named and not _ALONE.match(note.shown, begin, end):
            continue
        sex, age = _group(match, "a", "d", "e", "f"), _group(match, "b", "c", "g")
        letter = sex is not None and len(match[sex]) == 1
        if letter and (not note.shown[match.start(str(sex))].isupper() or (age is None and not sure)):
            continue
        if age is not None and not aged and (sex is not None or sure or match["g"]):
            aged = True
            day = note.day_mention
            yield Found(
                "demographics.age", int(match[age]), match.span(age), note.day, (day.start, day.end) if day else None
            )
        if sex is not None and not sexed:
            sexed = True
            yield Found("demographics.sex", "male" if match[sex].startswith("m") else "female", match.span(sex))


def _places(note: Note, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield where each cell of a line, and each part of one, begins, with the end of the cell."""
    start = low
    for end in [*(one.start() for one in _PARTS.finditer(note.shown, low, high)), high]:
        for begin in [start, *(one.end() for one in _WITHIN.finditer(note.shown, start, end))]:
            yield next((i for i in range(begin, end) if note.shown[i] not in " \t|,;:"), end), end
        start = end


def _group(match: re.Match[str], *names: str) -> str | None:
    return next((one for one in names if match[one]), None)
