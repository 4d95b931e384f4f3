"""The setting of a course: what the words around its drugs say of it."""

from __future__ import annotations

import re

from her2nav.intake.notes.fields.course_group import Group
from her2nav.intake.notes.fields.courses import Course
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

BOUNDARY = re.compile(
    r"[,;]|→|->|>|:\s|\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.\s|\b(?:then|followed by|thereafter|switched to|changed to|and (?=started|switched|commenced|then|subsequently)|subsequently|before|despues|seguido de|next)\b"
)
_SETTING = re.compile(
    r"\b(?:(?P<neoadjuvant>neo-?\s?adj(?:uvant|\.)?|neoadyuvante|nact|preoperative|pre-op|peri-?operative|before (?:the |her |his )?(?:operation|surgery|mastectomy|gastrectomy|resection))\b|(?P<adjuvant>adj(?:uvant|\.)?|adyuvante|post-?operative|post-?op|postneoadjuvant)\b|(?P<maintenance>maintenance|maint\.?|mantenimiento)\b|(?P<metastatic>(?:[1-9](?:st|nd|rd|th)?|first|second|third|fourth|fifth)[\s-]?(?:l\b|line\b|linea)|[1-9]l\b|palliative|for metastatic|metastatic (?:setting|disease)|linea \d|line \d|[1-4](?:ª|a) linea|primera linea|segunda linea|tercera linea))"
)
_PARTS_STORY = re.compile(
    r"metasta\w*|\bmets?\b|\bmbc\b|relaps\w*|recurr\w*|progress\w*|\bpd\b|\bline\b|\b[1-9]l\b|palliat\w*|stage iv|\bnow\b|currently|neo-?adj\w*|pre-?op\w*|spread|\n\s*\n"
)


_BEFORE_OPERATION = re.compile(r"\b(?:before|prior to|pre-?op\w*|neo-?adj\w*)\b")


def _endocrine(note: Note, drugs: list[str]) -> bool:
    ontology = note.words.knowledge.drugs
    return bool(drugs) and all("endocrine" in ontology.possible_terms_of(one) for one in drugs)


def goes_with_adjuvant(note: Note, before: Course, group: Group) -> bool:
    """True for what follows an adjuvant course on its line, with no word of a relapse: "Adj AC x4 -> T x4, RT, letrozole"."""
    if before.planned or before.entry.values.get("setting") != "adjuvant" or before.span[1] > group.start:
        return False
    if _endocrine(note, before.drugs) and not (_endocrine(note, group.drugs) and "end" not in before.entry.values):
        return False  # the last part of adjuvant treatment: what follows it is of a later disease
    if _BEFORE_OPERATION.search(note.plain, group.end, group.end + 60):
        return False
    same = note.line(before.span[0]) == note.line(group.start) or note.sentence(before.span[0]) is note.sentence(
        group.start
    )
    return same and _PARTS_STORY.search(note.plain, before.span[1], group.start) is None


def other_setting(course: Course, setting: str | None) -> bool:
    """True for the same drugs before and after an operation: two courses."""
    before = course.entry.values.get("setting")
    return {before, setting} == {"neoadjuvant", "adjuvant"}


_LINE_BEFORE = re.compile(r"\b(?:first|second|third|fourth|fifth|[1-9](?:st|nd|rd|th))[ -]line[,:]\s$")
_OWN_SETTING = re.compile(r"\b(?:neo-?\s?)?adjuvant\s$")
_BESIDE = 14
_TWO_FIGURES = re.compile(r"\d{2}")


def setting_of(note: Note, sentence: Sentence, group: Group, low: int, high: int) -> tuple[str | None, Span]:
    """Return the setting that the words around a group of drugs name, and its place; None: they name none."""
    own = _OWN_SETTING.search(note.plain, max(sentence.start, group.start - _BESIDE), group.start)
    before = list(_SETTING.finditer(note.plain, own.start() if own else low, group.end))
    after = list(_SETTING.finditer(note.plain, group.end, min(high, group.end + 40)))
    # "T-DM1 after neoadjuvant TCHP": what stands right in front of the next drugs is theirs.
    after = [
        one
        for one in after
        if note.plain[one.end() : high].strip() or high == sentence.end or BOUNDARY.match(note.plain, high)
    ]
    line = _LINE_BEFORE.search(note.plain, max(sentence.start, group.start - 24), group.start)
    if line is not None and not before:
        return "metastatic", line.span()  # "and, first line, paclitaxel from October"
    for match in [*reversed(before), *after]:
        if (
            match.lastgroup == "metastatic"
            and match[0][0].isdigit()
            and _TWO_FIGURES.match(note.plain[match.start() : match.start() + 2])
        ):
            continue
        return match.lastgroup, match.span()
    return None, (0, 0)
