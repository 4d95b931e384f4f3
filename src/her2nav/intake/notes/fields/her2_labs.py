"""Results of several laboratories on one sample: what another one measured again stands beside the first result."""

from __future__ import annotations

from dataclasses import dataclass, field

from her2nav.intake.notes.fields.her2_marks import Token, central_report, laboratories
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import REPEATS, first_by, rivals
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note, Sentence

Lab = tuple[str, Span]
"""Which laboratory, and where it is named."""


@dataclass(slots=True)
class Laboratories:
    """The laboratories of a note while its sentences are read.

    Attributes:
        heading: The laboratory that a heading names for the lines under it.
        apart: Samples that stand for what a laboratory measured again, by the first sample and the laboratory.
    """

    heading: Lab | None = None
    apart: dict[tuple[int, str], Sample] = field(default_factory=dict)

    def named(self, note: Note, sentence: Sentence) -> list[Lab]:
        """Return the laboratories that a sentence names, else the one of the heading above it."""
        named = laboratories(note, sentence)
        if named and note.plain[sentence.start : sentence.end].rstrip().endswith(":"):
            self.heading = named[0]
        elif self.heading is not None and not named:
            return [self.heading]
        title = None if named else central_report(note)
        return [title] if title is not None else named

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
        told = (
            first_by(note, sample, token)
            or sample.measured_by.get(token.test)
            or (own_lab[0] if own_lab is not None else None)
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
