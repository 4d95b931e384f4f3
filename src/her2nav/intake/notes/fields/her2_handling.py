"""How samples were treated before they were stained: fixation, cold ischaemia, fragments, decalcification, and of which sample it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.organs import organs_in
from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

Owner = Callable[[int], str | None]
"""The letter of the listed specimen whose entry holds a place; None: no entry does."""
Handling = dict[int, list[tuple[str, str, Span]]]
"""What was done with each sample: key, value and place."""
_PREANALYTICS = (
    (
        "fixation_hours",
        Gated(
            r"\b(?:fixation time|time in fixative|fixation|fixed(?: in [^.;\n]{0,30}?)? for|fixation\s?: [^.;\n]{0,40}?formalin,|(?:time|fixation|fixed) in (?:10 ?% )?(?:neutral[- ]buffered |buffered )?(?:nbf|bnf|formalin)(?: for)?|formalin(?:,? (?:fixation|fixed))?(?: within [^.;,\n]{0,20})?(?: for|,|:| \()?)[\s:|]{0,6}(?P<n>\d{1,3})\s?(?:h\b|hours?\b|hrs?\b)"
        ),
    ),
    (
        "cold_ischaemia_minutes",
        Gated(r"\bcold isch\w+(?: time)?[\s:|]{0,6}(?:of |was )?(?P<n>\d{1,3})\s?(?:min(?:utes?|s)?\b)"),
    ),
    (
        "fragments",
        Gated(
            r"\b(?:number of (?:tissue |biopsy )?fragments[\s:|]{0,6}|biops(?:y|ies)\s{1,3}x\s{0,3})(?P<n>\d{1,2})\b|(?:\(|\bof (?:the )?|,\s|\b(?:with|took|taking|taken|sent|received|only)(?: only)? )(?P<m>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:small |biopsy |tissue |tan |pale ){0,2}(?:fragments|particles|pieces)\b(?! (?:of (?:the )?(?!tissue|tan|pale|grey|gray|white|soft|mucosa)|with|are|show))"
            r"|(?:^|[\n.;:)]\s{0,2})(?P<k>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:biopsy |tissue )?(?:fragments|particles|pieces|cores)\b(?! (?:with|were|are|show\w*|of)\b)"
        ),
    ),
)


_DECALCIFIED = Gated(
    r"(?P<none>\b(?:not|non|without|no)[\s-](?:been |prior |acid )?decalcif\w*|\bneither [^.;\n]{0,24}?\bdecalcif\w*|\bundecalcified)"
    r"|(?P<edta>\bedta[\s-]{0,2}(?:based )?decalcif\w*|\bdecalcif\w*[\s,:(]{1,3}(?:in |with |using |by |agent[\s:]{1,3})?edta)"
    r"|(?P<acid>\b(?:(?:formic|nitric|hydrochloric|strong|rapid)[\s-])?acid[\s-]decalcif\w*"
    r"|\bdecalcif\w*[\s,:(]{1,3}(?:in |with |using |by |agent[\s:]{1,3})?(?:strong |\d{1,2} ?% ?)?(?:formic|nitric|hydrochloric|hcl|acid))"
    r"|(?P<unknown>\bdecalcified\b|\bdecalcification(?: was)? (?:performed|done|used)\b)"
)
_NUMBERS = {
    word: str(i)
    for i, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}


_ANOTHER_CELL = re.compile(r"\t[ ]?\d{1,3}\s?(?:h\b|hours?\b|hrs?\b|min)")


def handled(note: Note, samples: list[Sample], owner: Owner) -> Handling:
    """Return how each sample was treated; what cannot be put to one is left out."""
    found: Handling = {}
    told = sorted((token.span[0], i) for i, one in enumerate(samples) for token in one.results)
    for key, pattern in _PREANALYTICS:
        for match in pattern.finditer(note.plain):
            if _ANOTHER_CELL.match(note.text, match.end()):
                continue  # a row with a column for each sample: which is whose is not told here
            group = match.lastgroup or "n"
            value = _NUMBERS.get(match[group], match[group])
            for one in _meant(note, match.start(), samples, owner, told):
                found.setdefault(id(one), []).append((key, value, match.span(group)))
    for one, match in _decalcified(note, samples, owner, told):
        found.setdefault(id(one), []).append(("decalcification", str(match.lastgroup), match.span()))
    return found


Kept = list[tuple[Sentence, tuple[bool, Span]]]
"""The sentences that say whether tissue is left."""
_LESIONS = Gated(r"\b(?:primary|metasta\w+|mets?)\b")
_EVERY_BLOCK = Gated(r"\b(?:both|all|blocks|samples|specimens)\b")
_ALL_BLOCKS = Gated(r"\bboth\b|\ball (?:the |three |four )?(?:blocks|samples|specimens)\b|\band (?:\w+ )?blocks\b")


def tissue_left(note: Note, kept: Kept, samples: list[Sample], owner: Owner) -> dict[int, tuple[bool, Span]]:
    """Return of which samples tissue is left, or none is, with the words; what contradicts itself is left out."""
    told = sorted((token.span[0], i) for i, one in enumerate(samples) for token in one.results)
    said: dict[int, list[tuple[bool, Span]]] = {}
    for sentence, (left, span) in kept:
        place = sentence.start, sentence.end
        if _of_unknown_day(note, sentence, samples):
            continue
        every = samples if _ALL_BLOCKS.search(note.plain, *place) and owner(span[0]) is None else []
        meant = every or _of_named_organ(note, sentence, samples) or _meant(note, span[0], samples, owner, told)
        if not meant and _EVERY_BLOCK.search(note.plain, *place):
            meant = samples
        for one in meant:
            if one.anchor.kind != "blood":
                said.setdefault(id(one), []).append((left, span))
    return {one: found[0] for one, found in said.items() if len({left for left, _ in found}) == 1}


def _of_unknown_day(note: Note, sentence: Sentence, samples: list[Sample]) -> bool:
    """Whether a sentence speaks of a sample of a day from which no sample is known."""
    days = [one.value for one in note.dates.within(sentence.start, sentence.end) if one.value]
    return (
        bool(days)
        and SAMPLE.search(note.plain, sentence.start, sentence.end) is not None
        and all(
            one.anchor.date is not None and (one.anchor.date.high < day.low or day.high < one.anchor.date.low)
            for one in samples
            for day in days
        )
    )


def _of_named_organ(note: Note, sentence: Sentence, samples: list[Sample]) -> list[Sample]:
    """Return the sample of the only organ that a sentence names: "enough tissue of the omentum is left"."""
    if _LESIONS.search(note.plain, sentence.start, sentence.end):
        return []  # "liver and primary blocks on file"
    named = {organ for _, organ in organs_in(note, sentence.start, sentence.end)}
    found = [one for one in samples if one.anchor.organ in named]
    return found if len(named) == 1 and len(found) == 1 else []


def _meant(note: Note, place: int, samples: list[Sample], owner: Owner, told: list[tuple[int, int]]) -> list[Sample]:
    """Return the samples of which words on handling are said."""
    key = owner(place)
    if len(samples) == 1 and (key is None or samples[0].anchor.part in (None, key)):
        return samples
    if _of_all(note, place):
        return _of_report(samples)
    if key is not None:
        return _of_report([one for one in samples if one.anchor.part == key])
    here = _named_on_line(note, place, samples)
    if here is not None:
        return [here]
    paragraph = note.sentence(place).paragraph
    before = [i for at, i in told if at < place and note.sentence(at).paragraph == paragraph]
    if before:
        return [samples[before[-1]]]
    line = _line(note, place)
    if _HEADING.search(note.plain, *line) and not any(line[0] <= at < line[1] for at, _ in told):
        behind = {i for at, i in told if at > place and note.sentence(at).paragraph == paragraph}
        return [samples[i] for i in sorted(behind)]
    return []


def _named_on_line(note: Note, place: int, samples: list[Sample]) -> Sample | None:
    """Return the only sample that the line, or the sentence, names in front of the words: "Mastectomy (fixation 30 h)"."""
    for start in (_line(note, place)[0], note.sentence(place).start):
        named = [
            one
            for one in samples
            if one.anchor.kind is not None
            and any(
                start <= at < place for at in (one.anchor.start, *(low for low, _ in (one.anchor.spans or {}).values()))
            )
        ]
        if len(named) < _SEVERAL:
            return named[0] if named else None
    return None


_SEVERAL = 2
_HEADING = Gated(r"\b(?:markers?|biomarkers?|receptors?|her-?2|immunohisto\w*|ihc)\b")
"""The heading over results: "PREDICTIVE MARKERS (fixation 36 h)"."""


def _of_report(samples: list[Sample]) -> list[Sample]:
    """Return the samples of the report itself, not those that it quotes from another laboratory."""
    own = [one for one in samples if one.anchor.kind != "blood" and one.measured_by.get("ihc") != "outside"]
    listed = [one for one in own if one.anchor.part is not None]
    return listed or own


def _line(note: Note, place: int) -> Span:
    line = note.line(place)
    return note.line_starts[line - 1], note.line_starts[line] if line < len(note.line_starts) else len(note.text)


_EACH = Gated(
    r"\b(?:both|all|each|neither)\s(?:of\s)?(?:the\s)?(?:parts?|specimens?|samples?|blocks?|cores?|biops(?:y|ies)|containers?)\b"
)


_ALL_FIXED = re.compile(
    r"[\s>•*-]*(?:all|both|each|every)\b[^.;\n]{0,60}?\b(?:fix\w+|formalin|nbf|bnf|decalcif\w*)"
    r"|[^.;\n]{0,90}\([a-d](?:,| and| &| to|-| \+) ?(?:[a-d](?:,| and) ?)?[a-d]\)\s*\.?\s*$"
    r"|[\s>•*-]*(?:fixation|fixative|pre-?analytics?|pre-?analytical)\b[^\n]{0,30}\b(?:all|both|each|every)\b"
)
"""A line on all samples that names none of them: "All in formalin, 22 hours. Not decalcified."."""


def _of_all(note: Note, place: int) -> bool:
    """True for a line on how all samples of the report were treated: "Preanalytics, both parts: fixed 28 hours"."""
    line = _line(note, place)
    return _EACH.search(note.plain, *line) is not None or _ALL_FIXED.match(note.plain, *line) is not None


def _decalcified(
    note: Note, samples: list[Sample], owner: Owner, told: list[tuple[int, int]]
) -> Iterator[tuple[Sample, re.Match[str]]]:
    """Yield the words on decalcification with the sample they mean: that of their own sentence, else the last before them."""
    for match in _DECALCIFIED.finditer(note.plain) if samples else ():
        place = match.start()
        key = owner(place)
        if _of_all(note, place):
            yield from ((one, match) for one in _of_report(samples))
            continue
        if key is not None:
            yield from ((one, match) for one in _of_report([two for two in samples if two.anchor.part == key]))
            continue
        sentence = note.sentence(place)
        same = {i for at, i in told if sentence.start <= at < sentence.end}
        before = [i for at, i in told if at < place and note.sentence(at).paragraph == sentence.paragraph]
        # A sample that is named between the last result and the word, and has no result, is the one that was decalcified.
        last = max((at for at, _ in told if at < place), default=None)
        own = not same and last is not None and SAMPLE.search(note.plain, last, place) is not None
        if len(same) == 1:
            yield samples[same.pop()], match
        elif before and not own:
            yield samples[before[-1]], match
        elif len(samples) == 1 and not own:
            yield samples[0], match
