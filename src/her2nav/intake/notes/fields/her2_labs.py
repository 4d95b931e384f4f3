"""Results of several laboratories on one sample: what another one measured again stands beside the first result."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from her2nav.intake.notes.fields.her2_marks import Token, central_report, laboratories, laboratory_of
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

Lab = tuple[str, Span]
"""Which laboratory, and where it is named."""

_LABELS = re.compile(r"[^:;.\n]{0,50}(?:\([^()\n]{0,60}\)\s?)?:")
_LABEL_AT = 30
"""So far from the head of a line the laboratory of its label stands at most."""

REPEATS = ("central", "review")
"""Laboratories that measured tissue again which another one had measured."""


def first_by(note: Note, sample: Sample, token: Token) -> str | None:
    """Return whose the first result of the same kind is, where the sentence of it says so."""
    for one in sample.results:
        if one.key == token.key and one.test == token.test:
            lab = laboratory_of(note, one, laboratories(note, note.sentence(one.span[0])))
            return lab[0] if lab else None
    return None


_SAME = re.compile(r"\bsame (?:block|tissue|slides?|biops\w+|core|specimen|sample|material)\b")


def rivals(note: Note, sentence: Sentence, sample: Sample, found: list[Token], labs: list[tuple[str, Span]]) -> bool:
    """True when a central laboratory repeated a test that the sample has from elsewhere."""
    keys = {token.key for token in found if (laboratory_of(note, token, labs) or ("",))[0] in REPEATS}
    other = [lab[1][0] for lab in labs if lab[0] in REPEATS and _SAME.search(note.plain, lab[1][0], sentence.end)]
    return any(
        one.key in keys
        and (
            note.sentence(one.span[0]) != sentence
            or any(one.span[1] < place and note.plain.find(";", one.span[1], place) >= 0 for place in other)
            or (laboratory_of(note, one, labs) or ("",))[0] in ("local", "outside")
        )
        for one in sample.results
    )


@dataclass(slots=True)
class Laboratories:
    """The laboratories of a note while its sentences are read.

    Attributes:
        heading: The laboratory that a heading names for the lines under it.
        apart: Samples that stand for what a laboratory measured again, by the first sample and the laboratory.
        line: The line last read, and the laboratory that its results are of: "Reference laboratory: 1+. FISH failed."
    """

    heading: Lab | None = None
    apart: dict[tuple[int, str], Sample] = field(default_factory=dict)
    line: tuple[int, Lab | None] = (-1, None)

    def named(self, note: Note, sentence: Sentence) -> list[Lab]:
        """Return the laboratories that a sentence names, else the one of the heading above it."""
        named = laboratories(note, sentence)
        of_line = self._of_line(note, sentence, named)
        if of_line is not None and not named:
            return [of_line]
        if named and note.plain[sentence.start : sentence.end].rstrip().endswith(":"):
            self.heading = named[0]
        elif self.heading is not None and not named:
            return [self.heading]
        title = None if named else central_report(note)
        return [title] if title is not None else named

    def _of_line(self, note: Note, sentence: Sentence, named: list[Lab]) -> Lab | None:
        """Return the laboratory in the label at the head of the line, whose results the further sentences of it tell too."""
        number = note.line(sentence.start)
        if named and named[0][0] in REPEATS and _LABELS.match(note.plain, named[0][1][1], sentence.end):
            before = note.plain[sentence.start : named[0][1][0]]
            self.line = (number, named[0] if len(before) < _LABEL_AT and ":" not in before else None)
        elif named or self.line[0] != number:
            self.line = (number, None)
        return self.line[1]

    def sample_of(
        self,
        note: Note,
        sentence: Sentence,
        samples: list[Sample],
        found: list[Token],
        token: Token,
        sample: Sample,
        lab: Lab,
        labs: list[Lab],
    ) -> Sample:
        """Return the sample of a laboratory's result: its own on tissue that another one measured too."""
        own_lab = sample.labs.get(token.test) or next(iter(sample.labs.values()), None)
        # "IHC local 2+, FISH central 2.4": a test that the sample does not have yet is done beside the first, not again.
        measured = any(one.test == token.test for one in sample.results)
        told = (
            first_by(note, sample, token)
            or sample.measured_by.get(token.test)
            or (own_lab[0] if own_lab is not None and (measured or own_lab[0] == lab[0]) else None)
        )
        other = told is not None and told != lab[0] and (lab[0] in REPEATS or told in REPEATS)
        own = self.apart.get((id(sample), lab[0]))
        if own is None and (
            other or (lab[0] in REPEATS and told != lab[0] and rivals(note, sentence, sample, found, labs))
        ):
            # A central laboratory's own result on tissue that has a local one stands beside it.
            own = Sample(sample.anchor.copy())
            own.rival = sample
            self.apart[id(sample), lab[0]] = own
            samples.append(own)
        return own or sample
