"""Events that the list of side effects does not hold, where a grade or a drug makes them one; graded names of blood tests."""

from __future__ import annotations

from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family
from her2nav.intake.notes.fields.graded_rows import Row, graded_row, put_row
from her2nav.intake.notes.fields.side_effects import (
    GRADE_AFTER,
    GRADE_BEFORE,
    OVER,
    cause_apart,
    cause_beside,
    grade_of,
)
from her2nav.intake.notes.found import Entry, Item
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_EVENTS = ("event", "symptom")
"""Courses of diseases that, with a grade, are side effects: a nosebleed."""
_ELSEWHERE = ("allergies", "medications", "history", "plan")
_STOPPED_FOR = Gated(
    r"\b(?:stopped|discontinued|ceased|held|withdrawn|gave (?:it )?up(?: on (?:it|them))?|given up|abandoned|reduced|interrupted|paused)\b[^.;]{0,40}\b(?:for|because of|due to|owing to)\b[^.;]{0,50}$"
)
_REACH = 60


def read_graded_events(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read events with a grade beside them, and diseases of which a drug is named as the cause."""
    if sentence.section in _ELSEWHERE:
        return
    drugs = note.words.knowledge.drugs
    hits = note.hits_in(sentence.start, sentence.end, "condition")
    for i, hit in enumerate(hits):
        row = note.words.knowledge.conditions.conditions.get(str(hit.id("condition")))
        if row is None or hit.id("toxicity") or row.group == "malignancy":
            continue
        reach = hits[i + 1].start if i + 1 < len(hits) else sentence.end
        after = GRADE_AFTER.match(note.plain[hit.end : hit.end + 64])
        before = GRADE_BEFORE.search(note.plain[max(sentence.start, hit.start - _REACH) : hit.start])
        cause = cause_beside(note, sentence, hit) or cause_apart(note, sentence, hit, reach)
        listed = graded_row(note, sentence, hit, reach) if not (after or before) else None
        stopped = before is not None and _STOPPED_FOR.search(note.plain, sentence.start, hit.start)
        event = row.course in _EVENTS
        if not (event and (after or listed)) and not ((after or before) and (cause or stopped)):
            continue
        said = context(note, hit.start, hit.end)
        if not said.stated or said.planned or of_family(note, sentence, hit.start):
            continue
        if listed is not None and listed.grade == 0:
            continue
        entry = Entry("toxicities")
        span = (hit.start, hit.end)
        entry.put("name", row.name, span)
        if after:
            entry.put("grade", grade_of(after["g"]), (hit.end + after.start("g"), hit.end + after.end("g")))
        elif before:
            low = max(sentence.start, hit.start - _REACH)
            entry.put("grade", grade_of(before["g"]), (low + before.start("g"), low + before.end("g")))
        if listed is not None:
            put_row(entry, listed, span)
        elif not stopped:
            _, last = clause(note, sentence, *span)
            entry.put("ongoing", OVER.search(note.plain, hit.end, last) is None, span)
        if cause:
            entry.put("due_to", drugs.drugs[cause[0]].name, cause[1])
        yield entry


def read_graded_tests(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read blood tests in a list of grades: "Platelets 1" under "Toxicity (CTCAE)" is low platelets of grade 1."""
    effects = note.words.lab_effects
    terms = note.words.knowledge.toxicities.terms
    hits = note.hits_in(sentence.start, sentence.end, "lab")
    for i, hit in enumerate(hits):
        effect = effects.get(str(hit.id("lab")))
        if effect is None or hit.id("toxicity") or note.plain[sentence.start : hit.start].strip(" -*•"):
            continue
        row = _row(note, sentence, hit, hits[i + 1].start if i + 1 < len(hits) else sentence.end)
        if row is None or row.grade == 0 or not _beside_effects(note, sentence):
            continue
        entry = Entry("toxicities")
        entry.put("name", terms[effect].name.lower(), (hit.start, hit.end))
        put_row(entry, row, (hit.start, hit.end))
        yield entry


def _row(note: Note, sentence: Sentence, hit: Hit, reach: int) -> Row | None:
    return graded_row(note, sentence, hit, reach)


def _beside_effects(note: Note, sentence: Sentence) -> bool:
    """True for a row in a paragraph that also grades side effects by their names."""
    known: dict[int, bool] = note.memory.setdefault("graded beside", {})
    if sentence.paragraph not in known:
        known[sentence.paragraph] = any(
            graded_row(note, one, hit, one.end) is not None
            for one in note.sentences
            if one.paragraph == sentence.paragraph
            for hit in note.hits_in(one.start, one.end, "toxicity")
        )
    return known[sentence.paragraph]
