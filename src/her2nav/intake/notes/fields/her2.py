"""HER2 results put to the sample they were measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from her2nav.intake.notes.context import own_starts
from her2nav.intake.notes.fields.diagnosis_day import named_days
from her2nav.intake.notes.fields.genes import alterations
from her2nav.intake.notes.fields.her2_apart import of_both, of_other, told_apart
from her2nav.intake.notes.fields.her2_aside import Aside
from her2nav.intake.notes.fields.her2_astray import astray, other_label
from her2nav.intake.notes.fields.her2_cells import put_cell
from her2nav.intake.notes.fields.her2_clauses import sample_at
from her2nav.intake.notes.fields.her2_closing import date_parts, dated, questions
from her2nav.intake.notes.fields.her2_criteria import quoted
from her2nav.intake.notes.fields.her2_entries import specimen_entries
from her2nav.intake.notes.fields.her2_event import after_event, day_of_clause, of_several
from her2nav.intake.notes.fields.her2_genes import put_genes
from her2nav.intake.notes.fields.her2_labs import Laboratories
from her2nav.intake.notes.fields.her2_lettered import of_part
from her2nav.intake.notes.fields.her2_lines import (
    TESTED_ON,
    back_to_stain,
    by_whom,
    continues,
    heads_list,
    heads_results,
    listed,
    lone_score,
    names_sample,
    share_line,
    spoken,
    taken_on,
    zeros_of_parts,
)
from her2nav.intake.notes.fields.her2_marks import (
    Token,
    corrects,
    laboratory_of,
    taken_back,
    withdrawn,
)
from her2nav.intake.notes.fields.her2_observers import counts_of
from her2nav.intake.notes.fields.her2_parts import Parts, alike, fits, leads, of_number, of_pair, on_block, owners
from her2nav.intake.notes.fields.her2_plasma import own_blood
from her2nav.intake.notes.fields.her2_recap import of_sequencing, of_tissue, only_again, recap
from her2nav.intake.notes.fields.her2_recount import counted, recounted
from her2nav.intake.notes.fields.her2_rows import Rows
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import (
    foreign_day,
    in_order,
    in_sites,
    is_another,
    known,
    new,
    of_day,
    of_diagnosis,
    of_label,
    only_word,
    own_day,
    sample_of,
    share,
    stretch,
    undated,
    within,
)
from her2nav.intake.notes.fields.her2_split import of_phrase
from her2nav.intake.notes.fields.her2_tokens import tokens
from her2nav.intake.notes.fields.her2_verdict import copies_of_panel, of_whole
from her2nav.intake.notes.fields.her2_whose import of_drug
from her2nav.intake.notes.fields.lesions import lesions
from her2nav.intake.notes.fields.sample_columns import sample_table
from her2nav.intake.notes.fields.sample_words import part_of
from her2nav.intake.notes.fields.specimen_list import Reference, specimen_list
from her2nav.intake.notes.fields.specimens import Anchor, anchors
from her2nav.intake.notes.fields.tissue_left import tissue
from her2nav.intake.notes.found import Item, Span
from her2nav.intake.notes.note import Note, Sentence
from her2nav.model.dates import PartialDate


def read_specimens(note: Note) -> Iterator[Item]:
    """Yield one entry for every sample with a HER2 result, and questions."""
    default = "ngs" if note.panel_report else None
    reader = _Reader(note, default, Parts(specimen_list(note)), Aside(note), spoken=spoken(note))
    own = own_starts(note)
    for sentence in note.sentences:
        if sentence.start not in own:
            reader.carried = None
            continue
        reader.read(sentence)
    date_parts(note, reader.samples, reader.head)
    yield from questions(reader.samples, reader.asked, reader.parts.nobody)
    yield from specimen_entries(note, reader.samples, reader.kept, reader.parts.listed.holder_at)


@dataclass(slots=True)
class _Reader:
    """The samples of one note while its sentences are read.

    Attributes:
        default: The test that a report is of as a whole.
        current: The sample spoken of last.
        carried: The test that a line may go on with.
        head: When the samples of a report were taken, as its head says.
        mentions: Every place that names a sample, as it was written, with the sample.
        spoken: The sentences, by their starts, that may speak of a sample or a test.
        apart: Results of a laboratory that measured a sample again, by sample and laboratory.
    """

    note: Note
    default: str | None
    parts: Parts
    aside: Aside
    samples: list[Sample] = field(default_factory=list)
    current: Sample | None = None
    carried: str | None = None
    head: tuple[PartialDate, Span] | None = None
    paragraph: int = -1
    laboratories: Laboratories = field(default_factory=Laboratories)
    mentions: list[tuple[Anchor, Sample]] = field(default_factory=list)
    asked: list[Token] = field(default_factory=list)
    kept: list[tuple[Sentence, tuple[bool, Span]]] = field(default_factory=list)
    headed: dict[tuple[Span, ...], Sample] = field(default_factory=dict)
    """Samples of a table, by the places of their headings."""
    rows: Rows = field(default_factory=Rows)
    before: dict[int, Anchor] = field(default_factory=dict)
    """What samples were before the present sentence, or the last one that named any, named them again."""
    spoken: frozenset[int] = frozenset()
    pair: list[Sample] = field(default_factory=list)
    """The samples of one kind and day that a sentence named: "both" means them."""
    scored: bool = False
    """The sentence scores a listed specimen, of whose stain the paragraph speaks."""
    headed_by: tuple[int, str] = (-1, "")
    """The paragraph with a heading that names a test and no result, and whether it is a stain or ISH."""
    listing: str | None = None
    """The test of the heading whose lines name a sample each: "HER2 IHC: / core: 2+ / excision: 3+"."""

    def read(self, sentence: Sentence) -> None:
        """Take the samples and the results of one sentence."""
        note = self.note
        row = sample_table(note).get(note.line(sentence.start))
        if row is not None:
            for cell in row if sentence.start <= note.line_starts[note.line(sentence.start) - 1] + 1 else ():
                put_cell(note, self.samples, self.headed, self.parts, self.current, cell)
            return
        self._open(sentence)
        self.current = self.aside.current(sentence, self.current)
        if (counts := counts_of(note, sentence)) is not None:
            self.current = self.parts.holder(self.samples, self.current, sentence, counts) if counts else self.current
            (self.current or undated(self.samples)).results += counts
            return
        refs = self.parts.named(note, sentence)
        self.parts.aside = self.parts.aside or not refs
        self.scored = self.carried in (None, "her2", "ihc") and self.parts.scored(note, sentence, refs)
        unsaid = self.carried is None and self.default is None and sentence.start not in self.spoken
        if unsaid and not refs and not self.scored:
            return
        if refs:
            self._by_part(sentence, refs, self._results(sentence, named=True))
            return
        named = anchors(note, sentence)
        found = self._results(sentence)
        if refs := self.parts.everyone(sentence) if found and not named else []:
            self._by_part(sentence, refs, found)
            return
        halves = of_pair(note, sentence, self.pair, found, open_=self.current is self.parts.nobody) if not named else []
        for sample in halves:
            sample.results += found
        if halves:
            self.current = halves[0] if len(halves) == 1 else self.current
            return
        part = part_of(note, sentence) if not named and not self.parts.listed else None
        if found and not named:
            self.current = self.parts.holder(self.samples, self.current, sentence, found)
            if after_event(note, self.samples, self.mentions, self.current, sentence, found):
                self.current = self.parts.nobody
        genes = alterations(note, sentence)
        retested = not found and (sentence.start in note.cued(TESTED_ON) or heads_results(note, sentence))
        if (
            genes.sequenced
            or retested
            or any(token.key in ("score", "result") or token.test == "word" for token in found)
        ):
            named = sorted([*named, *lesions(note, sentence, named)], key=lambda one: one.start)
        if part is not None:
            self.current = of_part(note, self.samples, self.current, sentence, part, found)
        written = [anchor.copy() for anchor in named]
        if named:
            self.before = {}
        own = bool(found or genes.own or genes.again)
        listed = self.parts.spoken_of(note, sentence, self.current)
        here = [
            listed
            if listed is not None and fits(listed.anchor, anchor)
            else self.parts.nobody
            if of_several(self.samples, anchor)
            else known(note, self.samples, anchor, self.before, own=own)
            for anchor in named
        ]
        self.mentions += zip(written, here, strict=True)
        for anchor, sample in zip(written, here, strict=True):
            sample.named_at += [anchor.start] if anchor.kind and anchor.date else []
        self.head, self.current = dated(note, sentence, here, self)
        if here and not found:
            self.rows.head(note, sentence, here)
        under = self.rows.sample_of(note, sentence, found, self.samples, apart=any(one.kind for one in named))
        if under is not None:
            under.results += found
            self.current = under
            self.current = put_genes(note, self.samples, self.current, self.carried, genes, found, [], [])
            return
        if here and not found and not genes.sequenced and not genes.own:
            if len(here) == 1 and taken_back(note, sentence):
                here[0].withdrawn += [one for one in here[0].results if one.test != "ngs"]
            self.pair = here if alike(here) else []
            self.current = self.parts.nobody if self.pair else here[0]
            return
        self._put(sentence, found, named, here)
        told = genes.own or genes.others or genes.assay
        blood = own_blood(note, sentence, self.samples, self.head) if told and not here else None
        after = put_genes(note, self.samples, blood or self.current, self.carried, genes, found, named, here)
        self.current = after if blood is None or not found else self.current
        if here and not found:
            self.current = here[-1]

    def _by_part(self, sentence: Sentence, refs: list[Reference], found: list[Token]) -> None:
        """Take the results of a sentence that names specimens of the report's list."""
        note = self.note
        genes = alterations(note, sentence)
        opens = all(ref.defines for ref in refs)
        named = anchors(note, sentence) if found or genes.own or opens else []
        named = sorted([*named, *lesions(note, sentence, named)], key=lambda one: one.start) if found else named
        above = next((one for one in named if opens and one.end <= refs[0].start), None)
        if self.rows.above is not None and self.rows.paragraph == sentence.paragraph:
            above = self.rows.above
        marks = self.parts.marks(note, self.samples, refs, named, above)
        self.before = {}
        self.parts.seen(sentence, refs, found)
        if not found:
            self.laboratories.named(note, sentence)
            if taken_back(note, sentence):
                for sample in (one for mark in marks for one in mark.samples):
                    sample.withdrawn += [one for one in sample.results if one.test != "ngs"]
        own = marks[0].samples if len(marks) == 1 else []
        self.head, self.current = dated(note, sentence, own, self) if own else (self.head, self.current)
        labs = self.laboratories.named(note, sentence) if found else []
        given = owners(note, sentence, found, marks)
        for token in found:
            mark = given.get(token.span)
            for sample in mark.samples if mark is not None else [self.parts.nobody]:
                whole = on_block(self.samples, sample, mark, token) if mark is not None else sample
                self._give(sentence, found, token, whole, [whole], labs)
        if found:
            marked = given.get(found[-1].span)
            self.current = marked.samples[-1] if marked is not None else self.parts.nobody
        else:
            self.current = (marks[0] if leads(refs) else marks[-1]).samples[-1]
        near = [Anchor(one.start, one.end, kind=sample.anchor.kind) for one in marks for sample in one.samples]
        here = [sample for one in marks for sample in one.samples]
        self.current = put_genes(note, self.samples, self.current, self.carried, genes, found, near, here)

    def _open(self, sentence: Sentence) -> None:
        """Forget at a new paragraph what held for the one before, and note what is said of tissue."""
        if sentence.paragraph != self.paragraph:
            self.laboratories.heading = None
            self.paragraph = sentence.paragraph
            under = self.listing if self.listing is not None and listed(self.note, sentence) else None
            self.carried = self.carried if continues(self.note, sentence) else under
        said = tissue(self.note, sentence)
        if said:
            self.kept.append((sentence, said))

    def _results(self, sentence: Sentence, *, named: bool = False) -> list[Token]:
        """Return the results of a sentence; what is only asked about is set aside.

        `named` is true of a sentence that names a listed specimen: in a paragraph on HER2 it tells its result.
        """
        row = named and self.headed_by == (sentence.paragraph, "stain")
        again = "ihc" if self.scored else back_to_stain(self.note, sentence, self.carried, row=row)
        self.carried, held = taken_on(
            self.note, sentence, again or self.carried, self.listing, named=named or self.scored
        )
        self.carried = again or self.carried
        apart_from = self.carried is None and held is not None
        if self.carried in (None, "ihc", "her2") and copies_of_panel(self.note, sentence, self.current):
            self.carried = "ngs"
        rowed = self.carried == "ihc" and (
            names_sample(self.note, sentence) or by_whom(self.note, sentence) is not None
        )
        rowed = rowed or (self.carried is not None and self.carried == self.listing)
        bare = lone_score(self.note, sentence) if rowed else None
        found, self.carried = tokens(self.note, sentence, self.carried or self.default)
        found = [one for one in found if not (of_drug(self.note, sentence, one) or quoted(self.note, one.span))]
        if bare is not None and not any(token.key == "score" for token in found):
            found.append(bare)
        if named and self.carried in ("ihc", "her2"):
            taken = {token.span[0] for token in found}
            found += [zero for zero in zeros_of_parts(self.note, sentence) if zero.span[0] not in taken]
        self._head_of_list(sentence, found)
        if not found and not named and self.carried in ("ihc", "her2", "ish"):
            self.headed_by = (sentence.paragraph, "ish" if self.carried == "ish" else "stain")
        unsaid = apart_from and self.carried in (None, self.default)
        if unsaid and not self.note.cues_in(sentence.start, sentence.end, "stain"):
            self.carried = held
        of_ish = held == "ish" or any(token.test == "ish" for token in found)
        whole = of_whole(self.note, sentence, self.current, counted=of_ish)
        found += [whole] if whole is not None else []
        if any(token.test == "ihc" for token in found) and share_line(self.note, sentence):
            found = [token for token in found if token.test != "ihc"]
        found = recounted(self.note, sentence, found, self.current)
        self.asked += [token for token in found if token.test == "asked"]
        return [token for token in found if token.test != "asked"]

    def _head_of_list(self, sentence: Sentence, found: list[Token]) -> None:
        """Note the heading of a list of samples ("HER2 IHC:"), and that the list has ended."""
        if not found and heads_list(self.note, sentence):
            self.listing = "ihc"
        elif (
            self.listing is not None and not listed(self.note, sentence) and all(token.test == "ish" for token in found)
        ):
            self.listing = None
        if self.listing is not None:
            self.carried = self.listing

    def _put(self, sentence: Sentence, found: list[Token], named: list[Anchor], here: list[Sample]) -> None:
        """Put every result to its sample, and beside it what another laboratory measured again."""
        note = self.note
        if not found:
            self.laboratories.named(note, sentence)  # a heading may name one for the lines under it
            return
        if recap(found, here, self.samples):
            return
        pair = of_both(note, sentence, self.samples, found)
        if pair:
            for sample in pair:
                sample.results += found
            self.current = pair[-1]
            return
        shared = in_sites(note, sentence, self.samples, here)
        labs = self.laboratories.named(note, sentence)
        ordered = in_order(note, sentence, found, here)
        if not ordered and not labs:
            owner = partial(self._sample, sentence, found, named, here)
            ordered = told_apart(note, sentence, self.samples, found, named, owner)
            ordered = ordered or ({} if here else of_other(note, self.samples, found, owner))
        for token in found:
            sample = ordered.get(token.span) or self._sample(sentence, found, named, here, token)
            if token.key.startswith("recount") and not here:
                sample = counted(self.samples) or sample
            strange = self.parts.listed and astray(note, sentence, token, sample, named, here)
            if strange or (sample is self.current and other_label(note, sentence, sample, self.samples)):
                sample = self.parts.nobody
            self._give(sentence, found, token, sample, here, labs)
        for place, (sample, percent, span) in shared.items():
            share(self.current, sample, percent, span, place == 0)

    def _give(
        self,
        sentence: Sentence,
        found: list[Token],
        token: Token,
        sample: Sample,
        here: list[Sample],
        labs: list[tuple[str, Span]],
    ) -> None:
        """Put a result to its sample, or beside it where another laboratory measured it."""
        note = self.note
        if token.value != "failed" and withdrawn(note, sentence, token):
            sample.withdrawn.append(token)
            self.current = sample
            return
        if sample.anchor.kind == "blood" and token.test in ("ihc", "ish"):
            sample = of_tissue(self.samples, token) or self.parts.nobody  # no stain is made on plasma
        if not here and only_again(note, self.samples, sample, token, sentence):
            return
        right = corrects(note, sentence, token)
        if right:
            sample.withdrawn += [
                one for one in sample.results if (one.test, one.key) == token[:2] and one.value != token.value
            ]
        lab = None if right or token.key.startswith("recount") else laboratory_of(note, token, labs)
        if lab is not None:
            sample = self.laboratories.sample_of(note, sentence, self.samples, found, token, sample, lab, labs)
            sample.measured_by.setdefault(token.test, lab[0])
            if lab[0] in ("local", "central"):
                sample.labs.setdefault(token.test, lab)
        elif sample is not self.parts.nobody:
            sample = self._another(sample, token, here)
        sample.results.append(token)
        self.current = sample.rival or sample

    def _sample(
        self, sentence: Sentence, found: list[Token], named: list[Anchor], here: list[Sample], token: Token
    ) -> Sample:
        """Return the sample of a result: a named one, that of its own day, or the one without a name."""
        note = self.note
        own = of_number(note, sentence, self.samples, token)
        if own is not None:
            return own
        every = named
        if token.test == "ngs":
            blood = own_blood(note, sentence, self.samples, self.head) if not here else None
            if blood is not None:
                return blood
            panel = sample_of(token, named, here, of_sequencing(self.samples, self.current)) or undated(self.samples)
            return sample_at(note, sentence, self.samples, named, here, token.span[0], panel)
        # A lesion on a later line names no sample of a result before it.
        near = [
            (anchor, sample)
            for anchor, sample in zip(named, here, strict=True)
            if anchor.kind or anchor.start <= token.span[0] or note.line(anchor.start) == note.line(token.span[0])
        ]
        named, here = [one for one, _ in near], [one for _, one in near]
        gap = note.plain[token.span[1] : named[0].start] if named and named[0].start > token.span[1] else ""
        sample = sample_of(token, named, here, self.current, stretch(note, found, token), gap)
        own_clause = day_of_clause(note, sentence, sample, token) if sample is not None else None
        if own_clause is not None:
            return of_day(self.samples, own_clause)
        if sample is None or sample not in here:
            day = own_day(note, sentence, found, token) or foreign_day(note, sentence, token)
            if day is not None and (sample is None or sample.anchor.date is None or not within(day, sample)):
                return of_day(self.samples, day)
        if sample is None or sample not in here:
            named_day = next(
                (one for place, one in named_days(note) if sentence.start <= place < one.start < token.span[0]), None
            )
            if named_day is not None and note.line(named_day.start) == note.line(token.span[0]):
                dated = sample is not None and sample.anchor.date is not None
                if sample is None or only_word(sample) or (dated and not within(named_day, sample)):
                    return of_diagnosis(self.samples, named_day)
        nearer = (
            of_phrase(note, sentence, sample.anchor, found, token, [one.start for one in every]) if sample else None
        )
        if nearer is not None:
            return of_label(self.samples, nearer)
        return sample or undated(self.samples)

    def _another(self, sample: Sample, token: Token, here: list[Sample]) -> Sample:
        """Return the sample, or a second one that was only thought to be the same."""
        anchor = next((one for one, owner in reversed(self.mentions) if owner is sample), None)
        if anchor is None or not is_another(self.note, sample, token, anchor):
            return sample
        # What the mention added to the first sample is of the second one.
        sample.anchor = self.before.get(id(sample), sample.anchor)
        fresh = new(self.samples, anchor.copy())
        self.mentions.append((anchor, fresh))
        here[:] = [fresh if one is sample else one for one in here]
        return fresh
