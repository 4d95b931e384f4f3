"""Blood tests with a grade in prose: "platelets 61 = grade 2", "ANC 0.8 (G3)", "ALT rose to 142, grade 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family
from her2nav.intake.notes.fields.side_effects import GRADE, OVER, cause_apart, cause_beside, cause_of_line, grade_of
from her2nav.intake.notes.found import Entry, Item
from her2nav.intake.notes.note import Note, Sentence

_GRADED = re.compile(rf"(?<![\w]){GRADE}")
_ELSEWHERE = ("allergies", "medications", "family", "trial", "method", "plan")
_BETWEEN = re.compile(
    r"(?:\s(?:count|level)s?)?(?:[\s:=~]|\b(?:fell|dropped|rose|rising|up|down|raised|elevated|low|lower|high|was|were|is|are|of|at|to|now|again|increased|decreased|has|have|had|risen|fallen|gone|come|nadir|today|reduced)\b){0,14}"
    r"(?:\d[\d.,]*\s?(?:(?:x|\*|times)?\s?(?:the\s)?uln\b|[x*](?=[\s,(=-])|[x*]?\s?10\s?[\^*]?9?\s?/\s?l\b|(?:k)?/[um]?l\b|u/l\b|g/d?l\b|[um]mol/l\b|mg/dl\b)?)?"
    r"(?:\s?[=,;(–-]\s?|\s)(?:(?:ie|i\.e\.|that is|which is|so|still|now|ctcae|nci|was|is)\s){0,2}"
)
"""What may stand between the name of a test and its grade: a verb, a number with its unit, a sign."""
_PASSED = re.compile(
    r"\b(?:fell|dropped|rose|was|were|delay\w*|held|nadir|after|during|with (?:cycle|c\s?\d)|in (?:cycle|c\s?\d)|admi\w+|reduc\w+|had)\b"
)
"""Words of a course: whether it lasts is not said."""


def read_graded_values(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read side effects that are told by a blood test with its grade; the test must name its effect in the data."""
    if sentence.section in _ELSEWHERE:
        return
    effects = note.words.lab_effects
    terms = note.words.knowledge.toxicities.terms
    drugs = note.words.knowledge.drugs
    hits = note.hits_in(sentence.start, sentence.end, "lab")
    highest: dict[str, Entry] = {}
    for i, hit in enumerate(hits):
        effect = effects.get(str(hit.id("lab")))
        if effect is None or hit.id("toxicity"):
            continue
        between = _BETWEEN.match(note.plain, hit.end, sentence.end)
        grade = _GRADED.match(note.plain, between.end(), sentence.end) if between else None
        said = context(note, hit.start, hit.end)
        if (
            grade is None
            or not said.stated
            or said.planned
            or of_family(note, sentence, hit.start)
            or context(note, *grade.span()).hypothetical
        ):
            continue
        reach = hits[i + 1].start if i + 1 < len(hits) else sentence.end
        first, last = clause(note, sentence, hit.start, grade.end())
        span = (hit.start, hit.end)
        entry = Entry("toxicities")
        entry.put("name", terms[effect].name.lower(), span)
        entry.put("grade", grade_of(grade["g"]), grade.span("g"))
        if OVER.search(note.plain, grade.end(), min(last, reach)):
            entry.put("ongoing", False, span)
        elif not _PASSED.search(note.plain, first, last):
            entry.put("ongoing", True, span)
        cause = cause_beside(note, sentence, hit) or cause_apart(note, sentence, hit, reach)
        cause = cause or cause_of_line(note, sentence, hit)
        if cause:
            entry.put("due_to", drugs.drugs[cause[0]].name, cause[1])
        known = highest.get(effect)
        if known is None or known.values["grade"] < entry.values["grade"]:
            highest[effect] = entry  # "AST grade 2, ALT grade 1": one effect, as bad as the worse of them
    yield from highest.values()
