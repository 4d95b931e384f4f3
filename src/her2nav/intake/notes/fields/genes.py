"""Genes: variants, wild type, what a panel covered, other markers of sequencing reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from her2nav.intake.notes.context import context, own_sentences
from her2nav.intake.notes.fields.coding_changes import coding_changes
from her2nav.intake.notes.fields.gene_signs import by_sign
from her2nav.intake.notes.fields.genes_normal import REARRANGED, fusion_absent, germline_normal
from her2nav.intake.notes.fields.germline import of_inherited_test, origin_of
from her2nav.intake.notes.fields.named_panel import panel_named_before
from her2nav.intake.notes.fields.other_tests import of_other_test
from her2nav.intake.notes.fields.sequencing import SEQUENCING
from her2nav.intake.notes.found import Found, Item, Span
from her2nav.intake.notes.gate import Gated
from her2nav.intake.notes.note import Note, Sentence
from her2nav.language.dictionary import Hit

_AMINO = "ACDEFGHIKLMNPQRSTVWY"
_THREE = "Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Ter"
_RESIDUE = rf"(?:[{_AMINO}]|{_THREE})"
CHANGE = re.compile(
    rf"(?<![A-Za-z0-9])\(?(?P<v>(?:p\.)?\(?{_RESIDUE}\d{{1,4}}(?:_{_RESIDUE}\d{{1,4}})?"
    rf"(?:delins(?:{_RESIDUE})+|ins(?:{_RESIDUE})+|dup(?:{_RESIDUE})*|del|fs\*?\d{{0,3}}|\*|{_RESIDUE}(?:fs\*?\d{{0,3}})?))\)?(?![A-Za-z0-9])"
)
_NUMBERED = re.compile(r"\d(?:(?<=[A-Z]\d)(?<![A-Za-z0-9]..)|(?<=[A-Z][a-z]{2}\d)(?<![A-Za-z0-9].{4}))", re.DOTALL)
"""What stands in every change of a protein."""
_EXON = Gated(r"exon ?20 (?:in-?frame )?insertions?|ex(?:on)?20 ?ins\w*|exon 20 ins\b")
_VAF = Gated(
    r"(?:vaf|maf|af|allele (?:frequency|fraction))(?: (?:of|was|is|being|about|approximately)){0,2}[\s:=(~]{0,3}(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%|(?P<q>\d{1,2}(?:\.\d{1,2})?)\s?(?:%|per ?cent) ?(?:vaf|maf|(?:variant )?allele (?:frequency|fraction))"
)
_CELL = re.compile(r"(?:\s?\(c\.[^()\n]{3,30}\))?[)\s|,(]{1,4}(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%(?! (?:of|tumou?r|in)\b)")
_NOTHING_IN = Gated(
    r"genes? with no (?:reportable|detected|pathogenic|relevant) (?:genomic )?(?:alterations?|variants?|mutations?)[^:]{0,30}:\s*$"
)
_NONE_FOUND = Gated(
    r"\bno (?:pathogenic |reportable |clinically relevant |actionable )*(?:variants?|mutations?|alterations?|single nucleotide variants?)[^.:;]{0,70}? (?:found|detected|identified|seen) (?:in|for)(?: the following genes?)?\s?:|(?<![a-z:] )\bnot detected\s?:(?=\s[a-z])"
)
"""What was looked for in the genes behind it and not found."""
_WILD = re.compile(
    r"\b(?:wild[- ]?type|wild(?=\s?[,;.)]|\s?$)|wt|no (?:pathogenic |reportable |relevant |clinically relevant )?(?:mutations?|variants?|alterations?)(?: (?:detected|found|identified))?|without (?:an? |any )?(?:pathogenic |relevant |detectable |activating )?(?:mutations?|variants?|alterations?)|free of mutations?|not mutated|non-?mutated|unmutated|negative|neg|not detected|no mutado|nativo)\b"
)
_MUTATED = re.compile(r"\b(?:mutated|mutant|mutation(?: (?:detected|positive|present))?|mut|positive|mutado)\b")
_UNTESTED = Gated(r"\b(?:not tested|not done|not assessed|not sent|not performed|not evaluated|no realizado)\b")
SEQUENCED = Gated(rf"(?<!\w){SEQUENCING}(?!\w)")
_LACKING = Gated(r"\b(?:insufficient|inadequate|too little \w+|unsuitable) for (?:\w+ )?$")
_IMPOSSIBLE = re.compile(
    r"[^.;,]{0,24}\b(?:impossible|not (?:possible|feasible|evaluable|successful)|unsuccessful|failed|could not be (?:done|performed|run))\b"
)
_UNCERTAIN = Gated(r"\buncertain significance\b|\bvus\b|\blikely benign\b|\bbenign variant")
_PLASMA = Gated(r"tempus xf|ct-?dna|cf-?dna|liquid|guardant|g360|plasma|blood-based|circulating")
_TISSUE = Gated(r"\b(?:tissue|biopsy|bx|block|ffpe|specimen|resection|f1 ?cdx|tumou?r sample)\b")
_BETWEEN = re.compile(r"^[\s,/&+]*(?:and|or|y)?[\s,/&+]*$")
_NOT_HERE = ("ERBB2",)


@dataclass(frozen=True, slots=True)
class Alteration:
    """A variant of a gene."""

    gene: str
    written: str
    span: Span
    vaf: str | None = None
    vaf_span: Span | None = None
    origin: str | None = None
    """`germline` where the note says that it is inherited."""

    @property
    def record(self) -> dict[str, Any] | str:
        """The variant as the patient file holds it."""
        if self.gene not in _NOT_HERE and not self.vaf and not self.origin:
            return f"{self.gene} {self.written}"
        record = {"gene": self.gene, "hgvs": self.written}
        if not self.written.startswith(("p.", "c.")):
            record = {"name": f"{self.gene} {self.written}"}
        if self.vaf:
            record["vaf_percent"] = self.vaf
        if self.origin:
            record["origin"] = self.origin
        return record


@dataclass
class Alterations:
    """What one sentence says of genes."""

    own: list[Alteration] = field(default_factory=list)
    others: list[Alteration] = field(default_factory=list)
    covered: dict[str, Span] = field(default_factory=dict)
    sequenced: bool = False
    panel: bool = False
    implied: bool = False
    """Of the sequencing that the title of the report names, not of one that the sentence names."""
    assay: tuple[str, Span] | None = None
    matrix: tuple[str, Span] | None = None
    again: Alteration | None = None
    """The variant of ERBB2 that is only called the same as before, with its frequency."""
    inherited: bool = False
    """Of a test of the germline, which no sample of the tumour shows."""
    start: int = 0


_NOTHING = Alterations()


def alterations(note: Note, sentence: Sentence) -> Alterations:
    """Return the variants and the genes covered that a sentence names."""
    if sentence.start not in note.cued(SEQUENCED) and sentence.start not in note.naming("gene"):
        return _NOTHING
    result = Alterations(start=sentence.start)
    test = SEQUENCED.search(note.plain, sentence.start, sentence.end)
    genes = _genes(note, sentence)
    above = panel_named_before(note, sentence) if test is None and genes else None
    if above is not None:
        named = alterations(note, above)
        result.sequenced = result.panel = named.sequenced
        result.matrix, result.assay = named.matrix, named.assay
    if test is not None:
        said = context(note, *test.span())
        lacking = _LACKING.search(note.plain, max(sentence.start, test.start() - 30), test.start())
        result.sequenced = said.stated and not (lacking or _IMPOSSIBLE.match(note.plain, test.end(), sentence.end))
        result.start = test.start()
        plasma = _PLASMA.search(note.plain, sentence.start, sentence.end)
        tissue = _TISSUE.search(note.plain, sentence.start, sentence.end)
        result.matrix = ("plasma", plasma.span()) if plasma else ("tissue", tissue.span()) if tissue else None
        names = note.hits_in(sentence.start, sentence.end, "ngs_assay")
        if names and result.sequenced:
            result.assay = (str(names[0].id("ngs_assay")), (names[0].start, names[0].end))
    if not genes:
        # "Assay: TSO500" under the name of the block: the lines below are of it.
        line = _ASSAY_LINE.match(note.plain, sentence.start) if result.assay is not None else None
        result.panel = line is not None and (
            line["label"] is not None or bool(note.dates.within(sentence.start, sentence.end))
        )
        return result
    if note.panel_report and not result.sequenced and not of_other_test(note, sentence):
        result.sequenced = result.implied = True
        if note.panel is not None:
            result.assay = (str(note.panel.id("ngs_assay")), (note.panel.start, note.panel.end))
        result.matrix = _report_matrix(note)
    numbered = _NUMBERED.search(note.shown, sentence.start, sentence.end)
    changes = list(CHANGE.finditer(note.shown, sentence.start, sentence.end)) if numbered else []
    absent = _NONE_FOUND.search(note.plain, sentence.start, sentence.end)
    for i, match in enumerate(changes):
        if absent and match.start() >= absent.end():
            continue
        gene = next((hit for hit in reversed(genes) if hit.end <= match.start() and match.start() - hit.end < 70), None)
        if gene is None or not _stated(note, match.span("v")) or _GONE.match(note.plain, match.end(), sentence.end):
            continue
        symbol = str(gene.id("gene"))
        written = match["v"].replace("(", "").replace(")", "")
        stop = changes[i + 1].start() if i + 1 < len(changes) else sentence.end
        vaf = _VAF.search(note.plain, match.end(), min(stop, match.end() + 80))
        share = (vaf["p"] or vaf["q"]) if vaf else None
        place = vaf.span() if vaf else None
        if share is None:
            listed = note.panel_report or test is not None or note.tabbed
            cell = _CELL.match(note.plain, match.end(), sentence.end) if listed else None
            if cell is None:
                cell = _ENDS.match(note.plain, match.end(), sentence.end)
            elif not (note.panel_report or test) and note.plain[match.end() : cell.start("p")].strip(") "):
                cell = None
            cell = cell or (_AT.match(note.plain, match.end(), sentence.end) if result.sequenced else None)
            cell = cell or _share_column(note, sentence, match.end())
            share, place = (cell["p"], cell.span("p")) if cell else (None, None)
        if result.inherited is False and of_inherited_test(note, sentence, match.start()):
            result.inherited = True
        origin = "germline" if result.inherited else origin_of(note, sentence, match.end(), stop)
        written = written if written.startswith("p.") else "p." + written
        one = Alteration(symbol, written, match.span("v"), share, place, origin)
        (result.own if symbol in _NOT_HERE else result.others).append(one)
    for found in coding_changes(note, sentence, genes, [match.span("v") for match in changes]):
        if _stated(note, found.span) and not (absent and found.span[0] >= absent.end()):
            result.inherited = result.inherited or of_inherited_test(note, sentence, found.span[0])
            origin = "germline" if result.inherited else origin_of(note, sentence, found.span[1], sentence.end)
            symbol = str(found.gene.id("gene"))
            one = Alteration(symbol, found.written, found.span, found.share, found.place, origin)
            (result.own if symbol in _NOT_HERE else result.others).append(one)
    own = [hit for hit in genes if hit.id("gene") in _NOT_HERE]
    exon = _EXON.search(note.plain, sentence.start, sentence.end)
    if exon and own and not result.own and _stated(note, exon.span()) and _of_erbb2(note, genes, exon.span()):
        result.own.append(Alteration("ERBB2", "exon 20 insertion", exon.span()))
    same = _SAME.search(note.plain, sentence.start, sentence.end) if own and not result.own else None
    if same and _stated(note, same.span()):
        vaf = _VAF.search(note.plain, same.end(), min(sentence.end, same.end() + 40))
        share = (vaf["p"] or vaf["q"]) if vaf else None
        result.again = Alteration("ERBB2", "", same.span(), share, vaf.span() if vaf else None)
    if result.sequenced:
        result.panel = bool(own) or bool(result.assay) or note.panel_report
        for hit in genes:
            if not _UNTESTED.search(note.plain, hit.end, min(sentence.end, hit.end + 30)):
                for symbol in note.words.knowledge.genes.symbols(str(hit.id("gene"))):
                    result.covered.setdefault(symbol, (hit.start, hit.end))
    return result


_SAME = Gated(
    r"\b(?:same|identical|known|previous)\s(?:activating\s|pathogenic\s)?(?:erbb2|her-?2)\s(?:\([a-z0-9]+\)\s)?(?:exon 20\s)?(?:mutation|variant|insertion|duplication|alteration)\b"
)


def _of_erbb2(note: Note, genes: list[Hit], span: Span) -> bool:
    """True for an insertion whose nearest gene is ERBB2: the last one named before it in its clause, else the next one."""
    before = [hit for hit in genes if hit.end <= span[0] and span[0] - hit.end < _NEAR_EXON]
    if before and ";" not in note.plain[before[-1].end : span[0]]:
        return before[-1].id("gene") in _NOT_HERE
    behind = [hit for hit in genes if hit.start >= span[1] and hit.start - span[1] < _NEAR_EXON]
    return bool(behind) and behind[0].id("gene") in _NOT_HERE and ";" not in note.plain[span[1] : behind[0].start]


_NEAR_EXON = 60
_GONE = re.compile(
    r"\)?\s(?:\([^()\n]{1,30}\)\s)?(?:mutation\s|variant\s)?(?:is\s|was\s|has been\s|had\s)?(?:now\s)?(?:lost|cleared|no longer|undetectable|disappeared|gone|absent|not retained)\b"
)
"""A variant that an earlier sample had and this one has not."""
_ENDS = re.compile(
    r"\)?(?:\s?\([^()\n]{1,40}\))?\s(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%\s?(?:cf-?dna|vaf|maf|af)?[.;,]?\s*$"
)
"""A share that ends a line which names a variant alone: "TP53 G245D 12.4%"."""
_AT = re.compile(r"\)?\s(?:at|with)\s(?:a\s)?(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?%(?!\s(?:of|tumou?r|purity|cell)\b)")
_LAST_CELL = re.compile(r"\)?(?:\s?\([^()\n]{1,40}\))?\s*\t\s?(?P<p>\d{1,2}(?:\.\d{1,2})?)\s?(?:%|(?=[\t\n]|$))")
_SHARE_HEADING = Gated(r"\b(?:vaf|maf|af|allele (?:frequency|fraction)|variant frequency)\b|%\s?cf-?dna")
_ROWS_UP = 8


def _share_column(note: Note, sentence: Sentence, after: int) -> re.Match[str] | None:
    """Return the number in the cell behind a variant, where the heading of the table says that it is the allele frequency."""
    cell = _LAST_CELL.match(note.text, after, sentence.end)
    row = note.line(after)
    above = note.line_starts[max(0, row - 1 - _ROWS_UP)]
    if cell is None or _SHARE_HEADING.search(note.plain, above, note.line_starts[row - 1]) is None:
        return None
    return cell


_ASSAY_LINE = re.compile(
    r"(?:[\W\d]|plasma|blood|tissue|ngs|liquid biopsy|ct-?dna)*(?P<label>assay|test(?: name| performed)?|method|platform|panel|ngs|sequencing)\s?[:=\t-]|(?:[\W\d]|plasma|blood|tissue|ngs|liquid biopsy|ct-?dna|(?:molecular|genomic) (?:summary|findings|results?|report|profil\w+))*(?:guardant|tempus|foundation ?one|caris)"
)


def _report_matrix(note: Note) -> tuple[str, Span] | None:
    """Return what a sequencing report was measured on, from its title, else from its head."""
    head = note.plain[: note.line_starts[min(14, len(note.line_starts) - 1)] or len(note.plain)]
    for name, pattern in (("plasma", _PLASMA), ("tissue", _TISSUE)):
        match = pattern.search(head)
        if match:
            return name, match.span()
    return None


def _genes(note: Note, sentence: Sentence) -> list[Hit]:
    """Return gene names as laboratories write them; eGFR is a filtration rate."""
    found: list[Hit] = []
    if sentence.start not in note.naming("gene"):
        return found
    for hit in note.hits_in(sentence.start, sentence.end, "gene"):
        written = note.text[hit.start : hit.end]
        if written.startswith("e") or (written.islower() and not any(c.isdigit() for c in written)):
            continue
        if written.isdigit() or len(written) < 2 or _STAIN_ONLY.match(note.plain, hit.start):
            continue
        found.append(hit)
    return found


_STAIN_ONLY = re.compile(r"e-?\s?cadherin\b")
"""A protein that is only stained, though the dictionary of genes knows its name."""


def _stated(note: Note, span: Span) -> bool:
    return context(note, *span).stated


_AMPLIFIED = re.compile(
    r"[\s:-]{1,2}(?:gene |high-level |focal )?(?:amplified|amplification\b(?! (?:not|was not|is not|absent|negative|testing))|amp\b(?! not))"
)
_BY_STAIN = re.compile(
    r"[\s|(:,-]{0,3}(?:by |on )?(?:ihc|immunohisto\w*|protein|expression|staining|loss of (?:expression|protein))\b"
)
_PROBE = Gated(r"\b(?:d?d?(?:fish|cish|sish)|ish)\b")
_OTHER_TESTS = frozenset({"CD274", "MLH1", "MSH2", "MSH6", "PMS2", "ERBB2", "ESR1", "PGR", "MKI67", "CLDN18", "AR"})


def read_genes(note: Note) -> Iterator[Item]:
    """Yield the results of genes outside ERBB2: a word, or variants."""
    none_in = False
    nothing, none_found, named = note.cued(_NOTHING_IN), note.cued(_NONE_FOUND), note.naming("gene")
    for sentence in own_sentences(note):
        start = sentence.start
        listed, none_in = none_in, start in nothing and bool(_NOTHING_IN.search(note.plain, start, sentence.end))
        if start not in named:
            continue
        everything = _genes(note, sentence)
        if not everything:
            continue
        if _UNCERTAIN.search(note.plain, sentence.start, sentence.end):
            continue
        changed = {one.gene: one for one in alterations(note, sentence).others}
        genes = [
            hit
            for hit in everything
            if hit.id("gene") not in _OTHER_TESTS
            or hit.id("gene") in changed
            or note.plain.startswith("esr1", hit.start)  # the gene; the stain is named otherwise
        ]
        if listed:
            for hit in genes:
                for symbol in note.words.knowledge.genes.symbols(str(hit.id("gene"))):
                    yield Found(f"biomarkers.{symbol.lower()}", "wild_type", (hit.start, hit.end))
            continue
        absent = _NONE_FOUND.search(note.plain, sentence.start, sentence.end) if start in none_found else None
        for hit in genes if absent else ():
            one_change = CHANGE.match(note.shown, hit.end + 1, sentence.end)  # one variant that is absent, not all
            if one_change:
                continue
            if absent and hit.start >= absent.end() and not _UNTESTED.search(note.plain, hit.end, hit.end + 30):
                for symbol in note.words.knowledge.genes.symbols(str(hit.id("gene"))):
                    yield Found(f"biomarkers.{symbol.lower()}", "wild_type", (hit.start, hit.end))
        genes = [hit for hit in genes if absent is None or hit.start < absent.end()]
        for group in _groups(note, genes):
            status = _status(note, sentence, group)
            for hit in group:
                symbols = note.words.knowledge.genes.symbols(str(hit.id("gene")))
                if len(symbols) > 1 and status is not None and status[0] == "mutated":
                    continue  # "RAS mutated": which of them is not said
                for symbol in symbols:
                    span = (hit.start, hit.end)
                    if symbol == "TP53" and note.plain[hit.start : hit.end] == "p53":
                        continue  # the stain, not the gene
                    if status is not None and _of_stain(note, sentence, symbol, status):
                        continue
                    if symbol in changed:
                        yield Found(f"biomarkers.{symbol.lower()}", [changed[symbol].written], changed[symbol].span)
                    elif status is not None:
                        yield Found(f"biomarkers.{symbol.lower()}", status[0], (span[0], max(span[1], status[1][1])))


_BY_WORD = frozenset(
    [
        "EGFR", "KRAS", "NRAS", "HRAS", "BRAF", "ALK", "ROS1", "RET", "MET", "NTRK1", "NTRK2", "NTRK3", "NRG1", "PIK3CA",
        "AKT1", "BRCA1", "BRCA2", "PALB2", "ATM", "CHEK2", "IDH1", "IDH2", "FGFR1", "FGFR2", "FGFR3", "JAK2", "FLT3", "NPM1",
    ]
)  # fmt: skip
"""Genes of which "positive" and "negative" speak of a change; of others they may be said of a stain."""
_CHANGED = Gated(
    r"\b(?:mutat\w*|variants?|sequenc\w*|ngs|panel|pcr|germline|alterations?|fusions?|amplif\w*|genes?|guardant\w*|tempus|foundation ?one|ct-?dna|liquid biopsy)\b"
)


def _of_stain(note: Note, sentence: Sentence, symbol: str, status: tuple[str, Span]) -> bool:
    """True for "GATA3 positive, CDX2 negative" in a list of stains: nothing is said of the genes."""
    word = note.plain[slice(*status[1])]
    if symbol in _BY_WORD or not word.startswith(("pos", "neg")):
        return False
    return _CHANGED.search(note.plain, sentence.start, sentence.end) is None


def _groups(note: Note, genes: list[Hit]) -> Iterator[list[Hit]]:
    """Yield genes that one word speaks of: "KRAS/NRAS and BRAF"."""
    group: list[Hit] = []
    for hit in genes:
        if group and not _BETWEEN.match(note.plain[group[-1].end : hit.start]):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


_OTHER_CELL = re.compile(r"[\t|][^\t|\n]*\w[^\t|\n]*[\t|]")


def _status(note: Note, sentence: Sentence, group: list[Hit]) -> tuple[str, Span] | None:
    """Return the word right behind a group of genes, with its place."""
    end = group[-1].end
    stop = min(sentence.end, end + 34)
    after = note.plain[end:stop]
    if _BY_STAIN.match(after):
        return None  # a protein that is stained says nothing of its gene
    cut = re.search(r"[,;.]|\b[a-z]{2,6}\d{0,2}:\s", after)
    stop = end + cut.start() if cut else stop
    said = context(note, group[0].start, end)
    if said.family or said.template or said.unsure or said.hypothetical:
        return None
    sign = by_sign(note, sentence, end) if {str(hit.id("gene")) for hit in group} <= _BY_WORD else None
    if sign is not None:
        return sign
    gained = _AMPLIFIED.match(note.plain, end, stop)
    if gained:
        denied = said.negated or re.search(
            r"\bno (?:\w+ )?$", note.plain[max(sentence.start, group[0].start - 14) : group[0].start]
        )
        return None if denied else ("amplified", gained.span())
    none = fusion_absent(note, sentence, group) or germline_normal(note, sentence, group)
    if none is not None:
        return "wild_type", none
    wild = _WILD.search(note.plain, end, stop)
    for value, pattern in (("not_tested", _UNTESTED), ("wild_type", _WILD), ("mutated", _MUTATED)):
        match = pattern.search(note.plain, end, stop)
        if match and value == "not_tested" and wild and wild.start() < match.start():
            continue  # the next column is of another sample
        if match and value == "not_tested" and _OTHER_CELL.search(note.text, end, match.start()):
            return None  # what another column says is of another sample
        if match and not re.search(r"\b(?:if|unless|whether)\b", note.plain[end : match.start()]):
            if value == "mutated" and (
                said.negated
                or re.search(r"\bno\b", note.plain[max(sentence.start, group[0].start - 14) : group[0].start])
            ):
                return "wild_type", match.span()
            by_probe = _PROBE.search(note.plain, max(sentence.start, group[0].start - 12), match.end())
            if by_probe and not {str(hit.id("gene")) for hit in group} & REARRANGED:
                # A probe counts copies; it finds no mutation and denies none.
                if value == "not_tested":
                    return value, match.span()
                return ("amplified", match.span()) if value == "mutated" else None
            return value, match.span()
    before = note.plain[max(sentence.start, group[0].start - 90) : group[0].start]
    denied = re.search(r"\bno (?:pathogenic |actionable )?$", before) and re.match(
        r"\s(?:alterations?|mutations?|variants?|fusions?)\b", after
    )
    if denied:
        return "wild_type", (group[0].start, end)
    no = re.search(
        r"\bno (?:pathogenic |actionable |reportable |clinically relevant )*(?:mutations?|variants?|alterations?|fusion transcripts?|fusions?|rearrangements?)(?: (?:in|of|involving|affecting):?|(?: (?:detected|found|identified|seen))?:) $|\bno [^.;:]{0,60}?(?:snvs?|indels?|mutations?|variants?|alterations?|changes)(?: (?:were )?(?:detected|found|identified|seen))? (?:in|of)(?: the genes?)? $|\b(?:wild[- ]type|wt) (?:for )?$",
        before,
    )
    if no:
        return "wild_type", (group[0].start, end)
    return None
