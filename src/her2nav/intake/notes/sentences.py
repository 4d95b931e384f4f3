"""Sentences of a note: lines that were wrapped are joined, headings govern what follows, points in numbers end nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from her2nav.intake.notes.note import Note

_BULLET = re.compile(r"[ \t]*(?:[-*•·>–]|#\d{1,2}|\(?\d{1,2}[.)]|\(?[A-Za-z][.)])[ \t]+")
_HEADING = re.compile(
    r"[ \t]*(?:[-*•#=]+[ \t]*|\d{1,2}[.)][ \t]*|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d[ \t:,-]+)?\**(?P<name>[A-Za-z][A-Za-z0-9/&' -]{0,44}?)\**[ \t]*(?:\([^()\n]{0,40}\))?[ \t]*(?P<colon>[:=]|[ \t]+[-–][ \t])"
)
_ALONE = re.compile(
    r"[ \t]*(?:[-*•#=]+[ \t]*)?\**(?P<name>[A-Za-z][A-Za-z0-9/&' -]{1,44}?)\**[ \t]*(?:\((?:as of|reviewed|updated|last)[^()\n]{0,24}\))?[ \t]*[:=-]*[ \t]*$"
)
_AROUND, _LONGEST = " \t-*•#=:", 45
"""The signs around such a heading, and how long its words may be."""
_STOP = re.compile(r"[.!?](?=\s+\S|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|vs|approx|no|e\.g|i\.e|st|pt|maint|prev|incl|excl|crit|resp|fig|chr|ca|d|wk|mo|yr|hx|est|max|min|avg|adj|ges|corr|decr|incr|sr|alk|neoadj|inj|tab|cap|metast|mat|spec|oct|nov|dec|jan|feb|mar|apr|jun|jul|aug|sept?)|(?<!/)\b[a-z])$"
)
_WRAPPED = 55
_FULL = 72
_COLUMN = 2
"""So many blanks at least part two columns."""


class Sentence(NamedTuple):
    """A stretch of text with its section."""

    start: int
    end: int
    section: str | None
    heading: str | None
    paragraph: int


def sentences(note: Note) -> Iterator[Sentence]:
    """Split into sentences; a heading governs what follows it on its line, or the paragraph after it."""
    headings, bare = note.words.headings
    text = note.plain
    section: str | None = None
    heading: str | None = None
    own_line = False
    paragraph = 0
    filled = inline_section = False
    for line_start, line_end in _lines(note.shown):
        line = text[line_start:line_end]
        if inline_section:
            section = heading = None
            inline_section = False
        if not line.strip():
            paragraph += 1
            if filled or not own_line:
                section = heading = None
            continue
        found = _heading_of(line, headings, bare) or _dictated(note.text[line_start:line_end], headings)
        found = found or (_column_heading(note, line_start, line, headings) if section != "problems" else None)
        if found is not None:
            section, heading, own_line = found
            filled = False
            if own_line:
                yield Sentence(line_start, line_end, section, heading, paragraph)
                continue
        elif own_line:
            filled = True
        for start, end in _split(text, line_start, line_end):
            if start <= line_start + 1:
                yield Sentence(start, end, section, heading, paragraph)
                continue
            inner = _heading_of(text[start:end], headings, bare, inline=True)
            if inner is not None:
                section, heading = inner[0], inner[1]
                own_line, filled, inline_section = False, True, True
            yield Sentence(start, end, section, heading, paragraph)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines; one that was wrapped in the middle of a sentence is joined to the next."""
    start = 0
    length = len(text)
    column = _wrap_column(text)
    while start <= length:
        end = text.find("\n", start)
        end = length if end < 0 else end
        stop = end
        while stop < length:
            next_end = text.find("\n", stop + 1)
            next_end = length if next_end < 0 else next_end
            here = text[text.rfind("\n", start, stop) + 1 if "\n" in text[start:stop] else start : stop].rstrip()
            following = text[stop + 1 : next_end]
            if not _wrapped(here, following, column):
                break
            stop = next_end
        yield start, stop
        if stop >= length:
            return
        start = stop + 1


_DATED_ROW = re.compile(
    r"[ \t]*(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d-\d\d(?:-\d\d)?|(?:19|20)\d\d(?=\s?[:–-])|\d{1,2}[ -](?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -](?:19|20)\d\d)(?![\d/.])"
    r"|[ \t]*[A-Z][A-Za-z]{1,9}\.? \d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d\s?:"
)
_LAST_WORD = 16
"""So many signs hold the last word of a line, where it is one of the next ones, and the sign before it."""
_LEADS_TO_DATE = re.compile(
    r"(?i:\b(?:on|in|of|from|since|dated|until|till|to|through|by|and|or|the|at|after|before|between|was|is|around|approximately|date)|[,(/&-])$"
)
"""The end of a line that goes on with the date on the next one."""


_NEAR_COLUMN = 10
_WRAPPED_LINES = 2


def _wrap_column(text: str) -> int:
    """Return the length of the longest line where others are nearly as long, as in a text that was wrapped; else 0."""
    lengths = sorted((len(line.rstrip()) for line in text.split("\n")), reverse=True)
    near = [one for one in lengths if one >= lengths[0] - _NEAR_COLUMN]
    return lengths[0] if len(near) >= _WRAPPED_LINES else 0


_ABBREVIATED = re.compile(r"\s*[a-z]{1,2}[A-Z]")


def _wrapped(line: str, following: str, column: int) -> bool:
    if len(line) < _WRAPPED or not following.strip() or _BULLET.match(following) or "\t" in line or "|" in line:
        return False
    if line[-1] in ":" or _HEADING.match(following):
        return False
    if line[0] == following[0] == " " and following.lstrip()[:1].isupper() and line[-1] not in ",-&/":
        return False  # rows of an indented list
    if line[0] == " " and following[0] != " ":
        return False  # the last row of an indented list
    if _DATED_ROW.match(following) and not _LEADS_TO_DATE.search(line[-_LAST_WORD:]):
        return False  # the next row of a time line
    if line.rstrip()[-1] in ").;" and _ABBREVIATED.match(following):
        return False  # "mBC, ER 90 %" opens a statement
    first = following.strip()[0]
    if first.islower() or first in "(+/":
        return True
    # A line that had room for the next word was not wrapped: a new statement begins.
    no_room = len(line) + 1 + len(following.split(maxsplit=1)[0]) > column > 0
    return len(line) >= _FULL and line[-1] not in ".!?;" and no_room


def _heading_of(
    line: str, headings: dict[str, str], bare: frozenset[str], *, inline: bool = False
) -> tuple[str | None, str | None, bool] | None:
    """Return (section, heading, stands alone) of a line that begins with a heading."""
    match = _HEADING.match(line) if ":" in line or "=" in line or " -" in line else None
    if match is not None:
        name = " ".join(match["name"].lower().split())
        section = headings.get(name)
        if name == "protocol" and _DOSED.search(line, match.end()):
            section = "therapy"  # the regimen that a day unit gives
        if section is not None:
            return section, name, not line[match.end() :].strip()
        if inline or match["colon"].strip() in ("-", "–"):
            return None
        first = headings.get(name.split(" ")[0]) if name.split(" ")[0] in bare else None
        return first, name, False
    short = not inline and len(line.strip(_AROUND)) <= _LONGEST
    alone = _ALONE.match(line) if short else None
    if alone is not None:
        name = " ".join(alone["name"].lower().split())
        if name in headings:
            return headings[name], name, True
    if not inline and _OPTIONS.match(line) and len(line.strip()) <= _LONGEST_TITLE:
        return "method", None, True
    stripped = line.lstrip(" \t-*•")
    first_word = stripped.split(" ", 1)[0].rstrip(":")
    if first_word in bare:
        return headings[first_word], first_word, False
    return None


_DOSED = re.compile(r"\d\s?mg/(?:kg|m)|\bauc\s?\d|\bq\d\s?w|\bcycle \d|\bday \d")
_OPTIONS = re.compile(
    r"\W*(?:(?:fda|ema|mhra)[- ])?(?:approved|associated|potential(?:ly)?|matched|available|relevant|targeted)\b[a-z -]{0,24}\btherap(?:y|ies)\b(?![^:]*\b(?:prior|previous|received)\b)|\W*therap(?:y|ies) (?:listing|options|associated|with)\b"
)
"""The title of a list of drugs that a report knows of, none of which it says was given."""
_LONGEST_TITLE = 80
_FIRST_CELL = re.compile(r"[ \t]*(?P<name>[A-Za-z][A-Za-z/&]{1,13})[ \t]")


_IN_CAPITALS = re.compile(r"[ \t]*(?P<name>[A-Z][A-Z/& -]{2,44})\.\s(?=\S)")


def _dictated(line: str, headings: dict[str, str]) -> tuple[str | None, str | None, bool] | None:
    """Return the section of a line that opens with a heading as letters are dictated: "PAST HISTORY. Type 2 diabetes."."""
    match = _IN_CAPITALS.match(line)
    name = match["name"].lower() if match is not None else ""
    name = name if name in headings else f"{name} history"
    return (headings[name], name, False) if name in headings else None


def _column_heading(
    note: Note, start: int, line: str, headings: dict[str, str]
) -> tuple[str | None, str | None, bool] | None:
    """Return the section of a line whose first column is a heading: "All  penicillin - rash"."""
    match = _FIRST_CELL.match(line)
    if match is None or match["name"].lower() not in headings:
        return None
    gap = start + match.end() - 1
    if note.place(gap + 1) - note.place(gap) < _COLUMN:
        return None
    return headings[match["name"].lower()], match["name"].lower(), False


_RUN_ON = re.compile(
    r"(?<! of)(?<! in)(?<! on)(?<! to)(?<! at)(?<! for)(?<! from)(?<! with)(?<! and)(?<! but)(?<! so)(?<! then)(?<! known)(?<! drug)(?<! no) (?=(?:(?:and|but|so|then) )?(?:he|she|his|her|we|i|this|the (?:patient|liver|lung|scan|primary)|past (?:medical )?history|review of systems|(?:physical )?exam(?:ination)?"
    r"|labs?|last|impression|assessment|plan|staging|guardant|medications|allergies|social history|family history|no known)\b)"
)
_LONG_LINE = 260
_SENTENCE = 180
"""A line with a full stop for fewer letters has its sentences."""
_SIGNS_OF = 90
"""Of a dictation without signs one sign at most stands for so many letters."""


def _run_on(text: str, start: int, end: int) -> bool:
    """True for a long line without the signs that end sentences: an unedited dictation."""
    line = text[start:end]
    if line.count(". ") * _SENTENCE > len(line):
        return False
    return len(line) > _LONG_LINE and sum(line.count(sign) for sign in (". ", ", ", "; ", ": ")) * _SIGNS_OF < len(line)


_NAMED_LETTER = re.compile(r"\b(?:vitamin|hepatitis) [a-e]$")
"""A letter that is a name and no abbreviation: "calcium, vitamin D. Penicillin allergy."."""


_DAY_OF_RANGE = re.compile(r"\s(?:-|–|to|until|till|bis)\s\d{1,2}\.\d{1,2}\.")


_HEAD_NEXT = re.compile(
    r"\s(?:pmhx?|psh|shx?|fhx?|past (?:medical|surgical) history|(?:home |current )?med(?:s|ications?)|drugs?|allerg(?:y|ies)|ros|hpi|exam|o/e|obs|labs?|bloods|plan|a/p|impression|imp)\s?:\s"
)
"""A heading, which opens a sentence also behind an abbreviation: "FH: dad prostate ca. PMH: asthma"."""
_DATED_EVENT = re.compile(r"\s\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\s?:\s")
"""The next event, also behind an abbreviation: "endometrial Bx serous ca. 11/09/2024: TAH + BSO"."""


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one line; points in numbers and abbreviations end none."""
    done = start
    if _run_on(text, start, end):
        for match in _RUN_ON.finditer(text, start, end):
            yield done, match.end()
            done = match.end()
        yield done, end
        return
    for match in _STOP.finditer(text, start, end):
        letter = match[0] == "." and text[match.start() - 1 : match.start()].isalpha()
        if match[0] == "." and _DAY_OF_RANGE.match(text, match.end(), end) and text[match.start() - 1].isdigit():
            continue  # "(02.03. to 18.05.2026)"
        named = letter and _NAMED_LETTER.search(text, max(start, match.start() - 12), match.start())
        event = letter and (_DATED_EVENT.match(text, match.end(), end) or _HEAD_NEXT.match(text, match.end(), end))
        if (
            letter
            and not named
            and not event
            and _ABBREVIATION.search(text[max(start, match.start() - 8) : match.start()])
        ):
            after = text[match.end() : match.end() + 2].strip()
            word = re.search(r"[a-z]+$", text[max(start, match.start() - 8) : match.start()])
            if word is None or word[0] not in ("ca", "no", "d", "hx") or not after:
                continue
            if word[0] != "no" or after[0].isdigit() or after[0] in "=:":
                continue  # "copy no. 6.6", "copy no. = 3.1"
        if text[done : match.start()].strip().isdigit():
            continue
        if text[done : match.end()].strip():
            yield done, match.end()
        done = match.end()
    if text[done:end].strip():
        yield done, end
