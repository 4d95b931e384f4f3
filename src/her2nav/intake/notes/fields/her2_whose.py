"""Whose a test is that names no gene: that of HER2, or of another marker that notes name in the same forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from her2nav.intake.notes.fields.sample_words import SAMPLE
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

if TYPE_CHECKING:
    from her2nav.intake.notes.fields.her2_marks import Token

HER2 = r"(?:her-? ?2(?:[/ -]{0,2}neu)?|erb[- ]?b[- ]?2|c-?erb[- ]?b[- ]?2|her2neu|her-2neu|h2n)"
CEP17 = r"ce[pn][- ]?17|d17z1|chr(?:omosome|\.)?[- ]?17(?: centromeres?\b)?|centromere[- ]17"
"""The probe of the chromosome that HER2 lies on."""
NAME = Gated(rf"(?<![\w-]){HER2}(?![\d])")
_OWN_PROBE = Gated(rf"\b(?:{CEP17})")
_OTHER_PROBE = Gated(r"\bce[pn][- ]?(?!17)\d{1,2}\b")
_REARRANGED = Gated(r"\b(?:rearrang\w*|translocat\w*|fusions?|break-?apart|split signals?)\b")
_NAMED_BEFORE = 1500
"""So far back HER2 must have been named for a test that names no gene to be its."""
_STAINED_GENES = frozenset({"ERBB2", "CD274", "MLH1", "MSH2", "MSH6", "PMS2", "ESR1", "PGR", "MKI67", "CLDN18", "AR"})
_REACH = 30
_LAST_WORD = re.compile(r"(?P<w>[^\s,;]+)[\s:=(-]*(?:(?:by|on|status)\s)?$")
_MARKER = re.compile(r"(?=.*[A-Za-z])(?=.*\d)(?![A-Za-z]-?\d{1,2}$)(?!.*\d{3})|\d+\.\d+$|.*[a-z][A-Z]|[A-Z]{2,}[a-z]")
"""A word that is written as markers are: "Nectin-4", "FGFR2b", "18.2"; no block "A1", no year, no number of a report."""
_CAPITALS = re.compile(r"[A-Z][A-Z-]{2,9}$")
_PARTED = re.compile(r"[,;]|\.\s")
_OF_TEST = re.compile(r"d?-?d?(?:fish|cish|sish|ish)|low|neg\w*|pos\w*|amp\w*")
_FOR = re.compile(r"[^.;]{0,40}?\bfor (?:the )?(?=\S)")


def of_drug(note: Note, sentence: Sentence, token: Token) -> bool:
    """True for what a drug is given for, in the bracket right behind its name: "T-DXd (tumour agnostic, IHC 3+)"."""
    opened = note.plain.rfind("(", sentence.start, token.span[0])
    if opened < 0 or ")" in note.plain[opened : token.span[0]] or token.test not in ("ihc", "word", "ish"):
        return False
    drugs = note.hits_in(max(sentence.start, opened - _DOSE), opened, "drug", "regimen")
    if not drugs or not _DOSED.fullmatch(note.plain, drugs[-1].end, opened):
        return False
    closed = note.plain.find(")", token.span[1], sentence.end)
    inside = (opened + 1, closed if closed >= 0 else sentence.end)
    return not (note.dates.within(*inside) or SAMPLE.search(note.plain, *inside))


_DOSE = 60
_DOSED = re.compile(r"\s?(?:[\d.]+\s?mg/kg\s?)?(?:q\s?\d\s?w\w*\s?|weekly\s?|every \d weeks\s?)?")


def known_before(note: Note, sentence: Sentence) -> bool:
    """True where HER2 was named before, or where a test without the name of a gene can be of nothing else."""
    if NAME.search(note.plain, max(0, sentence.start - _NAMED_BEFORE), sentence.end):
        return True
    # In breast cancer the probe and the scored stain of the routine are those of HER2, and many notes leave the name out.
    wider = note.words.knowledge.tumours.wider
    return any("breast" in wider(one) for one in note.present_tumours)


def names_other_gene(note: Note, start: int, end: int) -> bool:
    """True where another gene is named than HER2 and those that are only stained."""
    return any(hit.id("gene") not in _STAINED_GENES for hit in note.hits_in(start, end, "gene"))


def probed_for_her2(note: Note, sentence: Sentence) -> bool:
    """True where an ISH that names no gene is that of HER2: HER2 was named before, and no other gene beside it."""
    if _OTHER_PROBE.search(note.plain, sentence.start, sentence.end):
        return False
    if _OWN_PROBE.search(note.plain, sentence.start, sentence.end):
        return True
    if _REARRANGED.search(note.plain, sentence.start, sentence.end):
        return False
    before = note.sentence(max(0, sentence.start - 2))
    beside = before.paragraph == sentence.paragraph and not NAME.search(note.plain, before.start, before.end)
    low = before.start if beside else sentence.start
    return not names_other_gene(note, low, sentence.end) and known_before(note, sentence)


def other_stain(note: Note, sentence: Sentence, start: int, end: int) -> bool:
    """True for "IHC" behind or before the name of another marker: "Nectin-4 IHC 3+", "IHC 3+ for claudin 18.2"."""
    if NAME.search(note.plain, sentence.start, start):
        low = max(match.end() for match in NAME.finditer(note.plain, sentence.start, start))
        if not _PARTED.search(note.plain, low, start):
            return False
    elif not known_before(note, sentence):
        return True
    else:
        low = sentence.start
    word = _LAST_WORD.search(note.text[max(low, start - _REACH) : start])
    if word is not None and _is_marker(note, max(low, start - _REACH), word):
        return True
    aim = _FOR.match(note.plain, end, sentence.end)
    if aim is None:
        return False
    stains = note.cues_in(aim.end(), min(sentence.end, aim.end() + 24), "stain")
    genes = note.hits_in(aim.end(), min(sentence.end, aim.end() + 24), "gene")
    return any(one.start == aim.end() for one in stains) or any(
        one.start == aim.end() and one.id("gene") != "ERBB2" for one in genes
    )


def _is_marker(note: Note, offset: int, match: re.Match[str]) -> bool:
    word = match["w"].strip("():,;.")
    start = offset + match.start("w")
    if NAME.search(note.plain, start, offset + match.end("w")) or note.dates.around(start):
        return False
    if _OF_TEST.fullmatch(word.lower()) or note.hits_in(start, offset + match.end("w"), "assay"):
        return False
    if _MARKER.match(word):
        return True
    line = note.text[note.line_starts[note.line(start) - 1] : offset + match.end()]
    if not _CAPITALS.match(word) or line.isupper():
        return False
    named = note.hits_in(start, offset + match.end("w"), "tumour", "organ", "site", "technique", "histology")
    return not named and SAMPLE.search(note.plain, start, offset + match.end("w")) is None
