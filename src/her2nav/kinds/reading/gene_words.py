"""Genes and what texts say of them: lists of genes, alterations, variants, exons; HER2's go to kinds of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from her2nav.kinds.reading.base import Sentence, leaf
from her2nav.kinds.reading.vocabulary import dictionary
from her2nav.knowledge.load import Knowledge
from her2nav.model.tree import AnyOf, Node, Not

ALTERATION = (
    r"(?:mutations?|mutants?|mutated|mutational|variants?|alterations?|altered|aberrations?|aberrant|abnormalit(?:y|ies)|rearrange(?:ments?|d)|re-arrange(?:ments?|d)|fusions?|translocations?|translocated|"
    r"amplifications?|amplified|wild[ -]?types?|wt\b|deletions?|insertions?|positive|negative|non-?mutated|unmutated|activation)\b"
)
_ADJECTIVE = (
    r"(?:(?:known|documented|confirmed|any|an|a|the|other|gene|genes|genomic|genetic|tumou?r|activating|activated|sensiti[sz]ing|actionable|targetable|driver|oncogenic|germline|somatic|deleterious|"
    r"suspected|pathogenic|likely|classical|common|uncommon|eligible|non-?synonymous|founder|status|hotspot|gain of function|loss of function|variant|known|acquired|concurrent|kinase|domain|tyrosine|class [123i]+|is|are|must be|"
    r"or|and|and/or|exons?|skipping|ex|\d{1,2}(?:del|ins)?|(?:p\.)?[a-z]\d{2,4}(?:[a-z]|x)?|del(?:etions?)?|ins(?:ertions?)?)\b[ ,/()^-]*)*"
)
_BETWEEN = r"(?:[ ,/&()\[\]]|\((?:[a-z]\d{2,4}[a-z]?|exons? ?\d{1,2}[a-z ]{0,20}|fusions?|mutations?)\)|\b(?:and/or|and|or|either|the|in|gene|genes|proto-oncogene|oncogene)\b)*"
_VARIANT = re.compile(r"(?<![a-z0-9])(?:p\.)?(?P<v>[acdefghiklmnpqrstvwy]\d{2,4}[acdefghiklmnpqrstvwy]?)(?![a-z0-9])")
_EXON = re.compile(r"\b(?:exon|ex) ?-?(?P<n>\d{1,2})[ -]*(?P<what>deletion|del|insertion|ins|skipping|mutation)?s?")
_DRIVER = re.compile(
    r"\b(?:activating|activated|sensiti[sz]ing|actionable|targetable|driver|oncogenic|eligible|classical|common)\b"
)
_QUALIFIED = re.compile(r"\b(?:class|founder|hotspot|uncommon|acquired|gain|loss|kinase|domain|exon|ex)\b")
_TREATMENT = re.compile(
    r"[ -]*(?:mutations? |mutant[ -])?(?:inhibit\w*|target\w*|direct\w*|therap\w*|treatment|tki\b|antibod\w*|block\w*|antagonist|degrader|agent|pathway inhib\w*|tyrosine kinase inhib\w*|test\w*|status|assay|analysis|result)"
)


_NEGATIVE = re.compile(r"[ -]*(?:\((?:is |are )?negative\)|(?:is |are )?negative\b|not (?:detected|present|found)\b)")
_NEGATIVE_AHEAD = re.compile(
    r"\bnegative (?:(?:molecular |genetic |genomic |biomarker )?(?:test(?:s|ing)?|screen(?:ing)?|analysis) )?(?:(?:results?|status|findings?) )?(?:for|of|on|regarding)"
    r"(?: (?:the|any|all|known|actionable|targetable|driver|oncogenic|molecular|genomic|genetic|activating|sensitizing|presence of|presence))*[ ]*\Z"
)
"""What a test did not find: "negative test results for EGFR and ALK alterations"."""
DENIED = "no "
"""Stands before the word of an alteration that was looked for and is absent."""


@dataclass(frozen=True, slots=True)
class GeneGrammar:
    """Expressions over the marks of one dictionary."""

    after: re.Pattern[str]
    before: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of a list of genes.

    Attributes:
        genes: Symbols, HER2 apart.
        her2: Whether HER2 is one of them.
        words: What stands between the list and the alteration, and before.
        what: The alteration's word.
        start: First character.
        end: One past the last.
    """

    genes: tuple[str, ...]
    her2: bool
    words: str
    what: str
    start: int
    end: int


@lru_cache(maxsize=2)
def gene_grammar(knowledge: Knowledge) -> GeneGrammar:
    """Return the expressions for the vocabularies of a version of the knowledge."""
    words = dictionary(knowledge)
    marks = "".join(dict.fromkeys(words.marks("gene") + words.marks("her2")))
    gene = f"[{marks}]++"
    listed = rf"(?P<list>{gene}(?:{_BETWEEN}{gene}){{0,24}}+)"
    after = re.compile(
        rf"(?P<pre>(?:\b(?:activating|germline|somatic|deleterious|pathogenic|sensiti[sz]ing|oncogenic|targetable|actionable|driver|mutant|mutated|wild[ -]?type|documented|known|suspected|likely)\b[ -]*(?:or\b )?)*){listed}"
        rf"(?P<mid>[ ,/()^-]*(?:genes?\b[ -]*)?{_ADJECTIVE})(?:(?P<what>{ALTERATION})(?:[ -]positiv(?:e|ity)\b)?)?"
    )
    before = re.compile(
        rf"(?P<pre>(?:\b(?:activating|germline|somatic|deleterious|pathogenic|sensiti[sz]ing|oncogenic|targetable|actionable|driver|known|documented|suspected|likely|or|(?:mutations?|alterations?|fusions?|rearrangements?)(?= or\b))\b[ -]*)*)(?P<what>\b(?:exon \d{{1,2}} )?{ALTERATION})"
        rf"(?P<mid>(?: status)?(?: ?\([a-z0-9 ,]+\))?(?: (?:in|of|within|for|affecting|involving)|,? ?(?=\(| such as| including| e\.g| i\.e))(?: (?:any|one|either|at least one|the|of|following|genes?|these|more|or|both|exons? \d+(?:,? (?:and|or|,)? ?\d+)*|encoding|(?:tyrosine )?kinase domain|tkd))*:? ?\(?(?:(?:e\.g\.|i\.e\.|such as|including),? ?)?){listed}"
    )
    return GeneGrammar(after, before)


_TREATED_FOR = re.compile(
    r"\b(?:drugs?|agents?|therap(?:y|ies)|inhibitors?|treatments?|medications?|tkis?|targeted) (?:therap(?:y|ies) |drugs? |agents? )?(?:for|against|targeting|directed (?:at|against)|aimed at|of)(?: (?:the|an?|any))*\s*$"
)
"""A drug against an alteration says nothing of the tumour's own."""


_TESTED_BEFORE = re.compile(
    r"\b(?:analys[ie]s|test(?:s|ed|ing)?|assessments?|determination|determin(?:e|ing)|evaluat(?:e|ion|ing)|screen(?:s|ed|ing)?|assess(?:ing)?|status)(?: (?:of|for))?(?: (?:the|any|known|presence of))*[ ]*\Z"
)
_TESTED_AFTER = re.compile(
    r" ?(?:may|can|will|must|should|could|is to|to|has to) be (?:assessed|determined|tested|evaluated|analy[sz]ed|performed|done|based)\b"
)
"""An alteration that is looked for, of which nothing is said yet."""
_AHEAD = 100
_LIGAND = re.compile(r"heregulin|neuregulin")
_EACH = re.compile(r"\((?:[a-z]\d{2,4}[a-z]?|exons? ?\d{1,2}[a-z ]{0,20}|fusions?|mutations?)\)")


def said(sentence: Sentence) -> Iterator[Said]:
    """Yield what is said of genes, in order, without overlap."""
    words = gene_grammar(sentence.knowledge)
    text = sentence.masked
    done = 0
    found = [*words.before.finditer(text), *words.after.finditer(text)]
    for match in sorted(found, key=lambda item: (item.start(), -item.end())):
        if match.start() < done:
            continue
        one = _signed_change(sentence, match, words) or _said(sentence, match)
        if one is not None:
            done = one.end
            yield one


def _signed_change(sentence: Sentence, match: re.Match[str], words: GeneGrammar) -> Said | None:
    """Read "positive for EGFR exon 19 deletion": the sign stands before, the change behind."""
    sign = match["what"] or ""
    if sign not in ("positive", "negative") or match.start("list") < match.start("what"):
        return None
    behind = words.after.match(sentence.masked, match.start("list"))
    one = _said(sentence, behind) if behind is not None else None
    if one is None or one.what in ("positive", "negative") or one.what.startswith(DENIED):
        return None
    what = one.what if sign == "positive" else f"{DENIED}{one.what}"
    return replace(one, what=what, start=match.start() + (len(match[0]) - len(match[0].lstrip())))


def _said(sentence: Sentence, match: re.Match[str]) -> Said | None:
    start, end = match.span("list")
    hits = sentence.between(start, end)
    fused = next((hit for hit in hits if "fusion" in sentence.text[hit.start : hit.end]), None)
    if fused is not None and fused is not hits[-1]:
        hits = hits[: hits.index(fused) + 1]
    genes = tuple(dict.fromkeys(hit.id("gene") or "" for hit in hits if not hit.id("her2") and hit.id("gene")))
    her2 = any(hit.id("her2") or hit.id("gene") == "ERBB2" for hit in hits)
    genes = tuple(gene for gene in genes if gene != "ERBB2")
    what = match["what"] or ""
    mid = sentence.text[match.start("mid") : match.end("mid")]
    pre = sentence.text[match.start("pre") : match.end("pre")] if match["pre"] else ""
    stop = match.end()
    if fused is not None:
        return Said(genes, her2, pre, "fusion", match.start(), fused.end)
    if not what:
        if "mutant" in pre or "mutated" in pre:
            what, stop = "mutant", end
        elif "wild" in pre:
            what, stop = "wild-type", end
        elif any(kind for _, kind in exons_in(mid)) and not _TREATMENT.match(sentence.text, stop):
            what = "mutation"
            mid = mid[: max(item.end() for item in _EXON.finditer(mid))]
            stop = match.start("mid") + len(mid)
        elif variants_in(mid) and not _TREATMENT.match(sentence.text, stop):
            what = "mutation"
            mid = mid[: max(item.end() for item in _VARIANT.finditer(mid))]
            stop = match.start("mid") + len(mid)
        else:
            return None
        if what != "mutation":
            mid = ""
    if _TREATMENT.match(sentence.text, stop) or _TREATED_FOR.search(sentence.text[: match.start()]):
        return None
    if _TESTED_BEFORE.search(sentence.text, max(0, match.start() - 60), match.start()) or _TESTED_AFTER.match(
        sentence.text, stop
    ):
        return None
    if what in ("positive", "negative") and _LIGAND.search(sentence.text, start, end):
        # "Heregulin-positive" is of the protein and its RNA, not of a fusion.
        return None
    if _EACH.search(sentence.text, start, end) and not is_driver(f"{pre} {mid}"):
        # "BRAF (V600E), MET (exon 14) mutations": each gene has a change of its own.
        return None
    behind = _NEGATIVE.match(sentence.text, stop)
    if behind and what not in ("positive", "negative"):
        # "ROS1 fusion negative", "KRAS mutation-negative".
        what, stop = f"{DENIED}{what}", behind.end()
    first = match.start() + (len(match[0]) - len(match[0].lstrip()))
    ahead = _NEGATIVE_AHEAD.search(sentence.text, max(0, first - _AHEAD), first)
    if ahead and what not in ("positive", "negative") and not what.startswith(DENIED):
        what, first = f"{DENIED}{what}", ahead.start()
    return Said(genes, her2, f"{pre} {mid}", what, first, stop)


def variants_in(written: str) -> tuple[str, ...]:
    """Return the protein changes named in a text, in upper case: V600E, G12C."""
    return tuple(dict.fromkeys(found["v"].upper() for found in _VARIANT.finditer(written)))


def exons_in(written: str) -> tuple[tuple[int, str], ...]:
    """Return exons named in a text with what is said of each (deletion, insertion, skipping, or nothing)."""
    found = []
    for item in _EXON.finditer(written):
        what = {"del": "deletion", "ins": "insertion"}.get(item["what"] or "", item["what"] or "")
        found.append((int(item["n"]), "" if what == "mutation" else what))
    return tuple(found)


def is_driver(words: str) -> bool:
    """Whether only activating or targetable alterations are meant."""
    return _DRIVER.search(words) is not None


def is_qualified(words: str) -> bool:
    """Whether words narrow the alteration in a way that no parameter holds."""
    return _QUALIFIED.search(words) is not None


_SUCH_AS = re.compile(r"\bsuch as\b|\be\.g\b|\bincluding\b")
"""Genes named as examples of drivers do not narrow what is meant."""


def other_genes(item: Said, knowledge: Knowledge) -> Node | None:
    """The proposition about the genes other than HER2; None where the parameters cannot hold it."""
    genes = tuple(gene.lower() for gene in item.genes)
    what = item.what.replace(" ", "-")
    variants = variants_in(item.words)
    exons = exons_in(item.words)
    if exons:
        named = tuple(
            f"exon {number} {kind}" for number, kind in exons if kind in ("deletion", "insertion", "skipping")
        )
        if len(named) < len(exons):
            return None
        variants = (*variants, *named)
    origin = "germline" if "germline" in item.words and "somatic" not in item.words else None
    if (variants or origin) and len(genes) > 1 and not (origin and not variants):
        return None
    if re.match(r"(?:wild|wt|non-?mut|unmut)", what):
        return leaf("gene_status", genes=genes, status="wild_type", variants=variants)
    if what.startswith(("mutation", "mutant", "mutated", "variant", "mutational", "deletion", "insertion")):
        if what.startswith(("deletion", "insertion")) and not variants:
            return None
        if is_driver(item.words) and not variants:
            return leaf("other_driver", genes=() if _SUCH_AS.search(item.words) else genes)
        if is_qualified(item.words) and not exons:
            return None
        return leaf(
            "gene_status", genes=genes, status="mutated", variants=variants, **({"origin": origin} if origin else {})
        )
    if variants:
        return leaf("gene_status", genes=genes, status="mutated", variants=variants) if what == "positive" else None
    if what.startswith(("rearrange", "re-arrange", "fusion", "translocat")):
        return leaf("gene_status", genes=genes, status="rearranged")
    if what.startswith("amplif"):
        return leaf("gene_status", genes=genes, status="amplified")
    if what in ("positive", "negative"):
        return _signed(genes, what, knowledge, "mutation" in item.words)
    if what.startswith(("alter", "aberr", "abnorm")) and not origin:
        driver = is_driver(item.words)
        named = () if driver and _SUCH_AS.search(item.words) else genes
        return leaf("other_driver", genes=named, only_if_therapy_available=driver)
    return None


def _signed(genes: tuple[str, ...], what: str, knowledge: Knowledge, mutation: bool) -> Node | None:
    """Read "ALK-positive", "BRCA-positive": only for genes of which a laboratory reports one sort of change."""
    rows = [knowledge.genes.genes.get(gene.upper()) for gene in genes]
    fusion = all(row is not None and (row.usual == "fusion" or any((knowledge.genes.genes.get(m) or row).usual == "fusion" for m in row.members)) for row in rows)  # fmt: skip
    brca = all(gene.startswith("brca") for gene in genes)
    if not (fusion or brca or mutation):
        return None
    node: Node = leaf("gene_status", genes=genes, status="rearranged" if fusion else "mutated")
    if what == "positive":
        return node
    return Not(node) if fusion else leaf("gene_status", genes=genes, status="wild_type")


def joined(nodes: list[Node]) -> Node:
    """Alterations of several genes listed together are alternatives."""
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))
