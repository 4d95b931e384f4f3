"""Rows of a table of samples that tell what sequencing found: "TP53 p.R248Q | 61% | 7.2%", "ERBB2 amplification | yes | no"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from her2nav.intake.notes.fields.genes import CHANGE, Alteration
from her2nav.intake.notes.fields.her2_ish import number_of
from her2nav.intake.notes.fields.her2_marks import HER2, Token
from her2nav.intake.notes.found import Span
from her2nav.intake.notes.note import Note

_AMPLIFICATION = re.compile(rf"(?:{HER2}\s(?:gene\s)?amplification|amplification(?: of)? {HER2})(?: status)?\W*")
_COPIES = re.compile(r"erb-?b-?2 (?:gene )?(?:copy number|copies|cn)\W*")
_CALL = re.compile(r"erb-?b-?2 (?:call|cnv|cna|copy number (?:call|status)|amplification)\W*")
_CHANGED = re.compile(r"\b[pc]\.[(\w]")
_SHARE = re.compile(r"(?<![\d.])(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%")
_ABSENT = re.compile(
    r"\W*(?:(?:was |is )?(?:not|none|no|nd|negative|neg|absent|undetect\w*|wild[- ]?type|wt|n/?a|lost|cleared)\b.*|-*)\W*"
)
_UNTESTED = re.compile(
    r".*\b(?:not (?:tested|done|assessed|covered|evaluable|reported|performed)|n/?a|pending|unknown|insufficient)\b.*"
)
_PRESENT = re.compile(r"\W*(?:present|detected|amplified|yes|positive|pos|found|seen|gain(?:ed)?)\b")
_NO = re.compile(
    r"\W*(?:not (?:detected|present|amplified|found|seen|increased)|absent|no\b|none\b|negative|neg\b|undetect\w*|non-?amplified)"
)
_SAYS = re.compile(r"\b(?:non-?)?amplif(?:ied|ication)\b")
_NOT_AMPLIFIED = re.compile(r"\b(?:not|no|non|without)[\s-](?:gene )?amplif")
_NUMBER = re.compile(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d{1,2})?)(?=\s?copies\b|\s?$|\W*$|\s?[,;(]\s?(?:not |non-?)?amplif)|(?:cn|copy number|copies)\W{1,3}(?P<m>\d{1,3}(?:\.\d{1,2})?)"
)


def gene_test(note: Note, label: Span, cells: list[Span], *, plasma: bool) -> str | None:
    """Return what a row tells of genes: "variant", "amplification" or "copies"; None: nothing.

    `plasma` is true of a table with a column for blood: copies are there those of sequencing.
    """
    words = note.plain[slice(*label)].strip()
    if _AMPLIFICATION.fullmatch(words):
        return "amplification"
    if plasma and _COPIES.fullmatch(words):
        return "copies"
    if not note.hits_in(*label, "gene"):
        return None
    changed = _CHANGED.search(note.plain, *label) or any(_CHANGED.search(note.plain, *cell) for cell in cells)
    bare = plasma and CHANGE.search(note.shown, *label) is not None
    return "variant" if changed or bare else None


def gene_heading(note: Note, heading: Span) -> str | None:
    """Return what a column tells of ERBB2: "amplification" or "copies"; None: nothing."""
    words = note.plain[slice(*heading)].strip()
    if _COPIES.fullmatch(words):
        return "copies"
    return "amplification" if _CALL.fullmatch(words) or _AMPLIFICATION.fullmatch(words) else None


def gene_tokens(note: Note, test: str, cell: Span) -> Iterator[Token]:
    """Yield the call and the copies of one cell."""
    start, end = cell
    words = note.plain[start:end]
    if _UNTESTED.fullmatch(words):
        return
    if test == "amplification" or _SAYS.search(note.plain, start, end):
        denied, told = _NO.match(note.plain, start, end), _PRESENT.match(note.plain, start, end)
        if test != "amplification":
            denied, told = _NOT_AMPLIFIED.search(note.plain, start, end), _SAYS.search(note.plain, start, end)
        if denied or told:
            yield Token("ngs", "amplification_call", "not_amplified" if denied else "amplified", cell)
    number = _NUMBER.search(note.plain, start, end)
    if number:
        group = "n" if number["n"] else "m"
        yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))


SHARES = re.compile(r"%|\b(?:vaf|maf|allele fraction|allele frequency)\b")
_BARE_SHARE = re.compile(r"\s*(?P<p>\d{1,2}(?:\.\d{1,2})?)\s*")


def gene_variants(note: Note, label: Span, cell: Span, headings: Iterable[Span] = ()) -> Iterator[Alteration]:
    """Yield the variants that a cell says its sample has, named in the cell or at the head of its row.

    Under a heading that speaks of shares, such as "% cfDNA", a number alone is one.
    """
    start, end = cell
    genes = note.hits_in(*label, "gene")
    if not genes or _ABSENT.fullmatch(note.plain, start, end) or _UNTESTED.fullmatch(note.plain, start, end):
        return
    own = list(CHANGE.finditer(note.shown, start, end))
    changes = own or list(CHANGE.finditer(note.shown, *label))
    share = _SHARE.search(note.plain, own[0].end() if own else start, end)
    if share is None and any(SHARES.search(note.plain, *one) for one in headings):
        share = _BARE_SHARE.fullmatch(note.plain, start, end)
    if len(changes) != 1 or not (own or share or _PRESENT.match(note.plain, start, end)):
        return
    written = changes[0]["v"].replace("(", "").replace(")", "")
    yield Alteration(
        str(genes[0].id("gene")),
        written if written.startswith("p.") else "p." + written,
        changes[0].span("v"),
        share["p"] if share else None,
        share.span("p") if share else None,
    )
