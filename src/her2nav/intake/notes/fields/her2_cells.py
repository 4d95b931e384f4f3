"""HER2 results in the cells of a table: what a cell says needs no words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from her2nav.intake.notes.fields.gene_columns import gene_tokens, gene_variants
from her2nav.intake.notes.fields.her2_ihc import cell_scores
from her2nav.intake.notes.fields.her2_ish import cell_counts, cell_result, number_of
from her2nav.intake.notes.fields.her2_marks import Token
from her2nav.intake.notes.fields.her2_parts import Parts
from her2nav.intake.notes.fields.her2_sample import Sample
from her2nav.intake.notes.fields.her2_samples import new
from her2nav.intake.notes.fields.her2_stain import pattern
from her2nav.intake.notes.fields.sample_columns import Cell, anchor_of
from her2nav.intake.notes.fields.specimen_events import event_above
from her2nav.intake.notes.fields.specimen_labels import FOCUS
from her2nav.intake.notes.fields.specimens import Anchor
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_NOTHING = re.compile(
    r"\W*|.*\b(?:not (?:done|performed|tested|available|assessed|applicable|reported|sent|indicated|required|evaluated)|n/?a|nd|pending|await\w*|to follow|unknown|requested|insufficient)\b.*|.*\?.*"
)
"""A cell without a result."""
_ISH = re.compile(r"\b(?:d?-?d?(?:fish|cish|sish|ish)|in[- ]situ)\b")
_SHARE = re.compile(
    r"\W{0,2}(?P<p>\d{1,3})\s?%?(?:\s(?:of )?(?:the )?(?:tumou?r |invasive |neoplastic )?cells)?\W{0,2}"
)
_NUMBER = re.compile(r"\W{0,2}(?P<n>\d{1,2}(?:[.,]\d{1,2})?)\W{0,2}")
_PAIR = re.compile(r"\W{0,2}(?P<n>\d{1,2}(?:[.,]\d{1,2})?)\s?/\s?(?P<c>\d{1,2}(?:[.,]\d{1,2})?)\W{0,2}")
_CELLS = re.compile(r"\W{0,2}(?P<n>\d{2,3})(?:\s(?:cells|nuclei))?\W{0,2}")
_BRACKETED = re.compile(r"\((?:ratio\W{1,2})?(?P<n>\d{1,2}[.,]\d{1,2})\)")
_WORD = re.compile(r"\W*(?:her-?2[\s-])?(?P<w>ultra-?low|low|positive|pos|negative|neg|equivocal)\b")
_WORDS = {"ult": "ultralow", "low": "low", "pos": "positive", "neg": "negative", "equ": "equivocal"}


def cell_tokens(note: Note, cell: Cell) -> Iterator[Token]:
    """Yield the results of one cell, by the test of its row or column."""
    start, end = cell.span
    words = note.plain[start:end]
    ish = _ISH.search(words) if cell.test in ("her2", "ihc") else None
    middle = start + ish.start() if ish else end
    if cell.test in ("ihc", "her2") and not _NOTHING.fullmatch(note.plain, start, middle):
        scores = list(cell_scores(note, start, middle))
        yield from scores
        word = _WORD.match(note.plain, start, middle) if not scores and cell.test == "her2" else None
        if word:
            yield Token("word", "her2_reported", _WORDS[word["w"][:3]], word.span("w"))
    behind = middle if ish else start
    if _NOTHING.fullmatch(note.plain, behind, end):
        return
    if cell.test in ("amplification", "copies"):
        yield from gene_tokens(note, cell.test, cell.span)
    elif ish or cell.test == "ish":
        yield from cell_result(note, behind, end)
        yield from cell_counts(note, behind, end)
    elif cell.test == "pattern":
        yield from pattern(note, start, end)
    elif cell.test == "percent":
        share = _SHARE.fullmatch(note.plain, start, end)
        if share and int(share["p"]) <= 100:
            yield Token("ihc", "percent_cells", share["p"], share.span("p"))
    elif cell.test == "cells_counted":
        cells = _CELLS.fullmatch(note.plain, start, end)
        if cells:
            yield Token("ish", "cells_counted", int(cells["n"]), cells.span("n"))
    elif cell.test == "ratio" and (pair := _PAIR.fullmatch(note.plain, start, end)):
        # "HER2 / CEP17 | 4.4 / 1.9": the counts themselves
        yield Token("ish", "her2_copy_number", number_of(pair["n"]), pair.span("n"))
        yield Token("ish", "cep17_copy_number", number_of(pair["c"]), pair.span("c"))
    elif cell.test in ("ratio", "her2_copy_number", "cep17_copy_number"):
        number = _NUMBER.fullmatch(note.plain, start, end)
        if number is None and cell.test == "ratio":
            yield from cell_result(note, start, end)
            number = _BRACKETED.search(note.plain, start, end)
        if number:
            key = "her2_cep17_ratio" if cell.test == "ratio" else cell.test
            yield Token("ish", key, number_of(number["n"]), number.span("n"))


def put_cell(
    note: Note,
    samples: list[Sample],
    headed: dict[tuple[Span, ...], Sample],
    parts: Parts,
    current: Sample | None,
    cell: Cell,
) -> None:
    """Put the results of one cell of a table to the sample of its column or row."""
    found = list(cell_tokens(note, cell))
    variants = list(gene_variants(note, cell.label, cell.span, cell.sample)) if cell.test == "variant" else []
    if not found and not variants:
        return
    sample = headed.get(cell.sample)
    if sample is None:
        sample = headed[cell.sample] = _of_heading(note, samples, headed, parts, current, cell)
        assays = [hit for span in cell.sample for hit in note.hits_in(*span, "ngs_assay")]
        if assays:
            place = (assays[0].start, assays[0].end)
            sample.results.append(Token("ngs", "assay", str(assays[0].id("ngs_assay")), place))
    sample.results += found
    sample.variants += variants


def _of_heading(
    note: Note,
    samples: list[Sample],
    headed: dict[tuple[Span, ...], Sample],
    parts: Parts,
    current: Sample | None,
    cell: Cell,
) -> Sample:
    """Return the sample that a heading names: a listed one, one named before, or a new one."""
    anchor = anchor_of(note, cell.sample)
    taken = {id(one) for one in headed.values()}
    refs = [ref for span in cell.sample for ref in parts.listed.references(*span)] if parts.listed else []
    keys = {key for ref in refs for key in ref.keys}
    if not keys and parts.listed:
        written = {note.plain[slice(*span)].strip("#. ") for span in cell.sample}
        keys = {key for key in parts.listed.known if key.strip("#") in written}
    if len(keys) == 1:
        own = parts.sample(samples, parts.listed.known[keys.pop()], None)
        if id(own) not in taken:
            return own
        anchor.part = anchor.part or own.anchor.part
        return new(samples, _within(anchor, own.anchor))
    focal = FOCUS.match(note.plain, cell.sample[0][0]) is not None  # "Focus 2" is not specimen 2
    lettered = [one for one in samples if anchor.part and not focal and _letter(note, one.anchor) == anchor.part]
    if len(lettered) == 1:
        return lettered[0]
    if not (anchor.kind or anchor.organ or anchor.date):
        matrix = _matrix(note, cell.sample[0])
        fits = [one for one in samples if matrix is not None and (one.anchor.kind == "blood") == (matrix == "blood")]
        fits = [one for one in fits if one.anchor.kind is not None]
        if len(fits) == 1:
            return fits[0]
        others = [one for one in samples if one.anchor.kind is not None and id(one) not in taken]
        several = anchor.part is not None and (len(others) > 1 or (focal and len(parts.listed.live()) > 1))
        if matrix is None and current is not None and not several:
            # "Focus 1 | Focus 2" are of what was named above the table.
            anchor = _within(anchor, current.anchor)
    named = anchor.organ or anchor.date or anchor.kind
    sample = next(
        (one for one in reversed(samples) if named and id(one) not in taken and one.anchor.same(anchor)), None
    )
    if sample is None:
        return new(samples, _of_event(note, anchor))
    sample.anchor.absorb(anchor)
    return sample


def _letter(note: Note, anchor: Anchor) -> str | None:
    """Return the letter that opens the line of a sample: "A  cell block, 6 May 2026"."""
    opens = _OPENS.match(note.plain, note.line_starts[note.line(anchor.start) - 1], anchor.start + 1)
    return opens["p"] if opens else None


_OPENS = re.compile(r"[ \t>*-]*(?:sample |specimen )?(?P<p>[a-h1-9])(?:[.):=\t ]|\s-)+(?=[a-z])")


def _of_event(note: Note, anchor: Anchor) -> Anchor:
    """Return the tissue of a row, with the operation above the table that it was removed by."""
    if anchor.kind is not None or anchor.date is not None or anchor.organ is None:
        return anchor
    event = event_above(note, anchor.start, frozenset())
    if event is None or event.date_at is None:
        return anchor
    anchor.kind, anchor.date = event.kind, event.date
    anchor.spans = {**(anchor.spans or {}), "collected": event.date_at, "kind": event.kind_at or event.date_at}
    return anchor


def _within(anchor: Anchor, above: Anchor) -> Anchor:
    """Return a column's sample with what is known of the specimen that it is a part of."""
    for name in ("kind", "organ", "date", "lesion", "side"):
        if getattr(anchor, name) is None:
            setattr(anchor, name, getattr(above, name))
    anchor.spans = {**(above.spans or {}), **(anchor.spans or {})}
    return anchor


def _matrix(note: Note, span: Span) -> str | None:
    match = _MATRIX.match(note.plain, *span)
    return str(match.lastgroup) if match else None


_MATRIX = re.compile(
    r"(?:(?P<tissue>(?:ffpe )?tissue|tumou?r)|(?P<blood>plasma|blood|ct-?dna|cf-?dna|liquid biopsy))\s*$"
)
