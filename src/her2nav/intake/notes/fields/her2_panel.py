"""ERBB2 in sequencing: amplified or not, copies, the share of tumour and the ploidy; variants are read with the genes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from her2nav.intake.notes.context import context
from her2nav.intake.notes.fields.her2_ish import NUMBER, number_of, stated_result
from her2nav.intake.notes.fields.her2_marks import HER2, NAME, NO_AMPLIFICATION, Token
from her2nav.intake.notes.fields.her2_stated import measured
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence

COPIES = Gated(
    rf"(?<!\w)(?:cn|copy number|copies|cnv|copy no)\b\.?(?: gain)?[\s:=~(]{{0,4}}(?:of |is |was )?{NUMBER}|(?<![\w.]){NUMBER.replace('<n>', '<m>')}\s?copies"
)
_AMP = Gated(
    r"(?P<neg>"
    + NO_AMPLIFICATION
    + r"|copy number (?:was |is )?(?:not (?:increased|gained|elevated)|normal|neutral)|not (?:called|considered|reported(?: as)?|regarded as) amplif\w*|no(?:t)? (?:erbb2 |her2 |gene )?amplif\w*|non-?amplified|amplification(?: was)? not (?:detected|identified)|no (?:erbb2|her2)(?: \w+)? amp|no (?:copy number )?gain\b|(?:copy number (?:gain|change|variant)|cnv|cna)s?(?: was)? not (?:detected|identified|seen)|no (?:(?:erbb2|her-?2) )?(?:copy number (?:gain|change)|cnv|cna)\b)|(?P<eq>equivocal amp\w*|amp\w*[\s:,(-]{1,3}equivocal)|(?P<amp>\bamp(?:lif\w*)?\b)"
)
_FRACTION = Gated(
    r"(?:tumou?r|neoplastic) (?:cells?(?=\s?[:=])|(?:cell|nuclei|nuclear) (?:content|fraction|percentage)|fraction|purity|content|percentage|cellularity)(?: estimate)?(?: (?:of|in) (?:the )?(?:cf-?dna|ct-?dna|plasma|cell-free dna))?[\s:=]{0,3}(?:of )?(?P<f>\d{1,3}(?:\.\d)?)\s?%"
)
_PLOIDY = Gated(r"ploidy[\s:=]{0,3}(?:of )?(?P<p>\d(?:\.\d{1,2})?)")


_DENIES = re.compile(r"\bno\s$")
_GAIN = re.compile(r"\s(?:gene\s)?copy (?:number )?gains?\b(?! of)")
"""What "no" before the name denies: "no ERBB2 copy gain"."""
_CLOSES = re.compile(r"[;]|\.\s")
_PARTS = re.compile(r"[;:,.(]")
_AMP_OF = re.compile(r"(?P<a>(?:\bno (?:evidence of )?)?\bamplification (?:of|in|involving) (?:the )?)$")
_NO_BEHIND = re.compile(
    r"(?:\s?\([^()\n]{1,24}\))?[\s:|=,–-]{1,6}(?:(?:was|is|status|call|result)[\s:|=]{1,3}){0,2}(?:no|none|absent|negative|neg|nil|not (?:present|seen|found|detect\w*|identified|observed)|undetect\w*)\b(?! (?:result|call|test|longer done))"
)
"""The answer behind the question: "HER2 amplification (NGS) | no"."""
_NO_BEFORE = re.compile(r"\bno\b[^,;]{0,12}$")


def ngs_tokens(note: Note, sentence: Sentence, start: int, end: int, panel: int) -> Iterator[Token]:
    """Yield what a stretch says of ERBB2 by sequencing; a statement may go on as far as `panel`."""
    for match in NAME.finditer(note.plain, start, end):
        stop = min(panel, match.end() + 60)
        gap = _CLOSES.search(note.plain[match.end() : stop])
        stop = match.end() + gap.start() if gap else stop
        before = max(start, match.start() - 28)
        low = next(
            (before + found.end() for found in reversed(list(_PARTS.finditer(note.plain[before : match.start()])))),
            before,
        )
        ahead = _AMP_OF.search(note.plain, max(sentence.start, match.start() - 40), match.start())
        amp = _AMP.search(note.plain, ahead.start("a") if ahead else low, stop)
        number = COPIES.search(note.plain, match.end(), stop)
        if number is not None and (amp is None or amp.lastgroup != "amp"):
            # A number that is called no amplification stays the number that it is.
            group = "n" if number["n"] else "m"
            if measured(note, number.span(group)):
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
        if amp is None:
            denied = _DENIES.search(note.plain, max(sentence.start, match.start() - 4), match.start())
            gain = _GAIN.match(note.plain, match.end(), stop) if denied else None
            if gain and stated_result(note, gain.span(), negative=True):
                yield Token("ngs", "amplification_call", "not_amplified", (match.start(), gain.end()))
            continue
        said = context(note, *amp.span())
        if said.unsure or said.family or said.template or _of_other_gene(note, amp):
            continue
        if _ONLY_LOOKED_FOR.search(note.plain, sentence.start, amp.start()) or _UNKNOWN.match(note.plain, amp.end()):
            continue
        call = (
            "not_amplified"
            if amp.lastgroup == "neg"
            or said.negated
            or _NO_BEHIND.match(note.plain, amp.end(), sentence.end)
            or _NO_BEFORE.search(note.plain[low : match.start()])
            else "equivocal"
            if amp.lastgroup == "eq"
            else "amplified"
        )
        yield Token("ngs", "amplification_call", call, amp.span())
        if call == "amplified":
            number = COPIES.search(note.plain, amp.end(), min(sentence.end, amp.end() + 60))
            number = number or COPIES.search(note.plain, match.end(), amp.start())
            if number:
                group = "n" if number["n"] else "m"
                yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))
    fraction = _FRACTION.search(note.plain, start, max(end, panel))
    if fraction:
        share = (Decimal(fraction["f"]) / 100).normalize()
        yield Token("ngs", "tumour_fraction", f"{share:f}", fraction.span())
    ploidy = _PLOIDY.search(note.plain, start, end)
    if ploidy:
        yield Token("ngs", "ploidy", ploidy["p"], ploidy.span())


_ONLY_LOOKED_FOR = re.compile(
    r"\b(?:covers?|covering|includes?|tests? for|looks? for|able to detect|can detect|detects|screens? for|designed (?:for|to))\b[^.;:]{0,40}$"
    r"|\bno\b[^;:]{0,40}\b(?:incl\w*|such as)\b[^;:]{0,20}$"
)
"""What a panel looks for, and what it names among the things that it did not find."""
_UNKNOWN = re.compile(
    r"[^.;,]{0,24}?\b(?:(?:could|can)(?: not|not) be|(?:was |is )?not) (?:assess\w*|evaluat\w*|report\w*|determined|called|interpret\w*|requested)\b"
)


def _of_other_gene(note: Note, amp: re.Match[str]) -> bool:
    """True for the amplification of another gene: "ERBB2 insertion, no MET amplification"."""
    genes = [hit for hit in note.hits_in(max(0, amp.start() - 16), amp.end(), "gene") if hit.id("gene") != "ERBB2"]
    return any(not note.plain[hit.end : amp.start()].strip(" -") for hit in genes)


_ROW_OF_GENE = re.compile(rf"[\s>*|-]*{HER2}(?: ?\([^()\t\n]{{1,12}}\))?[\t| ]{{1,3}}")


def row_of_panel(note: Note, sentence: Sentence, start: int, end: int) -> Iterator[Token]:
    """Read a row whose first cell is the gene and whose second one names sequencing: "ERBB2 | CNA-Seq | Amplified"."""
    if not _ROW_OF_GENE.fullmatch(note.plain, sentence.start, start) or "\t" not in note.text[sentence.start : end]:
        return
    amp = _AMP.search(note.plain, start, end)
    if amp is None or not stated_result(note, amp.span(), negative=amp.lastgroup == "neg"):
        return
    call = {"neg": "not_amplified", "eq": "equivocal"}.get(str(amp.lastgroup), "amplified")
    yield Token("ngs", "amplification_call", call, amp.span())
    number = COPIES.search(note.plain, amp.end(), min(end, amp.end() + 40))
    if number:
        group = "n" if number["n"] else "m"
        yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))


_NEIGHBOURS = 3
"""So many lines around a row others of the same list may stand, for one row may be wrapped."""


def row_among_genes(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Read the row of ERBB2 in a list of genes, where no test is named: "ERBB2 | amplified, copy number 31"."""
    name = _ROW_OF_GENE.match(note.plain, sentence.start, sentence.end)
    if name is None or "\t" not in note.text[name.start() : name.end()] or not _listed(note, sentence):
        return
    amp = _AMP.search(note.plain, name.end(), min(sentence.end, name.end() + 40))
    if amp is None or not stated_result(note, amp.span(), negative=amp.lastgroup == "neg"):
        return
    yield Token(
        "ngs",
        "amplification_call",
        {"neg": "not_amplified", "eq": "equivocal"}.get(str(amp.lastgroup), "amplified"),
        amp.span(),
    )
    number = COPIES.search(note.plain, amp.end(), min(sentence.end, amp.end() + 60))
    if number:
        group = "n" if number["n"] else "m"
        yield Token("ngs", "erbb2_copy_number", number_of(number[group]), number.span(group))


_COPIES_BELOW = Gated(r"[\s>*•|-]*(?:gene )?(?:copy number|cnv|cna|amplification)(?: (?:status|result|call))?\s?[:=]\s")
_LINE_OF_GENE = re.compile(rf"[\s>*•|-]*{HER2}(?: ?\([^()\n]{{1,12}}\))?\s?(?:[:=|]|(?=\sp\.|\s[A-Za-z]\d))")
_NOT_GAINED = re.compile(r"(?:none|no|normal|neutral|absent|not detected|negative)\s*[.;]?\s*$")


def copies_below(note: Note, sentence: Sentence) -> Iterator[Token]:
    """Read the line on copies right under the row of ERBB2: "ERBB2 | S310F, VAF 17 % / Copy number: not amplified"."""
    line = _COPIES_BELOW.match(note.plain, sentence.start, sentence.end)
    number = note.line(sentence.end - 1)
    if line is None or number < 2 or note.hits_in(sentence.start, sentence.end, "gene"):
        return
    if _LINE_OF_GENE.match(note.plain, note.line_starts[number - 2]) is None:
        return
    amp = _AMP.search(note.plain, line.end(), sentence.end)
    none = _NOT_GAINED.match(note.plain, line.end(), sentence.end)
    if none is not None or (amp is not None and stated_result(note, amp.span(), negative=amp.lastgroup == "neg")):
        call = {"neg": "not_amplified", "eq": "equivocal"}.get(str(amp.lastgroup), "amplified") if amp else ""
        span = amp.span() if amp else (line.end(), sentence.end)
        yield Token("ngs", "amplification_call", call or "not_amplified", span)


_VARIANT = re.compile(r"\bvaf\b|\bp\.|\bc\.\d|\b\d{1,2}(?:\.\d{1,2})?\s?%")


def _listed(note: Note, sentence: Sentence) -> bool:
    """True where a row near by opens with another gene and tells its variant."""
    number = note.line(sentence.start)
    for other in range(max(1, number - _NEIGHBOURS), min(len(note.line_starts), number + _NEIGHBOURS) + 1):
        start = note.line_starts[other - 1]
        end = note.line_starts[other] if other < len(note.line_starts) else len(note.plain)
        first = start + len(note.plain[start:end]) - len(note.plain[start:end].lstrip(" \t>*|-"))
        genes = note.hits_in(first, min(end, first + 1 + 12), "gene")
        opens = any(one.start == first and one.id("gene") != "ERBB2" for one in genes)
        if other != number and opens and _VARIANT.search(note.plain, first, end):
            return True
    return False


def told_by_panel(note: Note, sentence: Sentence, start: int) -> Iterator[Token]:
    """Read "HER2 amplification was not seen on the panel": the call before the test."""
    told = _ON_PANEL.search(note.plain, max(sentence.start, start - 80), start)
    if told is None:
        return
    denied = told["no"] is not None
    if stated_result(note, told.span(), negative=denied):
        yield Token("ngs", "amplification_call", "not_amplified" if denied else "amplified", told.span())


_ON_PANEL = Gated(
    rf"{HER2}\s(?:gene\s)?amplification\s(?:was |is )?(?:(?P<no>not (?:seen|detected|found|identified|present|observed)|absent)|(?:seen|detected|found|identified|present|confirmed))"
    r"\s(?:on|by|with|in|using|via)\s(?:the\s|this\s|a\s)?$"
)
