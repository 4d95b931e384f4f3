"""Side effects of treatment: with a grade anywhere, without one under a heading of them or named with their drug."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.context import clause, context, of_family
from her2nav.intake.notes.found import Entry, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

GRADE = r"(?:(?:ctcae )?grade|grado|gr\.?|g)\s?[-:]?\s?(?P<g>[1-5]|i{1,3}|iv)(?![\d/%+])"
_GRADE_BEFORE = re.compile(
    rf"\b{GRADE}(?:\s?[-/]\s?[1-5])?[\s,:()-]*(?:(?:residual|persistent|ongoing|mild|chronic|sensory|peripheral|periph\.?|intermittent|chemotherapy[- ]induced|immune[- ]related|treatment[- ]related|docetaxel|paclitaxel|oxaliplatin|taxane|of|the|transient)[\s-]*){{0,3}}$"
)
_GRADE_AFTER = re.compile(
    rf"^(?:\s(?:of|in) (?:the |her |his |both )?(?:feet|toes|hands|fingers|fingertips|legs))?(?:\s(?:left )?(?:from|after|due to) (?:the )?[a-z-]+\s(?=\())?[\s,:(–-]*(?:ctcae |was |of |remains |now |at |currently )*{GRADE}"
)
_PARTED = re.compile(r"[,;:]")
_STOPPED_FOR = Gated(
    r"\b(?:stopped|discontinued|ceased|dc'?d|held|dropped|withdrawn|d/c|interrupted)\b[^.;]{0,40}?\b(?:for|due to|because of|owing to|after|secondary to)\b[^.;]{0,40}$"
)
"""A side effect as the reason of an end: whether it lasts is not said."""
_GRADE_NOW = re.compile(
    rf"[\s,;(–-]{{1,3}}(?:but )?(?:still|now|currently|remains|today|improved to|down to)\s(?:at |a )?{GRADE}"
)
"""The grade that it has now, behind the one that it had: "grade 2 neuropathy, still grade 1"."""
_LASTING = Gated(
    r"\b(?:residual|persist\w+|ongoing|still|remains|current(?:ly)?|continu\w+|mild ongoing|chronic|persistente|now g\d)\b"
)
OVER = Gated(
    r"\b(?:resolved|recovered|settled|healed|resuelt\w|none ongoing|now gone|improved to (?:grade|g) ?0|completely)\b"
)


def grade_of(written: str) -> int:
    """Return a CTCAE grade of a digit or a Roman number."""
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(written) or int(written)


_LASTS = re.compile(r"(?:\s(?:from|due to|after)\s[\w-]+)?\s(?:persists|ongoing|remains)")
_OF_LUNG = re.compile(r"(?:ild|pneumonitis|lung_inflammation)")
_PAST = re.compile(r"\b(?:previous(?:ly)?|past|resolved)\s(?:\w+\s){0,2}$")


def read_toxicities(note: Note, sentence: Sentence) -> Iterator[Item]:
    """Read side effects: with a grade anywhere; without one under a heading of them, or named with their drug."""
    if sentence.section in ("allergies", "medications"):
        return
    ontology = note.words.knowledge.toxicities
    drugs = note.words.knowledge.drugs
    for hit in note.hits_in(sentence.start, sentence.end, "toxicity"):
        identifier = str(hit.id("toxicity"))
        span = (hit.start, hit.end)
        said = context(note, *span)
        if said.family or said.negated or said.unsure or said.template or of_family(note, sentence, hit.start):
            continue
        first, last = clause(note, sentence, *span)
        before = _GRADE_BEFORE.search(note.plain[max(sentence.start, hit.start - 60) : hit.start])
        after = _GRADE_AFTER.match(note.plain[hit.end : hit.end + 64])
        if before and not after and _graded_before(note, sentence, hit, before):
            before = None
        grade = before or after
        cause = _cause(note, sentence, hit)
        lasting = _LASTING.search(note.plain, max(first, hit.start - 24), hit.start) or _LASTS.match(
            note.plain[hit.end : hit.end + 40]
        )
        if sentence.section == "plan" and not (grade and lasting and not (said.planned or said.hypothetical)):
            continue
        if _OF_LUNG.search(identifier) or (
            grade is None and not (sentence.section == "toxicity" or (cause and lasting))
        ):
            continue
        if sentence.section == "history" and grade is None:
            continue
        entry = Entry("toxicities")
        term = ontology.terms[identifier]
        entry.put("name", term.name.lower(), span)
        if grade:
            where = max(sentence.start, hit.start - 60) + grade.start() if before else hit.end + grade.start()
            now = _GRADE_NOW.match(note.plain, max(hit.end, where + grade.end() - grade.start()))
            if now:
                entry.put("grade", grade_of(now["g"]), now.span("g"))
                lasting = now
            entry.put("grade", grade_of(grade["g"]), (where, where + grade.end() - grade.start()))
        stop = _next_toxicity(note, hit, last)
        over = OVER.search(note.plain, hit.end, stop) or _PAST.search(note.plain[first : hit.start])
        if over or lasting or not _STOPPED_FOR.search(note.plain, first, hit.start):
            entry.put("ongoing", not over, span)
        if cause:
            entry.put("due_to", drugs.drugs[cause[0]].name, cause[1])
        yield entry


def _graded_before(note: Note, sentence: Sentence, hit: Hit, before: re.Match[str]) -> bool:
    """True where the grade before a name belongs to the name before it: "neuropathy G2, alopecia"."""
    low = max(sentence.start, hit.start - 60)
    start, end = low + before.start(), low + before.end("g")
    if not _PARTED.search(note.plain, end, hit.start):
        return False
    earlier = note.hits_in(max(sentence.start, start - 40), start, "toxicity")
    return bool(earlier) and not _PARTED.search(note.plain, earlier[-1].end, start)


def _next_toxicity(note: Note, hit: Hit, last: int) -> int:
    later = note.hits_in(hit.end, last, "toxicity")
    return later[0].start if later else last


_CAUSE_BEFORE = re.compile(r"(?:[\s-]|induced|related|associated|sensory|peripheral|grade|g\d|\d|:|\()*")
_CAUSE_BEHIND = re.compile(
    r"[\s,(]*(?:(?:in|of) (?:the |her |his |both )?(?:feet|toes|hands|fingers|toes|fingertips|hands and feet|fingers and toes|feet and hands)[\s,]*)?(?:(?:grade|g|gr) ?\d\s?\)?[\s,]*\(?)?(?:left\s|persist\w*\s|ongoing\s|remain\w*\s)?(?:(?:from|since|on|under|due to|with|secondary to|after|to|por|attributed to)\s(?:prior |the )?|(?<=\())"
)


def _cause(note: Note, sentence: Sentence, hit: Hit) -> tuple[str, Span] | None:
    """Return the drug right before a side effect, or behind "from", "on", "due to"."""
    ontology = note.words.knowledge.drugs
    for drug in reversed(note.hits_in(max(sentence.start, hit.start - 36), hit.start, "drug")):
        between = note.plain[drug.end : hit.start]
        if _CAUSE_BEFORE.fullmatch(between) and drug.id("drug") in ontology.drugs:
            return str(drug.id("drug")), (drug.start, drug.end)
    for drug in note.hits_in(hit.end, min(sentence.end, hit.end + 40), "drug"):
        between = note.plain[hit.end : drug.start]
        if (
            _CAUSE_BEHIND.fullmatch(
                between,
            )
            and drug.id("drug") in ontology.drugs
        ):
            return str(drug.id("drug")), (drug.start, drug.end)
    return None
