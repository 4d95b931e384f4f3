"""Rows of samples under the line that names what was done: "Core biopsies 24 February 2026: / UOQ: HER2 3+ / node: 3+"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from her2nav.intake.notes.fields.her2_marks import MARKS, Token, laboratories
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new
from her2nav.intake.notes.fields.her2_split import label, named
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.note import Note, Sentence

_LABEL = re.compile(r"[^:]{2,60}?(?=\s?:|\s[-–]\s|\s(?:er|her-?2|ihc)\b|\s[0-3]\s?\+|\s0[\s,;])")
_NO_ROW = re.compile(r"\b(?:site|source|procedure|history|diagnosis|type|date|block|stain\w*|margins?)\b")
_SAMPLED = ("biopsy", "resection", "cytology", "cytology_block")
_OWN = (None, "breast")
"""Organs of a line whose rows may name others: of "liver biopsy" all rows are of the liver."""
_RESULTS = frozenset({"score", "result", "her2_cep17_ratio", "her2_copy_number", "her2_reported"})


@dataclass(slots=True)
class Rows:
    """The line that names what was done, and the samples of the rows under it.

    Attributes:
        above: The sample that the line names; None: no such line is in force.
        paragraph: The paragraph of that line; a list ends with it.
        found: The samples of the rows, each with the label of its row.
    """

    above: Anchor | None = None
    paragraph: int = -1
    found: list[tuple[Anchor, Sample]] = field(default_factory=list)

    def head(self, note: Note, sentence: Sentence, here: list[Sample]) -> None:
        """Note a line that names one sample, or several of one kind, and no result."""
        stop = note.text.find("\n", sentence.end)
        rest = note.text[sentence.end : stop if stop >= 0 else len(note.text)]
        one = here[0].anchor if len(here) == 1 and not here[0].results else None
        fits = one is not None and one.kind in _SAMPLED and not (one.lesion or one.part)
        fits = fits and one is not None and (one.organ in _OWN or one.kind == "resection")
        self.above = one if fits and not rest.strip() else None
        self.paragraph = sentence.paragraph
        self.found = []

    def sample_of(
        self, note: Note, sentence: Sentence, tokens: list[Token], samples: list[Sample], *, apart: bool
    ) -> Sample | None:
        """Return the sample of a row that has its own label; None where the line is no such row.

        `apart` is true of a line that names what was done itself.
        """
        if self.above is None or apart or sentence.paragraph != self.paragraph:
            return None
        if not any(one.key in _RESULTS for one in tokens):
            return None
        line = note.line_starts[note.line(sentence.start) - 1]
        row = _LABEL.match(note.plain, line, sentence.end)
        if row is None or MARKS.search(note.plain, line, row.end()) or _NO_ROW.search(row[0]):
            return None
        own = label(note, line, row.end(), row.end())
        if not named(own) or laboratories(note, sentence):
            return None
        if own.part is not None and any(one.anchor.part == own.part and one.anchor.kind for one in samples):
            known = next((one for anchor, one in self.found if anchor.part == own.part), None)
            if known is None:
                return None  # a sample that the report lists elsewhere
        for anchor, sample in self.found:
            if (anchor.organ, anchor.lesion, anchor.side, anchor.part) == (own.organ, own.lesion, own.side, own.part):
                return sample
        spans = {**(self.above.spans or {}), **(own.spans or {})}
        whole = Anchor(
            own.start,
            own.end,
            own.kind or self.above.kind,
            own.organ,
            own.lesion,
            own.date or self.above.date,
            spans,
            side=own.side,
            part=own.part,
        )
        made = new(samples, whole)
        self.found.append((own, made))
        return made
