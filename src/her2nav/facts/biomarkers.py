"""Results of genes outside ERBB2, from the list of biomarkers, sequencing of specimens and ctDNA, up to one day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from her2nav.facts.case import Case
from her2nav.facts.once import once_from
from her2nav.knowledge.genes import GeneIndex
from her2nav.knowledge.names import key
from her2nav.model.dates import PartialDate
from her2nav.model.specimens import CtDna, Variant
from her2nav.model.truth import Truth, all_of, any_of

Sort = Literal["mutation", "amplification", "fusion", "word"]
Status = Literal["mutated", "amplified", "rearranged"]
_SORT: dict[Status, Sort] = {"mutated": "mutation", "amplified": "amplification", "rearranged": "fusion"}


@dataclass(frozen=True, slots=True)
class GeneItem:
    """One thing that the record says of one gene.

    Attributes:
        path: Pointer into the patient file.
        source: Pointer to the result it is part of; items of one source are one report.
        shown: As recorded.
        gene: Symbol.
        found: Whether an alteration was found; UNKNOWN where its meaning is uncertain, or where it is reported of a
            group of genes and may lie in another of them.
        sort: What was found or looked for; `word`: the record has only a word.
        variant: The variant as written, without the gene; None when only the word is recorded.
        group: The genes of the group that it is reported of.
        plasma: A result of plasma, which cannot show that something is absent.
        origin: Somatic or germline, where stated.
    """

    path: str
    source: str
    shown: str
    gene: str
    found: Truth
    sort: Sort
    variant: str | None = None
    group: tuple[str, ...] = ()
    plasma: bool = False
    origin: str | None = None
    date: PartialDate | None = None


_UNCERTAIN = re.compile(r"\bvus\b|uncertain|unknown significance|conflicting|class 3\b|tier iii\b", re.IGNORECASE)
_HARMLESS = re.compile(r"\bbenign|polymorphism|not (?:pathogenic|oncogenic)|class [12]\b|tier iv\b", re.IGNORECASE)
_CLASS = re.compile(r"\bclass \w+", re.IGNORECASE)
"""In a variant's name it is a functional class (BRAF class 3), not the laboratory's judgement."""
_NEGATED = re.compile(
    r"\bwild ?-?type\b|\bwt\b|\bnot (?:been )?(?:detected|found|identified|present|seen|observed|mutated|amplified|"
    r"altered|rearranged|fused)\b|\bundetect|\bnon-?(?:detected|mutated|amplified)\b|\babsent\b|\babsence\b|"
    r"\bnegativ|\bneg\b|\bnone\b|\bnil\b|\bno\b|\bwithout\b|\bunmutated\b|\bunaltered\b|\bnormal\b",
    re.IGNORECASE,
)
"""Words that deny an alteration."""
_OPEN = re.compile(
    r"\bnot (?:tested|evaluable|assessed|performed|done|reported|covered|available|known)\b|\bfail|\binsufficient|"
    r"\bpending\b|\bunknown\b|\bsuspected\b|\bpossibl|\bequivocal|\bindeterminate|\?",
    re.IGNORECASE,
)
"""Words that leave it open whether there is an alteration."""
_NORMAL = re.compile(
    r"(?:is |are )?(?:wild ?-?type|wt|not detected|negative|absent|none|undetected|unmutated|not mutated|"
    r"(?:no|none) (?:pathogenic )?(?:mutations?|variants?|alterations?)(?: (?:detected|found|identified))?|"
    r"(?:mutations?|variants?|alterations?) (?:not detected|not found|not identified|negative|absent))",
    re.IGNORECASE,
)
"""What, beside the name of a gene, says nothing else than that it is normal."""
_AMPLIFIED = re.compile(r"amplif|copy number gain", re.IGNORECASE)
_FUSED = re.compile(r"fusion|rearrang|translocat|::", re.IGNORECASE)
_PARTNERED = re.compile(r"\b[A-Z][A-Z0-9]+-[A-Z][A-Z0-9]+\b")
"""Two symbols joined by a hyphen, as fusions are written."""
_TOKENS = re.compile(r"[\s:;,/()]+")
_PARTNERS = re.compile(r"(?<=[A-Za-z0-9])-(?=[A-Z])")
_CODES = "ala arg asn asp cys gln glu gly his ile leu lys met phe pro ser thr trp tyr val ter"
_LETTERS = dict(zip(_CODES.split(), "ARNDCQEGHILKMFPSTWYV*", strict=True))
_CHANGE = re.compile(r"(?:p\.)?([A-Za-z]{3}|[A-Z])(\d+)([A-Za-z]{3}|[A-Z*])")
_RESIDUE = re.compile(r"(?:p\.)?([A-Z]\d+)[Xx]?")


def protein_change(text: str) -> str | None:
    """Return the one substitution that a text names, in one-letter form; None when there is none or several.

    >>> protein_change("p.(Val600Glu)"), protein_change("V600E 22 %"), protein_change("exon 19 deletion")
    ('V600E', 'V600E', None)
    """
    found = set()
    for match in filter(None, (_CHANGE.fullmatch(part.strip("()")) for part in _TOKENS.split(text))):
        first, last = (_LETTERS.get(s.lower(), "") if len(s) == 3 else s for s in (match[1], match[3]))
        if first and last and last != "X":
            found.add(f"{first}{match[2]}{last}")
    return found.pop() if len(found) == 1 else None


def is_variant(recorded: str, wanted: str) -> Truth:
    """Whether a recorded variant is the one wanted; `V600` and `V600X` stand for every change of that residue.

    Two substitutions are the same or are not; a text that names none may mean the one wanted.
    """
    if key(recorded) == key(wanted):
        return Truth.MET
    have = protein_change(recorded)
    if have is None:
        return Truth.UNKNOWN
    residue = _RESIDUE.fullmatch(wanted.strip())
    if residue is not None:
        return Truth.MET if have[:-1] == residue[1] else Truth.NOT_MET
    want = protein_change(wanted)
    if want is None:
        return Truth.UNKNOWN
    return Truth.MET if have == want else Truth.NOT_MET


def by_report(items: Iterable[GeneItem], gene: str, value: Callable[[GeneItem], Truth | None]) -> Truth:
    """Return what the reports on a gene say together.

    Args:
        items: From `gene_items`.
        gene: Symbol.
        value: What an item says; None: nothing. The items of one report add up; plasma never says no; two reports
            that contradict each other leave it UNKNOWN.
    """
    reports: dict[tuple[str, bool], list[Truth]] = {}
    for item in items:
        answer = value(item) if item.gene == gene else None
        if answer is not None:
            reports.setdefault((item.source, item.plasma), []).append(answer)
    answers = [(any_of(found), plasma) for (_, plasma), found in reports.items()]
    kept = {answer for answer, plasma in answers if not (plasma and answer is Truth.NOT_MET)}
    if {Truth.MET, Truth.NOT_MET} <= kept:
        return Truth.UNKNOWN
    if Truth.MET in kept:
        return Truth.MET
    return Truth.NOT_MET if kept == {Truth.NOT_MET} else Truth.UNKNOWN


def altered(
    items: Sequence[GeneItem],
    gene: str,
    status: Status,
    genes: GeneIndex,
    *,
    variants: Sequence[str] = (),
    origin: str | None = None,
) -> Truth:
    """Whether a gene is mutated (one of the variants, where some are named), amplified or rearranged.

    A gene that a laboratory means by its fusion (ALK) is not rearranged where the record calls it wild type. That no
    fusion or amplification is reported says nothing: the test may not look for them.
    """
    row = genes.genes.get(gene)
    by_fusion = row is not None and row.usual == "fusion"

    def value(item: GeneItem) -> Truth | None:
        answer = item.found
        if item.sort == "word" and answer is Truth.NOT_MET:
            return Truth.NOT_MET if status == "mutated" or (status == "rearranged" and by_fusion) else None
        if item.sort != _SORT[status] and not (item.sort == "word" and (status == "mutated" or by_fusion)):
            return None
        if answer is Truth.NOT_MET:
            # Sequencing of the tumour does not rule every germline change out.
            return None if origin == "germline" else Truth.NOT_MET
        if item.sort == "word" and status == "rearranged":
            return Truth.UNKNOWN
        if variants:
            same = any_of(is_variant(item.variant, one) for one in variants) if item.variant else Truth.UNKNOWN
            answer = all_of((answer, same))
        if origin is not None and item.origin != origin:
            answer = Truth.UNKNOWN if item.origin is None and answer is not Truth.NOT_MET else Truth.NOT_MET
        return answer

    return by_report(items, gene, value)


def altered_in_group(items: Sequence[GeneItem], symbols: Sequence[str]) -> bool:
    """True when a mutation is reported of a group whose genes are all among these ("RAS mutated")."""
    return any(
        item.group
        and set(item.group) <= set(symbols)
        and item.sort in ("word", "mutation")
        and item.found is Truth.UNKNOWN
        for item in items
    )


@once_from("biomarkers", "specimens", "ctdna")
def gene_items(case: Case) -> tuple[GeneItem, ...]:
    """Return everything that the record says of genes by the patient's day."""
    genes = case.knowledge.genes
    return (*_listed(case, genes), *_sequenced(case, genes), *_plasma(case, genes))


def _listed(case: Case, genes: GeneIndex) -> Iterator[GeneItem]:
    """Read `biomarkers`: a word, or the list of every variant found."""
    for name, result in case.patient.biomarkers.genes.items():
        path, symbols = f"/biomarkers/{name}", genes.symbols(name)
        group = symbols if len(symbols) > 1 else ()
        if result.variants:
            for text in result.variants:
                for item in _variant(Variant(name=text), genes, symbols, path, path):
                    yield replace(item, shown=f"{name}: {text}")
        elif result.status in ("wild_type", "mutated", "amplified"):
            sort: Sort = "amplification" if result.status == "amplified" else "word"
            found = Truth.NOT_MET if result.status == "wild_type" else Truth.UNKNOWN if group else Truth.MET
            shown = f"{name}: {result.status.replace('_', ' ')}"
            yield from (GeneItem(path, path, shown, symbol, found, sort, group=group) for symbol in symbols)


def _sequenced(case: Case, genes: GeneIndex) -> Iterator[GeneItem]:
    """Read the sequencing of specimens; only tissue that covers a gene and shows nothing says that it is normal."""
    for i, specimen in enumerate(case.patient.specimens):
        ngs, day = specimen.ngs, specimen.collected
        if ngs is None or (day is not None and day.certainly_after(case.as_of)):
            continue
        source = f"/specimens/{i}/ngs"
        plasma = ngs.matrix == "plasma" or (ngs.matrix is None and specimen.kind in ("blood", None))
        mutated: set[str] = set()
        for j, variant in enumerate(ngs.variants):
            given = genes.symbols(variant.gene) if variant.gene else ()
            for item in _variant(variant, genes, given, f"{source}/variants/{j}", source):
                mutated |= {item.gene} if item.sort == "mutation" else set()
                yield replace(item, plasma=plasma, date=day)
        for j, fusion in enumerate(ngs.fusions):
            for symbol in named_genes(fusion, genes):
                path = f"{source}/fusions/{j}"
                found = Truth.UNKNOWN if _denied(fusion) or _OPEN.search(fusion) else Truth.MET
                yield GeneItem(path, source, fusion, symbol, found, "fusion", fusion, plasma=plasma, date=day)
        if ngs.amplification_call == "failed":
            continue
        for symbol in dict.fromkeys(symbol for name in ngs.genes_covered for symbol in genes.symbols(name)):
            if symbol not in mutated:
                shown = f"{ngs.assay or 'sequencing'} covered {symbol} and reported no variant"
                path = f"{source}/genes_covered"
                yield GeneItem(path, source, shown, symbol, Truth.NOT_MET, "mutation", plasma=plasma, date=day)


def _plasma(case: Case, genes: GeneIndex) -> Iterator[GeneItem]:
    """Read ctDNA."""
    for i, item in enumerate(case.patient.ctdna):
        absent = item.variant is None or item.result in ("not_detected", "failed")
        if absent or (item.date is not None and item.date.certainly_after(case.as_of)):
            continue
        given, variant = genes.symbols(item.gene) if item.gene else (), _ctdna_variant(item)
        for found in _variant(variant, genes, given, f"/ctdna/{i}", f"/ctdna/{i}"):
            yield replace(found, plasma=True, date=item.date)


def _ctdna_variant(item: CtDna) -> Variant:
    return Variant(gene=item.gene, hgvs=item.variant, vaf_percent=item.vaf_percent)


def _denied(text: str) -> bool:
    """True when the words deny an alteration, all or a part of it."""
    return _NEGATED.search(text.replace("_", " ")) is not None


def _normal(text: str, genes: GeneIndex) -> bool:
    """True when a text says that its genes are wild type or without a finding, and nothing else."""
    words = [word for word in re.split(r"[\s:;,/()_]+", text) if word and genes.find(word) is None]
    return (
        _NORMAL.fullmatch(" ".join(word for word in words if word.lower() not in ("and", "gene", "genes"))) is not None
    )


def _variant(variant: Variant, genes: GeneIndex, given: Sequence[str], path: str, source: str) -> Iterator[GeneItem]:
    """Say which genes a reported variant concerns and what it is; a harmless or a denied one is no alteration.

    A text that only calls its genes wild type says so, as a report of its own that others may contradict; any other
    denial, a share of 0 % and an open result leave the gene open.
    """
    text, named = variant.text, named_genes(variant.text, genes)
    denied = _denied(text) or _denied(variant.classification or "")
    if denied and _normal(text, genes) and not _PARTNERED.search(text):
        for symbol in tuple(dict.fromkeys((*given, *named))):
            yield GeneItem(path, f"{path}#normal", text, symbol, Truth.NOT_MET, "mutation", origin=variant.origin)
        return
    fused = bool(_FUSED.search(text) or _PARTNERED.search(text)) or len(named) > 1
    symbols = tuple(dict.fromkeys((*given, *named))) if fused else tuple(given) or named[:1]
    group = tuple(given) if len(given) > 1 and not fused else ()
    words = variant.classification or _CLASS.sub("", text)
    found = Truth.UNKNOWN if group or _UNCERTAIN.search(words) else Truth.MET
    if _HARMLESS.search(words):
        found = Truth.NOT_MET
    doubtful = denied or variant.vaf_percent == 0 or bool(_OPEN.search(words) or _OPEN.search(text))
    if doubtful and (denied or found is Truth.MET):
        found = Truth.UNKNOWN
    if doubtful or _UNCERTAIN.search(words):
        # "RAS G12D not detected" does not say that one of the group is mutated.
        group = ()
    sort: Sort = "amplification" if _AMPLIFIED.search(text) else "fusion" if fused else "mutation"
    change = " ".join(part for part in text.split() if genes.find(part) is None) or text
    origin = variant.origin if variant.origin != "unknown" else None
    for symbol in symbols:
        yield GeneItem(path, source, text, symbol, found, sort, change, group, origin=origin)


def named_genes(text: str, genes: GeneIndex) -> tuple[str, ...]:
    """Return the genes whose symbols or names stand in a text."""
    found: list[str | None] = []
    for token in filter(None, _TOKENS.split(text)):
        whole = genes.find(token)
        found += [whole] if whole is not None else [genes.find(part) for part in _PARTNERS.split(token)]
    return tuple(dict.fromkeys(symbol for symbol in found if symbol is not None))
