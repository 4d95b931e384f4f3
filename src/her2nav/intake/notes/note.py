"""A note taken apart: lines, sections, sentences, clauses, names, dates and cues, every one at its exact place."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from her2nav.intake.notes.bare_months import with_bare_months
from her2nav.intake.notes.boxes import without_unticked
from her2nav.intake.notes.coming import settled
from her2nav.intake.notes.dates import Dates, Mention, Order, find_dates, find_order, written_dates
from her2nav.intake.notes.fields.sequencing import SEQUENCING
from her2nav.intake.notes.form_rows import with_colons
from her2nav.intake.notes.gate import Gated, Watch
from her2nav.intake.notes.identifiers import identifiers, masked
from her2nav.intake.notes.note_day import find_note_day, of_report
from her2nav.intake.notes.scan import unled, unscanned
from her2nav.intake.notes.sentences import Sentence as Sentence
from her2nav.intake.notes.sentences import sentences
from her2nav.intake.notes.source import NoteText
from her2nav.intake.notes.spoken import FILLER, figured
from her2nav.intake.notes.tongue import foreign_parts, language_of, latin_only
from her2nav.intake.notes.vocabulary import LanguageRow, Vocabulary
from her2nav.intake.notes.year_heads import under_years
from her2nav.language.dictionary import Hit
from her2nav.language.view import plain
from her2nav.model.dates import PartialDate

_BLANKS = re.compile(r"[ \t]{2,}|\x00+")
_OPENS = re.compile(r"[ \t|>*•#.-]*(?:from|since|in)?[ \t]*")
_TITLE = 240
_FINDINGS = re.compile(
    r"\b(?:genomic findings|biomarker findings|notable findings|biomarker results|results with therap\w+|detected alteration|alterations? detected|genomic variants|variants? of (?:uncertain|unknown) significance|potentially actionable|biologically relevant|pertinent negatives|detected variants|variant summary|gene[\s|]+alteration|summary of findings|no reportable alterations?|tier (?:i|1)\b)"
)
_TITLED = re.compile(r"\breport\b")
_TALK = re.compile(
    r"\b(?:dear|clinic|letter|ward|mdt|board|minutes|referral|consult\w*|mail|subject|tissue and plasma)\b"
)
"""Words of a first line that is no laboratory's, though it may speak of its report."""
_COLUMN = 3


class CueHit(NamedTuple):
    """A phrase that changes what the words around it say."""

    start: int
    end: int
    kinds: frozenset[str]


class Note:
    """One note, ready for the extractors.

    Attributes:
        text: As read.
        plain: Lower case, persons' identifiers and unticked boxes painted over; same length.
        day: The day the note was written; None: not said.
    """

    def __init__(self, source: NoteText, words: Vocabulary, order: Order | None = None) -> None:
        self.name = source.name
        self.partial = source.partial
        self.original = source.text
        self.words = words
        clean = figured(unled(unscanned(self.original)))
        self._clean = clean
        self.language = language_of(clean, words.languages)
        self.hidden = identifiers(clean)
        pieces = _pieces(clean)
        self._places = [one[0] for one in pieces]
        self._shifts = [0, *(origin - place for place, origin, _ in pieces)]
        self.text = _joined(clean, pieces)
        self.shown = without_unticked(_joined(masked(clean, self.hidden), pieces), clean)
        known = self.shown if self.language is None or self.language.script == "latin" else latin_only(self.shown)
        self.plain = with_colons(self.text, plain(known).replace("\r", " "))
        written = written_dates(self.plain, self.text)
        proven, self.order_conflict = find_order(written)
        self.order: Order | None = order or proven
        self._day = find_note_day(written, self.plain, self.text, self.order)
        self.day: PartialDate | None = self._day.value if self._day else None
        day = self.day.low if self.day else None
        found = with_bare_months(find_dates(written, self.plain, self.order, day), self.plain, day)
        if self._day is not None and of_report(self._day, self.plain):
            found = [one for one in found if not self.plain.startswith("today", one.start)]
        found = under_years(found, self.text, self.plain, day)
        self.dates = Dates.of(found, self.order, conflict=self.order_conflict)
        self.hits = words.find(self.plain, self.text)
        self._hits_of: dict[tuple[str, ...], tuple[list[Hit], list[int], list[int]]] = {}
        self._naming: dict[str, Container[int]] = {}
        self._hits_by_kind: dict[str, list[Hit]] = {}
        for hit in self.hits:
            for kind in words.kinds_of(hit.terms):
                self._hits_by_kind.setdefault(kind, []).append(hit)
        self.contexts: dict[tuple[int, int], Any] = {}
        """What the words around a stretch say of it."""
        self.memory: dict[object, Any] = {}
        """What a pure question about this note was answered, by question."""
        self.sentences = list(sentences(self))
        self._sentence_starts = [one.start for one in self.sentences]
        if any(one.ahead is not None for one in found):
            self.dates = Dates.of(settled(self, found), self.order, conflict=self.order_conflict)
        cues, kinds = words.cues
        self._cues = [CueHit(start, end, kinds[phrase]) for start, end, phrase in cues.find(self.plain)]
        # "May" of a date is no "may".
        self._cues = [
            cue
            for cue in self._cues
            if not self.dates.around(cue.start)
            # TIA is no aunt, and SON no son.
            and not (cue.end - cue.start < 4 and "family" in cue.kinds and self.text[cue.start : cue.end].isupper())
            and not ("family" in cue.kinds and _in_company(self.plain, cue.start, cue.end))
        ]
        self._cues_of: dict[tuple[str, ...], tuple[list[CueHit], list[int], list[int]]] = {}
        self._cued_by: dict[str, dict[int, list[CueHit]]] = {}

    @property
    def day_mention(self) -> Mention | None:
        """Where the note's own day stands."""
        return self._day

    @cached_property
    def foreign_parts(self) -> list[tuple[int, int, LanguageRow]]:
        """Paragraphs of an English note that stand in another language."""
        return foreign_parts(self.shown, self.words.languages) if self.language is None else []

    def foreign(self, place: int) -> LanguageRow | None:
        """Return the language of the paragraph at a place, where it is another one than that of the note."""
        return next((row for start, end, row in self.foreign_parts if start <= place < end), None)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where every line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    @cached_property
    def tabbed(self) -> bool:
        """True for a note with columns."""
        return "\t" in self.text

    @cached_property
    def signs(self) -> list[int]:
        """Where commas and brackets stand."""
        plain = self.plain
        found: list[int] = []
        for sign in "(),":
            at = plain.find(sign)
            while at >= 0:
                found.append(at)
                at = plain.find(sign, at + 1)
        found.sort()
        return found

    @cached_property
    def knowledge_limits(self) -> tuple[Decimal, Decimal]:
        """Percentages from which a hormone receptor is positive, and up to which it is low."""
        words = self.words.knowledge.receptor_words
        return Decimal(str(words.positive_from_percent)), Decimal(str(words.low_to_percent))

    @cached_property
    def panel(self) -> Hit | None:
        """The sequencing assay whose report this note is: named in its title, with findings listed below."""
        title = next((hit for hit in self.hits_in(0, _TITLE, "ngs_assay")), None)
        return title if title is not None and _FINDINGS.search(self.plain) else None

    @cached_property
    def panel_report(self) -> bool:
        """True for the report of a sequencing test, named or not: said in its title, with findings listed below."""
        if self.panel is not None or (re.search(SEQUENCING, self.plain[:_TITLE]) and _FINDINGS.search(self.plain)):
            return True
        first = self.plain[: self.line_starts[1] if len(self.line_starts) > 1 else None][:_TITLE]
        return bool(_TITLED.search(first) and re.search(SEQUENCING, first) and not _TALK.search(first))

    @cached_property
    def tumours(self) -> list[tuple[str, tuple[int, int], bool]]:
        """Tumour types of the patient with their places; True where it is the present disease."""
        from her2nav.intake.notes.fields.tumour import tumour_mentions

        return tumour_mentions(self)

    @cached_property
    def present_tumours(self) -> frozenset[str]:
        """Tumour types of the present disease."""
        return frozenset(identifier for identifier, _, present in self.tumours if present)

    def line(self, place: int) -> int:
        """Return the number of the line at a place, from 1."""
        return bisect_right(self.line_starts, place)

    def place(self, at: int) -> int:
        """Return the place in the text as it was given of a place in `text`."""
        return at + self._shifts[bisect_right(self._places, at)]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the text as it was given of a stretch of `text`."""
        places, shifts = self._places, self._shifts
        if len(places) == 1:
            return start, end
        first = start + shifts[bisect_right(places, start)]
        last = end + shifts[bisect_right(places, end - 1)]
        while self._clean[last : last + 1] == FILLER:
            last += 1  # a figure stands for all its words
        if last > len(self.original):
            last = len(self.original)
        return (first, last) if last > first else (first, first)

    def row_date(self, start: int) -> Mention | None:
        """Return the date that opens the line at a place, as in a time line or a table of events."""
        line = self.line_starts[self.line(start) - 1]
        first = self.dates.within(line, min(len(self.plain), line + 30))[:1]
        if not first or first[0].value is None or not _OPENS.fullmatch(self.plain[line : first[0].start]):
            return None
        return first[0]

    def said(self, start: int, end: int) -> str:
        """Return a stretch of the plain text."""
        return self.plain[start:end]

    def hits_in(self, start: int, end: int, *categories: str) -> list[Hit]:
        """Return the names inside a stretch that belong to one of the categories."""
        known = self._hits_of.get(categories)
        if known is None:
            hits = self.named(*categories)
            known = self._hits_of[categories] = (hits, [hit.start for hit in hits], [hit.end for hit in hits])
        hits, starts, ends = known
        if not hits:
            return []
        first = bisect_left(starts, start)
        return hits[first : bisect_right(ends, end, first)]

    def cued(self, gate: Watch) -> Container[int]:
        """Return the sentences, by their starts, in which a word of a gate stands."""
        found: Container[int] | None = self.memory.get(gate)
        if found is None:
            found = self.memory[gate] = gate.among(self.plain, self._sentence_starts)
        return found

    def naming(self, category: str) -> Container[int]:
        """Return the sentences, by their starts, in which a name of a vocabulary stands."""
        found = self._naming.get(category)
        if found is None:
            starts = self._sentence_starts
            found = self._naming[category] = frozenset(
                [starts[max(0, bisect_right(starts, hit.start) - 1)] for hit in self._hits_by_kind.get(category, ())]
            )
        return found

    def named(self, *categories: str) -> list[Hit]:
        """Return all names that belong to one of the vocabularies, in order."""
        if len(categories) == 1:
            return self._hits_by_kind.get(categories[0], [])
        found: list[Hit] | None = self.memory.get(categories)
        if found is None:
            known = self._hits_by_kind
            hits = {hit.start: hit for one in categories for hit in known.get(one, ())}
            found = self.memory[categories] = [hits[start] for start in sorted(hits)]
        return found

    @cached_property
    def dated(self) -> Container[int]:
        """The sentences, by their starts, in which a date stands."""
        owners = [(one, self.sentence(one.start)) for one in self.dates.mentions]
        return frozenset(
            [sentence.start for one, sentence in owners if sentence.start <= one.start < one.end <= sentence.end]
        )

    def dated_behind(self, words: Gated, reach: int) -> dict[int, list[Mention]]:
        """Return the dates right behind some words, by the start of their sentence."""
        found: dict[int, list[Mention]] | None = self.memory.get((words, reach))
        if found is None:
            found = self.memory[words, reach] = {}
            for one in self.dates.mentions:
                if words.search(self.plain, max(0, one.start - reach), one.start):
                    sentence = self.sentence(one.start)
                    if sentence.start <= one.start and one.end <= sentence.end:
                        found.setdefault(sentence.start, []).append(one)
        return found

    def cued_by(self, kind: str) -> dict[int, list[CueHit]]:
        """Return the cues of a kind by the start of their sentence."""
        found = self._cued_by.get(kind)
        if found is None:
            found = self._cued_by[kind] = {}
            for cue in self._cues:
                if kind in cue.kinds:
                    sentence = self.sentence(cue.start)
                    if sentence.start <= cue.start and cue.end <= sentence.end:
                        found.setdefault(sentence.start, []).append(cue)
        return found

    def cues_in(self, start: int, end: int, *kinds: str) -> list[CueHit]:
        """Return the cues inside a stretch that are of one of the kinds."""
        known = self._cues_of.get(kinds)
        if known is None:
            cues = [cue for cue in self._cues if not cue.kinds.isdisjoint(kinds)]
            known = self._cues_of[kinds] = (cues, [cue.start for cue in cues], [cue.end for cue in cues])
        cues, starts, ends = known
        if not cues:
            return []
        first = bisect_left(starts, start)
        return cues[first : bisect_right(ends, end, first)]

    def sentence(self, place: int) -> Sentence:
        """Return the sentence at a place."""
        index = bisect_right(self._sentence_starts, place)
        return self.sentences[index - 1 if index else 0]

    def sentences_from(self, sentence: Sentence) -> Iterator[Sentence]:
        """Yield a sentence and those behind it."""
        yield from itertools.islice(self.sentences, bisect_left(self._sentence_starts, sentence.start), None)


_CAME_WITH = re.compile(
    r"\b(?:review|see|saw|seen|met|meet|attend|came|come|here|spoke|speak|discuss|visit|accompan|consult|talk)\w*\b[^.;:]{0,80}\b(?:with|by)\s(?:her|his|the|their)\s(?:\w+\s)?$"
)
_LIVES_WITH = re.compile(
    r"\b(?:liv(?:es?|ing)|married|resides?) (?:at home )?(?:in [a-z-]+(?: [a-z-]+)? )?(?:with|to) (?:(?:his|her|the|an?) )?(?:\w+ )?$"
)
_COMPANY_ENDS = re.compile(
    r"\s?(?:[.,;)\n]|$|and (?:our|the|an?|i)\b|today\b|in clinic\b|who (?:came|attend|accompan)|by (?:tele)?phone|via\b|on the \d|at the\b)"
)


_WITH = re.compile(r"\bwith (?:his|her|my|their) (?:[a-z]+ )?$")
"""What is done with a relative is the patient's own: "made hay with his brother, ECOG 1"."""
_TOLD_OF_KIN = re.compile(
    r"[^.;\n]{0,40}?\b(?:who(?! (?:came|attend|accompan))|whose|(?:her|his|my) own|aged|at (?:age )?\d\d|died|deceased|carrier|diagnosed|with (?:[a-z]+ )?(?:cancer|carcinoma))\b"
)
"""What makes a relative more than company: "lives with her sister, who had ovarian cancer"."""


_BARE_WITH = re.compile(r"(?<![\w-])with $")
_BARE_ENDS = re.compile(r"\s?(?:[.,;)\n#*-]|$|\s)(?!(?:had|has|who|with|diagnosed|and)\b)")
"""A relative named without an article is company: "accountant, with husband"."""


def _in_company(text: str, start: int, end: int) -> bool:
    """True for a relative who only came along: "I reviewed this 58 year old lady with her daughter"."""
    if _TOLD_OF_KIN.match(text, end) is not None:
        return False
    if _LIVES_WITH.search(text, max(0, start - 40), start) is not None:
        return True
    if _BARE_WITH.search(text, max(0, start - 6), start) and _BARE_ENDS.match(text, end):
        return True
    return _COMPANY_ENDS.match(text, end) is not None and (
        _CAME_WITH.search(text, max(0, start - 120), start) is not None
        or _WITH.search(text, max(0, start - 24), start) is not None
    )


def _joined(text: str, pieces: list[tuple[int, int, int]]) -> str:
    """Return the text without its runs of blanks; a wide gap inside a line is the tab of a column."""
    parts: list[str] = []
    for i, (_, start, end) in enumerate(pieces):
        wide = (
            i + 1 < len(pieces)
            and pieces[i + 1][1] - end >= _COLUMN - 1
            and text[end : end + 1] != FILLER
            and not parts_end(text, start, end)
        )
        parts.append(text[start : end - 1] + "\t" if wide else text[start:end])
    return "".join(parts)


def parts_end(text: str, start: int, end: int) -> bool:
    """True when only the beginning of a line stands before a gap."""
    return not text[max(start, text.rfind("\n", 0, end) + 1) : end].strip() and "\n" in text[max(0, start - 1) : end]


def _pieces(text: str) -> list[tuple[int, int, int]]:
    """Return (place, start, end) of the stretches that are left when every run of blanks is made one blank."""
    found: list[tuple[int, int, int]] = []
    size = done = 0
    for run in _BLANKS.finditer(text) if "  " in text or "\t" in text or FILLER in text else ():
        stop = run.start() + (run[0][0] != FILLER)
        found.append((size, done, stop))
        size += stop - done
        done = run.end()
    found.append((size, done, len(text)))
    return found
