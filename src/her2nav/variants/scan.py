"""Take one item of a list apart: which gene, which changes, which phrases, what is denied or doubted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from her2nav.variants.grammar import Written, WrittenCoding, find_coding, find_identifiers, find_protein
from her2nav.variants.knowledge import VariantKnowledge
from her2nav.variants.schema import NotationFile, ProteinIsoform, VariantClass
from her2nav.variants.text import Phrases, words

_ACCESSION = re.compile(r"(?<![A-Za-z0-9])((?:NM|NP|XM|XP|ENST|ENSP|LRG|NG)_?[0-9]{3,12})(?:\.[0-9]+)?(?:[pt][0-9]+)?")
_EXON = re.compile(
    r"(?<![a-z0-9])(?:(?:exons?|ex)[\s.-]{0,2}|[ex](?=[0-9]{1,2}ins))(?P<numbers>[0-9]{1,2}(?:[/-][0-9]{1,2})*)[\s-]{0,2}"
    r"(?:in[\s-]?frame\s|non-?frameshift\s)?(?P<word>ins(?:ertions?)?|dup(?:lications?)?|del(?:etions?)?)?\s?(?P<count>[0-9]{1,3})?(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_SHARE = re.compile(
    r"(?<![a-z])(?:VAF|MAF|AF|allele\s(?:frequency|fraction))\s?(?:of|is|=|:)?\s?[~<>]?\s?(?P<percent>[0-9]{1,3}(?:[.,][0-9]{1,4})?)\s?%",
    re.IGNORECASE | re.ASCII,
)
_PART = re.compile(r"exons?|(?:ins|dup|del|delins|ex)[0-9]*|in|frame|non|frameshift")
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]{1,9}(?![A-Za-z0-9])")
_FUSED = r"(?=mut|amp|wt|ins\b|ex)"


@dataclass(frozen=True, slots=True)
class ExonPhrase:
    """`exon 19/20`, `ex20ins`, `exon 20 ins12`."""

    numbers: tuple[int, ...]
    insertion: bool
    deletion: bool
    bases: int | None


@dataclass(slots=True)
class Scan:
    """Everything recognised in one item.

    Attributes:
        genes: Symbols named, in order, each once.
        strange_gene: A capital word that may be a gene, when no gene is named.
        other_version: The reference in another version than the shipped one.
        nicknames: Canonical names that a phrase such as YVMA stands for.
        judgement: `activating`, `benign` or `uncertain`, where the words say so.
        unread: Words that nothing recognised.
    """

    text: str
    genes: list[str]
    strange_gene: str | None
    strange_accession: str | None
    other_version: str | None
    isoform: ProteinIsoform | None
    proteins: list[Written]
    codings: list[WrittenCoding]
    identifiers: list[str]
    nicknames: list[str]
    exon: ExonPhrase | None
    classes: list[VariantClass]
    joined: bool
    negated: bool
    doubtful: bool
    judgement: str | None
    unread: list[str]
    vaf_percent: Decimal | None = None
    origin: Literal["somatic", "germline"] | None = None

    @property
    def specific(self) -> bool:
        """True when a single change is named."""
        return bool(self.proteins or self.codings or self.identifiers or self.nicknames)

    @property
    def aside(self) -> bool:
        """True when the item only adds to the one before it: an exon, an allele frequency, a judgement."""
        says = self.exon or self.judgement or self.vaf_percent is not None or self.origin
        return bool(says) and not (self.specific or self.classes or self.genes or self.strange_gene or self.unread)

    @property
    def only_gene(self) -> bool:
        """True when the item names a gene and nothing else."""
        nothing = not (self.specific or self.classes or self.exon or self.judgement or self.unread or self.joined)
        return bool(self.genes) and nothing and not (self.negated or self.doubtful)


class Words:
    """The gene names and phrases of one knowledge, compiled once."""

    def __init__(self, notation: NotationFile, gene: str) -> None:
        self.own = _any_of(notation.gene_names, re.IGNORECASE, _FUSED)
        self.others = _any_of(notation.other_genes, re.IGNORECASE)
        self.other_capitals = _any_of(notation.other_genes_in_capitals, 0)
        self.gene = gene
        self.plain = frozenset(word.lower() for word in notation.not_genes)
        self.negations = Phrases(dict.fromkeys(notation.negations, True))
        self.doubts = Phrases(dict.fromkeys(notation.doubts, True))
        judged = notation.judgements
        self.judgements = Phrases(
            {phrase: kind for kind in ("activating", "benign", "uncertain") for phrase in getattr(judged, kind)}
        )


@lru_cache(maxsize=8)
def _words_of(knowledge: VariantKnowledge) -> Words:
    return Words(knowledge.notation, knowledge.gene)


def _any_of(names: tuple[str, ...], flags: int, also: str = "") -> re.Pattern[str]:
    choices = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    end = f"(?:(?![A-Za-z0-9])|{also})" if also else "(?![A-Za-z0-9])"
    return re.compile(rf"(?<![A-Za-z0-9])(?:{choices}){end}", flags)


class _Mask:
    """A text whose recognised parts are blanked, so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self.text = text

    def blank(self, start: int, end: int) -> None:
        self.text = self.text[:start] + " " * (end - start) + self.text[end:]

    def take(self, pattern: re.Pattern[str]) -> list[str]:
        found = [(match.group(), match.span()) for match in pattern.finditer(self.text)]
        for _, span in found:
            self.blank(*span)
        return [text for text, _ in found]


def scan(text: str, knowledge: VariantKnowledge) -> Scan:
    """Recognise what one item of a list says; never fails."""
    known = _words_of(knowledge)
    mask = _Mask(text)
    isoform = knowledge.isoform(text)
    own_accessions = (*knowledge.protein.accessions, *(isoform.accessions if isoform else ()))
    references = mask.take(_accessions(own_accessions))
    genes = [known.gene] * bool(references)
    strange = mask.take(_ACCESSION)

    share = _SHARE.search(mask.text)
    mask.take(_SHARE)
    identifiers = _taken(mask, find_identifiers(mask.text))
    codings = find_coding(mask.text)
    for coding in codings:
        mask.blank(*coding.span)
    genes += [known.gene] * bool(mask.take(known.own))
    genes += [item.upper() for item in mask.take(known.others)] + mask.take(known.other_capitals)
    proteins = find_protein(mask.text)
    before = mask.text[: min((item.span[0] for item in proteins), default=len(mask.text))]
    for protein in proteins:
        mask.blank(*protein.span)

    left = words(mask.text)
    nicknames = [hit for hit in knowledge.nicknames.find(left) if not (hit.start and left[hit.start - 1] == "non")]
    taken = {i for hit in nicknames for i in range(hit.start, hit.end)}
    judged = known.judgements.find(left, taken)
    judged_words = {i for hit in judged for i in range(hit.start, hit.end)}
    settled = {i for hit in judged if hit.meaning != "activating" for i in range(hit.start, hit.end)}
    classes = knowledge.class_phrases.find(left, taken | settled)
    denied = known.negations.find(left, taken | judged_words)
    doubts = known.doubts.find(left, taken)
    for found in (classes, judged, denied, doubts):
        taken |= {i for hit in found for i in range(hit.start, hit.end)}
    if any("her2" in left[i] or "erbb2" in left[i] for hit in classes for i in range(hit.start, hit.end)):
        genes.insert(0, known.gene)
    exon = _exon(mask.text)
    plain = known.plain.union(*(words(name) for name in isoform.names)) if isoform else known.plain
    unread = [word for i, word in enumerate(left) if i not in taken and word not in plain and not _exonic(word)]
    return Scan(
        text=text,
        genes=list(dict.fromkeys(genes)),
        strange_gene=None if genes else _strange_gene(before, known.plain, {left[i] for i in taken}),
        strange_accession=strange[0] if strange else None,
        other_version=_other_version(references, knowledge),
        isoform=isoform,
        proteins=proteins,
        codings=codings,
        identifiers=identifiers,
        nicknames=list(dict.fromkeys(hit.meaning for hit in nicknames)),
        exon=exon,
        classes=[hit.meaning for hit in sorted(classes, key=lambda hit: hit.start - hit.end)],
        joined="::" in text,
        negated=bool(denied),
        doubtful=bool(doubts) or "?" in mask.text,
        judgement=judged[0].meaning if judged else None,
        unread=list(dict.fromkeys(unread)),
        vaf_percent=Decimal(share["percent"].replace(",", ".")) if share else None,
        origin="germline" if "germline" in left else "somatic" if "somatic" in left else None,
    )


@lru_cache(maxsize=8)
def _accessions(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, names))})(?:\.[0-9]+)?(?![0-9])", re.IGNORECASE)


def _other_version(references: list[str], knowledge: VariantKnowledge) -> str | None:
    """Return the first accession of the reference whose version is stated and is not the shipped one."""
    for shipped in (knowledge.protein.transcript, knowledge.protein.protein):
        name, version = shipped.split(".")
        for written in references:
            stated = written.upper().split(".")
            if stated[0] == name and len(stated) > 1 and stated[1] != version:
                return written.upper()
    return None


def _taken(mask: _Mask, found: list[tuple[str, tuple[int, int]]]) -> list[str]:
    for _, span in found:
        mask.blank(*span)
    return [key for key, _ in found]


def _strange_gene(text: str, plain: frozenset[str], recognised: set[str]) -> str | None:
    """Return the first capital word that nothing recognised."""
    for match in _CAPITALS.finditer(text):
        word = match.group().lower()
        if word not in plain and word not in recognised and not _exonic(word):
            return match.group()
    return None


def _exonic(word: str) -> bool:
    return word.isdigit() or bool(_EXON.fullmatch(word)) or bool(_PART.fullmatch(word))


def _exon(text: str) -> ExonPhrase | None:
    match = next((found for found in _EXON.finditer(text) if found["numbers"]), None)
    if match is None:
        return None
    numbers: list[int] = []
    for part in match["numbers"].split("/"):
        low, _, high = part.partition("-")
        numbers += range(int(low), int(high or low) + 1)
    word = (match["word"] or "").lower()
    return ExonPhrase(
        tuple(dict.fromkeys(numbers)),
        insertion=word.startswith(("ins", "dup")),
        deletion=word.startswith("del"),
        bases=int(match["count"]) if match["count"] and word else None,
    )
